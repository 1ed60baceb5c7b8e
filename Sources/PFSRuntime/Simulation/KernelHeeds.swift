// Which phones of a group may take heed of a broadcast about a file: those that decide about it, are its
// root, or hold it. Kept as bits in the order in which broadcasts reach the phones, so that a broadcast
// goes from one of them to the next and does not even look at the others.

internal import BasicContainers

extension GroupRecord {
    /// The first receiver at `position` or behind it that may take heed; the number of receivers if
    /// there is none.
    func nextHeed(_ row: Int, from position: Int) -> Int {
        guard position < receivers.count else { return receivers.count }
        var word = position >> 6
        var bits = heeds[row * heedWords + word] & (UInt64.max &<< UInt64(position & 63))
        while bits == 0 {
            word += 1
            guard word < heedWords else { return receivers.count }
            bits = heeds[row * heedWords + word]
        }
        return word << 6 | bits.trailingZeroBitCount
    }

    /// Sets whether a receiver may take heed; answers whether it did not before.
    mutating func setHeed(_ heeds: Bool, _ row: Int, at position: Int) -> Bool {
        let word = row * heedWords + position >> 6
        let bit: UInt64 = 1 &<< UInt64(position & 63)
        let did = self.heeds[word] & bit != 0
        if heeds { self.heeds[word] |= bit } else { self.heeds[word] &= ~bit }
        return heeds && !did
    }
}

extension Kernel {
    /// Where the broadcasts about a file are noted; from now on, if they were not.
    mutating func hearing(of file: FileNumber, in group: Int) -> Int {
        let count = groups[group].hearings.count
        for index in 0..<count where groups[group].hearings[index].file == file { return index }
        groups[group].hearings.append(Hearing(file: file))
        appendHeeds(of: file, group)
        return count
    }

    /// The receivers of a group are others now.
    mutating func renewHeeds(of group: Int) {
        guard !groups[group].hearings.isEmpty else { return }
        groups[group].heeds.removeAll(keepingCapacity: true)
        for row in 0..<groups[group].hearings.count {
            appendHeeds(of: groups[group].hearings[row].file, group)
        }
    }

    private mutating func appendHeeds(of file: FileNumber, _ group: Int) {
        let count = groups[group].receivers.count
        groups[group].heedWords = (count + 63) >> 6
        var bits: UInt64 = 0
        for position in 0..<count {
            let phone = Int(groups[group].receivers[position].phone)
            if heeds(elections[phone], interests[phone], file) {
                bits |= 1 &<< UInt64(position & 63)
            }
            if position & 63 == 63 || position == count - 1 {
                groups[group].heeds.append(bits)
                bits = 0
            }
        }
    }

    /// Whether a phone with such an election and such interests may take heed of a broadcast.
    private func heeds(_ election: Election, _ interests: UInt16, _ file: FileNumber) -> Bool {
        (election.file == file && election.isOpen) || interests & file.interestBit != 0
    }

    /// A phone's election or its interests have changed.
    mutating func heedChanged(of phone: PhoneNumber, from old: Election, _ oldInterests: UInt16) {
        guard impliesKeepingInTouch else { return }
        let index = Int(phone.index)
        let new = elections[index]
        guard oldInterests != interests[index] || old.isOpen != new.isOpen || old.file != new.file
        else { return }
        let group = Int(phones[index].group)
        let receiver = Receiver(
            phone: phone.index,
            delayNanoseconds: phones[index].delayNanoseconds
        )
        let position = groups[group].receivers.place(of: receiver)
        guard position < groups[group].receivers.count,
            groups[group].receivers[position] == receiver
        else { return }
        for row in 0..<groups[group].hearings.count {
            let file = groups[group].hearings[row].file
            let heeds = heeds(new, interests[index], file)
            guard groups[group].setHeed(heeds, row, at: position) else { continue }
            callBack(to: position, receiver, file, group)
        }
    }

    /// A phone takes an interest in a file: broadcasts about it that have not reached it yet, and were
    /// to pass it, reach it.
    private mutating func callBack(
        to position: Int,
        _ receiver: Receiver,
        _ file: FileNumber,
        _ group: Int
    ) {
        for place in 0..<groups[group].walks.count {
            let index = groups[group].walks[place]
            let walk = fanouts[index]
            let due = walk.sentAt + Interval(nanoseconds: Int64(receiver.delayNanoseconds))
            guard walk.message.file == file, Int(walk.position) > position,
                receiver.phone != walk.sender,
                due > now || (due == now && walk.turn > currentTurn)
            else { continue }
            fanouts.setPosition(position, of: index)
            walks.advance(to: due) { $0 == index }
        }
    }

    /// Whether a broadcast passes a phone without asking it.
    func passes(_ broadcast: Broadcast, _ phone: PhoneNumber) -> Bool {
        let index = Int(phone.index)
        var election = elections[index]
        if election.file == broadcast.file, election.isOpen {
            guard case .claim(let claim) = broadcast.message else { return false }
            return election.takesIn(
                ClaimRank(strength: claim.strength, address: broadcast.sender),
                transaction: claim.transaction,
                now: now,
                patience: context.parameters.seekingPatience
            )
        }
        return interests[index] & broadcast.file.interestBit == 0
    }
}
