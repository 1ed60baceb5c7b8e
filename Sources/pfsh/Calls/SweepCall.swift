// `pfsh sweep`: one script with many seeds and values of its parameters, on all processors, as one line
// of JSON for each run. Decides what is run, what goes where, and the status.

import ArgumentParser
import Glibc
import Interpreter

/// The call `pfsh sweep`.
struct SweepCall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        _superCommandName: "pfsh",
        abstract: "Run a script with many seeds and parameters.",
        discussion: """
            Writes one line of JSON for each run: its parameters and seed, how it ended, its \
            fingerprint and its results. With --out it goes on where an earlier call was stopped.
            """
    )

    @ArgumentParser.Argument(help: "The script.", completion: .file(extensions: ["pfsh"]))
    var file: String

    @Option(help: ArgumentHelp("The seeds, such as 1-1000 or 1,2,5.", valueName: "seeds"))
    var seeds = "1"

    @Option(
        name: .customLong("set"),
        parsing: .singleValue,
        help: ArgumentHelp(
            "Values of a parameter of the script; once for each parameter.",
            valueName: "name=value,value"
        )
    )
    var settings: [String] = []

    @Option(
        help: ArgumentHelp("Runs at the same time; all processors if not given.", valueName: "n")
    )
    var jobs: Int?

    @Option(
        help: ArgumentHelp("Write the lines to a file, and go on with it.", valueName: "file"),
        completion: .file(extensions: ["jsonl"])
    )
    var out: String?

    @Option(
        help: ArgumentHelp(
            "Run one of several equal parts, such as 2/3; one behind the other they are the whole.",
            valueName: "part/parts"
        )
    )
    var part: String?

    @Flag(help: .hidden)
    var worker = false

    func validate() throws {
        if let jobs, !(1...1_024).contains(jobs) {
            throw ValidationError("--jobs is 1 to 1024, not \(jobs)")
        }
    }

    /// Sweeps; answers 0, the gravest status of the runs, 2 if the call is wrong, 3 if a file cannot be
    /// read or written or a run was lost, 130 or 143 if it was stopped.
    func status() -> Int32 {
        let output = ShellOutput.standard(.auto)
        do throws(Diagnostic) {
            let grid = try SweepGrid(settings: settings, seeds: seeds)
            let source = try ScriptFile.read(file)
            let script = SweepLine(path: file, source: source)
            if worker {
                return SweepWorker(count: grid.count) { script.line(grid.run($0)) }.serve()
            }
            guard try isSound(source, grid, output) else { return 2 }
            signal(SIGPIPE, SIG_IGN)
            return try sweep(grid, script, output)
        } catch {
            output.report(error)
            guard error.kind == .interrupted else { return error.kind.exitStatus }
            return Interrupt.isTerminated ? 143 : error.kind.exitStatus
        }
    }

    /// Whether the script has no errors, which are reported.
    private func isSound(
        _ source: SourceText,
        _ grid: SweepGrid,
        _ output: ShellOutput
    ) throws(Diagnostic) -> Bool {
        let session = Session(output: output)
        let found = session.check(source).diagnostics
        for diagnostic in found { output.report(diagnostic) }
        guard !found.contains(where: { $0.severity == .error }) else { return false }
        try grid.check(against: session.parameters(of: source))
        return true
    }

    private func sweep(
        _ grid: SweepGrid,
        _ script: SweepLine,
        _ output: ShellOutput
    ) throws(Diagnostic) -> Int32 {
        var range = 0..<grid.count
        if let part { range = try grid.part(part) }
        let lines = try SweepLines(of: range, grid: grid, script: script, file: out, output: output)
        let runner = SweepRunner(
            grid: grid,
            script: script,
            workerArguments: workerArguments,
            jobs: jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        )
        var progress = SweepProgress(done: lines.doneCount, of: range.count, output: output)
        let missing = lines.missing
        var failure: Diagnostic?
        do throws(Diagnostic) {
            try runner.run(
                missing,
                take: { (number, line) throws(Diagnostic) in try lines.take(number, line) },
                pause: { () throws(Diagnostic) in
                    progress.show(done: lines.doneCount, failed: lines.failedCount)
                    if let number = output.failure.errorNumber { throw Self.unread(number) }
                }
            )
        } catch {
            failure = error
        }
        progress.end()
        try lines.finish()
        if let failure {
            guard output.failure.errorNumber == nil else {
                output.reportFailure()
                return 3
            }
            throw failure
        }
        lines.reportFailures()
        return lines.status
    }

    private static func unread(_ number: Int32) -> Diagnostic {
        Diagnostic("standard output cannot be written", kind: .outside)
    }

    /// The same call as a worker; where the lines go does not concern it.
    private var workerArguments: [String] {
        ["sweep", "--worker", "--seeds", seeds] + settings.flatMap { ["--set", $0] } + ["--", file]
    }
}
