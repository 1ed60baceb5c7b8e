// What faults do to phones: no power, no network, hanging, a restart that nobody ordered.

internal import BasicContainers

extension Kernel {
    // MARK: Power

    /// Whether a phone can neither be reached nor restarted: it has no power, hangs, or does not boot.
    func isOutOfOrder(_ phone: PhoneNumber) -> Bool {
        isDead(phone) || hasNoPower(phone) || (faults.isOn && faults.frozen[phone.index] != nil)
    }

    /// Whether a fault keeps the power from a phone.
    func hasNoPower(_ phone: PhoneNumber) -> Bool {
        guard faults.isOn else { return false }
        return faults.active.contains { keepsPower($0, from: phone) }
    }

    private func keepsPower(_ fault: ActiveFault, from phone: PhoneNumber) -> Bool {
        switch fault.record.fault {
        case .crash: holds(fault, phone)
        case .powerLoss: fault.struck.contains(phone)
        default: false
        }
    }

    /// Whether a phone is where a fault is.
    func holds(_ fault: ActiveFault, _ phone: PhoneNumber) -> Bool {
        let subnet = Int(phones[Int(phone.index)].subnet)
        return fault.record.scope.place.holds(phone, subnet: subnet)
    }

    /// A restart was ordered that does not reach the phone.
    mutating func missRestart(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        phones[index].awaitsRestart = false
        setActive(phone, comesBack(phone))
    }

    /// Whether a phone that has no power, or no network, gets it back by itself, and boots then.
    private func comesBack(_ phone: PhoneNumber) -> Bool {
        guard !isDead(phone) else { return false }
        return faults.active.allSatisfy {
            let concerns =
                keepsPower($0, from: phone)
                || ($0.record.fault == .unauthorised && holds($0, phone))
            return !concerns || $0.record.until != nil
        }
    }

    /// A phone loses its power: nobody is told.
    mutating func powerOff(_ phone: PhoneNumber, by number: Int, keepsFlash: Bool) {
        let index = Int(phone.index)
        hit(fault: number, phone)
        if !keepsFlash { loseFlash(of: phone) }
        if phones[index].isUp || peers[index].job != nil {
            if keepsFlash { keepFlash(of: phone) }
            if faults.frozen.removeValue(forKey: phone.index) != nil { adjustPort(of: phone) }
            dropUpgrade(of: phone)
            phones[index].isUp = false
            if phones[index].leftServiceAt == .never { phones[index].leftServiceAt = now }
        }
        setActive(phone, comesBack(phone))
    }

    /// A phone gets its power back, unless another fault keeps it from that: it reads its
    /// configuration.
    mutating func powerOn(_ phone: PhoneNumber) {
        guard !hasNoPower(phone), !isDead(phone), isPresent(phone) else { return }
        guard !isUnauthorised(phone) else {
            waitForNetwork(phone)
            return
        }
        readConfiguration(phone)
    }

    /// A phone restarts though nobody ordered it.
    mutating func reboot(_ phone: PhoneNumber, by number: Int) {
        guard !isOutOfOrder(phone) else { return }
        hit(fault: number, phone)
        guard !isUnauthorised(phone) else {
            dropUpgrade(of: phone)
            waitForNetwork(phone)
            return
        }
        readConfiguration(phone)
    }

    // MARK: Network

    /// Whether a phone's port is not authorised: it reaches nobody.
    func isUnauthorised(_ phone: PhoneNumber) -> Bool {
        faults.isOn
            && faults.active.contains { $0.record.fault == .unauthorised && holds($0, phone) }
    }

    /// A phone cannot read its configuration, and does so when its port is authorised.
    mutating func waitForNetwork(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        faults.missedRestarts[phone.index] = true
        phones[index].awaitsRestart = false
        setActive(phone, peers[index].job != nil || comesBack(phone))
    }

    /// The port of a phone is closed: what a server sends it breaks off.
    mutating func cutOff(_ phone: PhoneNumber, by number: Int) {
        breakOffRealFetch(of: phone, by: number) { _ in true }
        guard case .server(let file, let path) = phones[Int(phone.index)].download else { return }
        hit(fault: number, phone)
        cancelFetch(file, of: phone, on: Int(path))
        waitInVain(for: file, phone)
    }

    /// The port of a phone is authorised, unless another fault keeps it from that.
    mutating func authorise(_ phone: PhoneNumber) {
        guard !isUnauthorised(phone),
            faults.missedRestarts.removeValue(forKey: phone.index) != nil,
            !hasNoPower(phone)
        else { return }
        readConfiguration(phone)
    }

    // MARK: Hanging

