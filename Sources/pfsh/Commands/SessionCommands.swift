// The session itself: what was typed, what of it can be repeated, short words.

import Interpreter
import NetIO

enum SessionCommands {
    static let group = HelpCommands.group
    static let all = [history, record, alias, showAliases, result, showResults]

    static let history = Command<ShellHost>(
        "history",
        group: group,
        summary: "List the lines typed last, of earlier sessions too.",
        .argument("count", default: 20, shownAs: "20", help: "how many"),
        examples: [Example("history 5")]
    ) { (host: inout ShellHost, count: Int) throws(Diagnostic) -> Output in
        guard count > 0 else { throw Diagnostic("expected a count of 1 or more") }
        let typed = host.notebook.typed
        let width = String(typed.count).count
        return .lines(
            typed.enumerated().suffix(count).map { index, line in
                let number = String(index + 1)
                return String(repeating: " ", count: width - number.count) + "\(number)  \(line)"
            }
        )
    }

    static let record = Command<ShellHost>(
        "record",
        group: group,
        summary: "Write this session's commands that succeeded as a script.",
        discussion:
            "The script replays to the same fingerprint. A run that was stopped is recorded as "
            + "`run to event`. For commands typed at the prompt or read from a pipe.",
        .argument(
            "file",
            kind: ArgumentKind(.file, placeholder: "FILE", phrase: "the name of a file"),
            help: "the script to write"
        ),
        examples: [Example("record /dev/null")]
    ) { (host: inout ShellHost, path: Located<String>) throws(Diagnostic) -> Output in
        if host.notebook.isIncomplete {
            host.output.report(
                Diagnostic.warning(
                    "a line that failed half way had changed the world; the record lacks it",
                    at: path.range
                )
            )
        }
        let text = host.notebook.script(seed: host.fixedSeed)
        do throws(FileError) {
            try FileStore.write(Array(text.utf8), to: path.node)
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
        return .none
    }

    private static let name = ArgumentKind.word("NAME", phrase: "a short word")

    static let alias = Command<ShellHost>(
        "alias",
        group: group,
        summary: "Make a short word for the beginning of a line typed at the prompt.",
        discussion:
            "Scripts know no short words, so that they mean the same for everybody; one that "
            + "is always wanted stands in init.pfsh.",
        .argument("name", kind: name, help: "the short word"),
        .argument("text", help: "what it stands for"),
        examples: [Example("alias sp show phones")]
    ) { (host: inout ShellHost, name: Located<String>, text: RestOfLine) throws(Diagnostic) in
        let known = host.registry?.grammar.commands.map { $0.path[0] } ?? []
        guard !(known + StatementHelp.all.map(\.name)).contains(name.node) else {
            throw Diagnostic("\(name.node) is a word of the language", at: name.range)
        }
        guard !text.text.isEmpty else { throw Diagnostic("expected what \(name.node) stands for") }
        host.notebook.define(Notebook.Alias(name: name.node, text: text.text))
        return .none
    }.undone(
        by: Command<ShellHost>(
            "alias",
            group: group,
            summary: "Take a short word away.",
            .argument("name", kind: name, help: "the short word"),
            examples: [Example("no alias sp", setup: ["alias sp show phones"])]
        ) { (host: inout ShellHost, name: Located<String>) throws(Diagnostic) in
            guard host.notebook.forget(name.node) else {
                throw Diagnostic("there is no short word \(name.node)", at: name.range)
            }
            return .none
        }
    )

    static let result = Command<ShellHost>(
        "result",
        group: group,
        summary: "Give a value that came of this run a name.",
        discussion: "`show results` shows it, and `pfsh sweep` writes it into the line of the run. "
            + "Of several values of one name the last counts.",
        .argument("name", help: "what to call it"),
        .argument("value", help: "what came of it"),
        examples: [
            Example("result depth 2 + 1"),
            Example("result resting count(state idle)", setup: WorldCommands.setup),
        ]
    ) { (host: inout ShellHost, name: Located<NewName>, value: Value) throws(Diagnostic) in
        guard !RunResults.standardNames.contains(name.node.text) else {
            throw Diagnostic(
                "\(name.node.text) is a result of every run; take another name",
                at: name.range
            )
        }
        host.results.set(name.node.text, to: value)
        return .none
    }

    static let showResults = Command<ShellHost>(
        "show results",
        group: group,
        summary: "List what came of the run so far.",
        examples: [Example("show results", setup: ["result depth 3"])]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        var table = Table(columns: [.init("result"), .init("value", .right)])
        for (name, value) in host.results.all(in: host.world) {
            table.append([.string(name), value])
        }
        return .table(table)
    }

    static let showAliases = Command<ShellHost>(
        "show aliases",
        group: group,
        summary: "List the short words.",
        examples: [Example("show aliases", setup: ["alias sp show phones"])]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        var table = Table(columns: aliasColumns)
        for alias in host.notebook.aliases {
            table.append([.string(alias.name), .string(alias.text)])
        }
        return .table(table)
    }.giving(aliasColumns)

    private static let aliasColumns = [Table.Column("name"), Table.Column("stands for")]
}
