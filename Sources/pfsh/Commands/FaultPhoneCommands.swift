// Faults of phones, of their flash, of servers, and hostile peers, made from what the runtime declares of
// the kinds.

import Interpreter
import PFSRuntime

extension FaultCommands {
    static let ofPhones: [Command<ShellHost>] = [
        phones(.isolate, .isolate, "fault isolate P1..P3"),
        phones(.unauthorised, .unauthorised, "fault unauthorised P2 for 40s"),
        duplicateAddress, crash,
        phones(.freeze, .freeze, "fault freeze P1 for 4s"), thaw,
        momentary(.reboot, .reboot, "fault reboot P1"), clockDrift,
    ]

    static let ofFlash: [Command<ShellHost>] = [
        flash(.powerLoss, .powerLoss, "fault power-loss P1 file 2 for 1m"),
        flash(.diskFull, .diskFull, "fault disk-full P2"),
        slowDisk,
        flash(.corruptBlock, .corruptBlock, "fault corrupt-block P1 chance 30%"),
    ]

    static let ofServers: [Command<ShellHost>] = [
        servers(.serverDown, .serverDown, "fault server-down tftp1 for 2m"),
        serverSlow,
        servers(.serverFull, .serverFull, "fault server-full tftp1 for 1m"),
        fetches(.wrongFile, .wrongFile, "fault wrong-file tftp1 file 2 nth 1"),
        fetches(.truncatedFile, .truncatedFile, "fault truncated-file tftp1 chance 20%"),
    ]

    static let ofHostilePeers: [Command<ShellHost>] = [
        phones(.forgedClaims, .forgedClaims, "fault forged-claims P3 for 1m"),
        phones(.endlessOffers, .endlessOffers, "fault endless-offers P3 for 1m"),
        phones(.wrongBytes, .wrongBytes, "fault wrong-bytes P1"),
        phones(.stalledTransfer, .stalledTransfer, "fault stalled-transfer P1"),
    ]

    // MARK: Phones

    private static func phones(
        _ kind: FaultKind,
        _ fault: Fault,
        _ example: String
    ) -> Command<ShellHost> {
        Command(
            "fault \(kind.rawValue)",
            group: group,
            summary: summary(kind),
            discussion: kind.declaration.effect + " " + discussion,
            .argument("phones", help: "which phones"),
            .option("for", help: "how long; until `heal` if not given"),
            changesWorld: true,
            examples: [Example(example, setup: WorldCommands.setup)]
        ) {
            (host: inout ShellHost, phones: Selection, length: Located<DurationArgument>?)
                throws(Diagnostic) -> Output in
            try inject(fault, FaultScope(place: .phones(phones.set)), length, in: host)
        }
    }

    private static let crash = Command<ShellHost>(
        "fault crash",
        group: group,
        summary: summary(.crash),
        discussion:
            "With `heal`, or at the end of `for`, the power comes back and the phone starts "
            + "anew. " + FaultKind.crash.declaration.effect + " " + discussion,
        .argument("phones", help: "which phones"),
        .flag("keep-flash", help: "what was written of a new load stays"),
        .option("for", help: "how long; until `heal` if not given"),
        changesWorld: true,
        examples: [
            Example("fault crash P1 for 30s", setup: WorldCommands.setup),
            Example("fault crash P1 keep-flash for 30s", setup: WorldCommands.setup),
        ]
    ) {
        (
            host: inout ShellHost,
            phones: Selection,
            keepsFlash: Bool,
            length: Located<DurationArgument>?
        ) throws(Diagnostic) -> Output in
        let scope = FaultScope(place: .phones(phones.set))
        return try inject(.crash(keepsFlash: keepsFlash), scope, length, in: host)
    }

    private static let duplicateAddress = Command<ShellHost>(
        "fault duplicate-address",
        group: group,
        summary: summary(.duplicateAddress),
        discussion: FaultKind.duplicateAddress.declaration.effect + " " + discussion,
        .argument("phones", help: "which phones"),
        .option("chance", help: "how much goes to the other device; 50% if not given"),
        .option("for", help: "how long; until `heal` if not given"),
        changesWorld: true,
        examples: [Example("fault duplicate-address P2 for 1m", setup: WorldCommands.setup)]
    ) {
        (
            host: inout ShellHost,
            phones: Selection,
            chance: Located<PercentArgument>?,
            length: Located<DurationArgument>?
        ) throws(Diagnostic) -> Output in
        var scope = FaultScope(place: .phones(phones.set))
        scope.chancePartsPerMillion = FaultScope.wholeChance / 2
        try FaultChoiceArguments(chance: chance).apply(to: &scope)
        return try inject(.duplicateAddress, scope, length, in: host)
    }

