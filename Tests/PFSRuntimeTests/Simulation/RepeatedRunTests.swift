// What docs/determinism.md promises: the same orders run the same again, and looking at a run, in
// whatever way, changes nothing in it.

import PFSRuntime
import Testing

struct RepeatedRunTests {
    /// What a run leaves behind.
    private struct Trail: Equatable {
        var fingerprint: UInt64
        var now: Instant
        var events: UInt64
        var lines: [String]
    }

    /// Nine phones of two models behind a WAN, about to be reset.
    private func world(
        seed: UInt64 = 7,
        extraPhones: Int = 0
    ) throws -> (world: World, phones: [PhoneNumber]) {
        let world = World(seed: seed)
        let wan = WANLink(rateBitsPerSecond: 1_544_000, roundTrip: .milliseconds(40))
        try world.addSite("branch", wan: wan)
        try world.addSubnet("lab", #require(IPv4Network("10.4.0.0/24")), site: 1)
        let first = PhoneOrder(name: "A", model: try PhoneModel.named("CP-7961G").id)
        let second = PhoneOrder(name: "B", model: try PhoneModel.named("CP-7941G").id)
        var phones = try world.addPhones(count: 5, prefix: "A", first)
        phones += try world.addPhones(count: 4 + extraPhones, prefix: "B", second)
        world.setEnterpriseSetting(LevelSetting(.on))
        try world.setLoad(try world.catalog.find("SCCP41.9-4-2SR1-1S").id, on: phones)
        return (world, phones)
    }

    private func trail(_ world: World) -> Trail {
        Trail(
            fingerprint: world.fingerprint,
            now: world.now,
            events: world.eventCount,
            lines: (0..<world.logCount).map { world.consoleLine(world.logRecord($0)) }
        )
    }

    private func upgrade(seed: UInt64 = 7, budget: Int = .max) throws -> Trail {
        let (world, phones) = try world(seed: seed)
        world.restart(.reset, phones)
        while world.runUntilIdle(budget: budget) != .idle {}
        #expect(phones.allSatisfy { world.state($0) == .idle })
        return trail(world)
    }

    @Test("the same world runs the same again, line by line")
    func again() throws {
        let first = try upgrade()
        #expect(first.lines.count > 500)
        #expect(try upgrade() == first)
    }

    @Test("a run in pieces is the run in one", arguments: [1, 7, 1_000])
    func pieces(_ budget: Int) throws {
        #expect(try upgrade(budget: budget) == upgrade())
    }

    @Test("another seed runs otherwise")
    func otherSeed() throws {
        #expect(try upgrade(seed: 8).fingerprint != upgrade().fingerprint)
    }

    @Test("what the log keeps changes no event and no time")
    func logDetail() throws {
        var trails: [Trail] = []
        for detail in [World.LogDetail.off, .console, .trace] {
            let (world, phones) = try world()
            world.logDetail = detail
            world.isTracing = detail == .trace
            // A phone that is called off still prints what it has begun to print.
            world.restart(.reset, [phones[0]])
            _ = world.run(until: .zero)
            #expect(world.cancel([phones[0]]) == [phones[0]])
            _ = world.runUntilIdle(budget: .max)
            #expect(world.now > .zero)
            world.restart(.reset, phones)
            _ = world.runUntilIdle(budget: .max)
            var trail = trail(world)
            trail.lines = []
            trails.append(trail)
        }
        #expect(trails[0] == trails[1])
        #expect(trails[2] == trails[1])
    }

    @Test("a phone more at the end leaves every line of the others as it was")
    func onePhoneMore() throws {
        let (world, phones) = try world()
        let (larger, all) = try self.world(extraPhones: 1)
        #expect(all.count == phones.count + 1)
        larger.isTracing = true
        for world in [world, larger] {
            world.restart(.reset, phones)
            _ = world.runUntilIdle(budget: .max)
        }
        #expect(trail(larger).lines == trail(world).lines)
        let heard = (0..<larger.traceCount).contains { larger.traceRecord($0).phone == all.last }
        #expect(heard, "the new phone heard nothing")
        #expect(larger.eventCount == world.eventCount, "what passes a phone is no event")
    }
}
