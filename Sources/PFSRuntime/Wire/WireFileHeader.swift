// What stands on a link before the bytes of a file. The header has the form of the messages, so that a
// link is one sequence of frames: after a file's header come just so many bytes, then the next frame.

/// The announcement of a file's bytes on a link between two phones.
public struct WireFileHeader: Hashable, Sendable {
    /// The kind byte; messages of a link count from 16 to 23.
    public static let kind: UInt8 = 24
    /// The exact model, as in the messages of the link.
    public let modelName: String
    /// The file; a plain name, never a path.
    public let fileName: String
    /// The file's size in bytes: 0 to `FirmwareFile.sizeLimit`.
    public let sizeBytes: Int64

    /// Makes a header that can be emitted.
    ///
    /// Throws what the parser would say of a name or a size that cannot be.
    public init(modelName: String, fileName: String, sizeBytes: Int64) throws(WireError) {
        // The names obey the rules of a message; Bye has no fields besides.
        _ = try WirePeerMessage(modelName: modelName, fileName: fileName, message: .bye)
        guard (0...Int64(FirmwareFile.sizeLimit)).contains(sizeBytes) else {
            let offset =
                WirePeerMessage.headerBytes + 2 + modelName.utf8.count + fileName.utf8.count
            throw WireError(offset: offset, reason: .fileTooLarge)
        }
        self.modelName = modelName
        self.fileName = fileName
        self.sizeBytes = sizeBytes
    }

    /// The bytes of the header.
    public func bytes() -> [UInt8] {
        var bytes = WirePeerMessage.magic
        bytes += [WirePeerMessage.version, Self.kind, 0, 0]
        bytes.append(UInt8(modelName.utf8.count))
        bytes += modelName.utf8
        bytes.append(UInt8(fileName.utf8.count))
        bytes += fileName.utf8
        for shift: Int64 in [56, 48, 40, 32, 24, 16, 8, 0] {
            bytes.append(UInt8(truncatingIfNeeded: sizeBytes >> shift))
        }
        bytes[10] = UInt8(bytes.count >> 8)
        bytes[11] = UInt8(bytes.count & 0xFF)
        return bytes
    }

    /// Reads the one header that `bytes` are.
    ///
    /// Throws `WireError` unless they are exactly one.
    public init(parsing bytes: [UInt8]) throws(WireError) {
        // A header is a Bye with eight bytes behind it, and another kind.
        guard bytes.count >= Self.leastBytes else {
            throw WireError(offset: bytes.count, reason: .truncated)
        }
        guard bytes[9] == Self.kind else {
            throw WireError(offset: 9, reason: .unknownKind(bytes[9]))
        }
        let stated = Int(bytes[10]) << 8 | Int(bytes[11])
        guard stated == bytes.count else { throw WireError(offset: 10, reason: .badLength(stated)) }
        var named = Array(bytes.dropLast(Self.sizeFieldBytes))
        named[9] = 23
        named[10] = UInt8(named.count >> 8)
        named[11] = UInt8(named.count & 0xFF)
        let names = try WirePeerMessage(parsing: named, from: .link)
        let size = bytes.suffix(Self.sizeFieldBytes).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        try self.init(
            modelName: names.modelName,
            fileName: names.fileName,
            sizeBytes: Int64(clamping: size)
        )
    }

    /// The bytes of the size.
    private static let sizeFieldBytes = 8
    /// The fewest bytes of a header.
    public static let leastBytes = WirePeerMessage.leastBytes + sizeFieldBytes
}

/// The announcement of some bytes of the file whose header came last on a link.
///
/// Between two pieces messages go on, so that a long file never silences a link.
public enum WirePiece {
    /// The kind byte.
    public static let kind: UInt8 = 25
    /// The bytes before those of the file.
    public static let headerBytes = WirePeerMessage.headerBytes + 4
    /// The most bytes of a piece (own choice: 20 ms of a port of 100 Mbit/s).
    public static let byteLimit = 1 << 18

    /// The bytes that stand before `count` bytes of the file: 1 to `byteLimit`.
    public static func header(count: Int) -> [UInt8] {
        var bytes = WirePeerMessage.magic
        bytes += [WirePeerMessage.version, kind, 0, UInt8(headerBytes)]
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: count >> shift)) }
        return bytes
    }

    /// How many bytes of the file follow the header that `bytes` are.
    ///
    /// Throws `WireError` unless they are exactly one.
    static func count(parsing bytes: [UInt8]) throws(WireError) -> Int {
        guard bytes.count == headerBytes else {
            throw WireError(offset: 10, reason: .badLength(bytes.count))
        }
        let count = bytes.suffix(4).reduce(0) { $0 << 8 | Int($1) }
        guard (1...byteLimit).contains(count) else {
            throw WireError(offset: WirePeerMessage.headerBytes, reason: .badPiece(count))
        }
        return count
    }
}

/// What a link's next bytes are.
public enum WireFrame: Hashable, Sendable {
    /// A message.
    case message(WirePeerMessage)
    /// A file's header; its bytes follow in pieces.
    case file(WireFileHeader)
    /// So many bytes of the file follow.
    case piece(byteCount: Int)

    /// The length in bytes of the frame that a link's next bytes begin with.
    ///
    /// Answers nil when too few bytes have come to tell. Throws `WireError` as soon as it is certain
    /// that no frame begins so: the link is then to be closed.
    public static func length(ofFrameBeginning bytes: [UInt8]) throws(WireError) -> Int? {
        let kind = bytes.count > 9 ? bytes[9] : 0
        guard kind == WireFileHeader.kind || kind == WirePiece.kind else {
            return try WirePeerMessage.length(ofMessageBeginning: bytes)
        }
        // All but the kind is as in a Bye.
        var alike = Array(bytes.prefix(WirePeerMessage.headerBytes))
        alike[9] = 23
        guard let length = try WirePeerMessage.length(ofMessageBeginning: alike) else { return nil }
        let least = kind == WirePiece.kind ? WirePiece.headerBytes : WireFileHeader.leastBytes
        let most = kind == WirePiece.kind ? WirePiece.headerBytes : WirePeerMessage.mostBytes
        guard (least...most).contains(length) else {
            throw WireError(offset: 10, reason: .badLength(length))
        }
        return length
    }

    /// Reads the one frame that `bytes` are.
    ///
    /// Throws `WireError` unless they are exactly one.
    public init(parsing bytes: [UInt8]) throws(WireError) {
        switch bytes.count > 9 ? bytes[9] : 0 {
        case WireFileHeader.kind: self = .file(try WireFileHeader(parsing: bytes))
        case WirePiece.kind: self = .piece(byteCount: try WirePiece.count(parsing: bytes))
        default: self = .message(try WirePeerMessage(parsing: bytes, from: .link))
        }
    }
}
