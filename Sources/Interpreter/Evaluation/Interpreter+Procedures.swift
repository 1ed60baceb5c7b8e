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

    /// Runs a call whose output goes through filters, if there are any.
    ///
    /// Of a call that fails, all is shown that came before.
    mutating func run(
        _ call: ProcedureCall,
        result: Located<String>?,
        _ filters: [FilterCall],
        at range: SourceRange
    ) throws(Unwinding) {
        if filters.isEmpty { return try run(call, result: result, at: range) }
        let outer = sink
        let kept = OutputCapture(in: outer)
        sink = kept
        defer { sink = outer }
        do throws(Unwinding) {
            try run(call, result: nil, at: range)
        } catch {
            for output in kept.outputs { outer.emit(output) }
            throw error
        }
        do throws(Diagnostic) {
            outer.emit(try filtered(kept.joined, filters))
        } catch {
            throw .failure(error)
        }
    }

    /// Runs a call: its value becomes the variable `result`, or is shown if there is none.
    private mutating func run(
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
        let places: [Int]
        do throws(Diagnostic) {
            places = try procedure.places(of: call)
        } catch {
            throw .failure(error)
        }
        var values = [Value?](repeating: nil, count: procedure.parameters.count)
        for (argument, place) in zip(call.arguments, places) {
            values[place] = try value(of: argument.content)
        }
        return values
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

extension Procedure {
    /// The parameters that a call's arguments are for, in the order of the arguments.
    ///
    /// Throws a diagnostic for an argument that is for none or for one that has its own, and for a
    /// parameter that needs one and has none.
    func places(of call: ProcedureCall) throws(Diagnostic) -> [Int] {
        var places: [Int] = []
        var next = 0
        for argument in call.arguments {
            var place = next
            if let name = argument.name {
                let names = parameters.map(\.name.node)
                guard let named = names.firstIndex(of: name.node) else {
                    let near = Spelling.hints(for: name.node, among: names)
                    throw wrong("no parameter \(name.node)", name.range, near)
                }
                place = named
            } else {
                next += 1
            }
            guard parameters.indices.contains(place) else {
                throw wrong("an argument too much", argument.range)
            }
            if places.contains(place) {
                throw wrong("\(parameters[place].name.node) is given twice", argument.range)
            }
            places.append(place)
        }
        for (place, parameter) in parameters.enumerated()
        where parameter.defaultValue == nil && !places.contains(place) {
            throw wrong("no value for \(parameter.name.node)", call.name.range)
        }
        return places
    }

    private func wrong(
        _ message: String,
        _ range: SourceRange,
        _ hints: [String] = []
    ) -> Diagnostic {
        Diagnostic(message, at: range, hints: hints + [synopsis])
    }
}
