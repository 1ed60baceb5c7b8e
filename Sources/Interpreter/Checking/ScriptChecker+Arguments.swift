// Arguments of commands, selectors, templates and filters. A word that holds no variable is decoded
// by its parameter's own type, as a run would do it; objects are left to the run.

/// What the bare words of the filter `where` may be.
struct CheckedRow {
    /// The columns, if it is known which there are.
    let columns: [String]?

    /// Whether there is a column of that name; nil where only a run can tell.
    func has(_ name: String) -> Bool? { columns.map { $0.contains(name) } }

    /// Whether a word may be a column.
    func isColumn(_ name: String) -> Bool { has(name) ?? true }
}

/// What goes through a filter.
enum CheckedOutput: Equatable {
    /// Only a run can tell.
    case unknown

    /// A table of these columns.
    case table([String])

    /// Something else.
    case none
}

extension ScriptChecker {
    mutating func walk(_ call: CommandCall) {
        let command = registry.commands[call.command]
        for bound in call.arguments { walk(bound, command.signature.parameters[bound.parameter]) }
        for (place, parameter) in command.signature.parameters.enumerated() {
            let bound = call.arguments.filter { $0.parameter == place }
            check(bound, parameter, command.checks[place])
        }
        let output = command.signature.columns.map { CheckedOutput.table($0) } ?? .unknown
        walk(call.filters, columns: output)
    }

    private mutating func walk(_ bound: BoundArgument, _ parameter: ParameterSignature) {
        switch bound.syntax {
        case .flag, .text: return
        case .word(let template): walk(template, parameter.kind)
        case .list(let words):
            for word in words { walk(word) }
        case .selector(let selector): walk(selector)
        case .pattern(let pattern): walk(pattern)
        case .expression(let expression):
            if parameter.kind.syntax == .condition {
                requireCondition(expression)
            } else {
                _ = type(of: expression)
            }
        }
    }

    /// A variable keeps its type where a word of another type is expected.
    private mutating func walk(_ template: Template, _ kind: ArgumentKind) {
        guard let type = walk(template), case .value(let wanted) = kind.syntax else { return }
        if case .known(let known) = type, known != wanted, known != .string {
            report("expected \(kind.phrase), not \(known.phrase)", at: template.range)
        }
    }

    /// Decodes the words of a parameter that hold no variable.
    private mutating func check(
        _ bound: [BoundArgument],
        _ parameter: ParameterSignature,
        _ decode: (Argument) throws(Diagnostic) -> Void
    ) {
        var arguments: [Argument] = []
        for argument in bound {
            guard let literal = literal(argument, parameter.kind) else { return }
            arguments.append(literal)
        }
        guard let first = arguments.first else { return }
        let isRest = parameter.placement == .rest
        let range = bound.reduce(first.range) { $0.joined(with: $1.range) }
        let whole = isRest ? Argument(elements: arguments, at: range) : first
        do throws(Diagnostic) {
            try decode(whole)
        } catch {
            var placed = error
            if placed.range == nil { placed.range = range }
            report(placed)
        }
    }

    /// What a run would make of an argument that holds no variable; nil for what it needs a world
    /// for.
    private func literal(_ bound: BoundArgument, _ kind: ArgumentKind) -> Argument? {
        switch bound.syntax {
        case .word(let template): return literal(template, kind.syntax)
        case .list(let words):
            guard case .list(let element) = kind.syntax else { return nil }
            var elements: [Argument] = []
            for word in words {
                guard let argument = literal(word, element) else { return nil }
                elements.append(argument)
            }
            return Argument(elements: elements, at: bound.range)
        case .selector, .expression, .pattern, .text, .flag: return nil
        }
    }

    private func literal(_ template: Template, _ syntax: ArgumentSyntaxKind) -> Argument? {
        guard let text = template.literal else { return nil }
        switch syntax {
        case .word, .file, .choice: return Argument(.string(text), text: text, at: template.range)
        case .value(let type):
            // The parser has read it already: what it refuses is reported.
            do throws(Diagnostic) {
                let value = try WordReading.value(text, type, phrase: "", at: template.range)
                return Argument(value, text: text, at: template.range)
            } catch {
                return nil
            }
        case .object, .selector, .expression, .condition, .pattern, .list, .text: return nil
        }
    }

    // MARK: Templates and patterns

    /// Looks at what a template holds; gives the type of a lone variable or expression.
    @discardableResult
    mutating func walk(_ template: Template) -> StaticType? {
        var last: StaticType?
        for piece in template.pieces {
            switch piece {
            case .text: continue
            case .variable(let name, let range): last = variable(name, at: range)
            case .expression(let expression): last = type(of: expression)
            }
        }
        return template.pieces.count == 1 && !template.isQuoted ? last : nil
    }

    mutating func walk(_ pattern: PatternSyntax) {
        if case .template(let template) = pattern { walk(template) }
    }

    // MARK: Selectors

    mutating func walk(_ selector: Selector) {
        switch selector.kind {
        case .all: return
        case .name(let template):
            guard case .known(let type)? = walk(template) else { return }
            let kind = registry.selectable.name
            switch type {
            case .string, .list, .selection, .object(kind): return
            default: report("expected a \(kind), not \(type.phrase)", at: template.range)
            }
        case .range(let first, let last):
            walk(first)
            walk(last)
        case .keyword(_, let values):
            for value in values { walk(value) }
        case .filter(let condition):
            let outer = (subject, row)
            subject = registry.selectable.name
            row = nil
            requireCondition(condition)
            (subject, row) = outer
        case .any(let parts), .every(let parts):
            for part in parts { walk(part) }
        case .except(let whole, let removed):
            walk(whole)
            walk(removed)
        case .share(_, let whole): walk(whole)
        }
    }

    // MARK: Filters

    mutating func walk(_ filters: [FilterCall], columns output: CheckedOutput) {
        var output = output
        for call in filters { walk(call, &output) }
    }

    private mutating func walk(_ call: FilterCall, _ output: inout CheckedOutput) {
        switch call.argument {
        case .pattern(let pattern): walk(pattern)
        case .count(let count): require(.integer, count, "how many")
        case .file(let path):
            walk(path)
            output = .none
        case .columns(let names):
            requireColumns(names, call, output)
            if output != .unknown { output = .table(names.map(\.node)) }
        case .order(let name, _): requireColumns([name], call, output)
        case .condition(let condition):
            requireColumns([], call, output)
            let columns: [String]? = if case .table(let names) = output { names } else { nil }
            row = CheckedRow(columns: columns)
            defer { row = nil }
            if let columns {
                for word in condition.unknownColumns(columns, registry) {
                    report(Table.unknownColumn(word, among: columns))
                }
            }
            requireCondition(condition)
        case .none: output = .none
        }
    }

    private mutating func requireColumns(
        _ names: [Located<String>],
        _ call: FilterCall,
        _ output: CheckedOutput
    ) {
        switch output {
        case .unknown: return
        case .none:
            report("`\(call.filter.rawValue)` needs a table, and this is none", at: call.range)
        case .table(let columns):
            for name in names where !columns.contains(name.node) {
                report(Table.unknownColumn(name, among: columns))
            }
        }
    }
}
