// The files of a phone on a real network: one that comes, under a temporary name, and those that are
// whole and checked, which alone are given to others. Loop-confined, but for checking and syncing,
// which take a thread of their own.

import Crypto
import Glibc
import PFSRuntime

/// Why a file of a phone could not be kept.
struct StoreError: Error, CustomStringConvertible {
    let description: String

    init(_ what: String) {
        description = "\(what): \(String(cString: strerror(errno)))"
    }
}

/// A file that is open, closed when nobody needs it any more.
final class StoredFile: Sendable {
    let descriptor: Int32
    let sizeBytes: Int64

    init(descriptor: Int32, sizeBytes: Int64) {
        self.descriptor = descriptor
        self.sizeBytes = sizeBytes
    }

    deinit { close(descriptor) }

    /// The SHA-256 of what it holds, read from the beginning; nil when it cannot be read.
    func digest() -> [UInt8]? {
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var offset: Int64 = 0
        while true {
            let count = pread(descriptor, &buffer, buffer.count, Int(offset))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return Array(hash.finalize()) }
            buffer.withUnsafeBytes { bytes in
                hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            }
            offset += Int64(count)
        }
    }
}

/// A file that comes, under its temporary name.
final class IncomingFile {
    let name: String
    /// The size that it has to have.
    let sizeBytes: Int64
    private(set) var receivedBytes: Int64 = 0
    private var hash = SHA256()
    private let descriptor: Int32
    private var isHandedOn = false

    init(name: String, sizeBytes: Int64, descriptor: Int32) {
        self.name = name
        self.sizeBytes = sizeBytes
        self.descriptor = descriptor
    }

    deinit { if !isHandedOn { close(descriptor) } }

    var isWhole: Bool { receivedBytes == sizeBytes }

    /// Takes the next bytes.
    ///
    /// Throws `StoreError` when the disk is full, or they are more than the file may have.
    func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        guard Int64(bytes.count) <= sizeBytes - receivedBytes else {
            errno = EFBIG
            throw StoreError(name)
        }
        hash.update(bufferPointer: bytes)
        var rest = bytes
        while rest.count > 0 {
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw StoreError(name) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        receivedBytes += Int64(bytes.count)
    }

    /// The whole file, open for reading, and its digest.
    func finished() -> (file: StoredFile, sha256: [UInt8]) {
        isHandedOn = true
        let file = StoredFile(descriptor: descriptor, sizeBytes: receivedBytes)
        return (file, Array(hash.finalize()))
    }
}

/// The folder of one phone.
final class PhoneFolder: Sendable {
    /// How temporary names begin; what bears such a name when the phone begins is left over.
    static let temporaryPrefix = ".pfsh-part-"

    let path: String
    private let descriptor: Int32

    /// Opens the folder at `path` and makes it if need be; half files of an earlier life go.
    init(_ path: String) throws(StoreError) {
        if mkdir(path, 0o755) != 0, errno != EEXIST { throw StoreError(path) }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard folder >= 0 else { throw StoreError(path) }
        descriptor = folder
        self.path = path
        removeHalfFiles()
    }

    deinit { close(descriptor) }

    /// The temporary name of a file.
    func temporaryName(_ name: String) -> String { Self.temporaryPrefix + name }

    /// Where a file is under its temporary name.
    func temporaryPath(_ name: String) -> String { "\(path)/\(temporaryName(name))" }

    /// Begins a file that comes.
    func begin(_ name: String, sizeBytes: Int64) throws(StoreError) -> IncomingFile {
        let flags = O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
        let file = openat(descriptor, temporaryName(name), flags, 0o644)
        guard file >= 0 else { throw StoreError(name) }
        return IncomingFile(name: name, sizeBytes: sizeBytes, descriptor: file)
    }

    /// Opens a file that stands there whole under its temporary name.
    func openTemporary(_ name: String) throws(StoreError) -> StoredFile {
        try stored(name, as: temporaryName(name))
    }

    /// Opens a file that an earlier life of the phone has written; nobody has checked it since.
    func openFinal(_ name: String) throws(StoreError) -> StoredFile { try stored(name, as: name) }

    /// Makes another file of what stands under a temporary name: shortens it to so many bytes, or changes
    /// the first where it is not longer.
    func spoil(_ name: String, bytes: Int64) throws(StoreError) {
        let file = openat(descriptor, temporaryName(name), O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { throw StoreError(name) }
        defer { close(file) }
        var status = stat()
        var first: UInt8 = 0
        guard fstat(file, &status) == 0 else { throw StoreError(name) }
        if bytes < status.st_size {
            guard ftruncate(file, Int(bytes)) == 0 else { throw StoreError(name) }
        } else if pread(file, &first, 1, 0) == 1 {
            first ^= 0xFF
            guard pwrite(file, &first, 1, 0) == 1 else { throw StoreError(name) }
        }
    }

    private func stored(_ name: String, as entry: String) throws(StoreError) -> StoredFile {
        let file = openat(descriptor, entry, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        var status = stat()
        guard file >= 0, fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(name)
        }
        return StoredFile(descriptor: file, sizeBytes: Int64(status.st_size))
    }

    /// Takes a half file away.
    func remove(_ name: String) { unlinkat(descriptor, temporaryName(name), 0) }

    /// Gives a checked file its final name, when it is on the disk.
    func commit(_ name: String, _ file: StoredFile) throws(StoreError) {
        guard fsync(file.descriptor) == 0,
            renameat(descriptor, temporaryName(name), descriptor, name) == 0
        else { throw StoreError(name) }
        _ = fsync(descriptor)
    }

    private func removeHalfFiles() {
        guard let folder = opendir(path) else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(Self.temporaryPrefix) || name.hasPrefix(PendingFile.temporaryPrefix) {
                unlinkat(descriptor, name, 0)
            }
        }
    }
}
