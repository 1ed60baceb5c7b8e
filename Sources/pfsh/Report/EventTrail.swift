// What happened, event by event, in a few letters each: two runs are compared by them long after the first
// is gone. A line holds 32 events and stands for itself, so that one that is missing spoils no other. Each event
// has 12 bits of a digest that goes on through its line, and the line ends with all of it: whatever differs is
// seen, and in all but one of 4,096 cases at the very event.

import PFSRuntime

/// Checks of a run's events.
struct EventTrail: Equatable {
    /// The events of a line.
    static let lineEvents: UInt64 = 32
    /// The most events that are kept: own choice, about two upgrades of 1,000 phones, some 1.2 MB of text.
    static let eventLimit: UInt64 = 400_000

    /// The events of a line, from the first one on.
    struct Line: Equatable {
        /// Twelve bits for each event, 32 of them but in the last line.
        var checks: [UInt16] = []
        /// The digest at its end.
        var digest: UInt64 = 0
    }

    /// The lines by their number, from 0; those that are not kept are left out.
    private(set) var lines: [UInt64: Line] = [:]

    /// The numbers of the lines that are kept, in order.
    var numbers: [UInt64] { lines.keys.sorted() }

    /// The number of the first event of a line.
    static func firstEvent(ofLine number: UInt64) -> UInt64 { number * lineEvents + 1 }

    mutating func keep(_ line: Line, number: UInt64) { lines[number] = line }

    /// Where two trails part.
    enum Difference: Equatable {
        /// At this event.
        case event(UInt64)
        /// Somewhere from this event on, in the same line.
        case line(UInt64)
        /// Both are alike; one goes on with this event where the other ends.
        case length(UInt64, otherIsLonger: Bool)
    }

    /// The first difference from another trail in what both have; nil if there is none.
    func difference(from other: EventTrail) -> Difference? {
        for number in numbers {
            guard let line = lines[number], let twin = other.lines[number], line != twin else {
                continue
            }
            let first = Self.firstEvent(ofLine: number)
            let pairs = zip(line.checks, twin.checks).enumerated()
            if let place = pairs.first(where: { $0.element.0 != $0.element.1 })?.offset {
                return .event(first + UInt64(place))
            }
            let (length, otherLength) = (line.checks.count, twin.checks.count)
            if length == otherLength { return .line(first) }
            return .length(
                first + UInt64(min(length, otherLength)),
                otherIsLonger: otherLength > length
            )
        }
        return nil
    }
}

/// Makes a trail of events that come in order.
struct EventTrailMaker {
    private(set) var trail = EventTrail()
    private var line = EventTrail.Line()
    /// The number of the last event; nil where the line did not begin at its beginning.
    private var last: UInt64?
    private var pending: UInt64?

    /// Takes the next record; of several with one number the first is the event, the others are told only.
    mutating func take(_ record: TraceRecord) {
        if pending == record.number { return }
        if let pending { finishEvent(pending) }
        begin(record.number)
        pending = record.number
        line.digest = RandomStream.mix(line.digest ^ record.digest)
    }

    /// The way was interrupted: what comes next does not follow on what came.
    mutating func skip() {
        if let pending { finishEvent(pending) }
        pending = nil
        closeLine()
        last = nil
    }

    private mutating func begin(_ number: UInt64) {
        guard number > 0 else { return }
        let isFirst = (number - 1) % EventTrail.lineEvents == 0
        if isFirst || last.map({ $0 + 1 != number }) ?? true {
            closeLine()
            line = EventTrail.Line()
            last = isFirst ? number - 1 : nil
        }
    }

    private mutating func finishEvent(_ number: UInt64) {
        guard let last, last + 1 == number else { return }
        line.checks.append(UInt16(truncatingIfNeeded: line.digest & 0xFFF))
        self.last = number
        if number % EventTrail.lineEvents == 0 { closeLine() }
    }

    private mutating func closeLine() {
        defer { line = EventTrail.Line() }
        guard let last, last > 0, !line.checks.isEmpty else { return }
        trail.keep(line, number: (last - 1) / EventTrail.lineEvents)
    }

    /// The trail with its last line, which may be short.
    mutating func finished() -> EventTrail {
        skip()
        return trail
    }
}

extension ShellHost {
    /// The checks of the events of the present way, as far as the way is kept; gone through once more on copies.
    ///
    /// `found` is handed each record. Stops behind `limit` events.
    func goThroughWay(limit: UInt64, _ found: (TraceRecord?) -> Void) {
        let history = timeTravel.history
        let way = history.stretches.filter { $0.number <= history.stretch }
        let present = min(world.eventCount, limit)
        for (index, stretch) in way.enumerated() {
            let end = index + 1 < way.count ? min(way[index + 1].start.eventCount, limit) : present
            let start = history.checkpoints.first {
                $0.stretch == stretch.number && $0.moment.eventCount <= end
            }
            guard let start else {
                if stretch.start.eventCount < end { found(nil) }
                continue
            }
            if start.moment.eventCount > stretch.start.eventCount { found(nil) }
            let past = start.world.copy()
            past.isTracing = true
            while past.eventCount < end, past.nextEventAt != nil {
                let before = past.eventCount
                let budget = min(end - before, Self.wayEvents)
                _ = past.run(until: .latest, budget: Int(budget))
                var first = past.traceCount
                while first > 0, past.traceRecord(first - 1).number > before { first -= 1 }
                for place in first..<past.traceCount { found(past.traceRecord(place)) }
            }
        }
    }

    /// Events between two looks at their record, which holds 200,000: own choice.
    private static let wayEvents: UInt64 = 50_000

    /// The checks of the events so far.
    func eventTrail() -> EventTrail {
        var maker = EventTrailMaker()
        goThroughWay(limit: EventTrail.eventLimit) { record in
            if let record { maker.take(record) } else { maker.skip() }
        }
        return maker.finished()
    }
}
