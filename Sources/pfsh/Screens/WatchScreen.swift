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
    private var isEnding = false

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
        let shown = fitting(lines)
        // Without wrapping, so that a long line takes one row; a row is cleared before it is written,
        // for behind its last column the cursor stays on it.
        let text = ([heading, ""] + shown).map { "\u{1B}[K" + $0 }.joined(separator: "\r\n")
        // The last row stays free for what a long run says of itself.
        write("\u{1B}[?7l\u{1B}[H" + text + "\r\n\u{1B}[J\u{1B}[?7h")
    }

    /// As many lines as there are rows for below a heading.
    func fitting(_ lines: [String]) -> [String] {
        let rows = max(5, Int(line_edit_rows(STDOUT_FILENO)))
        guard lines.count > rows - 3 else { return lines }
        return lines.prefix(rows - 4) + ["(more lines than rows)"]
    }

    /// Whether a key has asked to end; looks at the keyboard without waiting.
    var isEndAsked: Bool {
        while !isEnding, takeKey(milliseconds: 0) != nil {}
        return isEnding
    }

    /// Waits as long as a showing stays, or until a key ends or pauses the watch.
    func wait() -> Wish {
        while true {
            let key = takeKey(milliseconds: Self.showingMilliseconds)
            if Interrupt.isPending {
                // It ended the watch and is not meant for what comes behind it.
                _ = Interrupt.take()
                return .end
            }
            if isEnding { return .end }
            if key != nil, key != Self.space { return .goOn }
            if !isPaused { return .goOn }
        }
    }

    private static let space = UInt8(ascii: " ")

    /// The next key, after what it asks for was noted; nil if none comes in time.
    private func takeKey(milliseconds: Int32) -> UInt8? {
        var keyboard = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&keyboard, 1, milliseconds) > 0 else { return nil }
        var key: UInt8 = 0
        guard read(STDIN_FILENO, &key, 1) == 1 else {
            // The terminal is gone.
            isEnding = true
            return nil
        }
        switch key {
        case UInt8(ascii: "q"), UInt8(ascii: "Q"), 0x04: isEnding = true
        case Self.space: isPaused.toggle()
        default: break
        }
        return key
    }

    private func write(_ text: String) { _ = ShellOutput.write(text, to: STDOUT_FILENO) }
}
