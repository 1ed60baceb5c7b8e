// A session at the prompt as a test sees it: keys go in, the screen is looked at. What the shell's own
// words are stands at the top, so that these tests speak of editing only.

import CPseudoTerminal
import Foundation
import Testing

/// The words of the shell that the tests of the terminal need.
enum ShellWords {
    /// What every prompt ends with.
    static let promptEnd = "> "
    /// Leaves the shell.
    static let quit = "quit"
    /// A beginning that only `quit` has.
    static let quitBeginning = "qu"
    /// A beginning of several commands, and two of them.
    static let sharedBeginning = "s"
    static let shared = ["say", "show"]
    /// A word that others must follow, and two of them.
    static let group = "log"
    static let grouped = ["level", "follow"]
    /// A command that runs until it is interrupted, in one row.
    static let endless = "repeat 1000000000 { }"
    /// A command whose block is open, and what closes it.
    static let openBlock = "repeat 1000000000 {"

    /// A line that is no command; its report holds the word `error`.
    static let wrong = "nonsense of no command"

    /// A command that prints `text` on a row of its own.
    static func say(_ text: String) -> String { "say \"\(text)\"" }
}

/// A directory that is gone when nobody holds it any more.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/pfsh-test-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        try #require(made != nil, "no temporary directory")
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// A program on a pseudo-terminal, and the screen before it.
final class ShellSession {
    private(set) var screen: Screen
    private let master: Int32
    private var process: pid_t = 0
    private var hasEnded = false
    private let home: TemporaryDirectory

    /// How long a test waits for what it expects: generous, for a loaded machine; success is fast.
    private static let patienceMilliseconds = 10_000

    /// Starts the shell, or another `program` with `arguments`.
    ///
    /// `home` is a directory for the history and `.editrc`; nil makes a fresh one.
    init(
        program: String? = nil,
        arguments: [String] = ["--quiet"],
        environment: [String] = [],
        columns: Int = 80,
        rows: Int = 24,
        home: TemporaryDirectory? = nil
    ) throws {
        screen = Screen(columns: columns, rows: rows)
        self.home = try home ?? TemporaryDirectory()
        let path = program ?? Self.shellPath
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let given = Set(environment.map { $0.prefix { $0 != "=" } })
        let standard = [
            "TERM=xterm", "LC_ALL=C.UTF-8", "HOME=\(self.home.path)", "PATH=/usr/bin:/bin",
            "SWIFT_BACKTRACE=enable=no",
        ].filter { !given.contains($0.prefix { $0 != "=" }) }
        let variables = (standard + environment).map { strdup($0) } + [nil]
        defer {
            for text in words + variables { free(text) }
        }
        master = pseudo_terminal_spawn(
            path,
            words,
            variables,
            Int32(rows),
            Int32(columns),
            &process
        )
        try #require(master >= 0, "no pseudo-terminal")
    }

    deinit {
        if !hasEnded {
            kill(process, SIGKILL)
            // However busy the machine: beside a child that nobody has waited for, the test library does not
            // hear of the end of its own.
            _ = pseudo_terminal_wait(process, 60_000)
        }
        close(master)
    }

    /// Where the built shell lies.
    static var shellPath: String { codeDirectory + "/pfsh" }

    private static var codeDirectory: String {
        var bytes = [CChar](repeating: 0, count: 4_096)
        let length = pseudo_terminal_code_directory(&bytes, bytes.count)
        return String(decoding: bytes.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The text in the cursor's row behind the prompt; nil when that row has no prompt.
    var typed: String? {
        let row = screen.currentRow + " "
        guard let end = row.firstRange(of: ShellWords.promptEnd) else { return nil }
        var text = row[end.upperBound...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    /// The prompt in the cursor's row, without its last blank; empty when there is none.
    var lastPrompt: String {
        guard typed == "" else { return "" }
        return screen.currentRow
    }

    /// Sends keys as a keyboard would.
    func send(_ keys: String) {
        send(bytes: Array(keys.utf8))
    }

    /// Sends bytes that need not be text.
    func send(bytes: [UInt8]) {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Sends a line and Enter.
    func enter(_ line: String) {
        send(line + "\r")
    }

    /// Takes the terminal's output until the screen is as the test wants it.
    func expect(
        _ comment: Comment,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ condition: (ShellSession) -> Bool
    ) throws {
        var waited = 0
        while !condition(self) {
            guard waited < Self.patienceMilliseconds, takeOutput(milliseconds: 20) else {
                try #require(
                    condition(self),
                    "\(comment); the screen:\n\(screen.allRows.joined(separator: "\n"))",
                    sourceLocation: sourceLocation
                )
                return
            }
            waited += 20
        }
    }

    /// Waits for an empty prompt.
    func expectPrompt(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try expect("an empty prompt", sourceLocation: sourceLocation) { $0.typed == "" }
    }

    /// Waits for a row that is just `text`.
    func expectRow(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try expect("a row '\(text)'", sourceLocation: sourceLocation) {
            $0.screen.allRows.contains(text)
        }
    }

    /// Waits until the line behind the prompt is `text`.
    func expectTyped(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try expect("the line '\(text)'", sourceLocation: sourceLocation) { $0.typed == text }
    }

    /// Takes output until nothing comes for so long.
    func settle(milliseconds: Int32 = 30) {
        while takeOutput(milliseconds: milliseconds, isQuietEnd: true) {}
    }

    /// Changes the size of the window.
    func resize(columns: Int, rows: Int) {
        settle()
        screen.resize(columns: columns, rows: rows)
        pseudo_terminal_resize(master, Int32(rows), Int32(columns))
    }

    /// Sends a signal to the program.
    func signal(_ number: Int32) {
        kill(process, number)
    }

    /// Whether the terminal is as it was before an editor took it.
    var isTerminalCooked: Bool { pseudo_terminal_is_cooked(master) }

    /// Waits for the program to end and gives its exit status, 128 + signal if one ended it.
    func exitStatus() -> Int32 {
        while takeOutput(milliseconds: Int32(Self.patienceMilliseconds)) {}
        let status = pseudo_terminal_wait(process, Int32(Self.patienceMilliseconds))
        hasEnded = status >= 0
        return status
    }

    /// False at the end of the output, and with `isQuietEnd` also when nothing came.
    private func takeOutput(milliseconds: Int32, isQuietEnd: Bool = false) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = pseudo_terminal_read(master, &bytes, bytes.count, milliseconds)
        guard count > 0 else { return count < 0 && !isQuietEnd }
        screen.feed(bytes[..<count])
        return true
    }
}
