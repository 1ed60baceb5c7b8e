// Worlds kept along the way of a run, so that any moment of it can be reached again: the nearest one before
// is copied, and the rest of the way is gone again. That is exact, because what happens depends on
// nothing but the world. Orders do not happen by themselves, so each order begins a new stretch of the
// way with a world of its own, and no moment is reached across one.

/// A moment of a run: so many events have happened, and the clock shows this.
public struct WorldMoment: Comparable, Hashable, Sendable {
    /// Events that have happened since the world began.
    public let eventCount: UInt64
    /// What the clock shows.
    public let time: Instant

    /// The moment at which a world is.
    public init(of world: World) {
        eventCount = world.eventCount
        time = world.now
    }

    /// The earlier comes first.
    public static func < (left: WorldMoment, right: WorldMoment) -> Bool {
        (left.eventCount, left.time) < (right.eventCount, right.time)
    }
}

/// The way that a world has come, as copies of it; each with what its keeper adds.
public struct WorldHistory<Note> {
    /// Why a world is kept.
    public enum Reason: Equatable, Sendable {
        /// A stretch begins here: these orders were given, or none at the beginning.
        case orders([String])
        /// It is some way from the last one.
        case distance
        /// Somebody went back from here.
        case departure
        /// Somebody asked for it, by this name.
        case name(String)
    }

    /// A part of the way on which nothing was ordered.
    public struct Stretch: Sendable {
        /// Its number, which no other ever gets.
        public let number: Int
        /// Where it begins.
        public let start: WorldMoment
        /// The orders that were given there.
        public let orders: [String]
    }

    /// A world that is kept; it must not be changed, only copied.
    public struct Checkpoint {
        /// Its number, the same for as long as it is kept.
        public let number: Int
        /// The number of the stretch that it stands on.
        public let stretch: Int
        /// When that was.
        public let moment: WorldMoment
        /// Why it is kept.
        public let reason: Reason
        /// The world then.
        public let world: World
        /// What the keeper added.
        public let note: Note
        /// About how many bytes it takes.
        public let bytes: Int
    }

    /// The bytes that the worlds may take together: own choice, some 180 worlds of 1,000 phones.
    public static var standardBudgetBytes: Int { 256 << 20 }

    /// The most worlds kept: own choice; a whole upgrade of 1,000 phones takes eight.
    public static var checkpointLimit: Int { 1_000 }

    /// The most stretches known: own choice, more than a day of a script that orders every ten seconds.
    public static var stretchLimit: Int { 10_000 }

    /// The bytes that the worlds may take together here.
    public var budgetBytes = WorldHistory.standardBudgetBytes
    /// What is kept along the present way, in its order.
    public internal(set) var checkpoints: [Checkpoint] = []
    /// The stretches of the present way, in its order.
    public internal(set) var stretches: [Stretch] = []
    /// The number of the stretch that the world is on.
    public internal(set) var stretch = 0
    /// Whether the world has gone back: what is kept of later moments is still to come.
    public internal(set) var isPast = false
    /// The bytes of a world that was too large to be kept, if the last one was.
    public internal(set) var refusedBytes: Int?

    var marks: [Mark] = []
    var nextNumber = 1
    var nextStretch = 1
    /// Another distance, for tests.
    var ownDistance: UInt64?
    /// As long as fewer events than this have happened, there is nothing to do.
    var nextLookAt: UInt64 = 0

    /// What was kept under a name, and the way to it.
    struct Mark {
        let name: String
        let checkpoint: Checkpoint
        let stretches: [Stretch]
    }

    /// An empty history.
    public init() {}

    // MARK: Keeping

    /// Events after which a world is kept again: own choice, some 20 ms of work for 1,000 phones, so that
    /// a moment is reached before anybody feels it; a copy takes a small part of that.
    private func distance(_ world: World) -> UInt64 {
        ownDistance ?? 10_000 + 10 * UInt64(world.phoneCount)
    }

    /// The world goes on after orders, or for the first time: what was known of later moments is over.
    public mutating func begin(_ world: World, orders: [String], note: @autoclosure () -> Note) {
        forgetFuture(of: world, withinStretch: true)
        isPast = false
        stretch = nextStretch
        nextStretch += 1
        let start = WorldMoment(of: world)
        stretches.append(Stretch(number: stretch, start: start, orders: orders))
        keep(world, .orders(orders), note())
        while stretches.count > Self.stretchLimit {
            let oldest = stretches.removeFirst().number
            checkpoints.removeAll { $0.stretch == oldest }
        }
    }

