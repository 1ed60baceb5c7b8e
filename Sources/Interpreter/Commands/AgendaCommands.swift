// What waits, as a list, and taking it back: the `no` of the statements at, every, when and never,
// which are no commands themselves. A host with an agenda puts these commands into its registry.

/// Commands about what a session waits for.
public enum AgendaCommands<HostType: Host> {
    private static var columns: [Table.Column] {
        [.init("number", .right), .init("waits"), .init("due"), .init("written")]
    }

    /// `show agenda`, `no at`, `no every`, `no when` and `no never`, in a family of the host.
    public static func all(group: CommandGroup) -> [Command<HostType>] {
        [show(group)]
            + [
                no("at", "Do not run a block when its time comes.", "at 1h { say now }", group),
                no("every", "Do not run a block again.", "every 1s { say now }", group),
                no("when", "Do not run a block any more.", "when now > 1h { say now }", group),
                no("never", "Allow a condition to hold.", "never now > 1h", group),
            ]
    }

    private static func show(_ group: CommandGroup) -> Command<HostType> {
        Command(
            "show agenda",
            group: group,
            summary: "List what waits for a time or a condition.",
            examples: [Example("show agenda", setup: ["every 1s { say now }"])]
        ) { (host: inout HostType) throws(Diagnostic) -> Output in
            var table = Table(columns: columns)
            for entry in host.agenda?.listed ?? [] {
                table.append([
                    .integer(Int64(entry.number)), .string(entry.word),
                    entry.dueNanoseconds.map { .string(host.displayTime($0)) } ?? .none,
                    .string(entry.written),
                ])
            }
            return .table(table)
        }.giving(columns)
    }

    private static func no(
        _ word: String,
        _ summary: String,
        _ statement: String,
        _ group: CommandGroup
    ) -> Command<HostType> {
        Command(
            "no \(word)",
            group: group,
            summary: summary,
            .argument("number", help: "which, as `show agenda` counts"),
            examples: [Example("no \(word) 1", setup: [statement])]
        ) { (host: inout HostType, number: Located<Int>) throws(Diagnostic) -> Output in
            guard host.agenda?.forget(number.node, word: word) == true else {
                let waiting = host.agenda?.listed.filter { $0.word == word } ?? []
                let numbers = waiting.map { String($0.number) }.joined(separator: ", ")
                throw Diagnostic(
                    "there is no \(word) \(number.node)",
                    at: number.range,
                    hints: numbers.isEmpty ? [] : ["there is \(numbers)"]
                )
            }
            return .none
        }
    }
}
