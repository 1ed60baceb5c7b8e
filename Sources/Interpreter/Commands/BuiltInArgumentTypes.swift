// The argument types that the language itself brings: texts, numbers, quantities, selections,
// regular expressions, conditions, and lists of them.

/// A length of time as an argument.
public struct DurationArgument: ArgumentType, Sendable, Equatable {
    /// The length in nanoseconds.
    public let nanoseconds: Int64

    /// A length of `nanoseconds`, as for a parameter's default.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The length that a word such as `250ms` tells; nil if it tells none.
    public init?(word: String) {
        guard case .duration(let nanoseconds) = try? Quantity.parse(word) else { return nil }
        self.nanoseconds = nanoseconds
    }

    /// A raw word such as `250ms`.
    public static let argumentKind = ArgumentKind(
        .value(.duration),
        placeholder: "DURATION",
        phrase: "a duration such as 250ms"
    )

    /// The duration that was read.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> DurationArgument {
        guard case .duration(let nanoseconds) = argument.value else {
            throw argument.unlike(Self.self)
        }
        return DurationArgument(nanoseconds: nanoseconds)
    }
}

/// An amount of data as an argument.
public struct SizeArgument: ArgumentType, Sendable, Equatable {
    /// The amount in bytes.
    public let bytes: Int64

    /// An amount of `bytes`, as for a parameter's default.
    public init(bytes: Int64) { self.bytes = bytes }

    /// A raw word such as `64KiB`.
    public static let argumentKind = ArgumentKind(
        .value(.size),
        placeholder: "SIZE",
        phrase: "a size such as 64KiB"
    )

    /// The size that was read.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> SizeArgument {
        guard case .size(let bytes) = argument.value else { throw argument.unlike(Self.self) }
        return SizeArgument(bytes: bytes)
    }
}

/// Data per time as an argument.
public struct RateArgument: ArgumentType, Sendable, Equatable {
    /// The rate in bits per second.
    public let bitsPerSecond: Int64

    /// A rate of `bitsPerSecond`, as for a parameter's default.
    public init(bitsPerSecond: Int64) { self.bitsPerSecond = bitsPerSecond }

    /// A raw word such as `1.544Mbps`.
    public static let argumentKind = ArgumentKind(
        .value(.rate),
        placeholder: "RATE",
        phrase: "a rate such as 1.544Mbps"
    )

    /// The rate that was read.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> RateArgument {
        guard case .rate(let bits) = argument.value else { throw argument.unlike(Self.self) }
        return RateArgument(bitsPerSecond: bits)
    }
}

/// A share as an argument.
public struct PercentArgument: ArgumentType, Sendable, Equatable {
    /// The share in parts per million: 5% is 50,000.
    public let partsPerMillion: Int64

    /// A share of `partsPerMillion`, as for a parameter's default.
    public init(partsPerMillion: Int64) { self.partsPerMillion = partsPerMillion }

    /// A raw word such as `5%`.
    public static let argumentKind = ArgumentKind(
        .value(.percent),
        placeholder: "PERCENT",
        phrase: "a percentage such as 5%"
    )

    /// The share that was read.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> PercentArgument {
        guard case .percent(let parts) = argument.value else { throw argument.unlike(Self.self) }
        return PercentArgument(partsPerMillion: parts)
    }
}

/// The name of an object that is to be made: a name of the language that no word of it shadows.
public struct NewName: ArgumentType, Sendable, Equatable {
    /// The name.
    public let text: String

    /// Text as a name; nil where it is no name, or a word of the language.
    public init?(word text: String) {
        guard Lexer(Array(text.utf8)).nameLength() == text.utf8.count, !text.isEmpty,
            !Grammar.reservedWords.contains(text), !Grammar.expressionWords.contains(text)
        else { return nil }
        self.text = text
    }

    private init(text: String) { self.text = text }

    /// A name such as `P1`.
    public static let argumentKind = ArgumentKind.word("NAME", phrase: "a new name such as P1")

    /// The name, or an error if it is no name or a reserved word.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> NewName {
        let text = argument.text
        guard Lexer(Array(text.utf8)).nameLength() == text.utf8.count, !text.isEmpty else {
            throw argument.error(
                "`\(text)` is not a name",
                hints: ["a name starts with a letter and holds letters, digits, `_` and `-`"]
            )
        }
        if Grammar.reservedWords.contains(text) || Grammar.expressionWords.contains(text) {
            throw argument.error("`\(text)` is a word of the language and cannot be a name")
        }
        return NewName(text: text)
    }
}

