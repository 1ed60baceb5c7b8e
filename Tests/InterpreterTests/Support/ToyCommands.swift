// The toy world's commands and vocabulary: one of each form that a declaration can have.

import Interpreter

enum ToyCommands {
    static let setup = ["lamp L1 watts 5", "lamp L2 room hall"]

    static let lamp = Command<ToyHost>(
        "lamp",
        group: lampGroup,
        summary: "Add a lamp.",
        .argument("name", help: "what to call it"),
        .option("room", kind: .object("room"), help: "the room it is in; the kitchen if not given"),
        .option("watts", default: Int64(40), shownAs: "40", help: "what it takes"),
        .option("lights in", help: "when it lights by itself"),
        .flag("lit", help: "it is lit at once"),
        changesWorld: true,
        examples: [Example("lamp L1 room hall watts 60")]
    ) {
        (
            host: inout ToyHost,
            name: Located<NewName>,
            room: ObjectReference?,
            watts: Int64,
            delay: DurationArgument?,
            isLit: Bool
        ) throws(Diagnostic) -> Output in
        if host.lamps.contains(where: { $0.name == name.node.text }) {
            throw Diagnostic("there is a lamp \(name.node.text) already", at: name.range)
        }
        if let delay { host.timers.append((host.now + delay.nanoseconds, host.lamps.count)) }
        host.lamps.append(
            Lamp(name: name.node.text, room: room?.name ?? "kitchen", isLit: isLit, watts: watts)
        )
        return .none
    }

    static let turn = Command<ToyHost>(
        "turn",
        group: lampGroup,
        summary: "Light lamps or darken them.",
        .argument("lamps", help: "which lamps"),
        .argument("glow", help: "what they shall do"),
        changesWorld: true,
        examples: [Example("turn L1 lit", setup: setup)]
    ) { (host: inout ToyHost, lamps: Selection, glow: Glow) throws(Diagnostic) -> Output in
        for id in lamps.ids { host.light(id, glow == .lit) }
        return .none
    }.undone(
        by: Command(
            "turn",
            group: lampGroup,
            summary: "Darken lamps.",
            .argument("lamps", help: "which lamps"),
            changesWorld: true,
            examples: [Example("no turn all", setup: setup)]
        ) { (host: inout ToyHost, lamps: Selection) throws(Diagnostic) -> Output in
            for id in lamps.ids { host.light(id, false) }
            return .none
        }
    )

    static let showLamps = Command<ToyHost>(
        "show lamps",
        group: lampGroup,
        summary: "List lamps.",
        .optional("lamps", help: "which lamps; all if not given"),
        examples: [Example("show lamps all", setup: setup)]
    ) { (host: inout ToyHost, lamps: Selection?) throws(Diagnostic) -> Output in
        var table = Table(columns: lampColumns)
        for (id, lamp) in host.lamps.enumerated() where lamps?.ids.contains(id) ?? true {
            table.append([.string(lamp.name), .string(lamp.room), .integer(lamp.watts)])
        }
        return .table(table)
    }.giving(lampColumns)

    private static let lampColumns: [Table.Column] = [
        .init("name"), .init("room"), .init("watts", .right),
    ]

    static let showLog = Command<ToyHost>(
        "show log",
        group: lampGroup,
        summary: "Show the log.",
        .option("matching", help: "only lines that match"),
        examples: [Example("show log matching /lit/")]
    ) { (host: inout ToyHost, pattern: Pattern?) throws(Diagnostic) -> Output in
        .lines(host.log.map(\.text).filter { pattern?.matches($0) ?? true })
    }

    static let run = Command<ToyHost>(
        "run",
        group: timeGroup,
        summary: "Let time go on.",
        .argument("duration", help: "for how long"),
        changesWorld: true,
        examples: [Example("run 5s")]
    ) { (host: inout ToyHost, duration: DurationArgument) throws(Diagnostic) -> Output in
        let end = host.now + duration.nanoseconds
        try host.agenda?.checkTimeMayPass()
        while host.now < end { try host.pass(to: end) }
        return .none
    }

    static let runUntil = Command<ToyHost>(
        "run until",
        group: timeGroup,
        summary: "Let time go on until a condition holds.",
        .argument("condition", help: "what to wait for"),
        .option(
            "within",
            default: DurationArgument(nanoseconds: 60_000_000_000),
            shownAs: "1m",
            help: "how long at most"
        ),
        changesWorld: true,
        examples: [Example("run until L1.lit within 2s", setup: ["lamp L1 lights in 1s"])]
    ) {
        (
            host: inout ToyHost,
            condition: Condition<ToyHost>,
            within: DurationArgument
        ) throws(Diagnostic) -> Output in
        var condition = condition
        if try host.run(until: &condition, within: within.nanoseconds) { return .none }
        throw Diagnostic("`\(condition.text)` did not come to hold", kind: .failedExpectation)
    }