    /// The world has gone on, without orders.
    public mutating func follow(_ world: World, note: @autoclosure () -> Note) {
        guard world.eventCount >= nextLookAt || isPast else { return }
        if isPast { lookAhead(from: world) }
        guard let last = checkpoints.last, last.stretch == stretch, !isPast else { return }
        let distance = self.distance(world)
        if world.eventCount >= last.moment.eventCount + distance {
            keep(world, .distance, note())
        }
        nextLookAt = (checkpoints.last?.moment.eventCount ?? 0) + distance
    }

    /// Keeps the present world because it is about to be left.
    public mutating func depart(_ world: World, note: @autoclosure () -> Note) {
        guard !isPast, !stretches.isEmpty else { return }
        checkpoints.removeAll { $0.reason == .departure }
        keep(world, .departure, note())
    }

    /// Keeps the present world under a name, in place of the one that had it.
    ///
    /// Answers false, and keeps none, where named worlds would take more than half of the budget.
    public mutating func mark(_ world: World, name: String, note: @autoclosure () -> Note) -> Bool {
        let others = marks.filter { $0.name != name }
        let size = world.copyBytes
        guard others.reduce(size, { $0 + $1.checkpoint.bytes }) <= budgetBytes / 2 else {
            refusedBytes = size
            return false
        }
        forget(name: name)
        guard let checkpoint = keep(world, .name(name), note()) else { return false }
        let way = stretches.filter { $0.number <= stretch }
        marks.append(Mark(name: name, checkpoint: checkpoint, stretches: way))
        return true
    }

    /// Forgets what was kept under a name; false if nothing was.
    @discardableResult
    public mutating func forget(name: String) -> Bool {
        let before = marks.count
        marks.removeAll { $0.name == name }
        checkpoints.removeAll { $0.reason == .name(name) }
        return marks.count < before
    }

    @discardableResult
    private mutating func keep(_ world: World, _ reason: Reason, _ note: Note) -> Checkpoint? {
        let size = world.copyBytes
        guard size <= budgetBytes / 2 else {
            checkpoints = []
            stretches = []
            refusedBytes = size
            return nil
        }
        refusedBytes = nil
        let checkpoint = Checkpoint(
            number: nextNumber,
            stretch: stretch,
            moment: WorldMoment(of: world),
            reason: reason,
            world: world.copy(),
            note: note,
            bytes: size
        )
        nextNumber += 1
        let place = checkpoints.firstIndex { checkpoint.precedes($0) } ?? checkpoints.count
        checkpoints.insert(checkpoint, at: place)
        thin(sparing: checkpoint.number)
        return checkpoint
    }
}

// MARK: What is still to come

extension WorldHistory {
    /// In the past: forgets the future once the world has passed the next orders without them, and sees
    /// whether it has come to the end of what is known.
    private mutating func lookAhead(from world: World) {
        let moment = WorldMoment(of: world)
        let next = stretches.first { $0.number > stretch }
        if let next, next.start < moment { forgetFuture(of: world, withinStretch: false) }
        isPast = knowsMore(than: moment)
    }

    private func knowsMore(than moment: WorldMoment) -> Bool {
        guard let last = checkpoints.last else { return false }
        return last.stretch > stretch || last.moment > moment
    }

    private mutating func forgetFuture(of world: World, withinStretch: Bool) {
        guard isPast else { return }
        let moment = WorldMoment(of: world)
        let present = stretch
        stretches.removeAll { $0.number > present }
        checkpoints.removeAll {
            $0.stretch > present || (withinStretch && $0.stretch == present && $0.moment > moment)
        }
    }

    /// The stretches whose orders are not given yet, because the world has gone back.
    public var stretchesAhead: [Stretch] {
        isPast ? stretches.filter { $0.number > stretch } : []
    }
}

// MARK: Going there

extension WorldHistory {
    /// Why a moment is not reached.
    public enum Unreachable: Error, Equatable, Sendable {
        /// It lies before what is known, which begins here.
        case beforeBeginning(WorldMoment)
        /// The worlds around it had to go; these are the nearest that are kept.
        case thinned(before: WorldMoment?, after: WorldMoment?)
        /// Nothing is kept.
        case nothingKept
    }

