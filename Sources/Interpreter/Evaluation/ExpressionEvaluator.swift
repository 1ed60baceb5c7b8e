// Expressions to values. The evaluator reads the host and never changes it; what changes here is
// only its own bookkeeping: steps, warnings, the objects it looked at, and the log lines that a
// condition has already seen.

/// Evaluates expressions and selectors against a host.
struct ExpressionEvaluator<HostType: Host> {
    let registry: Registry<HostType>
    var scope = Scope()
    var budget = StepBudget()
    /// The object that bare words are properties of, as inside `where`.
    var subject: ObjectReference?
    /// The row of a table whose columns bare words are, as behind the filter `where`.
    var row: TableRow?
    /// Warnings since they were last taken.
    var warnings: [Diagnostic] = []
    /// Objects whose properties were read since it was last emptied, each once; nil if not asked
    /// for.
    var mentioned: [ObjectReference]?
    /// From where on `log` looks, in a condition that is kept; nil looks at the whole log.
    var logWatch: LogWatch?
    /// Whether `now` was ever read.
    var hasReadTime = false

    /// Patterns that were compiled, by their text.
    private var patterns: [String: Pattern] = [:]

    /// Most patterns that are kept: a script that makes them of variables starts anew.
    private static var patternsAtMost: Int { 64 }

    init(registry: Registry<HostType>) { self.registry = registry }

    /// What a kept condition knows of the log: since when it looks, and what it has already found.
    struct LogWatch {
        /// The place in the log when the condition was made.
        let start: Int
        /// For each `log` in the condition, the place up to which it has found nothing.
        var searched: [SourceRange: Int] = [:]
        /// Each `log` that has found its line.
        var found: Set<SourceRange> = []

        init(start: Int) { self.start = start }
    }

    /// Most objects that are remembered as looked at: a message about more says no more.
    private static var mentionedAtMost: Int { 4 }

    mutating func evaluate(
        _ expression: Expression,
        _ host: HostType
    ) throws(Diagnostic) -> Value {
        try budget.spend(at: expression.range, host)
        switch expression.kind {
        case .literal(let value): return value
        case .template(let template): return .string(try text(template, host))
        case .variable(let name): return try variable(name, at: expression.range)
        case .word(let word):
            if let value = try resolve(word, host) { return value }
            throw unknown(word, host, at: expression.range)
        case .property(let base, let name): return try property(base, name, host)
        case .call(let name, let arguments):
            return try call(name, arguments, host, at: expression.range)
        case .list(let elements): return try list(elements, host, at: expression.range)
        case .unary(.minus, let inner):
            return try Arithmetic.negative(try evaluate(inner, host), at: expression.range)
        case .unary(.not, let inner): return .bool(!(try truth(of: inner, host)))
        case .binary(.and, let left, let right):
            return .bool(try truth(of: left, host) ? try truth(of: right, host) : false)
        case .binary(.or, let left, let right):
            return .bool(try truth(of: left, host) ? true : try truth(of: right, host))
        case .binary(let name, let left, let right):
            return try binary(name, left, right, host, at: expression.range)
        case .match(let left, let pattern):
            return .bool(try self.pattern(pattern, host).matches(try matchable(left, host)))
        case .log(let selector, let pattern):
            return .bool(try log(selector, pattern, host, at: expression.range))
        case .each:
            throw Diagnostic("`of` stands inside min, max, mean, sum only", at: expression.range)
        }
    }

    /// The value of an expression that must be on or off.
    mutating func truth(
        of expression: Expression,
        _ host: HostType
    ) throws(Diagnostic) -> Bool {
        let value = try evaluate(expression, host)
        guard case .bool(let isTrue) = value else {
            throw Diagnostic(
                "expected a condition, not \(value.type.phrase) (\(value.literal))",
                at: expression.range
            )
        }
        return isTrue
    }

    func variable(_ name: String, at range: SourceRange) throws(Diagnostic) -> Value {
        if let value = scope.value(of: name) { return value }
        throw Diagnostic(
            "unknown variable `$\(name)`",
            at: range,
            hints: Spelling.hints(for: name, among: scope.names)
        )
    }

    private mutating func list(
        _ elements: [Expression],
        _ host: HostType,
        at range: SourceRange
    ) throws(Diagnostic) -> Value {
        if elements.count > Limits.listElements {
            throw Diagnostic("a list has at most \(Limits.listElements) elements", at: range)
        }
        var values: [Value] = []
        for element in elements { values.append(try evaluate(element, host)) }
        return .list(values)
    }

