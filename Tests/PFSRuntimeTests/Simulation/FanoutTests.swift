// Fan-outs: one entry of the queue reaches the same receivers, at the same times and in the same
// order, as one entry for each of them; also when the list changes under way.

import Testing

@testable import PFSRuntime

private struct Delivery: Equatable {
    var time: Instant
    var message: UInt32
    var phone: UInt32
}

/// A small world: one group, a queue, and all deliveries so far.
///
/// A class, because the expectation macros take copyable values only.
private final class Yard {
    var queue = EventQueue<UInt32>()
    var fanouts = FanoutTable<UInt32>()
    var list: ReceiverList
    var delivered: [Delivery] = []

    init(_ receivers: [(phone: UInt32, delay: UInt32)]) {
        list = ReceiverList()
        for receiver in receivers {
            _ = list.insert(
                Receiver(phone: receiver.phone, delayNanoseconds: receiver.delay)
            )
        }
    }

    init(copying other: Yard) {
        queue = other.queue.copy()
        fanouts = other.fanouts.copy()
        list = other.list.copy()
        delivered = other.delivered
    }

    func send(_ message: UInt32, from sender: UInt32, at now: Instant) {
        guard
            let begun = fanouts.begin(message, from: sender, group: 0, at: now, over: list)
        else { return }
        queue.push(begun.index, at: begun.first)
    }

    func run(through limit: Instant = .never) {
        while let event = queue.popFirst(through: limit) {
            let message = fanouts[event.payload].message
            switch fanouts.advance(event.payload, at: event.time, over: list) {
            case .deliver(let phone, let next):
                delivered.append(Delivery(time: event.time, message: message, phone: phone))
                if let next { queue.push(event.payload, at: next, sequence: event.sequence) }
            case .wait(let until):
                queue.push(event.payload, at: until, sequence: event.sequence)
            case .ended:
                break
            }
        }
    }

    func add(_ phone: UInt32, delay: UInt32) {
        let place = list.insert(Receiver(phone: phone, delayNanoseconds: delay))
        fanouts.receiverInserted(at: place, group: 0)
    }

    func leave(_ phone: UInt32, delay: UInt32) {
        let receiver = Receiver(phone: phone, delayNanoseconds: delay)
        guard let place = list.remove(receiver) else { return }
        fanouts.receiverRemoved(at: place, group: 0, from: list)
    }

    var phones: [UInt32] { delivered.map(\.phone) }
}

private func at(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds) }

@Suite("Fan-outs")
struct FanoutTests {
    private static let seeds = RepeatableSeed.all(16, suite: "FanoutTests")

    @Test("a walk delivers as one entry for each receiver would", arguments: seeds)
    func asSingleEntries(_ seed: RepeatableSeed) {
        var stream = RandomStream(seed: seed.seed, purpose: .test, index: 2)
        let count = UInt32(1 + stream.below(60))
        let receivers = (0..<count).map {
            (phone: $0, delay: 50 + UInt32(stream.below(40)))
        }
        let yard = Yard(receivers)
        var plain = EventQueue<Delivery>()
        var now = Instant.zero
        var expected: [Delivery] = []
        for message in 0..<UInt32(40) {
            now = now + Interval(nanoseconds: Int64(stream.below(30)))
            yard.run(through: at(now.nanoseconds - 1))
            let sender = UInt32(stream.below(UInt64(count)))
            yard.send(message, from: sender, at: now)
            let inOrder = receivers.sorted { ($0.delay, $0.phone) < ($1.delay, $1.phone) }
            for receiver in inOrder where receiver.phone != sender {
                let due = now + Interval(nanoseconds: Int64(receiver.delay))
                plain.push(Delivery(time: due, message: message, phone: receiver.phone), at: due)
            }
        }
        yard.run()
        while let event = plain.popFirst() { expected.append(event.payload) }
        let agree = yard.delivered == expected
        #expect(agree, "repeat: \(seed)")
        #expect(yard.fanouts.count == 0, "a place was not freed; repeat: \(seed)")
    }

    @Test("who comes in ahead of the walk hears it, who comes in behind does not")
    func comingIn() {
        let yard = Yard([(1, 10), (2, 20), (3, 30)])
        yard.send(5, from: 99, at: .zero)
        yard.run(through: at(10))
        yard.add(4, delay: 5)
        yard.add(6, delay: 25)
        yard.add(7, delay: 15)
        yard.run()
        #expect(yard.phones == [1, 2, 6, 3])
        #expect(yard.delivered.map(\.time) == [at(10), at(20), at(25), at(30)])
    }

    @Test("who leaves is passed over, and the next one hears it at its own time")
    func leaving() {
        let yard = Yard([(1, 10), (2, 20), (3, 30), (4, 40)])
        yard.send(5, from: 99, at: .zero)
        yard.run(through: at(10))
        yard.leave(1, delay: 10)
        yard.leave(2, delay: 20)
        yard.run()
        #expect(yard.phones == [1, 3, 4])
        #expect(yard.delivered.map(\.time) == [at(10), at(30), at(40)])
    }

    @Test("a walk whose last receivers leave ends and frees its place")
    func lastOnesLeave() {
        let yard = Yard([(1, 10), (2, 20), (3, 30)])
        yard.send(5, from: 3, at: .zero)
        yard.run(through: at(10))
        yard.leave(2, delay: 20)
        #expect(yard.fanouts.count == 1)
        yard.run()
        #expect(yard.phones == [1])
        #expect(yard.fanouts.count == 0 && yard.queue.isEmpty)
    }

