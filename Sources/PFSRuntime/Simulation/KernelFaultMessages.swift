// What faults do to messages on their way. Broadcasts are datagrams: what is lost is lost. What goes over a
// link goes by TCP: what is lost is sent again, and everything behind it waits, so that a link never brings
// anything out of order.

internal import BasicContainers

extension Kernel {
    /// How long TCP waits before it sends again for the first time, doubled each time: the least that
    /// RFC 6298 allows.
    static let retransmission = Interval.seconds(1)
    /// How often TCP sends a segment again before it gives the link up; modelled: 1 + 2 + … + 64 s.
    static let retransmissionLimit: UInt8 = 7
    /// The most messages that wait on one link; what comes later is lost.
    ///
    /// Own choice.
    static let backlogLimit = 64

    // MARK: Which faults hit

    /// What becomes of something on its way; counts the hits.
    mutating func fate(of target: FaultTarget) -> FaultFate {
        var fate = FaultFate()
        for place in 0..<faults.active.count where mayHit(place, target) {
            let fault = faults.active[place].record.fault
            switch fault {
            case .drop, .block, .partition, .isolate, .unauthorised, .freeze: fate.isLost = true
            case .delay(let length): fate.delay = fate.delay + length
            case .jitter(let most):
                var stream = stream(of: place, target, .faultLength)
                fate.delay = fate.delay + stream.interval(below: most)
            case .duplicate: fate.copies += 1
            case .reorder:
                // The one behind lets the one that waits go on.
                guard faults.heldBack[target.pair] == nil else { continue }
                fate.isHeldBack = true
            case .corrupt: fate.isDamaged = true
            case .duplicateAddress: fate.isAstray = true
            default: continue
            }
            hit(place, target.receiver, other: target.sender, target.message, target.file)
            recordWire(hitBy: place, target)
        }
        return fate
    }

    /// Whether a fault hits: the place, the message, the file, the count and chance all have to agree.
    private mutating func mayHit(_ place: Int, _ target: FaultTarget) -> Bool {
        let record = faults.active[place].record
        guard record.fault.hitsMessages, passes(record, target) else { return false }
        let scope = record.scope
        if let nth = scope.nth {
            if target.broadcast != 0 {
                guard faults.active[place].chosenBroadcast == target.broadcast else { return false }
            } else {
                guard faults.countMatch(at: place) == nth else { return false }
            }
        }
        guard scope.chancePartsPerMillion < FaultScope.wholeChance else { return true }
        var stream = stream(of: place, target, .faultChance)
        let draw = Int64(stream.below(UInt64(FaultScope.wholeChance)))
        return draw < scope.chancePartsPerMillion
    }

    /// A stream of its own for each fault, pair of phones, instant and message: nobody else's draws
    /// have a part in it.
    private func stream(
        of place: Int,
        _ target: FaultTarget,
        _ purpose: RandomPurpose
    ) -> RandomStream {
        let pair = UInt64(target.sender.index) << 32 | UInt64(target.receiver.index)
        let time = UInt64(bitPattern: now.nanoseconds)
        let number = UInt64(faults.active[place].record.number)
        let index = RandomStream.mix(RandomStream.mix(pair) ^ time) ^ target.digest
        return RandomStream(seed: network.seed, purpose: purpose, index: index &+ number << 48)
    }

    /// Whether something on its way passes where a fault is, and is of the kind that it is about.
    private func passes(_ record: FaultRecord, _ target: FaultTarget) -> Bool {
        let scope = record.scope
        if let message = scope.message, message != target.message { return false }
        if let file = scope.file, file != target.fileIndex { return false }
        if case .block(let transport) = record.fault,
            (transport == .udp) != target.message.isBroadcast
        {
            return false
        }
        if record.fault.isOfBroadcastsOnly, !target.message.isBroadcast { return false }
        let subnet = Int(phones[Int(target.sender.index)].subnet)
        if case .duplicateAddress = record.fault {
            return !target.message.isBroadcast && scope.place.holds(target.receiver, subnet: subnet)
        }
        switch scope.place {
        case .everywhere: return true
        case .subnet(let place): return place == subnet
        case .phones(let set): return set.contains(target.sender) || set.contains(target.receiver)
        case .link(let first, let second, let isOneWay):
            if first.contains(target.sender), second.contains(target.receiver) { return true }
            return !isOneWay && first.contains(target.receiver) && second.contains(target.sender)
        case .server: return false
        }
    }

