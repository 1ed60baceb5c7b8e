// The links between parents and children: taking children in, keeping links alive, losing them.

extension Peer {
    /// A message over a link has come in.
    mutating func received(
        _ message: PeerMessage,
        _ about: FileNumber,
        _ sender: IPv4Address,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        if case .join = message { return takeJoin(about, sender, context, &effects) }
        guard let index = branchIndex(of: about) else {
            effects.emit(.close(about, sender))
            return .ignored(.otherFile)
        }
        if index == current {
            switch message {
            case .accept(let position):
                return accepted(position, by: sender, context, &election, &effects)
            case .refuse(let redirect):
                return refused(redirect, by: sender, context, &election, &effects)
            default: break
            }
        }
        if branches[index].parent.address == sender {
            return fromParent(message, index, context, &election, &effects)
        }
        if let slot = branches[index].slot(of: sender) {
            return fromChild(message, index, slot, context, &effects)
        }
        switch message {
        case .bye, .complete: break
        default: effects.emit(.close(about, sender))
        }
        return .ignored(.unknownLink)
    }

    private mutating func fromParent(
        _ message: PeerMessage,
        _ index: Int,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        branches[index].parent.heardAt = context.now
        switch message {
        case .hold(let position):
            guard position.depth < context.parameters.depthLimit, position.root != address else {
                effects.emit(.close(file, branches[index].parent.address))
                loseParent(context, &election, &effects)
                return .handled
            }
            moveTo(position, index: index, &effects)
        case .rootless:
            // Repeated to keep the link alive; the children hear it from this phone's own Hold.
            guard !branches[index].isRootless else { break }
            branches[index].isRootless = true
            linksChanged = true
            tellChildren(index, &effects)
        case .dissolve:
            guard case .attached = stage, index == current else { return .ignored(.unexpectedHere) }
            dissolve(context, &election, &effects)
        case .bye:
            loseParent(context, &election, &effects)
        case .claim, .confirmed, .offer, .failed, .join, .accept, .refuse, .complete:
            return .ignored(.unexpectedHere)
        }
        return .handled
    }

    private mutating func fromChild(
        _ message: PeerMessage,
        _ index: Int,
        _ slot: Int,
        _ context: borrowing PeerContext,
        _ effects: inout EffectQueue
    ) -> Verdict {
        switch message {
        case .hold:
            branches[index].children[slot].heardAt = context.now
        case .complete, .bye:
            let child = branches[index].children[slot].address
            effects.trace(.childDone(child), job?.files[index] ?? .none)
            release(index, slot, &effects)
        case .claim, .confirmed, .offer, .failed, .join, .accept, .refuse, .rootless, .dissolve:
            return .ignored(.unexpectedHere)
        }
        return .handled
    }

    /// Takes over the parent's position, one deeper, and tells the children when it is new.
    mutating func moveTo(
        _ parent: HierarchyPosition,
        index: Int,
        _ effects: inout EffectQueue
    ) {
        var own = parent
        own.depth += 1
        guard own != branches[index].position || branches[index].isRootless else { return }
        branches[index].position = own
        branches[index].isRootless = false
        linksChanged = true
        tellChildren(index, &effects)
    }

    /// Tells the children where this phone stands now, or that it stands nowhere.
    mutating func tellChildren(_ index: Int, _ effects: inout EffectQueue) {
        guard branches[index].hasChildren, let job else { return }
        let message: PeerMessage =
            branches[index].isRootless ? .rootless : .hold(branches[index].position)
        for slot in 0..<Branch.childLimit where branches[index].children[slot].isOpen {
            let child = branches[index].children[slot].address
            effects.emit(.send(message, job.files[index], to: child))
        }
    }

    // MARK: Children

