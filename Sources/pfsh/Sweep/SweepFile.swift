// The file that a sweep writes. A line is added as soon as its run is done, so that whatever ends the
// sweep loses no finished run; when the sweep ends in order, the lines are put into the order of the
// grid. What a sweep finds there from before is kept.

import Glibc
import Interpreter
import NetIO

/// A file of lines, which one sweep at a time adds to.
final class SweepFile {
    /// The most bytes of a file that a sweep goes on with: own choice, it is held in memory.
    private static let limitBytes = 2 << 30

    private let path: String
    private let descriptor: Int32
    /// Lines of this script's runs that this sweep does not have, as they were found.
    private(set) var others: [String] = []
    /// Whether the file ended in the middle of a line, as after a power failure.
    private(set) var wasCutOff = false

    /// Opens the file, which is made if it is missing.
    ///
    /// Throws a diagnostic of kind `.outside` where that fails, or another sweep has it.
    init(path: String) throws(Diagnostic) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw Diagnostic("\(path) cannot be written: \(Self.reason)", kind: .outside)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let what = isTaken ? "another sweep is writing \(path)" : "\(path): \(Self.reason)"
            close(descriptor)
            throw Diagnostic(what, kind: .outside)
        }
    }

    deinit { close(descriptor) }

    private static var reason: String {
        strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    }

    /// The lines that are there of the runs in `keys`, by the run's number; a half line at the end is
    /// cut off, and one of a run that was lost does not count.
    ///
    /// Throws a diagnostic if the file cannot be read, or holds something else than lines of `script`.
    func lines(of keys: [String: Int], script: SweepLine) throws(Diagnostic) -> [Int: String] {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileStore.read(path, limitBytes: Self.limitBytes)
        } catch {
            throw Diagnostic(error.description, kind: .outside)
        }
        let end = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        if end < bytes.count {
            wasCutOff = true
            guard ftruncate(descriptor, off_t(end)) == 0 else {
                throw Diagnostic("\(path) cannot be repaired: \(Self.reason)", kind: .outside)
            }
        }
        var found: [Int: String] = [:]
        let text = String(decoding: bytes[..<end], as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        for (index, line) in lines.enumerated() {
            let advice = ["give another --out, or take the file away"]
            guard let key = SweepLine.key(of: line) else {
                throw Diagnostic(
                    "\(path), line \(index + 1), is no line of a sweep",
                    hints: advice
                )
            }
            guard script.isOfThisScript(line) else {
                throw Diagnostic(
                    "\(path), line \(index + 1), comes from another script, or from before it or "
                        + "pfsh was changed",
                    hints: advice
                )
            }
            guard SweepLine.status(of: line, key: key) != nil else { continue }
            if let number = keys[String(key)] {
                if found[number] == nil { found[number] = String(line) }
            } else {
                others.append(String(line))
            }
        }
        return found
    }

    /// Adds a line.
    func append(_ line: String) throws(Diagnostic) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw Diagnostic("\(path) takes no more lines: \(Self.reason)", kind: .outside)
            }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Makes these the file's lines, behind those of other sweeps.
    func finish(_ lines: [String]) throws(Diagnostic) {
        let text = (others + lines).map { $0 + "\n" }.joined()
        do throws(FileError) {
            try FileStore.write(Array(text.utf8), to: path)
        } catch {
            throw Diagnostic(error.description, kind: .outside)
        }
    }
}
