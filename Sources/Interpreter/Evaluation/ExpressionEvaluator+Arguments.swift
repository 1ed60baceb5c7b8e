// A command's arguments: variables put in, words read by their kinds, objects found, selectors
// resolved, conditions kept.

extension ExpressionEvaluator {
    /// The arguments of a call, one or nil for each parameter.
    mutating func arguments(
        _ call: CommandCall,
        _ signature: CommandSignature,
        _ host: HostType,
        source: SourceText
    ) throws(Diagnostic) -> [Argument?] {
        var slots = [Argument?](repeating: nil, count: signature.parameters.count)
        for bound in call.arguments {
            let parameter = signature.parameters[bound.parameter]
            let argument = try argument(bound, parameter.kind, host, source: source)
            guard parameter.placement == .rest else {
                slots[bound.parameter] = argument
                continue
            }
            let earlier = slots[bound.parameter]
            let range = earlier.map { $0.range.joined(with: argument.range) } ?? argument.range
            slots[bound.parameter] = Argument(
                elements: (earlier?.elements ?? []) + [argument],
                at: range
            )
        }
        return slots
    }

    private mutating func argument(
        _ bound: BoundArgument,
        _ kind: ArgumentKind,
        _ host: HostType,
        source: SourceText
    ) throws(Diagnostic) -> Argument {
        switch bound.syntax {
        case .flag: return Argument(.bool(true), at: bound.range)
        case .text(let text): return Argument(.string(text), at: bound.range)
        case .word(let template): return try word(template, kind, host)
        case .list(let words): return try list(words, kind, host, at: bound.range)
        case .selector(let selector):
            return try selection(selector, host, source: source)
        case .pattern(let syntax):
            let pattern = try pattern(syntax, host)
            return Argument(captured: pattern, text: pattern.text, at: bound.range)
        case .expression(let expression):
            guard case .condition = kind.syntax else {
                return Argument(try evaluate(expression, host), at: bound.range)
            }
            let condition = Condition(expression, evaluator: self, host: host, source: source)
            return Argument(captured: condition, text: condition.text, at: bound.range)
        }
    }

    /// Resolves a selector; warns if it finds nothing.
    private mutating func selection(
        _ selector: Selector,
        _ host: HostType,
        source: SourceText
    ) throws(Diagnostic) -> Argument {
        let selection = try select(selector, host)
        let text = source.string(selector.range)
        if selection.ids.isEmpty {
            warnings.append(.warning("no \(selection.kind) matches `\(text)`", at: selector.range))
        }
        return Argument(.selection(selection), text: text, at: selector.range)
    }

    private mutating func list(
        _ words: [Template],
        _ kind: ArgumentKind,
        _ host: HostType,
        at range: SourceRange
    ) throws(Diagnostic) -> Argument {
        guard case .list(let syntax) = kind.syntax else {
            return Argument(elements: [], at: range)
        }
        let element = ArgumentKind(syntax, placeholder: kind.placeholder, phrase: kind.phrase)
        var elements: [Argument] = []
        for template in words {
            if case .list(let values) = try value(template, host) {
                for value in values {
                    elements.append(try read(value, element, host, at: template.range))
                }
            } else {
                elements.append(try word(template, element, host))
            }
        }
        return Argument(elements: elements, at: range)
    }

    /// Reads one word by its kind.
    mutating func word(
        _ template: Template,
        _ kind: ArgumentKind,
        _ host: HostType
    ) throws(Diagnostic) -> Argument {
        try read(try value(template, host), kind, host, at: template.range)
    }

    private func read(
        _ value: Value,
        _ kind: ArgumentKind,
        _ host: HostType,
        at range: SourceRange
    ) throws(Diagnostic) -> Argument {
        switch kind.syntax {
        case .value(let type):
            guard case .string(let text) = value else {
                let same = try WordReading.convert(value, type, phrase: kind.phrase, at: range)
                return Argument(same, at: range)
            }
            let read = try WordReading.value(text, type, phrase: kind.phrase, at: range)
            return Argument(read, text: text, at: range)
        case .choice(let choices):
            // The parser has refused abbreviations where they do not count.
            let text = try WordReading.choice(
                value.text,
                choices,
                phrase: kind.phrase,
                abbreviates: true,
                at: range
            )
            return Argument(.string(text), at: range)
        case .object(let name):
            guard let declared = registry.kind(name) else {
                return Argument(.string(value.text), at: range)
            }
            if case .object(let object) = value, object.kind == name {
                return Argument(value, at: range)
            }
            let found = try object(value.text, of: declared, host, at: range)
            return Argument(.object(found), at: range)
        default: return Argument(value, at: range)
        }
    }
}
