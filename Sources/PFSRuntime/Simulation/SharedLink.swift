// A link that concurrent transfers share fairly. Files move as flows: an event when a flow begins or
// ends, none in between. All flows of a link get the same share, so one running total, how far any
// flow has come since the link became busy, serves them all, and a flow is just the total at which
// it is done.

internal import HeapModule

/// What one unit costs: a TFTP block on a WAN, a byte on a phone's port.
struct LinkCost: BitwiseCopyable, Sendable {
    /// What a unit takes a flow that is alone, in picoseconds: the round trip and what slows the
    /// receiver included.
    var alonePicoseconds: Int64
    /// What a unit occupies the link for, in picoseconds.
    var sharePicoseconds: Int64

    /// The time per unit of each of `count` flows, at least a picosecond.
    func perUnit(_ count: Int) -> Int64 {
        let (shared, overflow) = sharePicoseconds.multipliedReportingOverflow(by: Int64(count))
        return max(alonePicoseconds, overflow ? .max : shared, 1)
    }
}

/// One transfer over a link.
struct Flow: BitwiseCopyable, Comparable, Sendable {
    /// The link's total, in units times 2³², at which the flow is done.
    var finish: UInt128
    /// The total at which it began.
    var begin: UInt128
    /// Breaks ties: flows that end together end in the order in which they began.
    var sequence: UInt64
    var receiver: PhoneNumber
    var file: FileNumber
    /// Whether it ends because too much was lost, and not with the last unit.
    var isCutShort = false

    /// How many units it has.
    var units: Int64 { Int64((finish - begin) >> 32) }

    static func < (left: Flow, right: Flow) -> Bool {
        (left.finish, left.sequence) < (right.finish, right.sequence)
    }
}

/// The flows over one link.
struct SharedLink: Sendable {
    /// Units times 2³² that every flow has moved since the link became busy.
    ///
    /// A link that is never idle goes on counting: 64 bits would hold 4 GB through a port.
    private var total: UInt128 = 0
    private var updatedAt = Instant.zero
    private var flows = Heap<Flow>()
    /// Whether nothing moves, because the phone hangs.
    private var isPaused = false
    /// When the next flow ends; `never` when there is none.
    private(set) var dueAt = Instant.never

    /// How many flows there are.
    var count: Int { flows.count }

    /// Begins a flow of `units` at `now`.
    mutating func begin(
        units: Int64,
        to receiver: PhoneNumber,
        file: FileNumber,
        sequence: UInt64,
        cost: LinkCost,
        now: Instant,
        isCutShort: Bool = false
    ) {
        advance(to: now, cost)
        if flows.isEmpty { total = 0 }
        let flow = Flow(
            finish: total + UInt128(max(units, 1)) << 32,
            begin: total,
            sequence: sequence,
            receiver: receiver,
            file: file,
            isCutShort: isCutShort
        )
        flows.insert(flow)
        schedule(cost)
    }

    /// Ends the flow of a file to a receiver, wherever it stands; false when there is none.
    mutating func cancel(
        to receiver: PhoneNumber,
        file: FileNumber?,
        cost: LinkCost,
        now: Instant
    ) -> Bool {
        guard !flows.isEmpty else { return false }
        advance(to: now, cost)
        let before = flows.count
        flows.removeAll { $0.receiver == receiver && (file == nil || $0.file == file) }
        schedule(cost)
        return flows.count != before
    }

    /// Ends all flows and tells their receivers.
    mutating func cancelAll() -> [PhoneNumber] {
        let receivers = flows.unordered.sorted().map(\.receiver)
        flows = Heap()
        dueAt = .never
        return receivers
    }

    /// The flow that ends at `now`, if one does; ask until there is none.
    mutating func popFinished(now: Instant, cost: LinkCost) -> Flow? {
        guard dueAt <= now, let first = flows.min else { return nil }
        advance(to: now, cost)
        // The end was rounded up to a whole nanosecond: the flow is done by definition.
        total = max(total, first.finish)
        _ = flows.popMin()
        schedule(cost)
        return first
    }

    /// Lets all flows stand still.
    mutating func pause(cost: LinkCost, now: Instant) {
        advance(to: now, cost)
        isPaused = true
        schedule(cost)
    }

    /// Lets all flows go on.
    mutating func resume(cost: LinkCost, now: Instant) {
        advance(to: now, cost)
        isPaused = false
        schedule(cost)
    }

    /// Adopts another cost, after a change of the link itself.
    mutating func recost(from old: LinkCost, to new: LinkCost, now: Instant) {
        advance(to: now, old)
        schedule(new)
    }

    /// How many whole units of the flow to `receiver` have come by `now`; nil without such a flow.
    func unitsMoved(to receiver: PhoneNumber, file: FileNumber, cost: LinkCost, now: Instant)
        -> Int64?
    {
        progress(to: receiver, file: file, cost: cost, now: now)?.moved
    }

    /// The same, with how many units the flow has.
    func progress(to receiver: PhoneNumber, file: FileNumber, cost: LinkCost, now: Instant)
        -> (moved: Int64, units: Int64)?
    {
        guard
            let flow = flows.unordered.first(where: { $0.receiver == receiver && $0.file == file })
        else { return nil }
        let reached = min(total + moved(until: now, cost), flow.finish)
        return (Int64((reached - flow.begin) >> 32), flow.units)
    }

    private func moved(until now: Instant, _ cost: LinkCost) -> UInt128 {
        let elapsed = (now - updatedAt).nanoseconds
        guard !flows.isEmpty, !isPaused, elapsed > 0 else { return 0 }
        // elapsed × 1000 picoseconds × 2³² ÷ cost, in 128 bits: exact but for the last 2⁻³² unit.
        let perUnit = UInt64(cost.perUnit(flows.count))
        let scaled = (UInt128(elapsed) * 1_000) << 32
        return scaled / UInt128(perUnit)
    }

    private mutating func advance(to now: Instant, _ cost: LinkCost) {
        total += moved(until: now, cost)
        updatedAt = now
    }

    private mutating func schedule(_ cost: LinkCost) {
        guard !isPaused, let first = flows.min else {
            dueAt = .never
            return
        }
        let missing = first.finish > total ? first.finish - total : 0
        let scaled = missing * UInt128(cost.perUnit(flows.count))
        let picoseconds = scaled >> 32
        let nanoseconds = Int64(clamping: (picoseconds + 999) / 1_000)
        dueAt = updatedAt + Interval(nanoseconds: nanoseconds)
    }
}
