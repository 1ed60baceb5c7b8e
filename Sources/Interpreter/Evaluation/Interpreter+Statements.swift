// Statements, run one after another by walking the tree. An error leaves through all blocks and
// files at once and collects on its way the chain of calls that led to it.

extension Interpreter {
    /// The text that is being run.
    var source: SourceText {
        frames.last?.text ?? SourceText(name: "", text: "")
    }

    mutating func run(_ statements: [Statement]) throws(Unwinding) {
        for statement in statements {
            do throws(Unwinding) {
                try run(statement)
            } catch {
                reportWarnings()
                guard case .failure(let diagnostic) = error else { throw error }
                throw .failure(diagnostic.placed(at: statement.range, in: source))
            }
            reportWarnings()
        }
    }

    private mutating func reportWarnings() {
        for warning in evaluator.warnings {
            sink.report(warning.placed(at: SourceRange(0, 0), in: source))
        }
        evaluator.warnings = []
    }

    private mutating func run(_ statement: Statement) throws(Unwinding) {
        try spend(at: statement.range)
        switch statement.kind {
        case .command(let call): try failing { (self) throws(Diagnostic) in try self.run(call) }
        case .binding(let name, let expression):
            evaluator.scope.set(name.node, to: try evaluate(expression))
        case .say(let expression, let filters):
            let value = try evaluate(expression)
            try failing { (self) throws(Diagnostic) in
                self.sink.emit(try self.filtered(.value(value), filters))
            }
        case .exit(let status): throw try exit(status)
        case .block(let block): try run(block)
        case .conditional(let branches, let otherwise):
            for branch in branches where try truth(of: branch.condition) {
                return try run(branch.block)
            }
            if let otherwise { try run(otherwise) }
        case .loop(let condition, let block):
            while try truth(of: condition) { try run(block) }
        case .repetition(let count, let block): try repetition(count, block)
        case .forEach(let variable, let sequence, let block):
            try forEach(variable.node, sequence, block)
        case .expectation(let expectation):
            try failing { (self) throws(Diagnostic) in
                try self.run(expectation, at: statement.range)
            }
        case .source(let path): try runSource(path, at: statement.range)
        case .procedure(let procedure): define(procedure)
        case .call(let call, let result, let filters):
            try run(call, result: result, filters, at: statement.range)
        case .returning(let value):
            guard let value else { throw .returned(nil) }
            throw .returned(try evaluate(value))
        case .parameter(let name, let value): try run(name, default: value)
        case .test(let name, let block): try runTest(name, block)
        case .trial(let block): try runTrial(block, at: statement.range)
        case .never, .at, .every, .when:
            try failing { (self) throws(Diagnostic) in
                try self.arm(statement.kind, at: statement.range)
            }
        }
    }

    private mutating func arm(
        _ kind: Statement.Kind,
        at range: SourceRange
    ) throws(Diagnostic) {
        guard let frame = frames.last else { return }
        let origin = Agenda<HostType>.Origin(
            frame: frame,
            place: evaluator.scope.place,
            range: range
        )
        switch kind {
        case .never(let condition): try runNever(condition, origin)
        case .at(let moment, let block): try runAt(moment, block, origin)
        case .every(let interval, let block): try runEvery(interval, block, origin)
        case .when(let condition, let block): try runWhen(condition, block, origin)
        default: return
        }
    }

    // MARK: Expressions in statements

    private mutating func failing(
        _ work: (inout Interpreter) throws(Diagnostic) -> Void
    ) throws(Unwinding) {
        do throws(Diagnostic) {
            try work(&self)
        } catch {
            if let status = host.agenda?.takeExitStatus() { throw .exit(status) }
            throw .failure(error)
        }
    }

    mutating func evaluate(_ expression: Expression) throws(Unwinding) -> Value {
        do throws(Diagnostic) {
            return try evaluator.evaluate(expression, host)
        } catch {
            throw .failure(error)
        }
    }

