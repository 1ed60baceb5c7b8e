// Text as netascii, in pieces of any length.

import Testing

@testable import PFSRuntime

@Suite("Netascii")
struct NetasciiTests {
    private func encoded(_ bytes: [UInt8], piece: Int) -> [UInt8] {
        var encoder = NetasciiEncoder()
        var result: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty || !encoder.isFlushed {
            var output: [UInt8] = []
            let used = encoder.encode(rest, into: &output, limit: piece)
            #expect(output.count <= piece)
            rest = rest.dropFirst(used)
            result += output
        }
        return result
    }

    private func decoded(_ bytes: [UInt8], piece: Int) -> [UInt8] {
        var decoder = NetasciiDecoder()
        var result: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            decoder.decode(rest.prefix(piece), into: &result)
            rest = rest.dropFirst(piece)
        }
        decoder.finish(into: &result)
        return result
    }

    @Test("LF becomes CR LF and CR becomes CR NUL, and back, wherever a piece ends")
    func bothWays() {
        let plain = Array("a\nb\r\nc\r".utf8)
        let wire = Array("a\r\nb\r\0\r\nc\r\0".utf8)
        for piece in 1...12 {
            #expect(encoded(plain, piece: piece) == wire, "\(piece)")
            #expect(decoded(wire, piece: piece) == plain, "\(piece)")
        }
    }

    @Test("a CR before any other byte stays, also at the end")
    func strayReturns() {
        for piece in 1...4 {
            #expect(decoded(Array("a\rb\r\r\nc\r".utf8), piece: piece) == Array("a\rb\r\nc\r".utf8))
        }
    }

    @Test(
        "any bytes come back as they were",
        arguments: RepeatableSeed.all(20, suite: "NetasciiTests")
    )
    func random(_ seed: RepeatableSeed) {
        var random = RandomStream(seed: seed.seed, purpose: .test, index: 4)
        let alphabet: [UInt8] = [10, 13, 0, 97, 255]
        let bytes = (0..<random.below(300)).map { _ in alphabet[Int(random.below(5))] }
        let wire = encoded(bytes, piece: 1 + Int(random.below(20)))
        #expect(decoded(wire, piece: 1 + Int(random.below(20))) == bytes, "\(seed)")
    }
}
