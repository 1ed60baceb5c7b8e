// Beginning and ending faults. A fault that can touch what phones say to each other takes their groups
// out of what is left out as idle talk, so that every message is played while it is on.

internal import BasicContainers

extension Kernel {
    /// Lets a fault begin now.
    mutating func begin(_ order: FaultOrder) -> FaultRecord {
        let record = faults.add(order, now: now)
        changeCount += 1
        note(.faultBegan(UInt32(record.number)))
        if order.fault.touchesMessages {
            let touched = groups(in: order.scope.place)
            noteLoss(in: touched)
            playEverything(in: touched)
        }
        carryOut(record)
        if order.fault.isMomentary {
            end(record.number)
        } else if let until = record.until {
            schedule(.faultEnds(UInt32(record.number)), at: until)
        }
        return faults.place(of: record.number).map { faults.active[$0].record } ?? record
    }

    /// Ends a fault now; false when none of the number is on.
    @discardableResult
    mutating func end(_ number: Int) -> Bool {
        guard let place = faults.place(of: number) else { return false }
        let struck = faults.active[place].struck
        let record = faults.end(at: place, now: now)
        changeCount += 1
        note(.faultEnded(UInt32(number)))
        undo(record, struck)
        watch.progressAt = now
        if record.fault.touchesMessages {
            let touched = groups(in: record.scope.place)
            noteLoss(in: touched)
            leaveOutAgain(in: touched)
        }
        return true
    }

    /// What a fault does in the moment in which it begins.
    private mutating func carryOut(_ record: FaultRecord) {
        let place = record.scope.place
        switch record.fault {
        case .crash(let keepsFlash):
            for phone in phones(in: place) {
                powerOff(phone, by: record.number, keepsFlash: keepsFlash)
            }
        case .freeze: for phone in phones(in: place) { freeze(phone, by: record.number) }
        case .reboot: for phone in phones(in: place) { reboot(phone, by: record.number) }
        case .unauthorised: for phone in phones(in: place) { cutOff(phone, by: record.number) }
        case .clockDrift: for phone in phones(in: place) { setClock(of: phone, by: record.number) }
        case .stalledTransfer: for phone in phones(in: place) { stall(phone) }
        case .forgedClaims, .endlessOffers: rouseHostilePeers()
        case .serverDown:
            if case .server(let server) = place { breakOffFetches(from: server, by: record.number) }
        case .serverSlow: if case .server(let server) = place { repace(server) }
        case .drop, .delay, .jitter, .duplicate, .reorder, .corrupt, .block, .partition, .isolate,
            .duplicateAddress, .powerLoss, .diskFull, .slowDisk, .corruptBlock, .serverFull,
            .wrongFile, .truncatedFile, .wrongBytes:
            break
        }
    }

    /// What the end of a fault brings back; `struck` are the phones from which it took the power.
    private mutating func undo(_ record: FaultRecord, _ struck: [PhoneNumber]) {
        let place = record.scope.place
        switch record.fault {
        case .crash: for phone in phones(in: place) { powerOn(phone) }
        case .powerLoss: for phone in struck { powerOn(phone) }
        case .freeze: for phone in phones(in: place) { thaw(phone) }
        case .unauthorised: for phone in phones(in: place) { authorise(phone) }
        case .clockDrift: for phone in phones(in: place) { setClock(of: phone, by: record.number) }
        case .stalledTransfer: for phone in phones(in: place) { endStall(of: phone) }
        case .serverSlow: if case .server(let server) = place { repace(server) }
        case .drop, .delay, .jitter, .duplicate, .reorder, .corrupt, .block, .partition, .isolate,
            .duplicateAddress, .reboot, .diskFull, .slowDisk, .corruptBlock, .serverDown,
            .serverFull, .wrongFile, .truncatedFile, .forgedClaims, .endlessOffers, .wrongBytes:
            break
        }
    }

    /// Writes a line about a fault into the log.
    private mutating func note(_ note: PeerNote) {
        guard log.detail != .off else { return }
        log.append(
            LogRecord(
                time: now,
                cause: eventCount,
                phone: .world,
                file: .none,
                load: LoadID(rawValue: 0),
                pinned: nil,
                note: note
            )
        )
    }

    /// A fault hit something: counts it, and says so where the log is to tell all.
    mutating func hit(
        _ place: Int,
        _ phone: PhoneNumber,
        other: PhoneNumber? = nil,
        _ message: FaultMessage? = nil,
        _ file: FileNumber = .none
    ) {
        let (time, event) = (now, eventCount)
        noteLoss(at: phone)
        faults.hit(at: place) { number in
            FaultHit(
                fault: number,
                time: time,
                event: event,
                phone: phone,
                other: other,
                message: message,
                file: file
            )
        }
        guard effects.wantsTrace else { return }
        let number = UInt32(faults.active[place].record.number)
        record(.faultHit(number, message), file, of: phone, at: now)
    }