    @Test("a walk of another group keeps its place")
    func otherGroup() throws {
        var fanouts = FanoutTable<UInt32>()
        var list = ReceiverList()
        for phone in 0..<UInt32(4) {
            _ = list.insert(Receiver(phone: phone, delayNanoseconds: 10 * phone))
        }
        let begin = fanouts.begin(1, from: 9, group: 1, at: .zero, over: list)
        let begun = try #require(begin)
        let first = fanouts.advance(begun.index, at: .zero, over: list)
        #expect(first == .deliver(to: 0, next: at(10)))
        fanouts.receiverInserted(at: 0, group: 0)
        fanouts.receiverRemoved(at: 0, group: 0, from: list)
        let second = fanouts.advance(begun.index, at: at(10), over: list)
        #expect(second == .deliver(to: 1, next: at(20)))
    }

    @Test("nobody but the sender: no broadcast begins")
    func alone() {
        var fanouts = FanoutTable<UInt32>()
        var list = ReceiverList()
        let overNobody = fanouts.begin(1, from: 0, group: 0, at: .zero, over: list)
        _ = list.insert(Receiver(phone: 0, delayNanoseconds: 10))
        let overSender = fanouts.begin(1, from: 0, group: 0, at: .zero, over: list)
        let count = fanouts.count
        #expect(overNobody == nil && overSender == nil && count == 0)
    }

    @Test("copies of table and list go on as the originals would have")
    func copies() {
        let yard = Yard([(1, 10), (2, 20), (3, 30)])
        yard.send(5, from: 1, at: .zero)
        let twin = Yard(copying: yard)
        yard.leave(2, delay: 20)
        yard.run()
        twin.run()
        #expect(yard.phones == [3] && twin.phones == [2, 3])
        #expect(yard.fanouts.count == 0 && twin.fanouts.count == 0)
    }

    @Test("a receiver that is there already is refused")
    func twice() async {
        await #expect(processExitsWith: .failure) {
            var list = ReceiverList()
            _ = list.insert(Receiver(phone: 1, delayNanoseconds: 10))
            _ = list.insert(Receiver(phone: 1, delayNanoseconds: 10))
        }
    }

    @Test("changes of the list under way leave every walk right", arguments: seeds)
    func changes(_ seed: RepeatableSeed) {
        var stream = RandomStream(seed: seed.seed, purpose: .test, index: 3)
        var members = (0..<UInt32(20)).map {
            Receiver(phone: $0, delayNanoseconds: UInt32(stream.below(100)))
        }
        let yard = Yard(members.map { ($0.phone, $0.delayNanoseconds) })
        var oracle = PendingLists()
        var now = Instant.zero
        var (joined, left) = (0, 0)
        for step in 0..<UInt32(600) {
            now = now + Interval(nanoseconds: 1 + Int64(stream.below(12)))
            yard.run(through: at(now.nanoseconds - 1))
            oracle.run(through: at(now.nanoseconds - 1))
            switch stream.below(3) {
            case 0:
                let sender = members[Int(stream.below(UInt64(members.count)))].phone
                yard.send(step, from: sender, at: now)
                oracle.send(step, at: now, to: members.filter { $0.phone != sender })
            case 1:
                let delay = UInt32(stream.below(200))
                let newcomer = Receiver(phone: 100 + step, delayNanoseconds: delay)
                yard.add(newcomer.phone, delay: delay)
                oracle.add(newcomer)
                members.append(newcomer)
                joined += 1
            default:
                guard members.count > 8 else { continue }
                let gone = members.remove(at: Int(stream.below(UInt64(members.count))))
                yard.leave(gone.phone, delay: gone.delayNanoseconds)
                oracle.leave(gone)
                left += 1
            }
        }
        yard.run()
        oracle.run(through: .never)
        let agree = yard.delivered == oracle.delivered
        #expect(agree, "repeat: \(seed)")
        #expect(yard.fanouts.count == 0, "a place was not freed; repeat: \(seed)")
        #expect(joined > 50 && left > 50 && yard.delivered.count > 1_000, "a dull mixture; \(seed)")
    }
}

/// What fan-outs stand for: each broadcast with the receivers that it has yet to reach.
private struct PendingLists {
    private var walks: [(message: UInt32, sentAt: Instant, pending: [Receiver])] = []
    private(set) var delivered: [Delivery] = []

    mutating func send(_ message: UInt32, at now: Instant, to receivers: [Receiver]) {
        walks.append((message, now, receivers.sorted { $0.precedes($1) }))
    }

    mutating func add(_ newcomer: Receiver) {
        for index in walks.indices {
            guard let next = walks[index].pending.first, next.precedes(newcomer) else { continue }
            walks[index].pending.append(newcomer)
            walks[index].pending.sort { $0.precedes($1) }
        }
    }

    mutating func leave(_ gone: Receiver) {
        for index in walks.indices { walks[index].pending.removeAll { $0 == gone } }
    }

    /// Delivers what is due, in the order of time, then of sending, then of the walk.
    mutating func run(through limit: Instant) {
        var due: [(delivery: Delivery, place: UInt32)] = []
        for index in walks.indices {
            while let next = walks[index].pending.first {
                let time =
                    walks[index].sentAt + Interval(nanoseconds: Int64(next.delayNanoseconds))
                guard time <= limit else { break }
                let message = walks[index].message
                due.append((Delivery(time: time, message: message, phone: next.phone), next.phone))
                walks[index].pending.removeFirst()
            }
        }
        walks.removeAll { $0.pending.isEmpty }
        due.sort {
            ($0.delivery.time, $0.delivery.message, $0.place)
                < ($1.delivery.time, $1.delivery.message, $1.place)
        }
        delivered += due.map(\.delivery)
    }
}
