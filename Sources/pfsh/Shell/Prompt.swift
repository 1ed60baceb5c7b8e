// Reading commands one after the other: from somebody who types, or from a pipe.

import CLineEdit
import Glibc
import Interpreter

enum Prompt {
    /// What is said once at the beginning, to somebody who types.
    static let greeting =
        "pfsh \(Version.text): simulated phones, peer firmware sharing; `help`, `?`, TAB, Ctrl-D"

    /// Reads from a terminal until the user leaves; answers the exit status.
    static func interact(
        _ session: Session,
        _ history: History,
        _ greeting: String?,
        _ initialScript: String?,
        _ output: ShellOutput
    ) -> Int32? {
        let questions = LineQuestions(
            prompt: { session.prompt(columns: Int(line_edit_columns(STDERR_FILENO))) },
            complete: { session.completion(of: $0, at: $1) },
            help: { text, cursor in
                session.help(
                    of: text,
                    at: cursor,
                    columns: Int(line_edit_columns(STDERR_FILENO)),
                    rows: Int(line_edit_rows(STDERR_FILENO))
                )
            },
            isComplete: { session.isComplete($0) }
        )
        guard let editor = LineEditor(questions: questions, history: history) else { return nil }
        defer { editor.close() }
        if let greeting { editor.printAbove(greeting + "\n", descriptor: STDERR_FILENO) }
        let typed = editor.historyEntries
        if let status = session.begin(initialScript: initialScript, typed: typed) { return status }
        _ = Interrupt.take()
        // A real clock goes on while a line is typed: with every wake, and ten times a second.
        editor.onReady = { [unowned editor] in
            output.above = { text, isError in
                editor.printAbove(text, descriptor: isError ? STDERR_FILENO : STDOUT_FILENO)
            }
            session.goOn()
            output.above = nil
        }
        while true {
            editor.tick(everyMilliseconds: session.isAttached ? 100 : nil)
            switch editor.read() {
            case .line(let text):
                let outcome = TerminalMode.keepingKeys {
                    session.remember(text)
                    return session.runRecorded(session.expanded(text), name: "", mode: .prompt)
                }
                _ = Interrupt.take()
                if case .exit(let status) = outcome { return status }
                if case .failed = outcome { reportForgotten(editor.discardPaste(), output) }
                if Interrupt.isTerminated { return 143 }
            case .interrupted: continue
            case .endOfInput: return 0
            case .hangup: return 143
            case .failed(let failure): report(failure, output)
            }
        }
    }

    /// The user's own first commands: `pfsh/init.pfsh` under `XDG_CONFIG_HOME` or `~/.config`; nil where
    /// there is no such file.
    static func initialScript(environment: (String) -> String?) -> String? {
        var folder = environment("XDG_CONFIG_HOME") ?? ""
        // The XDG rules ignore a relative path.
        if !folder.hasPrefix("/") {
            guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
            folder = home + "/.config"
        }
        let path = folder + "/pfsh/init.pfsh"
        return access(path, F_OK) == 0 ? path : nil
    }

    private static func reportForgotten(_ count: Int, _ output: ShellOutput) {
        guard count > 0 else { return }
        output.report(
            Diagnostic.warning("\(count) pasted lines after the error were not run")
        )
    }

    /// Reads from a pipe or a file on standard input; stops at the first error, as a script does.
    ///
    /// A session that answers in JSON goes on behind an error: the program that drives it decides. It
    /// ends with the status of the first.
    static func obey(_ session: Session, output: ShellOutput) -> Int32 {
        let reader = PlainReader(isComplete: { session.isComplete($0) })
        var line = 1
        var firstStatus: Int32 = 0
        while true {
            switch reader.read() {
            case .line(let text):
                let outcome = session.runRecorded(
                    text,
                    name: "standard input",
                    firstLine: line,
                    mode: .script
                )
                line += text.utf8.count { $0 == 0x0A } + 1
                if Interrupt.isTerminated { return 143 }
                if case .failed = outcome, session.answersInJSON {
                    if firstStatus == 0 { firstStatus = outcome.exitStatus }
                } else if outcome != .finished {
                    return outcome.exitStatus
                }
            case .endOfInput: return firstStatus
            case .interrupted: return 130
            case .hangup: return 143
            case .failed(let failure):
                report(failure, output, line: line)
                if case .unreadable = failure { return 3 }
                return 2
            }
        }
    }

    private static func report(_ failure: LineFailure, _ output: ShellOutput, line: Int? = nil) {
        switch failure {
        case .notText:
            let place = line.map { " in line \($0)" } ?? ""
            output.report(
                Diagnostic("standard input is no script: a NUL byte or no UTF-8\(place)")
            )
        case .tooLong(let limit):
            output.report(
                Diagnostic("a line has more than the \(limit) bytes of the longest one")
            )
        case .unreadable(let number):
            output.report(
                Diagnostic("standard input cannot be read (error \(number))", kind: .outside)
            )
        }
    }
}
