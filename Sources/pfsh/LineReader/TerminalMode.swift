// What somebody types while a command runs belongs to the next line, and is shown there. A terminal left to
// itself would echo it in the middle of what the command prints, and take a Ctrl-D or a backspace for itself.

import Glibc

enum TerminalMode {
    /// Runs something while the terminal on standard input keeps all keys, as they are, for whoever reads next.
    ///
    /// Those that make signals still do. Afterwards the terminal is as it was; where there is none, nothing
    /// is changed.
    static func keepingKeys<Result>(while body: () -> Result) -> Result {
        // At once: to wait until all is printed could take as long as the other end of a slow line.
        changing({ $0.c_lflag &= ~tcflag_t(ICANON | ECHO | ECHONL) }, TCSANOW, while: body)
    }

    /// Runs another program, for which the terminal edits lines and echoes as usual; what the program did to the
    /// terminal is undone.
    static func asUsual<Result>(while body: () -> Result) -> Result {
        changing({ $0.c_lflag |= tcflag_t(ICANON | ECHO) }, TCSADRAIN, while: body)
    }

    private static func changing<Result>(
        _ change: (inout termios) -> Void,
        _ moment: Int32,
        while body: () -> Result
    ) -> Result {
        var terminal = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &terminal) == 0 else {
            return body()
        }
        var changed = terminal
        change(&changed)
        tcsetattr(STDIN_FILENO, moment, &changed)
        defer { tcsetattr(STDIN_FILENO, moment, &terminal) }
        return body()
    }
}
