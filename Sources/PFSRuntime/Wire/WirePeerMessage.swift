// A peer message as it stands on a network: with the names of model and file, which are numbers
// inside a world. This file has the value, its limits and the emitter; PeerMessageCodec.swift reads
// bytes. The format is pfsh's own: the real phones' is not public, and pfsh does not speak to them.

/// One peer message together with the names that tell which hierarchy it is about.
///
/// Only values that can be emitted exist: every limit below is checked when one is made.
public struct WirePeerMessage: Hashable, Sendable {
    /// The exact model, such as `CP-7961G`.
    public let modelName: String
    /// The firmware file, such as `SCCP41.9-4-2SR1-1S.loads`; a plain name, never a path.
    public let fileName: String
    /// What is said.
    public let message: PeerMessage

    /// How a message travels.
    public enum Carrier: BitwiseCopyable, Hashable, Sendable {
        /// A UDP broadcast: one message, nothing else.
        case datagram
        /// The TCP link between two phones: one message after the other.
        case link
    }

    /// The first eight bytes of every message: 0x89, `pfsh`, CR, LF, 0x1A.
    ///
    /// The first byte is not ASCII, so that no text begins like it; CR LF and the end-of-file byte
    /// show when something in between treats the bytes as text. Modelled: nobody outside the
    /// manufacturer knows how a real phone's message begins, but by chance 1 in 2⁶⁴ begins so.
    public static let magic: [UInt8] = [0x89, 0x70, 0x66, 0x73, 0x68, 0x0D, 0x0A, 0x1A]
    /// The version that is spoken; another one is refused.
    public static let version: UInt8 = 1
    /// Bytes before the names: magic, version, kind, length.
    public static let headerBytes = 12
    /// The most bytes of a model's name; the longest in the catalogue has 11.
    public static let modelNameByteLimit = 32
    /// The most bytes of a file's name: what file systems allow.
    public static let fileNameByteLimit = 255
    /// The deepest place that a message may name; the default of `PeerParameters.depthLimit`.
    public static let depthLimit: UInt8 = 64
    /// The fewest bytes of a message: header, two names of one byte, no more.
    public static let leastBytes = headerBytes + 2 + 2
    /// The most bytes of a message: longest names, and the longest fields, of a claim or a position.
    public static let mostBytes = headerBytes + 2 + modelNameByteLimit + fileNameByteLimit + 9

    /// Makes a message that can be emitted.
    ///
    /// Throws what the parser would say of the emitted bytes: a bad name, a strength of the wrong
    /// sort, a depth over the limit, an address that is none. The offset is the one at which the
    /// field would stand.
    public init(
        modelName: String,
        fileName: String,
        message: PeerMessage
    ) throws(WireError) {
        let modelStart = Self.headerBytes
        let fileStart = modelStart + 1 + modelName.utf8.count
        guard Self.isText(modelName, byteLimit: Self.modelNameByteLimit) else {
            throw WireError(offset: modelStart, reason: .badModelName)
        }
        guard Self.isFileName(fileName) else {
            throw WireError(offset: fileStart, reason: .badFileName)
        }
        try Self.check(message, at: fileStart + 1 + fileName.utf8.count)
        self.modelName = modelName
        self.fileName = fileName
        self.message = message
    }

