// Comparing the ways to distribute firmware: each is tried on a copy of the present world, which
// itself stays as it is.

import Interpreter
import PFSRuntime

enum CompareCommands {
    static let all = [compare]

    static let compare = Command<ShellHost>(
        "compare",
        group: UpgradeCommands.group,
        summary: "Try an upgrade by each method on copies of the world, and compare them.",
        discussion: "The methods are traditional TFTP, a Load Server at each site, and peer "
            + "firmware sharing; this world stays as it is. Times count from the order, or from "
            + "the beginning of the window, until a phone runs its load. `server` counts transfers "
            + "from servers, `peak` is the most that a site's WAN link carried, `out` how long a "
            + "phone was out of service on average; as JSON and CSV there are more columns. "
            + "Efficiency is the time of one copy over the WAN, which a Load Server does not need, "
            + "and of the best spreading on the LAN, by the time taken. Phones that cannot share "
            + "fetch by TFTP. A site without a server gets one as its Load Server.",
        .argument("load", help: "a load, or a version that stands for each family's load"),
        .keyword("to", help: "which phones"),
        .option("window", help: "from when to when it may take place, such as 22:00-06:00"),
        .option("methods", help: "which methods; all if not given"),
        examples: [
            Example("compare 9.4(2)SR1 to all", setup: WorldCommands.setup),
            Example(
                "compare 9.4(2)SR1 to all window 22:00-06:00 methods traditional,pfs",
                setup: WorldCommands.setup
            ),
        ]
    ) {
        (
            host: inout ShellHost,
            load: LoadArgument,
            phones: Located<Selection>,
            window: Located<WindowArgument>?,
            methods: [DistributionMethod]?
        ) throws(Diagnostic) -> Output in
        let choice: LoadChoice =
            switch try load.meaning(in: host) {
            case .load(let id): .load(id)
            case .version(let version): .version(version)
            }
        let begin = try window.map { (window) throws(Diagnostic) in
            Instant(nanoseconds: try host.nextTime(ofDay: window.node.begin.description))
        }
        warnOfUnusedLinks(in: host)
        var results: [ComparedMethod] = []
        for method in DistributionMethod.allCases where methods?.contains(method) ?? true {
            let world = host.world
            let trial = try refusing(at: load.range) { () throws(WorldError) in
                try MethodTrial(
                    method,
                    of: world,
                    choice,
                    on: phones.node.phones,
                    begin: begin ?? world.now
                )
            }
            guard !trial.phones.isEmpty else {
                throw Diagnostic("all of these phones run the load already", at: phones.range)
            }
            try host.run(trial)
            results.append(ComparedMethod(result: trial.result, optimum: trial.optimum))
        }
        return .table(MethodTable.table(results, window: window?.node.length))
    }
}

extension CompareCommands {
    /// Warns of WAN links behind which nobody is: they cannot show in any figure.
    private static func warnOfUnusedLinks(in host: ShellHost) {
        let world = host.world
        var isUsed = Array(repeating: false, count: world.siteNames.count)
        for phone in world.phones {
            isUsed[world.subnetDetails(world.subnet(of: phone)).site] = true
        }
        for (site, name) in world.siteNames.enumerated()
        where !isUsed[site] && world.siteDetails(site).wan != nil {
            host.output.report(
                Diagnostic.warning("nobody uses the WAN link of `\(name)`: it has no phones")
            )
        }
    }
}

/// What a trial gave, with what it could not have fallen below.
struct ComparedMethod {
    let result: MethodResult
    let optimum: UpgradeOptimum

    /// The optimum by the time taken, in parts per million, to a tenth of a percent; nil where not
    /// all phones are done.
    var efficiency: Int64? {
        result.time(ofPercent: 100)
            .flatMap { optimum.efficiencyPartsPerMillion(measured: $0) }
            .map { ($0 + 500) / 1_000 * 1_000 }
    }
}

extension ShellHost {
    /// Lets a trial come to its end; this world stays as it is.
    mutating func run(_ trial: MethodTrial) throws(Diagnostic) {
        var progress = ProgressLine(
            isOn: isInteractive,
            output: output,
            goal: .unknown,
            world: trial.world
        )
        defer { progress.end() }
        while !trial.run(budget: Self.pieceEvents) {
            guard !isInterrupted else {
                throw Diagnostic(
                    "stopped while \(trial.method.rawValue) was tried; this world is as it was",
                    kind: .interrupted
                )
            }
            let time = Elapsed.text(trial.world.now)
            progress.show(trial.world, "\(trial.method.rawValue) \(time)")
        }
    }
}

/// A span of the day, such as a maintenance window: `22:00-06:00`.
struct WindowArgument: ArgumentType {
    let begin: TimeOfDay
    /// From its beginning to its end; a day when both are the same.
    let length: Interval

    static var argumentKind: ArgumentKind {
        .word("FROM-TO", phrase: "a window such as 22:00-06:00")
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> WindowArgument {
        let parts = argument.text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`")
        }
        do throws(TimeOfDayError) {
            let begin = try TimeOfDay(parts[0])
            let end = try TimeOfDay(parts[1])
            let ahead = end.microseconds - begin.microseconds
            let length = ahead > 0 ? ahead : ahead + TimeOfDay.microsecondsPerDay
            return WindowArgument(begin: begin, length: .microseconds(length))
        } catch {
            throw argument.error(error.description, hints: ["a window is such as 22:00-06:00"])
        }
    }
}
