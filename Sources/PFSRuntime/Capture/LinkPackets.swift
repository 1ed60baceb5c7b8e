// A link between two phones as a TCP connection: a handshake before a Join, messages and pieces of files
// in segments with acknowledgements, an end. Numbers count from the beginning of each connection.

internal import HeapModule

/// Which link it is: the child's end, the parent's, and the file.
struct ConversationKey: Hashable {
    let child: UInt32
    let parent: UInt32
    let file: UInt32
}

/// A connection that was opened.
struct LinkConnection {
    let child: PhoneNumber
    let parent: PhoneNumber
    let childPort: UInt16
    /// The next sequence numbers of both ends.
    var fromChild: UInt32
    var fromParent: UInt32
    /// Whether somebody answered the first segment.
    let isOpen: Bool
}

extension PacketMaker {
    /// Bytes of a file in a segment, behind the announcement of a piece.
    private static let pieceBytes = NetworkFrame.segmentBytes - WirePeerMessage.headerBytes - 4
    /// The kind bytes of what stands before a file and before a piece of it (docs/protocol.md).
    private static let (fileKind, pieceKind): (UInt8, UInt8) = (24, 25)
    /// How long a receiver waits with the acknowledgement of a single segment; own choice.
    private static let acknowledgementDelay = Interval.microseconds(40)

    // MARK: Messages

    mutating func makeMessage(
        _ message: PeerMessage,
        _ record: WireRecord,
        to other: PhoneNumber,
        _ isAnswered: Bool
    ) {
        guard let payload = bytes(message, record) else { return }
        let hit = faults.comments(on: FaultMessage(message), record, to: other, in: world)
        var time = record.time
        let key: ConversationKey
        if case .join = message {
            // A fault that takes the Join takes the connection: nothing comes back.
            let isOpen = isAnswered && !hit.isLost
            key = open(record, to: other, isOpen, isOpen ? [] : hit.texts)
            // The segment there, and the one back.
            time = record.time + record.delay * 2
        } else {
            key = known(message, record, other)
        }
        guard isAnswered, connections[key]?.isOpen ?? false else { return }
        send(payload, over: key, from: record.phone, at: time, comments: hit.texts)
    }

    private mutating func open(
        _ record: WireRecord,
        to parent: PhoneNumber,
        _ isAnswered: Bool,
        _ comments: [String]
    ) -> ConversationKey {
        let key = ConversationKey(
            child: record.phone.index,
            parent: parent.index,
            file: UInt32(record.file.index)
        )
        var connection = begun(key, isOpen: isAnswered)
        let (child, other) = ends(of: connection)
        let first = connection.fromChild
        put(
            segment(from: child, to: other, first, 0, .synchronize),
            at: record.time,
            record.phone,
            .outbound,
            isAnswered ? [] : ["no answer"] + comments
        )
        connection.fromChild = first &+ 1
        if isAnswered {
            let second = connection.fromParent
            connection.fromParent = second &+ 1
            let answered = record.time + record.delay * 2
            put(
                segment(from: other, to: child, second, first &+ 1, [.synchronize, .acknowledge]),
                at: answered,
                record.phone,
                .inbound
            )
            put(
                segment(from: child, to: other, first &+ 1, second &+ 1, .acknowledge),
                at: answered,
                record.phone,
                .outbound
            )
        }
        connections[key] = connection
        return key
    }

    /// The connection of a message that is no Join; begun silently where the capture began later.
    private mutating func known(
        _ message: PeerMessage,
        _ record: WireRecord,
        _ other: PhoneNumber
    ) -> ConversationKey {
        let file = UInt32(record.file.index)
        let (own, its) = (record.phone.index, other.index)
        let asChild = ConversationKey(child: own, parent: its, file: file)
        let asParent = ConversationKey(child: its, parent: own, file: file)
        if connections[asChild] != nil { return asChild }
        if connections[asParent] != nil { return asParent }
        let isParent =
            switch message {
            case .accept, .refuse, .rootless, .dissolve: true
            default: false
            }
        let key = isParent ? asParent : asChild
        connections[key] = begun(key, isOpen: true)
        return key
    }

    private mutating func begun(_ key: ConversationKey, isOpen: Bool) -> LinkConnection {
        let port = nextPort()
        // Any number will do; this one is the same each time.
        let first = UInt32(port) &* 0x9E37_79B9
        return LinkConnection(
            child: PhoneNumber(Int(key.child)),
            parent: PhoneNumber(Int(key.parent)),
            childPort: port,
            fromChild: first,
            fromParent: first ^ 0x5A5A_5A5A,
            isOpen: isOpen
        )
    }

    private func ends(of connection: LinkConnection) -> (child: FrameEnd, parent: FrameEnd) {
        (end(connection.child, connection.childPort), end(connection.parent, Self.peerPort))
    }