    private static let clockDrift = Command<ShellHost>(
        "fault clock-drift",
        group: group,
        summary: summary(.clockDrift),
        discussion: FaultKind.clockDrift.declaration.effect + " " + discussion,
        .argument("number", help: FaultKind.clockDrift.declaration.parameter ?? "how much"),
        .argument("phones", help: "which phones"),
        .flag("slow", help: "slow, not fast"),
        .option("for", help: "how long; until `heal` if not given"),
        changesWorld: true,
        examples: [Example("fault clock-drift 50000 P1 slow for 1m", setup: WorldCommands.setup)]
    ) {
        (
            host: inout ShellHost,
            number: Located<Int>,
            phones: Selection,
            isSlow: Bool,
            length: Located<DurationArgument>?
        ) throws(Diagnostic) -> Output in
        // Only then can it be turned round.
        guard World.clockDriftLimits.contains(number.node) else {
            throw Diagnostic("a clock is wrong by 1 to 500000 parts per million", at: number.range)
        }
        let fault = Fault.clockDrift(isSlow ? -number.node : number.node)
        let scope = FaultScope(place: .phones(phones.set))
        return try inject(fault, scope, length, in: host)
    }

    private static func momentary(
        _ kind: FaultKind,
        _ fault: Fault,
        _ example: String
    ) -> Command<ShellHost> {
        Command(
            "fault \(kind.rawValue)",
            group: group,
            summary: summary(kind),
            .argument("phones", help: "which phones"),
            changesWorld: true,
            examples: [Example(example, setup: WorldCommands.setup)]
        ) { (host: inout ShellHost, phones: Selection) throws(Diagnostic) -> Output in
            try inject(fault, FaultScope(place: .phones(phones.set)), nil, in: host)
        }
    }

    private static let thaw = Command<ShellHost>(
        "fault thaw",
        group: group,
        summary: "Let phones that hang go on.",
        .argument("phones", help: "which phones"),
        changesWorld: true,
        examples: [Example("fault thaw P1", setup: WorldCommands.setup + ["fault freeze P1"])]
    ) { (host: inout ShellHost, phones: Located<Selection>) throws(Diagnostic) -> Output in
        let world = host.world
        let set = phones.node.set
        var numbers: [Int] = []
        for fault in world.faults where fault.fault == .freeze {
            guard case .phones(let frozen) = fault.scope.place,
                frozen.phones.contains(where: { set.contains($0) })
            else { continue }
            guard frozen.phones.allSatisfy({ set.contains($0) }) else {
                throw Diagnostic(
                    "fault \(fault.number) has other phones hang too: `heal \(fault.number)` "
                        + "lets all of them go on",
                    at: phones.range
                )
            }
            numbers.append(fault.number)
        }
        guard !numbers.isEmpty else {
            throw Diagnostic("none of these phones hangs", at: phones.range)
        }
        for number in numbers { world.heal(number) }
        return .none
    }

    // MARK: Flash

    private static func flash(
        _ kind: FaultKind,
        _ fault: Fault,
        _ example: String
    ) -> Command<ShellHost> {
        Command(
            "fault \(kind.rawValue)",
            group: group,
            summary: summary(kind),
            discussion: kind.declaration.effect + " " + discussion,
            .argument("phones", help: "which phones"),
            .option("file", help: "only when they write this file, counted from 1"),
            .option("nth", help: "only the nth write, counted from 1"),
            .option("chance", help: "how likely each write is hit"),
            .option("for", help: "how long; until `heal` if not given"),
            changesWorld: true,
            examples: [Example(example, setup: WorldCommands.setup)]
        ) {
            (
                host: inout ShellHost,
                phones: Selection,
                file: Located<Int>?,
                nth: Located<Int>?,
                chance: Located<PercentArgument>?,
                length: Located<DurationArgument>?
            ) throws(Diagnostic) -> Output in
            var scope = FaultScope(place: .phones(phones.set))
            try FaultChoiceArguments(file: file, nth: nth, chance: chance).apply(to: &scope)
            return try inject(fault, scope, length, in: host)
        }
    }

