// What can stand at a place of a line that is being typed. The parser reads the text up to the
// cursor and notes what it looked for (`Expected`); here the notes become words. So completion, `?`
// and the parser can never disagree.

/// A word that could be completed to.
public struct Candidate: Sendable, Equatable {
    /// The whole word.
    public let text: String

    /// What it is, as half a sentence; may be empty.
    public let hint: String
}

/// What could stand at a place.
public struct Completion: Sendable, Equatable {
    /// The byte offset at which the word begins that is being typed; the candidates replace the
    /// text from there to the cursor.
    public let start: Int

    /// The words that begin with what is already there, in the order of the declarations.
    public let candidates: [Candidate]

    /// What could stand here and cannot be listed, such as a duration: placeholder and help.
    public let values: [Candidate]

    /// Whether the name of a file could stand here.
    public let takesFile: Bool

    /// Whether the command could end here.
    public let mayEnd: Bool
}

extension Interpreter {
    /// What could stand at byte offset `cursor` of `text`, a line typed at the prompt.
    public func completion(of text: String, at cursor: Int) -> Completion {
        let bytes = Array(text.utf8.prefix(max(0, cursor)))
        let source = SourceText(name: "", text: String(decoding: bytes, as: UTF8.self))
        var parser = Parser(
            source,
            grammar: registry.grammar,
            abbreviates: true,
            procedures: procedureNames
        )
        parser.recordsExpectations = true
        _ = parser.statements(inBlock: false)
        let places = parser.expectations.filter { Self.isWordStart($0.position, source.bytes) }
        let start = places.map(\.position).max() ?? source.bytes.count
        var collector = CandidateCollector(
            registry: registry,
            host: host,
            evaluator: evaluator,
            procedures: procedures,
            prefix: source.string(SourceRange(start, source.bytes.count))
        )
        for place in places where place.position == start { collector.add(place.expected) }
        return Completion(
            start: start,
            candidates: collector.candidates,
            values: collector.values,
            takesFile: collector.takesFile,
            mayEnd: collector.mayEnd
        )
    }

    /// Whether the word that is being typed begins at `position`: nothing but that word is behind
    /// it, and what is in front of it ends a word.
    private static func isWordStart(_ position: Int, _ bytes: [UInt8]) -> Bool {
        guard !bytes[position...].contains(where: { Lexer.isBlank($0) || $0 == 0x0A }) else {
            return false
        }
        return position == 0 || " \t\r\n;{,([.$".utf8.contains(bytes[position - 1])
    }

    /// The lines that `?` at byte offset `cursor` shows: what can stand there, one line each.
    public func help(of text: String, at cursor: Int) -> [String] {
        let completion = completion(of: text, at: cursor)
        var entries = completion.values + completion.candidates
        if completion.takesFile, !entries.contains(where: { $0.text == "FILE" }) {
            entries.append(Candidate(text: "FILE", hint: "the name of a file"))
        }
        if completion.mayEnd, completion.start == cursor {
            entries.append(Candidate(text: "<Enter>", hint: "the command is whole"))
        }
        return HelpRenderer.columns(entries.map { ($0.text, $0.hint) })
    }
}

/// Turns the parser's notes into words that begin with what was typed.
struct CandidateCollector<HostType: Host> {
    let registry: Registry<HostType>
    let host: HostType
    let evaluator: ExpressionEvaluator<HostType>
    /// Looked up and gone through by sorted name only.
    let procedures: [String: DefinedProcedure]
    let prefix: String
    private(set) var candidates: [Candidate] = []
    private(set) var values: [Candidate] = []
    private(set) var takesFile = false
    private(set) var mayEnd = false
    private var seen: Set<String> = []

    init(
        registry: Registry<HostType>,
        host: HostType,
        evaluator: ExpressionEvaluator<HostType>,
        procedures: [String: DefinedProcedure],
        prefix: String
    ) {
        self.registry = registry
        self.host = host
        self.evaluator = evaluator
        self.procedures = procedures
        self.prefix = prefix
    }

    mutating func add(_ expected: Expected) {
        switch expected {
        case .statement: addStatements()
        case .pathWord(let commands, let depth): addPathWords(commands, depth: depth)
        case .keyword(let parameter):
            add(parameter.words.joined(separator: " "), parameter.help)
        case .argument(let parameter): add(parameter.kind, parameter.help)
        case .selector: addSelectors()
        case .selectorValue(let keyword): add(keyword.kind, keyword.help)
        case .operand(let other, let words): addOperands(comparedWith: other, words)
        case .column(let columns): addColumns(columns)
        case .procedure: addProcedures()
        case .callArgument(let procedure, let earlier): addArguments(of: procedure, earlier)
        case .property(let base): addProperties(of: base)
        case .variable: for name in evaluator.scope.names { add(name, "a variable") }
        case .file: takesFile = true
        case .word(let word, let help):
            if word.first?.isLetter == true { add(word, help) } else { addValue(word, help) }
        case .end: mayEnd = true
        }
    }

    private mutating func add(_ word: String, _ hint: String) {
        guard word.hasPrefix(prefix), seen.insert(word).inserted else { return }
        candidates.append(Candidate(text: word, hint: hint))
    }

    private mutating func addValue(_ placeholder: String, _ hint: String) {
        guard prefix.isEmpty, seen.insert(placeholder).inserted else { return }
        values.append(Candidate(text: placeholder, hint: hint))
    }

