// Hostile peers: phones that say or send what is not so. What they do is the worst that a device in the
// subnet can do by the protocol's own messages; what it costs the others is the protocol's to bound.

internal import BasicContainers

extension Kernel {
    // MARK: What they say

    /// The hostile peers of a fault say once more what they say.
    mutating func harass(_ number: Int) {
        guard let place = faults.place(of: number) else { return }
        let record = faults.active[place].record
        var hasAny = false
        for phone in phones(in: record.scope.place) where phones[Int(phone.index)].isUp {
            for file in filesBeingDecided(in: Int(phones[Int(phone.index)].group)) {
                harass(about: file, by: phone, place)
                hasAny = true
            }
        }
        // Where nobody decides anything it waits until somebody does: nothing would be left to happen.
        faults.setHarassing(hasAny, at: place)
        guard hasAny else { return }
        let wait = max(context.parameters.tick, .milliseconds(1))
        schedule(.harassment(UInt32(number)), at: now + wait)
    }

    /// Somebody begins to decide about a file: hostile peers that had nothing to say go on.
    mutating func rouseHostilePeers() {
        for place in 0..<faults.active.count where !faults.active[place].isHarassing {
            switch faults.active[place].record.fault {
            case .forgedClaims, .endlessOffers: break
            default: continue
            }
            faults.setHarassing(true, at: place)
            schedule(.harassment(UInt32(faults.active[place].record.number)), at: now)
        }
    }

    private mutating func harass(about file: FileNumber, by phone: PhoneNumber, _ place: Int) {
        let record = faults.active[place].record
        let pair = UInt64(phone.index) << 16 | UInt64(file.index)
        var stream = RandomStream(
            seed: network.seed,
            purpose: .faultLength,
            index: RandomStream.mix(pair) ^ UInt64(record.number) << 48
        )
        let transaction = UInt32(truncatingIfNeeded: stream.next())
        let message: PeerMessage
        switch record.fault {
        case .forgedClaims:
            message = .claim(
                Claim(
                    transaction: transaction,
                    strength: ~ClaimRank.confirmedBit,
                    advertisement: 0,
                    fetchBegun: false
                )
            )
        case .endlessOffers:
            message = .offer(transaction: transaction)
            noteLie(of: phone)
        default: return
        }
        hit(place, phone, FaultMessage(message), file)
        makePresent(phone)
        broadcast(message, file, from: phone, after: .zero)
    }

    /// The files about which elections are open in a group, each once, in the order of the receivers.
    private func filesBeingDecided(in group: Int) -> [FileNumber] {
        var found: [FileNumber] = []
        for position in 0..<groups[group].receivers.count {
            let phone = Int(groups[group].receivers[position].phone)
            let election = elections[phone]
            guard phones[phone].isUp, election.isOpen, !found.contains(election.file) else {
                continue
            }
            found.append(election.file)
        }
        return found
    }

    // MARK: What they send

    /// A parent has sent the last byte of a file: a hostile one has sent other bytes.
    mutating func spoil(_ file: FileNumber, from parent: PhoneNumber, to child: PhoneNumber) {
        for place in 0..<faults.active.count
        where faults.active[place].record.fault == .wrongBytes
            && holds(faults.active[place], parent)
        {
            faults.spoiled[child.index] = files[Int(file.index)].bytes
            hit(place, child, other: parent, .transfer, file)
        }
    }

    /// Whether a phone is told to send nothing.
    func isStalling(_ phone: PhoneNumber) -> Bool {
        faults.isOn
            && faults.active.contains { $0.record.fault == .stalledTransfer && holds($0, phone) }
    }

    /// What a phone sends stands still from now on, and its children notice that in time.
    mutating func stall(_ parent: PhoneNumber) {
        adjustPort(of: parent)
        if isAttached(parent) { restrain(parent) }
        for index in 0..<phones.count {
            guard case .parent(parent, let file) = phones[index].download else { continue }
            watchTransfer(of: file, from: parent, to: PhoneNumber(index))
        }
    }

    /// What a phone sends goes on.
    mutating func endStall(of parent: PhoneNumber) {
        adjustPort(of: parent)
        if isAttached(parent) { restrain(parent) }
        schedulePort(parent)
        guard !isStalling(parent) else { return }
        for index in 0..<phones.count {
            if case .parent(parent, _) = phones[index].download {
                faults.stalls[UInt32(index)] = nil
            }
        }
    }

    /// A transfer begins while faults are on.
    mutating func threaten(_ upload: Upload, from parent: PhoneNumber) {
        guard isStalling(parent) else { return }
        watchTransfer(of: upload.file, from: parent, to: upload.child)
    }

    private mutating func watchTransfer(
        of file: FileNumber,
        from parent: PhoneNumber,
        to child: PhoneNumber
    ) {
        for place in 0..<faults.active.count
        where faults.active[place].record.fault == .stalledTransfer
            && holds(faults.active[place], parent)
        {
            hit(place, child, other: parent, .transfer, file)
        }
        let end = now + parameters.transferStall
        faults.stalls[child.index] = end
        schedule(.transferStalled(child), at: end)
    }

    /// A transfer to a phone has stood still for as long as it waits.
    mutating func giveUpStalled(_ child: PhoneNumber) {
        guard faults.stalls[child.index] == now else { return }
        faults.stalls[child.index] = nil
        guard case .parent(let parent, let file) = phones[Int(child.index)].download,
            isStalling(parent), phones[Int(child.index)].isUp
        else { return }
        cancelUpload(of: file, from: parent, to: child)
        feed(child, .stalled, from: nil)
    }
}
