// Random texts. Whatever the text, nothing crashes or hangs, every diagnostic points into the text,
// a text that parses prints to a text that parses and prints to itself, it can be checked without being
// run, and completion works at any place. Texts are random bytes, random words of the language, and valid scripts with random changes;
// both valid and invalid ones must have come up.

import Foundation
import Testing

@testable import Interpreter

struct FuzzTests {
    /// The valid scripts that are changed: the language files.
    static let corpus: [[UInt8]] = LanguageTests.files.compactMap {
        (try? Data(contentsOf: LanguageTests.folder.appendingPathComponent($0))).map(Array.init)
    }

    static let words = [
        "lamp", "turn", "show", "lamps", "log", "run", "until", "within", "wire", "to", "sell",
        "no",
        "let", "say", "if", "else", "for", "in", "while", "repeat", "expect", "source", "exit",
        "L1",
        "L1,L2", "L1..L9", "L*", "all", "where", "(watts > 3)", "except", "room", "hall", "lit",
        "x",
        "$x", "${x}", "$", "\"a $x b\"", "\"", "/re/", "/", "5s", "5", "1.5KB", "64kb", "-", "+",
        "*",
        "==", "!=", "<", ">=", "~", "and", "or", "not", "(", ")", "[", "]", "{", "}", ",", ".",
        "..",
        ";", "\n", "\n", "\\", "\\\n", "#", "!", "|", "| include a|b", "| json", "count(all)",
        "sum(watts of all)", "=", "%", "10% of", "40% of (L1,L2)",
        "é",
        "答え", "on", "off", "none", "answer", "1..3", "L1.room.size", "\u{1B}", "\t",
    ]

    private func randomText(_ generator: inout SeededGenerator) -> [UInt8] {
        switch generator.below(4) {
        case 0: return (0..<generator.below(80)).map { _ in UInt8(generator.below(256)) }
        case 1:
            return (0..<generator.below(40)).flatMap { _ in
                Array(generator.pick(Self.words).utf8) + (generator.below(5) == 0 ? [] : [0x20])
            }
        default:
            var bytes = generator.pick(Self.corpus)
            for _ in 0..<generator.below(4) where !bytes.isEmpty { change(&bytes, &generator) }
            return bytes
        }
    }

    private func change(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let start = generator.below(bytes.count)
        let end = min(bytes.count, start + generator.below(12))
        switch generator.below(5) {
        case 0: bytes.removeSubrange(start..<end)
        case 1: bytes.insert(contentsOf: bytes[start..<end], at: generator.below(bytes.count))
        case 2: bytes[start] = UInt8(generator.below(256))
        case 3: bytes.insert(contentsOf: Array(generator.pick(Self.words).utf8), at: start)
        default: bytes.removeSubrange(start...)
        }
    }

    @Test("random texts never crash, and their diagnostics lie inside them", arguments: Seeds.all)
    func randomTexts(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var seen = (refused: 0, invalid: 0, valid: 0, failed: 0, finished: 0, commented: 0)
        let again = Seeds.repeating(seed, "FuzzTests")
        for _ in 0..<Seeds.rounds {
            let bytes = randomText(&generator)
            guard let source = try? SourceText(name: "fuzz", bytes: bytes) else {
                seen.refused += 1
                continue
            }
            let grammar = ToyCommands.registry.grammar
            let abbreviates = generator.below(2) == 0
            let parsed = Parser.parse(source, grammar: grammar, abbreviates: abbreviates)
            try check(parsed.diagnostics, again)
            if parsed.diagnostics.isEmpty {
                seen.valid += 1
                try checkPrinting(parsed.script, source, abbreviates, again)
                if try checkComments(parsed.script, source, abbreviates, again) {
                    seen.commented += 1
                }
            } else {
                seen.invalid += 1
            }
            try check(ToySession(["lamp L1"]).interpreter.check(source).diagnostics, again)
            if try run(source, again) { seen.finished += 1 } else { seen.failed += 1 }
            checkCompletion(source, &generator, again)
        }
        let all = [
            seen.refused, seen.invalid, seen.valid, seen.failed, seen.finished, seen.commented,
        ]
        try #require(all.allSatisfy { $0 > 0 }, "\(seen) \(again)")
    }

