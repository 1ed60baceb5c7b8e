// The text of one script or one typed line: its bytes, which are valid UTF-8, and where its lines
// begin. Reading decides here what is a script at all: too long, not UTF-8 and binary texts are
// refused before anything looks at them; a byte order mark is dropped without a word.

/// A script's text with the name under which diagnostics show it.
public struct SourceText: Sendable, Equatable {
    /// The name shown in diagnostics, as a rule the path of the file.
    public let name: String

    /// The text as valid UTF-8, without a byte order mark.
    public let bytes: [UInt8]

    /// The offset of each line's first byte, ascending; never empty.
    private let lineStarts: [Int32]

    /// The number of the first line: more than 1 for a piece of what a pipe brings.
    private let firstLine: Int

    /// Makes a source of `text`, which is a string and so always valid; its first line is the line
    /// `firstLine` of what it came from.
    public init(name: String, text: String, firstLine: Int = 1) {
        self.init(name: name, validBytes: Array(text.utf8), firstLine: firstLine)
    }

    /// Makes a source of a file's bytes.
    ///
    /// Throws a diagnostic if there are more than `Limits.scriptBytes` bytes, a NUL among them, or
    /// if they are not UTF-8.
    public init(name: String, bytes: [UInt8]) throws(Diagnostic) {
        if bytes.count > Limits.scriptBytes {
            throw Diagnostic(
                "\(name) has \(bytes.count) bytes; a script has at most \(Limits.scriptBytes)"
            )
        }
        if let fault = SourceText.firstFault(in: bytes) {
            let line = bytes[..<fault.offset].count { $0 == 0x0A } + 1
            throw Diagnostic(
                "\(name) is not a script: \(fault.what) in line \(line) (byte \(fault.offset))"
            )
        }
        self.init(name: name, validBytes: bytes)
    }

    private init(name: String, validBytes: [UInt8], firstLine: Int = 1) {
        self.name = name
        self.firstLine = firstLine
        bytes = validBytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(validBytes[3...]) : validBytes
        var starts: [Int32] = [0]
        for (offset, byte) in bytes.enumerated() where byte == 0x0A {
            starts.append(Int32(clamping: offset + 1))
        }
        lineStarts = starts
    }

    private static func firstFault(in bytes: [UInt8]) -> (offset: Int, what: String)? {
        var parser = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar):
                if scalar.count == 1, scalar.first == 0 { return (offset, "a NUL byte") }
                offset += scalar.count
            case .error:
                return (offset, "bytes that are not UTF-8")
            case .emptyInput:
                return nil
            }
        }
    }

    /// The number of the line that holds the byte at `offset`.
    public func line(at offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
        }
        return low + firstLine
    }

    /// The column of the byte at `offset`: from 1, counted in characters as a reader sees them.
    public func column(at offset: Int) -> Int {
        let start = Int(lineStarts[line(at: offset) - firstLine])
        return string(SourceRange(start, min(max(offset, start), bytes.count))).count + 1
    }

    /// The text of line `number`, from 1, without its line end.
    public func lineText(_ number: Int) -> String { string(lineRange(number)) }

    /// The range of line `number`, from 1, without its line end.
    public func lineRange(_ number: Int) -> SourceRange {
        let index = number - firstLine
        guard lineStarts.indices.contains(index) else {
            return SourceRange(bytes.count, bytes.count)
        }
        let start = Int(lineStarts[index])
        var end = index + 1 < lineStarts.count ? Int(lineStarts[index + 1]) - 1 : bytes.count
        if end > start, bytes[end - 1] == 0x0D { end -= 1 }
        return SourceRange(start, end)
    }

    /// The text at `range`; a range that reaches past the end is cut there.
    public func string(_ range: SourceRange) -> String {
        let end = min(Int(range.end), bytes.count)
        let start = min(Int(range.start), end)
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
