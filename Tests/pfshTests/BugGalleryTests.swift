// The gallery as a user meets it: each bug has a script whose expectations hold only with it and only without
// it; switches are settings like others; the bulk tools set what they say.

import Foundation
import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("The gallery of bugs") struct BugGalleryTests {
    private static let office = """
        subnet voice 10.4.0.0/24
        phones 3 model CP-7961G subnet voice
        """

    private func script(_ bug: KnownBug) -> String { Repository.text(bug.script) }

    @Test(
        "there is a script for each bug, and no other; each names its headline and says what is modelled"
    )
    func scripts() {
        let files = Repository.files(in: "examples/bugs", suffix: ".pfsh")
        #expect(files == KnownBug.allCases.map { "\($0.id).pfsh" }.sorted())
        for bug in KnownBug.allCases {
            let text = script(bug)
            let words = text.split(whereSeparator: \.isWhitespace).filter { $0 != "#" }
                .joined(separator: " ")
            #expect(words.contains("\(bug.id): \"\(bug.declaration.headline)\""), "\(bug.id)")
            #expect(words.contains("[attested]") && words.contains("[modelled]"))
            #expect(text.contains("\n    bug \(bug.id) off\n"))
        }
    }

    @Test("without its bug the symptom is not there", arguments: KnownBug.allCases)
    func symptomIsTheBugs(_ bug: KnownBug) {
        let text = script(bug).replacing("    bug \(bug.id)\n", with: "    bug \(bug.id) off\n")
            .replacing("    bug \(bug.id) in P2\n", with: "    bug \(bug.id) off\n")
        #expect(text != script(bug))
        #expect(ShellHarness().run(text).status == 1)
    }

    @Test("with its bug on, what is shown clean is not", arguments: KnownBug.allCases)
    func cleanOnlyWithout(_ bug: KnownBug) {
        let text = script(bug).replacing("    bug \(bug.id) off\n", with: "    bug \(bug.id)\n")
        #expect(ShellHarness().run(text).status == 1)
    }

    @Test("`show bugs` lists all, with id, headline, models, mechanism and script")
    func list() {
        let harness = ShellHarness()
        _ = harness.run(Self.office + "\nbug CSCus67416 in P2")
        let text = harness.run("show bugs | json").text
        for bug in KnownBug.allCases {
            for part in [bug.id, bug.script, bug.declaration.models.description] {
                #expect(text.contains(part))
            }
        }
        let table = harness.run("show bugs").text
        #expect(table.contains("CSCus67416 P2  all that share"), "\(table)")
        #expect(table.contains("CSCud66570 all CP-7931G"))
        let one = harness.run("show bugs CSCus67416").text
        #expect(one.contains("here: a phone that hears a root") && one.contains("[modelled]"))
    }

    @Test("switches are part of the running configuration, and can be taken back")
    func settings() {
        let harness = ShellHarness(isInteractive: true)
        for line in Self.office.split(separator: "\n") { _ = harness.enter(String(line)) }
        let before = harness.run("show running-config").text
        let lines = [
            "bug CSCtg96408", "bug CSCus67416 in P2", "bug CSCud66570 off",
            "device-pack lacks CP-7962G",
            "bulk template std model CP-7961G pfs on load-server none",
            "cucm 5.1(2)",
        ]
        for line in lines { #expect(harness.enter(line).status == 0, "\(line)") }
        let text = harness.run("show running-config").text
        for line in lines { #expect(text.contains("\n\(line)\n"), "\(text)") }
        #expect(harness.enter("bug CSCtg96408 off in P1").status == 0)
        #expect(harness.run("show running-config").text.contains("\nbug CSCtg96408 off in P1\n"))
        for _ in 0...lines.count { #expect(harness.enter("undo").status == 0) }
        #expect(harness.run("show running-config").text == before)
    }

    @Test("a bug that does nothing under this CUCM is switched on with a warning")
    func versions() {
        let harness = ShellHarness()
        let result = harness.run("bug CSCso40251")
        #expect(result.status == 0)
        #expect(result.text.contains("warning: CSCso40251 is about CUCM 5.1(2)"), "\(result.text)")
        #expect(harness.run("cucm 5.1(2)\nbug CSCso40251").text.isEmpty)
    }

    @Test("a dead phone is shown as such, and said to be missing from the running configuration")
    func dead() {
        let harness = ShellHarness()
        let script =
            Self.office
            + "\npfs enterprise on\nbug CSCtg96408\npush 9.4(2)SR1 to all\nrun until idle"
        #expect(harness.run(script).status == 0)
        #expect(harness.run("expect count(state dead) == 3").status == 0)
        let text = harness.run("show running-config").text
        #expect(text.contains("# Not in here: these do not boot any more: all"), "\(text)")
        #expect(harness.run("why P1").text.contains("does not boot: bug CSCtg96408"))
        #expect(!harness.run("show screen P1").text.contains("Restarting"))
    }

    @Test(
        "templates say what phones' pages are, an update what is named, and versions what there is"
    )
    func bulk() {
        let harness = ShellHarness()
        _ = harness.run(
            Self.office + "\nsubnet data 10.5.0.0/24\nphone old model CP-7940G subnet data"
        )
        #expect(harness.run("bulk update P1,P2 pfs on load 9.4(2)SR1").text == "2 phones updated\n")
        #expect(harness.run("expect P1.pfs and not P3.pfs").status == 0)
        #expect(harness.run("bulk update P1 load default").status == 0)
        #expect(harness.run("expect P1.pfs and P1.load != P2.load").status == 0)
        #expect(harness.run("bulk template std model CP-7961G load 9.4(2)SR1").status == 0)
        #expect(harness.run("bulk insert P1 template std").text == "1 phone inserted\n")
        #expect(harness.run("expect not P1.pfs and P1.load == P2.load").status == 0)
        let other = harness.run("bulk insert old template std")
        #expect(other.status == 2 && other.text.contains("another model or protocol than old"))
        // A version stands for the load of each family.
        #expect(
            harness.run("phone s model CP-7962G subnet voice\nbulk update P1,s load 9.4(2)SR1")
                .status == 0
        )
        #expect(harness.run("expect s.load == \"SCCP42.9-4-2SR1-1S\"").status == 0)
        let late = harness.run("cucm 4.2(3)\nbulk update P1 pfs on")
        #expect(late.status == 2 && late.text.contains("`ccmppid` sets it"), "\(late.text)")
        #expect(harness.run("bulk template x model CP-7961G pfs on").status == 2)
        #expect(harness.run("ccmppid P1..P3 on").text == "3 phones set to Enabled\n")
        #expect(harness.run("expect count(where (pfs)) == 3").status == 0)
        let early = harness.run("cucm 5.0\nccmppid P1 on")
        #expect(early.status == 2 && early.text.contains("`bulk template`"), "\(early.text)")
    }

    @Test("where CUCM has no field a phone's configuration file has no value of it")
    func files() throws {
        let folder = try TemporaryDirectory()
        let harness = ShellHarness()
        _ = harness.run("device-pack lacks CP-7962G\npfs enterprise on\n" + Self.office)
        _ = harness.run("phone s model CP-7962G subnet voice")
        let result = harness.run("config save \(folder.path)/c")
        #expect(result.status == 0, "\(result.text)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/c")
            .filter { $0.hasPrefix("SEP") }
        let having = try names.filter {
            try String(contentsOfFile: folder.path + "/c/" + $0, encoding: .utf8)
                .contains("peerFirmwareSharing")
        }
        #expect(names.count == 4 && having.count == 3)
        let again = ShellHarness()
        #expect(again.run("config load \(folder.path)/c").status == 0)
        #expect(
            again.run("show running-config").text == harness.run("show running-config").text
        )
    }

    @Test("`show network-configuration` has the rows of the page, and lacks one with CSCui49910")
    func page() {
        let harness = ShellHarness()
        _ = harness.run(
            Self.office + "\npfs device P1 on\napply all\nload-server phone P1 10.4.0.9"
        )
        for isOn in [false, true] {
            if isOn { _ = harness.run("bug CSCui49910 in P1") }
            let world = harness.session.host.world
            let table = harness.run("show network-configuration P1 | csv").text
                .split(separator: "\n").dropFirst()
            let facts = NetworkConfigurationPage.facts(of: world.phones[0], in: world)
            #expect(table.map(String.init) == facts.map { "\($0.label),\($0.value)" })
            #expect(facts.contains { $0.label == "Peer Firmware Sharing" } == !isOn)
            #expect(
                harness.run("expect P1.pfs-row == \(isOn ? "none" : "\"Enabled\"")").status == 0
            )
            #expect(harness.run("expect P2.pfs-row == \"Disabled\"").status == 0)
        }
    }

    @Test("`show cucm` says which models have the field, why, and which tools there are")
    func cucm() {
        let harness = ShellHarness()
        let old = harness.run("cucm 4.2(1)\nshow cucm | where field == \"no\" | count").text
        let all = harness.run("show cucm | count").text
        #expect(old == all && Int(all.dropLast()) ?? 0 > 20, "\(old) \(all)")
        #expect(harness.run("show cucm").text.contains("no way is known"))
        #expect(harness.run("cucm 4.3(1)\nshow cucm").text.contains("many phones at once: ccmppid"))
        _ = harness.run(Self.office)
        #expect(harness.run("cucm 6.0\nshow cucm | count").text == "1\n")
    }
}