    /// Another phone asks for a place below this one.
    private mutating func takeJoin(
        _ about: FileNumber,
        _ sender: IPv4Address,
        _ context: borrowing PeerContext,
        _ effects: inout EffectQueue
    ) -> Verdict {
        heardOthersAt = context.now
        guard let index = branchIndex(of: about), branches[index].takesJoins else {
            effects.emit(.send(.refuse(redirect: nil), about, to: sender))
            return .handled
        }
        // A phone that restarted may ask again while its old link still seems to be there.
        if let slot = branches[index].slot(of: sender) { release(index, slot, &effects) }
        var fanOut = Int(context.parameters.fanOut)
        if context.parameters.planted[.thirdChild] { fanOut += 1 }
        guard let slot = branches[index].freeSlot(fanOut: fanOut) else {
            let child = branches[index].redirect(fanOut: fanOut)
            effects.trace(.refusedChild(sender, redirect: child), about)
            effects.emit(.send(.refuse(redirect: child), about, to: sender))
            return .handled
        }
        branches[index].children[slot].address = sender
        branches[index].children[slot].heardAt = context.now
        linksChanged = true
        linkOpened(context)
        effects.emit(.send(.accept(branches[index].position), about, to: sender))
        effects.note(.acceptedChild(sender), about)
        effects.note(treeState(index), about)
        var sends = branches[index].holdsFile
        if context.parameters.planted[.halfFile], case .fetching = stage { sends = true }
        if sends {
            effects.note(.sendsFile(to: sender), about)
            effects.emit(.upload(about, to: sender))
        }
        if index == current, case .waiting = stage, branches[index].isFull(fanOut: fanOut) {
            beginRootFetch(whenFull: true, context, &effects)
        }
        return .handled
    }

    /// What the log prints of the links of a file.
    func treeState(_ index: Int) -> PeerNote {
        let branch = branches[index]
        return .treeState(
            hasParent: branch.parent.isOpen,
            first: branch.children[0].isOpen,
            second: branch.children[1].isOpen
        )
    }

    /// Frees a child's slot; what was being sent to it stops.
    private mutating func release(_ index: Int, _ slot: Int, _ effects: inout EffectQueue) {
        let child = branches[index].children[slot].address
        branches[index].children[slot] = PeerLink()
        linksChanged = true
        guard branches[index].holdsFile, let job else { return }
        effects.emit(.endUpload(job.files[index], to: child))
    }

    // MARK: Keeping links alive

    /// A link has come into being: Hold must go over it.
    mutating func linkOpened(_ context: borrowing PeerContext) {
        guard holdAt == .never else { return }
        holdAt = context.now + context.parameters.hold
    }

    /// Sends Hold on every link and finds the next instant at which one may be lost.
    mutating func holdDue(_ context: borrowing PeerContext, _ effects: inout EffectQueue) {
        var oldest = Instant.never
        for index in 0..<fileCount where branches[index].isActive {
            if branches[index].parent.isOpen, let job {
                let hold = PeerMessage.hold(branches[index].position)
                let parent = branches[index].parent.address
                effects.emit(.send(hold, job.files[index], to: parent))
                oldest = min(oldest, branches[index].parent.heardAt)
            }
            guard branches[index].hasChildren else { continue }
            for slot in 0..<Branch.childLimit where branches[index].children[slot].isOpen {
                oldest = min(oldest, branches[index].children[slot].heardAt)
            }
            tellChildren(index, &effects)
        }
        holdAt = oldest == .never ? .never : context.now + context.parameters.hold
        linkCheckAt = oldest == .never ? .never : oldest + context.parameters.linkLost
    }

    /// Gives up links that have been silent for too long.
    mutating func linkCheckDue(
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) {
        var oldest = Instant.never
        let limit = context.now - context.parameters.linkLost
        for index in 0..<fileCount where branches[index].isActive {
            guard let job else { break }
            for slot in 0..<Branch.childLimit where branches[index].children[slot].isOpen {
                let child = branches[index].children[slot]
                if child.heardAt <= limit {
                    effects.note(.childLost(child.address), job.files[index])
                    effects.emit(.close(job.files[index], child.address))
                    release(index, slot, &effects)
                } else {
                    oldest = min(oldest, child.heardAt)
                }
            }
            guard branches[index].parent.isOpen else { continue }
            if branches[index].parent.heardAt <= limit {
                effects.emit(.close(job.files[index], branches[index].parent.address))
                loseParent(context, &election, &effects)
            } else {
                oldest = min(oldest, branches[index].parent.heardAt)
            }
        }
        linkCheckAt = oldest == .never ? .never : oldest + context.parameters.linkLost
    }

    /// A link was reset by the other side, or could not be opened.
    mutating func linkLost(
        _ about: FileNumber,
        _ other: IPv4Address,
        _ context: borrowing PeerContext,
        _ election: inout Election,
        _ effects: inout EffectQueue
    ) -> Verdict {
        guard let index = branchIndex(of: about) else { return .ignored(.otherFile) }
        if index == current, case .joining(let joining) = stage, joining.target == other {
            joinFailed(joining, context, &election, &effects)
            return .handled
        }
        if branches[index].parent.address == other {
            loseParent(context, &election, &effects)
            return .handled
        }
        guard let slot = branches[index].slot(of: other) else { return .ignored(.unknownLink) }
        effects.note(.childLost(other), about)
        release(index, slot, &effects)
        return .handled
    }
}
