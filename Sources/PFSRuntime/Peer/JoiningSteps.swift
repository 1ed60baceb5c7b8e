// Getting a place below another phone: asking, being sent on, giving up.

extension Peer {
    /// Asks the strongest phone heard for a place.
    mutating func joinStrongest(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        if job?.passesOverRoots == true, case .electing = stage {
            passOver(context, &election, &effects)
            return
        }
        let target = election.best.address
        join(target, transaction: election.bestTransaction, context, &election, &effects)
    }

    /// Asks a root or holder for a place.
    mutating func join(
        _ target: IPv4Address,
        transaction: UInt32,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        election.phase = .settled
        election.deadline = .never
        let joining = Joining(
            target: target,
            first: target,
            transaction: transaction,
            deadline: .never,
            redirects: 0
        )
        ask(joining, context, &effects)
    }

    /// A root or a holder was heard, and the phone asks the server all the same (bug CSCus67416,
    /// modelled): it has no place in the hierarchy, but holds the file for others once it has it.
    private mutating func passOver(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        election.phase = .settled
        election.deadline = .never
        branches[current].rootHeardAt = context.now
        stage = .fetching(.alone)
        effects.note(.fetchAlone, file)
        effects.emit(.fetch(file, .alone))
    }

    private mutating func ask(
        _ request: Joining,
        _ context: borrowing PeerContext,
        _ effects: inout EffectQueue
    ) {
        var joining = request
        joining.deadline = context.now + context.parameters.joinPatience
        stage = .joining(joining)
        effects.trace(.asksToJoin(joining.target), file)
        let join = PeerMessage.join(transaction: joining.transaction)
        effects.emit(.send(join, file, to: joining.target))
    }

    /// The phone asked has taken this one in.
    mutating func accepted(
        _ offered: HierarchyPosition,
        by sender: IPv4Address,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        guard case .joining(let joining) = stage, joining.target == sender else {
            effects.emit(.close(file, sender))
            return .ignored(.unexpectedHere)
        }
        // Below itself, or too deep: a loop, or on the way to one.
        guard offered.root != address, offered.depth < context.parameters.depthLimit else {
            effects.emit(.close(file, sender))
            joinFailed(joining, context, &election, &effects)
            return .handled
        }
        stage = .attached(since: context.now)
        rootlessSince = .never
        var branch = branches.place(current)
        branch.role = .member
        branch.isRootless = false
        branch.rootHeardAt = context.now
        branch.parent.address = sender
        branch.parent.heardAt = context.now
        branches[current] = branch
        linksChanged = true
        linkOpened(context)
        moveTo(offered, index: current, &effects)
        let depth = offered.depth + 1
        let transaction = offered.transaction
        effects.note(.accepted(by: sender, depth: depth, transaction: transaction), file)
        return .handled
    }

    /// The phone asked has no place.
    mutating func refused(
        _ redirect: IPv4Address?,
        by sender: IPv4Address,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        guard case .joining(var joining) = stage, joining.target == sender else {
            return .ignored(.unexpectedHere)
        }
        guard let redirect, redirect != address,
            joining.redirects < context.parameters.depthLimit
        else {
            effects.trace(.refusedOutright(by: sender), file)
            joinFailed(joining, context, &election, &effects)
            return .handled
        }
        effects.trace(.refused(by: sender, redirect: redirect), file)
        joining.target = redirect
        joining.redirects += 1
        ask(joining, context, &effects)
        return .handled
    }

    /// A request came to nothing: start again at the root, or elect anew, or give up.
    mutating func joinFailed(
        _ joining: Joining,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        effects.note(.joinFailed(joining.target), file)
        tries += 1
        guard tries < context.parameters.triesBeforeFallback else {
            backOff(context, &election)
            return
        }
        if joining.target != joining.first {
            var again = joining
            again.target = joining.first
            again.redirects = 0
            ask(again, context, &effects)
        } else if rootlessSince != .never {
            seekAsOrphan(context, &election)
        } else if branches[current].hasChildren {
            // A root that stepped down: its children are without a root from now on.
            becomeOrphan(context, &election, &effects)
        } else {
            listen(spread: true, context, &election)
        }
    }

    /// Gives up on its peers after a random wait.
    mutating func backOff(_ context: borrowing PeerContext, _ election: inout Election) {
        election.phase = .settled
        election.deadline = .never
        let wait = fallbackSpreads.interval(below: context.parameters.fallbackSpread)
        stage = .backingOff(until: context.now + wait)
    }

    /// Fetches by TFTP, as a confirmed root to which others may attach themselves.
    mutating func fallBack(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        effects.note(.fallsBack(tries: tries), file)
        becomeRoot(context, &election)
        branches[current].fetchBegun = true
        stage = .fetching(.fallback)
        effects.emit(.fetch(file, .fallback))
        advertiseRoot(current, context, &effects)
        tellChildren(current, &effects)
    }

    // MARK: Subtrees without a root

    /// Waits, as head of a subtree, to hear of a root.
    mutating func seekAsOrphan(_ context: borrowing PeerContext, _ election: inout Election) {
        stage = .orphaned
        election.phase = .orphaned
        election.best = .none
        election.deadline = max(context.now, rootlessSince + context.parameters.dissolveAfter)
    }

    /// The link to the parent of the present file is gone, or brings nothing.
    ///
    /// A parent that is lost so soon was as good as none: who takes others in and leaves them, again and again,
    /// would hold them up for ever.
    mutating func loseParent(
        isStalled: Bool = false,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        effects.note(.parentLost(branches[current].parent.address), file)
        branches[current].parent = PeerLink()
        linksChanged = true
        // Once the file is here the parent is not needed any more.
        guard case .attached(let since) = stage else { return }
        becomeOrphan(context, &election, &effects)
        if isStalled {
            tries += 1
        } else if context.now - since < context.parameters.parentTrial {
            lostParents += 1
        }
        if max(tries, lostParents) >= context.parameters.triesBeforeFallback {
            backOff(context, &election)
        }
    }

    /// Without a parent and without the file: tells the subtree, and seeks a root for all of it.
    mutating func becomeOrphan(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        branches[current].isRootless = true
        linksChanged = true
        tellChildren(current, &effects)
        rootlessSince = context.now
        seekAsOrphan(context, &election)
    }

    /// The subtree found no root in time: everyone in it listens again.
    mutating func dissolve(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        effects.note(.dissolved, file)
        for slot in 0..<Branch.childLimit where branches[current].children[slot].isOpen {
            let child = branches[current].children[slot].address
            effects.emit(.send(.dissolve, file, to: child))
        }
        branches[current].startOver()
        linksChanged = true
        rootlessSince = .never
        listen(spread: true, context, &election)
    }
}
