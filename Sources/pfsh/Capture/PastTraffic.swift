// What was sent in a stretch of the past: the way is gone once more on copies of the worlds that are kept, with a
// record of the wire, and the world that everybody sees stays as it is.

import Interpreter
import PFSRuntime

extension ShellHost {
    /// Events between two looks at the keyboard, and takings of what was recorded.
    private static let pieceOfTravel = 100_000

    /// Has a capture take what was sent from one time to another; answers the world as it was at its end.
    ///
    /// Throws a diagnostic where the way is not kept, or the user stops it.
    mutating func gather(
        from begin: Instant,
        to end: Instant,
        at range: SourceRange,
        into capture: TrafficCapture
    ) throws(Diagnostic) -> World {
        keepBeginning()
        let history = timeTravel.history
        let way = history.stretches.filter { $0.number <= history.stretch }
        guard let first = way.lastIndex(where: { $0.start.time <= begin }) else {
            throw way.isEmpty
                ? timeTravel.tooLarge
                : Diagnostic("nothing is known of the time before the first stretch", at: range)
        }
        var last = world
        for index in first..<way.count where way[index].start.time <= end {
            let next = index + 1 < way.count ? way[index + 1].start : nil
            let kept = history.checkpoints.filter { $0.stretch == way[index].number }
            let start = index == first ? kept.last { $0.moment.time <= begin } : kept.first
            guard let start, index == first || start.moment == way[index].start else {
                throw Diagnostic(
                    "the worlds of that time had to go, for they take too much memory",
                    at: range
                )
            }
            let past = start.world.copy()
            past.isTracing = false
            // Up to where the stretch of interest begins nobody listens.
            if past.now < begin { try go(past, to: begin, before: next, nil) }
            past.recordsTraffic = true
            try go(past, to: end, before: next) { taken in
                capture.add(taken.filter { $0.time >= begin && $0.time <= end })
            }
            last = past
        }
        return last
    }

    /// Lets a world that stands aside go on to a time, or until the next orders were given.
    private func go(
        _ past: World,
        to end: Instant,
        before orders: WorldMoment?,
        _ take: (([WireRecord]) -> Void)?
    ) throws(Diagnostic) {
        while true {
            var budget = Self.pieceOfTravel
            if let orders {
                guard past.eventCount < orders.eventCount else { break }
                budget = min(budget, Int(clamping: orders.eventCount - past.eventCount))
            }
            let reason = past.run(until: end, budget: budget)
            take?(past.takeTraffic())
            try checkInterrupt()
            if reason != .spentBudget { return }
        }
        // Between the last event and the orders time passes, with all that goes without saying.
        if let orders {
            let last = min(end, orders.time - Interval(nanoseconds: 1))
            if last > past.now { _ = past.run(until: last) }
        }
        take?(past.takeTraffic())
    }
}
