// Output as data for other programs. Values keep their types: a quantity is a number of its plain
// unit (seconds, bytes, bits per second, per cent), on and off are true and false, none is null.

/// Writes output as JSON and as comma-separated values.
enum DataText {
    /// JSON with one row or line of the output per line; a single value is itself.
    static func json(_ output: Output) -> [String] {
        switch output {
        case .none: return ["[]"]
        case .value(let value): return [JSONText(value).text]
        case .lines(let lines): return array(lines.map { JSONText.string($0).text })
        case .table(let table):
            let data = table.data
            return array(data.rows.map { JSONText(row: $0, of: data).text })
        }
    }

    /// Comma-separated values as in RFC 4180, with line ends left to the sink: a heading and the
    /// rows of a table; lines and values are one field each.
    static func csv(_ output: Output) -> [String] {
        switch output {
        case .none: return []
        case .value(let value): return [field(value)]
        case .lines(let lines): return lines.map(field)
        case .table(let table):
            let data = table.data
            let heading = data.columns.map { field($0.name) }.joined(separator: ",")
            return [heading] + data.rows.map { $0.map(field).joined(separator: ",") }
        }
    }

    private static func array(_ elements: [String]) -> [String] {
        if elements.isEmpty { return ["[]"] }
        let last = elements.count - 1
        return ["["] + elements.enumerated().map { "\($1)\($0 == last ? "" : ",")" } + ["]"]
    }

    private static func field(_ value: Value) -> String {
        switch value {
        case .none: ""
        case .bool(let isOn): isOn ? "true" : "false"
        case .integer, .duration, .size, .rate, .percent: number(value)
        case .string, .symbol, .object, .selection, .list: field(value.text)
        }
    }

    private static func field(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else {
            return text
        }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }

    /// A quantity as an exact decimal number of its plain unit.
    static func number(_ value: Value) -> String {
        switch value {
        case .duration(let nanoseconds): decimal(nanoseconds, decimals: 9)
        case .percent(let parts): decimal(parts, decimals: 4)
        default: String(value.amount ?? 0)
        }
    }

    private static func decimal(_ amount: Int64, decimals: Int) -> String {
        let digits = String(amount.magnitude)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        var fraction = String(padded.suffix(decimals))
        while fraction.last == "0" { fraction.removeLast() }
        let whole = padded.dropLast(decimals)
        return (amount < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }
}
