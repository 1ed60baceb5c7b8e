// Letting time pass, in pieces small enough that a caller can look up in between: to see whether the
// user wants to stop, to print, to test a condition.

/// What a run can wait for.
public enum WorldChange: Sendable {
    /// A phone does something else, or has something new.
    case anything
    /// An upgrade of a phone begins or ends.
    case outcome
}

extension World {
    /// Handles events up to and at `limit`, at most `budget` of them.
    ///
    /// The clock then stands at the last event handled, or at the limit if that was reached.
    /// `idle` means that no event is left at all and leaves the clock at the last one.
    public func run(until limit: Instant, budget: Int = .max) -> StopReason {
        beginServing()
        let reason = kernel.run(until: limit, budget: budget)
        guard reason == .idle, limit != .never else { return reason }
        kernel.context.now = max(kernel.context.now, limit)
        return .reachedLimit
    }

    /// Before time moves: phones that give others what they run begin to, where the model says so.
    private func beginServing() {
        guard kernel.parameters.servesWhenDone, !hasStarted else { return }
        for phone in phones { kernel.serveWhenDone(phone) }
    }

    /// Handles events, at most `budget`, until no phone has anything to do.
    ///
    /// What the phones still print or have on its way then is let out too.
    public func runUntilIdle(budget: Int) -> StopReason {
        beginServing()
        let reason = kernel.runUntilQuiet(budget: budget)
        guard reason == .idle else { return reason }
        guard kernel.lastLineAt > now else { return .idle }
        _ = run(until: kernel.lastLineAt)
        return .idle
    }

    /// Handles events up to and at `limit`, at most `budget` of them, until one changed something.
    ///
    /// Keeping in touch, by advertisements and Hold, is no change. A change is answered by
    /// `spentBudget`, whatever is left of the budget.
    public func runUntilChange(
        _ change: WorldChange = .anything,
        limit: Instant,
        budget: Int
    ) -> StopReason {
        beginServing()
        let reason = kernel.runUntilChange(change, limit: limit, budget: budget)
        guard reason == .idle, limit != .never else { return reason }
        kernel.context.now = max(kernel.context.now, limit)
        return .reachedLimit
    }

    /// Whether no phone has anything to do.
    public var isIdle: Bool { kernel.activeCount == 0 }

    /// When the next event is due; nil when none is left.
    public var nextEventAt: Instant? {
        let walk = kernel.walks.firstTime
        guard let event = kernel.queue.firstTime else { return walk == .never ? nil : walk }
        return min(walk, event)
    }

    /// How often an upgrade of a phone has begun or ended since the world began.
    public var outcomeCount: UInt64 { kernel.outcomeCount }

    /// Files that phones have set out to get since the world began, those of a failed upgrade included.
    public var filesWanted: UInt64 { kernel.filesWanted }

    /// Files that phones have got since the world began.
    public var filesObtained: UInt64 { kernel.filesObtained }

    /// Events handled since the world began: inputs that a phone was asked about.
    ///
    /// A broadcast that passes a phone without meaning anything to it is none.
    public var eventCount: UInt64 { kernel.eventCount }

    /// A digest of everything that happened to the phones: the same for the same seed and orders.
    public var fingerprint: UInt64 { kernel.digest }

    /// Whether Holds and broadcasts that change nothing are left out; they are, unless this is set
    /// before time moves.
    ///
    /// The same happens either way, with the same log and fingerprint; only `eventCount` differs.
    public var leavesOutIdleTalk: Bool { kernel.impliesKeepingInTouch }

    /// Makes every Hold and every broadcast to every phone an event; refused once time has moved.
    public func playEveryMessage() throws(WorldError) {
        guard !hasStarted else { throw .timeHasMoved("how messages are played") }
        kernel.impliesKeepingInTouch = false
    }

    /// Sets which time of day it is now.
    public func setTimeOfDay(_ time: TimeOfDay) {
        wallClock = WallClock(showing: time, at: now)
    }
}
