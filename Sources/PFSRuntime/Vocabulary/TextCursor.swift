// A cursor over short ASCII text, for the names and versions that people type: numbers with a
// limit, literal words, and nothing that can trap. Each parser stays a list of what it expects.

/// A position in short text that moves forward over what it recognises.
struct TextCursor {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    /// Whether nothing is left.
    var isAtEnd: Bool { position == bytes.count }

    /// What has not been read yet.
    var rest: String { String(decoding: bytes[position...], as: UTF8.self) }

    /// The next byte, which stays unread.
    var next: UInt8? { isAtEnd ? nil : bytes[position] }

    /// Reads a decimal number of one to `digits` digits; nil leaves the cursor where it was.
    ///
    /// `digits` is at most 18, so that the number fits.
    mutating func number(digits: Int) -> Int? {
        var end = position
        var value = 0
        while end < bytes.count, (48...57).contains(bytes[end]) {
            guard end - position < digits else { return nil }
            value = value * 10 + Int(bytes[end] - 48)
            end += 1
        }
        guard end > position else { return nil }
        position = end
        return value
    }

    /// Reads exactly `digits` decimal digits; nil leaves the cursor where it was.
    mutating func fixedNumber(digits: Int) -> Int? {
        guard bytes.count - position >= digits else { return nil }
        var value = 0
        for byte in bytes[position..<position + digits] {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        position += digits
        return value
    }

    /// Reads `word` if it comes next, whatever its case when `ignoringCase`.
    mutating func skip(_ word: StaticString, ignoringCase: Bool = false) -> Bool {
        let expected = Array(word.description.utf8)
        guard bytes.count - position >= expected.count else { return false }
        for (index, byte) in expected.enumerated() {
            let found = bytes[position + index]
            let matches =
                ignoringCase ? Self.lowered(found) == Self.lowered(byte) : found == byte
            guard matches else { return false }
        }
        position += expected.count
        return true
    }

    /// A capital ASCII letter's small form; every other byte as it is.
    static func lowered(_ byte: UInt8) -> UInt8 {
        (65...90).contains(byte) ? byte + 32 : byte
    }
}
