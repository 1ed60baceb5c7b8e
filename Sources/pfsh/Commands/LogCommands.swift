// What of the log is recorded, shown, and printed as it comes.

import Interpreter
import PFSRuntime

enum LogCommands {
    static let group = CommandGroup("Log")
    static let all = [level, filter, follow, show]

    static let level = Command<ShellHost>(
        "log level",
        group: group,
        summary: "Set from which severity on lines are recorded and shown.",
        .argument("level", help: "the least grave lines shown"),
        examples: [Example("log level trace")]
    ) { (host: inout ShellHost, level: LogLevel) throws(Diagnostic) -> Output in
        host.logView.level = level
        host.world.logDetail = level.detail
        return .none
    }

    static let filter = Command<ShellHost>(
        "log filter",
        group: group,
        summary: "Show the lines of some phones only.",
        .argument("phones", help: "which phones"),
        examples: [Example("log filter P1", setup: WorldCommands.setup)]
    ) { (host: inout ShellHost, phones: Selection) throws(Diagnostic) -> Output in
        host.logView.filter = phones
        return .none
    }.undone(
        by: Command(
            "log filter",
            group: group,
            summary: "Show the lines of all phones.",
            examples: [Example("no log filter")]
        ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
            host.logView.filter = nil
            return .none
        }
    )

    static let follow = Command<ShellHost>(
        "log follow",
        group: group,
        summary: "Print lines while time passes.",
        examples: [Example("log follow")]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        host.logView.follow(in: host.world)
        return .none
    }.undone(
        by: Command(
            "log follow",
            group: group,
            summary: "Do not print lines while time passes.",
            examples: [Example("no log follow")]
        ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
            host.logView.follows = false
            return .none
        }
    )

    static let show = Command<ShellHost>(
        "show log",
        group: group,
        summary: "Show the DLoad log: of one phone as its console prints it, else merged.",
        .optional("phones", help: "which phones; all if not given"),
        .option("last", help: "only so many lines"),
        examples: [
            Example(
                "show log P1 last 5",
                setup: WorldCommands.setup + ["push 9.4(2)SR1 to all", "run 2s"]
            )
        ]
    ) {
        (host: inout ShellHost, phones: Selection?, last: Located<Int>?)
            throws(Diagnostic) -> Output in
        if let last, last.node < 1 {
            throw Diagnostic("expected a count of 1 or more", at: last.range)
        }
        var lines = try host.logView.lines(of: phones, last: last?.node, in: host)
        if host.world.logDropped > 0, last == nil {
            lines.insert("(\(host.world.logDropped) older lines are gone)", at: 0)
        }
        return .lines(lines)
    }
}
