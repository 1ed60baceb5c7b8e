// A phone whose clock is set: every instant that it has noted moves with it, so that no deadline comes
// nearer and nothing that it heard becomes older.

extension Peer {
    /// The clock is put forward by `length`, or back where that is negative.
    ///
    /// `patience` is that of a seeker.
    mutating func shiftTimes(
        by length: Interval,
        _ election: inout Election,
        patience: Interval = PeerParameters().seekingPatience
    ) {
        election.shiftTimes(by: length, patience: patience)
        switch stage {
        case .joining(var joining):
            joining.deadline = joining.deadline.shifted(by: length)
            stage = .joining(joining)
        case .attached(let since): stage = .attached(since: since.shifted(by: length))
        case .waiting(let until): stage = .waiting(until: until.shifted(by: length))
        case .backingOff(let until): stage = .backingOff(until: until.shifted(by: length))
        case .lingering(let since): stage = .lingering(since: since.shifted(by: length))
        case .idle, .electing, .orphaned, .fetching, .verifying, .writing, .applying,
            .serving:
            break
        }
        branches.shiftTimes(by: length)
        branchDueAt = branchDueAt.shifted(by: length)
        rootlessSince = rootlessSince.shifted(by: length)
        barredUntil = barredUntil.shifted(by: length)
        heardOthersAt = heardOthersAt.shifted(by: length)
        holdAt = holdAt.shifted(by: length)
        linkCheckAt = linkCheckAt.shifted(by: length)
        scheduledWake = scheduledWake.shifted(by: length)
        quietSince = quietSince.shifted(by: length)
    }
}

extension Instant {
    /// The instant `length` later; the beginning and `never`, which stand for none, stay.
    func shifted(by length: Interval) -> Instant {
        guard self != .never, self != .zero else { return self }
        return max(.zero, self + length)
    }
}
