// The form of a log line, `XID<xid> TxBdcst Ad <n>: ClaimRoot(tent)`, as what prints it and what reads it.
// A form is declared once, with its kind of line; both directions follow from it.

/// What stands in angle brackets in the form of a line.
public enum LoggedField: String, CaseIterable, Sendable {
    /// A decimal number.
    case number = "n"
    /// A file descriptor; -1 for none.
    case descriptor = "fd"
    /// 0 or 1.
    case bit = "0 or 1"
    /// A transaction id: eight hexadecimal digits.
    case transaction = "xid"
    /// A map: eight hexadecimal digits.
    case map
    /// A strength: eight hexadecimal digits.
    case strength
    /// The hash of a hierarchy: eight hexadecimal digits.
    case hash
    /// A model.
    case model
    /// An IPv4 address.
    case address
    /// The name of a file.
    case file
    /// A number of bytes.
    case bytes
    /// A reason, as CUCM numbers it.
    case code
    /// The name of a load.
    case load
    /// Any text up to the end of the line.
    case what
    /// A few words up to the end of the line.
    case thing

    /// Whether a byte may stand in the field.
    fileprivate func takes(_ byte: UInt8) -> Bool {
        switch self {
        case .number, .bytes, .code: (48...57).contains(byte)
        case .descriptor: (48...57).contains(byte) || byte == 45
        case .bit: byte == 48 || byte == 49
        case .transaction, .map, .strength, .hash:
            (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
        case .address: (48...57).contains(byte) || byte == 46
        case .model, .file, .load: byte > 32 && byte != 127
        case .what, .thing: byte >= 32 && byte != 127
        }
    }

    /// Whether so many bytes can be a whole field.
    fileprivate func fits(count: Int) -> Bool {
        switch self {
        case .transaction, .map, .strength, .hash: count == 8
        case .bit: count == 1
        case .number, .bytes, .code: (1...18).contains(count)
        case .descriptor: (1...11).contains(count)
        case .address: (7...15).contains(count)
        case .model, .file, .load, .what, .thing: count > 0
        }
    }
}

/// The form of one kind of line, ready to print and to read.
public struct LineForm: Sendable {
    private enum Piece: Sendable {
        case literal([UInt8])
        case field(LoggedField)
    }

    /// What became of a text that was held against a form.
    public enum Reading: Equatable, Sendable {
        /// The text is a line of this form, with its fields in order.
        case whole([String])
        /// The text is how such a line begins, and ends too early.
        case beginning
        /// It is neither.
        case none
    }

    private let pieces: [Piece]
    /// The fields in the order in which they stand.
    public let fields: [LoggedField]
    /// The bytes that every such line begins with; may be empty.
    let prefix: [UInt8]

    /// Reads a form: known names in angle brackets are fields, all else stands for itself.
    init(_ form: String) {
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        var rest = form[...]
        while let character = rest.first {
            if let field = LoggedField.allCases.first(where: { rest.hasPrefix("<\($0.rawValue)>") })
            {
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                literal = []
                pieces.append(.field(field))
                rest = rest.dropFirst(field.rawValue.count + 2)
            } else {
                literal += Array(String(character).utf8)
                rest = rest.dropFirst()
            }
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        self.pieces = pieces
        fields = pieces.compactMap { if case .field(let field) = $0 { field } else { nil } }
        if case .literal(let first)? = pieces.first { prefix = first } else { prefix = [] }
    }

    /// The line with these values in its fields, which must be as many.
    public func text(_ values: [String]) -> String {
        precondition(values.count == fields.count, "\(values.count) values for \(fields)")
        var text = ""
        var index = 0
        for piece in pieces {
            switch piece {
            case .literal(let bytes): text += String(decoding: bytes, as: UTF8.self)
            case .field:
                text += values[index]
                index += 1
            }
        }
        return text
    }

    /// Holds a text, without blanks at its ends, against the form.
    public func read(_ bytes: ArraySlice<UInt8>) -> Reading {
        var position = bytes.startIndex
        var values: [String] = []
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .literal(let literal):
                for byte in literal {
                    guard position < bytes.endIndex else {
                        return position > bytes.startIndex ? .beginning : .none
                    }
                    guard bytes[position] == byte else { return .none }
                    position += 1
                }
            case .field(let field):
                let end = self.end(of: field, behind: index, bytes, from: position)
                if position == bytes.endIndex { return .beginning }
                guard field.fits(count: end - position) else { return .none }
                let value = bytes[position..<end]
                if field == .address, !Self.isAddress(value) { return .none }
                values.append(String(decoding: value, as: UTF8.self))
                position = end
            }
        }
        return position == bytes.endIndex ? .whole(values) : .none
    }

    /// Where a field ends: at the first byte that it cannot hold, or where what follows it begins.
    private func end(
        of field: LoggedField,
        behind index: Int,
        _ bytes: ArraySlice<UInt8>,
        from start: Int
    ) -> Int {
        var next: UInt8?
        if index + 1 < pieces.count, case .literal(let literal) = pieces[index + 1] {
            next = literal.first
        }
        var end = start
        while end < bytes.endIndex, field.takes(bytes[end]) {
            if let next, bytes[end] == next { break }
            end += 1
        }
        return end
    }

    private static func isAddress(_ bytes: ArraySlice<UInt8>) -> Bool {
        IPv4Address(String(decoding: bytes, as: UTF8.self)) != nil
    }
}
