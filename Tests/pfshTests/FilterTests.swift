// Filters behind the shell's own commands: tables as data, and files that are written.

import Glibc
import Interpreter
import NetIO
import Testing

@testable import pfsh

@Suite("Filters") struct FilterTests {
    static let world = "subnet voice 10.4.0.0/24\nphones 12 model CP-7961G\n"

    @Test("a table of phones is filtered by its columns and given as data")
    func data() {
        let harness = ShellHarness()
        let result = harness.run(
            Self.world + "show phones | where state == idle | sort ip desc | head 1 | json"
        )
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains("\"name\": \"P12\""))
        #expect(result.text.contains("\"got_bytes\": null"))
        #expect(harness.run("show phones | where name ~ /1/ | count").text == "4\n")
    }

    @Test("sizes and durations are plain numbers as data")
    func quantities() {
        let harness = ShellHarness()
        let result = harness.run(
            "site branch wan 1.5Mbps rtt 80ms\nshow sites | where site == branch"
                + " | columns site,wan,rtt | csv"
        )
        #expect(result.text == "site,wan,rtt\nbranch,1500000,0.08\n")
    }

    @Test("saved output is what would have been shown, in full width, and a bad path says why")
    func save() throws {
        var template = Array("/tmp/pfsh-filters-XXXXXX".utf8CString)
        _ = try #require(mkdtemp(&template))
        let folder = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
        let path = folder + "/phones.csv"
        defer {
            unlink(path)
            rmdir(folder)
        }
        let harness = ShellHarness()
        let shown = harness.run(Self.world + "show phones P1,P2 | csv").text
        #expect(harness.run("show phones P1,P2 | csv | save \(path)").text == "")
        let bytes = try FileStore.read(path, limitBytes: 1 << 20)
        #expect(String(decoding: bytes, as: UTF8.self) == shown)
        let refused = harness.run("show phones | save \(folder)/none/file")
        #expect(refused.status == 3)
        #expect(refused.text.contains("cannot be written"))
    }

    @Test("a prefix of a filter counts at the prompt and names itself in a script")
    func prefixes() {
        let harness = ShellHarness()
        #expect(harness.run(Self.world + "show phones | count").text == "12\n")
        #expect(harness.run("sh ph | inc P1 | cou", mode: .prompt).text == "4\n")
        #expect(harness.run("show phones | inc P1").status == 2)
    }
}
