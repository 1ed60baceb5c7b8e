// The event queue against a sorted array: whatever is pushed and popped in whatever mixture, both
// hand out the same events in the same order.

import Testing

@testable import PFSRuntime

/// The order that is right by construction: a sorted array, latest first.
private struct SortedArrayQueue {
    typealias Event = QueuedEvent<UInt64>
    private var events: [Event] = []
    private var nextSequence: UInt64 = EventQueue<UInt64>.firstSequence

    var count: Int { events.count }
    var first: Event? { events.last }

    mutating func push(_ payload: UInt64, at time: Instant) {
        push(payload, at: time, sequence: nextSequence)
        nextSequence += 1
    }

    mutating func push(_ payload: UInt64, at time: Instant, sequence: UInt64) {
        let event = Event(time: time, sequence: sequence, payload: payload)
        var (low, high) = (0, events.count)
        while low < high {
            let middle = (low + high) / 2
            let other = events[middle]
            if (time, sequence) < (other.time, other.sequence) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        events.insert(event, at: low)
    }

    mutating func popFirst(through limit: Instant) -> Event? {
        guard let first = events.last, first.time <= limit else { return nil }
        return events.removeLast()
    }
}

private func same(_ left: QueuedEvent<UInt64>?, _ right: QueuedEvent<UInt64>?) -> Bool {
    left?.time == right?.time && left?.sequence == right?.sequence
        && left?.payload == right?.payload
}

/// A queue that the expectation macros can look into: they take copyable values only.
private final class Queue {
    var events: EventQueue<UInt64>

    init() { events = EventQueue() }

    init(copying other: Queue) { events = other.events.copy() }

    var isEmpty: Bool { events.isEmpty }
    var count: Int { events.count }
    var firstTime: Instant? { events.firstTime }

    func push(_ payload: UInt64, at time: Instant) { events.push(payload, at: time) }

    func pop(through limit: Instant = .never) -> UInt64? {
        events.popFirst(through: limit)?.payload
    }
}

/// A delay as a world has them: none, a tie, a hop, a timer, an hour, a century.
private func delay(_ stream: inout RandomStream) -> Interval {
    switch stream.below(8) {
    case 0: .zero
    case 1: Interval(nanoseconds: Int64(stream.below(4)))
    case 2: Interval(nanoseconds: Int64(stream.below(10_000)))
    case 3: .microseconds(200)
    case 4: stream.interval(below: .milliseconds(1))
    case 5: stream.interval(below: .milliseconds(500))
    case 6: stream.interval(below: .seconds(7_200))
    default: stream.interval(below: .seconds(1 << Int64(stream.below(32))))
    }
}

@Suite("The event queue")
struct EventQueueTests {
    private static let seeds = RepeatableSeed.all(24, suite: "EventQueueTests")

    @Test(
        "any mixture of pushes, pops and returns comes out as a sorted array gives it",
        arguments: seeds
    )
    func mixture(_ seed: RepeatableSeed) {
        var stream = RandomStream(seed: seed.seed, purpose: .test, index: 0)
        var queue = EventQueue<UInt64>()
        var oracle = SortedArrayQueue()
        var now = Instant.zero
        var (popped, returned, refused) = (0, 0, 0)
        let crowd = 1 + stream.below(2_000)
        for step in 0..<UInt64(6_000) {
            let wantsPush = stream.below(100) < (UInt64(oracle.count) < crowd ? 65 : 35)
            if wantsPush {
                let time = now + delay(&stream)
                queue.push(step, at: time)
                oracle.push(step, at: time)
            } else {
                let limit = stream.below(4) == 0 ? now + delay(&stream) : .never
                let expected = oracle.popFirst(through: limit)
                let event = queue.popFirst(through: limit)
                guard same(event, expected) else {
                    Issue.record("step \(step): \(String(describing: event)); repeat: \(seed)")
                    return
                }
                guard let event else {
                    refused += 1
                    if limit != .never { now = max(now, limit) }
                    continue
                }
                now = event.time
                popped += 1
                if stream.below(3) == 0 {
                    let time = now + delay(&stream)
                    queue.push(event.payload, at: time, sequence: event.sequence)
                    oracle.push(event.payload, at: time, sequence: event.sequence)
                    returned += 1
                }
            }
            let agree =
                queue.count == oracle.count && queue.isEmpty == (oracle.count == 0)
                && queue.firstTime == oracle.first?.time
            guard agree else {
                Issue.record("step \(step): count or first time; repeat: \(seed)")
                return
            }
        }
        while let expected = oracle.popFirst(through: .never) {
            guard same(queue.popFirst(), expected) else {
                Issue.record("while draining; repeat: \(seed)")
                return
            }
        }
        let isDrained = queue.isEmpty && queue.firstTime == nil && queue.popFirst() == nil
        #expect(isDrained, "\(seed)")
        #expect(popped > 1_000 && returned > 300 && refused > 20, "a dull mixture; \(seed)")
    }

