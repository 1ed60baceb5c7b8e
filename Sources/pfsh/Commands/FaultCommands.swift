// Breaking things on purpose, and mending them. Most commands are made from what the runtime declares of
// the kinds of faults.

import Interpreter
import PFSRuntime

enum FaultCommands {
    static let group = CommandGroup("Faults")
    static let all: [Command<ShellHost>] =
        [
            messages(.drop, .drop, "fault drop message claim chance 10%"),
            messages(.delay, "fault delay 200ms from P1 message hold for 1m") { .delay($0) },
            messages(.jitter, "fault jitter 50ms in P1,P2") { .jitter($0) },
            messages(.duplicate, .duplicate, "fault duplicate message claim for 10s"),
            messages(.reorder, .reorder, "fault reorder from P1 chance 50%"),
            messages(.corrupt, .corrupt, "fault corrupt message transfer to P3 nth 1"),
            blockTransport(.udp), blockTransport(.tcp), partition,
        ] + ofPhones + ofFlash + ofServers + ofHostilePeers + [
            block(.udp), block(.tcp), isolate, heal, show,
        ]

    static let discussion =
        "Faults add up: none replaces another. A fault lasts until `heal`, or as long as `for` "
        + "says; `show faults` shows what is on and what it has hit."

    static let messageDiscussion =
        "It applies everywhere, or to what phones send and get (`in`), to what goes one way (`from`, "
        + "`to`), or to what goes between some phones and others (`between`, `and`); to all "
        + "messages, or to one kind; about all files, or one; always, by chance, or to the nth "
        + "only, where a broadcast counts once. " + discussion

    static func summary(_ kind: FaultKind) -> String {
        let help = kind.declaration.help
        return (help.first.map { $0.uppercased() } ?? "") + help.dropFirst() + "."
    }

    /// Carries an order out; the answer is the fault's number.
    static func inject(
        _ fault: Fault,
        _ scope: FaultScope,
        _ length: Located<DurationArgument>?,
        at range: SourceRange? = nil,
        in host: ShellHost
    ) throws(Diagnostic) -> Output {
        let world = host.world
        let time = length.map { Interval(nanoseconds: $0.node.nanoseconds) }
        if let length, let time, time <= .zero || time > World.faultLimit {
            throw Diagnostic("a fault lasts from 1ns to 1000h", at: length.range)
        }
        let record = try refusing(at: range) { () throws(WorldError) in
            try world.inject(FaultOrder(fault, scope, for: time))
        }
        return .lines(["fault \(record.number)"])
    }

    // MARK: Messages

    private static func messages(
        _ kind: FaultKind,
        _ fault: Fault,
        _ example: String
    ) -> Command<ShellHost> {
        Command(
            "fault \(kind.rawValue)",
            group: group,
            summary: summary(kind),
            discussion: messageDiscussion,
            .option("in", help: "the phones that send or get it"),
            .option("from", help: "the phones that send it"),
            .option("to", help: "the phones that get it"),
            .option("between", help: "the phones at one end"),
            .option("and", help: "the phones at the other end"),
            .option("message", help: "only messages of this kind"),
            .option("file", help: "only what is about this file, counted from 1"),
            .option("nth", help: "only the nth, counted from 1"),
            .option("chance", help: "how likely each is hit"),
            .option("for", help: "how long; until `heal` if not given"),
            changesWorld: true,
            examples: [Example(example, setup: WorldCommands.setup)]
        ) {
            (
                host: inout ShellHost,
                within: Selection?,
                from: Selection?,
                to: Selection?,
                between: Selection?,
                and: Located<Selection>?,
                message: FaultMessageArgument?,
                file: Located<Int>?,
                nth: Located<Int>?,
                chance: Located<PercentArgument>?,
                length: Located<DurationArgument>?
            ) throws(Diagnostic) -> Output in
            let place = FaultPlaceArguments(
                within: within,
                from: from,
                to: to,
                between: between,
                and: and
            )
            var scope = FaultScope(place: try place.place())
            try FaultChoiceArguments(message: message, file: file, nth: nth, chance: chance)
                .apply(to: &scope)
            return try inject(fault, scope, length, in: host)
        }
    }

