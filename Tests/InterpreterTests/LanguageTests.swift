// One behaviour of the language per file in `Language`. The expectations stand in comments behind the
// line that meets them:
//
//   say 1 + 2                    # expect: 3
//   say 1 + on                   # expect error: `+` does not go with
//   turn X* lit                  # expect warning: no lamp matches
//
// Output is compared line by line and in order; a diagnostic's message must contain the text, and its
// place must be in that line. `# status: N` gives the exit status if it is not that of the errors.

import Foundation
import Interpreter
import Testing

struct LanguageTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Language")

    static let files: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).filter { $0.hasSuffix(".pfsh") }.sorted()
    }()

    struct Expected {
        var output: [String] = []
        var diagnostics: [(line: Int, text: String, severity: Diagnostic.Severity)] = []
        var status: Int32?
    }

    @Test("there are language files to run")
    func filesExist() { #expect(Self.files.count >= 20) }

    @Test("a language file behaves as its comments say", arguments: files)
    func file(_ name: String) throws {
        let url = Self.folder.appendingPathComponent(name)
        let text = try String(contentsOf: url, encoding: .utf8)
        let expected = Self.expectations(in: text)
        var host = ToyHost()
        host.files = ["answer": "let answer = 42\nsay $answer", "broken": "say 1\nsay"]
        host.files["procs"] = "proc triple n { return 3 * $n }"
        host.files["loop"] = "source loop"
        host.files["wrong"] = "\n  say 1 + on"
        var session = ToySession(host: host)
        let outcome = session.interpreter.run(SourceText(name: name, text: text), mode: .script)
        let lines = session.sink.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.dropLast().map(String.init) == expected.output, "\(session.transcript)")
        let found = session.sink.diagnostics
        #expect(found.count == expected.diagnostics.count, "\(session.transcript)")
        for (diagnostic, wanted) in zip(found, expected.diagnostics) {
            let source = try #require(diagnostic.source)
            let range = try #require(diagnostic.range)
            let here =
                source.name == name
                ? Diagnostic.Note("", source: source, range: range)
                : try #require(diagnostic.notes.last { $0.source?.name == name })
            let line = here.source?.line(at: Int(here.range?.start ?? 0))
            #expect(line == wanted.line, "\(session.transcript)")
            #expect(diagnostic.severity == wanted.severity)
            let whole = DiagnosticRenderer.text(diagnostic)
            #expect(whole.contains(wanted.text), "expected `\(wanted.text)` in\n\(whole)")
        }
        let hasErrors = expected.diagnostics.contains { $0.severity == .error }
        #expect(outcome.exitStatus == expected.status ?? (hasErrors ? 2 : 0))
    }

    static func expectations(in text: String) -> Expected {
        var expected = Expected()
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            let comments = line.components(separatedBy: "# ").dropFirst()
            for comment in comments.map({ $0.trimmingCharacters(in: .whitespaces) }) {
                if let text = behind("expect:", comment) {
                    expected.output.append(text)
                } else if let text = behind("expect error:", comment) {
                    expected.diagnostics.append((index + 1, text, .error))
                } else if let text = behind("expect warning:", comment) {
                    expected.diagnostics.append((index + 1, text, .warning))
                } else if let text = behind("status:", comment) {
                    expected.status = Int32(text)
                }
            }
        }
        return expected
    }

    private static func behind(_ head: String, _ comment: String) -> String? {
        guard comment.hasPrefix(head) else { return nil }
        return comment.dropFirst(head.count).trimmingCharacters(in: .whitespaces)
    }
}
