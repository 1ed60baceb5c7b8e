// Procedures: definition, calls with arguments by place and by name, and what a call gives back. A
// body sees its parameters and the outermost variables, nothing of the blocks of its caller.

/// A procedure with the text it stands in, for messages.
struct DefinedProcedure {
    let syntax: Procedure
    let frame: SourceFrame
}

extension Interpreter {
    /// Defines what a text defines outside of blocks before it runs, so that a procedure can be
    /// called above its definition.
    mutating func define(proceduresOf statements: [Statement]) {
        for statement in statements {
            if case .procedure(let procedure) = statement.kind { define(procedure) }
        }
    }

    mutating func define(_ procedure: Procedure) {
        guard var frame = frames.last else { return }
        frame.isCall = true
        procedures[procedure.name.node] = DefinedProcedure(syntax: procedure, frame: frame)
    }

    /// Runs a call: its value becomes the variable `result`, or is shown if there is none.
    mutating func run(
        _ call: ProcedureCall,
        result: Located<String>?,
        at range: SourceRange
    ) throws(Unwinding) {
        let value = try value(of: call, at: range)
        if let result {
            evaluator.scope.set(result.node, to: value ?? .none)
        } else if let value {
            sink.emit(.value(value))
        }
    }

    private mutating func value(
        of call: ProcedureCall,
        at range: SourceRange
    ) throws(Unwinding) -> Value? {
        guard let procedure = procedures[call.name.node] else {
            throw .failure(unknown(call.name))
        }
        if callDepth >= Limits.procedureDepth {
            throw .failure(
                Diagnostic(
                    "more than \(Limits.procedureDepth) calls within one another",
                    at: call.name.range
                )
            )
        }
        let given = try bound(call, to: procedure.syntax)
        let caller = Diagnostic.Note("called from here", source: source, range: range)
        evaluator.scope.enterProcedure()
        callDepth += 1
        frames.append(procedure.frame)
        defer {
            frames.removeLast()
            callDepth -= 1
            evaluator.scope.leaveProcedure()
        }
        do throws(Unwinding) {
            for (parameter, value) in zip(procedure.syntax.parameters, given) {
                let bound: Value
                if let value { bound = value } else { bound = try defaultValue(of: parameter) }
                evaluator.scope.define(parameter.name.node, as: bound)
            }
            try run(procedure.syntax.body)
            return nil
        } catch {
            switch error {
            case .returned(let value): return value
            case .exit: throw error
            case .failure(var diagnostic):
                diagnostic = diagnostic.placed(at: procedure.syntax.name.range, in: source)
                diagnostic.notes.append(caller)
                throw .failure(diagnostic)
            }
        }
    }

    private func unknown(_ name: Located<String>) -> Diagnostic {
        let commands = registry.grammar.commands.compactMap(\.path.first)
        let known = procedureNames + commands + Grammar.statementWords
        return Diagnostic(
            "unknown command `\(name.node)`",
            at: name.range,
            hints: Spelling.hints(for: name.node, among: known)
        )
    }

    // MARK: Arguments

    /// The arguments' values by parameter; nil where a call leaves one to its default.
    private mutating func bound(
        _ call: ProcedureCall,
        to procedure: Procedure
    ) throws(Unwinding) -> [Value?] {
        var values = [Value?](repeating: nil, count: procedure.parameters.count)
        var next = 0
        for argument in call.arguments {
            var place = next
            if let name = argument.name {
                let names = procedure.parameters.map(\.name.node)
                guard let named = names.firstIndex(of: name.node) else {
                    let near = Spelling.hints(for: name.node, among: names)
                    throw wrong("no parameter \(name.node)", name.range, procedure, near)
                }
                place = named
            } else {
                next += 1
            }
            guard values.indices.contains(place) else {
                throw wrong("an argument too much", argument.range, procedure)
            }
            if values[place] != nil {
                let name = procedure.parameters[place].name.node
                throw wrong("\(name) is given twice", argument.range, procedure)
            }
            values[place] = try value(of: argument.content)
        }
        for (parameter, value) in zip(procedure.parameters, values)
        where value == nil && parameter.defaultValue == nil {
            throw wrong("no value for \(parameter.name.node)", call.name.range, procedure)
        }
        return values
    }

    private func wrong(
        _ message: String,
        _ range: SourceRange,
        _ procedure: Procedure,
        _ hints: [String] = []
    ) -> Unwinding {
        .failure(Diagnostic(message, at: range, hints: hints + [procedure.synopsis]))
    }

    private mutating func defaultValue(
        of parameter: Procedure.Parameter
    ) throws(Unwinding) -> Value {
        guard let content = parameter.defaultValue else { return .none }
        return try value(of: content)
    }

    /// What an argument is worth: a raw word may be a quantity, on, off, none or an object; any
    /// other is a text.
    private mutating func value(of content: CallArgument.Content) throws(Unwinding) -> Value {
        switch content {
        case .expression(let expression): return try evaluate(expression)
        case .word(let template):
            do throws(Diagnostic) {
                let value = try evaluator.value(template, host)
                guard !template.isQuoted, case .string(let word) = value, template.literal != nil
                else { return value }
                return self.value(ofWord: word)
            } catch {
                throw .failure(error)
            }
        }
    }

    func value(ofWord word: String) -> Value {
        let value = ScriptParameter.word(word)
        guard value.type == .string else { return value }
        return registry.object(word, in: host).map { .object($0) } ?? value
    }

    // MARK: Parameters of a script

    /// Gives a parameter the value of the script's call, or its default.
    mutating func run(
        _ parameter: Located<String>,
        default expression: Expression
    ) throws(Unwinding) {
        let standard = try evaluate(expression)
        guard let given = parameterTexts[parameter.node] else {
            return evaluator.scope.set(parameter.node, to: standard)
        }
        let value: Value = standard.type == .string ? .string(given) : self.value(ofWord: given)
        if standard != .none, value.type != standard.type {
            throw .failure(
                Diagnostic(
                    ScriptParameter.objection(parameter.node, standard, value),
                    at: parameter.range
                )
            )
        }
        evaluator.scope.set(parameter.node, to: value)
    }
}