    /// The same by the number of the fault.
    mutating func hit(fault number: Int, _ phone: PhoneNumber) {
        if let place = faults.place(of: number) { hit(place, phone) }
    }

    /// Whether chance lets a fault hit something that a phone does now; `salt` tells apart what it does
    /// in one instant.
    func strikesByChance(_ place: Int, _ phone: PhoneNumber, salt: UInt64) -> Bool {
        let chance = faults.active[place].record.scope.chancePartsPerMillion
        guard chance < FaultScope.wholeChance else { return true }
        var stream = stream(of: place, phone, salt: salt, .faultChance)
        return Int64(stream.below(UInt64(FaultScope.wholeChance))) < chance
    }

    /// A stream of its own for each fault, phone and instant.
    func stream(
        of place: Int,
        _ phone: PhoneNumber,
        salt: UInt64,
        _ purpose: RandomPurpose
    ) -> RandomStream {
        let number = UInt64(faults.active[place].record.number)
        let time = UInt64(bitPattern: now.nanoseconds)
        let index = RandomStream.mix(RandomStream.mix(UInt64(phone.index) ^ number << 32) ^ time)
        return RandomStream(seed: network.seed, purpose: purpose, index: index ^ salt)
    }

    // MARK: Where

    /// The phones at a place that were not removed, in the order of their numbers.
    func phones(in place: FaultPlace) -> [PhoneNumber] {
        let chosen: [PhoneNumber]
        switch place {
        case .phones(let set) where !set.isEveryone: chosen = set.phones
        case .everywhere, .subnet, .phones, .link, .server:
            chosen = (0..<phones.count).map { PhoneNumber($0) }
                .filter { place.holds($0, subnet: Int(phones[Int($0.index)].subnet)) }
        }
        return chosen.filter { isPresent($0) }
    }

    /// Whether a phone is still there: it stands at its address.
    func isPresent(_ phone: PhoneNumber) -> Bool {
        let record = phones[Int(phone.index)]
        return subnets[Int(record.subnet)].phone(at: record.address) == phone
    }

    /// The groups whose messages pass a place.
    private func groups(in place: FaultPlace) -> [Int] {
        switch place {
        case .server: return []
        case .everywhere: return Array(0..<groups.count)
        case .subnet(let subnet):
            return (0..<groups.count).filter { Int(groups[$0].subnet) == subnet }
        case .phones(let set):
            guard !set.isEveryone else { return Array(0..<groups.count) }
            var found: [Int] = []
            for phone in set.phones {
                let group = Int(phones[Int(phone.index)].group)
                if found.last != group, !found.contains(group) { found.append(group) }
            }
            return found
        case .link(let first, let second, isOneWay: _):
            return groups(in: .phones(first.isEveryone ? second : first))
        }
    }

    // MARK: What is left out as idle talk

    /// Every message of these groups is an event from now on.
    mutating func playEverything(in list: [Int]) {
        for group in list {
            if groups[group].isPlain {
                let members = members(of: group)
                forgetAdvertisements(of: Array(members.prefix(1)))
                for phone in members { rouse(phone) }
            }
            groups[group].faults += 1
        }
    }

    /// Messages of these groups that mean nothing need be no events any more.
    mutating func leaveOutAgain(in list: [Int]) {
        for group in list {
            groups[group].faults -= 1
            guard groups[group].isPlain, impliesKeepingInTouch else { continue }
            // Somebody may have drawn a wait for an offer, and must hear a root until it is over.
            let end = now + context.parameters.offerSpread + slack
            for place in 0..<groups[group].hearings.count {
                let known = groups[group].hearings[place].mattersUntil
                groups[group].hearings[place].mattersUntil = max(known, end)
            }
            guard impliesHolds else { continue }
            for phone in members(of: group) { lookAtLinks(of: phone) }
        }
    }

    private func members(of group: Int) -> [PhoneNumber] {
        (0..<groups[group].receivers.count)
            .map { PhoneNumber(Int(groups[group].receivers[$0].phone)) }
    }
}

extension FaultPlace {
    /// Whether a phone is at the place.
    func holds(_ phone: PhoneNumber, subnet own: Int) -> Bool {
        switch self {
        case .everywhere: true
        case .subnet(let subnet): subnet == own
        case .phones(let set): set.contains(phone)
        case .link(let first, let second, isOneWay: _):
            first.contains(phone) || second.contains(phone)
        case .server: false
        }
    }
}
