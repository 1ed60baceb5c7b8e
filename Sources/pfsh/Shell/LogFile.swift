// The merged log in a file, written while time passes, so that another program can follow it.

import Glibc
import Interpreter
import PFSRuntime

/// A file that takes the lines of all phones.
final class LogFile {
    private let path: String
    private let descriptor: Int32
    private var view = LogView()
    /// Whether a line could not be written; then no more are tried.
    private var hasFailed = false

    /// Opens the file at `path` and empties it.
    ///
    /// Throws a diagnostic of kind `.outside` in the operating system's words.
    init(path: String) throws(Diagnostic) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure("\(path) cannot be written", errno) }
        view.follows = true
    }

    deinit { close(descriptor) }

    /// Writes, of a world that is another now, only lines from here on.
    func goOn(in world: World) { view.goOn(in: world) }

    /// Writes the lines that have come, of all phones, at the level that the log has.
    ///
    /// Throws a diagnostic of kind `.outside` the first time that it cannot.
    func write(_ world: World, level: LogLevel) throws(Diagnostic) {
        view.level = level
        let lines = view.newLines(in: world)
        guard !lines.isEmpty, !hasFailed else { return }
        var bytes = Array(lines.map { $0 + "\n" }.joined().utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                hasFailed = true
                throw Self.failure("\(path) takes no more of the log", errno)
            }
            bytes = bytes.dropFirst(count)
        }
    }

    private static func failure(_ what: String, _ number: Int32) -> Diagnostic {
        let reason = strerror(number).map { String(cString: $0) } ?? "error \(number)"
        return Diagnostic("\(what): \(reason)", kind: .outside)
    }
}
