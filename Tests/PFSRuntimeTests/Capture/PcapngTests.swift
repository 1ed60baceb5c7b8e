// Captures as bytes: blocks against a known vector, frames against their own checksums.

import Testing

@testable import PFSRuntime

@Suite("Captured packets") struct PcapngTests {
    @Test("a section header is the known 84 bytes")
    func sectionHeader() {
        let bytes = PcapngBlock.sectionHeader(
            hardware: "simulated phone",
            application: "pfsh 0.1",
            comment: "section comment"
        )
        let expected: [UInt8] =
            [0x0A, 0x0D, 0x0D, 0x0A, 0x54, 0, 0, 0, 0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0]
            + [UInt8](repeating: 0xFF, count: 8)
            + [2, 0, 15, 0] + Array("simulated phone".utf8) + [0]
            + [4, 0, 8, 0] + Array("pfsh 0.1".utf8)
            + [1, 0, 15, 0] + Array("section comment".utf8) + [0]
            + [0, 0, 0, 0, 0x54, 0, 0, 0]
        #expect(bytes == expected)
    }

    @Test("every block has its length at both ends, a multiple of four", arguments: 0..<9)
    func lengths(_ count: Int) {
        let block = PcapngBlock.packet(
            interface: 3,
            nanoseconds: 0x1_0000_0002,
            bytes: [UInt8](repeating: 7, count: count)[...],
            originalBytes: count,
            .outbound,
            comments: [String(repeating: "c", count: count), "second"]
        )
        #expect(block.count % 4 == 0)
        #expect(
            block[4..<8] == block.suffix(4)[...].prefix(4)
                || Array(block[4..<8]) == Array(block.suffix(4))
        )
        #expect(Int(block[4]) | Int(block[5]) << 8 == block.count)
        #expect(Array(block[12..<20]) == [1, 0, 0, 0, 2, 0, 0, 0])
    }

    private static let one = FrameEnd(
        mac: MACAddress(bits: 0x0200_0000_0001),
        address: IPv4Address(bits: 0x0A04_000B),
        port: 4051
    )
    private static let other = FrameEnd(
        mac: MACAddress(bits: 0x0200_0000_0002),
        address: IPv4Address(bits: 0x0A04_000C),
        port: 49_152
    )

    /// The sum of 16-bit words with the carry added in: all ones over anything with its checksum.
    private func sum(_ bytes: some Sequence<UInt8>) -> Int {
        var sum = 0
        for (index, byte) in bytes.enumerated() { sum += Int(byte) << (index % 2 == 0 ? 8 : 0) }
        while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
        return sum
    }

    @Test("lengths and checksums are right, whatever is in it", arguments: [0, 1, 2, 99, 1_460])
    func checksums(_ count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let frames = [
            (
                17,
                NetworkFrame.datagram(
                    from: Self.one,
                    to: Self.other,
                    identification: 9,
                    payload
                )
            ),
            (
                6,
                NetworkFrame.segment(
                    from: Self.one,
                    to: Self.other,
                    identification: 9,
                    sequence: 0xFFFF_FFFF,
                    acknowledgement: 7,
                    [.push, .acknowledge],
                    payload
                )
            ),
        ]
        for (transport, frame) in frames {
            let headers = transport == 17 ? 8 : 20
            #expect(frame.count == 14 + 20 + headers + count)
            #expect(Int(frame[16]) << 8 | Int(frame[17]) == frame.count - 14)
            #expect(sum(frame[14..<34]) == 0xFFFF)
            let packet = Array(frame[34...])
            let pseudo =
                Array(frame[26..<34]) + [0, UInt8(transport)]
                + [UInt8(packet.count >> 8), UInt8(packet.count & 255)]
            #expect(sum(pseudo + packet) == 0xFFFF)
        }
    }

    @Test("recording what is sent changes nothing of what happens")
    func unchanged() throws {
        func run(recording: Bool) throws -> (World, [WireRecord]) {
            let office = try Office(
                wan: WANLink(rateBitsPerSecond: 384_000, roundTrip: .milliseconds(150))
            )
            let phones = try office.add(12)
            office.world.recordsTraffic = recording
            try office.push(phones)
            office.finish()
            return (office.world, office.world.takeTraffic())
        }
        let (plain, none) = try run(recording: false)
        let (recorded, records) = try run(recording: true)
        #expect(none.isEmpty && records.count > 500)
        #expect(plain.fingerprint == recorded.fingerprint)
        #expect(plain.eventCount == recorded.eventCount)
        #expect(zip(records, records.dropFirst()).allSatisfy { $0.time <= $1.time })
    }

    @Test("the Holds that were left out are recorded as those that are played are")
    func impliedHolds() throws {
        func holds(everyMessage: Bool) throws -> [String] {
            let office = try Office(
                wan: WANLink(rateBitsPerSecond: 384_000, roundTrip: .milliseconds(150))
            )
            if everyMessage { try office.world.playEveryMessage() }
            let phones = try office.add(8)
            office.world.recordsTraffic = true
            try office.push(phones)
            office.finish()
            return office.world.takeTraffic().compactMap { record in
                guard case .message(.hold, to: let other, isAnswered: _) = record.event else {
                    return nil
                }
                return "\(record.time.nanoseconds) \(record.phone.index) \(other.index) "
                    + "\(record.file.index)"
            }.sorted()
        }
        let (implied, played) = (try holds(everyMessage: false), try holds(everyMessage: true))
        #expect(played.count > 100)
        #expect(implied == played)
    }
}
