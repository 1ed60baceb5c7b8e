// What faults do to messages and files between phones on a real network. Nothing of the network is changed:
// what a phone of this world sends is held back before it goes to the socket, and what comes from
// phones of other shells before it goes to the phone. As TCP does it, a link brings nothing out of order.

internal import BasicContainers

extension Kernel {
    // MARK: Broadcasts

    /// A phone broadcasts something over the network, after a while.
    mutating func say(
        _ message: PeerMessage,
        _ file: FileNumber,
        from phone: PhoneNumber,
        after delay: Interval
    ) {
        if faults.isOn, isSilenced(message, file, phone) {
            // Nobody hears it, and everybody here has missed it.
            let group = phones[Int(phone.index)].group
            hear(message, file, model: groups[Int(group)].model, from: address(of: phone))
            return
        }
        ask(.broadcast(message, file, at: now + delay), of: phone)
    }

    /// Whether a fault keeps a broadcast from all phones, those of other shells too.
    private func isSilenced(
        _ message: PeerMessage,
        _ file: FileNumber,
        _ phone: PhoneNumber
    ) -> Bool {
        faults.active.contains { active in
            let (fault, scope) = (active.record.fault, active.record.scope)
            switch fault {
            case .drop, .isolate, .unauthorised, .partition, .block(.udp): break
            default: return false
            }
            if scope.nth != nil || scope.chancePartsPerMillion < FaultScope.wholeChance {
                return false
            }
            if let wanted = scope.message, wanted != FaultMessage(message) { return false }
            if let wanted = scope.file, wanted != fileIndex(file, of: phone) { return false }
            guard case .link(let first, let second, let isOneWay) = scope.place else {
                return holds(active, phone)
            }
            return first.contains(phone) && second.isEveryone
                || !isOneWay && second.contains(phone) && first.isEveryone
        }
    }

    /// Hands in a broadcast that came over the network: every phone of the model hears it but the one
    /// that sent it.
    mutating func hear(
        _ message: PeerMessage,
        _ file: FileNumber,
        model: ModelID,
        from sender: IPv4Address
    ) {
        guard let attachment else { return }
        let own = subnets[attachment.subnet].phone(at: sender)
        var number: UInt32 = 0
        for index in phones.indices {
            let (record, phone) = (phones[index], PhoneNumber(index))
            guard Int(record.subnet) == attachment.subnet, record.isUp, record.address != sender,
                peers[index].job != nil, groups[Int(record.group)].model == model
            else { continue }
            // A phone of another shell is told of as if the hearer itself had sent it: no fault knows it.
            let speaker = own ?? phone
            if faults.isOn, number == 0 { number = numberBroadcast(message, file, from: speaker) }
            let broadcast = Broadcast(
                message: message,
                file: file,
                sender: sender,
                segment: record.segment,
                phone: speaker,
                faultNumber: number
            )
            hear(broadcast, by: phone)
        }
    }

    // MARK: Links

    /// Something goes over a link, or came over it: at once, or when faults let it.
    ///
    /// `isJudged` says that faults have had their say, at the other end.
    mutating func pass(
        _ item: LinkItem,
        of phone: PhoneNumber,
        over key: NetworkLinkKey,
        isJudged: Bool = false
    ) {
        let incarnation = phones[Int(phone.index)].incarnation
        var held = HeldItem(
            item: item,
            phone: phone,
            incarnation: incarnation,
            fate: .passes(isDamaged: false, isAstray: false),
            due: now
        )
        if let link = attachment?.links[key] {
            guard link.items.count < Self.backlogLimit else { return }
            if link.items.contains(where: \.isUncertain) {
                if !isJudged { held.fate = .open }
            } else if !isJudged {
                judge(&held, key)
            }
            held.due = max(held.due, link.items.last?.due ?? now)
            attachment?.links[key]?.items.append(held)
            return
        }
        guard faults.isOn, !isJudged else {
            carryOut(held, over: key)
            return
        }
        judge(&held, key)
        if held.isUncertain || held.due > now {
            hold(held, over: key)
        } else {
            carryOut(held, over: key)
        }
    }

    /// Keeps the first that has to wait on a link.
    private mutating func hold(_ held: HeldItem, over key: NetworkLinkKey) {
        guard let serial = attachment?.takeLinkSerial() else { return }
        attachment?.links[key] = HeldLink(items: [held], serial: serial)
        attachment?.linkKeys[serial] = key
        schedule(.heldLink(serial), at: held.due)
    }

