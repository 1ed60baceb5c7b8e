// Fetches by HTTP as a TCP connection at the phone's port: a handshake, a GET (RFC 9112), the answer and
// the file in segments with acknowledgements, an end; or a refusal, or no answer.

internal import HeapModule

/// A file that comes by HTTP.
struct StreamFetch {
    let server: FrameEnd
    let port: UInt16
    /// Bytes of the file.
    let bytes: Int64
    /// How many of them come.
    let moved: Int64
    /// The phone's next sequence number, once it has asked.
    let fromPhone: UInt32
    /// The server's at the first byte of the file.
    let fromServer: UInt32
}

extension PacketMaker {
    /// CUCM's port for files by HTTP (attested).
    static let streamPort: UInt16 = 6970
    private static let pieceBytes = Int64(NetworkFrame.segmentBytes)

    /// One segment: from the phone, or to it.
    private mutating func put(
        _ fetch: (server: FrameEnd, port: UInt16),
        isOut: Bool,
        _ numbers: (sequence: UInt32, acknowledged: UInt32),
        _ flags: NetworkFrame.Flags,
        _ payload: [UInt8] = [],
        at place: (time: Instant, phone: PhoneNumber),
        _ comments: [String] = []
    ) {
        let own = end(place.phone, fetch.port)
        let frame = NetworkFrame.segment(
            from: isOut ? own : fetch.server,
            to: isOut ? fetch.server : own,
            identification: nextIdentification(),
            sequence: numbers.sequence,
            acknowledgement: numbers.acknowledged,
            flags,
            payload
        )
        put(frame, at: place.time, place.phone, isOut ? .outbound : .inbound, comments)
    }

    /// The first segment of a connection; answers both ends' first numbers.
    private mutating func synchronize(
        _ fetch: (server: FrameEnd, port: UInt16),
        _ record: WireRecord,
        _ comments: [String]
    ) -> (phone: UInt32, server: UInt32) {
        // Any number will do; this one is the same each time.
        let first = UInt32(fetch.port) &* 0x9E37_79B9
        let place = (record.time, record.phone)
        put(fetch, isOut: true, (first, 0), .synchronize, at: place, comments)
        return (first, first ^ 0x5A5A_5A5A)
    }

    /// Opens a connection and asks for the file; answers both ends' next numbers.
    private mutating func request(
        _ fetch: (server: FrameEnd, port: UInt16),
        _ record: WireRecord,
        _ comments: [String]
    ) -> (phone: UInt32, server: UInt32) {
        let first = synchronize(fetch, record, comments)
        let place = (record.time + record.delay * 2, record.phone)
        let (own, other) = (first.phone &+ 1, first.server &+ 1)
        put(fetch, isOut: false, (first.server, own), [.synchronize, .acknowledge], at: place)
        put(fetch, isOut: true, (own, other), .acknowledge, at: place)
        let text =
            "GET /\(world.fileName(record.file)) HTTP/1.1\r\n"
            + "Host: \(fetch.server.address):\(Self.streamPort)\r\nConnection: close\r\n\r\n"
        let flags: NetworkFrame.Flags = [.push, .acknowledge]
        put(fetch, isOut: true, (own, other), flags, Array(text.utf8), at: place)
        return (own &+ UInt32(text.utf8.count), other)
    }

    /// The head of an answer.
    private func head(_ status: String, bytes: Int64) -> [UInt8] {
        Array(
            ("HTTP/1.1 \(status)\r\nContent-Length: \(bytes)\r\n"
                + "Content-Type: application/octet-stream\r\nConnection: close\r\n\r\n").utf8
        )
    }

    mutating func makeUnansweredStream(_ record: WireRecord) {
        let fetch = (serverEnd(nil, Self.streamPort), nextPort())
        _ = synchronize(fetch, record, ["no answer"])
    }

