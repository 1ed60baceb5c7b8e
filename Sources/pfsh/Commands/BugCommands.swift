// The gallery of known bugs: switching them on and off, for all phones or for some, and looking at them.

import Interpreter
import PFSRuntime

enum BugCommands {
    static let all = [bug, show]

    private static let discussion =
        "Only the headlines are public: what a bug does here is modelled, and `show bugs` says it. A bug "
        + "bites only phones of its models, and only under the CUCM that its headline names. `in` names "
        + "phones; without it all are meant, those made later too. Phones do otherwise from their next "
        + "restart on. `no bug` puts a bug back to what a world begins with: all are off but CSCud66570."

    static let bug = Command<ShellHost>(
        "bug",
        group: FaultCommands.group,
        summary: "Switch a known bug on, or off.",
        discussion: discussion,
        .argument("bug", help: "its id"),
        .flag("off", help: "switch it off"),
        .option("in", help: "which phones; all if not given"),
        changesWorld: true,
        mayBeAbbreviated: false,
        examples: [
            Example("bug CSCus67416 in P2", setup: WorldCommands.setup),
            Example("bug CSCud66570 off"),
        ]
    ) {
        (
            host: inout ShellHost,
            bug: Located<BugArgument>,
            isOff: Bool,
            within: Located<Selection>?
        ) throws(Diagnostic) -> Output in
        try set(bug.node.bug, !isOff, within, in: host)
        if !isOff { warn(bug, in: host) }
        return .none
    }.undone(
        by: Command(
            "bug",
            group: FaultCommands.group,
            summary: "Put a known bug back to what a world begins with.",
            .argument("bug", help: "its id"),
            .option("in", help: "which phones; all if not given"),
            changesWorld: true,
            mayBeAbbreviated: false,
            examples: [Example("no bug CSCus67416", setup: ["bug CSCus67416"])]
        ) {
            (host: inout ShellHost, bug: BugArgument, within: Located<Selection>?)
                throws(Diagnostic) -> Output in
            try set(bug.bug, nil, within, in: host)
            return .none
        }
    )

    private static func set(
        _ bug: KnownBug,
        _ isOn: Bool?,
        _ within: Located<Selection>?,
        in host: ShellHost
    ) throws(Diagnostic) {
        let world = host.world
        try refusing(at: within?.range) { () throws(WorldError) in
            try world.setBug(bug, isOn, on: within?.node.phones)
        }
    }

    /// Warns of a bug that does nothing under the present CUCM.
    private static func warn(_ bug: Located<BugArgument>, in host: ShellHost) {
        guard let versions = bug.node.bug.declaration.cucm, !versions.contains(host.world.cucm)
        else { return }
        host.output.report(
            Diagnostic.warning(
                "\(bug.node.bug.id) is about CUCM \(KnownBugsTable.versions(versions)): nothing comes "
                    + "of it under \(host.world.cucm)",
                at: bug.range
            )
        )
    }

    static let columns = [
        Table.Column("bug"), Table.Column("on"), Table.Column("models"),
        Table.Column("headline"), Table.Column("cucm", use: .data),
        Table.Column("mechanism", use: .data), Table.Column("mark", use: .data),
        Table.Column("script", use: .data),
    ]

    static let show = Command<ShellHost>(
        "show bugs",
        group: ShowCommands.group,
        summary: "List the known bugs and for whom they are on, or one of them in full.",
        discussion: "JSON and CSV have the modelled mechanism and the script of each.",
        .optional("bug", help: "one of them"),
        examples: [Example("show bugs"), Example("show bugs CSCus67416")]
    ) { (host: inout ShellHost, one: BugArgument?) throws(Diagnostic) -> Output in
        var table = Table(columns: columns)
        for bug in KnownBug.allCases where one == nil || one?.bug == bug {
            let declaration = bug.declaration
            table.append([
                .string(bug.id), .string(standing(bug, in: host.world)),
                .string(declaration.models.description), .string(declaration.headline),
                .string(KnownBugsTable.versions(declaration.cucm)),
                .string(declaration.mechanism), .string("\(Mark.modelled)"),
                .string(bug.script),
            ])
        }
        if let bug = one?.bug {
            let declaration = bug.declaration
            table.footer = [
                "headline: \(declaration.headline) [attested]",
                "CUCM: \(KnownBugsTable.versions(declaration.cucm))",
                "here: \(declaration.mechanism) [modelled]", "script: \(bug.script)",
            ].flatMap { WhyAnswer.wrapped($0) }.joined(separator: "\n")
        }
        return .table(table)
    }.giving(columns)

    /// For whom a bug is on, in a few words.
    private static func standing(_ bug: KnownBug, in world: World) -> String {
        let isOn = world.bugSwitches.common[bug]
        let others = world.bugSwitches.exceptions(bug).filter { world.state($0) != .removed }
        guard !others.isEmpty else { return isOn ? "all" : "no" }
        let names = SelectorText(world).text(others.map { world.name(of: $0) })
        return isOn ? "all but \(names)" : names
    }

    /// The switches that stand otherwise than at first, as commands: those for all phones.
    static func commonCommands(of world: World) -> [String] {
        KnownBug.allCases.compactMap { bug in
            let isOn = world.bugSwitches.common[bug]
            guard isOn != bug.declaration.isOnAtFirst else { return nil }
            return "bug \(bug.id)" + (isOn ? "" : " off")
        }
    }
}

/// A known bug by its id.
struct BugArgument: ArgumentType {
    let bug: KnownBug

    static var argumentKind: ArgumentKind {
        .choice(
            "BUG",
            KnownBug.allCases.map { Choice($0.id, help: $0.declaration.short) },
            phrase: "a known bug such as CSCus67416"
        )
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> BugArgument {
        guard let bug = KnownBug.named(argument.text) else {
            throw argument.error("there is no known bug `\(argument.text)`")
        }
        return BugArgument(bug: bug)
    }
}
