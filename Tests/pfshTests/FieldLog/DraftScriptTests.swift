// Logs in, scripts out: a draft passes the check, runs, and prints what the logs said.

import Glibc
import Interpreter
import NetIO
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Drafted scripts") struct DraftScriptTests {
    private static func draft(of log: String) throws -> (text: String, shell: ShellHarness) {
        let path =
            "/tmp/pfsh-draft-\(getpid())-\(log.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF })"
        defer { unlink(path) }
        let shell = ShellHarness()
        let read = shell.run("import log \(log)\nexport script \(path)")
        try #require(read.status == 0, "\(read.text)")
        let text = String(decoding: try FileStore.read(path, limitBytes: 1 << 20), as: UTF8.self)
        let checked = shell.session.check(SourceText(name: "draft", text: text))
        #expect(checked.diagnostics == [], "\(text)")
        return (text, shell)
    }

    @Test(
        "the draft of the seed's log prints it again, each stamp within 5 ms",
        arguments: ["Tests/pfshTests/Fixtures/seed-dload.log", "examples/read-the-seed.log"]
    )
    func seed(_ log: String) throws {
        let draft = try Self.draft(of: Repository.root + "/" + log)
        let result = ShellHarness().run(draft.text)
        #expect(result.status == 0, "\(result.text)")
        func lines(_ text: String) -> [SeedLogTests.Line] {
            text.split(separator: "\n").compactMap { SeedLogTests.Line($0) }
        }
        let seed = lines(Repository.text("Tests/pfshTests/Fixtures/seed-dload.log"))
        let printed = lines(result.text)
        #expect(printed.map(\.text) == seed.map(\.text))
        for (own, real) in zip(printed, seed) {
            #expect(abs(own.microseconds - real.microseconds) <= 5_000)
        }
    }

    @Test("the draft of a log of five phones has the same roots and children again")
    func fivePhones() throws {
        let log = "/tmp/pfsh-five-\(getpid()).log"
        defer { unlink(log) }
        let first = ShellHarness(seed: 4)
        let made = first.run(
            """
            subnet voice 10.4.0.0/24
            phones 5 model CP-7961G subnet voice
            pfs enterprise on
            clock set 22:14:02
            push 9.4(2)SR1 to all
            run until idle
            show log | save \(log)
            """
        )
        #expect(made.status == 0)
        let draft = try Self.draft(of: log)
        let second = ShellHarness(seed: 99)
        let result = second.run(draft.text)
        #expect(result.status == 0, "\(result.text.suffix(900))")
        let roots = second.run("say count(all)\nshow log | include HROOT | count").text
        #expect(roots == "5\n6\n")
    }

    @Test("an import shows table, hierarchy, sentences and counts, and data of them")
    func shown() {
        let shell = ShellHarness()
        let log = Repository.root + "/examples/read-the-seed.log"
        let text = shell.run("import log \(log)").text
        for words in [
            "10.106.117.68  root", "heard nothing stronger", "after 10.000 s of waiting",
            "26 understood", "8 unknown", "1 stood in the wrong place",
        ] {
            #expect(text.replacing("\n", with: " ").contains(words), "\(words): \(text)")
        }
        let data = shell.run("import log \(log) | json").text
        #expect(data.contains("\"hash\": \"36685558\"") && data.contains("\"line\": "))
        #expect(shell.run("show imported | json").text.contains("\"unknown\": 8"))
        #expect(shell.run("no import log").status == 0)
        #expect(shell.run("export script /tmp/none.pfsh").status == 2)
    }

    @Test("what is no log is read, counted, and tells of nobody")
    func noLog() {
        let shell = ShellHarness()
        let result = shell.run("import log /bin/sh")
        #expect(result.status == 0 && result.text.contains("No line tells of a phone."))
        #expect(shell.run("import log /nowhere/to.log").status == 3)
        #expect(shell.run("import log /proc").status == 3)
        #expect(shell.run("import log").status == 2)
    }

    @Test("a load that the catalogue does not know is made up with the sizes of the log")
    func unknownLoad() throws {
        let log = "/tmp/pfsh-unknown-\(getpid()).log"
        defer { unlink(log) }
        let text = """
            NOT 10:00:00.000000 DLoad: ^.idl_child.c-openUDPPort
            NOT 10:00:01.750000 DLoad: @@@HROOT:XID00000001 H=00000002 m=CP-7961G ROOT=10.7.0.9 /dnld/SCCP41.9-9-7.loads
            INF 10:00:11.750000 DLoad: received SCCP41.9-9-7.loads 700 bytes
            """
        try FileStore.write(Array(text.utf8), to: log)
        let draft = try Self.draft(of: log)
        #expect(draft.text.contains("firmware define SCCP41.9-9-7 sizes 700B"))
        #expect(draft.text.contains("hash 00000002"))
    }
}
