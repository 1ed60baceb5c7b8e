// One run of a storm in this process: a script, and what came of it. Why it failed is told in a word that
// stays the same when the script is made smaller: the rule that was broken, or the kind of the error.

import Interpreter
import PFSRuntime

/// What came of a script.
struct StormOutcome: Equatable {
    /// Why it failed, in a word; nil if it did not.
    var reason: String?
    /// The error in one line; empty if there was none.
    var message = ""
    /// The fingerprint of the world.
    var fingerprint: UInt64 = 0
    /// Events that were handled.
    var eventCount: UInt64 = 0
    /// Phones whose last upgrade succeeded.
    var upgradedCount = 0
    /// Phones that began one.
    var phoneCount = 0
    /// Confirmed roots beside another that a loss or falling back explains.
    var secondRoots = 0
    /// What of the protocol was reached.
    var coverage = ProtocolCoverage()

    /// The reason of a run whose process came to an end under it.
    static let lost = "crash"
}

/// Runs scripts of a storm.
struct StormRun {
    private let registry = ShellRegistry.make()

    /// Runs a script in a world of its own; nil if the user stopped it.
    func outcome(of script: String, name: String = "storm") -> StormOutcome? {
        let output = ShellOutput(width: { 80 }, writeOut: { _ in }, writeError: { _ in })
        let session = Session(output: output, registry: registry)
        session.setArguments([])
        session.host.world.countCoverage()
        let ended = session.run(script, name: name, mode: .script)
        guard !Interrupt.isPending else { return nil }
        return Self.outcome(ended, session.host.world, output.firstError)
    }

    private static func outcome(
        _ ended: Outcome,
        _ world: World,
        _ error: Diagnostic?
    ) -> StormOutcome {
        var outcome = StormOutcome()
        if let broken = world.brokenInvariant {
            outcome.reason = broken.invariant.name
        } else if ended.exitStatus != 0 {
            switch error?.kind {
            case .failedExpectation: outcome.reason = "expectation"
            case .outside: outcome.reason = "outside"
            default: outcome.reason = "mistake"
            }
        }
        outcome.message = error?.message ?? ""
        outcome.fingerprint = world.fingerprint
        outcome.eventCount = world.eventCount
        outcome.secondRoots = world.invariantCounts.secondRoots
        for phone in world.phones {
            switch world.outcome(of: phone) {
            case .succeeded:
                outcome.upgradedCount += 1
                outcome.phoneCount += 1
            case .failed: outcome.phoneCount += 1
            case .none: break
            }
        }
        outcome.coverage = world.coverage ?? ProtocolCoverage()
        return outcome
    }
}

extension StormOutcome {
    /// The outcome as a line, for the process that asked for it.
    var line: String {
        let numbers = [
            fingerprint, eventCount, UInt64(upgradedCount), UInt64(phoneCount), UInt64(secondRoots),
        ]
        let words = (numbers + coverage.numbers).map { String($0, radix: 16) }
        let text = message.replacing("\n", with: " ")
        return ([reason ?? "-"] + words).joined(separator: " ") + "\t" + text
    }

    /// The outcome of such a line; nil where it is none.
    init?(line: String) {
        let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let words = parts[0].split(separator: " ")
        let numbers = words.dropFirst().compactMap { UInt64($0, radix: 16) }
        guard words.count == numbers.count + 1, numbers.count > 5,
            let coverage = ProtocolCoverage(numbers: Array(numbers[5...]))
        else { return nil }
        reason = words[0] == "-" ? nil : String(words[0])
        message = String(parts[1])
        fingerprint = numbers[0]
        eventCount = numbers[1]
        upgradedCount = Int(clamping: numbers[2])
        phoneCount = Int(clamping: numbers[3])
        secondRoots = Int(clamping: numbers[4])
        self.coverage = coverage
    }
}
