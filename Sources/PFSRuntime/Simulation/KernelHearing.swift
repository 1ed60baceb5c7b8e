// Who hears a broadcast. Nearly all that are broadcast mean nothing to nearly all that hear them:
// decides, without asking the phone, where that is certain, and does not even send a root's repeated
// advertisement where it would mean nothing to anybody.

internal import BasicContainers

/// What the kernel knows of the broadcasts about one file in a group.
struct Hearing: BitwiseCopyable {
    var file: FileNumber
    /// How many phones have an open election about the file.
    var openElections: Int32 = 0
    /// Until when somebody may act on an advertisement though no election is open.
    var mattersUntil = Instant.zero
    /// When the last advertisements were made, sent or implied, the latest first: several roots may
    /// have one under way.
    var advertisedAt = InlineArray<4, Instant>(repeating: .zero)
    var lastSender: PhoneNumber?
    var lastClaim = Claim(transaction: 0, strength: 0, advertisement: 0, fetchBegun: false)
    var lastIsImplied = false

    mutating func note(_ claim: Claim, by sender: PhoneNumber, at instant: Instant, isSent: Bool) {
        for index in (1..<4).reversed() { advertisedAt[index] = advertisedAt[index - 1] }
        advertisedAt[0] = instant
        lastSender = sender
        lastClaim = claim
        lastIsImplied = !isSent
    }
}

extension Kernel {
    // MARK: What is sent

    /// Notes a broadcast; false when it would mean nothing to anybody, and need not be sent.
    mutating func isHeeded(
        _ message: PeerMessage,
        _ file: FileNumber,
        from phone: PhoneNumber,
        after delay: Interval
    ) -> Bool {
        let group = Int(phones[Int(phone.index)].group)
        guard impliesKeepingInTouch, groups[group].isPlain else { return true }
        let place = hearing(of: file, in: group)
        let sentAt = now + delay
        guard case .confirmed(let claim) = message else {
            // Whoever makes an offer of it has drawn its wait and let it pass by then.
            let end = sentAt + context.parameters.offerSpread + slack
            matters(until: end, group, place)
            return true
        }
        if groups[group].hearings[place].lastSender != phone {
            // Another root: for as long as both advertise, each has to hear the other.
            matters(
                until: sentAt + context.parameters.confirmedAdvertisement + slack,
                group,
                place
            )
        }
        let hearing = groups[group].hearings[place]
        let isHeeded =
            hearing.openElections > 0 || sentAt < hearing.mattersUntil || delay > .zero
        groups[group].hearings[place].note(claim, by: phone, at: sentAt, isSent: isHeeded)
        return isHeeded
    }

    private mutating func matters(until end: Instant, _ group: Int, _ place: Int) {
        let known = groups[group].hearings[place].mattersUntil
        groups[group].hearings[place].mattersUntil = max(known, end)
    }

    /// A phone's election has been opened or closed, or is about another file.
    mutating func electionChanged(of phone: PhoneNumber, from old: Election) {
        guard impliesKeepingInTouch else { return }
        let new = elections[Int(phone.index)]
        guard old.isOpen != new.isOpen || old.file != new.file else { return }
        let group = Int(phones[Int(phone.index)].group)
        if old.isOpen {
            let place = hearing(of: old.file, in: group)
            groups[group].hearings[place].openElections -= 1
            // A root that has just been confirmed advertises itself a little later.
            matters(until: now + slack, group, place)
        }
        guard new.isOpen else { return }
        let place = hearing(of: new.file, in: group)
        groups[group].hearings[place].openElections += 1
        let hearing = groups[group].hearings[place]
        let delay = Interval(nanoseconds: Int64(phones[Int(phone.index)].delayNanoseconds))
        guard hearing.lastIsImplied, hearing.advertisedAt[0] + delay > now,
            let sender = hearing.lastSender,
            sender != phone
        else { return }
        // One is just under way, that meant nothing to anybody when it was sent.
        let event = KernelEvent.advertisement(phone, sender, UInt16(place))
        schedule(event, at: hearing.advertisedAt[0] + delay)
    }

    /// An advertisement that was implied reaches a phone that has come to heed it.
    mutating func deliverAdvertisement(
        to phone: PhoneNumber,
        from sender: PhoneNumber,
        _ place: Int
    ) {
        let index = Int(phone.index)
        let hearing = groups[Int(phones[index].group)].hearings[place]
        guard phones[index].isUp, phones[index].segment == phones[Int(sender.index)].segment
        else { return }
        let address = phones[Int(sender.index)].address
        let input = PeerInput.heard(.confirmed(hearing.lastClaim), hearing.file, from: address)
        feed(phone, input, from: address)
    }

    /// When a phone last heard a root of the file, as far as advertisements tell.
    func rootImplied(_ file: FileNumber, by phone: PhoneNumber) -> Instant {
        let group = Int(phones[Int(phone.index)].group)
        let delay = Interval(nanoseconds: Int64(phones[Int(phone.index)].delayNanoseconds))
        for place in 0..<groups[group].hearings.count
        where groups[group].hearings[place].file == file {
            let hearing = groups[group].hearings[place]
            for index in 0..<4 where hearing.advertisedAt[index] + delay <= now {
                return hearing.advertisedAt[index] + delay
            }
        }
        return .zero
    }

