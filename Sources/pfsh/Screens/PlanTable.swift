// A plan as a table: a row for each site and method, and below it what each method comes to.

import Interpreter
import PFSRuntime

struct PlanTable {
    private let rows: [PlannedSite]
    private let world: World
    /// The time allowed; nil where there is no end.
    private let window: Interval?

    /// Rows of the same site stand together, methods in the order in which they were tried.
    init(_ rows: [PlannedSite], world: World, window: Interval?) {
        self.world = world
        self.window = window
        var order = Array(rows.indices)
        order.sort { (rows[$0].result.site, $0) < (rows[$1].result.site, $1) }
        self.rows = order.map { rows[$0] }
    }

    var table: Table {
        var table = Table(columns: [
            Table.Column("site"), Table.Column("phones", .right), Table.Column("method"),
            Table.Column("last", .right), Table.Column("in-window", .right),
            Table.Column("failed", .right), Table.Column("wan", .right, use: .screen),
            Table.Column("peak", .right, use: .screen), Table.Column("of-link", .right),
            Table.Column("wan-bytes", .right, use: .data),
            Table.Column("wire-bytes", .right, use: .data),
            Table.Column("peak-bps", .right, use: .data),
            Table.Column("local-bytes", .right, use: .data),
        ])
        for row in rows { table.append(cells(row)) }
        table.footer = summaries.joined(separator: "\n")
        return table
    }

    private func cells(_ row: PlannedSite) -> [Value] {
        let result = row.result
        let last = result.last.map { Self.seconds($0) }
        let link = world.siteDetails(result.site).wan
        let share = link.map { link in
            let rate = max(link.rateBitsPerSecond, 1)
            return (result.peakBitsPerSecond * 100 + rate / 2) / rate
        }
        return [
            .string(world.siteNames[result.site]), .integer(Int64(result.phones)),
            .string(row.method.rawValue),
            last.map { .duration(nanoseconds: $0 * 1_000_000_000) } ?? .none,
            window.map { .integer(Int64(result.finishedCount(within: $0))) } ?? .none,
            .integer(Int64(result.failed)),
            .size(bytes: MethodTable.rounded(result.traffic.wanBytes)),
            .rate(bitsPerSecond: MethodTable.rounded(result.peakBitsPerSecond)),
            share.map { .percent(partsPerMillion: $0 * 10_000) } ?? .none,
            .integer(result.traffic.wanBytes), .integer(result.traffic.wanWireBytes),
            .integer(result.peakBitsPerSecond), .integer(result.traffic.lanBytes),
        ]
    }

    private static func seconds(_ interval: Interval) -> Int64 {
        (interval.nanoseconds + 500_000_000) / 1_000_000_000
    }

    /// A line for each method: how many sites are done, when the last one is, what the links carried.
    private var summaries: [String] {
        DistributionMethod.allCases.flatMap { method -> [String] in
            let mine = rows.filter { $0.method == method }.map(\.result)
            guard !mine.isEmpty else { return [] }
            let bytes = mine.reduce(Int64(0)) { $0 + $1.traffic.wanBytes }
            let size = Value.size(bytes: MethodTable.rounded(bytes)).text
            return ["\(method.rawValue): \(done(mine)), \(size) over WAN links"] + late(mine)
        }
    }

    private func done(_ sites: [SiteMethodResult]) -> String {
        let count = Counted.text(sites.count, "site")
        guard let window else {
            let whole = sites.compactMap { site in site.last.map { (site: site.site, time: $0) } }
            guard let slowest = whole.max(by: { $0.time < $1.time }) else {
                return "0 of \(count) done"
            }
            let time = PlainDuration.text(slowest.time)
            let name = world.siteNames[slowest.site]
            return "\(whole.count) of \(count) done, the last in \(time) (\(name))"
        }
        let inTime = sites.count { $0.finishedCount(within: window) == $0.phones }
        return inTime == sites.count
            ? "\(count) within the window" : "\(inTime) of \(count) within the window"
    }

    /// The sites that are late, the first of them by name.
    private func late(_ sites: [SiteMethodResult]) -> [String] {
        guard let window else { return [] }
        let late = sites.filter { $0.finishedCount(within: window) < $0.phones }
        guard !late.isEmpty else { return [] }
        let names = late.prefix(3).map { world.siteNames[$0.site] }.joined(separator: ", ")
        return ["  late: \(names)" + (late.count > 3 ? " and \(late.count - 3) more" : "")]
    }
}
