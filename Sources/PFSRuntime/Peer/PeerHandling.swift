// The one entry of a phone: an input comes in, a verdict and effects go out. This file only tells
// inputs apart and keeps the wake-up; what each leads to is in the files of the steps.

extension Peer {
    /// Handles one input at `context.now`.
    ///
    /// Changes the state and appends effects in the order in which they are to be carried out.
    public mutating func handle(
        _ input: PeerInput,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        let verdict: Verdict
        if isQuiet { rollHolds(context) }
        switch input {
        case .heard(let message, let file, from: let sender):
            guard let outcome = heard(message, file, sender, context, &election, &effects)
            else { return .handled }
            verdict = outcome
        case .wake:
            verdict = wake(context, &election, &effects)
        case .received(let message, let file, from: let sender):
            verdict = received(message, file, sender, context, &election, &effects)
        case .linkLost(let file, let other):
            verdict = linkLost(file, other, context, &election, &effects)
        case .start(let job):
            verdict = start(job, context, &election, &effects)
        case .serve(let job):
            verdict = serve(job)
        case .sharing(let shares):
            sharesNext = shares
            if case .serving = stage, !shares { stopServing(&election, &effects) }
            verdict = .handled
        case .fetchEnded(let outcome):
            verdict = fetchEnded(outcome, context, &election, &effects)
        case .fileArrived:
            verdict = fileArrived(context, &election, &effects)
        case .verified(let isGood):
            verdict = verified(isGood, context, &election, &effects)
        case .written:
            verdict = written(context, &election, &effects)
        case .writeFailed(let failure):
            verdict = writeFailed(failure, context, &election, &effects)
        case .stalled:
            verdict = transferStalled(context, &election, &effects)
        case .applied:
            verdict = applied(&election, &effects)
        case .cancel:
            verdict = cancel(&election, &effects)
        }
        askForWake(election, context, &effects)
        return verdict
    }

    /// Asks for the next deadline, unless an earlier wake-up is already asked for.
    mutating func askForWake(
        _ election: Election,
        _ context: borrowing PeerContext,
        _ effects: inout EffectQueue
    ) {
        let next = nextDeadline(election, context)
        guard next < scheduledWake else { return }
        scheduledWake = next
        if context.parameters.planted[.lostTimer], case .joining = stage { return }
        effects.emit(.wake(next))
    }

    /// The earliest deadline.
    ///
    /// Mutating only because otherwise every call copies the whole phone.
    mutating func nextDeadline(
        _ election: Election,
        _ context: borrowing PeerContext
    ) -> Instant {
        var next = branchDueAt
        if !isQuiet { next = min(next, holdAt, linkCheckAt) }
        switch stage {
        case .electing, .orphaned: next = min(next, election.deadline)
        case .joining(let joining): next = min(next, joining.deadline)
        case .waiting(let until), .backingOff(let until): next = min(next, until)
        case .lingering(let since): next = min(next, lingerEnd(since, context))
        case .idle, .attached, .fetching, .verifying, .writing, .applying, .serving: break
        }
        return next
    }

    /// A deadline has come: does everything that is due.
    private mutating func wake(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        guard context.now >= scheduledWake else { return .ignored(.staleWake) }
        scheduledWake = .never
        stageDue(context, &election, &effects)
        if branchDueAt <= context.now { branchesDue(context, &effects) }
        guard !isQuiet else { return .handled }
        if holdAt <= context.now { holdDue(context, &effects) }
        if linkCheckAt <= context.now { linkCheckDue(context, &election, &effects) }
        return .handled
    }

    private mutating func stageDue(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        let now = context.now
        switch stage {
        case .electing where election.deadline <= now:
            electionDue(context, &election, &effects)
        case .orphaned where election.deadline <= now:
            dissolve(context, &election, &effects)
        case .joining(let joining) where joining.deadline <= now:
            effects.emit(.close(file, joining.target))
            joinFailed(joining, context, &election, &effects)
        case .waiting(let until) where until <= now:
            beginRootFetch(whenFull: false, context, &effects)
        case .backingOff(let until) where until <= now:
            fallBack(context, &election, &effects)
        case .lingering(let since) where lingerEnd(since, context) <= now:
            apply(&election, &effects)
        case .idle, .electing, .joining, .attached, .orphaned, .waiting, .backingOff, .fetching,
            .verifying, .writing, .lingering, .applying, .serving:
            break
        }
    }
}
