// A phone's fetch from a server: whom it asks, in which order, what it does when a server lacks the
// file, serves too many or does not answer, and the flow that brings the file.

internal import BasicContainers

extension Kernel {
    /// A phone asks its servers for a file, the first of them first.
    mutating func fetch(_ file: FileNumber, _ reason: FetchReason, by phone: PhoneNumber) {
        phones[Int(phone.index)].download = .asking(ServerSearch(file: file))
        askNextServer(phone)
    }

    /// The servers that a phone asks, in this order: its Load Server alone, if it has one, else the
    /// list of its subnet (option 150), else the world's first server.
    private func serverCount(_ phone: PhoneRecord) -> Int {
        guard phone.readLoadServer == ServerNetwork.noLoadServer else { return 1 }
        return max(subnets[Int(phone.subnet)].servers.count, 1)
    }

    func server(_ place: Int, of phone: PhoneRecord) -> Int? {
        if phone.readLoadServer != ServerNetwork.noLoadServer {
            return network.server(at: network.loadServers[Int(phone.readLoadServer)])
        }
        let list = subnets[Int(phone.subnet)].servers
        return list.isEmpty ? 0 : network.server(at: list[place])
    }

    /// The server asked before has said no, or the time to ask again has come.
    mutating func askNextServer(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        guard case .asking(var search) = phones[index].download else { return }
        if search.transport == .http {
            // What HTTP does not give, TFTP may.
            search.transport = .tftp
            phones[index].download = .asking(search)
            ask(phone, search)
            return
        }
        search.position &+= 1
        search.transport = firstTransport(of: phone)
        if Int(search.position) < serverCount(phones[index]) {
            phones[index].download = .asking(search)
            ask(phone, search)
        } else if search.hasMetBusy, search.round + 1 < parameters.busyTries {
            search.round += 1
            search.position = ServerSearch.beforeFirst
            search.transport = .tftp
            search.hasMetBusy = false
            search.hasMetSilence = false
            phones[index].download = .asking(search)
            let place = UInt64(phone.index) << 16 | UInt64(phones[index].incarnation)
            var stream = RandomStream(
                seed: network.seed,
                purpose: .busyWait,
                index: place << 16 | UInt64(search.file.index) ^ UInt64(search.round) << 8
            )
            let wait = parameters.busyWait + stream.interval(below: parameters.busyWait)
            schedule(.refusal(phone, phones[index].incarnation), at: now + wait)
        } else {
            phones[index].download = .none
            let outcome: FetchOutcome =
                search.hasMetBusy ? .busy : search.hasMetSilence ? .timedOut : .refused(.notFound)
            feed(phone, .fetchEnded(outcome), from: nil)
        }
    }

    /// What a phone asks a server by first.
    ///
    /// Played packet by packet, and on a real network, files come by TFTP.
    func firstTransport(of phone: PhoneNumber) -> FetchTransport {
        guard parameters.httpFirst, parameters.fidelity == .flow, attachment == nil else {
            return .tftp
        }
        return groups[Int(phones[Int(phone.index)].group)].model.model.firstTransport
    }

    private mutating func ask(_ phone: PhoneNumber, _ search: ServerSearch) {
        guard !isAttached(phone) else {
            askReal(phone, search)
            return
        }
        let index = Int(phone.index)
        let record = phones[index]
        guard let server = server(Int(search.position), of: record) else {
            fallSilent(phone, search)
            return
        }
        let path = path(from: server, to: Int(record.subnet), search.transport)
        let site = network.paths[path].site
        if isSilent(server, to: phone) {
            fallSilent(phone, search)
        } else if let refusal = refusal(of: server, search.transport, to: phone) {
            refuse(refusal, search, to: phone, by: server, at: site)
        } else if parameters.fidelity == .flow && wouldStarve(path) {
            fallSilent(phone, search)
        } else {
            begin(search.file, on: path, to: phone)
        }
    }

    /// Why a server that answers does not give a phone what it wants; nil where it does.
    private mutating func refusal(
        of server: Int,
        _ transport: FetchTransport,
        to phone: PhoneNumber
    ) -> FetchRefusal? {
        let asked = network.servers[server]
        if transport == .http, !asked.answersHTTP { return .closed }
        let load = phones[Int(phone.index)].targetLoad
        if asked.lacking.contains(where: { $0.rawValue == load }) { return .missing }
        return asked.isFull || isKeptFull(server, to: phone) ? .busy : nil
    }

