// Statements as a check goes through them, in the order in which they would run.

extension ScriptChecker {
    mutating func walk(_ statements: [Statement]) {
        var hasEnded = false
        for statement in statements {
            if hasEnded, case .procedure = statement.kind {
                walk(statement)
                continue
            }
            if hasEnded {
                report(.warning("this is never reached", at: statement.range))
                return
            }
            walk(statement)
            switch statement.kind {
            case .exit, .returning: hasEnded = true
            default: break
            }
        }
    }

    private mutating func walk(_ statement: Statement) {
        switch statement.kind {
        case .command(let call): walk(call)
        case .binding(let name, let value), .parameter(let name, let value):
            _ = type(of: value)
            assign(name)
        case .say(let value, let filters):
            _ = type(of: value)
            walk(filters, columns: .none)
        case .exit(let status):
            if let status { require(.integer, status, "an exit status") }
        case .forEach(let variable, let sequence, let block): walk(variable, sequence, block)
        case .repetition(let count, let block):
            require(.integer, count, "how many times")
            walk(block)
        case .conditional(let branches, let otherwise):
            for branch in branches {
                requireCondition(branch.condition)
                walk(branch.block)
            }
            if let otherwise { walk(otherwise) }
        case .loop(let condition, let block):
            requireCondition(condition)
            walk(block)
        case .expectation(let expectation):
            requireCondition(expectation.condition)
            if let message = expectation.message { walk(message) }
            if let within = expectation.within {
                require(.duration, within, "a duration such as 250ms")
            }
        case .source(let path): source(path, at: statement.range)
        case .block(let block): walk(block)
        case .procedure(let procedure):
            pending.append(CheckedProcedure(syntax: procedure, text: text))
        case .call(let call, let result, let filters):
            walk(call)
            walk(filters, columns: .unknown)
            if let result { names.set(result.node) }
        case .returning(let value):
            if let value { _ = type(of: value) }
        case .test, .trial, .never, .at, .every, .when: walkWaiting(statement.kind)
        }
    }

    private mutating func walkWaiting(_ kind: Statement.Kind) {
        switch kind {
        case .test(let name, let block):
            walk(name)
            walk(block)
        case .trial(let block): walk(block)
        case .never(let condition): requireCondition(condition)
        case .at(let moment, let block):
            if case .virtual(let time) = moment {
                require(.duration, time, "a time such as 3.5s or 22:00")
            }
            later(block)
        case .every(let interval, let block):
            require(.duration, interval, "a duration such as 250ms")
            later(block)
        case .when(let condition, let block):
            requireCondition(condition)
            later(block)
        default: return
        }
    }

    /// Notes a variable that gets a value of its own, for the warning that it is never read.
    private mutating func assign(_ name: Located<String>) {
        let isOfLibrary = names.isOutermost && (!text.callers.isEmpty || isLibrary)
        if !isOfLibrary { assignments.append(CheckedAssignment(name: name, text: text)) }
        names.set(name.node)
    }

    // MARK: Blocks

    mutating func walk(_ block: Block) {
        names.open()
        deferred.append([])
        walk(block.statements)
        finishBlock()
        names.close()
    }

    private mutating func later(_ block: Block) {
        deferred[deferred.count - 1].append(DeferredBlock(block: block, text: text))
    }

    /// Goes through the blocks in time that end with the block that ends here.
    mutating func finishBlock() {
        let outer = text
        let waiting = deferred.removeLast()
        for block in waiting {
            text = block.text
            walk(block.block)
        }
        text = outer
    }

    private mutating func walk(
        _ variable: Located<String>,
        _ sequence: Sequence,
        _ block: Block
    ) {
        switch sequence {
        case .numbers(let low, let high):
            require(.integer, low, "a whole number")
            require(.integer, high, "a whole number")
        case .selector(let selector): walk(selector)
        case .list(let list):
            switch type(of: list) {
            case .known(.list), .known(.selection), .unknown, .never: break
            case .known(let type):
                report("expected a list or a selector, not \(type.phrase)", at: list.range)
            }
        }
        names.open()
        names.define(variable.node)
        walk(block)
        names.close()
    }

    // MARK: Other scripts

    private mutating func source(_ path: Template, at range: SourceRange) {
        walk(path)
        guard let name = path.literal, let (source, result) = library.sourced(name, by: text) else {
            return
        }
        walkedSources += 1
        let isLoop = chain.contains(source.name)
        guard !isLoop, chain.count < Limits.sourceDepth, walkedSources <= Limits.checkedScripts
        else { return }
        let outer = text
        let note = Diagnostic.Note("sourced from here", source: outer.source, range: range)
        text = CheckedText(source: source, isFile: true, callers: [note] + outer.callers)
        chain.append(source.name)
        walk(result.script.statements)
        chain.removeLast()
        text = outer
    }

    // MARK: Procedures

    /// Goes through the bodies of all procedures, those that are defined in bodies included.
    mutating func checkProcedures() {
        let outermost = names
        while let procedure = pending.popLast() {
            text = procedure.text
            for parameter in procedure.syntax.parameters {
                if let value = parameter.defaultValue { walk(value) }
            }
            names = outermost.insideProcedure(procedure.syntax.parameters.map(\.name.node))
            let readOutside = read
            read = []
            deferred.append([])
            walk(procedure.syntax.body)
            finishBlock()
            for parameter in procedure.syntax.parameters
            where !read.contains(parameter.name.node) && !library.isIncomplete {
                let name = parameter.name
                report(.warning("`\(name.node)` is never read", at: name.range))
            }
            read.formUnion(readOutside)
        }
        names = outermost
    }

    private mutating func walk(_ call: ProcedureCall) {
        called.insert(call.name.node)
        for argument in call.arguments { walk(argument.content) }
        guard let known = procedures[call.name.node] else {
            guard !library.isIncomplete else { return }
            let words =
                procedures.keys.sorted() + registry.grammar.commands.compactMap(\.path.first)
                + Grammar.statementWords
            report(
                "unknown command `\(call.name.node)`",
                at: call.name.range,
                hints: Spelling.hints(for: call.name.node, among: words)
            )
            return
        }
        guard known.count == 1 else { return }
        do throws(Diagnostic) {
            _ = try known[0].syntax.places(of: call)
        } catch {
            report(error)
        }
    }

    private mutating func walk(_ content: CallArgument.Content) {
        switch content {
        case .word(let template): walk(template)
        case .expression(let expression): _ = type(of: expression)
        }
    }
}
