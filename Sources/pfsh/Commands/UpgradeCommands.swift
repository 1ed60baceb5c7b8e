// Ordering an upgrade: CUCM configures, then triggers.

import Interpreter
import PFSRuntime

enum UpgradeCommands {
    static let group = CommandGroup("Upgrade")
    static let all = [push, pushFile, reset, restart, apply, cancel]

    static let push = Command<ShellHost>(
        "push",
        group: group,
        summary: "Set a load and reset, in one word.",
        .argument("load", help: "a load, or a version that stands for each family's load"),
        .keyword("to", help: "which phones"),
        .option("stagger", help: "the time from one phone's reset to the next"),
        changesWorld: true,
        examples: [Example("push 9.4(2)SR1 to all", setup: WorldCommands.setup)]
    ) {
        (
            host: inout ShellHost,
            load: LoadArgument,
            phones: Located<Selection>,
            stagger: Located<DurationArgument>?
        ) throws(Diagnostic) -> Output in
        try check(stagger, of: phones.node, in: host)
        let names = try SettingsCommands.setLoad(load, on: phones.node.phones, in: host)
        restart(.reset, phones.node, stagger?.node, in: host)
        let who = Counted.text(phones.node.ids.count, "phone")
        let loads = names.isEmpty ? "" : ": " + names.joined(separator: ", ")
        let done = "load and reset of \(who)\(loads)"
        return .lines(
            [done] + notSharing(phones.node.phones, in: host)
                + warnings(of: phones.node.phones, in: host)
        )
    }

    /// What to say of phones that will take every file from the server by themselves: the settings are
    /// off at first, and who forgets them should not have to guess why nothing is shared.
    static func notSharing(_ phones: [PhoneNumber], in host: ShellHost) -> [String] {
        let alone = phones.filter { !host.world.sharingDecision($0).takesPart }
        guard let first = alone.first else { return [] }
        let what =
            switch (alone.count, phones.count) {
            case (_, 1): "it does not share"
            case (phones.count, _): "none of them shares"
            case (1, _): "1 of them does not share"
            default: "\(alone.count) of them do not share"
            }
        return ["\(what) firmware: `show pfs \(host.world.name(of: first))` says why"]
    }

    /// What to say of phones that will not take the load, and of those whose times nobody knows.
    private static func warnings(of phones: [PhoneNumber], in host: ShellHost) -> [String] {
        var lines: [String] = []
        let old = phones.filter { host.world.missingStep(of: $0) != nil }
        if let first = old.first, let step = host.world.missingStep(of: first) {
            lines.append(
                "\(Counted.text(old.count, "phone")) below \(step.runningBelow): the load fails with "
                    + "\"\(step.screenText)\" unless \(step.through) runs in between"
            )
        }
        var names: [String] = []
        for phone in phones {
            let model = host.world.identity(phone).model.model
            guard model.timing == .listedOnly, names.last != model.name,
                !names.contains(model.name)
            else { continue }
            names.append(model.name)
        }
        lines += names.map { "\($0): \(TimingSupport.listedOnly), the times are those of a 7961" }
        return lines
    }

    static let reset = restarting(
        "reset",
        .reset,
        "Restart phones, so that they read their configuration and fetch the load that it names."
    )

    static let restart = restarting(
        "restart",
        .restart,
        "Restart phones without asking for an address again; here the same as reset."
    )

    private static func restarting(
        _ name: String,
        _ kind: RestartKind,
        _ summary: String
    ) -> Command<ShellHost> {
        Command(
            name,
            group: group,
            summary: summary,
            discussion: "Several phones restart within a random second, unless `stagger` is given.",
            .argument("phones", help: "which phones"),
            .option("stagger", help: "the time from one phone to the next"),
            changesWorld: true,
            mayBeAbbreviated: false,
            examples: [Example("\(name) P1..P3", setup: WorldCommands.setup)]
        ) {
            (host: inout ShellHost, phones: Selection, stagger: Located<DurationArgument>?)
                throws(Diagnostic) -> Output in
            try check(stagger, of: phones, in: host)
            restart(kind, phones, stagger?.node, in: host)
            return .none
        }
    }

    /// Refuses a stagger that would have phones restart in the past or after the end of the clock.
    static func check(
        _ stagger: Located<DurationArgument>?,
        of phones: Selection,
        in host: ShellHost
    ) throws(Diagnostic) {
        guard let stagger else { return }
        let length = Interval(nanoseconds: stagger.node.nanoseconds)
        guard length >= .zero else {
            throw Diagnostic("time does not run backwards", at: stagger.range)
        }
        let last = host.world.lastRestart(of: phones.ids.count, stagger: length)
        guard last != nil else {
            throw Diagnostic(
                "the last of these phones would restart after the end of the world's clock, "
                    + "100 years",
                at: stagger.range
            )
        }
    }

    static func restart(
        _ kind: RestartKind,
        _ phones: Selection,
        _ stagger: DurationArgument?,
        in host: ShellHost
    ) {
        if stagger != nil, phones.ids.count > 1 {
            host.output.report(
                Diagnostic.warning("phones that are reset one after the other share little")
            )
        }
        host.world.restart(
            kind,
            phones.phones,
            stagger: stagger.map { Interval(nanoseconds: $0.nanoseconds) }
        )
    }

    static let apply = Command<ShellHost>(
        "apply",
        group: group,
        summary: "Make phones read their configuration again and do only what is needed.",
        discussion: "A phone that finds a new load restarts; one in the middle of an upgrade takes "
            + "a change of peer firmware sharing over at its next file.",
        .argument("phones", help: "which phones"),
        changesWorld: true,
        examples: [Example("apply all", setup: WorldCommands.setup)]
    ) { (host: inout ShellHost, phones: Selection) throws(Diagnostic) -> Output in
        let restarting = host.world.applyConfiguration(phones.phones)
        return .lines(["\(restarting.count) of \(phones.ids.count) restart"])
    }

    static let cancel = Command<ShellHost>(
        "cancel",
        group: group,
        summary: "Call upgrades off; the phones keep the load that they run.",
        .argument("phones", help: "which phones"),
        changesWorld: true,
        mayBeAbbreviated: false,
        examples: [
            Example("cancel P1", setup: WorldCommands.setup + ["push 9.4(2)SR1 to all", "run 5s"])
        ]
    ) { (host: inout ShellHost, phones: Selection) throws(Diagnostic) -> Output in
        let cancelled = host.world.cancel(phones.phones)
        return .lines(["\(cancelled.count) of \(phones.ids.count) were upgrading"])
    }
}
