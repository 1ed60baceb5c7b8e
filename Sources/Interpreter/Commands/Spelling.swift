// "Did you mean": the known words nearest to one that is unknown, by the number of letters wrong,
// missing, too much or swapped.

/// Finding words that were nearly typed.
public enum Spelling {
    /// At most this many words are offered: more is a list, not advice.
    static let offered = 3

    /// The words out of `known` nearest to `word`: at most three, at most a third of its letters
    /// (or one) apart, nearest first and else in their order.
    public static func nearest(to word: String, among known: [String]) -> [String] {
        let limit = max(1, word.count / 3)
        var found: [(distance: Int, word: String)] = []
        for candidate in known where abs(candidate.count - word.count) <= limit {
            let distance = distance(Array(word), Array(candidate))
            guard distance <= limit, !found.contains(where: { $0.word == candidate }) else {
                continue
            }
            let place = found.firstIndex { $0.distance > distance } ?? found.count
            found.insert((distance, candidate), at: place)
            if found.count > offered { found.removeLast() }
        }
        return found.map(\.word)
    }

    /// The hint that offers the nearest words, if there are any.
    public static func hints(for word: String, among known: [String]) -> [String] {
        let near = nearest(to: word, among: known)
        return near.isEmpty
            ? [] : ["did you mean " + near.map { "`\($0)`" }.joined(separator: " or ") + "?"]
    }

    /// Letters wrong, missing, too much or swapped (Damerau and Levenshtein, optimal alignment).
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let change = left[row] == right[column] ? 0 : 1
                var best = min(
                    last[column] + change,
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
