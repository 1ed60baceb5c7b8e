// `pfsh check`: every error of every script at once, without running any of them.

import ArgumentParser
import Interpreter

/// The call `pfsh check`.
struct CheckCall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        _superCommandName: "pfsh",
        abstract: "Report all errors of scripts without running them.",
        discussion: """
            Names, types and arguments are checked too, in the scripts that are sourced as well. A script \
            that another one of the call sources is checked there and not by itself. Warnings leave the \
            status at 0.
            """
    )

    @OptionGroup var scripts: ScriptFiles

    @Option(help: "Colour errors: auto, always or never.")
    var color = ColorChoice.auto

    @Flag(help: "A warning counts as an error.")
    var strict = false

    @Flag(help: "Print an array with one JSON object for each error instead of text.")
    var json = false

    /// Checks; answers 0, 2 if a script is wrong, 3 if one cannot be read.
    func status() -> Int32 {
        let output = ShellOutput.standard(color)
        let session = Session(output: output)
        var status: Int32 = 0
        var results: [(path: String, result: CheckResult)] = []
        for path in scripts.files {
            do throws(Diagnostic) {
                results.append((path, session.check(try ScriptFile.read(path))))
            } catch {
                results.append((path, CheckResult(diagnostics: [error], sourced: [])))
            }
        }
        let found = Self.findings(results)
        for diagnostic in found {
            if strict || diagnostic.severity == .error {
                status = max(status, diagnostic.kind.exitStatus)
            }
            if !json { output.report(diagnostic) }
        }
        if json { output.print([JSONText.array(found.map(\.json)).text]) }
        return status
    }

    /// What was found, of scripts that others source only there.
    private static func findings(
        _ results: [(path: String, result: CheckResult)]
    ) -> [Diagnostic] {
        var kept = results
        // Of scripts that source one another the last one stays.
        for (path, _) in results {
            let isSourced = kept.contains {
                $0.path != path && $0.result.sourced.map(plain).contains(plain(path))
            }
            if isSourced { kept.removeAll { $0.path == path } }
        }
        return kept.flatMap(\.result.diagnostics)
    }

    /// A path without the dots in front that say the same folder.
    private static func plain(_ path: String) -> Substring {
        var path = path[...]
        while path.hasPrefix("./") { path = path.dropFirst(2) }
        return path
    }
}
