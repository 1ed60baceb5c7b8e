// Output as JSON, for programs. Objects keep the order in which their members were added, so that the
// same output is the same bytes; numbers are exact decimals.

/// A JSON value.
public indirect enum JSONText: Sendable, Equatable {
    /// `null`.
    case null

    /// `true` or `false`.
    case bool(Bool)

    /// A whole number.
    case integer(Int64)

    /// A number as its digits, with a point if it is not whole.
    case decimal(String)

    /// A text.
    case string(String)

    /// Values in order.
    case array([JSONText])

    /// Named values in order.
    case object([Member])

    /// A named value of an object.
    public struct Member: Sendable, Equatable {
        /// The name.
        public let name: String

        /// The value.
        public let value: JSONText

        /// A member `name` with `value`.
        public init(_ name: String, _ value: JSONText) {
            self.name = name
            self.value = value
        }
    }

    /// A value of the language: quantities are numbers of their plain unit (seconds, bytes, bits per
    /// second, per cent), words and objects their names, a selection what it shows.
    public init(_ value: Value) {
        switch value {
        case .none: self = .null
        case .bool(let isOn): self = .bool(isOn)
        case .integer(let number): self = .integer(number)
        case .duration, .size, .rate, .percent: self = .decimal(DataText.number(value))
        case .list(let values): self = .array(values.map { JSONText($0) })
        case .string, .symbol, .object, .selection: self = .string(value.text)
        }
    }

    /// A command's output: nothing is `null`, lines are texts, a table is an array with an object for
    /// each row whose members are named as the columns, but for those of the screen only.
    public init(_ output: Output) {
        switch output {
        case .none: self = .null
        case .lines(let lines): self = .array(lines.map { .string($0) })
        case .value(let value): self.init(value)
        case .table(let table):
            let data = table.data
            self = .array(data.rows.map { JSONText(row: $0, of: data) })
        }
    }

    init(row: [Value], of table: Table) {
        self = .object(zip(table.columns, row).map { Member($0.name, JSONText($1)) })
    }

    /// The value in one line.
    public var text: String {
        switch self {
        case .null: "null"
        case .bool(let isTrue): isTrue ? "true" : "false"
        case .integer(let number): String(number)
        case .decimal(let digits): digits
        case .string(let text): Self.quoted(text)
        case .array(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
        case .object(let members):
            "{"
                + members.map { "\(Self.quoted($0.name)): \($0.value.text)" }
                .joined(separator: ", ")
                + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension Diagnostic {
    /// The diagnostic as an object: `severity`, `kind`, `message`, `source`, `line` and `column` (null
    /// where it has no place; line and column from 1), `hints`, `notes`, and `text` as it is printed.
    public var json: JSONText {
        let offset = range.map { Int($0.start) }
        let start = source.flatMap { source in offset.map { min($0, source.bytes.count) } }
        func place(_ number: (SourceText, Int) -> Int) -> JSONText {
            guard let source, let start else { return .null }
            return .integer(Int64(number(source, start)))
        }
        return .object([
            .init("severity", .string(severity.rawValue)),
            .init("kind", .string(kind.name)),
            .init("message", .string(message)),
            .init("source", source.map { .string($0.name) } ?? .null),
            .init("line", place { $0.line(at: $1) }),
            .init("column", place { $0.column(at: $1) }),
            .init("hints", .array(hints.map { .string($0) })),
            .init("notes", .array(notes.map { .string($0.message) })),
            .init("text", .string(DiagnosticRenderer.text(self))),
        ])
    }
}

extension Diagnostic.Kind {
    fileprivate var name: String {
        switch self {
        case .mistake: "mistake"
        case .failedExpectation: "failed expectation"
        case .outside: "outside"
        case .interrupted: "interrupted"
        }
    }
}