    // MARK: Operators

    private mutating func binary(
        _ name: BinaryOperator,
        _ left: Expression,
        _ right: Expression,
        _ host: HostType,
        at range: SourceRange
    ) throws(Diagnostic) -> Value {
        switch name {
        case .plus, .minus, .times, .divided:
            let first = try evaluate(left, host)
            return try Arithmetic.combine(name, first, try evaluate(right, host), at: range)
        default:
            let first = try side(left, comparedWith: right, host)
            let second = try side(right, comparedWith: left, host)
            try checkWord(first, right)
            try checkWord(second, left)
            return .bool(try Arithmetic.compare(name, first, second, at: range))
        }
    }

    /// One side of a comparison: a bare word may be a word of the other side's enumeration.
    mutating func side(
        _ expression: Expression,
        comparedWith other: Expression,
        _ host: HostType
    ) throws(Diagnostic) -> Value {
        guard case .word(let word) = expression.kind else { return try evaluate(expression, host) }
        if case .word(let column) = other.kind, let cell = row?.cell(column) {
            if let own = row?.cell(word) { return own }
            if cell == .none || cell.type == .string { return .string(word) }
        }
        guard let words = enumeration(of: other) else { return try evaluate(expression, host) }
        if words.contains(word) { return .symbol(Symbol(word)) }
        if let value = try resolve(word, host) { return value }
        let near = Spelling.hints(for: word, among: words)
        throw Diagnostic(
            "unknown word `\(word)`",
            at: expression.range,
            hints: near.isEmpty ? ["one of " + words.joined(separator: ", ")] : near
        )
    }

    /// Refuses a text that is compared with an enumeration that has no such word: it could never be
    /// equal, so it is a mistake.
    private func checkWord(
        _ value: Value,
        _ other: Expression
    ) throws(Diagnostic) {
        guard case .string(let text) = value, let words = enumeration(of: other),
            !words.contains(text)
        else { return }
        throw Diagnostic(
            "no such word: \(value.literal)",
            at: other.range,
            hints: ["one of " + words.joined(separator: ", ")]
        )
    }

    /// The words an expression can have, if it is of an enumeration.
    func enumeration(of expression: Expression) -> [String]? {
        let type: ValueType?
        switch expression.kind {
        case .property(let base, let name):
            if case .word(let word) = base.kind,
                let global = registry.global("\(word).\(name.node)")
            {
                type = global.type
            } else {
                type =
                    registry.properties.first {
                        if case .enumeration = $0.type { return $0.name == name.node }
                        return false
                    }?.type
            }
        case .word(let word):
            if row?.cell(word) != nil { return nil }
            let ofSubject = subject.flatMap { registry.property(word, of: $0.kind) }
            type = ofSubject?.type ?? registry.global(word)?.type
        case .call(let name, _): type = registry.grammar.function(name.node)?.result
        default: type = nil
        }
        if case .enumeration(let words) = type { return words }
        return nil
    }

    private mutating func matchable(
        _ expression: Expression,
        _ host: HostType
    ) throws(Diagnostic) -> String {
        let value = try evaluate(expression, host)
        switch value {
        case .string(let text): return text
        case .symbol(let symbol): return symbol.name
        case .object(let object): return object.name
        case .none: return ""
        default:
            throw Diagnostic(
                "`~` matches a text, not \(value.type.phrase) (\(value.literal))",
                at: expression.range
            )
        }
    }

    /// A compiled pattern; each is compiled once, because a condition is looked at after every event.
    mutating func pattern(
        _ syntax: PatternSyntax,
        _ host: HostType
    ) throws(Diagnostic) -> Pattern {
        let source: String
        switch syntax {
        case .slashed(let text, _): source = text
        case .template(let template): source = try text(template, host)
        }
        if let known = patterns[source] { return known }
        let pattern = try Pattern(source, at: syntax.range)
        if patterns.count >= Self.patternsAtMost { patterns = [:] }
        patterns[source] = pattern
        return pattern
    }

    /// Remembers the objects that a `log` in a failed expectation looked at.
    mutating func mention(_ selector: Selector, _ host: HostType) throws(Diagnostic) {
        let selection = try select(selector, host)
        guard let kind = registry.kind(selection.kind) else { return }
        for id in selection.ids.prefix(Self.mentionedAtMost) {
            mention(kind.reference(id, in: host))
        }
    }

