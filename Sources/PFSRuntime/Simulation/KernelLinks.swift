// Keeping links alive without events. Decides for which phones the kernel answers for every Hold: those
// whose links all have two ends that are up, hear each other and agree about their places. As soon as
// that ends, the phone goes on by itself at the instant and with the knowledge that it would have had.

internal import BasicContainers

extension Kernel {
    /// Whether Holds may be implied with the present parameters.
    ///
    /// A phone that goes on by itself checks for silence from its next Hold on. That is early enough
    /// if a link may be silent for two Holds and the delays on the way.
    var impliesHolds: Bool {
        guard impliesKeepingInTouch else { return false }
        let hold = context.parameters.hold
        return hold > .zero && context.parameters.linkLost > hold * 2 + slack
    }

    /// Longer than any message is under way, and than what a phone prints before it sends.
    var slack: Interval { .seconds(1) + (parameters.lanDelay + parameters.lanJitter) * 4 }

    /// A phone is about to handle an input: it must know of its links what it would know if every
    /// Hold had been sent.
    ///
    /// Answers whether Holds of it are under way that went over these links, and keeps the phone as
    /// it is now in that case.
    mutating func prepareLinks(of phone: PhoneNumber, for input: PeerInput) -> Bool {
        let index = Int(phone.index)
        if peers[index].quietSince != .never {
            guard let last = peers[index].lastImpliedHold(context),
                now - last <= parameters.lanDelay + parameters.lanJitter
            else { return false }
            kept = peers[index]
            return true
        }
        if case .wake = input, peers[index].holdAt != .never, impliesHolds {
            hearImplied(by: phone)
        }
        return false
    }

    /// A phone has handled an input: looks at its links if it may be possible to answer for them now,
    /// or no longer, and at those at the other ends that have been waiting for that.
    ///
    /// Who lost a link needs no look here: word of it is under way, and arrives before anything else.
    mutating func settleLinks(
        of phone: PhoneNumber,
        after input: PeerInput,
        isSending: Bool
    ) {
        let index = Int(phone.index)
        guard peers[index].linksChanged else {
            if case .wake = input, peers[index].quietSince == .never, peers[index].holdAt != .never,
                impliesHolds
            {
                lookAtLinks(of: phone)
            }
            return
        }
        peers[index].linksChanged = false
        guard impliesHolds else { return }
        if isSending, let last = kept.lastImpliedHold(context) {
            sayImplied(last, by: phone)
            peers[index].forgetImplied(context)
        }
        lookAtLinks(of: phone)
        let ends = peers[index].linkEnds()
        for position in 0..<ends.count {
            guard let other = self.phone(at: ends[position].address, besides: phone),
                peers[Int(other.index)].quietSince == .never
            else { continue }
            lookAtLinks(of: other)
        }
    }

    /// Answers for the links of a phone from now on if nothing is wrong with any, and else lets it
    /// see to them itself.
    mutating func lookAtLinks(of phone: PhoneNumber) {
        let index = Int(phone.index)
        guard peers[index].quietSince == .never else {
            if !linksAreSound(of: phone) { rouse(phone) }
            return
        }
        guard linksAreSound(of: phone) else { return }
        hearImplied(by: phone)
        // After a silence the next Hold may come too late.
        let longest = parameters.lanDelay + parameters.lanJitter
        let earliest = now - context.parameters.hold - longest
        if peers[index].hasHeardAll(since: earliest) { peers[index].becomeQuiet(context) }
    }

    /// A link has ended by a message: if its sender has another one to the same phone, as parent and child
    /// of a phone that has restarted, that one may have ended with it.
    mutating func lookAtSender(of message: LinkMessage) {
        guard let sender = phone(at: message.sender, besides: message.receiver),
            peers[Int(sender.index)].quietSince != .never
        else { return }
        lookAtLinks(of: sender)
    }

    /// Whether a phone has links, and a Hold over any of them would change nothing at either end.
    private mutating func linksAreSound(of phone: PhoneNumber) -> Bool {
        let index = Int(phone.index)
        let ends = peers[index].linkEnds()
        guard ends.count > 0, phones[index].isUp, groups[Int(phones[index].group)].faults == 0
        else { return false }
        for position in 0..<ends.count {
            let end = ends[position]
            guard let other = self.phone(at: end.address, besides: phone),
                phones[Int(other.index)].isUp,
                phones[Int(other.index)].segment == phones[index].segment,
                !faults.isHeldUp(end.file, between: phone, and: other, now: now),
                end.isChild
                    ? isSound(end.file, parent: phone, child: other)
                    : isSound(end.file, parent: other, child: phone)
            else { return false }
        }
        return true
    }

