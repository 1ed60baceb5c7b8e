// A report's run once more: whether it is the same, and else where it parts.

import Interpreter
import PFSRuntime

/// The run of a report, repeated.
struct Replay {
    let report: RunReport
    /// What was printed, and how it ended.
    private let session: Session
    private let output: ShellOutput

    /// What came of it.
    struct Verdict: Equatable {
        let isSame: Bool
        let lines: [String]
    }

    /// Runs it; `print` takes what the run prints.
    ///
    /// Throws a diagnostic if it cannot be repeated, or the user stops it.
    init(_ report: RunReport, print: @escaping (String) -> Void) throws(Diagnostic) {
        if let obstacle = report.obstacle {
            throw Diagnostic("this run cannot be repeated: \(obstacle)")
        }
        self.report = report
        output = ShellOutput(width: { 80 }, writeOut: print, writeError: print)
        session = Session(
            output: output,
            seed: report.isSeedGiven ? report.seed : nil,
            registry: ShellRegistry.makeForReplay()
        )
        session.beginReplay(
            ReplayLimits(
                stopEvent: report.stop?.event,
                stopReport: report.stop?.report,
                files: Dictionary(
                    report.files.map { ($0.name, $0.text) },
                    uniquingKeysWith: { first, _ in first }
                )
            )
        )
        switch report.origin {
        case .script(let name, let arguments):
            session.setArguments(arguments)
            _ = session.run(report.text, name: name, mode: .script)
        case .commands(let arguments):
            session.setArguments(arguments)
            _ = session.run(report.text, name: "-c", mode: .script)
        case .session: runStatements()
        }
        if Interrupt.isPending { throw Diagnostic("stopped", kind: .interrupted) }
    }

    /// Runs what was typed as it was: one after another, and on behind an error.
    private func runStatements() {
        let name = "what was run"
        let source = SourceText(name: name, text: report.text)
        let parsed = session.parse(source)
        guard parsed.diagnostics.isEmpty else {
            _ = session.run(report.text, name: name, mode: .script)
            return
        }
        for statement in parsed.script.statements {
            let first = source.line(at: Int(statement.range.start))
            let text = source.string(statement.range)
            let outcome = session.run(text, name: name, firstLine: first, mode: .script)
            if Interrupt.isPending { return }
            if case .exit = outcome { return }
        }
    }

    // MARK: The verdict

    private var host: ShellHost { session.host }

    /// Whether it is the same run, in sentences.
    func verdict() -> Verdict {
        var lines: [String] = []
        if report.version != Version.text {
            lines.append("written by pfsh \(report.version), run by pfsh \(Version.text)")
        }
        let passedOver = host.replay?.passedOver.sorted() ?? []
        if !passedOver.isEmpty {
            lines.append("passed over: \(passedOver.joined(separator: ", "))")
        }
        if host.world.seed != report.seed {
            lines.append("the seed is \(host.world.seed) here, and was \(report.seed)")
        }
        let difference = difference()
        let isSame = difference == nil
        if let difference {
            lines.append("another run: \(difference)")
        } else {
            let world = host.world
            lines.append(
                "same run: \(Counted.text(Int(clamping: world.eventCount), "event")) to "
                    + "\(Elapsed.text(world.now)), fingerprint \(world.fingerprint.hexadecimal)"
            )
        }
        let (failureIsSame, failure) = failureText(isSame)
        lines += failure
        return Verdict(isSame: isSame && failureIsSame, lines: lines)
    }

    /// How the runs differ; nil if they are the same.
    ///
    /// Where the user stopped it, the clock may stand anywhere behind the last event.
    private func difference() -> String? {
        let world = host.world
        let isSameEnd =
            world.eventCount == report.end.event && world.fingerprint == report.end.fingerprint
            && (world.now.nanoseconds == report.end.nanoseconds || report.stop?.event != nil)
        let marks = host.reportMarks
        let parted = zip(marks, report.marks).first { own, other in
            own.event != other.event || own.fingerprint != other.fingerprint
                || own.nanoseconds != other.nanoseconds
        }
        let difference = report.trail.difference(from: host.eventTrail())
        if isSameEnd, parted == nil, difference == nil, marks.count == report.marks.count {
            return nil
        }
        if let difference { return text(difference) }
        if let (own, other) = parted {
            let before = marks.last { $0.event < min(own.event, other.event) }?.event ?? 0
            return "it parts behind event \(before), and before event "
                + "\(max(own.event, other.event)): \(other.orders)"
        }
        if isSameEnd {
            return "the end is the same, but orders were given at "
                + "\(marks.count) moments here, and at \(report.marks.count) in the report"
        }
        return end()
    }

    private func end() -> String {
        let world = host.world
        let (here, there) = (world.eventCount, report.end.event)
        if here != there {
            let next = min(here, there) + 1
            let goesOn = here > there ? "this one goes on" : "the report's goes on"
            return "the first event that differs is number \(next): \(goesOn)"
                + (here > there ? event(next) : "")
        }
        let known = report.trail.numbers.last.map { EventTrail.firstEvent(ofLine: $0) }
        if world.fingerprint != report.end.fingerprint {
            return "it parts behind event \(known ?? report.marks.last?.event ?? 0)"
        }
        return
            "all events are the same, but the clock ends at \(Elapsed.text(world.now)) here, and "
            + "at \(Elapsed.text(Instant(nanoseconds: report.end.nanoseconds))) in the report"
    }

    private func text(_ difference: EventTrail.Difference) -> String {
        switch difference {
        case .event(let number):
            return "the first event that differs is number \(number)\(event(number))"
        case .line(let number):
            let last = number + EventTrail.lineEvents - 1
            return "the first event that differs is one of \(number) to \(last)\(event(number))"
        case .length(let number, let isLonger):
            return "the first event that differs is number \(number): "
                + (isLonger ? "this one goes on\(event(number))" : "the report's goes on")
        }
    }

    /// An event of this run in words, with a colon in front; empty where it is not kept.
    private func event(_ number: UInt64) -> String {
        var found: TraceRecord?
        host.goThroughWay(limit: number) { record in
            if found == nil, let record, record.number == number { found = record }
        }
        return found.map { ": " + EventText.line($0, in: host) } ?? ""
    }

    /// What is to be said of the failures of both runs, and whether they are the same.
    private func failureText(_ isSame: Bool) -> (isSame: Bool, lines: [String]) {
        let before = report.failure.first
        let error = output.lastError.flatMap { $0.kind == .interrupted ? nil : $0 }
        let now = error.map { DiagnosticRenderer.lines($0) }?.first
        if case .session = report.origin {
            // A line that failed is not in the record, or only the time that passed in it.
            var lines = before.map { ["the report tells of: \($0)"] } ?? []
            if let now, now != before { lines.append("here it says: \(now)") }
            return (true, lines)
        }
        if report.stop != nil { return (true, before.map { ["the report tells of: \($0)"] } ?? []) }
        if now == before { return (true, before.map { ["and it ends as it did: \($0)"] } ?? []) }
        return (
            false,
            [
                "it ends otherwise:", "  in the report: \(before ?? "nothing went wrong")",
                "  here: \(now ?? "nothing went wrong")",
            ]
        )
    }
}
