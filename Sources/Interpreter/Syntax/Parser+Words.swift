// Raw words, strings and regular expressions:
//
//   WORD     = bytes up to a blank, `;`, `{`, `}`, with $NAME, ${expression} and `\x` for an `x`
//   STRING   = `"` text with $NAME, ${expression}, \n \t \" \\ \$ \u{HEX} `"`, on one line
//   PATTERN  = `/` text with `\/` for a slash `/` | STRING
//
// A word inside a selector ends at a comma, at `..` and at the parenthesis that closes the group;
// parentheses inside a word must then be balanced, as they are in `8.3(1)`.

extension Parser {
    /// What else ends a raw word.
    struct WordEnds: OptionSet {
        let rawValue: Int
        static let comma = WordEnds(rawValue: 1)
        static let parenthesis = WordEnds(rawValue: 2)
        static let range = WordEnds(rawValue: 4)
    }

    /// Reads a raw word or a string; `phrase` says what it should be.
    mutating func wordTemplate(
        _ phrase: String,
        endsAt ends: WordEnds = []
    ) throws(Diagnostic) -> Template {
        if lexer.peek() == UInt8(ascii: "\"") { return try stringTemplate() }
        if isAtEndOfStatement { throw expected(phrase) }
        try refusePipe()
        var builder = TemplateBuilder(start: lexer.position)
        var depth = 0
        var isEscaped = false
        scan: while !isAtWordEnd {
            switch lexer.peek() {
            case UInt8(ascii: "$"):
                try interpolation(into: &builder)
                continue
            case UInt8(ascii: ",") where ends.contains(.comma): break scan
            case UInt8(ascii: "(") where ends.contains(.parenthesis): depth += 1
            case UInt8(ascii: ")") where ends.contains(.parenthesis):
                if depth == 0 { break scan }
                depth -= 1
            case UInt8(ascii: ".") where ends.contains(.range) && lexer.peek(1) == 0x2E:
                break scan
            case UInt8(ascii: "\\") where lexer.peek(1) > 0x20:
                lexer.position += 1
                isEscaped = true
            case UInt8(ascii: "\\"):
                throw fail(
                    "a backslash goes on in the next line only at the very end of its own",
                    from: lexer.position,
                    length: 1
                )
            case UInt8(ascii: "\""):
                throw fail(
                    "a quote inside a word",
                    from: lexer.position,
                    length: 1,
                    hints: ["put the whole word in quotes"]
                )
            case 0..<0x20, 0x7F:
                throw fail("a control character", from: lexer.position, length: 1)
            default: break
            }
            builder.bytes.append(lexer.peek())
            lexer.position += 1
        }
        let template = builder.finish(quoted: isEscaped, end: lexer.position)
        if template.pieces.isEmpty { throw expected(phrase) }
        return template
    }

