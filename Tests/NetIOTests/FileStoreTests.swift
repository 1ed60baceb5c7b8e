// Whole files: limits from both sides, errors by kind, and what a failed write leaves behind.

import Glibc
import Testing

@testable import NetIO

@Suite("The file store")
struct FileStoreTests {
    private let scratch: ScratchDirectory
    private var directory: String { scratch.path }

    init() throws {
        scratch = try ScratchDirectory()
    }

    @Test("what is written is read, and nothing else is left in the directory")
    func roundTrip() throws {
        let path = directory + "/a.pfsh"
        try FileStore.write([1, 2, 3], to: path)
        #expect(try FileStore.read(path, limitBytes: 10) == [1, 2, 3])
        try FileStore.write([], to: path)
        #expect(try FileStore.read(path, limitBytes: 10) == [])
        #expect(names() == ["a.pfsh"])
    }

    @Test("a large file is written and read whole")
    func largeFile() throws {
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try FileStore.write(bytes, to: directory + "/large")
        #expect(try FileStore.read(directory + "/large", limitBytes: bytes.count) == bytes)
    }

    @Test("the limit is the last size that is read")
    func limit() throws {
        let path = directory + "/ten"
        try FileStore.write(Array(repeating: 7, count: 10), to: path)
        #expect(try FileStore.read(path, limitBytes: 10).count == 10)
        #expect(throws: FileError.tooLarge(path: path, limitBytes: 9)) {
            try FileStore.read(path, limitBytes: 9)
        }
        #expect(throws: FileError.tooLarge(path: "/dev/zero", limitBytes: 1_000_000)) {
            try FileStore.read("/dev/zero", limitBytes: 1_000_000)
        }
    }

    @Test("a missing file and a missing directory are not found")
    func missing() throws {
        let path = directory + "/none"
        #expect(throws: FileError.notFound(path: path)) {
            try FileStore.read(path, limitBytes: 1)
        }
        #expect(throws: FileError.notFound(path: path + "/file")) {
            try FileStore.write([1], to: path + "/file")
        }
        #expect(throws: FileError.notFound(path: path + "/file")) {
            try FileStore.append([1], to: path + "/file")
        }
    }

    @Test("a directory is no file")
    func directories() throws {
        let path = directory
        #expect(throws: FileError.isDirectory(path: path)) {
            try FileStore.read(path, limitBytes: 1)
        }
        #expect(throws: FileError.isDirectory(path: path)) { try FileStore.write([1], to: path) }
        #expect(throws: FileError.isDirectory(path: path)) { try FileStore.append([1], to: path) }
    }

    @Test("a file the user may not touch is not permitted", .enabled(if: geteuid() != 0))
    func permissions() throws {
        let path = directory + "/locked"
        try FileStore.write([1], to: path)
        chmod(path, 0)
        #expect(throws: FileError.notPermitted(path: path)) {
            try FileStore.read(path, limitBytes: 1)
        }
        #expect(throws: FileError.notPermitted(path: path)) { try FileStore.append([1], to: path) }
    }

    @Test("a failed write leaves the old file and no other name")
    func failedWrite() throws {
        let path = directory + "/kept"
        try FileStore.write([1], to: path)
        // No file may grow beyond its present length now; the signal that goes with it is ignored.
        var old = rlimit()
        let limit = __rlimit_resource_t(1)
        signal(SIGXFSZ, SIG_IGN)
        getrlimit(limit, &old)
        var small = rlimit(rlim_cur: 1, rlim_max: old.rlim_max)
        setrlimit(limit, &small)
        let result = Result { try FileStore.write([9, 9, 9], to: path) }
        setrlimit(limit, &old)
        guard case .failure(FileError.other(path, _)) = result else {
            Issue.record("expected an error, got \(result)")
            return
        }
        #expect(try FileStore.read(path, limitBytes: 10) == [1])
        #expect(names() == ["kept"])
    }

    @Test("an existing file keeps its permissions and a link stays a link")
    func keepsKind() throws {
        let path = directory + "/real"
        let link = directory + "/link"
        try FileStore.write([1], to: path)
        chmod(path, 0o640)
        #expect(symlink("real", link) == 0)
        try FileStore.write([2], to: link)
        var status = stat()
        #expect(lstat(link, &status) == 0)
        #expect(status.st_mode & S_IFMT == S_IFLNK)
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o640)
        #expect(try FileStore.read(path, limitBytes: 10) == [2])
    }

    @Test("a device is written to and stays a device")
    func devices() throws {
        try FileStore.write([1], to: "/dev/null")
        var status = stat()
        #expect(lstat("/dev/null", &status) == 0)
        #expect(status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test("appending makes the file and then adds to it")
    func appends() throws {
        let path = directory + "/log"
        try FileStore.append([1], to: path)
        try FileStore.append([2, 3], to: path)
        #expect(try FileStore.read(path, limitBytes: 10) == [1, 2, 3])
    }

    @Test("every error reads as a sentence that names the path")
    func sentences() {
        let errors: [FileError] = [
            .notFound(path: "p"), .isDirectory(path: "p"), .notPermitted(path: "p"),
            .tooLarge(path: "p", limitBytes: 5), .other(path: "p", reason: "input/output error"),
        ]
        #expect(
            errors.map(\.description) == [
                "no such file: p", "a directory, not a file: p", "not permitted: p",
                "larger than 5 bytes: p", "input/output error: p",
            ]
        )
    }

    private func names() -> [String] { scratch.names() }
}