    mutating func refuse(
        _ refusal: FetchRefusal,
        _ search: ServerSearch,
        to phone: PhoneNumber,
        by server: Int,
        at site: Int
    ) {
        var told = search
        switch refusal {
        case .missing: network.servers[server].totals.notFound += 1
        case .busy:
            network.servers[server].totals.refusedBusy += 1
            told.hasMetBusy = true
        case .closed: break
        }
        phones[Int(phone.index)].download = .asking(told)
        let trip = roundTrip(from: server, to: site)
        recordWire(
            .fetchRefused(server: UInt8(server), refusal, search.transport),
            search.file,
            of: phone,
            delay: Interval(nanoseconds: trip.nanoseconds / 2)
        )
        // A connection takes a round trip of its own.
        let isConnected = search.transport == .http && refusal != .closed
        let answer = now + (isConnected ? trip * 2 : trip)
        schedule(.refusal(phone, phones[Int(phone.index)].incarnation), at: answer)
    }

    /// Nothing comes: the client repeats itself until it gives up.
    mutating func fallSilent(_ phone: PhoneNumber, _ search: ServerSearch) {
        let index = Int(phone.index)
        var told = search
        told.hasMetSilence = true
        recordWire(.fetchUnanswered(search.transport), search.file, of: phone)
        phones[index].download = .asking(told)
        let end = now + parameters.fetchPatience
        schedule(.refusal(phone, phones[index].incarnation), at: end)
    }

    private mutating func begin(_ file: FileNumber, on path: Int, to phone: PhoneNumber) {
        let index = Int(phone.index)
        let record = phones[index]
        if case .fetching(let reason) = peers[index].stage {
            let isActive = rootIsActive(record.group, file)
            instances.fetch(record.group, file, by: phone, reason, rootIsActive: isActive)
        }
        if !faults.spoiled.isEmpty { faults.spoiled[phone.index] = nil }
        if faults.isOn { spoil(file, from: network.paths[path].server, to: phone) }
        let blocks = parameters.blocks(bytes: bytesComing(file, to: phone))
        beginFlow(of: file, blocks: blocks, on: path, to: phone)
    }

    /// Blocks of a file begin to come to a phone, or come again after the phone has hung: that is the
    /// same transfer.
    mutating func beginFlow(
        of file: FileNumber,
        blocks: Int64,
        on path: Int,
        to phone: PhoneNumber,
        isContinued: Bool = false
    ) {
        let index = Int(phone.index)
        let server = network.paths[path].server
        network.servers[server].begin(isContinued: isContinued)
        phones[index].lastServer = UInt8(server)
        phones[index].download = .server(file, path: UInt32(path))
        flowSequence += 1
        streamBegins(to: phone)
        guard parameters.fidelity == .flow else {
            beginPackets(file, on: path, to: phone)
            return
        }
        var stream = RandomStream(seed: network.seed, purpose: .linkLoss, index: flowSequence)
        let cut = SimulationParameters.blocksBeforeGivingUp(
            of: blocks,
            chance: network.paths[path].cost.giveUpChance,
            &stream
        )
        network.paths[path].countLateBlocks(until: now)
        network.paths[path].flows.begin(
            units: cut ?? blocks,
            to: phone,
            file: file,
            sequence: flowSequence,
            cost: network.paths[path].pace,
            now: now,
            isCutShort: cut != nil
        )
        let trip = roundTrip(from: server, to: network.paths[path].site)
        recordWire(
            .fetchBegan(server: UInt8(server), network.paths[path].transport),
            file,
            of: phone,
            delay: Interval(nanoseconds: trip.nanoseconds / 2)
        )
        share(network.paths[path].link)
    }

    /// Whether the root that fetched a file before still fetches or holds it as root.
    func rootIsActive(_ group: UInt32, _ file: FileNumber) -> Bool {
        guard let root = instances.current(group, file)?.root,
            phones[Int(root.index)].isUp
        else { return false }
        let peer = peers[Int(root.index)]
        guard let index = peer.branchIndex(of: file) else { return false }
        return peer.branches[index].role == .root && peer.branches[index].fetchBegun
    }

    // MARK: The end of a flow

    /// The next flow of a path may have ended.
    mutating func finishFetches(_ path: Int) {
        guard network.paths[path].flows.dueAt <= now else { return }
        let pace = network.paths[path].pace
        var ended: [Flow] = []
        network.paths[path].countLateBlocks(until: now)
        while let flow = network.paths[path].flows.popFinished(now: now, cost: pace) {
            ended.append(flow)
        }
        share(network.paths[path].link)
        for flow in ended { finish(flow, on: path) }
    }

    private mutating func finish(_ flow: Flow, on path: Int) {
        release(path, blocks: flow.units)
        let isStream = network.paths[path].transport == .http
        let extra = flow.isCutShort ? .zero : extraTime(of: flow, on: path)
        recordWire(
            .fetchEnded(blocks: flow.units, isWhole: !flow.isCutShort),
            flow.file,
            of: flow.receiver,
            at: isStream ? now + extra : now
        )
        guard !flow.isCutShort else {
            waitInVain(for: flow.file, flow.receiver)
            return
        }
        guard extra > .zero else {
            received(flow.file, on: path, by: flow.receiver)
            return
        }
        arrivals[flow.receiver.index] = flow.sequence
        let tag = UInt16(truncatingIfNeeded: flow.sequence)
        schedule(.arrived(flow.receiver, tag), at: now + extra)
    }

