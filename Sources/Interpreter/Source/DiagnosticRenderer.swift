// Diagnostics as text: place, message, the line itself with a caret under what is meant, hints
// and notes. Carets are placed by display width, so that they stay right below wide characters.

/// Turns diagnostics into lines for a terminal or a file.
public enum DiagnosticRenderer {
    /// The longest part of a source line that is shown, in columns; longer lines are cut around the
    /// place.
    ///
    /// Own choice: 80 columns suffice for the whole.
    static let shownColumns = 76

    /// The calls shown from each end of a long chain.
    private static let shownCalls = 4

    /// The lines of one diagnostic, without line ends.
    ///
    /// A text without a name was typed at a prompt: its line stands below the message, so that line
    /// and column would say nothing new.
    public static func lines(_ diagnostic: Diagnostic) -> [String] {
        var lines: [String] = []
        let head = "\(diagnostic.severity.rawValue): \(diagnostic.message)"
        append(head, diagnostic.source, diagnostic.range, to: &lines)
        for hint in diagnostic.hints {
            let wrapped = HelpRenderer.wrap("hint: \(hint)", width: shownColumns, indent: 6)
            lines += wrapped.map { "  " + $0 }
        }
        let chain = diagnostic.notes.count { $0.source != nil }
        var link = 0
        for note in diagnostic.notes {
            if note.source != nil {
                link += 1
                // Of calls without an end the first and the last ones say all.
                if chain > 2 * shownCalls + 1, link > shownCalls, link <= chain - shownCalls {
                    let left = chain - 2 * shownCalls
                    if link == shownCalls + 1 { lines.append("  note: \(left) more calls between") }
                    continue
                }
            }
            if note.source == nil {
                lines.append("  note: \(note.message)")
            } else {
                append("note: \(note.message)", note.source, note.range, to: &lines)
            }
        }
        return lines
    }

    /// One diagnostic as text that ends in a line end.
    public static func text(_ diagnostic: Diagnostic) -> String {
        lines(diagnostic).map { $0 + "\n" }.joined()
    }

    private static func append(
        _ head: String,
        _ source: SourceText?,
        _ range: SourceRange?,
        to lines: inout [String]
    ) {
        guard let source, let range else {
            lines.append(head)
            return
        }
        let start = min(Int(range.start), source.bytes.count)
        let line = source.line(at: start)
        // What was typed at a prompt has no name and stands right above.
        let column = source.column(at: start)
        let place = source.name.isEmpty ? "" : "\(source.name):\(line):\(column): "
        lines.append(place + head)
        lines += excerpt(source, line: line, start: start, end: Int(range.end))
    }

    private static func excerpt(
        _ source: SourceText,
        line: Int,
        start: Int,
        end: Int
    ) -> [String] {
        let whole = source.lineRange(line)
        let markEnd = min(max(end, start), Int(whole.end))
        let before = visible(source.string(SourceRange(Int(whole.start), start)))
        let marked = visible(source.string(SourceRange(start, markEnd)))
        let after = visible(source.string(SourceRange(markEnd, Int(whole.end))))
        let indent = displayWidth(before)
        let width = max(1, displayWidth(marked))
        guard indent + width + displayWidth(after) > shownColumns else {
            return [
                "  " + before + marked + after,
                "  " + String(repeating: " ", count: indent) + "^"
                    + String(repeating: "~", count: width - 1),
            ]
        }
        let kept = suffix(before, columns: shownColumns / 2)
        let room = shownColumns - displayWidth(kept)
        let shown = prefix(marked + after, columns: room)
        let lead = kept.count < before.count ? "..." : ""
        return [
            "  " + lead + kept + shown + (shown.count < (marked + after).count ? "..." : ""),
            "  " + String(repeating: " ", count: lead.count + displayWidth(kept)) + "^"
                + String(repeating: "~", count: min(width, room) - 1),
        ]
    }

    /// Control characters would move the caret or steer the terminal; each becomes one blank.
    private static func visible(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { isControl($0) ? " " : $0 }
            )
        )
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    private static func prefix(_ text: String, columns: Int) -> String {
        var width = 0
        return String(
            text.prefix { character in
                width += displayWidth(character)
                return width <= columns
            }
        )
    }

    private static func suffix(_ text: String, columns: Int) -> String {
        String(prefix(String(text.reversed()), columns: columns).reversed())
    }
}