    private mutating func isSound(_ file: FileNumber, parent: PhoneNumber, child: PhoneNumber)
        -> Bool
    {
        let (above, below) = (Int(parent.index), Int(child.index))
        guard let said = peers[above].childPlace(of: file, at: phones[below].address)
        else { return false }
        return peers[below].ownPlace(of: file, below: phones[above].address) == said
    }

    /// The phone at an address of a phone's own subnet.
    private func phone(at address: IPv4Address, besides phone: PhoneNumber) -> PhoneNumber? {
        subnets[Int(phones[Int(phone.index)].subnet)].phone(at: address)
    }

    /// Lets a phone see to its links itself again; those at the other ends have heard it until now.
    mutating func rouse(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        guard peers[index].quietSince != .never else { return }
        recordImpliedHolds(of: phone)
        if let last = peers[index].lastImpliedHold(context) {
            kept = peers[index]
            sayImplied(last, by: phone)
        }
        effects.removeAll()
        peers[index].endQuiet(elections[index], context, &effects)
        for position in 0..<effects.count {
            if watch.isOn { watchEffect(effects[position], of: phone) }
            apply(effects[position], of: phone)
        }
    }

    /// The phones at the other ends of a phone's links, as it was when it was kept, have heard the
    /// Hold that it sent last.
    private mutating func sayImplied(_ last: Instant, by phone: PhoneNumber) {
        let ends = kept.linkEnds()
        for position in 0..<ends.count {
            let end = ends[position]
            guard let other = self.phone(at: end.address, besides: phone) else { continue }
            let delay = Int64(phones[Int(other.index)].delayNanoseconds)
            let arrival = last + Interval(nanoseconds: delay)
            if arrival < now {
                peers[Int(other.index)].heardImplied(end.file, kept.address, at: arrival)
            } else {
                sendImplied(end, from: phone, to: other, arriving: arrival)
            }
        }
    }

    /// A Hold that is under way becomes a message.
    private mutating func sendImplied(
        _ end: LinkEnd,
        from phone: PhoneNumber,
        to other: PhoneNumber,
        arriving arrival: Instant
    ) {
        let index = Int(phone.index)
        guard let branch = kept.branchIndex(of: end.file) else { return }
        let isRootless = kept.branches[branch].isRootless
        let content: PeerMessage =
            end.isChild && isRootless ? .rootless : .hold(kept.branches[branch].position)
        var message = LinkMessage(
            delivery: .message(content),
            file: end.file,
            sender: phones[index].address,
            senderSegment: phones[index].segment,
            receiver: other
        )
        message.connection = connection(from: phone, to: other, end.file)
        schedule(.message(messages.put(message)), at: arrival)
    }

    /// Tells a phone that sees to its links itself what it heard of phones that do not.
    mutating func hearImplied(by phone: PhoneNumber) {
        let index = Int(phone.index)
        let ends = peers[index].linkEnds()
        let delay = Interval(nanoseconds: Int64(phones[index].delayNanoseconds))
        for position in 0..<ends.count {
            let end = ends[position]
            guard let other = self.phone(at: end.address, besides: phone),
                peers[Int(other.index)].hasLink(end.file, to: peers[index].address),
                let last = peers[Int(other.index)].lastImpliedHold(context)
            else { continue }
            var arrival = last + delay
            // A wake-up of this very instant was asked for before such a Hold was sent.
            if arrival >= now {
                guard last - context.parameters.hold > peers[Int(other.index)].quietSince
                else { continue }
                arrival = arrival - context.parameters.hold
            }
            peers[index].heardImplied(end.file, end.address, at: arrival)
        }
    }

    /// Something is about to happen to a phone of which those at the other ends of its links are not
    /// told: they and it see to their links themselves.
    ///
    /// Answers who they are, so that the links can be looked at when it has happened.
    @discardableResult
    mutating func rouseLinked(with phone: PhoneNumber) -> [PhoneNumber] {
        let ends = peers[Int(phone.index)].linkEnds()
        var others: [PhoneNumber] = []
        for position in 0..<ends.count {
            guard let other = self.phone(at: ends[position].address, besides: phone)
            else { continue }
            others.append(other)
            rouse(other)
        }
        rouse(phone)
        return others
    }

    /// Moves phones to another segment of their subnet.
    mutating func setSegment(_ segment: UInt8, of list: [PhoneNumber]) {
        var concerned: [PhoneNumber] = []
        for phone in list where phones[Int(phone.index)].segment != segment {
            concerned.append(phone)
            concerned += rouseLinked(with: phone)
        }
        forgetAdvertisements(of: list)
        for phone in list { changeSegment(of: phone, to: segment) }
        guard impliesHolds else { return }
        for phone in concerned { lookAtLinks(of: phone) }
    }
}
