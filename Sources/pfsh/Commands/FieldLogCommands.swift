// Logs of real phones: reading them, and drafting a script that reproduces what they tell.

import Interpreter
import NetIO
import PFSRuntime

enum FieldLogCommands {
    static let all = [importLog, show, exportScript]

    /// Writes the log that examples read: that of TechNote 200615 would do as well.
    static let setup =
        WorldCommands.setup + [
            "pfs enterprise on", "push 9.4(2)SR1 to all", "run 60s",
            "show log P1 | save /tmp/pfsh-field.log",
        ]

    static let importLog = Command<ShellHost>(
        "import log",
        group: group,
        summary:
            "Read logs of phones' consoles: who had which file from whom, and what came of it.",
        discussion:
            "Console logs as phones print them, with numbers in front, other processes between, "
            + "through syslog, of 78xx phones, copied out of documents, several phones in one file or "
            + "one file for each; of any size. A line that says no phone's name belongs to the phone "
            + "that is called as the file. Lines that are not understood are counted. JSON and CSV "
            + "have the values that the lines print. `diagnose` and `export script` then speak of these "
            + "logs; the world stays as it is. `no import log` forgets them.",
        .rest("file", kind: .file, help: "the logs"),
        mayBeAbbreviated: false,
        examples: [Example("import log /tmp/pfsh-field.log", setup: setup)]
    ) { (host: inout ShellHost, paths: [Located<String>]) throws(Diagnostic) -> Output in
        let story = try LogImport.read(paths, in: host)
        host.importedLogs = story
        var table = LogTimeline.table(story)
        table.footer = LogVerdict(story).lines.joined(separator: "\n")
        return .table(table)
    }.giving(LogTimeline.columns).undone(
        by: Command<ShellHost>(
            "import log",
            group: group,
            summary: "Forget the logs that were read.",
            examples: [
                Example(
                    "no import log",
                    setup: setup + ["import log /tmp/pfsh-field.log"]
                )
            ]
        ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
            _ = try imported(in: host)
            host.importedLogs = nil
            return .none
        }
    )

    static let group = LogCommands.group

    private static let countColumns = [
        Table.Column("log"), Table.Column("phones", .right), Table.Column("lines", .right),
        Table.Column("understood", .right), Table.Column("unknown words", .right),
        Table.Column("others", .right), Table.Column("unknown", .right),
        Table.Column("blank", .right, use: .data), Table.Column("binary", .right, use: .data),
        Table.Column("endless", .right, use: .data), Table.Column("mended", .right),
        Table.Column("misplaced", .right, use: .data), Table.Column("bytes", .right, use: .data),
    ]

    static let show = Command<ShellHost>(
        "show imported",
        group: group,
        summary: "Show which logs were read, and how much of each was understood.",
        examples: [
            Example("show imported", setup: setup + ["import log /tmp/pfsh-field.log"])
        ]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        var table = Table(columns: countColumns)
        for log in host.importedLogs?.logs ?? [] {
            let counts = log.counts
            let numbers = [
                log.phones, counts.lines, counts.understood, counts.unknownDownload,
                counts.otherProcesses, counts.unknown, counts.blank, counts.binary, counts.endless,
                counts.mended, counts.misplaced, counts.bytes,
            ]
            table.append([.string(log.name)] + numbers.map { .integer(Int64($0)) })
        }
        return .table(table)
    }.giving(countColumns)

    static let exportScript = Command<ShellHost>(
        "export script",
        group: group,
        summary: "Draft a script that reproduces what the logs that were read tell.",
        discussion:
            "Phones, addresses and models as the lines say them, transaction ids, maps, strengths "
            + "and hashes pinned, each phone reset at the time of its first line, and what the logs show "
            + "as expectations. What no line says is assumed and marked so: look at it.",
        .argument("file", kind: .file, help: "the script to write"),
        mayBeAbbreviated: false,
        examples: [
            Example(
                "export script /tmp/pfsh-draft.pfsh",
                setup: setup + ["import log /tmp/pfsh-field.log"]
            )
        ]
    ) { (host: inout ShellHost, path: Located<String>) throws(Diagnostic) -> Output in
        let text = try DraftScript.text(try imported(in: host), catalog: host.world.catalog)
        do throws(FileError) {
            try FileStore.write(Array(text.utf8), to: host.path(of: path.node))
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
        return .none
    }

    /// The logs that were read; an error where none was.
    static func imported(in host: ShellHost) throws(Diagnostic) -> LogStory {
        guard let story = host.importedLogs else {
            throw Diagnostic("no log was read", hints: ["`import log FILE` reads one"])
        }
        return story
    }
}
