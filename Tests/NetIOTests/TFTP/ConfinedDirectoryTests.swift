// Names that strangers chose: nothing leads out of the directory.

import Glibc
import PFSRuntime
import Testing

@testable import NetIO

@Suite("A directory that strangers read and write")
struct ConfinedDirectoryTests {
    private let scratch: ScratchDirectory
    private let directory: ConfinedDirectory

    init() throws {
        scratch = try ScratchDirectory()
        try #require(mkdir(scratch.path + "/served", 0o755) == 0)
        try FileStore.write([1, 2], to: scratch.path + "/served/inside")
        try FileStore.write([6, 6, 6], to: scratch.path + "/secret")
        directory = try ConfinedDirectory(scratch.path + "/served")
    }

    private func link(_ target: String, _ name: String) throws {
        try #require(symlink(target, scratch.path + "/served/" + name) == 0)
    }

    @Test(
        "names of files inside are found, with slashes and dots in front or between",
        arguments: ["inside", "/inside", "//inside", "./inside", "/./inside", ".//./inside"]
    )
    func inside(name: String) throws {
        #expect(try directory.openForReading(name).sizeBytes == 2)
    }

    @Test(
        "nothing outside is opened, whatever the name",
        arguments: [
            "../secret", "/../secret", "./../secret", "served/../../secret", "inside/../../secret",
            "..", "../", "/..", ".", "/", "", "//", "inside/", "inside/.", "%2e%2e/secret",
            "%2e%2e%2fsecret", "..%2fsecret", "..\\secret", "..\\..\\etc\\passwd", "C:\\secret",
            "\u{FF0E}\u{FF0E}/secret", "..\u{2215}secret", "\0../secret", "inside\0", "in\0side",
            "~/secret", "$HOME", "/etc/passwd", "etc/passwd", "/proc/self/root/etc/passwd",
            "INSIDE", ".pfsh-tftp-1-0",
        ]
    )
    func outside(name: String) {
        let error = #expect(throws: TFTPErrorMessage.self, "\(name)") {
            try directory.openForReading(name)
        }
        #expect([.fileNotFound, .accessViolation, .notDefined].contains(error?.code))
        #expect(error?.text.contains(scratch.path) == false)
    }

    @Test("a name of 10,000 bytes, and one of deep directories, are refused")
    func long() {
        for name in [
            String(repeating: "a", count: 10_000), String(repeating: "a/", count: 127) + "b",
        ] {
            #expect(throws: TFTPErrorMessage.self) { try directory.openForReading(name) }
            #expect(throws: TFTPErrorMessage.self) { try directory.openForWriting(name) }
        }
    }

    @Test("links are followed inside, and never out")
    func links() throws {
        try link("inside", "near")
        try link("../secret", "far")
        try link(scratch.path + "/secret", "absolute")
        try link(scratch.path + "/served/inside", "round")
        try link("..", "up")
        try link("/proc/self/fd/0", "magic")
        try link("loop", "loop")
        #expect(try directory.openForReading("near").sizeBytes == 2)
        for name in ["far", "absolute", "round", "up/secret", "magic", "loop", "up"] {
            let error = #expect(throws: TFTPErrorMessage.self, "\(name)") {
                try directory.openForReading(name)
            }
            #expect(error?.code == .accessViolation, "\(name): \(error.map { "\($0)" } ?? "")")
        }
        #expect(throws: TFTPErrorMessage.self) { try directory.openForWriting("up/new") }
        let file = try directory.openForWriting("far")
        try file.commit()
        #expect(try FileStore.read(scratch.path + "/secret", limitBytes: 10) == [6, 6, 6])
    }

    @Test("what is no regular file is not served or replaced, and a pipe stops nobody")
    func kinds() throws {
        try #require(mkdir(scratch.path + "/served/dir", 0o755) == 0)
        try #require(mkfifo(scratch.path + "/served/pipe", 0o644) == 0)
        for name in ["dir", "pipe"] {
            #expect(throws: TFTPErrorMessage.self) { try directory.openForReading(name) }
            #expect(throws: TFTPErrorMessage.self) { try directory.openForWriting(name) }
        }
        unlink(scratch.path + "/served/pipe")
    }

    @Test("a written file appears when it is whole, under directories that exist")
    func writing() throws {
        let file = try directory.openForWriting("/new")
        #expect(throws: TFTPErrorMessage.self) { try directory.openForReading("new") }
        try file.commit()
        #expect(try directory.openForReading("new").sizeBytes == 0)
        let error = #expect(throws: TFTPErrorMessage.self) {
            try directory.openForWriting("no/new")
        }
        #expect(error?.code == .fileNotFound)
    }
}
