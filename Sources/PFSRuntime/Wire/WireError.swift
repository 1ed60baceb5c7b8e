// Why bytes are not a peer message, or a value cannot become one. Each refusal names the byte at
// which it was found, so that a capture can be read beside it.

/// Why a peer message was refused.
public struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where the trouble is, in bytes from the start of the message.
    public let offset: Int
    /// What the trouble is.
    public let reason: Reason

    /// What was wrong.
    public enum Reason: Hashable, Sendable {
        /// The bytes end before the message does.
        case truncated
        /// The first eight bytes are not `WirePeerMessage.magic`.
        case notOurs
        /// Another version than `WirePeerMessage.version`.
        case unknownVersion(UInt8)
        /// No message has this kind.
        case unknownKind(UInt8)
        /// A length that no message can have.
        case badLength(Int)
        /// The length stated is more than the fields take up.
        case trailingBytes(Int)
        /// A broadcast came over a link.
        case broadcastOverLink
        /// A link's message came as a datagram.
        case linkMessageInDatagram
        /// The model's name is empty, too long, or has a byte that is not printable ASCII.
        case badModelName
        /// The file's name is empty, too long, a path, or has a byte that is not printable ASCII.
        case badFileName
        /// A tentative claim whose strength has the top bit set.
        case confirmedStrengthInClaim
        /// A confirmed root whose strength lacks the top bit.
        case tentativeStrengthInConfirmed
        /// A tentative claim that says its fetch has begun.
        case fetchInClaim
        /// A confirmed root's advertisement with a number.
        case numberInConfirmed
        /// A byte that must be 0 or 1.
        case badFlag(UInt8)
        /// A failure code that no message carries.
        case unknownFailure(UInt8)
        /// A depth over `WirePeerMessage.depthLimit`.
        case tooDeep(UInt8)
        /// The address 0.0.0.0 where a phone's is wanted.
        case noAddress
        /// A file of more than `FirmwareFile.sizeLimit` bytes.
        case fileTooLarge
        /// A piece of a file of no bytes, or more than `WirePiece.byteLimit`.
        case badPiece(Int)
    }

    /// One line for a diagnostic.
    public var description: String { "byte \(offset): \(reason.text)" }
}

extension WireError.Reason {
    /// What the reason says to a reader.
    fileprivate var text: String {
        switch self {
        case .truncated: "the message ends in the middle"
        case .notOurs: "not a message of pfsh"
        case .unknownVersion(let version): "version \(version) is not known"
        case .unknownKind(let kind): "no message has kind \(kind)"
        case .badLength(let length): "no message has a length of \(length) bytes"
        case .trailingBytes(let count): "\(count) bytes too many"
        case .broadcastOverLink: "a broadcast does not go over a link"
        case .linkMessageInDatagram: "this message goes over a link only"
        case .badModelName:
            "a model's name is 1 to \(WirePeerMessage.modelNameByteLimit) printable ASCII bytes"
        case .badFileName:
            "a file's name is 1 to \(WirePeerMessage.fileNameByteLimit) printable ASCII bytes "
                + "without '/', and not a folder"
        case .confirmedStrengthInClaim: "a tentative claim has the strength of a confirmed root"
        case .tentativeStrengthInConfirmed: "a confirmed root has the strength of a claim"
        case .fetchInClaim: "a phone that only claims has begun no fetch"
        case .numberInConfirmed: "a confirmed root's advertisements have no number"
        case .badFlag(let byte): "a byte \(byte) is neither 0 nor 1"
        case .unknownFailure(let code): "no message carries the failure code \(code)"
        case .tooDeep(let depth):
            "a depth of \(depth) is more than \(WirePeerMessage.depthLimit)"
        case .noAddress: "0.0.0.0 is no phone's address"
        case .fileTooLarge: "a file has at most \(FirmwareFile.sizeLimit) bytes"
        case .badPiece(let count):
            "a piece of a file has 1 to \(WirePiece.byteLimit) bytes, not \(count)"
        }
    }
}
