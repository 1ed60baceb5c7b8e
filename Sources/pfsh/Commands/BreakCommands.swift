// Stopping runs at an event, a state, a condition.

import Interpreter
import PFSRuntime

enum BreakCommands {
    static let group = TimeCommands.group
    static let all = [onEvent, onState, onCondition, forget, show]

    private static let setup =
        WorldCommands.setup + ["pfs enterprise on", "push 9.4(2)SR1 to all"]

    private static let manner =
        "The run ends right behind the event that fits, and one line says which break it was, when, "
        + "and what the phone handled; the next command goes on from there. What holds already has to end "
        + "before it stops a run. An `expect … within` that is stopped has failed. Runs are "
        + "slower as long as there are breaks."

    static let onEvent = Command<ShellHost>(
        "break on event",
        group: group,
        summary: "Stop runs when a phone handles an event of a kind.",
        discussion: manner,
        .argument("kind", help: "what happens to the phone"),
        .optional("phones", help: "which phones; all if not given"),
        examples: [Example("break on event join P1", setup: setup)]
    ) { (host: inout ShellHost, kind: EventKind, phones: Located<Selection>?) throws(Diagnostic) in
        try add(.event(kind), "event \(kind.rawValue)", phones, to: &host)
    }

    static let onState = Command<ShellHost>(
        "break on state",
        group: group,
        summary: "Stop runs when a phone comes to be in a state.",
        discussion: manner,
        .argument("state", help: "what it does then"),
        .optional("phones", help: "which phones; all if not given"),
        examples: [Example("break on state serving", setup: setup)]
    ) {
        (host: inout ShellHost, state: PhoneState, phones: Located<Selection>?) throws(Diagnostic)
        in
        try add(.state(state), "state \(state.rawValue)", phones, to: &host)
    }

    static let onCondition = Command<ShellHost>(
        "break on",
        group: group,
        summary: "Stop runs when a condition comes to hold.",
        discussion: manner,
        .argument("condition", help: "an expression, or `log /RE/`"),
        examples: [Example("break on count(state serving) > 1", setup: setup)]
    ) { (host: inout ShellHost, condition: Condition<ShellHost>) throws(Diagnostic) in
        var checked = condition
        _ = try checked.holds(in: host)
        return try add(.condition(checked), checked.text, nil, to: &host)
    }

    private static func add(
        _ trigger: Break.Trigger,
        _ text: String,
        _ phones: Located<Selection>?,
        to host: inout ShellHost
    ) throws(Diagnostic) -> Output {
        try host.checkClockIsVirtual("stopping at an event")
        guard host.breaks.list.count < limit else {
            throw Diagnostic("there are \(limit) breaks already; `no break N` takes one away")
        }
        var whole = text
        if let phones, phones.node.ids.count == 1 {
            whole += " of \(host.world.name(of: PhoneNumber(phones.node.ids[0])))"
        } else if let phones {
            whole += " of \(Counted.text(phones.node.ids.count, "phone"))"
        }
        let number = host.breaks.add(trigger, whole, phones.map { Set($0.node.ids) })
        return .lines(["break \(number), \(whole)"])
    }

    /// The most breaks: own choice; each is looked at after every event.
    private static let limit = 100

    static let forget = Command<ShellHost>(
        "no break",
        group: group,
        summary: "Do not stop runs there any more.",
        .argument("number", help: "which, as `show breaks` counts"),
        examples: [Example("no break 1", setup: setup + ["break on state serving"])]
    ) { (host: inout ShellHost, number: Located<Int>) throws(Diagnostic) -> Output in
        guard host.breaks.forget(number.node) else {
            let numbers = host.breaks.list.map { String($0.number) }.joined(separator: ", ")
            throw Diagnostic(
                "there is no break \(number.node)",
                at: number.range,
                hints: numbers.isEmpty ? [] : ["there is \(numbers)"]
            )
        }
        return .none
    }

    private static let columns = [Table.Column("number", .right), Table.Column("stops on")]

    static let show = Command<ShellHost>(
        "show breaks",
        group: group,
        summary: "List what stops runs.",
        examples: [Example("show breaks", setup: setup + ["break on state serving"])]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        var table = Table(columns: columns)
        for one in host.breaks.list {
            table.append([.integer(Int64(one.number)), .string(one.text)])
        }
        return .table(table)
    }.giving(columns)
}
