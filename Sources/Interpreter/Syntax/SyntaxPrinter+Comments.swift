// What a tree does not hold and a reader would miss: comments and blank lines. They stand between
// statements, so the printer walks the text that the tree was read from beside the tree. A statement
// over several lines stays as it was written where one line could not hold it, or a comment stands in
// its brackets: nobody's words are lost, and lines that were broken with care stay broken.

extension SyntaxPrinter {
    /// The longest line that a statement over several lines is joined to, in columns (own choice: a
    /// screen).
    static let joinedColumns = 80

    /// The text that a tree was read from.
    struct Original {
        let source: SourceText
        /// What stands in front of this byte has been printed.
        var position = 0
        /// Whether nothing of the present block was printed yet.
        var isAtBlockStart = true
        /// Comments that have no place in the standard form.
        var misplaced: [SourceRange] = []
    }

    /// A script in standard form with its comments, each line with its line end.
    ///
    /// `script` is what parsing `source` gave. Throws a diagnostic for a comment that the standard form
    /// has no place for: inside the brackets of a condition in front of a block.
    public static func text(
        _ script: Script,
        of source: SourceText
    ) throws(Diagnostic) -> String {
        var printer = SyntaxPrinter()
        printer.original = Original(source: source)
        printer.write(script.statements)
        printer.writeGap(to: source.bytes.count)
        if let place = printer.original?.misplaced.first {
            var diagnostic = Diagnostic(
                "a comment inside the brackets of a condition cannot be kept",
                at: place,
                hints: ["put it in front of the statement"]
            )
            diagnostic.source = source
            throw diagnostic
        }
        return printer.text
    }

    // MARK: Statements and blocks

    /// Prints what stands in front of a statement.
    mutating func begin(_ statement: Statement) {
        writeGap(to: Int(statement.range.start))
        original?.isAtBlockStart = false
    }

    /// Passes what stands in front of a block, which the statement printed, and its brace.
    mutating func open(_ block: Block) {
        guard let original else { return }
        let start = Int(block.range.start)
        let head = SourceRange(min(original.position, start), start)
        let text = original.source.string(head)
        if text.contains("\n"), text.contains("#") { self.original?.misplaced.append(head) }
        self.original?.position = start + 1
        self.original?.isAtBlockStart = true
    }

    /// Prints what stands between a block's last statement and its brace.
    mutating func close(_ block: Block) {
        writeGap(to: Int(block.range.end) - 1)
        original?.position = Int(block.range.end)
        original?.isAtBlockStart = false
    }

    /// A statement without blocks that is printed as it was written.
    func keptAsWritten(_ statement: Statement) -> String? {
        guard let original else { return nil }
        switch statement.kind {
        case .command, .binding, .say, .exit, .expectation, .source,
            .call, .never, .returning, .parameter:
            break
        default: return nil
        }
        let rows = Self.rows(original.source.string(statement.range))
        guard rows.count > 1 else { return nil }
        let text = rows.joined(separator: "\n")
        let columns = rows.reduce(4 * level) { columns, row in
            columns + displayWidth(String(row.drop { $0 == " " }.filter { $0 != "\\" }))
        }
        return text.contains("#") || columns > Self.joinedColumns ? text : nil
    }

    /// The rows of a text without blanks at their ends, a carriage return among them.
    private static func rows(_ text: String) -> [String] {
        text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { row in
            let end = row.lastIndex { !Lexer.isBlank($0) }.map { row.index(after: $0) }
            return String(decoding: row[..<(end ?? row.startIndex)], as: UTF8.self)
        }
    }

    // MARK: Between statements

    /// Prints the comments up to `end`, and a blank line where there was one or more.
    private mutating func writeGap(to end: Int) {
        guard let original, original.position <= end else { return }
        let rows = Self.rows(original.source.string(SourceRange(original.position, end)))
        var isAtBlockStart = original.isAtBlockStart
        var wantsBlank = false
        for (index, row) in rows.enumerated() {
            let comment = String(row.drop { $0 == " " || $0 == "\t" || $0 == ";" })
            guard !comment.isEmpty else {
                if index > 0, index < rows.count - 1 { wantsBlank = true }
                continue
            }
            if index == 0, original.position > 0, let last = lines.popLast() {
                lines.append("\(last)  \(comment)")
                continue
            }
            if wantsBlank, !isAtBlockStart { lines.append("") }
            wantsBlank = false
            isAtBlockStart = false
            line(comment)
        }
        let isOver = end == original.source.bytes.count || original.source.bytes[end] == 0x7D
        if wantsBlank, !isAtBlockStart, !isOver { lines.append("") }
        self.original?.position = end
        self.original?.isAtBlockStart = isAtBlockStart
    }
}
