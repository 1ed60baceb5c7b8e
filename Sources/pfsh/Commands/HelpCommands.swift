// Help about the shell itself.

import Interpreter

enum HelpCommands {
    static let group = CommandGroup("Shell")
    static let all = [help]

    static let help = Command<ShellHost>(
        "help",
        group: group,
        summary: "List the commands, or explain one.",
        discussion:
            "`help commands` lists them with a line each; statements, properties, functions "
            + "and selectors are topics too. `help --json` "
            + "prints all declarations as one JSON object, for programs.",
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

    /// What somebody sees who asks for help first: all names and a first upgrade, on one screen of 80
    /// columns and 24 lines with the prompt.
    static func overview(_ registry: Registry<ShellHost>) -> [String] {
        var groups: [(title: String, names: [String])] = []
        for command in registry.grammar.commands where command.path[0] != "no" {
            let title = command.group.title
            if let index = groups.firstIndex(where: { $0.title == title }) {
                groups[index].names.append(command.name)
            } else {
                groups.append((title, [command.name]))
            }
        }
        groups.append(("Language", StatementHelp.all.map(\.name)))
        let indent = String(repeating: " ", count: (groups.map(\.title.count).max() ?? 0) + 2)
        var lines: [String] = []
        for group in groups {
            var line = group.title + indent.dropFirst(group.title.count)
            for (index, name) in group.names.enumerated() {
                let word = index == group.names.count - 1 ? name : name + ", "
                if line.count + word.count > 80 {
                    lines.append(String(line.dropLast()))
                    line = indent
                }
                line += word
            }
            lines.append(line)
        }
        return lines + [
            "", "A first upgrade:",
            "  subnet voice 10.4.0.0/24; phones 3 model CP-7961G; pfs enterprise on",
            "  push 9.4(2)SR1 to all; run 30s; show tree", "",
            "help NAME explains one, help commands lists all with a line each; further:",
            "help statements, help properties, help functions, help selectors, help filters",
        ]
    }
}
