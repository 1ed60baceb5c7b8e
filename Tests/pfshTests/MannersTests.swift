// What a user meets first: help on one screen, a word about settings that are off, a log that holds
// what a run waited for, output that can be stopped.

import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Manners") struct MannersTests {
    private static let office = """
        subnet voice 10.4.0.0/24
        phones 3 model CP-7961G
        """

    @Test("help fits on one screen, names every first word, and its first upgrade works")
    func help() {
        let lines = HelpCommands.overview(ShellRegistry.make())
        #expect(lines.count <= 23)
        #expect(lines.allSatisfy { displayWidth($0) <= 80 })
        let text = lines.joined(separator: "\n")
        for command in ShellRegistry.make().grammar.commands where command.path[0] != "no" {
            let words = text.split { " ,/\n".contains($0) }.map(String.init)
            #expect(words.contains(command.path[0]), "\(command.name)")
        }
        let shows = ShellHarness().run("help show").text
        for command in ShellRegistry.make().grammar.commands where command.path[0] == "show" {
            #expect(shows.contains("  \(command.name) "))
        }
        let steps = lines.drop { $0 != "A first upgrade:" }.dropFirst().prefix { !$0.isEmpty }
        #expect(!steps.isEmpty)
        let result = ShellHarness().run(steps.joined(separator: "\n"))
        #expect(result.status == 0 && result.text.contains("P1"), "\(result.text)")
    }

    @Test("a question mark fits on one screen wherever it stands, and names what can follow")
    func questionMark() {
        let harness = ShellHarness()
        _ = harness.run("subnet voice 10.4.0.0/22\nphones 900 model CP-7961G")
        for text in ["", "show ", "show phones ", "phone X model ", "push ", "set parameter "] {
            let help = harness.session.help(of: text, at: text.utf8.count)
            let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(
                lines.count <= 23 && lines.allSatisfy { displayWidth(String($0)) <= 80 },
                "\(help)"
            )
        }
        #expect(harness.session.help(of: "", at: 0).contains("Upgrade   push"))
        #expect(harness.session.help(of: "show ", at: 5).contains("phones "))
        #expect(harness.session.help(of: "set parameter ", at: 14).contains("root-waiting"))
        #expect(harness.run("help Upgrade").text.contains("  push "))
    }

    @Test(
        "a push says how many phones do not share, and whom to ask why",
        arguments: [
            ("", "none of them shares firmware: `show pfs P1` says why\n"),
            ("pfs enterprise on", ""),
            (
                "pfs enterprise on\npfs device P2 off",
                "1 of them does not share firmware: `show pfs P2`"
            ),
            ("pfs device P3 on", "2 of them do not share firmware: `show pfs P1`"),
        ]
    )
    func notSharing(settings: String, words: String) {
        let harness = ShellHarness()
        _ = harness.run(Self.office + "\n" + settings)
        let result = harness.run("push 9.4(2)SR1 to all")
        #expect(result.status == 0)
        #expect(result.text.contains(words))
        #expect(words.isEmpty != result.text.contains("firmware:"))
    }

    @Test("what a run waited for in the log can be shown, and not a moment before")
    func waitedLine() {
        let harness = ShellHarness()
        _ = harness.run(Self.office + "\npfs enterprise on\npush 9.4(2)SR1 to all")
        #expect(harness.run("run until log /HROOT/ within 5s").status == 0)
        #expect(harness.run("show log last 1").text.contains("@@@HROOT"))
        let world = harness.session.host.world
        #expect(world.logRecord(world.logCount - 1).time == world.now)
    }

    /// The words that a TAB at the end of a line offers.
    private func offered(_ line: String) -> [String] {
        ShellHarness().session.completion(of: line, at: line.utf8.count).map(\.text)
    }

    @Test("TAB completes models, loads and versions")
    func completesWords() {
        #expect(
            offered("phone P1 model CP-796") == [
                "CP-7961G", "CP-7961G-GE", "CP-7962G", "CP-7965G", "CP-7960G",
            ]
        )
        #expect(offered("phone P1 model 8832") == ["8832"])
        #expect(offered("phones 3 model CP-99").allSatisfy { $0.hasPrefix("CP-99") })
        #expect(offered("push SCCP41.9-4-2SR1") == ["SCCP41.9-4-2SR1-1S"])
        #expect(offered("push 8.5").contains("8.5(4)"))
        #expect(offered("phone P1 model ").count == PhoneModel.all.count)
        #expect(offered("phone P1 model nothing").isEmpty)
    }

    @Test("TAB completes the names of files, folders with a slash")
    func completesFiles() {
        let root = Repository.root
        let folder = "\(root)/examples/"
        #expect(offered("source \(folder)lone") == ["\(folder)lone-root.pfsh"])
        #expect(offered("source \(folder)lone-root.o") == ["\(folder)lone-root.out"])
        #expect(offered("source \(root)/exam") == ["\(root)/examples/"])
        #expect(!offered("source \(root)/").contains { $0.contains("/.") })
        #expect(offered("source \(root)/nowhere/x").isEmpty)
    }

    @Test("a run after which nothing is left to happen says so")
    func nothingLeft() {
        let harness = ShellHarness()
        let result = harness.run(Self.office + "\nrun until P1.done")
        #expect(result.status == 1)
        #expect(result.text.contains("note: nothing is left to happen"), "\(result.text)")
    }

    @Test("a mistake at the prompt is shown without a place; the line stands below")
    func promptMistake() {
        let result = ShellHarness().run("shw phones", mode: .prompt, name: "")
        #expect(
            result.text.hasPrefix("error: unknown command `shw`\n  shw phones\n"),
            "\(result.text)"
        )
    }

    @Test("a word that could be several is answered with these, one that could be one is taken")
    func ambiguous() {
        let result = ShellHarness().run("sh serv", mode: .prompt)
        #expect(result.status == 0, "\(result.text)")
        let several = ShellHarness().run("sh s", mode: .prompt)
        #expect(several.status == 2)
        #expect(several.text.contains("screen, sites, server"), "\(several.text)")
        let phones = ShellHarness().run("sh ph", mode: .prompt)
        #expect(phones.text.contains("no phones"), "\(phones.text)")
    }

    @Test("to be stopped is no error at a prompt, and has its place in a script")
    func stopped() {
        var text = ""
        let output = ShellOutput(width: { 80 }, writeOut: { _ in }, writeError: { text += $0 })
        var diagnostic = Diagnostic(
            "stopped at 0:00:01.000",
            at: SourceRange(0, 3),
            kind: .interrupted
        )
        diagnostic.source = SourceText(name: "", text: "run 9s")
        output.report(diagnostic)
        #expect(text == "stopped at 0:00:01.000\n")
        diagnostic.source = SourceText(name: "a.pfsh", text: "run 9s")
        output.report(diagnostic)
        #expect(text.contains("a.pfsh:1:1: error: stopped at 0:00:01.000\n  run 9s\n"))
    }

    @Test("a condition about outcomes is looked at when an outcome comes, at the same instant")
    func watched() {
        let hasty = [
            "P1.state == idle", "now > 5s", "log /x/", "server.fetches > 2", "wan(b).bytes > 0B",
        ]
        for condition in hasty {
            #expect(PhoneVocabulary.change(watchedBy: condition) == .anything, "\(condition)")
        }
        let settled = ["count(where (done)) == 3", "P1.firmware == \"X\"", "count(running X) > 2"]
        for condition in settled {
            #expect(PhoneVocabulary.change(watchedBy: condition) == .outcome, "\(condition)")
        }
        let world = """
            subnet voice 10.4.0.0/24
            phones 5 model CP-7961G
            pfs enterprise on
            push 9.4(2)SR1 to all
            """
        let ends = ["count(where (done)) == 3", "count(where (done)) == 3 and now > 0s"].map {
            let harness = ShellHarness()
            #expect(harness.run(world + "\nrun until \($0)").status == 0)
            return harness.session.host.world.now
        }
        #expect(ends[0] == ends[1])
    }
}
