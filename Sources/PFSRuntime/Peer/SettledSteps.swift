// What a phone that has a place does with broadcasts about its files: a root answers claims and
// settles with other roots, a holder stands in for a root that has gone silent.

extension Peer {
    /// A broadcast about a file for which this phone's election is over, or about an earlier file.
    mutating func heardSettled(
        _ message: PeerMessage,
        _ about: FileNumber,
        _ sender: IPv4Address,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict? {
        guard let index = branchIndex(of: about) else { return .ignored(.otherFile) }
        switch message {
        case .claim(let claim):
            heardOthersAt = context.now
            return answerClaim(claim, index, sender, context, &effects)
        case .confirmed(let claim):
            branches[index].rootHeardAt = context.now
            withdrawOffer(index, context)
            guard branches[index].role == .root else { return nil }
            settle(with: claim, index, sender, context, &election, &effects)
            return .handled
        case .offer:
            withdrawOffer(index, context)
            return nil
        case .failed(let reason):
            return heardFailure(reason, index, &election, &effects)
        case .join, .accept, .refuse, .hold, .rootless, .dissolve, .complete, .bye:
            return .ignored(.unexpectedHere)
        }
    }

    /// Somebody else serves the file: an offer that was meant is not made.
    private mutating func withdrawOffer(_ index: Int, _ context: borrowing PeerContext) {
        if context.parameters.planted[.staleOffer] { return }
        branches[index].offerAt = .never
    }

    private mutating func answerClaim(
        _ claim: Claim,
        _ index: Int,
        _ sender: IPv4Address,
        _ context: borrowing PeerContext,
        _ effects: inout EffectQueue
    ) -> Verdict? {
        effects.trace(
            .heardWeaker(from: sender, strength: claim.strength),
            job?.files[index] ?? .none
        )
        if branches.isRoot(index) {
            answerSoon(index, context)
            return .handled
        }
        let silence = context.now - max(branches[index].rootHeardAt, context.rootImpliedAt)
        guard branches[index].holdsFile, silence >= context.parameters.rootSilence,
            branches[index].offerAt == .never
        else { return nil }
        let wait = offerDelays.interval(below: context.parameters.offerSpread)
        branches[index].offerAt = context.now + wait
        branchDueAt = min(branchDueAt, branches[index].offerAt)
        return .handled
    }

    /// Brings the next advertisement forward: at once, but never twice within one tick.
    private mutating func answerSoon(_ index: Int, _ context: borrowing PeerContext) {
        let branch = branches.place(index)
        let earliest = branch.advertisedAt + context.parameters.tick
        let next = min(branch.advertiseAt, max(context.now, earliest))
        branches.setAdvertiseAt(next, index)
        branchDueAt = min(branchDueAt, next)
    }

    /// Two confirmed roots have met: fetch begun, strength and address decide.
    ///
    /// Two that have both begun both finish.
    private mutating func settle(
        with other: Claim,
        _ index: Int,
        _ sender: IPv4Address,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        let branch = branches[index]
        if branch.fetchBegun && other.fetchBegun { return }
        let own = ClaimRank(strength: branch.strength, address: address)
        let theirs = ClaimRank(strength: other.strength, address: sender)
        let isStronger = branch.fetchBegun == other.fetchBegun ? own > theirs : branch.fetchBegun
        if isStronger {
            answerSoon(index, context)
            return
        }
        guard index == current, case .waiting = stage else { return }
        effects.note(.steppedDown(to: sender), file)
        branches[index].role = .none
        branches[index].advertiseAt = .never
        join(sender, transaction: other.transaction, context, &election, &effects)
    }

    private mutating func heardFailure(
        _ reason: FailureReason,
        _ index: Int,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict? {
        guard index == current, !branches[index].holdsFile else { return nil }
        switch stage {
        case .joining, .attached, .orphaned, .waiting, .backingOff:
            stop(reason, &election, &effects)
            return .handled
        case .idle, .electing, .fetching, .verifying, .writing, .lingering, .applying, .serving:
            return nil
        }
    }

    /// Does what is due in any hierarchy, and finds the next deadline.
    mutating func branchesDue(_ context: borrowing PeerContext, _ effects: inout EffectQueue) {
        branchDueAt = .never
        var due = branches.dueFiles(context.now)
        while due != 0 {
            branchDue(due.trailingZeroBitCount, context, &effects)
            due &= due - 1
        }
        branchDueAt = branches.deadline()
    }

    /// Deadlines of one hierarchy: to advertise as root, to offer as holder.
    private mutating func branchDue(
        _ index: Int,
        _ context: borrowing PeerContext,
        _ effects: inout EffectQueue
    ) {
        let branch = branches.place(index)
        if branch.advertiseAt <= context.now { advertiseRoot(index, context, &effects) }
        guard branch.offerAt <= context.now, let job else { return }
        branches[index].offerAt = .never
        let transaction = branch.position.transaction
        effects.note(.offered(transaction: transaction), job.files[index])
        let offer = PeerMessage.offer(transaction: transaction)
        effects.emit(.broadcast(offer, job.files[index], after: .zero))
    }

    /// Broadcasts that this phone is the confirmed root of a file.
    mutating func advertiseRoot(
        _ index: Int,
        _ context: borrowing PeerContext,
        _ effects: inout EffectQueue
    ) {
        guard let job else { return }
        let branch = branches.place(index)
        let claim = Claim(
            transaction: branch.position.transaction,
            strength: branch.strength,
            advertisement: 0,
            fetchBegun: branch.fetchBegun
        )
        effects.emit(.broadcast(.confirmed(claim), job.files[index], after: effects.pace))
        let note = PeerNote.advertisedRoot(
            transaction: claim.transaction,
            fetchBegun: claim.fetchBegun
        )
        effects.trace(note, job.files[index])
        let next = context.now + context.parameters.confirmedAdvertisement
        branches.noteAdvertised(index, at: context.now, next: next, branch.strength)
        branchDueAt = min(branchDueAt, next)
    }
}
