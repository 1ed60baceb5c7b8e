// What holds for a run that repeats the one of a report: it stops where that one was stopped, and reads the
// scripts that stand in the report.

import Interpreter
import PFSRuntime

/// The bounds of a repeated run.
struct ReplayLimits {
    /// The event behind which it stops; nil where it comes to its end.
    var stopEvent: UInt64?
    /// The report of its own script at which it stops; nil where it comes to its end.
    var stopReport: Int?
    /// The reports that its script has ordered so far.
    var reportCount = 0
    /// Scripts by the name under which they are sourced.
    var files: [String: String] = [:]
    /// The commands that were passed over, because they reach beyond the world.
    var passedOver: Set<String> = []
}

extension ShellHost {
    /// The script orders a report: the run ends here if it is the one that is repeated.
    mutating func passReport() throws(Diagnostic) {
        replay?.reportCount += 1
        if let replay, replay.reportCount == replay.stopReport {
            throw Diagnostic("stopped where the report was", kind: .interrupted)
        }
    }

    /// Whether the run has come to where the report's was stopped.
    var isStoppedByReport: Bool {
        guard let stop = replay?.stopEvent else { return false }
        return world.eventCount >= stop
    }

    /// Events until the next look at the keyboard, none of them behind where a report's run was stopped.
    var pieceBudget: Int {
        guard let stop = replay?.stopEvent, stop > world.eventCount else { return Self.pieceEvents }
        return Int(min(stop - world.eventCount, UInt64(Self.pieceEvents)))
    }
}
