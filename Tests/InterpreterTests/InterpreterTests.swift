// Whole sessions: what a text does to the world, what it says, and how it ends.

import Interpreter
import Testing

struct InterpreterTests {
    @Test("a command changes the world and a later one shows it")
    func commands() {
        var session = ToySession()
        session.run("lamp L1 room hall\nlamp L2 watts 7 lit\nturn L1,L2 lit\nshow lamps")
        #expect(
            session.transcript == """
                name room    watts
                L1   hall       40
                L2   kitchen     7

                """
        )
        #expect(session.interpreter.host.lamps.allSatisfy { $0.isLit })
    }

    @Test("variables live from one line of a session to the next")
    func variablesPersist() {
        var session = ToySession(["let a = 1", "if on { let b = 2 }"])
        #expect(session.run("say $a") == .finished)
        #expect(session.run("say $b") == .failed(.mistake))
        #expect(session.sink.text == "1\n")
    }

    @Test("a script's arguments are $1, $2 and $args")
    func scriptArguments() {
        var session = ToySession()
        session.interpreter.setArguments(["one", "two"])
        session.run("say \"$1-$2\"\nfor a in $args { say $a }")
        #expect(session.sink.text == "one-two\none\ntwo\n")
    }

    @Test("an error stops a script and keeps what came before it")
    func stopsAtFirstError() {
        var session = ToySession()
        let outcome = session.run("lamp L1\nturn L2 lit\nlamp L3")
        #expect(outcome == .failed(.mistake))
        #expect(session.interpreter.host.lamps.map(\.name) == ["L1"])
    }

    @Test("an unambiguous prefix is a command at the prompt")
    func abbreviations() {
        var session = ToySession(["lamp L1"])
        #expect(session.run("sh la", mode: .prompt) == .finished)
        #expect(session.run("turn L1 li", mode: .prompt) == .finished)
        #expect(session.run("lamp L2 wat 3", mode: .prompt) == .finished)
        #expect(session.interpreter.host.lamps.map(\.watts) == [40, 3])
    }

    @Test("a prefix of several words is refused with their names")
    func ambiguousPrefix() {
        var session = ToySession()
        session.run("s", mode: .prompt)
        #expect(session.transcript.contains("`s` could be show, sell"))
    }

    @Test("no prefix stands for a command that cannot be taken back, nor for a name")
    func noPrefixes() {
        var session = ToySession(["lamp Lamp1"])
        #expect(session.run("rem", mode: .prompt) == .failed(.mistake))
        #expect(session.run("turn Lam lit", mode: .prompt) == .failed(.mistake))
        #expect(session.interpreter.host.lamps.count == 1)
    }

    @Test(
        "an open block, bracket or line asks for more at the prompt and is an error in a script",
        arguments: [
            "if on {", "if on {\nsay 1\n", "say [1,\n2", "say (1 + 2", "lamp L1 \\",
            "for l in all {\n", "turn (L1", "say \"${1 + ",
        ]
    )
    func needsMore(_ text: String) {
        var session = ToySession()
        #expect(session.run(text, mode: .prompt) == .needsMore)
        #expect(session.transcript.isEmpty)
        #expect(session.run(text, mode: .script) == .failed(.mistake))
        #expect(session.sink.diagnostics.count >= 1)
    }

    @Test(
        "a whole or a wrong text never asks for more",
        arguments: ["say 1", "say \"", "turn", "}", "lamp", "nonsense {", "turn\nif on {"]
    )
    func needsNoMore(_ text: String) {
        var session = ToySession()
        #expect(session.run(text, mode: .prompt) != .needsMore)
    }

    @Test("a failed expectation shows both sides, the time and what the host knows")
    func failedExpectation() {
        var session = ToySession(["lamp L1 watts 5", "run 3s"])
        let outcome = session.run("expect L1.watts == 2 * 3 and L1.lit == off")
        #expect(outcome.exitStatus == 1)
        #expect(
            session.transcript == """
                test:1:8: error: expected `L1.watts == 2 * 3 and L1.lit == off`
                  expect L1.watts == 2 * 3 and L1.lit == off
                         ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                  note: `L1.watts` is 5
                  note: `2 * 3` is 6
                  note: `L1.lit` is off
                  note: at 3s
                  note: L1 is in the kitchen

                """
        )
    }

    @Test("an interrupt ends a loop that never ends and leaves the session whole")
    func interrupt() {
        var session = ToySession()
        session.interpreter.host.pollsUntilInterrupt = InterruptCounter(after: 3)
        let outcome = session.run("while on { let a = 1 }")
        #expect(outcome == .failed(.interrupted))
        #expect(outcome.exitStatus == 130)
        session.interpreter.host.pollsUntilInterrupt = nil
        #expect(session.run("say 1") == .finished)
    }

    @Test("errors in scripts that source one another carry the chain of calls")
    func chainOfCalls() {
        var host = ToyHost()
        host.files = ["outer": "say 1\nsource inner", "inner": "say 1 / 0"]
        var session = ToySession(host: host)
        session.run("source outer")
        #expect(
            session.transcript == """
                1
                inner:1:5: error: division by zero
                  say 1 / 0
                      ^~~~~
                outer:2:1: note: sourced from here
                  source inner
                  ^~~~~~~~~~~~
                test:1:1: note: sourced from here
                  source outer
                  ^~~~~~~~~~~~

                """
        )
    }

    @Test(
        "a file that cannot be read says why and has its exit status",
        arguments: [
            ("nothing", "there is no file nothing", 3), ("folder", "is a directory", 3),
            ("secret", "permission denied", 3), ("huge", "the longest script", 2),
            ("binary", "a NUL byte in line 2", 2),
        ] as [(String, String, Int32)]
    )
    func unreadable(_ path: String, _ message: String, _ status: Int32) {
        var host = ToyHost()
        host.files = ["binary": "say 1\n\u{0}"]
        var session = ToySession(host: host)
        #expect(session.interpreter.runFile(path).exitStatus == status)
        #expect(session.transcript.contains(message))
    }

    @Test("checking a script reports all mistakes of form and runs nothing")
    func check() {
        let session = ToySession()
        let text = SourceText(name: "s", text: "lamp L1\nlamp\nturn L1 blue\nsay 5kb")
        #expect(session.interpreter.check(text).diagnostics.count == 3)
        #expect(session.interpreter.host.lamps.isEmpty)
    }
}
