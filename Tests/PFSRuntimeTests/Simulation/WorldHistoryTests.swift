// Going back: every moment of a run is reached again, and the way forward from there is the one that was
// gone before, unless something is changed.

import Testing

@testable import PFSRuntime

@Suite("Worlds kept along the way")
struct WorldHistoryTests {
    /// A moment that was seen, and what the world was then.
    private struct Seen {
        let moment: WorldMoment
        let stretch: Int
        let fingerprint: UInt64
        let lines: Int
        let states: [PhoneState]

        init(_ world: World, _ stretch: Int) {
            moment = WorldMoment(of: world)
            self.stretch = stretch
            fingerprint = world.fingerprint
            lines = world.logCount
            states = world.identities.indices.map { world.state(PhoneNumber($0)) }
        }

        func expect(in world: World, _ comment: Comment) {
            #expect(WorldMoment(of: world) == moment, comment)
            #expect(world.fingerprint == fingerprint, comment)
            #expect(world.logCount == lines, comment)
            #expect(
                world.identities.indices.map { world.state(PhoneNumber($0)) } == states,
                comment
            )
        }
    }

    /// A random world that has run, what was seen on its way, and what was kept.
    private struct Run {
        var history = WorldHistory<Int>()
        var seen: [Seen] = []
        var world: World
        var stream: RandomStream

        init(_ seed: UInt64, distance: UInt64) throws {
            var plan = try RandomWorld(seed: seed, isCalm: false)
            world = plan.office.world
            stream = RandomStream(seed: seed, purpose: .test, index: 7)
            history.ownDistance = distance
            history.begin(world, orders: [], note: 0)
            for mishap in plan.mishaps {
                go(until: .zero + mishap.after)
                plan.carryOut(mishap)
                history.begin(world, orders: ["\(mishap.kind)"], note: 1)
            }
            go(until: world.now + .seconds(300))
        }

        /// Lets time pass in pieces of a random number of events, and looks in between.
        private mutating func go(until end: Instant) {
            while true {
                let budget = Int(stream.below(400)) + 1
                let reason = world.run(until: end, budget: budget)
                history.follow(world, note: 1)
                seen.append(Seen(world, history.stretch))
                if reason != .spentBudget { return }
            }
        }
    }

    /// Brings a copy of a kept world to the moment of one that was seen.
    private func reach(_ seen: Seen, in history: WorldHistory<Int>) throws -> World {
        let start = try history.start(toEvent: seen.moment.eventCount)
        let world = start.world.copy()
        #expect(start.moment <= seen.moment)
        let missing = seen.moment.eventCount - world.eventCount
        if missing > 0 { _ = world.run(until: .latest, budget: Int(missing)) }
        return world
    }

    @Test("every moment is reached again, and goes on as before", arguments: seeds)
    private func again(_ seed: RepeatableSeed) throws {
        var run = try Run(seed.seed, distance: 200)
        let comment = Comment(rawValue: "\(seed)")
        run.history.depart(run.world, note: 0)
        let end = Seen(run.world, run.history.stretch)
        for _ in 0..<6 {
            let goal = run.seen[Int(run.stream.below(UInt64(run.seen.count)))]
            let world = try reach(goal, in: run.history)
            // Where orders were given between two events, the last of them counts.
            let stretch = try run.history.start(toEvent: goal.moment.eventCount).stretch
            guard stretch == goal.stretch, world.now == goal.moment.time else { continue }
            goal.expect(in: world, comment)
            // On to the end of the stretch: the next one, or the present, begins there.
            let next = run.history.stretches.first { $0.number > stretch }?.start ?? end.moment
            while world.eventCount < next.eventCount {
                // With another recording, and in pieces.
                world.isTracing = run.stream.below(2) == 0
                world.logDetail = run.stream.below(2) == 0 ? .console : .trace
                let most = next.eventCount - world.eventCount
                let budget = min(most, UInt64(run.stream.below(500)) + 1)
                _ = world.run(until: .latest, budget: Int(budget))
            }
            _ = world.run(until: next.time, budget: 0)
            let kept = run.history.checkpoints.first { $0.moment == next && $0.stretch > stretch }
            #expect(world.eventCount == next.eventCount, comment)
            if let kept, kept.world.now == world.now, case .orders(["cut"]) = kept.reason {
                #expect(kept.world.fingerprint == world.fingerprint, comment)
            }
            if kept == nil { #expect(world.fingerprint == end.fingerprint, comment) }
        }
    }

    @Test("kept worlds stay as they were, however they are used", arguments: few)
    private func untouched(_ seed: RepeatableSeed) throws {
        let run = try Run(seed.seed, distance: 300)
        let before = run.history.checkpoints.map { $0.world.fingerprint }
        for checkpoint in run.history.checkpoints {
            let copy = checkpoint.world.copy()
            _ = copy.run(until: copy.now + .seconds(60))
            #expect(WorldMoment(of: checkpoint.world) == checkpoint.moment)
        }
        #expect(run.history.checkpoints.map { $0.world.fingerprint } == before)
    }

    @Test("back and on without the orders: the future is forgotten; with time alone it is not")
    func future() throws {
        let office = try Office(files: [200_000])
        let world = office.world
        try office.push(try office.add(6), stagger: .zero)
        var history = WorldHistory<Int>()
        history.ownDistance = 50
        history.begin(world, orders: ["push"], note: 0)
        _ = world.run(until: .zero + .seconds(5))
        history.follow(world, note: 0)
        world.restart(.reset, [PhoneNumber(0)])
        history.begin(world, orders: ["reset"], note: 0)
        _ = world.run(until: .zero + .seconds(10))
        history.depart(world, note: 0)
        let end = world.fingerprint

        let start = try history.start(to: .zero + .seconds(2))
        let past = start.world.copy()
        _ = past.run(until: .zero + .seconds(2))
        history.arrive(past, from: start)
        #expect(history.isPast && history.stretchesAhead.map(\.orders) == [["reset"]])
        _ = past.run(until: .zero + .seconds(3))
        history.follow(past, note: 0)
        #expect(history.isPast && history.stretchesAhead.count == 1)
        let last = try #require(history.checkpoints.last)
        #expect(last.reason == .departure && last.world.fingerprint == end)
        _ = past.run(until: .zero + .seconds(8))
        history.follow(past, note: 0)
        #expect(!history.isPast && history.stretchesAhead.isEmpty)
        #expect(past.fingerprint != end)
        #expect(throws: WorldHistory<Int>.Unreachable.self) {
            try WorldHistory<Int>().start(to: .zero)
        }
    }

    @Test("a named world is gone back to from another way too")
    func named() throws {
        let office = try Office(files: [200_000])
        let world = office.world
        try office.push(try office.add(6), stagger: .zero)
        var history = WorldHistory<Int>()
        history.begin(world, orders: ["push"], note: 0)
        _ = world.run(until: .zero + .seconds(5))
        world.restart(.reset, [PhoneNumber(0)])
        history.begin(world, orders: ["reset"], note: 0)
        _ = world.run(until: .zero + .seconds(10))
        let isKept = history.mark(world, name: "here", note: 3)
        #expect(isKept)
        let start = try history.start(to: .zero + .seconds(2))
        let past = start.world.copy()
        history.arrive(past, from: start)
        past.restart(.reset, [PhoneNumber(1)])
        history.begin(past, orders: ["another"], note: 0)
        #expect(history.stretches.map(\.orders) == [["push"], ["another"]])
        let mark = try #require(history.named("here"))
        history.arrive(mark.world.copy(), from: mark)
        #expect(history.stretches.map(\.orders) == [["push"], ["reset"]])
        #expect(mark.note == 3 && mark.world.fingerprint == world.fingerprint)
        let early = try history.start(to: .zero + .seconds(3))
        #expect(early.moment.time == .zero)
        #expect(throws: WorldHistory<Int>.Unreachable.self) {
            try history.start(to: .zero + .seconds(7))
        }
        let isForgotten = history.forget(name: "here")
        #expect(isForgotten && history.named("here") == nil)
    }

    @Test("memory stays within its budget, and gaps grow with their age")
    func thinned() throws {
        let office = try Office(files: [2_000_000])
        let world = office.world
        try office.push(try office.add(30), stagger: .zero)
        var history = WorldHistory<Int>()
        history.ownDistance = 20
        history.budgetBytes = world.copyBytes * 20
        history.begin(world, orders: ["push"], note: 0)
        for _ in 0..<400 {
            _ = world.run(until: .latest, budget: 30)
            history.follow(world, note: 0)
            #expect(history.bytes <= history.budgetBytes)
        }
        let events = history.checkpoints.map(\.moment.eventCount)
        #expect(events.count > 8 && events.first == 0)
        let gaps = zip(events.dropFirst(), events).map { $0 - $1 }
        #expect(gaps.prefix(3).reduce(0, +) > 2 * gaps.suffix(3).reduce(0, +))
        // Every moment is still reached, by a longer way.
        #expect(try history.start(toEvent: events[1] - 1).moment.eventCount == 0)
    }

    @Test("a world that exceeds the budget is not kept, and its size is told")
    func tooLarge() throws {
        let office = try Office()
        var history = WorldHistory<Int>()
        history.budgetBytes = 1 << 10
        history.begin(office.world, orders: [], note: 0)
        #expect(history.checkpoints.isEmpty && history.refusedBytes != nil)
        let isKept = history.mark(office.world, name: "a", note: 0)
        #expect(!isKept)
    }

    private static let seeds = RepeatableSeed.all(40, suite: "WorldHistoryTests")
    private static let few = RepeatableSeed.all(10, suite: "WorldHistoryTests")
}
