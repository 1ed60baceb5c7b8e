// TFTP packets as bytes. Reading is total: what comes from a network can only be refused, with the
// byte at which that was found. Nothing traps, and no input costs more memory than it is long.

/// Why bytes are not a TFTP packet.
public struct TFTPPacketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where the trouble is, in bytes from the start.
    public let offset: Int
    /// What the trouble is.
    public let reason: Reason

    /// What was wrong.
    public enum Reason: Hashable, Sendable {
        /// The bytes end before the packet does, or a text lacks its NUL.
        case truncated
        /// No packet has this opcode.
        case unknownOpcode(UInt16)
        /// The packet is longer than one of its kind can be.
        case tooLong(limitBytes: Int)
        /// A text is not UTF-8.
        case badText
        /// A request without a file name, or with one over `TFTPPacket.nameByteLimit`.
        case badName
        /// A mode that nobody knows.
        case unknownMode
        /// An option with an empty name, or without a value.
        case badOption
    }

    /// One line for a log.
    public var description: String {
        let words =
            switch reason {
            case .truncated: "the packet ends in the middle"
            case .unknownOpcode(let code): "no packet has opcode \(code)"
            case .tooLong(let limit): "longer than \(limit) bytes"
            case .badText: "a text that is not UTF-8"
            case .badName: "a file's name has 1 to \(TFTPPacket.nameByteLimit) bytes"
            case .unknownMode: "the mode is neither octet nor netascii"
            case .badOption: "an option without a name or a value"
            }
        return "byte \(offset): \(words)"
    }
}

extension TFTPPacket {
    /// Reads the one packet that `bytes` are.
    ///
    /// An error's text may lack its NUL, as some phones leave it out. Throws `TFTPPacketError`.
    public init(parsing bytes: some RandomAccessCollection<UInt8>) throws(TFTPPacketError) {
        var reader = TFTPReader(Array(bytes))
        let opcode = try reader.word()
        switch opcode {
        case 3:
            let block = try reader.word()
            self = .data(block: block, payload: try reader.rest(limit: TFTPTerms.blockSizeMost))
        case 4:
            self = .acknowledgement(block: try reader.word())
            guard reader.isAtEnd else {
                throw TFTPPacketError(offset: reader.offset, reason: .tooLong(limitBytes: 4))
            }
        case 1, 2, 5, 6:
            guard reader.count <= Self.controlByteLimit else {
                let reason = TFTPPacketError.Reason.tooLong(limitBytes: Self.controlByteLimit)
                throw TFTPPacketError(offset: Self.controlByteLimit, reason: reason)
            }
            switch opcode {
            case 1: self = .readRequest(try reader.request())
            case 2: self = .writeRequest(try reader.request())
            case 5: self = .error(try reader.errorMessage())
            default: self = .optionAcknowledgement(try reader.options())
            }
        default: throw TFTPPacketError(offset: 0, reason: .unknownOpcode(opcode))
        }
    }

    /// The packet as bytes; texts are cut at their first NUL, which the wire has no room for.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = [0]
        switch self {
        case .readRequest(let request): bytes += [1] + Self.bytes(request)
        case .writeRequest(let request): bytes += [2] + Self.bytes(request)
        case .data(let block, let payload): bytes += [3] + Self.bytes(block) + payload
        case .acknowledgement(let block): bytes += [4] + Self.bytes(block)
        case .error(let message):
            bytes += [5] + Self.bytes(message.code.rawValue) + Self.bytes(message.text)
        case .optionAcknowledgement(let options): bytes += [6] + Self.bytes(options)
        }
        return bytes
    }

    private static func bytes(_ request: TFTPRequest) -> [UInt8] {
        bytes(request.fileName) + bytes(request.mode.rawValue) + bytes(request.options)
    }

    private static func bytes(_ options: [TFTPOption]) -> [UInt8] {
        options.flatMap { bytes($0.name) + bytes($0.value) }
    }

    private static func bytes(_ text: String) -> [UInt8] { text.utf8.prefix { $0 != 0 } + [0] }

    private static func bytes(_ word: UInt16) -> [UInt8] {
        [UInt8(word >> 8), UInt8(truncatingIfNeeded: word)]
    }
}

/// A position in the bytes of a packet.
private struct TFTPReader {
    private let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }
    var isAtEnd: Bool { offset == bytes.count }

    mutating func word() throws(TFTPPacketError) -> UInt16 {
        guard bytes.count - offset >= 2 else {
            throw TFTPPacketError(offset: bytes.count, reason: .truncated)
        }
        defer { offset += 2 }
        return UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
    }

    mutating func rest(limit: Int) throws(TFTPPacketError) -> [UInt8] {
        guard bytes.count - offset <= limit else {
            throw TFTPPacketError(offset: offset + limit, reason: .tooLong(limitBytes: limit))
        }
        defer { offset = bytes.count }
        return Array(bytes[offset...])
    }

    mutating func request() throws(TFTPPacketError) -> TFTPRequest {
        let start = offset
        let name = try text()
        guard (1...TFTPPacket.nameByteLimit).contains(name.utf8.count) else {
            throw TFTPPacketError(offset: start, reason: .badName)
        }
        let modeStart = offset
        guard let mode = TFTPMode(rawValue: try text().lowercased()) else {
            throw TFTPPacketError(offset: modeStart, reason: .unknownMode)
        }
        return TFTPRequest(fileName: name, mode: mode, options: try options())
    }

    mutating func options() throws(TFTPPacketError) -> [TFTPOption] {
        var options: [TFTPOption] = []
        while !isAtEnd {
            let start = offset
            let name = try text()
            guard !name.isEmpty, !isAtEnd else {
                throw TFTPPacketError(offset: start, reason: .badOption)
            }
            options.append(TFTPOption(name, try text()))
        }
        return options
    }

    mutating func errorMessage() throws(TFTPPacketError) -> TFTPErrorMessage {
        let code = TFTPErrorCode(rawValue: try word())
        let end = bytes[offset...].firstIndex(of: 0) ?? bytes.count
        // The words of an error are for humans only, so that wrong bytes are replaced. What replaces
        // them is longer, but no packet becomes longer than one may be.
        let text = String(decoding: bytes[offset..<end], as: UTF8.self)
        offset = bytes.count
        var room = TFTPPacket.controlByteLimit - 5
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            room -= UTF8.width(scalar)
            guard room >= 0 else { break }
            kept.append(scalar)
        }
        return TFTPErrorMessage(code, String(kept))
    }

    /// A text and its NUL.
    private mutating func text() throws(TFTPPacketError) -> String {
        guard let end = bytes[offset...].firstIndex(of: 0) else {
            throw TFTPPacketError(offset: bytes.count, reason: .truncated)
        }
        guard let text = String(validating: bytes[offset..<end], as: UTF8.self) else {
            throw TFTPPacketError(offset: offset, reason: .badText)
        }
        offset = end + 1
        return text
    }
}
