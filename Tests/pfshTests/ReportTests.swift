// Reports: what they say, that they read back, that their runs are repeated, and where another run parts.

import Glibc
import Interpreter
import NetIO
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Reports") struct ReportTests {
    private static let lines = [
        "site branch wan 1.544Mbps rtt 50ms", "subnet voice 10.4.0.0/24 site branch",
        "phones 6 model CP-7961G subnet voice", "pfs enterprise on", "push 9.4(2)SR1 to all",
        "run 20s", "remove P3", "run 2m", "repeat 2 {\n    say \"é\u{301}\"\n\n    run 1s\n}",
    ]

    private func session(_ lines: [String] = lines) -> ShellHarness {
        let harness = ShellHarness(isInteractive: true)
        for line in lines { _ = harness.enter(line) }
        return harness
    }

    private func script(_ text: String, _ arguments: [String] = []) -> ShellHarness {
        let harness = ShellHarness()
        harness.session.setArguments(arguments)
        harness.session.setCall(ProcessCall(rest: ["run.pfsh"]))
        harness.session.beginReplay(ReplayLimits())  // keeps the way, as `--report` does
        _ = harness.run(text, name: "run.pfsh")
        return harness
    }

    private func read(_ report: RunReport) throws -> RunReport {
        try ReportReader.report(Array(report.fileText.utf8), named: "the report")
    }

    private func verdict(_ report: RunReport) throws -> Replay.Verdict {
        try Replay(try read(report)) { _ in }.verdict()
    }

    @Test("a report reads back as it was written")
    func roundTrip() throws {
        let harness = session(Self.lines + ["expect 1 == 2", "goto 25s"])
        let report = harness.session.host.report()
        #expect(!report.failure.isEmpty && !report.logLines.isEmpty && report.marks.count >= 2)
        #expect(!report.trail.lines.isEmpty)
        #expect(try read(report) == report)
        let made = script("say $1\nsay \"two\"\nrun 1s\nexit 4", ["a \"b\"\n\\$", "x=\u{1}"])
        #expect(try read(made.session.host.report()) == made.session.host.report())
    }

    @Test(
        "the run of a session is the same again, also behind an undo, a failed line and going back"
    )
    func sameSession() throws {
        for more in [
            [], ["remove P1", "undo", "run 1m"], ["expect 1 == 2", "run 1m"],
            ["back 5s", "remove P2", "run 1m"], ["expect now > 9h within 3s", "run until idle"],
        ] {
            let report = session(Self.lines + more).session.host.report()
            let verdict = try verdict(report)
            #expect(verdict.isSame, "\(more): \(verdict.lines)")
            #expect(verdict.lines.contains { $0.hasPrefix("same run: ") })
        }
    }

    @Test("the run of a script is the same again, its failure too")
    func sameScript() throws {
        let text =
            Self.lines.joined(separator: "\n") + "\nexpect count(all) == $size \"all there\"\n"
        let report = script("parameter size = 1\n" + text, ["size=7"]).session.host.report()
        let verdict = try verdict(report)
        #expect(verdict.isSame, "\(verdict.lines)")
        #expect(
            verdict.lines.contains {
                $0.contains("and it ends as it did") && $0.contains("all there")
            }
        )
        var other = report
        other.failure = ["error: something else"]
        let parted = try self.verdict(other)
        #expect(!parted.isSame && parted.lines.contains("it ends otherwise:"), "\(parted.lines)")
    }

    @Test("a stopped run is repeated to the event at which it was stopped")
    func stopped() throws {
        let head = Self.lines.prefix(5).joined(separator: "\n")
        var report = script(head + "\nrun to event 777\n").session.host.report()
        report.text = head + "\nrun until idle\nsay \"never\"\n"
        report.stop = .event(777)
        let verdict = try verdict(report)
        #expect(verdict.isSame, "\(verdict.lines)")
    }

    @Test("a script that reports itself is repeated to that order")
    func ordered() throws {
        let head = Self.lines.prefix(6).joined(separator: "\n")
        let path = try ScratchFile()
        let harness = script(head + "\nreport /dev/null\n")
        _ = harness
        let text = head + "\nreport /dev/null\nrun 10s\nreport \(path.path)\nremove P2\nrun 1m\n"
        let whole = ShellHarness()
        whole.session.setCall(ProcessCall(rest: ["run.pfsh"]))
        let result = whole.run(text, name: "run.pfsh")
        #expect(result.status == 0, "\(result.text)")
        let report = try ReportReader.read(path.path)
        #expect(report.stop == .report(2) && report.end.nanoseconds == 30_000_000_000)
        let verdict = try Replay(report) { _ in }.verdict()
        #expect(verdict.isSame, "\(verdict.lines)")
    }

    @Test("the first event that differs is named: number, time, phone, kind")
    func difference() throws {
        var report = session().session.host.report()
        let other = Self.lines.map { $0 == "remove P3" ? "remove P4" : $0 }
        let twin = session(other)
        // The same by hand: both with every event kept.
        let (one, two) = (traced(Self.lines), traced(other))
        let difference = try #require(EventDifference.lines(one.session.host, two.session.host))
        let number = try #require(difference[0].split(separator: " ").last?.dropLast())
        report.text = other.map { $0 + "\n" }.joined()
        let verdict = try verdict(report)
        #expect(!verdict.isSame)
        let line = try #require(verdict.lines.first { $0.hasPrefix("another run: ") })
        #expect(
            line.contains("the first event that differs is number \(number): 0:00:2"),
            "\(line)"
        )
        #expect(
            line.hasSuffix(difference[2].dropFirst("  second: ".count)),
            "\(line) \(difference)"
        )
        _ = twin
    }

    private func traced(_ lines: [String]) -> ShellHarness {
        let harness = ShellHarness(isInteractive: true)
        harness.session.host.world.isTracing = true
        for line in lines { _ = harness.enter(line) }
        return harness
    }

    @Test("an event of the report that was another one is found, wherever it stands")
    func changedEvent() throws {
        let report = session().session.host.report()
        for number in report.trail.numbers where number % 3 == 0 {
            var changed = report
            var line = try #require(report.trail.lines[number])
            line.checks[line.checks.count / 2] ^= 5
            changed.trail.keep(line, number: number)
            let event = EventTrail.firstEvent(ofLine: number) + UInt64(line.checks.count / 2)
            let verdict = try verdict(changed)
            #expect(!verdict.isSame)
            #expect(
                verdict.lines.contains { $0.contains("number \(event): 0:") },
                "\(verdict.lines)"
            )
        }
        var changed = report
        changed.end = RunReport.Mark(
            nanoseconds: report.end.nanoseconds,
            event: report.end.event,
            fingerprint: report.end.fingerprint ^ 1
        )
        #expect(try !verdict(changed).isSame)
    }

    @Test("a report of another version says so, and is compared all the same")
    func otherVersion() throws {
        var report = session().session.host.report()
        report.version = "0.0.9"
        let verdict = try verdict(report)
        #expect(verdict.isSame)
        #expect(verdict.lines.first == "written by pfsh 0.0.9, run by pfsh \(Version.text)")
        report.text += "polish all\n"
        let refused = try self.verdict(report)
        #expect(
            refused.lines.contains { $0.contains("unknown command `polish`") },
            "\(refused.lines)"
        )
    }

    @Test("what is run again writes nothing, and says what was passed over")
    func sealed() throws {
        let file = try ScratchFile()
        var report = session().session.host.report()
        report.text +=
            "record \(file.path)\nshow phones | save \(file.path)\nexport \(file.path).svg\n"
        let verdict = try verdict(report)
        #expect(verdict.isSame, "\(verdict.lines)")
        #expect(verdict.lines.contains("passed over: export, record"), "\(verdict.lines)")
        #expect(file.text == nil)
    }

    @Test("no path of the reporter's machine is in a report unless asked for")
    func discretion() throws {
        let folder = "/tmp/pfsh-secret-folder"
        mkdir(folder, 0o700)
        mkdir(folder + "/sub", 0o700)
        try FileStore.write(
            Array("proc hello { say \"hello\" }\nrun 1s\n".utf8),
            to: folder + "/sub/lib.pfsh"
        )
        let text =
            Self.lines.prefix(6).joined(separator: "\n")
            + "\nsource sub/lib.pfsh\nhello\nrun until log /DLOAD|HROOT/ within 1m\n"
            + "inventory \(folder)/rows.csv\n"
        try FileStore.write(Array(text.utf8), to: folder + "/run.pfsh")
        defer {
            for name in ["/sub/lib.pfsh", "/run.pfsh"] { unlink(folder + name) }
            rmdir(folder + "/sub")
            rmdir(folder)
        }
        let harness = ShellHarness()
        harness.session.setCall(ProcessCall(rest: [folder + "/run.pfsh"]))
        harness.session.beginReplay(ReplayLimits())
        #expect(harness.session.runFile(folder + "/run.pfsh").exitStatus != 0)
        let report = harness.session.host.report()
        #expect(!report.fileText.contains("secret-folder"), "\(report.fileText)")
        #expect(report.files.map(\.name) == ["sub/lib.pfsh"])
        #expect(report.text.contains("log /DLOAD|HROOT/"))
        let verdict = try verdict(report)
        #expect(verdict.lines.contains { $0.hasPrefix("same run") }, "\(verdict.lines)")
        #expect(harness.session.host.report(tellsPaths: true).fileText.contains("secret-folder"))
    }

    @Test(
        "what is no report is refused with the line and the reason",
        arguments: [
            ("", "it is empty"), ("say 1\n", "line 1: expected `pfsh report, format 1`"),
            ("pfsh report, format 1\n", "line 1: the file ends here"),
            ("pfsh report, format 1\n\nversion 1\nseed 3\n", "line 4: expected `system`"),
            ("pfsh report, format 1\n\u{0}\n", "line 2 is no text"),
        ]
    )
    func noReport(text: String, words: String) {
        expectRefusal(text, words)
    }

    private func expectRefusal(_ text: String, _ words: String) {
        do throws(Diagnostic) {
            _ = try ReportReader.report(Array(text.utf8), named: "it")
            Issue.record("accepted: expected \(words)")
        } catch {
            #expect(error.message.contains(words), "\(error.message)")
            #expect(error.kind == .mistake)
        }
    }

    @Test("each part of a report that lies is refused with its line")
    func lies() throws {
        let text = session().session.host.report().fileText
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        func changed(_ head: String, _ change: (String) -> String) -> (String, Int) {
            var other = lines
            let place = other.firstIndex { $0.hasPrefix(head) } ?? 0
            other[place] = change(other[place])
            return (other.joined(separator: "\n"), place + 1)
        }
        let marks = lines.firstIndex(of: "## Marks") ?? 0
        let events = lines.firstIndex(of: "## Events") ?? 0
        let cases: [(String, (String) -> String, String)] = [
            ("seed", { _ in "seed       many" }, "expected a seed"),
            ("run", { _ in "run        away" }, "expected `script NAME`"),
            ("end", { _ in "end        0s event 1 fingerprint xyz" }, "expected `TIME event"),
            (
                lines[marks + 3], { _ in "    9h event 3 fingerprint 0123456789abcdef" },
                "behind the end"
            ),
            (lines[marks + 3], { "   " + $0.dropFirst(4) }, "expected four blanks"),
            (lines[events + 3], { $0.replacing("33 ", with: "34 ") }, "do not follow"),
            (lines[events + 3], { $0.replacing("33 ", with: "320001 ") }, "behind the end"),
            (lines[events + 2], { $0.dropLast(2) + "" }, "expected `NUMBER CHECKS DIGITS`"),
            ("## End", { $0 + "\n    more" }, "nothing stands behind"),
        ]
        for (head, change, words) in cases {
            let (text, line) = changed(head, change)
            expectRefusal(text, words)
            if words != "nothing stands behind" { expectRefusal(text, "line \(line)") }
        }
        // Cut anywhere it is refused, and never read as something else.
        for length in stride(from: 0, to: text.utf8.count - 1, by: 97) {
            let part = String(decoding: Array(text.utf8.prefix(length)), as: UTF8.self)
            #expect(throws: Diagnostic.self) {
                _ = try ReportReader.report(Array(part.utf8), named: "it")
            }
        }
    }

    @Test("broken bytes are refused or read, and never more")
    func randomBytes() throws {
        let bytes = Array(session(Array(Self.lines.prefix(6))).session.host.report().fileText.utf8)
        var random = RandomStream(seed: 1, purpose: .test, index: 9_000)
        var refused = 0
        for _ in 0..<300 {
            var broken = bytes
            for _ in 0...Int(random.next() % 3) {
                broken[Int(random.next() % UInt64(broken.count))] = UInt8(random.next() & 0xFF)
            }
            if (try? ReportReader.report(broken, named: "it")) == nil { refused += 1 }
        }
        #expect(refused > 100)
    }

    @Test("a file that is too large is refused before it is read")
    func huge() throws {
        let file = try ScratchFile()
        let descriptor = open(file.path, O_WRONLY | O_CREAT, 0o600)
        ftruncate(descriptor, off_t(RunReport.byteLimit) + 1)
        close(descriptor)
        #expect(throws: Diagnostic.self) { _ = try ReportReader.read(file.path) }
    }
}

/// A name in a folder for what passes, without a file until somebody writes it.
final class ScratchFile {
    let path: String

    init() throws {
        var template = Array("/tmp/pfsh-report-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        close(descriptor)
        unlink(path)
    }

    deinit { unlink(path) }

    /// The file's text; nil as long as there is none.
    var text: String? {
        (try? FileStore.read(path, limitBytes: 1 << 24)).map { String(decoding: $0, as: UTF8.self) }
    }
}
