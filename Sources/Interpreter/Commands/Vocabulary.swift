// What a host adds to expressions and selectors: kinds of objects, properties, functions, globals
// and selector keywords. Each is one declaration, from which evaluation, help and completion come.

/// A kind of objects that scripts can name, such as phones or sites.
public struct ObjectKind<HostType: Host>: Sendable {
    /// Its name, in the singular.
    public let name: String

    /// What it is, as half a sentence.
    public let help: String

    let all: @Sendable (HostType) -> [Int]
    let find: @Sendable (HostType, String) -> Int?
    let nameOf: @Sendable (HostType, Int) -> String

    /// Declares a kind.
    ///
    /// - Parameters:
    ///   - name: the singular.
    ///   - help: what it is, as half a sentence.
    ///   - all: the numbers of all objects, in the order in which `all` shows them.
    ///   - find: the number of the object of a name.
    ///   - nameOf: the name of the object of a number.
    public init(
        _ name: String,
        help: String,
        all: @escaping @Sendable (HostType) -> [Int],
        find: @escaping @Sendable (HostType, String) -> Int?,
        nameOf: @escaping @Sendable (HostType, Int) -> String
    ) {
        self.name = name
        self.help = help
        self.all = all
        self.find = find
        self.nameOf = nameOf
    }

    func reference(_ id: Int, in host: HostType) -> ObjectReference {
        ObjectReference(kind: name, id: id, name: nameOf(host, id))
    }
}

/// A property of objects of one kind, read as `P1.state`.
public struct Property<HostType: Host>: Sendable {
    /// Its name.
    public let name: String

    /// The kind of objects that have it.
    public let kind: String

    /// The type of its values; any object may have `none` instead.
    public let type: ValueType

    /// What it says, as half a sentence.
    public let help: String

    let get: @Sendable (HostType, Int) -> Value

    /// Declares a property of objects of `kind`; `get` is given the object's number.
    public init(
        _ name: String,
        of kind: String,
        type: ValueType,
        help: String,
        get: @escaping @Sendable (HostType, Int) -> Value
    ) {
        self.name = name
        self.kind = kind
        self.type = type
        self.help = help
        self.get = get
    }
}

/// A value of the world as a whole, read as `server.fetches`; its name may hold one point.
public struct Global<HostType: Host>: Sendable {
    /// Its name.
    public let name: String

    /// The type of its value.
    public let type: ValueType

    /// What it says, as half a sentence.
    public let help: String

    let get: @Sendable (HostType) -> Value

    /// Declares a global.
    public init(
        _ name: String,
        type: ValueType,
        help: String,
        get: @escaping @Sendable (HostType) -> Value
    ) {
        self.name = name
        self.type = type
        self.help = help
        self.get = get
    }
}

/// A function of expressions.
public struct Function<HostType: Host>: Sendable {
    /// All but its code.
    public let signature: FunctionSignature

    let call: @Sendable (HostType, [Value]) throws(Diagnostic) -> Value

    /// Declares a function; `call` gets one value for each parameter.
    ///
    /// An object a parameter asks for has been found when `call` runs, a selector resolved. What
    /// `call` throws is placed at the call.
    public init(
        _ name: String,
        _ parameters: [FunctionParameter],
        result: ValueType? = nil,
        help: String,
        call: @escaping @Sendable (HostType, [Value]) throws(Diagnostic) -> Value
    ) {
        signature = FunctionSignature(
            name: name,
            parameters: parameters,
            result: result,
            help: help
        )
        self.call = call
    }
}

/// A word of selectors with a value behind it, such as `model CP-7961G`.
public struct SelectorKeyword<HostType: Host>: Sendable {
    /// All but its code.
    public let signature: SelectorKeywordSignature

    let ids: @Sendable (HostType, Argument) throws(Diagnostic) -> [Int]

    /// Declares a keyword; `ids` gives the numbers of the matching objects of the selectable kind.
    public init(
        _ name: String,
        kind: ArgumentKind,
        help: String,
        ids: @escaping @Sendable (HostType, Argument) throws(Diagnostic) -> [Int]
    ) {
        signature = SelectorKeywordSignature(name: name, kind: kind, help: help)
        self.ids = ids
    }
}
