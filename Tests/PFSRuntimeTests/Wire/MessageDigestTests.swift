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
        for algorithm in DigestAlgorithm.allCases {
            let digest = MessageDigest.digest(algorithm, of: Array("firmware".utf8))
            let signature = TestSigner.signature(of: digest, algorithm)
            #expect(signature.count == 256)
            let key = TestSigner.publicKey
            #expect(key.verifies(signature, digest: digest, algorithm))
            for place in [0, 128, 255] {
                var changed = signature
                changed[place] ^= 1
                #expect(!key.verifies(changed, digest: digest, algorithm))
            }
            let other = MessageDigest.digest(algorithm, of: Array("Firmware".utf8))
            #expect(!key.verifies(signature, digest: other, algorithm))
            #expect(!key.verifies(Array(signature.dropLast()), digest: digest, algorithm))
            let all = [UInt8](repeating: 255, count: 256)
            #expect(!key.verifies(all, digest: digest, algorithm))
        }
    }

    /// `printf firmware | openssl dgst -sha1 -sign KEY`, with the numbers of the test key.
    @Test("the test key signs as another program does")
    func otherProgram() {
        let digest = MessageDigest.digest(.sha1, of: Array("firmware".utf8))
        #expect(Digits.text(TestSigner.signature(of: digest, .sha1)) == Self.opensslSignature)
    }

    @Test("a public key survives its file; anything else is no key")
    func keyFiles() throws {
        let key = TestSigner.publicKey
        #expect(RSAPublicKey(pem: key.pem) == key)
        let fromOpenssl = try #require(RSAPublicKey(pem: Self.opensslPublicKey))
        #expect(fromOpenssl == key)
        #expect(key.pem == Self.opensslPublicKey)
        #expect(RSAPublicKey(pem: "") == nil)
        #expect(
            RSAPublicKey(pem: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----") == nil
        )
        let lines = key.pem.split(separator: "\n")
        for line in lines.indices {
            var fewer = lines
            fewer.remove(at: line)
            #expect(RSAPublicKey(pem: fewer.joined(separator: "\n")) == nil, "line \(line)")
        }
    }

    private static let opensslSignature = """
        89b1b177e77600cefc3acc582dc1bf39befa74f83d1af0bb1f48d7b4b6d367ff
        7fa3759b1183d74c729c8929c5b8d60d2802187a57feb9321f92c2e8fe58e297
        760a76f41d5b02898c0b9bb4c44a77f3ef90b2f3c3351b61bca9256314dde836
        3dbe751e9597a6207cc7ceabd81f7c7b999c8d13f1b2ae9e90eef64946b7a3e9
        816d656eee6065047692782d8eb5057c7d87901c53ed14f6e25f8e07446bb381
        8a4ddf5a1e1821aee69cb1e6d8dde73b887e71270102c13eecb834ad5b15672b
        38df209dc57f29f35a673149bb04df21bce2e6de3a19719d8802e5db16ec8671
        3e9b034721ed5d35eefbe7366882a06ef362c7ed0519e6031ada77c8cfe77e9b
        """.filter { $0 != "\n" }

    private static let opensslPublicKey = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxWJD+kQWlkEP/MWO/eIp
        zxJQdemtumaTlHYBlrQGzaSRump7WJaZPutu6xT9DmHpctzSD+un4P/JOC3+UCzN
        9rK/UmkGOy4FOEfYVMbxEjjZ85h5q8z3XeySuxj2wp84kjQZ7gnhIxrXSyd/gfnU
        vNSiTJZhLvSpLDeZfAUGnC9ttW1N9G8i2KKOevdhDOZmI/+wYG+ZgKPv1Zr9ZBf2
        T5uMtkSnAO7NQVTDl1+XkVmwVYbiIzBIyEAdrMhM48JYgwlFubwYLXpmFERVKi6M
        /3vv5+Ns9waKJK9j0LO3XufAcGWVT3wUoYQnuKv8RLMEaAutxO4HZhHR8DcczYVa
        fQIDAQAB
        -----END PUBLIC KEY-----

        """
}
