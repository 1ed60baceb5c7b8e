// All that a host declares, in one place: the parser's grammar, dispatch, help, completion and the
// manual are read from here.

/// The commands and the vocabulary of a host.
public final class Registry<HostType: Host>: Sendable {
    /// What the parser knows: signatures without code.
    public let grammar: Grammar

    /// The kinds of objects.
    public let kinds: [ObjectKind<HostType>]

    /// The kind that selectors choose from.
    public let selectable: ObjectKind<HostType>

    /// All properties.
    public let properties: [Property<HostType>]

    /// All globals.
    public let globals: [Global<HostType>]

    /// The commands, inverses included, in the order of `grammar.commands`.
    let commands: [Command<HostType>]
    let functions: [Function<HostType>]
    let selectorKeywords: [SelectorKeyword<HostType>]
    /// Properties by kind and name, and globals by name; looked up only, never gone through.
    private let propertyIndex: [String: [String: Property<HostType>]]
    private let globalIndex: [String: Global<HostType>]

    /// Joins a host's declarations.
    ///
    /// - Parameters:
    ///   - commands: the commands, in the order in which help lists them.
    ///   - selectable: the kind of objects that selectors choose from.
    ///   - otherKinds: further kinds of objects that can be named.
    ///   - properties: the properties of objects of all kinds.
    ///   - globals: values of the world as a whole.
    ///   - functions: functions besides those of the language.
    ///   - selectorKeywords: the words of selectors.
    ///   - runsOthersInFiles: whether files too may call the command `!`.
    public init(
        commands: [Command<HostType>],
        selectable: ObjectKind<HostType>,
        otherKinds: [ObjectKind<HostType>] = [],
        properties: [Property<HostType>] = [],
        globals: [Global<HostType>] = [],
        functions: [Function<HostType>] = [],
        selectorKeywords: [SelectorKeyword<HostType>] = [],
        runsOthersInFiles: Bool = false
    ) {
        self.commands = commands.flatMap { [$0] + $0.inverse }
        self.selectable = selectable
        kinds = [selectable] + otherKinds
        self.properties = properties
        self.globals = globals
        self.functions = functions
        self.selectorKeywords = selectorKeywords
        propertyIndex = Dictionary(grouping: properties, by: \.kind).mapValues {
            Dictionary($0.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        }
        globalIndex = Dictionary(
            globals.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        grammar = Grammar(
            commands: self.commands.map(\.signature),
            functions: BuiltInFunction.signatures + functions.map(\.signature),
            selectorKeywords: selectorKeywords.map(\.signature),
            runsOthersInFiles: runsOthersInFiles
        )
    }

    /// Parses a text without running it, as for a check or for printing it in standard form.
    ///
    /// With `abbreviates`, unambiguous prefixes of command words count, as at a prompt.
    public func parse(_ source: SourceText, abbreviates: Bool = false) -> ParseResult {
        Parser.parse(source, grammar: grammar, abbreviates: abbreviates)
    }

    func kind(_ name: String) -> ObjectKind<HostType>? { kinds.first { $0.name == name } }

    func property(_ name: String, of kind: String) -> Property<HostType>? {
        propertyIndex[kind]?[name]
    }

    func propertyNames(of kind: String) -> [String] {
        properties.filter { $0.kind == kind }.map(\.name)
    }

    func global(_ name: String) -> Global<HostType>? { globalIndex[name] }

    /// The object of any kind that is called `name`, kinds in their order.
    func object(_ name: String, in host: HostType) -> ObjectReference? {
        for kind in kinds {
            if let id = kind.find(host, name) { return kind.reference(id, in: host) }
        }
        return nil
    }
}
