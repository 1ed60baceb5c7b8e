// MD5 (RFC 1321), SHA-1 and SHA-256 (FIPS 180-4): the digests that firmware files carry, by
// swift-crypto. They check files for damage, and are what signatures are about.

internal import Crypto

/// A digest that firmware files carry.
public enum DigestAlgorithm: UInt8, BitwiseCopyable, CaseIterable, Sendable, CustomStringConvertible
{
    /// 16 bytes; in the lists of the 7921.
    case md5
    /// 20 bytes; under the signatures of most phones' files.
    case sha1
    /// 32 bytes; in the headers of the 7800 series.
    case sha256

    /// The name that tools print.
    public var description: String {
        switch self {
        case .md5: "MD5"
        case .sha1: "SHA-1"
        case .sha256: "SHA-256"
        }
    }
}

/// A digest in the making: bytes go in piece by piece.
public struct MessageDigest: Sendable {
    /// Which digest it is.
    public let algorithm: DigestAlgorithm
    private var hash: any HashFunction

    /// A digest of nothing yet.
    public init(_ algorithm: DigestAlgorithm) {
        self.algorithm = algorithm
        switch algorithm {
        case .md5: hash = Insecure.MD5()
        case .sha1: hash = Insecure.SHA1()
        case .sha256: hash = SHA256()
        }
    }

    /// The digest of a whole message.
    public static func digest(_ algorithm: DigestAlgorithm, of bytes: [UInt8]) -> [UInt8] {
        var digest = MessageDigest(algorithm)
        digest.update(bytes[...])
        return digest.finished()
    }

    /// Takes the next bytes of the message.
    public mutating func update(_ bytes: ArraySlice<UInt8>) { hash.update(data: bytes) }

    /// The digest of what was taken so far.
    public func finished() -> [UInt8] { Array(value) }

    /// The digest of what was taken so far, in the form that the library signs and verifies.
    var value: any Digest { hash.finalize() }
}