    private mutating func log(
        _ selector: Selector?,
        _ pattern: PatternSyntax,
        _ host: HostType,
        at range: SourceRange
    ) throws(Diagnostic) -> Bool {
        if logWatch?.found.contains(range) == true { return true }
        var selection: Selection?
        if let selector { selection = try select(selector, host) }
        let compiled = try self.pattern(pattern, host)
        let start = logWatch.map { $0.searched[range] ?? $0.start } ?? 0
        let isThere = host.logHasLine(matching: compiled, of: selection, from: start)
        if isThere {
            logWatch?.found.insert(range)
        } else {
            logWatch?.searched[range] = host.logMark
        }
        return isThere
    }

    // MARK: Names

    /// What a bare word means; nil if nothing.
    mutating func resolve(_ word: String, _ host: HostType) throws(Diagnostic) -> Value? {
        if let cell = row?.cell(word) { return cell }
        if let subject, let property = registry.property(word, of: subject.kind) {
            return property.get(host, subject.id)
        }
        if word == "now" {
            hasReadTime = true
            return .duration(nanoseconds: host.now)
        }
        if let global = registry.global(word) { return global.get(host) }
        if let object = registry.object(word, in: host) {
            mention(object)
            return .object(object)
        }
        return nil
    }

    private func unknown(
        _ word: String,
        _ host: HostType,
        at range: SourceRange
    ) -> Diagnostic {
        var known = registry.globals.map(\.name) + ["now", "on", "off", "none"] + scope.names
        if let subject { known += registry.propertyNames(of: subject.kind) }
        if let row { known += row.columns }
        for kind in registry.kinds { known += kind.all(host).map { kind.nameOf(host, $0) } }
        var hints = Spelling.hints(for: word, among: known)
        if scope.value(of: word) != nil { hints = ["the variable is read as `$\(word)`"] }
        if word == "all" || registry.grammar.selectorKeyword(word) != nil {
            hints = ["a selector stands inside a function, such as count(\(word))"]
        }
        let what = subject.map { "property of a \($0.kind), " } ?? ""
        let kinds = registry.kinds.map(\.name).joined(separator: ", ")
        if hints.isEmpty, let row {
            hints = ["the columns are " + row.columns.joined(separator: ", ")]
        }
        return Diagnostic(
            "unknown name `\(word)`",
            at: range,
            hints: hints.isEmpty ? ["a bare word is a \(what)\(kinds); a text has quotes"] : hints
        )
    }

    mutating func mention(_ object: ObjectReference) {
        guard let known = mentioned, known.count < Self.mentionedAtMost, !known.contains(object)
        else { return }
        mentioned?.append(object)
    }

    private mutating func property(
        _ base: Expression,
        _ name: Located<String>,
        _ host: HostType
    ) throws(Diagnostic) -> Value {
        if case .word(let word) = base.kind, let global = registry.global("\(word).\(name.node)") {
            return global.get(host)
        }
        let value = try evaluate(base, host)
        if value == .none { return .none }
        guard case .object(let object) = value else {
            throw Diagnostic("\(value.type.phrase) has no properties", at: name.range)
        }
        guard let property = registry.property(name.node, of: object.kind) else {
            let known = registry.propertyNames(of: object.kind)
            let near = Spelling.hints(for: name.node, among: known)
            throw Diagnostic(
                "a \(object.kind) has no property `\(name.node)`",
                at: name.range,
                hints: near.isEmpty ? ["it has " + known.joined(separator: ", ")] : near
            )
        }
        mention(object)
        return property.get(host, object.id)
    }

    // MARK: Text

    /// The text of a template with its variables put in.
    mutating func text(_ template: Template, _ host: HostType) throws(Diagnostic) -> String {
        var text = ""
        for piece in template.pieces {
            switch piece {
            case .text(let stretch): text += stretch
            case .variable(let name, let range): text += try variable(name, at: range).text
            case .expression(let expression): text += try evaluate(expression, host).text
            }
            if text.utf8.count > Limits.stringBytes {
                throw Diagnostic(
                    "a text has at most \(Limits.stringBytes) bytes",
                    at: template.range
                )
            }
        }
        return text
    }

    /// A template's value: what a lone variable or expression holds, else its text.
    mutating func value(_ template: Template, _ host: HostType) throws(Diagnostic) -> Value {
        if template.pieces.count == 1, !template.isQuoted {
            switch template.pieces[0] {
            case .variable(let name, let range): return try variable(name, at: range)
            case .expression(let expression): return try evaluate(expression, host)
            case .text(let text): return .string(text)
            }
        }
        return .string(try text(template, host))
    }
}
