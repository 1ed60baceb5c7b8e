// Two runs side by side: first the story of each, then file by file when each phone had it and from whom,
// with what differs in words.

import Interpreter
import PFSRuntime

/// Two runs, told by their logs.
struct RunComparison {
    let first: ToldRun
    let second: ToldRun
    /// How far apart moments may be without counting as different, in microseconds; nil: any.
    let toleranceMicroseconds: Int64?

    /// What a row differs in, the gravest first.
    ///
    /// Everything but the last two is the story.
    enum Difference: String {
        case onlyFirst = "only in the first"
        case onlySecond = "only in the second"
        case ending
        case method
        case role
        case story
        case parent
        case time

        /// Whether the runs tell another story for it.
        var isOfTheStory: Bool { self != .parent && self != .time }
    }

    static let columns = [
        Table.Column("phone"), Table.Column("what"), Table.Column("first"), Table.Column("second"),
        Table.Column("differs"), Table.Column("story_differs", use: .data),
        Table.Column("method_first", use: .data), Table.Column("method_second", use: .data),
        Table.Column("from_first", use: .data), Table.Column("from_second", use: .data),
        Table.Column("at_first", .right, use: .data), Table.Column("at_second", .right, use: .data),
    ]

    /// The stories, then the timelines in the order of the first, and what the second alone has.
    var table: Table {
        var table = Table(columns: Self.columns)
        var counts: [Difference: Int] = [:]
        for (one, two) in zip(first.story, second.story) {
            let difference: Difference? = one.text == two.text ? nil : .story
            if let difference { counts[difference, default: 0] += 1 }
            let cells: [Value] = [
                .string("all"), .string(one.name), .string(one.text), .string(two.text),
                difference.map { .string($0.rawValue) } ?? .none, .bool(difference != nil),
            ]
            table.append(cells + Array(repeating: .none, count: Self.columns.count - cells.count))
        }
        for pair in pairs {
            let difference = difference(pair.one, pair.two)
            if let difference { counts[difference, default: 0] += 1 }
            table.append(row(pair, difference))
        }
        table.footer = footer(counts)
        return table
    }

    /// A copy in both runs, or in one of them.
    private struct Pair {
        let key: ToldRun.Key
        let one: ToldRun.Copy?
        let two: ToldRun.Copy?
    }

    private var pairs: [Pair] {
        let names = partners
        var met: Set<ToldRun.Key> = []
        var pairs = first.keys.map { key in
            let other = ToldRun.Key(
                phone: names[key.phone] ?? key.phone,
                file: key.file,
                turn: key.turn
            )
            met.insert(other)
            return Pair(key: key, one: first.copies[key], two: second.copies[other])
        }
        for key in second.keys where !met.contains(key) {
            pairs.append(Pair(key: key, one: nil, two: second.copies[key]))
        }
        return pairs
    }

    /// What phones of the first run are called in the second, where their names differ: a log of a real phone
    /// knows it by another name, but its address is the same.
    private var partners: [String: String] {
        let known = Set(second.phones)
        var byAddress: [IPv4Address: String] = [:]
        for phone in second.phones {
            if let address = second.addresses[phone] { byAddress[address] = phone }
        }
        var partners: [String: String] = [:]
        for phone in first.phones where !known.contains(phone) {
            guard let address = first.addresses[phone], let other = byAddress[address] else {
                continue
            }
            partners[phone] = other
        }
        return partners
    }

    private func difference(_ one: ToldRun.Copy?, _ two: ToldRun.Copy?) -> Difference? {
        guard let one else { return .onlySecond }
        guard let two else { return .onlyFirst }
        if one.ending != two.ending { return .ending }
        if one.method != two.method { return .method }
        if one.role != two.role { return .role }
        if one.from != two.from, !isSamePhone(one.from, two.from) { return .parent }
        guard let toleranceMicroseconds else { return nil }
        let apart = abs(one.endMicroseconds - two.endMicroseconds)
        return apart > toleranceMicroseconds ? .time : nil
    }

    private func isSamePhone(_ one: String?, _ two: String?) -> Bool {
        guard let one, let two else { return false }
        return partners[one] == two
    }

    private func row(_ pair: Pair, _ difference: Difference?) -> [Value] {
        func text(_ text: String?) -> Value { text.map { .string($0) } ?? .none }
        func moment(_ copy: ToldRun.Copy?) -> Value {
            copy.map { .duration(nanoseconds: $0.endMicroseconds * 1_000) } ?? .none
        }
        let again = pair.key.turn > 1 ? ", time \(pair.key.turn)" : ""
        return [
            .string(pair.key.phone), .string(pair.key.file + again), text(pair.one?.text),
            text(pair.two?.text), text(difference?.rawValue),
            .bool(difference?.isOfTheStory ?? false), text(pair.one?.method.rawValue),
            text(pair.two?.method.rawValue), text(pair.one?.from), text(pair.two?.from),
            moment(pair.one), moment(pair.two),
        ]
    }

    private func footer(_ counts: [Difference: Int]) -> String {
        let story = counts.filter { $0.key.isOfTheStory }.values.reduce(0, +)
        var details: [String] = []
        for (difference, word) in [(Difference.parent, "parent"), (.time, "moment")] {
            if let count = counts[difference] { details.append(Counted.text(count, word)) }
        }
        var text =
            story == 0
            ? "the same story" : "\(Counted.text(story, "difference")) between the stories"
        if !details.isEmpty {
            text += "; otherwise \(details.joined(separator: " and ")) differ"
        }
        return "first: \(first.name)\nsecond: \(second.name)\n\(text)"
    }
}
