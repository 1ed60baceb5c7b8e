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

/// The options of a session.
struct ShellOptions: ParsableArguments {
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

    @Flag(
        help: ArgumentHelp(
            "Answer one JSON object for each command read, or for the whole script.",
            discussion: "With ok, value or error, and the clock; a session goes on behind an error."
        )
    )
    var json = false

    @Option(help: "Colour output: auto, always or never; auto heeds NO_COLOR.")
    var color = ColorChoice.auto

    @Option(
        help: ArgumentHelp(
            "Write the log of all phones to a file while time passes.",
            valueName: "file"
        ),
        completion: .file()
    )
    var log: String?

    @Option(
        help: ArgumentHelp(
            "Write a report when a run fails, or at the end.",
            discussion: "One file for a ticket, which `pfsh replay` runs again."
        ),
        completion: .file()
    )
    var report: String?

    @Flag(
        help: ArgumentHelp(
            "Let scripts run other programs: `!command`.",
            discussion: "The prompt always does."
        )
    )
    var allowShell = false

    @Flag(help: "Do not greet at the prompt.")
    var quiet = false

    @Flag(help: "Do not run ~/.config/pfsh/init.pfsh at the prompt.")
    var noInit = false
}

/// The call of the process.
struct PFSH: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pfsh",
        abstract: "An interactive shell and scripting language for Peer Firmware Sharing.",
        discussion: """
            Simulates IP phones that upgrade their firmware together. Without a script it prompts, \
            or reads commands from standard input when that is not a terminal. It never speaks to \
            real phones. A file called check, fmt, test, sweep, storm, \
            shrink, replay or help is run by its path: ./test.
            """,
        version: Version.text,
        subcommands: [
            CheckCall.self, FormatCall.self, TestCall.self, SweepCall.self,
            StormCall.self, ShrinkCall.self, ReplayCall.self,
        ]
    )

    @OptionGroup var options: ShellOptions

    @ArgumentParser.Argument(
        parsing: .captureForPassthrough,
        help: "A script, and its arguments: $1, $2 and so on, all of them $args.",
        completion: .file(extensions: ["pfsh"])
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
        let output = ShellOutput.standard(options.color)
        do throws(Diagnostic) {
            let status = settle(try run(output))
            guard output.failure.errorNumber != nil else { return status }
            output.reportFailure()
            return 3
        } catch {
            output.report(error)
            return error.kind.exitStatus
        }
    }

    private func run(_ output: ShellOutput) throws(Diagnostic) -> Int32 {
        let isPrompt =
            options.commands == nil && script.isEmpty && !options.json && LineEditor.isPossible
        let session = Session(
            output: output,
            isInteractive: isPrompt,
            seed: options.seed,
            answersInJSON: options.json,
            allowsShell: options.allowShell
        )
        defer { session.close() }
        if let report = options.report { try session.beginReport(to: report) }
        if let log = options.log { session.writeLog(to: try LogFile(path: log)) }
        if let commands = options.commands {
            session.setArguments(script)
            session.setCall(ProcessCall(rest: ["-c", commands] + script))
            return session.run(commands, name: "-c", mode: .script).exitStatus
        }
        if let path = script.first {
            session.setArguments(Array(script.dropFirst()))
            session.setCall(ProcessCall(rest: script))
            return session.runFile(path).exitStatus
        }
        if isPrompt {
            output.pager = Pager(environment: Environment.value)
            let history = History(path: History.standardPath(environment: Environment.value))
            let greeting = options.quiet ? nil : Prompt.greeting
            let initialScript =
                options.noInit ? nil : Prompt.initialScript(environment: Environment.value)
            if let status = Prompt.interact(session, history, greeting, initialScript, output) {
                return status
            }
        }
        return Prompt.obey(session, output: output)
    }

    /// A process that was asked to end says so by its status, whatever it was doing.
    private func settle(_ status: Int32) -> Int32 { Interrupt.isTerminated ? 143 : status }
}

@main
enum Main {
    static func main() {
        openMissingStreams()
        Interrupt.install()
        exit(status(of: Array(CommandLine.arguments.dropFirst())))
    }

    /// Puts something in the place of closed standard streams, which the next descriptor made
    /// would take otherwise: an input that is at its end, an output that cannot be written, errors unheard.
    private static func openMissingStreams() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// The first argument alone decides whether it is a call of its own: behind an option, or with a
    /// path in front, the same word is the name of a script.
    private static func status(of arguments: [String]) -> Int32 {
        let rest = Array(arguments.dropFirst())
        switch arguments.first {
        case CheckCall._commandName: return settle(rest) { (call: CheckCall) in call.status() }
        case FormatCall._commandName: return settle(rest) { (call: FormatCall) in call.status() }
        case TestCall._commandName: return settle(rest) { (call: TestCall) in call.status() }
        case StormCall._commandName: return settle(rest) { (call: StormCall) in call.status() }
        case ShrinkCall._commandName: return settle(rest) { (call: ShrinkCall) in call.status() }
        case ReplayCall._commandName: return settle(rest) { (call: ReplayCall) in call.status() }
        case SweepCall._commandName: return settle(rest) { (call: SweepCall) in call.status() }
        case "help": return help(on: rest.first)
        case "--generate-completion-script":
            guard let shell = CompletionShell(rawValue: rest.first ?? "") else {
                return say("Error: completions are for bash, zsh or fish", isQuestion: false)
            }
            return say(CompletedCall.script(for: shell), isQuestion: true)
        default: break
        }
        do {
            return try PFSH.parse(arguments).status()
        } catch {
            let isQuestion = PFSH.exitCode(for: error) == .success
            return say(PFSH.fullMessage(for: error), isQuestion: isQuestion)
        }
    }

    private static func settle<Call: ParsableCommand>(
        _ arguments: [String],
        _ status: (Call) -> Int32
    ) -> Int32 {
        do {
            return status(try Call.parse(arguments))
        } catch {
            guard PFSH.exitCode(for: error) != .success else {
                return say(PFSH.helpMessage(for: Call.self), isQuestion: true)
            }
            let usage = PFSH.usageString(for: Call.self)
            return say("Error: \(Call.message(for: error))\n\(usage)", isQuestion: false)
        }
    }

    private static func help(on name: String?) -> Int32 {
        guard let name else { return say(PFSH.helpMessage(), isQuestion: true) }
        let call = PFSH.configuration.subcommands.first { $0._commandName == name }
        guard let call else {
            return say(
                "Error: there is no call \(name); `pfsh -c 'help \(name)'` explains a command",
                isQuestion: false
            )
        }
        return say(PFSH.helpMessage(for: call), isQuestion: true)
    }

    private static func say(_ text: String, isQuestion: Bool) -> Int32 {
        _ = (text + "\n").withCString {
            write(isQuestion ? STDOUT_FILENO : STDERR_FILENO, $0, strlen($0))
        }
        return isQuestion ? 0 : 2
    }
}