    @Test("events of the same instant come out in the order of their scheduling")
    func ties() {
        let queue = Queue()
        let noon = Instant.zero + .seconds(43_200)
        for payload in 0..<UInt64(5_000) { queue.push(payload, at: noon) }
        for payload in 0..<UInt64(2_000) { #expect(queue.pop() == payload) }
        for payload in 5_000..<UInt64(6_000) { queue.push(payload, at: noon) }
        for payload in 2_000..<UInt64(6_000) { #expect(queue.pop() == payload) }
        #expect(queue.isEmpty)
    }

    @Test("an event that comes back keeps its turn among later ones")
    func returning() throws {
        let queue = Queue()
        let (sent, due) = (Instant.zero, Instant.zero + .microseconds(90))
        queue.push(7, at: sent)
        queue.push(8, at: due)
        let first = queue.events.popFirst()
        let walker = try #require(first)
        queue.push(9, at: due)
        queue.events.push(walker.payload, at: due, sequence: walker.sequence)
        #expect(queue.pop() == 7)
        #expect(queue.pop() == 8)
        #expect(queue.pop() == 9)
    }

    @Test("a taken sequence is a turn of its own")
    func takenSequence() {
        let queue = Queue()
        let turn = queue.events.takeSequence()
        queue.push(1, at: .zero)
        queue.events.push(2, at: .zero, sequence: turn)
        #expect(queue.pop() == 2)
        #expect(queue.pop() == 1)
    }

    @Test("events from a nanosecond to centuries away come in order")
    func farJumps() {
        let queue = Queue()
        for digit in (0..<UInt64(63)).reversed() {
            queue.push(digit, at: Instant(nanoseconds: 1 << Int64(digit)))
        }
        queue.push(63, at: Instant(nanoseconds: .max - 1))
        for digit in 0..<UInt64(64) { #expect(queue.pop() == digit) }
        #expect(queue.pop() == nil)
    }

    @Test("a pop with a limit leaves later events, and earlier ones can still be pushed")
    func limit() {
        let queue = Queue()
        let hour = Instant.zero + .seconds(3_600)
        queue.push(1, at: hour)
        #expect(queue.pop(through: Instant.zero + .seconds(10)) == nil)
        #expect(queue.firstTime == hour)
        queue.push(2, at: Instant.zero + .seconds(11))
        #expect(queue.pop(through: Instant.zero + .seconds(11)) == 2)
        #expect(queue.pop(through: Instant(nanoseconds: hour.nanoseconds - 1)) == nil)
        #expect(queue.pop(through: hour) == 1)
    }

    @Test(
        "a copy and its original go on independently, in the same order",
        arguments: seeds.prefix(6)
    )
    func copy(_ seed: RepeatableSeed) {
        var stream = RandomStream(seed: seed.seed, purpose: .test, index: 1)
        let queue = Queue()
        for payload in 0..<UInt64(3_000) { queue.push(payload, at: .zero + delay(&stream)) }
        var now = Instant.zero
        for _ in 0..<500 {
            guard let event = queue.events.popFirst() else { break }
            now = event.time
            if event.payload % 2 == 0 { queue.push(event.payload + 9_000, at: now) }
        }
        let twin = Queue(copying: queue)
        queue.push(1, at: now)
        while queue.pop() != nil {}
        #expect(queue.isEmpty && twin.count > 2_000, "\(seed)")
        let second = Queue(copying: twin)
        twin.push(77, at: now)
        second.push(77, at: now)
        while let event = twin.events.popFirst() {
            guard same(second.events.popFirst(), event) else {
                Issue.record("the copy differs; repeat: \(seed)")
                return
            }
        }
        #expect(second.isEmpty, "\(seed)")
    }

    @Test("an event at never, or before what has happened, is refused")
    func impossibleTimes() async {
        await #expect(processExitsWith: .failure) {
            var queue = EventQueue<UInt64>()
            queue.push(1, at: .never)
        }
        await #expect(processExitsWith: .failure) {
            var queue = EventQueue<UInt64>()
            queue.push(1, at: Instant(nanoseconds: -1))
        }
        await #expect(processExitsWith: .failure) {
            var queue = EventQueue<UInt64>()
            queue.push(1, at: Instant(nanoseconds: 20))
            _ = queue.popFirst()
            queue.push(2, at: Instant(nanoseconds: 19))
        }
    }
}
