// Help in text, all of it from the declarations: the list of commands, one command, the properties,
// functions and selectors, and the statements of the language.

/// Makes the lines of `help`.
public enum HelpRenderer {
    /// The widest a name is in a list of two columns; a longer one has its line to itself.
    static let nameColumns = 30

    /// The topics that are not commands.
    static let topics = ["statements", "properties", "functions", "selectors", "filters"]

    /// All commands by group, one line each, for a screen of `width` columns.
    public static func overview<HostType: Host>(
        _ registry: Registry<HostType>,
        width: Int = 80
    ) -> [String] {
        var lines: [String] = []
        for group in groups(registry.grammar) {
            lines.append(group.title)
            let commands = registry.grammar.commands.filter { $0.group == group }
            lines += columns(commands.map { ($0.name, $0.summary) }, width: width)
            lines.append("")
        }
        lines.append("Language")
        lines += columns(StatementHelp.all.map { ($0.name, $0.summary) }, width: width)
        let further =
            "help NAME shows one of them; further: help " + topics.joined(separator: ", help ")
        return lines + [""] + wrap(further, width: width, indent: 0)
    }

    /// The groups in the order in which their first commands are declared.
    static func groups(_ grammar: Grammar) -> [CommandGroup] {
        var groups: [CommandGroup] = []
        for command in grammar.commands where !groups.contains(command.group) {
            groups.append(command.group)
        }
        return groups
    }

    /// Help on a command, a statement, a topic or a family of commands.
    ///
    /// Throws a diagnostic with the nearest names if there is no such thing.
    public static func lines<HostType: Host>(
        on name: String,
        _ registry: Registry<HostType>,
        width: Int = 80
    ) throws(Diagnostic) -> [String] {
        let commands = registry.grammar.commands
        if let command = commands.first(where: { $0.name == name }) {
            let further = commands.filter { $0.name.hasPrefix(name + " ") }
            let more = further.isEmpty ? [] : ["", "See also:"]
            return self.lines(on: command, width: width) + more
                + columns(further.map { ($0.name, $0.summary) }, width: width)
        }
        if let statement = StatementHelp.all.first(where: { $0.name == name }) {
            let example = statement.example.split(separator: "\n").map { "  " + $0 }
            return [statement.synopsis, "", statement.summary]
                + (example.isEmpty ? [] : ["", "Example:"] + example)
        }
        if let topic = topic(name, registry, width: width) { return topic }
        let family = groups(registry.grammar).first { $0.title.lowercased() == name.lowercased() }
        if let family {
            let members = commands.filter { $0.group == family }
            return columns(members.map { ($0.name, $0.summary) }, width: width)
        }
        let further = commands.filter {
            $0.path.starts(with: name.split(separator: " ").map(String.init))
        }
        guard further.isEmpty else {
            return columns(further.map { ($0.name, $0.summary) }, width: width)
        }
        let known =
            commands.map(\.name) + StatementHelp.all.map(\.name) + topics
            + groups(registry.grammar).map { $0.title.lowercased() }
        throw Diagnostic("no help on `\(name)`", hints: Spelling.hints(for: name, among: known))
    }

    private static func topic<HostType: Host>(
        _ name: String,
        _ registry: Registry<HostType>,
        width: Int
    ) -> [String]? {
        switch name {
        case "statements":
            return columns(StatementHelp.all.map { ($0.synopsis, $0.summary) }, width: width)
        case "properties":
            var lines: [String] = []
            for kind in registry.kinds {
                let properties = registry.properties.filter { $0.kind == kind.name }
                if properties.isEmpty { continue }
                lines.append("of a \(kind.name)")
                lines += columns(
                    properties.map { ($0.name, typed($0.help, $0.type)) },
                    width: width
                )
            }
            if !registry.globals.isEmpty { lines.append("of the world") }
            return lines
                + columns(registry.globals.map { ($0.name, typed($0.help, $0.type)) }, width: width)
        case "functions":
            return columns(registry.grammar.functions.map { ($0.synopsis, $0.help) }, width: width)
        case "filters":
            return columns(
                PipeFilter.allCases.map { ("| " + $0.synopsis, $0.summary) },
                width: width
            )
        case "selectors": return columns(selectors(registry.grammar), width: width)
        default: return nil
        }
    }

