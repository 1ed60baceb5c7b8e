// What is in a directory, and the bytes of its files piece by piece: for sets of files that are too
// large to hold whole. Only regular files are opened, so that neither a pipe nor a device blocks.

import Glibc
import SystemPackage

/// A file of a directory.
public struct DirectoryEntry: Equatable, Sendable {
    /// Its name in the directory.
    public let name: String
    /// Its size in bytes.
    public let sizeBytes: Int
}

extension FileStore {
    /// The most names that a directory may hold to be listed (own choice; a TFTP server of a large
    /// site has some ten thousand).
    public static let directoryLimit = 100_000

    /// The regular files of the directory at `path`, and links to such, sorted by the bytes of their
    /// names.
    ///
    /// Names that are not UTF-8 are passed over. Throws `FileError`; `tooLarge` above
    /// `directoryLimit` names.
    public static func list(_ path: String) throws(FileError) -> [DirectoryEntry] {
        guard let directory = opendir(path) else {
            throw FileError(Errno(rawValue: errno), path: path)
        }
        defer { closedir(directory) }
        var entries: [DirectoryEntry] = []
        var count = 0
        while let entry = readdir(directory) {
            count += 1
            guard count <= directoryLimit else {
                throw .tooLarge(path: path, limitBytes: directoryLimit)
            }
            let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard let name = String(validating: bytes, as: UTF8.self) else { continue }
            var status = stat()
            guard fstatat(dirfd(directory), name, &status, 0) == 0,
                status.st_mode & S_IFMT == S_IFREG
            else { continue }
            entries.append(DirectoryEntry(name: name, sizeBytes: Int(status.st_size)))
        }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Makes a directory if there is none; those above it must exist.
    ///
    /// Throws `FileError`; also when something else stands there.
    public static func makeDirectory(_ path: String) throws(FileError) {
        guard mkdir(path, 0o777) != 0 else { return }
        let reason = Errno(rawValue: errno)
        var status = stat()
        guard reason == .fileExists, stat(path, &status) == 0,
            status.st_mode & S_IFMT == S_IFDIR
        else { throw FileError(reason, path: path) }
    }

    /// Gives the bytes of the regular file at `path` to `body`, piece by piece, until it answers
    /// false.
    ///
    /// Throws `FileError`; `other` for anything that is no regular file.
    public static func scan(
        _ path: String,
        _ body: (ArraySlice<UInt8>) -> Bool
    ) throws(FileError) {
        try named(path) {
            let file = try FileDescriptor.open(
                FilePath(path),
                .readOnly,
                options: [.closeOnExec, .nonBlocking]
            )
            try file.closeAfter {
                var status = stat()
                guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
                guard status.st_mode & S_IFMT != S_IFDIR else { throw Errno.isDirectory }
                guard status.st_mode & S_IFMT == S_IFREG else { throw Errno.notSupported }
                var chunk = [UInt8](repeating: 0, count: chunkBytes)
                while true {
                    let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
                    guard count > 0, body(chunk[..<count]) else { return }
                }
            }
        }
    }
}
