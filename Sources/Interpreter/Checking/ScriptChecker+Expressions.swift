// Expressions: their types where every run gives the same, and what contradicts them. It follows
// `ExpressionEvaluator` without a world: which objects there are, only a run knows.

extension ScriptChecker {
    /// Looks at an expression that must be of a type.
    mutating func require(_ wanted: ValueType, _ expression: Expression, _ phrase: String) {
        guard case .known(let type) = type(of: expression), type != wanted else { return }
        report("expected \(phrase), not \(type.phrase)", at: expression.range)
    }

    mutating func requireCondition(_ expression: Expression) {
        require(.bool, expression, "a condition")
    }

    /// Looks at an expression; gives its type.
    mutating func type(of expression: Expression) -> StaticType {
        switch expression.kind {
        case .literal(let value): return .known(value.type)
        case .template(let template):
            walk(template)
            return .string
        case .variable(let name): return variable(name, at: expression.range)
        case .word(let word): return typeOfWord(word, at: expression.range)
        case .property(let base, let name): return property(base, name)
        case .call(let name, let arguments): return call(name, arguments)
        case .list(let elements):
            for element in elements { _ = type(of: element) }
            return .known(.list)
        case .unary(.minus, let inner): return negative(inner)
        case .unary(.not, let inner):
            requireCondition(inner)
            return .bool
        case .binary(.and, let left, let right), .binary(.or, let left, let right):
            requireCondition(left)
            requireCondition(right)
            return .bool
        case .binary(let name, let left, let right):
            switch name {
            case .plus, .minus, .times, .divided:
                return arithmetic(name, left, right, at: expression.range)
            default:
                compare(name, left, right, at: expression.range)
                return .bool
            }
        case .match(let left, let pattern):
            walk(pattern)
            if case .known(let type) = type(of: left) { requireText(type, at: left.range) }
            return .bool
        case .log(let selector, let pattern):
            if let selector { walk(selector) }
            walk(pattern)
            return .bool
        case .each(let inner, let selector):
            _ = each(inner, selector)
            report("`of` stands inside min, max, mean, sum only", at: expression.range)
            return .unknown
        }
    }

    private mutating func requireText(_ type: ValueType, at range: SourceRange) {
        switch type {
        case .string, .enumeration, .object, .none: return
        default: report("`~` matches a text, not \(type.phrase)", at: range)
        }
    }

    private mutating func negative(_ inner: Expression) -> StaticType {
        let type = type(of: inner)
        if case .known(let known) = type, !known.isNumber {
            report("`-` does not go with \(known.phrase)", at: inner.range)
            return .unknown
        }
        return type
    }

    private mutating func arithmetic(
        _ name: BinaryOperator,
        _ left: Expression,
        _ right: Expression,
        at range: SourceRange
    ) -> StaticType {
        let (first, second) = (type(of: left), type(of: right))
        if first == .never || second == .never { return .never }
        guard case .known(let one) = first, case .known(let other) = second else { return .unknown }
        if let result = ValueType.result(name, one, other) { return .known(result) }
        report(
            "`\(name.rawValue)` does not go with \(one.phrase) and \(other.phrase)",
            at: range
        )
        return .unknown
    }

    // MARK: Comparisons

    private mutating func compare(
        _ name: BinaryOperator,
        _ left: Expression,
        _ right: Expression,
        at range: SourceRange
    ) {
        let first = side(left, comparedWith: right)
        let second = side(right, comparedWith: left)
        checkLiteral(left, with: second)
        checkLiteral(right, with: first)
        guard case .known(let one) = first, case .known(let other) = second,
            let objection = ValueType.objection(name, one, other)
        else { return }
        report(objection, at: range)
    }

    /// One side of a comparison: a bare word may be a word of the other side's enumeration.
    private mutating func side(
        _ expression: Expression,
        comparedWith other: Expression
    ) -> StaticType {
        guard case .word(let word) = expression.kind else { return type(of: expression) }
        if let row {
            if case .word(let column) = other.kind, row.has(column) != false, !row.isColumn(word) {
                return .unknown
            }
        }
        guard let words = enumeration(of: other) else {
            return typeOfWord(word, at: expression.range)
        }
        if words.contains(word) { return .known(.enumeration(words)) }
        if let meaning = meaning(of: word) { return meaning }
        let near = Spelling.hints(for: word, among: words)
        report(
            "unknown word `\(word)`",
            at: expression.range,
            hints: near.isEmpty ? ["one of " + words.joined(separator: ", ")] : near
        )
        return .unknown
    }

    /// Refuses a text that is compared with an enumeration that has no such word.
    private mutating func checkLiteral(_ expression: Expression, with other: StaticType) {
        guard case .template(let template) = expression.kind, let text = template.literal,
            let words = other.words, !words.isEmpty, !words.contains(text)
        else { return }
        let near = Spelling.hints(for: text, among: words)
        report(
            "no such word: \(SyntaxPrinter.quoted(text))",
            at: expression.range,
            hints: near.isEmpty ? ["one of " + words.joined(separator: ", ")] : near
        )
    }

