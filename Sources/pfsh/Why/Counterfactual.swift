// What would have been without a fault or a bug: a copy of the world from before it, with the cause left out and the
// later orders given again, goes on until the phone has the file or its upgrade has ended. Where no such world
// is kept, or an order cannot be given again by itself, the answer says so.

import Interpreter
import PFSRuntime

/// How a phone came by a file, or did not.
enum WhyOutcome: Equatable {
    case child(of: PhoneNumber)
    case root(server: Int?)
    case fellBack(server: Int?)
    case alone(server: Int?)
    case failed(FailureReason)
    case dead
    case applied
    case never

    /// Whether it is the same way, whoever was at the other end.
    func isLike(_ other: WhyOutcome) -> Bool {
        switch (self, other) {
        case (.child, .child), (.root, .root), (.fellBack, .fellBack), (.alone, .alone): true
        default: self == other
        }
    }
}

/// Asks what a phone would have come to without a cause.
struct Counterfactual {
    /// What is looked at.
    enum Goal: Equatable {
        /// From where it has a file, counted from 0.
        case file(Int)
        /// Whether it comes up with its load.
        case load
    }

    /// The events that may happen on the copy: own choice, more than whole upgrades of 5,000 phones take.
    static let eventLimit = 2_000_000
    /// The causes that are left out in turn: own choice, as many as a reader follows.
    static let causeLimit = 3

    let host: ShellHost
    let phone: PhoneNumber
    let goal: Goal
    /// When the phone's upgrade began.
    let beginning: Instant
    /// What came of it in the world itself.
    let actual: WhyOutcome

    /// Why it cannot be told.
    private struct Untold: Error {
        let reason: String
    }

    /// One line: what would have been without the cause, and what to do.
    ///
    /// Throws a diagnostic only where the user stops it.
    func line(without cause: WhyCause) throws(Diagnostic) -> String {
        let name = text(cause)
        do {
            let outcome = try outcome(without: cause)
            let isSame = outcome.isLike(actual)
            let end = isSame ? " all the same" : ""
            return "without \(name): \(text(outcome))\(end)\(isSame ? "" : next(cause))"
        } catch let untold as Untold {
            return "without \(name): cannot be told, \(untold.reason)"
        } catch let diagnostic as Diagnostic {
            throw diagnostic
        } catch {
            return "without \(name): cannot be told"
        }
    }

    // MARK: The other way

    private func outcome(without cause: WhyCause) throws -> WhyOutcome {
        let history = host.timeTravel.history
        let way = history.stretches.filter { $0.number <= history.stretch }
        let start = try start(without: cause, on: way, history)
        var other = ShellHost(
            output: ShellOutput(width: { 80 }, writeOut: { _ in }, writeError: { _ in }),
            fixedSeed: host.fixedSeed
        )
        other.registry = host.registry
        other.world = start.world.copy()
        other.world.isTracing = false
        if isThere(cause, in: other.world) { try leaveOut(cause, in: other.world) }
        other.world.recordDecisions(of: [phone])
        var left = Self.eventLimit
        for stretch in way where stretch.number > start.stretch {
            try goOn(other.world, until: stretch.start.time, &left)
            if let outcome = outcome(in: other.world, since: start.moment.time) { return outcome }
            let orders = try remaining(stretch, without: cause, history)
            try give(orders, without: cause, to: &other)
        }
        while true {
            if let outcome = outcome(in: other.world, since: start.moment.time) { return outcome }
            guard !other.world.isIdle, other.world.nextEventAt != nil else { return .never }
            guard left > 0 else {
                throw Untold(reason: "for nothing was settled in \(Self.eventLimit) events")
            }
            let before = other.world.eventCount
            _ = other.world.runUntilChange(.anything, limit: .latest, budget: left)
            left -= max(1, Int(clamping: other.world.eventCount - before))
            try host.checkInterrupt()
        }
    }

    private typealias History = WorldHistory<TimeTravel.Note>

    /// The last kept world in which nothing has come of the cause yet.
    private func start(
        without cause: WhyCause,
        on way: [History.Stretch],
        _ history: History
    ) throws -> History.Checkpoint {
        let kept = history.checkpoints.filter { checkpoint in
            way.contains { $0.number == checkpoint.stretch }
                && Int(phone.index) < checkpoint.world.phoneCount
        }
        let found = kept.last { checkpoint in
            let world = checkpoint.world
            switch cause {
            case .fault(let number):
                // Not ordered yet, or ordered and without a hit.
                return world.fault(number).map { $0.hits == 0 && $0.endedAt == nil }
                    ?? (checkpoint.moment.time <= host.world.fault(number)?.since ?? .zero)
            case .bug:
                return checkpoint.moment.time <= beginning && world.snapshot(phone).target == nil
            }
        }
        guard let found else { throw Untold(reason: "for no world from before it is kept") }
        return found
    }

    private func isThere(_ cause: WhyCause, in world: World) -> Bool {
        guard case .fault(let number) = cause else { return true }
        return world.fault(number) != nil
    }

