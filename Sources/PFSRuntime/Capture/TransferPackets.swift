// Fetches as TFTP (RFC 1350) at the phone's port: a request, blocks and acknowledgements, spread from the
// beginning of a flow to its end; or an error, or nothing.

internal import HeapModule

/// A transfer that still sends packets: the k-th of `count` at its share of the time.
struct MovingTransfer: Comparable {
    enum Kind {
        case upload(ConversationKey, bytes: Int64)
        case fetch(server: FrameEnd, port: UInt16, bytes: Int64)
        case stream(StreamFetch)
    }

    let kind: Kind
    /// The sender of an upload, the receiver of a fetch.
    let phone: PhoneNumber
    let begin: Instant
    let end: Instant
    /// Into how many parts the whole would be cut.
    let count: Int64
    /// After how many it stops.
    let last: Int64
    /// Which of two transfers began first.
    let order: Int
    /// The next part, counted from 1.
    var next: Int64 = 1

    /// Whether something is left to send.
    var isMoving: Bool { next <= last }

    /// When the next part comes.
    var nextAt: Instant {
        let span = (end - begin).nanoseconds
        let share = span.multipliedFullWidth(by: next)
        let (quotient, _) = max(last, 1).dividingFullWidth(share)
        return begin + Interval(nanoseconds: quotient)
    }

    static func < (left: MovingTransfer, right: MovingTransfer) -> Bool {
        (left.nextAt, left.order) < (right.nextAt, right.order)
    }

    static func == (left: MovingTransfer, right: MovingTransfer) -> Bool {
        left.order == right.order && left.next == right.next
    }
}

/// What stands for the contents of a file: numbers of no meaning, a page repeated.
enum MadeUpContents {
    private static let page: [UInt8] = (0..<4_096).map {
        UInt8(truncatingIfNeeded: RandomStream.mix(UInt64($0)))
    }

    static func bytes(from offset: Int64, count: Int) -> [UInt8] {
        (0..<count).map { page[(Int(offset) + $0) % page.count] }
    }
}

extension PacketMaker {
    /// Stands for a server without an address (RFC 5737: an address of no network).
    static let unknownServer = IPv4Address(bits: 0xC000_0201)
    /// The MAC address of whatever is not on the phone's subnet: a router's, own choice.
    private static let router = MACAddress(bits: 0x0200_FFFF_FFFE)

    mutating func step(_ transfer: inout MovingTransfer) {
        switch transfer.kind {
        case .upload(let key, let bytes): stepUpload(transfer, key, bytes: bytes)
        case .fetch(let server, let port, let bytes): stepFetch(transfer, server, port, bytes)
        case .stream(let stream): stepStream(transfer, stream)
        }
        transfer.next += 1
    }

    func serverEnd(_ index: Int?, _ port: UInt16) -> FrameEnd {
        let address = index.flatMap { world.server($0).address } ?? Self.unknownServer
        return FrameEnd(mac: Self.router, address: address, port: port)
    }

    private mutating func put(
        _ packet: TFTPPacket,
        from source: FrameEnd,
        to destination: FrameEnd,
        _ record: (time: Instant, phone: PhoneNumber),
        _ direction: PcapngBlock.Direction,
        _ comments: [String] = []
    ) {
        let frame = NetworkFrame.datagram(
            from: source,
            to: destination,
            identification: nextIdentification(),
            packet.bytes
        )
        put(frame, at: record.time, record.phone, direction, comments)
    }

    /// The request for a file, from a port of its own.
    mutating func makeRequest(
        _ record: WireRecord,
        server: Int?,
        port: UInt16,
        _ comments: [String]
    ) {
        let request = TFTPRequest(fileName: world.fileName(record.file), mode: .octet)
        put(
            .readRequest(request),
            from: end(record.phone, port),
            to: serverEnd(server, Self.requestPort),
            (record.time, record.phone),
            .outbound,
            comments
        )
    }

    mutating func makeRefusal(_ record: WireRecord, server: Int, isBusy: Bool) {
        let (port, serverPort) = (nextPort(), nextPort())
        let reason = isBusy ? "too many transfers" : "file not found"
        makeRequest(record, server: server, port: port, ["\(world.server(server).name): \(reason)"])
        let code: TFTPErrorCode = isBusy ? .notDefined : .fileNotFound
        put(
            .error(TFTPErrorMessage(code, reason)),
            from: serverEnd(server, serverPort),
            to: end(record.phone, port),
            (record.time + record.delay * 2, record.phone),
            .inbound
        )
    }

    mutating func beginFetch(
        _ record: WireRecord,
        server: Int,
        _ end: Instant,
        blocks: Int64,
        _ isWhole: Bool
    ) {
        let (port, serverPort) = (nextPort(), nextPort())
        let reason = isWhole ? [] : ["\(world.server(server).name): the transfer will not end"]
        makeRequest(record, server: server, port: port, reason)
        let bytes = world.fileBytes(record.file)
        order += 1
        guard blocks > 0 else { return }
        moving.insert(
            MovingTransfer(
                kind: .fetch(server: serverEnd(server, serverPort), port: port, bytes: bytes),
                phone: record.phone,
                begin: record.time,
                end: end,
                count: bytes / Self.blockBytes + 1,
                last: min(blocks, bytes / Self.blockBytes + 1),
                order: order
            )
        )
    }

    /// A block comes in, and its acknowledgement goes out.
    private mutating func stepFetch(
        _ transfer: MovingTransfer,
        _ server: FrameEnd,
        _ port: UInt16,
        _ bytes: Int64
    ) {
        let offset = (transfer.next - 1) * Self.blockBytes
        let count = Int(max(0, min(Self.blockBytes, bytes - offset)))
        let block = UInt16(truncatingIfNeeded: transfer.next)
        let own = end(transfer.phone, port)
        let place = (transfer.nextAt, transfer.phone)
        put(
            .data(block: block, payload: MadeUpContents.bytes(from: offset, count: count)),
            from: server,
            to: own,
            place,
            .inbound
        )
        put(.acknowledgement(block: block), from: own, to: server, place, .outbound)
    }
}
