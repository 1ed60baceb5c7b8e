// Going back in a session: the world, its clock, and what waits for its time; the way on is the same again.

import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Time travel") struct TimeTravelTests {
    static let office = [
        "subnet voice 10.4.0.0/24", "phones 4 model CP-7961G", "pfs enterprise on",
        "push 9.4(2)SR1 to all",
    ]

    static func typed(_ lines: [String]) -> ShellHarness {
        let harness = ShellHarness(isInteractive: true)
        for line in lines {
            let result = harness.enter(line)
            #expect(result.status == 0, "\(line): \(result.text)")
        }
        return harness
    }

    /// All that shows of a world.
    private func shown(_ harness: ShellHarness) -> String {
        harness.run("show phones\nshow log\nclock\nshow fingerprint\nshow server").text
    }

    @Test(
        "each way back leads to the world of then, and on from there to the world of now",
        arguments: ["back 12s", "goto 28s", "goto 0:00:28", "restore here", "goto event EVENT"]
    )
    func thereAndBack(order: String) {
        let harness = Self.typed(Self.office + ["run 28s", "checkpoint here"])
        let then = shown(harness)
        let event = harness.session.host.world.eventCount
        #expect(harness.enter("run 12s").status == 0)
        let now = shown(harness)
        let text = order == "goto event EVENT" ? "goto event \(event)" : order
        let result = harness.enter(text)
        #expect(result.status == 0 && result.text.hasPrefix("at 0:00:2"), "\(result.text)")
        if order != "goto event EVENT" { #expect(shown(harness) == then) }
        #expect(harness.enter("goto 40s").status == 0)
        #expect(shown(harness) == now)
        _ = harness.enter(text)
        #expect(harness.enter("goto 31s").status == 0)
        #expect(harness.enter("run 9s").status == 0)
        #expect(shown(harness) == now)
    }

    @Test("orders given later are told, reached by goto, and forgotten by another way")
    func orders() {
        let harness = Self.typed(
            Self.office + ["run 10s", "load P2 default", "remove P4", "run 5s", "show fingerprint"]
        )
        let fingerprint = harness.run("show fingerprint").text
        let back = harness.enter("back 7s").text
        #expect(back.contains("not ordered yet: 0:00:10.000 load P2 default; remove P4"), "\(back)")
        #expect(harness.session.host.world.phone(named: "P4") != nil)
        #expect(harness.enter("goto 15s").text.hasPrefix("at 0:00:15.000"))
        #expect(harness.session.host.world.phone(named: "P4") == nil)
        #expect(harness.run("show fingerprint").text == fingerprint)
        // The same again, with other orders: the old way is left.
        #expect(harness.enter("back 7s").status == 0)
        #expect(harness.enter("remove P1").status == 0)
        #expect(harness.enter("run 1s").status == 0)
        #expect(!harness.enter("goto 15s").text.contains("not ordered"))
        #expect(harness.session.host.world.phone(named: "P4") != nil)
        #expect(harness.run("show fingerprint").text != fingerprint)
    }

    @Test("going back is undone, and recorded: the record repeats it")
    func undoAndRecord() {
        let harness = Self.typed(Self.office + ["run 20s"])
        let before = shown(harness)
        #expect(harness.enter("back 5s").status == 0)
        #expect(harness.enter("undo").text == "undone: back 5s\n")
        #expect(shown(harness) == before)
        for line in ["back 5s", "remove P3", "run 30s", "back 100 events", "run 1m"] {
            #expect(harness.enter(line).status == 0)
        }
        let script = harness.session.host.notebook.script(seed: nil)
        let again = ShellHarness()
        #expect(again.run(script).status == 0)
        #expect(
            again.run("clock; show fingerprint").text == harness.run("clock; show fingerprint").text
        )
    }

    @Test("what waits for its time waits again for what lies ahead, and says nothing on the way")
    func waiting() {
        let harness = Self.typed(
            Self.office + [
                "let n = 0", "at 8s { say \"eight\"; remove P4 }", "every 3s { say \"tick\" }",
            ]
        )
        let first = harness.enter("run 10s").text
        #expect(first == "tick\ntick\neight\ntick\n", "\(first)")
        let end = harness.run("show fingerprint").text
        let back = harness.enter("back 5s").text
        #expect(!back.contains("tick"), "\(back)")
        #expect(harness.session.host.world.phone(named: "P4") != nil)
        let second = harness.enter("run 5s").text
        #expect(second == "tick\neight\ntick\n", "\(second)")
        #expect(harness.run("show fingerprint").text == end)
        // A block that has ended does not come back.
        let inner = harness.enter("{ every 1s { say \"inner\" }; run 2s }").text
        #expect(inner.contains("inner"))
        #expect(harness.enter("back 1s").status == 0)
        #expect(!harness.enter("run 2s").text.contains("inner"))
    }

    @Test("what cannot be is refused, says why, and changes nothing")
    func refused() {
        let harness = Self.typed(Self.office + ["run 5s"])
        let before = shown(harness)
        let cases = [
            ("back 6s", "the world began 0:00:05.000 ago"), ("back 900000 events", "have happened"),
            ("back 3", "a count and `events`"), ("back 3s events", "a count and `events`"),
            ("goto yesterday", "expected a time"), ("goto 0:99:10", "expected a time"),
            ("goto event 99999999", "events are known"),
            ("restore nowhere", "no checkpoint nowhere"),
            ("no checkpoint nowhere", "no checkpoint nowhere"), ("back -1s", "began"),
        ]
        for (line, text) in cases {
            let result = harness.enter(line)
            #expect(result.status == 2 && result.text.contains(text), "\(line): \(result.text)")
        }
        #expect(shown(harness) == before)
        let inside = harness.enter("at 6s { back 1s }; run 2s")
        #expect(inside.status == 2 && inside.text.contains("inside at, every and when"))
    }

    @Test("a script that goes back keeps its way; others keep none")
    func scripts() {
        let plain = ShellHarness()
        #expect(plain.run((Self.office + ["run 5s"]).joined(separator: "\n")).status == 0)
        #expect(plain.session.host.timeTravel.history.checkpoints.isEmpty)
        let script = ShellHarness()
        let lines = Self.office + ["run 5s", "back 2s", "expect now == 3s", "goto 1m"]
        #expect(script.run(lines.joined(separator: "\n")).status == 0)
        let test =
            Self.office + [
                "test \"back\" { run 5s; back 2s; expect now == 3s }", "expect now == 0s",
            ]
        #expect(ShellHarness().run(test.joined(separator: "\n")).status == 0)
    }

    @Test("going back before the first order finds the world that was")
    func beginning() {
        let harness = Self.typed(["run 1m"] + Self.office + ["run 10s", "goto 30s"])
        #expect(harness.session.host.world.phoneCount == 0)
        #expect(harness.enter("goto 70s").status == 0)
        #expect(harness.session.host.world.phoneCount == 4)
    }

    @Test("lists, filters and JSON speak of kept worlds")
    func listed() {
        let harness = Self.typed(Self.office + ["run 5s", "checkpoint one", "run 5s"])
        let list = harness.run("show checkpoints | where kept ~ /checkpoint/ | count").text
        #expect(list == "1\n", "\(list)")
        let answers = ShellHarness(answersInJSON: true)
        for line in Self.office + ["run 5s"] { _ = answers.enter(line) }
        let text = answers.enter("back 2s").text
        #expect(text.contains("\"ok\":true") && text.contains("at 0:00:03.000"), "\(text)")
        #expect(answers.enter("show checkpoints | json").text.contains("\"kept\""))
    }

    @Test("random sessions that go back and on end as those that never did")
    func random() {
        var trips = 0
        for seed in FuzzSeeds.all {
            for index in 0..<8 {
                var random = RandomStream(seed: seed, purpose: .test, index: 3_000 + UInt64(index))
                let lines = RunningConfigurationTests.randomLines(seed, UInt64(index))
                let (harness, straight) = (
                    ShellHarness(isInteractive: true), ShellHarness(isInteractive: true)
                )
                for line in lines {
                    let run = "run \(random.below(4_000))ms"
                    for typed in [line, run] {
                        _ = harness.enter(typed)
                        _ = straight.enter(typed)
                    }
                    guard random.below(2) == 0 else { continue }
                    let now = harness.session.host.now
                    let then = Int64(random.below(UInt64(now) + 1))
                    let result = harness.enter("goto \(then)ns")
                    #expect(result.status == 0, "\(result.text)")
                    if random.below(2) == 0 { _ = harness.enter("goto \((then + now) / 2)ns") }
                    #expect(harness.enter("goto \(now)ns").status == 0)
                    trips += 1
                }
                let again = Comment(
                    rawValue: "\(FuzzSeeds.command(seed, "TimeTravelTests")), session \(index)"
                )
                #expect(shown(harness) == shown(straight), again)
            }
        }
        #expect(trips > 20)
    }
}
