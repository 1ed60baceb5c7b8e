// `pfsh fmt`: scripts in standard form, with their comments.

import ArgumentParser
import Interpreter
import NetIO

/// The call `pfsh fmt`.
struct FormatCall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt",
        _superCommandName: "pfsh",
        abstract: "Print scripts in their standard form.",
        discussion: """
            One statement a line, four blanks a level, one blank line at most; comments stay. A script \
            with errors is not formatted.
            """
    )

    @Flag(
        help: "Print nothing but the names of scripts in another form; status 1 if there are any."
    )
    var check = false

    @Flag(help: "Write the standard form into the files instead of printing it.")
    var write = false

    @OptionGroup var scripts: ScriptFiles

    func validate() throws {
        if check, write { throw ValidationError("--check and --write exclude each other") }
    }

    /// Formats; answers 0, 1 if `--check` found another form, 2 if a script is wrong, 3 if a file
    /// cannot be read or written.
    func status() -> Int32 {
        let output = ShellOutput.standard(.auto)
        let session = Session(output: output)
        var status: Int32 = 0
        for path in scripts.files {
            do throws(Diagnostic) {
                let source = try ScriptFile.read(path)
                guard let text = try session.formatted(source) else {
                    status = max(status, Diagnostic.Kind.mistake.exitStatus)
                    continue
                }
                if try !settle(source, text, path, output) { status = max(status, 1) }
            } catch {
                output.report(error)
                status = max(status, error.kind.exitStatus)
            }
        }
        return status
    }

    /// Does with a standard form what the call asks for; false if `--check` found another one.
    private func settle(
        _ source: SourceText,
        _ text: String,
        _ path: String,
        _ output: ShellOutput
    ) throws(Diagnostic) -> Bool {
        let isStandard = source.bytes == Array(text.utf8)
        if check {
            if !isStandard { output.print([path]) }
            return isStandard
        }
        guard write else {
            output.emit(
                .lines(
                    text.split(separator: "\n", omittingEmptySubsequences: false)
                        .dropLast().map(String.init)
                )
            )
            return true
        }
        guard !isStandard else { return true }
        do throws(FileError) {
            try FileStore.write(Array(text.utf8), to: path)
        } catch {
            throw Diagnostic(error.description, kind: .outside)
        }
        return true
    }
}