    /// The words that an expression can have whatever object it speaks of.
    private mutating func enumeration(of expression: Expression) -> [String]? {
        let wasInferring = isInferring
        isInferring = true
        defer { isInferring = wasInferring }
        switch expression.kind {
        case .word, .property, .call: return type(of: expression).words
        default: return nil
        }
    }

    // MARK: Names

    /// What a bare word means besides an object; nil where it can be nothing else.
    private func meaning(of word: String) -> StaticType? {
        if row?.isColumn(word) == true { return .unknown }
        if let subject, let property = registry.property(word, of: subject) {
            return .known(property.type)
        }
        if word == "now" { return .duration }
        return registry.global(word).map { .known($0.type) }
    }

    private mutating func typeOfWord(_ word: String, at range: SourceRange) -> StaticType {
        if let meaning = meaning(of: word) { return meaning }
        if word == "all" || registry.grammar.selectorKeyword(word) != nil, row == nil {
            report(
                "unknown name `\(word)`",
                at: range,
                hints: ["a selector stands inside a function, such as count(\(word))"]
            )
        }
        return .unknown
    }

    /// The type of a property: of the object's kind where that is known, else of all kinds alike.
    private mutating func property(_ base: Expression, _ name: Located<String>) -> StaticType {
        if case .word(let word) = base.kind {
            if let global = registry.global("\(word).\(name.node)") { return .known(global.type) }
            let siblings = registry.globals.map(\.name).filter { $0.hasPrefix(word + ".") }
            if !siblings.isEmpty, meaning(of: word) == nil { return ofUnknownKind(name, siblings) }
        }
        switch type(of: base) {
        case .known(.object(let kind)):
            if let property = registry.property(name.node, of: kind) {
                return .known(property.type)
            }
            let known = registry.propertyNames(of: kind)
            let near = Spelling.hints(for: name.node, among: known)
            report(
                "a \(kind) has no property `\(name.node)`",
                at: name.range,
                hints: near.isEmpty ? ["it has " + known.joined(separator: ", ")] : near
            )
            return .unknown
        case .known(.none): return .known(.none)
        case .known(let type):
            report("\(type.phrase) has no properties", at: name.range)
            return .unknown
        case .never: return .never
        case .unknown: return ofUnknownKind(name, [])
        }
    }

    private mutating func ofUnknownKind(
        _ name: Located<String>,
        _ globals: [String]
    ) -> StaticType {
        let types = registry.properties.filter { $0.name == name.node }.map(\.type)
        guard types.isEmpty else {
            return types.reduce(StaticType.never) { $0.joined(with: .known($1)) }
        }
        let ends = globals.map { String($0.drop { $0 != "." }.dropFirst()) }
        let near = Spelling.hints(for: name.node, among: ends + registry.properties.map(\.name))
        report("nothing has a property `\(name.node)`", at: name.range, hints: near)
        return .unknown
    }

    // MARK: Functions

    private mutating func call(
        _ name: Located<String>,
        _ arguments: [FunctionArgument]
    ) -> StaticType {
        guard let signature = registry.grammar.function(name.node) else { return .unknown }
        var collected = StaticType.never
        for (index, argument) in arguments.enumerated() {
            let last = signature.parameters.count - 1
            let parameter = signature.parameters[min(index, last)]
            switch (argument, parameter) {
            case (.selector(let selector), _): walk(selector)
            case (.value(let value), .value(_, let kind?)): functionObject(value, kind)
            case (.value(let value), .value(_, nil)): _ = type(of: value)
            case (.value(let value), _): collected = collected.joined(with: element(value))
            }
        }
        if let result = signature.result { return .known(result) }
        return aggregated(name.node, collected)
    }

    private mutating func functionObject(_ value: Expression, _ kind: String) {
        if case .word = value.kind { return }
        switch type(of: value) {
        case .unknown, .never, .known(.string), .known(.object(kind)): return
        case .known(let type):
            report("expected a \(kind), not \(type.phrase)", at: value.range)
        }
    }

    /// The type of the values that an argument of min, max, mean or sum stands for.
    private mutating func element(_ value: Expression) -> StaticType {
        if case .each(let inner, let selector) = value.kind { return each(inner, selector) }
        let type = type(of: value)
        return type == .known(.list) || type == .known(.none) ? .unknown : type
    }

    private mutating func each(_ inner: Expression, _ selector: Selector) -> StaticType {
        walk(selector)
        let outer = (subject, row)
        subject = registry.selectable.name
        row = nil
        defer { (subject, row) = outer }
        return type(of: inner)
    }

    private func aggregated(_ name: String, _ element: StaticType) -> StaticType {
        guard BuiltInFunction(rawValue: name) != nil, case .known(let type) = element else {
            return .unknown
        }
        return type.isNumber || type == .string ? element : .unknown
    }
}