    static func typed(_ help: String, _ type: ValueType) -> String {
        if case .enumeration(let words) = type {
            return "\(help): " + words.joined(separator: ", ")
        }
        return "\(help): \(type.phrase)"
    }

    static func selectors(_ grammar: Grammar) -> [(String, String)] {
        [
            ("all", "every one"), ("P1", "the one of that name"),
            ("P1,P4", "either: a comma, no blanks"),
            ("P3..P9", "from the first to the last number"),
            ("P*", "names that match; ? is one letter"),
        ]
            + grammar.selectorKeywords.map { ("\($0.name) \($0.kind.placeholder)", $0.help) }
            + [
                ("where (CONDITION)", "those for which it holds"),
                ("A B", "both: side by side"), ("A except B", "the first without the second"),
                ("10% of A", "such a share, rounded up; the same ones each time"),
                ("(A)", "a group"),
            ]
    }

    // MARK: One command

    private static func lines(on command: CommandSignature, width: Int) -> [String] {
        var lines = wrap(command.synopsis, width: width, indent: 4) + [""]
        lines += wrap(command.summary, width: width, indent: 0)
        if !command.discussion.isEmpty {
            lines.append("")
            for paragraph in command.discussion.split(separator: "\n") {
                lines += wrap(String(paragraph), width: width, indent: 0)
            }
        }
        if !command.parameters.isEmpty {
            lines += [""] + columns(command.parameters.flatMap(entries), width: width)
        }
        lines += ["", command.examples.count == 1 ? "Example:" : "Examples:"]
        for example in command.examples {
            lines += example.script.split(separator: "\n").map { "  " + $0 }
            if !example.caption.isEmpty { lines.append("      " + example.caption) }
        }
        return lines
    }

    /// A parameter's line, and one for each of its words if it has a choice.
    private static func entries(_ parameter: ParameterSignature) -> [(String, String)] {
        let introduced = parameter.words.joined(separator: " ")
        let name: String
        switch parameter.placement {
        case .flag: name = introduced
        case .keyword: name = "\(introduced) \(parameter.kind.placeholder)"
        case .positional, .rest: name = parameter.kind.placeholder
        }
        let ending = parameter.defaultText.map { "; \($0) if not given" } ?? ""
        var entries = [(name, parameter.help + ending)]
        if case .choice(let choices) = parameter.kind.syntax {
            entries += choices.shown.filter { !$0.help.isEmpty }.map { ("  " + $0.name, $0.help) }
        }
        return entries
    }

    // MARK: Layout

    /// Two columns, the second wrapped within `width`.
    static func columns(_ entries: [(String, String)], width: Int = 80) -> [String] {
        let widest = entries.map { displayWidth($0.0) }.filter { $0 <= nameColumns }.max() ?? 0
        var lines: [String] = []
        for (name, text) in entries {
            let wrapped = wrap(text, width: max(20, width - widest - 4), indent: 0)
            let isLong = displayWidth(name) > widest
            if isLong { lines.append("  " + name) }
            let lead = isLong ? "" : name
            let padding = String(repeating: " ", count: widest - displayWidth(lead))
            let first = "  " + lead + padding + "  " + (wrapped.first ?? "")
            if !isLong || !wrapped.isEmpty { lines.append(trimmedEnd(first)) }
            let indent = String(repeating: " ", count: widest + 4)
            lines += wrapped.dropFirst().map { indent + $0 }
        }
        return lines
    }

    private static func trimmedEnd(_ text: String) -> String {
        String(text.reversed().drop { $0 == " " }.reversed())
    }

    /// The text in lines of at most `width` columns, those behind the first indented.
    static func wrap(_ text: String, width: Int, indent: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, displayWidth(line) + 1 + displayWidth(String(word)) > width {
                lines.append(line)
                line = String(repeating: " ", count: indent) + word
            } else {
                line += line.isEmpty ? String(word) : " " + word
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }
}
