// Statements that reach outside the language: registered commands, expectations, other scripts.

extension Interpreter {
    mutating func run(_ call: CommandCall) throws(Diagnostic) {
        let command = registry.commands[call.command]
        let arguments = try evaluator.arguments(call, command.signature, host, source: source)
        for warning in evaluator.warnings {
            sink.report(warning.placed(at: call.nameRange, in: source))
        }
        evaluator.warnings = []
        do throws(Diagnostic) {
            try check(call.filters, behind: command.signature)
            let caller = callingFile
            let demand: TableDemand = call.filters.first?.filter == .count ? .number : .cells
            let output = try lending { (host) throws(Diagnostic) in
                host.callingFile = caller
                host.demand = demand
                return try command.run(&host, arguments)
            }
            if command.signature.changesWorld {
                host.didChange(by: command.signature, text: call.written(in: source))
            }
            sink.emit(try filtered(output, call.filters))
        } catch {
            var placed = error
            if placed.range == nil, placed.source == nil { placed.range = call.nameRange }
            throw placed
        }
    }

    // MARK: Expectations

    mutating func run(
        _ expectation: Expectation,
        at range: SourceRange
    ) throws(Diagnostic) {
        evaluator.mentioned = []
        defer { evaluator.mentioned = nil }
        guard let within = expectation.within else {
            if try evaluator.truth(of: expectation.condition, host) { return }
            throw try failed(expectation, at: range, within: nil)
        }
        guard case .duration(let limit) = try evaluator.evaluate(within, host), limit >= 0 else {
            throw Diagnostic("expected a duration such as 250ms", at: within.range)
        }
        var condition = Condition(
            expectation.condition,
            evaluator: evaluator,
            host: host,
            source: source
        )
        let holds = try lending { (host) throws(Diagnostic) in
            try host.run(until: &condition, within: limit)
        }
        if holds { return }
        throw try failed(expectation, at: range, within: limit)
    }

    /// The failed expectation as an error: what was expected, both sides' values, when.
    private mutating func failed(
        _ expectation: Expectation,
        at range: SourceRange,
        within: Int64?
    ) throws(Diagnostic) -> Diagnostic {
        var message = "expected `\(source.string(expectation.condition.range))`"
        if let text = expectation.message {
            message = try evaluator.text(text, host)
        }
        if let within { message += " within \(Value.duration(nanoseconds: within).text)" }
        return try unmet(message, expectation.condition)
    }

    /// A failed expectation: both sides' values, when, and what the world adds.
    mutating func unmet(
        _ message: String,
        _ condition: Expression
    ) throws(Diagnostic) -> Diagnostic {
        var diagnostic = Diagnostic(message, at: condition.range, kind: .failedExpectation)
        diagnostic.notes = try evaluator.explanation(of: condition, in: source, host)
        return diagnostic
    }

    // MARK: Other scripts

    /// Runs another script here.
    ///
    /// An error in it gets a note that says where it was called from, so that the notes of nested
    /// scripts are the chain of calls, innermost first.
    mutating func runSource(_ path: Template, at range: SourceRange) throws(Unwinding) {
        let text: SourceText
        do throws(Diagnostic) {
            text = try readSource(path)
        } catch {
            throw .failure(error)
        }
        let caller = Diagnostic.Note("sourced from here", source: source, range: range)
        frames.append(SourceFrame(text: text, isFile: true))
        defer { frames.removeLast() }
        do throws(Unwinding) {
            let statements = try parsed(text)
            host.willRun(text)
            define(proceduresOf: statements)
            try run(statements)
        } catch {
            guard case .failure(var diagnostic) = error else { throw error }
            diagnostic.notes.append(caller)
            throw .failure(diagnostic)
        }
    }

    private mutating func readSource(_ path: Template) throws(Diagnostic) -> SourceText {
        if frames.count(where: { !$0.isCall }) >= Limits.sourceDepth {
            throw Diagnostic(
                "more than \(Limits.sourceDepth) scripts source one another",
                at: path.range
            )
        }
        let name = try evaluator.text(path, host)
        return try read(name, including: callingFile, at: path.range)
    }

    /// The path of the script that is being run; nil where it is no file.
    var callingFile: String? { frames.last.flatMap { $0.isFile ? $0.text.name : nil } }

    /// Parses a sourced text.
    ///
    /// All its errors but the last are reported here; the last one is thrown, so that it ends the
    /// script that sourced it.
    private mutating func parsed(_ text: SourceText) throws(Unwinding) -> [Statement] {
        let result = Parser.parse(text, grammar: registry.grammar, procedures: procedureNames)
        guard let last = result.diagnostics.last else { return result.script.statements }
        for diagnostic in result.diagnostics.dropLast() { sink.report(diagnostic) }
        throw .failure(last)
    }
}

extension CommandCall {
    /// The command as it was written, without its filters.
    fileprivate func written(in source: SourceText) -> String {
        let whole = arguments.reduce(nameRange) { $0.joined(with: $1.range) }
        return source.string(whole)
    }
}
