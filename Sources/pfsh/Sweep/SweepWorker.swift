// The process that works numbers off: it reads them, one a line, and answers each with a line. It is this
// program itself, called in the same way, so that it knows what a number stands for. A run that brings
// its process down takes no other run along.

import Glibc
import Interpreter

/// One worker, seen from inside.
struct SweepWorker {
    /// Numbers are from 0 to below this.
    let count: Int
    /// The line of a number; nil if it was interrupted.
    let line: (Int) -> String?

    /// The descriptor of a pipe whose other end the caller holds as long as it lives.
    static let lifeline: Int32 = 3

    /// Serves until the numbers end; answers the exit status.
    func serve() -> Int32 {
        // Whoever reads the answers may be gone: then writing fails, and that is how it ends.
        signal(SIGPIPE, SIG_IGN)
        // When the caller itself dies in the middle of a run, its end of this pipe, which carries
        // nothing, is closed: that sends a signal, which ends the process. Nobody would hear the answer.
        signal(SIGIO, SIG_DFL)
        _ = fcntl(Self.lifeline, F_SETOWN, getpid())
        _ = fcntl(Self.lifeline, F_SETFL, O_ASYNC)
        while let text = readLine(), let number = Int(text), (0..<count).contains(number) {
            guard let answer = line(number) else {
                return Interrupt.isTerminated ? 143 : Diagnostic.Kind.interrupted.exitStatus
            }
            guard Self.write(answer + "\n") else { return Diagnostic.Kind.outside.exitStatus }
        }
        return 0
    }

    private static func write(_ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }
}
