// CNU archives: the golden vector byte for byte, every truncation, lying numbers, and random bytes,
// which never trap.

import PFSRuntime
import Testing

@Suite("CNU archives") struct CNUArchiveTests {
    /// The signed file with three files of invented content that public tools accept.
    static let golden: [UInt8] = {
        let archive = CNUArchive.bytes([
            .init(
                path: "/bin/one.txt",
                time: 1_700_000_000,
                contents: [UInt8](repeating: UInt8(ascii: "A"), count: 10_000)
            ),
            .init(
                path: nil,
                time: 1_700_000_001,
                contents: [UInt8](repeating: UInt8(ascii: "R"), count: 9_000)
            ),
            .init(path: "/etc/two.txt", time: 1_700_000_002, contents: Array("second\n".utf8)),
        ])
        let signature = [UInt8](repeating: 0xEE, count: 256)
        return SignedHeader.bytes(name: "apps41.9-9-9TEST.sbn", signature: signature) + archive
    }()

    private func refusal(_ bytes: [UInt8], from start: Int = 408) -> FirmwareFormatError? {
        do throws(FirmwareFormatError) {
            _ = try CNUArchive(parsing: bytes, from: start, fileByteCount: bytes.count)
            return nil
        } catch {
            return error
        }
    }

    @Test("the golden vector comes out byte for byte")
    func goldenVector() {
        #expect(Self.golden.count == 20_085)
        #expect(
            Digits.text(MessageDigest.digest(.sha256, of: Self.golden))
                == "aec38c6449597497ed4f6855cbf914085d0f74ae8e1d4d76ae5368e0a50e1d60"
        )
    }

    @Test("the table is read back, from the whole file and from its beginning alone")
    func roundTrip() throws {
        let bytes = Self.golden
        let archive = try CNUArchive(parsing: bytes, from: 408, fileByteCount: bytes.count)
        #expect(archive.entries.map(\.path) == ["/bin/one.txt", nil, "/etc/two.txt"])
        #expect(archive.entries.map(\.sizeBytes) == [10_000, 9_000, 7])
        #expect(archive.entries.map(\.time) == [1_700_000_000, 1_700_000_001, 1_700_000_002])
        #expect(archive.trailingCount == 0)
        let beginning = Array(bytes.prefix(408 + archive.contentsOffset))
        let again = try CNUArchive(parsing: beginning, from: 408, fileByteCount: bytes.count)
        #expect(again == archive)
        let longer = try CNUArchive(parsing: bytes + [0x0A], from: 408, fileByteCount: 20_086)
        #expect(longer.trailingCount == 1)
        let empty = CNUArchive.bytes([])
        #expect(try CNUArchive(parsing: empty, from: 0, fileByteCount: empty.count).entries == [])
    }

    @Test("every truncation is refused")
    func truncations() {
        for length in 0..<Self.golden.count where length < 2_000 || length % 97 == 0 {
            let error = refusal(Array(Self.golden.prefix(length)), from: 408)
            #expect(error != nil, "\(length)")
            if let error { #expect((0...Self.golden.count).contains(error.offset), "\(error)") }
        }
    }

    @Test(
        "a lying number is refused where it stands",
        arguments: [
            (0x30, 0xFFFF_FFFF, FirmwareFormatError.Reason.tooManyEntries(0xFFFF_FFFF)),
            (0x30, 8_193, .tooManyEntries(8_193)), (0x30, 6, .badContents),
            (0x34, 0xFFFF_FFFF, .badContents), (0x34, 0, .badContents),
            (0x248, 8, .unknownEntryKind(8)), (0x248 + 8, 0xFFFF_FFFF, .badContents),
            (0x248 + 8, 10_001, .badContents), (0x248 + 16, 0, .badEntryName),
            (0x248 + 16, 0x248, .badEntryName), (0x248 + 16, 0xFFFF_FFFF, .badEntryName),
            (0x25C + 16, 1, .badEntryName),
        ]
    )
    func lyingNumbers(_ offset: Int, _ number: UInt32, _ reason: FirmwareFormatError.Reason) {
        var bytes = Self.golden
        for place in 0..<4 {
            bytes[408 + offset + place] = UInt8(truncatingIfNeeded: number >> (24 - 8 * place))
        }
        #expect(refusal(bytes)?.reason == reason)
    }

    @Test("random changes give a table or an error inside the file, and never trap")
    func randomChanges() {
        let seed: UInt64 = 4051
        let again = "swift test --filter CNUArchiveTests/randomChanges (seed \(seed))"
        var accepted = 0
        var refused = 0
        for index in 0..<4_000 {
            var random = RandomStream(seed: seed, purpose: .test, index: UInt64(index))
            var bytes = Self.golden
            for _ in 0...random.below(4) {
                let offset = 408 + Int(random.below(700))
                bytes[offset] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.below(8) == 0 { bytes.removeLast(Int(random.below(20_085))) }
            if let error = refusal(bytes) {
                refused += 1
                #expect((0...Self.golden.count).contains(error.offset), "case \(index); \(again)")
            } else {
                accepted += 1
            }
        }
        #expect(accepted > 500 && refused > 500, "\(accepted) and \(refused); \(again)")
    }
}
