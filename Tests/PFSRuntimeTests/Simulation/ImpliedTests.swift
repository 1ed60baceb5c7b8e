// What is left out because it changes nothing must indeed change nothing: each world here is run twice,
// with every Hold and every broadcast as an event, and without those that mean nothing.

import Testing

@testable import PFSRuntime

@Suite("Keeping in touch without events")
struct ImpliedTests {
    private func run(
        _ seed: UInt64,
        isCalm: Bool,
        implies: Bool,
        _ detail: World.LogDetail
    ) throws -> (trail: RunTrail, events: UInt64) {
        var plan = try RandomWorld(seed: seed, isCalm: isCalm)
        let world = plan.office.world
        world.kernel.impliesKeepingInTouch = implies
        world.logDetail = detail
        for mishap in plan.mishaps {
            _ = world.run(until: .zero + mishap.after)
            plan.carryOut(mishap)
        }
        if plan.mishaps.contains(where: { $0.kind == .cut }) {
            plan.office.run(for: .seconds(15))
            world.setSegment(0, of: world.phones)
        }
        let limit = world.now + .seconds(14_400)
        _ = world.run(until: limit)
        return (RunTrail(plan.office), world.eventCount)
    }

    private func compare(_ seed: RepeatableSeed, isCalm: Bool) throws {
        let detail: World.LogDetail = seed.seed % 2 == 0 ? .console : .trace
        let plain = try run(seed.seed, isCalm: isCalm, implies: false, detail)
        let implied = try run(seed.seed, isCalm: isCalm, implies: true, detail)
        let comment = Comment(rawValue: "\(seed)")
        implied.trail.expectSame(as: plain.trail, comment)
        #expect(implied.events <= plain.events, comment)
    }

    @Test("worlds in which nothing goes wrong are the same without implied events", arguments: calm)
    private func calmWorlds(_ seed: RepeatableSeed) throws { try compare(seed, isCalm: true) }

    @Test("worlds in which much goes wrong are the same without implied events", arguments: rough)
    private func roughWorlds(_ seed: RepeatableSeed) throws { try compare(seed, isCalm: false) }

    private static let calm = RepeatableSeed.all(30, suite: "ImpliedTests")
    private static let rough = RepeatableSeed.all(150, suite: "ImpliedTests")

    @Test("a branch in which nothing goes wrong needs a third of the events, or fewer")
    func fewerEvents() throws {
        let counts = try [false, true].map { implies in
            let wan = WANLink(rateBitsPerSecond: 384_000, roundTrip: .milliseconds(150))
            let office = try Office(seed: 3, wan: wan, files: [600, 1_000_000])
            office.world.kernel.impliesKeepingInTouch = implies
            office.world.logDetail = .console
            try office.push(try office.add(40))
            office.finish()
            office.expectUpgraded()
            return office.world.eventCount
        }
        #expect(counts[1] * 3 < counts[0])
    }
}