    // MARK: Broadcasts

    /// A broadcast is being sent while faults are on: gives it a number, and looks whether it is the
    /// one that a fault waits for.
    mutating func numberBroadcast(
        _ message: PeerMessage,
        _ file: FileNumber,
        from sender: PhoneNumber
    ) -> UInt32 {
        let number = faults.takeBroadcast()
        let kind = FaultMessage(message)
        let fileIndex = fileIndex(file, of: sender)
        for place in 0..<faults.active.count {
            let record = faults.active[place].record
            guard let nth = record.scope.nth, record.fault.hitsMessages else { continue }
            if let wanted = record.scope.message, wanted != kind { continue }
            if let wanted = record.scope.file, wanted != fileIndex { continue }
            if case .block(.tcp) = record.fault { continue }
            guard mayReach(record.scope.place, from: sender) else { continue }
            if faults.countMatch(at: place) == nth { faults.choose(broadcast: number, at: place) }
        }
        return number
    }

    /// Whether a broadcast of a phone can reach anybody past a place.
    private func mayReach(_ place: FaultPlace, from sender: PhoneNumber) -> Bool {
        let subnet = Int(phones[Int(sender.index)].subnet)
        switch place {
        case .everywhere: return true
        case .subnet(let own): return own == subnet
        case .phones(let set):
            return set.contains(sender)
                || set.phones.contains { Int(phones[Int($0.index)].subnet) == subnet }
        case .link(let first, let second, let isOneWay):
            return first.contains(sender) || (!isOneWay && second.contains(sender))
        case .server: return false
        }
    }

    /// What becomes of a broadcast at one receiver; nil when it is as if no fault were on.
    mutating func fate(
        of broadcast: Broadcast,
        at receiver: PhoneNumber
    ) -> FaultFate? {
        guard broadcast.faultNumber != 0, faults.isOn else { return nil }
        let sender = broadcast.phone
        return fate(
            of: FaultTarget(
                message: FaultMessage(broadcast.message),
                file: broadcast.file,
                fileIndex: fileIndex(broadcast.file, of: sender),
                sender: sender,
                receiver: receiver,
                broadcast: broadcast.faultNumber,
                digest: broadcast.message.digest
            )
        )
    }

    // MARK: Links

    /// Something is sent over a link while faults are on, or while something waits on it.
    mutating func sendPastFaults(
        _ order: LinkMessage,
        from sender: PhoneNumber,
        after delay: Interval
    ) {
        var message = order
        let key = LinkKey(sender: sender, receiver: message.receiver, file: message.file)
        // A Join opens a new connection: nothing of an older one arrives any more.
        if case .message(.join) = message.delivery { faults.reopen(key) }
        message.connection = faults.connection(key)
        if case .reset = message.delivery {
            // Sent once, and not again.
            faults.backlogs[key] = nil
            let fate = fate(of: target(message, from: sender))
            guard !fate.isLost, !fate.isAstray, !fate.isDamaged else { return }
            deliver(message, after: delay, late: fate.delay, over: key)
            return
        }
        if let waiting = faults.backlogs[key]?.messages.count {
            if waiting < Self.backlogLimit { faults.backlogs[key]?.messages.append(message) }
            return
        }
        let fate = fate(of: target(message, from: sender))
        message.isDamaged = fate.isDamaged
        if fate.isAstray {
            bounce(message, to: sender, after: delay * 2)
        } else if fate.isLost {
            message.isDamaged = false
            let serial = faults.takeBacklog()
            faults.backlogs[key] = LinkBacklog(messages: [message], serial: serial)
            scheduleRetransmission(key, serial, attempts: 1)
        } else {
            deliver(message, after: delay, late: fate.delay, over: key)
        }
    }

