// Checking RSA signatures in the form of PKCS #1 v1.5 (RFC 8017), as firmware files carry them, and
// reading the public keys that people keep in files, by swift-crypto.

internal import CryptoExtras

/// The public half of an RSA key.
public struct RSAPublicKey: Sendable {
    private let key: _RSA.Signing.PublicKey

    /// The sizes of keys that are taken, in bits: up to 4096, the largest of the format, and from 1024 on,
    /// the smallest that the library checks; that old keys are weak is not pfsh's to judge.
    static let bits = 1_024...4_096

    /// The largest key file that is read, in bytes (own choice; a key of 4096 bits has 800).
    public static let fileByteLimit = 16_384

    /// A key of the library's.
    init(_ key: _RSA.Signing.PublicKey) { self.key = key }

    /// Reads a PEM file, `BEGIN PUBLIC KEY` or `BEGIN RSA PUBLIC KEY`; nil when it is anything else.
    public init?(pem text: String) {
        guard text.utf8.count <= Self.fileByteLimit,
            let key = try? _RSA.Signing.PublicKey(unsafePEMRepresentation: text),
            Self.bits.contains(key.keySizeInBits)
        else { return nil }
        self.key = key
    }

    /// The key in PEM: `BEGIN PUBLIC KEY`.
    public var pem: String { key.pemRepresentation + "\n" }

    /// Whether `signature` is this key's over the message of that digest.
    ///
    /// By MD5 nothing is signed, and no signature over one is taken.
    public func verifies(_ signature: [UInt8], of digest: MessageDigest) -> Bool {
        guard digest.algorithm != .md5 else { return false }
        return key.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature),
            for: digest.value,
            padding: .insecurePKCS1v1_5
        )
    }
}
