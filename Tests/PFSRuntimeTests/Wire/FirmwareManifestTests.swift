// The lists of all generations: made-up loads are read back, the variants that public samples show are
// told apart, and what is wrong is refused with its place.

import PFSRuntime
import Testing

@Suite("Manifests of all generations") struct FirmwareManifestTests {
    private func manifest(_ name: String, list: String) throws -> FirmwareManifest {
        let signature = [UInt8](repeating: 0xEE, count: 256)
        let bytes = SignedHeader.bytes(name: name, signature: signature) + Array(list.utf8)
        return try FirmwareManifest(parsing: bytes)
    }

    private func refusal(_ name: String, list: String) -> FirmwareFormatError? {
        do {
            _ = try manifest(name, list: list)
            return nil
        } catch {
            return error as? FirmwareFormatError
        }
    }

    @Test(
        "the files of a made-up load are what its manifest lists",
        arguments: [
            ("SCCP41.9-9-9TEST", "7961", FirmwareManifest.Style.thirdGeneration),
            ("SIP75.9-9-9TEST", "7975", .thirdGeneration),
            ("P0030999", "7960", .secondGeneration), ("SCCP69xx.9-9-9TEST", "6941", .series6900),
            ("SCCP6945.9-9-9TEST", "6945", .numberedParts),
            ("SCCP894x.9-9-9TEST", "8945", .numberedParts),
            ("CP7925G-9.9.9", "7925", .wireless), ("sip78xx.99-9-9-1", "7841", .fifthGeneration),
            ("sip8845_65.99-9-9-1", "8865", .fifthGeneration),
        ]
    )
    func madeUp(_ name: String, _ model: String, _ style: FirmwareManifest.Style) throws {
        let phone = try PhoneModel.named(model)
        let files = try SyntheticLoad.files(try LoadName(name), for: phone, sizes: [4_096])
        let first = try #require(files.first)
        let manifest = try FirmwareManifest(parsing: first.bytes)
        #expect(manifest.style == style)
        #expect(manifest.name == first.name)
        #expect(manifest.required.map(\.name) == files.dropFirst().map(\.name))
        for (entry, file) in zip(manifest.files, files.dropFirst()) {
            #expect(file.bytes.count == 4_096, "\(file.name)")
            if let size = entry.sizeBytes { #expect(size == file.bytes.count) }
            if style == .fifthGeneration {
                let header = try ImageHeader(parsing: file.bytes, fileByteCount: file.bytes.count)
                #expect(header.name == file.name)
                let payload = Array(file.bytes[header.byteCount...])
                #expect(MessageDigest.digest(.sha256, of: payload) == header.payloadDigest)
                #expect(header.isSigned(by: TestSigner.publicKey, header: file.bytes))
            } else {
                let header = try SignedHeader(parsing: file.bytes)
                #expect(header.name == file.name)
                #expect(header.byteCount == SignedHeader.byteCount(name: file.name))
                var digest = MessageDigest(.sha1)
                digest.update(file.bytes[..<header.signatureRecord.lowerBound])
                digest.update(file.bytes[header.signatureRecord.upperBound...])
                #expect(TestSigner.publicKey.verifies(header.signature, of: digest))
            }
        }
        guard style == .thirdGeneration else { return }
        let again = try SyntheticLoad.files(try LoadName(name), for: phone, sizes: [4_096])
        #expect(again.map(\.bytes) == files.map(\.bytes))
    }

    @Test("a made-up load is refused for its reason")
    func notMade() throws {
        func refusal(_ name: String, _ model: String, _ sizes: [Int] = []) throws -> String {
            let phone = try PhoneModel.named(model)
            let load = try LoadName(name)
            do throws(SyntheticLoadError) {
                _ = try SyntheticLoad.files(load, for: phone, sizes: sizes)
                return ""
            } catch {
                return error.description
            }
        }
        #expect(try refusal("SCCP42.9-9-9", "7961").contains("whose loads are of SCCP41 or SIP41"))
        #expect(try refusal("sip9951.9-9-9", "9951").contains("not public"))
        #expect(try refusal("SCCP41.9-9-9", "7961", [1, 2]).contains("2 sizes for 5 components"))
        #expect(try refusal("SCCP41.9-9-9", "7961", [2_047]).contains("2047 bytes"))
        #expect(try refusal("SCCP41.9-9-9", "7961", [2_048]) == "")
        #expect(try refusal("SCCP41.9-9-9", "7961", [1 << 40]).contains("cannot be made"))
    }

    @Test("each kind of list is told from its files, with what it says besides")
    func kinds() throws {
        let second = try manifest(
            "P0030801SR02.loads",
            list: "P0030801SR02.sbn\nP0030801SR02.sb2\nLA_VERSION=PAS30831\n"
        )
        #expect(second.style == .secondGeneration)
        #expect(second.settings.map(\.name) == ["LA_VERSION"])
        let series = try manifest(
            "SCCP69xx.9-4-1-3SR2.loads",
            list: "BOOT69xx.0-0-0-14.zz.sgn\r\nSCCP69xx.9-4-1-3SR2.zz.sgn"
        )
        #expect(series.style == .series6900)
        #expect(series.files.count == 2)
        let digest = String(repeating: "0F", count: 16)
        let wireless = try manifest(
            "CP7921G-1.4.6.3.LOADS",
            list: "#? HW_REV 0-4.*\n#? SW_CAP EAP-TLS,PEAP\n\n"
                + "APPS-1.4.6.3.SBN                      4711 \(digest)\n#+ X.SBN 5 \(digest)\n"
        )
        #expect(wireless.style == .wireless)
        #expect(wireless.files.map(\.sizeBytes) == [4_711, 5])
        #expect(wireless.files[0].md5 == [UInt8](repeating: 0x0F, count: 16))
        #expect(wireless.required.map(\.name) == ["APPS-1.4.6.3.SBN"])
        #expect(wireless.settings.map(\.value) == ["0-4.*", "EAP-TLS,PEAP"])
        let third = try manifest(
            "SCCP41.x.loads",
            list: "#HARDWARE_COMP_1 5\r\nJar41sip.x.sbn \r\n"
        )
        #expect(third.style == .thirdGeneration)
        #expect(third.files.map(\.name) == ["Jar41sip.x.sbn"])
        #expect(third.files[0].offset == third.bodyOffset + 20)
    }

    @Test(
        "a list that fits no kind is refused where it is wrong",
        arguments: [
            ("a.sbn\nb.zz.sgn\n", FirmwareFormatError.Reason.mixedList, 6),
            ("a.sgn\na.sgn\n", .duplicateFile, 6), ("a.SBN 5\n", .badFileLine, 0),
            ("a.SBN 0 00\n", .badSize, 0), ("a.SBN 4294967296 00\n", .badSize, 0),
            ("a.SBN 5 0011\n", .badDigest, 0), ("=1\na.sb2\n", .badSetting, 0),
            ("#+ nothing\n", .badFileLine, 0), ("", .noFiles, 0), ("\u{1}", .badCharacter(1), 0),
        ]
    )
    func badLists(_ list: String, _ reason: FirmwareFormatError.Reason, _ place: Int) {
        let error = refusal("a.loads", list: list)
        #expect(error?.reason == reason)
        #expect(error?.offset == 392 + place)
    }

    private static let platforms = """
        # RELEASE Model=78xx Version=11-0-1-11
        [CISCO-ID]
        version = 11-0-1-11
        hwcompat = 0x00000003

        [PLATFORM_1]
        sboot=sboot78xx.11-0-1-11.sbn size=370348
        ebr_sboot   = (-1,2,0,2,0x280000,-1)(-1,2,0,2,0x5980000,-1)
        [PLATFORM_2]
        sboot=sboot2.78xx.11-0-1-11.sbn size=596540

        """

    @Test("a 7800 list gives its platforms, and phones take the first")
    func platforms() throws {
        let bytes = try ImageHeader.signedFile(name: "x.loads", body: Array(Self.platforms.utf8))
        let manifest = try FirmwareManifest(parsing: bytes)
        #expect(manifest.releaseVersion == "11-0-1-11")
        #expect(manifest.platforms == [1, 2])
        #expect(manifest.files.map(\.sizeBytes) == [370_348, 596_540])
        #expect(manifest.required.map(\.name) == ["sboot78xx.11-0-1-11.sbn"])
        #expect(manifest.settings.count == 3)
        #expect(manifest.settings[2].platform == 1)
    }

    @Test("every truncation and every changed byte of a 7800 manifest is refused")
    func damagedImage() throws {
        let bytes = try ImageHeader.signedFile(name: "x.loads", body: Array(Self.platforms.utf8))
        for length in 0..<bytes.count {
            #expect(throws: FirmwareFormatError.self, "\(length)") {
                try FirmwareManifest(parsing: Array(bytes.prefix(length)))
            }
        }
        let header = try ImageHeader(parsing: bytes, fileByteCount: bytes.count)
        let signature = (header.byteCount - 256)..<header.byteCount
        for place in bytes.indices where !signature.contains(place) {
            var changed = bytes
            changed[place] ^= 0x80
            #expect(throws: FirmwareFormatError.self, "\(place)") {
                try FirmwareManifest(parsing: changed)
            }
        }
    }

    @Test("random changes give a manifest or an error inside the file, and never trap")
    func randomChanges() throws {
        let seed: UInt64 = 4051
        let again = "swift test --filter FirmwareManifestTests/randomChanges (seed \(seed))"
        let inputs = try [
            ("SCCP69xx.9-9-9TEST", "6941"), ("CP7925G-9.9.9", "7925"), ("P0030999", "7960"),
            ("SCCP41.9-9-9TEST", "7961"),
        ].map { name, model in
            try SyntheticLoad.files(
                try LoadName(name),
                for: try PhoneModel.named(model),
                sizes: [2_048]
            )[0].bytes
        }
        var (accepted, refused) = (0, 0)
        for index in 0..<4_000 {
            var random = RandomStream(seed: seed, purpose: .test, index: UInt64(index))
            var bytes = inputs[index % inputs.count]
            for _ in 0...random.below(3) {
                let offset = Int(random.below(UInt64(bytes.count)))
                bytes[offset] = UInt8(truncatingIfNeeded: random.next())
            }
            do throws(FirmwareFormatError) {
                _ = try FirmwareManifest(parsing: bytes)
                accepted += 1
            } catch {
                refused += 1
                #expect((0...bytes.count).contains(error.offset), "case \(index); \(again)")
                #expect(!error.description.isEmpty)
            }
        }
        #expect(accepted > 400 && refused > 400, "\(accepted) and \(refused); \(again)")
    }
}
