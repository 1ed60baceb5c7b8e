// How texts are taken in and how diagnostics look: places, carets by display width, hints, notes.

import Interpreter
import Testing

struct DiagnosticTests {
    @Test("a source accepts a byte order mark and carriage returns without a word")
    func acceptedForms() throws {
        let bytes =
            [0xEF, 0xBB, 0xBF] + Array("say 1\r\nsay \"a\"\r\n\r\nif on {\r\nsay 2\r\n}".utf8)
        let source = try SourceText(name: "s", bytes: bytes)
        let session = ToySession()
        var interpreter = session.interpreter
        #expect(interpreter.run(source, mode: .script) == .finished)
        #expect(session.sink.text == "1\na\n2\n")
    }

    @Test("bytes that are not UTF-8 are refused with their line", arguments: [0x80, 0xC3, 0xFF])
    func invalidBytes(_ byte: UInt8) {
        let error = #expect(throws: Diagnostic.self) {
            try SourceText(name: "s", bytes: Array("say 1\n".utf8) + [byte, 0x20])
        }
        #expect(error?.message.contains("not UTF-8 in line 2 (byte 6)") == true)
    }

    @Test("lines and columns count characters, from 1")
    func places() {
        let source = SourceText(name: "s", text: "ab\n\u{E9}\u{301}x\n")
        #expect(source.line(at: 0) == 1)
        #expect(source.line(at: 3) == 2)
        #expect(source.column(at: 3) == 1)
        #expect(source.column(at: 7) == 2)
        #expect(source.line(at: 9) == 3)
        #expect(source.lineText(2) == "\u{E9}\u{301}x")
    }

    @Test("the caret stands below its place behind wide characters and tabs")
    func caret() {
        var diagnostic = Diagnostic("what", at: SourceRange(8, 11), hints: ["do"])
        diagnostic.source = SourceText(name: "s", text: "廊下\t abc d")
        #expect(
            DiagnosticRenderer.text(diagnostic) == """
                s:1:5: error: what
                  廊下  abc d
                        ^~~
                  hint: do

                """
        )
    }

    @Test("a line typed at a prompt is shown without a place, which would say nothing")
    func withoutName() {
        var diagnostic = Diagnostic("what", at: SourceRange(2, 3))
        diagnostic.source = SourceText(name: "", text: "a b")
        #expect(DiagnosticRenderer.text(diagnostic) == "error: what\n  a b\n    ^\n")
    }

    @Test("a long line is cut around the place and stays within 80 columns")
    func longLine() {
        let text = String(repeating: "x", count: 300) + "HERE" + String(repeating: "y", count: 300)
        var diagnostic = Diagnostic("what", at: SourceRange(300, 304))
        diagnostic.source = SourceText(name: "s", text: text)
        let lines = DiagnosticRenderer.lines(diagnostic)
        let excerpt = Array(lines[1])
        #expect(lines.allSatisfy { $0.count <= 84 })
        let caret = lines[2].prefix { $0 == " " }.count
        #expect(String(excerpt[caret..<(caret + 4)]) == "HERE")
        #expect(lines[2].hasSuffix("^~~~"))
    }

    @Test("a long hint goes on in the next line, within 80 columns, and loses no word")
    func longHint() {
        let hint = (1...40).map { "word\($0)" }.joined(separator: " ")
        let lines = DiagnosticRenderer.lines(Diagnostic("what", hints: [hint])).dropFirst()
        #expect(lines.count > 2 && lines.allSatisfy { $0.count <= 80 && $0.hasPrefix("  ") })
        let words = lines.joined(separator: " ").split(separator: " ").dropFirst()
        #expect(words.joined(separator: " ") == hint)
    }

    @Test("control characters never reach the screen")
    func controlCharacters() {
        var diagnostic = Diagnostic("what", at: SourceRange(0, 1))
        diagnostic.source = SourceText(name: "s", text: "\u{1B}[2J\u{7}")
        #expect(!DiagnosticRenderer.text(diagnostic).contains("\u{1B}"))
    }

    @Test("the nearest words are offered, nearest first, three at most")
    func spelling() {
        #expect(Spelling.nearest(to: "sohw", among: ["show", "slow", "set"]) == ["show"])
        #expect(Spelling.nearest(to: "rest", among: ["reset", "rent", "best", "test"]).count == 3)
        #expect(Spelling.nearest(to: "xyz", among: ["show"]).isEmpty)
        #expect(Spelling.hints(for: "lamb", among: ["lamp"]) == ["did you mean `lamp`?"])
    }

    @Test("a table aligns numbers right and cuts its widest texts to the screen")
    func table() {
        var table = Table(columns: [.init("name"), .init("n", .right), .init("note")])
        table.append([.string("a"), .integer(5), .string(String(repeating: "long ", count: 20))])
        table.append([.string("廊下"), .integer(12_345), .none])
        let lines = table.lines(width: 40)
        #expect(lines[0] == "name     n note")
        #expect(lines[2] == "廊下 12345 -")
        #expect(lines.allSatisfy { displayWidth($0) <= 40 })
        #expect(lines[1].hasSuffix("~"))
    }
}
