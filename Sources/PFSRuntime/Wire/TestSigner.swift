// The key that pfsh signs made-up firmware with. It is a TEST key: both of its halves stand here for
// everybody to read, so a signature by it proves nothing but that the format is right. No phone
// trusts it.

internal import CryptoExtras

/// The signer of made-up firmware: an RSA key of 2048 bits whose private half is public.
public enum TestSigner {
    /// The key that its signatures are checked with.
    public static let publicKey = RSAPublicKey(privateKey.publicKey)

    /// Signs the message of a digest, SHA-1 or SHA-256: 256 bytes, RSA PKCS #1 v1.5 (RFC 8017).
    public static func signature(of digest: MessageDigest) -> [UInt8] {
        precondition(digest.algorithm != .md5, "nothing is signed by MD5")
        do {
            let signed = try privateKey.signature(for: digest.value, padding: .insecurePKCS1v1_5)
            return Array(signed.rawRepresentation)
        } catch {
            preconditionFailure("the test key does not sign: \(error)")
        }
    }

    private static let privateKey: _RSA.Signing.PrivateKey = {
        do {
            return try _RSA.Signing.PrivateKey(pemRepresentation: pem)
        } catch {
            preconditionFailure("the test key is none: \(error)")
        }
    }()

    /// Public on purpose, as the file's beginning says.
    private static let pem = """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEogIBAAKCAQEAxWJD+kQWlkEP/MWO/eIpzxJQdemtumaTlHYBlrQGzaSRump7
        WJaZPutu6xT9DmHpctzSD+un4P/JOC3+UCzN9rK/UmkGOy4FOEfYVMbxEjjZ85h5
        q8z3XeySuxj2wp84kjQZ7gnhIxrXSyd/gfnUvNSiTJZhLvSpLDeZfAUGnC9ttW1N
        9G8i2KKOevdhDOZmI/+wYG+ZgKPv1Zr9ZBf2T5uMtkSnAO7NQVTDl1+XkVmwVYbi
        IzBIyEAdrMhM48JYgwlFubwYLXpmFERVKi6M/3vv5+Ns9waKJK9j0LO3XufAcGWV
        T3wUoYQnuKv8RLMEaAutxO4HZhHR8DcczYVafQIDAQABAoIBACEti0+d8k3/Ubij
        XI3AXla4NV4ckV8rrtLdoxa53ArlBrnW/DS/27J/0H0jYgXw31S3WXfjnKxtUl1n
        HcBMR7KYCSDJFosMCUSUjwBxEESH2drgXlNKeKoJAgEBCTldmhy5NUKV1ooYEOhJ
        E129qMy00TMec+d4qJcOIXZ/QcUuyBzBTVlv3geT6Af3FECiDco51Bmjfaxn13Eh
        E4W8fxPC0bIIdquXq3YSNK7i5LU8EPYAnPAGTyZYfPRs50p25ILDR8Zs5tEfyLok
        PVYfELPvHe67XFe0uQmosweUaPPOj5WdlxepTSmi/Ms00LZn15oVAp8xUETmXhAI
        IYnl9OECgYEA6KZ9N2KXR7ohMA58S+QJCYLMoBgawcNtdV2l8y89f0oPmJjfelNe
        kaDKhIeYZC73ByzeEIdhDEVSwz7xKYkYACF8vcBzybNZvocO2Bfp0Qmj8gCEvLbG
        JC8gVCJVSHo3sHp+1Ftf63hO6vbQ7j9nAeDdtSTtAAzLQXjI/mpnDIcCgYEA2TGr
        n7VqvQOwadw79e7mUn2zAnHMle3LHjvlULHJEDTo9+f9DDwyLwmiWc64DvFVUSy2
        ggYTTJPaf951olipoBq4uBXN2uLUBBc5xtLFOfBFQ6upihFgiy3ZgLVyUDaABLV0
        rj2JLb2P0AqCeEmDdTDPO6QwQ0Dz82iZZkmpBdsCgYBiufwbG8B81LSuswb2IY/g
        NFxnd7MrFKaHjrUUjLB5KtGRfRYgz+4quGQYd34ozXFQ3y5hL0H0thpX9obajG3d
        6FgKIfhA2NY1rxSSiRtU9NVYpfWuK5XL1x/N9D/ioNKvFlxp+1iqEQTUWubwo4Ev
        39/VthTI16UNZJdOt5KBUwKBgFdHfpBPdvU95kakGfRabHP5z1XMJUqapGUh7KTg
        zMuWd4gn0ah5CDGezX8Jcy2ODZrxPOZDSr4bLFL2Mo9q0b9k/ZX8LR0oycpbCvy6
        9kayJyNqeFbjZMiJRD5Uq/tP62H5CUp7sASRiJkxn/x2jj0pwB1XfY2JLH9EKWDR
        ePrBAoGAICojjA3vcMb20ITLevA5hRFUNd4iKNbM/mJ1BDm9sJ/d19NlhmJQa3tI
        ajPz1TnWKaPGlBY7u62MD3Bi1sfaeYVmrFvlM7NJCtGbtNauoacN2BbygYYkbVE4
        6SdASAuFlRcXutnEvJ+7uiKcfCO7xqN+pZFBzAo2c6cTjp7HnO4=
        -----END RSA PRIVATE KEY-----
        """
}
