// Storms in this process: settings and scripts come from the seed alone, planted defects are found and
// made small, nothing else is found. The long ones run with `scripts/test all`.

import Glibc
import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Storms") struct StormTests {
    private static let isLong = getenv("PFSH_TEST_ALL") != nil

    @Test("a seed stands for the same settings and script each time, another for others")
    func settings() throws {
        let plan = try StormPlan(file: nil, phones: 20, first: 7, planted: nil)
        let again = try StormPlan(file: nil, phones: 20, first: 6, planted: nil)
        #expect(plan.script(0) == again.script(1))
        #expect(plan.settings(0).text == again.settings(1).text)
        #expect(plan.script(0) != plan.script(1))
        #expect(plan.settings(0).text.hasPrefix("seed 7: "))
    }

    @Test("a random subset of mishaps is on: each is on in some runs and off in others")
    func swarm() {
        let settings = (1...200).map { StormSettings(seed: $0, phones: 20) }
        for mishap in StormMishap.allCases {
            let count = settings.count { $0.weights.contains { $0.mishap == mishap } }
            #expect(count > 40 && count < 160, "\(mishap) is on in \(count) of 200")
        }
        #expect(settings.contains { $0.weights.isEmpty })
    }

    @Test("every script of a storm is a script without errors")
    func scripts() throws {
        let session = ShellHarness().session
        for seed in 1...60 as ClosedRange<UInt64> {
            let text = StormScript.text(StormSettings(seed: seed, phones: 9))
            let found = session.check(SourceText(name: "", text: text)).diagnostics
            #expect(found == [], "seed \(seed)")
        }
    }

    @Test("no seed breaks an invariant, and what runs run again alike")
    func sound() throws {
        let plan = try StormPlan(file: nil, phones: 12, first: 1, planted: nil)
        let run = StormRun()
        for number in 0..<(Self.isLong ? 1_000 : 60) {
            let outcome = try #require(run.outcome(of: plan.script(number)))
            #expect(outcome.reason == nil, "\(plan.repeating(number)): \(outcome.message)")
            #expect(outcome.coverage.undeclared.map(\.name) == [], "\(plan.repeating(number))")
            #expect(StormOutcome(line: outcome.line) == outcome)
            if number < 10 { #expect(run.outcome(of: plan.script(number)) == outcome) }
        }
    }

    private static let rules: [(defect: PlantedDefect, rule: Invariant)] = [
        (.skippedVerification, .verifiedOnly), (.thirdChild, .childLimit), (.lostTimer, .timers),
        (.doubleRoot, .oneRoot), (.leak, .nothingLeft), (.staleOffer, .liveOffer),
        (.halfFile, .wholeFiles), (.reorderedFiles, .fileOrder),
    ]

    @Test("each planted defect is found by the rule against it", arguments: rules.map(\.defect))
    func planted(_ defect: PlantedDefect) throws {
        let find = try PlantedHunt(phones: 20, first: 1).find(defect)
        let found = try #require(find.found, "\(find.text)")
        let rule = Self.rules.first { $0.defect == defect }?.rule
        #expect(found.outcome.reason == rule?.name, "\(find.text)")
    }

    @Test("a planted defect shrinks to five phones and ten lines", arguments: rules.map(\.defect))
    func shrinks(_ defect: PlantedDefect) throws {
        guard Self.isLong || defect == .thirdChild || defect == .leak else { return }
        let find = try PlantedHunt(phones: 20, first: 1).find(defect)
        let seed = try #require(find.found?.seed)
        let plan = try StormPlan(file: nil, phones: 20, first: seed, planted: defect)
        let small = try ShrunkScript(text: plan.script(0), seconds: 55)
        #expect(small.reason == find.found?.outcome.reason)
        #expect(small.phoneCount <= 5 && small.lineCount <= 10, "\(small.text)")
        #expect(small.text.hasSuffix("expect invariants\n"))
        let again = ShellHarness().run(small.text)
        #expect(again.status == 1)
        #expect(again.text.contains("invariant \(small.reason): "), "\(again.text)")
    }

    @Test("a script that does not fail is not made smaller, one that is none is refused")
    func nothingToShrink() {
        #expect(throws: Diagnostic.self) { try ShrunkScript(text: "say 1", seconds: 5) }
        #expect(throws: Diagnostic.self) { try ShrunkScript(text: "sey 1", seconds: 5) }
    }

    @Test("what failed once and was mended does not fail again", arguments: corpus)
    func mended(_ name: String) {
        let result = ShellHarness().run(Repository.text("Tests/pfshTests/Storm/Corpus/" + name))
        #expect(result.status == 0, "\(name): \(result.text)")
    }

    private static let corpus = Repository.files(
        in: "Tests/pfshTests/Storm/Corpus",
        suffix: ".pfsh"
    )
}
