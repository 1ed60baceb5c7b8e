// The prompt in windows, terminals, locales and situations that are not the usual ones.

import CLineEdit
import Glibc
import Testing

@testable import pfsh

@Suite("Terminals of every kind")
struct TerminalKindTests {
    init() {
        line_edit_use_utf8()
    }

    @Test("a line longer than a narrow window is edited in its middle without damage")
    func narrowWindow() throws {
        let session = try ShellSession(columns: 20, rows: 10)
        try session.expectPrompt()
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789"
        session.send(ShellWords.say(letters))
        session.send(String(repeating: "\u{1b}[D", count: 20) + "__" + "\u{1b}[3~")
        let edited = "abcdefghijklmnopq__stuvwxyz0123456789"
        try session.expect("the edited line") {
            $0.screen.rows.joined().hasSuffix(ShellWords.say(edited))
        }
        session.send("\r")
        try session.expect("the printed text") {
            $0.screen.allRows.joined().hasSuffix("9" + $0.lastPrompt)
        }
        #expect(session.screen.allRows.joined().contains("\"" + edited))
    }

    @Test("a window made narrow redraws the half-typed line, and typing goes on")
    func narrowing() throws {
        let session = try ShellSession(columns: 60, rows: 10)
        try session.expectPrompt()
        session.send(ShellWords.say("abcdefghijklmnopqrstuvw"))
        try session.expectTyped(ShellWords.say("abcdefghijklmnopqrstuvw"))
        session.resize(columns: 24, rows: 10)
        try session.expect("the line in two rows") {
            $0.screen.rows.suffix(2).joined().hasSuffix(ShellWords.say("abcdefghijklmnopqrstuvw"))
        }
        session.send("\u{8}xyz\"")
        try session.expect("more text") {
            $0.screen.rows.joined().hasSuffix(ShellWords.say("abcdefghijklmnopqrstuvwxyz"))
        }
    }

    @Test("a window made wide keeps the half-typed line once")
    func widening() throws {
        let session = try ShellSession(columns: 60, rows: 10)
        try session.expectPrompt()
        session.send("something half typed")
        try session.expectTyped("something half typed")
        session.resize(columns: 100, rows: 30)
        session.send("!")
        try session.expectTyped("something half typed!")
        #expect(session.screen.rows.count == 1)
    }

    @Test("text taller than the window is edited and accepted whole")
    func tallText() throws {
        let session = try ShellSession(columns: 20, rows: 4)
        try session.expectPrompt()
        let text = String(repeating: "0123456789", count: 12)
        session.enter(ShellWords.say(text))
        try session.expect("the printed text") { session in
            let printed = session.screen.allRows.joined()
            return printed.firstRange(of: text + session.lastPrompt) != nil
        }
    }

    @Test(
        "UTF-8 text is typed, edited and printed in every locale",
        arguments: ["C", "POSIX", "C.UTF-8", "xx_XX.ISO-8859-1"]
    )
    func anyLocale(locale: String) throws {
        let session = try ShellSession(environment: ["LC_ALL=\(locale)"])
        try session.expectPrompt()
        session.enter(ShellWords.say("téléphone 電話\u{1b}[D\u{1b}[D-é電\u{1b}[C\u{1b}[C"))
        try session.expectRow("téléphone -é電電話")
    }

