// Each situation of the field has a script that shows it; `diagnose` names it, from the logs alone where a
// person could. Worlds in which all is well have no problem.

import Glibc
import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Field problems") struct FieldProblemTests {
    static let scripts = Repository.files(in: "examples/field", suffix: ".pfsh")

    @Test("there is a script for each situation, and no other")
    func everySituation() {
        #expect(
            Self.scripts.map { $0.replacing(".pfsh", with: "") }
                == FieldSituation.all.map(\.name).sorted()
        )
    }

    @Test("a script ends with its own situation expected", arguments: scripts)
    func expected(_ script: String) {
        let name = script.replacing(".pfsh", with: "")
        let text = Repository.text("examples/field/" + script)
        #expect(text.contains("\nexpect diagnosis \(name)"))
        #expect(text.contains("Known from:"))
    }

    static let toldByLogs = FieldSituation.all.filter { $0.sight == .logs }.map(\.name)

    @Test(
        "the log of a script alone tells the situation, in a world that knows nothing of it",
        arguments: toldByLogs
    )
    func logsAlone(_ name: String) throws {
        let file = "/tmp/pfsh-field-\(getpid())-\(name).log"
        defer { unlink(file) }
        let harness = ShellHarness()
        #expect(
            harness.session.runFile(Repository.root + "/examples/field/\(name).pfsh") == .finished
        )
        var log = file
        if harness.session.host.importedLogs == nil {
            #expect(harness.run("show log | save \(file)").status == 0)
        } else {
            log = Repository.root + "/examples/field/\(name).log"
        }
        let alone = ShellHarness()
        #expect(alone.run("import log \(log)").status == 0)
        let result = alone.run("diagnose log | json")
        #expect(result.status == 0 && result.text.contains("\"\(name)\""), "\(result.text)")
        let only = alone.run("expect diagnosis \(name) log")
        #expect(only.status == 0, "\(only.text)")
    }

    @Test(
        "worlds in which all is well have no problem",
        arguments: [
            "lone-root", "three-phones", "mixed-site", "late-phone", "branch-of-1000", "precedence",
        ]
    )
    func clean(_ example: String) {
        let harness = ShellHarness()
        #expect(harness.session.runFile(Repository.root + "/examples/\(example).pfsh") == .finished)
        let result = harness.run("expect diagnosis clean")
        #expect(result.status == 0, "\(result.text)")
    }

    @Test("an expectation that is missed says what was found")
    func missed() {
        let result = ShellHarness().run(
            "subnet v 10.4.0.0/24\nphones 3 model CP-7961G\nexpect diagnosis udp-blocked"
        )
        #expect(result.status == 1 && result.text.contains("not found: udp-blocked"))
        #expect(ShellHarness().run("expect diagnosis nothing-such").status == 2)
        #expect(ShellHarness().run("diagnose log").status == 2)
    }
}
