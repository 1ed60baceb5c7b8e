// `pfsh shrink`: a script that fails, made as small as it gets while it fails for the same reason.

import ArgumentParser
import Glibc
import Interpreter
import NetIO

/// The call `pfsh shrink`.
struct ShrinkCall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shrink",
        _superCommandName: "pfsh",
        abstract: "Make a failing script as small as it gets.",
        discussion: """
            Takes away phones, lines, words and digits as long as the script fails for the same reason: \
            the same invariant, or an expectation. Prints the script; status 0 if it is one that fails, \
            2 if the script given does not.
            """
    )

    @ArgumentParser.Argument(
        help: "A script that fails.",
        completion: .file(extensions: ["pfsh"])
    )
    var file: String

    @Option(help: ArgumentHelp("Write the script to a file.", valueName: "file"))
    var out: String?

    @Option(help: ArgumentHelp("Stop after so many seconds.", valueName: "n"))
    var seconds = 50

    func validate() throws {
        guard (1...86_400).contains(seconds) else {
            throw ValidationError("--seconds is 1 to 86400, not \(seconds)")
        }
    }

    /// Shrinks; answers the status.
    func status() -> Int32 {
        let output = ShellOutput.standard(.auto)
        do throws(Diagnostic) {
            let source = try ScriptFile.read(file)
            let text = String(decoding: source.bytes, as: UTF8.self)
            let small = try ShrunkScript(text: text, seconds: seconds)
            guard let out else {
                output.print([String(small.text.dropLast())])
                return 0
            }
            do throws(FileError) {
                try FileStore.write(Array(small.text.utf8), to: out)
            } catch {
                throw Diagnostic(error.description, kind: .outside)
            }
            output.print([small.summary])
            return 0
        } catch {
            output.report(error)
            guard error.kind == .interrupted else { return error.kind.exitStatus }
            return Interrupt.isTerminated ? 143 : error.kind.exitStatus
        }
    }
}

/// A script made small, with what it is on top.
struct ShrunkScript {
    /// The script, with comments on top.
    let text: String
    /// What came of it in one line.
    let summary: String
    /// The reason for which it fails.
    let reason: String
    /// The phones that it makes.
    let phoneCount: Int
    /// Its lines without the comments.
    let lineCount: Int

    /// Makes a script small.
    ///
    /// Throws a diagnostic if the script does not fail, or the user stops it.
    init(text: String, seconds: Int) throws(Diagnostic) {
        var shrinker = try Shrinker(text: text, seconds: seconds)
        try shrinker.shrink()
        reason = shrinker.reason
        phoneCount = shrinker.script.phoneCount
        lineCount = shrinker.script.lines.count
        let count = Counted.text(phoneCount, "phone")
        summary = "fails by \(reason): \(count), \(Counted.text(lineCount, "line"))"
        self.text = "# \(summary)\n" + shrinker.script.text
    }
}
