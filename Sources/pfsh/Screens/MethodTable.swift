// The methods of distribution side by side: a row of figures for each, and a plot of how many phones
// are done when.

import Interpreter
import PFSRuntime

enum MethodTable {
    /// The rows, with what follows from them and the plot below; `window` is the time allowed.
    static func table(_ methods: [ComparedMethod], window: Interval?) -> Table {
        var table = Table(columns: [
            Table.Column("method"), Table.Column("first", .right),
            Table.Column("half", .right), Table.Column("95%", .right),
            Table.Column("last", .right), Table.Column("failed", .right, use: .data),
            Table.Column("wan", .right, use: .screen),
            Table.Column("wan-bytes", .right, use: .data),
            Table.Column("wire-bytes", .right, use: .data),
            Table.Column("peak", .right, use: .screen),
            Table.Column("server", .right), Table.Column("lan", .right, use: .screen),
            Table.Column("lan-bytes", .right, use: .data),
            Table.Column("peak-bps", .right, use: .data), Table.Column("out", .right),
            Table.Column("longest-out", .right, use: .data),
            Table.Column("efficiency", .right, use: .data),
            Table.Column("in-window", .right, use: .data),
        ])
        for method in methods { table.append(row(method, window)) }
        let footer = methods.map { summary($0, window) } + MethodPlot(methods.map(\.result)).lines
        table.footer = footer.joined(separator: "\n")
        return table
    }

    private static func row(_ method: ComparedMethod, _ window: Interval?) -> [Value] {
        let result = method.result
        let traffic = result.traffic
        return [
            .string(result.method.rawValue), duration(result.time(ofPercent: 0)),
            duration(result.time(ofPercent: 50)), duration(result.time(ofPercent: 95)),
            duration(result.time(ofPercent: 100)), .integer(Int64(result.failed)),
            .size(bytes: rounded(traffic.wanBytes)), .integer(traffic.wanBytes),
            .integer(traffic.wanWireBytes), .rate(bitsPerSecond: rounded(result.peakBitsPerSecond)),
            .integer(Int64(traffic.transfers)), .size(bytes: rounded(traffic.lanBytes)),
            .integer(traffic.lanBytes), .integer(result.peakBitsPerSecond),
            duration(result.meanLoss), duration(result.longestLoss),
            method.efficiency.map { .percent(partsPerMillion: $0) } ?? .none,
            window.map { .integer(Int64(result.finishedCount(within: $0))) } ?? .none,
        ]
    }

    /// Whole seconds are enough to plan with.
    private static func duration(_ interval: Interval?) -> Value {
        guard let interval else { return .none }
        let seconds = (interval.nanoseconds + 500_000_000) / 1_000_000_000
        return .duration(nanoseconds: seconds * 1_000_000_000)
    }

    /// Three digits are enough to compare with.
    static func rounded(_ number: Int64) -> Int64 {
        var scale: Int64 = 1
        while number / scale >= 1_000 { scale *= 10 }
        return (number + scale / 2) / scale * scale
    }

    /// What a reader would work out from the row.
    private static func summary(_ method: ComparedMethod, _ window: Interval?) -> String {
        let result = method.result
        var text = "\(result.method.rawValue): "
        if let last = result.time(ofPercent: 100) {
            text += "\(Counted.text(result.phones, "phone")) in \(PlainDuration.text(last))"
        } else {
            text += "\(result.finished.count) of \(Counted.text(result.phones, "phone")) done"
            if result.failed > 0 { text += ", \(result.failed) failed" }
        }
        if let window {
            let done = result.finishedCount(within: window)
            text += done == result.phones ? ", within the window" : ", \(done) in the window"
        }
        if let efficiency = method.efficiency {
            text += ", efficiency \(Value.percent(partsPerMillion: efficiency).text)"
        }
        return text
    }
}

