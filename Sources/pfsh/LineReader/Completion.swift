// How candidates meet the line: what one TAB inserts, and how several are listed. Values only, so that
// both can be tested without a terminal.

import CLineEdit

/// What a TAB changes in the line.
struct CompletionEdit: Equatable {
    /// Characters, as Unicode scalars, taken away before the cursor.
    var removedCharacters: Int
    /// The text put in their place.
    var inserted: String

    /// The edit that brings the line forward: the only candidate whole, or what all have in common.
    ///
    /// Nil when nothing would change, so that the candidates are listed instead.
    init?(candidates: [Candidate], isFollowedByBlank: Bool) {
        guard let first = candidates.first,
            candidates.allSatisfy({ $0.replacing == first.replacing })
        else { return nil }
        removedCharacters = first.replacing.unicodeScalars.count
        if candidates.count == 1 {
            let wantsBlank = first.endsWord && !isFollowedByBlank
            inserted = first.text + (wantsBlank ? " " : "")
        } else {
            inserted = Self.commonPrefix(candidates.map(\.text))
            // Shorter than what was typed: the candidates match in some looser way.
            guard inserted.unicodeScalars.count >= removedCharacters else { return nil }
        }
        guard inserted != first.replacing else { return nil }
    }

    /// The longest beginning that all texts share, never half a character.
    static func commonPrefix(_ texts: [String]) -> String {
        guard var prefix = texts.first?[...] else { return "" }
        for text in texts.dropFirst() {
            var kept = prefix.startIndex
            for (mine, other) in zip(prefix.indices, text) {
                guard prefix[mine] == other else { break }
                kept = prefix.index(after: mine)
            }
            prefix = prefix[..<kept]
        }
        return String(prefix)
    }
}

/// Candidates in lines: with hints one a line, without hints in columns.
enum CandidateList {
    /// Blanks between two columns.
    private static let gap = 2

    /// The list for a screen of so many columns and rows; what exceeds the rows is counted in words.
    static func text(_ candidates: [Candidate], columns: Int, rows: Int) -> String {
        let cells = candidates.map { cut($0.text, to: max(1, columns - 1)) }
        let widest = cells.map(width).max() ?? 0
        var lines: [String] = []
        if candidates.contains(where: { !$0.hint.isEmpty }) {
            for (cell, candidate) in zip(cells, candidates) {
                let room = columns - 1 - widest - gap
                let hint = room >= 8 ? cut(candidate.hint, to: room) : ""
                lines.append(hint.isEmpty ? cell : padded(cell, to: widest + gap) + hint)
            }
        } else {
            let across = max(1, (columns - 1 + gap) / (widest + gap))
            let down = (cells.count + across - 1) / across
            for row in 0..<down {
                let line = stride(from: row, to: cells.count, by: down).map { cells[$0] }
                lines.append(
                    line.dropLast().map { padded($0, to: widest + gap) }.joined()
                        + (line.last ?? "")
                )
            }
        }
        let limit = max(1, rows)
        if lines.count > limit {
            let hidden = lines.count - (limit - 1)
            lines.removeLast(hidden)
            lines.append("... and \(hidden) more lines: type more of the word")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The columns a text takes on the screen.
    static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + Int(line_edit_width($1.value)) }
    }

    private static func padded(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - width(text)))
    }

    private static func cut(_ text: String, to columns: Int) -> String {
        guard width(text) > columns else { return text }
        var kept = text
        while width(kept) > max(0, columns - 1), !kept.isEmpty { kept.removeLast() }
        return kept + "~"
    }
}
