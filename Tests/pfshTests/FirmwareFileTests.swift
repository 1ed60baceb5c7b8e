// Directories of firmware files through the shell: made, checked, read, pushed; and every damage said.

import Glibc
import NetIO
import PFSRuntime
import Testing

@testable import pfsh

/// A directory of a test's own, removed at its end.
final class ScratchDirectory {
    let path: String

    init() throws {
        var pattern = Array("/tmp/pfsh-test-XXXXXX".utf8CString)
        let made = pattern.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        path = try #require(made)
    }

    deinit {
        Self.empty(path)
        rmdir(path)
    }

    private static func empty(_ path: String) {
        for entry in (try? FileStore.list(path)) ?? [] { unlink("\(path)/\(entry.name)") }
    }

    /// Changes a file's bytes.
    func change(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = try FileStore.read("\(path)/\(name)", limitBytes: 1 << 20)
        change(&bytes)
        try FileStore.write(bytes, to: "\(path)/\(name)")
    }
}

@Suite("Firmware directories") struct FirmwareFileTests {
    private static let load = "SCCP41.9-9-9TEST"

    /// Signing takes its time, so the set is made once.
    private static let set = try? SyntheticLoad.files(
        LoadName(load),
        for: PhoneModel.named("7961"),
        sizes: [4_096]
    )

