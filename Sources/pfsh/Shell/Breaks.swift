// Breaks: a run ends right behind the event that fits, and says where. As long as there are any, events happen
// one at a time.

import Interpreter
import PFSRuntime

/// What stops a run.
struct Break {
    /// What it waits for.
    enum Trigger {
        /// A phone handles an input of this kind.
        case event(EventKind)
        /// A phone comes to be in this state.
        case state(PhoneState)
        /// A condition comes to hold.
        case condition(Condition<ShellHost>)
    }

    /// Its number, which no other ever gets.
    let number: Int
    /// As it was written, behind `break on`.
    let text: String
    var trigger: Trigger
    /// The phones it is about; nil for all.
    let phones: Set<Int>?
    /// Whether the condition held at the last look: it has to end before it stops a run again.
    var held = false
    /// The phones that were in the state at the last look.
    var inState: Set<Int> = []

    func isAbout(_ phone: Int) -> Bool { phones?.contains(phone) ?? true }
}

/// The breaks of a session.
struct Breaks {
    private(set) var list: [Break] = []
    private var nextNumber = 1
    /// What stopped the run that began last; nil where nothing did.
    var hit: Int?

    var isEmpty: Bool { list.isEmpty }

    mutating func add(_ trigger: Break.Trigger, _ text: String, _ phones: Set<Int>?) -> Int {
        defer { nextNumber += 1 }
        list.append(Break(number: nextNumber, text: text, trigger: trigger, phones: phones))
        return nextNumber
    }

    /// Forgets one; false if there is none of this number.
    mutating func forget(_ number: Int) -> Bool {
        let before = list.count
        list.removeAll { $0.number == number }
        return list.count < before
    }

    mutating func replace(_ index: Int, by changed: Break) { list[index] = changed }
}

extension ShellHost {
    /// A run begins: looks at how things are, because only what comes to be stops it.
    mutating func armBreaks() throws(Diagnostic) {
        breaks.hit = nil
        for index in breaks.list.indices {
            var changed = breaks.list[index]
            switch changed.trigger {
            case .event: continue
            case .state(let state):
                changed.inState = Set(
                    world.phones.filter { world.state($0) == state }.map { Int($0.index) }
                )
            case .condition(var condition):
                condition.watchAnew(from: logMark)
                changed.held = try condition.holds(in: self)
                changed.trigger = .condition(condition)
            }
            breaks.replace(index, by: changed)
        }
    }

    /// Lets events happen one at a time, at most to `stop`, until a break fits or, where a change is waited
    /// for, after each.
    mutating func goWatchingBreaks(
        to stop: Instant,
        watching change: WorldChange?
    ) -> StopReason {
        let wasTracing = world.isTracing
        world.isTracing = true
        defer { world.isTracing = wasTracing }
        for _ in 0..<Self.brokenPieceEvents {
            let count = world.eventCount
            let reason =
                change.map { world.runUntilChange($0, limit: stop, budget: 1) }
                ?? world.run(until: stop, budget: 1)
            if world.eventCount > count, lookAtBreaks() { return .spentBudget }
            if reason != .spentBudget || change != nil { return reason }
            if isStoppedByReport { return reason }
        }
        return .spentBudget
    }

    /// Events between two looks at the keyboard, one at a time: own choice.
    private static let brokenPieceEvents = 2_000

    /// Looks at each break; says which one the last event fits, and where that is.
    private mutating func lookAtBreaks() -> Bool {
        guard world.traceCount > 0 else { return false }
        let record = world.traceRecord(world.traceCount - 1)
        for index in breaks.list.indices {
            var changed = breaks.list[index]
            let fits = fit(&changed, record)
            breaks.replace(index, by: changed)
            guard fits, breaks.hit == nil else { continue }
            breaks.hit = changed.number
            let line = EventText.line(record, in: self)
            output.print(["break \(changed.number), \(changed.text): \(line)"])
        }
        return breaks.hit != nil
    }

