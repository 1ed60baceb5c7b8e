// A bug report of the present run.

import Interpreter

enum ReportCommands {
    static let all = [report]

    static let report = Command<ShellHost>(
        "report",
        group: CommandGroup("Check"),
        summary: "Write a report of this run, for a ticket: `pfsh replay` runs it again.",
        discussion:
            "One plain-text file: version and system, seed, the script or what was typed as "
            + "`record` keeps it, the fingerprint where orders were given and at the end, the last "
            + "lines of the log, the last error, and a check of each event. Of paths only the last part is "
            + "told, of the user and the machine no name. `--report FILE` writes it when a "
            + "run fails, or at the end. What was on a real network cannot be run again, and the report says so.",
        .argument(
            "file",
            kind: ArgumentKind(.file, placeholder: "FILE", phrase: "the name of a file"),
            help: "the report to write"
        ),
        .flag("paths", help: "tell paths as they are"),
        examples: [Example("report /dev/null", setup: TravelCommands.setup)]
    ) { (host: inout ShellHost, path: Located<String>, tellsPaths: Bool) throws(Diagnostic) in
        host.notebook.reportCount += 1
        let number = host.notebook.reportCount
        do throws(Diagnostic) {
            try RunReport.write(
                host.report(number: number, tellsPaths: tellsPaths),
                to: host.path(of: path.node)
            )
        } catch {
            var placed = error
            placed.range = path.range
            throw placed
        }
        return .none
    }
}
