// The values that a line of a phone's console log says, for those who pin them.

import Interpreter
import PFSRuntime

enum LoggedValues {
    /// What stands in front of each value in the lines of TechNote 200615.
    private static let marks: [(PeerPin.Field, String)] = [
        (.transaction, "XID"), (.map, "map="), (.strength, "strength="), (.hash, "H="),
    ]

    /// Reads the values of eight hexadecimal digits that stand in a line.
    ///
    /// Throws a diagnostic at its place where there is none.
    static func read(
        _ line: Located<String>
    ) throws(Diagnostic) -> [(PeerPin.Field, HexadecimalArgument?)] {
        var found: [(PeerPin.Field, HexadecimalArgument?)] = []
        for (field, mark) in marks {
            guard let value = value(behind: mark, in: Array(line.node.utf8)) else { continue }
            found.append((field, HexadecimalArgument(value: value)))
        }
        guard !found.isEmpty else {
            throw Diagnostic(
                "no value to pin stands in this line",
                at: line.range,
                hints: [
                    "XID, map=, strength= and H= each have eight hexadecimal digits behind them"
                ]
            )
        }
        return found
    }

    /// The first eight hexadecimal digits behind `mark`, no further digit behind them.
    private static func value(behind mark: String, in line: [UInt8]) -> UInt32? {
        let mark = Array(mark.utf8)
        guard line.count >= mark.count + 8 else { return nil }
        for start in 0...(line.count - mark.count - 8) where line[start...].starts(with: mark) {
            // `H=` is no end of another word.
            if start > 0, mark.last == UInt8(ascii: "="), isLetter(line[start - 1]) { continue }
            let digits = line[(start + mark.count)...].prefix(9)
            let text = String(decoding: digits.prefix(8), as: UTF8.self)
            let isWhole = digits.count == 8 || !isHexadecimal(digits[digits.startIndex + 8])
            if isWhole, text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16) {
                return value
            }
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }
}
