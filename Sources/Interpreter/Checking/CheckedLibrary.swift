// The texts of a check: the script itself and those that it sources by a name that stands there.
// All are read and parsed first, so that what one of them defines is known in the others. A script
// that is sourced by a name that only a run can tell may define anything: the check is then
// incomplete, and names that nobody defines are no mistake.

/// What the texts of a check define.
struct CheckedLibrary<HostType: Host> {
    /// What a variable is given: an expression, or something of a type.
    enum Assigned {
        case expression(Expression)
        case type(StaticType)
    }

    private let registry: Registry<HostType>
    private let host: HostType
    private(set) var main: CheckedText?
    /// Errors of form of all texts, and of texts that cannot be read.
    private(set) var diagnostics: [Diagnostic] = []
    /// The names of the scripts that are sourced, each once.
    private(set) var names: [String] = []
    private(set) var procedures: [String: [CheckedProcedure]] = [:]
    private(set) var assignedTypes: [(name: String, value: Assigned)] = []
    /// Whether a text is sourced that cannot be looked at.
    private(set) var isIncomplete = false
    /// Texts by who sources them and by what name; looked up only.
    private var texts: [String: (text: SourceText, result: ParseResult)] = [:]
    /// Variables of statements that were not understood; looked up only.
    private var misread: Set<String> = []
    /// Files that the scripts themselves write; nil is one whose name only a run can tell.
    private var written: [String?] = []

    init(registry: Registry<HostType>, host: HostType) {
        self.registry = registry
        self.host = host
    }

    var mainName: String? { main?.source.name }

    /// Whether a statement that was not understood may define a variable.
    func mayDefine(_ name: String) -> Bool {
        misread.contains(name) && !assignedTypes.contains { $0.name == name }
    }

    /// Parses the script and all that it sources.
    mutating func load(_ text: CheckedText) -> ParseResult {
        main = text
        let result = registry.parse(text.source)
        take(result, text)
        return result
    }

    /// A sourced text, if it could be read.
    func sourced(_ path: String, by text: CheckedText) -> (text: SourceText, result: ParseResult)? {
        texts[Self.key(path, text)]
    }

    private static func key(_ path: String, _ text: CheckedText) -> String {
        "\(text.isFile ? text.source.name : "")\0\(path)"
    }

    // MARK: Taking a text in

    private mutating func take(_ result: ParseResult, _ text: CheckedText) {
        for var diagnostic in result.diagnostics {
            diagnostic.notes += text.callers
            diagnostics.append(diagnostic)
        }
        if !result.diagnostics.isEmpty { collectMisread(text.source) }
        for statement in result.script.statements { take(statement, text) }
    }

    private mutating func take(_ statement: Statement, _ text: CheckedText) {
        switch statement.kind {
        case .binding(let name, let value), .parameter(let name, let value):
            assignedTypes.append((name.node, .expression(value)))
        case .forEach(let variable, .numbers, _):
            assignedTypes.append((variable.node, .type(.integer)))
        case .forEach(let variable, .selector, _):
            let kind = registry.selectable.name
            assignedTypes.append((variable.node, .type(.known(.object(kind)))))
        case .forEach(let variable, .list, _):
            assignedTypes.append((variable.node, .type(.unknown)))
        case .call(_, let result?, _): assignedTypes.append((result.node, .type(.unknown)))
        case .procedure(let procedure):
            for parameter in procedure.parameters {
                assignedTypes.append((parameter.name.node, .type(.unknown)))
            }
            let checked = CheckedProcedure(syntax: procedure, text: text)
            procedures[procedure.name.node, default: []].append(checked)
        case .command(let call): for filter in call.filters { take(filter) }
        case .source(let path): source(path, at: statement.range, by: text)
        default: break
        }
        for block in statement.blocks {
            for inner in block.statements { take(inner, text) }
        }
    }

    private mutating func take(_ filter: FilterCall) {
        if case .file(let path) = filter.argument { written.append(path.literal) }
    }

    /// Reads and takes in a text that is sourced; one that is read already is not taken in again.
    private mutating func source(
        _ template: Template,
        at range: SourceRange,
        by text: CheckedText
    ) {
        guard let path = template.literal else {
            isIncomplete = true
            return
        }
        let key = Self.key(path, text)
        guard texts[key] == nil else { return }
        guard texts.count < Limits.checkedScripts else {
            isIncomplete = true
            return
        }
        let note = Diagnostic.Note("sourced from here", source: text.source, range: range)
        do throws(Diagnostic) {
            let source = try read(path, at: template.range, by: text)
            let known = procedures.keys.sorted()
            let result = Parser.parse(source, grammar: registry.grammar, procedures: known)
            texts[key] = (source, result)
            guard !names.contains(source.name), source.name != mainName else { return }
            names.append(source.name)
            take(
                result,
                CheckedText(source: source, isFile: true, callers: [note] + text.callers)
            )
        } catch {
            isIncomplete = true
            if written.contains(where: { $0 == nil || $0 == path }) { return }
            var placed = error.placed(at: template.range, in: text.source)
            placed.notes += text.callers
            diagnostics.append(placed)
        }
    }

    private func read(
        _ path: String,
        at range: SourceRange,
        by text: CheckedText
    ) throws(Diagnostic) -> SourceText {
        let file: (name: String, bytes: [UInt8])
        do throws(SourceReadFailure) {
            file = try host.readSource(path, including: text.isFile ? text.source.name : nil)
        } catch {
            throw error.diagnostic(path, at: range)
        }
        do throws(Diagnostic) {
            return try SourceText(name: file.name, bytes: file.bytes)
        } catch {
            throw Diagnostic(error.message, at: range, kind: error.kind, hints: error.hints)
        }
    }

    /// The names behind the words that define variables, in a text of which not all was understood;
    /// what is not understood may source anything.
    private mutating func collectMisread(_ source: SourceText) {
        var lexer = Lexer(source.bytes)
        while !lexer.isAtEnd {
            if lexer.take(word: "source") { isIncomplete = true }
            let isDefinition = ["let", "for", "parameter", "proc"].contains { lexer.take(word: $0) }
            if isDefinition {
                lexer.skipBlanks()
                while let name = lexer.name(dashed: false) {
                    misread.insert(name.node)
                    if !lexer.skipBlanks() { break }
                }
            }
            while !lexer.isAtEnd, !lexer.isSpace(), !";{".utf8.contains(lexer.peek()) {
                lexer.position += 1
            }
            if !lexer.isAtEnd { lexer.position += 1 }
        }
    }
}

extension Statement {
    /// The blocks that belong to it, in order.
    var blocks: [Block] {
        switch kind {
        case .forEach(_, _, let block), .repetition(_, let block), .loop(_, let block),
            .block(let block), .test(_, let block), .trial(let block), .at(_, let block),
            .every(_, let block), .when(_, let block):
            [block]
        case .conditional(let branches, let otherwise):
            branches.map(\.block) + (otherwise.map { [$0] } ?? [])
        case .procedure(let procedure): [procedure.body]
        default: []
        }
    }
}
