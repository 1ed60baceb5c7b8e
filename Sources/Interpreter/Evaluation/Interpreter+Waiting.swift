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
        var failure: Diagnostic?
        var endedAt = host.now
        do throws(Unwinding) {
            try aside(host.copy()) { (inner) throws(Unwinding) in
                defer { endedAt = inner.host.now }
                try inner.run(block)
            }
        } catch {
            guard case .failure(let diagnostic) = error else { throw error }
            let placed = repeatable(diagnostic.placed(at: block.range, in: source))
            if placed.kind == .interrupted { throw .failure(placed) }
            sink.report(placed)
            failure = placed
        }
        testResults.append(
            TestResult(name: title, failure: failure, endedAtNanoseconds: endedAt)
        )
        sink.emit(.lines([(failure == nil ? "passed: " : "failed: ") + title]))
    }

    /// Runs a block on a copy, says what would differ, and forgets it; so does a second copy, on which as
    /// much time passes without the block, because what just takes its time is not the block's doing.
    mutating func runTrial(_ block: Block, at range: SourceRange) throws(Unwinding) {
        do throws(Diagnostic) {
            try host.checkMayBeTried()
        } catch {
            throw .failure(error.placed(at: range, in: source))
        }
        let tried: HostType
        do throws(Unwinding) {
            tried = try aside(host.copyForTrial()) { (inner) throws(Unwinding) in
                try inner.run(block)
            }
        } catch {
            throw error.stoppedTrial(at: range)
        }
        var trouble: Diagnostic?
        let outer = sink
        sink = SilentSink()
        defer { sink = outer }
        let alone = aside(host.copyForTrial()) { inner in
            do throws(Diagnostic) {
                try inner.lending { (host) throws(Diagnostic) in try host.goOn(beside: tried) }
            } catch {
                trouble = error
            }
        }
        _ = host.agenda?.takeExitStatus()
        if let trouble, trouble.kind == .interrupted {
            throw Unwinding.failure(trouble).stoppedTrial(at: range)
        }
        outer.emit(host.differences(tried: tried, alone: alone, trouble: trouble))
    }

    /// Does something with another host, and gives it as it has become.
    ///
    /// The present one, variables, procedures and the agenda are afterwards as they were.
    @discardableResult
    private mutating func aside<Failure: Error>(
        _ other: HostType,
        _ work: (inout Interpreter) throws(Failure) -> Void
    ) throws(Failure) -> HostType {
        let outerHost = host
        let outerScope = evaluator.scope
        let outerProcedures = procedures
        host = other
        defer {
            host = outerHost
            evaluator.scope = outerScope
            procedures = outerProcedures
        }
        guard let agenda = host.agenda else {
            try work(&self)
            return host
        }
        return try agenda.keeping { () throws(Failure) in
            try work(&self)
            return host
        }
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

extension Unwinding {
    /// A trial that the user stopped has changed nothing: where its copy was stopped is of no use.
    fileprivate func stoppedTrial(at range: SourceRange) -> Unwinding {
        guard case .failure(let diagnostic) = self, diagnostic.kind == .interrupted else {
            return self
        }
        return .failure(
            Diagnostic("stopped; what was tried is forgotten", at: range, kind: .interrupted)
        )
    }
}
