// The session itself: what was typed, what of it can be repeated, short words.

import Interpreter
import NetIO

enum SessionCommands {
    static let group = HelpCommands.group
    static let all = [
        history, undo, record, alias, showAliases, theme, pager, result, showResults,
    ]

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

    static let undo = Command<ShellHost>(
        "undo",
        group: group,
        summary: "Take back the last line typed that changed the world, a run too.",
        discussion: "The world is again as it was before that line, its clock too, and the record "
            + "of the session lacks the line; variables, and what waits for its time, stay. "
            + "At the prompt only, and not to be undone itself. Worlds are kept up to 256 MiB and "
            + "100 lines; one that takes more by itself cannot be undone.",
        .argument("count", default: 1, shownAs: "1", help: "how many lines"),
        changesWorld: false,  // or it would be a line to take back itself
        mayBeAbbreviated: false,
        examples: [Example("undo", setup: WorldCommands.setup)]
    ) { (host: inout ShellHost, count: Int) throws(Diagnostic) -> Output in
        guard count > 0 else { throw Diagnostic("expected a count of 1 or more") }
        try host.checkClockIsVirtual("taking a line back")
        let kept = host.undoHistory.steps.count
        guard count <= kept else { throw missingStep(count, in: host) }
        var lines: [String] = []
        for _ in 0..<count {
            guard let step = host.undoHistory.takeLast() else { break }
            host.goBack(to: step)
            let first = step.text.split(separator: "\n").first ?? ""
            lines.append("undone: \(first.count > 60 ? first.prefix(59) + "~" : first)")
        }
        return .lines(lines)
    }

    /// Why so many lines cannot be taken back.
    static func missingStep(_ count: Int, in host: ShellHost) -> Diagnostic {
        let history = host.undoHistory
        if !history.isOn {
            return Diagnostic("only what is typed at the prompt can be undone")
        }
        if let bytes = history.refusedBytes {
            return Diagnostic(
                "a copy of this world takes about \(bytes >> 20) MiB, and "
                    + "\(history.budgetBytes >> 20) MiB are kept: nothing to undo"
            )
        }
        let kept = history.steps.count
        return Diagnostic(
            kept == 0 ? "nothing to undo" : "only \(Counted.text(kept, "line")) can be undone"
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

    static let theme = Command<ShellHost>(
        "theme",
        group: group,
        summary: "Choose how output is coloured on a terminal.",
        discussion:
            "Colour never says anything that words do not. One that is always wanted stands "
            + "in init.pfsh; NO_COLOR and `--color never` switch all of it off.",
        .argument("theme", help: "how it looks"),
        examples: [Example("theme plain")]
    ) { (host: inout ShellHost, theme: Theme) throws(Diagnostic) -> Output in
        host.output.theme = theme
        return .none
    }

    static let pager = Command<ShellHost>(
        "set pager",
        group: group,
        summary: "Say whether output longer than the screen goes to the pager.",
        discussion:
            "The pager is $PAGER, or `less -FRX`; an empty variable switches it off. It shows "
            + "what one command typed at the prompt says, on a terminal only.",
        .argument("value", help: "whether it does; on at first"),
        examples: [Example("set pager off")]
    ) { (host: inout ShellHost, isOn: Bool) throws(Diagnostic) -> Output in
        host.output.pager?.isOn = isOn
        return .none
    }
}
