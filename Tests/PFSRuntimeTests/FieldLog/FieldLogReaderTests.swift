// Logs as they come from the field: every style of line, the damage of TechNote 200615, and what is no log.

import Foundation
import PFSRuntime
import Testing

@Suite("Field logs") struct FieldLogReaderTests {
    private struct Reading {
        var lines: [LoggedLine] = []
        var reader = FieldLogReader(name: "log")
        var counts: LogCounts { reader.counts }

        init(_ bytes: [UInt8], pieceBytes: Int = 1 << 16) {
            var start = 0
            while start < bytes.count {
                let end = min(start + pieceBytes, bytes.count)
                reader.feed(Array(bytes[start..<end])) { lines.append($0) }
                start = end
            }
            reader.finish { lines.append($0) }
        }

        init(_ text: String) { self.init(Array(text.utf8)) }
    }

    private static let tests = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func file(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: tests.appending(path: path)))
    }

    @Test("the seed's lines are read in the form that TechNote 200615 prints, with all its damage")
    func damagedSeed() throws {
        let repaired = Reading(try Self.file("pfshTests/Fixtures/seed-dload.log"))
        let damaged = Reading(try Self.file("FuzzTargets/Corpus/field-log/damaged"))
        #expect(repaired.lines.count == 26)
        #expect(repaired.counts.mended == 0 && repaired.counts.unknown == 0)
        #expect(damaged.lines.map(\.text) == repaired.lines.map(\.text))
        #expect(damaged.lines.map(\.microseconds) == repaired.lines.map(\.microseconds))
        #expect(damaged.lines.map(\.severity) == repaired.lines.map(\.severity))
        #expect(damaged.counts.understood == 26)
        #expect(damaged.counts.misplaced == 1, "XfrCmd stands too early")
        #expect(damaged.counts.mended >= 6)
        #expect(damaged.counts.unknownDownload == 0)
        #expect(damaged.counts.unknown == 8, "the sentences between the lines")
    }

    @Test("every line that pfsh prints is read as what it is")
    func everyKind() throws {
        let examples = try DLoadLogTables.examples()
        for (kind, line) in zip(DLoadLineKind.all.indices, examples) {
            let reading = Reading(line + "\n")
            #expect(reading.lines.map(\.event.rawValue) == [kind], "\(line)")
            let read = try #require(reading.lines.first)
            #expect(line.hasSuffix(read.text))
            #expect(reading.counts.mended == 0)
        }
    }

    @Test(
        "a line may have anything in front that phones, programs and daemons put there",
        arguments: [
            "NOT 02:19:22.634945 DLoad: ^.idl_child.c-openUDPPort",
            "4878: NOT 02:19:22.634945 DLoad: ^.idl_child.c-openUDPPort",
            "4878 NOT 02:19:22.634945  DLoad: ^.idl_child.c-openUDPPort",
            "4852 NOT Mar 09 02:19:22.634945 (339:1850) DLoad-^.idl_child.c-openUDPPort",
            "4852 NOT Mar 09 02:19:22.634945 (339:1850) downd: ^.idl_child.c-openUDPPort",
            "<133>Mar  9 02:19:22 SEP001122334455 NOT 02:19:22.634945 DLoad: ^.idl_child.c-openUDPPort",
            "Mar  9 02:19:22 SEP001122334455 77: NOT 02:19:22.634945 DLoad: ^.idl_child.c-openUDPPort",
            "SEP001122334455 NOT 02:19:22.634945 DLoad: ^.idl_child.c-openUDPPort",
            "\"NOT 02:19:22.634945 DLoad: ^.idl_child.c-openUDPPort\"\r",
        ]
    )
    func styles(_ line: String) throws {
        let reading = Reading(line + "\n")
        let read = try #require(reading.lines.first)
        #expect(read.event == .openedUDP && read.severity == .notice)
        #expect(read.timeOfDay == TimeOfDay(microseconds: 8_362_634_945))
        let hasName = line.contains("SEP001122334455")
        #expect(reading.reader.sources == [hasName ? "SEP001122334455" : "log"])
    }

    @Test("a line of syslog alone has its time and severity from syslog")
    func plainSyslog() throws {
        let text = SyslogMessage.line(
            facility: 16,
            .warning,
            TimeOfDay(microseconds: 8_362_634_945),
            host: "SEP001122334455",
            text: "parent 10.4.0.11 lost"
        )
        let read = try #require(Reading(text + "\n").lines.first)
        #expect(read.event == .parentLost && read.severity == .warning)
        #expect(read.value(.address) == "10.4.0.11")
        #expect(read.timeOfDay == TimeOfDay(microseconds: 8_362_000_000))
        let newer =
            "2026-03-09T18:32:38.5+01:00 tftp1 in.tftpd[812]: RRQ from 10.4.0.11 filename a.loads"
        let request = try #require(Reading(newer).lines.first)
        #expect(request.event == .readRequest && request.value(.file) == "a.loads")
    }

    @Test("other processes, unknown words, prose and blank lines are counted and harm nothing")
    func others() {
        let reading = Reading(
            """
            2782: NOT 17:21:51.794615 SECD: clpSetupSsl: Trying to connect
            7949 NOT 17:21:52.765155  CVM-what: of it
            INF 17:21:53.000000 DLoad: wrote a.sbn

            INF 17:21:54.000000 DLoad: words that nobody knows
            This is not a log.
            """
        )
        #expect(reading.lines.map(\.event) == [.fileWritten])
        #expect(reading.counts.otherProcesses == 2)
        #expect(reading.counts.unknownDownload == 1)
        #expect(reading.counts.unknown == 1 && reading.counts.blank == 1)
        #expect(reading.reader.samples.map(\.text) == ["words that nobody knows"])
        #expect(reading.reader.samples.map(\.number) == [5])
    }

    @Test("binary bytes and lines without an end are counted, and the lines behind them are read")
    func junk() {
        var bytes: [UInt8] = [0, 1, 2, 0xFF, 10]
        bytes += [UInt8](repeating: 65, count: 3_000_000) + [10]
        bytes += Array("INF 17:21:53.000000 DLoad: wrote a.sbn\n".utf8)
        for piece in [1 << 18, 4_095, 4_097] {
            let reading = Reading(bytes, pieceBytes: piece)
            #expect(reading.counts.binary == 1 && reading.counts.endless == 1)
            #expect(reading.lines.map(\.number) == [3])
        }
    }

    @Test("time goes on past midnight, and back where a line stands in the wrong place")
    func midnight() {
        let reading = Reading(
            """
            INF 23:59:59.900000 DLoad: wrote a.sbn
            INF 00:00:00.100000 DLoad: wrote b.sbn
            INF 23:59:59.950000 DLoad: wrote c.sbn
            """
        )
        let day = TimeOfDay.microsecondsPerDay
        #expect(reading.lines.map { $0.values[0] } == ["a.sbn", "c.sbn", "b.sbn"])
        #expect(reading.lines.last?.microseconds == day + 100_000)
        #expect(reading.counts.misplaced == 1)
    }

    @Test(
        "a log that random bytes are put into is read without a trap, and counted line by line",
        arguments: RepeatableSeed.all(2, suite: "FieldLogReaderTests")
    )
    func randomDamage(_ seed: RepeatableSeed) throws {
        var random = RandomStream(seed: seed.seed, purpose: .share, index: 1)
        let text = try Self.file("FuzzTargets/Corpus/field-log/damaged")
        var wasUnderstood = false
        var wasNot = false
        for _ in 0..<200 {
            var bytes = text
            for _ in 0..<(random.next() % 40) {
                let place = Int(random.next() % UInt64(bytes.count))
                bytes[place] = UInt8(truncatingIfNeeded: random.next())
            }
            let reading = Reading(bytes, pieceBytes: Int(random.next() % 300) + 1)
            #expect(reading.counts.bytes == bytes.count)
            wasUnderstood = wasUnderstood || reading.lines.count == 26
            wasNot = wasNot || reading.lines.count < 26
        }
        #expect(wasUnderstood && wasNot)
    }
}
