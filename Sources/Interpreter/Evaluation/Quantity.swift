// Numbers with units, read and shown exactly: `1.5s` is worked out on its decimal digits, never in
// floating point, and what is shown reads back as the same value.

/// Reading and showing of numbers with units.
enum Quantity {
    /// One unit: how it is written, of what, and how many of the smallest unit it is.
    struct Unit {
        let suffix: String
        let type: ValueType
        let scale: Int64

        init(_ suffix: String, _ type: ValueType, _ scale: Int64) {
            self.suffix = suffix
            self.type = type
            self.scale = scale
        }

        func value(_ amount: Int64) -> Value {
            switch type {
            case .duration: .duration(nanoseconds: amount)
            case .size: .size(bytes: amount)
            case .rate: .rate(bitsPerSecond: amount)
            case .percent: .percent(partsPerMillion: amount)
            default: .integer(amount)
            }
        }
    }

    /// All units.
    ///
    /// Units of sizes and rates follow SI and IEC: `MB` is 10^6 bytes, `MiB` 2^20.
    static let units: [Unit] = [
        Unit("ns", .duration, 1), Unit("us", .duration, 1_000), Unit("ms", .duration, 1_000_000),
        Unit("s", .duration, 1_000_000_000), Unit("m", .duration, 60_000_000_000),
        Unit("h", .duration, 3_600_000_000_000),
        Unit("B", .size, 1), Unit("KB", .size, 1_000), Unit("MB", .size, 1_000_000),
        Unit("GB", .size, 1_000_000_000), Unit("KiB", .size, 1 << 10),
        Unit("MiB", .size, 1 << 20), Unit("GiB", .size, 1 << 30),
        Unit("bps", .rate, 1), Unit("kbps", .rate, 1_000), Unit("Mbps", .rate, 1_000_000),
        Unit("Gbps", .rate, 1_000_000_000),
        Unit("%", .percent, 10_000),
    ]

    /// Why a text is no quantity.
    struct Fault: Error, Equatable {
        var message: String
        var hints: [String] = []
    }

    /// Reads `text`, which begins with a digit or a minus sign.
    static func parse(_ text: String) throws(Fault) -> Value {
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if isNegative { rest = rest.dropFirst() }
        let whole = rest.prefix(while: \.isASCIIDigit)
        rest = rest.dropFirst(whole.count)
        guard !whole.isEmpty else { throw Fault(message: "`\(text)` is not a number") }
        var decimals = Substring()
        if rest.first == "." {
            rest = rest.dropFirst()
            decimals = rest.prefix(while: \.isASCIIDigit)
            rest = rest.dropFirst(decimals.count)
            if decimals.isEmpty { throw Fault(message: "`\(text)` has no digit behind its point") }
        }
        if decimals.count > Limits.decimals {
            throw Fault(message: "`\(text)` has more than \(Limits.decimals) decimals")
        }
        let unit = try unit(named: String(rest), in: text)
        if unit == nil, !decimals.isEmpty {
            throw Fault(
                message: "`\(text)` is not a whole number",
                hints: ["decimals need a unit, such as 1.5s, 1.5MB or 1.5Mbps"]
            )
        }
        return try value(
            whole + decimals,
            decimals: decimals.count,
            isNegative: isNegative,
            unit: unit,
            of: text
        )
    }

    private static func value(
        _ digits: Substring,
        decimals: Int,
        isNegative: Bool,
        unit: Unit?,
        of text: String
    ) throws(Fault) -> Value {
        // 27 digits times the largest scale stay below the 38 digits of 128 bits.
        guard digits.drop(while: { $0 == "0" }).count <= 19 + decimals,
            let number = Int128(digits)
        else { throw Fault(message: "`\(text)` is too large") }
        var divisor: Int128 = 1
        for _ in 0..<decimals { divisor *= 10 }
        let product = number * Int128(unit?.scale ?? 1)
        guard product % divisor == 0 else {
            throw Fault(message: "`\(text)` is finer than \(smallest(unit))")
        }
        let signed = isNegative ? -(product / divisor) : product / divisor
        guard let amount = Int64(exactly: signed) else {
            throw Fault(message: "`\(text)` is too large")
        }
        return unit?.value(amount) ?? .integer(amount)
    }

    private static func smallest(_ unit: Unit?) -> String {
        switch unit?.type {
        case .duration: "a nanosecond"
        case .size: "a byte"
        case .rate: "a bit per second"
        default: "a millionth"
        }
    }

    private static func unit(named suffix: String, in text: String) throws(Fault) -> Unit? {
        if suffix.isEmpty { return nil }
        if let unit = units.first(where: { $0.suffix == suffix }) { return unit }
        let number = text.dropLast(suffix.count)
        let alike = units.filter { $0.suffix.lowercased() == suffix.lowercased() }
        guard alike.isEmpty else {
            let meant = alike.map { "\(number)\($0.suffix)" }.joined(separator: " or ")
            throw Fault(
                message: "unknown unit `\(suffix)` in `\(text)`",
                hints: ["upper and lower case count: did you mean \(meant)?"]
            )
        }
        throw Fault(
            message: "unknown unit `\(suffix)` in `\(text)`",
            hints: ["the units are " + units.map(\.suffix).joined(separator: " ")]
        )
    }

    /// A quantity as text; it reads back as the same value.
    static func text(_ value: Value) -> String {
        switch value {
        case .duration(let nanoseconds):
            if nanoseconds == 0 { return "0s" }
            if nanoseconds % 60_000_000_000 == 0 {
                return exact(nanoseconds, "m", "h", decimals: 0)
            }
            return exact(nanoseconds, "ns", "us", "ms", "s", decimals: Limits.decimals)
        case .size(let bytes):
            if bytes != 0, bytes % 1_000 != 0, bytes % 1_024 == 0 {
                return exact(bytes, "KiB", "MiB", "GiB", decimals: 0)
            }
            return exact(bytes, "B", "KB", "MB", "GB", decimals: 0)
        case .rate(let bits): return exact(bits, "bps", "kbps", "Mbps", "Gbps", decimals: 3)
        case .percent(let parts): return exact(parts, "%", decimals: 4)
        default: return value.text
        }
    }

    /// `amount` in the largest of the units, given in ascending order, that shows it as one or more
    /// of the unit with no more decimals than allowed; else in the first.
    private static func exact(_ amount: Int64, _ suffixes: String..., decimals: Int) -> String {
        var best = suffixes.first.map { shown(amount, in: $0, decimals: Limits.decimals) ?? "" }
        for suffix in suffixes.dropFirst() {
            if let text = shown(amount, in: suffix, decimals: decimals), text.first != "0",
                !text.hasPrefix("-0")
            {
                best = text
            }
        }
        return best ?? ""
    }

    private static func shown(_ amount: Int64, in suffix: String, decimals: Int) -> String? {
        guard let unit = units.first(where: { $0.suffix == suffix }) else { return nil }
        let scale = UInt64(unit.scale)
        let magnitude = amount.magnitude
        let sign = amount < 0 ? "-" : ""
        var remainder = magnitude % scale
        var digits = ""
        while remainder > 0, digits.utf8.count < decimals {
            remainder *= 10
            digits += String(remainder / scale)
            remainder %= scale
        }
        guard remainder == 0 else { return nil }
        return "\(sign)\(magnitude / scale)" + (digits.isEmpty ? "" : ".\(digits)") + suffix
    }
}

extension Character {
    /// Whether this is one of 0 to 9.
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