    private mutating func truth(of expression: Expression) throws(Unwinding) -> Bool {
        do throws(Diagnostic) {
            return try evaluator.truth(of: expression, host)
        } catch {
            throw .failure(error)
        }
    }

    private mutating func spend(at range: SourceRange) throws(Unwinding) {
        do throws(Diagnostic) {
            try evaluator.budget.spend(at: range, host)
        } catch {
            throw .failure(error)
        }
    }

    // MARK: Blocks

    mutating func run(_ block: Block) throws(Unwinding) {
        try spend(at: block.range)
        if openBlocks >= Limits.openBlocks {
            throw .failure(
                Diagnostic(
                    "more than \(Limits.openBlocks) blocks run within one another",
                    at: block.range
                )
            )
        }
        openBlocks += 1
        evaluator.scope.open()
        let depth = evaluator.scope.depth
        let mark = host.agenda?.mark ?? 0
        defer {
            host.agenda?.forget(from: mark)
            evaluator.scope.close(to: depth - 1)
            openBlocks -= 1
        }
        try run(block.statements)
    }

    private mutating func repetition(_ count: Expression, _ block: Block) throws(Unwinding) {
        let value = try evaluate(count)
        guard case .integer(let times) = value, times >= 0 else {
            throw .failure(
                Diagnostic("expected how many times, not \(value.literal)", at: count.range)
            )
        }
        var done: Int64 = 0
        while done < times {
            try run(block)
            done += 1
        }
    }

    private mutating func forEach(
        _ variable: String,
        _ sequence: Sequence,
        _ block: Block
    ) throws(Unwinding) {
        switch sequence {
        case .numbers(let low, let high):
            let first = try number(low)
            let last = try number(high)
            var next = first
            while next <= last {
                try run(block, with: variable, as: .integer(next))
                if next == last { break }
                next += 1
            }
        case .list(let expression):
            switch try evaluate(expression) {
            case .list(let elements):
                for element in elements { try run(block, with: variable, as: element) }
            case .selection(let selection): try forEach(variable, selection, block)
            case let other:
                throw .failure(
                    Diagnostic(
                        "expected a list or a selector, not \(other.type.phrase) "
                            + "(\(other.literal))",
                        at: expression.range
                    )
                )
            }
        case .selector(let selector):
            try forEach(variable, try select(selector), block)
        }
    }

    private mutating func select(_ selector: Selector) throws(Unwinding) -> Selection {
        do throws(Diagnostic) {
            let selection = try evaluator.select(selector, host)
            if selection.ids.isEmpty {
                let text = source.string(selector.range)
                evaluator.warnings.append(
                    .warning("no \(selection.kind) matches `\(text)`", at: selector.range)
                )
            }
            return selection
        } catch {
            throw .failure(error)
        }
    }

    private mutating func forEach(
        _ variable: String,
        _ selection: Selection,
        _ block: Block
    ) throws(Unwinding) {
        guard let kind = registry.kind(selection.kind) else { return }
        for id in selection.ids {
            try run(block, with: variable, as: .object(kind.reference(id, in: host)))
        }
    }

    private mutating func run(
        _ block: Block,
        with variable: String,
        as value: Value
    ) throws(Unwinding) {
        evaluator.scope.open()
        let depth = evaluator.scope.depth
        defer { evaluator.scope.close(to: depth - 1) }
        evaluator.scope.define(variable, as: value)
        try run(block)
    }

    private mutating func number(_ expression: Expression) throws(Unwinding) -> Int64 {
        let value = try evaluate(expression)
        guard case .integer(let number) = value else {
            throw .failure(
                Diagnostic("expected a whole number, not \(value.literal)", at: expression.range)
            )
        }
        return number
    }

    private mutating func exit(_ status: Expression?) throws(Unwinding) -> Unwinding {
        guard let status else { return .exit(0) }
        let number = try number(status)
        guard (0...255).contains(number) else {
            throw .failure(Diagnostic("an exit status is 0 to 255", at: status.range))
        }
        return .exit(Int32(number))
    }
}
