// `try`: what is tried on a copy is told and leaves nothing behind, whatever becomes of it.

import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Trials") struct TrialTests {
    private static let office = TimeTravelTests.office + ["run 28s"]

    /// All that a trial could have changed.
    private func shown(_ harness: ShellHarness) -> String {
        let host = harness.session.host
        return harness.run(
            "show phones\nshow log\nclock\nshow fingerprint\nshow agenda\nshow checkpoints\n"
                + "show aliases\nshow breaks\nshow running-config\nsay $kept"
        ).text + host.notebook.recorded.filter { !$0.hasPrefix("try") }.joined()
            + "\(host.undoHistory.steps.count) \(host.timeTravel.history.stretch)"
    }

    private func office() -> ShellHarness {
        TimeTravelTests.typed(
            Self.office + ["let kept = 1", "checkpoint here", "every 7s { say \"tick\" }"]
        )
    }

    @Test("what would differ is told, and the world, its past and its names are as before")
    func forgotten() {
        let harness = office()
        let before = shown(harness)
        let result = harness.enter(
            "try { remove P2; let kept = 2; checkpoint other; run until idle; break on state idle }"
        )
        #expect(result.status == 0)
        #expect(result.text.contains("P2"), "\(result.text)")
        #expect(result.text.contains("it makes a difference to"), "\(result.text)")
        #expect(result.text.contains("forgotten: it is 0:00:28.000 as before"), "\(result.text)")
        #expect(shown(harness) == before)
        #expect(harness.enter("restore other").status == 2)
        // The way on is that of a session in which nothing was tried.
        let twin = office()
        #expect(harness.enter("run 1m").text == twin.enter("run 1m").text)
        #expect(harness.run("show fingerprint").text == twin.run("show fingerprint").text)
    }

    @Test("what happens without the block is told as such")
    func leftAlone() {
        let result = office().enter("try { run 1m }")
        #expect(result.text.contains("no difference to phones"), "\(result.text)")
        #expect(result.text.contains("time"), "\(result.text)")
        #expect(!result.text.contains("P1 "), "\(result.text)")
    }

    @Test(
        "a block that fails is an error at its place, and leaves nothing behind",
        arguments: [
            ("try { run 5s; expect count(all) == 5 }", Int32(1), "count(all) == 5"),
            ("try { remove P1; phone P3 model CP-7961G }", 2, "P3"),
            ("try { run 5s; restore nowhere }", 2, "nowhere"),
        ]
    )
    func fails(line: String, status: Int32, word: String) {
        let harness = office()
        let before = shown(harness)
        let result = harness.enter(line)
        #expect(result.status == status)
        #expect(result.text.contains(word) && result.text.contains("^"), "\(result.text)")
        #expect(shown(harness) == before)
    }

    @Test("on a real network nothing is tried, taken back or gone back to")
    func attached() {
        let harness = TimeTravelTests.typed(
            TimeTravelTests.office.dropLast() + ["run 1s", "checkpoint here"]
        )
        let result = harness.enter("attach loopback port 40533")
        #expect(result.status == 0, "\(result.text)")
        for line in [
            "try { run 1s }", "back 1s", "goto 5s", "goto event 3", "restore here",
            "checkpoint there", "undo", "step", "break on state idle",
        ] {
            let result = harness.enter(line)
            #expect(
                result.status == 2 && result.text.contains("real network"),
                "\(line): \(result.text)"
            )
        }
        #expect(harness.enter("no attach").status == 0)
        #expect(harness.enter("try { attach loopback port 40534 }").text.contains("stays off"))
    }
}

@Suite("Breaks and steps") struct BreakTests {
    private func office(_ more: [String] = []) -> ShellHarness {
        TimeTravelTests.typed(TimeTravelTests.office + more)
    }

    @Test("a run ends right behind the event that fits, and the next goes on from there")
    func event() throws {
        let harness = office(["break on event join"])
        let result = harness.enter("run 10m")
        #expect(result.status == 0)
        #expect(result.text.hasPrefix("break 1, event join: 0:00:"), "\(result.text)")
        #expect(result.text.contains("gets Join"), "\(result.text)")
        let first = harness.session.host.world.eventCount
        // The same event with all of them looked at by hand.
        let twin = office()
        var count: UInt64 = 0
        while true {
            let line = twin.enter("step").text
            count += 1
            if line.contains("gets Join") { break }
        }
        #expect(first == count)
        #expect(twin.run("show fingerprint").text == harness.run("show fingerprint").text)
        #expect(harness.enter("run 10m").text.contains("gets Join"))
        #expect(harness.session.host.world.eventCount > first)
    }

    @Test("breaks on states and conditions stop when they come to hold, once")
    func states() {
        let harness = office(["break on state serving P2", "break on count(state fetching) > 0"])
        #expect(harness.enter("run until idle").text.contains("break 2, count(state fetching) > 0"))
        #expect(harness.run("say count(state fetching)").text == "1\n")
        var texts = ""
        for _ in 0..<40 { texts += harness.enter("run until idle").text }
        #expect(texts.contains("break 1, state serving of P2: "), "\(texts)")
        #expect(texts.split(separator: "break 1").count == 2, "\(texts)")
        #expect(harness.session.host.world.isIdle)
        // The way is that of a run without breaks.
        let twin = office(["run until idle"])
        #expect(twin.run("show fingerprint").text == harness.run("show fingerprint").text)
    }

    @Test("breaks are listed and taken away; an unknown one is refused")
    func list() {
        let harness = office(["break on event claim P1..P3", "break on state idle"])
        let list = harness.enter("show breaks").text
        #expect(list.contains("event claim of 3 phones") && list.contains("state idle"), "\(list)")
        #expect(harness.enter("no break 1").status == 0)
        let refused = harness.enter("no break 1")
        #expect(refused.status == 2 && refused.text.contains("there is 2"), "\(refused.text)")
        #expect(harness.enter("no break 2").status == 0)
        #expect(harness.enter("run 10m").text.isEmpty)
    }

    @Test("a run that a break ends misses no `within` silently")
    func within() {
        let harness = office(["break on event join"])
        #expect(harness.enter("expect now > 5m within 10m").status == 1)
        #expect(harness.enter("run until now > 5m within 10m").status == 0)
    }

    @Test("a step says what came in, what was decided and sent, and the next deadline")
    func step() {
        let harness = office()
        let text = harness.enter("step 40").text
        let lines = text.split(separator: "\n")
        #expect(lines.count == 40)
        #expect(
            lines.contains { $0.contains("broadcasts a claim") && $0.contains("; deadline 0:00:") }
        )
        #expect(
            lines.contains {
                $0.contains("reads its configuration") && $0.contains("now listening")
            }
        )
        #expect(harness.session.host.world.eventCount == 40)
    }
}