    private func fit(_ changed: inout Break, _ record: TraceRecord) -> Bool {
        switch changed.trigger {
        case .event(let kind):
            return changed.isAbout(Int(record.phone.index)) && kind.fits(record.input)
        case .state(let state):
            var fits = false
            // A phone's own state changes by its input; those of its children, when it sends a file.
            for phone in [record.phone] + world.snapshot(record.phone).children {
                let index = Int(phone.index)
                if world.state(phone) == state {
                    let isNew = changed.inState.insert(index).inserted
                    fits = fits || (isNew && changed.isAbout(index))
                } else {
                    changed.inState.remove(index)
                }
            }
            return fits
        case .condition(var condition):
            // A condition that has lost its meaning, as with a phone that is removed, does not hold.
            let holds = (try? condition.holds(in: self)) ?? false
            defer {
                changed.held = holds
                changed.trigger = .condition(condition)
            }
            return holds && !changed.held
        }
    }
}

/// The kinds of inputs that a run can stop at.
enum EventKind: String, ChoiceArgument {
    case start, sharing, deadline, claim, confirmed, offer, failed, join, accept, refuse, hold
    case rootless, dissolve, complete, bye, lost, fetched, refused, timeout, busy, arrived, verified
    case written, unwritten, stalled, applied, cancel, serve

    static var placeholder: String { "KIND" }

    var help: String {
        switch self {
        case .start: "reads its configuration"
        case .sharing: "is told whether to share"
        case .deadline: "has a deadline"
        case .claim: "hears a claim"
        case .confirmed: "hears a confirmed root"
        case .offer: "hears an offer"
        case .failed: "hears that a root failed"
        case .join: "is asked for a place"
        case .accept: "gets a place"
        case .refuse: "is refused a place"
        case .hold: "hears from the other end of a link"
        case .rootless: "hears that its parent has no root"
        case .dissolve: "is told that its subtree dissolves"
        case .complete: "hears that a child has the file"
        case .bye: "is told that the other end leaves"
        case .lost: "loses a link"
        case .serve: "gives others what it runs"
        case .fetched: "has fetched its file from the server"
        case .refused: "is refused by the server"
        case .timeout: "waits for the server in vain"
        case .busy: "finds all its servers busy"
        case .arrived: "has the whole file from its parent"
        case .verified: "has checked its file"
        case .written: "has written its file"
        case .unwritten: "finds that its file is not in flash"
        case .stalled: "finds that its transfer stands still"
        case .applied: "runs its new load"
        case .cancel: "is told to stop"
        }
    }

    /// Whether an input is of this kind.
    func fits(_ input: PeerInput) -> Bool { Self(input) == self }

    private init(_ input: PeerInput) {
        switch input {
        case .start: self = .start
        case .serve: self = .serve
        case .sharing: self = .sharing
        case .wake: self = .deadline
        case .heard(let message, _, from: _), .received(let message, _, from: _):
            self.init(message)
        case .linkLost: self = .lost
        case .fetchEnded(.done): self = .fetched
        case .fetchEnded(.refused): self = .refused
        case .fetchEnded(.timedOut): self = .timeout
        case .fetchEnded(.busy): self = .busy
        case .fileArrived: self = .arrived
        case .verified: self = .verified
        case .written: self = .written
        case .writeFailed: self = .unwritten
        case .stalled: self = .stalled
        case .applied: self = .applied
        case .cancel: self = .cancel
        }
    }

    private init(_ message: PeerMessage) {
        switch message {
        case .claim: self = .claim
        case .confirmed: self = .confirmed
        case .offer: self = .offer
        case .failed: self = .failed
        case .join: self = .join
        case .accept: self = .accept
        case .refuse: self = .refuse
        case .hold: self = .hold
        case .rootless: self = .rootless
        case .dissolve: self = .dissolve
        case .complete: self = .complete
        case .bye: self = .bye
        }
    }
}
