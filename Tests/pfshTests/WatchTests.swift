// Looking again and again while time passes; how far a run is; numbers in tables; colours by role.

import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Watching") struct WatchTests {
    private static let office = """
        subnet voice 10.4.0.0/24
        phones 3 model CP-7961G
        pfs enterprise on
        push 9.4(2)SR1 to all
        """

    private func watching() -> ShellHarness {
        let harness = ShellHarness()
        #expect(harness.run(Self.office).status == 0)
        return harness
    }

    @Test("without a terminal each showing that differs is printed below its time, up to the end")
    func showings() {
        let harness = watching()
        let text = harness.run("watch show phones | where state == idle | count every 1m").text
        let lines = text.split(separator: "\n")
        #expect(lines.first == "0:00:00.000" && lines.last == "3", "\(text)")
        #expect(lines.count == 4, "\(text)")
        #expect(harness.session.host.world.isIdle)
        let straight = watching()
        let end = harness.session.host.world.now
        _ = straight.run("run \(Value.duration(nanoseconds: end.nanoseconds).text)")
        #expect(straight.session.host.world.fingerprint == harness.session.host.world.fingerprint)
        #expect(end.nanoseconds % 60_000_000_000 == 0)
    }

    @Test("a second passes from one showing to the next, unless it says otherwise")
    func interval() {
        let harness = watching()
        let text = harness.run("watch clock").text
        #expect(text.contains("0:00:01.000\nvirtual, 0:00:01.000 "))
        #expect(text.contains("0:00:02.000\nvirtual, 0:00:02.000 "))
    }

    @Test("it is recorded as the time that passed")
    func recorded() {
        let harness = ShellHarness()
        for line in Self.office.split(separator: "\n") { _ = harness.enter(String(line)) }
        _ = harness.enter("watch show phones every 10m")
        let length = Value.duration(nanoseconds: harness.session.host.now).text
        #expect(harness.session.host.notebook.recorded.last == "run \(length)\n")
    }

    @Test(
        "what does not only look, or is no command, is refused and lets no time pass",
        arguments: [
            "watch run 1s", "watch say 1", "watch show phones; show tree", "watch nonsense",
            "watch watch clock", "watch show phones every 0s", "watch show phones every fast",
            "watch undo", "watch show phones $x",
        ]
    )
    func refused(line: String) {
        let harness = watching()
        let result = harness.run(line)
        #expect(result.status == 2 && result.text.contains("error: "), "\(result.text)")
        #expect(harness.session.host.now == 0)
    }

    @Test("TAB and ? complete the command that is watched")
    func completes() {
        let session = ShellHarness().session
        let line = "watch show ph"
        let words = session.completion(of: line, at: line.utf8.count).map(\.text)
        #expect(words == ["phones", "phone"])
        #expect(session.help(of: "watch show ", at: 11).contains("phones "))
    }

    @Test("on a terminal a showing replaces the one before, the space bar pauses, q ends")
    func terminal() throws {
        let session = try ShellSession()
        try session.expectPrompt()
        for line in Self.office.split(separator: "\n") {
            session.enter(String(line))
            try session.expectPrompt()
        }
        session.enter("watch clock every 100ms")
        try session.expect("a heading") { session in
            session.screen.rows.contains { $0.contains("every 100ms: clock  (q ends") }
        }
        session.send(" ")
        session.send("q")
        try session.expectPrompt()
        session.enter("say 40 + 2")
        try session.expectRow("42")
    }

    @Test("a run that Ctrl-C stopped is recorded by its event, and the record replays to it")
    func stopped() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/record.pfsh"
        let session = try ShellSession()
        try session.expectPrompt()
        let lines = [
            "subnet voice 10.4.0.0/20", "phones 2000 model CP-7961G", "pfs enterprise on",
            "push 9.4(2)SR1 to all",
        ]
        for line in lines {
            session.enter(line)
            try session.expectPrompt()
        }
        session.enter("run until idle")
        try session.expect("progress") { session in
            session.screen.rows.contains { $0.contains("/2000 phones done") }
        }
        session.send("\u{3}")
        try session.expect("that it stopped") { session in
            session.screen.allRows.contains { $0.hasPrefix("stopped at ") }
        }
        try session.expectPrompt()
        session.enter("record \(path)")
        session.enter("say 40 + 2")
        try session.expectRow("42")
        let record = Process.run("cat \(path)").text
        #expect(record.contains("\nrun to event "), "\(record)")
        let again = ShellHarness()
        let replayed = again.run(record)
        #expect(replayed.status == 0, "\(replayed.text)")
        session.enter("show fingerprint")
        let fingerprint = again.run("show fingerprint").text.dropLast()
        try session.expectRow(String(fingerprint))
    }
}

@Suite("How things look") struct LookTests {
    private static let office = """
        subnet voice 10.4.0.0/24
        phones 3 model CP-7961G
        pfs enterprise on
        push 9.4(2)SR1 to all
        run 20s
        """

