// The story of a run: what has to be the same wherever the same scenario runs. Who was root of each file, how
// deep the trees were at most, how files came, and which load everybody runs at the end.

import Interpreter
import PFSRuntime

extension ToldRun {
    /// A fact of the story, as words.
    struct Fact {
        /// What it is about.
        let name: String
        /// What the run says of it.
        let text: String
    }

    /// The facts, always the same ones in the same order.
    var story: [Fact] {
        [
            Fact(name: "phones", text: String(phones.count)),
            Fact(name: "roots", text: rootsText),
            Fact(name: "depth", text: depthText),
            Fact(name: "server fetches", text: String(serverFetches)),
            Fact(name: "from peers", text: String(count { $0.method == .peer })),
            Fact(name: "not written", text: String(count { $0.ending != "written" })),
            Fact(name: "loads", text: Self.counted(phones.map { loads[$0] ?? "not told" })),
            Fact(name: "failed", text: failedText),
        ]
    }

    private func count(_ isMeant: (Copy) -> Bool) -> Int {
        copies.values.count(where: isMeant)
    }

    /// Files are named only where their root is another than that of most.
    private var rootsText: String {
        Self.counted(files.map { roots[$0]?.joined(separator: "+") ?? "nobody" })
    }

    /// How deep the trees were differs from run to run; that they are no deeper than they may be does not.
    private var depthText: String {
        depth <= depthBound ? "within \(depthBound)" : "\(depth), beyond \(depthBound)"
    }

    private var failedText: String {
        let reasons = phones.compactMap { failures[$0] }.map { "reason \($0)" }
        return reasons.isEmpty ? "nobody" : Self.counted(reasons)
    }

    /// Each different word with how often it stands there, in the order of the first of each.
    private static func counted(_ words: [String]) -> String {
        var order: [String] = []
        var counts: [String: Int] = [:]
        for word in words {
            if counts[word] == nil { order.append(word) }
            counts[word, default: 0] += 1
        }
        guard !order.isEmpty else { return "none" }
        return order.map { "\(counts[$0] ?? 0) \($0)" }.joined(separator: ", ")
    }
}

extension ToldRun {
    /// Columns of the story alone.
    static let storyColumns = [Table.Column("of the run"), Table.Column("story")]

    /// The story alone.
    var storyTable: Table {
        var table = Table(columns: Self.storyColumns)
        for fact in story { table.append([.string(fact.name), .string(fact.text)]) }
        return table
    }
}
