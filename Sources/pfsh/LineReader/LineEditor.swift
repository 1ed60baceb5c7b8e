// The prompt on a terminal. This class owns the C editor and gives its questions Swift's types; what is
// decided here is how candidates are inserted and listed, what enters the history, and what Ctrl-C on
// an empty line says.

import CLineEdit
import Glibc

/// Reads lines from a terminal, with editing, history, completion and help.
///
/// One thread owns it. While `read()` waits, `onReady` and printing above the line run on that thread.
final class LineEditor: LineReading {
    /// Called while a line is read: after a wake, for the watched descriptor, and on every tick.
    ///
    /// Short work only (5 ms at most), for keys wait meanwhile.
    var onReady: () -> Void = {}

    private let questions: LineQuestions
    private let output: Int32
    private var history: History
    private var handle: OpaquePointer?
    private var hasSaidHowToLeave = false

    /// Whether a prompt makes sense: keys come from a terminal, and there is one to draw on.
    ///
    /// Standard output does not count; it may be a pipe.
    static var isPossible: Bool {
        line_edit_is_terminal(STDIN_FILENO) && line_edit_is_terminal(STDERR_FILENO)
    }

    /// An editor on two terminals; nil when either is none.
    ///
    /// Keys come from `input`; prompt and text are drawn on `output`, which is standard error so that
    /// standard output can go elsewhere. Installs the handlers of `Interrupt`.
    init?(
        questions: LineQuestions,
        history: History,
        input: Int32 = STDIN_FILENO,
        output: Int32 = STDERR_FILENO
    ) {
        self.questions = questions
        self.history = history
        self.output = output
        var callbacks = line_edit_callbacks()
        callbacks.context = Unmanaged.passUnretained(self).toOpaque()
        callbacks.prompt = { LineEditor.of($0).answerPrompt(into: $1, capacity: $2) }
        callbacks.complete = { LineEditor.of($0).answerComplete(LineEditor.text($1, $2), Int($3)) }
        callbacks.help = { LineEditor.of($0).answerHelp(LineEditor.text($1, $2), Int($3)) }
        callbacks.is_complete = { LineEditor.of($0).questions.isComplete(LineEditor.text($1, $2)) }
        callbacks.ready = { LineEditor.of($0).onReady() }
        handle = line_edit_open("pfsh", input, output, &callbacks)
        guard handle != nil else { return nil }
        for entry in history.entries { line_edit_remember(handle, entry, false) }
    }

    deinit {
        close()
    }

    /// Gives the terminal back; reading afterwards gives the end of input.
    ///
    /// Calling it again is harmless.
    func close() {
        line_edit_close(handle)
        handle = nil
    }

    func read() -> LineEvent {
        guard handle != nil else { return .endOfInput }
        var bytes: UnsafePointer<CChar>?
        var length = 0
        switch line_edit_read(handle, &bytes, &length) {
        case .LINE_EDIT_LINE:
            let text = Self.text(bytes, length)
            if history.add(text) { line_edit_remember(handle, text, true) }
            return .line(text)
        case .LINE_EDIT_END:
            return .endOfInput
        case .LINE_EDIT_INTERRUPTED:
            if length == 0, !hasSaidHowToLeave {
                hasSaidHowToLeave = true
                write("Ctrl-D or `quit` leaves.\n", to: output)
            }
            return .interrupted
        case .LINE_EDIT_HANGUP:
            return .hangup
        }
    }

    /// The history, oldest first.
    var historyEntries: [String] { history.entries }

    /// The terminal's width in columns, 80 when it does not say.
    var columns: Int { Int(line_edit_columns(output)) }

    /// Whether the terminal understands escape sequences (not `TERM=dumb`).
    var hasEscapes: Bool { line_edit_has_escapes(handle) }

    /// Watches one more descriptor while a line is read; nil watches none.
    func watch(_ descriptor: Int32?) {
        line_edit_watch(handle, descriptor ?? -1)
    }

    /// Calls `onReady` after every so many milliseconds without a key; nil never does.
    func tick(everyMilliseconds milliseconds: Int32?) {
        line_edit_tick(handle, milliseconds ?? -1)
    }

    /// Makes a reading editor call `onReady`; any thread may do so.
    static func wake() {
        line_edit_wake()
    }

    /// Prints whole lines on standard output, or `descriptor`, above a line being typed.
    func printAbove(_ text: String, descriptor: Int32 = STDOUT_FILENO) {
        write(text, to: descriptor)
    }

    /// Forgets the pasted lines that were not handed out yet: called when one of them failed.
    ///
    /// Returns how many lines were forgotten.
    func discardPaste() -> Int {
        line_edit_drop_paste(handle)
    }

    private func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                line_edit_print_above(handle, descriptor, $0.baseAddress, $0.count)
            }
        }
    }

    // MARK: The C editor's questions

    private static func of(_ context: UnsafeMutableRawPointer?) -> LineEditor {
        guard let context else { preconditionFailure("the C editor lost its owner") }
        return Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue()
    }

    private static func text(_ bytes: UnsafePointer<CChar>?, _ length: Int) -> String {
        let buffer = UnsafeBufferPointer(start: bytes, count: length)
        return buffer.withMemoryRebound(to: UInt8.self) { String(decoding: $0, as: UTF8.self) }
    }

    private func answerPrompt(into buffer: UnsafeMutablePointer<CChar>?, capacity: Int) -> Int {
        guard let buffer else { return 0 }
        var prompt = questions.prompt()
        // Cut between characters, so that a long name never leaves half of one.
        while prompt.utf8.count > capacity { prompt.removeLast() }
        for (index, byte) in prompt.utf8.enumerated() {
            buffer[index] = CChar(bitPattern: byte)
        }
        return prompt.utf8.count
    }

    private func answerComplete(_ text: String, _ cursor: Int) {
        let candidates = questions.complete(text, cursor)
        let width = columns
        let edit = CompletionEdit(
            candidates: candidates,
            isFollowedByBlank: text.utf8.dropFirst(cursor).first == UInt8(ascii: " ")
        )
        if let edit {
            line_edit_replace(handle, Int32(edit.removedCharacters), edit.inserted)
        } else if !candidates.isEmpty {
            list(
                CandidateList.text(
                    candidates,
                    columns: width,
                    rows: Int(line_edit_rows(output)) - 2
                )
            )
        }
    }

    private func answerHelp(_ text: String, _ cursor: Int) {
        list(questions.help(text, cursor))
    }

    private func list(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                line_edit_list(handle, $0.baseAddress, $0.count)
            }
        }
    }
}
