// What somebody types while a command runs belongs to the next line, and is shown there. The terminal would
// echo it at once, in the middle of what the command prints.

import Glibc

enum TerminalEcho {
    /// Runs something while the terminal on standard input echoes nothing.
    ///
    /// What is typed meanwhile waits for whoever reads next. Afterwards the terminal is as it was; where
    /// there is none, nothing is changed.
    static func off<Result>(while body: () -> Result) -> Result {
        var terminal = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &terminal) == 0 else {
            return body()
        }
        var silent = terminal
        silent.c_lflag &= ~tcflag_t(ECHO | ECHONL)
        // At once: to wait until all is printed could take as long as the other end of a slow line.
        tcsetattr(STDIN_FILENO, TCSANOW, &silent)
        defer { tcsetattr(STDIN_FILENO, TCSANOW, &terminal) }
        return body()
    }

    /// Runs another program, for which the terminal echoes as usual.
    static func on<Result>(while body: () -> Result) -> Result {
        var terminal = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &terminal) == 0 else {
            return body()
        }
        var usual = terminal
        usual.c_lflag |= tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &usual)
        // Whatever the program did to the terminal is undone.
        defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal) }
        return body()
    }
}