    /// The orders of a stretch without the one by which a fault began there, where it is not known before.
    private func remaining(
        _ stretch: History.Stretch,
        without cause: WhyCause,
        _ history: History
    ) throws -> [String] {
        let after = history.checkpoints.first { $0.stretch == stretch.number }?.world
        let before = history.checkpoints.last { $0.stretch < stretch.number }?.world
        guard case .fault(let number) = cause, let after, after.fault(number) != nil,
            before?.fault(number) == nil
        else { return stretch.orders }
        let words = Set(FaultCommands.all.compactMap { $0.signature.path.first }).subtracting(
            ["heal", "show"]
        )
        let faults = stretch.orders.indices.filter { place in
            words.contains(String(stretch.orders[place].prefix { $0 != " " }))
        }
        guard faults.count == 1 else {
            throw Untold(reason: "for several faults began with it")
        }
        var orders = stretch.orders
        orders.remove(at: faults[0])
        return orders
    }

    private func leaveOut(_ cause: WhyCause, in world: World) throws {
        switch cause {
        case .fault(let number): world.heal(number)
        case .bug(let bug): try world.setBug(bug, false)
        }
    }

    private func goOn(_ world: World, until time: Instant, _ left: inout Int) throws {
        while true {
            let before = world.eventCount
            let reason = world.run(until: time, budget: min(left, 100_000))
            left -= Int(clamping: world.eventCount - before)
            try host.checkInterrupt()
            guard reason == .spentBudget else { return }
            guard left > 0 else {
                throw Untold(reason: "for nothing was settled in \(Self.eventLimit) events")
            }
        }
    }

    /// Gives orders again as they were written.
    private func give(
        _ orders: [String],
        without cause: WhyCause,
        to other: inout ShellHost
    ) throws {
        guard let registry = host.registry else {
            throw Untold(reason: "for no commands are known")
        }
        var interpreter = Interpreter(host: other, registry: registry, sink: TextSink())
        for order in orders where !isAbout(cause, order) {
            guard WorldCommandList.refusal(of: order, in: interpreter.host) == nil,
                interpreter.run(SourceText(name: "", text: order), mode: .script) == .finished
            else {
                throw Untold(reason: "for `\(order.prefix(30))` cannot be given again by itself")
            }
        }
        other = interpreter.host
    }

    /// Whether an order only switches or mends what is left out.
    private func isAbout(_ cause: WhyCause, _ order: String) -> Bool {
        let words = order.split(separator: " ")
        switch cause {
        case .fault(let number): return words == ["heal", "\(number)"]
        case .bug(let bug):
            return words.starts(with: ["bug", bug.id[...]])
                || words.starts(with: ["no", "bug", bug.id[...]])
        }
    }

    // MARK: What came of it

    private func outcome(in world: World, since start: Instant) -> WhyOutcome? {
        switch goal {
        case .load:
            if world.deadSince(phone) != nil { return .dead }
            if case .succeeded(let time) = world.outcome(of: phone), time > start {
                return .applied
            }
        case .file(let index):
            let found = Self.outcome(
                of: index,
                at: phone,
                in: world,
                since: start,
                world.decisions
            )
            if let found { return found }
        }
        if case .failed(let reason, let time) = world.outcome(of: phone), time > start {
            return .failed(reason)
        }
        return nil
    }

    /// How a phone came by a file since a time; nil while it has not.
    static func outcome(
        of index: Int,
        at phone: PhoneNumber,
        in world: World,
        since start: Instant,
        _ decisions: [Decision]
    ) -> WhyOutcome? {
        switch world.origin(of: index, at: phone) {
        case .phone(let giver, let time) where time > start: return .child(of: giver)
        case .server(let time) where time > start:
            let server = world.server(of: index, at: phone)
            for decision in decisions.reversed() where decision.after.fileIndex == index {
                switch decision.after.stage {
                case .fetching(.root), .fetching(.again): return .root(server: server)
                case .fetching(.fallback): return .fellBack(server: server)
                case .fetching(.alone): return .alone(server: server)
                default: continue
                }
            }
            return .alone(server: server)
        default: return nil
        }
    }

    // MARK: In words

    private func text(_ cause: WhyCause) -> String {
        switch cause {
        case .bug(let bug): return "bug \(bug.id)"
        case .fault(let number):
            guard let record = host.world.fault(number) else { return "fault \(number)" }
            var order = record.order
            order.length = nil
            let selector = SelectorText(host.world)
            let command = host.world.faultText(order) { phones in
                selector.text(phones.map { host.world.name(of: $0) })
            }
            return "fault \(number) (\(command))"
        }
    }

    private func text(_ outcome: WhyOutcome) -> String {
        func from(_ server: Int?) -> String {
            server.map { " with \(host.world.server($0).name)" } ?? ""
        }
        return switch outcome {
        case .child(let parent): "child of \(host.world.name(of: parent))"
        case .root(let server): "root\(from(server))"
        case .fellBack(let server): "fallen back\(from(server))"
        case .alone(let server): "alone\(from(server))"
        case .failed(let reason): "failed with reason \(reason.rawValue)"
        case .dead: "dead"
        case .applied: "up with its load"
        case .never: "without the file"
        }
    }

    /// What to do, where the cause is still there.
    private func next(_ cause: WhyCause) -> String {
        switch cause {
        case .fault(let number):
            host.world.faults.contains { $0.number == number } ? ".  next: heal \(number)" : ""
        case .bug(let bug):
            host.world.bugs(of: phone)[bug] ? ".  next: bug \(bug.id) off" : ""
        }
    }
}
