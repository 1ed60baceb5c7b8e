// A phone that runs a load and gives it to others, as newer guides have it: it holds every file, is in no
// hierarchy, and answers claims as any holder does.

extension Peer {
    /// The phone runs the load of the job: it holds every file, and is in no hierarchy.
    mutating func serve(_ held: UpgradeJob) -> Verdict {
        guard case .idle = stage else { return .ignored(.unexpectedHere) }
        job = held
        sharesNext = held.shares
        current = held.count
        branches = Branches()
        for index in 0..<held.count {
            branches[index].holdsFile = true
            branches[index].position = HierarchyPosition(
                transaction: UInt32(truncatingIfNeeded: transactions.next()),
                root: address,
                depth: 0
            )
        }
        stage = .serving
        return .handled
    }

    /// Gives nothing to other phones any more.
    mutating func stopServing(_ election: inout Election, _ effects: inout EffectQueue) {
        leaveAll(&effects)
        becomeIdle(&election)
    }
}
