// Broadcasts. Decides how one entry of the event queue stands for all deliveries of a broadcast: it
// walks the receivers of its group in the order of their delays, and keeps its place when the list
// changes under it.

internal import BasicContainers

/// One that hears the broadcasts of a group, and how long they take to it.
struct Receiver: BitwiseCopyable, Hashable {
    var phone: UInt32
    /// 32 bits hold 4.29 s, far beyond any delay of a subnet.
    var delayNanoseconds: UInt32

    /// The shorter delay comes first, then the lower number.
    func precedes(_ other: Receiver) -> Bool {
        (delayNanoseconds, phone) < (other.delayNanoseconds, other.phone)
    }
}

/// The receivers of a group in the order in which a broadcast reaches them.
struct ReceiverList: ~Copyable {
    private var receivers: UniqueArray<Receiver>

    init() { receivers = UniqueArray() }

    private init(receivers: consuming UniqueArray<Receiver>) { self.receivers = receivers }

    /// Takes receivers that are in order already; traps when they are not.
    init(ordered receivers: consuming UniqueArray<Receiver>) {
        for index in 0..<max(receivers.count - 1, 0) {
            precondition(
                receivers[index].precedes(receivers[index + 1]),
                "receivers must be in the order of their delays"
            )
        }
        self.receivers = receivers
    }

    func copy() -> ReceiverList { ReceiverList(receivers: receivers.clone()) }

    var count: Int { receivers.count }

    subscript(index: Int) -> Receiver { receivers[index] }