/// A length of time as people say it.
enum PlainDuration {
    /// Its two largest units: `47h 12m`, `3m 20s`, `12s`.
    static func text(_ interval: Interval) -> String {
        let seconds = (interval.nanoseconds + 500_000_000) / 1_000_000_000
        let (minutes, rest) = seconds.quotientAndRemainder(dividingBy: 60)
        let (hours, left) = minutes.quotientAndRemainder(dividingBy: 60)
        if hours > 0 { return left > 0 ? "\(hours)h \(left)m" : "\(hours)h" }
        if minutes > 0 { return rest > 0 ? "\(minutes)m \(rest)s" : "\(minutes)m" }
        return "\(rest)s"
    }
}

/// Phones done over time, a curve for each method; the time goes up by a constant ratio from column
/// to column, because methods differ by orders of magnitude.
struct MethodPlot {
    private static let width = 72
    private static let height = 10
    /// Ratios from one column to the next, in thousandths: the smallest that reaches the end is taken.
    private static let ratios: [Int64] = [
        1_005, 1_010, 1_020, 1_030, 1_040, 1_050, 1_060, 1_070, 1_080, 1_100, 1_120, 1_150,
        1_200, 1_300, 1_500, 2_000,
    ]
    let results: [MethodResult]

    init(_ results: [MethodResult]) { self.results = results }

    /// The plot, its axes and its legend; nothing where no phone is done.
    var lines: [String] {
        let ends = results.compactMap(\.finished.last)
        guard let first = results.compactMap(\.finished.first).min(), let last = ends.max() else {
            return []
        }
        let times = columns(from: first, to: last)
        var grid = Array(
            repeating: Array(repeating: Character(" "), count: Self.width),
            count: Self.height
        )
        for result in results where !result.finished.isEmpty {
            draw(result, times, on: &grid)
        }
        var lines = grid.indices.reversed().map { row in
            let label = row == Self.height - 1 ? "100% |" : row == 4 ? " 50% |" : "     |"
            return Self.trimmed(label + String(grid[row]))
        }
        lines.append("     +" + String(repeating: "-", count: Self.width))
        lines.append(axis(times))
        let names = results.map { "\(Self.mark($0.method)) \($0.method.rawValue)" }
        lines.append("      " + names.joined(separator: "   ") + "   * several")
        return lines
    }

    /// Draws the curve up to where nobody is left to come.
    private func draw(
        _ result: MethodResult,
        _ times: [Interval],
        on grid: inout [[Character]]
    ) {
        var reached = 0
        for (column, time) in times.enumerated() {
            let done = result.finishedCount(within: time)
            let row = (done * Self.height + result.phones - 1) / max(result.phones, 1)
            guard row > 0 else { continue }
            for filled in max(min(reached + 1, row), 1)...row {
                let old = grid[filled - 1][column]
                grid[filled - 1][column] = old == " " ? Self.mark(result.method) : "*"
            }
            reached = row
            if done == result.finished.count { return }
        }
    }

    private static func mark(_ method: DistributionMethod) -> Character {
        switch method {
        case .traditional: "t"
        case .loadServer: "l"
        case .peers: "p"
        }
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }

    private func columns(from first: Interval, to last: Interval) -> [Interval] {
        for ratio in Self.ratios {
            var times = [max(first.nanoseconds, 1_000)]
            while times.count < Self.width {
                let (next, overflow) = times[times.count - 1].multipliedReportingOverflow(by: ratio)
                times.append(overflow ? Int64.max / 1_000 : next / 1_000)
            }
            guard times[Self.width - 1] >= last.nanoseconds || ratio == Self.ratios.last else {
                continue
            }
            return times.map { Interval(nanoseconds: $0) }
        }
        return []
    }

    private func axis(_ times: [Interval]) -> String {
        var line = Array(repeating: Character(" "), count: 80)
        for column in stride(from: 0, to: Self.width, by: 18) {
            for (offset, character) in PlainDuration.text(times[column]).enumerated()
            where 6 + column + offset < line.count {
                line[6 + column + offset] = character
            }
        }
        return Self.trimmed(String(line))
    }
}
