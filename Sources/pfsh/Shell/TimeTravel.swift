// Going back: what a session keeps of the way that its world has come, and how it goes to another moment
// of it. Between two orders a world goes its way by itself, so a copy from before and the time since
// give every moment; what scripts wait for is remembered with each copy.

import Interpreter
import PFSRuntime

/// The way that the world of a session has come.
struct TimeTravel {
    /// What a session remembers with each world that is kept.
    struct Note {
        let agenda: Agenda<ShellHost>.Memento?
        let showsTimeOfDay: Bool
    }

    /// Whether worlds are kept: for whoever types, and for scripts that go back.
    var isOn = false
    /// The worlds.
    var history = WorldHistory<Note>()
    /// The orders given since time passed last, the last of them as text.
    private(set) var orders: [String] = []
    private var orderCount = 0

    /// The most orders that are remembered as text for one moment: own choice, a screen full.
    private static let orderLimit = 20

    /// Whether something was ordered since time passed last.
    var hasOrders: Bool { orderCount > 0 }

    mutating func order(_ text: String) {
        orderCount += 1
        guard isOn else { return }
        if orders.count == Self.orderLimit { orders.removeFirst() }
        orders.append(String(text.prefix { $0 != "\n" && $0 != "\r" }))
    }

    mutating func takeOrders() -> [String] {
        defer { (orders, orderCount) = ([], 0) }
        let missing = orderCount - orders.count
        return missing > 0 ? ["(\(missing) more before these)"] + orders : orders
    }

    /// Begins to keep worlds if a script might go back: if it has one of the words anywhere.
    mutating func look(at script: [UInt8]) {
        guard !isOn else { return }
        var word: [UInt8] = []
        for byte in script {
            if UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte {
                word.append(byte)
                continue
            }
            if Self.words.contains(word) {
                isOn = true
                return
            }
            word = []
        }
        isOn = Self.words.contains(word)
    }

    /// The first words of commands that need the way.
    private static let words = [
        "back", "goto", "checkpoint", "restore", "why", "sequence", "report", "capture",
    ].map { Array($0.utf8) }
}

extension ShellHost {
    private var travelNote: TimeTravel.Note {
        TimeTravel.Note(agenda: agenda?.memento, showsTimeOfDay: showsTimeOfDay)
    }

    mutating func willRun(_ script: SourceText) {
        timeTravel.look(at: script.bytes)
        notebook.keep(script, isCall: call != nil)
    }

    mutating func didChange(by command: CommandSignature, text: String) {
        let isOrder = command.group != TimeCommands.group || command.name == "clock set"
        if isOrder { timeTravel.order(text) }
    }

    /// Keeps the world as it is if time is about to pass for the first time since orders were given.
    mutating func keepBeginning() {
        guard timeTravel.isOn, timeTravel.hasOrders || timeTravel.history.stretches.isEmpty else {
            return
        }
        let note = travelNote
        timeTravel.history.begin(world, orders: timeTravel.takeOrders(), note: note)
    }

    /// Keeps the world now and then while time passes.
    mutating func keepWay() {
        guard timeTravel.isOn else { return }
        let (agenda, shows) = (agenda, showsTimeOfDay)
        timeTravel.history.follow(
            world,
            note: TimeTravel.Note(agenda: agenda?.memento, showsTimeOfDay: shows)
        )
    }

    /// Keeps the world as it is under a name.
    mutating func keepCheckpoint(_ name: String) throws(Diagnostic) {
        try checkClockIsVirtual("keeping a world to go back to")
        keepBeginning()
        let note = travelNote
        guard timeTravel.history.mark(world, name: name, note: note) else {
            throw timeTravel.tooLarge
        }
    }

    // MARK: Going

    /// A moment to go to.
    enum TravelGoal {
        /// All that is due up to and at this time has happened.
        case time(Instant)
        /// So many events have happened.
        case event(UInt64)
        /// What is kept there.
        case checkpoint(WorldHistory<TimeTravel.Note>.Checkpoint)
    }

