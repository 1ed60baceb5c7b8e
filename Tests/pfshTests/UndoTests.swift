// Taking lines back: the world, its clock and the record of the session are as they were.

import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Undo") struct UndoTests {
    private static let office = [
        "subnet voice 10.4.0.0/24", "phones 3 model CP-7961G", "pfs enterprise on",
        "push 9.4(2)SR1 to all",
    ]

    private func typed(_ lines: [String]) -> ShellHarness {
        let harness = ShellHarness(isInteractive: true)
        for line in lines { #expect(harness.enter(line).status == 0, "\(line)") }
        return harness
    }

    /// All that shows of a world.
    private func shown(_ harness: ShellHarness) -> String {
        harness.run("show running-config\nshow phones\nshow log\nclock\nshow fingerprint").text
    }

    @Test(
        "a line that changed the world is taken back, and what follows is as if it had not been",
        arguments: [
            "run 10s", "phones 2 model CP-7941G", "remove P1", "pfs device P2 off", "cancel all",
            "clock set 02:19:22.634", "run until P1.done within 1h", "reset all; run 1s",
            "repeat 3 {\n run 100ms\n}", "firmware define SCCP41.9-9-9TEST sizes 1KB,2KB",
            "if 1 == 1 { run 3s }", "expect P1.state == listening within 9s", "step 4",
        ]
    )
    func taken(line: String) {
        let harness = typed(Self.office + ["run 500ms"])
        let before = shown(harness)
        let record = harness.session.host.notebook.recorded
        #expect(harness.enter(line).status == 0)
        #expect(shown(harness) != before, "\(line)")
        let first = line.prefix { $0 != "\n" }
        #expect(harness.enter("undo").text == "undone: \(first)\n")
        #expect(shown(harness) == before)
        #expect(harness.session.host.notebook.recorded == record)
        #expect(harness.enter("run 20s").status == 0)
        let straight = typed(Self.office + ["run 500ms", "run 20s"])
        #expect(shown(harness) == shown(straight))
    }

    @Test("lines that look, name a variable or are refused are passed over")
    func passedOver() {
        let lines = ["run 1s", "show phones", "let n = 3", "clock", "say 2", "help run"]
        let harness = typed(Self.office + lines)
        for wrong in ["phones 1 model nonsense", "bogus", "load P9 default"] {
            #expect(harness.enter(wrong).status == 2)
        }
        #expect(harness.enter("undo").text == "undone: run 1s\n")
        #expect(harness.session.host.notebook.recorded.contains("let n = 3\n"))
        #expect(harness.enter("undo 4").text.hasSuffix("undone: subnet voice 10.4.0.0/24\n"))
        #expect(harness.session.host.world.subnetNames.isEmpty)
        #expect(harness.enter("undo").text.contains("nothing to undo"))
        #expect(harness.enter("say $n").text == "3\n")
    }

    @Test("more lines than there are, or none, are refused and change nothing")
    func tooMany() {
        let harness = typed(Self.office)
        let before = shown(harness)
        let result = harness.enter("undo 5")
        #expect(result.status == 2 && result.text.contains("only 4 lines can be undone"))
        #expect(harness.enter("undo 0").status == 2)
        #expect(shown(harness) == before)
        let script = ShellHarness().run("subnet voice 10.4.0.0/24\nundo")
        #expect(script.status == 2 && script.text.contains("typed at the prompt"))
    }

    @Test("a line that failed half way is taken back with the time that passed")
    func halfWay() {
        let harness = typed(Self.office)
        let before = shown(harness)
        #expect(harness.enter("run until P1.done within 5s").status == 1)
        #expect(harness.enter("undo").status == 0)
        #expect(harness.enter("run 1s; bogus").status == 2)
        #expect(harness.enter("run 1s; expect 1 == 2").status == 1)
        #expect(harness.session.host.notebook.isIncomplete)
        #expect(harness.enter("undo").status == 0)
        #expect(shown(harness) == before && !harness.session.host.notebook.isIncomplete)
    }

    @Test("no more worlds are kept than the budget allows, and one too large says so")
    func budget() {
        var history = UndoHistory()
        history.isOn = true
        let host = ShellHost(
            output: ShellOutput(width: { 80 }, writeOut: { _ in }, writeError: { _ in })
        )
        for number in 0..<(UndoHistory.stepLimit + 5) {
            if let step = history.step(before: "\(number)", in: host) { history.keep(step) }
        }
        #expect(history.steps.count == UndoHistory.stepLimit && history.steps[0].text == "5")
        history.budgetBytes = host.world.copyBytes * 3
        for _ in 0..<5 {
            if let step = history.step(before: "more", in: host) { history.keep(step) }
        }
        #expect(history.steps.count == 3)
        var large = host
        large.undoHistory = history
        large.undoHistory.budgetBytes = 1 << 10
        let step = large.undoHistory.step(before: "large", in: large)
        #expect(step == nil)
        #expect(large.undoHistory.steps.isEmpty)
        let message = SessionCommands.missingStep(1, in: large).message
        #expect(message.contains("0 MiB are kept: nothing to undo"), "\(message)")
    }

    @Test("lines of the log that are followed go on behind an undo")
    func followed() {
        let harness = typed(Self.office + ["log follow"])
        let first = harness.enter("run 1s").text
        #expect(first.contains("DLoad"))
        #expect(harness.enter("undo").status == 0)
        #expect(harness.enter("run 1s").text == first)
    }

    @Test("random sessions are, after each undo, as if the lines taken back had never been typed")
    func random() {
        var undone = 0
        for seed in FuzzSeeds.all {
            for index in 0..<12 {
                var random = RandomStream(seed: seed, purpose: .test, index: 2_000 + UInt64(index))
                let harness = ShellHarness(isInteractive: true)
                // The lines that stand, each with whether it can be taken back.
                var standing: [(line: String, isStep: Bool)] = []
                for line in RunningConfigurationTests.randomLines(seed, UInt64(index)) {
                    let run = "run \(random.below(4_000))ms"
                    for typed in random.below(3) == 0 ? [line, run] : [line] {
                        let before = harness.session.host.undoHistory.steps.count
                        let status = harness.enter(typed).status
                        let isStep = harness.session.host.undoHistory.steps.count > before
                        // What was refused might not have been without a line taken back later.
                        if status == 0 || isStep { standing.append((typed, isStep)) }
                    }
                    guard random.below(3) == 0, standing.contains(where: { $0.isStep }) else {
                        continue
                    }
                    #expect(harness.enter("undo").status == 0)
                    if let last = standing.lastIndex(where: { $0.isStep }) {
                        standing.remove(at: last)
                    }
                    undone += 1
                }
                let straight = ShellHarness(isInteractive: true)
                for (line, _) in standing { _ = straight.enter(line) }
                let again = Comment(
                    rawValue: "\(FuzzSeeds.command(seed, "UndoTests")), session \(index)\n"
                        + standing.map(\.line).joined(separator: "\n")
                )
                #expect(shown(harness) == shown(straight), again)
                #expect(
                    harness.session.host.notebook.recorded
                        == straight.session.host.notebook.recorded,
                    again
                )
                #expect(
                    harness.run("run 5m\nshow fingerprint").text
                        == straight.run("run 5m\nshow fingerprint").text,
                    again
                )
            }
        }
        #expect(undone > 100)
    }
}
