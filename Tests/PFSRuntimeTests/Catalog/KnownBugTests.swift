// The gallery as it is declared: its page, its models, what a bug, a device pack and a version of CUCM make of
// the field.

import PFSRuntime
import Testing

struct KnownBugTests {
    @Test("the table of docs/bugs.md is what the program declares")
    func page() throws {
        try DocumentationPage("bugs.md").check(
            "bugs",
            is: KnownBugsTable.bugs(),
            suite: "KnownBugTests"
        )
    }

    @Test("there are the eight ids of the note, each found by its id, and each says something")
    func declared() throws {
        #expect(
            KnownBug.allCases.map(\.id) == [
                "CSCtg96408", "CSCso40251", "CSCsh98792", "CSCud66570", "CSCui49910", "CSCus67416",
                "CSCtb49726", "CSCsh20977",
            ]
        )
        for bug in KnownBug.allCases {
            #expect(KnownBug.named(bug.id) == bug)
            #expect(bug.script == "examples/bugs/\(bug.id).pfsh")
            #expect(bug.declaration.headline.count > 30 && bug.declaration.mechanism.count > 30)
            #expect(bug.declaration.isOnAtFirst == (bug == .alwaysDisabled))
            if case .named(let names) = bug.declaration.models {
                for name in names { #expect(try PhoneModel.named(name).name == name) }
            }
            #expect(PhoneModel.all.contains { bug.declaration.models.hold($0) }, "\(bug.id)")
        }
        #expect(KnownBug.named("CSCud6570") == nil)
    }

    @Test(
        "the version decides whether CUCM has the field, where nobody says otherwise",
        arguments: [
            ("14", true, Mark.attested), ("6.0", true, .attested), ("5.1(2)", true, .derived),
            ("5.0", true, .derived), ("4.1(3)", true, .derived), ("4.2(3)", true, .derived),
            ("4.3(1)", true, .derived), ("4.3(2)", false, .modelled), ("4.2(1)", false, .modelled),
            ("3.3", false, .modelled),
        ]
    )
    func versions(_ text: String, _ isPresent: Bool, _ mark: Mark) throws {
        let cucm = try #require(CUCMVersion(text))
        let field = FieldPresence(of: try PhoneModel.named("7961"), under: cucm)
        #expect(field.isPresent == isPresent && field.evidence.mark == mark)
        #expect(field.bug == nil)
    }

    @Test(
        "a bug hides the field from its models, under its versions of CUCM",
        arguments: [
            (KnownBug.fieldMissingOn7965And7975, "7965", "5.1(2)", false),
            (.fieldMissingOn7965And7975, "7975", "5.1(2)", false),
            (.fieldMissingOn7965And7975, "7961", "5.1(2)", true),
            (.fieldMissingOn7965And7975, "7965", "5.1(3)", true),
            (.fieldMissingOn7942And7962, "7942", "10.5(2)", false),
            (.fieldMissingOn7942And7962, "7962", "6.0", false),
            (.fieldMissingOn7942And7962, "7945", "6.0", true),
            (.fieldNotAdded, "7961", "5.1(3)", false), (.fieldNotAdded, "7911", "4.2(3)", false),
            (.fieldNotAdded, "7961", "6.0", true), (.webPageRow, "7961", "5.1(2)", true),
            (.bulkUpdate, "7961", "6.0", true),
        ]
    )
    func hides(_ bug: KnownBug, _ name: String, _ cucm: String, _ isPresent: Bool) throws {
        let model = try PhoneModel.named(name)
        let version = try #require(CUCMVersion(cucm))
        var bugs = BugSet.atFirst
        #expect(FieldPresence(of: model, under: version, bugs: bugs).isPresent)
        bugs[bug] = true
        let field = FieldPresence(of: model, under: version, bugs: bugs)
        #expect(field.isPresent == isPresent)
        #expect(field.bug == (isPresent ? nil : bug))
        // What a device pack says counts in any case.
        #expect(FieldPresence(of: model, under: version, pack: .has, bugs: bugs).isPresent)
        #expect(!FieldPresence(of: model, under: version, pack: .lacks, bugs: bugs).isPresent)
    }

    @Test("without the field no level reaches a phone: a 79xx keeps it off, an 8800 on")
    func withoutField() throws {
        for (name, takesPart) in [("7961", false), ("8841", true)] {
            let model = try PhoneModel.named(name)
            for value in [SharingValue.on, .off] {
                var question = SharingQuestion(
                    model: model.id,
                    deviceProtocol: model.standardProtocol,
                    runningVersion: FirmwareVersion(9, 4, 2),
                    cucm: CUCMVersion(12, 5),
                    settings: SharingSettings(device: LevelSetting(value)),
                    devicePack: .lacks
                )
                let decision = SharingDecision(question)
                #expect(decision.takesPart == takesPart)
                #expect(decision.isDefault && decision.levels[0].standing == .noField)
                #expect(decision.settledBy == (takesPart ? .setting : .field))
                question.devicePack = nil
                #expect(SharingDecision(question).takesPart == (value == .on))
            }
        }
    }

    @Test("the text names the missing field, and bugs that let an upgrade go otherwise")
    func text() throws {
        let model = try PhoneModel.named("7975")
        var question = SharingQuestion(
            model: model.id,
            deviceProtocol: .sccp,
            runningVersion: FirmwareVersion(9, 4, 2),
            cucm: CUCMVersion(5, 1, 2),
            settings: SharingSettings(enterprise: LevelSetting(.on))
        )
        question.bugs[.secondPhoneToServer] = true
        let sharing = SharingDecision(question).lines(address: nil, profileName: nil)
        #expect(
            sharing.contains("bug CSCus67416 on: asks the server though it hears a root [modelled]")
        )
        question.bugs[.fieldMissingOn7965And7975] = true
        let lines = SharingDecision(question).lines(address: nil, profileName: nil)
        #expect(
            lines == [
                "CP-7975G: NO, takes every file from the server by itself",
                "level                 value     override box  counts",
                "phone page            -         -             no  (nothing entered)",
                "profile               -         -             no  (nothing entered)",
                "enterprise            Enabled   ticked        no  (no such field in CUCM)",
                "default of the phone  Disabled  -             YES [modelled]",
                "model ok [attested]  firmware 8.3(1) or later ok [attested]  IPv4 ok [attested]",
                "no field in CUCM 5.1(2): bug CSCso40251 [attested]     <- settled it",
                "source: headline of CSCso40251 in TechNote 200615 [attested]",
            ]
        )
    }
}