    private mutating func addStatements() {
        addPathWords(Array(registry.grammar.commands.indices), depth: 0)
        addProcedures()
        for statement in StatementHelp.all { add(statement.name, statement.summary) }
    }

    private mutating func addProcedures() {
        for name in procedures.keys.sorted() {
            guard let procedure = procedures[name] else { continue }
            add(name, "a procedure: \(procedure.syntax.synopsis)")
        }
    }

    /// The parameters that a call has not given yet, behind arguments of which those by place have
    /// no name.
    private mutating func addArguments(of name: String, _ earlier: [String]) {
        guard let procedure = procedures[name]?.syntax else { return }
        let places = earlier.count { $0.isEmpty }
        for (place, parameter) in procedure.parameters.enumerated() {
            let name = parameter.name.node
            guard place >= places, !earlier.contains(name) else { continue }
            let standard = parameter.defaultValue.map { "\(SyntaxPrinter.text($0)) if not given" }
            let hint = standard ?? "required"
            if place == places { addValue(name, hint) }
            add("\(name)=", hint)
        }
        mayEnd = true
    }

    private mutating func addColumns(_ columns: [String]) {
        let kind = registry.selectable.name
        for column in columns {
            add(column, registry.property(column, of: kind)?.help ?? "a column")
        }
        if columns.isEmpty { addValue("NAME", "the name of a column") }
    }

    private mutating func addPathWords(_ commands: [Int], depth: Int) {
        for index in commands {
            let command = registry.grammar.commands[index]
            let same = commands.filter {
                registry.grammar.commands[$0].path[depth] == command.path[depth]
            }
            let whole = same.first { registry.grammar.commands[$0].path.count == depth + 1 }
            let summary = whole.map { registry.grammar.commands[$0].summary }
            let further = same.compactMap { registry.grammar.commands[$0].path[safe: depth + 1] }
            add(command.path[depth], summary ?? further.joined(separator: ", "))
        }
    }

    private mutating func add(_ kind: ArgumentKind, _ help: String) {
        switch kind.syntax {
        case .choice(let choices): for choice in choices.shown { add(choice.name, choice.help) }
        case .object(let name): addObjects(of: name, help)
        case .value(.bool):
            add("on", help)
            add("off", help)
        case .list(let element):
            add(ArgumentKind(element, placeholder: kind.placeholder, phrase: kind.phrase), help)
        case .file: takesFile = true
        case .word, .value, .pattern, .text: addValue(kind.placeholder, help)
        case .selector:
            addValue(kind.placeholder, help)
            addSelectors()
        case .expression, .condition:
            addValue(kind.placeholder, help)
            addOperands(comparedWith: nil, .none)
        }
    }

    private mutating func addObjects(of name: String, _ help: String) {
        guard let kind = registry.kind(name) else { return }
        let all = kind.all(host)
        let hint = "a \(name)"
        for id in all { add(kind.nameOf(host, id), hint) }
        if all.isEmpty { addValue(name.uppercased(), help) }
    }

    private mutating func addSelectors() {
        add("all", "every \(registry.selectable.name)")
        for keyword in registry.grammar.selectorKeywords { add(keyword.name, keyword.help) }
        add("where", "those for which a condition in parentheses holds")
        addObjects(of: registry.selectable.name, "the name of one")
    }

    private mutating func addOperands(comparedWith other: Expression?, _ words: OperandWords) {
        if let other, let words = enumeration(of: other, words) {
            for word in words { add(word, "") }
            return
        }
        switch words {
        case .none: break
        case .properties:
            for property in registry.properties where property.kind == registry.selectable.name {
                add(property.name, property.help)
            }
        case .columns(let columns): addColumns(columns ?? [])
        }
        for global in registry.globals { add(global.name, global.help) }
        for function in registry.grammar.functions { add(function.name + "(", function.help) }
        add("now", "the time")
        for kind in registry.kinds { addObjects(of: kind.name, "") }
    }

    /// The words that an expression can have; a column is taken for the property of its name.
    private func enumeration(of expression: Expression, _ words: OperandWords) -> [String]? {
        var copy = evaluator
        switch words {
        case .none: break
        case .properties, .columns:
            copy.subject = ObjectReference(kind: registry.selectable.name, id: 0, name: "")
        }
        return copy.enumeration(of: expression)
    }

    private mutating func addProperties(of base: Expression) {
        if case .word(let word) = base.kind {
            for global in registry.globals where global.name.hasPrefix(word + ".") {
                add(String(global.name.dropFirst(word.count + 1)), global.help)
            }
        }
        guard let kind = kind(of: base) else { return }
        for property in registry.properties where property.kind == kind {
            add(property.name, property.help)
        }
    }

    /// The kind of object an expression gives, as far as its form tells.
    private func kind(of expression: Expression) -> String? {
        let type: ValueType?
        switch expression.kind {
        case .word(let word): type = registry.object(word, in: host).map { .object($0.kind) }
        case .variable(let name): type = evaluator.scope.value(of: name)?.type
        case .call(let name, _): type = registry.grammar.function(name.node)?.result
        case .property(let base, let name):
            type = kind(of: base).flatMap { registry.property(name.node, of: $0)?.type }
        default: type = nil
        }
        if case .object(let kind) = type { return kind }
        return nil
    }
}

extension Array {
    /// The element at `index`, or nil where there is none.
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
