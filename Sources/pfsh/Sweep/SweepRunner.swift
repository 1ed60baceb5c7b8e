// Hands the runs of a sweep to workers and takes their lines: what is a run's own line, and what is said
// of one that was lost.

import Interpreter

/// The workers of a sweep at work.
struct SweepRunner {
    let grid: SweepGrid
    let script: SweepLine
    /// The words with which this program is called as a worker.
    let workerArguments: [String]
    /// How many work at the same time.
    let jobs: Int

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
        let pool = WorkerPool(
            workerArguments: workerArguments,
            jobs: jobs,
            stopped: "stopped; the runs that were done are kept"
        )
        try pool.run(
            numbers,
            take: { (number, answer) throws(Diagnostic) in
                switch answer {
                case .line(let line): try take(number, try checked(line, number))
                case .lost(let reason):
                    try take(number, script.line(grid.run(number), lostBecause: reason))
                }
            },
            pause: pause
        )
    }

    /// A line that a worker answered is of the run that it was asked for, unless the script was changed
    /// in the meantime.
    private func checked(_ line: String, _ number: Int) throws(Diagnostic) -> String {
        guard line.hasPrefix(script.key(grid.run(number))) else {
            throw Diagnostic("\(script.path) was changed while its sweep ran")
        }
        return line
    }
}
