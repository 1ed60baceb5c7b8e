// Hands runs to workers and takes their lines, in whatever order they come. A worker that dies is
// replaced, its run is written as lost, and the sweep goes on.

import Glibc
import Interpreter

/// The workers of a sweep at work.
struct SweepRunner {
    let grid: SweepGrid
    let script: SweepLine
    /// The words with which this program is called as a worker.
    let workerArguments: [String]
    /// How many work at the same time.
    let jobs: Int

    /// How long is waited for an answer before progress is shown again.
    private static let waitMilliseconds: Int32 = 200

    /// Runs the runs of `numbers`, and hands each one's line to `take` as it is done.
    ///
    /// `pause` is called between two answers, and at least every 0.2 s. Throws what these throw; a
    /// diagnostic of kind `.interrupted` if the user stops it, of kind `.outside` if no worker can be
    /// started. No worker is left then.
    func run(
        _ numbers: [Int],
        take: (Int, String) throws(Diagnostic) -> Void,
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
                    if let present { try take(present, try checked(line, present)) }
                case .end:
                    workers.remove(at: index)
                    let reason = worker.end()
                    try stopIfAsked()
                    guard let present else { break }
                    try take(present, script.line(grid.run(present), lostBecause: reason))
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

    /// A line that a worker answered is of the run that it was asked for, unless the script was changed
    /// in the meantime.
    private func checked(_ line: String, _ number: Int) throws(Diagnostic) -> String {
        guard line.hasPrefix(script.key(grid.run(number))) else {
            throw Diagnostic("\(script.path) was changed while its sweep ran")
        }
        return line
    }

    private func stopIfAsked() throws(Diagnostic) {
        guard Interrupt.isPending else { return }
        throw Diagnostic("stopped; the runs that were done are kept", kind: .interrupted)
    }
}
