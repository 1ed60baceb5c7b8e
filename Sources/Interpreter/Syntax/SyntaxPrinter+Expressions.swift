// Expressions and selectors as text. Parentheses stand where the tree would otherwise be read
// differently; selectors keep those they had, because they say where a selector ends.

extension SyntaxPrinter {
    /// How tightly a kind of expression binds; the higher, the tighter.
    private enum Strength: Int, Comparable {
        case or, and, comparison, sum, product, unary, primary

        static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }

        var tighter: Strength { Strength(rawValue: rawValue + 1) ?? .primary }
    }

    private static func strength(_ kind: Expression.Kind) -> Strength {
        switch kind {
        case .binary(.or, _, _): .or
        case .binary(.and, _, _): .and
        case .unary(.not, _), .match: .comparison
        case .binary(.plus, _, _), .binary(.minus, _, _): .sum
        case .binary(.times, _, _), .binary(.divided, _, _): .product
        case .binary: .comparison
        case .unary(.minus, _): .unary
        default: .primary
        }
    }

    /// An expression as a script would write it.
    static func text(_ expression: Expression) -> String {
        switch expression.kind {
        case .literal(let value): value.text
        case .template(let template): word(template)
        case .variable(let name): "$" + name
        case .word(let word): word
        case .property(let base, let name): self.base(base) + "." + name.node
        case .call(let name, let arguments):
            "\(name.node)(" + arguments.map(text).joined(separator: ", ") + ")"
        case .list(let elements): "[" + elements.map(text).joined(separator: ", ") + "]"
        case .unary(.not, let inner): "not " + text(inner, atLeast: .comparison)
        case .unary(.minus, let inner): "-" + text(inner, atLeast: .unary)
        case .binary(let name, let left, let right): binary(name, left, right, expression)
        case .match(let left, let pattern): "\(text(left, atLeast: .sum)) ~ \(text(pattern))"
        case .log(let selector, let pattern):
            "log " + (selector.map { text($0) + " " } ?? "") + text(pattern)
        case .each(let inner, let selector): "\(text(inner)) of \(text(selector))"
        }
    }

    private static func text(_ argument: FunctionArgument) -> String {
        switch argument {
        case .value(let expression): text(expression)
        case .selector(let selector): text(selector)
        }
    }

    private static func binary(
        _ name: BinaryOperator,
        _ left: Expression,
        _ right: Expression,
        _ whole: Expression
    ) -> String {
        let own = strength(whole.kind)
        // A comparison cannot follow a comparison; all else groups from the left.
        let first = text(left, atLeast: own == .comparison ? .sum : own)
        return "\(first) \(name.rawValue) \(text(right, atLeast: own.tighter))"
    }

    private static func text(_ expression: Expression, atLeast least: Strength) -> String {
        let inner = text(expression)
        return strength(expression.kind) < least ? "(\(inner))" : inner
    }

    /// What stands in front of a point: a number there would take the point for its own.
    private static func base(_ expression: Expression) -> String {
        switch expression.kind {
        case .literal(.bool), .literal(.none): text(expression)
        case .literal, .log, .each: "(\(text(expression)))"
        default: text(expression, atLeast: .primary)
        }
    }

    /// A selector as a script would write it.
    static func text(_ selector: Selector) -> String {
        let inner =
            switch selector.kind {
            case .all: "all"
            case .name(let name): word(name)
            case .range(let first, let last): "\(word(first))..\(word(last))"
            case .keyword(let name, let values):
                "\(name) " + values.map(word).joined(separator: ",")
            case .filter(let condition): "where (\(text(condition)))"
            case .any(let parts): parts.map(text).joined(separator: ",")
            case .every(let parts): parts.map(text).joined(separator: " ")
            case .except(let whole, let part): "\(text(whole)) except \(text(part))"
            case .share(let parts, let whole):
                "\(Value.percent(partsPerMillion: parts.node).text) of \(text(whole))"
            }
        return selector.isGrouped ? "(\(inner))" : inner
    }
}
