// Finding the root of the hierarchy of one file: listening, claiming, seeking, and what a phone
// does with the claims of others. The times are the seed's, the rules are docs/protocol.md's.

extension Peer {
    /// Starts over with a file: a new draw, then listening.
    ///
    /// `spread` adds a random time to the listening. Without it all phones of a subtree that
    /// dissolves, or all seekers of a claimant that vanished, would claim in the same instant.
    mutating func listen(
        spread: Bool,
        _ context: borrowing PeerContext,
        _ election: inout Election
    ) {
        let index = current
        let drawnTransaction = UInt32(truncatingIfNeeded: transactions.next())
        let drawnStrength = UInt32(truncatingIfNeeded: strengths.next())
        election = Election()
        election.file = file
        election.phase = .listening
        election.transaction =
            context.pin(.transaction, of: address, file: index) ?? drawnTransaction
        election.strength =
            (context.pin(.strength, of: address, file: index) ?? drawnStrength)
            & ~ClaimRank.confirmedBit
        var listening = context.parameters.listenBeforeClaim
        if spread {
            listening =
                listening + relistenSpreads.interval(below: context.parameters.relistenSpread)
        }
        election.deadline = context.now + listening
        branches.takePart(index)
        stage = .electing
    }

    /// The deadline of an open election has come.
    mutating func electionDue(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        switch election.phase {
        case .listening: endListening(context, &election, &effects)
        case .claiming: claimTick(context, &election, &effects)
        case .seeking: endSeeking(context, &election, &effects)
        case .idle, .orphaned, .settled:
            preconditionFailure("an election in phase \(election.phase) has no deadline")
        }
    }

    private mutating func endListening(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        let own = ClaimRank(strength: election.strength, address: address)
        if election.best.isConfirmed {
            joinStrongest(context, &election, &effects)
            return
        }
        guard election.best <= own, context.now >= barredUntil else {
            election.seek(now: context.now, patience: context.parameters.seekingPatience)
            return
        }
        election.phase = .claiming
        election.deadline = context.now + context.parameters.tick
        let salt = lineSalt(context.now)
        // The seed's first claim stands two line spacings after its tick.
        effects.advancePace(context.parameters, salt: salt)
        effects.advancePace(context.parameters, salt: salt)
        effects.paced(.sendingBroadcast, file, context.parameters, salt: salt)
        let claim = ownClaim(election, advertisement: 0)
        effects.emit(.broadcast(.claim(claim), file, after: effects.pace))
        effects.paced(
            .claimed(transaction: election.transaction, strength: election.strength),
            file,
            context.parameters,
            salt: salt
        )
    }

    private mutating func claimTick(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        let salt = lineSalt(context.now)
        effects.paced(.tickRanOut, file, context.parameters, salt: salt)
        let timedOut = PeerNote.timedOutClaiming(transaction: election.transaction)
        effects.paced(timedOut, file, context.parameters, salt: salt)
        guard election.advertisements < context.parameters.advertisementCount else {
            confirm(context, &election, &effects)
            return
        }
        election.advertisements += 1
        election.deadline = context.now + context.parameters.tick
        effects.paced(.sendingBroadcast, file, context.parameters, salt: salt)
        let claim = ownClaim(election, advertisement: election.advertisements)
        effects.emit(.broadcast(.claim(claim), file, after: effects.pace))
        let note = PeerNote.advertised(
            transaction: election.transaction,
            number: election.advertisements
        )
        effects.paced(note, file, context.parameters, salt: salt)
    }

    private mutating func confirm(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        let salt = lineSalt(context.now)
        effects.paced(.confirmedRoot, file, context.parameters, salt: salt)
        becomeRoot(context, &election)
        let note = PeerNote.becameRoot(transaction: election.transaction)
        effects.paced(note, file, context.parameters, salt: salt)
        stage = .waiting(until: context.now + context.parameters.rootWaiting)
        advertiseRoot(current, context, &effects)
    }

    /// Takes the role of confirmed root of the present file, with the top bit of strength set.
    mutating func becomeRoot(_ context: borrowing PeerContext, _ election: inout Election) {
        election.phase = .settled
        election.deadline = .never
        election.strength |= ClaimRank.confirmedBit
        rootlessSince = .never
        branches[current].role = .root
        branches[current].isRootless = false
        linksChanged = true
        branches[current].strength = election.strength
        branches[current].rootHeardAt = context.now
        branches[current].position = HierarchyPosition(
            transaction: election.transaction,
            root: address,
            depth: 0
        )
    }

    private mutating func endSeeking(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        effects.trace(.listensAgain, file)
        // A barred phone may only wait for others: that is no failure of theirs.
        let own = ClaimRank(strength: election.strength, address: address)
        if context.now >= barredUntil, election.best > own { tries += 1 }
        guard tries < context.parameters.triesBeforeFallback else {
            backOff(context, &election)
            return
        }
        listen(spread: true, context, &election)
    }

    private func ownClaim(_ election: Election, advertisement: UInt8) -> Claim {
        Claim(
            transaction: election.transaction,
            strength: election.strength,
            advertisement: advertisement,
            fetchBegun: false
        )
    }

    /// A broadcast has come in; nil when it was heard without moving any deadline forward, which
    /// is what nearly all of them do.
    mutating func heard(
        _ message: PeerMessage,
        _ about: FileNumber,
        _ sender: IPv4Address,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict? {
        guard about == election.file, election.isOpen else {
            return heardSettled(message, about, sender, context, &election, &effects)
        }
        let rank: ClaimRank
        let transaction: UInt32
        switch message {
        case .claim(let claim), .confirmed(let claim):
            rank = ClaimRank(strength: claim.strength, address: sender)
            transaction = claim.transaction
        case .offer(let offered):
            rank = .offer(by: sender)
            transaction = offered
        case .failed(let reason):
            stop(reason, &election, &effects)
            return .handled
        case .join, .accept, .refuse, .hold, .rootless, .dissolve, .complete, .bye:
            return .ignored(.unexpectedHere)
        }
        if context.parameters.planted[.doubleRoot], election.phase == .claiming { return nil }
        let patience = context.parameters.seekingPatience
        let heard = election.hear(
            rank,
            transaction: transaction,
            own: address,
            now: context.now,
            patience: patience
        )
        heardOthersAt = context.now
        switch heard {
        case .nothing:
            return nil
        case .yielded:
            effects.trace(.heardStronger(from: sender, strength: UInt32(rank.bits >> 32)), about)
        case .join:
            effects.trace(.heardStronger(from: sender, strength: UInt32(rank.bits >> 32)), about)
            joinStrongest(context, &election, &effects)
        }
        return .handled
    }
}
