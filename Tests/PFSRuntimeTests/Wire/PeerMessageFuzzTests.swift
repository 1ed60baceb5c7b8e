// Bytes from anywhere as peer messages: random ones, and messages with a few bytes changed. Nothing
// may trap, and what is accepted must be emitted again as the same bytes.

import Testing

@testable import PFSRuntime

struct PeerMessageFuzzTests {
    /// How often each seed tries.
    private static let rounds = 2_000

    /// Reads bytes both ways; true when one of them accepts.
    private func accepts(_ bytes: [UInt8], _ seed: RepeatableSeed) -> Bool {
        var accepted = false
        for carrier in [WirePeerMessage.Carrier.datagram, .link] {
            do {
                let read = try WirePeerMessage(parsing: bytes, from: carrier)
                accepted = true
                #expect(read.bytes() == bytes, "\(seed)")
                #expect(read.message.isBroadcast == (carrier == .datagram), "\(seed)")
            } catch {
                #expect((0...bytes.count).contains(error.offset), "\(seed): \(error)")
                #expect(!error.description.isEmpty)
            }
        }
        return accepted
    }

    private func randomBytes(_ count: Int, _ random: inout RandomStream) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    @Test(
        "random bytes never trap, with and without a true header",
        arguments: RepeatableSeed.all(8, suite: "PeerMessageFuzzTests")
    )
    func randomMessages(_ seed: RepeatableSeed) {
        var random = RandomStream(seed: seed.seed, purpose: .test, index: 1)
        var accepted = 0
        var refused = 0
        for _ in 0..<Self.rounds {
            let count = Int(random.below(UInt64(WirePeerMessage.mostBytes + 2)))
            var bytes = randomBytes(count, &random)
            if random.below(4) > 0 {
                let kind = random.element(of: PeerMessageKind.allCases)
                bytes = shortNames(randomBytes(Int(random.below(12)), &random), kind, &random)
            }
            if accepts(bytes, seed) { accepted += 1 } else { refused += 1 }
        }
        #expect(accepted > 0, "nothing accepted: \(seed)")
        #expect(refused > 0, "nothing refused: \(seed)")
    }

    /// A true header and names of one random byte, then random fields.
    private func shortNames(
        _ fields: [UInt8],
        _ kind: PeerMessageKind,
        _ random: inout RandomStream
    ) -> [UInt8] {
        let names: [UInt8] = [
            1, UInt8(truncatingIfNeeded: random.next()), 1,
            UInt8(truncatingIfNeeded: random.next()),
        ]
        let length = WirePeerMessage.headerBytes + names.count + fields.count
        return WirePeerMessage.magic + [WirePeerMessage.version, kind.rawValue, 0, UInt8(length)]
            + names + fields
    }

    @Test(
        "messages with changed, missing and doubled bytes never trap",
        arguments: RepeatableSeed.all(8, suite: "PeerMessageFuzzTests")
    )
    func mutations(_ seed: RepeatableSeed) throws {
        var random = RandomStream(seed: seed.seed, purpose: .test, index: 2)
        var accepted = 0
        var refused = 0
        for _ in 0..<Self.rounds {
            let example = random.element(of: PeerMessageExample.all)
            var bytes = try example.bytes()
            for _ in 0...random.below(3) { mutate(&bytes, &random) }
            if accepts(bytes, seed) { accepted += 1 } else { refused += 1 }
        }
        #expect(accepted > 0, "nothing accepted: \(seed)")
        #expect(refused > 0, "nothing refused: \(seed)")
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout RandomStream) {
        guard !bytes.isEmpty else { return }
        let index = Int(random.below(UInt64(bytes.count)))
        switch random.below(4) {
        case 0: bytes[index] ^= 1 << UInt8(random.below(8))
        case 1: bytes[index] = UInt8(truncatingIfNeeded: random.next())
        case 2: bytes.removeSubrange(index...min(index + 2, bytes.count - 1))
        default: bytes.insert(contentsOf: bytes[..<index], at: index)
        }
    }

    @Test(
        "the beginning of a link's message is never longer than the limit",
        arguments: RepeatableSeed.all(8, suite: "PeerMessageFuzzTests")
    )
    func beginnings(_ seed: RepeatableSeed) throws {
        var random = RandomStream(seed: seed.seed, purpose: .test, index: 3)
        var answered = 0
        var refused = 0
        var undecided = 0
        for _ in 0..<Self.rounds {
            let example = random.element(of: PeerMessageExample.all)
            var bytes = Array(try example.bytes().prefix(Int(random.below(16))))
            if random.below(2) == 0 { mutate(&bytes, &random) }
            do {
                if let length = try WirePeerMessage.length(ofMessageBeginning: bytes) {
                    answered += 1
                    let limits = WirePeerMessage.leastBytes...WirePeerMessage.mostBytes
                    #expect(limits.contains(length), "\(seed)")
                } else {
                    undecided += 1
                    #expect(bytes.count < WirePeerMessage.headerBytes, "\(seed)")
                }
            } catch {
                refused += 1
            }
        }
        #expect(answered > 0 && refused > 0 && undecided > 0, "\(seed)")
    }
}

extension RandomStream {
    /// One of the elements, of which there are some.
    fileprivate mutating func element<Element>(of list: [Element]) -> Element {
        list[Int(below(UInt64(list.count)))]
    }
}
