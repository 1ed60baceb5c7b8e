// Output that is longer than the screen, shown by the user's own program: $PAGER, or `less -FRX`. Only
// what one command typed at the prompt says goes there, and only on a terminal.

import CLineEdit
import Glibc

/// The program that shows long output.
final class Pager {
    /// Whether `set pager` leaves it on.
    var isOn = true
    /// Whether the command that runs now was typed by itself at the prompt.
    var isWanted = false
    private let command: String

    /// What stands in for $PAGER: quits where one screen is enough, shows colours, leaves the screen.
    private static let standardCommand = "less -FRX"

    /// The pager of the environment; nil where there is none to ask, or it is switched off by an empty
    /// variable.
    init?(environment: (String) -> String?) {
        guard isatty(STDOUT_FILENO) == 1, environment("TERM") ?? "dumb" != "dumb" else {
            return nil
        }
        let named = environment("PAGER")
        if let named, named.allSatisfy({ $0 == " " }) { return nil }
        command = named ?? Self.standardCommand
    }

    /// Whether so many lines exceed the screen and should go to the pager.
    func takes(_ lines: [String]) -> Bool {
        isOn && isWanted && lines.count >= Int(line_edit_rows(STDOUT_FILENO))
    }

    /// Shows lines and waits until the user has seen enough; false when there is no such program.
    ///
    /// The terminal is afterwards as it was, and a Ctrl-C meant for the pager is forgotten.
    func show(_ lines: [String]) -> Bool {
        let status = TerminalMode.asUsual { () -> Int32? in
            guard let stream = popen(command, "we") else { return nil }
            // A pager that is left early closes the pipe, which is no reason to end the shell; the pager
            // itself was started with the signal as it is.
            let before = signal(SIGPIPE, SIG_IGN)
            defer { _ = signal(SIGPIPE, before) }
            Self.write(lines, to: fileno(stream))
            return pclose(stream)
        }
        guard let status else { return false }
        _ = Interrupt.take()
        // The shell that runs the command says so of a program that is not there or cannot run.
        let exitStatus = (status >> 8) & 0xFF
        guard status != -1, exitStatus != 127, exitStatus != 126 else {
            isOn = false
            return false
        }
        // One that Ctrl-C ended stopped anywhere in a line: the prompt begins one of its own.
        let wasInterrupted = status & 0x7F != 0 || exitStatus == 128 + SIGINT
        if wasInterrupted { _ = ShellOutput.write("\n", to: STDOUT_FILENO) }
        return true
    }

    /// Lines written at once.
    private static let pieceLines = 500

    private static func write(_ lines: [String], to descriptor: Int32) {
        var rest = lines[...]
        while !rest.isEmpty {
            let text = rest.prefix(pieceLines).map { $0 + "\n" }.joined()
            guard ShellOutput.write(text, to: descriptor) == nil else { return }
            rest = rest.dropFirst(pieceLines)
        }
    }
}
