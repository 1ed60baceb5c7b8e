// The prompt as a person at a terminal meets it.

import CLineEdit
import Glibc
import Testing

@Suite("The prompt on a terminal")
struct PromptTests {
    init() {
        // The model of the screen measures characters.
        line_edit_use_utf8()
    }

    @Test("a prompt shows, a typed command runs, and the prompt comes again")
    func runsCommand() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.enter(ShellWords.say("hello"))
        try session.expectRow("hello")
        try session.expectPrompt()
        #expect(session.screen.unknownSequences == [])
    }

    @Test("TAB completes the only candidate and adds a blank")
    func completesOne() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.send(ShellWords.quitBeginning + "\t")
        try session.expectTyped(ShellWords.quit)
        session.send("x")
        try session.expectTyped(ShellWords.quit + " x")
    }

    @Test("TAB lists several candidates under the line and keeps the line")
    func listsCandidates() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.send(ShellWords.sharedBeginning + "\t\t")
        try session.expect("the candidates") { session in
            ShellWords.shared.allSatisfy { word in
                session.screen.rows.contains { $0.contains(word) }
            }
        }
        try session.expectTyped(ShellWords.sharedBeginning)
    }

    @Test("a question mark after a blank lists what can follow")
    func questionMarkHelps() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.send(ShellWords.group + " ?")
        try session.expect("a list of what can follow") { session in
            ShellWords.grouped.allSatisfy { word in
                session.screen.rows.contains { $0.hasPrefix("  " + word) }
            }
        }
        try session.expectTyped(ShellWords.group)
    }

    @Test("a question mark inside a word or quotes is typed")
    func questionMarkIsText() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.enter(ShellWords.say("what? and ? too"))
        try session.expectRow("what? and ? too")
    }

    @Test("Ctrl-C throws the line away; on an empty line it says once how to leave")
    func interruptClears() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.send("half a command")
        try session.expectTyped("half a command")
        session.send("\u{3}")
        try session.expectPrompt()
        #expect(session.screen.rows.contains { $0.hasSuffix("half a command^C") })
        for _ in 0..<2 {
            let before = session.screen.rows.count
            session.send("\u{3}")
            try session.expect("a new prompt") { $0.screen.rows.count > before && $0.typed == "" }
            session.settle()
        }
        #expect(session.screen.rows.count { $0.contains("Ctrl-D") } == 1)
        session.enter(ShellWords.say("alive"))
        try session.expectRow("alive")
    }

    @Test("Ctrl-C in the middle of a wrapped line leaves the whole text to be read")
    func interruptWrapped() throws {
        let session = try ShellSession(columns: 20)
        try session.expectPrompt()
        session.send("abcdefghijklmnopqrstuvwxyz")
        try session.expect("two rows") { $0.screen.rows.count == 2 }
        session.send("\u{1b}[H")
        session.settle()
        session.send("\u{3}")
        try session.expectPrompt()
        #expect(session.screen.rows.prefix(2).joined().hasSuffix("abcdefghijklmnopqrstuvwxyz^C"))
    }

    @Test("Ctrl-C stops a running command and the shell goes on")
    func interruptStopsCommand() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.enter(ShellWords.endless)
        try session.expect("the command to run") { $0.screen.cursorRow > 0 && $0.typed == nil }
        session.settle()
        session.send("\u{3}")
        try session.expectPrompt()
        session.enter(ShellWords.say("alive"))
        try session.expectRow("alive")
    }

    @Test("Ctrl-D deletes in a line and leaves on an empty one")
    func endOfInputLeaves() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.send("ab\u{1}\u{4}")
        try session.expectTyped("b")
        session.send("\u{4}\u{4}")
        #expect(session.exitStatus() == 0)
        #expect(session.isTerminalCooked)
    }

    @Test("quit leaves with status 0")
    func quits() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.enter(ShellWords.quit)
        #expect(session.exitStatus() == 0)
    }

    @Test("Enter inside an open block opens a row, indented, and the closing brace goes back")
    func opensRows() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.send(ShellWords.openBlock + "\r")
        try session.expect("a second row") { $0.screen.cursorRow == 1 }
        #expect(session.screen.cursorColumn == "...   ".count)
        session.send(ShellWords.say("x") + "\r")
        try session.expect("a third row") { $0.screen.cursorRow == 2 }
        #expect(session.screen.rows.contains("...   " + ShellWords.say("x")))
        session.send("}")
        try session.expect("the closing brace") { $0.screen.rows.last == "... }" }
        // Up moves between the rows of a text being written.
        session.send("\u{1b}[A")
        try session.expect("the cursor one row up") { $0.screen.cursorRow == 1 }
        session.send("\u{3}")
        try session.expectPrompt()
    }

    @Test("a paste of three commands runs as three commands, in order")
    func pastes() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        let commands = ["one", "two", "three"].map(ShellWords.say)
        session.send("\u{1b}[200~" + commands.joined(separator: "\r") + "\r\u{1b}[201~")
        for word in ["one", "two", "three"] { try session.expectRow(word) }
        try session.expectPrompt()
        let printed = session.screen.rows.filter { ["one", "two", "three"].contains($0) }
        #expect(printed == ["one", "two", "three"])
    }

    @Test("a paste of several commands stops at the first that fails")
    func pasteStopsAtError() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        let commands = [ShellWords.say("one"), ShellWords.wrong, ShellWords.say("two")]
        session.send("\u{1b}[200~" + commands.joined(separator: "\r") + "\r\u{1b}[201~")
        try session.expectRow("one")
        try session.expect("the error") { session in
            session.screen.rows.contains { $0.contains("error") } && session.typed == ""
        }
        session.enter(ShellWords.say("alive"))
        try session.expectRow("alive")
        #expect(!session.screen.rows.contains("two"))
    }

    @Test("an open block in a paste is one command")
    func pasteWithBlock() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.send("\u{1b}[200~\(ShellWords.openBlock)\r  x\r")
        try session.expect("nothing drawn before the paste is whole") { $0.typed == "" }
        session.send("\u{1b}[201~")
        try session.expect("the open block") { $0.screen.rows.contains("...   x") }
        session.send("\u{3}")
        try session.expectPrompt()
    }

    @Test("a paste without a last line end waits in the line for Enter")
    func pasteWaits() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.send("\u{1b}[200~\(ShellWords.say("one"))\n\(ShellWords.say("two"))\u{1b}[201~")
        try session.expectRow("one")
        try session.expectTyped(ShellWords.say("two"))
        session.settle()
        #expect(!session.screen.rows.contains("two"))
        session.send("\r")
        try session.expectRow("two")
    }

    @Test("a paste keeps question marks and tabs as text and drops control characters")
    func pasteIsText() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.send("\u{1b}[200~\(ShellWords.say("a ?\u{7}\u{1b}[A b"))\r\u{1b}[201~")
        try session.expect("the text") { session in
            session.screen.rows.contains { $0.hasPrefix("a ?") && $0.hasSuffix(" b") }
        }
    }

    @Test("the history is walked by the beginning typed")
    func walksHistory() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        let lines = [ShellWords.say("alpha"), "zulu", ShellWords.say("beta")]
        for line in lines {
            session.enter(line)
            try session.expect("the next prompt") { session in
                session.typed == "" && session.screen.rows.contains { $0.hasSuffix(line) }
            }
        }
        session.send("\u{1b}[A")
        try session.expectTyped(lines[2])
        session.send("\u{1b}[A")
        try session.expectTyped(lines[1])
        session.send("\u{1b}[B\u{1b}[B")
        try session.expectTyped("")
        session.send("sa\u{1b}[A\u{1b}[A")
        try session.expectTyped(lines[0])
        session.send("\u{1b}[B\u{1b}[B")
        try session.expectTyped("sa")
    }

    @Test("Ctrl-C leaves a search with an empty line")
    func interruptLeavesSearch() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        session.enter(ShellWords.say("alpha"))
        try session.expectRow("alpha")
        try session.expectPrompt()
        session.send("\u{12}alp")
        try session.expect("the search") { session in
            session.screen.rows.contains { $0.hasPrefix("bck:alp") }
        }
        session.send("\u{3}")
        try session.expectPrompt()
    }

    @Test("Ctrl-R searches the history while the words are typed")
    func searchesHistory() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        for word in ["alpha", "beta"] {
            session.enter(ShellWords.say(word))
            try session.expectRow(word)
        }
        try session.expectPrompt()
        session.send("\u{12}alp")
        try session.expectTyped(ShellWords.say("alpha"))
        session.send("\r")
        try session.expect("the found command to run") { session in
            session.screen.rows.count { $0 == "alpha" } == 2
        }
    }
}
