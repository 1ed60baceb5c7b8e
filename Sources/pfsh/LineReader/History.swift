// What was typed, kept between sessions: a text file of the shell's own, one entry a line, that only
// grows while a session runs and is cleaned when one begins. Two sessions at once lose nothing: every
// append and every cleaning holds a lock on the file. A history that cannot be written is no reason to
// stop anybody's work, so failures switch the file off and the session goes on.

import Glibc

/// The entries of earlier sessions and of this one, oldest first, none twice.
struct History {
    /// Entries kept in the file and handed to the editor (LINE_EDIT_MAXIMUM_HISTORY is the same).
    static let maximumEntries = 10_000
    /// A file larger than this is read from its end only (own choice: 10,000 long entries).
    private static let maximumFileBytes = 1 << 24

    /// The entries, oldest first.
    private(set) var entries: [String] = []
    private var path: String?

    /// A history in the file at `path`, read and cleaned now; nil keeps it in memory only.
    init(path: String?) {
        self.path = path
        guard let path else { return }
        guard let file = LockedFile(path: path) else {
            self.path = nil
            return
        }
        let lines = file.lines(last: Self.maximumFileBytes)
        entries = Self.cleaned(lines.compactMap(Self.decoded))
        if entries.count < lines.count {
            file.replace(with: entries.map { Self.encoded($0) + "\n" }.joined())
        }
    }

    /// Where the history lies: `PFSH_HISTORY` if set (empty: nowhere), else `pfsh/history` under
    /// `XDG_STATE_HOME` or `~/.local/state`; nil when there is no such place.
    static func standardPath(environment: (String) -> String?) -> String? {
        if let named = environment("PFSH_HISTORY") { return named.isEmpty ? nil : named }
        // The XDG rules ignore a relative path.
        if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") {
            return state + "/pfsh/history"
        }
        guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
        return home + "/.local/state/pfsh/history"
    }

    /// Keeps `text` as the newest entry, in the file too.
    ///
    /// Not kept: nothing but blanks, and what begins with a blank. Returns whether it is kept.
    mutating func add(_ text: String) -> Bool {
        guard let first = text.first, first != " ", first != "\t",
            text.contains(where: { !$0.isWhitespace })
        else { return false }
        // Looking at the newest first: what is typed often was typed lately.
        if let index = entries.lastIndex(of: text) {
            if index == entries.count - 1 { return true }
            entries.remove(at: index)
        }
        entries.append(text)
        if entries.count > Self.maximumEntries { entries.removeFirst() }
        if let path {
            if let file = LockedFile(path: path) {
                file.append(Self.encoded(text) + "\n")
            } else {
                self.path = nil
            }
        }
        return true
    }

    /// Of equal entries the newest stays; of all, the newest `maximumEntries`.
    static func cleaned(_ lines: [String]) -> [String] {
        var seen: Set<String> = []
        var newestFirst: [String] = []
        for line in lines.reversed() where seen.insert(line).inserted {
            newestFirst.append(line)
            if newestFirst.count == maximumEntries { break }
        }
        return newestFirst.reversed()
    }

    /// An entry as one line of the file: `\` becomes `\\`, a line feed `\n`.
    static func encoded(_ entry: String) -> String {
        var line = ""
        for scalar in entry.unicodeScalars {
            switch scalar {
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }

    /// The entry of a line of the file; nil for an empty line.
    static func decoded(_ line: String) -> String? {
        guard !line.isEmpty else { return nil }
        var entry = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if isEscaped {
                isEscaped = false
                switch scalar {
                case "n": entry.append("\n")
                case "r": entry.append("\r")
                default: entry.append(scalar)
                }
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                entry.append(scalar)
            }
        }
        return String(entry)
    }
}

/// The history file, open and locked until it goes out of scope.
private final class LockedFile {
    private let descriptor: Int32

    /// Opens or makes the file, readable by its owner only, with the directories above it.
    init?(path: String) {
        Self.makeDirectories(above: path)
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0o600)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        // Never a pipe or a device, which would block.
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            flock(descriptor, LOCK_EX) == 0
        else {
            close(descriptor)
            return nil
        }
    }

    deinit {
        close(descriptor)
    }

    /// The last `limit` bytes as lines; a line cut at their beginning is left out.
    func lines(last limit: Int) -> [String] {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        let start = max(0, size - limit)
        guard size > start, lseek(descriptor, off_t(start), SEEK_SET) >= 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: size - start)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress.map { $0 + filled }, $0.count - filled)
            }
            guard count > 0 else { break }
            filled += count
        }
        var lines = bytes[..<filled].split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: true
        )
        if start > 0, !lines.isEmpty { lines.removeFirst() }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    func append(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// In place, not by renaming: another session may be waiting for the lock of this very file.
    func replace(with text: String) {
        guard ftruncate(descriptor, 0) == 0 else { return }
        append(text)
    }

    private static func makeDirectories(above path: String) {
        for index in path.indices where path[index] == "/" && index != path.startIndex {
            // One that is there already fails harmlessly; one that cannot be made fails the open.
            _ = mkdir(String(path[..<index]), 0o700)
        }
    }
}
