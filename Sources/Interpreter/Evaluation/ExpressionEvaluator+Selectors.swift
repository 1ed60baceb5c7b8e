// Selectors to selections. The order is the order written, a pattern's and a keyword's the order of
// all objects; none comes twice. An unknown name is an error; a pattern, a range or a condition
// that finds nothing is a warning at most, because a script may well look whether something is
// there.

extension ExpressionEvaluator {
    mutating func select(
        _ selector: Selector,
        _ host: HostType
    ) throws(Diagnostic) -> Selection {
        let ids = try ids(selector, among: nil, host)
        return Selection(kind: registry.selectable.name, ids: ids)
    }

    /// The objects of a selector, out of `candidates` if given.
    private mutating func ids(
        _ selector: Selector,
        among candidates: [Int]?,
        _ host: HostType
    ) throws(Diagnostic) -> [Int] {
        try budget.spend(at: selector.range, host)
        let kind = registry.selectable
        switch selector.kind {
        case .all: return candidates ?? kind.all(host)
        case .name(let template): return keep(try named(template, host), among: candidates)
        case .range(let first, let last):
            return keep(try range(first, last, host, at: selector.range), among: candidates)
        case .keyword(let name, let values):
            return keep(try keyword(name, values, host, at: selector.range), among: candidates)
        case .filter(let condition):
            return try filter(candidates ?? kind.all(host), condition, host)
        case .any(let parts):
            var found: [Int] = []
            for part in parts { found += try ids(part, among: candidates, host) }
            return distinct(found)
        case .every(let parts):
            var found = candidates
            for part in parts { found = try ids(part, among: found, host) }
            return found ?? []
        case .except(let whole, let part):
            let removed = Set(try ids(part, among: nil, host))
            return try ids(whole, among: candidates, host).filter { !removed.contains($0) }
        case .share(let parts, let whole):
            return share(parts.node, of: try ids(whole, among: candidates, host), host)
        }
    }

