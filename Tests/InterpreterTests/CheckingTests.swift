// What `check` finds without running: one topic per file in `Language/Checking`, with what is to be
// found in comments behind the line, as in the language files. What runs well is never called wrong.

import Foundation
import Interpreter
import Testing

struct CheckingTests {
    static let folder = LanguageTests.folder.appendingPathComponent("Checking")

    static let files: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).filter { $0.hasSuffix(".pfsh") }.sorted()
    }()

    /// A world without objects and with some scripts to source.
    static var host: ToyHost {
        var host = ToyHost()
        host.files = ["answer": "let answer = 42\nsay $answer", "broken": "say 1\nsay"]
        host.files["procs"] = "proc triple n { return 3 * $n }"
        host.files["loop"] = "source loop"
        host.files["wrong"] = "\n  say 1 + on"
        return host
    }

    private func found(_ text: String, name: String = "s", host: ToyHost = host) -> [Diagnostic] {
        let session = ToySession(host: host)
        return session.interpreter.check(SourceText(name: name, text: text)).diagnostics
    }

    @Test("there are files to check")
    func filesExist() { #expect(Self.files.count >= 10) }

    @Test("a check finds what the comments say and nothing else", arguments: files)
    func file(_ name: String) throws {
        let url = Self.folder.appendingPathComponent(name)
        let text = try String(contentsOf: url, encoding: .utf8)
        let wanted = LanguageTests.expectations(in: text).diagnostics
        let found = found(text, name: name)
        let all = found.map(DiagnosticRenderer.text).joined()
        var open = found
        for (line, text, severity) in wanted {
            let place = open.firstIndex {
                DiagnosticRenderer.text($0).contains(text) && $0.severity == severity
                    && abs(Self.line($0, in: name) - line) <= (severity == .warning ? 1 : 0)
            }
            let index = try #require(place, "line \(line): `\(text)` was not found in\n\(all)")
            open.remove(at: index)
        }
        #expect(open.isEmpty, "too much: \(open.map(DiagnosticRenderer.text).joined())")
    }

    /// The line of the checked text that a diagnostic is about, or that leads to it.
    private static func line(_ diagnostic: Diagnostic, in name: String) -> Int {
        if let source = diagnostic.source, source.name == name {
            return source.line(at: Int(diagnostic.range?.start ?? 0))
        }
        guard let note = diagnostic.notes.last(where: { $0.source?.name == name }) else { return 0 }
        return note.source?.line(at: Int(note.range?.start ?? 0)) ?? 0
    }

    @Test("a language file that runs without an error has none", arguments: LanguageTests.files)
    func silence(_ name: String) throws {
        let url = LanguageTests.folder.appendingPathComponent(name)
        let text = try String(contentsOf: url, encoding: .utf8)
        var session = ToySession(host: Self.host)
        let source = SourceText(name: name, text: text)
        let found = session.interpreter.check(source).diagnostics
        _ = session.interpreter.run(source, mode: .script)
        let isWell = session.sink.diagnostics.allSatisfy { $0.severity == .warning }
        let errors = found.filter { $0.severity == .error }
        #expect(!isWell || errors.isEmpty, "\(errors.map(DiagnosticRenderer.text).joined())")
    }

    @Test("an error in a sourced script has its own place and the chain that leads to it")
    func chain() throws {
        var host = Self.host
        host.files["outer"] = "say 1\nsource wrong"
        let found = found("source outer", name: "main", host: host)
        let error = try #require(found.first)
        #expect(found.count == 1 && error.source?.name == "wrong")
        #expect(error.notes.map { $0.source?.name } == ["outer", "main"])
    }

    @Test("scripts that source one another, or themselves, are looked at once")
    func loops() {
        var host = Self.host
        host.files["a"] = "source b\nsay 1 + on"
        host.files["b"] = "source a\nsay 2 + on"
        #expect(found("source a", host: host).count == 2)
        #expect(found("source loop").isEmpty)
        // Each level sources the next one twice: two to the power of 40 ways.
        for level in 0..<40 {
            host.files["l\(level)"] = "source l\(level + 1)\nsource l\(level + 1)"
        }
        host.files["l40"] = "say 3 + on"
        _ = found("source l0", host: host)
    }

    @Test("the names of what is sourced are given, each once")
    func sourced() {
        let session = ToySession(host: Self.host)
        let text = SourceText(name: "s", text: "source procs\nsource answer\nsource procs")
        #expect(session.interpreter.check(text).sourced == ["procs", "answer"])
    }

    @Test("a missing script that an earlier statement writes is no mistake")
    func written() {
        #expect(found("show lamps | save made\nsource made").isEmpty)
        #expect(found("source made").count == 1)
    }
}
