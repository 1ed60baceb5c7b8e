// Runs told by their logs: the story of the present one, and two of them side by side.

import Interpreter
import PFSRuntime

enum RunCommands {
    static let all = [show, compare]

    static let show = Command<ShellHost>(
        "show story",
        group: ShowCommands.group,
        summary: "Show what of this run is the same wherever it runs, read from its log.",
        discussion:
            "Who was root of how many files, whether the trees were as flat as they may be, "
            + "how files came, and who runs what. The same scenario tells the same story in the "
            + "simulation and on a network, though moments and children differ. Lines that `log level` "
            + "left out are not told.",
        examples: [Example("show story", setup: ShowCommands.pushed)]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        let lines = try LogView().lines(of: nil, last: nil, in: host)
        var story = LogStory()
        var reader = story.reader(name: "this run")
        var told: [LoggedLine] = []
        for line in lines { reader.feed(Array(line.utf8) + [newLine]) { told.append($0) } }
        reader.finish { told.append($0) }
        for line in told { story.add(line, of: reader) }
        story.end(reader)
        guard !story.phones.isEmpty else {
            throw Diagnostic("the log tells of no phone yet", hints: ["`push` gives one to do"])
        }
        return .table(ToldRun(story, name: "this run").storyTable)
    }.giving(ToldRun.storyColumns)

    private static let newLine = UInt8(ascii: "\n")

    /// Writes two logs of a run that differ.
    private static let setup =
        WorldCommands.setup + [
            "pfs enterprise on", "push 9.4(2)SR1 to all", "run 60s",
            "show log | save /tmp/pfsh-first.log", "run 60s",
            "show log | save /tmp/pfsh-second.log",
        ]

    static let compare = Command<ShellHost>(
        "compare runs",
        group: UpgradeCommands.group,
        summary: "Compare two runs by their logs: the stories, and the timelines side by side.",
        discussion:
            "A run's log is what `--log FILE` or `show log | save FILE` wrote, or what real phones "
            + "printed; of a run of several shells or phones, files with commas between. Phones are the same "
            + "if their names are, else if their addresses are. Another root, method or ending is another "
            + "story; another parent is only said, and moments count from the first line of each log and "
            + "differ only with `within`. JSON and CSV have all of it in columns of its own. This world "
            + "stays as it is.",
        .argument("first", kind: .file, help: "the log of a run; several with commas between"),
        .argument("second", kind: .file, help: "the log of another"),
        .option("within", help: "how far apart moments may be; any distance if not given"),
        mayBeAbbreviated: false,
        examples: [
            Example("compare runs /tmp/pfsh-first.log /tmp/pfsh-second.log", setup: setup),
            Example(
                "compare runs /tmp/pfsh-first.log /tmp/pfsh-second.log within 500ms "
                    + "| where story_differs == on",
                setup: setup
            ),
        ]
    ) {
        (
            host: inout ShellHost,
            first: Located<String>,
            second: Located<String>,
            within: Located<DurationArgument>?
        ) throws(Diagnostic) -> Output in
        if let within, within.node.nanoseconds < 0 {
            throw Diagnostic("expected a duration of 0s or more", at: within.range)
        }
        let comparison = RunComparison(
            first: try read(first, in: host),
            second: try read(second, in: host),
            toleranceMicroseconds: within.map { $0.node.nanoseconds / 1_000 }
        )
        return .table(comparison.table)
    }.giving(RunComparison.columns)

    private static func read(
        _ argument: Located<String>,
        in host: ShellHost
    ) throws(Diagnostic) -> ToldRun {
        let paths = argument.node.split(separator: ",").map {
            Located(String($0), at: argument.range)
        }
        guard !paths.isEmpty else {
            throw Diagnostic("expected the name of a log", at: argument.range)
        }
        let story = try LogImport.read(paths, in: host)
        guard !story.phones.isEmpty else {
            throw Diagnostic(
                "\(argument.node) tells of no phone",
                at: argument.range,
                hints: ["`--log FILE`, or `show log | save FILE`, writes the log of a run"]
            )
        }
        return ToldRun(story, name: argument.node)
    }
}
