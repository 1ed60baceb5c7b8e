// `pfsh storm`: many small worlds in which much goes wrong, each drawn from a seed, and every invariant
// looked after in all of them. Decides what is run, what is said, and the status.

import ArgumentParser
import Glibc
import Interpreter
import NetIO
import PFSRuntime

/// The call `pfsh storm`.
struct StormCall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storm",
        _superCommandName: "pfsh",
        abstract: "Let much go wrong in many worlds, and look for a broken invariant.",
        discussion: """
            Each seed stands for a world, a random subset of mishaps and their times; then all is \
            healed and has to come to an end. A seed that breaks an invariant is named, and --script \
            prints it as a script. Planted defects are looked for as well: a storm that misses one \
            fails. Status 0 if nothing failed, 1 if something did.
            """
    )

    @ArgumentParser.Argument(
        help: "A script to storm, in place of worlds made up.",
        completion: .file(extensions: ["pfsh"])
    )
    var file: String?

    @Option(help: ArgumentHelp("Phones in each world that is made up.", valueName: "n"))
    var phones = 20

    @Option(help: ArgumentHelp("How many seeds.", valueName: "n"))
    var runs = 1_000

    @Option(help: ArgumentHelp("The first seed.", valueName: "seed"))
    var first: UInt64 = 1

    @Option(
        help: ArgumentHelp("Runs at the same time; all processors if not given.", valueName: "n")
    )
    var jobs: Int?

    @Option(
        help: ArgumentHelp("Keep the scripts of failing seeds in a folder.", valueName: "folder"),
        completion: .directory
    )
    var corpus: String?

    @Option(
        help: ArgumentHelp("Plant one defect in every world, and look for it.", valueName: "defect")
    )
    var plant: String?

    @Flag(help: "Do not look for the planted defects.")
    var noPlanted = false

    @Flag(help: "Print the script of the first seed and its settings, and run nothing.")
    var script = false

    @Flag(help: .hidden)
    var worker = false

    func validate() throws {
        if let jobs, !(1...1_024).contains(jobs) {
            throw ValidationError("--jobs is 1 to 1024, not \(jobs)")
        }
        guard (1...StormPlan.phoneLimit).contains(phones) else {
            throw ValidationError("--phones is 1 to \(StormPlan.phoneLimit), not \(phones)")
        }
        guard (1...StormPlan.runLimit).contains(runs) else {
            throw ValidationError("--runs is 1 to \(StormPlan.runLimit), not \(runs)")
        }
        if let plant, PlantedDefect.named(plant) == nil {
            let names = PlantedDefect.allCases.map(\.name).joined(separator: ", ")
            throw ValidationError("--plant: no defect is called \(plant); they are \(names)")
        }
        guard first <= UInt64.max - UInt64(runs) else {
            throw ValidationError("--first: there are not so many seeds behind \(first)")
        }
    }

    /// Storms; answers the status.
    func status() -> Int32 {
        let output = ShellOutput.standard(.auto)
        do throws(Diagnostic) {
            let plan = try StormPlan(
                file: file,
                phones: phones,
                first: first,
                planted: plant.flatMap { PlantedDefect.named($0) }
            )
            if script {
                output.print(["# \(plan.text(0))"])
                output.print([String(plan.script(0).dropLast())])
                return 0
            }
            if worker {
                let run = StormRun()
                return SweepWorker(count: runs) { number in
                    run.outcome(of: plan.script(number))?.line
                }.serve()
            }
            signal(SIGPIPE, SIG_IGN)
            return try storm(plan, output)
        } catch {
            output.report(error)
            guard error.kind == .interrupted else { return error.kind.exitStatus }
            return Interrupt.isTerminated ? 143 : error.kind.exitStatus
        }
    }

    private func storm(_ plan: StormPlan, _ output: ShellOutput) throws(Diagnostic) -> Int32 {
        let corpus = try corpus.map { (path) throws(Diagnostic) in try StormCorpus(path) }
        let pool = WorkerPool(
            workerArguments: workerArguments,
            jobs: jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            stopped: "stopped"
        )
        var report = StormReport(plan: plan, runs: runs)
        var progress = SweepProgress(done: 0, of: runs, output: output)
        try pool.run(
            Array(0..<runs),
            take: { (number, answer) throws(Diagnostic) in
                let outcome = Self.outcome(answer)
                report.take(number, outcome)
                guard outcome.reason != nil else { return }
                progress.end()
                output.print(report.failure(number, outcome))
                try corpus?.keep(plan, number, outcome)
            },
            pause: { () throws(Diagnostic) in
                progress.show(done: report.doneCount, failed: report.failedCount)
                if output.failure.errorNumber != nil {
                    throw Diagnostic("standard output cannot be written", kind: .outside)
                }
            }
        )
        progress.end()
        output.print(report.lines)
        var status: Int32 = report.failedCount == 0 ? 0 : 1
        if plant == nil, !noPlanted, file == nil {
            let finds = try PlantedHunt(phones: phones, first: first).finds()
            output.print(finds.map(\.text))
            if finds.contains(where: { $0.found == nil }) { status = 1 }
        }
        return status
    }

    private static func outcome(_ answer: WorkerPool.Answer) -> StormOutcome {
        switch answer {
        case .line(let line):
            if let outcome = StormOutcome(line: line) { return outcome }
            var outcome = StormOutcome()
            outcome.reason = StormOutcome.lost
            outcome.message = "a worker answered something else than a line of a storm"
            return outcome
        case .lost(let reason):
            var outcome = StormOutcome()
            outcome.reason = StormOutcome.lost
            outcome.message = reason
            return outcome
        }
    }

    /// The same call as a worker.
    private var workerArguments: [String] {
        var words = ["storm", "--worker", "--phones", "\(phones)", "--runs", "\(runs)"]
        words += ["--first", "\(first)"]
        if let plant { words += ["--plant", plant] }
        if let file { words += ["--", file] }
        return words
    }
}
