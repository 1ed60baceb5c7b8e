// Going back in time, and forth: to a moment of the way that the world has come.

import Interpreter
import PFSRuntime

enum TravelCommands {
    static let group = TimeCommands.group
    static let all = [checkpoint, restore, back, goto, gotoEvent, showCheckpoints]

    static let setup =
        WorldCommands.setup + [
            "pfs enterprise on", "push 9.4(2)SR1 to all", "run 30s",
        ]

    private static let manner =
        "Everything is as it was at that moment, what waits for its time too; variables and files "
        + "stay as they are. The way on from there is the same again, until something is changed: "
        + "orders given later are not given again by themselves, but `goto` leads past them as long "
        + "as nothing was changed."

    private static let name = ArgumentKind.word("NAME", phrase: "a new name such as before")

    static let checkpoint = Command<ShellHost>(
        "checkpoint",
        group: group,
        summary: "Keep the present world under a name, to go back to it.",
        discussion:
            "Of the way itself so much is kept that every moment of it can be reached again; "
            + "`checkpoint` gives one of them a name, and keeps it even when another way is taken. "
            + "The same name again is kept anew.",
        .argument("name", kind: name, help: "what to call it"),
        changesWorld: true,
        examples: [Example("checkpoint before", setup: setup)]
    ) { (host: inout ShellHost, name: NewName) throws(Diagnostic) -> Output in
        try host.keepCheckpoint(name.text)
        return .none
    }.undone(
        by: Command<ShellHost>(
            "checkpoint",
            group: group,
            summary: "Forget what was kept under a name.",
            .argument("name", kind: name, help: "which"),
            changesWorld: true,
            examples: [Example("no checkpoint before", setup: setup + ["checkpoint before"])]
        ) { (host: inout ShellHost, name: Located<NewName>) throws(Diagnostic) -> Output in
            guard host.timeTravel.history.forget(name: name.node.text) else {
                throw unknown(name, in: host)
            }
            return .none
        }
    )

    static let restore = Command<ShellHost>(
        "restore",
        group: group,
        summary: "Go back, or forth, to what was kept under a name.",
        discussion: manner,
        .argument("name", kind: name, help: "which checkpoint"),
        changesWorld: true,
        mayBeAbbreviated: false,
        examples: [Example("restore before", setup: setup + ["checkpoint before", "run 1m"])]
    ) { (host: inout ShellHost, name: Located<NewName>) throws(Diagnostic) -> Output in
        guard let checkpoint = host.timeTravel.history.named(name.node.text) else {
            throw unknown(name, in: host)
        }
        try host.travel(to: .checkpoint(checkpoint))
        return .lines(place(in: host))
    }

    private static func unknown(_ name: Located<NewName>, in host: ShellHost) -> Diagnostic {
        let names = host.timeTravel.history.names
        let hint = names.isEmpty ? "no world has a name yet" : names.joined(separator: ", ")
        return Diagnostic(
            "there is no checkpoint \(name.node.text)",
            at: name.range,
            hints: Spelling.hints(for: name.node.text, among: names)
                + [names.isEmpty ? hint : "there are: \(hint)"]
        )
    }

    static let back = Command<ShellHost>(
        "back",
        group: group,
        summary: "Go back by a time, or by a number of events.",
        discussion: manner,
        .argument(
            "distance",
            kind: .word("DURATION|COUNT", phrase: "a duration such as 30s, or a count of events"),
            help: "how far"
        ),
        .flag("events", help: "the distance is a count of events"),
        changesWorld: true,
        examples: [
            Example("back 10s", setup: setup),
            Example("back 3 events", setup: setup),
        ]
    ) { (host: inout ShellHost, distance: Located<String>, events: Bool) throws(Diagnostic) in
        let goal: ShellHost.TravelGoal
        if let count = UInt64(distance.node), events {
            let done = host.world.eventCount
            guard count <= done else {
                throw Diagnostic(
                    "only \(Counted.text(Int(clamping: done), "event")) have happened so far",
                    at: distance.range
                )
            }
            goal = .event(done - count)
        } else if let length = DurationArgument(word: distance.node), !events {
            let time = host.world.now - Interval(nanoseconds: length.nanoseconds)
            guard length.nanoseconds >= 0, time >= .zero else {
                throw Diagnostic(
                    "the world began \(Elapsed.text(host.world.now)) ago",
                    at: distance.range
                )
            }
            goal = .time(time)
        } else {
            throw Diagnostic(
                "expected a duration such as 30s, or a count and `events`",
                at: distance.range
            )
        }
        try host.travel(to: goal, at: distance.range)
        return .lines(place(in: host))
    }

    static let goto = Command<ShellHost>(
        "goto",
        group: group,
        summary: "Go to a moment: back, or forth to what is known or still to come.",
        discussion: manner + " A time that lies behind all that is known is run to.",
        .argument("time", help: "since the world began, or the time of day that the prompt shows"),
        changesWorld: true,
        examples: [
            Example("goto 12s", setup: setup),
            Example("goto 0:00:20.5", setup: setup),
        ]
    ) { (host: inout ShellHost, moment: MomentArgument) throws(Diagnostic) -> Output in
        try host.checkClockIsVirtual("going to another moment")
        let time = try moment.time(in: host)
        if let end = host.timeTravel.history.checkpoints.last, host.timeTravel.history.isPast,
            end.moment.time < time
        {
            try host.travel(to: .checkpoint(end))
        }
        if time > host.world.now, !host.timeTravel.history.isPast {
            try host.run(until: time)
        } else {
            try host.travel(to: .time(time), at: moment.range)
        }
        return .lines(place(in: host))
    }

