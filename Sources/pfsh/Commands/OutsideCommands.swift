// Other programs: `!command` hands a line to the user's shell.

import Glibc
import Interpreter

enum OutsideCommands {
    static let all = [shell]

    static let shell = Command<ShellHost>(
        "!",
        group: SessionCommands.group,
        summary: "Have the shell of the system, sh, do something.",
        discussion:
            "The command stands right behind the `!`, up to the end of the line. At the prompt "
            + "it has the terminal; elsewhere, where `pfsh --allow-shell` permits it, its output is "
            + "this command's and its input is empty. No record and no script otherwise holds one. "
            + "`!` with a blank behind it begins a comment.",
        .argument(
            "command",
            kind: RestOfLine.argumentKind.called("COMMAND"),
            help: "what sh is to do"
        ),
        changesWorld: false,
        mayBeAbbreviated: false,
        examples: [Example("!echo hello")]
    ) { (host: inout ShellHost, command: Located<RestOfLine>) throws(Diagnostic) -> Output in
        let text = command.node.text
        var lines: [String] = []
        let status: Int32
        if host.isInteractive {
            status = onTerminal(text)
            // Ctrl-C was meant for the command.
            _ = Interrupt.take()
        } else {
            let answer = try captured(text, at: command.range)
            lines = answer.lines
            status = answer.status
            try host.checkInterrupt()
        }
        guard status == 0 else {
            for line in lines { host.output.print([line]) }
            throw Diagnostic(reason(status), at: command.range, kind: .outside)
        }
        return lines.isEmpty ? .none : .lines(lines)
    }

    /// What became of a process, by what waiting for it gave.
    private static func reason(_ status: Int32) -> String {
        guard status != -1 else { return "sh could not be started" }
        let signal = status & 0x7F
        guard signal == 0 else { return "the command was ended by signal \(signal)" }
        return "the command ended with status \((status >> 8) & 0xFF)"
    }

    /// Ctrl-C is the command's as long as it runs; the terminal is afterwards as it was.
    private static func onTerminal(_ command: String) -> Int32 {
        TerminalMode.asUsual { system(command) }
    }

    /// The most that is kept of a command's output: own choice, so that none takes all memory.
    private static let byteLimit = 16 << 20

    private static func captured(
        _ command: String,
        at range: SourceRange
    ) throws(Diagnostic) -> (lines: [String], status: Int32) {
        guard let stream = popen("{ \(command)\n} </dev/null", "re") else { return ([], -1) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var isWhole = true
        while true {
            let count = read(fileno(stream), &piece, piece.count)
            if count < 0, errno == EINTR, !Interrupt.isPending { continue }
            guard count > 0 else { break }
            bytes += piece[..<count]
            if bytes.count > byteLimit {
                isWhole = false
                break
            }
        }
        let status = pclose(stream)
        guard isWhole else {
            throw Diagnostic(
                "the command says more than \(byteLimit >> 20) MiB",
                at: range,
                kind: .outside
            )
        }
        var lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return (lines, status)
    }
}
