// The checks while time passes: they look at what an input has touched and at nothing else, so that a
// run with them takes little longer than one without.

internal import BasicContainers

extension Kernel {
    /// A phone asks for something, and must be allowed to.
    mutating func watchEffect(_ effect: PeerEffect, of phone: PhoneNumber) {
        switch effect {
        case .wake(let instant):
            let index = Int(phone.index)
            watch.phones[index].wakeAt = min(watch.phones[index].wakeAt, instant)
        case .upload(let file, to: _): checkHeld(file, by: phone, "it forwards")
        case .write(let file): checkHeld(file, by: phone, "it writes")
        case .obtained(let file, from: _):
            watch.progressAt = now
            checkHeld(file, by: phone, "it stores")
        case .apply: checkApplies(phone)
        case .participation(let file, isIn: true): checkOrder(file, of: phone)
        case .fetch(let file, let reason):
            checkOrder(file, of: phone)
            if reason == .root { checkOnlyRoot(of: file, phone) }
        case .send(.accept, let file, to: let child): checkChild(at: child, file, of: phone)
        case .broadcast(.offer, let file, after: _): checkOffer(of: file, by: phone)
        case .stopped: watch.phones[Int(phone.index)].isUpgrading = false
        case .broadcast, .send, .close, .endUpload, .verify, .participation, .note: break
        }
    }

    /// A phone has handled an input, and must be sound.
    mutating func watchPhone(_ phone: PhoneNumber, after input: PeerInput, wasRoot: Bool) {
        let index = Int(phone.index)
        watch.checkCount += 1
        let due = peers[index].nextDeadline(elections[index], context)
        if due < watch.phones[index].wakeAt {
            breakRule(.timers, by: phone, "a deadline has no wake-up")
        }
        let current = peers[index].current
        if peers[index].job != nil, current != Int(watch.phones[index].current) {
            checkNextFile(current, of: phone)
        }
        if current < UpgradeJob.fileLimit, peers[index].branches[current].role == .root {
            if !wasRoot { checkNewRoot(phone, of: peers[index].file) }
        }
        if peers[index].linksChanged, case .attached = peers[index].stage {
            checkCycle(from: phone)
        }
        switch input {
        case .heard(.confirmed, let file, from: _), .heard(.offer, let file, from: _):
            checkWithdrawn(file, by: phone)
        default: break
        }
    }

    private mutating func checkHeld(_ file: FileNumber, by phone: PhoneNumber, _ what: String) {
        let index = Int(phone.index)
        watch.checkCount += 1
        guard let place = peers[index].branchIndex(of: file) else {
            breakRule(.wholeFiles, by: phone, "\(what) a file that it never wanted")
            return
        }
        let bit = PhoneWatch.bit(place)
        if watch.phones[index].received & bit == 0 {
            breakRule(.wholeFiles, by: phone, "\(what) \(name(of: file)), which is not all there")
        } else if watch.phones[index].verified & bit == 0 {
            breakRule(.verifiedOnly, by: phone, "\(what) \(name(of: file)) unverified")
        } else if place == peers[index].current, faults.spoiled[phone.index] != nil {
            breakRule(.verifiedOnly, by: phone, "\(what) what is not \(name(of: file))")
        }
    }

    private mutating func checkApplies(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        let all = PhoneWatch.bits(below: peers[index].fileCount)
        watch.checkCount += 1
        guard watch.phones[index].written & watch.phones[index].verified != all else { return }
        breakRule(.wholeLoad, by: phone, "it applies a load of which it has not every file")
    }

    /// The present file is another one: the next, and only when the one before is written.
    private mutating func checkNextFile(_ current: Int, of phone: PhoneNumber) {
        let index = Int(phone.index)
        let earlier = PhoneWatch.bits(below: current)
        if current != Int(watch.phones[index].current) + 1
            || watch.phones[index].written & earlier != earlier
        {
            breakRule(.fileOrder, by: phone, "it goes on to file \(current + 1) too early")
        }
        watch.phones[index].current = UInt8(current)
    }

    /// A phone turns to a file: it must be the one that the load has at this place.
    private mutating func checkOrder(_ file: FileNumber, of phone: PhoneNumber) {
        let index = Int(phone.index)
        let files = loads[Int(phones[index].targetLoad)].files
        let current = peers[index].current
        watch.checkCount += 1
        guard current >= files.count || files[current] != file else { return }
        let wanted = current < files.count ? name(of: files[current]) : "none"
        breakRule(.fileOrder, by: phone, "it takes \(name(of: file)) in place of \(wanted)")
    }

