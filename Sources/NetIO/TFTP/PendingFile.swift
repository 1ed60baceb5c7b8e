// A file that is coming. Until it is whole it has no name at all, so that nobody ever finds a half file
// under the final name, and not even a crash leaves anything behind. Where the file system cannot do
// that it has a temporary name in its directory, which is taken away if it never becomes whole.

import CConfinedFile
import Glibc
import PFSRuntime
import Synchronization

/// A file without its name.
public final class PendingFile: Sendable {
    /// How temporary names begin; they are neither served nor accepted from clients.
    static let temporaryPrefix = ".pfsh-tftp-"
    /// How many temporary names are tried (own choice: leftovers of crashes are few).
    private static let maximumAttempts = 1_000

    /// Where the bytes are.
    private enum Place {
        /// A device or pipe, which is written to as it is.
        case inPlace(file: Int32)
        /// A file without a name, and the directory for which it is meant.
        case unnamed(file: Int32, folder: Int32)
        /// A file under a temporary name.
        case temporary(file: Int32, folder: Int32, name: String)
        /// It has its name, or never will.
        case closed
    }

    /// The final name, within the directory.
    private let name: String
    /// The permissions of the file that is replaced; nil for a new one.
    private let mode: mode_t?
    private let place: Mutex<Place>

    /// Begins the file at `path`, as the user wrote it; a device or pipe is written in place.
    ///
    /// A symbolic link stays one: its target is replaced. An existing file keeps its permissions.
    /// Throws `FileError`.
    public static func at(_ path: String) throws(FileError) -> PendingFile {
        var target = path
        var mode: mode_t?
        var status = stat()
        if stat(path, &status) == 0 {
            switch status.st_mode & S_IFMT {
            case S_IFDIR: throw .isDirectory(path: path)
            case S_IFREG:
                mode = status.st_mode & 0o777
                target = try resolved(path)
            default:
                let file = open(path, O_WRONLY | O_CLOEXEC)
                guard file >= 0 else { throw FileError(errno: errno, path: path) }
                return PendingFile("", mode: nil, .inPlace(file: file))
            }
        }
        let slash = target.lastIndex(of: "/")
        let name = String(slash.map { target[target.index(after: $0)...] } ?? target[...])
        let above = slash.map { $0 == target.startIndex ? "/" : String(target[..<$0]) } ?? "."
        guard !name.isEmpty, name != ".", name != ".." else { throw .isDirectory(path: path) }
        let folder = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileError(errno: errno, path: path) }
        do throws(TFTPErrorMessage) {
            return try PendingFile(named: name, mode: mode, inOwned: folder)
        } catch {
            throw .other(path: path, reason: error.text)
        }
    }

    private static func resolved(_ path: String) throws(FileError) -> String {
        guard let resolved = realpath(path, nil) else { throw FileError(errno: errno, path: path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private init(_ name: String, mode: mode_t?, _ place: Place) {
        self.name = name
        self.mode = mode
        self.place = Mutex(place)
    }

    /// Begins a file called `name` in a directory whose descriptor is taken over.
    ///
    /// With `isNamed` it has a temporary name even where it could do without. Throws error 2, 3 or 0.
    convenience init(
        named name: String,
        mode: mode_t? = nil,
        inOwned folder: Int32,
        isNamed: Bool = false
    ) throws(TFTPErrorMessage) {
        var status = stat()
        if fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG || status.st_mode & S_IFMT == S_IFLNK else {
                close(folder)
                throw TFTPErrorMessage(.accessViolation, "Not a file")
            }
        }
        let unnamed = isNamed ? -1 : confined_unnamed(folder, 0o666)
        if unnamed >= 0 {
            self.init(name, mode: mode, .unnamed(file: unnamed, folder: folder))
            return
        }
        var file: Int32 = -1
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let temporary = Self.temporaryName { temporary in
            file = openat(folder, temporary, flags, 0o666)
            return file >= 0
        }
        guard let temporary else {
            let message = ConfinedDirectory.message(errno)
            close(folder)
            throw message
        }
        self.init(name, mode: mode, .temporary(file: file, folder: folder, name: temporary))
    }

    /// The first name that `body` can use; nil, with `errno`, where it cannot for another reason than
    /// that the name is taken.
    private static func temporaryName(_ body: (String) -> Bool) -> String? {
        for attempt in 0..<maximumAttempts {
            let name = temporaryPrefix + "\(getpid())-\(attempt)"
            if body(name) { return name }
            guard errno == EEXIST else { return nil }
        }
        return nil
    }

    /// Appends bytes; answers how many the system took, negative with `errno` where it took none.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        place.withLock { place in
            switch place {
            case .inPlace(let file), .unnamed(let file, _), .temporary(let file, _, _):
                return Glibc.write(file, bytes.baseAddress, bytes.count)
            case .closed:
                errno = EBADF
                return -1
            }
        }
    }

    /// Gives the file its name: it is whole.
    ///
    /// What stood under the name is replaced at once or not at all. Throws error 2, 3 or 0 where that
    /// is not possible; the file is gone then.
    func commit() throws(TFTPErrorMessage) {
        let number = place.withLock { place -> Int32 in
            defer { Self.discard(&place) }
            switch place {
            case .inPlace: return 0
            case .closed: return EBADF
            case .unnamed(let file, let folder):
                guard synchronize(file) else { return errno }
                // A name that is taken can only be replaced by renaming.
                let temporary = Self.temporaryName { confined_link(file, folder, $0) == 0 }
                guard let temporary else { return errno }
                place = .temporary(file: file, folder: folder, name: temporary)
                return rename(temporary, folder, file, &place)
            case .temporary(let file, let folder, let temporary):
                guard synchronize(file) else { return errno }
                return rename(temporary, folder, file, &place)
            }
        }
        guard number == 0 else { throw ConfinedDirectory.message(number) }
    }

    private func synchronize(_ file: Int32) -> Bool {
        if let mode, fchmod(file, mode) != 0 { return false }
        return fsync(file) == 0
    }

    private func rename(
        _ temporary: String,
        _ folder: Int32,
        _ file: Int32,
        _ place: inout Place
    ) -> Int32 {
        guard renameat(folder, temporary, folder, name) == 0 else { return errno }
        // The new name is on the disk only when its directory is; where that cannot be asked for,
        // the file is still whole under the one name or the other.
        _ = fsync(folder)
        place = .unnamed(file: file, folder: folder)
        return 0
    }

    /// Gives the file up: nothing of it is left.
    func discard() { place.withLock { Self.discard(&$0) } }

    private static func discard(_ place: inout Place) {
        switch place {
        case .inPlace(let file): close(file)
        case .unnamed(let file, let folder):
            close(file)
            close(folder)
        case .temporary(let file, let folder, let name):
            unlinkat(folder, name, 0)
            close(file)
            close(folder)
        case .closed: break
        }
        place = .closed
    }

    deinit { place.withLock { Self.discard(&$0) } }
}