    /// Where `receiver` stands, or would stand.
    func place(of receiver: Receiver) -> Int {
        var (low, high) = (0, receivers.count)
        while low < high {
            let middle = (low + high) / 2
            if receivers[middle].precedes(receiver) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Puts a new receiver in its place and answers the index; every table with walks over this
    /// list must be told by `receiverInserted`.
    mutating func insert(_ receiver: Receiver) -> Int {
        let index = place(of: receiver)
        precondition(
            index == receivers.count || receivers[index] != receiver,
            "the receiver is in the list already"
        )
        receivers.insert(receiver, at: index)
        return index
    }

    /// Takes a receiver out and answers where it stood, nil when it is not there; every table with
    /// walks over this list must be told by `receiverRemoved`.
    mutating func remove(_ receiver: Receiver) -> Int? {
        let index = place(of: receiver)
        guard index < receivers.count, receivers[index] == receiver else { return nil }
        receivers.remove(at: index)
        return index
    }
}

/// A broadcast under way: the next receiver is the one at `position`.
struct Fanout<Message: BitwiseCopyable>: BitwiseCopyable {
    var sentAt: Instant
    var position: UInt32
    /// Who is left out of the walk.
    var sender: UInt32
    var group: UInt32
    /// Its turn among broadcasts of the same instant, if its driver needs one.
    var turn: UInt64 = 0
    var message: Message
}

/// What a walk does when its entry in the queue comes up.
enum FanoutStep: BitwiseCopyable, Equatable {
    /// The message reaches `phone` now; the entry is to be pushed again at `next`, unless nil.
    case deliver(to: UInt32, next: Instant?)
    /// The receiver that was due has left; the entry is to be pushed again at `until`.
    case wait(until: Instant)
    /// The receivers that were left to reach have left themselves.
    case ended
}

/// All broadcasts under way.
struct FanoutTable<Message: BitwiseCopyable>: ~Copyable {
    /// The place of a broadcast in the table: what the queue's entry carries.
    typealias Index = UInt32

    private var fanouts: UniqueArray<Fanout<Message>>
    private var freeIndices: UniqueArray<Index>
    /// The group of a place that is free.
    private static var noGroup: UInt32 { .max }

    init() {
        fanouts = UniqueArray()
        freeIndices = UniqueArray()
    }

    private init(copying other: borrowing FanoutTable) {
        fanouts = other.fanouts.clone()
        freeIndices = other.freeIndices.clone()
    }

    func copy() -> FanoutTable { FanoutTable(copying: self) }

    /// How many broadcasts are under way.
    var count: Int { fanouts.count - freeIndices.count }

    /// The broadcast at a place that `begin` gave and that has not ended.
    subscript(index: Index) -> Fanout<Message> { fanouts[Int(index)] }

    /// Begins a broadcast over `receivers`, leaving out `sender`; nil when nobody hears it.
    ///
    /// The caller pushes one entry with the index at `first`, and again, in the same turn, at every
    /// time that `advance` answers. The place is free again when it answers none.
    mutating func begin(
        _ message: Message,
        from sender: UInt32,
        group: UInt32,
        at now: Instant,
        over receivers: borrowing ReceiverList
    ) -> (index: Index, first: Instant)? {
        precondition(group != Self.noGroup, "the last group number marks free places")
        var fanout = Fanout(
            sentAt: now,
            position: 0,
            sender: sender,
            group: group,
            message: message
        )
        guard let first = Self.due(&fanout, over: receivers) else { return nil }
        if let index = freeIndices.popLast() {
            fanouts[Int(index)] = fanout
            return (index, first)
        }
        fanouts.append(fanout)
        return (Index(fanouts.count - 1), first)
    }

    /// Passes over the sender; when the receiver then due is reached, nil at the end of the list.
    private static func due(
        _ fanout: inout Fanout<Message>,
        over receivers: borrowing ReceiverList
    ) -> Instant? {
        if fanout.position < receivers.count,
            receivers[Int(fanout.position)].phone == fanout.sender
        {
            fanout.position += 1
        }
        guard fanout.position < receivers.count else { return nil }
        return fanout.sentAt
            + Interval(nanoseconds: Int64(receivers[Int(fanout.position)].delayNanoseconds))
    }

    /// Moves a broadcast on whose entry in the queue came up at `now`.
    ///
    /// `receivers` must be the list of its group.
    mutating func advance(
        _ index: Index,
        at now: Instant,
        over receivers: borrowing ReceiverList
    ) -> FanoutStep {
        var fanout = fanouts[Int(index)]
        guard let due = Self.due(&fanout, over: receivers) else {
            free(index)
            return .ended
        }
        guard due <= now else {
            fanouts[Int(index)].position = fanout.position
            return .wait(until: due)
        }
        let phone = receivers[Int(fanout.position)].phone
        fanout.position += 1
        let next = Self.due(&fanout, over: receivers)
        if next == nil { free(index) } else { fanouts[Int(index)].position = fanout.position }
        return .deliver(to: phone, next: next)
    }

    /// Gives a broadcast its turn.
    mutating func setTurn(_ turn: UInt64, of index: Index) { fanouts[Int(index)].turn = turn }

    /// How far into the list of receivers a broadcast may go before all of `others` that were sent
    /// earlier: each receiver hears them in the order in which they were sent.
    func reach(of index: Index, among others: borrowing UniqueArray<UInt32>) -> Int {
        let own = fanouts[Int(index)]
        var reach = Int.max
        for place in 0..<others.count where others[place] != index {
            let other = fanouts[Int(others[place])]
            if (other.sentAt, other.turn) < (own.sentAt, own.turn) {
                reach = min(reach, Int(other.position))
            }
        }
        return reach
    }

    /// Where in the list of receivers a broadcast goes on.
    mutating func setPosition(_ position: Int, of index: Index) {
        fanouts[Int(index)].position = UInt32(position)
    }

    /// Ends a broadcast: its place is free.
    mutating func end(_ index: Index) { free(index) }

    private mutating func free(_ index: Index) {
        fanouts[Int(index)].group = Self.noGroup
        freeIndices.append(index)
    }

    /// Keeps the walks of `group` in place after a receiver came in at `place`: a walk that has a
    /// receiver before it to reach yet reaches the newcomer too, any other does not.
    mutating func receiverInserted(at place: Int, group: UInt32) {
        guard count > 0 else { return }
        for index in 0..<fanouts.count
        where fanouts[index].group == group && Int(fanouts[index].position) >= place {
            fanouts[index].position += 1
        }
    }

    /// Keeps the walks of `group` in place after a receiver left `receivers`, where it had stood at
    /// `place`.
    mutating func receiverRemoved(
        at place: Int,
        group: UInt32,
        from receivers: borrowing ReceiverList
    ) {
        guard count > 0 else { return }
        for index in 0..<fanouts.count where fanouts[index].group == group {
            var fanout = fanouts[index]
            if Int(fanout.position) > place { fanout.position -= 1 }
            _ = Self.due(&fanout, over: receivers)
            fanouts[index].position = fanout.position
        }
    }
}
