// Ctrl-C and termination as flags. Nothing is done in a signal handler: a running command asks here
// from time to time, and the readers are woken.

import CLineEdit

/// The process's signals as the shell sees them.
enum Interrupt {
    /// Catches SIGINT, SIGTERM and SIGHUP from now on; what was ignored at start stays ignored.
    ///
    /// A second SIGTERM or SIGHUP ends the process at once.
    static func install() {
        _ = line_edit_catch_signals()
    }

    /// Whether a running command should stop: Ctrl-C, or the process is asked to end.
    ///
    /// Two relaxed loads: cheap enough for every few events of a simulation.
    static var isPending: Bool { line_edit_peek_interrupt() || line_edit_terminated() }

    /// Whether Ctrl-C came since it was last taken; the flag is cleared.
    static func take() -> Bool { line_edit_take_interrupt() }

    /// Whether SIGTERM or SIGHUP ever came.
    static var isTerminated: Bool { line_edit_terminated() }
}
