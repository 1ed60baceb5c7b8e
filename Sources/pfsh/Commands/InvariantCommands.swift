// The rules that nothing may break: looking after them, looking at them, and checking all of them now.

import Interpreter
import PFSRuntime

enum InvariantCommands {
    static let all = [invariants, show, expect]

    static let invariants = Command<ShellHost>(
        "invariants",
        group: CommandGroup("Check"),
        summary: "Look after the rules that nothing may break, or do not.",
        discussion: "A broken one stops the run and names the rule, the phone, the time and the "
            + "seed; nothing happens in that world any more until they are off. They are off "
            + "unless a script runs under `pfsh test` or `pfsh storm`, and change nothing that "
            + "happens. `show invariants` lists them.",
        .argument("on", help: "on or off"),
        changesWorld: true,
        examples: [Example("invariants on")]
    ) { (host: inout ShellHost, isOn: Bool) -> Output in
        host.world.checksInvariants = isOn
        return .none
    }

    static let show = Command<ShellHost>(
        "show invariants",
        group: ShowCommands.group,
        summary:
            "Show the rules that nothing may break, when each is looked at and how well known.",
        examples: [Example("show invariants", setup: ["invariants on"])]
    ) { (host: inout ShellHost) -> Output in
        var table = Table(columns: columns)
        for invariant in Invariant.allCases {
            table.append([
                .string(invariant.name), .string(invariant.occasion.rawValue),
                .string(invariant.mark.description), .string(invariant.rule),
            ])
        }
        table.footer = footer(host.world)
        return .table(table)
    }.giving(columns)

    private static let columns = [
        Table.Column("name"), Table.Column("looked"), Table.Column("mark"), Table.Column("rule"),
    ]

    private static func footer(_ world: World) -> String {
        guard world.checksInvariants else { return "off: `invariants on` looks after them" }
        if let broken = world.brokenInvariant { return "broken: \(world.text(broken))" }
        let counts = world.invariantCounts
        let seconds = Counted.text(counts.secondRoots, "second root")
        return "on: \(counts.checks) looks, none broken; \(seconds) by a loss or falling back"
    }

    static let expect = Command<ShellHost>(
        "expect invariants",
        group: CommandGroup("Check"),
        summary: "Check every rule in every phone, now.",
        discussion: "While time passes only what an event touches is looked at. When no phone has "
            + "anything to do, this also looks for what should be gone.",
        examples: [Example("expect invariants", setup: ["invariants on"])]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        guard host.world.checksInvariants else {
            throw Diagnostic("nobody has looked so far: `invariants on` before time moves")
        }
        if let broken = host.world.checkInvariants() {
            throw InvariantText.diagnostic(broken, in: host)
        }
        return .none
    }
}

/// What is said of a broken invariant.
enum InvariantText {
    /// The rule, what was seen of whom and when, and the seed: a failed expectation.
    static func diagnostic(_ broken: BrokenInvariant, in host: ShellHost) -> Diagnostic {
        Diagnostic(
            "invariant \(host.world.text(broken))",
            kind: .failedExpectation,
            notes: [
                Diagnostic.Note("the rule: \(broken.invariant.rule)"),
                Diagnostic.Note(
                    "at \(host.displayTime(broken.time.nanoseconds)), seed \(broken.seed)"
                ),
            ]
        )
    }
}
