// Filters behind a command: `|` with a blank on both sides, then the filter's word. A regular
// expression may stand bare here, up to the next bar between blanks, because that is how routers
// take it.

extension Parser {
    /// Whether a lone bar stands here, outside of brackets.
    var isAtPipe: Bool {
        brackets == 0 && lexer.peek() == UInt8(ascii: "|") && lexer.isSpace(ahead: 1)
    }

    /// Reads the filters behind a command, a `say` or a call, which gives a table of `columns` if
    /// that is known.
    mutating func pipeline(of columns: [String]?) throws(Diagnostic) -> [FilterCall] {
        var filters: [FilterCall] = []
        pipeColumns = columns
        while true {
            lexer.skipBlanks()
            guard isAtPipe else { return filters }
            lexer.position += 1
            lexer.skipBlanks()
            for filter in PipeFilter.allCases {
                note(.word(filter.rawValue, help: filter.summary))
            }
            filters.append(try filter())
        }
    }

    private mutating func filter() throws(Diagnostic) -> FilterCall {
        let start = lexer.position
        let filter = try filterWord()
        lexer.skipBlanks()
        let argument: FilterArgument
        switch filter.form {
        case .nothing: argument = .none
        case .pattern: argument = .pattern(try filterPattern())
        case .columns:
            let names = try columnNames()
            pipeColumns = names.map(\.node)
            argument = .columns(names)
        case .order: argument = try order()
        case .condition:
            let outer = operandWords
            operandWords = .columns(pipeColumns)
            defer { operandWords = outer }
            argument = .condition(try expression())
        case .count: argument = .count(try expression())
        case .file:
            note(.file)
            argument = .file(try wordTemplate("the name of a file"))
        }
        return FilterCall(filter: filter, argument: argument, range: lexer.range(from: start))
    }

    private mutating func filterWord() throws(Diagnostic) -> PipeFilter {
        let names = PipeFilter.allCases.map(\.rawValue)
        guard let word = peekWord() else {
            throw expected("a filter", hints: ["one of " + names.joined(separator: ", ")])
        }
        if let filter = PipeFilter(rawValue: word) {
            lexer.position += word.utf8.count
            return filter
        }
        let meant = PipeFilter.allCases.filter { $0.rawValue.hasPrefix(word) }
        if meant.count == 1, abbreviates {
            lexer.position += word.utf8.count
            return meant[0]
        }
        var hints = Spelling.hints(for: word, among: names)
        if meant.count == 1 { hints = ["a script needs the whole word: `\(meant[0].rawValue)`"] }
        if meant.count > 1 { hints = ["it could be " + Self.listed(meant)] }
        throw fail(
            "unknown filter `\(word)`",
            from: lexer.position,
            length: word.utf8.count,
            hints: hints.isEmpty ? ["one of " + names.joined(separator: ", ")] : hints
        )
    }

    private static func listed(_ filters: [PipeFilter]) -> String {
        filters.map(\.rawValue).joined(separator: ", ")
    }

    // MARK: Arguments

    private mutating func filterPattern() throws(Diagnostic) -> PatternSyntax {
        if lexer.peek() == UInt8(ascii: "/") || lexer.peek() == UInt8(ascii: "\"") {
            return try pattern()
        }
        let start = lexer.position
        var text: [UInt8] = []
        var end = start
        var depth = 0
        while !isAtBarePatternEnd(depth: depth) {
            switch lexer.peek() {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "\\") where lexer.peek(1) == UInt8(ascii: "/"): lexer.position += 1
            case UInt8(ascii: "\\") where lexer.peek(1) == UInt8(ascii: "\\"):
                text.append(lexer.peek())
                lexer.position += 1
            default: break
            }
            text.append(lexer.peek())
            lexer.position += 1
            if !Lexer.isBlank(source.bytes[lexer.position - 1]) { end = lexer.position }
        }
        while let last = text.last, Lexer.isBlank(last) { text.removeLast() }
        guard !text.isEmpty else { throw expected("a regular expression such as /text/") }
        lexer.position = end
        let range = lexer.range(from: start)
        let string = String(decoding: text, as: UTF8.self)
        _ = try Pattern(string, at: range)
        return .slashed(string, range)
    }

    /// A bare pattern ends with its statement or block, at a comment, and at a bar between blanks.
    private func isAtBarePatternEnd(depth: Int) -> Bool {
        let isBehindBlank = lexer.position > 0 && lexer.isSpace(ahead: -1)
        switch lexer.peek() {
        case 0x0A, UInt8(ascii: ";"): return true
        case UInt8(ascii: "}"): return depth == 0
        case UInt8(ascii: "#"): return isBehindBlank
        case UInt8(ascii: "|"): return isBehindBlank && lexer.isSpace(ahead: 1)
        default: return lexer.isAtEnd
        }
    }

    private mutating func columnName() throws(Diagnostic) -> Located<String> {
        note(.column(pipeColumns ?? []))
        let template = try wordTemplate("the name of a column", endsAt: .comma)
        guard let name = template.literal else {
            throw fail("the name of a column holds no variable", at: template.range)
        }
        return Located(name, at: template.range)
    }

    private mutating func columnNames() throws(Diagnostic) -> [Located<String>] {
        var names = [try columnName()]
        while lexer.peek() == UInt8(ascii: ",") {
            lexer.position += 1
            names.append(try columnName())
        }
        return names
    }

    private mutating func order() throws(Diagnostic) -> FilterArgument {
        let name = try columnName()
        lexer.skipBlanks()
        note(.word("desc", help: "the greatest first"))
        return .order(name, isDescending: lexer.take(word: "desc"))
    }
}
