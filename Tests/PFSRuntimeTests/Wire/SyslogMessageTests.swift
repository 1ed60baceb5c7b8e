// Log lines of every form, and lines that want to harm.

import Testing

@testable import PFSRuntime

@Suite("Syslog") struct SyslogMessageTests {
    private func read(_ text: String) -> SyslogMessage { SyslogMessage(Array(text.utf8)) }

    @Test("a phone's line is read again as what it was")
    func roundTrip() throws {
        let line = SyslogMessage.line(
            facility: 16,
            .notice,
            try TimeOfDay("02:19:22.634"),
            host: "SEP001B54F7AF72",
            text: "^.idl_timeout.c-doTimeout"
        )
        #expect(line == "<133>Jan  1 02:19:22 SEP001B54F7AF72 DLoad: ^.idl_timeout.c-doTimeout")
        let message = read(line)
        #expect(message.form == .rfc3164 && message.facility == 16 && message.severity == 5)
        #expect(message.host == "SEP001B54F7AF72")
        #expect(message.text == "DLoad: ^.idl_timeout.c-doTimeout")
    }

    @Test("all known forms are taken, and anything else as it is")
    func forms() {
        let structured = read(
            "<165>1 2003-10-11T22:14:15.003Z host app 7 ID47 [a@1 b=\"]\\\"\" c=\"d\"][e] text here"
        )
        #expect(structured.form == .rfc5424 && structured.host == "host")
        #expect(structured.facility == 20 && structured.severity == 5)
        #expect(structured.text == "app: text here")
        let dashes = read("<34>1 - - - - - - ")
        #expect(dashes.form == .rfc5424 && dashes.host.isEmpty && dashes.text.isEmpty)
        #expect(read("<13>anything").form == .priority)
        #expect(read("<13>anything").text == "anything")
        #expect(read("NOT 02:19:22.634945 DLoad: x").form == .bare)
        #expect(read("<192>too high").form == .bare)
        #expect(read("<>x").form == .bare)
        #expect(read("").text.isEmpty)
    }

    @Test("nothing in a line can steer a terminal, and no line is long")
    func harm() {
        let message = read("<13>\u{1B}[2Jgone\u{7}\nnext\tline\u{202E}\n")
        #expect(message.text == "?[2Jgone??next line?")
        #expect(SyslogMessage(Array(repeating: 0xFF, count: 100_000)).text.utf8.count < 8_000)
    }

    @Test("random bytes never trap")
    func random() {
        var stream = RandomStream(seed: 1, purpose: .test, index: 4_000)
        let pieces = ["<13>", "1 ", "[", "]", "\"", "\\", "Jan  1 00:00:00 ", "- ", "é", "\u{0}"]
        for _ in 0..<3_000 {
            var text = ""
            for _ in 0..<stream.below(20) {
                text += pieces[Int(stream.below(UInt64(pieces.count)))]
            }
            var bytes = Array(text.utf8)
            if !bytes.isEmpty {
                bytes[Int(stream.below(UInt64(bytes.count)))] = UInt8(stream.below(256))
            }
            let message = SyslogMessage(bytes)
            #expect((0...23).contains(message.facility) && (0...7).contains(message.severity))
        }
    }
}
