// What faults do to phones on a real network: servers that do not answer, flash that takes no file, phones
// that hang or mean no good. All of it is done with the phones' own sockets and files.

internal import BasicContainers

extension Kernel {
    // MARK: Fetching

    /// An attached phone asks the server whose turn it is.
    mutating func askReal(_ phone: PhoneNumber, _ search: ServerSearch) {
        let index = Int(phone.index)
        let record = phones[index]
        let server = server(Int(search.position), of: record)
        if let server {
            if isSilent(server, to: phone) {
                fallSilent(phone, search)
                return
            }
            if isKeptFull(server, to: phone) {
                let site = Int(subnets[Int(record.subnet)].site)
                refuse(.busy, search, to: phone, by: server, at: site)
                return
            }
        } else if isUnauthorised(phone) {
            fallSilent(phone, search)
            return
        }
        if case .fetching(let reason) = peers[index].stage {
            let isActive = rootIsActive(record.group, search.file)
            instances.fetch(record.group, search.file, by: phone, reason, rootIsActive: isActive)
        }
        faults.spoiled[phone.index] = nil
        if faults.isOn, let server { spoil(search.file, from: server, to: phone) }
        attachment?.received[phone.index] = 0
        attachment?.fetches[phone.index] = RealFetch(file: search.file, server: server)
        let address = serverAddress(Int(search.position), of: record)
        let delay = server.map { slowness(of: $0) } ?? .zero
        ask(.fetch(search.file, from: address, blockDelay: delay), of: phone)
    }

    /// The address of the server at a place of a phone's list; nil where it has none.
    private func serverAddress(_ place: Int, of phone: PhoneRecord) -> IPv4Address? {
        if phone.readLoadServer != ServerNetwork.noLoadServer {
            return network.loadServers[Int(phone.readLoadServer)]
        }
        let list = subnets[Int(phone.subnet)].servers
        return list.isEmpty ? network.servers[0].address : list[place]
    }

    /// A fetch from a real server has ended.
    mutating func fetchEnded(
        _ outcome: FetchOutcome,
        _ address: IPv4Address?,
        _ bytes: Int64,
        of phone: PhoneNumber
    ) -> Bool {
        let index = Int(phone.index)
        guard case .fetching = peers[index].stage,
            let fetch = attachment?.fetches.removeValue(forKey: phone.index)
        else { return false }
        attachment?.received[phone.index] = nil
        switch outcome {
        case .done:
            phones[index].download = .none
            countFetch(of: phone, from: address, bytes: bytes)
            if let left = faults.spoiled.removeValue(forKey: phone.index) {
                ask(.spoil(fetch.file, bytes: left), of: phone)
            }
            feed(phone, .fetchEnded(.done), from: nil)
        case .refused(.phoneError):
            // Its own disk: no other server mends that.
            phones[index].download = .none
            feed(phone, .fetchEnded(outcome), from: nil)
        case .refused, .busy, .timedOut:
            if outcome == .timedOut, case .asking(var search) = phones[index].download {
                search.hasMetSilence = true
                phones[index].download = .asking(search)
            }
            askNextServer(phone)
        }
        return true
    }

    /// A phone's fetch from a server comes to nothing, if it has one that `breaks`: it repeats itself until
    /// its last time-out.
    mutating func breakOffRealFetch(
        of phone: PhoneNumber,
        by number: Int,
        where breaks: (RealFetch) -> Bool
    ) {
        guard let fetch = attachment?.fetches[phone.index], breaks(fetch) else { return }
        hit(fault: number, phone)
        attachment?.fetches[phone.index] = nil
        attachment?.received[phone.index] = nil
        ask(.endDownload, of: phone)
        waitInVain(for: fetch.file, phone)
    }

    // MARK: Files from parents

    /// A whole file has come from a parent.
    mutating func takeFile(_ file: FileNumber, from address: IPv4Address, at phone: PhoneNumber) {
        let index = Int(phone.index)
        guard peers[index].expects(file, from: address) else { return }
        phones[index].giver = subnets[Int(phones[index].subnet)].phone(at: address)
        feed(phone, .fileArrived, from: address)
    }

    /// Whether a file comes to an attached phone from its parent.
    func takesRealFile(_ phone: PhoneNumber) -> Bool {
        guard let transfer = attachment?.transfers[phone.index] else { return false }
        return peers[Int(phone.index)].expects(transfer.file, from: transfer.parent)
    }

    /// Bytes have come from a parent: the phone waits for more, but not for ever.
    mutating func noteProgress(_ bytes: Int64, from parent: IPv4Address?, at phone: PhoneNumber) {
        let (known, instant) = (attachment?.received[phone.index], now)
        attachment?.received[phone.index] = max(bytes, 0)
        guard let parent else { return }
        let file = peers[Int(phone.index)].file
        let old = attachment?.transfers[phone.index]
        if let old, old.parent == parent, old.file == file {
            if known != bytes { attachment?.transfers[phone.index]?.movedAt = instant }
            return
        }
        let transfer = RealTransfer(parent: parent, file: file, movedAt: instant)
        attachment?.transfers[phone.index] = transfer
        if old == nil { schedule(.transferStalled(phone), at: now + parameters.transferStall) }
    }