    /// The world from which a time is reached, by letting time pass up to and at it.
    public func start(to time: Instant) throws(Unreachable) -> Checkpoint {
        try nearest { $0.time <= time }
    }

    /// The world from which an event is reached, by letting as many happen as are missing.
    public func start(toEvent count: UInt64) throws(Unreachable) -> Checkpoint {
        try nearest { $0.eventCount <= count }
    }

    /// The last world before a goal, on the stretch that the goal lies on.
    private func nearest(
        _ isBefore: (WorldMoment) -> Bool
    ) throws(Unreachable) -> Checkpoint {
        guard let first = checkpoints.first?.moment else { throw .nothingKept }
        guard let goal = stretches.last(where: { isBefore($0.start) }) else {
            throw .beforeBeginning(first)
        }
        let found = checkpoints.last { $0.stretch == goal.number && isBefore($0.moment) }
        if let found { return found }
        throw .thinned(
            before: checkpoints.last { $0.stretch < goal.number }?.moment,
            after: checkpoints.first { $0.stretch >= goal.number }?.moment
        )
    }

    /// The names under which worlds are kept, in the order of keeping.
    public var names: [String] { marks.map(\.name) }

    /// What is kept under a name; nil if nothing is.
    public func named(_ name: String) -> Checkpoint? {
        marks.first { $0.name == name }?.checkpoint
    }

    /// The world stands where a checkpoint led to.
    public mutating func arrive(_ world: World, from checkpoint: Checkpoint) {
        if !checkpoints.contains(where: { $0.number == checkpoint.number }) {
            turn(to: checkpoint)
        }
        stretch = checkpoint.stretch
        isPast = knowsMore(than: WorldMoment(of: world))
        nextLookAt = 0
    }

    /// Takes the way to a named world that the present way does not lead by.
    private mutating func turn(to checkpoint: Checkpoint) {
        let mark = marks.first { $0.checkpoint.number == checkpoint.number }
        guard let way = mark?.stretches else { return }
        checkpoints = checkpoints.filter { other in
            guard let place = way.firstIndex(where: { $0.number == other.stretch }) else {
                return false
            }
            let end = place + 1 < way.count ? way[place + 1].start : checkpoint.moment
            return other.moment <= end && other.reason != .departure
        }
        checkpoints.append(checkpoint)
        stretches = way
    }
}

extension WorldHistory.Checkpoint {
    fileprivate func precedes(_ other: Self) -> Bool {
        (stretch, moment) < (other.stretch, other.moment)
    }
}

// MARK: Thinning

extension WorldHistory {
    /// About how many bytes the worlds take.
    public var bytes: Int {
        let aside = marks.filter { mark in
            !checkpoints.contains { $0.number == mark.checkpoint.number }
        }
        return checkpoints.reduce(0) { $0 + $1.bytes }
            + aside.reduce(0) { $0 + $1.checkpoint.bytes }
    }

    /// Lets worlds go until the budget is kept; named ones and the first never.
    private mutating func thin(sparing number: Int) {
        while bytes > budgetBytes || checkpoints.count > Self.checkpointLimit {
            let index =
                crowded(sparing: number) { $0 == .distance }
                ?? crowded(sparing: number) { if case .orders = $0 { true } else { false } }
            guard let index else { return }
            checkpoints.remove(at: index)
        }
    }

    /// Where a world's neighbours stand closest, seen from the end: the gaps grow with the age.
    private func crowded(sparing number: Int, _ mayGo: (Reason) -> Bool) -> Int? {
        guard let last = checkpoints.last?.moment.eventCount else { return nil }
        var found: (index: Int, gap: UInt64, age: UInt64)?
        for index in checkpoints.indices.dropFirst().dropLast()
        where mayGo(checkpoints[index].reason) && checkpoints[index].number != number {
            let next = checkpoints[index + 1].moment.eventCount
            let gap = next - min(next, checkpoints[index - 1].moment.eventCount)
            let age = last - min(last, checkpoints[index].moment.eventCount) + 1
            if let known = found,
                gap.multipliedFullWidth(by: known.age) >= known.gap.multipliedFullWidth(by: age)
            {
                continue
            }
            found = (index, gap, age)
        }
        return found?.index
    }
}
