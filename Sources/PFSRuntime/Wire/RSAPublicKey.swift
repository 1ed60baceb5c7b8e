// Checking RSA signatures in the form of PKCS #1 v1.5 (RFC 8017), as firmware files carry them, and
// reading the public keys that people keep in files. Nothing here needs a secret.

/// The public half of an RSA key.
public struct RSAPublicKey: Hashable, Sendable {
    /// The modulus, the highest byte first, without zeros in front.
    public let modulus: [UInt8]
    /// The exponent, as a rule 65537.
    public let exponent: UInt64

    /// The longest modulus that is taken, in bytes: that of 4096 bits, the largest of the format.
    public static let modulusByteLimit = 512

    /// A key of its two numbers.
    init(modulus: [UInt8], exponent: UInt64) {
        self.modulus = Array(modulus.drop { $0 == 0 })
        self.exponent = exponent
    }

    /// Whether `signature` is this key's over a message of that digest.
    public func verifies(
        _ signature: [UInt8],
        digest: [UInt8],
        _ algorithm: DigestAlgorithm
    ) -> Bool {
        let limit = BigNumber(modulus)
        let number = BigNumber(signature)
        guard signature.count == modulus.count, limit.isOddModulus, number.isLess(than: limit),
            let expected = Self.padded(digest, algorithm, byteCount: modulus.count)
        else { return false }
        let power = BigNumber((0..<8).map { UInt8(truncatingIfNeeded: exponent >> (56 - 8 * $0)) })
        return number.power(power, modulo: limit).bytes(count: modulus.count) == expected
    }

    /// What is signed: 0, 1, bytes of 255, 0, the digest with its name; nil when it does not fit.
    static func padded(
        _ digest: [UInt8],
        _ algorithm: DigestAlgorithm,
        byteCount: Int
    ) -> [UInt8]? {
        let named = prefix(algorithm) + digest
        let filling = byteCount - named.count - 3
        guard filling >= 8 else { return nil }
        return [0, 1] + [UInt8](repeating: 255, count: filling) + [0] + named
    }

    /// The digest's name in DER, up to the digest itself (RFC 8017, section 9.2, note 1).
    private static func prefix(_ algorithm: DigestAlgorithm) -> [UInt8] {
        switch algorithm {
        case .md5:
            [
                0x30, 0x20, 0x30, 0x0C, 0x06, 0x08, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x02, 0x05,
                0x05, 0x00, 0x04, 0x10,
            ]
        case .sha1:
            [
                0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00, 0x04,
                0x14,
            ]
        case .sha256:
            [
                0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                0x01, 0x05, 0x00, 0x04, 0x20,
            ]
        }
    }
}

// MARK: Keys in files

extension RSAPublicKey {
    /// The largest key file that is read, in bytes (own choice; a key of 4096 bits has 800).
    public static let fileByteLimit = 16_384

    /// Reads a PEM file, `BEGIN PUBLIC KEY` or `BEGIN RSA PUBLIC KEY`; nil when it is anything else.
    public init?(pem text: String) {
        guard text.utf8.count <= Self.fileByteLimit else { return nil }
        let lines = text.split { $0 == "\n" || $0 == "\r\n" }
        guard let begin = lines.firstIndex(where: { $0.hasPrefix("-----BEGIN ") }),
            let end = lines[begin...].firstIndex(where: { $0.hasPrefix("-----END ") })
        else { return nil }
        let heading = lines[begin]
        guard let der = Base64Text.bytes(lines[(begin + 1)..<end].joined()) else { return nil }
        switch heading {
        case "-----BEGIN PUBLIC KEY-----": self.init(subjectPublicKey: der)
        case "-----BEGIN RSA PUBLIC KEY-----": self.init(numbers: der[...])
        default: return nil
        }
    }

    /// A key in PEM: `BEGIN PUBLIC KEY`.
    public var pem: String {
        let exponentBytes = BigNumber(
            (0..<8).map { UInt8(truncatingIfNeeded: exponent >> (56 - 8 * $0)) }
        )
        let short = exponentBytes.bytes(count: exponentBytes.bitCount / 8 + 1)
        let numbers = DER.encoded(0x30, DER.integer(modulus) + DER.integer(short))
        let key = DER.encoded(
            0x30,
            DER.encoded(0x30, Self.rsaIdentifier) + DER.encoded(0x03, [0] + numbers)
        )
        var lines = ["-----BEGIN PUBLIC KEY-----"]
        var text = Base64Text.text(key)[...]
        while !text.isEmpty {
            lines.append(String(text.prefix(64)))
            text = text.dropFirst(64)
        }
        return (lines + ["-----END PUBLIC KEY-----", ""]).joined(separator: "\n")
    }

    /// `rsaEncryption` with its empty parameter, in DER (RFC 8017, appendix C).
    private static let rsaIdentifier: [UInt8] = [
        0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
    ]

    private init?(subjectPublicKey der: [UInt8]) {
        var outer = DER(der[...])
        guard var key = outer.next(0x30).map(DER.init), outer.isAtEnd,
            let algorithm = key.next(0x30), Array(algorithm) == Self.rsaIdentifier,
            let bits = key.next(0x03), key.isAtEnd, bits.first == 0
        else { return nil }
        self.init(numbers: bits.dropFirst())
    }

    private init?(numbers der: ArraySlice<UInt8>) {
        var outer = DER(der)
        guard var numbers = outer.next(0x30).map(DER.init), outer.isAtEnd,
            let modulus = numbers.next(0x02), let exponent = numbers.next(0x02), numbers.isAtEnd
        else { return nil }
        let significant = modulus.drop { $0 == 0 }
        let power = exponent.drop { $0 == 0 }
        guard (64...Self.modulusByteLimit).contains(significant.count),
            (significant.last ?? 0) & 1 == 1,
            (1...8).contains(power.count)
        else { return nil }
        self.init(
            modulus: Array(significant),
            exponent: power.reduce(0) { $0 << 8 | UInt64($1) }
        )
    }
}

/// The few forms of DER (ITU-T X.690) that a public key is written in.
private struct DER {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// Whether nothing is left.
    var isAtEnd: Bool { rest.isEmpty }

    /// The contents of the next element, which must have this tag; nil leaves nothing to read.
    mutating func next(_ tag: UInt8) -> ArraySlice<UInt8>? {
        guard rest.popFirst() == tag, let first = rest.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            guard (1...2).contains(first & 0x7F) else { return nil }
            length = 0
            for _ in 0..<(first & 0x7F) {
                guard let byte = rest.popFirst() else { return nil }
                length = length << 8 | Int(byte)
            }
        }
        guard length <= rest.count else { return nil }
        let contents = rest.prefix(length)
        rest = rest.dropFirst(length)
        return contents
    }

    /// An element of fewer than 65,536 bytes.
    static func encoded(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        let count = contents.count
        let length: [UInt8] =
            if count < 0x80 {
                [UInt8(count)]
            } else if count < 0x100 {
                [0x81, UInt8(count)]
            } else {
                [0x82, UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
            }
        return [tag] + length + contents
    }

    /// A number that is not negative, its highest byte first.
    static func integer(_ bytes: [UInt8]) -> [UInt8] {
        let significant = Array(bytes.drop { $0 == 0 })
        let needsZero = significant.first.map { $0 >= 0x80 } ?? true
        return encoded(0x02, (needsZero ? [0] : []) + significant)
    }
}
