// The entry point: reads lines from the terminal or from standard input, and does what they say.

import ArgumentParser
import Glibc

@main struct PFSH: ParsableCommand {
    mutating func run() throws {
        Interrupt.install()
        let questions = LineQuestions(
            prompt: { "pfsh> " },
            complete: Self.complete,
            help: { _, _ in Self.commands.map { "  \($0)" }.joined(separator: "\n") },
            isComplete: Self.isComplete
        )
        let path = History.standardPath { name in getenv(name).map { String(cString: $0) } }
        var editor: LineEditor?
        if LineEditor.isPossible {
            editor = LineEditor(questions: questions, history: History(path: path))
        }
        let reader: any LineReading = editor ?? PlainReader(isComplete: Self.isComplete)
        while true {
            switch reader.read() {
            case .line("quit"), .endOfInput: return
            case .line(let text):
                guard !Self.obey(text), let editor, editor.discardPaste() > 0 else { break }
                print("the rest of the paste was not run")
            case .interrupted: if editor == nil { throw ExitCode(130) }
            case .hangup: throw ExitCode(143)
            case .failed: throw ExitCode(3)
            }
        }
    }

    private static let commands = ["quit", "repeat", "say", "show phones", "show tree"]

    private static func isComplete(_ text: String) -> Bool {
        text.count { $0 == "{" } <= text.count { $0 == "}" }
    }

    private static func complete(_ text: String, _ cursor: Int) -> [Candidate] {
        let typed = String(decoding: text.utf8.prefix(cursor), as: UTF8.self)
        return commands.filter { $0.hasPrefix(typed) }.map { Candidate($0, replacing: typed) }
    }

    /// False when the line is no command.
    private static func obey(_ line: String) -> Bool {
        defer { fflush(nil) }
        let text = line.drop { $0 == " " }
        if text.hasPrefix("say \""), text.hasSuffix("\"") {
            print(text.dropFirst(5).dropLast())
        } else if text.hasPrefix("repeat") {
            while !Interrupt.isPending { usleep(1_000) }
            print(Interrupt.take() ? "interrupted" : "terminated")
        } else if !text.isEmpty {
            print("error: unknown command '\(text)'")
            return false
        }
        return true
    }
}
