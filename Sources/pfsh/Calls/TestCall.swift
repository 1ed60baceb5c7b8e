// `pfsh test`: each script is one test in a world of its own, and so is each of its test blocks. Results come as TAP on standard output
// and, if asked for, as JUnit's XML in a file; what a script printed is shown when it failed.

import ArgumentParser
import Glibc
import Interpreter
import NetIO
import PFSRuntime

/// The call `pfsh test`.
struct TestCall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        _superCommandName: "pfsh",
        abstract: "Run scripts and their test blocks as tests.",
        discussion: """
            Each script runs in a new world and passes if it ends with status 0. Results are printed as \
            TAP; below a failed one stands what it printed. A file called test is run by `pfsh ./test`.
            """
    )

    @Option(help: ArgumentHelp("The seed of every script.", valueName: "number"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp("Run the scripts whose path matches only.", valueName: "expression")
    )
    var filter: String?

    @Option(help: ArgumentHelp("Write the results as XML too.", valueName: "file"))
    var junit: String?

    @Flag(help: "Run each script twice; fingerprint and output must be the same.")
    var twice = false

    @Flag(help: "A script that warns fails.")
    var strict = false

    @OptionGroup var scripts: ScriptFiles

    /// Runs the tests; answers 0, or the gravest status of those that failed.
    func status() -> Int32 {
        let output = ShellOutput.standard(.auto)
        do throws(Diagnostic) {
            let files = try chosen()
            output.print(["TAP version 14"])
            var results: [TestEntry] = []
            for path in files {
                for result in run(path) {
                    results.append(result)
                    output.print(result.lines(number: results.count))
                }
                guard !Interrupt.isPending else {
                    output.print(["Bail out! interrupted"])
                    return Diagnostic.Kind.interrupted.exitStatus
                }
            }
            if let junit { try write(TestReport.junit(results), to: junit) }
            output.print(["1..\(results.count)"])
            let failed = results.filter { $0.failure != nil }
            output.print(["# \(results.count - failed.count) passed, \(failed.count) failed"])
            return failed.map(\.status).max() ?? 0
        } catch {
            output.report(error)
            return error.kind.exitStatus
        }
    }

    private func chosen() throws(Diagnostic) -> [String] {
        guard let filter else { return scripts.files }
        let pattern = try Pattern(filter)
        let files = scripts.files.filter { pattern.matches($0) }
        guard !files.isEmpty else { throw Diagnostic("no script matches `\(filter)`") }
        return files
    }

    private func write(_ text: String, to path: String) throws(Diagnostic) {
        do throws(FileError) {
            try FileStore.write(Array(text.utf8), to: path)
        } catch {
            throw Diagnostic(error.description, kind: .outside)
        }
    }

    /// The results of a script's test blocks and, last, of the script as a whole.
    private func run(_ path: String) -> [TestEntry] {
        let begin = Self.microseconds()
        let first = TestRun(path, seed: seed)
        var result = TestEntry(name: path, text: first.text)
        if first.outcome.exitStatus != 0 {
            // A script's own status above 3 says no more here than that it failed.
            result.status = first.outcome.isExit ? 1 : first.outcome.exitStatus
            result.failure = "ended with status \(first.outcome.exitStatus)"
        } else if strict, first.warningCount > 0 {
            result.failure = "it warned"
        } else if twice {
            compare(first, TestRun(path, seed: seed), &result)
        }
        result.microseconds = Self.microseconds() - begin
        return first.blocks.map { block in
            let text = block.failure.map(DiagnosticRenderer.text) ?? ""
            var entry = TestEntry(name: "\(path): \(block.name)", text: text)
            entry.failure = block.failure?.message
            entry.status = block.failure?.kind.exitStatus ?? 0
            return entry
        } + [result]
    }

    /// Compares two runs of a script; where their worlds differ, two more are run with every event
    /// kept, and the first that differs is named.
    private func compare(_ first: TestRun, _ second: TestRun, _ result: inout TestEntry) {
        result.fingerprint = first.fingerprint
        if second.fingerprint != first.fingerprint {
            result.failure = "the second run had another fingerprint"
            let third = TestRun(result.name, seed: seed, keepsEvents: true)
            let fourth = TestRun(result.name, seed: seed, keepsEvents: true)
            let lines = EventDifference.lines(third.host, fourth.host)
            result.text =
                (lines ?? [
                    "two more runs with every event kept went alike: what differs comes from outside"
                ]).map { $0 + "\n" }.joined()
        } else if second.text != first.text {
            result.failure = "the second run printed something else"
            let (old, new) = (first.printedLines, second.printedLines)
            let place = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            let line = place ?? min(old.count, new.count)
            result.text = "line \(line + 1) is the first that differs:\n"
            if line < old.count { result.text += "  first:  \(old[line])\n" }
            if line < new.count { result.text += "  second: \(new[line])\n" }
        }
    }

    /// Wall time for the report only.
    private static func microseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
    }
}

/// One run of a script whose output is kept.
struct TestRun {
    let outcome: Outcome
    let fingerprint: UInt64
    let text: String
    /// The world as it was at the end.
    let host: ShellHost
    let warningCount: Int
    let blocks: [TestResult]

    private final class Kept {
        var text = ""
    }

    /// What was printed, line by line.
    var printedLines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// Runs a script; `keepsEvents` keeps the last events of its world.
    init(_ path: String, seed: UInt64?, keepsEvents: Bool = false) {
        let kept = Kept()
        let output = ShellOutput(
            width: { 80 },
            writeOut: { kept.text += $0 },
            writeError: { kept.text += $0 }
        )
        let session = Session(output: output, seed: seed)
        session.setArguments([])
        session.setCall(ProcessCall(first: [TestCall._commandName], rest: [path]))
        session.checksInvariants = true
        session.host.world.isTracing = keepsEvents
        let outcome = session.runFile(path)
        self.outcome = outcome == .finished ? session.checkEnd() : outcome
        host = session.host
        fingerprint = host.world.fingerprint
        text = kept.text
        warningCount = output.warningCount
        blocks = session.testResults
    }
}

extension Outcome {
    fileprivate var isExit: Bool {
        if case .exit = self { return true }
        return false
    }
}
