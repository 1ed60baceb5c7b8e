// Lines that a running clock prints while a line is typed. The editor runs inside the test on a
// terminal of its own; keys are drawn at random from a seed, and at the end the screen must show every
// printed line once, in order, and the edited line below, whole, with the cursor in its place.

import CLineEdit
import CPseudoTerminal
import Foundation
import PFSRuntime
import Synchronization
import Testing

@testable import pfsh

@Suite("Printing above the line", .serialized)
struct PrintingAboveTests {
    init() {
        line_edit_use_utf8()
    }

    /// PFSH_SEED adds one case to the fixed ones, PFSH_TEST_ALL many.
    private static let seeds: [UInt64] =
        Array(1...(ProcessInfo.processInfo.environment["PFSH_TEST_ALL"] == nil ? 12 : 300))
        + (ProcessInfo.processInfo.environment["PFSH_SEED"].flatMap(UInt64.init).map { [$0] } ?? [])

    /// Every third window is too low for the text.
    private static func height(_ seed: UInt64) -> Int { seed % 3 == 0 ? 3 : 12 }

    @Test("printed lines never tear the line being edited", arguments: seeds)
    func neverTears(seed: UInt64) throws {
        var random = RandomStream(seed: seed, purpose: .test, index: 0)
        let columns = 12 + Int(random.below(50))
        let harness = try EditorHarness(
            columns: columns,
            rows: Self.height(seed),
            ticks: 40,
            wakesFromThread: seed % 2 == 0
        )
        var model = EditedText()
        try harness.waitForRow(">")
        for _ in 0..<120 {
            harness.send(model.edit(&random))
            if random.below(4) == 0 { harness.settle(milliseconds: 1) }
        }
        try harness.waitForTicks()
        let again = Comment("repeat: PFSH_SEED=\(seed) swift test --filter neverTears")
        let printed = (0..<40).map { "tick \($0)" }
        let whole = Layout("> " + model.text, columns: columns)
        let place = Layout("> " + model.textToCursor, columns: columns)
            .cursor(before: model.textBehindCursor)
        let expected = printed + whole.window(height: Self.height(seed), cursorRow: place.row)
        // On a busy machine the last keys may still be on their way.
        try? harness.wait(again) {
            $0.screen.allRows == expected && $0.screen.cursorColumn == place.column
        }
        #expect(harness.screen.allRows == expected, again)
        #expect(harness.screen.cursorColumn == place.column, again)
        harness.send("\r")
        #expect(harness.waitForEvent() == .line(model.text), again)
        #expect(harness.screen.unknownSequences == [], again)
    }

    @Test("a watched descriptor is served while a line is typed, inside a search too")
    func watchesDescriptor() throws {
        let harness = try EditorHarness(columns: 40, rows: 12, ticks: 0, wakesFromThread: false)
        try harness.waitForRow(">")
        harness.send("\u{12}found")
        try harness.waitForRow("> found before")
        harness.ring()
        try harness.wait("the search below the printed row") { harness in
            ["rung", "> found before"].allSatisfy(harness.screen.rows.contains)
        }
        harness.send("\u{7}x\r")
        #expect(harness.waitForEvent() == .line("x"))
    }

    @Test("the prompt is asked for anew when lines are printed")
    func promptChanges() throws {
        let harness = try EditorHarness(
            columns: 40,
            rows: 12,
            ticks: 3,
            wakesFromThread: false,
            promptCounts: true
        )
        try harness.wait("a prompt") { $0.screen.currentRow.hasSuffix(">") }
        harness.send("half")
        try harness.wait("the last prompt") { $0.screen.currentRow == "3> half" }
        #expect(harness.screen.rows == ["tick 0", "tick 1", "tick 2", "3> half"])
        harness.send("\r")
        #expect(harness.waitForEvent() == .line("half"))
    }
}

/// What the random keys make of a line, as a plain model of editing.
private struct EditedText {
    private var characters: [Character] = []
    private var cursor = 0

    var text: String { String(characters) }
    var textToCursor: String { String(characters[..<cursor]) }
    var textBehindCursor: Character? { cursor < characters.count ? characters[cursor] : nil }

    /// Draws a key, applies it, and gives what to send.
    mutating func edit(_ random: inout RandomStream) -> String {
        switch random.below(20) {
        case 0:
            cursor = 0
            return "\u{1}"
        case 1:
            cursor = characters.count
            return "\u{1b}[F"
        case 2, 3, 4:
            cursor = max(0, cursor - 1)
            return "\u{1b}[D"
        case 5, 6:
            cursor = min(characters.count, cursor + 1)
            return "\u{1b}OC"
        case 7, 8:
            guard cursor > 0 else { return "" }
            cursor -= 1
            characters.remove(at: cursor)
            return "\u{7f}"
        case 9:
            guard cursor < characters.count else { return "" }
            characters.remove(at: cursor)
            return "\u{1b}[3~"
        default:
            let alphabet = Array("abcdefgh  -日本é電")
            let character = alphabet[Int(random.below(UInt64(alphabet.count)))]
            characters.insert(character, at: cursor)
            cursor += 1
            return String(character)
        }
    }
}

/// How text fills rows, by the rules of the terminal.
private struct Layout {
    private var rows = [""]
    private var column = 0
    private let columns: Int