    /// Which connection of a link is the present one, also when no fault is on any more.
    func connection(
        from sender: PhoneNumber,
        to receiver: PhoneNumber,
        _ file: FileNumber
    ) -> UInt32 {
        guard faults.hasReopened else { return 0 }
        return faults.connection(LinkKey(sender: sender, receiver: receiver, file: file))
    }

    /// Nothing on a link overtakes what was sent before it.
    private mutating func deliver(
        _ message: LinkMessage,
        after delay: Interval,
        late: Interval,
        over key: LinkKey
    ) {
        let due = max(now + delay + late, faults.busyUntil[key] ?? .zero)
        faults.busyUntil[key] = due > now + delay ? due : nil
        schedule(.message(messages.put(message)), at: due)
    }

    private mutating func scheduleRetransmission(
        _ key: LinkKey,
        _ serial: UInt64,
        attempts: UInt8
    ) {
        let wait = Self.retransmission * (1 << Int64(attempts - 1))
        schedule(.retransmission(faults.retransmissions.put(key, serial)), at: now + wait)
    }

    /// TCP sends the first message that waits on a link again.
    mutating func retransmit(_ index: UInt32) {
        let (key, serial) = faults.retransmissions.take(index)
        guard var backlog = faults.backlogs[key], backlog.serial == serial else { return }
        let delay = Interval(
            nanoseconds: Int64(phones[Int(key.receiver.index)].delayNanoseconds)
        )
        while let first = backlog.messages.first {
            let fate = fate(of: target(first, from: key.sender))
            if fate.isLost {
                backlog.attempts += 1
                guard backlog.attempts <= Self.retransmissionLimit else { break }
                faults.backlogs[key] = backlog
                scheduleRetransmission(key, serial, attempts: backlog.attempts)
                return
            }
            if fate.isAstray {
                bounce(first, to: key.sender, after: delay * 2)
                break
            }
            backlog.messages.removeFirst()
            backlog.attempts = 0
            var sent = first
            sent.isDamaged = fate.isDamaged
            deliver(sent, after: delay, late: fate.delay, over: key)
        }
        faults.backlogs[key] = nil
    }

    /// Another device got what was sent to a phone's address; it knows nothing of the link and resets it.
    private mutating func bounce(
        _ message: LinkMessage,
        to sender: PhoneNumber,
        after delay: Interval
    ) {
        let receiver = message.receiver
        var reset = LinkMessage(
            delivery: .reset,
            file: message.file,
            sender: phones[Int(receiver.index)].address,
            senderSegment: phones[Int(receiver.index)].segment,
            receiver: sender
        )
        reset.connection = connection(from: receiver, to: sender, message.file)
        schedule(.message(messages.put(reset)), at: now + delay)
    }

    /// What arrives damaged over a link cannot be read, nor anything behind it: both ends lose the link.
    mutating func refuse(_ message: LinkMessage) {
        let receiver = message.receiver
        feed(receiver, .linkLost(message.file, message.sender), from: nil)
        send(.reset, message.file, from: receiver, to: message.sender)
    }

    private func target(_ message: LinkMessage, from sender: PhoneNumber) -> FaultTarget {
        FaultTarget(
            message: FaultMessage(message.delivery),
            file: message.file,
            fileIndex: fileIndex(message.file, of: sender),
            sender: sender,
            receiver: message.receiver,
            broadcast: 0,
            digest: message.delivery.digest
        )
    }
}

extension LinkDelivery {
    /// Tells deliveries apart, for draws.
    fileprivate var digest: UInt64 {
        switch self {
        case .message(let message): message.digest
        case .file: 1 << 60
        case .reset: 2 << 60
        }
    }
}
