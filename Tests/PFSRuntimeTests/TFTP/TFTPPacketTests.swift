// Packets as bytes: the forms of the RFCs, what peers really send, and every refusal with its place.

import Testing

@testable import PFSRuntime

@Suite("TFTP packets")
struct TFTPPacketTests {
    private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("requests as peers send them are read, modes without regard to case")
    func requests() throws {
        // curl 7.88 and tftp-hpa 5.2; the third is atftp 0.8 with its options.
        let curl = text("\0\u{1}f\0octet\0tsize\00\0blksize\0512\0timeout\06\0")
        #expect(
            try TFTPPacket(parsing: curl)
                == .readRequest(
                    TFTPRequest(
                        fileName: "f",
                        mode: .octet,
                        options: [
                            TFTPOption("tsize", "0"), TFTPOption("blksize", "512"),
                            TFTPOption("timeout", "6"),
                        ]
                    )
                )
        )
        let plain = text("\0\u{1}dir/f\0NetASCII\0")
        #expect(
            try TFTPPacket(parsing: plain)
                == .readRequest(TFTPRequest(fileName: "dir/f", mode: .netascii))
        )
        let write = text("\0\u{2}f\0octet\0windowsize\08\0")
        #expect(
            try TFTPPacket(parsing: write)
                == .writeRequest(
                    TFTPRequest(
                        fileName: "f",
                        mode: .octet,
                        options: [TFTPOption("windowsize", "8")]
                    )
                )
        )
        #expect(try TFTPPacket(parsing: text("\0\u{2}f\0mail\0")).isRequest)
    }

    @Test("data, acknowledgements, errors and options are what their bytes say")
    func others() throws {
        #expect(try TFTPPacket(parsing: [0, 3, 1, 2]) == .data(block: 258, payload: []))
        #expect(try TFTPPacket(parsing: [0, 3, 0, 0, 9]) == .data(block: 0, payload: [9]))
        #expect(try TFTPPacket(parsing: [0, 4, 255, 255]) == .acknowledgement(block: 65_535))
        #expect(
            try TFTPPacket(parsing: [0, 5, 0, 1] + text("no\0"))
                == .error(TFTPErrorMessage(.fileNotFound, "no"))
        )
        #expect(
            try TFTPPacket(parsing: text("\0\u{6}blksize\08\0"))
                == .optionAcknowledgement([TFTPOption("blksize", "8")])
        )
        #expect(try TFTPPacket(parsing: [0, 6]) == .optionAcknowledgement([]))
    }

    @Test(
        "an error's text may lack its NUL or be no UTF-8, and is shown without control characters"
    )
    func errorTexts() throws {
        let unterminated = try TFTPPacket(parsing: [0, 5, 0, 2] + text("no"))
        #expect(unterminated == .error(TFTPErrorMessage(.accessViolation, "no")))
        let latin = try TFTPPacket(parsing: [0, 5, 0, 0, 0xE4, 0])
        #expect(latin == .error(TFTPErrorMessage(.notDefined, "\u{FFFD}")))
        #expect("\(TFTPErrorMessage(.diskFull, "a\u{1B}[2Jb\n"))" == "error 3: a?[2Jb?")
    }

    @Test(
        "what is no packet is refused with the place and the reason",
        arguments: [
            ([], 0, "middle"), ([0], 1, "middle"), ([0, 0], 0, "opcode 0"),
            ([0, 7], 0, "opcode 7"), ([1, 1], 0, "opcode 257"), ([0, 3, 0], 3, "middle"),
            ([0, 4, 0], 3, "middle"), ([0, 4, 0, 0, 0], 4, "longer than 4"),
            ([0, 5, 0], 3, "middle"), ([0, 1], 2, "middle"), ([0, 1, 0, 111, 0], 2, "1 to 255"),
            ([0, 1, 102], 3, "middle"), ([0, 1, 102, 0], 4, "middle"),
            ([0, 1, 102, 0, 111, 0], 4, "mode"), ([0, 1, 0xC0, 0xAE, 0, 111, 0], 2, "UTF-8"),
            ([0, 6, 97], 3, "middle"), ([0, 6, 97, 0], 2, "without"),
            ([0, 6, 0, 97, 0], 2, "without"),
            ([0, 6, 97, 0, 98], 5, "middle"),
        ] as [([UInt8], Int, String)]
    )
    func refusals(bytes: [UInt8], offset: Int, words: String) {
        let error = #expect(throws: TFTPPacketError.self) { try TFTPPacket(parsing: bytes) }
        #expect(error?.offset == offset, "\(bytes)")
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test("limits: a name of 255 bytes, a request of 1,024, a block of 65,464")
    func limits() throws {
        func request(_ name: Int, filling: Int = 0) -> [UInt8] {
            [0, 1] + Array(repeating: 97, count: name) + text("\0octet\0")
                + (filling > 0 ? text("x\0") + Array(repeating: 97, count: filling) + [0] : [])
        }
        #expect(try TFTPPacket(parsing: request(255)).isRequest)
        #expect(throws: TFTPPacketError.self) { try TFTPPacket(parsing: request(256)) }
        #expect(throws: TFTPPacketError.self) { try TFTPPacket(parsing: request(10_000)) }
        let rest = 1_024 - request(1).count - 3
        #expect(try TFTPPacket(parsing: request(1, filling: rest)).isRequest)
        #expect(throws: TFTPPacketError(offset: 1_024, reason: .tooLong(limitBytes: 1_024))) {
            try TFTPPacket(parsing: request(1, filling: rest + 1))
        }
        let block = [UInt8](repeating: 1, count: 65_464)
        #expect(try TFTPPacket(parsing: [0, 3, 0, 1] + block) == .data(block: 1, payload: block))
        #expect(throws: TFTPPacketError.self) { try TFTPPacket(parsing: [0, 3, 0, 1, 1] + block) }
    }

    @Test("a text is cut at its first NUL when it is sent")
    func nulInText() {
        let packet = TFTPPacket.readRequest(TFTPRequest(fileName: "a\0b", mode: .octet))
        #expect(packet.bytes == text("\0\u{1}a\0octet\0"))
    }

    @Test(
        "random packets with a few bytes changed never trap, and what is read is written the same way",
        arguments: RepeatableSeed.all(4, suite: "TFTPPacketTests")
    )
    func random(_ seed: RepeatableSeed) {
        var random = RandomStream(seed: seed.seed, purpose: .test, index: 3)
        let examples: [[UInt8]] = [
            text("\0\u{1}f\0octet\0tsize\00\0blksize\0512\0"), text("\0\u{6}tsize\05\0"),
            [0, 3, 0, 1, 2, 3], [0, 4, 0, 1], [0, 5, 0, 1] + text("words\0"),
            text("\0\u{2}dir/name\0netascii\0windowsize\04\0"),
        ]
        var accepted = 0
        for _ in 0..<4_000 {
            var bytes = examples[Int(random.below(UInt64(examples.count)))]
            for _ in 0..<random.below(4) {
                let place = Int(random.below(UInt64(bytes.count)))
                bytes[place] = UInt8(random.below(256))
            }
            if random.below(4) == 0 { bytes = Array(bytes.prefix(Int(random.below(30)))) }
            do {
                let packet = try TFTPPacket(parsing: bytes)
                accepted += 1
                #expect(try TFTPPacket(parsing: packet.bytes) == packet, "\(seed): \(bytes)")
            } catch {
                #expect((0...bytes.count).contains(error.offset), "\(seed): \(bytes)")
            }
        }
        #expect((500..<3_900).contains(accepted), "\(seed): \(accepted)")
    }
}