    /// What a transfer takes besides its blocks.
    private func extraTime(of flow: Flow, on path: Int) -> Interval {
        let (server, site) = (network.paths[path].server, network.paths[path].site)
        let transport = network.paths[path].transport
        let way = way(from: server, to: site, network.paths[path].lanRateBitsPerSecond, transport)
        switch transport {
        case .http:
            return parameters.streamExtraTime(bytes: files[Int(flow.file.index)].bytes, over: way)
        case .tftp: return parameters.extraTime(blocks: flow.units, over: way)
        }
    }

    /// The last block of a file has come, some time after its flow has ended.
    mutating func finishArrival(_ phone: PhoneNumber, _ tag: UInt16) {
        guard let sequence = arrivals[phone.index], UInt16(truncatingIfNeeded: sequence) == tag,
            case .server(let file, let path) = phones[Int(phone.index)].download
        else { return }
        arrivals[phone.index] = nil
        received(file, on: Int(path), by: phone)
    }

    /// A client gave up on a server after its last time-out.
    mutating func giveUp(_ file: FileNumber, by phone: PhoneNumber) {
        var search = ServerSearch(file: file)
        search.position = UInt8(serverCount(phones[Int(phone.index)]) - 1)
        search.hasMetSilence = true
        phones[Int(phone.index)].download = .asking(search)
        askNextServer(phone)
    }

    /// A file has come whole to a phone from a server.
    mutating func received(_ file: FileNumber, on path: Int, by phone: PhoneNumber) {
        let index = Int(phone.index)
        let bytes = bytesComing(file, to: phone)
        let (server, site) = (network.paths[path].server, network.paths[path].site)
        network.servers[server].totals.bytes += bytes
        if network.paths[path].isLocal, sites[site].wan != nil {
            sites[site].localBytes += bytes
        } else {
            sites[site].bytes += bytes
        }
        phones[index].download = .none
        if let place = fileIndex(file, of: phone) {
            let bit: UInt8 = 1 << UInt8(place)
            if network.paths[path].transport == .http {
                phones[index].filesByHTTP |= bit
            } else {
                phones[index].filesByHTTP &= ~bit
            }
            phones[index].fileServers[place] = UInt8(server)
        }
        forwardPieces(of: file, from: phone)
        feed(phone, .fetchEnded(.done), from: nil)
    }

    /// A transfer broke off: the phone repeats itself until its last time-out.
    mutating func waitInVain(for file: FileNumber, _ phone: PhoneNumber) {
        var search = ServerSearch(file: file)
        search.position = UInt8(serverCount(phones[Int(phone.index)]) - 1)
        fallSilent(phone, search)
    }

    /// A transfer over a path has ended, whole or not, after so many blocks.
    private mutating func release(_ path: Int, blocks: Int64) {
        network.paths[path].blocks += blocks
        let again = network.paths[path].cost.lossRetransmissions
        network.paths[path].retransmissions += UInt128(blocks) * UInt128(again)
        network.servers[network.paths[path].server].serving -= 1
    }

    /// Ends a transfer from a server before its time.
    mutating func cancelFetch(_ file: FileNumber, of phone: PhoneNumber, on path: Int) {
        arrivals[phone.index] = nil
        guard parameters.fidelity == .flow else {
            cancelPackets(of: phone)
            return
        }
        network.paths[path].countLateBlocks(until: now)
        let pace = network.paths[path].pace
        let moved = network.paths[path].flows.unitsMoved(
            to: phone,
            file: file,
            cost: pace,
            now: now
        )
        guard let moved,
            network.paths[path].flows.cancel(to: phone, file: file, cost: pace, now: now)
        else { return }
        release(path, blocks: moved)
        if context.parameters.planted[.leak] {
            network.servers[network.paths[path].server].serving += 1
        }
        recordWire(.fetchEnded(blocks: moved, isWhole: false), file, of: phone)
        share(network.paths[path].link)
    }

    /// How many bytes of a file have come to a phone over a path.
    func bytesFetched(_ file: FileNumber, by phone: PhoneNumber, on path: Int) -> Int64? {
        if parameters.fidelity == .packet {
            guard let place = packets.places[phone.index] else { return nil }
            return packets.transfers[place]?.client.transferredBytes
        }
        // Without a flow its last block is still on the way.
        guard arrivals[phone.index] == nil else { return files[Int(file.index)].bytes }
        let blocks = network.paths[path].flows.unitsMoved(
            to: phone,
            file: file,
            cost: network.paths[path].pace,
            now: now
        )
        return blocks.map { min($0 * parameters.blockBytes, files[Int(file.index)].bytes) }
    }
}
