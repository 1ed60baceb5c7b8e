// The key that pfsh signs made-up firmware with. It is a TEST key: both of its halves stand here for
// everybody to read, so a signature by it proves nothing but that the format is right. No phone
// trusts it.

/// The signer of made-up firmware: an RSA key of 2048 bits whose private half is public.
public enum TestSigner {
    /// The key that its signatures are checked with.
    public static let publicKey = RSAPublicKey(modulus: modulus, exponent: 65_537)

    /// Signs a digest of a made-up file: 256 bytes, RSA PKCS #1 v1.5 (RFC 8017).
    public static func signature(of digest: [UInt8], _ algorithm: DigestAlgorithm) -> [UInt8] {
        let message = BigNumber(
            RSAPublicKey.padded(digest, algorithm, byteCount: 256) ?? []
        )
        // By the Chinese remainder theorem: two powers of half the length are four times as fast.
        let first = message.remainder(prime1).power(exponent1, modulo: prime1)
        let second = message.remainder(prime2).power(exponent2, modulo: prime2)
        let difference = first.adding(prime1).subtracting(second.remainder(prime1))
        let factor = difference.multiplied(by: coefficient).remainder(prime1)
        return second.adding(factor.multiplied(by: prime2)).bytes(count: 256)
    }

    private static let prime1 = BigNumber(
        hexadecimal: """
            e8a67d37629747ba21300e7c4be4090982cca0181ac1c36d755da5f32f3d7f4a
            0f9898df7a535e91a0ca848798642ef7072cde1087610c4552c33ef129891800
            217cbdc073c9b359be870ed817e9d109a3f20084bcb6c6242f20542255487a37
            b07a7ed45b5feb784eeaf6d0ee3f6701e0ddb524ed000ccb4178c8fe6a670c87
            """
    )

    private static let prime2 = BigNumber(
        hexadecimal: """
            d931ab9fb56abd03b069dc3bf5eee6527db30271cc95edcb1e3be550b1c91034
            e8f7e7fd0c3c322f09a259ceb80ef155512cb68206134c93da7fde75a258a9a0
            1ab8b815cddae2d4041739c6d2c539f04543aba98a11608b2dd980b572503680
            04b574ae3d892dbd8fd00a827849837530cf3ba4304340f3f368996649a905db
            """
    )

    private static let exponent1 = BigNumber(
        hexadecimal: """
            62b9fc1b1bc07cd4b4aeb306f6218fe0345c6777b32b14a6878eb5148cb0792a
            d1917d1620cfee2ab86418777e28cd7150df2e612f41f4b61a57f686da8c6ddd
            e8580a21f840d8d635af1492891b54f4d558a5f5ae2b95cbd71fcdf43fe2a0d2
            af165c69fb58aa1104d45ae6f0a3812fdfdfd5b614c8d7a50d64974eb7928153
            """
    )

    private static let exponent2 = BigNumber(
        hexadecimal: """
            57477e904f76f53de646a419f45a6c73f9cf55cc254a9aa46521eca4e0cccb96
            778827d1a87908319ecd7f09732d8e0d9af13ce6434abe1b2c52f6328f6ad1bf
            64fd95fc2d1d28c9ca5b0afcbaf646b227236a7856e364c889443e54abfb4feb
            61f9094a7bb004918899319ffc768e3d29c01d577d8d892c7f442960d178fac1
            """
    )

    private static let coefficient = BigNumber(
        hexadecimal: """
            202a238c0def70c6f6d084cb7af03985115435de2228d6ccfe62750439bdb09f
            ddd7d3658662506b7b486a33f3d539d629a3c694163bbbad8c0f7062d6c7da79
            8566ac5be533b3490ad19bb4d6aea1a70dd816f28186246d5138e92740480b85
            951717bad9c4bc9fbbba229c7c23bbc6a37ea59141cc0a3673a7138e9ec79cee
            """
    )

    private static let modulus = prime1.multiplied(by: prime2).bytes(count: 256)
}
