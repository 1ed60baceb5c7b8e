// What is wrong with a script, found without running it: all of it at once, in the scripts that it
// sources too. The rule is to stay silent in doubt: what only a run can tell is left to the run.
// Errors are what would stop a run that comes to the place; what runs well and is probably not meant
// is a warning.

/// What a check found.
public struct CheckResult: Sendable {
    /// Errors and warnings, in the order of each text, the checked one first.
    public let diagnostics: [Diagnostic]

    /// The names of the scripts that it sources, as far as the text tells, each once.
    public let sourced: [String]

    /// What was found, and what scripts are sourced.
    public init(diagnostics: [Diagnostic], sourced: [String]) {
        self.diagnostics = diagnostics
        self.sourced = sourced
    }
}

extension Interpreter {
    /// Checks a text without running it: its form, its names, types and arguments, and those of the
    /// scripts that it sources.
    ///
    /// With `isFile` the text's name is a path, to which relative paths in it belong.
    public func check(_ source: SourceText, isFile: Bool = false) -> CheckResult {
        var checker = ScriptChecker(registry: registry, host: host)
        return checker.check(CheckedText(source: source, isFile: isFile, callers: []))
    }
}

/// Checks one script with all that it sources.
struct ScriptChecker<HostType: Host> {
    let registry: Registry<HostType>
    let host: HostType
    var library: CheckedLibrary<HostType>
    var variableTypes: [String: StaticType] = [:]
    var names = CheckedNames()
    var text: CheckedText
    /// Blocks in time that the open blocks have begun, innermost block last.
    var deferred: [[DeferredBlock]] = [[]]
    var pending: [CheckedProcedure] = []
    var procedures: [String: [CheckedProcedure]] = [:]
    var assignments: [CheckedAssignment] = []
    /// Variables and procedures that are read or called somewhere; looked up only.
    var read: Set<String> = []
    var called: Set<String> = []
    /// The kind of the objects that bare words are properties of.
    var subject: String?
    /// What bare words of the filter `where` may be.
    var row: CheckedRow?
    /// The scripts that are being looked at within one another.
    var chain: [String] = []
    var walkedSources = 0
    /// Whether the script only defines things, for others that source it.
    var isLibrary = false
    /// Whether types are only worked out: nothing is reported.
    var isInferring = false
    private var found: [Diagnostic] = []

    init(registry: Registry<HostType>, host: HostType) {
        self.registry = registry
        self.host = host
        library = CheckedLibrary(registry: registry, host: host)
        let empty = SourceText(name: "", text: "")
        text = CheckedText(source: empty, isFile: false, callers: [])
    }

    mutating func check(_ main: CheckedText) -> CheckResult {
        text = main
        let parsed = library.load(main)
        procedures = library.procedures
        isLibrary = Self.isLibrary(parsed.script.statements)
        inferVariableTypes()
        chain = [main.source.name]
        walk(parsed.script.statements)
        finishBlock()
        checkProcedures()
        warnOfUnused(in: parsed.script.statements)
        return CheckResult(diagnostics: ordered, sourced: library.names)
    }

    // MARK: Findings

    mutating func report(_ diagnostic: Diagnostic) {
        guard !isInferring else { return }
        var placed = diagnostic.placed(at: SourceRange(0, 0), in: text.source)
        placed.notes += text.callers
        found.append(placed)
    }

    mutating func report(_ message: String, at range: SourceRange, hints: [String] = []) {
        report(Diagnostic(message, at: range, hints: hints))
    }

    /// The findings by text and place, none twice, and at most so many errors of each text.
    private var ordered: [Diagnostic] {
        var result: [Diagnostic] = []
        let all = library.diagnostics + found
        var names: [String] = []
        for diagnostic in all {
            let name = diagnostic.source?.name ?? ""
            if !names.contains(name) { names.append(name) }
        }
        if let main = library.mainName { names = [main] + names.filter { $0 != main } }
        for name in names {
            let own = all.enumerated().filter { ($0.element.source?.name ?? "") == name }
            let sorted = own.sorted {
                let left = $0.element.range?.start ?? 0
                let right = $1.element.range?.start ?? 0
                return (left, $0.offset) < (right, $1.offset)
            }
            var kept: [Diagnostic] = []
            for (_, diagnostic) in sorted where kept.count < Limits.reportedErrors {
                let isKnown = kept.contains {
                    $0.range == diagnostic.range && $0.message == diagnostic.message
                }
                if !isKnown { kept.append(diagnostic) }
            }
            result += kept
        }
        return result
    }

    // MARK: Variables

    /// The type of each variable by its name alone: known where all that it is ever given has it.
    private mutating func inferVariableTypes() {
        guard !library.isIncomplete else { return }
        isInferring = true
        defer { isInferring = false }
        let assigned = library.assignedTypes
        for (name, _) in assigned { variableTypes[name] = .never }
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for (name, value) in assigned {
                let type: StaticType
                switch value {
                case .type(let known): type = known
                case .expression(let expression): type = self.type(of: expression)
                }
                let before = variableTypes[name] ?? .never
                let after = before.joined(with: type)
                if after != before {
                    variableTypes[name] = after
                    hasChanged = true
                }
            }
        }
    }

    /// Looks at a use of a variable; gives its type.
    mutating func variable(_ name: String, at range: SourceRange) -> StaticType {
        if name.utf8.first.map(Lexer.isDigit) == true { return .string }
        if isInferring {
            return variableTypes[name] ?? (name == "args" ? .known(.list) : .unknown)
        }
        read.insert(name)
        if name == "args" && variableTypes[name] == nil { return .known(.list) }
        let isKnown = names.sees(name) || library.isIncomplete || library.mayDefine(name)
        if !isKnown {
            report(
                "unknown variable `$\(name)`",
                at: range,
                hints: Spelling.hints(for: name, among: names.all)
            )
            return .unknown
        }
        let type = variableTypes[name] ?? .unknown
        return type == .never ? .unknown : type
    }

    // MARK: What is never used

    private mutating func warnOfUnused(in statements: [Statement]) {
        guard !library.isIncomplete, library.diagnostics.isEmpty else { return }
        var warned: Set<String> = []
        for assignment in assignments {
            let name = assignment.name.node
            guard !read.contains(name), warned.insert(name).inserted else { continue }
            text = assignment.text
            report(.warning("`\(name)` is never read", at: assignment.name.range))
        }
        guard !isLibrary else { return }
        for statement in statements {
            guard case .procedure(let procedure) = statement.kind,
                !called.contains(procedure.name.node)
            else { continue }
            text = library.main ?? text
            let message = "`\(procedure.name.node)` is never called"
            report(.warning(message, at: procedure.name.range))
        }
    }

    /// Whether a text only defines things, for others that source it.
    private static func isLibrary(_ statements: [Statement]) -> Bool {
        statements.allSatisfy {
            switch $0.kind {
            case .procedure, .binding, .parameter, .source: true
            default: false
            }
        }
    }
}