/// The rest of the line, as it is, as an argument.
public struct RestOfLine: ArgumentType, Sendable, Equatable {
    /// The text, without blanks at its ends.
    public let text: String

    /// All up to the line's end.
    public static let argumentKind = ArgumentKind(.text, placeholder: "TEXT", phrase: "a text")

    /// The text that was read.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> RestOfLine {
        RestOfLine(text: argument.text)
    }
}

extension Argument {
    /// The error for an argument whose value is not of the type its kind promised, as when a
    /// declaration gives a parameter a kind that its type cannot take.
    func unlike<Wanted: ArgumentType>(_ wanted: Wanted.Type) -> Diagnostic {
        error("expected \(Wanted.argumentKind.phrase), not \(value.type.phrase)")
    }
}

extension String: ArgumentType {
    /// A raw word.
    public static var argumentKind: ArgumentKind { .word("WORD", phrase: "a word") }

    /// The word's text.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> String { argument.text }
}

extension Int64: ArgumentType {
    /// A whole number.
    public static var argumentKind: ArgumentKind {
        ArgumentKind(.value(.integer), placeholder: "NUMBER", phrase: "a whole number")
    }

    /// The number that was read.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> Int64 {
        guard case .integer(let number) = argument.value else { throw argument.unlike(Self.self) }
        return number
    }
}

extension Int: ArgumentType {
    /// A whole number.
    public static var argumentKind: ArgumentKind { Int64.argumentKind }

    /// The number that was read.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> Int {
        guard let number = Int(exactly: try Int64.decode(argument)) else {
            throw argument.error("\(argument.text) is too large")
        }
        return number
    }
}

extension Bool: ArgumentType {
    /// `on` or `off`.
    public static var argumentKind: ArgumentKind {
        ArgumentKind(.value(.bool), placeholder: "on|off", phrase: "`on` or `off`")
    }

    /// Whether it was `on`.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> Bool {
        guard case .bool(let isOn) = argument.value else { throw argument.unlike(Self.self) }
        return isOn
    }
}

extension Value: ArgumentType {
    /// An expression of any type.
    public static var argumentKind: ArgumentKind {
        ArgumentKind(.expression, placeholder: "EXPRESSION", phrase: "an expression")
    }

    /// The expression's value.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> Value { argument.value }
}

extension Selection: ArgumentType {
    /// A selector.
    public static var argumentKind: ArgumentKind {
        ArgumentKind(
            .selector,
            placeholder: "SELECTOR",
            phrase: "a selector such as P1, P1,P4, P3..P9, P* or all"
        )
    }

    /// The objects it found.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> Selection {
        guard case .selection(let selection) = argument.value else {
            throw argument.unlike(Self.self)
        }
        return selection
    }
}

extension ObjectReference: ArgumentType {
    /// The name of an object; a parameter says of which kind: `kind: .object("site")`.
    public static var argumentKind: ArgumentKind { .object("object") }

    /// The object it names.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> ObjectReference {
        guard case .object(let object) = argument.value else { throw argument.unlike(Self.self) }
        return object
    }
}

extension Pattern: ArgumentType {
    /// A regular expression.
    public static var argumentKind: ArgumentKind {
        ArgumentKind(
            .pattern,
            placeholder: "/RE/",
            phrase: "a regular expression such as /text/"
        )
    }

    /// The expression that was read.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> Pattern {
        guard let pattern = argument.captured as? Pattern else { throw argument.unlike(Self.self) }
        return pattern
    }
}

extension Array: ArgumentType where Element: ArgumentType {
    /// Words joined by commas.
    public static var argumentKind: ArgumentKind {
        let element = Element.argumentKind
        return ArgumentKind(
            .list(element.syntax),
            placeholder: element.placeholder + ",...",
            phrase: element.phrase
        )
    }

    /// The elements in order.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> [Element] {
        var elements: [Element] = []
        for element in argument.elements { elements.append(try Element.decode(element)) }
        return elements
    }
}

extension Located: ArgumentType where Node: ArgumentType {
    /// As the type inside.
    public static var argumentKind: ArgumentKind { Node.argumentKind }

    /// The value with its place, so that the command can point at it in its own diagnostics.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> Located {
        Located(try Node.decode(argument), at: argument.range)
    }
}
