// Where statements end, what is said when something else stands there, and how reading goes on
// behind a statement that was not understood.

extension Parser {
    /// Whether nothing more belongs to this statement.
    var isAtEndOfStatement: Bool {
        switch lexer.peek() {
        case 0x0A, UInt8(ascii: ";"), UInt8(ascii: "}"): true
        case UInt8(ascii: "#"): true
        case UInt8(ascii: "|"): isAtPipe
        default: lexer.isAtEnd
        }
    }

    mutating func expectEndOfStatement() throws(Diagnostic) {
        lexer.skipBlanks()
        note(.end)
        try refusePipe()
        if isAtEndOfStatement { return }
        throw fail(
            "`\(lexer.shownWord())` is too much here",
            from: lexer.position,
            length: lexer.shownWord().utf8.count
        )
    }

    func refusePipe() throws(Diagnostic) {
        if lexer.peek() == UInt8(ascii: "|"), lexer.isSpace(ahead: 1) { throw pipeRefusal }
    }

    /// A lone bar is for filters, so that no command ever takes one for an argument.
    var pipeRefusal: Diagnostic {
        fail(
            "a `|` filter cannot stand here",
            from: lexer.position,
            length: 1,
            hints: [
                "filters belong to a command, say or a call; a lone bar as an argument is \"|\""
            ]
        )
    }

    /// Passes the rest of a statement that was not understood.
    ///
    /// A block it opens is still read, so that its errors are reported and its closing brace
    /// belongs to it.
    mutating func recover() {
        var depth = 0
        while !lexer.isAtEnd {
            switch lexer.peek() {
            case 0x0A: return
            case UInt8(ascii: ";") where depth == 0: return
            case UInt8(ascii: "}"):
                if depth == 0 { return }
                depth -= 1
            case UInt8(ascii: "{") where isBlockAtLineEnd && nesting < Limits.nesting:
                do throws(Diagnostic) {
                    _ = try block()
                } catch {
                    report(error)
                }
                continue
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "\\") where lexer.skipBlanks(): continue
            default: break
            }
            lexer.position += 1
        }
    }

    private var isBlockAtLineEnd: Bool {
        var ahead = 1
        while Lexer.isBlank(lexer.peek(ahead)) { ahead += 1 }
        return lexer.peek(ahead) == 0x0A
    }

    mutating func report(_ diagnostic: Diagnostic) {
        if !needsMore { hasEarlierErrors = true }
        diagnostics.append(diagnostic.placed(at: lexer.range(from: lexer.position), in: source))
    }

    /// Passes blanks, and inside brackets line ends and comments as well.
    @discardableResult
    mutating func skip() -> Bool {
        let start = lexer.position
        if brackets > 0 { lexer.skipLines() } else { lexer.skipBlanks() }
        return lexer.position > start
    }

    /// Goes one level deeper; the caller takes it back.
    mutating func enter(from start: Int) throws(Diagnostic) {
        if nesting >= Limits.nesting {
            throw fail("nested more than \(Limits.nesting) deep", from: start, length: 1)
        }
        nesting += 1
    }

    func fail(
        _ message: String,
        from start: Int,
        length: Int,
        hints: [String] = []
    ) -> Diagnostic {
        var diagnostic = Diagnostic(
            message,
            at: SourceRange(start, min(start + length, source.bytes.count)),
            hints: hints
        )
        diagnostic.source = source
        return diagnostic
    }

    func fail(_ message: String, at range: SourceRange, hints: [String] = []) -> Diagnostic {
        fail(message, from: Int(range.start), length: Int(range.end - range.start), hints: hints)
    }

    /// An error that says what should stand here.
    ///
    /// At the text's end inside brackets more may still come.
    mutating func expected(_ what: String, hints: [String] = []) -> Diagnostic {
        if lexer.isAtEnd {
            if brackets > 0 { needsMore = true }
            return fail("expected \(what)", from: lexer.position, length: 0, hints: hints)
        }
        let word = isAtEndOfStatement ? "" : lexer.shownWord()
        return fail(
            "expected \(what)" + (word.isEmpty ? "" : ", not `\(word)`"),
            from: lexer.position,
            length: word.utf8.count,
            hints: hints
        )
    }

    /// Notes that `expected` could stand here.
    mutating func note(_ expected: Expected) {
        if recordsExpectations { expectations.append((lexer.position, expected)) }
    }
}
