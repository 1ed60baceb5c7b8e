// What faults do to phones: no power, hanging, a restart that nobody ordered; and to servers.

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
        let subnet = Int(phones[Int(phone.index)].subnet)
        return faults.active.contains {
            guard case .crash = $0.record.fault else { return false }
            return $0.record.scope.place.holds(phone, subnet: subnet)
        }
    }

    /// A restart was ordered that does not reach the phone.
    mutating func missRestart(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        phones[index].awaitsRestart = false
        setActive(phone, comesBack(phone))
    }

    /// Whether a phone that has no power gets it back by itself, and boots then.
    private func comesBack(_ phone: PhoneNumber) -> Bool {
        guard !isDead(phone) else { return false }
        let subnet = Int(phones[Int(phone.index)].subnet)
        return faults.active.allSatisfy {
            guard case .crash = $0.record.fault,
                $0.record.scope.place.holds(phone, subnet: subnet)
            else { return true }
            return $0.record.until != nil
        }
    }

    /// A phone loses its power: nobody is told.
    mutating func powerOff(_ phone: PhoneNumber, by number: Int) {
        let index = Int(phone.index)
        hit(fault: number, phone)
        if phones[index].isUp || peers[index].job != nil {
            if faults.frozen.removeValue(forKey: phone.index) != nil {
                ports[index].resume(cost: portCost(phone), now: now)
            }
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
        readConfiguration(phone)
    }

    /// A phone restarts though nobody ordered it.
    mutating func reboot(_ phone: PhoneNumber, by number: Int) {
        guard !isOutOfOrder(phone) else { return }
        hit(fault: number, phone)
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
            guard let rest = bytesLeft(of: file, from: parent, to: phone) else { break }
            frozen.upload = FrozenUpload(parent: parent, file: file, bytes: rest)
            cancelUpload(of: file, from: parent, to: phone)
        }
        ports[index].pause(cost: portCost(phone), now: now)
        faults.frozen[phone.index] = frozen
        phones[index].isUp = false
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
        ports[index].resume(cost: portCost(phone), now: now)
        schedulePort(phone)
        resume(frozen, phone)
        for event in frozen.events {
            if case .wake = event {
                schedule(event, at: now, sequence: UInt64(phone.index))
            } else {
                schedule(event, at: now)
            }
        }
    }

    /// What stood still on its way to a phone goes on.
    private mutating func resume(_ frozen: FrozenPhone, _ phone: PhoneNumber) {
        let index = Int(phone.index)
        if let fetch = frozen.fetch {
            if now - frozen.since > parameters.fetchPatience {
                phones[index].download = .none
                feed(phone, .fetchEnded(.timedOut), from: nil)
            } else if isSilent(network.paths[fetch.path].server) {
                waitInVain(for: fetch.file, phone)
            } else {
                beginFlow(of: fetch.file, blocks: fetch.blocks, on: fetch.path, to: phone)
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

    // MARK: Servers

    /// Whether a server answers nothing.
    func isSilent(_ server: Int) -> Bool {
        faults.isOn
            && faults.active.contains {
                $0.record.fault == .serverDown && $0.record.scope.place == .server(server)
            }
    }

    /// The same for a request, which then counts as hit.
    mutating func isSilent(_ server: Int, to phone: PhoneNumber) -> Bool {
        guard faults.isOn else { return false }
        var isSilent = false
        for place in 0..<faults.active.count
        where faults.active[place].record.fault == .serverDown
            && faults.active[place].record.scope.place == .server(server)
        {
            isSilent = true
            hit(place, phone)
        }
        return isSilent
    }

    /// The transfers of a server that goes down come to nothing: each phone repeats itself until its
    /// last time-out.
    mutating func breakOffFetches(from server: Int, by number: Int) {
        for index in 0..<phones.count {
            guard case .server(let file, let path) = phones[index].download,
                network.paths[Int(path)].server == server
            else { continue }
            let phone = PhoneNumber(index)
            hit(fault: number, phone)
            cancelFetch(file, of: phone, on: Int(path))
            waitInVain(for: file, phone)
        }
    }
}
