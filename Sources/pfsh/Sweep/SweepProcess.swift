// A worker of a sweep, seen from outside: a child process with a pipe in and a pipe out, one run at a
// time.

import Glibc
import Interpreter

/// A worker process.
final class SweepProcess {
    private let process: pid_t
    private let numbers: Int32
    /// Kept open as long as the worker is wanted.
    private let lifeline: Int32
    /// What it writes to; for `poll`.
    let answers: Int32
    private var buffer: [UInt8] = []
    /// The run that it is at; nil when it waits for one.
    private(set) var present: Int?

    /// Starts this program again with `arguments`.
    ///
    /// Throws a diagnostic of kind `.outside` in the operating system's words.
    init(arguments: [String]) throws(Diagnostic) {
        let input = try Self.pipe()
        let output = try Self.pipe()
        let lifeline = try Self.pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, input.start, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output.end, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, lifeline.start, SweepWorker.lifeline)
        var words = (["pfsh"] + arguments).map { strdup($0) }
        words.append(nil)
        var child: pid_t = 0
        let number = posix_spawn(&child, "/proc/self/exe", &actions, nil, &words, environ)
        for word in words { free(word) }
        posix_spawn_file_actions_destroy(&actions)
        for descriptor in [input.start, output.end, lifeline.start] { close(descriptor) }
        process = child
        numbers = input.end
        answers = output.start
        self.lifeline = lifeline.end
        guard number == 0 else { throw Self.failure(number) }
    }

    private static func pipe() throws(Diagnostic) -> (start: Int32, end: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw Self.failure(errno) }
        // No other worker must hold an end of these, or the end of this one would not show; and none
        // must be a number that a worker's own descriptors get, which would end as soon as it began.
        for index in ends.indices {
            let moved = fcntl(ends[index], F_DUPFD_CLOEXEC, SweepWorker.lifeline + 1)
            close(ends[index])
            guard moved >= 0 else { throw Self.failure(errno) }
            ends[index] = moved
        }
        return (ends[0], ends[1])
    }

    private static func failure(_ number: Int32) -> Diagnostic {
        let reason = strerror(number).map { String(cString: $0) } ?? "error \(number)"
        return Diagnostic("a worker process cannot be started: \(reason)", kind: .outside)
    }

    deinit {
        close(numbers)
        close(lifeline)
        close(answers)
    }

    /// Has it run a run; that it is gone shows when its answer is read.
    func begin(_ number: Int) {
        present = number
        let bytes = Array("\(number)\n".utf8)
        _ = bytes.withUnsafeBytes { write(numbers, $0.baseAddress, $0.count) }
    }

    /// What reading from a worker gave.
    enum Answer: Equatable {
        /// Nothing whole yet.
        case none
        /// The line of its run.
        case line(String)
        /// It has ended.
        case end
    }

    /// Reads what there is; to be called when there is something.
    func read() -> Answer {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = chunk.withUnsafeMutableBytes {
            Glibc.read(answers, $0.baseAddress, $0.count)
        }
        if count < 0, errno == EINTR { return .none }
        guard count > 0 else { return .end }
        buffer += chunk[..<count]
        guard let end = buffer.firstIndex(of: 0x0A) else { return .none }
        let line = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeSubrange(...end)
        present = nil
        return .line(line)
    }

    /// Waits for the end of the process; answers how it ended, as the rest of a sentence.
    func end() -> String {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        guard signal == 0 else { return "the process that ran it was ended by signal \(signal)" }
        return "the process that ran it ended with status \(status >> 8 & 0xFF)"
    }

    /// Ends the process, whatever it is doing.
    func stop() {
        kill(process, SIGKILL)
        _ = end()
    }
}
