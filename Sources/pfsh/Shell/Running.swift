// Letting virtual time pass: in pieces, between which new log lines are printed, a condition is
// looked at, progress is shown, and the user may stop.

import Interpreter
import PFSRuntime

extension ShellHost {
    /// Events between two looks at the keyboard: a few milliseconds of work.
    static let pieceEvents = 20_000
    /// A condition is looked at after every event that changed something, and this often besides.
    private static let conditionTick = Interval.milliseconds(100)

    /// Runs up to `limit`.
    mutating func run(until limit: Instant) throws(Diagnostic) {
        var progress = try beginRun(to: .time(limit))
        defer { progress.end() }
        while true {
            let reason = pass(until: limit, &progress)
            try settle()
            if reason == .idle || (reason == .reachedLimit && world.now >= limit) { return }
            if breaks.hit != nil { return }
            try checkInterrupt(before: limit)
            progress.show(world, displayTime(now))
        }
    }

    /// Runs until no phone has anything to do; what scripts wait for keeps no phone busy.
    mutating func runUntilIdle() throws(Diagnostic) {
        if let attachment {
            while !world.isIdle {
                let due = agenda?.nextDueNanoseconds.map { Instant(nanoseconds: $0) }
                _ = passReal(attachment, until: due ?? .latest)
                try settle()
                try checkInterrupt(before: .never)
            }
            return
        }
        var progress = try beginRun(to: .unknown)
        defer { progress.end() }
        while true {
            let isFree = pace == nil && breaks.isEmpty && agenda?.isEmpty ?? true
            let isLast = world.isIdle || isFree
            let reason =
                isLast
                ? world.runUntilIdle(budget: pieceBudget)
                : pass(until: .never, watching: .outcome, &progress)
            try settle()
            if breaks.hit != nil { return }
            // First: a run that has come to its end is not stopped behind it.
            if isLast && reason == .idle { break }
            if !world.isIdle && world.nextEventAt == nil { break }
            try checkInterrupt(before: .never)
            progress.show(world, displayTime(now))
        }
        try checkEnd()
    }

    /// Runs until `count` events have happened in all; false when nothing is left to happen before.
    mutating func run(toEvent count: UInt64) throws(Diagnostic) -> Bool {
        var progress = try beginRun(to: .event(count))
        pace = nil  // a record is repeated as fast as it can be
        defer { progress.end() }
        while world.eventCount < count {
            guard world.nextEventAt != nil else { return false }
            let budget = min(count - world.eventCount, UInt64(pieceBudget))
            if breaks.isEmpty {
                _ = world.run(until: .never, budget: Int(budget))
            } else {
                _ = goWatchingBreaks(to: .never, watching: .anything)
            }
            try settle()
            if breaks.hit != nil { return false }
            try checkInterrupt(before: .never)
            progress.show(world, displayTime(now))
        }
        return true
    }

    /// Runs until a condition holds; false when `limit` came first, or nothing is left to happen.
    ///
    /// Without events only `now` changes, so the clock goes to the limit at once unless the condition
    /// reads it; where there is no limit, it stays.
    mutating func runUntil(
        _ condition: inout Condition<ShellHost>,
        limit: Instant
    ) throws(Diagnostic) -> Bool {
        var progress = try beginRun(to: .unknown)
        defer { progress.end() }
        if try holds(&condition, before: limit) { return true }
        let change = PhoneVocabulary.change(watchedBy: condition.text)
        while true {
            let reason = pass(
                until: limit,
                watching: change,
                andLog: condition.watchesLog,
                &progress
            )
            try settle()
            if try holds(&condition, before: limit) { return true }
            if breaks.hit != nil { return false }
            if reason == .reachedLimit && world.now >= limit { return false }
            let isStill = !(agenda?.awaitsTime ?? false)
            if attachment == nil, world.nextEventAt == nil, nextLineAt == nil, isStill {
                guard condition.readsTime else {
                    if limit < .latest { _ = world.run(until: limit) }
                    return false
                }
                let tick = min(limit, world.now + Self.conditionTick)
                if pace?.wait(for: tick, isStopping: { isInterrupted }) ?? true {
                    _ = world.run(until: tick)
                }
                if try holds(&condition, before: limit) { return true }
            }
            try checkInterrupt(before: limit)
            progress.show(world, displayTime(now))
        }
    }

    /// Runs to the next beginning or end of an upgrade, at most to `limit`; true when there is none
    /// before it.
    mutating func runToOutcome(limit: Instant) throws(Diagnostic) -> Bool {
        var progress = try beginRun(to: .unknown)
        defer { progress.end() }
        let count = world.outcomeCount
        while world.outcomeCount == count {
            let reason = pass(until: limit, watching: .outcome, &progress)
            try settle()
            if breaks.hit != nil { return true }
            if reason == .reachedLimit && world.now >= limit { return true }
            if attachment == nil, world.nextEventAt == nil && !(agenda?.awaitsTime ?? false) {
                _ = world.run(until: limit)
                return true
            }
            try checkInterrupt(before: limit)
            progress.show(world, displayTime(now))
        }
        return false
    }

