// What a sweep has so far, and where it goes: to a file as it comes, or to standard output in the order
// of the grid, a line held back until all before it are there.

import Glibc
import Interpreter

/// The lines of a sweep.
final class SweepLines {
    private let range: Range<Int>
    private let grid: SweepGrid
    private let script: SweepLine
    private let file: SweepFile?
    private let output: ShellOutput
    /// The lines that are there by the run's number, counted from the first of the range; those that
    /// were printed are gone.
    private var lines: [String?]
    /// The first run whose line was not printed, counted likewise.
    private var nextPrinted = 0

    /// The numbers of the runs that are to be done.
    let missing: [Int]
    /// How many runs are done.
    private(set) var doneCount: Int
    /// How many of them failed or were lost.
    private(set) var failedCount = 0
    /// The gravest status of all runs; a lost one counts as a failure of the world outside.
    private(set) var status: Int32 = 0
    /// What to say of the first runs that failed.
    private var failures: [String] = []

    /// How many failures are named.
    private static let shownFailures = 3

    /// The lines of the runs in `range`, with those that `path` holds already.
    init(
        of range: Range<Int>,
        grid: SweepGrid,
        script: SweepLine,
        file path: String?,
        output: ShellOutput
    ) throws(Diagnostic) {
        self.range = range
        self.grid = grid
        self.script = script
        self.output = output
        var lines = [String?](repeating: nil, count: range.count)
        var found: [Int: String] = [:]
        var file: SweepFile?
        if let path {
            let opened = try SweepFile(path: path)
            var keys: [String: Int] = [:]
            for number in range { keys[script.key(grid.run(number))] = number }
            found = try opened.lines(of: keys, script: script)
            for (number, line) in found { lines[number - range.lowerBound] = line }
            if opened.wasCutOff {
                output.report(.warning("\(path) ended in the middle of a line, which is run again"))
            }
            file = opened
        }
        self.file = file
        self.lines = lines
        missing = range.filter { found[$0] == nil }
        doneCount = found.count
        for number in range {
            if let line = lines[number - range.lowerBound] { count(number, line) }
        }
    }

    /// Takes the line of a run that is done.
    func take(_ number: Int, _ line: String) throws(Diagnostic) {
        doneCount += 1
        count(number, line)
        lines[number - range.lowerBound] = line
        if let file { return try file.append(line) }
        while nextPrinted < lines.count, let line = lines[nextPrinted] {
            output.print([line])
            lines[nextPrinted] = nil
            nextPrinted += 1
        }
    }

    private func count(_ number: Int, _ line: String) {
        guard let key = SweepLine.key(of: line[...]) else { return }
        let ended = SweepLine.status(of: line[...], key: key)
        guard ended != 0 else { return }
        failedCount += 1
        // A script's own status above 3 says no more here than that it failed.
        let grave = ended.map { $0 > 3 ? 1 : $0 } ?? Diagnostic.Kind.outside.exitStatus
        status = max(status, grave)
        guard failures.count < Self.shownFailures else { return }
        let how = ended.map { "ended with status \($0)" } ?? "was lost"
        failures.append("\(grid.run(number).text) \(how)")
    }

    /// Puts the file's lines into the order of the grid.
    func finish() throws(Diagnostic) {
        try file?.finish(lines.compactMap { $0 })
    }

    /// Says which runs failed.
    func reportFailures() {
        guard failedCount > 0 else { return }
        let more = failedCount - failures.count
        output.report(
            .warning(
                "\(failedCount) of \(range.count) runs failed",
                hints: failures + (more > 0 ? ["and \(more) more"] : [])
            )
        )
    }
}

/// What a sweep says of itself while it runs, on a terminal only.
struct SweepProgress {
    /// Milliseconds between two lines.
    private static let everyMilliseconds = 200

    private let total: Int
    private let doneBefore: Int
    private let output: ShellOutput
    private let isOn = isatty(STDERR_FILENO) == 1
    private let beganAt = Self.milliseconds()
    private var dueAt: Int
    private var isShown = false

    init(done: Int, of total: Int, output: ShellOutput) {
        self.total = total
        self.output = output
        doneBefore = done
        dueAt = beganAt
    }

    /// Shows how far it is, when it is time to.
    mutating func show(done: Int, failed: Int) {
        guard isOn else { return }
        let now = Self.milliseconds()
        guard now >= dueAt else { return }
        dueAt = now + Self.everyMilliseconds
        isShown = true
        var text = "\(done) of \(total) runs"
        if failed > 0 { text += ", \(failed) failed" }
        if done > doneBefore {
            let left = (now - beganAt) * (total - done) / (done - doneBefore)
            text += ", about \(Self.text(seconds: left / 1_000)) left"
        }
        output.progress(text + "  Ctrl-C stops")
    }

    /// Takes the line away.
    func end() {
        if isShown { output.progress("") }
    }

    private static func text(seconds: Int) -> String {
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3_600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3_600) h \(seconds % 3_600 / 60) min"
    }

    /// Wall time for what the user sees; nothing of it reaches a line.
    private static func milliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}
