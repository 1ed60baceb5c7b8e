// Playing TFTP packet by packet: what the two state machines of a transfer ask for, the queue of the
// shared link, loss, and what a phone can take in.

internal import BasicContainers

extension Kernel {
    /// A server has said yes: the phone's request sets out.
    mutating func beginPackets(_ file: FileNumber, on path: Int, to phone: PhoneNumber) {
        let (server, site) = (network.paths[path].server, network.paths[path].site)
        let way = way(from: server, to: site, network.paths[path].lanRateBitsPerSecond)
        let shared = network.links[network.paths[path].link].blockPicoseconds
        let transfer = PacketTransfer(
            sequence: flowSequence,
            phone: phone,
            file: file,
            bytes: bytesComing(file, to: phone),
            path: path,
            oneWay: Interval(nanoseconds: way.roundTrip.nanoseconds / 2),
            furtherPicoseconds: max(way.slowestPicoseconds - shared, 0),
            lossPartsPerMillion: way.lossPartsPerMillion,
            chance: RandomStream(seed: network.seed, purpose: .linkLoss, index: flowSequence),
            client: .get(
                "load",
                wishes: parameters.transferWishes,
                parameters: parameters.transferTimes
            )
        )
        network.paths[path].packetTransfers += 1
        let place = packets.add(transfer)
        var effects = TFTPEffects()
        let time = now
        packets.transfers[place]?.client.start(now: time, into: &effects)
        carryOut(effects, ofClient: true, place)
    }

    /// Something happens to a packet transfer.
    mutating func handlePacket(_ index: UInt32) {
        guard let (place, event) = packets.take(index) else { return }
        eventCount += 1
        let time = now
        var effects = TFTPEffects()
        var isClient = false
        switch event {
        case .takenIn:
            endFetch(place, .done)
            return
        case .wakeClient:
            isClient = true
            _ = packets.transfers[place]?.client.handle(.wake, now: time, into: &effects)
        case .toClient(let signal):
            isClient = true
            let input = TFTPInput.heard(signal, from: Self.serverEnd)
            _ = packets.transfers[place]?.client.handle(input, now: time, into: &effects)
        case .wakeServer:
            _ = packets.transfers[place]?.server?.handle(.wake, now: time, into: &effects)
        case .toServer(.none):
            // A request that comes again, because its answer was lost, is of the same transfer.
            guard packets.transfers[place]?.server == nil else { return }
            var server = newServer(bytes: packets.transfers[place]?.bytes ?? 0)
            server.start(now: time, into: &effects)
            packets.transfers[place]?.server = server
        case .toServer(.some(let signal)):
            let input = TFTPInput.heard(signal, from: Self.clientEnd)
            _ = packets.transfers[place]?.server?.handle(input, now: time, into: &effects)
        }
        carryOut(effects, ofClient: isClient, place)
    }

    /// The two ends of a transfer, which need only differ.
    private static let clientEnd = TFTPEndpoint(low: 1, port: 1)
    private static let serverEnd = TFTPEndpoint(low: 2, port: 2)

    private func newServer(bytes: Int64) -> TFTPTransfer {
        let (terms, acknowledged) = parameters.transferTerms
        return .serveRead(
            to: Self.clientEnd,
            sizeBytes: bytes,
            terms: terms,
            acknowledged: acknowledged,
            parameters: parameters.transferTimes
        )
    }

    private mutating func carryOut(_ effects: TFTPEffects, ofClient isClient: Bool, _ place: Int) {
        for effect in effects.list {
            guard packets.transfers[place] != nil else { return }
            switch effect {
            case .send(.readRequest), .send(.writeRequest): sendUp(nil, place)
            case .send(let packet) where isClient: sendUp(TFTPSignal(packet), place)
            case .send(let packet): sendDown(TFTPSignal(packet), place)
            case .acknowledge(let number): sendUp(.acknowledgement(block: number), place)
            case .sendBlocks(let first, let count):
                for index in first..<first + Int64(count) { sendBlock(index, place) }
            case .wake(let time):
                schedulePacket(isClient ? .wakeClient : .wakeServer, place, at: max(time, now))
            case .complete where isClient: complete(place)
            case .failed where isClient: endFetch(place, .timedOut)
            case .close: close(place, isClient)
            case .complete, .failed, .keep, .refuse, .agreed: break
            }
        }
    }

    private mutating func schedulePacket(_ event: PacketEvent, _ place: Int, at time: Instant) {
        schedule(.packet(packets.keep(event, for: place)), at: time)
    }

    // MARK: On the way

    /// The way up is not crowded: requests and acknowledgements take half a round trip.
    private mutating func sendUp(_ signal: TFTPSignal?, _ place: Int) {
        guard let oneWay = packets.transfers[place]?.oneWay,
            packets.transfers[place]?.losesPacket() == false
        else { return }
        schedulePacket(.toServer(signal), place, at: now + oneWay)
    }

