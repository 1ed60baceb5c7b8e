// The `.loads` manifest: the golden vector byte for byte, every truncation, lying lengths, odd but
// valid lists, and random bytes, which never trap.

import PFSRuntime
import Testing

struct LoadsManifestTests {
    private let golden: LoadsManifest

    init() throws {
        golden = try LoadsManifest(
            name: "SCCP41.9-9-9TEST.loads",
            releaseVersion: "9-9-9TEST",
            files: ["jar41sccp", "cnu41", "apps41", "dsp41", "cvm41sccp"].map {
                $0 + ".9-9-9TEST.sbn"
            }
        )
    }

    private func reason(_ bytes: [UInt8]) -> FirmwareFormatError.Reason? {
        do {
            _ = try LoadsManifest(parsing: bytes)
            return nil
        } catch {
            return error.reason
        }
    }

    /// The golden header with another list.
    private func manifest(list: String) -> [UInt8] {
        Array(golden.bytes(signatureByte: 0xEE).prefix(408)) + Array(list.utf8)
    }

    @Test("the emitter reproduces the golden vector byte for byte")
    func goldenVector() {
        let bytes = golden.bytes(signatureByte: 0xEE)
        #expect(bytes.count == 648)
        let header = """
            0100020101020002019803005b040027434e3d736f6d655369676e65723b4f55
            3d736f6d654f7267556e69743b4f3d736f6d654f726700050008123456789
            0abcdef060023434e3d736f6d6543413b4f553d736f6d654f7267556e69743b4f
            3d736f6d654f72670007000f080001010900080a0001000b0001020c0100
            """.filter { $0 != "\n" }
        let hex = bytes.prefix(125).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        #expect(hex.joined() == header)
        #expect(bytes[125..<381].allSatisfy { $0 == 0xEE })
        #expect(bytes[381..<384].elementsEqual([0x0E, 0, 0x17]))
        #expect(bytes[407] == 0x0D)
        #expect(bytes[408] == UInt8(ascii: "#"))
        #expect(
            Digits.text(MessageDigest.digest(.sha256, of: bytes))
                == "3f7b25521c7cc9ccd4b9bb984a2157bde4a9adeb480fa6ba2e75e243f03e7d25"
        )
    }

    @Test("what is emitted is read back, with and without the optional lines")
    func roundTrip() throws {
        let others = [
            golden,
            try LoadsManifest(name: "a", releaseVersion: nil, files: ["b.sbn"]),
            try LoadsManifest(
                name: "SCCP45.9-4-2SR1-1S.loads",
                releaseVersion: "9-4-2ES9",
                hardwareComponent: 15,
                files: ["Jar45sip.8-2-2ES4.sbn", "dsp45.x.sbn"]
            ),
            try LoadsManifest(
                name: String(repeating: "n", count: LoadsManifest.nameLimit),
                releaseVersion: "v",
                hardwareComponent: .max,
                files: (1...LoadsManifest.fileLimit).map { "file\($0).sbn" }
            ),
        ]
        for manifest in others {
            let bytes = manifest.bytes(signatureByte: 0x5A)
            #expect(try LoadsManifest(parsing: bytes) == manifest)
        }
    }

    @Test("every truncation is refused, or read as the shorter list that it is")
    func truncations() throws {
        let bytes = golden.bytes(signatureByte: 0xEE)
        var accepted = 0
        for length in 0..<bytes.count {
            do {
                let manifest = try LoadsManifest(parsing: Array(bytes.prefix(length)))
                #expect(length > 408)
                #expect(golden.files.starts(with: manifest.files))
                accepted += 1
            } catch {
                #expect(error.offset <= length, "\(length): \(error)")
                if length < 408 { #expect(error.reason == .truncated, "\(length)") }
            }
        }
        #expect(accepted > 10)
    }

    @Test("a lying length is refused where it stands")
    func lyingLengths() {
        let bytes = golden.bytes(signatureByte: 0xEE)
        let cases: [(offset: Int, bytes: [UInt8], reason: FirmwareFormatError.Reason)] = [
            (8, [0xFF, 0xFF], .truncated), (8, [0, 9], .badLength(tag: 2)),
            (8, [0, 10], .missingRecord(tag: 3)), (8, [0x01, 0x96], .crossesEnd(tag: 14)),
            (8, [0x01, 0x97], .badCharacter(13)),
            (11, [0xFF, 0xFF], .crossesEnd(tag: 3)), (11, [0, 0x5A], .crossesEnd(tag: 6)),
            (11, [0, 0], .badLength(tag: 3)), (14, [0, 0x28], .unexpectedRecord(tag: 0)),
            (14, [0xFF, 0xFF], .crossesEnd(tag: 4)), (56, [0, 0], .badLength(tag: 5)),
            (105, [0, 16], .crossesEnd(tag: 12)), (108, [0, 2], .badLength(tag: 8)),
            (112, [0, 9], .crossesEnd(tag: 9)), (123, [0, 255], .unexpectedRecord(tag: 0xEE)),
            (123, [1, 1], .unexpectedRecord(tag: 0)), (123, [0xFF, 0xFF], .crossesEnd(tag: 12)),
            (382, [0xFF, 0xFF], .crossesEnd(tag: 14)), (382, [0, 0x16], .badName),
            (382, [0, 1], .badLength(tag: 14)),
        ]
        for change in cases {
            var changed = bytes
            changed.replaceSubrange(change.offset..<change.offset + 2, with: change.bytes)
            #expect(reason(changed) == change.reason, "\(change.offset) \(change.bytes)")
        }
    }

    @Test("a wrong record is refused for its reason")
    func wrongRecords() {
        let bytes = golden.bytes(signatureByte: 0xEE)
        let cases: [(offset: Int, byte: UInt8, reason: FirmwareFormatError.Reason)] = [
            (0, 2, .notAManifest), (3, 2, .notAManifest), (10, 16, .encrypted),
            (10, 28, .unexpectedRecord(tag: 28)), (10, 99, .unexpectedRecord(tag: 99)),
            (55, 4, .duplicateRecord(tag: 4)), (10, 1, .duplicateRecord(tag: 1)),
            (121, 1, .badLength(tag: 12)), (121, 4, .badLength(tag: 11)),
            (384, UInt8(ascii: "/"), .badName), (406, UInt8(ascii: "x"), .badName),
            (407, 0x0E, .duplicateRecord(tag: 14)),
        ]
        for change in cases {
            var changed = bytes
            changed[change.offset] = change.byte
            #expect(reason(changed) == change.reason, "\(change.offset)")
        }
        #expect(reason([]) == .truncated)
        #expect(reason(Array(repeating: 1, count: LoadsManifest.byteLimit + 1)) == .tooLong)
        #expect(reason(Array("{\\rtf".utf8)) == .notAManifest)
    }

    @Test("the list is read as phones' servers write it")
    func lists() throws {
        let text = """
            # RELEASE load version 8-2-2ES4
            #HARDWARE_COMP_1 5

            Jar11sip.8-2-2ES4.sbn  \r
            \r
            cnu11.8-2-2ES4.sbn
            """
        let manifest = try LoadsManifest(parsing: manifest(list: text))
        #expect(manifest.files == ["Jar11sip.8-2-2ES4.sbn", "cnu11.8-2-2ES4.sbn"])
        #expect(manifest.releaseVersion == "8-2-2ES4")
        #expect(manifest.hardwareComponent == 5)
        #expect(manifest.name == "SCCP41.9-9-9TEST.loads")
    }

    @Test(
        "a bad list is refused for its reason",
        arguments: [
            ("", FirmwareFormatError.Reason.noFiles), ("#\r\n\r\n", .noFiles),
            ("a b.sbn", .badFileLine),
            (" a.sbn", .badFileLine), ("../a.sbn", .badFileLine), ("a.bin", .badFileLine),
            (".sbn", .badFileLine), ("a.sbn\r\na.sbn\r\n", .duplicateFile),
            ("a\u{0}.sbn", .badCharacter(0)), ("a.sbn\r\r\n", .badCharacter(13)),
            ("#HARDWARE_COMP_1 \r\na.sbn", .badHardwareLine),
            ("#HARDWARE_COMP_1 4294967296\na.sbn", .badHardwareLine),
            ("#HARDWARE_COMP_1 1\n#HARDWARE_COMP_1 1\na.sbn", .badHardwareLine),
            ((0...64).map { "f\($0).sbn\n" }.joined(), .tooManyFiles),
            (String(repeating: "n", count: 125) + ".sbn", .badFileLine),
        ]
    )
    func badLists(_ list: String, _ expected: FirmwareFormatError.Reason) {
        #expect(reason(manifest(list: list)) == expected)
    }

    @Test("a manifest that could not be read back cannot be made")
    func badValues() {
        func make(_ name: String, _ version: String?, _ files: [String]) -> FirmwareFormatError
            .Reason?
        {
            do {
                _ = try LoadsManifest(name: name, releaseVersion: version, files: files)
                return nil
            } catch {
                return error.reason
            }
        }
        #expect(make("a", "v", ["b.sbn"]) == nil)
        #expect(make("", "v", ["b.sbn"]) == .badName)
        #expect(make("a b", "v", ["b.sbn"]) == .badName)
        #expect(make("a", "v w", ["b.sbn"]) == .badName)
        #expect(make("a", "v", []) == .noFiles)
        #expect(make("a", "v", ["b.bin"]) == .badFileLine)
        #expect(make("a", "v", ["b.sbn", "b.sbn"]) == .duplicateFile)
        #expect(make("a", "v", (0...64).map { "f\($0).sbn" }) == .tooManyFiles)
    }

    @Test("random bytes and random changes give a manifest or an error, and never trap")
    func randomBytes() throws {
        let seed: UInt64 = 4051
        let again = "swift test --filter LoadsManifestTests/randomBytes (seed \(seed))"
        let bytes = golden.bytes(signatureByte: 0xEE)
        var accepted = 0
        var refused = 0
        for index in 0..<20_000 {
            var random = RandomStream(seed: seed, purpose: .test, index: UInt64(index))
            var input = bytes
            if index % 4 == 0 {
                input = (0..<Int(random.below(700))).map { _ in
                    UInt8(truncatingIfNeeded: random.next())
                }
            } else {
                for _ in 0...random.below(3) {
                    let offset = Int(random.below(UInt64(input.count)))
                    input[offset] = UInt8(truncatingIfNeeded: random.next())
                }
            }
            do {
                let manifest = try LoadsManifest(parsing: input)
                accepted += 1
                let emitted = try LoadsManifest(parsing: manifest.bytes(signatureByte: 0))
                #expect(emitted == manifest, "case \(index); \(again)")
            } catch {
                refused += 1
                #expect((0...input.count).contains(error.offset), "case \(index); \(again)")
                #expect(!error.description.isEmpty)
            }
        }
        #expect(accepted > 1_000, "\(again)")
        #expect(refused > 5_000, "\(again)")
    }
}