    /// A transfer to an attached phone may have stood still for as long as it waits.
    mutating func giveUpRealStall(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        guard let transfer = attachment?.transfers[phone.index] else { return }
        guard peers[index].expects(transfer.file, from: transfer.parent) else {
            // It has left that parent, and waits for another one's first bytes.
            attachment?.transfers[phone.index] = nil
            return
        }
        let end = transfer.movedAt + parameters.transferStall
        guard end <= now, phones[index].isUp else {
            schedule(.transferStalled(phone), at: max(end, now + .seconds(1)))
            return
        }
        endRealDownload(of: phone)
        feed(phone, .stalled, from: nil)
    }

    /// Nothing comes to an attached phone any more.
    mutating func endRealDownload(of phone: PhoneNumber) {
        attachment?.transfers[phone.index] = nil
        attachment?.fetches[phone.index] = nil
        attachment?.received[phone.index] = nil
    }

    /// A phone begins to send a file: a hostile one sends other bytes.
    mutating func sendFile(_ file: FileNumber, to address: IPv4Address, from phone: PhoneNumber) {
        let subnet = Int(phones[Int(phone.index)].subnet)
        let child = subnets[subnet].phone(at: address)
        var isWrong = false
        for place in 0..<faults.active.count where holds(faults.active[place], phone) {
            switch faults.active[place].record.fault {
            case .wrongBytes: isWrong = true
            case .stalledTransfer: break
            default: continue
            }
            hit(place, child ?? phone, other: phone, .transfer, file)
        }
        let key = NetworkLinkKey(
            sender: phones[Int(phone.index)].address,
            receiver: address,
            file: file
        )
        // At a phone of this world faults have their say when the file is there.
        pass(.upload(isWrong: isWrong), of: phone, over: key, isJudged: child != nil)
    }

    // MARK: Flash

    /// An attached phone writes a file while faults are on.
    mutating func writeReal(_ file: FileNumber, of phone: PhoneNumber) {
        let plan = planWrite(
            file,
            of: phone,
            taking: parameters.writeTime(bytes: files[Int(file.index)].bytes)
        )
        if let failure = plan.failure {
            let incarnation = phones[Int(phone.index)].incarnation
            schedule(.flashFailed(phone, incarnation, failure), at: now + plan.length)
            return
        }
        var write = RealWrite(begun: now)
        write.slowDisks = plan.slowDisks
        // The power goes while the file is written, as long as that is to take.
        if plan.losesPower { write.notBefore = now + plan.length }
        attachment?.writes[phone.index] = write
        ask(.write(file), of: phone)
    }

    /// A file has its final name; faults may have it take longer.
    mutating func finishRealWrite(of phone: PhoneNumber) {
        guard let write = attachment?.writes.removeValue(forKey: phone.index) else {
            feed(phone, .written, from: nil)
            return
        }
        let takes = write.slowDisks.reduce(now - write.begun) { Self.prolonged($0, $1) }
        let due = max(write.begun + takes, write.notBefore)
        guard due > now else {
            feed(phone, .written, from: nil)
            return
        }
        schedule(.written(phone, phones[Int(phone.index)].incarnation), at: due)
    }

    // MARK: Hanging and stalling

    /// Tells the network whether a phone hangs, or has its files stand still.
    mutating func restrain(_ phone: PhoneNumber) {
        let hangs = faults.frozen[phone.index] != nil
        ask(.restrain(reads: !hangs, sends: !hangs && !isStalling(phone)), of: phone)
    }

    /// An attached phone hangs from now on.
    mutating func freezeReal(_ phone: PhoneNumber) {
        restrain(phone)
        guard let fetch = attachment?.fetches.removeValue(forKey: phone.index) else { return }
        attachment?.received[phone.index] = nil
        faults.frozen[phone.index]?.realFetch = fetch.file
        ask(.endDownload, of: phone)
    }

    /// The most reports that wait for a phone that hangs: own choice, more than its links bring in a second.
    private static let heldEventLimit = 1_000

    /// Keeps what came for a phone that hangs; false where none does.
    mutating func holdEvent(_ event: NetworkEvent, for phone: PhoneNumber) -> Bool {
        guard faults.isOn, faults.frozen[phone.index] != nil else { return false }
        let count = attachment?.heldEvents[phone.index]?.count ?? 0
        guard count < Self.heldEventLimit else { return true }
        attachment?.heldEvents[phone.index, default: []].append(event)
        return true
    }

    /// An attached phone that hung goes on.
    mutating func thawReal(_ phone: PhoneNumber, _ frozen: FrozenPhone) {
        restrain(phone)
        if let file = frozen.realFetch {
            if now - frozen.since > parameters.fetchPatience {
                phones[Int(phone.index)].download = .none
                feed(phone, .fetchEnded(.timedOut), from: nil)
            } else if case .asking(let search) = phones[Int(phone.index)].download,
                search.file == file
            {
                askReal(phone, search)
            }
        }
        let incarnation = phones[Int(phone.index)].incarnation
        for event in attachment?.heldEvents.removeValue(forKey: phone.index) ?? [] {
            _ = report(event, to: phone, incarnation: incarnation)
        }
    }

    // MARK: Hostile peers

    /// A hostile peer has sockets though it may have nothing to fetch.
    mutating func makePresent(_ phone: PhoneNumber) {
        guard let attachment, isAttached(phone), attachment.present[phone.index] == nil
        else { return }
        ask(.appear, of: phone)
    }
}
