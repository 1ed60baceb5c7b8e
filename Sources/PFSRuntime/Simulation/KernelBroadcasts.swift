// A broadcast on its way through its group. Decides how many of its receivers are reached in one turn: all
// that need not be asked, up to the next event of another kind. That is exact though other broadcasts
// are under way: what such a receiver remembers concerns nobody else, nothing that begins now can
// reach it earlier than a broadcast that was sent before, and broadcasts of one group keep their order.

internal import BasicContainers

extension Kernel {
    /// Lets a broadcast whose turn has come reach its next receivers; answers how many.
    mutating func walk(_ event: QueuedEvent<UInt32>, limit: Instant, budget: Int) -> Int {
        let index = event.payload
        let broadcast = fanouts[index].message
        let group = Int(fanouts[index].group)
        var reached = 0
        if maySkip(broadcast, group) {
            reached = skim(index, group, from: event.time, limit, budget: budget)
            eventCount += UInt64(reached)
        }
        var following: Instant?
        if reached > 0 {
            following = Self.look(&fanouts, index, groups, group)
        } else {
            switch Self.advance(&fanouts, index, at: event.time, groups, group) {
            case .deliver(to: let number, next: let next):
                following = next
                // Before the phone answers: what it begins comes after.
                putBack(event, at: following, group)
                hear(broadcast, by: PhoneNumber(Int(number)))
                return 1
            case .wait(until: let due): following = due
            case .ended: following = nil
            }
        }
        putBack(event, at: following, group)
        return max(reached, 1)
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

    /// Lets a broadcast reach receivers that need not be asked, and remember it, up to the next that
    /// has to be, or whatever else happens first; answers how many.
    private mutating func skim(
        _ index: UInt32,
        _ group: Int,
        from begin: Instant,
        _ limit: Instant,
        budget: Int
    ) -> Int {
        let end = min(queue.bound, limit + Interval(nanoseconds: 1))
        let reached = Self.skim(
            &fanouts,
            index,
            groups,
            group,
            &elections,
            interests,
            (from: begin, to: max(end, begin + Interval(nanoseconds: 1))),
            budget: budget,
            patience: context.parameters.seekingPatience
        )
        return reached
    }

    /// A function of its own, because the walk changes while the groups are only lent.
    private static func skim(
        _ fanouts: inout FanoutTable<Broadcast>,
        _ index: UInt32,
        _ groups: borrowing UniqueArray<GroupRecord>,
        _ group: Int,
        _ elections: inout UniqueArray<Election>,
        _ interests: borrowing UniqueArray<UInt16>,
        _ span: (from: Instant, to: Instant),
        budget: Int,
        patience: Interval
    ) -> Int {
        let broadcast = fanouts[index].message
        let bit = broadcast.file.interestBit
        var claim: Claim?
        if case .claim(let content) = broadcast.message { claim = content }
        let rank = claim.map { ClaimRank(strength: $0.strength, address: broadcast.sender) }
        var phones = elections.mutableSpan
        let masks = interests.span
        let reach = fanouts.reach(of: index, among: groups[group].walks)
        return fanouts.skim(
            index,
            over: groups[group].receivers,
            limit: budget,
            reach: reach
        ) { number, due in
            guard due < span.to else { return false }
            let phone = Int(number)
            if phones[phone].file == broadcast.file, phones[phone].isOpen {
                guard let rank, let claim else { return false }
                let isTaken = phones[phone].takesIn(
                    rank,
                    transaction: claim.transaction,
                    now: due,
                    patience: patience
                )
                guard isTaken else { return false }
            } else if masks[phone] & bit != 0 {
                return false
            }
            return true
        }
    }

    /// When a broadcast reaches its next receiver; nil, and it has ended, when there is none.
    private static func look(
        _ fanouts: inout FanoutTable<Broadcast>,
        _ index: UInt32,
        _ groups: borrowing UniqueArray<GroupRecord>,
        _ group: Int
    ) -> Instant? {
        fanouts.next(index, over: groups[group].receivers)
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
