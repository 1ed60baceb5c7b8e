// Looking for the planted defects: a storm that does not find what is certainly wrong says nothing by
// finding nothing. Each defect is on in world after world until an invariant breaks.

import Interpreter
import PFSRuntime

/// The hunt for the planted defects.
struct PlantedHunt {
    /// Phones of each world.
    let phones: Int
    /// The first seed.
    let first: UInt64

    /// Seeds tried for one defect; own choice, the rarest needed a tenth of it.
    static let seedLimit = 500

    /// How one was found.
    struct Find: Equatable {
        let defect: PlantedDefect
        /// The seed that found it, and what broke; nil if it was not found.
        let found: (seed: UInt64, outcome: StormOutcome)?

        static func == (left: Find, right: Find) -> Bool { left.text == right.text }

        /// In one line.
        var text: String {
            guard let found else { return "planted \(defect.name): NOT FOUND" }
            let reason = found.outcome.reason ?? ""
            return "planted \(defect.name): found by \(reason) with seed \(found.seed)"
        }
    }

    /// What came of each defect.
    func finds() throws(Diagnostic) -> [Find] {
        var finds: [Find] = []
        for defect in PlantedDefect.allCases { finds.append(try find(defect)) }
        return finds
    }

    /// Looks for one.
    func find(_ defect: PlantedDefect) throws(Diagnostic) -> Find {
        let plan = try StormPlan(file: nil, phones: phones, first: first, planted: defect)
        let run = StormRun()
        for number in 0..<Self.seedLimit {
            guard let outcome = run.outcome(of: plan.script(number)) else {
                throw Diagnostic("stopped", kind: .interrupted)
            }
            if Invariant.allCases.contains(where: { $0.name == outcome.reason }) {
                return Find(defect: defect, found: (plan.seed(number), outcome))
            }
        }
        return Find(defect: defect, found: nil)
    }
}
