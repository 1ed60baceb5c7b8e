// `pfsh check`: every error of every script at once, without running any of them.

import ArgumentParser
import Interpreter

/// The call `pfsh check`.
struct CheckCall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        _superCommandName: "pfsh",
        abstract: "Report all errors of scripts without running them."
    )

    @OptionGroup var scripts: ScriptFiles

    @Option(help: "Colour errors: auto, always or never.")
    var color = ColorChoice.auto

    @Flag(help: "Print an array with one JSON object for each error instead of text.")
    var json = false

    /// Checks; answers 0, 2 if a script is wrong, 3 if one cannot be read.
    func status() -> Int32 {
        let output = ShellOutput.standard(color)
        let session = Session(output: output)
        var status: Int32 = 0
        var found: [Diagnostic] = []
        for path in scripts.files {
            do throws(Diagnostic) {
                found += session.check(try ScriptFile.read(path))
            } catch {
                found.append(error)
            }
        }
        for diagnostic in found {
            if diagnostic.severity == .error { status = max(status, diagnostic.kind.exitStatus) }
            if !json { output.report(diagnostic) }
        }
        if json { output.print([JSONText.array(found.map(\.json)).text]) }
        return status
    }
}
