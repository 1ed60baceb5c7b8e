// Which bare words of a condition behind the filter `where` must be columns: those that are neither
// a value of the world nor what a column is compared with. A word that is misspelt is refused before
// any row is looked at, because rows that never come to it would hide it.

extension Expression {
    /// The bare words that are no columns and can be nothing else but an object.
    func unknownColumns<HostType: Host>(
        _ columns: [String],
        _ registry: Registry<HostType>
    ) -> [Located<String>] {
        switch kind {
        case .word(let word):
            let isKnown = columns.contains(word) || word == "now" || registry.global(word) != nil
            return isKnown ? [] : [Located(word, at: range)]
        case .literal, .template, .variable, .property, .call, .log, .each: return []
        case .list(let elements): return elements.flatMap { $0.unknownColumns(columns, registry) }
        case .unary(_, let inner), .match(let inner, _):
            return inner.unknownColumns(columns, registry)
        case .binary(let name, let left, let right):
            switch name {
            case .equal, .unequal, .less, .atMost, .greater, .atLeast:
                if left.isPartner(of: right, columns, registry) {
                    return left.unknownColumns(columns, registry)
                }
                if right.isPartner(of: left, columns, registry) {
                    return right.unknownColumns(columns, registry)
                }
                // Of two unknown words the first was meant for the column.
                let unknown = left.unknownColumns(columns, registry)
                return unknown.isEmpty ? right.unknownColumns(columns, registry) : unknown
            default:
                return left.unknownColumns(columns, registry)
                    + right.unknownColumns(columns, registry)
            }
        }
    }

    /// Whether this gives a bare word on the other side its meaning: a column, a value of the world,
    /// or what has properties.
    private func isPartner<HostType: Host>(
        of other: Expression,
        _ columns: [String],
        _ registry: Registry<HostType>
    ) -> Bool {
        guard case .word = other.kind else { return false }
        switch kind {
        case .word(let word): return columns.contains(word) || registry.global(word) != nil
        case .property, .call: return true
        default: return false
        }
    }
}
