// Hands numbers to worker processes and takes their answers, in whatever order they come. A worker that
// dies is replaced, its number is reported as lost, and the work goes on. Sweeps and storms both use it.

import Glibc
import Interpreter

/// Worker processes at work.
struct WorkerPool {
    /// The words with which this program is called as a worker.
    let workerArguments: [String]
    /// How many work at the same time.
    let jobs: Int
    /// What to say when the user stops it.
    let stopped: String

    /// How long is waited for an answer before progress is shown again.
    private static let waitMilliseconds: Int32 = 200

    /// What came of a number.
    enum Answer: Equatable {
        /// The line that a worker answered.
        case line(String)
        /// The process came to an end under it, as the rest of a sentence says.
        case lost(String)
    }

    /// Has all numbers worked off, and hands each one's answer to `take` as it comes.
    ///
    /// `pause` is called between two answers, and at least every 0.2 s. Throws what these throw; a
    /// diagnostic of kind `.interrupted` if the user stops it, of kind `.outside` if no worker can be
    /// started. No worker is left then.
    func run(
        _ numbers: [Int],
        take: (Int, Answer) throws(Diagnostic) -> Void,
        pause: () throws(Diagnostic) -> Void
    ) throws(Diagnostic) {
        var waiting = numbers[...]
        var workers: [SweepProcess] = []
        defer { for worker in workers { worker.stop() } }
        while !waiting.isEmpty || workers.contains(where: { $0.present != nil }) {
            while workers.count < min(jobs, waiting.count + busy(workers)) {
                workers.append(try SweepProcess(arguments: workerArguments))
            }
            for worker in workers where worker.present == nil {
                if let number = waiting.popFirst() { worker.begin(number) }
            }
            for index in ready(workers).reversed() {
                let worker = workers[index]
                let present = worker.present
                switch worker.read() {
                case .none: break
                case .line(let line):
                    if let present { try take(present, .line(line)) }
                case .end:
                    workers.remove(at: index)
                    let reason = worker.end()
                    try stopIfAsked()
                    if let present { try take(present, .lost(reason)) }
                }
            }
            try pause()
            try stopIfAsked()
        }
    }

    private func busy(_ workers: [SweepProcess]) -> Int { workers.count { $0.present != nil } }

    /// Waits for answers; the places of the workers that have one.
    private func ready(_ workers: [SweepProcess]) -> [Int] {
        var polled = workers.map { pollfd(fd: $0.answers, events: Int16(POLLIN), revents: 0) }
        guard poll(&polled, nfds_t(polled.count), Self.waitMilliseconds) > 0 else { return [] }
        return polled.indices.filter { polled[$0].revents != 0 }
    }

    private func stopIfAsked() throws(Diagnostic) {
        guard Interrupt.isPending else { return }
        throw Diagnostic(stopped, kind: .interrupted)
    }
}
