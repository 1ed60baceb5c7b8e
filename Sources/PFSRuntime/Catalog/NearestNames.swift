// "Did you mean": the known names nearest to a mistyped one, for the errors of the catalogue.

/// Finds names that are spelled almost like a given one.
public enum NearestNames {
    /// The most names that an error offers.
    public static let resultLimit = 3

    /// Longer texts get no suggestions; it bounds the time of a lookup.
    public static let characterLimit = 64

    /// Up to `resultLimit` of `names` that differ from `text` by at most a third of its characters.
    ///
    /// Case and the order of equally near names do not matter for the distance; ties keep the order
    /// of `names`. A name that occurs twice is offered once.
    public static func find(_ text: some StringProtocol, among names: [String]) -> [String] {
        let wanted = text.utf8.map(TextCursor.lowered)
        guard !wanted.isEmpty, wanted.count <= characterLimit else { return [] }
        let limit = max(1, wanted.count / 3)
        var found: [(distance: Int, name: String)] = []
        for name in names where !found.contains(where: { $0.name == name }) {
            let candidate = name.utf8.map(TextCursor.lowered)
            guard abs(candidate.count - wanted.count) <= limit else { continue }
            let distance = distance(wanted, candidate)
            guard distance <= limit else { continue }
            let place = found.firstIndex { $0.distance > distance } ?? found.count
            found.insert((distance, name), at: place)
        }
        return found.prefix(resultLimit).map(\.name)
    }

    /// `; did you mean a, b or c?`, or nothing when there is nothing to offer.
    public static func question(_ names: [String]) -> String {
        guard let last = names.last else { return "" }
        let quoted = names.dropLast().map { "`\($0)`" }.joined(separator: ", ")
        return "; did you mean " + (quoted.isEmpty ? "" : quoted + " or ") + "`\(last)`?"
    }

    /// The number of characters to change, insert, remove or swap with their neighbour (the optimal
    /// string alignment distance).
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var best = min(
                    last[column] + (isSame ? 0 : 1),
                    last[column + 1] + 1,
                    current[column] + 1
                )
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
