// The header in front of the firmware files of the 7800 series: little-endian numbers, a digest of
// what follows, the file's name, a signature. Known from one public load; taken to hold for the 8800
// series too. This file reads and makes it.

/// What stands in front of a firmware file of the 7800 series.
public struct ImageHeader: Hashable, Sendable {
    /// The file's own name.
    public let name: String
    /// The length of the header in bytes: the payload begins there.
    public let byteCount: Int
    /// The length of the payload in bytes.
    public let payloadByteCount: Int
    /// The SHA-256 of the payload.
    public let payloadDigest: [UInt8]
    /// The signature, the last 256 bytes of the header.
    public let signature: [UInt8]

    /// The most bytes that a header has.
    public static let byteLimit = 0x38 + LoadsManifest.nameLimit + 4 + signatureByteCount

    private static let magic: [UInt8] = [0xCD, 0x34, 0x12, 0xAB]
    private static let signatureByteCount = 256

    /// Whether bytes begin as such a file does.
    public static func begins(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: magic) }

    /// Reads the header of a file, of which at least the first `byteLimit` bytes are given, or all.
    ///
    /// `fileByteCount` is the size of the whole file. Throws `FirmwareFormatError`.
    public init(parsing bytes: [UInt8], fileByteCount: Int) throws(FirmwareFormatError) {
        func refuse(_ offset: Int, _ reason: FirmwareFormatError.Reason) -> FirmwareFormatError {
            FirmwareFormatError(offset: offset, reason: reason)
        }
        func number(_ offset: Int) -> Int {
            bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        for (offset, byte) in Self.magic.enumerated() {
            guard offset < bytes.count else { throw refuse(offset, .truncated) }
            guard bytes[offset] == byte else { throw refuse(offset, .notAManifest) }
        }
        guard bytes.count >= 0x38 else { throw refuse(bytes.count, .truncated) }
        guard number(0x08) == 0 else { throw refuse(0x08, .notZero) }
        guard number(0x10) == 0 else { throw refuse(0x10, .notZero) }
        let nameCount = number(0x34)
        guard (1...LoadsManifest.nameLimit).contains(nameCount) else {
            throw refuse(0x34, .badName)
        }
        let signatureStart = 0x38 + (nameCount + 1 + 3) / 4 * 4
        let length = signatureStart + Self.signatureByteCount
        guard number(0x04) == length else {
            throw refuse(
                0x04,
                .lengthMismatch(stated: UInt64(number(0x04)), found: UInt64(length))
            )
        }
        guard bytes.count >= length else { throw refuse(bytes.count, .truncated) }
        let stated = number(0x04) + number(0x0C)
        guard stated == fileByteCount else {
            throw refuse(
                0x0C,
                .lengthMismatch(stated: UInt64(stated), found: UInt64(max(fileByteCount, 0)))
            )
        }
        name = String(decoding: bytes[0x38..<0x38 + nameCount], as: UTF8.self)
        guard LoadsManifest.isName(name),
            bytes[(0x38 + nameCount)..<signatureStart].allSatisfy({ $0 == 0 })
        else { throw refuse(0x38, .badName) }
        byteCount = length
        payloadByteCount = number(0x0C)
        payloadDigest = Array(bytes[0x14..<0x34])
        signature = Array(bytes[signatureStart..<length])
    }

    /// What `TestSigner` signs, and whether it did: the header up to the signature, by SHA-256.
    ///
    /// Modelled: what real signatures cover is not public.
    public func isSigned(by key: RSAPublicKey, header bytes: [UInt8]) -> Bool {
        guard bytes.count >= byteCount else { return false }
        var digest = MessageDigest(.sha256)
        digest.update(bytes[..<(byteCount - Self.signatureByteCount)])
        return key.verifies(signature, of: digest)
    }

    /// A whole file that `TestSigner` has signed.
    ///
    /// Throws when the name is no plain file name, or the body has 4 GiB or more.
    public static func signedFile(
        name: String,
        body: [UInt8]
    ) throws(FirmwareFormatError) -> [UInt8] {
        guard LoadsManifest.isName(name) else {
            throw FirmwareFormatError(offset: 0, reason: .badName)
        }
        let nameBytes = Array(name.utf8)
        let nameArea = (nameBytes.count + 1 + 3) / 4 * 4
        let length = 0x38 + nameArea + signatureByteCount
        guard body.count <= FirmwareFile.sizeLimit - length else {
            throw FirmwareFormatError(offset: 0x0C, reason: .badSize)
        }
        var bytes = magic
        for number in [length, 0, body.count, 0] { append(number, to: &bytes) }
        bytes += MessageDigest.digest(.sha256, of: body)
        append(nameBytes.count, to: &bytes)
        bytes += nameBytes + [UInt8](repeating: 0, count: nameArea - nameBytes.count)
        var digest = MessageDigest(.sha256)
        digest.update(bytes[...])
        return bytes + TestSigner.signature(of: digest) + body
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        bytes += [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
