// Every limit of the language from both sides: what it allows runs, one more is a diagnostic.

import Foundation
import Testing

@testable import Interpreter

struct LimitTests {
    private func outcome(_ text: String) -> (Outcome, String) {
        var session = ToySession()
        let outcome = session.run(text)
        return (outcome, session.transcript)
    }

    private func nested(_ depth: Int, _ open: String, _ close: String, _ middle: String) -> String {
        String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
    }

    @Test("blocks nest up to the limit")
    func blocks() {
        // The statement inside takes one level for its expression.
        let most = Limits.nesting - 1
        #expect(outcome(nested(most, "{ ", " }", "say 1")) == (.finished, "1\n"))
        let (over, said) = outcome(nested(most + 1, "{ ", " }", "say 1"))
        #expect(over == .failed(.mistake))
        #expect(said.contains("nested more than 64 deep"))
    }

    @Test("brackets nest up to the limit")
    func brackets() {
        let most = Limits.nesting - 1
        #expect(outcome("say " + nested(most, "(", ")", "1")) == (.finished, "1\n"))
        #expect(outcome("say " + nested(most + 1, "(", ")", "1")).1.contains("nested more than 64"))
        #expect(outcome("say " + nested(most, "[", "]", "1")).0 == .finished)
        #expect(outcome("say " + nested(most + 1, "[", "]", "1")).1.contains("nested more than 64"))
        #expect(outcome("say " + nested(most + 1, "not ", "", "on")).1.contains("nested more than"))
        #expect(
            outcome("say count" + nested(99, "(", ")", "all")).1.contains("nested more than 64")
        )
        #expect(outcome("say " + nested(9_999, "-", "", "$x")).1.contains("nested more than 64"))
    }

    @Test("an expression has operators up to the limit")
    func operators() {
        let most = Limits.expressionOperators
        let sum = "say 1" + String(repeating: " + 1", count: most)
        #expect(outcome(sum) == (.finished, "\(most + 1)\n"))
        #expect(outcome(sum + " + 1").1.contains("more than \(most) operators"))
    }

    @Test("scripts source one another up to the limit")
    func sourceDepth() {
        var host = ToyHost()
        for depth in 1..<Limits.sourceDepth { host.files["\(depth)"] = "source \(depth + 1)" }
        host.files["\(Limits.sourceDepth)"] = "say 1"
        var session = ToySession(host: host)
        #expect(session.run("source 2") == .finished)
        #expect(session.run("source 1") == .failed(.mistake))
        #expect(session.transcript.contains("more than 16 scripts source one another"))
    }

    @Test("procedures call one another up to the limit")
    func procedureDepth() {
        let most = Limits.procedureDepth
        let script = "proc down n { if $n > 1 { down ($n - 1) } else { say \"end\" } }\n"
        #expect(outcome(script + "down \(most)") == (.finished, "end\n"))
        let (over, said) = outcome(script + "down \(most + 1)")
        #expect(over == .failed(.mistake))
        #expect(said.contains("more than \(most) calls within one another"))
        #expect(said.contains("note: \(most - 8) more calls between"))
        #expect(said.components(separatedBy: "called from here").count == 9)
    }

    @Test("blocks run within one another up to the limit")
    func openBlocks() {
        // Each call takes one block for its body, and eight more inside.
        func script(_ blocks: Int) -> String {
            let depth = 8
            let calls = (blocks - 1) / (depth + 1)
            let rest = blocks - calls * (depth + 1)
            let opening = String(repeating: "{ ", count: depth)
            let closing = String(repeating: " }", count: depth)
            let last = nested(rest, "{ ", " }", "say 1")
            return (1...calls).map { call in
                "proc p\(call) { \(opening)" + (call == calls ? last : "p\(call + 1)") + closing
                    + " }\n"
            }.joined() + "p1"
        }
        #expect(outcome(script(Limits.openBlocks)) == (.finished, "1\n"))
        let over = outcome(script(Limits.openBlocks + 1)).1
        #expect(over.contains("more than \(Limits.openBlocks) blocks run within one another"))
    }

    @Test("a script has bytes up to the limit")
    func scriptBytes() throws {
        let most = [UInt8](repeating: 0x20, count: Limits.scriptBytes)
        _ = try SourceText(name: "s", bytes: most)
        #expect(throws: Diagnostic.self) { try SourceText(name: "s", bytes: most + [0x20]) }
    }

    @Test("a run takes steps up to the limit")
    func steps() throws {
        var budget = StepBudget(steps: 10)
        let host = ToyHost()
        for _ in 0..<10 { try budget.spend(at: SourceRange(0, 0), host) }
        #expect(throws: Diagnostic.self) { try budget.spend(at: SourceRange(0, 0), host) }
    }

    @Test("a text grows up to the limit")
    func stringBytes() {
        let doubling = "let s = \"1234567890123456\"\nrepeat 16 { let s = $s + $s }\n"
        #expect(Limits.stringBytes == 16 << 16)
        #expect(outcome(doubling).0 == .finished)
        #expect(outcome(doubling + "let s = $s + \"1\"").1.contains("a text has at most"))
        #expect(outcome(doubling + "let s = \"${s}1\"").1.contains("a text has at most"))
    }

    @Test("a list grows up to the limit")
    func listElements() {
        let doubling = "let s = [1]\nrepeat 20 { let s = $s + $s }\n"
        #expect(Limits.listElements == 1 << 20)
        #expect(outcome(doubling).0 == .finished)
        #expect(outcome(doubling + "let s = $s + [1]").1.contains("a list has at most"))
    }

    @Test("a regular expression has bytes up to the limit")
    func patternBytes() {
        let most = String(repeating: "a", count: Limits.patternBytes)
        #expect(outcome("say \"b\" ~ /\(most)/") == (.finished, "off\n"))
        #expect(outcome("say \"b\" ~ /\(most)a/").1.contains("has at most 1000 bytes"))
        // Nested groups make the engine's compiler recurse.
        let groups = nested(Limits.patternBytes / 2, "(", ")", "")
        #expect(outcome("say \"b\" ~ /\(groups)/").0.exitStatus != 1)
    }

    @Test("so many errors are reported and no more")
    func reportedErrors() {
        let session = ToySession()
        let most = Limits.reportedErrors
        for count in [most - 1, most, most + 1, 10 * most] {
            let text = String(repeating: "nonsense\n", count: count)
            let found = session.interpreter.check(SourceText(name: "s", text: text))
                .diagnostics
            #expect(found.count == min(count, most))
        }
    }
}