    private mutating func checkChild(
        at address: IPv4Address,
        _ file: FileNumber,
        of phone: PhoneNumber
    ) {
        let index = Int(phone.index)
        watch.checkCount += 1
        if let place = peers[index].branchIndex(of: file) {
            let count = peers[index].branches[place].childCount
            if count > Int(context.parameters.fanOut) {
                breakRule(.childLimit, by: phone, "it has \(count) children for a file")
            }
        }
        if let place = peers[index].branchIndex(of: file),
            peers[index].branches[place].parent.address == address
        {
            breakRule(.noCycle, by: phone, "it takes in its own parent")
        }
        let child = subnets[Int(phones[index].subnet)].phone(at: address)
        if let child, phones[Int(child.index)].group != phones[index].group {
            breakRule(.oneGroup, by: phone, "it takes in a phone of another model")
        }
    }

    // MARK: Offers

    private mutating func checkOffer(of file: FileNumber, by phone: PhoneNumber) {
        let index = Int(phone.index)
        watch.checkCount += 1
        if let place = peers[index].branchIndex(of: file),
            watch.phones[index].verified & PhoneWatch.bit(place) != 0
        {
            return
        }
        breakRule(.liveOffer, by: phone, "it offers \(name(of: file)), which it does not hold")
    }

    private mutating func checkWithdrawn(_ file: FileNumber, by phone: PhoneNumber) {
        let index = Int(phone.index)
        watch.checkCount += 1
        guard let place = peers[index].branchIndex(of: file),
            peers[index].branches[place].offerAt != .never
        else { return }
        breakRule(.liveOffer, by: phone, "it still means to offer \(name(of: file))")
    }

    // MARK: Hierarchies

    /// Follows the links upwards: those that both ends have.
    mutating func checkCycle(from phone: PhoneNumber) {
        let file = peers[Int(phone.index)].file
        watch.checkCount += 1
        var above = phone
        var hasLiar = false
        for _ in 0...Int(context.parameters.depthLimit) + 2 {
            guard let parent = mutualParent(of: above, file) else { return }
            hasLiar = hasLiar || hasLied(parent)
            if parent == phone {
                // Nobody can see that a phone does not keep the protocol: its circles are its own.
                guard !hasLiar else { return }
                breakRule(.noCycle, by: phone, "it is below itself for \(name(of: file))")
                return
            }
            above = parent
        }
    }

    private func hasLied(_ phone: PhoneNumber) -> Bool {
        watch.liedAt[phone.index].map { now - $0 <= InvariantWatch.lieWindow } ?? false
    }

    /// The parent of a phone for a file, if that phone has it as a child.
    func mutualParent(of phone: PhoneNumber, _ file: FileNumber) -> PhoneNumber? {
        let index = Int(phone.index)
        guard let place = peers[index].branchIndex(of: file) else { return nil }
        let link = peers[index].branches[place].parent
        guard link.isOpen,
            let parent = subnets[Int(phones[index].subnet)].phone(at: link.address),
            let other = peers[Int(parent.index)].branchIndex(of: file),
            peers[Int(parent.index)].branches[other].slot(of: phones[index].address) != nil
        else { return nil }
        return parent
    }

    /// A phone has become confirmed root: of another one in the same part it must not have heard.
    private mutating func checkNewRoot(_ phone: PhoneNumber, of file: FileNumber) {
        watch.checkCount += 1
        guard let other = otherRoot(of: file, besides: phone) else { return }
        if case .fetching(.fallback) = peers[Int(phone.index)].stage {
            watch.secondRoots += 1
            return
        }
        reportRoots(phone, other, of: file)
    }

    /// A root begins its fetch: another one in the same part would have given way, or made it so.
    private mutating func checkOnlyRoot(of file: FileNumber, _ phone: PhoneNumber) {
        watch.checkCount += 1
        guard let other = otherRoot(of: file, besides: phone) else { return }
        // One that fell back says so and is joined by those that still wait; it may have done so now.
        if case .fetching(.fallback) = peers[Int(other.index)].stage { return }
        reportRoots(phone, other, of: file)
    }

    private mutating func reportRoots(
        _ phone: PhoneNumber,
        _ other: PhoneNumber,
        of file: FileNumber
    ) {
        let group = Int(phones[Int(phone.index)].group)
        guard groups[group].faults == 0, now - watch.lossAt[group] > InvariantWatch.lossWindow
        else {
            watch.secondRoots += 1
            return
        }
        let detail = "it is root for \(name(of: file)) beside \(phones[Int(other.index)].address)"
        breakRule(.oneRoot, by: phone, detail)
    }

    /// Another root of a file that a phone can hear.
    private func otherRoot(of file: FileNumber, besides phone: PhoneNumber) -> PhoneNumber? {
        let index = Int(phone.index)
        let group = Int(phones[index].group)
        for position in 0..<groups[group].receivers.count {
            let other = Int(groups[group].receivers[position].phone)
            guard other != index, phones[other].isUp,
                phones[other].segment == phones[index].segment,
                let place = peers[other].branchIndex(of: file),
                peers[other].branches[place].role == .root
            else { continue }
            return PhoneNumber(other)
        }
        return nil
    }

    func name(of file: FileNumber) -> String {
        file == .none ? "no file" : files[Int(file.index)].name
    }
}
