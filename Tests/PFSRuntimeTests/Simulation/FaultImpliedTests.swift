// Worlds in which things are broken on purpose: the same with every message as an event as without those
// that mean nothing, and over in the end, with every phone upgraded or with a reason.

import Testing

@testable import PFSRuntime

@Suite("Faults and what is left out")
struct FaultImpliedTests {
    private func run(_ seed: UInt64, implies: Bool) throws -> Office {
        let plan = try RandomWorld(seed: seed, isCalm: true)
        let world = plan.office.world
        world.kernel.impliesKeepingInTouch = implies
        world.logDetail = seed % 2 == 0 ? .console : .trace
        let span = Interval.seconds(60)
        for timed in RandomFaults.make(seed: seed, in: world, span: span) {
            _ = world.run(until: .zero + timed.after)
            try world.inject(timed.order)
        }
        _ = world.run(until: world.now + .seconds(14_400))
        return plan.office
    }

    @Test("worlds with faults are the same without implied events", arguments: seeds)
    private func same(_ seed: RepeatableSeed) throws {
        let plain = try run(seed.seed, implies: false)
        let implied = try run(seed.seed, implies: true)
        RunTrail(implied).expectSame(as: RunTrail(plain), "\(seed)")
    }

    @Test("when all faults are over, every phone ends with its load or a reason", arguments: seeds)
    private func converges(_ seed: RepeatableSeed) throws {
        let office = try run(seed.seed, implies: true)
        let world = office.world
        #expect(world.faults.isEmpty, "\(seed)")
        for phone in world.phones {
            switch world.outcome(of: phone) {
            case .succeeded, .failed: break
            case .none:
                let peer = world.peer(phone)
                let state = "\(world.state(phone)) \(world.snapshot(phone).source)"
                let parent = peer.branches[min(peer.current, 7)].parent.address
                Issue.record("\(seed) \(world.name(of: phone)) \(state) below \(parent)")
            }
        }
        #expect(world.isIdle, "\(seed)")
        #expect(world.transferCount == 0, "\(seed)")
    }

    private static let seeds = RepeatableSeed.all(120, suite: "FaultImpliedTests")
}
