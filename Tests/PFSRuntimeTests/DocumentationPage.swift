// Pages of docs/ that hold parts which the program generates. Decides how such a part is found,
// compared and recorded anew. PFSH_RECORD=1 writes it, and fails, so that a recording run never
// passes for a test run.

import Foundation
import Testing

/// A page of docs/.
struct DocumentationPage {
    private let url: URL

    init(_ name: String) {
        url = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/\(name)")
    }

    func text() throws -> String { try String(contentsOf: url, encoding: .utf8) }

    /// Compares the part between `<!-- generated: NAME -->` and `<!-- end: NAME -->`.
    func check(
        _ name: String,
        is generated: String,
        suite: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let text = try text()
        let start = try #require(text.range(of: "<!-- generated: \(name) -->\n")).upperBound
        let end = try #require(text.range(of: "<!-- end: \(name) -->")).lowerBound
        if ProcessInfo.processInfo.environment["PFSH_RECORD"] == "1" {
            let recorded = text[..<start] + generated + text[end...]
            try String(recorded).write(to: url, atomically: true, encoding: .utf8)
            Issue.record(
                "recorded \(name); run again without PFSH_RECORD",
                sourceLocation: sourceLocation
            )
        } else {
            #expect(
                text[start..<end] == generated,
                "PFSH_RECORD=1 swift test --filter \(suite) records it",
                sourceLocation: sourceLocation
            )
        }
    }

    /// The rows of the Markdown tables in the section under a heading, cells without code marks.
    func rows(under heading: String) throws -> [[String]] {
        let text = try text()
        let start = try #require(text.range(of: "\n\(heading)\n")).upperBound
        let end = text[start...].range(of: "\n## ")?.lowerBound ?? text.endIndex
        return text[start..<end].split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
            line.split(separator: "|").map {
                $0.trimmingCharacters(in: .whitespaces).replacing("`", with: "")
            }
        }
    }
}
