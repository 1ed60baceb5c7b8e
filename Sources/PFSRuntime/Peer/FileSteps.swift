// File by file: taking the next one, fetching it as root or alone, verifying, writing, handing it
// on, and at the end applying the load.

extension Peer {
    /// The phone has read its configuration and has a load to fetch.
    mutating func start(
        _ newJob: UpgradeJob,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        guard case .idle = stage else { return .ignored(.unexpectedHere) }
        branches = Branches()
        job = newJob
        if context.parameters.planted[.reorderedFiles] { job?.swapLastFiles() }
        sharesNext = newJob.shares
        heardOthersAt = context.now
        guard newJob.keptCount < newJob.count else {
            // Everything was in flash when the power went: only activating it is left.
            current = newJob.count
            apply(&election, &effects)
            return .handled
        }
        beginFile(newJob.keptCount, context, &election, &effects)
        return .handled
    }

    /// Goes on to a file of the job.
    private mutating func beginFile(
        _ index: Int,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        var isOpen = false
        for earlier in 0..<index where branches.takesPart(earlier) { isOpen = true }
        current = index
        tries = 0
        lostParents = 0
        badCopies = 0
        job?.shares = sharesNext
        guard sharesNext else {
            election = Election()
            stage = .fetching(.alone)
            effects.note(.fetchAlone, file)
            effects.emit(.fetch(file, .alone))
            return
        }
        effects.emit(.participation(file, isIn: true))
        listen(spread: false, context, &election)
        let salt = lineSalt(context.now)
        if !isOpen {
            // The sockets are opened once; the tick grid begins a little later.
            election.deadline = election.deadline + context.parameters.gridOrigin
            effects.paced(.listeningTCP, file, context.parameters, salt: salt)
            effects.paced(.openedUDP, file, context.parameters, salt: salt)
            effects.setPace(context.parameters.gridOrigin)
        }
        for _ in 0..<treeStateLines { effects.advancePace(context.parameters, salt: salt) }
        effects.paced(treeState(index), file, context.parameters, salt: salt)
    }

    /// The tree state stands 3.9 ms after the grid's origin in the seed, about five lines' time.
    private var treeStateLines: Int { 5 }

    /// The root's wait is over, or both its child slots are taken.
    mutating func beginRootFetch(
        whenFull: Bool,
        _ context: borrowing PeerContext,
        _ effects: inout EffectQueue
    ) {
        branches[current].fetchBegun = true
        stage = .fetching(.root)
        let transaction = branches[current].position.transaction
        let note: PeerNote =
            whenFull
            ? .fetchWhenFull(transaction: transaction)
            : .fetchAfterWaiting(transaction: transaction)
        effects.paced(note, file, context.parameters, salt: lineSalt(context.now))
        effects.emit(.fetch(file, .root))
    }

    /// The phone's own TFTP fetch ended.
    mutating func fetchEnded(
        _ outcome: FetchOutcome,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        guard case .fetching(let reason) = stage else { return .ignored(.unexpectedHere) }
        switch outcome {
        case .done:
            effects.note(.fileReceived, file)
            stage = .verifying(.server(reason))
            effects.emit(.verify(file))
        case .refused(let failure):
            failFetch(failure, &election, &effects)
        case .timedOut, .busy:
            switch reason {
            case .root, .again: resign(context, &election, &effects)
            case .fallback, .alone:
                // Says nothing about the file: others may have more luck with the server.
                let failure: FailureReason = outcome == .busy ? .congestion : .timedOut
                effects.note(.fetchFailed(failure), file)
                stop(failure, &election, &effects)
            }
        }
        return .handled
    }

    /// The file cannot be had from the server: a root tells its instance, and all stop.
    private mutating func failFetch(
        _ failure: FailureReason,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        effects.note(.fetchFailed(failure), file)
        if branches[current].role == .root {
            effects.emit(.broadcast(.failed(failure), file, after: .zero))
        }
        stop(failure, &election, &effects)
    }

    /// The server stopped answering: another may try, this phone is barred for a while.
    private mutating func resign(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        effects.note(.resigned, file)
        leave(current, &effects)
        branches[current].startOver()
        linksChanged = true
        barredUntil = context.now + context.parameters.barred
        tries += 1
        if tries < context.parameters.triesBeforeFallback {
            listen(spread: true, context, &election)
        } else {
            backOff(context, &election)
        }
    }

    /// The whole file came from the parent.
    mutating func fileArrived(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        guard case .attached = stage else { return .ignored(.unexpectedHere) }
        effects.note(.fileReceived, file)
        stage = .verifying(.phone(branches.place(current).parent.address))
        guard !context.parameters.planted[.skippedVerification] else {
            return verified(true, context, &election, &effects)
        }
        effects.emit(.verify(file))
        return .handled
    }

    /// The file was checked.
    ///
    /// Only a verified file is stored or forwarded.
    mutating func verified(
        _ isGood: Bool,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        guard case .verifying(let giver) = stage else { return .ignored(.unexpectedHere) }
        guard isGood else {
            reject(giver, context, &election, &effects)
            return .handled
        }
        effects.note(.fileVerified, file)
        // From here on they are copies in flash that are counted.
        badCopies = 0
        switch giver {
        case .server: effects.emit(.obtained(file, from: nil))
        case .phone(let parent): effects.emit(.obtained(file, from: parent))
        }
        var branch = branches.place(current)
        if branch.parent.isOpen {
            effects.emit(.send(.complete, file, to: branch.parent.address))
            branch.parent = PeerLink()
            linksChanged = true
        }
        if job?.shares == true {
            branch.holdsFile = true
            if branch.isRootless { linksChanged = true }
            branch.isRootless = false
        }
        branches[current] = branch
        for slot in 0..<Branch.childLimit where branch.children[slot].isOpen {
            let child = branch.children[slot].address
            effects.note(.sendsFile(to: child), file)
            effects.emit(.upload(file, to: child))
        }
        stage = .writing
        effects.emit(.write(file))
        return .handled
    }