    /// Whether a phone hangs; what it would do now is then kept for later.
    mutating func isHeldUp(_ event: KernelEvent, _ phone: PhoneNumber) -> Bool {
        guard faults.isOn, faults.frozen[phone.index] != nil else { return false }
        faults.frozen[phone.index]?.events.append(event)
        return true
    }

    /// A phone hangs from now on: what it receives and sends stands still.
    mutating func freeze(_ phone: PhoneNumber, by number: Int) {
        let index = Int(phone.index)
        guard phones[index].isUp || peers[index].job != nil, faults.frozen[phone.index] == nil
        else { return }
        hit(fault: number, phone)
        var frozen = FrozenPhone(since: now, wasUp: phones[index].isUp)
        switch phones[index].download {
        case .none, .asking: break
        case .server(let file, let path):
            let bytes = bytesFetched(file, by: phone, on: Int(path)) ?? 0
            let rest = parameters.blocks(bytes: files[Int(file.index)].bytes - bytes)
            frozen.fetch = FrozenFetch(file: file, path: Int(path), blocks: rest)
            cancelFetch(file, of: phone, on: Int(path))
        case .parent(let parent, let file):
            // Without a flow the last byte is on the LAN, and does not reach who hangs.
            let rest = bytesLeft(of: file, from: parent, to: phone) ?? 1
            frozen.upload = FrozenUpload(parent: parent, file: file, bytes: rest)
            cancelUpload(of: file, from: parent, to: phone)
            phones[index].download = .none
        }
        faults.frozen[phone.index] = frozen
        adjustPort(of: phone)
        phones[index].isUp = false
        if isAttached(phone) { freezeReal(phone) }
    }

    /// A phone that hung goes on, unless another fault has it hang.
    mutating func thaw(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        let subnet = Int(phones[index].subnet)
        let hangsOn = faults.active.contains {
            $0.record.fault == .freeze && $0.record.scope.place.holds(phone, subnet: subnet)
        }
        guard !hangsOn, let frozen = faults.frozen.removeValue(forKey: phone.index) else { return }
        phones[index].isUp = frozen.wasUp
        adjustPort(of: phone)
        schedulePort(phone)
        if isAttached(phone) { thawReal(phone, frozen) } else { resume(frozen, phone) }
        rouseHostilePeers()
        for event in frozen.events {
            if case .wake = event {
                schedule(event, at: now, sequence: UInt64(phone.index))
            } else {
                schedule(event, at: now)
            }
        }
    }

    /// Lets what a phone sends stand still while it hangs or is told to stall, and go on else.
    mutating func adjustPort(of phone: PhoneNumber) {
        let index = Int(phone.index)
        if standsStill(phone) {
            ports[index].pause(cost: portCost(phone), now: now)
        } else {
            ports[index].resume(cost: portCost(phone), now: now)
        }
    }

    /// What stood still on its way to a phone goes on.
    private mutating func resume(_ frozen: FrozenPhone, _ phone: PhoneNumber) {
        let index = Int(phone.index)
        if let fetch = frozen.fetch {
            if now - frozen.since > parameters.fetchPatience {
                phones[index].download = .none
                feed(phone, .fetchEnded(.timedOut), from: nil)
            } else if isSilent(network.paths[fetch.path].server) || isUnauthorised(phone) {
                waitInVain(for: fetch.file, phone)
            } else {
                beginFlow(
                    of: fetch.file,
                    blocks: fetch.blocks,
                    on: fetch.path,
                    to: phone,
                    isContinued: true
                )
            }
        }
        guard let parent = parentWithFile(of: phone) else { return }
        let file = peers[index].file
        let address = phones[index].address
        if let upload = frozen.upload, upload.parent == parent, upload.file == file {
            self.upload(file, upload.bytes, from: parent, to: address)
        } else if case .none = phones[index].download {
            self.upload(file, from: parent, to: address)
        }
    }

    /// The parent from which a phone waits for its present file, if that has it and knows its child.
    private mutating func parentWithFile(of phone: PhoneNumber) -> PhoneNumber? {
        let index = Int(phone.index)
        guard case .attached = peers[index].stage else { return nil }
        let file = peers[index].file
        let address = peers[index].branches[peers[index].current].parent.address
        guard let parent = subnets[Int(phones[index].subnet)].phone(at: address),
            phones[Int(parent.index)].isUp,
            let place = peers[Int(parent.index)].branchIndex(of: file),
            peers[Int(parent.index)].branches[place].holdsFile,
            peers[Int(parent.index)].hasLink(file, to: phones[index].address)
        else { return nil }
        return parent
    }
}