    @Test("what a run says of itself fits a line, and forecasts its end")
    func progress() throws {
        let harness = ShellHarness()
        #expect(harness.run(Self.office).status == 0)
        let host = harness.session.host
        let world = World()
        func text(_ goal: ProgressLine.Goal, _ milliseconds: Int) -> String {
            let line = ProgressLine(isOn: false, output: host.output, goal: goal, world: world)
            return line.text(host.world, "0:00:20.000", milliseconds: milliseconds)
        }
        let events = Int(host.world.eventCount)
        let counts = "\(ProgressLine.short(events / 2)) events/s"
        #expect(text(.unknown, 2_000) == "0:00:20.000  \(counts)  0:04 left  Ctrl-C stops")
        let end = Instant(nanoseconds: 80_000_000_000)
        #expect(text(.time(end), 2_000) == "0:00:20.000  \(counts)  0:06 left  Ctrl-C stops")
        let twice = text(.event(host.world.eventCount * 2), 2_000)
        #expect(twice.contains("  0:02 left  "), "\(twice)")
        let line = ProgressLine(isOn: false, output: host.output, goal: .time(end), world: world)
        let narrow = line.text(host.world, "0:00:20.000", milliseconds: 2_000, columns: 30)
        #expect(narrow.hasPrefix("0:00:20.000") && narrow.count <= 30)
        #expect(!text(.time(.latest), 2_000).contains("left"))
        #expect(
            [950, 1_000, 12_345, 999_999, 4_100_000, 123_456_789].map(ProgressLine.short) == [
                "950", "1.0k", "12.3k", "999k", "4.1M", "123M",
            ]
        )
    }

    @Test("numbers of the table of phones are numbers as data, and words on the screen")
    func typedColumns() {
        let harness = ShellHarness()
        #expect(harness.run(Self.office).status == 0)
        let screen = harness.run("show phones").text
        #expect(screen.contains(" got ") && !screen.contains("got_bytes"))
        let json = harness.run("show phones P2 | json").text
        #expect(json.contains("\"got_percent\": 100, \"got_bytes\": 1630052, "), "\(json)")
        #expect(json.contains("\"out_seconds\": 19.") && !json.contains("\"got\""))
        let heading = harness.run("show phones | csv").text.prefix { $0 != "\n" }
        #expect(
            heading
                == "name,model,ip,runs,file,got_percent,got_bytes,from,state,service,out_seconds"
        )
        let chosen = harness.run(
            "show phones | where got_bytes > 1MB | columns name,got_percent,got"
        ).text
        #expect(chosen == "name got_percent  got\nP2          100% 100%\nP3          100% 100%\n")
        #expect(harness.run("show phones | where got == \"100%\" | count").text == "2\n")
        #expect(harness.run("show phones | sort out_seconds desc | head 1").text.contains("P2 "))
        #expect(!harness.run("show phones | include 1630052").text.contains("P2"))
    }

    @Test("every theme paints roles and leaves the words as they are", arguments: Theme.allCases)
    func themes(theme: Theme) {
        var text = ""
        let output = ShellOutput(
            width: { 80 },
            isColored: (true, true),
            writeOut: { text += $0 },
            writeError: { text += $0 }
        )
        output.theme = theme
        let session = Session(output: output)
        let script = Self.office + "\nshow phones\nshow sites\nshow tree\nshow phones | json"
        #expect(session.run(script, name: "", mode: .script) == .finished)
        _ = session.run("shw phones", name: "", mode: .script)
        let words = text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        let plain = ShellHarness()
        _ = plain.run(script, name: "")
        _ = plain.run("shw phones", name: "")
        #expect(words == plain.text)
        #expect(text.contains("\u{1B}") == (theme != .none))
    }

    @Test("theme and set pager take their words and no others")
    func settings() {
        let harness = ShellHarness()
        for line in ["theme plain", "theme none", "set pager off", "set pager on"] {
            #expect(harness.run(line).status == 0)
        }
        for line in ["theme pink", "set pager maybe"] { #expect(harness.run(line).status == 2) }
    }
}

@Suite("The pager") struct PagerTests {
    /// More lines than a screen of 24 rows has.
    private static let long = "show parameters"

    @Test("long output goes to the pager, short output and that of several commands does not")
    func takes() throws {
        let session = try ShellSession(environment: ["PAGER=sed s/^/paged:/"])
        try session.expectPrompt()
        session.enter(Self.long)
        try session.expect("paged rows") { session in
            session.screen.rows.contains { $0.hasPrefix("paged:block-header") }
        }
        try session.expectPrompt()
        session.enter("clock")
        try session.expect("a row without a mark") { session in
            session.screen.rows.contains { $0.hasPrefix("virtual, ") }
        }
        session.enter("set pager off")
        try session.expectPrompt()
        session.enter(Self.long)
        try session.expect("rows without a mark") { session in
            session.screen.rows.contains { $0.hasPrefix("block-header") }
        }
    }

    @Test("an empty PAGER switches it off, a wrong one is told and printed without")
    func missing() throws {
        let off = try ShellSession(environment: ["PAGER="])
        try off.expectPrompt()
        off.enter(Self.long)
        try off.expect("plain rows") { session in
            session.screen.rows.contains { $0.hasPrefix("block-header") }
        }
        try off.expectPrompt()
        let wrong = try ShellSession(environment: ["PAGER=/nowhere/pager"])
        try wrong.expectPrompt()
        wrong.enter(Self.long)
        try wrong.expect("plain rows") { session in
            session.screen.rows.contains { $0.hasPrefix("block-header") }
        }
        #expect(wrong.screen.allRows.contains { $0.contains("there is no pager") })
    }

    @Test("Ctrl-C in a pager ends the pager only, and a pager that reads nothing is no error")
    func interrupted() throws {
        let session = try ShellSession(environment: ["PAGER=echo begun; exec sleep 600"])
        try session.expectPrompt()
        session.enter(Self.long)
        try session.expectRow("begun")
        session.send("\u{3}")
        try session.expectPrompt()
        session.enter("say 40 + 2")
        try session.expectRow("42")
        let deaf = try ShellSession(environment: ["PAGER=true"])
        try deaf.expectPrompt()
        deaf.enter("subnet voice 10.4.0.0/20")
        try deaf.expectPrompt()
        deaf.enter("phones 3000 model CP-7961G")
        try deaf.expectPrompt()
        deaf.enter("show phones")
        try deaf.expectPrompt()
        deaf.enter("say 40 + 2")
        try deaf.expectRow("42")
    }
}
