// Findings as a table, with their signs and what to do below it.

import Interpreter
import PFSRuntime

enum DiagnosisText {
    static let columns = [
        Table.Column("kind"), Table.Column("situation"), Table.Column("what"),
        Table.Column("signs", use: .data), Table.Column("first sign", use: .data),
        Table.Column("phones", use: .data), Table.Column("do", use: .data),
        Table.Column("mark", use: .data), Table.Column("source", use: .data),
        Table.Column("bugs", use: .data),
    ]

    /// Signs of a finding that are shown (own choice).
    private static let signLimit = 4

    static func table(_ findings: [FieldFinding]) -> Table {
        var table = Table(columns: columns)
        var below: [String] = []
        for finding in findings {
            let situation = finding.situation
            var phones: [String] = []
            for sign in finding.signs where !sign.phone.isEmpty && !phones.contains(sign.phone) {
                phones.append(sign.phone)
            }
            table.append([
                .string(situation.kind.rawValue), .string(situation.name),
                .string(situation.title), .integer(Int64(finding.signs.count)),
                .string(finding.signs[0].description), .string(phones.joined(separator: " ")),
                .string(situation.remedy), .string(situation.evidence.mark.description),
                .string(situation.evidence.source),
                .string(finding.bugs.map(\.bug.id).joined(separator: " ")),
            ])
            below.append("\(situation.name):")
            below += finding.signs.prefix(signLimit).map { "  \($0.description)" }
            let more = finding.signs.count - signLimit
            if more > 0 { below.append("  and \(Counted.text(more, "sign")) more") }
            for (bug, phones) in finding.bugs {
                below += indented("bug \(bug.id) is on for \(phones.joined(separator: ", "))")
            }
            let word = situation.kind == .problem ? "do" : "cost"
            below += indented("\(word): \(situation.remedy)")
            below += indented(
                "known from: \(situation.evidence.source) [\(situation.evidence.mark)]"
            )
        }
        let problems = findings.filter { $0.situation.kind == .problem }.count
        let notes = findings.count - problems
        below.append(
            problems == 0
                ? "no problem found" + (notes > 0 ? ", \(Counted.text(notes, "note"))" : "")
                : Counted.text(problems, "problem")
                    + (notes > 0 ? ", \(Counted.text(notes, "note"))" : "")
        )
        table.footer = below.joined(separator: "\n")
        return table
    }

    private static func indented(_ text: String) -> [String] {
        LogVerdict.wrapped(text).map { "  \($0)" }
    }
}
