// Files as whole values: read up to a limit, written so that a reader sees the old text or the new one
// and never a part, or added to. Paths are taken as the user wrote them, and each error names its own.

import Glibc
import SystemPackage

/// Why a file could not be read or written.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Nothing is there, or a directory on the way is missing.
    case notFound(path: String)
    /// A directory stands where a file was meant.
    case isDirectory(path: String)
    /// The user may not read or write it, or the file system is read-only.
    case notPermitted(path: String)
    /// The file holds more than the limit.
    case tooLarge(path: String, limitBytes: Int)
    /// Anything else, in the operating system's words.
    case other(path: String, reason: String)

    /// One clause, lower case, without a full stop.
    public var description: String {
        switch self {
        case .notFound(let path): "no such file: \(path)"
        case .isDirectory(let path): "a directory, not a file: \(path)"
        case .notPermitted(let path): "not permitted: \(path)"
        case .tooLarge(let path, let limit): "larger than \(limit) bytes: \(path)"
        case .other(let path, let reason): "\(reason): \(path)"
        }
    }

    init(errno number: Int32, path: String) { self.init(Errno(rawValue: number), path: path) }

    init(_ error: Errno, path: String) {
        switch error {
        case .noSuchFileOrDirectory, .notDirectory: self = .notFound(path: path)
        case .isDirectory: self = .isDirectory(path: path)
        case .permissionDenied, .notPermitted, .readOnlyFileSystem: self = .notPermitted(path: path)
        default: self = .other(path: path, reason: error.description)
        }
    }
}

/// Reads and writes whole files.
public enum FileStore {
    /// Bytes asked for at once (own choice: large enough that the calls do not count).
    static let chunkBytes = 1 << 18

    /// How many temporary names are tried before giving up (own choice: leftovers of crashes are few).
    private static let maximumAttempts = 100

    /// What `umask` leaves of this is a new file's.
    private static var newFilePermissions: FilePermissions {
        [.ownerReadWrite, .groupReadWrite, .otherReadWrite]
    }

    /// The bytes of the file at `path`, which may also be a pipe.
    ///
    /// Throws `FileError`; `tooLarge` as soon as more than `limitBytes` came, so that neither an
    /// endless device nor a huge file costs more memory than the limit.
    public static func read(_ path: String, limitBytes: Int) throws(FileError) -> [UInt8] {
        let bytes = try named(path) {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            return try file.closeAfter { try readAll(file, limitBytes: limitBytes) }
        }
        guard let bytes else { throw .tooLarge(path: path, limitBytes: limitBytes) }
        return bytes
    }

    /// Hands the file at `path`, which may also be a pipe, out in pieces, however large it is.
    ///
    /// `body` says whether to go on. Throws `FileError`.
    public static func readPieces(
        _ path: String,
        _ body: ([UInt8]) -> Bool
    ) throws(FileError) {
        try named(path) {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            try file.closeAfter {
                var chunk = [UInt8](repeating: 0, count: chunkBytes)
                while true {
                    let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
                    guard count > 0 else { return }
                    let isWhole = count == chunk.count
                    guard body(isWhole ? chunk : Array(chunk[..<count])) else { return }
                }
            }
        }
    }

    /// Makes `bytes` the whole content of the file at `path`, at once or not at all.
    ///
    /// They are written under another name in the same directory, brought to the disk, and renamed. A
    /// symbolic link stays one: its target is replaced. A device or pipe is written to as it is. An
    /// existing file keeps its permissions. Throws `FileError`.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        try named(path) {
            let target = try Target(path)
            if target.isReplaceable { return try replace(target, with: bytes) }
            let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: .closeOnExec)
            _ = try file.closeAfter { try file.writeAll(bytes) }
        }
    }

    /// Adds `bytes` to the end of the file at `path`, which is made if it is missing.
    ///
    /// Throws `FileError`.
    public static func append(_ bytes: [UInt8], to path: String) throws(FileError) {
        try named(path) {
            let file = try FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.append, .create, .closeOnExec],
                permissions: newFilePermissions
            )
            _ = try file.closeAfter { try file.writeAll(bytes) }
        }
    }

    /// Gives an error of the operating system the path that the caller used.
    static func named<Result>(
        _ path: String,
        _ body: () throws -> Result
    ) throws(FileError) -> Result {
        do {
            return try body()
        } catch let error as Errno {
            throw FileError(error, path: path)
        } catch {
            throw .other(path: path, reason: "\(error)")
        }
    }

    /// Nil when more than the limit came.
    private static func readAll(_ file: FileDescriptor, limitBytes: Int) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(chunkBytes, limitBytes + 1))
        while true {
            let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
            guard count > 0 else { return bytes }
            guard bytes.count + count <= limitBytes else { return nil }
            bytes += chunk[..<count]
        }
    }

    private static func replace(_ target: Target, with bytes: [UInt8]) throws {
        let (file, temporary) = try openTemporary(beside: target.path)
        do {
            try file.closeAfter {
                try file.writeAll(bytes)
                if let mode = target.mode { try check(fchmod(file.rawValue, mode)) }
                try check(fsync(file.rawValue))
            }
            try check(rename(temporary.string, target.path.string))
        } catch {
            unlink(temporary.string)
            throw error
        }
        synchronizeDirectory(of: target.path)
    }

    /// The new name is on the disk only when its directory is; where that cannot be asked for, the
    /// file is still whole under the one name or the other.
    private static func synchronizeDirectory(of path: FilePath) {
        let above = path.removingLastComponent()
        let name = above.isEmpty ? FilePath(".") : above
        guard
            let directory = try? FileDescriptor.open(
                name,
                .readOnly,
                options: [.directory, .closeOnExec]
            )
        else { return }
        _ = fsync(directory.rawValue)
        try? directory.close()
    }

    private static func openTemporary(beside path: FilePath) throws -> (FileDescriptor, FilePath) {
        let name = path.lastComponent?.string ?? ""
        var attempt = 0
        while true {
            let temporary = path.removingLastComponent()
                .appending(".\(name.prefix(40)).\(getpid())-\(attempt).tmp")
            do {
                let file = try FileDescriptor.open(
                    temporary,
                    .writeOnly,
                    options: [.create, .exclusiveCreate, .closeOnExec],
                    permissions: newFilePermissions
                )
                return (file, temporary)
            } catch Errno.fileExists where attempt < maximumAttempts {
                attempt += 1
            }
        }
    }

    private static func check(_ result: Int32) throws {
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    /// What stands at a path before it is written.
    private struct Target {
        /// The path with symbolic links followed.
        var path: FilePath
        /// Whether another file may be put in its place: it is missing or a regular file.
        var isReplaceable: Bool
        /// The permissions of an existing regular file.
        var mode: mode_t?

        init(_ path: String) throws {
            self.path = FilePath(path)
            var status = stat()
            guard lstat(path, &status) == 0 else {
                guard errno == ENOENT else { throw Errno(rawValue: errno) }
                isReplaceable = true
                return
            }
            if status.st_mode & S_IFMT == S_IFLNK {
                guard let resolved = realpath(path, nil) else { throw Errno(rawValue: errno) }
                defer { free(resolved) }
                self.path = FilePath(platformString: resolved)
                try FileStore.check(stat(resolved, &status))
            }
            if status.st_mode & S_IFMT == S_IFDIR { throw Errno.isDirectory }
            isReplaceable = status.st_mode & S_IFMT == S_IFREG
            mode = isReplaceable ? status.st_mode & 0o7777 : nil
        }
    }
}
