// What the shell and a reader of lines say to each other. Readers know nothing of commands: what a
// line means comes in as closures, what was read goes out as an event.

/// What reading a line gave.
enum LineEvent: Equatable, Sendable {
    /// A whole text, without its last line feed; rows of an open block are parted by line feeds.
    case line(String)
    /// Ctrl-D on an empty line, or the input is at its end.
    case endOfInput
    /// Ctrl-C: what was typed is thrown away.
    case interrupted
    /// SIGTERM, SIGHUP, or the terminal is gone: the shell should leave.
    case hangup
    /// A line was too long, or the input could not be read.
    case failed(LineFailure)
}

/// Why no line could be read.
enum LineFailure: Error, Equatable, Sendable {
    /// The text is longer than this many bytes; it is passed over up to its end.
    case tooLong(limitBytes: Int)
    /// The line holds a NUL byte or bytes that are not UTF-8.
    case notText
    /// The input cannot be read; the operating system's error number.
    case unreadable(errorNumber: Int32)
}

/// A reader of lines: a terminal's editor, or a plain input.
protocol LineReading: AnyObject {
    /// Waits for the next line and gives it.
    func read() -> LineEvent
}

/// One way to go on from the cursor.
struct Candidate: Equatable, Sendable {
    /// What comes to stand in place of `replacing`.
    var text: String
    /// One short line on what it is, shown beside it in a list; empty for none.
    var hint: String
    /// The characters right before the cursor that the candidate stands for, such as a half-typed name.
    var replacing: String
    /// Whether a blank follows when it is the only candidate; false for a directory or a prefix.
    var endsWord: Bool

    /// A candidate `text` for the half-typed `replacing`.
    init(_ text: String, hint: String = "", replacing: String, endsWord: Bool = true) {
        self.text = text
        self.hint = hint
        self.replacing = replacing
        self.endsWord = endsWord
    }
}

/// What a reader asks of the shell.
///
/// Cursors are counts of UTF-8 bytes before the cursor.
struct LineQuestions {
    /// The prompt: one row.
    ///
    /// Text between two U+0001 takes no column (colours); it is left out on a dumb terminal.
    var prompt: () -> String
    /// What could follow at the cursor, best first.
    var complete: (_ text: String, _ cursor: Int) -> [Candidate]
    /// What can follow at the cursor, in lines for the reader of the screen.
    var help: (_ text: String, _ cursor: Int) -> String
    /// Whether the text is whole: no open block, no open string.
    var isComplete: (_ text: String) -> Bool

    /// Questions whose answers are empty and every line whole, save those given.
    init(
        prompt: @escaping () -> String = { "> " },
        complete: @escaping (_ text: String, _ cursor: Int) -> [Candidate] = { _, _ in [] },
        help: @escaping (_ text: String, _ cursor: Int) -> String = { _, _ in "" },
        isComplete: @escaping (_ text: String) -> Bool = { _ in true }
    ) {
        self.prompt = prompt
        self.complete = complete
        self.help = help
        self.isComplete = isComplete
    }
}
