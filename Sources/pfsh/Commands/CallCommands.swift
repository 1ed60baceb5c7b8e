// What people do at their phones: calls, which delay a reset, and the factory reset.

import Interpreter
import PFSRuntime

enum CallCommands {
    static let all = [busy, factoryReset]

    private static let calling = WorldCommands.setup + ["busy P1 for 10m"]

    static let busy = Command<ShellHost>(
        "busy",
        group: UpgradeCommands.group,
        summary: "Put phones into a call, which delays their resets to its end.",
        discussion:
            "`busy 10% of all for 30m` takes a share of them, drawn by the seed. Who is in a "
            + "call already has it last so long from now on. A phone that fetches firmware or "
            + "reboots can take no call.",
        .argument("phones", help: "which phones"),
        .keyword("for", help: "how long the call lasts"),
        changesWorld: true,
        examples: [
            Example("busy P1 for 10m", setup: WorldCommands.setup),
            Example("busy 50% of all for 1h", setup: WorldCommands.setup),
        ]
    ) {
        (
            host: inout ShellHost,
            phones: Located<Selection>,
            length: Located<DurationArgument>
        ) throws(Diagnostic) -> Output in
        guard length.node.nanoseconds > 0 else {
            throw Diagnostic("a call lasts longer than no time", at: length.range)
        }
        let world = host.world
        try refusing(at: phones.range) { () throws(WorldError) in
            try world.beginCalls(
                phones.node.phones,
                lasting: Interval(nanoseconds: length.node.nanoseconds)
            )
        }
        return .none
    }.undone(
        by: Command(
            "busy",
            group: UpgradeCommands.group,
            summary: "End the calls of phones; a reset that waited comes at once.",
            .argument("phones", help: "which phones"),
            changesWorld: true,
            examples: [Example("no busy P1", setup: calling)]
        ) { (host: inout ShellHost, phones: Selection) throws(Diagnostic) -> Output in
            let ended = host.world.endCalls(phones.phones)
            return .lines(["\(ended) of \(phones.ids.count) were in a call"])
        }
    )

    static let factoryReset = Command<ShellHost>(
        "factory-reset",
        group: UpgradeCommands.group,
        summary: "Have phones lose firmware and configuration, and begin with their model's load.",
        discussion: "Each asks the server for the load of its model that has a fixed name, such as "
            + "term61.default, takes it by itself, boots, and then reads its configuration. Where no "
            + "load of that name is known, the server has one with the components of the device "
            + "default, or else of the load that the phone runs; `firmware define` makes another.",
        .argument("phones", help: "which phones"),
        changesWorld: true,
        mayBeAbbreviated: false,
        examples: [Example("factory-reset P1", setup: WorldCommands.setup)]
    ) { (host: inout ShellHost, phones: Located<Selection>) throws(Diagnostic) -> Output in
        let world = host.world
        try refusing(at: phones.range) { () throws(WorldError) in
            try world.factoryReset(phones.node.phones)
        }
        let loads = phones.node.phones.compactMap {
            world.identity($0).model.model.factoryLoad?.text
        }
        var names: [String] = []
        for load in loads where !names.contains(load) { names.append(load) }
        let who = Counted.text(phones.node.ids.count, "phone")
        return .lines(["factory reset of \(who): \(names.joined(separator: ", "))"])
    }
}
