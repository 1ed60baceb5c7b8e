// The unordered remainder of the event queue: a 4-ary heap. Decides how one event is found among
// those that came out of order; everything that came in order never enters it.

internal import BasicContainers

/// A heap of events, earliest first, each node with four children.
///
/// Four children halve the depth of a binary heap, and the children of one node lie side by side,
/// so a level costs one or two cache lines.
struct EventHeap<Payload: BitwiseCopyable>: ~Copyable {
    private var events: UniqueArray<QueuedEvent<Payload>>

    init() { events = UniqueArray() }

    private init(events: consuming UniqueArray<QueuedEvent<Payload>>) { self.events = events }

    var count: Int { events.count }

    var isEmpty: Bool { events.isEmpty }

    /// The earliest event; the heap must not be empty.
    var first: QueuedEvent<Payload> { events[0] }

    /// When the earliest event is due; `never` when there is none.
    var firstTime: Instant { events.isEmpty ? .never : events[0].time }

    /// When the second event is due; `never` when there are fewer than two.
    var secondTime: Instant {
        var second = Instant.never
        for child in 1..<max(min(5, events.count), 1) { second = min(second, events[child].time) }
        return second
    }

    /// Time and turn of the earliest event as one number; the highest when there is none.
    var firstKey: UInt128 { events.isEmpty ? .max : events[0].key }

    /// The same of the second event.
    var secondKey: UInt128 {
        var second = UInt128.max
        for child in 1..<max(min(5, events.count), 1) { second = min(second, events[child].key) }
        return second
    }

    mutating func insert(_ event: QueuedEvent<Payload>) {
        var hole = events.count
        events.append(event)
        var span = events.mutableSpan
        while hole > 0 {
            let parent = (hole - 1) >> 2
            guard event.precedes(span[parent]) else { break }
            span[hole] = span[parent]
            hole = parent
        }
        span[hole] = event
    }

    mutating func removeFirst() {
        let last = events.removeLast()
        if !events.isEmpty { replaceFirst(with: last) }
    }

    /// Takes the earliest event out and puts `event` in: half the work of doing one after the other.
    mutating func replaceFirst(with event: QueuedEvent<Payload>) {
        var span = events.mutableSpan
        let count = span.count
        var hole = 0
        while true {
            let eldest = hole << 2 + 1
            guard eldest < count else { break }
            var least = eldest
            var leastKey = span[eldest].key
            for child in eldest + 1..<min(eldest + 4, count) {
                let key = span[child].key
                least = key < leastKey ? child : least
                leastKey = min(key, leastKey)
            }
            guard leastKey < event.key else { break }
            span[hole] = span[least]
            hole = least
        }
        span[hole] = event
    }

    /// Moves the event that `isMeant` to an earlier time; nothing happens when there is none.
    ///
    /// Looks through the heap: for what happens seldom.
    mutating func advance(to time: Instant, where isMeant: (Payload) -> Bool) {
        var span = events.mutableSpan
        var hole = 0
        while hole < span.count, !isMeant(span[hole].payload) { hole += 1 }
        guard hole < span.count, time < span[hole].time else { return }
        var event = span[hole]
        event.time = time
        while hole > 0 {
            let parent = (hole - 1) >> 2
            guard event.precedes(span[parent]) else { break }
            span[hole] = span[parent]
            hole = parent
        }
        span[hole] = event
    }

    func copy() -> EventHeap { EventHeap(events: events.clone()) }
}