    init(_ text: String, columns: Int) {
        self.columns = columns
        for character in text {
            let width = CandidateList.width(String(character))
            if column + width > columns { openRow() }
            rows[rows.count - 1].append(character)
            column += width
            if column >= columns { openRow() }
        }
    }

    /// Where the cursor stands behind the text, knowing that `next` may not fit into the row.
    func cursor(before next: Character?) -> (row: Int, column: Int) {
        guard let next, column + CandidateList.width(String(next)) > columns else {
            return (rows.count - 1, column)
        }
        return (rows.count, 0)
    }

    /// The rows that a window of this height shows, without trailing blanks: the end of the text, or
    /// what begins at the cursor.
    func window(height: Int, cursorRow: Int) -> [String] {
        let top = min(max(0, rows.count - height), cursorRow)
        var shown = rows[top...].prefix(height).map { row in
            String(row.reversed().drop { $0 == " " }.reversed())
        }
        while shown.last == "" { shown.removeLast() }
        return shown
    }

    private mutating func openRow() {
        rows.append("")
        column = 0
    }
}

/// A line editor on a pseudo-terminal of its own, on a thread of its own, that prints while it reads.
private final class EditorHarness {
    private(set) var screen: Screen
    private let master: Int32
    private let slave: Int32
    private let bell: Pipe
    private let ticks: Int
    private let shared: Shared

    private final class Shared: Sendable {
        let ticksDone = Atomic<Int>(0)
        let hasEnded = Atomic<Bool>(false)
        let event = Mutex<LineEvent?>(nil)
    }

    init(
        columns: Int,
        rows: Int,
        ticks: Int,
        wakesFromThread: Bool,
        promptCounts: Bool = false
    ) throws {
        screen = Screen(columns: columns, rows: rows)
        self.ticks = ticks
        var opened: Int32 = -1
        master = pseudo_terminal_open(Int32(rows), Int32(columns), &opened)
        slave = opened
        bell = Pipe()
        shared = Shared()
        try #require(master >= 0, "no pseudo-terminal")
        let shared = shared
        let terminal = slave
        let bellDescriptor = bell.fileHandleForReading.fileDescriptor
        Thread.detachNewThread {
            Self.run(
                shared,
                terminal: terminal,
                bell: bellDescriptor,
                ticks: ticks,
                ticksByItself: !wakesFromThread,
                promptCounts: promptCounts
            )
        }
        if wakesFromThread {
            Thread.detachNewThread {
                while !shared.hasEnded.load(ordering: .relaxed) {
                    LineEditor.wake()
                    usleep(700)
                }
            }
        }
    }

    deinit {
        while !shared.hasEnded.load(ordering: .acquiring) {
            send("\u{3}\u{1}\u{b}\u{4}")
            settle(milliseconds: 5)
        }
        close(master)
        close(slave)
    }

    private static func run(
        _ shared: Shared,
        terminal: Int32,
        bell: Int32,
        ticks: Int,
        ticksByItself: Bool,
        promptCounts: Bool
    ) {
        var done = 0
        let questions = LineQuestions(prompt: { promptCounts ? "\(done)> " : "> " })
        var history = History(path: nil)
        _ = history.add("found before")
        let editor = LineEditor(
            questions: questions,
            history: history,
            input: terminal,
            output: terminal
        )
        editor?.watch(bell)
        if ticksByItself, ticks > 0 { editor?.tick(everyMilliseconds: 1) }
        editor?.onReady = { [unowned editor] in
            var polled = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
            if poll(&polled, 1, 0) == 1 {
                var byte: UInt8 = 0
                _ = read(bell, &byte, 1)
                editor?.printAbove("rung", descriptor: terminal)
            }
            guard done < ticks else { return }
            done += 1
            editor?.printAbove("tick \(done - 1)\n", descriptor: terminal)
            shared.ticksDone.store(done, ordering: .releasing)
        }
        let event = editor?.read()
        shared.event.withLock { $0 = event }
        editor?.close()
        shared.hasEnded.store(true, ordering: .releasing)
    }

    func send(_ keys: String) {
        var bytes = Array(keys.utf8)
        _ = write(master, &bytes, bytes.count)
    }

    /// Makes the watched descriptor readable.
    func ring() {
        bell.fileHandleForWriting.write(Data([1]))
    }

    func settle(milliseconds: Int32) {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = pseudo_terminal_read(master, &bytes, bytes.count, milliseconds)
            guard count > 0 else { return }
            screen.feed(bytes[..<count])
        }
    }

    func waitForTicks() throws {
        try wait("all ticks") { $0.shared.ticksDone.load(ordering: .acquiring) == $0.ticks }
    }

    func waitForRow(_ text: String) throws {
        try wait("a row '\(text)'") { $0.screen.allRows.contains(text) }
    }

    func waitForEvent() -> LineEvent? {
        try? wait("the line's end") { $0.shared.hasEnded.load(ordering: .acquiring) }
        return shared.event.withLock { $0 }
    }

    func wait(_ comment: Comment, for condition: (EditorHarness) -> Bool) throws {
        for _ in 0..<2_000 where !condition(self) { settle(milliseconds: 5) }
        try #require(
            condition(self),
            "\(comment); the screen:\n\(screen.allRows.joined(separator: "\n"))"
        )
    }
}