    @Test("bytes that are not UTF-8 are dropped and the shell goes on")
    func invalidBytes() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.send(bytes: [0xff, 0xc0, 0x80, 0xe9, 0x61, 0xed, 0xa0, 0x80, 0xc2, 0x85])
        session.send("b")
        try session.expectTyped("ab")
    }

    @Test("an endless escape sequence and unknown keys do no harm")
    func unknownKeys() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.send("\u{1b}[15~\u{1b}[24;5~\u{1b}OPa\u{1b}[2~b")
        try session.expectTyped("ab")
        session.send("\u{1b}[" + String(repeating: "1;", count: 200) + "\u{3}")
        try session.expectPrompt()
        session.enter(ShellWords.say("alive"))
        try session.expectRow("alive")
    }

    @Test("a dumb terminal gets no escape sequences", arguments: ["TERM=dumb", "TERM="])
    func dumbTerminal(term: String) throws {
        let session = try ShellSession(environment: [term])
        try session.expectPrompt()
        session.send(ShellWords.quitBeginning + "\t")
        try session.expect("the completed word") { $0.screen.currentRow.contains(ShellWords.quit) }
        session.send("\u{3}")
        try session.expectPrompt()
        session.enter(ShellWords.say("pain") + "\u{1b}[D\u{1b}[D\u{1b}[D\u{1b}[Dl")
        try session.expectRow("plain")
        try session.expectPrompt()
        #expect(session.screen.sequenceCount == 0)
        #expect(session.screen.unknownSequences == [])
    }

    @Test(
        "SIGTERM and SIGHUP restore the terminal and end the shell",
        arguments: [SIGTERM, SIGHUP]
    )
    func termination(signal: Int32) throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.send("half typed")
        try session.expectTyped("half typed")
        #expect(!session.isTerminalCooked)
        session.signal(signal)
        #expect(session.exitStatus() == 143)
        #expect(session.isTerminalCooked)
    }

    @Test("SIGTERM ends the shell while a command runs")
    func terminationOfCommand() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.enter(ShellWords.endless)
        try session.expect("the command to run") { $0.screen.cursorRow > 0 && $0.typed == nil }
        session.signal(SIGTERM)
        #expect(session.exitStatus() == 143)
        #expect(session.isTerminalCooked)
    }

    @Test("Ctrl-Z stops the shell, and fg brings the half-typed line back")
    func jobControl() throws {
        let session = try ShellSession(
            program: "/bin/bash",
            arguments: ["--norc", "--noprofile", "-i"],
            environment: ["PS1=bash$ "]
        )
        try session.expect("bash's prompt") { $0.screen.currentRow == "bash$" }
        session.enter(ShellSession.shellPath)
        try session.expectPrompt()
        session.send("half typed")
        try session.expectTyped("half typed")
        session.send("\u{1a}")
        try session.expect("bash's prompt") { $0.screen.currentRow == "bash$" }
        #expect(session.screen.rows.contains { $0.contains("Stopped") })
        session.enter("fg")
        try session.expectTyped("half typed")
        session.send("!")
        try session.expectTyped("half typed!")
        session.send("\u{3}")
        try session.expectPrompt()
        session.enter(ShellWords.endless)
        try session.expect("the command to run") { $0.typed == nil }
        session.settle()
        session.send("\u{1a}")
        try session.expect("bash's prompt") { $0.screen.currentRow == "bash$" }
        session.enter("fg")
        session.settle()
        session.send("\u{3}")
        try session.expectPrompt()
    }

    @Test("what is typed while a command runs is at the next prompt")
    func typeAhead() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.send(ShellWords.say("one") + "\r" + ShellWords.say("two") + "\rrest")
        try session.expectRow("one")
        try session.expectRow("two")
        try session.expectTyped("rest")
        let commands = ["one", "two"].map(ShellWords.say)
        #expect(
            commands.allSatisfy { text in session.screen.rows.contains { $0.hasSuffix("> " + text) }
            }
        )
    }

    @Test("a vi user's .editrc is honoured, and our keys still work")
    func viMode() throws {
        let home = try TemporaryDirectory()
        try write("bind -v\n", to: home.path + "/.editrc")
        let session = try ShellSession(home: home)
        try session.expectPrompt()
        session.send("abc")
        try session.expectTyped("abc")
        // A lone ESC is a key of its own only when nothing follows at once.
        session.send("\u{1b}")
        session.settle(milliseconds: 80)
        session.send("0x")
        try session.expectTyped("bc")
        session.send("\u{3}")
        try session.expectPrompt()
        session.send("x\u{1b}[D\u{1b}[Dy")
        try session.expectTyped("yx")
        session.send("\u{3}")
        try session.expectPrompt()
        session.send(ShellWords.quitBeginning + "\t")
        try session.expectTyped(ShellWords.quit)
    }

    @Test("an .editrc that switches editing off or binds a function key changes what it may")
    func editrc() throws {
        let home = try TemporaryDirectory()
        try write(
            "edit off\npfsh:bind \"\\e[15~\" ed-move-to-beg\nother:bind -v\n",
            to: home.path + "/.editrc"
        )
        let session = try ShellSession(home: home)
        try session.expectPrompt()
        session.send("bc\u{1b}[15~a")
        try session.expectTyped("abc")
    }

    @Test("the history lasts from session to session, without what began with a blank")
    func historyLasts() throws {
        let home = try TemporaryDirectory()
        let path = home.path + "/.local/state/pfsh/history"
        for round in 0..<2 {
            let session = try ShellSession(home: home)
            try session.expectPrompt()
            if round == 1 {
                session.send("\u{1b}[A")
                try session.expectTyped(ShellWords.say("kept"))
                session.send("\u{15}")
            }
            session.enter(ShellWords.say("kept"))
            try session.expectRow("kept")
            session.enter(" " + ShellWords.say("secret"))
            try session.expectRow("secret")
            try session.expectPrompt()
            session.send("\u{4}")
            #expect(session.exitStatus() == 0)
        }
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(History(path: path).entries == [ShellWords.say("kept")])
    }

    @Test("standard output may be a pipe while the prompt stands on the terminal")
    func pipedOutput() throws {
        let home = try TemporaryDirectory()
        let session = try ShellSession(
            program: "/bin/sh",
            arguments: ["-c", "\(ShellSession.shellPath) > \(home.path)/out"]
        )
        try session.expectPrompt()
        session.enter(ShellWords.say("into the file"))
        try session.expect("the next prompt") { $0.screen.cursorRow == 1 && $0.typed == "" }
        #expect(!session.screen.rows.contains("into the file"))
        session.send("\u{4}")
        #expect(session.exitStatus() == 0)
        #expect(History(path: home.path + "/out").entries == ["into the file"])
    }

    private func write(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
    }
}
