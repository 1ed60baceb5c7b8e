// The screen of `watch` on a terminal: one showing after the other in the same place, on the
// terminal's second screen, so that what stood there before comes back. Keys are heard while it waits.

import CLineEdit
import Glibc

/// A terminal on which showings replace each other.
final class WatchScreen {
    /// What the user wants to happen next.
    enum Wish {
        case goOn
        case end
    }

    /// Wall time that a showing stays at least, in milliseconds: ten a second can be followed.
    private static let showingMilliseconds: Int32 = 100
    private var terminal = termios()
    private var isOpen = false
    private var isPaused = false

    /// Takes the terminal; nil when standard input or output is none, or a dumb one.
    init?(environment: (String) -> String?) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1,
            environment("TERM") ?? "dumb" != "dumb", tcgetattr(STDIN_FILENO, &terminal) == 0
        else { return nil }
        var raw = terminal
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        guard tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0 else { return nil }
        isOpen = true
        write("\u{1B}[?1049h")
    }

    deinit { close() }

    /// Gives the terminal back as it was; calling it again is harmless.
    func close() {
        guard isOpen else { return }
        isOpen = false
        write("\u{1B}[?1049l")
        tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal)
    }

    /// Shows lines below a heading, as many as there are rows for.
    func show(_ heading: String, _ lines: [String]) {
        let rows = max(2, Int(line_edit_rows(STDOUT_FILENO)))
        var shown = lines.prefix(rows - 2)
        if shown.count < lines.count { shown = shown.dropLast() + ["(more lines than rows)"] }
        // Without wrapping, so that a long line takes one row.
        let text = ([heading, ""] + shown).map { $0 + "\u{1B}[K" }.joined(separator: "\r\n")
        write("\u{1B}[?7l\u{1B}[H" + text + "\u{1B}[J\u{1B}[?7h")
    }

    /// Waits as long as a showing stays, or until a key ends or pauses the watch.
    func wait() -> Wish {
        while true {
            if Interrupt.isPending { return .end }
            var keyboard = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let count = poll(&keyboard, 1, Self.showingMilliseconds)
            guard count > 0 else {
                if count == 0, isPaused { continue }
                return count == 0 || errno == EINTR ? .goOn : .end
            }
            var key: UInt8 = 0
            guard read(STDIN_FILENO, &key, 1) == 1 else { return .end }
            switch key {
            case UInt8(ascii: "q"), UInt8(ascii: "Q"), 0x04: return .end
            case UInt8(ascii: " "): isPaused.toggle()
            // Any other key asks for the next showing at once.
            default: return .goOn
            }
        }
    }

    private func write(_ text: String) { _ = ShellOutput.write(text, to: STDOUT_FILENO) }
}