    private func made() throws -> (ShellHarness, ScratchDirectory) {
        let scratch = try ScratchDirectory()
        for file in try #require(Self.set) {
            try FileStore.write(file.bytes, to: "\(scratch.path)/\(file.name)")
        }
        return (ShellHarness(), scratch)
    }

    @Test("a load that was read can be pushed, in a copy of the world too")
    func push() throws {
        let (harness, scratch) = (ShellHarness(), try ScratchDirectory())
        let result = harness.run(
            """
            firmware make \(Self.load) for CP-7961G in \(scratch.path) sizes 4096B
            firmware load \(scratch.path)
            subnet voice 10.4.0.0/24
            phones 3 model CP-7961G subnet voice
            pfs enterprise on
            push \(Self.load) to all
            run until idle
            expect count(where (done)) == 3
            expect P1.firmware == "\(Self.load)"
            firmware show \(Self.load)
            """
        )
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains("jar41sccp.9-9-9TEST.sbn"))
        let world = harness.session.host.world
        let found = try world.catalog.find(Self.load)
        #expect(
            world.copy().catalog[found.id].files.map(\.sizeBytes).dropFirst() == [
                4_096, 4_096, 4_096, 4_096, 4_096,
            ]
        )
        #expect(world.catalog[found.id].details?.style == .thirdGeneration)
        #expect(world.catalog[found.id].files.allSatisfy { $0.sha256?.count == 32 })
    }

    @Test("a set of the 7800 series, of the 7925 and of the 6945 can be made, checked and read")
    func otherKinds() throws {
        for (load, model) in [
            ("sip78xx.99-9-9-1", "CP-7841"), ("CP7925G-9.9.9", "CP-7925G"),
            ("SCCP6945.9-9-9TEST", "CP-6945"),
        ] {
            let (harness, scratch) = (ShellHarness(), try ScratchDirectory())
            let result = harness.run(
                """
                firmware make \(load) for \(model) in \(scratch.path) sizes 4096B
                firmware verify \(scratch.path)
                firmware load \(scratch.path)
                subnet voice 10.4.0.0/24
                phones 2 model \(model)
                push \(load) to all
                run until idle
                expect P1.firmware == "\(load)"
                """
            )
            #expect(result.status == 0, "\(load): \(result.text)")
        }
    }

    /// What is done to a set, and what must be said of it.
    struct Damage: Sendable, CustomTestStringConvertible {
        let file: String
        let words: String
        let change: @Sendable (inout [UInt8]) -> Void
        var testDescription: String { "\(file): \(words)" }
    }

    static let damages = [
        Damage(file: "cnu41.9-9-9TEST.sbn", words: "signature") { $0[2_000] ^= 1 },
        Damage(file: "cnu41.9-9-9TEST.sbn", words: "byte 0: not a CNU archive") {
            $0[404 + 0x38] ^= 1
        },
        Damage(file: "cnu41.9-9-9TEST.sbn", words: "the header says `xnu41") { $0[384] = 0x78 },
        Damage(file: "cnu41.9-9-9TEST.sbn", words: "no header of a firmware file") { $0 = [1, 2] },
        Damage(file: "cnu41.9-9-9TEST.sbn", words: "no header of a firmware file") { $0 = [] },
        Damage(file: "cnu41.9-9-9TEST.sbn", words: "reach past the archive") { $0.removeLast() },
        Damage(file: "SCCP41.9-9-9TEST.loads", words: "is not the name") { $0[600] = 0x2F },
        Damage(file: "SCCP41.9-9-9TEST.loads", words: "a file of 42, in a load of 41") { bytes in
            let text = String(decoding: bytes[408...], as: UTF8.self)
            bytes = bytes[..<408] + Array(text.replacing("dsp41", with: "dsp42").utf8)
        },
    ]

    @Test("what is wrong with a file is said, and the load is left out", arguments: damages)
    func damage(_ damage: Damage) throws {
        let (harness, scratch) = try made()
        try FileStore.write(
            try FileStore.read("\(scratch.path)/dsp41.9-9-9TEST.sbn", limitBytes: 1 << 20),
            to: "\(scratch.path)/dsp42.9-9-9TEST.sbn"
        )
        try scratch.change(damage.file, damage.change)
        let verified = harness.run("firmware verify \(scratch.path)")
        if damage.words == "signature" {
            #expect(verified.text.contains("not checked"), "\(verified.text)")
            return
        }
        #expect(verified.status != 0)
        let words = damage.words.replacing("byte 0: ", with: "")
        #expect(verified.text.contains(words), "\(verified.text)")
        let loaded = harness.run("firmware load \(scratch.path)")
        #expect(loaded.status != 0)
        #expect(loaded.text.contains(words), "\(loaded.text)")
        #expect(throws: FirmwareCatalogError.self) {
            try harness.session.host.world.catalog.find(Self.load)
        }
    }

    @Test("a missing file is named, and one whose name differs in case")
    func missing() throws {
        let (harness, scratch) = try made()
        rename("\(scratch.path)/cnu41.9-9-9TEST.sbn", "\(scratch.path)/Cnu41.9-9-9TEST.sbn")
        unlink("\(scratch.path)/apps41.9-9-9TEST.sbn")
        let result = harness.run("firmware load \(scratch.path)")
        #expect(result.status != 0)
        #expect(result.text.contains("apps41.9-9-9TEST.sbn: file: missing"), "\(result.text)")
        #expect(result.text.contains("`Cnu41.9-9-9TEST.sbn` is there"), "\(result.text)")
    }

    @Test("a truncated file is refused at every length")
    func truncated() throws {
        let (harness, scratch) = try made()
        let whole = try FileStore.read("\(scratch.path)/jar41sccp.9-9-9TEST.sbn", limitBytes: 8_192)
        for length in stride(from: 0, to: whole.count, by: 113) {
            try scratch.change("jar41sccp.9-9-9TEST.sbn") { $0 = Array(whole.prefix(length)) }
            let result = harness.run("firmware load \(scratch.path)")
            #expect(result.status != 0, "\(length)")
            #expect(result.text.contains("jar41sccp.9-9-9TEST.sbn: "), "\(length): \(result.text)")
        }
    }

    @Test("a signature is checked by a given key too")
    func givenKey() throws {
        let (harness, scratch) = try made()
        let file = "\(scratch.path)/key.pem"
        try FileStore.write(Array("no key".utf8), to: file)
        let refused = harness.run("firmware verify \(scratch.path) key \(file)")
        #expect(refused.text.contains("no public RSA key"), "\(refused.text)")
        try FileStore.write(Array(TestSigner.publicKey.pem.utf8), to: file)
        #expect(harness.run("firmware verify \(scratch.path) key \(file)").status == 0)
        try scratch.change("cnu41.9-9-9TEST.sbn") { $0[2_000] ^= 1 }
        let wrong = harness.run("firmware verify \(scratch.path) key \(file)")
        #expect(wrong.status != 0)
        #expect(wrong.text.contains("not by the given key"), "\(wrong.text)")
    }

    @Test("files that are there are not written over unless that is asked for")
    func replacing() throws {
        let (harness, scratch) = try made()
        let line = "firmware make \(Self.load) for CP-7961G in \(scratch.path)"
        #expect(harness.run(line).text.contains("already"))
        #expect(harness.run(line + " replace").status == 0)
    }

    @Test("a load that phones fetch keeps its files")
    func inUse() throws {
        let (harness, scratch) = try made()
        let result = harness.run(
            """
            firmware load \(scratch.path)
            subnet voice 10.4.0.0/24
            phones 2 model CP-7961G subnet voice
            push \(Self.load) to all
            run 5s
            firmware load \(scratch.path)
            firmware make \(Self.load) for CP-7961G in \(scratch.path) sizes 8192B,4096B,4096B,4096B,4096B replace
            """
        )
        #expect(result.status == 0, "\(result.text)")
        let refused = harness.run("firmware load \(scratch.path)")
        #expect(refused.status != 0)
        #expect(refused.text.contains("cannot change while phones"), "\(refused.text)")
        #expect(harness.run("run until idle\nfirmware load \(scratch.path)").status == 0)
    }
}