    static let wire = Command<ToyHost>(
        "wire",
        group: lampGroup,
        summary: "Plug lamps into one another.",
        .argument("lamp", kind: .object("lamp"), help: "the lamp that is plugged in"),
        .keyword("to", kind: .object("lamp"), help: "the lamp it is plugged into"),
        changesWorld: true,
        examples: [Example("wire L1 to L2", setup: setup)]
    ) {
        (
            host: inout ToyHost,
            lamp: ObjectReference,
            other: ObjectReference
        ) throws(Diagnostic) -> Output in
        host.lamps[lamp.id].plug = other.id
        return .none
    }

    static let sell = Command<ToyHost>(
        "sell",
        group: lampGroup,
        summary: "Say what lamps are sold for.",
        .argument("prices", help: "a price for each"),
        .rest("names", required: false, help: "words of praise"),
        .option("to", help: "to whom, which lamps decide"),
        examples: [Example("sell 1,2,3 bright new to L1,L2", setup: setup)]
    ) {
        (
            _: inout ToyHost,
            prices: [Int64],
            words: [String],
            lamps: Selection?
        ) throws(Diagnostic) -> Output in
        let total = prices.reduce(0, +)
        return .lines(["\(total) \(words.joined(separator: "-")) \(lamps?.ids.count ?? 0)"])
    }

    static let removeLamps = Command<ToyHost>(
        "remove",
        group: lampGroup,
        summary: "Throw all lamps away.",
        changesWorld: true,
        mayBeAbbreviated: false,
        examples: [Example("remove")]
    ) { (host: inout ToyHost) throws(Diagnostic) -> Output in
        host.lamps = []
        return .none
    }

    static let registry = Registry<ToyHost>(
        commands: [
            lamp, turn, showLamps, showLog, run, runUntil, wire, sell, removeLamps,
        ] + AgendaCommands.all(group: timeGroup),
        selectable: ObjectKind(
            "lamp",
            help: "gives light",
            all: { Array($0.lamps.indices) },
            find: { (host, name) in host.lamps.firstIndex { $0.name == name } },
            nameOf: { $0.lamps[$1].name }
        ),
        otherKinds: [
            ObjectKind(
                "room",
                help: "has lamps",
                all: { Array($0.rooms.indices) },
                find: { $0.rooms.firstIndex(of: $1) },
                nameOf: { $0.rooms[$1] }
            )
        ],
        properties: [
            Property("lit", of: "lamp", type: .bool, help: "whether it gives light") {
                .bool($0.lamps[$1].isLit)
            },
            Property("watts", of: "lamp", type: .integer, help: "what it takes") {
                .integer($0.lamps[$1].watts)
            },
            Property("room", of: "lamp", type: .object("room"), help: "where it is") {
                (host, id) in
                let name = host.lamps[id].room
                return host.rooms.firstIndex(of: name)
                    .map { .object(ObjectReference(kind: "room", id: $0, name: name)) } ?? .none
            },
            Property("plug", of: "lamp", type: .object("lamp"), help: "what it is plugged into") {
                (host, id) in
                host.lamps[id].plug.map {
                    .object(ObjectReference(kind: "lamp", id: $0, name: host.lamps[$0].name))
                } ?? .none
            },
            Property("glow", of: "lamp", type: .enumeration(["lit", "dark"]), help: "its light") {
                .symbol(Symbol($0.lamps[$1].isLit ? "lit" : "dark"))
            },
            Property("name", of: "lamp", type: .string, help: "its name") {
                .string($0.lamps[$1].name)
            },
            Property("size", of: "room", type: .size, help: "for a test of sizes") {
                _,
                id in .size(bytes: Int64(id + 1) * 1_000)
            },
        ],
        globals: [
            Global("house.lamps", type: .integer, help: "how many lamps there are") {
                .integer(Int64($0.lamps.count))
            },
            Global("season", type: .enumeration(["summer", "winter"]), help: "the season") { _ in
                .symbol(Symbol("summer"))
            },
        ],
        functions: [
            Function(
                "room",
                [.value(placeholder: "ROOM", kind: "room")],
                result: .object("room"),
                help: "A room."
            ) { (_, values) throws(Diagnostic) in values[0] },
            Function(
                "watts",
                [.selector],
                result: .integer,
                help: "What the lamps take together."
            ) { (host, values) throws(Diagnostic) in
                guard case .selection(let selection) = values[0] else { return .none }
                return .integer(selection.ids.reduce(0) { $0 + host.lamps[$1].watts })
            },
        ],
        selectorKeywords: [
            SelectorKeyword("room", kind: .object("room"), help: "lamps of a room") {
                (host, argument) throws(Diagnostic) in
                host.lamps.indices.filter { host.lamps[$0].room == argument.text }
            }
        ]
    )
}
