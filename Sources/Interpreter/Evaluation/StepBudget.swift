// The count of a run's steps, which ends loops that never end and looks for Ctrl-C on its way.

/// How many steps a run may still take.
struct StepBudget {
    /// Steps left.
    private(set) var remaining: Int
    private var untilPoll = Limits.stepsPerPoll

    init(steps: Int = Limits.steps) { remaining = steps }

    /// Counts steps; throws if there are none left or the user asked to stop.
    mutating func spend<HostType: Host>(
        _ steps: Int = 1,
        at range: SourceRange,
        _ host: HostType
    ) throws(Diagnostic) {
        remaining -= steps
        untilPoll -= steps
        if remaining < 0 {
            throw Diagnostic(
                "the script was stopped after \(Limits.steps) steps",
                at: range,
                hints: ["a loop may never end"]
            )
        }
        if untilPoll <= 0 {
            untilPoll = Limits.stepsPerPoll
            if host.isInterrupted {
                throw Diagnostic("interrupted", at: range, kind: .interrupted)
            }
        }
    }
}