    /// So many parts per million of the objects, rounded up: those that the host ranks first.
    private func share(_ partsPerMillion: Int64, of ids: [Int], _ host: HostType) -> [Int] {
        let count = (ids.count * Int(partsPerMillion) + 999_999) / 1_000_000
        let ranked = ids.map { (rank: host.rank(of: $0), id: $0) }
            .sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }
        let chosen = Set(ranked.prefix(count).map(\.id))
        return ids.filter { chosen.contains($0) }
    }

    private func keep(_ ids: [Int], among candidates: [Int]?) -> [Int] {
        guard let candidates else { return ids }
        let wanted = Set(ids)
        return candidates.filter { wanted.contains($0) }
    }

    private func distinct(_ ids: [Int]) -> [Int] {
        var seen: Set<Int> = []
        return ids.filter { seen.insert($0).inserted }
    }

    private mutating func filter(
        _ ids: [Int],
        _ condition: Expression,
        _ host: HostType
    ) throws(Diagnostic) -> [Int] {
        let kind = registry.selectable
        let outer = subject
        defer { subject = outer }
        var found: [Int] = []
        for id in ids {
            subject = kind.reference(id, in: host)
            if try truth(of: condition, host) { found.append(id) }
        }
        return found
    }

    // MARK: Names

    private mutating func named(
        _ template: Template,
        _ host: HostType
    ) throws(Diagnostic) -> [Int] {
        let value = try value(template, host)
        return try ids(of: value, host, at: template.range)
    }

    /// The objects a value means: `all`, a name or pattern, an object, a selection, or a list of these.
    func ids(
        of value: Value,
        _ host: HostType,
        at range: SourceRange
    ) throws(Diagnostic) -> [Int] {
        let kind = registry.selectable
        switch value {
        case .object(let object) where object.kind == kind.name: return [object.id]
        case .selection(let selection) where selection.kind == kind.name: return selection.ids
        case .list(let elements):
            var found: [Int] = []
            for element in elements { found += try ids(of: element, host, at: range) }
            return distinct(found)
        case .string("all"): return kind.all(host)
        case .string(let text):
            guard text.contains(where: { $0 == "*" || $0 == "?" }) else {
                return [try object(text, of: kind, host, at: range).id]
            }
            return try matching(text, host, at: range)
        default:
            throw Diagnostic(
                "expected a \(kind.name), not \(value.type.phrase) (\(value.literal))",
                at: range
            )
        }
    }

    private func matching(
        _ pattern: String,
        _ host: HostType,
        at range: SourceRange
    ) throws(Diagnostic) -> [Int] {
        let kind = registry.selectable
        let wanted = Array(pattern.unicodeScalars)
        return kind.all(host).filter {
            Wildcard.matches(Array(kind.nameOf(host, $0).unicodeScalars), wanted)
        }
    }

    // MARK: Ranges

    /// A name's letters and the number at its end.
    private func split(_ name: String) -> (prefix: String, digits: String)? {
        let digits = String(name.reversed().prefix(while: \.isASCIIDigit).reversed())
        let prefix = String(name.dropLast(digits.count))
        // More than 9 digits are an identifier, not a number that is counted on.
        guard !digits.isEmpty, digits.count <= 9, !prefix.isEmpty else { return nil }
        return (prefix, digits)
    }

    private mutating func range(
        _ first: Template,
        _ last: Template,
        _ host: HostType,
        at range: SourceRange
    ) throws(Diagnostic) -> [Int] {
        let low = try text(first, host)
        let high = try text(last, host)
        guard let from = split(low), let to = split(high), from.prefix == to.prefix,
            let start = Int(from.digits), let end = Int(to.digits)
        else {
            throw Diagnostic(
                "`\(low)..\(high)` is not a range: both ends are the same letters and a number",
                at: range,
                hints: ["such as P3..P9"]
            )
        }
        guard start <= end else {
            throw Diagnostic("`\(low)..\(high)` runs backwards", at: range)
        }
        let kind = registry.selectable
        let all = kind.all(host)
        var found: [(number: Int, id: Int)] = []
        let width = from.digits.first == "0" ? from.digits.count : 0
        if end - start <= all.count {
            for number in start...end {
                let digits = String(number)
                let zeros = String(repeating: "0", count: max(0, width - digits.count))
                if let id = kind.find(host, from.prefix + zeros + digits) {
                    found.append((number, id))
                }
            }
        } else {
            for id in all {
                guard let name = split(kind.nameOf(host, id)), name.prefix == from.prefix,
                    let number = Int(name.digits), (start...end).contains(number),
                    name.digits.count == max(width, String(number).count)
                else { continue }
                found.append((number, id))
            }
            found.sort { $0.number < $1.number }
        }
        return found.map(\.id)
    }

    // MARK: Keywords

    private mutating func keyword(
        _ name: String,
        _ values: [Template],
        _ host: HostType,
        at range: SourceRange
    ) throws(Diagnostic) -> [Int] {
        guard let keyword = registry.selectorKeywords.first(where: { $0.signature.name == name })
        else { throw Diagnostic("unknown selector `\(name)`", at: range) }
        var found: [Int] = []
        for template in values {
            let argument = try word(template, keyword.signature.kind, host)
            do throws(Diagnostic) {
                found += try keyword.ids(host, argument)
            } catch {
                var placed = error
                if placed.range == nil { placed.range = template.range }
                throw placed
            }
        }
        return distinct(found)
    }
}

/// Patterns of names: `*` stands for any letters, `?` for one.
enum Wildcard {
    static func matches(_ text: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
        var position = 0
        var place = 0
        var star: (place: Int, position: Int)?
        while position < text.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place, position)
                place += 1
            } else if place < pattern.count,
                pattern[place] == "?" || pattern[place] == text[position]
            {
                place += 1
                position += 1
            } else if let last = star {
                place = last.place + 1
                position = last.position + 1
                star = (last.place, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}
