// Packets of what phones sent: broadcasts as datagrams, links as TCP connections, fetches as TFTP. The
// model moves files as flows; here they become the blocks and segments that such a flow stands for,
// evenly spread from its beginning to its end. What is in the files is made up.

internal import HeapModule

/// A packet with its time and where it was seen.
public struct CapturedPacket: Sendable {
    /// When it passed the phone's port.
    public let time: Instant
    /// The phone at whose port it was seen.
    public let phone: PhoneNumber
    /// In or out, to one or to all.
    public let direction: PcapngBlock.Direction
    /// The frame.
    public let bytes: [UInt8]
    /// What is said of it: the phone's name, and what went wrong.
    public let comments: [String]
}

/// Makes packets of records, in the order of time.
public struct PacketMaker {
    /// The port of the phones' own protocol (attested).
    static let peerPort: UInt16 = 4051
    /// The port that TFTP servers hear requests on (RFC 1350).
    static let requestPort: UInt16 = 69
    /// Bytes of a TFTP block without options (RFC 1350).
    static let blockBytes: Int64 = 512
    /// The first of the ports that are given to connections and transfers.
    static let firstPort: UInt32 = 49_152

    let world: World
    let isChosen: (PhoneNumber) -> Bool
    var moving = Heap<MovingTransfer>()
    /// How long each upload and fetch goes on, by the place of its beginning among the records.
    private var ends: [Int: (time: Instant, units: Int64, isWhole: Bool)] = [:]
    var connections: [ConversationKey: LinkConnection] = [:]
    var faults = FaultComments([])
    private var identification: UInt16 = 0
    private var portCount: UInt32 = 0
    var order = 0
    /// Packets made and not yet handed out: an answer may come before what was made earlier.
    private var made = Heap<MadePacket>()
    private var madeCount = 0

    /// Makes packets of the phones that `isChosen` answers true for.
    public init(_ world: World, isChosen: @escaping (PhoneNumber) -> Bool) {
        self.world = world
        self.isChosen = isChosen
    }

    /// Makes the packets of `records`, which stand in the order of time, and hands them to `emit` in
    /// that order too, as long as it answers true.
    ///
    /// Transfers that go on at `end` stop there.
    public mutating func make(
        _ records: [WireRecord],
        until end: Instant,
        emit: (CapturedPacket) -> Bool
    ) {
        findEnds(records, until: end)
        faults = FaultComments(records)
        for (index, record) in records.enumerated() {
            guard play(until: record.time, emit) else { return }
            make(record, index)
        }
        _ = play(until: .never, emit)
    }

    /// Lets the transfers under way send what they send up to an instant, and hands out what is due.
    private mutating func play(until limit: Instant, _ emit: (CapturedPacket) -> Bool) -> Bool {
        while let first = moving.min, first.nextAt <= limit {
            guard hand(outTo: first.nextAt, emit), var transfer = moving.popMin() else {
                return false
            }
            step(&transfer)
            if transfer.isMoving { moving.insert(transfer) }
        }
        return hand(outTo: limit, emit)
    }

    private mutating func hand(outTo limit: Instant, _ emit: (CapturedPacket) -> Bool) -> Bool {
        while let first = made.min, first.packet.time <= limit {
            made.removeMin()
            guard emit(first.packet) else { return false }
        }
        return true
    }

    /// Finds the end of each transfer; one that goes on at the end of the capture stops there.
    private mutating func findEnds(_ records: [WireRecord], until end: Instant) {
        struct Transfer: Hashable {
            let phone: UInt32
            let other: UInt32?
            let file: UInt32
        }
        var open: [Transfer: Int] = [:]
        for (index, record) in records.enumerated() {
            let (phone, file) = (record.phone.index, record.file.index)
            switch record.event {
            case .uploadBegan(to: let child, bytes: _):
                open[Transfer(phone: phone, other: child.index, file: UInt32(file))] = index
            case .uploadEnded(to: let child, let bytes):
                let key = Transfer(phone: phone, other: child.index, file: UInt32(file))
                if let begin = open.removeValue(forKey: key) {
                    ends[begin] = (record.time, bytes, true)
                }
            case .fetchBegan:
                open[Transfer(phone: phone, other: nil, file: UInt32(file))] = index
            case .fetchEnded(let blocks, let isWhole):
                let key = Transfer(phone: phone, other: nil, file: UInt32(file))
                if let begin = open.removeValue(forKey: key) {
                    ends[begin] = (record.time, blocks, isWhole)
                }
            case .broadcast, .message, .close, .fetchRefused, .fetchUnanswered, .faultHit: continue
            }
        }
        for (transfer, index) in open {
            let receiver = PhoneNumber(Int(transfer.other ?? transfer.phone))
            let bytes = world.snapshot(receiver).receivedBytes
            ends[index] = (end, transfer.other == nil ? bytes / Self.blockBytes : bytes, true)
        }
    }

