// Commands from an input that is no terminal: how rows become commands, and where the limits are.

import Glibc
import Testing

@testable import pfsh

@Suite("Lines from a pipe")
struct PlainReaderTests {
    @Test("lines come one by one, with and without a last line end")
    func lines() throws {
        #expect(
            try events(Array("one\ntwo\r\n\nlast".utf8))
                == [.line("one"), .line("two"), .line(""), .line("last"), .endOfInput]
        )
        #expect(try events(Array("one\n".utf8)) == [.line("one"), .endOfInput])
        #expect(try events([]) == [.endOfInput])
    }

    @Test("an open block is handed out whole, and what is left open at the end too")
    func blocks() throws {
        let isComplete = { (text: String) in
            text.count { $0 == "{" } == text.count { $0 == "}" }
        }
        #expect(
            try events(Array("a {\n b\n}\nc\nd {\n".utf8), isComplete: isComplete)
                == [.line("a {\n b\n}"), .line("c"), .line("d {"), .endOfInput]
        )
    }

    @Test("a line of the greatest length is read and one byte more is refused")
    func limit() throws {
        let longest = Array(repeating: UInt8(ascii: "x"), count: PlainReader.maximumBytes)
        let tooLong = LineEvent.failed(.tooLong(limitBytes: PlainReader.maximumBytes))
        let text = String(decoding: longest, as: UTF8.self)
        #expect(
            try events(longest + Array("\nnext".utf8)) == [.line(text), .line("next"), .endOfInput]
        )
        #expect(
            try events(longest + Array("x\nnext".utf8)) == [tooLong, .line("next"), .endOfInput]
        )
        #expect(try events(longest + Array("x".utf8)) == [tooLong, .endOfInput])
    }

    @Test("a block of more than the greatest length is refused")
    func blockLimit() throws {
        let row = Array(repeating: UInt8(ascii: "x"), count: PlainReader.maximumBytes / 2) + [0x0a]
        let first = try events(row + row + row, isComplete: { _ in false }).first
        #expect(first == .failed(.tooLong(limitBytes: PlainReader.maximumBytes)))
    }

    @Test("a line with a NUL byte or bytes that are not UTF-8 is refused, the next one is read")
    func invalid() throws {
        #expect(
            try events([0x61, 0xff, 0x0a, 0x61, 0x0a, 0x61, 0x00, 0x0a])
                == [.failed(.notText), .line("a"), .failed(.notText), .endOfInput]
        )
    }

    @Test("a line that never ends is refused before its end")
    func endless() {
        let descriptor = open("/dev/full", O_RDONLY)
        defer { close(descriptor) }
        // Its zeros never end, and a device that is read after it would only repeat the answer.
        let reader = PlainReader(descriptor: descriptor)
        #expect(reader.read() == .failed(.tooLong(limitBytes: PlainReader.maximumBytes)))
    }

    @Test("an open block is asked about only when a row may close it")
    func questions() throws {
        var asked = 0
        let rows = Array(repeating: "say 1", count: 1_000).joined(separator: "\n")
        let whole = "repeat 2 {\n\(rows)\n}"
        let events = try events(Array(whole.utf8)) { text in
            asked += 1
            return text.hasSuffix("}")
        }
        #expect(events == [.line(whole), .endOfInput])
        #expect(asked == 2)
    }

    @Test("a directory cannot be read")
    func directory() throws {
        let descriptor = open("/", O_RDONLY)
        defer { close(descriptor) }
        let reader = PlainReader(descriptor: descriptor)
        #expect(reader.read() == .failed(.unreadable(errorNumber: EISDIR)))
    }

    /// All events of an input of these bytes.
    private func events(
        _ bytes: [UInt8],
        isComplete: @escaping (String) -> Bool = { _ in true }
    ) throws -> [LineEvent] {
        let file = try #require(tmpfile())
        defer { fclose(file) }
        fwrite(bytes, 1, bytes.count, file)
        rewind(file)
        let reader = PlainReader(descriptor: fileno(file), isComplete: isComplete)
        var events: [LineEvent] = []
        repeat { events.append(reader.read()) } while events.last != .endOfInput
        return events
    }
}
