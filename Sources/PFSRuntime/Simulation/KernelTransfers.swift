// Moving files: fetches from the server over a site's WAN link, uploads from a parent's port to its
// children. A link has at most one event in the queue that counts, the end of its next flow; an
// earlier one that a change has made stale is recognised by its time.

internal import BasicContainers

extension Kernel {
    /// The cost of a TFTP block to a phone of this site.
    func wanCost(_ site: Int, lanRateBitsPerSecond: Int64) -> LinkCost {
        let link =
            sites[site].wan
            ?? WANLink(
                rateBitsPerSecond: lanRateBitsPerSecond,
                roundTrip: parameters.lanDelay * 2
            )
        return parameters.blockCost(
            rateBitsPerSecond: link.rateBitsPerSecond,
            roundTrip: link.roundTrip
        )
    }

    private func wanCost(_ site: Int) -> LinkCost {
        // Without a WAN the server's own port is shared: 1 Gbit/s.
        wanCost(site, lanRateBitsPerSecond: 1_000_000_000)
    }

    private func portCost(_ phone: PhoneNumber) -> LinkCost {
        let subnet = subnets[Int(phones[Int(phone.index)].subnet)]
        return parameters.byteCost(rateBitsPerSecond: subnet.lanRateBitsPerSecond)
    }

    // MARK: From the server

    /// A phone asks the server for a file.
    mutating func fetch(_ file: FileNumber, _ reason: FetchReason, by phone: PhoneNumber) {
        let index = Int(phone.index)
        let record = phones[index]
        let site = Int(subnets[Int(record.subnet)].site)
        guard loads[Int(record.targetLoad)].isOnServer else {
            let roundTrip = sites[site].wan?.roundTrip ?? parameters.lanDelay * 2
            schedule(.refusal(phone, record.incarnation), at: now + roundTrip)
            return
        }
        let isActive = rootIsActive(record.group, file)
        instances.fetch(record.group, file, by: phone, reason, rootIsActive: isActive)
        let cost = wanCost(site)
        flowSequence += 1
        sites[site].link.begin(
            units: parameters.blocks(bytes: files[Int(file.index)].bytes),
            to: phone,
            file: file,
            sequence: flowSequence,
            cost: cost,
            now: now
        )
        phones[index].download = .server(file)
        scheduleWAN(site)
    }

    /// Whether the root that fetched a file before still fetches or holds it as root.
    private func rootIsActive(_ group: UInt32, _ file: FileNumber) -> Bool {
        guard let root = instances.current(group, file)?.root,
            phones[Int(root.index)].isUp
        else { return false }
        let peer = peers[Int(root.index)]
        guard let index = peer.branchIndex(of: file) else { return false }
        return peer.branches[index].role == .root && peer.branches[index].fetchBegun
    }

    private mutating func scheduleWAN(_ site: Int) {
        let due = sites[site].link.dueAt
        guard due != .never else { return }
        schedule(.wanDue(UInt32(site)), at: max(due, now))
    }

    /// The next flow over a site's link may have ended.
    mutating func finishFetches(_ site: Int) {
        let cost = wanCost(site)
        guard sites[site].link.dueAt <= now else { return }
        while let flow = sites[site].link.popFinished(now: now, cost: cost) {
            sites[site].bytes += files[Int(flow.file.index)].bytes
            phones[Int(flow.receiver.index)].download = .none
            feed(flow.receiver, .fetchEnded(.done), from: nil)
        }
        scheduleWAN(site)
    }

    // MARK: From a parent

    /// A parent sends a whole file to a child.
    mutating func upload(_ file: FileNumber, from parent: PhoneNumber, to address: IPv4Address) {
        let subnet = Int(phones[Int(parent.index)].subnet)
        let source = phones[Int(parent.index)].address
        // A child that has left meanwhile, and whose word of it is under way, takes nothing.
        guard let child = subnets[subnet].phone(at: address), phones[Int(child.index)].isUp,
            peers[Int(child.index)].expects(file, from: source)
        else { return }
        flowSequence += 1
        ports[Int(parent.index)].begin(
            units: files[Int(file.index)].bytes,
            to: child,
            file: file,
            sequence: flowSequence,
            cost: portCost(parent),
            now: now
        )
        phones[Int(child.index)].download = .parent(parent, file)
        schedulePort(parent)
    }

