// The entry point: what the call asks for, and the exit status. 0 all well; 1 an expectation failed;
// 2 the script or the call is wrong; 3 the world outside failed; 130 interrupted; 143 terminated.

import ArgumentParser
import Glibc
import Interpreter

/// The version of the shell.
enum Version {
    /// As `--version` prints it.
    static let text = "0.1.0"
}

/// The call of the process.
struct PFSH: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pfsh",
        abstract: "An interactive shell and scripting language for Peer Firmware Sharing.",
        discussion: """
            Simulates IP phones that upgrade their firmware together. Without a script it prompts, \
            or reads commands from standard input when that is not a terminal. It never speaks to \
            real phones.
            """,
        version: Version.text
    )

    @Option(
        name: .customShort("c"),
        help: ArgumentHelp("Run these commands instead of a script.", valueName: "commands")
    )
    var commands: String?

    @Option(
        help: ArgumentHelp(
            "The seed of all chance; outranks `seed N` in a script.",
            valueName: "number"
        )
    )
    var seed: UInt64?

    @Flag(help: "Do not greet at the prompt.")
    var quiet = false

    @ArgumentParser.Argument(
        parsing: .captureForPassthrough,
        help: "A script, and its arguments: $1, $2 and so on, all of them $args."
    )
    var script: [String] = []

    /// What stands before the script and is no option of the shell was captured with it.
    func validate() throws {
        guard let first = script.first, first.hasPrefix("-"), first != "-" else { return }
        switch first {
        case "--help", "-h": throw CleanExit.helpRequest(self)
        case "--version": throw CleanExit.message(Version.text)
        default: throw ValidationError("unknown option \(first)")
        }
    }

    /// Does what the call asks for; answers the exit status.
    func status() -> Int32 {
        Interrupt.install()
        let output = ShellOutput.standard()
        if let commands {
            let session = Session(output: output, seed: seed)
            session.setArguments(script)
            return settle(session.run(commands, name: "-c", mode: .script).exitStatus)
        }
        if let path = script.first {
            let session = Session(output: output, seed: seed)
            session.setArguments(Array(script.dropFirst()))
            return settle(session.runFile(path).exitStatus)
        }
        if LineEditor.isPossible {
            let session = Session(output: output, isInteractive: true, seed: seed)
            let path = History.standardPath { name in getenv(name).map { String(cString: $0) } }
            let history = History(path: path)
            let greeting = quiet ? nil : Prompt.greeting
            if let status = Prompt.interact(session, history, greeting, output) { return status }
        }
        return settle(Prompt.obey(Session(output: output, seed: seed), output: output))
    }

    /// A process that was asked to end says so by its status, whatever it was doing.
    private func settle(_ status: Int32) -> Int32 { Interrupt.isTerminated ? 143 : status }
}

@main
enum Main {
    static func main() {
        do {
            exit(try PFSH.parse().status())
        } catch {
            let isQuestion = PFSH.exitCode(for: error) == .success
            let text = PFSH.fullMessage(for: error) + "\n"
            _ = text.withCString {
                write(isQuestion ? STDOUT_FILENO : STDERR_FILENO, $0, strlen($0))
            }
            exit(isQuestion ? 0 : 2)
        }
    }
}
