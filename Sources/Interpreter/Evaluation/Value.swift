// The values of the language. Quantities are whole numbers of their smallest unit, so that a script
// gives the same result on every machine; what an object is, only the host knows.

/// An object of the host: its kind, its number among its kind, and the name it is shown by.
public struct ObjectReference: Sendable {
    /// The kind's name, as the host registered it.
    public let kind: String

    /// The object's number, unique within its kind.
    public let id: Int

    /// The name that scripts know it by.
    public let name: String

    /// Refers to object `id` of `kind`, shown as `name`.
    public init(kind: String, id: Int, name: String) {
        self.kind = kind
        self.id = id
        self.name = name
    }
}

extension ObjectReference: Equatable {
    /// The same object, whatever it was called when the reference was made.
    public static func == (left: ObjectReference, right: ObjectReference) -> Bool {
        left.id == right.id && left.kind == right.kind
    }
}

/// Objects of one kind, as a selector found them: in order, none twice.
public struct Selection: Sendable, Equatable {
    /// The kind's name.
    public let kind: String

    /// The objects' numbers.
    public let ids: [Int]

    /// A selection of objects `ids` of `kind`.
    public init(kind: String, ids: [Int]) {
        self.kind = kind
        self.ids = ids
    }
}

/// A word of an enumeration of the host, such as the state of a phone.
public struct Symbol: Sendable, Equatable {
    /// The word.
    public let name: String

    /// A word as a value.
    public init(_ name: String) { self.name = name }
}

/// A value of the language.
public enum Value: Sendable, Equatable {
    /// No value: a phone without a parent has `parent == none`.
    case none

    /// `on` or `off`, also the result of a comparison.
    case bool(Bool)

    /// A whole number.
    case integer(Int64)

    /// A length of time, or a time since the world began.
    case duration(nanoseconds: Int64)

    /// An amount of data.
    case size(bytes: Int64)

    /// Data per time.
    case rate(bitsPerSecond: Int64)

    /// A share.
    case percent(partsPerMillion: Int64)

    /// A text; addresses, loads and versions are texts too.
    case string(String)

    /// A word of an enumeration.
    case symbol(Symbol)

    /// Values in order.
    case list([Value])

    /// One object of the host.
    case object(ObjectReference)

    /// Several objects of the host.
    case selection(Selection)
}

/// The type of a value, as diagnostics and help name it.
public enum ValueType: Sendable, Equatable {
    /// No value.
    case none

    /// `on` or `off`.
    case bool

    /// A whole number.
    case integer

    /// A length of time.
    case duration

    /// An amount of data.
    case size

    /// Data per time.
    case rate

    /// A share.
    case percent

    /// A text.
    case string

    /// A word out of these.
    case enumeration([String])

    /// A list.
    case list

    /// An object of the kind.
    case object(String)

    /// Objects of the kind.
    case selection(String)

    /// The type's name with its article, as a diagnostic says it.
    public var phrase: String {
        switch self {
        case .none: "none"
        case .bool: "on or off"
        case .integer: "a whole number"
        case .duration: "a duration"
        case .size: "a size"
        case .rate: "a rate"
        case .percent: "a percentage"
        case .string: "a text"
        case .enumeration: "a word"
        case .list: "a list"
        case .object(let kind): "a \(kind)"
        case .selection(let kind): "a selection of \(kind)s"
        }
    }
}

extension Value {
    /// The number or quantity that a text such as `250ms` is; nil if it is none.
    public init?(quantity text: String) {
        guard let value = try? Quantity.parse(text) else { return nil }
        self = value
    }

    /// The value's type; an enumeration's words are known to its property only.
    public var type: ValueType {
        switch self {
        case .none: .none
        case .bool: .bool
        case .integer: .integer
        case .duration: .duration
        case .size: .size
        case .rate: .rate
        case .percent: .percent
        case .string: .string
        case .symbol: .enumeration([])
        case .list: .list
        case .object(let object): .object(object.kind)
        case .selection(let selection): .selection(selection.kind)
        }
    }

    /// The value as it is shown and interpolated.
    ///
    /// A quantity reads back as the same value; a selection shows its size, as naming thousands of
    /// phones would drown a message.
    public var text: String {
        switch self {
        case .none: "none"
        case .bool(let isOn): isOn ? "on" : "off"
        case .integer(let number): String(number)
        case .duration, .size, .rate, .percent: Quantity.text(self)
        case .string(let text): text
        case .symbol(let symbol): symbol.name
        case .list(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
        case .object(let object): object.name
        case .selection(let selection): "\(selection.ids.count) \(selection.kind)s"
        }
    }

    /// The value as a script would write it: a text in quotes.
    public var literal: String {
        switch self {
        case .string(let text): SyntaxPrinter.quoted(text)
        case .list(let values): "[" + values.map(\.literal).joined(separator: ", ") + "]"
        default: text
        }
    }
}
