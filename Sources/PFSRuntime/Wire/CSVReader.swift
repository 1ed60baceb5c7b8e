// Comma-separated values as records (RFC 4180), one at a time and from bytes. A record that is broken
// is told with its line and passed over, because one bad row of a million must not hide the others.

/// Why a record of comma-separated values cannot be read.
public enum CSVFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Something stands between the quote that closes a field and the next separator.
    case textBehindQuote
    /// A quote that opens a field is never closed, or not within `CSVReader.fieldLimit`.
    case quoteNotClosed
    /// A field has more than `CSVReader.fieldLimit` bytes.
    case fieldTooLong
    /// A record has more than `CSVReader.columnLimit` fields.
    case tooManyFields

    /// One clause, lower case, without a full stop.
    public var description: String {
        switch self {
        case .textBehindQuote: "text stands behind the quote that closes a field"
        case .quoteNotClosed: "a quote is never closed"
        case .fieldTooLong: "a field has more than \(CSVReader.fieldLimit) bytes"
        case .tooManyFields: "there are more than \(CSVReader.columnLimit) fields"
        }
    }
}

/// One record, and the line on which it begins.
public struct CSVRecord: Hashable, Sendable {
    /// The line, counted from 1.
    public let line: Int
    /// The fields, or why there are none.
    public let fields: Result<[String], CSVFault>
}

/// Reads comma-separated values record by record.
///
/// Lines end in LF or CRLF, blank ones are passed over, and so is a byte order mark. Blanks around a
/// field that is not quoted do not count. Where the first record has semicolons and no comma, as some
/// spreadsheets write it, they separate the fields. Bytes that are no UTF-8 are replaced.
public struct CSVReader: Sequence, IteratorProtocol {
    /// The most bytes of a field; own choice: above any export's product-specific settings.
    public static let fieldLimit = 1 << 16
    /// The most fields of a record; own choice: CUCM's exports have some hundreds.
    public static let columnLimit = 4_096

    private let bytes: [UInt8]
    private let separator: UInt8
    private var position = 0
    private var line = 1

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// A reader of a whole text.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        separator = Self.separator(of: bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// A semicolon where the first record has some and no comma, both outside of quotes.
    private static func separator(of bytes: [UInt8]) -> UInt8 {
        let (comma, semicolon) = (UInt8(ascii: ","), UInt8(ascii: ";"))
        var (isQuoted, hasSemicolon) = (false, false)
        for byte in bytes {
            if byte == quote { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == comma { return comma }
            if byte == lineFeed { break }
            if byte == semicolon { hasSemicolon = true }
        }
        return hasSemicolon ? semicolon : comma
    }

    /// The next record; nil at the end.
    public mutating func next() -> CSVRecord? {
        skipBlankLines()
        guard position < bytes.count else { return nil }
        let (start, first) = (position, line)
        do throws(CSVFault) {
            return CSVRecord(line: first, fields: .success(try record()))
        } catch {
            // What follows the line on which the broken record begins is read again.
            position = start
            line = first
            skipLine()
            return CSVRecord(line: first, fields: .failure(error))
        }
    }

    private mutating func skipBlankLines() {
        while position < bytes.count {
            var end = position
            while end < bytes.count, bytes[end] == UInt8(ascii: " ") || bytes[end] == 13 {
                end += 1
            }
            guard end < bytes.count else { break }
            guard bytes[end] == Self.lineFeed else { return }
            position = end + 1
            line += 1
        }
        position = bytes.count
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != Self.lineFeed { position += 1 }
        guard position < bytes.count else { return }
        position += 1
        line += 1
    }

    private mutating func record() throws(CSVFault) -> [String] {
        var fields: [String] = []
        while true {
            guard fields.count < Self.columnLimit else { throw .tooManyFields }
            fields.append(try field())
            guard position < bytes.count else { return fields }
            let byte = bytes[position]
            position += 1
            if byte == separator { continue }
            // `field` stops at a separator or at the end of a line.
            line += 1
            return fields
        }
    }

    /// Reads a field and stops at what ends it: a separator, a line feed or the end of the text.
    private mutating func field() throws(CSVFault) -> String {
        while position < bytes.count, Self.isBlank(bytes[position]), bytes[position] != separator {
            position += 1
        }
        guard position < bytes.count, bytes[position] == Self.quote else { return try plainField() }
        return try quotedField()
    }

    private mutating func plainField() throws(CSVFault) -> String {
        let start = position
        while position < bytes.count, bytes[position] != separator,
            bytes[position] != Self.lineFeed
        {
            position += 1
        }
        guard position - start <= Self.fieldLimit else { throw .fieldTooLong }
        var end = position
        while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private mutating func quotedField() throws(CSVFault) -> String {
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == Self.lineFeed { line += 1 }
            guard byte == Self.quote else {
                guard text.count < Self.fieldLimit else { throw .quoteNotClosed }
                text.append(byte)
                continue
            }
            if position < bytes.count, bytes[position] == Self.quote {
                text.append(byte)
                position += 1
                continue
            }
            try endQuotedField()
            return String(decoding: text, as: UTF8.self)
        }
        throw .quoteNotClosed
    }

    private mutating func endQuotedField() throws(CSVFault) {
        while position < bytes.count, Self.isBlank(bytes[position]), bytes[position] != separator {
            position += 1
        }
        guard position < bytes.count else { return }
        guard bytes[position] == separator || bytes[position] == Self.lineFeed else {
            throw .textBehindQuote
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == carriageReturn
    }
}
