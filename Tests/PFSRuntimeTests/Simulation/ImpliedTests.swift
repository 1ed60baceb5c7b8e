// What is left out because it changes nothing must indeed change nothing: each world here is run twice,
// with every Hold and every broadcast as an event, and without those that mean nothing.

import Testing

@testable import PFSRuntime

@Suite("Keeping in touch without events")
struct ImpliedTests {
    /// What a run leaves behind, but for the number of events.
    private struct Trail: Equatable {
        var fingerprint: UInt64
        var now: Instant
        var counts: FetchCounts
        var peerBytes: Int64
        var origins: [String]
        var outcomes: [String]
        var lines: [String]
    }

    private func trail(_ office: Office) -> Trail {
        let world = office.world
        var origins: [String] = []
        var outcomes: [String] = []
        for phone in world.identities.indices.map({ PhoneNumber($0) }) {
            outcomes.append("\(world.name(of: phone)) \(world.snapshot(phone).outcome)")
            for file in 0..<3 { origins.append("\(world.origin(of: file, at: phone))") }
        }
        return Trail(
            fingerprint: world.fingerprint,
            now: world.now,
            counts: world.fetchCounts,
            peerBytes: world.peerBytes,
            origins: origins,
            outcomes: outcomes,
            lines: office.log
                .map { ($0.time, $0.phone, "\(world.name(of: $0.phone)) \(world.consoleLine($0))") }
                .sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }
                .map { "\($0.0.nanoseconds) \($0.2)" }
        )
    }

    private func run(
        _ seed: UInt64,
        isCalm: Bool,
        implies: Bool,
        _ detail: World.LogDetail
    ) throws -> (trail: Trail, events: UInt64) {
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
        return (trail(plan.office), world.eventCount)
    }

    private func compare(_ seed: RepeatableSeed, isCalm: Bool) throws {
        let detail: World.LogDetail = seed.seed % 2 == 0 ? .console : .trace
        let plain = try run(seed.seed, isCalm: isCalm, implies: false, detail)
        let implied = try run(seed.seed, isCalm: isCalm, implies: true, detail)
        let (expected, found) = (plain.trail, implied.trail)
        let comment = Comment(rawValue: "\(seed)")
        let firstDifference = zip(expected.lines, found.lines).first { $0 != $1 }
        #expect(firstDifference == nil, comment)
        #expect(expected.lines.count == found.lines.count, comment)
        #expect(expected.origins == found.origins, comment)
        #expect(expected.outcomes == found.outcomes, comment)
        #expect(expected.counts == found.counts, comment)
        #expect(expected.peerBytes == found.peerBytes, comment)
        #expect(expected.now == found.now, comment)
        #expect(expected.fingerprint == found.fingerprint, comment)
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