    private static func messages(
        _ kind: FaultKind,
        _ example: String,
        _ fault: @escaping @Sendable (Interval) -> Fault
    ) -> Command<ShellHost> {
        Command(
            "fault \(kind.rawValue)",
            group: group,
            summary: summary(kind),
            discussion: messageDiscussion,
            .argument("time", help: kind.declaration.parameter ?? "how long"),
            .option("in", help: "the phones that send or get it"),
            .option("from", help: "the phones that send it"),
            .option("to", help: "the phones that get it"),
            .option("between", help: "the phones at one end"),
            .option("and", help: "the phones at the other end"),
            .option("message", help: "only messages of this kind"),
            .option("file", help: "only what is about this file, counted from 1"),
            .option("nth", help: "only the nth, counted from 1"),
            .option("chance", help: "how likely each is hit"),
            .option("for", help: "how long; until `heal` if not given"),
            changesWorld: true,
            examples: [Example(example, setup: WorldCommands.setup)]
        ) {
            (
                host: inout ShellHost,
                time: Located<DurationArgument>,
                within: Selection?,
                from: Selection?,
                to: Selection?,
                between: Selection?,
                and: Located<Selection>?,
                message: FaultMessageArgument?,
                file: Located<Int>?,
                nth: Located<Int>?,
                chance: Located<PercentArgument>?,
                length: Located<DurationArgument>?
            ) throws(Diagnostic) -> Output in
            let place = FaultPlaceArguments(
                within: within,
                from: from,
                to: to,
                between: between,
                and: and
            )
            var scope = FaultScope(place: try place.place())
            try FaultChoiceArguments(message: message, file: file, nth: nth, chance: chance)
                .apply(to: &scope)
            let number = fault(Interval(nanoseconds: time.node.nanoseconds))
            return try inject(number, scope, length, at: time.range, in: host)
        }
    }

    // MARK: Paths

    private static func blockTransport(_ transport: FaultTransport) -> Command<ShellHost> {
        Command(
            "fault block \(transport.rawValue)",
            group: group,
            summary: "Close port 4051 to \(transport.phrase) of some phones.",
            discussion: discussion,
            .option("in", help: "which phones; all if not given"),
            .option("for", help: "how long; until `heal` if not given"),
            changesWorld: true,
            examples: [
                Example("fault block \(transport.rawValue) in P2", setup: WorldCommands.setup)
            ]
        ) {
            (host: inout ShellHost, within: Selection?, length: Located<DurationArgument>?)
                throws(Diagnostic) -> Output in
            let place = within.map { FaultPlace.phones($0.set) } ?? .everywhere
            return try inject(.block(transport), FaultScope(place: place), length, in: host)
        }
    }

    private static func block(_ transport: FaultTransport) -> Command<ShellHost> {
        Command(
            "block \(transport.rawValue)",
            group: group,
            summary: "Close port 4051 to \(transport.phrase) in a subnet, as a firewall does.",
            discussion: discussion,
            .argument("port", help: "4051, the only port of peer firmware sharing"),
            .keyword("in", kind: .object(PhoneVocabulary.subnet), help: "which subnet"),
            .option("for", help: "how long; until `heal` if not given"),
            changesWorld: true,
            examples: [
                Example("block \(transport.rawValue) 4051 in voice", setup: WorldCommands.setup)
            ]
        ) {
            (
                host: inout ShellHost,
                port: Located<Int>,
                subnet: ObjectReference,
                length: Located<DurationArgument>?
            ) throws(Diagnostic) -> Output in
            guard port.node == 4_051 else {
                throw Diagnostic("peer firmware sharing uses port 4051 only", at: port.range)
            }
            let scope = FaultScope(place: .subnet(subnet.id))
            return try inject(.block(transport), scope, length, in: host)
        }
    }

    private static let partition = Command<ShellHost>(
        "fault partition",
        group: group,
        summary: summary(.partition),
        discussion: discussion,
        .argument("first", help: "some phones, one word or in parentheses"),
        .argument("second", help: "the others"),
        .flag("one-way", help: "only from the first to the second"),
        .option("for", help: "how long; until `heal` if not given"),
        changesWorld: true,
        examples: [Example("fault partition P1 P2,P3 one-way for 30s", setup: WorldCommands.setup)]
    ) {
        (
            host: inout ShellHost,
            first: Selection,
            second: Selection,
            isOneWay: Bool,
            length: Located<DurationArgument>?
        ) throws(Diagnostic) -> Output in
        let scope = FaultScope(place: .link(first.set, second.set, isOneWay: isOneWay))
        return try inject(.partition, scope, length, in: host)
    }

    private static let isolate = Command<ShellHost>(
        "isolate",
        group: group,
        summary: "Let the phones of a subnet reach servers only, as a private VLAN does.",
        discussion: discussion,
        .argument("subnet", kind: .object(PhoneVocabulary.subnet), help: "which subnet"),
        .option("for", help: "how long; until `heal` if not given"),
        changesWorld: true,
        examples: [Example("isolate voice", setup: WorldCommands.setup)]
    ) {
        (host: inout ShellHost, subnet: ObjectReference, length: Located<DurationArgument>?)
            throws(Diagnostic) -> Output in
        try inject(.isolate, FaultScope(place: .subnet(subnet.id)), length, in: host)
    }
}

extension FaultTransport {
    /// What it carries, in words.
    fileprivate var phrase: String {
        switch self {
        case .udp: "broadcasts"
        case .tcp: "links and files"
        }
    }
}
