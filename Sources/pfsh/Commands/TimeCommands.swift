// Letting virtual time pass, and what the clock shows.

import Interpreter
import PFSRuntime

enum TimeCommands {
    static let group = CommandGroup("Time")
    static let all = [run, runUntilIdle, runUntil, runToEvent, step, clock, clockSet]

    private static let pushed =
        WorldCommands.setup + ["pfs enterprise on", "push 9.4(2)SR1 to all"]

    static let run = Command<ShellHost>(
        "run",
        group: group,
        summary: "Let time pass.",
        .argument("duration", help: "how long"),
        changesWorld: true,
        examples: [Example("run 2s", setup: pushed)]
    ) { (host: inout ShellHost, duration: Located<DurationArgument>) throws(Diagnostic) -> Output in
        guard duration.node.nanoseconds >= 0 else {
            throw Diagnostic("time does not run backwards", at: duration.range)
        }
        let limit = host.world.now + Interval(nanoseconds: duration.node.nanoseconds)
        guard limit <= .latest else {
            throw Diagnostic("the clock of a world ends after 100 years", at: duration.range)
        }
        try host.run(until: limit)
        return .none
    }

    static let runUntilIdle = Command<ShellHost>(
        "run until idle",
        group: group,
        summary: "Let time pass until no phone has anything to do.",
        discussion: "Says what became of the upgrades that ended: how long they took, and their "
            + "efficiency, which is the time of one copy over the WAN and of the best spreading on "
            + "the LAN by the time taken.",
        changesWorld: true,
        examples: [Example("run until idle", setup: pushed)]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        let begin = host.world.now
        try host.runUntilIdle()
        return host.world.upgradeSummary(since: begin).map { .lines($0.lines) } ?? .none
    }

    static let runUntil = Command<ShellHost>(
        "run until",
        group: group,
        summary: "Let time pass until a condition holds.",
        discussion: "The condition is looked at after every event that changes what a phone does "
            + "or has, and every 100 ms of virtual time; with `log` also when a line is printed; "
            + "one that speaks of nothing but outcomes, such as `done`, only when an upgrade begins "
            + "or ends. A run that misses its `within`, or after which nothing is left to happen, is a failed "
            + "expectation.",
        .argument("condition", help: "an expression, or `log /RE/`"),
        .option("within", help: "the longest time it may take"),
        changesWorld: true,
        examples: [
            Example("run until P1.state == serving within 2h", setup: pushed),
            Example("run until log /HROOT/ within 5s", setup: pushed),
        ]
    ) {
        (
            host: inout ShellHost,
            condition: Located<Condition<ShellHost>>,
            within: Located<DurationArgument>?
        ) throws(Diagnostic) -> Output in
        if let within, within.node.nanoseconds < 0 {
            throw Diagnostic("time does not run backwards", at: within.range)
        }
        var pending = condition.node
        let length = Interval(nanoseconds: within?.node.nanoseconds ?? .max)
        let limit = min(host.world.now + length, .latest)
        guard try host.runUntil(&pending, limit: limit) || host.breaks.hit != nil else {
            let isOver = host.world.nextEventAt == nil
            let what = isOver ? [Diagnostic.Note("nothing is left to happen")] : []
            let notes = try pending.explanation(in: host)
            throw Diagnostic(
                "`\(pending.text)` did not come to hold",
                at: condition.range,
                kind: .failedExpectation,
                notes: what + notes
            )
        }
        return .none
    }

    static let runToEvent = Command<ShellHost>(
        "run to event",
        group: group,
        summary: "Let time pass until so many events have happened since the world began.",
        discussion: "A record says so of a run that was stopped; `clock` shows the count.",
        .argument("count", help: "how many"),
        changesWorld: true,
        examples: [Example("run to event 100", setup: pushed)]
    ) { (host: inout ShellHost, count: Located<Int>) throws(Diagnostic) -> Output in
        let done = host.world.eventCount
        guard count.node >= 0, UInt64(count.node) >= done else {
            throw Diagnostic("\(done) events have happened already", at: count.range)
        }
        guard try host.run(toEvent: UInt64(count.node)) || host.breaks.hit != nil else {
            let reached = host.world.eventCount
            throw Diagnostic("nothing is left to happen after event \(reached)", at: count.range)
        }
        return .none
    }

    static let step = Command<ShellHost>(
        "step",
        group: group,
        summary: "Let single events happen, and say what each was.",
        discussion:
            "One line for each: the phone, what came in, what it decided, what it sent, and when "
            + "it wants to be woken next.",
        .argument("count", default: 1, shownAs: "1", help: "how many"),
        changesWorld: true,
        examples: [Example("step 3", setup: pushed)]
    ) { (host: inout ShellHost, count: Int) throws(Diagnostic) -> Output in
        guard count > 0 else { throw Diagnostic("expected a count of 1 or more") }
        try host.checkClockIsVirtual("going step by step")
        try host.agenda?.checkTimeMayPass()
        host.keepBeginning()
        var lines: [String] = []
        for done in 0..<count {
            let world = host.world
            guard world.nextEventAt != nil else {
                if done > 0 { break }
                throw Diagnostic("nothing is left to happen")
            }
            let count = world.eventCount
            world.recordAllDecisions(true)
            // What no phone is asked about, such as the end of a flow, is no event.
            while world.eventCount == count,
                world.run(until: .latest, budget: 1) == .spentBudget
            {}
            let decision = world.decisions.first { $0.event > count }
            world.recordAllDecisions(false)
            if let decision { lines.append(StepText.line(decision, in: host)) }
            try host.settle()
            if host.isInterrupted { break }
        }
        return .lines(lines)
    }

    static let clock = Command<ShellHost>(
        "clock",
        group: group,
        summary: "Show the clock.",
        examples: [Example("clock")]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        let elapsed = Elapsed.text(host.world.now)
        let time = host.world.wallClock.time(at: host.world.now)
        let shown = host.showsTimeOfDay ? ", shows \(time)" : ""
        return .lines([
            "virtual, \(elapsed) since the world began\(shown), \(host.world.eventCount) events"
        ])
    }

    static let clockSet = Command<ShellHost>(
        "clock set",
        group: group,
        summary: "Set which time of day it is; logs and the prompt then show it.",
        .argument("time", help: "such as 02:19:22.634"),
        changesWorld: true,
        examples: [Example("clock set 02:19:22.634")]
    ) { (host: inout ShellHost, time: TimeOfDay) throws(Diagnostic) -> Output in
        host.world.setTimeOfDay(time)
        host.showsTimeOfDay = true
        return .none
    }
}
