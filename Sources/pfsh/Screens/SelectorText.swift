// Phones as the shortest selector that names just them, in their order: `all`, ranges, names.

import PFSRuntime

/// Writes selectors for the phones of a world.
struct SelectorText {
    private let names: [String]
    /// The phones of each prefix by their numbers, and the place of each number among them.
    private var numbers: [String: [Int]] = [:]
    private var places: [String: Int] = [:]

    init(_ world: World) {
        names = world.phones.map { world.name(of: $0) }
        for name in names {
            guard let (prefix, number) = Self.split(name) else { continue }
            numbers[prefix, default: []].append(number)
        }
        for prefix in numbers.keys.sorted() {
            guard let sorted = numbers[prefix]?.sorted() else { continue }
            numbers[prefix] = sorted
            for (place, number) in sorted.enumerated() { places["\(prefix)\(number)"] = place }
        }
    }

    /// The selector of some phones, given by their names; in one word.
    func text(_ chosen: [String]) -> String {
        chosen == names ? "all" : terms(chosen).joined(separator: ",")
    }

    /// Selectors that together name some phones, none with more than `columns` columns if it can be.
    func texts(_ chosen: [String], columns: Int) -> [String] {
        if chosen == names { return ["all"] }
        var texts: [String] = []
        for term in terms(chosen) {
            if let last = texts.last, last.count + 1 + term.count <= columns {
                texts[texts.count - 1] = last + "," + term
            } else {
                texts.append(term)
            }
        }
        return texts
    }

    private func terms(_ chosen: [String]) -> [String] {
        var terms: [String] = []
        var index = 0
        while index < chosen.count {
            var end = index + 1
            while end < chosen.count, follows(chosen[end], chosen[end - 1]) { end += 1 }
            if end - index > 2 {
                terms.append("\(chosen[index])..\(chosen[end - 1])")
            } else {
                terms += chosen[index..<end]
            }
            index = end
        }
        return terms
    }

    /// Whether a range that goes on from one phone has the other as its next.
    private func follows(_ name: String, _ before: String) -> Bool {
        guard let (prefix, _) = Self.split(name), let (other, _) = Self.split(before),
            prefix == other, let place = places[name], let last = places[before]
        else { return false }
        return place == last + 1
    }

    /// The parts of a name that a range can go over: numbers without leading zeros.
    private static func split(_ name: String) -> (prefix: String, number: Int)? {
        let digits = name.reversed().prefix { ("0"..."9").contains($0) }.count
        let text = name.suffix(digits)
        guard (1...9).contains(digits), digits < name.count, let number = Int(text),
            "\(number)" == text
        else {
            return nil
        }
        return (String(name.dropLast(digits)), number)
    }
}
