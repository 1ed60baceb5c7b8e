// A file that is coming. Until it is whole it stands under a temporary name in its directory, which is
// taken away again if it never becomes whole: nobody ever finds a half file under the final name.

import Glibc
import PFSRuntime
import Synchronization

/// A file under a temporary name.
public final class PendingFile: Sendable {
    /// How temporary names begin; they are neither served nor accepted from clients.
    static let temporaryPrefix = ".pfsh-tftp-"
    /// How many temporary names are tried (own choice: leftovers of crashes are few).
    private static let maximumAttempts = 1_000

    let descriptor: Int32
    private let folder: Int32
    private let name: String
    private let temporary: String
    /// A device or pipe is written to as it is.
    private let isInPlace: Bool
    /// Whether the temporary name is still this file's, so that it has to be taken away.
    private let isTemporary = Atomic(true)

    /// Begins the file at `path`, as the user wrote it; a device or pipe is written in place.
    ///
    /// Throws `FileError`.
    public static func at(_ path: String) throws(FileError) -> PendingFile {
        let slash = path.lastIndex(of: "/")
        let name = String(slash.map { path[path.index(after: $0)...] } ?? path[...])
        let above = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard !name.isEmpty, name != ".", name != ".." else { throw .isDirectory(path: path) }
        var status = stat()
        if stat(path, &status) == 0 {
            switch status.st_mode & S_IFMT {
            case S_IFDIR: throw .isDirectory(path: path)
            case S_IFREG: break
            default:
                let file = open(path, O_WRONLY | O_CLOEXEC)
                guard file >= 0 else { throw FileError(errno: errno, path: path) }
                return PendingFile(inPlace: file)
            }
        }
        let folder = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileError(errno: errno, path: path) }
        do throws(TFTPErrorMessage) {
            return try PendingFile(named: name, inOwned: folder)
        } catch {
            throw .other(path: path, reason: error.text)
        }
    }

    private init(inPlace file: Int32) {
        descriptor = file
        folder = -1
        (name, temporary) = ("", "")
        isInPlace = true
    }

    /// Begins a file called `name` in a directory whose descriptor is taken over.
    init(named name: String, inOwned folder: Int32) throws(TFTPErrorMessage) {
        var status = stat()
        if fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG || status.st_mode & S_IFMT == S_IFLNK else {
                close(folder)
                throw TFTPErrorMessage(.accessViolation, "Not a file")
            }
        }
        var attempt = 0
        while true {
            let temporary = Self.temporaryPrefix + "\(getpid())-\(attempt)"
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let file = openat(folder, temporary, flags, 0o666)
            if file >= 0 {
                descriptor = file
                self.temporary = temporary
                break
            }
            attempt += 1
            guard errno == EEXIST, attempt < Self.maximumAttempts else {
                let message = ConfinedDirectory.message(errno)
                close(folder)
                throw message
            }
        }
        self.folder = folder
        self.name = name
        isInPlace = false
    }

    /// Gives the file its name: it is whole.
    ///
    /// Throws error 2, 3 or 0 where that is not possible.
    func commit() throws(TFTPErrorMessage) {
        guard !isInPlace else { return }
        guard fsync(descriptor) == 0, renameat(folder, temporary, folder, name) == 0 else {
            throw ConfinedDirectory.message(errno)
        }
        isTemporary.store(false, ordering: .relaxed)
        // The new name is on the disk only when its directory is; where that cannot be asked for,
        // the file is still whole under the one name or the other.
        _ = fsync(folder)
    }

    deinit {
        close(descriptor)
        guard !isInPlace else { return }
        if isTemporary.load(ordering: .relaxed) { unlinkat(folder, temporary, 0) }
        close(folder)
    }
}
