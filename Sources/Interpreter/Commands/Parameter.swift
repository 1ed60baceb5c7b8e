// How a command declares its parameters: where each stands, what it is for, and what it is if it is
// left out.

/// One parameter of a command, whose argument reaches the closure as `Argument`.
public struct Parameter<Value>: Sendable {
    /// What the parser and help know of it.
    public let signature: ParameterSignature

    let decode: @Sendable (Argument?) throws(Diagnostic) -> Value

    /// Decodes an argument and forgets it.
    let check: @Sendable (Argument) throws(Diagnostic) -> Void

    private init(
        _ name: String,
        _ kind: ArgumentKind,
        _ placement: Placement,
        _ help: String,
        required: Bool,
        defaultText: String? = nil,
        decode: @escaping @Sendable (Argument?) throws(Diagnostic) -> Value
    ) {
        signature = ParameterSignature(
            name: name,
            kind: kind,
            placement: placement,
            help: help,
            isRequired: required,
            defaultText: defaultText
        )
        self.decode = decode
        check = { (argument) throws(Diagnostic) in _ = try decode(argument) }
    }

    private static func words(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }

    /// The error for a required argument that is not there; the parser has seen to it that it is.
    private static func missing(_ name: String) -> Diagnostic {
        Diagnostic("the argument `\(name)` is missing")
    }
}

extension Parameter where Value: ArgumentType {
    /// A required argument at its place in the order.
    ///
    /// `kind` replaces the type's own, as for `.object("site")`; if the word is a new name, say so
    /// by `.word("NAME", phrase: "a name")`.
    public static func argument(
        _ name: String,
        kind: ArgumentKind = Value.argumentKind,
        help: String
    ) -> Parameter {
        Parameter(name, kind, .positional, help, required: true) { (argument) throws(Diagnostic) in
            guard let argument else { throw missing(name) }
            return try Value.decode(argument)
        }
    }

    /// A required argument behind its keyword, such as `model M`; `words` may be several.
    public static func keyword(
        _ words: String,
        kind: ArgumentKind = Value.argumentKind,
        help: String
    ) -> Parameter {
        Parameter(
            words,
            kind,
            .keyword(self.words(words)),
            help,
            required: true
        ) { (argument) throws(Diagnostic) in
            guard let argument else { throw missing(words) }
            return try Value.decode(argument)
        }
    }
}

extension Parameter where Value: ArgumentType & Sendable {
    /// An argument at its place in the order that may be left out; then it is `default`, which help
    /// shows as `shownAs`.
    public static func argument(
        _ name: String,
        kind: ArgumentKind = Value.argumentKind,
        default: Value,
        shownAs: String? = nil,
        help: String
    ) -> Parameter {
        Parameter(
            name,
            kind,
            .positional,
            help,
            required: false,
            defaultText: shownAs
        ) { (argument) throws(Diagnostic) in
            guard let argument else { return `default` }
            return try Value.decode(argument)
        }
    }

    /// An argument behind its keyword that may be left out; then it is `default`, which help shows
    /// as `shownAs`.
    public static func option(
        _ words: String,
        kind: ArgumentKind = Value.argumentKind,
        default: Value,
        shownAs: String? = nil,
        help: String
    ) -> Parameter {
        Parameter(
            words,
            kind,
            .keyword(self.words(words)),
            help,
            required: false,
            defaultText: shownAs
        ) { (argument) throws(Diagnostic) in
            guard let argument else { return `default` }
            return try Value.decode(argument)
        }
    }
}

extension Parameter {
    /// An argument at its place in the order that may be left out; then it is nil.
    public static func optional<Wrapped: ArgumentType>(
        _ name: String,
        kind: ArgumentKind = Wrapped.argumentKind,
        help: String
    ) -> Parameter where Value == Wrapped? {
        Parameter(name, kind, .positional, help, required: false) { (argument) throws(Diagnostic) in
            guard let argument else { return nil }
            return try Wrapped.decode(argument)
        }
    }

    /// An argument behind its keyword that may be left out; then it is nil.
    public static func option<Wrapped: ArgumentType>(
        _ words: String,
        kind: ArgumentKind = Wrapped.argumentKind,
        help: String
    ) -> Parameter where Value == Wrapped? {
        Parameter(
            words,
            kind,
            .keyword(self.words(words)),
            help,
            required: false
        ) { (argument) throws(Diagnostic) in
            guard let argument else { return nil }
            return try Wrapped.decode(argument)
        }
    }

    /// All the words that are left, at least one unless `required` is false.
    ///
    /// The last positional.
    public static func rest<Element: ArgumentType>(
        _ name: String,
        kind: ArgumentKind = Element.argumentKind,
        required: Bool = true,
        help: String
    ) -> Parameter where Value == [Element] {
        Parameter(name, kind, .rest, help, required: required) { (argument) throws(Diagnostic) in
            guard let argument else { return [] }
            return try [Element].decode(argument)
        }
    }
}

extension Parameter where Value == Bool {
    /// A word, or several, that is there or not, such as `unticked`.
    public static func flag(_ words: String, help: String) -> Parameter {
        Parameter(
            words,
            Bool.argumentKind,
            .flag(self.words(words)),
            help,
            required: false
        ) { (argument) throws(Diagnostic) in argument != nil }
    }
}