    /// Goes to another moment of the way; the world is changed wholly or, with an error, not at all.
    mutating func travel(to goal: TravelGoal) throws(Diagnostic) {
        try checkClockIsVirtual("going to another moment")
        try agenda?.checkTimeMayPass()
        keepBeginning()
        let present = travelNote
        timeTravel.history.depart(world, note: present)
        let start = try start(to: goal)
        let there = start.world.copy()
        try bring(there, to: goal)
        there.logDetail = world.logDetail
        there.isTracing = world.isTracing
        world = there
        showsTimeOfDay = start.note.showsTimeOfDay
        timeTravel.history.arrive(world, from: start)
        if let memento = start.note.agenda { agenda?.recall(memento, in: self) }
        logView.goOn(in: world)
        logFile?.goOn(in: world)
        capture?.goOn(in: world, attachment)
    }

    /// Refuses what only a virtual clock can do.
    func checkClockIsVirtual(_ what: String) throws(Diagnostic) {
        guard attachment == nil else {
            throw Diagnostic(
                "\(what) needs a virtual clock, and the phones are on a real network",
                hints: ["`no attach` takes them off it"]
            )
        }
    }

    private func start(
        to goal: TravelGoal
    ) throws(Diagnostic) -> WorldHistory<TimeTravel.Note>.Checkpoint {
        do throws(WorldHistory<TimeTravel.Note>.Unreachable) {
            switch goal {
            case .time(let time): return try timeTravel.history.start(to: time)
            case .event(let count): return try timeTravel.history.start(toEvent: count)
            case .checkpoint(let checkpoint): return checkpoint
            }
        } catch {
            throw unreachable(error)
        }
    }

    /// Lets a world that stands aside go on to a moment.
    func bring(_ world: World, to goal: TravelGoal) throws(Diagnostic) {
        while true {
            switch goal {
            case .checkpoint: return
            case .time(let time):
                let reason = world.run(until: time, budget: Self.travelEvents)
                if reason != .spentBudget { return }
            case .event(let count):
                guard world.eventCount < count, world.nextEventAt != nil else { return }
                let budget = min(count - world.eventCount, UInt64(Self.travelEvents))
                _ = world.run(until: .latest, budget: Int(budget))
            }
            try checkInterrupt()
        }
    }

    /// Events between two looks at the keyboard, in a world that nobody looks at.
    private static let travelEvents = 200_000

    private func unreachable(_ reason: WorldHistory<TimeTravel.Note>.Unreachable) -> Diagnostic {
        switch reason {
        case .nothingKept: return timeTravel.tooLarge
        case .beforeBeginning(let moment):
            let begin = displayTime(moment.time.nanoseconds)
            return Diagnostic(
                "nothing is known of the time before \(begin), event \(moment.eventCount)",
                hints: moment.time > .zero
                    ? ["a script's way is kept from the first line on if it goes back itself"] : []
            )
        case .thinned(let before, let after):
            let nearest = [before, after].compactMap { $0 }.map {
                "event \($0.eventCount) at \(displayTime($0.time.nanoseconds))"
            }
            return Diagnostic(
                "the worlds around that moment had to go, for they take too much memory",
                hints: ["the nearest that are kept: \(nearest.joined(separator: ", "))"]
            )
        }
    }
}

extension TimeTravel {
    /// Why nothing is kept.
    var tooLarge: Diagnostic {
        if !isOn { return Diagnostic("no worlds are kept here to go back to") }
        let kept = history.budgetBytes / 2 >> 20
        guard let bytes = history.refusedBytes else { return Diagnostic("no time has passed yet") }
        return Diagnostic(
            "a copy of this world takes about \(bytes >> 20) MiB, and up to \(kept) MiB are kept"
        )
    }
}
