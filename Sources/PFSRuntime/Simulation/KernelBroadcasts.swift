// A broadcast on its way through its group. Decides how many of its receivers are reached in one turn:
// all up to the next thing that happens anywhere, so that a broadcast in a quiet moment costs the queue
// one event, and its phones are looked at in one pass over two dense arrays.

internal import BasicContainers

extension Kernel {
    /// Lets a broadcast whose turn has come reach its next receivers; answers how many.
    ///
    /// It stops before anything else that happens, at `limit`, after `budget` receivers, and where a
    /// phone began to do something else. So the order of events is that of one receiver at a time.
    mutating func walk(
        _ index: UInt32,
        _ event: QueuedEvent<KernelEvent>,
        limit: Instant,
        budget: Int
    ) -> Int {
        let broadcast = fanouts[index].message
        let group = Int(fanouts[index].group)
        let maySkip = maySkip(broadcast, group)
        let changes = changeCount
        var reached = 0
        var time = event.time
        while true {
            context.now = time
            let following: Instant
            switch Self.advance(&fanouts, index, at: time, groups, group) {
            case .deliver(to: let number, next: let next):
                reached += 1
                if maySkip, !isHeeded(broadcast, by: Int(number)) {
                    eventCount += 1
                } else {
                    hear(broadcast, by: PhoneNumber(Int(number)))
                }
                guard let next else { return reached }
                following = next
            case .wait(until: let due): following = due
            case .ended: return max(reached, 1)
            }
            guard following <= limit, reached < budget, changeCount == changes,
                queue.isNext(following, event.sequence)
            else {
                schedule(event.payload, at: following, sequence: event.sequence)
                return max(reached, 1)
            }
            time = following
        }
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

    /// Whether a phone has to be asked about a broadcast; if not, what it remembers is up to date.
    private mutating func isHeeded(_ broadcast: Broadcast, by index: Int) -> Bool {
        guard elections[index].isOpen, elections[index].file == broadcast.file else {
            return interests[index] & broadcast.file.interestBit != 0
        }
        guard case .claim(let claim) = broadcast.message else { return true }
        let rank = ClaimRank(strength: claim.strength, address: broadcast.sender)
        return !elections[index].takesIn(
            rank,
            transaction: claim.transaction,
            now: context.now,
            patience: context.parameters.seekingPatience
        )
    }
}
