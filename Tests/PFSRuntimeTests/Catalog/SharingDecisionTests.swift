// Who takes part: every combination of the three levels, every gate, what settles it, and the text.

import PFSRuntime
import Testing

struct SharingDecisionTests {
    private func question(_ model: String, running: String = "8.5(4)") throws -> SharingQuestion {
        let model = try PhoneModel.named(model)
        return SharingQuestion(
            model: model.id,
            deviceProtocol: model.standardProtocol,
            runningVersion: FirmwareVersion(running)
        )
    }

    /// What can stand at one level, with the letter that the table below uses for it.
    private static let choices: [Character: LevelSetting?] = [
        "-": nil, "E": LevelSetting(.on), "D": LevelSetting(.off),
        "e": LevelSetting(.on, isTicked: false), "d": LevelSetting(.off, isTicked: false),
    ]

    @Test(
        "device outranks profile outranks enterprise, and an unticked value never counts",
        arguments: [
            // device, profile, enterprise (capital: ticked); the level that counts; the answer
            ("---", nil, false), ("--E", .enterprise, true), ("--D", .enterprise, false),
            ("--e", nil, false), ("-E-", .commonPhoneProfile, true),
            ("-ED", .commonPhoneProfile, true), ("-DE", .commonPhoneProfile, false),
            ("-eD", .enterprise, false), ("-dE", .enterprise, true), ("E--", .device, true),
            ("EDD", .device, true), ("DEE", .device, false), ("eDE", .commonPhoneProfile, false),
            ("dED", .commonPhoneProfile, true), ("edE", .enterprise, true), ("ded", nil, false),
            ("eee", nil, false), ("eeD", .enterprise, false), ("E-D", .device, true),
            ("D-E", .device, false), ("d-E", .enterprise, true), ("-E-", .commonPhoneProfile, true),
        ] as [(String, SharingLevel?, Bool)]
    )
    func levels(_ picture: String, _ counting: SharingLevel?, _ takesPart: Bool) throws {
        var question = try question("7961")
        for (level, letter) in zip(SharingLevel.byRank, picture) {
            question.settings[level] = try #require(Self.choices[letter])
        }
        let decision = SharingDecision(question)
        #expect(decision.takesPart == takesPart)
        #expect(decision.settledBy == .setting)
        #expect(decision.isDefault == (counting == nil))
        #expect(decision.levels.first { $0.standing == .counts }?.level == counting)
        #expect(decision.levels.map(\.level) == [.device, .commonPhoneProfile, .enterprise])
    }

    @Test("in all 125 combinations the first ticked level counts, else the default")
    func allCombinations() throws {
        let states = Self.choices.keys.sorted()
        var question = try question("7961")
        var enabled = 0
        for device in states {
            for profile in states {
                for enterprise in states {
                    let letters = [device, profile, enterprise]
                    for (level, letter) in zip(SharingLevel.byRank, letters) {
                        question.settings[level] = try #require(Self.choices[letter])
                    }
                    let first = letters.first { $0 == "E" || $0 == "D" }
                    for cucm in [CUCMVersion(10, 5), CUCMVersion(12, 5)] {
                        question.cucm = cucm
                        let expected = first.map { $0 == "E" } ?? (cucm == CUCMVersion(12, 5))
                        let decision = SharingDecision(question)
                        #expect(decision.takesPart == expected, "\(String(letters)) CUCM \(cucm)")
                        #expect(decision.value == (expected ? .on : .off))
                        enabled += expected ? 1 : 0
                    }
                }
            }
        }
        #expect(enabled == 49 + 76)
    }

