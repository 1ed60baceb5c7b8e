// Ways to make a script smaller: fewer phones, fewer lines, fewer words, smaller and rounder numbers. Each
// takes lines and gives lines that may no longer be a script at all: whoever tries them finds out.

import Interpreter

/// A script as lines, each as words.
struct ShrinkScript: Equatable {
    /// The words of each line; braces and semicolons are words of their own.
    var lines: [[String]]

    init(lines: [[String]]) { self.lines = lines }

    /// The lines of a text, without comments and empty lines.
    init(text: String) {
        lines = text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { return nil }
            return words.flatMap { Self.parted($0) }
        }
    }

    /// A semicolon at the end of a word is a word.
    private static func parted(_ word: String) -> [String] {
        word.count > 1 && word.hasSuffix(";") ? [String(word.dropLast()), ";"] : [word]
    }

    /// The script.
    var text: String {
        lines.map { words in
            words.joined(separator: " ").replacing(" ;", with: ";") + "\n"
        }.joined()
    }

    /// How many phones its lines make.
    var phoneCount: Int {
        lines.reduce(0) { sum, words in
            switch words.first {
            case "phone": sum + 1
            case "phones": sum + (words.count > 1 ? Int(words[1]) ?? 0 : 0)
            default: sum
            }
        }
    }

    /// What all reductions make smaller: phones first, then lines, words and digits.
    var weight: [Int] {
        let words = lines.reduce(0) { $0 + $1.count }
        return [phoneCount, lines.count, words, text.utf8.count]
    }

    /// Lines that stay: without them nothing is looked at, or nobody would know why it failed.
    static func isKept(_ words: [String]) -> Bool {
        words == ["expect", "invariants"] || words.starts(with: ["set", "parameter", "planted"])
            || words.first?.hasPrefix("planted") ?? false
    }
}

extension ShrinkScript {
    /// The script with at most `most` phones in each line that makes some; who is named beyond them is
    /// another one of those that are left.
    func with(phones most: Int) -> ShrinkScript {
        var result = self
        for index in lines.indices where lines[index].first == "phones" {
            guard lines[index].count > 1, let count = Int(lines[index][1]), count > most,
                let place = lines[index].firstIndex(of: "prefix"), place + 1 < lines[index].count
            else { continue }
            let prefix = lines[index][place + 1]
            result.lines[index][1] = "\(most)"
            for other in result.lines.indices {
                result.lines[other] = result.lines[other].map {
                    Self.renamed($0, prefix, most)
                }
            }
        }
        return result
    }

    private static func renamed(_ word: String, _ prefix: String, _ most: Int) -> String {
        word.split(separator: ",", omittingEmptySubsequences: false).map { name in
            guard name.hasPrefix(prefix), let number = Int(name.dropFirst(prefix.count)),
                number > most
            else { return String(name) }
            return "\(prefix)\((number - 1) % most + 1)"
        }.joined(separator: ",")
    }

    /// The script without some of its lines.
    func without(lines range: Range<Int>) -> ShrinkScript {
        var result = self
        let kept = lines[range].filter { Self.isKept($0) }
        result.lines.replaceSubrange(range, with: kept)
        return result
    }

    /// The script without all that goes wrong in it.
    func withoutMishaps() -> ShrinkScript {
        ShrinkScript(lines: lines.filter { !["at", "fault", "heal"].contains($0.first) })
    }

    /// The script with another seed; the first, which needs no line, is 1.
    func with(seed: UInt64) -> ShrinkScript {
        var result = self
        result.lines.removeAll { $0.first == "seed" }
        if seed != 1 { result.lines.insert(["seed", "\(seed)"], at: 0) }
        return result
    }

    /// The script with a load that everybody knows in place of one that it defines.
    func withKnownLoad() -> ShrinkScript? {
        let definitions = lines.filter { $0.starts(with: ["firmware", "define"]) && $0.count > 2 }
        guard let name = definitions.first?[2] else { return nil }
        var result = self
        result.lines.removeAll { $0.starts(with: ["firmware", "define", name]) }
        result.lines = result.lines.map { words in
            words.map { $0 == name ? "SCCP41.9-4-2SR1-1S" : $0 }
        }
        return result
    }

    /// The script without some words of a line.
    func without(words range: Range<Int>, ofLine index: Int) -> ShrinkScript {
        var result = self
        result.lines[index].removeSubrange(range)
        return result
    }

    /// Scripts with simpler numbers in one word: smaller, or of fewer digits; the simplest first.
    func simpler(word place: Int, ofLine index: Int) -> [ShrinkScript] {
        let word = lines[index][place]
        if word.contains(",") {
            return simplerList(word, place, index)
        }
        return Self.simpler(word).map { simpler in
            var result = self
            result.lines[index][place] = simpler
            return result
        }
    }

    private func simplerList(_ word: String, _ place: Int, _ index: Int) -> [ShrinkScript] {
        let parts = word.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        var results: [ShrinkScript] = []
        func add(_ changed: [String]) {
            var result = self
            result.lines[index][place] = changed.joined(separator: ",")
            results.append(result)
        }
        for part in parts.indices {
            var fewer = parts
            fewer.remove(at: part)
            add(fewer)
        }
        for part in parts.indices {
            for simpler in Self.simpler(parts[part]) {
                var changed = parts
                changed[part] = simpler
                add(changed)
            }
        }
        return results
    }

    /// Simpler words for one that is a number with a unit, or with nothing behind it.
    static func simpler(_ word: String) -> [String] {
        let digits = word.prefix { $0.isASCII && $0.isNumber }
        let unit = word.dropFirst(digits.count)
        guard let number = Int(digits), number > 0,
            unit.allSatisfy({ $0.isLetter || $0 == "%" })
        else { return [] }
        if unit == "ms", number >= 1_000 {
            return ["\(number / 1_000)s", "\(number / 1_000 + 1)s"] + numbers(number, "ms")
        }
        return numbers(number, unit)
    }

    private static func numbers(_ number: Int, _ unit: Substring) -> [String] {
        var power = 1
        while power <= number / 10 { power *= 10 }
        var candidates = [1, 2, 3, 5, number / 10, number / 4, number / 2, number / power * power]
        // One by one only where that ends soon.
        candidates.append(number <= 20 ? number - 1 : number - number / 8)
        var seen: [Int] = []
        for candidate in candidates where candidate > 0 && candidate < number {
            if !seen.contains(candidate) { seen.append(candidate) }
        }
        return seen.sorted().map { "\($0)\(unit)" }
    }
}
