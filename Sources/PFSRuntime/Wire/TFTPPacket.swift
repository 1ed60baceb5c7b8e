// TFTP packets as values: requests, data, acknowledgements, errors and option acknowledgements of
// RFC 1350 and 2347. What the options mean is decided in TFTP/TFTPTerms.swift; the bytes in
// TFTPPacketCodec.swift.

/// A packet of the Trivial File Transfer Protocol.
public enum TFTPPacket: Hashable, Sendable {
    /// Opcode 1: asks for a file.
    case readRequest(TFTPRequest)
    /// Opcode 2: offers a file.
    case writeRequest(TFTPRequest)
    /// Opcode 3: one block, 0 to 65,464 bytes (RFC 2348).
    case data(block: UInt16, payload: [UInt8])
    /// Opcode 4: everything up to a block has come.
    case acknowledgement(block: UInt16)
    /// Opcode 5: the transfer is over, unless the code is `unknownTransferID`.
    case error(TFTPErrorMessage)
    /// Opcode 6: the options that the server takes (RFC 2347).
    case optionAcknowledgement([TFTPOption])

    /// Whether it asks for a transfer, and so goes to the server's own port.
    public var isRequest: Bool {
        switch self {
        case .readRequest, .writeRequest: true
        case .data, .acknowledgement, .error, .optionAcknowledgement: false
        }
    }

    /// Bytes in front of a block: opcode and number.
    public static let dataHeaderBytes = 4
    /// The longest request, option acknowledgement or error that is read, in bytes.
    ///
    /// RFC 2347 allows requests of 512 bytes; twice that leaves room for long names and still bounds
    /// what a stranger's packet costs.
    public static let controlByteLimit = 1_024
    /// The longest file name, in bytes; own choice, as long as the longest of Linux.
    public static let nameByteLimit = 255
}

/// What a request for a transfer says.
public struct TFTPRequest: Hashable, Sendable {
    /// The file, as the client wrote it; nothing about it can be trusted.
    public var fileName: String
    /// How the bytes are to be read.
    public var mode: TFTPMode
    /// The options in the order of the request, as they were spelled.
    public var options: [TFTPOption]

    /// Asks for `fileName`.
    public init(fileName: String, mode: TFTPMode, options: [TFTPOption] = []) {
        self.fileName = fileName
        self.mode = mode
        self.options = options
    }
}

/// How the bytes of a file are to be read; compared without case on the wire (RFC 1350).
public enum TFTPMode: String, Hashable, Sendable, CaseIterable {
    /// The bytes as they are.
    case octet
    /// Text whose line ends are CR LF and whose lone CR is CR NUL (RFC 764).
    case netascii
    /// Sends to a user rather than a file; obsolete, nobody serves it.
    case mail
}

/// One option of a request or of its acknowledgement.
public struct TFTPOption: Hashable, Sendable {
    /// The name as it was spelled; compared without case (RFC 2347).
    public var name: String
    /// The value as text.
    public var value: String

    /// An option of any name.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What an error says.
public struct TFTPErrorMessage: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error.
    public var code: TFTPErrorCode
    /// Words for a human.
    public var text: String

    /// An error with the words for it.
    public init(_ code: TFTPErrorCode, _ text: String) {
        self.code = code
        self.text = text
    }

    /// The code and the words, what is not printable replaced by `?`.
    public var description: String {
        let shown = text.unicodeScalars.map {
            $0.properties.generalCategory == .control ? "?" : "\($0)"
        }
        return "error \(code.rawValue): \(shown.joined())"
    }
}

/// The code of an error; peers may send codes that no RFC knows.
public struct TFTPErrorCode: RawRepresentable, BitwiseCopyable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt16

    /// Any number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Anything else; the text says what.
    public static let notDefined = TFTPErrorCode(rawValue: 0)
    /// There is no such file.
    public static let fileNotFound = TFTPErrorCode(rawValue: 1)
    /// The file may not be read or written.
    public static let accessViolation = TFTPErrorCode(rawValue: 2)
    /// No room is left, or the file would be larger than the server takes.
    public static let diskFull = TFTPErrorCode(rawValue: 3)
    /// Not a TFTP operation, or not one for this moment.
    public static let illegalOperation = TFTPErrorCode(rawValue: 4)
    /// The packet belongs to no transfer of this port; ends nothing.
    public static let unknownTransferID = TFTPErrorCode(rawValue: 5)
    /// The file exists and is not replaced.
    public static let fileExists = TFTPErrorCode(rawValue: 6)
    /// No such user; only for mail.
    public static let noSuchUser = TFTPErrorCode(rawValue: 7)
    /// The options that came back cannot be taken (RFC 2347).
    public static let optionRefused = TFTPErrorCode(rawValue: 8)
}