    private mutating func make(_ record: WireRecord, _ index: Int) {
        switch record.event {
        case .broadcast(let message): makeBroadcast(message, record)
        case .message(let message, to: let other, let isAnswered):
            guard isChosen(record.phone) || isChosen(other) else { return }
            makeMessage(message, record, to: other, isAnswered)
        case .close(to: let other):
            guard isChosen(record.phone) || isChosen(other) else { return }
            close(record, to: other)
        case .uploadBegan(to: let child, let bytes):
            guard isChosen(record.phone) || isChosen(child), let end = ends[index] else { return }
            beginUpload(record, to: child, bytes: bytes, end.time, moved: end.units)
        case .fetchRefused(let server, let refusal, .http):
            guard isChosen(record.phone) else { return }
            makeStreamRefusal(record, server: Int(server), refusal)
        case .fetchRefused(let server, let refusal, .tftp):
            guard isChosen(record.phone) else { return }
            makeRefusal(record, server: Int(server), isBusy: refusal == .busy)
        case .fetchUnanswered(.http):
            guard isChosen(record.phone) else { return }
            makeUnansweredStream(record)
        case .fetchUnanswered(.tftp):
            guard isChosen(record.phone) else { return }
            makeRequest(record, server: nil, port: nextPort(), ["no answer"])
        case .fetchBegan(let server, .http):
            guard isChosen(record.phone), let end = ends[index] else { return }
            beginStream(record, server: Int(server), end)
        case .fetchBegan(let server, .tftp):
            guard isChosen(record.phone), let end = ends[index] else { return }
            beginFetch(record, server: Int(server), end.time, blocks: end.units, end.isWhole)
        case .uploadEnded, .fetchEnded, .faultHit: return
        }
    }

    private mutating func makeBroadcast(_ message: PeerMessage, _ record: WireRecord) {
        guard isChosen(record.phone), let payload = bytes(message, record) else { return }
        let subnet = world.subnetDetails(world.subnet(of: record.phone)).network
        let all = FrameEnd(
            mac: MACAddress(bits: 0xFFFF_FFFF_FFFF),
            address: subnet.broadcast,
            port: Self.peerPort
        )
        let frame = NetworkFrame.datagram(
            from: self.end(record.phone, Self.peerPort),
            to: all,
            identification: nextIdentification(),
            payload
        )
        let comments = faults.comments(on: FaultMessage(message), record, to: nil, in: world)
        put(frame, at: record.time, record.phone, .outboundBroadcast, comments.texts)
    }

    // MARK: Parts

    /// A message as pfsh's own protocol writes it; nil where a name does not fit it.
    func bytes(_ message: PeerMessage, _ record: WireRecord) -> [UInt8]? {
        let model = world.identity(record.phone).model.model.name
        let file = world.fileName(record.file)
        return try? WirePeerMessage(modelName: model, fileName: file, message: message).bytes()
    }

    func end(_ phone: PhoneNumber, _ port: UInt16) -> FrameEnd {
        FrameEnd(mac: world.identity(phone).mac, address: world.address(of: phone), port: port)
    }

    mutating func nextIdentification() -> UInt16 {
        identification &+= 1
        return identification
    }

    mutating func nextPort() -> UInt16 {
        portCount += 1
        return UInt16(Self.firstPort + portCount % (65_536 - Self.firstPort))
    }

    mutating func put(
        _ bytes: [UInt8],
        at time: Instant,
        _ phone: PhoneNumber,
        _ direction: PcapngBlock.Direction,
        _ comments: [String] = []
    ) {
        madeCount += 1
        let packet = CapturedPacket(
            time: time,
            phone: phone,
            direction: direction,
            bytes: bytes,
            comments: [world.name(of: phone)] + comments
        )
        made.insert(MadePacket(packet: packet, order: madeCount))
    }
}

/// A packet that waits for its turn.
private struct MadePacket: Comparable {
    let packet: CapturedPacket
    let order: Int

    static func < (left: MadePacket, right: MadePacket) -> Bool {
        (left.packet.time, left.order) < (right.packet.time, right.order)
    }

    static func == (left: MadePacket, right: MadePacket) -> Bool { left.order == right.order }
}
