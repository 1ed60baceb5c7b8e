// Base64 (RFC 4648) as key files use it: whole groups of four characters, filled up with `=`.

/// Bytes as Base64 text and back.
enum Base64Text {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// The bytes of a text; nil when it is no Base64.
    static func bytes(_ text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count.isMultiple(of: 4) else { return nil }
        let filling = characters.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard filling <= 2 else { return nil }
        var result: [UInt8] = []
        var group: UInt32 = 0
        for (index, character) in characters.enumerated() {
            let isFilling = index >= characters.count - filling
            guard let value = isFilling ? 0 : alphabet.firstIndex(of: character) else { return nil }
            group = group << 6 | UInt32(value)
            guard index % 4 == 3 else { continue }
            result += [16, 8, 0].map { UInt8(truncatingIfNeeded: group >> $0) }
            group = 0
        }
        return Array(result.dropLast(filling))
    }

    /// The text of bytes, without line ends.
    static func text(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value =
                group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(24 - 8 * group.count)
            for place in 0..<4 {
                let index = Int(value >> UInt32(18 - 6 * place) & 63)
                result.append(place <= group.count ? alphabet[index] : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