    /// What came is not the file: it is thrown away and asked for again, from elsewhere if it came
    /// from a parent.
    private mutating func reject(
        _ giver: Peer.FileGiver,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        effects.note(.fileRejected, file)
        if case .server(let reason) = giver {
            badCopies += 1
            guard badCopies < context.parameters.triesBeforeFallback else {
                failFetch(.notIntact, &election, &effects)
                return
            }
            let again: FetchReason = reason == .root ? .again : reason
            stage = .fetching(again)
            effects.emit(.fetch(file, again))
            return
        }
        tries += 1
        if branches[current].parent.isOpen {
            let parent = branches[current].parent.address
            effects.emit(.send(.bye, file, to: parent))
            effects.note(.parentLost(parent), file)
            branches[current].parent = PeerLink()
            linksChanged = true
        }
        becomeOrphan(context, &election, &effects)
        guard tries >= context.parameters.triesBeforeFallback else { return }
        backOff(context, &election)
    }

    /// The file is in flash: on to the next, or to the end.
    mutating func written(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        guard case .writing = stage else { return .ignored(.unexpectedHere) }
        effects.note(.fileWritten, file)
        if current + 1 < fileCount {
            beginFile(current + 1, context, &election, &effects)
            return .handled
        }
        current = fileCount
        election = Election()
        var hasShared = false
        for index in 0..<fileCount where branches.hasRole(index) { hasShared = true }
        if hasShared {
            stage = .lingering(since: context.now)
        } else {
            apply(&election, &effects)
        }
        return .handled
    }

    /// The file is not in flash: it is written again, unless there is no room or it fails time after
    /// time.
    mutating func writeFailed(
        _ failure: FlashFailure,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        guard case .writing = stage else { return .ignored(.unexpectedHere) }
        badCopies += 1
        switch failure {
        case .full: stop(.phoneError, &election, &effects)
        case .damaged where badCopies < context.parameters.triesBeforeFallback:
            effects.emit(.write(file))
        case .damaged: stop(.notIntact, &election, &effects)
        }
        return .handled
    }

    /// The transfer from the parent stands still: another one may have more luck.
    mutating func transferStalled(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        guard case .attached = stage else { return .ignored(.unexpectedHere) }
        effects.emit(.close(file, branches[current].parent.address))
        loseParent(isStalled: true, context, &election, &effects)
        return .handled
    }

    /// When a phone that is done may apply: after a quiet time, later while it has children, but
    /// never later than the limit.
    func lingerEnd(_ since: Instant, _ context: borrowing PeerContext) -> Instant {
        let limit = since + context.parameters.lingerLimit
        if servesChildren { return limit }
        return min(max(since, heardOthersAt) + context.parameters.linger, limit)
    }

    /// Leaves every hierarchy and activates the load.
    mutating func apply(_ election: inout Election, _ effects: inout EffectQueue) {
        leaveAll(&effects)
        effects.note(.applies, .none)
        stage = .applying
        election = Election()
        effects.emit(.apply)
    }

    /// The phone runs its new load.
    mutating func applied(_ election: inout Election, _ effects: inout EffectQueue) -> Verdict {
        guard case .applying = stage else { return .ignored(.unexpectedHere) }
        effects.note(.runs, .none)
        becomeIdle(&election)
        return .handled
    }

    /// The upgrade is called off.
    mutating func cancel(_ election: inout Election, _ effects: inout EffectQueue) -> Verdict {
        switch stage {
        case .idle, .applying, .serving: return .ignored(.unexpectedHere)
        case .electing, .joining, .attached, .orphaned, .waiting, .backingOff, .fetching,
            .verifying, .writing, .lingering:
            stop(.cancelled, &election, &effects)
            return .handled
        }
    }

    /// Ends the upgrade without success; the phone keeps the load that it runs.
    mutating func stop(
        _ reason: FailureReason,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        effects.note(.stopped(reason), file)
        leaveAll(&effects)
        effects.emit(.stopped(reason))
        becomeIdle(&election)
    }

    mutating func becomeIdle(_ election: inout Election) {
        stage = .idle
        job = nil
        current = 0
        tries = 0
        lostParents = 0
        branches = Branches()
        rootlessSince = .never
        holdAt = .never
        linkCheckAt = .never
        quietSince = .never
        election = Election()
    }

    /// Leaves the hierarchies of all files of the job.
    mutating func leaveAll(_ effects: inout EffectQueue) {
        guard let job else { return }
        linksChanged = true
        for index in 0..<job.count {
            leave(index, &effects)
            if branches.takesPart(index) {
                effects.emit(.participation(job.files[index], isIn: false))
            }
            branches[index] = Branch()
        }
    }

    /// Says Bye on every link of one file.
    private mutating func leave(_ index: Int, _ effects: inout EffectQueue) {
        guard let job else { return }
        let branch = branches.place(index)
        if branch.parent.isOpen {
            effects.emit(.send(.bye, job.files[index], to: branch.parent.address))
        }
        for slot in 0..<Branch.childLimit where branch.children[slot].isOpen {
            let child = branch.children[slot].address
            effects.emit(.send(.bye, job.files[index], to: child))
            if branch.holdsFile { effects.emit(.endUpload(job.files[index], to: child)) }
        }
    }
}
