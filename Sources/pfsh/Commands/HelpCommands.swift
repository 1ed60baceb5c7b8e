// Help about the shell itself.

import Interpreter

enum HelpCommands {
    static let group = CommandGroup("Shell")
    static let all = [help]

    static let help = Command<ShellHost>(
        "help",
        group: group,
        summary: "List the commands, or explain one.",
        .rest("topic", required: false, help: "a command, a statement, or properties"),
        examples: [Example("help run until")]
    ) { (host: inout ShellHost, topic: [Located<String>]) throws(Diagnostic) -> Output in
        guard let registry = host.registry else { return .none }
        guard let first = topic.first, let last = topic.last else {
            return .lines(HelpRenderer.overview(registry))
        }
        do throws(Diagnostic) {
            let name = topic.map(\.node).joined(separator: " ")
            return .lines(try HelpRenderer.lines(on: name, registry))
        } catch {
            var placed = error
            placed.range = SourceRange(Int(first.range.start), Int(last.range.end))
            throw placed
        }
    }
}
