// What a storm says: each failing seed with its settings and the call that repeats it, then how much was
// tried, and what of the protocol was reached and what was not.

import Interpreter
import PFSRuntime

/// The sum of a storm's runs.
struct StormReport {
    let plan: StormPlan
    let runs: Int
    private(set) var doneCount = 0
    private(set) var failedCount = 0
    private var eventCount: UInt64 = 0
    private var upgradedCount = 0
    private var phoneCount = 0
    private var secondRoots = 0
    private var coverage = ProtocolCoverage()
    /// A sum over the runs, so that their order has no part in it.
    private var fingerprint: UInt64 = 0

    init(plan: StormPlan, runs: Int) {
        self.plan = plan
        self.runs = runs
    }

    /// Takes what came of a run.
    mutating func take(_ number: Int, _ outcome: StormOutcome) {
        doneCount += 1
        if outcome.reason != nil { failedCount += 1 }
        eventCount &+= outcome.eventCount
        upgradedCount += outcome.upgradedCount
        phoneCount += outcome.phoneCount
        secondRoots += outcome.secondRoots
        coverage.add(outcome.coverage)
        fingerprint &+= RandomStream.mix(outcome.fingerprint ^ plan.seed(number))
    }

    /// What is said of a run that failed.
    func failure(_ number: Int, _ outcome: StormOutcome) -> [String] {
        [
            "FAILED \(outcome.reason ?? ""): \(outcome.message)",
            "  \(plan.text(number))",
            "  repeat: \(plan.repeating(number))",
        ]
    }

    /// The sum, and the coverage.
    var lines: [String] {
        var lines = [
            "\(Counted.text(doneCount, "run")), \(failedCount) failed; seeds \(plan.seed(0)) to "
                + "\(plan.seed(runs - 1)); fingerprint \(String(fingerprint, radix: 16))",
            "\(eventCount) events; \(upgradedCount) of \(phoneCount) upgrades done, the others with "
                + "a reason; \(Counted.text(secondRoots, "second root"))",
        ]
        let states = ProtocolState.allCases
        lines += Self.reached(
            "states",
            states.map { ($0.name, coverage.count(of: $0)) }
        )
        let steps = ProtocolStep.all
        lines += Self.reached("steps", steps.map { ($0.name, coverage.count(of: $0)) })
        lines += Self.reached("messages said", coverage.messages.map { ($0.name, $0.said) })
        lines += Self.reached("messages heeded", coverage.messages.map { ($0.name, $0.heeded) })
        for step in coverage.undeclared { lines.append("undeclared step: \(step.name)") }
        return lines
    }

    /// How many of a list were reached, and which were not.
    private static func reached(_ what: String, _ list: [(String, UInt64)]) -> [String] {
        let missing = list.filter { $0.1 == 0 }.map(\.0)
        var lines = ["\(what): \(list.count - missing.count) of \(list.count) reached"]
        if !missing.isEmpty { lines.append("  not reached: " + missing.joined(separator: ", ")) }
        return lines
    }
}
