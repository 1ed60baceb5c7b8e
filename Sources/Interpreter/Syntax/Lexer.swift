// Reading by position. There is no stream of tokens: what a `/` or a `.` is depends on whether a
// raw word or an expression stands there, so the parser asks for what may stand at its place. The
// bytes are valid UTF-8, which `SourceText` saw to.

/// A place in a source text with the means to read on from it.
struct Lexer {
    let bytes: [UInt8]
    var position = 0
    /// Whether the text ended in a backslash, so that its last line goes on.
    private(set) var endsInContinuation = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The byte `ahead` bytes from here, or 0 at the end (no valid source holds a NUL).
    func peek(_ ahead: Int = 0) -> UInt8 {
        let index = position + ahead
        return index < bytes.count ? bytes[index] : 0
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// Whether the text from here begins with `text`.
    func starts(with text: String) -> Bool {
        bytes[position...].starts(with: text.utf8)
    }

    func text(from start: Int) -> String {
        String(decoding: bytes[start..<position], as: UTF8.self)
    }

    func range(from start: Int) -> SourceRange { SourceRange(start, position) }

    // MARK: Blanks

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    /// Passes blanks, and line ends that a backslash takes away.
    ///
    /// Returns whether there were any.
    @discardableResult
    mutating func skipBlanks() -> Bool {
        let start = position
        while true {
            if Lexer.isBlank(peek()) {
                position += 1
            } else if peek() == UInt8(ascii: "\\"), let length = continuationLength {
                if length == 1 { endsInContinuation = true }
                position += length
            } else {
                return position > start
            }
        }
    }

    /// The length of a backslash with the line end or the text's end behind it, if one stands here.
    private var continuationLength: Int? {
        if position + 1 == bytes.count { return 1 }
        if peek(1) == 0x0A { return 2 }
        return peek(1) == 0x0D && peek(2) == 0x0A ? 3 : nil
    }

    /// Passes blanks, line ends and comments, as inside brackets.
    mutating func skipLines() {
        while true {
            skipBlanks()
            if peek() == UInt8(ascii: "#") {
                skipToLineEnd()
            } else if peek() == 0x0A {
                position += 1
            } else {
                return
            }
        }
    }

    mutating func skipToLineEnd() {
        while !isAtEnd, peek() != 0x0A { position += 1 }
    }

    /// Whether a blank, a line end or the text's end stands `ahead` bytes from here.
    func isSpace(ahead: Int = 0) -> Bool {
        let byte = peek(ahead)
        return Lexer.isBlank(byte) || byte == 0x0A || position + ahead >= bytes.count
    }

    // MARK: Names

    /// The scalar that starts at `index`, with its length in bytes.
    func scalar(at index: Int) -> (scalar: Unicode.Scalar, length: Int)? {
        guard index < bytes.count else { return nil }
        var iterator = bytes[index...].makeIterator()
        var parser = UTF8.ForwardParser()
        guard case .valid(let encoded) = parser.parseScalar(from: &iterator) else { return nil }
        return (UTF8.decode(encoded), encoded.count)
    }

    static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            ? (0x41...0x5A).contains(scalar.value & ~0x20)
            : scalar.properties.isAlphabetic
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Whether a name could go on with the scalar: letters of any script with their marks,
    /// ASCII digits, `_`, and `-` where `dashed`.
    static func continuesName(_ scalar: Unicode.Scalar, dashed: Bool) -> Bool {
        if isLetter(scalar) || scalar == "_" || ("0"..."9").contains(scalar) { return true }
        if scalar == "-" { return dashed }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: return true
        default: return false
        }
    }

    /// The length of the name that starts `ahead` bytes from here; 0 if none does.
    func nameLength(ahead: Int = 0, dashed: Bool = true) -> Int {
        let start = position + ahead
        guard let first = scalar(at: start), Lexer.isLetter(first.scalar) else { return 0 }
        var index = start + first.length
        while let next = scalar(at: index), Lexer.continuesName(next.scalar, dashed: dashed) {
            index += next.length
        }
        return index - start
    }

    /// Reads a name, or returns nil and stays.
    mutating func name(dashed: Bool = true) -> Located<String>? {
        let length = nameLength(dashed: dashed)
        guard length > 0 else { return nil }
        let start = position
        position += length
        return Located(text(from: start), at: range(from: start))
    }

    /// Passes `word` if it stands here as a whole word.
    mutating func take(word: String) -> Bool {
        guard starts(with: word) else { return false }
        let length = word.utf8.count
        if let next = scalar(at: position + length),
            Lexer.continuesName(next.scalar, dashed: true)
        {
            return false
        }
        position += length
        return true
    }

    /// The characters up to the next blank, for a message that shows what stands here.
    func shownWord() -> String {
        var end = position
        while end < bytes.count, !Lexer.isBlank(bytes[end]), bytes[end] != 0x0A { end += 1 }
        let word = String(decoding: bytes[position..<end], as: UTF8.self)
        return word.count <= 40 ? word : word.prefix(37) + "..."
    }
}