    static let gotoEvent = Command<ShellHost>(
        "goto event",
        group: group,
        summary: "Go to the moment after so many events.",
        discussion: manner,
        .argument("count", help: "events since the world began, as `clock` shows them"),
        changesWorld: true,
        examples: [Example("goto event 40", setup: setup)]
    ) { (host: inout ShellHost, count: Located<Int>) throws(Diagnostic) -> Output in
        try host.checkClockIsVirtual("going to another moment")
        let known = host.timeTravel.history.checkpoints.last?.moment.eventCount ?? 0
        let end = max(known, host.world.eventCount)
        guard count.node >= 0, UInt64(count.node) <= end else {
            throw Diagnostic("\(end) events are known so far", at: count.range)
        }
        try host.travel(to: .event(UInt64(count.node)), at: count.range)
        return .lines(place(in: host))
    }

    /// Where the world is now, and what is still ahead.
    static func place(in host: ShellHost) -> [String] {
        let world = host.world
        let ahead = host.timeTravel.history.stretchesAhead
        var lines = ["at \(host.displayTime(host.now)), after event \(world.eventCount)"]
        for stretch in ahead.prefix(shownStretches) {
            let time = host.displayTime(stretch.start.time.nanoseconds)
            lines.append("not ordered yet: \(time) \(stretch.orders.joined(separator: "; "))")
        }
        if ahead.count > shownStretches {
            lines.append("and orders at \(ahead.count - shownStretches) more moments")
        }
        return lines
    }

    private static let shownStretches = 5

    static let showCheckpoints = Command<ShellHost>(
        "show checkpoints",
        group: group,
        summary: "List the worlds that are kept to go back to.",
        discussion: "Worlds are kept where something was ordered, at distances between, and under "
            + "names; a moment between is reached from the one before. When memory is short, those "
            + "go that stand closest for their age.",
        examples: [Example("show checkpoints", setup: setup + ["checkpoint before"])]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        var table = Table(columns: columns)
        let history = host.timeTravel.history
        let aside = history.names.compactMap { history.named($0) }.filter { named in
            !history.checkpoints.contains { $0.number == named.number }
        }
        for checkpoint in aside + history.checkpoints {
            let isAside = aside.contains { $0.number == checkpoint.number }
            table.append([
                .string(host.displayTime(checkpoint.moment.time.nanoseconds)),
                .integer(Int64(clamping: checkpoint.moment.eventCount)),
                .size(bytes: Int64(checkpoint.bytes)),
                .string(text(checkpoint.reason) + (isAside ? ", on another way" : "")),
            ])
        }
        return .table(table)
    }.giving(columns)

    private static let columns = [
        Table.Column("time"), Table.Column("event", .right), Table.Column("size", .right),
        Table.Column("kept"),
    ]

    private static func text(_ reason: WorldHistory<TimeTravel.Note>.Reason) -> String {
        switch reason {
        case .orders(let orders): orders.isEmpty ? "the beginning" : orders.joined(separator: "; ")
        case .distance: "on the way"
        case .departure: "left from here"
        case .name(let name): "checkpoint \(name)"
        }
    }
}

extension ShellHost {
    /// Goes to a moment; an error has its place.
    mutating func travel(to goal: TravelGoal, at range: SourceRange) throws(Diagnostic) {
        do throws(Diagnostic) {
            try travel(to: goal)
        } catch {
            var placed = error
            if placed.range == nil { placed.range = range }
            throw placed
        }
    }
}

/// A moment by its time: since the world began, or of day.
struct MomentArgument: ArgumentType {
    let text: String
    let range: SourceRange

    static var argumentKind: ArgumentKind {
        .word("TIME", phrase: "a time such as 3.5s, 0:12:20.250 or 22:00")
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> MomentArgument {
        let isTime = DurationArgument(word: argument.text) != nil || argument.text.contains(":")
        guard isTime else {
            throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`")
        }
        return MomentArgument(text: argument.text, range: argument.range)
    }

    /// The time since the world began; of a time of day the last that has been, else the next.
    func time(in host: ShellHost) throws(Diagnostic) -> Instant {
        let time: Instant
        if let length = DurationArgument(word: text) {
            time = Instant(nanoseconds: length.nanoseconds)
        } else if host.showsTimeOfDay {
            let next = try host.nextTime(ofDay: text)
            let day = TimeOfDay.microsecondsPerDay * 1_000
            time = Instant(nanoseconds: next - day >= 0 ? next - day : next)
        } else {
            time = try elapsed()
        }
        guard time >= .zero, time <= .latest else {
            throw Diagnostic("a world's clock goes from 0s to 100 years", at: range)
        }
        return time
    }

    /// Reads hours, minutes and seconds, as the prompt shows them.
    private func elapsed() throws(Diagnostic) -> Instant {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let seconds = parts.count == 3 ? "\(parts[2])s" : "0s"
        guard (2...3).contains(parts.count), let hours = Int64(parts[0]), hours >= 0,
            hours <= 876_600, let minutes = Int64(parts[1]), (0..<60).contains(minutes),
            let rest = DurationArgument(word: seconds), (0..<60_000_000_000) ~= rest.nanoseconds
        else { throw Diagnostic("expected \(Self.argumentKind.phrase), not `\(text)`", at: range) }
        return Instant(nanoseconds: (hours * 60 + minutes) * 60_000_000_000 + rest.nanoseconds)
    }
}
