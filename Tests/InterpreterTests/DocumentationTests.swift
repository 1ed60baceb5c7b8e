// The page on the language holds the grammar that stands above the parser, an example that is
// compiled with these tests, and the limits as they are.

import Foundation
import Testing

@testable import Interpreter

struct DocumentationTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test(
        "the page on the language holds the parser's grammar",
        arguments: [
            "Parser", "Parser+Definitions", "Parser+Words", "Parser+Selectors",
            "Parser+Expressions",
        ]
    )
    func grammar(_ file: String) throws {
        let lines = try text("Sources/Interpreter/Syntax/\(file).swift")
            .components(separatedBy: "\n").prefix { $0.hasPrefix("//") }
        let grammar = lines.filter { $0.hasPrefix("//   ") }.map { String($0.dropFirst(5)) }
        #expect(grammar.count > 2)
        let page = try text("docs/language.md")
        #expect(page.contains("```\n" + grammar.joined(separator: "\n") + "\n```"))
    }

    @Test("the page's example of a host is the one that is compiled here, and it works")
    func example() throws {
        let source = try text("Tests/InterpreterTests/Support/TinyHost.swift")
        #expect(try text("docs/language.md").contains("```swift\n" + source + "```"))
        #expect(RegistryValidation.problems(of: shelfRegistry) == [])
        let sink = TextSink()
        var interpreter = Interpreter(host: Shelf(), registry: shelfRegistry, sink: sink)
        let script = "book Emma pages 474\nbook Ulysses\nshow books where (pages > 200)"
        #expect(interpreter.run(SourceText(name: "s", text: script), mode: .script) == .finished)
        #expect(sink.text == "title pages\nEmma    474\n")
    }

    @Test("the page states the limits as they are")
    func limits() throws {
        let page = try text("docs/language.md")
        for row in [
            "| blocks, brackets, `not` within one another | \(Limits.nesting) |",
            "| operators in one statement | \(Limits.expressionOperators) |",
            "| scripts that source one another | \(Limits.sourceDepth) |",
            "| calls of procedures within one another | \(Limits.procedureDepth) |",
            "| blocks that run within one another | \(Limits.openBlocks) |",
            "| bytes of a script | \(Limits.scriptBytes >> 20) MiB |",
            "| steps of a run | \(Limits.steps / 1_000_000) million |",
            "| bytes of a text | \(Limits.stringBytes >> 20) MiB |",
            "| elements of a list | \(Limits.listElements) |",
            "| bytes of a regular expression | \(Limits.patternBytes) |",
        ] {
            #expect(page.contains(row))
        }
    }
}
