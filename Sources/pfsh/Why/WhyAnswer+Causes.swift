// The end of an answer to `why`: for each fault and bug behind it what would have been without it.

import Interpreter
import PFSRuntime

extension WhyAnswer {
    /// What would have been without the faults and bugs behind the answer: a line for each.
    ///
    /// Throws a diagnostic where the user stops it.
    func counterfactuals(
        to question: WhyQuestion,
        file asked: Int?,
        since beginning: Instant
    ) throws(Diagnostic) -> [String] {
        let decisions = recollection.decisions
        guard host.attachment == nil, !decisions.isEmpty else { return [] }
        var lines: [String] = []
        if world.deadSince(phone) != nil {
            let goal = Counterfactual.Goal.load
            lines.append(
                try counterfactual(goal, .dead, beginning).line(without: .bug(.bootFailure))
            )
        }
        guard let index = asked ?? file(for: question, decisions) else { return lines }
        var causes = chain(index).causes
        if isAlone(index, decisions) { causes += bugsOfSharing }
        guard !causes.isEmpty else { return lines }
        let found = Counterfactual.outcome(
            of: index,
            at: phone,
            in: world,
            since: beginning,
            decisions
        )
        var actual = found ?? .never
        if found == nil, case .failed(let reason, _) = world.outcome(of: phone) {
            actual = .failed(reason)
        }
        for cause in causes.prefix(Counterfactual.causeLimit) {
            let asking = counterfactual(.file(index), actual, beginning)
            lines.append(try asking.line(without: cause))
        }
        return lines.flatMap { Self.wrapped($0) }
    }

    private func counterfactual(
        _ goal: Counterfactual.Goal,
        _ actual: WhyOutcome,
        _ beginning: Instant
    ) -> Counterfactual {
        Counterfactual(
            host: host,
            phone: phone,
            goal: goal,
            beginning: beginning,
            actual: actual
        )
    }

    /// The bug by which the phone does not take part, if one settled that.
    private var bugsOfSharing: [WhyCause] {
        let decision = world.sharingDecision(phone)
        switch decision.settledBy {
        case .knownDefect: return [.bug(.alwaysDisabled)]
        case .field: return decision.field.bug.map { [.bug($0)] } ?? []
        case .model, .firmware, .ipv4, .setting: return []
        }
    }
}
