// What OpenSSL makes of keys: the public half of the test key, others of several sizes, and signatures over
// the message `firmware`. Nobody has the private halves of the others any more.

/// Keys and signatures of another program.
enum OpenSSLKeys {
    /// `printf firmware | openssl dgst -sha1 -sign KEY`, with the test key.
    static let testKeySignature = """
        89b1b177e77600cefc3acc582dc1bf39befa74f83d1af0bb1f48d7b4b6d367ff
        7fa3759b1183d74c729c8929c5b8d60d2802187a57feb9321f92c2e8fe58e297
        760a76f41d5b02898c0b9bb4c44a77f3ef90b2f3c3351b61bca9256314dde836
        3dbe751e9597a6207cc7ceabd81f7c7b999c8d13f1b2ae9e90eef64946b7a3e9
        816d656eee6065047692782d8eb5057c7d87901c53ed14f6e25f8e07446bb381
        8a4ddf5a1e1821aee69cb1e6d8dde73b887e71270102c13eecb834ad5b15672b
        38df209dc57f29f35a673149bb04df21bce2e6de3a19719d8802e5db16ec8671
        3e9b034721ed5d35eefbe7366882a06ef362c7ed0519e6031ada77c8cfe77e9b
        """.filter { $0 != "\n" }

    /// The public half of the test key: `openssl rsa -pubout`.
    static let testKey = """
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

    /// Keys by their bits, in the form `BEGIN PUBLIC KEY` or `BEGIN RSA PUBLIC KEY`, and what each signed:
    /// `printf firmware | openssl dgst -sha256 -sign KEY`.
    static let others: [(bits: Int, pem: String, signature: String)] = [
        (
            bits: 1024,
            pem: """
            -----BEGIN PUBLIC KEY-----
            MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCo+6fCCiU7+HHWgp0KhdYuDtZP
            EHxmgNDT3CYTSfoI3rn5xGuUsNXfEQh2esOVqEjF5p5/pBuSI6Y/cq4ilkbTuaW8
            4XAtfQUqNfPStyRNSawbPDKQCSUD4nLA5qNrpGx4YTOCz23Jb2QaGg2WItEU/sKX
            vBDLHF5jAoXIOEOUDQIDAQAB
            -----END PUBLIC KEY-----
            """,
            signature: """
            16f77966f4abe27b82dbcec2cae47edc09800042d0f47e7d56cddf0f82d288c6
            7763d401fcc017d105d5262568be0ce5833b8859fbc2d0e771ada1a6238b94f3
            924587d49084e58601b5663b5c20c8b0a8bec6b71d5b788a79467b9d55fc97e4
            b9c95eac42a0eaf4eaa2e80a0953c612d2bdca6f7864eec952b40575c04f1e85
            """
        ),
        (
            bits: 2048,
            pem: """
            -----BEGIN RSA PUBLIC KEY-----
            MIIBCgKCAQEAvOfjKUuhhJWg8zf3V+L78Sy77u22PS+Vb1LreX3DiSAcqVH2NbXY
            Hi7nJ6zdYHJNQFr3CR0Fx+6TCKHSV2kLVjKc+1hQ4FZgrlToyZDFqihtXOauvOsr
            BDzuPQ2Vb3AKZeMPiub8Cxu7+5/31slZPG5i18GHcXvfIpUIQDanFKlwurOHxbEq
            cjIRwhYfELHJDkgYzMhCdL2v44JLFHVWi0dKOgMUX5JsZ5Z+kRbScsSIG8Edbmhm
            3/WoDDvZvrK8L9tci61q3hOQciH40prBX2AaXFhc44buFdM++Kh45D3qyMLUwfM8
            cJW8K1nt1TKhOtgZpLYd7EvqcozUqjEsywIDAQAB
            -----END RSA PUBLIC KEY-----
            """,
            signature: """
            5855032e6544e5282a89a48d34913a203a72f35b216e601a212baf83fcaea8c6
            c29578787e8d8b462f651ca1040bea5fb3d684b9325bdff6911bf9d0e5253166
            4123e4db8e4408fbdfd07b8877428c80cac7548a1e9b37dd15d7bb6c352dc347
            bec6f51d2e93afc776ea46e7047b6495e81a8434298b6f1d0d2b83319f76e637
            ef5be15e07ad04c6e4049aff6aa10f8e2e8fda643e89a3d89dd3f01c51d33667
            384c14539d08452f2ee2a0f038d45ff60d55c94a91b4f5754fffdbd74ffe227c
            2e6a2e0ce93635034ef11232dd1fa0d0d313e9b84595fb03e54d974b8626ce4f
            30798cf46eb4fa1ac4ce36be421c9bc4a600caa5d9223db3206caf642807aac5
            """
        ),
        (
            bits: 4096,
            pem: """
            -----BEGIN PUBLIC KEY-----
            MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEA2jSnkjkbPlNfR4uGoWQw
            MH+vRn0waYFT37ark9fJeXesOK1f/8agXRsYZfsfwxe5r4LlMtc5DSFYWEk26ZrB
            R+DowNji2rk6F25a6TVIPe3nedJePwyiaNEXaoNQSTTcK70AAupeH/64W8oHz8dV
            DfsT4yqmywCiuhPyuWVB/Uzf5UyFFejLQ1l/ok1oJ8QOotW7DJC2YAGLMVdUPeiE
            SVX630O4fSTH3/X9p9NIbR5CSS09KO/D/VZr7fP5NzunP2X/SD9puHOGN1tCUFg7
            kT4xBroPHTVQla7Y5qKPNwGOwsE7c8bH8M6QucPw2eBpidR6vhZf2+0jcgFm+9z9
            RBQ8fZwRBNO74PlTUVTJ9A6lQpIa0BNsIemM7A+/OcdcGcuwLUSCA8MYsyx7hAMa
            VkggUU0ZngvOTc76OhKrAIuBvCfbds1RSQgg/wb9O48VA624rDvOnPB+7T8eupzT
            SOtHJLcEVsPUM/mqfmrj88su9ov6tFBXFTe5OydY15kMsDgWPAQNWKm5ArxkplRg
            5zDypDUxRnvEW6IiQHINt4MS3wXK6pEDva6MFe7RwaNPp/Y36uTnfV2UnDbTArSr
            FqVlxLAFURjc9gSeT31dw/W4pS+Cr93l3ow2cUSZq4KQmXnSnf+E4UbRcPkELRqz
            6xnA73l6yP74N2tkZIGX0j8CAwEAAQ==
            -----END PUBLIC KEY-----
            """,
            signature: """
            7fbc3ca472e9ea3636fe96c860e7bfe237b28f4e566820c733af7ae1f444b83c
            5d6d8118342def4c4d74399f81f1c9e215f2b5f1e9ef55fa55573c2a0a368a5f
            e3b1c94f575be413dbbf48260bc2158edbae7fd48a26a3eccf7b973a12856a2e
            77182015aa79879c516ec3bb2fd7649df11991c74bbb6d1e8e8ce2827c3b0c41
            3b8ea7f13ece334a0670507ede0e21c41301b262b55fb58d8fdd3ff565381469
            9da8f40e58b943b38d52a7301ade8c07d08357216195a1810aa307f7ff02d163
            021e20a989b561b4bdd7b06cef445fd1466771648271cc51fb70957c808e25bf
            cf8934b4ebec98cca2aacb58832f0e0d80949d51242642a53b41228b3d4339e3
            0f5008970d6367eefa7d928654a33dfc5e6f2d86553b0349c465eb3fd1fb7f62
            db522b31cd0edd5eecd82861580f6a19678f0c67ab35e80c946d57537db89ee4
            42e8a821296ab6cb3828759fe778f564ab624cb4253e13e50f84ccf5e3dc1b92
            2dde96031d517ea421644af6820fad4306e414eea7cf5fe37abde8313aad6f63
            698d3b06a223d832cd1555f64edb3a52efa635340e654d80ecc8af4282e5690b
            d81d9d0462e33e55955f28375f6391c1628cf6dba2d3a9cbf17acadd0a5d78bb
            8041984f7382bf665ee939c9e2eb6bb2b60a0e739650b5cf3eaae925b4edd75b
            103867381e3f51de1b20b2075de7506ee8d996e00b248a9cd6dc14edbe2da8d7
            """
        ),
    ]

    /// A key of 768 bits.
    static let tooSmall = """
        -----BEGIN PUBLIC KEY-----
        MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAOrarTyrZlmXvZMrjNqPspBPIUryLvig
        6bfLPtyde+2d0xQ0b5NT0ba4UuUS4l0DZt+uGBb9kND8I7Xl+p782NtTWKpcpKwo
        gMu9l/9nSWso1V1PR0cdyE9lT9tm7P0xfwIDAQAB
        -----END PUBLIC KEY-----
        """

    /// A key of 4104 bits.
    static let tooLarge = """
        -----BEGIN PUBLIC KEY-----
        MIICIzANBgkqhkiG9w0BAQEFAAOCAhAAMIICCwKCAgIAr+OcGsGFe4ezjFVq0Uep
        e8YqbAlJE63jXIm7oMcdUQm2OctGoAxgIE9k7Uo0wWrdRoWVExT9EruloTHPxBX0
        TK5E+PGGrS29K+srA9GZKEDOBZjjOn7js+1Go+jEwwtDP6G1PDEqo25NA+DzUWbn
        CmWtxKuQ1lY7zTME/0fWG/j5ujjpsPFbjYnJf0gUKILilgKGIzr3boqX3AYdpI2c
        zYq56Zoevxhgc6A4z3RQKjd2SKVzemkREWe1yiE7izcqFqpfw4LvUJyhrDaHdkDy
        sNvViqXJwbDLRVfb/nWixWek/45HSRMRKmKPuF+5dNU3pxB4IvG5Sa2RiqvPgODy
        jg8Cq4TcVv+YEFBGDIIvsQAZSF4O0qC88qctabSCWsoB/PtpnQX7yPcF3L7zLrAl
        VfC/DNh71uyd5D67ESyoRPWSdrwKF53r8RNHbJsB7aiOd7WuAby7Opoi3Szp/U8c
        BUOgM9XYJkQiL90BqdyXTBL328Oqk1jCEvz3WpQRxq4tqfLkSrt7jaQDfrB5VYIr
        alOR4fsJwzyPfyfzBKVmnsZUt2wIAfxiaMEWIwtjXl8ok9dR1yNPM326EXdM4B7Q
        bHbrhoKFQK9dtS7ZbudPljHiAHBi8qnakVVgMpz9ka8SVQIsahLujGHrNaMIHis/
        cdX5vmz9EUNjuFibFBsN1tKjAgMBAAE=
        -----END PUBLIC KEY-----
        """
}
