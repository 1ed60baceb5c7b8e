// The manual of all commands as Markdown, from the declarations, so that it is never out of date: a
// test compares the file in the repository with what is generated.

/// Makes the manual.
public enum ManualGenerator {
    /// The manual as Markdown: commands by group, statements, properties, functions, selectors.
    public static func markdown<HostType: Host>(_ registry: Registry<HostType>) -> String {
        var lines = [
            "# Commands", "",
            "This file is generated from the declarations of the commands; a test fails if it is",
            "out of date.", "",
        ]
        for group in HelpRenderer.groups(registry.grammar) {
            lines += ["## \(group.title)", ""]
            for command in registry.grammar.commands where command.group == group {
                lines += section(command)
            }
        }
        lines += ["## Statements of the language", ""]
        for statement in StatementHelp.all {
            lines += [
                "### \(statement.name)", "", "`\(statement.synopsis)`", "", statement.summary,
            ]
            lines += [""] + code(statement.example)
        }
        lines += properties(registry)
        lines += ["## Functions", "", "| function | gives |", "| --- | --- |"]
        lines += registry.grammar.functions.map { "| `\(cell($0.synopsis))` | \(cell($0.help)) |" }
        lines += ["", "## Selectors", "", "| selector | means |", "| --- | --- |"]
        lines += HelpRenderer.selectors(registry.grammar)
            .map { "| `\(cell($0.0))` | \(cell($0.1)) |" }
        lines += ["", "## Filters", "", "| filter | does |", "| --- | --- |"]
        lines += PipeFilter.allCases
            .map { "| `\(cell("| " + $0.synopsis))` | \(cell($0.summary)) |" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func section(_ command: CommandSignature) -> [String] {
        var lines = ["### \(command.name)", "", "`\(command.synopsis)`", "", command.summary, ""]
        if !command.discussion.isEmpty { lines += [command.discussion, ""] }
        if !command.parameters.isEmpty {
            lines += ["| parameter | is |", "| --- | --- |"]
            for parameter in command.parameters {
                let ending = parameter.defaultText.map { "; `\($0)` if not given" } ?? ""
                lines.append("| `\(cell(parameter.synopsis))` | \(cell(parameter.help + ending)) |")
                guard case .choice(let choices) = parameter.kind.syntax else { continue }
                for choice in choices.shown where !choice.help.isEmpty {
                    lines.append("| `\(cell(choice.name))` | \(cell(choice.help)) |")
                }
            }
            lines.append("")
        }
        for example in command.examples {
            if !example.caption.isEmpty { lines += ["\(example.caption):", ""] }
            lines += code(example.script)
        }
        return lines
    }

    private static func code(_ script: String) -> [String] {
        if script.isEmpty { return [] }
        return ["```"] + script.split(separator: "\n").map(String.init) + ["```", ""]
    }

    private static func properties<HostType: Host>(_ registry: Registry<HostType>) -> [String] {
        var lines = ["## Properties", "", "| property | says |", "| --- | --- |"]
        for property in registry.properties {
            let help = HelpRenderer.typed(property.help, property.type)
            lines.append("| `\(property.kind).\(property.name)` | \(cell(help)) |")
        }
        for global in registry.globals {
            let help = HelpRenderer.typed(global.help, global.type)
            lines.append("| `\(global.name)` | \(cell(help)) |")
        }
        return lines + [""]
    }

    /// A bar would end a table's cell.
    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
