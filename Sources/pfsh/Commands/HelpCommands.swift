// Help about the shell itself.

import Interpreter
import PFSRuntime

enum HelpCommands {
    static let group = CommandGroup("Shell")
    static let all = [help, version]

    static let help = Command<ShellHost>(
        "help",
        group: group,
        summary: "List the commands, or explain one.",
        discussion:
            "`help commands` lists them with a line each, `help FAMILY` those of one family; "
            + "statements, properties, functions, selectors and filters are topics too. "
            + "`help --json` prints all declarations as one JSON object, for programs.",
        .rest("topic", required: false, help: "a command, a statement or a topic"),
        examples: [Example("help run until")]
    ) { (host: inout ShellHost, topic: [Located<String>]) throws(Diagnostic) -> Output in
        guard let registry = host.registry else { return .none }
        guard let first = topic.first, let last = topic.last else {
            return .lines(overview(registry))
        }
        if topic.map(\.node) == ["--json"] {
            return .lines([DeclarationList.json(registry).text])
        }
        if topic.map(\.node) == ["commands"] { return .lines(HelpRenderer.overview(registry)) }
        do throws(Diagnostic) {
            let name = topic.map(\.node).joined(separator: " ")
            return .lines(try HelpRenderer.lines(on: name, registry))
        } catch {
            var placed = error
            placed.range = SourceRange(Int(first.range.start), Int(last.range.end))
            throw placed
        }
    }

    static let version = Command<ShellHost>(
        "show version",
        group: group,
        summary: "Show the version, and what a run can be repeated by.",
        examples: [Example("show version")]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        let count = Counted.text(host.world.phones.count, "phone")
        return .lines([
            "pfsh \(Version.text): simulated phones, peer firmware sharing",
            "seed \(host.world.seed), CUCM \(host.world.cucm), \(count)",
        ])
    }

    /// The lines of a usual screen, without the prompt.
    private static let screenLines = 23

    /// What somebody sees who asks for help first: all names and, where there is room, a first
    /// upgrade, on one screen of 80 columns and 24 lines with the prompt.
    static func overview(_ registry: Registry<ShellHost>) -> [String] {
        let start = [
            "", "A first upgrade:",
            "  subnet voice 10.4.0.0/24; phones 3 model CP-7961G; pfs enterprise on",
            "  push 9.4(2)SR1 to all; run 30s; show tree",
        ]
        let end = [
            "", "help NAME explains a command, the commands that begin with a word (`help show`),",
            "a family (`help look`), or statements, properties, functions, selectors, filters",
        ]
        let room = screenLines - start.count - end.count
        let families = FamilyOverview.lines(registry, rows: room)
        let hasRoom = families.count + start.count + end.count <= screenLines
        return families + (hasRoom ? start : []) + end
    }
}
