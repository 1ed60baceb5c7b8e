// The kinds of DLoad lines: the page docs/dload-log.md, and that form, text and the only real log
// agree with each other.

import Foundation
import PFSRuntime
import Testing

struct DLoadLogTests {
    /// What may stand for each field of a form.
    private static let fields = [
        "<n>": "[0-9]+", "<fd>": "(?:-1|[0-9]+)", "<0 or 1>": "[01]", "<bytes>": "[0-9]+",
        "<code>": "[0-9]+", "<xid>": "[0-9A-F]{8}", "<map>": "[0-9a-f]{8}",
        "<strength>": "[0-9a-f]{8}", "<hash>": "[0-9a-f]{8}", "<model>": "CP-[0-9A-Z-]+",
        "<address>": "[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+",
        "<file>": "[A-Za-z0-9._-]+\\.(?:loads|sbn)", "<load>": "[A-Za-z0-9._-]+S",
        "<what>": "fault [a-z].*", "<thing>": "[a-z][a-z ]*",
    ]

    /// Whether a line is one that a kind of line can print.
    private func fits(_ line: String, _ kind: DLoadLineKind) throws -> Bool {
        var pattern = NSRegularExpression.escapedPattern(for: kind.form)
        for (field, text) in Self.fields {
            let escaped = NSRegularExpression.escapedPattern(for: field)
            pattern = pattern.replacing(escaped, with: text)
        }
        let stamp = "[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\\.[0-9]{6}"
        let whole = "^\(kind.severity.rawValue) \(stamp) \(kind.task): \(pattern)$"
        return try Regex(whole).wholeMatch(in: line) != nil
    }

    private func kinds(of line: String) throws -> [Int] {
        try DLoadLineKind.all.indices.filter { try fits(line, DLoadLineKind.all[$0]) }
    }

    private func seedLines() throws -> [String] {
        let tests = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "pfshTests/Fixtures/seed-dload.log")
        return try String(contentsOf: file, encoding: .utf8)
            .split(separator: "\n").map { String($0) }
    }

    @Test("the table and the lines of docs/dload-log.md are what the program generates")
    func page() throws {
        let page = DocumentationPage("dload-log.md")
        try page.check("kinds", is: DLoadLogTables.kinds(), suite: "DLoadLogTests")
        try page.check("foreign", is: DLoadLogTables.foreign(), suite: "DLoadLogTests")
        let lines = try DLoadLogTables.examples().joined(separator: "\n")
        try page.check("examples", is: "```\n\(lines)\n```\n", suite: "DLoadLogTests")
    }

    @Test("every kind prints a line of its own form and of no other kind's")
    func forms() throws {
        let examples = try DLoadLogTables.examples()
        #expect(examples.count == DLoadLineKind.all.count)
        for (index, line) in examples.enumerated() {
            #expect(try kinds(of: line) == [index], "\(line)")
        }
    }

    @Test("the attested kinds are those of the real log, whose every line has one")
    func seedLog() throws {
        let lines = try seedLines()
        #expect(lines.count == 26)
        var seen: [Int] = []
        for line in lines {
            let found = try kinds(of: line)
            #expect(found.count == 1, "\(line)")
            seen += found.filter { !seen.contains($0) }
        }
        let attested = DLoadLineKind.all.indices.filter {
            DLoadLineKind.all[$0].mark == .attested
        }
        #expect(seen.sorted() == attested)
        let stamps = lines.map { $0.split(separator: " ")[1] }
        #expect(stamps == stamps.sorted())
    }

    @Test("the lines of attested kinds on the page are lines of the real log")
    func attestedExamples() throws {
        let lines = try seedLines()
        for (kind, example) in zip(DLoadLineKind.all, try DLoadLogTables.examples())
        where kind.mark == .attested {
            #expect(lines.contains(example), "\(example)")
        }
    }

    @Test("only modelled lines are left out of the console")
    func traces() {
        for kind in DLoadLineKind.all where kind.isTrace { #expect(kind.mark == .modelled) }
    }
}
