// Why a condition does not hold: both sides of what it compares, when, and what the world adds about
// the objects it spoke of.

extension ExpressionEvaluator {
    /// What to say below an error about a condition that does not hold.
    mutating func explanation(
        of condition: Expression,
        in source: SourceText,
        _ host: HostType
    ) throws(Diagnostic) -> [Diagnostic.Note] {
        let sides = try explain(condition, source, host)
        let notes =
            sides + ["at \(host.displayTime(host.now))"] + host.notes(about: mentioned ?? [])
        return notes.map { Diagnostic.Note($0) }
    }

    /// The values of the comparisons that a condition is made of, one line each, `and` and `or`
    /// taken apart; a plain literal is not worth a line.
    private mutating func explain(
        _ condition: Expression,
        _ source: SourceText,
        _ host: HostType
    ) throws(Diagnostic) -> [String] {
        switch condition.kind {
        case .binary(.and, let left, let right), .binary(.or, let left, let right):
            return try explain(left, source, host) + explain(right, source, host)
        case .unary(.not, let inner): return try explain(inner, source, host)
        case .binary(_, let left, let right):
            return try line(left, comparedWith: right, source, host)
                + line(right, comparedWith: left, source, host)
        case .match(let left, _): return try line(left, comparedWith: left, source, host)
        case .log(let selector, _):
            if let selector { try mention(selector, host) }
            return ["there is no such line: `\(source.string(condition.range))`"]
        default: return try line(condition, comparedWith: condition, source, host)
        }
    }

    private mutating func line(
        _ side: Expression,
        comparedWith other: Expression,
        _ source: SourceText,
        _ host: HostType
    ) throws(Diagnostic) -> [String] {
        if case .literal = side.kind { return [] }
        if case .template = side.kind { return [] }
        let value = try self.side(side, comparedWith: other, host)
        if case .symbol = value, case .word = side.kind { return [] }
        return ["`\(source.string(side.range))` is \(value.literal)"]
    }
}
