// Files that are coming: no half file under a name, nothing left, links and permissions kept.

import Glibc
import NIOCore
import PFSRuntime
import Testing

@testable import NetIO

@Suite("Files that are coming")
struct PendingFileTests {
    private let scratch: ScratchDirectory
    private var path: String { scratch.path + "/f" }

    init() throws { scratch = try ScratchDirectory() }

    private func folder() throws -> Int32 {
        let folder = open(scratch.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try #require(folder >= 0)
        return folder
    }

    private func write(_ bytes: [UInt8], to file: PendingFile) {
        #expect(bytes.withUnsafeBytes(file.write) == bytes.count)
    }

    @Test(
        "a file appears whole, with and without files that have no name",
        arguments: [false, true]
    )
    func commit(isNamed: Bool) throws {
        try FileStore.write([1], to: path)
        let file = try PendingFile(named: "f", inOwned: folder(), isNamed: isNamed)
        #expect(scratch.names().count == (isNamed ? 2 : 1))
        write([1, 2, 3], to: file)
        #expect(try FileStore.read(path, limitBytes: 10) == [1])
        try file.commit()
        #expect(try FileStore.read(path, limitBytes: 10) == [1, 2, 3])
        #expect(scratch.names() == ["f"])
        #expect([9].withUnsafeBytes(file.write) == -1)
    }

    @Test("a file that is given up, or forgotten, leaves nothing", arguments: [false, true])
    func discard(isNamed: Bool) throws {
        let file = try PendingFile(named: "f", inOwned: folder(), isNamed: isNamed)
        write([1], to: file)
        file.discard()
        #expect(scratch.names() == [])
        #expect(throws: TFTPErrorMessage.self) { try file.commit() }
        do { _ = try PendingFile(named: "f", inOwned: folder(), isNamed: isNamed) }
        #expect(scratch.names() == [])
    }

    @Test("where the name cannot be given, what was written is gone too", arguments: [false, true])
    func failedCommit(isNamed: Bool) throws {
        let file = try PendingFile(named: "f", inOwned: folder(), isNamed: isNamed)
        write([1], to: file)
        try #require(mkdir(path, 0o700) == 0)
        #expect(throws: TFTPErrorMessage.self) { try file.commit() }
        #expect(scratch.names() == ["f"])
    }

    @Test("leftovers of a crash do not stand in the way")
    func leftovers() throws {
        let leftover = scratch.path + "/\(PendingFile.temporaryPrefix)\(getpid())-0"
        try FileStore.write([7], to: leftover)
        let file = try PendingFile(named: "f", inOwned: folder())
        write([1], to: file)
        try file.commit()
        #expect(scratch.names().count == 2)
        #expect(try FileStore.read(path, limitBytes: 10) == [1])
    }

    @Test("a link stays one and its target is replaced; an existing file keeps its permissions")
    func linkAndMode() throws {
        let target = scratch.path + "/target"
        try FileStore.write([1], to: target)
        try #require(chmod(target, 0o640) == 0)
        try #require(symlink("target", path) == 0)
        let file = try PendingFile.at(path)
        write([2], to: file)
        try file.commit()
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
        #expect(try FileStore.read(target, limitBytes: 10) == [2])
        #expect(stat(target, &status) == 0 && status.st_mode & 0o777 == 0o640)
    }

    @Test("a device is written in place, a directory is no file, a missing directory is not found")
    func places() throws {
        let null = try PendingFile.at("/dev/null")
        write([1], to: null)
        try null.commit()
        #expect(throws: FileError.isDirectory(path: scratch.path)) {
            try PendingFile.at(scratch.path)
        }
        let missing = scratch.path + "/no/f"
        #expect(throws: FileError.notFound(path: missing)) { try PendingFile.at(missing) }
    }

    @Test("a full device is error 3")
    func full() throws {
        let file = try PendingFile.at("/dev/full")
        let destination = TFTPDestination(file: file, limitBytes: 1_000)
        let sink = BlockSink(destination, terms: TFTPTerms())
        let error = #expect(throws: TFTPErrorMessage.self) {
            try sink.keep(.init(bytes: [1]))
            try sink.finish()
        }
        #expect(error?.code == .diskFull)
    }
}