    /// Looks at a condition; one that takes its time can be stopped as the run itself.
    private mutating func holds(
        _ condition: inout Condition<ShellHost>,
        before limit: Instant
    ) throws(Diagnostic) -> Bool {
        do throws(Diagnostic) {
            return try condition.holds(in: self)
        } catch {
            if error.kind == .interrupted { try checkInterrupt(before: limit) }
            throw error
        }
    }

    private mutating func beginRun(to goal: ProgressLine.Goal) throws(Diagnostic) -> ProgressLine {
        try agenda?.checkTimeMayPass()
        keepBeginning()
        try armBreaks()
        pace = Pace(speed, from: world.now)
        return ProgressLine(isOn: isInteractive, output: output, goal: goal, world: world)
    }

    /// Lets a piece of time pass: at most to `limit`, to what a script waits for, and, if a condition
    /// watches, to the next change or tick.
    private mutating func pass(
        until limit: Instant,
        watching watched: WorldChange? = nil,
        andLog watchesLog: Bool = false,
        _ progress: inout ProgressLine
    ) -> StopReason {
        var stop = limit
        if let due = agenda?.nextDueNanoseconds { stop = min(stop, Instant(nanoseconds: due)) }
        if let attachment { return passReal(attachment, until: stop) }
        let agendaWatches = agenda?.watches ?? false
        let change = agendaWatches ? .anything : watched
        if change == .anything, world.nextEventAt != nil || limit < .latest {
            stop = min(stop, world.now + Self.conditionTick)
        }
        if change != nil {
            if watchesLog || agendaWatches, let line = nextLineAt { stop = min(stop, line) }
            // Nothing is left to happen, and there is no limit: the clock stays where it is.
            if world.nextEventAt == nil, stop >= .latest { stop = world.now }
        }
        guard let pace, stop < .latest || world.nextEventAt != nil else {
            return go(to: stop, watching: change)
        }
        return pass(at: pace, until: stop, watching: change, &progress)
    }

    /// The same at a pace: waits for each event and goes through it, so that the clock and whoever
    /// watches see the same instants as without.
    private mutating func pass(
        at pace: Pace,
        until stop: Instant,
        watching change: WorldChange?,
        _ progress: inout ProgressLine
    ) -> StopReason {
        while true {
            let next = min(stop, world.nextEventAt ?? stop)
            let goesOn = pace.wait(for: next) {
                progress.show(world, displayTime(now))
                return isInterrupted
            }
            guard goesOn else { return .spentBudget }
            let reason = go(to: next, watching: change)
            if breaks.hit != nil { return reason }
            // Where nothing watches, what the event printed is to be seen at once.
            if change == nil || reason == .spentBudget || next >= stop { return reason }
            printNewLines()
        }
    }

    private mutating func go(to stop: Instant, watching change: WorldChange?) -> StopReason {
        if !breaks.isEmpty { return goWatchingBreaks(to: stop, watching: change) }
        guard let change else { return world.run(until: stop, budget: pieceBudget) }
        return world.runUntilChange(change, limit: stop, budget: pieceBudget)
    }

    /// Prints what has been logged, and does what scripts wait for.
    mutating func settle() throws(Diagnostic) {
        printNewLines()
        try checkInvariants()
        keepWay()
        guard let agenda, !agenda.isEmpty else { return }
        defer { keepBeginning() }
        try agenda.act(in: &self)
        printNewLines()
    }

    /// Throws if an invariant is broken; nothing happens in the world then.
    func checkInvariants() throws(Diagnostic) {
        guard let broken = world.brokenInvariant else { return }
        throw InvariantText.diagnostic(broken, in: self)
    }

    /// Prints the lines that have come, where they are followed, and writes them to the log's file.
    mutating func printNewLines() {
        output.print(logView.newLines(in: world))
        if logView.follows { output.print(network.newSyslogLines()) }
        syslogOut?.send(world)
        capture?.take(world, attachment)
        do throws(Diagnostic) {
            try logFile?.write(world, level: logView.level)
        } catch {
            output.report(error)
        }
    }

    /// What phones still do when the clock has come to its end.
    private func checkEnd() throws(Diagnostic) {
        guard !world.isIdle else { return }
        throw Diagnostic(
            "phones have still to do, but the clock of a world ends after 100 years",
            notes: [Diagnostic.Note("at \(Elapsed.text(world.now))")]
        )
    }

    /// Throws if the user stopped it, on an event that counts: a record then names where that was.
    private mutating func checkInterrupt(before limit: Instant) throws(Diagnostic) {
        guard isInterrupted else { return }
        if attachment != nil {
            throw Diagnostic("stopped; the real clock goes on", kind: .interrupted)
        }
        let count = world.eventCount
        if isStoppedByReport {
            throw Diagnostic("stopped where the report was", kind: .interrupted)
        }
        // With a pace it stands behind all that happened at an instant, which a record names as well.
        while pace == nil, world.eventCount == count,
            world.run(until: limit, budget: 1) == .spentBudget
        {}
        printNewLines()
        throw Diagnostic(
            "stopped at \(displayTime(now)); the world is as it was then",
            kind: .interrupted
        )
    }
}
