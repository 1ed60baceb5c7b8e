// A cursor over the bytes of one line: words, dates, times, tasks. Nothing in it can trap, whatever the
// bytes are.

/// A position in a line that moves forward over what it recognises.
struct ByteCursor {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// The next byte, which stays unread.
    var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    mutating func skipBlanks() {
        while let byte = next, byte == 32 || byte == 9 { position += 1 }
    }

    /// The next word, up to a blank; nil at the end.
    mutating func word() -> ArraySlice<UInt8>? {
        skipBlanks()
        let start = position
        while let byte = next, byte != 32, byte != 9 { position += 1 }
        return position > start ? bytes[start..<position] : nil
    }

    private mutating func number(digits: ClosedRange<Int>) -> Int64? {
        let start = position
        var value: Int64 = 0
        while let byte = next, (48...57).contains(byte) {
            guard position - start < digits.upperBound else { return nil }
            value = value * 10 + Int64(byte - 48)
            position += 1
        }
        return digits.contains(position - start) ? value : nil
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// `HH:MM:SS`, with or without up to six decimals, in microseconds; a word by itself.
    ///
    /// Nil leaves the cursor where it was.
    mutating func timeOfDay() -> Int64? {
        let saved = self
        skipBlanks()
        let colon = UInt8(ascii: ":")
        guard let hours = number(digits: 1...2), skip(colon), let minutes = number(digits: 2...2),
            skip(colon), let seconds = number(digits: 2...2), hours < 24, minutes < 60,
            seconds < 60
        else {
            self = saved
            return nil
        }
        var fraction: Int64 = 0
        if skip(UInt8(ascii: ".")) {
            let start = position
            guard let decimals = number(digits: 1...6) else {
                self = saved
                return nil
            }
            fraction = (position - start..<6).reduce(decimals) { value, _ in value * 10 }
        }
        // What may stand behind it in a time of RFC 5424: a zone, which is not looked at.
        guard next == nil || next == 32 || next == 9 || isZone else {
            self = saved
            return nil
        }
        return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction
    }

    private var isZone: Bool {
        next == UInt8(ascii: "Z") || next == UInt8(ascii: "+") || next == UInt8(ascii: "-")
    }

    private static let months: [(name: String, days: Int)] = [
        ("Jan", 0), ("Feb", 31), ("Mar", 60), ("Apr", 91), ("May", 121), ("Jun", 152), ("Jul", 182),
        ("Aug", 213), ("Sep", 244), ("Oct", 274), ("Nov", 305), ("Dec", 335),
    ]

    /// `Mar 09` as days since the first of January of a leap year: no year is printed, and a day that
    /// other years lack does no harm.
    ///
    /// Nil leaves the cursor where it was.
    mutating func date() -> Int? {
        let saved = self
        guard let word = word(), word.count == 3,
            let month = Self.months.first(where: { $0.name.utf8.elementsEqual(word) })
        else {
            self = saved
            return nil
        }
        skipBlanks()
        guard let day = number(digits: 1...2), (1...31).contains(day), next == 32 else {
            self = saved
            return nil
        }
        return month.days + Int(day) - 1
    }

    /// `2026-03-09T` in the same way.
    mutating func isoDate() -> Int? {
        let saved = self
        let dash = UInt8(ascii: "-")
        guard number(digits: 4...4) != nil, skip(dash), let month = number(digits: 2...2),
            (1...12).contains(month), skip(dash), let day = number(digits: 2...2),
            (1...31).contains(day), skip(UInt8(ascii: "T"))
        else {
            self = saved
            return nil
        }
        return Self.months[Int(month) - 1].days + Int(day) - 1
    }

    /// The process that prints, up to a colon, a dash, a bracket or a blank; and what it says.
    mutating func taskAndText() -> (task: ArraySlice<UInt8>, text: ArraySlice<UInt8>) {
        skipBlanks()
        let start = position
        while let byte = next, Self.isOfTask(byte) { position += 1 }
        let task = bytes[start..<position]
        if next == UInt8(ascii: "[") {
            while let byte = next, byte != UInt8(ascii: "]"), byte != 32 { position += 1 }
            _ = skip(UInt8(ascii: "]"))
        }
        if !skip(UInt8(ascii: ":")) { _ = skip(UInt8(ascii: "-")) }
        skipBlanks()
        return (task, bytes[position...])
    }

    private static func isOfTask(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
}
