// What happens next in the world. Decides the one order of all events: by time, and at the same time
// by the sequence in which they were scheduled. Later events wait in a wheel of buckets; the events
// of the open bucket stand in a run when they came in order and in a heap when they did not.

internal import BasicContainers

/// An event in the queue: when, in which turn, and what.
struct QueuedEvent<Payload: BitwiseCopyable>: BitwiseCopyable {
    var time: Instant
    /// The turn among events of the same time: the lower goes first.
    var sequence: UInt64
    var payload: Payload

    /// Time and sequence as one number, so that comparing takes no branch.
    var key: UInt128 {
        UInt128(UInt64(bitPattern: time.nanoseconds)) << 64 | UInt128(sequence)
    }

    func precedes(_ other: QueuedEvent) -> Bool { key < other.key }
}

/// The events that are to come, in total order.
///
/// Holds any number of events at any instants from zero up to, not including, `never`. Memory grows
/// to the greatest number that ever waited, and is then reused: a steady state allocates nothing.
struct EventQueue<Payload: BitwiseCopyable>: ~Copyable {
    typealias Event = QueuedEvent<Payload>

    private var open: OpenBucket<Payload>
    private var wheel: TimingWheel<Payload>
    private var nextSequence: UInt64
    /// When the event was due that was taken out last.
    private var lastTime: Instant

    /// Turns below this are not handed out: they are for events whose turn is their own.
    static var firstSequence: UInt64 { 1 << 32 }

    init() {
        open = OpenBucket()
        wheel = TimingWheel()
        nextSequence = Self.firstSequence
        lastTime = .zero
    }

    private init(copying other: borrowing EventQueue) {
        open = other.open.copy()
        wheel = other.wheel.copy()
        nextSequence = other.nextSequence
        lastTime = other.lastTime
    }

    /// An independent queue with the same events and the same next sequence.
    func copy() -> EventQueue { EventQueue(copying: self) }

    /// How many events wait.
    var count: Int { open.count + wheel.count }

    /// Whether nothing is to come.
    var isEmpty: Bool { count == 0 }

    /// When the first event is due; nil when nothing is to come.
    ///
    /// Looks through a whole bucket of the wheel when none is open: for a driver that sleeps, not
    /// for its loop, which asks `popFirst(through:)`.
    var firstTime: Instant? { open.firstTime ?? wheel.firstTime }

    /// Whether an event of this time and turn would certainly be the next: not more is looked at than
    /// the open bucket and where the next one begins.
    func isNext(_ time: Instant, _ sequence: UInt64) -> Bool {
        if let first = open.firstKey {
            let key = UInt128(UInt64(bitPattern: time.nanoseconds)) << 64 | UInt128(sequence)
            return key < first
        }
        guard let start = wheel.nextStart else { return true }
        return time < start
    }

    /// Schedules `payload` after everything that is scheduled at the same time.
    mutating func push(_ payload: Payload, at time: Instant) {
        push(payload, at: time, sequence: takeSequence())
    }

    /// The next sequence, for an entry that will be pushed more than once.
    mutating func takeSequence() -> UInt64 {
        defer { nextSequence += 1 }
        return nextSequence
    }

    /// Schedules `payload` in the turn of `sequence`: how a popped event comes back and keeps its
    /// place among ties.
    ///
    /// `sequence` must be one that was taken and does not stand in the queue any more.
    mutating func push(_ payload: Payload, at time: Instant, sequence: UInt64) {
        precondition(time >= lastTime && time != .never, "an event needs a time that comes")
        let event = Event(time: time, sequence: sequence, payload: payload)
        let tick = WheelScale.tick(of: time)
        if tick > wheel.openTick { wheel.insert(event, tick: tick) } else { open.insert(event) }
    }

    /// Takes out the first event, if it is due at `limit` or before.
    mutating func popFirst(through limit: Instant = .never) -> Event? {
        if open.isEmpty, !wheel.openNext(through: limit, into: &open) { return nil }
        guard let event = open.popFirst(through: limit) else { return nil }
        lastTime = event.time
        return event
    }
}
