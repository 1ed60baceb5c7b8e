// `pfsh replay`: the run of a report once more, and whether it is the same.

import ArgumentParser
import Interpreter

/// The call `pfsh replay`.
struct ReplayCall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        _superCommandName: "pfsh",
        abstract: "Run a report again, and say whether it is the same run.",
        discussion: """
            Names the first event that differs. What reaches beyond the world is passed over: nothing is \
            written, no socket is opened, no program run. Status 0: the same run; 1: another one; 2: no \
            report, or one that cannot be run; 3: it cannot be read.
            """
    )

    @ArgumentParser.Argument(help: "A report, as `report FILE` writes it.", completion: .file())
    var file: String

    @Flag(help: "Print what the run prints.")
    var show = false

    /// Runs the report; answers the status.
    func status() -> Int32 {
        let output = ShellOutput.standard(.auto)
        do throws(Diagnostic) {
            let report = try ReportReader.read(file)
            let replay = try Replay(report) { text in
                if show { output.print([text.last == "\n" ? String(text.dropLast()) : text]) }
            }
            let verdict = replay.verdict()
            output.print(verdict.lines)
            return verdict.isSame ? 0 : 1
        } catch {
            output.report(error)
            guard error.kind == .interrupted else { return error.kind.exitStatus }
            return Interrupt.isTerminated ? 143 : error.kind.exitStatus
        }
    }
}