    @Test("an outranked level names the level that outranks it")
    func standings() throws {
        var question = try question("7961")
        question.settings = SharingSettings(
            enterprise: LevelSetting(.off),
            commonPhoneProfile: LevelSetting(.on),
            device: LevelSetting(.on, isTicked: false)
        )
        let decision = SharingDecision(question)
        #expect(
            decision.levels.map(\.standing) == [
                .notTicked, .counts, .outranked(by: .commonPhoneProfile),
            ]
        )
        question.settings.device = nil
        #expect(SharingDecision(question).levels[0].standing == .notSet)
    }

    @Test(
        "each gate keeps a phone out by itself",
        arguments: [
            ("7940G", "8.1(2)SR2", SharingCondition.model, Mark.attested),
            ("Tandberg", "8.5(4)", .model, .attested), ("7920", "8.5(4)", .model, .derived),
            ("9971", "9.4(2)", .model, .unknown), ("6921", "9.4(1)", .model, .unknown),
            ("7931G", "8.5(4)", .knownDefect, .attested),
            ("7961G", "8.2(2)SR4", .firmware, .attested), ("7961G", "none", .firmware, .unknown),
        ]
    )
    func gates(
        _ model: String,
        _ running: String,
        _ condition: SharingCondition,
        _ mark: Mark
    ) throws {
        var question = try question(model, running: running)
        question.settings.device = LevelSetting(.on)
        let decision = SharingDecision(question)
        #expect(!decision.takesPart)
        #expect(decision.settledBy == condition)
        #expect(decision.finding(condition)?.evidence.mark == mark)
        #expect(decision.finding(.setting)?.holds == true)
    }

    @Test("8.3(1) is the first firmware that shares on a 79xx, and no gate elsewhere")
    func firmwareGate() throws {
        for (running, takesPart) in [
            ("8.2(2)SR4", false), ("8.3(0)", false), ("8.3(1)", true), ("8.3(1)SR1", true),
            ("9.4(2)SR1", true),
        ] {
            var question = try question("7961", running: running)
            question.settings.enterprise = LevelSetting(.on)
            #expect(SharingDecision(question).takesPart == takesPart, "\(running)")
        }
        let newer = SharingDecision(try question("7841", running: "1.0(0)"))
        #expect(newer.takesPart)
        #expect(newer.isDefault)
    }

    @Test("a phone without IPv4 stays alone")
    func ipv4() throws {
        var question = try question("7961")
        question.settings.device = LevelSetting(.on)
        #expect(SharingDecision(question).takesPart)
        question.hasIPv4 = false
        let decision = SharingDecision(question)
        #expect(!decision.takesPart)
        #expect(decision.settledBy == .ipv4)
    }

    @Test("bug CSCud66570 is on for the 7931 and can be switched, and bites no other model")
    func knownDefect() throws {
        var question = try question("7931")
        question.settings.enterprise = LevelSetting(.on)
        #expect(SharingDecision(question).settledBy == .knownDefect)
        question.bugs[.alwaysDisabled] = false
        let cured = SharingDecision(question)
        #expect(cured.takesPart)
        #expect(cured.finding(.knownDefect)?.holds == true)
        var other = try self.question("7961")
        other.settings.enterprise = LevelSetting(.on)
        #expect(SharingDecision(other).finding(.knownDefect) == nil)
        other.bugs[.alwaysDisabled] = true
        #expect(SharingDecision(other).takesPart)
    }

    @Test("a model that lacks firmware for the protocol cannot share by it")
    func protocolWithoutFirmware() throws {
        let model = try PhoneModel.named("7931")
        let question = SharingQuestion(
            model: model.id,
            deviceProtocol: .sip,
            runningVersion: FirmwareVersion(8, 5, 4),
            settings: SharingSettings(device: LevelSetting(.on))
        )
        let decision = SharingDecision(question)
        #expect(decision.settledBy == .model)
        #expect(decision.finding(.model)?.text == "model has no SIP firmware")
    }

    @Test("of several failing conditions the one that is hardest to change settles it")
    func precedence() throws {
        var question = try question("7931", running: "8.2(1)")
        question.hasIPv4 = false
        question.devicePack = .lacks
        let order: [SharingCondition] = [.knownDefect, .firmware, .ipv4, .field, .setting]
        for condition in order {
            let decision = SharingDecision(question)
            #expect(decision.settledBy == condition)
            #expect(!decision.takesPart)
            switch condition {
            case .model: Issue.record("a 7931 is capable")
            case .knownDefect: question.bugs[.alwaysDisabled] = false
            case .firmware: question.runningVersion = FirmwareVersion(8, 3, 1)
            case .ipv4: question.hasIPv4 = true
            case .field: question.devicePack = nil
            case .setting: question.settings.device = LevelSetting(.on)
            }
        }
        #expect(SharingDecision(question).takesPart)
    }

    @Test("the text of a 7931 shows levels, boxes, conditions and what settled it")
    func textOf7931() throws {
        var question = try question("7931")
        question.settings = SharingSettings(
            enterprise: LevelSetting(.off),
            commonPhoneProfile: LevelSetting(.on),
            device: LevelSetting(.on, isTicked: false)
        )
        let lines = SharingDecision(question).lines(
            address: IPv4Address("10.4.0.90"),
            profileName: "Std Branch"
        )
        #expect(
            lines == [
                "CP-7931G 10.4.0.90: NO, takes every file from the server by itself",
                "level                 value     override box  counts",
                "phone page            Enabled   not ticked    no  (entered, never applies)",
                "profile \"Std Branch\"  Enabled   ticked        YES",
                "enterprise            Disabled  ticked        no  (profile outranks it)",
                "model ok [attested]  firmware 8.3(1) or later ok [attested]  IPv4 ok [attested]",
                "bug CSCud66570: 7931 always Disabled [attested]        <- settled it",
                "source: headline of CSCud66570 in TechNote 200615 [attested]",
            ]
        )
    }

    @Test("the text of a default says which CUCM it comes from and how well it is known")
    func textOfDefault() throws {
        let lines = SharingDecision(try question("7961")).lines(address: nil, profileName: nil)
        #expect(
            lines == [
                "CP-7961G: NO, takes every file from the server by itself",
                "level                 value     override box  counts",
                "phone page            -         -             no  (nothing entered)",
                "profile               -         -             no  (nothing entered)",
                "enterprise            -         -             no  (nothing entered)",
                "default, CUCM 10.5(2) Disabled  -             YES [modelled]  <- settled it",
                "model ok [attested]  firmware 8.3(1) or later ok [attested]  IPv4 ok [attested]",
                "source: disabled at CUCM 6.0, enabled at 12.5, not told between [modelled]",
            ]
        )
    }

    private static let every: BugSet = {
        var bugs = BugSet()
        for bug in KnownBug.allCases { bugs[bug] = true }
        return bugs
    }()

    @Test("no line is wider than 80 columns, whatever the phone is and is told")
    func width() throws {
        let names = [nil, "A", "Standard Common Phone Profile", String(repeating: "Ä", count: 200)]
        let address = IPv4Address("255.255.255.255")
        var settings = SharingSettings()
        for model in PhoneModel.all {
            for name in names {
                for hasIPv4 in [true, false] {
                    for running in [nil, FirmwareVersion(8, 2, 2, serviceRelease: 4, build: 9999)] {
                        let question = SharingQuestion(
                            model: model.id,
                            deviceProtocol: .sip,
                            runningVersion: running,
                            hasIPv4: hasIPv4,
                            cucm: CUCMVersion(999, 999, 999),
                            settings: settings,
                            bugs: name == nil ? .atFirst : Self.every,
                            devicePack: running == nil ? nil : .lacks
                        )
                        let decision = SharingDecision(question)
                        let lines = decision.lines(address: address, profileName: name)
                        let widest = lines.max { $0.count < $1.count } ?? ""
                        #expect(widest.count <= 80, "\(widest)")
                        let arrows = lines.filter { $0.contains("<- settled it") }
                        #expect(arrows.count == 1, "\(lines)")
                    }
                }
                settings.commonPhoneProfile = LevelSetting(.off, isTicked: false)
                settings.enterprise = LevelSetting(.off)
            }
            settings.device = settings.device == nil ? LevelSetting(.on) : nil
        }
    }
}
