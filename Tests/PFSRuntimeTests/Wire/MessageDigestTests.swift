// Digests and signatures against the vectors of their standards and of other programs, and the test
// key against itself.

import Testing

@testable import PFSRuntime

/// Bytes as small hexadecimal digits, and back.
enum Digits {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func bytes(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}

@Suite("Digests and signatures") struct MessageDigestTests {
    @Test(
        "the digests of the standards' examples come out",
        arguments: [
            (DigestAlgorithm.md5, "", "d41d8cd98f00b204e9800998ecf8427e"),
            (.md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
            (.md5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            (.sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                .sha1, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
            ),
            (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                .sha256, String(repeating: "a", count: 1_000),
                "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
            ),
        ]
    )
    func examples(_ algorithm: DigestAlgorithm, _ message: String, _ expected: String) {
        #expect(Digits.text(MessageDigest.digest(algorithm, of: Array(message.utf8))) == expected)
    }

    @Test("how a message is cut into pieces does not change its digest")
    func pieces() {
        let message = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        for algorithm in DigestAlgorithm.allCases {
            let whole = MessageDigest.digest(algorithm, of: message)
            for size in [1, 55, 56, 63, 64, 65, 128, 999] {
                var digest = MessageDigest(algorithm)
                for start in stride(from: 0, to: message.count, by: size) {
                    digest.update(message[start..<min(start + size, message.count)])
                }
                #expect(digest.finished() == whole, "\(algorithm), pieces of \(size)")
            }
        }
    }

    @Test("a signature of the test key is checked by its public half, and by nothing else")
    func signature() {
        for algorithm in [DigestAlgorithm.sha1, .sha256] {
            let digest = Self.digest(algorithm, "firmware")
            let signature = TestSigner.signature(of: digest)
            #expect(signature.count == 256)
            let key = TestSigner.publicKey
            #expect(key.verifies(signature, of: digest))
            for place in [0, 128, 255] {
                var changed = signature
                changed[place] ^= 1
                #expect(!key.verifies(changed, of: digest))
            }
            #expect(!key.verifies(signature, of: Self.digest(algorithm, "Firmware")))
            for other in DigestAlgorithm.allCases where other != algorithm {
                #expect(!key.verifies(signature, of: Self.digest(other, "firmware")))
            }
            #expect(!key.verifies(Array(signature.dropLast()), of: digest))
            #expect(!key.verifies([], of: digest))
            #expect(!key.verifies([UInt8](repeating: 255, count: 256), of: digest))
        }
    }

    /// `printf firmware | openssl dgst -sha1 -sign KEY`, with the test key.
    @Test("the test key signs as another program does")
    func otherProgram() {
        let signature = TestSigner.signature(of: Self.digest(.sha1, "firmware"))
        #expect(Digits.text(signature) == OpenSSLKeys.testKeySignature)
    }

    @Test("a public key survives its file; anything else is no key")
    func keyFiles() throws {
        let pem = TestSigner.publicKey.pem
        #expect(pem == OpenSSLKeys.testKey)
        #expect(RSAPublicKey(pem: pem)?.pem == pem)
        #expect(RSAPublicKey(pem: "text before\n" + pem)?.pem == pem)
        #expect(RSAPublicKey(pem: pem.replacing("\n", with: "\r\n"))?.pem == pem)
        for text in ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", pem + pem] {
            #expect(RSAPublicKey(pem: text) == nil, "\(text)")
        }
        let lines = pem.split(separator: "\n")
        for line in lines.indices {
            var fewer = lines
            fewer.remove(at: line)
            #expect(RSAPublicKey(pem: fewer.joined(separator: "\n")) == nil, "line \(line)")
        }
    }

    @Test("keys of 1024 to 4096 bits, in both forms, check what another program signed")
    func keySizes() throws {
        for (bits, text, signature) in OpenSSLKeys.others {
            let key = try #require(RSAPublicKey(pem: text), "\(bits) bits")
            let bytes = Digits.bytes(signature)
            #expect(bytes.count == bits / 8)
            #expect(key.verifies(bytes, of: Self.digest(.sha256, "firmware")), "\(bits) bits")
            #expect(!key.verifies(bytes, of: Self.digest(.sha1, "firmware")), "\(bits) bits")
        }
        #expect(RSAPublicKey(pem: OpenSSLKeys.tooSmall) == nil)
        #expect(RSAPublicKey(pem: OpenSSLKeys.tooLarge) == nil)
    }

    private static func digest(_ algorithm: DigestAlgorithm, _ message: String) -> MessageDigest {
        var digest = MessageDigest(algorithm)
        digest.update(Array(message.utf8)[...])
        return digest
    }
}
