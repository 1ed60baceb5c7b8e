// Phones and files over time: a bar for each phone, in which every column is the file that it was at.

import Interpreter
import PFSRuntime

/// Which file each of some phones was at, when.
struct FileChart {
    let host: ShellHost
    let phones: [PhoneNumber]

    /// The most bars that are drawn: own choice, a screen full.
    private static let barLimit = 40

    /// A phone's upgrade.
    private struct Bar {
        let phone: PhoneNumber
        let start: Instant
        /// When each file was there, and whether it came from a server; in order.
        let files: [(at: Instant, isFromServer: Bool)]
        /// How many files there are.
        let count: Int
        /// When the phone had everything, and when it ran the load or failed.
        let end: Instant
        let isOver: Bool
        let hasFailed: Bool
    }

    /// The chart, with its scale above.
    func lines(columns: Int) -> [String] {
        let bars = phones.compactMap { bar($0) }
        guard let first = bars.map(\.start).min(), let last = bars.map(\.end).max(), last > first
        else { return ["no phone has begun an upgrade"] }
        let names = bars.prefix(Self.barLimit).map { host.world.name(of: $0.phone) }
        let label = min(16, max(4, names.map(\.count).max() ?? 0))
        let width = max(20, columns - label - 2)
        let span = (last - first).nanoseconds
        let from = host.displayTime(first.nanoseconds)
        let to = host.displayTime(last.nanoseconds)
        let gap = max(1, width - from.count - to.count)
        var lines = [
            String(repeating: " ", count: label + 1) + from + String(repeating: " ", count: gap)
                + to
        ]
        for (bar, name) in zip(bars, names) {
            let shown = String(name.prefix(label))
            let padding = String(repeating: " ", count: label + 1 - shown.count)
            lines.append(shown + padding + row(bar, from: first, span: span, width: width))
        }
        if bars.count > Self.barLimit {
            lines.append("(\(bars.count - Self.barLimit) more phones)")
        }
        lines.append("1-8 at that file   s had it from a server   R reboots   = done   x failed")
        return lines
    }

    private func bar(_ phone: PhoneNumber) -> Bar? {
        let world = host.world
        let alarms = world.lastAlarms(of: phone)
        guard let start = alarms.first(where: { $0.alarm == .start })?.time else { return nil }
        var files: [(at: Instant, isFromServer: Bool)] = []
        for index in 0..<UpgradeJob.fileLimit {
            switch world.origin(of: index, at: phone) {
            case .none: break
            case .server(let time): files.append((time, true))
            case .phone(_, let time): files.append((time, false))
            }
        }
        let snapshot = world.snapshot(phone)
        var end = world.now
        var (isOver, hasFailed) = (false, false)
        switch world.outcome(of: phone) {
        case .succeeded(let time) where time >= start && snapshot.fileIndex == nil:
            (end, isOver) = (time, true)
        case .failed(_, let time) where time >= start && snapshot.fileIndex == nil:
            (end, isOver, hasFailed) = (time, true, true)
        case .none, .succeeded, .failed: break
        }
        let count = isOver ? files.count : snapshot.fileCount
        return Bar(
            phone: phone,
            start: start,
            files: files,
            count: min(max(count, 1), UpgradeJob.fileLimit),
            end: end,
            isOver: isOver,
            hasFailed: hasFailed
        )
    }

    private func row(_ bar: Bar, from first: Instant, span: Int64, width: Int) -> String {
        var cells: [Character] = []
        func column(_ time: Instant) -> Int {
            let place = (time - first).nanoseconds.multipliedFullWidth(by: Int64(width - 1))
            return Int(span.dividingFullWidth(place).quotient)
        }
        let rebootsSince = bar.isOver && !bar.hasFailed ? bar.files.last?.at : nil
        for place in 0..<width {
            let isBefore = place < column(bar.start)
            let isAfter = place > column(bar.end)
            if isBefore || (isAfter && !bar.isOver) {
                cells.append(" ")
            } else if isAfter {
                cells.append(bar.hasFailed ? "x" : "=")
            } else if let server = bar.files.last(where: { column($0.at) == place }),
                server.isFromServer
            {
                cells.append("s")
            } else {
                let done = bar.files.count { column($0.at) <= place }
                let isRebooting = rebootsSince.map { place > column($0) } ?? false
                cells.append(isRebooting ? "R" : Character("\(min(done + 1, bar.count))"))
            }
        }
        let text = String(cells)
        return String(text.reversed().drop { $0 == " " }.reversed())
    }
}
