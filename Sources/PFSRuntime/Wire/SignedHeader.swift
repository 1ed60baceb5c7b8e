// The signed header in front of the firmware files of 79xx, 69xx, 894x and 792x phones: records of
// type, length and value. This file has the value and the emitter; SignedHeaderParser.swift reads
// bytes. The layout is the one that all public samples have.

/// The records of the signed header.
///
/// Numbers from public readers of the format, checked against every
/// public sample.
enum LoadsRecord: UInt8 {
    case version = 1
    case headerLength = 2
    case signerInfo = 3
    case signerName = 4
    case serial = 5
    case issuerName = 6
    case signatureInfo = 7
    case hashAlgorithm = 8
    case signatureAlgorithmInfo = 9
    case signatureAlgorithm = 10
    case signatureModulus = 11
    case signature = 12
    /// One byte without a length, repeated up to a multiple of four.
    case padding = 13
    case fileName = 14
    case timestamp = 15
}

/// What stands in front of a signed firmware file.
public struct SignedHeader: Hashable, Sendable {
    /// The file's own name, as the header repeats it.
    public let name: String
    /// Who signed: `CN=someSigner;OU=someOrgUnit;O=someOrg` in every sample.
    public let signer: String
    /// Who vouches for the signer.
    public let issuer: String
    /// The serial number of the signer's certificate.
    public let serial: [UInt8]
    /// The digest under the signature as the format numbers it: 1 SHA-1, 2 SHA-256, 3 SHA-512.
    public let hashNumber: UInt8
    /// The signature.
    public let signature: [UInt8]
    /// Where the signature's record stands in the file, its type and length included.
    public let signatureRecord: Range<Int>
    /// When it was signed, in seconds since 1970; nil in firmware.
    public let timestamp: UInt32?
    /// How many bytes of padding end the header.
    public let paddingCount: Int
    /// The length of the header in bytes: the file's body begins there.
    public let byteCount: Int

    /// The most bytes that a header has: its length is a number of 16 bits.
    public static let byteLimit = 65_535

    /// The digest under the signature; nil when it is one that is not checked.
    public var digestAlgorithm: DigestAlgorithm? {
        switch hashNumber {
        case 1: .sha1
        case 2: .sha256
        default: nil
        }
    }

    /// The length that the header of a file of this name has in every sample: 384 bytes and the
    /// name with its NUL, rounded up to a multiple of four.
    public static func byteCount(name: String) -> Int {
        (384 + name.utf8.count + 1 + 3) / 4 * 4
    }
}

// MARK: Making

extension SignedHeader {
    /// A header with this signature, which must have 256 bytes.
    ///
    /// `name` has at most `LoadsManifest.nameLimit` bytes.
    public static func bytes(name: String, signature: [UInt8]) -> [UInt8] {
        precondition(signature.count == 256, "the signature of a key of another length")
        precondition(name.utf8.count <= LoadsManifest.nameLimit, "a long name")
        var bytes: [UInt8] = []
        append(.version, [1, 1], to: &bytes)
        let length = byteCount(name: name)
        append(.headerLength, [UInt8(length >> 8), UInt8(length & 255)], to: &bytes)
        append(.signerInfo, containing: 91, to: &bytes)
        append(.signerName, text("CN=someSigner;OU=someOrgUnit;O=someOrg"), to: &bytes)
        append(
            .serial,
            [0x12, 0x34, 0x56, 0x78, 0x90, 0xAB, 0xCD, 0xEF],
            to: &bytes
        )
        append(.issuerName, text("CN=someCA;OU=someOrgUnit;O=someOrg"), to: &bytes)
        append(.signatureInfo, containing: 15, to: &bytes)
        append(.hashAlgorithm, [1], to: &bytes)
        append(.signatureAlgorithmInfo, containing: 8, to: &bytes)
        append(.signatureAlgorithm, [0], to: &bytes)
        append(.signatureModulus, [2], to: &bytes)
        append(.signature, signature, to: &bytes)
        append(.fileName, text(name), to: &bytes)
        while bytes.count < length { bytes.append(LoadsRecord.padding.rawValue) }
        return bytes
    }

    /// A whole file that `TestSigner` has signed.
    ///
    /// What is signed is the file without the signature's record: so in signed configuration files,
    /// and modelled for firmware, whose signed range is not public. Throws when the name is no
    /// plain file name.
    public static func signedFile(
        name: String,
        body: [UInt8]
    ) throws(FirmwareFormatError) -> [UInt8] {
        guard LoadsManifest.isName(name) else {
            throw FirmwareFormatError(offset: 0, reason: .badName)
        }
        let empty = bytes(name: name, signature: [UInt8](repeating: 0, count: 256))
        let record = signatureStart..<signatureStart + 3 + 256
        var digest = MessageDigest(.sha1)
        digest.update(empty[..<record.lowerBound])
        digest.update(empty[record.upperBound...])
        digest.update(body[...])
        let signature = TestSigner.signature(of: digest)
        return bytes(name: name, signature: signature) + body
    }

    /// Where the signature's record begins in the headers that are made here.
    private static let signatureStart = 0x7A

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

    private static func append(
        _ record: LoadsRecord,
        _ value: [UInt8],
        to bytes: inout [UInt8]
    ) {
        append(record, containing: value.count, to: &bytes)
        bytes.append(contentsOf: value)
    }

    /// A container's tag and length; what it contains follows as records of its own.
    private static func append(
        _ record: LoadsRecord,
        containing count: Int,
        to bytes: inout [UInt8]
    ) {
        bytes.append(contentsOf: [record.rawValue, UInt8(count >> 8), UInt8(count & 255)])
    }
}
