// Where the shell's words go: standard output and standard error, or a test's buffer. Nothing else
// prints.

import CLineEdit
import Glibc
import Interpreter

/// What became of writing to standard output.
final class OutputFailure {
    /// The operating system's reason; nil as long as all could be written.
    var errorNumber: Int32?
}

/// The sink of a session.
final class ShellOutput: OutputSink {
    private let standardOutput: (String) -> Void
    private let standardError: (String) -> Void
    /// Where lines go instead while somebody types: above the line that is being typed.
    var above: ((_ text: String, _ isError: Bool) -> Void)?
    private let width: () -> Int
    /// Whether standard error and standard output take colours.
    private let isColored: (error: Bool, output: Bool)
    /// How they look.
    var theme = Theme.standard
    /// What shows output that exceeds the screen.
    var pager: Pager?
    /// What was said since `beginAnswer`; nil while text is written as it comes.
    private var answer: Answer?
    /// Warnings so far.
    private(set) var warningCount = 0
    /// The last error.
    private(set) var lastError: Diagnostic?
    /// The first error.
    private(set) var firstError: Diagnostic?

    /// Whether output can still be written.
    let failure: OutputFailure

    /// A sink that hands text to two closures; `width` is asked before each output.
    init(
        width: @escaping () -> Int,
        isColored: (error: Bool, output: Bool) = (false, false),
        writeOut: @escaping (String) -> Void,
        writeError: @escaping (String) -> Void,
        failure: OutputFailure = OutputFailure()
    ) {
        self.failure = failure
        self.width = width
        self.isColored = isColored
        standardOutput = writeOut
        standardError = writeError
    }

    /// The process's standard output and standard error.
    static func standard(_ color: ColorChoice) -> ShellOutput {
        let failure = OutputFailure()
        return ShellOutput(
            width: { isatty(STDOUT_FILENO) == 1 ? Int(line_edit_columns(STDOUT_FILENO)) : 80 },
            isColored: (
                color.isOn(descriptor: STDERR_FILENO, environment: Environment.value),
                color.isOn(descriptor: STDOUT_FILENO, environment: Environment.value)
            ),
            writeOut: { text in
                guard failure.errorNumber == nil else { return }
                failure.errorNumber = write(text, to: STDOUT_FILENO)
            },
            writeError: { _ = write($0, to: STDERR_FILENO) },
            failure: failure
        )
    }

    private func writeOut(_ text: String) {
        if let above { above(text, false) } else { standardOutput(text) }
    }

    private func writeError(_ text: String) {
        if let above { above(text, true) } else { standardError(text) }
    }

    /// Says that output could not be written, unless its reader has just gone.
    func reportFailure() {
        guard let number = failure.errorNumber, number != EPIPE else { return }
        let reason = String(cString: strerror(number))
        writeError("error: standard output cannot be written: \(reason)\n")
    }

    /// The columns that output has.
    var columns: Int { width() }

    /// Writes all of a text; answers the operating system's reason when it cannot.
    static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : EIO }
            bytes = bytes.dropFirst(count)
        }
        return nil
    }

    /// Lines written between two looks at the keyboard.
    private static let pieceLines = 500

    func emit(_ output: Output) {
        if answer != nil {
            answer?.emit(output)
            return
        }
        var lines = output.lines(width: width()) { !Interrupt.isPending }
        if lines.isEmpty, Interrupt.isPending {
            writeError("stopped\n")
            return
        }
        if isColored.output { lines = theme.painted(lines, of: output) }
        if let pager, pager.takes(lines) {
            if pager.show(lines) { return }
            report(Diagnostic.warning("there is no pager to show long output: $PAGER names one"))
        }
        var rest = lines[...]
        while !rest.isEmpty {
            if failure.errorNumber != nil { return }
            if Interrupt.isPending {
                writeError("stopped: \(rest.count) more lines\n")
                return
            }
            print(Array(rest.prefix(Self.pieceLines)))
            rest = rest.dropFirst(Self.pieceLines)
        }
    }

    /// An error or a warning; that somebody at the prompt pressed Ctrl-C is neither, and one line.
    ///
    /// What stops because its output could not be written is told of as such, at the end.
    func report(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .warning { warningCount += 1 }
        if diagnostic.severity == .error {
            if firstError == nil { firstError = diagnostic }
            lastError = diagnostic
        }
        if diagnostic.kind == .interrupted, failure.errorNumber != nil, !Interrupt.isPending {
            return
        }
        if answer != nil {
            answer?.report(diagnostic)
        } else if diagnostic.kind == .interrupted, diagnostic.source?.name.isEmpty ?? true {
            writeError(diagnostic.message + "\n")
        } else {
            writeError(
                isColored.error ? theme.text(diagnostic) : DiagnosticRenderer.text(diagnostic)
            )
        }
    }

    /// Prints lines while a command runs.
    func print(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        if answer != nil {
            answer?.print(lines)
            return
        }
        writeOut(lines.joined(separator: "\n") + "\n")
    }

    /// Shows or replaces what a long run says of itself; an empty text takes it away.
    func progress(_ text: String) { writeError("\r\u{1B}[K" + text) }

    // MARK: Answers

    /// Keeps what is said from here on, for one object.
    func beginAnswer() { answer = Answer() }

    /// Writes the object for what was said since `beginAnswer`.
    func endAnswer(status: Int32, nowNanoseconds: Int64) {
        guard let answer else { return }
        self.answer = nil
        print([answer.text(status: status, nowNanoseconds: nowNanoseconds)])
    }
}

/// The environment of the process.
enum Environment {
    /// A variable's value; nil if it is not set.
    static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
