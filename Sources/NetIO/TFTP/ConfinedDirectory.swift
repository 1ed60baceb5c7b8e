// A directory that strangers read from and write to by names of their own. Nothing leads out of it:
// the names are checked here, links are the kernel's affair (see confined_file.c).

import CConfinedFile
import Glibc
public import PFSRuntime

/// An open directory below which files are opened.
public final class ConfinedDirectory: Sendable {
    /// The directory as the user wrote it.
    public let path: String
    private let descriptor: Int32

    /// Opens the directory at `path`.
    ///
    /// Throws `FileError`.
    public init(_ path: String) throws(FileError) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(errno: errno, path: path) }
        self.path = path
    }

    deinit { close(descriptor) }

    /// A name as a path below the directory.
    ///
    /// Slashes in front are dropped, as TFTP servers do: the directory is their root. Throws error 2
    /// for `..`, for an empty name and for names of temporary files, error 0 for one that is too long.
    static func relative(_ name: String) throws(TFTPErrorMessage) -> String {
        let parts = name.split(separator: "/").filter { $0 != "." }
        guard name.utf8.count <= TFTPPacket.nameByteLimit else {
            throw TFTPErrorMessage(.notDefined, "the name is too long")
        }
        guard let last = parts.last, !parts.contains(".."), !name.utf8.contains(0),
            !name.hasSuffix("/"), !name.hasSuffix("/."),
            !last.hasPrefix(PendingFile.temporaryPrefix)
        else { throw TFTPErrorMessage(.accessViolation, "not a name that can be served") }
        return parts.joined(separator: "/")
    }

    /// Opens a regular file to read.
    ///
    /// Throws error 1 or 2 with the words for the client.
    public func openForReading(_ name: String) throws(TFTPErrorMessage) -> OpenFile {
        let relative = try Self.relative(name)
        let file = confined_open(descriptor, relative, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0)
        guard file >= 0 else { throw Self.message(errno) }
        return try OpenFile(owning: file)
    }

    /// Begins a file that gets its name when it is whole.
    ///
    /// Throws error 1, 2, 3 or 6.
    public func openForWriting(_ name: String) throws(TFTPErrorMessage) -> PendingFile {
        let relative = try Self.relative(name)
        var parts = relative.split(separator: "/")
        let last = String(parts.removeLast())
        let above = parts.isEmpty ? "." : parts.joined(separator: "/")
        let folder = confined_open(descriptor, above, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard folder >= 0 else { throw Self.message(errno) }
        return try PendingFile(named: last, inOwned: folder)
    }

    /// What a client is told; nothing of the server's paths.
    static func message(_ number: Int32) -> TFTPErrorMessage {
        switch number {
        case ENOENT, ENOTDIR: TFTPErrorMessage(.fileNotFound, "File not found")
        case ENOSPC, EDQUOT, EFBIG: TFTPErrorMessage(.diskFull, "Disk full")
        case EISDIR: TFTPErrorMessage(.accessViolation, "Not a file")
        case EACCES, EPERM, EROFS, EXDEV, ELOOP:
            TFTPErrorMessage(.accessViolation, "Access violation")
        case EMFILE, ENFILE, ENOMEM: TFTPErrorMessage(.notDefined, "The server is busy")
        default: TFTPErrorMessage(.notDefined, String(cString: strerror(number)))
        }
    }
}

/// A regular file that is open for reading.
public final class OpenFile: Sendable {
    /// Its size in bytes when it was opened.
    public let sizeBytes: Int64
    let descriptor: Int32

    /// Opens the file at `path`, as the user wrote it.
    ///
    /// Throws `FileError`.
    public convenience init(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(errno: errno, path: path) }
        do throws(TFTPErrorMessage) {
            try self.init(owning: descriptor)
        } catch {
            throw .other(path: path, reason: "not a regular file")
        }
    }

    /// Takes over a descriptor.
    ///
    /// Throws error 2 unless it is a regular file.
    init(owning descriptor: Int32) throws(TFTPErrorMessage) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw TFTPErrorMessage(.accessViolation, "Not a file")
        }
        self.descriptor = descriptor
        sizeBytes = Int64(status.st_size)
    }

    deinit { close(descriptor) }
}