    private mutating func schedulePort(_ phone: PhoneNumber) {
        let due = ports[Int(phone.index)].dueAt
        guard due != .never else { return }
        schedule(.portDue(phone), at: max(due, now))
    }

    /// The next flow out of a phone's port may have ended.
    mutating func finishUploads(_ parent: PhoneNumber) {
        let cost = portCost(parent)
        guard ports[Int(parent.index)].dueAt <= now else { return }
        while let flow = ports[Int(parent.index)].popFinished(now: now, cost: cost) {
            // Behind the Accept that went before it: even a small file takes the LAN's delay.
            let receiver = phones[Int(flow.receiver.index)].address
            send(.file, flow.file, from: parent, to: receiver)
        }
        schedulePort(parent)
    }

    /// The last byte of an upload has come to its child.
    mutating func deliverFile(_ message: LinkMessage) {
        let child = message.receiver
        guard case .parent(let parent, message.file) = phones[Int(child.index)].download,
            phones[Int(parent.index)].address == message.sender
        else { return }
        phones[Int(child.index)].download = .none
        if phones[Int(child.index)].segment == message.senderSegment {
            phones[Int(child.index)].giver = parent
            feed(child, .fileArrived, from: message.sender)
        } else {
            // The subnet was cut under way: the transfer cannot end, so the link breaks.
            let address = phones[Int(child.index)].address
            feed(child, .linkLost(message.file, message.sender), from: nil)
            feed(parent, .linkLost(message.file, address), from: nil)
        }
    }

    /// A parent stops sending to a child.
    mutating func endUpload(_ file: FileNumber, from parent: PhoneNumber, to address: IPv4Address) {
        let subnet = Int(phones[Int(parent.index)].subnet)
        guard let child = subnets[subnet].phone(at: address) else { return }
        cancelUpload(of: file, from: parent, to: child)
    }

    private mutating func cancelUpload(
        of file: FileNumber,
        from parent: PhoneNumber,
        to child: PhoneNumber
    ) {
        let cost = portCost(parent)
        let hadFlow = ports[Int(parent.index)].cancel(to: child, file: file, cost: cost, now: now)
        guard hadFlow else { return }
        if case .parent(parent, file) = phones[Int(child.index)].download {
            phones[Int(child.index)].download = .none
        }
        schedulePort(parent)
    }

    // MARK: Both

    /// Ends whatever is being moved to a phone.
    mutating func endDownload(of phone: PhoneNumber) {
        switch phones[Int(phone.index)].download {
        case .none:
            return
        case .server(let file):
            let site = Int(subnets[Int(phones[Int(phone.index)].subnet)].site)
            let cost = wanCost(site)
            _ = sites[site].link.cancel(to: phone, file: file, cost: cost, now: now)
            scheduleWAN(site)
        case .parent(let parent, let file):
            cancelUpload(of: file, from: parent, to: phone)
        }
        phones[Int(phone.index)].download = .none
    }

    /// How many bytes of its present file a phone has received; nil when nothing comes.
    func bytesReceived(by phone: PhoneNumber) -> Int64? {
        switch phones[Int(phone.index)].download {
        case .none:
            return nil
        case .server(let file):
            let site = Int(subnets[Int(phones[Int(phone.index)].subnet)].site)
            let blocks = sites[site].link.unitsMoved(
                to: phone,
                file: file,
                cost: wanCost(site),
                now: now
            )
            let bytes = files[Int(file.index)].bytes
            return blocks.map { min($0 * parameters.blockBytes, bytes) }
        case .parent(let parent, let file):
            let moved = ports[Int(parent.index)].unitsMoved(
                to: phone,
                file: file,
                cost: portCost(parent),
                now: now
            )
            // Sent, and its last byte still on the LAN.
            return moved ?? files[Int(file.index)].bytes
        }
    }
}