    private mutating func segment(
        from source: FrameEnd,
        to destination: FrameEnd,
        _ sequence: UInt32,
        _ acknowledgement: UInt32,
        _ flags: NetworkFrame.Flags,
        _ payload: [UInt8] = []
    ) -> [UInt8] {
        NetworkFrame.segment(
            from: source,
            to: destination,
            identification: nextIdentification(),
            sequence: sequence,
            acknowledgement: acknowledgement,
            flags,
            payload
        )
    }

    /// Sends bytes of one end, seen at the sender's port, and the other's acknowledgement.
    private mutating func send(
        _ payload: [UInt8],
        over key: ConversationKey,
        from phone: PhoneNumber,
        at time: Instant,
        _ flags: NetworkFrame.Flags = [.push, .acknowledge],
        isAcknowledged: Bool = true,
        comments: [String] = []
    ) {
        guard var connection = connections[key] else { return }
        let isChild = phone == connection.child
        let (child, parent) = ends(of: connection)
        let (source, destination) = isChild ? (child, parent) : (parent, child)
        let sequence = isChild ? connection.fromChild : connection.fromParent
        let heard = isChild ? connection.fromParent : connection.fromChild
        put(
            segment(from: source, to: destination, sequence, heard, flags, payload),
            at: time,
            phone,
            .outbound,
            comments
        )
        let counted: UInt32 = flags.contains(.finish) ? 1 : 0
        let next = sequence &+ UInt32(payload.count) &+ counted
        if isChild { connection.fromChild = next } else { connection.fromParent = next }
        connections[key] = connection
        guard isAcknowledged else { return }
        put(
            segment(from: destination, to: source, heard, next, .acknowledge),
            at: time + Self.acknowledgementDelay,
            phone,
            .inbound
        )
    }

    mutating func close(_ record: WireRecord, to other: PhoneNumber) {
        let file = UInt32(record.file.index)
        for key in [
            ConversationKey(child: record.phone.index, parent: other.index, file: file),
            ConversationKey(child: other.index, parent: record.phone.index, file: file),
        ] where connections[key] != nil {
            if connections[key]?.isOpen ?? false {
                send([], over: key, from: record.phone, at: record.time, [.finish, .acknowledge])
            }
            connections[key] = nil
        }
    }

    // MARK: Files

    mutating func beginUpload(
        _ record: WireRecord,
        to child: PhoneNumber,
        bytes: Int64,
        _ end: Instant,
        moved: Int64
    ) {
        let key = ConversationKey(
            child: child.index,
            parent: record.phone.index,
            file: UInt32(record.file.index)
        )
        if connections[key] == nil { connections[key] = begun(key, isOpen: true) }
        guard let name = try? wireName(record) else { return }
        send(
            announcement(name, kind: Self.fileKind, bytes),
            over: key,
            from: record.phone,
            at: record.time,
            comments: faults.comments(on: .transfer, record, to: child, in: world).texts
        )
        order += 1
        let count = (bytes + Int64(Self.pieceBytes) - 1) / Int64(Self.pieceBytes)
        guard count > 0 else { return }
        moving.insert(
            MovingTransfer(
                kind: .upload(key, bytes: bytes),
                phone: record.phone,
                begin: record.time,
                end: end,
                count: count,
                last: moved >= bytes ? count : moved / Int64(Self.pieceBytes),
                order: order
            )
        )
    }

    /// The names in front of every frame of a link.
    private func wireName(_ record: WireRecord) throws(WireError) -> [UInt8] {
        let message = try WirePeerMessage(
            modelName: world.identity(record.phone).model.model.name,
            fileName: world.fileName(record.file),
            message: .bye
        )
        return message.bytes()
    }

    /// What stands before a file: as a Bye, with another kind and the size behind the names.
    private func announcement(_ bye: [UInt8], kind: UInt8, _ size: Int64) -> [UInt8] {
        var bytes = bye
        bytes[9] = kind
        for shift: Int64 in [56, 48, 40, 32, 24, 16, 8, 0] {
            bytes.append(UInt8(truncatingIfNeeded: size >> shift))
        }
        bytes[10] = UInt8(bytes.count >> 8)
        bytes[11] = UInt8(bytes.count & 0xFF)
        return bytes
    }

    /// Sends the next piece of a file.
    mutating func stepUpload(_ transfer: MovingTransfer, _ key: ConversationKey, bytes: Int64) {
        let offset = (transfer.next - 1) * Int64(Self.pieceBytes)
        let count = Int(min(Int64(Self.pieceBytes), bytes - offset))
        let header = WirePeerMessage.headerBytes + 4
        var payload = WirePeerMessage.magic
        payload += [WirePeerMessage.version, Self.pieceKind, 0, UInt8(header)]
        for shift in [24, 16, 8, 0] { payload.append(UInt8(truncatingIfNeeded: count >> shift)) }
        payload += MadeUpContents.bytes(from: offset, count: count)
        send(
            payload,
            over: key,
            from: transfer.phone,
            at: transfer.nextAt,
            isAcknowledged: transfer.next % 2 == 0 || transfer.next == transfer.last
        )
    }
}