    private func check(_ diagnostics: [Diagnostic], _ again: String) throws {
        for diagnostic in diagnostics {
            let source = try #require(diagnostic.source, "\(diagnostic.message) \(again)")
            let range = try #require(diagnostic.range, "\(diagnostic.message) \(again)")
            try #require(range.start >= 0 && range.start <= range.end, "\(again)")
            try #require(Int(range.end) <= source.bytes.count, "\(diagnostic.message) \(again)")
            try #require(!DiagnosticRenderer.text(diagnostic).isEmpty)
        }
    }

    private func checkPrinting(
        _ script: Script,
        _ source: SourceText,
        _ abbreviates: Bool,
        _ again: String
    ) throws {
        let printed = SyntaxPrinter.text(script)
        let second = Parser.parse(
            SourceText(name: "printed", text: printed),
            grammar: ToyCommands.registry.grammar,
            abbreviates: abbreviates
        )
        let messages = second.diagnostics.map(DiagnosticRenderer.text).joined()
        let shown = "\(source.string(SourceRange(0, source.bytes.count)))\n--\n\(printed)\n--\n"
        let isValid = second.diagnostics.isEmpty
        try #require(isValid, "\(shown)\(messages)\(again)")
        try #require(SyntaxPrinter.text(second.script) == printed, "\(shown)\(again)")
    }

    /// Prints a script with its comments: it stays the same script, is its own standard form, and has
    /// lost no `#`; gives whether there was one.
    private func checkComments(
        _ script: Script,
        _ source: SourceText,
        _ abbreviates: Bool,
        _ again: String
    ) throws -> Bool {
        guard let printed = try? SyntaxPrinter.text(script, of: source) else { return false }
        let second = SourceText(name: "printed", text: printed)
        let grammar = ToyCommands.registry.grammar
        let parsed = Parser.parse(second, grammar: grammar, abbreviates: abbreviates)
        let shown = "\(source.string(SourceRange(0, source.bytes.count)))\n--\n\(printed)\n\(again)"
        try #require(parsed.diagnostics.isEmpty, "\(shown)")
        try #require(SyntaxPrinter.text(parsed.script) == SyntaxPrinter.text(script), "\(shown)")
        try #require(try SyntaxPrinter.text(parsed.script, of: second) == printed, "\(shown)")
        let marks = source.bytes.count { $0 == UInt8(ascii: "#") }
        try #require(printed.utf8.count { $0 == UInt8(ascii: "#") } == marks, "\(shown)")
        return marks > 0
    }

    /// Runs the text with few steps, so that loops end; gives whether it ended well.
    private func run(_ source: SourceText, _ again: String) throws -> Bool {
        var host = ToyHost()
        host.files = ["answer": "let answer = 42"]
        host.pollsUntilInterrupt = InterruptCounter(after: 20)
        var session = ToySession(["lamp L1", "lamp L2 room hall"], host: host)
        let outcome = session.interpreter.run(source, mode: .script)
        try check(session.sink.diagnostics, again)
        let errors = session.sink.diagnostics.filter { $0.severity == .error }
        switch outcome {
        case .finished, .exit: try #require(errors.isEmpty, "\(session.transcript) \(again)")
        case .failed: try #require(!errors.isEmpty, "\(again)")
        case .needsMore: Issue.record("a script never asks for more; \(again)")
        }
        return outcome == .finished
    }

    private func checkCompletion(
        _ source: SourceText,
        _ generator: inout SeededGenerator,
        _ again: String
    ) {
        let text = source.string(SourceRange(0, source.bytes.count))
        let session = ToySession(["lamp L1"])
        let cursor = generator.below(source.bytes.count + 1)
        let completion = session.interpreter.completion(of: text, at: cursor)
        // A cursor inside a character stands for its start, whose replacement is longer.
        #expect(completion.start >= 0 && completion.start <= cursor + 3, "\(again)")
        _ = session.interpreter.help(of: text, at: cursor)
    }
}
