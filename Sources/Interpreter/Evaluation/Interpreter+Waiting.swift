// Tests, and statements that put something on the agenda. An entry of the agenda ends with the block
// that its statement stands in.

extension Interpreter {
    // MARK: Tests

    /// Runs a test on a copy of the world, with variables and procedures that are gone afterwards.
    mutating func runTest(_ name: Template, _ block: Block) throws(Unwinding) {
        let title: String
        do throws(Diagnostic) {
            title = try evaluator.text(name, host)
        } catch {
            throw .failure(error)
        }
        let outerHost = host
        let outerScope = evaluator.scope
        let outerProcedures = procedures
        host = host.copy()
        defer {
            host = outerHost
            evaluator.scope = outerScope
            procedures = outerProcedures
        }
        var failure: Diagnostic?
        do throws(Unwinding) {
            try runKeepingAgenda(block)
        } catch {
            guard case .failure(let diagnostic) = error else { throw error }
            let placed = repeatable(diagnostic.placed(at: block.range, in: source))
            if placed.kind == .interrupted { throw .failure(placed) }
            sink.report(placed)
            failure = placed
        }
        testResults.append(
            TestResult(name: title, failure: failure, endedAtNanoseconds: host.now)
        )
        sink.emit(.lines([(failure == nil ? "passed: " : "failed: ") + title]))
    }

    private mutating func runKeepingAgenda(_ block: Block) throws(Unwinding) {
        guard let agenda = host.agenda else { return try run(block) }
        try agenda.keeping { () throws(Unwinding) in try run(block) }
    }

    // MARK: The agenda

    /// Arms `never`; a condition that holds already is a failure at once.
    mutating func runNever(
        _ expression: Expression,
        _ origin: Agenda<HostType>.Origin
    ) throws(Diagnostic) {
        var condition = kept(expression)
        if try condition.holds(in: host) { throw try violated(expression, origin) }
        try agenda().never(condition, expression, origin)
    }

    mutating func runWhen(
        _ expression: Expression,
        _ block: Block,
        _ origin: Agenda<HostType>.Origin
    ) throws(Diagnostic) {
        var condition = kept(expression)
        let held = try condition.holds(in: host)
        try agenda().when(condition, held: held, block, origin)
    }

    mutating func runEvery(
        _ interval: Expression,
        _ block: Block,
        _ origin: Agenda<HostType>.Origin
    ) throws(Diagnostic) {
        guard case .duration(let length) = try evaluator.evaluate(interval, host), length > 0 else {
            throw Diagnostic("expected a duration such as 250ms", at: interval.range)
        }
        let (first, overflow) = host.now.addingReportingOverflow(length)
        try agenda().every(length, from: overflow ? .max : first, block, origin)
    }

    mutating func runAt(
        _ moment: Moment,
        _ block: Block,
        _ origin: Agenda<HostType>.Origin
    ) throws(Diagnostic) {
        let (time, range) = try time(of: moment)
        if time < host.now {
            throw Diagnostic(
                "\(host.displayTime(time)) has passed: it is \(host.displayTime(host.now))",
                at: range
            )
        }
        try agenda().at(time, block, origin)
    }

    private mutating func time(
        of moment: Moment
    ) throws(Diagnostic) -> (nanoseconds: Int64, range: SourceRange) {
        switch moment {
        case .virtual(let expression):
            guard case .duration(let time) = try evaluator.evaluate(expression, host) else {
                throw Diagnostic(
                    "expected a time such as 3.5s or 22:00",
                    at: expression.range
                )
            }
            return (time, expression.range)
        case .timeOfDay(let text):
            do throws(Diagnostic) {
                return (try host.nextTime(ofDay: text.node), text.range)
            } catch {
                var placed = error
                if placed.range == nil { placed.range = text.range }
                throw placed
            }
        }
    }

    private func agenda() throws(Diagnostic) -> Agenda<HostType> {
        if let agenda = host.agenda { return agenda }
        throw Diagnostic("this world keeps no agenda")
    }

    private func kept(_ expression: Expression) -> Condition<HostType> {
        Condition(expression, evaluator: evaluator, host: host, source: source)
    }

    /// The failure of a `never` whose condition holds.
    mutating func violated(
        _ condition: Expression,
        _ origin: Agenda<HostType>.Origin
    ) throws(Diagnostic) -> Diagnostic {
        let outer = evaluator.scope
        frames.append(origin.frame)
        evaluator.scope = outer.seen(from: origin.place)
        evaluator.mentioned = []
        defer {
            frames.removeLast()
            evaluator.scope = outer
            evaluator.mentioned = nil
        }
        let diagnostic = try unmet(
            "`never \(source.string(condition.range))` came to hold",
            condition
        )
        return diagnostic.placed(at: condition.range, in: source)
    }

    /// Runs a block of the agenda in the text that it stands in, with the variables of its place.
    mutating func run(
        _ block: Block,
        from origin: Agenda<HostType>.Origin
    ) throws(Unwinding) {
        var outer = evaluator.scope
        frames.append(origin.frame)
        evaluator.scope = outer.seen(from: origin.place)
        defer {
            frames.removeLast()
            outer.adopt(evaluator.scope, at: origin.place)
            evaluator.scope = outer
        }
        try run(block)
    }

    /// Lets a command run that may let time go on: what is due meanwhile sees the variables, and
    /// what it changes is kept.
    mutating func lending<Result>(
        _ work: (inout HostType) throws(Diagnostic) -> Result
    ) throws(Diagnostic) -> Result {
        guard let agenda = host.agenda, !agenda.isEmpty else { return try work(&host) }
        let outer = agenda.lent
        agenda.lent = self
        defer {
            if let lent = agenda.lent {
                evaluator = lent.evaluator
                procedures = lent.procedures
                testResults = lent.testResults
            }
            agenda.lent = outer
        }
        return try work(&host)
    }
}