    /// What is no block is small, and takes half a round trip too.
    private mutating func sendDown(_ signal: TFTPSignal, _ place: Int) {
        guard let oneWay = packets.transfers[place]?.oneWay,
            packets.transfers[place]?.losesPacket() == false
        else { return }
        schedulePacket(.toClient(signal), place, at: now + oneWay)
    }

    /// A block waits for the shared link, then crosses it; what is lost is lost behind it.
    private mutating func sendBlock(_ index: Int64, _ place: Int) {
        guard let transfer = packets.transfers[place], let server = transfer.server else { return }
        let bytes = server.byteCount(ofBlock: index)
        let path = transfer.path
        let whole = parameters.blockBytes + parameters.blockHeaderBytes
        let length = Int64(bytes) + parameters.blockHeaderBytes
        func part(_ picoseconds: Int64) -> Interval {
            let scaled = UInt128(max(picoseconds, 0)) * UInt128(length) / UInt128(max(whole, 1))
            return Interval(nanoseconds: Int64(clamping: scaled / 1_000))
        }
        let link = network.paths[path].link
        let crossing = part(network.links[link].blockPicoseconds)
        let start = max(network.links[link].freeAt, now)
        network.links[link].freeAt = start + crossing
        network.links[link].carry(bits: length * 8, at: start)
        network.paths[path].packetBytes += length
        packets.transfers[place]?.highestSent = max(transfer.highestSent, index)
        var arrival = network.links[link].freeAt
        if transfer.furtherPicoseconds > 0 {
            let further = part(transfer.furtherPicoseconds)
            arrival = max(arrival + further, transfer.slowestFreeAt + crossing + further)
            packets.transfers[place]?.slowestFreeAt = arrival
        }
        guard packets.transfers[place]?.losesPacket() == false else { return }
        let handed = takeIn(bytes, place, at: arrival + transfer.oneWay)
        let signal = TFTPSignal.data(block: server.number(ofBlock: index), count: bytes)
        schedulePacket(.toClient(signal), place, at: handed)
    }

    /// When a block that arrives is handed on: a phone takes in no more than its rate, and holds a
    /// window that it has not taken in yet.
    private mutating func takeIn(_ bytes: Int, _ place: Int, at arrival: Instant) -> Instant {
        guard let transfer = packets.transfers[place] else { return arrival }
        func time(_ bytes: Int64) -> Interval {
            Interval(nanoseconds: parameters.receivePicoseconds(bytes: bytes) / 1_000)
        }
        let held = time(parameters.blockBytes) * (max(parameters.windowBlocks, 1) - 1)
        let handed = max(arrival, transfer.takenInAt - held)
        packets.transfers[place]?.takenInAt = max(transfer.takenInAt, handed) + time(Int64(bytes))
        return handed
    }

    // MARK: The end

    /// The last block has come; the phone takes it in.
    private mutating func complete(_ place: Int) {
        guard let end = packets.transfers[place]?.takenInAt, end > now else {
            endFetch(place, .done)
            return
        }
        schedulePacket(.takenIn, place, at: end)
    }

    /// The phone has the file, or has given up.
    private mutating func endFetch(_ place: Int, _ outcome: FetchOutcome) {
        guard let transfer = packets.transfers[place], !transfer.isOver else { return }
        packets.transfers[place]?.isOver = true
        release(transfer)
        if packets.places[transfer.phone.index] == place {
            packets.places[transfer.phone.index] = nil
        }
        removeIfClosed(place)
        if outcome == .done {
            received(transfer.file, on: transfer.path, by: transfer.phone)
        } else {
            giveUp(transfer.file, by: transfer.phone)
        }
    }

    private mutating func close(_ place: Int, _ isClient: Bool) {
        if isClient {
            packets.transfers[place]?.isClientClosed = true
        } else {
            packets.transfers[place]?.isServerClosed = true
        }
        removeIfClosed(place)
    }

    private mutating func removeIfClosed(_ place: Int) {
        guard let transfer = packets.transfers[place], transfer.isOver, transfer.isClientClosed,
            transfer.isServerClosed || transfer.server == nil
        else { return }
        packets.remove(place)
    }

    /// A phone no longer wants a file; its server is not told, as by a phone without power.
    mutating func cancelPackets(of phone: PhoneNumber) {
        guard let place = packets.places[phone.index], let transfer = packets.transfers[place]
        else { return }
        release(transfer)
        packets.remove(place)
    }

    private mutating func release(_ transfer: PacketTransfer) {
        let path = transfer.path
        network.paths[path].packetTransfers -= 1
        network.paths[path].retransmissions += UInt128(transfer.client.repetitions) << 32
        network.servers[network.paths[path].server].serving -= 1
    }
}
