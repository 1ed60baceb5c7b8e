// Reading peer messages: what comes from a network can only be refused. Nothing here traps, no
// length is believed before it is checked, and no input makes more memory than one message takes.

extension WirePeerMessage {
    /// Reads the one message that `bytes` are.
    ///
    /// Throws `WireError` unless the bytes are exactly one message, of a kind that travels in this
    /// way. What is accepted is emitted again as the same bytes.
    public init(parsing bytes: [UInt8], from carrier: Carrier) throws(WireError) {
        var reader = MessageReader(bytes)
        let kind = try reader.header(carrier)
        let modelName = try reader.text(longest: Self.modelNameByteLimit, or: .badModelName)
        let fileName = try reader.text(longest: Self.fileNameByteLimit, or: .badFileName)
        let excess = bytes.count - reader.offset - kind.fieldBytes
        guard excess >= 0 else { throw WireError(offset: bytes.count, reason: .truncated) }
        guard excess == 0 else {
            throw WireError(offset: bytes.count - excess, reason: .trailingBytes(excess))
        }
        let message = try reader.fields(of: kind)
        try self.init(modelName: modelName, fileName: fileName, message: message)
    }

    /// The length in bytes of the message that a link's next bytes begin with.
    ///
    /// Answers nil when too few bytes have come to tell, which is at most `headerBytes` - 1. Throws
    /// `WireError` as soon as it is certain that no message of a link begins so: the link is then
    /// to be closed. The answer is `leastBytes` to `mostBytes`, which bounds what must be kept.
    public static func length(ofMessageBeginning bytes: [UInt8]) throws(WireError) -> Int? {
        var reader = MessageReader(bytes)
        do {
            _ = try reader.kind(.link)
            return try reader.length()
        } catch {
            guard error.reason == .truncated else { throw error }
            return nil
        }
    }
}

/// A position in the bytes of a message.
private struct MessageReader {
    private let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Magic, version, kind and a length that is the true one.
    mutating func header(_ carrier: WirePeerMessage.Carrier) throws(WireError) -> PeerMessageKind {
        let kind = try kind(carrier)
        let stated = try length()
        guard stated <= bytes.count else {
            throw WireError(offset: bytes.count, reason: .truncated)
        }
        guard stated == bytes.count else {
            throw WireError(offset: stated, reason: .trailingBytes(bytes.count - stated))
        }
        return kind
    }

    /// Magic, version and kind.
    mutating func kind(_ carrier: WirePeerMessage.Carrier) throws(WireError) -> PeerMessageKind {
        for expected in WirePeerMessage.magic {
            let position = offset
            guard try byte() == expected else {
                throw WireError(offset: position, reason: .notOurs)
            }
        }
        let version = try byte()
        guard version == WirePeerMessage.version else {
            throw WireError(offset: offset - 1, reason: .unknownVersion(version))
        }
        let code = try byte()
        guard let kind = PeerMessageKind(rawValue: code) else {
            throw WireError(offset: offset - 1, reason: .unknownKind(code))
        }
        switch carrier {
        case .datagram where !kind.isBroadcast:
            throw WireError(offset: offset - 1, reason: .linkMessageInDatagram)
        case .link where kind.isBroadcast:
            throw WireError(offset: offset - 1, reason: .broadcastOverLink)
        case .datagram, .link:
            return kind
        }
    }

    /// The stated length, if some message can have it.
    mutating func length() throws(WireError) -> Int {
        let high = try byte()
        let low = try byte()
        let stated = Int(high) << 8 | Int(low)
        guard (WirePeerMessage.leastBytes...WirePeerMessage.mostBytes).contains(stated) else {
            throw WireError(offset: offset - 2, reason: .badLength(stated))
        }
        return stated
    }

    /// A text after its length; what it may hold is checked when the message is made.
    mutating func text(
        longest: Int,
        or reason: WireError.Reason
    ) throws(WireError) -> String {
        let start = offset
        let count = Int(try byte())
        guard (1...longest).contains(count) else { throw WireError(offset: start, reason: reason) }
        guard count <= bytes.count - offset else {
            throw WireError(offset: bytes.count, reason: .truncated)
        }
        defer { offset += count }
        return String(decoding: bytes[offset..<offset + count], as: UTF8.self)
    }

    /// What follows the names.
    mutating func fields(of kind: PeerMessageKind) throws(WireError) -> PeerMessage {
        switch kind {
        case .claim:
            let transaction = try word()
            let strength = try word()
            return .claim(
                Claim(
                    transaction: transaction,
                    strength: strength,
                    advertisement: try byte(),
                    fetchBegun: false
                )
            )
        case .confirmed:
            let transaction = try word()
            let strength = try word()
            return .confirmed(
                Claim(
                    transaction: transaction,
                    strength: strength,
                    advertisement: 0,
                    fetchBegun: try flag()
                )
            )
        case .offer: return .offer(transaction: try word())
        case .failed: return .failed(try failure())
        case .join: return .join(transaction: try word())
        case .accept: return .accept(try position())
        case .refuse:
            let address = IPv4Address(bits: try word())
            return .refuse(redirect: address.bits == 0 ? nil : address)
        case .hold: return .hold(try position())
        case .rootless: return .rootless
        case .dissolve: return .dissolve
        case .complete: return .complete
        case .bye: return .bye
        }
    }

    private mutating func position() throws(WireError) -> HierarchyPosition {
        let transaction = try word()
        let root = IPv4Address(bits: try word())
        return HierarchyPosition(transaction: transaction, root: root, depth: try byte())
    }

    private mutating func failure() throws(WireError) -> FailureReason {
        let code = try byte()
        guard let reason = FailureReason(rawValue: code) else {
            throw WireError(offset: offset - 1, reason: .unknownFailure(code))
        }
        return reason
    }

    private mutating func flag() throws(WireError) -> Bool {
        let value = try byte()
        guard value <= 1 else { throw WireError(offset: offset - 1, reason: .badFlag(value)) }
        return value == 1
    }

    private mutating func word() throws(WireError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 { value = value << 8 | UInt32(try byte()) }
        return value
    }

    private mutating func byte() throws(WireError) -> UInt8 {
        guard offset < bytes.count else {
            throw WireError(offset: bytes.count, reason: .truncated)
        }
        defer { offset += 1 }
        return bytes[offset]
    }
}