    /// Decides what becomes of something on a link: TCP waits twice as long after each loss.
    private mutating func judge(_ held: inout HeldItem, _ key: NetworkLinkKey) {
        let subnet = Int(phones[Int(held.phone.index)].subnet)
        let sender = subnets[subnet].phone(at: key.sender) ?? held.phone
        let fate = fate(
            of: FaultTarget(
                message: held.item.message,
                file: key.file,
                fileIndex: fileIndex(key.file, of: sender),
                sender: sender,
                receiver: subnets[subnet].phone(at: key.receiver) ?? held.phone,
                broadcast: 0,
                digest: held.item.digest
            )
        )
        if fate.isLost {
            var times: UInt8 = 1
            if case .lost(let before) = held.fate { times += before }
            held.fate = .lost(times: times)
            held.due = now + Self.retransmission * (1 << Int64(times - 1))
        } else {
            held.fate = .passes(isDamaged: fate.isDamaged, isAstray: fate.isAstray)
            held.due = now + fate.delay
        }
    }

    /// The time has come to look at what waits on a link.
    mutating func releaseHeld(_ serial: UInt32) {
        guard let key = attachment?.linkKeys[serial] else { return }
        // What is carried out may add to the link, or end it.
        while let link = attachment?.links[key], link.serial == serial,
            let first = link.items.first, first.due <= now
        {
            guard first.isUncertain else {
                attachment?.links[key]?.items.removeFirst()
                carryOut(first, over: key)
                continue
            }
            var again = first
            judge(&again, key)
            if case .lost(let times) = again.fate, times > Self.retransmissionLimit {
                attachment?.forget(key)
                return
            }
            attachment?.links[key]?.items[0] = again
        }
        guard let link = attachment?.links[key], link.serial == serial else { return }
        if let next = link.items.first {
            schedule(.heldLink(serial), at: next.due)
        } else {
            attachment?.links[key] = nil
            attachment?.linkKeys[serial] = nil
        }
    }

    /// Something goes on: to the network, or to the phone.
    private mutating func carryOut(_ held: HeldItem, over key: NetworkLinkKey) {
        let phone = held.phone
        guard phones[Int(phone.index)].incarnation == held.incarnation,
            case .passes(let isDamaged, let isAstray) = held.fate
        else { return }
        let isSender = address(of: phone) == key.sender
        let other = isSender ? key.receiver : key.sender
        switch held.item {
        case .leaving, .arrived, .file, .upload:
            // Who has the address too knows nothing of the link and resets it.
            if isAstray { return breakLink(key, of: phone, other) }
        case .reset: if isAstray || isDamaged { return }
        }
        switch held.item {
        // What arrives damaged cannot be read, nor anything behind it.
        case .leaving, .arrived: if isDamaged { return breakLink(key, of: phone, other) }
        case .file: if isDamaged { ask(.spoil(key.file, bytes: bytes(of: key.file)), of: phone) }
        case .upload, .reset: break
        }
        switch held.item {
        case .leaving(let message): ask(.send(message, key.file, to: other), of: phone)
        case .upload(let isWrong):
            ask(.upload(key.file, to: other, isWrong: isWrong || isDamaged), of: phone)
        case .arrived(let message):
            feed(phone, .received(message, key.file, from: other), from: other)
        case .file: takeFile(key.file, from: other, at: phone)
        case .reset: feed(phone, .linkLost(key.file, other), from: nil)
        }
    }

    /// A link ends at both ends, as soon as what is being done is done.
    private mutating func breakLink(
        _ key: NetworkLinkKey,
        of phone: PhoneNumber,
        _ other: IPv4Address
    ) {
        attachment?.forget(key)
        ask(.close(key.file, other), of: phone)
        let own = address(of: phone)
        let back = NetworkLinkKey(sender: other, receiver: own, file: key.file)
        let reset = HeldItem(
            item: .reset,
            phone: phone,
            incarnation: phones[Int(phone.index)].incarnation,
            fate: .passes(isDamaged: false, isAstray: false),
            due: now
        )
        hold(reset, over: back)
    }

    private func bytes(of file: FileNumber) -> Int64 { files[Int(file.index)].bytes }

    private func address(of phone: PhoneNumber) -> IPv4Address { phones[Int(phone.index)].address }
}