    /// Before a cut or its end: what the phones of these groups have heard is written down at each.
    mutating func forgetAdvertisements(of list: [PhoneNumber]) {
        guard impliesKeepingInTouch else { return }
        var done: [UInt32] = []
        for phone in list {
            let group = phones[Int(phone.index)].group
            if done.last == group || done.contains(group) { continue }
            done.append(group)
            for place in 0..<groups[Int(group)].hearings.count {
                let file = groups[Int(group)].hearings[place].file
                for position in 0..<groups[Int(group)].receivers.count {
                    let receiver = groups[Int(group)].receivers[position]
                    let hearer = PhoneNumber(Int(receiver.phone))
                    let instant = rootImplied(file, by: hearer)
                    peers[Int(hearer.index)].heardRoot(of: file, at: instant)
                }
                groups[Int(group)].hearings[place].advertisedAt = InlineArray(repeating: .zero)
                groups[Int(group)].hearings[place].lastSender = nil
                groups[Int(group)].hearings[place].lastIsImplied = false
            }
        }
    }

    /// Puts a phone into a segment; phones of a group that is cut hear each broadcast one by one.
    mutating func changeSegment(of phone: PhoneNumber, to segment: UInt8) {
        let index = Int(phone.index)
        let group = Int(phones[index].group)
        noteLoss(at: phone)
        if phones[index].segment != 0 { groups[group].cutPhones -= 1 }
        if segment != 0 { groups[group].cutPhones += 1 }
        phones[index].segment = segment
    }

    // MARK: What is heard

    /// Whether broadcasts of this kind may pass phones that do not heed them, unasked.
    func mayPass(_ broadcast: Broadcast, _ group: Int) -> Bool {
        guard impliesKeepingInTouch, broadcast.segment == 0, broadcast.faultNumber == 0,
            groups[group].isPlain
        else { return false }
        switch broadcast.message {
        case .claim, .confirmed, .offer: return true
        case .failed, .join, .accept, .refuse, .hold, .rootless, .dissolve, .complete, .bye:
            return false
        }
    }

    /// Whether somebody wants to know of what passes a phone without meaning anything to it.
    var recordsAll: Bool { effects.wantsTrace || trace.isOn }

    /// The broadcast reaches one phone.
    mutating func hear(_ broadcast: Broadcast, by phone: PhoneNumber) {
        let index = Int(phone.index)
        guard phones[index].isUp, phones[index].segment == broadcast.segment else { return }
        if let fate = fate(of: broadcast, at: phone) {
            // What is damaged is refused: that is as if it were lost.
            guard !fate.isLost, !fate.isDamaged else { return }
            for copy in 0..<fate.copies {
                let later = Interval.milliseconds(Int64(copy) + 1)
                hear(broadcast, by: phone, at: now + fate.delay + later)
            }
            if fate.isHeldBack {
                let pair = FaultTable.pair(broadcast.phone, phone)
                let index = faults.lateBroadcasts.put(broadcast, phone)
                faults.heldBack[pair] = index
                schedule(.lateBroadcast(index), at: now + fate.delay + Self.heldBackLimit)
                return
            }
            guard fate.delay == .zero else {
                hear(broadcast, by: phone, at: now + fate.delay)
                return
            }
        }
        // The numbers of events must not depend on what is recorded.
        let counts =
            !recordsAll || !mayPass(broadcast, Int(phones[index].group))
            || !passes(broadcast, phone)
        take(broadcast, at: phone, counts: counts)
        letPass(broadcast.phone, phone)
    }

    /// The longest that a broadcast waits for the sender's next one; modelled.
    private static let heldBackLimit = Interval.seconds(1)

    private mutating func hear(_ broadcast: Broadcast, by phone: PhoneNumber, at due: Instant) {
        let index = faults.lateBroadcasts.put(broadcast, phone)
        schedule(.lateBroadcast(index), at: due)
    }

    /// A broadcast of a phone has reached another: what waited for that goes on.
    private mutating func letPass(_ sender: PhoneNumber, _ phone: PhoneNumber) {
        guard !faults.heldBack.isEmpty,
            let index = faults.heldBack.removeValue(forKey: FaultTable.pair(sender, phone))
        else { return }
        let late = faults.lateBroadcasts.callOff(index)
        hear(late.broadcast, by: late.receiver, at: now)
    }

    /// A broadcast that was late reaches a phone.
    mutating func hearLate(_ index: UInt32) {
        guard let (broadcast, phone) = faults.lateBroadcasts.take(index) else { return }
        let pair = FaultTable.pair(broadcast.phone, phone)
        if !faults.heldBack.isEmpty, faults.heldBack[pair] == index { faults.heldBack[pair] = nil }
        guard phones[Int(phone.index)].isUp,
            phones[Int(phone.index)].segment == broadcast.segment
        else { return }
        take(broadcast, at: phone, counts: true)
        letPass(broadcast.phone, phone)
    }

    private mutating func take(_ broadcast: Broadcast, at phone: PhoneNumber, counts: Bool) {
        if impliesKeepingInTouch, case .claim = broadcast.message {
            context.rootImpliedAt = rootImplied(broadcast.file, by: phone)
        }
        let input = PeerInput.heard(broadcast.message, broadcast.file, from: broadcast.sender)
        feed(phone, input, from: broadcast.sender, counts: counts)
        context.rootImpliedAt = .zero
    }
}
