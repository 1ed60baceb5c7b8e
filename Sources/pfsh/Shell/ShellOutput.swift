// Where the shell's words go: standard output and standard error, or a test's buffer. Nothing else
// prints.

import CLineEdit
import Glibc
import Interpreter

/// The sink of a session.
final class ShellOutput: OutputSink {
    private let writeOut: (String) -> Void
    private let writeError: (String) -> Void
    private let width: () -> Int

    /// A sink that hands text to two closures; `width` is asked before each output.
    init(
        width: @escaping () -> Int,
        writeOut: @escaping (String) -> Void,
        writeError: @escaping (String) -> Void
    ) {
        self.width = width
        self.writeOut = writeOut
        self.writeError = writeError
    }

    /// The process's standard output and standard error.
    static func standard() -> ShellOutput {
        ShellOutput(
            width: { isatty(STDOUT_FILENO) == 1 ? Int(line_edit_columns(STDOUT_FILENO)) : 80 },
            writeOut: { write($0, to: STDOUT_FILENO) },
            writeError: { write($0, to: STDERR_FILENO) }
        )
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Lines written between two looks at the keyboard.
    private static let pieceLines = 500

    func emit(_ output: Output) {
        var rest = output.lines(width: width())[...]
        while !rest.isEmpty {
            if Interrupt.isPending {
                writeError("stopped: \(rest.count) more lines\n")
                return
            }
            print(Array(rest.prefix(Self.pieceLines)))
            rest = rest.dropFirst(Self.pieceLines)
        }
    }

    /// An error or a warning; that somebody at the prompt pressed Ctrl-C is neither, and one line.
    func report(_ diagnostic: Diagnostic) {
        if diagnostic.kind == .interrupted, diagnostic.source?.name.isEmpty ?? true {
            writeError(diagnostic.message + "\n")
        } else {
            writeError(DiagnosticRenderer.text(diagnostic))
        }
    }

    /// Prints lines while a command runs.
    func print(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        writeOut(lines.joined(separator: "\n") + "\n")
    }

    /// Shows or replaces what a long run says of itself; an empty text takes it away.
    func progress(_ text: String) { writeError("\r\u{1B}[K" + text) }
}