    /// Whether a raw word ends here, whatever it is.
    private var isAtWordEnd: Bool {
        if lexer.isSpace() { return true }
        switch lexer.peek() {
        case UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "}"): return true
        case UInt8(ascii: "\\"): return [0, 0x0A, 0x0D].contains(lexer.peek(1))
        default: return false
        }
    }

    /// The word here as text, without reading it; nil for a string and at the statement's end.
    func peekWord() -> String? {
        if isAtEndOfStatement || lexer.peek() == UInt8(ascii: "\"") { return nil }
        var copy = lexer
        while !copy.isSpace(), !";{}".utf8.contains(copy.peek()) { copy.position += 1 }
        return copy.position > lexer.position ? copy.text(from: lexer.position) : nil
    }

    /// Reads a string in quotes.
    mutating func stringTemplate() throws(Diagnostic) -> Template {
        let start = lexer.position
        var builder = TemplateBuilder(start: start)
        lexer.position += 1
        while true {
            switch lexer.peek() {
            case UInt8(ascii: "\""):
                lexer.position += 1
                return builder.finish(quoted: true, end: lexer.position)
            case 0x0A, 0x0D, 0:
                throw fail(
                    "this text is not closed by a quote in its line",
                    from: start,
                    length: lexer.position - start
                )
            case UInt8(ascii: "\\"): try escape(into: &builder)
            case UInt8(ascii: "$"): try interpolation(into: &builder)
            default:
                builder.bytes.append(lexer.peek())
                lexer.position += 1
            }
        }
    }

    private mutating func escape(into builder: inout TemplateBuilder) throws(Diagnostic) {
        let start = lexer.position
        let letter = lexer.peek(1)
        lexer.position += 2
        switch letter {
        case UInt8(ascii: "n"): builder.bytes.append(0x0A)
        case UInt8(ascii: "t"): builder.bytes.append(0x09)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"):
            builder.bytes.append(letter)
        case UInt8(ascii: "u") where lexer.peek() == UInt8(ascii: "{"):
            lexer.position += 1
            let digits = lexer.position
            while lexer.position < digits + 6, isHexadecimal(lexer.peek()) { lexer.position += 1 }
            guard let value = UInt32(lexer.text(from: digits), radix: 16),
                let scalar = Unicode.Scalar(value), lexer.peek() == UInt8(ascii: "}")
            else {
                throw fail("no such character", from: start, length: lexer.position - start)
            }
            lexer.position += 1
            builder.bytes.append(contentsOf: Array(String(scalar).utf8))
        default:
            lexer.position = min(start + 1, lexer.bytes.count)
            throw fail(
                "unknown escape",
                from: start,
                length: 2,
                hints: [#"the escapes are \n \t \" \\ \$ and \u{HEX}"#]
            )
        }
    }

    private func isHexadecimal(_ byte: UInt8) -> Bool {
        Lexer.isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    private mutating func interpolation(
        into builder: inout TemplateBuilder
    ) throws(Diagnostic) {
        let start = lexer.position
        lexer.position += 1
        if lexer.peek() == UInt8(ascii: "{") {
            lexer.position += 1
            if try bracedVariable(from: start, into: &builder) { return }
            brackets += 1
            defer { brackets -= 1 }
            let inner = try expression()
            skip()
            guard lexer.peek() == UInt8(ascii: "}") else { throw expected("`}`") }
            lexer.position += 1
            builder.append(.expression(inner))
            return
        }
        let name = try variableReference(from: start)
        builder.append(.variable(name.node, name.range))
    }

    /// Reads `NAME}`: a lone name or number between braces is a variable, as it is without them;
    /// `now` is the time, as there is no variable of that name as a rule.
    private mutating func bracedVariable(
        from start: Int,
        into builder: inout TemplateBuilder
    ) throws(Diagnostic) -> Bool {
        let inner = lexer.position
        let isName = Lexer.isDigit(lexer.peek()) || lexer.nameLength(dashed: false) > 0
        if isName {
            let name = try variableReference(from: start)
            if lexer.peek() == UInt8(ascii: "}"), name.node != "now" {
                lexer.position += 1
                builder.append(.variable(name.node, lexer.range(from: start)))
                return true
            }
        }
        lexer.position = inner
        return false
    }

    /// Reads what stands behind a `$`: a name or the number of a script's argument.
    mutating func variableReference(from start: Int) throws(Diagnostic) -> Located<String> {
        note(.variable)
        let nameStart = lexer.position
        if Lexer.isDigit(lexer.peek()) {
            while Lexer.isDigit(lexer.peek()) { lexer.position += 1 }
        } else if lexer.name(dashed: false) == nil {
            throw fail(
                "expected the name of a variable behind `$`",
                from: start,
                length: 1,
                hints: ["a dollar sign itself is written \\$"]
            )
        }
        return Located(lexer.text(from: nameStart), at: lexer.range(from: start))
    }

    /// Reads a regular expression and checks that it is one.
    mutating func pattern() throws(Diagnostic) -> PatternSyntax {
        let start = lexer.position
        if lexer.peek() == UInt8(ascii: "\"") {
            let template = try stringTemplate()
            if let text = template.literal { _ = try Pattern(text, at: template.range) }
            return .template(template)
        }
        guard lexer.peek() == UInt8(ascii: "/") else {
            throw expected("a regular expression such as /text/")
        }
        lexer.position += 1
        var text: [UInt8] = []
        while lexer.peek() != UInt8(ascii: "/") {
            if lexer.isAtEnd || lexer.peek() == 0x0A {
                throw fail(
                    "this regular expression is not closed by `/` in its line",
                    from: start,
                    length: lexer.position - start
                )
            }
            if lexer.starts(with: "\\/") {
                lexer.position += 1
            } else if lexer.starts(with: "\\\\") {
                text.append(lexer.peek())
                lexer.position += 1
            }
            text.append(lexer.peek())
            lexer.position += 1
        }
        lexer.position += 1
        let range = lexer.range(from: start)
        let string = String(decoding: text, as: UTF8.self)
        _ = try Pattern(string, at: range)
        return .slashed(string, range)
    }
}

/// A template as it is read.
struct TemplateBuilder {
    var bytes: [UInt8] = []
    private var pieces: [Template.Piece] = []
    private let start: Int

    init(start: Int) { self.start = start }

    mutating func append(_ piece: Template.Piece) {
        closeText()
        pieces.append(piece)
    }

    private mutating func closeText() {
        if bytes.isEmpty { return }
        pieces.append(.text(String(decoding: bytes, as: UTF8.self)))
        bytes = []
    }

    mutating func finish(quoted: Bool, end: Int) -> Template {
        closeText()
        return Template(pieces: pieces, isQuoted: quoted, range: SourceRange(start, end))
    }
}