    mutating func makeStreamRefusal(_ record: WireRecord, server: Int, _ refusal: FetchRefusal) {
        let fetch = (serverEnd(server, Self.streamPort), nextPort())
        let name = world.server(server).name
        let connected = (time: record.time + record.delay * 2, phone: record.phone)
        let status: String
        switch refusal {
        case .closed:
            let first = synchronize(fetch, record, ["\(name): no files by HTTP"])
            let numbers = (UInt32(0), first.phone &+ 1)
            put(fetch, isOut: false, numbers, [.reset, .acknowledge], at: connected)
            return
        case .missing: status = "404 Not Found"
        case .busy: status = "503 Service Unavailable"
        }
        let next = request(fetch, record, ["\(name): \(status)"])
        let place = (record.time + record.delay * 4, record.phone)
        let answer = head(status, bytes: 0)
        let flags: NetworkFrame.Flags = [.push, .acknowledge]
        put(fetch, isOut: false, (next.server, next.phone), flags, answer, at: place)
        let behind = next.server &+ UInt32(answer.count)
        close(fetch, (next.phone, behind), at: place)
    }

    /// Both ends say that they are done, the server first.
    private mutating func close(
        _ fetch: (server: FrameEnd, port: UInt16),
        _ next: (phone: UInt32, server: UInt32),
        at place: (time: Instant, phone: PhoneNumber)
    ) {
        let flags: NetworkFrame.Flags = [.finish, .acknowledge]
        put(fetch, isOut: false, (next.server, next.phone), flags, at: place)
        put(fetch, isOut: true, (next.phone, next.server &+ 1), flags, at: place)
        let last = (next.server &+ 1, next.phone &+ 1)
        put(fetch, isOut: false, last, .acknowledge, at: place)
    }

    mutating func beginStream(
        _ record: WireRecord,
        server: Int,
        _ end: (time: Instant, units: Int64, isWhole: Bool)
    ) {
        let fetch = (server: serverEnd(server, Self.streamPort), port: nextPort())
        let name = world.server(server).name
        let next = request(fetch, record, end.isWhole ? [] : ["\(name): the file will not end"])
        let begin = record.time + record.delay * 4
        let bytes = world.fileBytes(record.file)
        let head = head("200 OK", bytes: bytes)
        let numbers = (next.server, next.phone)
        guard begin <= end.time else { return }
        put(fetch, isOut: false, numbers, .acknowledge, head, at: (begin, record.phone))
        let moved = min(end.units * Self.blockBytes, bytes)
        order += 1
        moving.insert(
            MovingTransfer(
                kind: .stream(
                    StreamFetch(
                        server: fetch.server,
                        port: fetch.port,
                        bytes: bytes,
                        moved: moved,
                        fromPhone: next.phone,
                        fromServer: next.server &+ UInt32(head.count)
                    )
                ),
                phone: record.phone,
                begin: begin,
                end: end.time,
                count: (bytes + Self.pieceBytes - 1) / Self.pieceBytes,
                last: max((moved + Self.pieceBytes - 1) / Self.pieceBytes, 1),
                order: order
            )
        )
    }

    /// The next segment of the file comes in; every second one is acknowledged, and the last.
    mutating func stepStream(_ transfer: MovingTransfer, _ stream: StreamFetch) {
        let fetch = (server: stream.server, port: stream.port)
        let offset = (transfer.next - 1) * Self.pieceBytes
        let count = Int(max(0, min(Self.pieceBytes, stream.moved - offset)))
        let place = (time: transfer.nextAt, phone: transfer.phone)
        let sequence = stream.fromServer &+ UInt32(truncatingIfNeeded: offset)
        let isLast = transfer.next == transfer.last
        put(
            fetch,
            isOut: false,
            (sequence, stream.fromPhone),
            isLast ? [.push, .acknowledge] : .acknowledge,
            MadeUpContents.bytes(from: offset, count: count),
            at: place
        )
        let behind = sequence &+ UInt32(count)
        guard isLast else {
            if transfer.next % 2 == 0 {
                put(fetch, isOut: true, (stream.fromPhone, behind), .acknowledge, at: place)
            }
            return
        }
        if stream.moved == stream.bytes {
            close(fetch, (stream.fromPhone, behind), at: place)
        } else {
            put(fetch, isOut: true, (stream.fromPhone, behind), [.reset, .acknowledge], at: place)
        }
    }
}
