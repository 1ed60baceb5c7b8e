// The types that a command's closure can take. Each says how its argument is read and called, and
// turns what was read into itself; a command's parameters are checked against its closure by the
// compiler.

/// An argument after its variables were put in, as an `ArgumentType` gets it.
public struct Argument {
    /// Its value: a text for raw words and choices, else what its kind says.
    public let value: Value

    /// The text of a raw word, or how the value would be shown.
    public let text: String

    /// Where it stands, for diagnostics.
    public let range: SourceRange

    /// The elements of a list, or the words of the rest.
    public let elements: [Argument]

    /// What is no value: a regular expression or a condition.
    let captured: Any?

    init(_ value: Value, text: String? = nil, at range: SourceRange) {
        self.value = value
        self.text = text ?? value.text
        self.range = range
        elements = []
        captured = nil
    }

    init(elements: [Argument], at range: SourceRange) {
        value = .list(elements.map(\.value))
        text = elements.map(\.text).joined(separator: ",")
        self.range = range
        self.elements = elements
        captured = nil
    }

    init(captured: Any, text: String, at range: SourceRange) {
        value = .none
        self.text = text
        self.range = range
        elements = []
        self.captured = captured
    }

    /// An error about this argument, at its place.
    public func error(_ message: String, hints: [String] = []) -> Diagnostic {
        Diagnostic(message, at: range, hints: hints)
    }
}

/// A type that a command can take as an argument.
///
/// A type of the host reads a raw word as a rule: its kind is `.word("MAC", phrase: "a MAC
/// address")`, and `decode` looks at `argument.text`.
public protocol ArgumentType: SendableMetatype {
    /// How it is read and called.
    static var argumentKind: ArgumentKind { get }

    /// Makes the value, or throws `argument.error(…)`.
    static func decode(_ argument: Argument) throws(Diagnostic) -> Self
}

extension ArgumentKind {
    /// One raw word, decoded by its type; `phrase` is what a diagnostic calls it.
    public static func word(_ placeholder: String, phrase: String) -> ArgumentKind {
        ArgumentKind(.word, placeholder: placeholder, phrase: phrase)
    }

    /// The path of a file, which a prompt can complete.
    public static let file = ArgumentKind(.file, placeholder: "FILE", phrase: "the name of a file")

    /// The name of an existing object of `kind`.
    public static func object(_ kind: String) -> ArgumentKind {
        ArgumentKind(.object(kind), placeholder: kind.uppercased(), phrase: "the name of a \(kind)")
    }

    /// One of these words.
    public static func choice(
        _ placeholder: String,
        _ choices: [Choice],
        phrase: String
    ) -> ArgumentKind {
        ArgumentKind(.choice(choices), placeholder: placeholder, phrase: phrase)
    }

    /// The same kind under another placeholder and phrase.
    public func called(_ placeholder: String, phrase: String? = nil) -> ArgumentKind {
        ArgumentKind(syntax, placeholder: placeholder, phrase: phrase ?? self.phrase)
    }
}

/// An enumeration whose words a command can take: a `String` enum that is `CaseIterable`.
public protocol ChoiceArgument: ArgumentType, CaseIterable, RawRepresentable
where RawValue == String {
    /// What it is called in a synopsis; the words joined by `|` if not given.
    static var placeholder: String { get }

    /// What the word means, as half a sentence.
    var help: String { get }
}

extension ChoiceArgument {
    /// The words joined by `|`.
    public static var placeholder: String { allCases.map(\.rawValue).joined(separator: "|") }

    /// A choice of all cases.
    public static var argumentKind: ArgumentKind {
        .choice(
            placeholder,
            allCases.map { Choice($0.rawValue, help: $0.help) },
            phrase: "one of " + allCases.map(\.rawValue).joined(separator: ", ")
        )
    }

    /// The case the word names.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> Self {
        guard let value = Self(rawValue: argument.text) else {
            throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`")
        }
        return value
    }
}