    private static let slowDisk = Command<ShellHost>(
        "fault slow-disk",
        group: group,
        summary: summary(.slowDisk),
        discussion: FaultKind.slowDisk.declaration.effect + " " + discussion,
        .argument("times", help: FaultKind.slowDisk.declaration.parameter ?? "how slow"),
        .argument("phones", help: "which phones"),
        .option("file", help: "only when they write this file, counted from 1"),
        .option("nth", help: "only the nth write, counted from 1"),
        .option("chance", help: "how likely each write is hit"),
        .option("for", help: "how long; until `heal` if not given"),
        changesWorld: true,
        examples: [Example("fault slow-disk 10 P1 for 1m", setup: WorldCommands.setup)]
    ) {
        (
            host: inout ShellHost,
            times: Located<Int>,
            phones: Selection,
            file: Located<Int>?,
            nth: Located<Int>?,
            chance: Located<PercentArgument>?,
            length: Located<DurationArgument>?
        ) throws(Diagnostic) -> Output in
        var scope = FaultScope(place: .phones(phones.set))
        try FaultChoiceArguments(file: file, nth: nth, chance: chance).apply(to: &scope)
        return try inject(.slowDisk(times.node), scope, length, at: times.range, in: host)
    }

    // MARK: Servers

    private static let serverKind = ArgumentKind.word("SERVER", phrase: "a server")

    private static func servers(
        _ kind: FaultKind,
        _ fault: Fault,
        _ example: String
    ) -> Command<ShellHost> {
        Command(
            "fault \(kind.rawValue)",
            group: group,
            summary: summary(kind),
            discussion: kind.declaration.effect + " " + discussion,
            .argument("server", kind: serverKind, help: "which server"),
            .option("for", help: "how long; until `heal` if not given"),
            changesWorld: true,
            examples: [Example(example)]
        ) {
            (host: inout ShellHost, server: Located<String>, length: Located<DurationArgument>?)
                throws(Diagnostic) -> Output in
            let place = FaultPlace.server(try FaultServer.index(server, in: host))
            return try inject(fault, FaultScope(place: place), length, in: host)
        }
    }

    private static let serverSlow = Command<ShellHost>(
        "fault server-slow",
        group: group,
        summary: summary(.serverSlow),
        discussion: FaultKind.serverSlow.declaration.effect + " " + discussion,
        .argument("time", help: FaultKind.serverSlow.declaration.parameter ?? "how much"),
        .argument("server", kind: serverKind, help: "which server"),
        .option("for", help: "how long; until `heal` if not given"),
        changesWorld: true,
        examples: [Example("fault server-slow 40ms tftp1 for 10m")]
    ) {
        (
            host: inout ShellHost,
            time: Located<DurationArgument>,
            server: Located<String>,
            length: Located<DurationArgument>?
        ) throws(Diagnostic) -> Output in
        let place = FaultPlace.server(try FaultServer.index(server, in: host))
        let fault = Fault.serverSlow(Interval(nanoseconds: time.node.nanoseconds))
        return try inject(fault, FaultScope(place: place), length, at: time.range, in: host)
    }

    private static func fetches(
        _ kind: FaultKind,
        _ fault: Fault,
        _ example: String
    ) -> Command<ShellHost> {
        Command(
            "fault \(kind.rawValue)",
            group: group,
            summary: summary(kind),
            discussion: kind.declaration.effect + " " + discussion,
            .argument("server", kind: serverKind, help: "which server"),
            .option("file", help: "only this file of a load, counted from 1"),
            .option("nth", help: "only the nth transfer, counted from 1"),
            .option("chance", help: "how likely each transfer is hit"),
            .option("for", help: "how long; until `heal` if not given"),
            changesWorld: true,
            examples: [Example(example)]
        ) {
            (
                host: inout ShellHost,
                server: Located<String>,
                file: Located<Int>?,
                nth: Located<Int>?,
                chance: Located<PercentArgument>?,
                length: Located<DurationArgument>?
            ) throws(Diagnostic) -> Output in
            let place = FaultPlace.server(try FaultServer.index(server, in: host))
            var scope = FaultScope(place: place)
            try FaultChoiceArguments(file: file, nth: nth, chance: chance).apply(to: &scope)
            return try inject(fault, scope, length, in: host)
        }
    }
}
