// A broadcast on its way through its group. Decides how many of its receivers are reached in one turn: all
// that need not be asked, up to the next event of another kind. That is exact though other broadcasts
// are under way: what such a receiver remembers concerns nobody else, nothing that begins now can
// reach it earlier than a broadcast that was sent before, and broadcasts of one group keep their order.

internal import BasicContainers

/// How far a broadcast has come in a turn.
private enum PassStep: BitwiseCopyable {
    /// The receiver due now has to be asked.
    case asks(UInt32)
    /// The next that may take heed is reached then, or the last one.
    case waits(until: Instant)
    /// Everybody is passed.
    case ended
}

extension Kernel {
    /// Lets a broadcast whose turn has come reach its next receivers.
    mutating func walk(_ event: QueuedEvent<UInt32>, limit: Instant) {
        let index = event.payload
        let broadcast = fanouts[index].message
        let group = Int(fanouts[index].group)
        if !recordsAll, mayPass(broadcast, group) {
            pass(event, broadcast, group, limit)
            return
        }
        switch Self.advance(&fanouts, index, at: event.time, groups, group) {
        case .deliver(to: let number, next: let next):
            // Before the phone answers: what it begins comes after.
            putBack(event, at: next, group)
            hear(broadcast, by: PhoneNumber(Int(number)))
        case .wait(until: let due): putBack(event, at: due, group)
        case .ended: putBack(event, at: nil, group)
        }
    }

    /// Lets a broadcast pass those that need not be asked, up to the next that has to be.
    private mutating func pass(
        _ event: QueuedEvent<UInt32>,
        _ broadcast: Broadcast,
        _ group: Int,
        _ limit: Instant
    ) {
        let row = hearing(of: broadcast.file, in: group)
        let end = min(queue.bound, limit + Interval(nanoseconds: 1))
        let step = Self.pass(
            &fanouts,
            event.payload,
            groups,
            group,
            row,
            &elections,
            (from: event.time, to: end),
            patience: context.parameters.seekingPatience
        )
        switch step {
        case .asks(let number):
            let next = Self.jump(&fanouts, event.payload, groups, group, row)
            // Where nobody is left, it has ended.
            let isOver = Int(fanouts[event.payload].position) >= groups[group].receivers.count
            if isOver { fanouts.end(event.payload) }
            putBack(event, at: isOver ? nil : next, group)
            hear(broadcast, by: PhoneNumber(Int(number)))
        case .waits(until: let due): putBack(event, at: due, group)
        case .ended: putBack(event, at: nil, group)
        }
    }

    /// Puts the first walk back for its next receiver, or ends it.
    private mutating func putBack(_ event: QueuedEvent<UInt32>, at due: Instant?, _ group: Int) {
        if let due, due <= .latest {
            let entry = QueuedEvent(time: due, sequence: event.sequence, payload: event.payload)
            walks.replaceFirst(with: entry)
            return
        }
        walks.removeFirst()
        for place in 0..<groups[group].walks.count
        where groups[group].walks[place] == event.payload {
            let last = groups[group].walks.removeLast()
            if place < groups[group].walks.count { groups[group].walks[place] = last }
            return
        }
    }

    /// A function of its own, because the walk changes while the groups are only lent.
    ///
    /// The receiver at which the walk stands is due, unless it has left meanwhile.
    private static func pass(
        _ fanouts: inout FanoutTable<Broadcast>,
        _ index: UInt32,
        _ groups: borrowing UniqueArray<GroupRecord>,
        _ group: Int,
        _ row: Int,
        _ elections: inout UniqueArray<Election>,
        _ span: (from: Instant, to: Instant),
        patience: Interval
    ) -> PassStep {
        let walk = fanouts[index]
        let reach = fanouts.reach(of: index, among: groups[group].walks)
        let count = groups[group].receivers.count
        var phones = elections.mutableSpan
        var rank: ClaimRank?
        var transaction: UInt32 = 0
        if case .claim(let claim) = walk.message.message {
            rank = ClaimRank(strength: claim.strength, address: walk.message.sender)
            transaction = claim.transaction
        }
        var position = Int(walk.position)
        while true {
            position = groups[group].nextHeed(row, from: position)
            let place = min(position, count - 1)
            guard place >= 0 else { break }
            let receiver = groups[group].receivers[place]
            let due = walk.sentAt + Interval(nanoseconds: Int64(receiver.delayNanoseconds))
            guard due <= span.from || (due < span.to && place < reach) else {
                fanouts.setPosition(place, of: index)
                return .waits(until: due)
            }
            guard position < count else { break }
            position += 1
            if receiver.phone == walk.sender { continue }
            let phone = Int(receiver.phone)
            if let rank, phones[phone].file == walk.message.file, phones[phone].isOpen,
                phones[phone].takesIn(rank, transaction: transaction, now: due, patience: patience)
            {
                continue
            }
            guard due <= span.from else {
                fanouts.setPosition(position - 1, of: index)
                return .waits(until: due)
            }
            fanouts.setPosition(position, of: index)
            return .asks(receiver.phone)
        }
        fanouts.end(index)
        return .ended
    }

    /// Moves a walk on to the next receiver that may take heed, and answers when it is reached.
    ///
    /// Where there is none it stands at the last one, in case another takes an interest before.
    static func jump(
        _ fanouts: inout FanoutTable<Broadcast>,
        _ index: UInt32,
        _ groups: borrowing UniqueArray<GroupRecord>,
        _ group: Int,
        _ row: Int
    ) -> Instant {
        let walk = fanouts[index]
        let count = groups[group].receivers.count
        guard Int(walk.position) < count else { return .never }
        let position = groups[group].nextHeed(row, from: Int(walk.position))
        let place = min(position, count - 1)
        fanouts.setPosition(place, of: index)
        let delay = Int64(groups[group].receivers[place].delayNanoseconds)
        return walk.sentAt + Interval(nanoseconds: delay)
    }

    /// A function of its own, because the walk changes while the groups are only lent.
    private static func advance(
        _ fanouts: inout FanoutTable<Broadcast>,
        _ index: UInt32,
        at time: Instant,
        _ groups: borrowing UniqueArray<GroupRecord>,
        _ group: Int
    ) -> FanoutStep {
        fanouts.advance(index, at: time, over: groups[group].receivers)
    }
}
