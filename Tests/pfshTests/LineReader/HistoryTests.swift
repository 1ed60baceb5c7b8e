// The history file between sessions: what is kept, in which order, and what cannot harm it.

import Glibc
import Testing

@testable import pfsh

@Suite("The history")
struct HistoryTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path + "/state/pfsh/history"
    }

    @Test("entries last, in order, none twice, readable by their owner only")
    func lasts() {
        var first = History(path: path)
        let kept = ["a", "b", "a", "c"].map { first.add($0) }
        #expect(kept == [true, true, true, true])
        #expect(first.entries == ["b", "a", "c"])
        let second = History(path: path)
        #expect(second.entries == ["b", "a", "c"])
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("what begins with a blank or holds only blanks is not kept")
    func blanks() {
        var history = History(path: path)
        let kept = [" secret", "\tsecret", "", "  ", "\n"].map { history.add($0) }
        #expect(!kept.contains(true))
        #expect(history.entries == [])
        #expect(History(path: path).entries == [])
    }

    @Test(
        "rows, backslashes and letters of any script survive the file",
        arguments: ["a\nb", "a\\nb", "\\", "\\\\n", "a\r\nb", "日本 é", "x\u{1b}"]
    )
    func survives(text: String) {
        var history = History(path: path)
        _ = history.add(text)
        #expect(History(path: path).entries == [text])
    }

    @Test("two sessions at once lose nothing")
    func twoSessions() {
        var one = History(path: path)
        var two = History(path: path)
        _ = one.add("one")
        _ = two.add("two")
        _ = one.add("three")
        #expect(History(path: path).entries == ["one", "two", "three"])
    }

    @Test("loading cleans the file down to the newest entries")
    func cleans() throws {
        var history = History(path: path)
        _ = history.add("first")
        let file = try #require(fopen(path, "w"))
        for index in 0...History.maximumEntries { fputs("entry \(index)\nrepeated\n\n", file) }
        fclose(file)
        let loaded = History(path: path)
        #expect(loaded.entries.count == History.maximumEntries)
        #expect(loaded.entries.last == "repeated")
        #expect(loaded.entries.first == "entry 2")
        var status = stat()
        #expect(stat(path, &status) == 0)
        let again = History(path: path)
        #expect(again.entries == loaded.entries)
        let expected = loaded.entries.reduce(0) { $0 + $1.utf8.count + 1 }
        #expect(Int(status.st_size) == expected)
    }

    @Test(
        "a file that cannot be a history is left alone",
        arguments: ["/dev/null", "/", "/proc/x/y"]
    )
    func unusable(path: String) {
        var history = History(path: path)
        _ = history.add("kept in memory")
        #expect(history.entries == ["kept in memory"])
    }

    @Test("bytes that are no text are read as well as they can be")
    func binary() throws {
        var history = History(path: path)
        _ = history.add("x")
        let file = try #require(fopen(path, "w"))
        let bytes: [UInt8] = [0xff, 0x00, 0x0a, 0x61, 0x5c, 0x0a]
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        #expect(History(path: path).entries == ["\u{fffd}\0", "a"])
    }

    @Test("the place follows PFSH_HISTORY, then XDG_STATE_HOME, then HOME")
    func place() {
        func standard(_ variables: [String: String]) -> String? {
            History.standardPath { variables[$0] }
        }
        #expect(standard(["PFSH_HISTORY": "/h", "HOME": "/home/u"]) == "/h")
        #expect(standard(["PFSH_HISTORY": "", "HOME": "/home/u"]) == nil)
        #expect(standard(["XDG_STATE_HOME": "/s", "HOME": "/home/u"]) == "/s/pfsh/history")
        #expect(
            standard(["XDG_STATE_HOME": "s", "HOME": "/home/u"])
                == "/home/u/.local/state/pfsh/history"
        )
        #expect(standard([:]) == nil)
    }
}
