// Calls of functions in expressions: those of the language and those of the host.

extension ExpressionEvaluator {
    mutating func call(
        _ name: Located<String>,
        _ arguments: [FunctionArgument],
        _ host: HostType,
        at range: SourceRange
    ) throws(Diagnostic) -> Value {
        if let builtIn = BuiltInFunction(rawValue: name.node) {
            return try call(builtIn, arguments, host, at: range)
        }
        guard let function = registry.functions.first(where: { $0.signature.name == name.node })
        else { throw Diagnostic("unknown function `\(name.node)`", at: name.range) }
        var values: [Value] = []
        for (index, argument) in arguments.enumerated() {
            let parameters = function.signature.parameters
            let parameter = parameters[min(index, parameters.count - 1)]
            switch argument {
            case .selector(let selector):
                values.append(.selection(try select(selector, host)))
            case .value(let expression):
                let value = try functionArgument(expression, parameter, host)
                values.append(contentsOf: value)
            }
        }
        do throws(Diagnostic) {
            return try function.call(host, values)
        } catch {
            var placed = error
            if placed.range == nil { placed.range = range }
            throw placed
        }
    }

    private mutating func functionArgument(
        _ expression: Expression,
        _ parameter: FunctionParameter,
        _ host: HostType
    ) throws(Diagnostic) -> [Value] {
        guard case .value(_, let kind) = parameter else { return try values(of: expression, host) }
        guard let kind, let declared = registry.kind(kind) else {
            return [try evaluate(expression, host)]
        }
        if case .word(let word) = expression.kind {
            return [.object(try object(word, of: declared, host, at: expression.range))]
        }
        let value = try evaluate(expression, host)
        switch value {
        case .object(let object) where object.kind == kind: return [value]
        case .string(let text):
            return [.object(try object(text, of: declared, host, at: expression.range))]
        default:
            throw Diagnostic(
                "expected a \(kind), not \(value.type.phrase) (\(value.literal))",
                at: expression.range
            )
        }
    }

    private mutating func call(
        _ function: BuiltInFunction,
        _ arguments: [FunctionArgument],
        _ host: HostType,
        at range: SourceRange
    ) throws(Diagnostic) -> Value {
        var collected: [Value] = []
        var percent: Value?
        for (index, argument) in arguments.enumerated() {
            switch argument {
            case .selector(let selector):
                return .integer(Int64(try select(selector, host).ids.count))
            case .value(let expression):
                if function == .percentile, index == 0 {
                    percent = try evaluate(expression, host)
                } else {
                    collected += try values(of: expression, host)
                }
            }
        }
        return try function.result(collected, percent: percent, at: range)
    }

    /// The values an argument stands for: a list's elements, or one for each object behind `of`.
    private mutating func values(
        of expression: Expression,
        _ host: HostType
    ) throws(Diagnostic) -> [Value] {
        if case .each(let inner, let selector) = expression.kind {
            let selection = try select(selector, host)
            guard let kind = registry.kind(selection.kind) else { return [] }
            let outer = subject
            defer { subject = outer }
            var values: [Value] = []
            for id in selection.ids {
                subject = kind.reference(id, in: host)
                values.append(try evaluate(inner, host))
            }
            return values
        }
        let value = try evaluate(expression, host)
        if case .list(let elements) = value { return elements }
        return [value]
    }

    /// The object of one kind that is called `name`.
    func object(
        _ name: String,
        of kind: ObjectKind<HostType>,
        _ host: HostType,
        at range: SourceRange
    ) throws(Diagnostic) -> ObjectReference {
        if let id = kind.find(host, name) { return kind.reference(id, in: host) }
        let known = kind.all(host).map { kind.nameOf(host, $0) }
        var hints = Spelling.hints(for: name, among: known)
        if hints.isEmpty, known.isEmpty { hints = ["there is no \(kind.name) yet"] }
        if hints.isEmpty, known.count <= 8 { hints = ["there is " + known.joined(separator: ", ")] }
        throw Diagnostic("unknown \(kind.name) `\(name)`", at: range, hints: hints)
    }
}