    /// Printable ASCII, one to `byteLimit` bytes.
    private static func isText(_ text: String, byteLimit: Int) -> Bool {
        (1...byteLimit).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// Text that names a file in a folder and cannot lead out of it.
    private static func isFileName(_ text: String) -> Bool {
        isText(text, byteLimit: fileNameByteLimit) && !text.utf8.contains(0x2F)
            && text != "." && text != ".."
    }

    /// Refuses fields that no phone sends; `offset` is where the fields stand.
    private static func check(_ message: PeerMessage, at offset: Int) throws(WireError) {
        switch message {
        case .claim(let claim):
            guard claim.strength & ClaimRank.confirmedBit == 0 else {
                throw WireError(offset: offset + 4, reason: .confirmedStrengthInClaim)
            }
            guard !claim.fetchBegun else {
                throw WireError(offset: offset + 8, reason: .fetchInClaim)
            }
        case .confirmed(let claim):
            guard claim.strength & ClaimRank.confirmedBit != 0 else {
                throw WireError(offset: offset + 4, reason: .tentativeStrengthInConfirmed)
            }
            guard claim.advertisement == 0 else {
                throw WireError(offset: offset + 8, reason: .numberInConfirmed)
            }
        case .accept(let position), .hold(let position):
            guard position.root.bits != 0 else {
                throw WireError(offset: offset + 4, reason: .noAddress)
            }
            guard position.depth <= depthLimit else {
                throw WireError(offset: offset + 8, reason: .tooDeep(position.depth))
            }
        case .refuse(redirect: .some(let address)):
            guard address.bits != 0 else { throw WireError(offset: offset, reason: .noAddress) }
        case .refuse(redirect: .none), .offer, .failed, .join, .rootless, .dissolve, .complete,
            .bye:
            break
        }
    }

    /// The bytes of the message, `leastBytes` to `mostBytes` of them.
    public func bytes() -> [UInt8] {
        var bytes = Self.magic
        bytes.reserveCapacity(Self.mostBytes)
        bytes += [Self.version, PeerMessageKind(message).rawValue, 0, 0]
        bytes.append(UInt8(modelName.utf8.count))
        bytes += modelName.utf8
        bytes.append(UInt8(fileName.utf8.count))
        bytes += fileName.utf8
        Self.appendFields(of: message, to: &bytes)
        bytes[10] = UInt8(bytes.count >> 8)
        bytes[11] = UInt8(bytes.count & 0xFF)
        return bytes
    }

    private static func appendFields(of message: PeerMessage, to bytes: inout [UInt8]) {
        switch message {
        case .claim(let claim):
            append(claim.transaction, to: &bytes)
            append(claim.strength, to: &bytes)
            bytes.append(claim.advertisement)
        case .confirmed(let claim):
            append(claim.transaction, to: &bytes)
            append(claim.strength, to: &bytes)
            bytes.append(claim.fetchBegun ? 1 : 0)
        case .offer(let transaction), .join(let transaction):
            append(transaction, to: &bytes)
        case .failed(let reason):
            bytes.append(reason.rawValue)
        case .accept(let position), .hold(let position):
            append(position.transaction, to: &bytes)
            append(position.root.bits, to: &bytes)
            bytes.append(position.depth)
        case .refuse(let redirect):
            append(redirect?.bits ?? 0, to: &bytes)
        case .rootless, .dissolve, .complete, .bye:
            break
        }
    }

    private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        for shift: UInt32 in [24, 16, 8, 0] {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}

/// The kind byte of each message: broadcasts count from 1, a link's messages from 16.
enum PeerMessageKind: UInt8, CaseIterable {
    case claim = 1
    case confirmed = 2
    case offer = 3
    case failed = 4
    case join = 16
    case accept = 17
    case refuse = 18
    case hold = 19
    case rootless = 20
    case dissolve = 21
    case complete = 22
    case bye = 23

    init(_ message: PeerMessage) {
        self =
            switch message {
            case .claim: .claim
            case .confirmed: .confirmed
            case .offer: .offer
            case .failed: .failed
            case .join: .join
            case .accept: .accept
            case .refuse: .refuse
            case .hold: .hold
            case .rootless: .rootless
            case .dissolve: .dissolve
            case .complete: .complete
            case .bye: .bye
            }
    }

    /// Whether the message is broadcast rather than sent over a link.
    var isBroadcast: Bool { rawValue < PeerMessageKind.join.rawValue }

    /// How many bytes the fields of the kind take.
    var fieldBytes: Int {
        switch self {
        case .claim, .confirmed, .accept, .hold: 9
        case .offer, .join, .refuse: 4
        case .failed: 1
        case .rootless, .dissolve, .complete, .bye: 0
        }
    }
}
