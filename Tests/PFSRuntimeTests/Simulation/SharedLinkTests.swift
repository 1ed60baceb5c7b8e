// Links that transfers share: exact times of flows by hand, and whole upgrades against arithmetic on
// the sizes of a real load.

import Testing

@testable import PFSRuntime

@Suite("Shared links")
struct SharedLinkTests {
    /// One unit takes a flow alone 3 µs and occupies the link for 2 µs.
    private static let cost = LinkCost(alonePicoseconds: 3_000_000, sharePicoseconds: 2_000_000)

    private func at(_ microseconds: Int64) -> Instant { .zero + .microseconds(microseconds) }

    private func begin(
        _ link: inout SharedLink,
        _ receiver: Int,
        units: Int64,
        at microseconds: Int64
    ) {
        link.begin(
            units: units,
            to: PhoneNumber(receiver),
            file: FileNumber(0),
            sequence: UInt64(receiver),
            cost: Self.cost,
            now: at(microseconds)
        )
    }

    private func next(_ link: inout SharedLink) -> (receiver: UInt32, at: Instant)? {
        let due = link.dueAt
        guard due != .never, let flow = link.popFinished(now: due, cost: Self.cost) else {
            return nil
        }
        return (flow.receiver.index, due)
    }

    @Test("a flow alone is as fast as its own limit allows")
    func alone() {
        var link = SharedLink()
        begin(&link, 1, units: 100, at: 50)
        #expect(link.dueAt == at(350))
        let moved = link.unitsMoved(
            to: PhoneNumber(1),
            file: FileNumber(0),
            cost: Self.cost,
            now: at(110)
        )
        #expect(moved == 20)
        #expect(next(&link).map { $0.at } == at(350))
        #expect(link.count == 0 && link.dueAt == .never)
    }

    @Test("flows share equally, and the one that is left speeds up")
    func two() {
        var link = SharedLink()
        begin(&link, 1, units: 100, at: 0)
        // Alone 20 units in 60 µs; then a unit takes each 4 µs.
        begin(&link, 2, units: 30, at: 60)
        #expect(link.dueAt == at(60 + 30 * 4))
        #expect(next(&link).map { $0.receiver } == 2)
        // 50 units are left to it, alone again.
        #expect(link.dueAt == at(180 + 50 * 3))
        #expect(next(&link).map { $0.receiver } == 1)
    }

    @Test("flows that end together end in the order in which they began, at the same time")
    func ties() {
        var link = SharedLink()
        for receiver in 1...5 { begin(&link, receiver, units: 10, at: 0) }
        var ends: [UInt32] = []
        while let end = next(&link) {
            ends.append(end.receiver)
            #expect(end.at == at(10 * 2 * 5))
        }
        #expect(ends == [1, 2, 3, 4, 5])
    }

    @Test("a cancelled flow gives its share to the others")
    func cancel() {
        var link = SharedLink()
        for receiver in 1...3 { begin(&link, receiver, units: 100, at: 0) }
        // 10 units each at 6 µs.
        let wasThere = link.cancel(
            to: PhoneNumber(2),
            file: FileNumber(0),
            cost: Self.cost,
            now: at(60)
        )
        #expect(wasThere)
        #expect(link.dueAt == at(60 + 90 * 4))
        let isThere = link.cancel(to: PhoneNumber(2), file: nil, cost: Self.cost, now: at(60))
        #expect(!isThere)
        #expect(link.cancelAll() == [PhoneNumber(1), PhoneNumber(3)])
        #expect(link.dueAt == .never)
    }

    @Test("a change of cost acts on what is left of a flow")
    func recost() {
        var link = SharedLink()
        begin(&link, 1, units: 100, at: 0)
        let slow = LinkCost(alonePicoseconds: 30_000_000, sharePicoseconds: 2_000_000)
        link.recost(from: Self.cost, to: slow, now: at(150))
        #expect(link.dueAt == at(150 + 50 * 30))
    }

    @Test("random flows never move more than the link carries, and all of them end")
    func conservation() {
        for seed in RepeatableSeed.all(20, suite: "SharedLinkTests") {
            var stream = RandomStream(seed: seed.seed, purpose: .test, index: 0)
            var link = SharedLink()
            var begun: Int64 = 0
            var ended = 0
            var now = Int64(0)
            for receiver in 0..<40 {
                let units = Int64(stream.below(500)) + 1
                begun += units
                while link.dueAt <= at(now) { if next(&link) != nil { ended += 1 } }
                begin(&link, receiver, units: units, at: now)
                now += Int64(stream.below(700))
            }
            var last = Instant.zero
            while let end = next(&link) {
                ended += 1
                #expect(end.at >= last, "\(seed)")
                last = end.at
            }
            #expect(ended == 40, "\(seed)")
            // The link was busy for at least two microseconds a unit.
            #expect(last - Instant.zero >= .microseconds(2 * begun), "\(seed)")
        }
    }

    // MARK: Whole upgrades against arithmetic

    /// The time from the first phone's start to the last file held by all, in milliseconds.
    private func upgrade(
        count: Int,
        shares: Bool,
        roundTrip: Interval,
        headers: Int64
    ) throws -> Int64 {
        let world = World()
        let wan = WANLink(rateBitsPerSecond: 384_000, roundTrip: roundTrip)
        try world.addSite("branch", wan: wan)
        try world.addSubnet("voice", #require(IPv4Network("10.4.0.0/16")), site: 1)
        var parameters = world.parameters
        parameters.receiveBytesPerSecond = 0
        parameters.verify = .zero
        parameters.verifyPerMegabyte = .zero
        parameters.write = .zero
        parameters.writePerMegabyte = .zero
        parameters.startSpread = .zero
        parameters.blockHeaderBytes = headers
        try world.setParameters(peer: world.peerParameters, parameters)
        let order = PhoneOrder(name: "P", model: try PhoneModel.named("CP-7961G").id)
        let phones = try world.addPhones(count: count, prefix: "P", order)
        world.setEnterpriseSetting(LevelSetting(shares ? .on : .off))
        try world.setLoad(world.catalog.find("SCCP41.9-4-2SR1-1S").id, on: phones)
        world.restart(.reset, phones)
        #expect(world.runUntilIdle(budget: .max) == .idle)
        var last = Instant.zero
        for phone in phones {
            if case .server(let time) = world.origin(of: 5, at: phone) { last = max(last, time) }
        }
        #expect(last > .zero)
        return (last - Instant.zero).nanoseconds / 1_000_000
    }

    private func expectNear(_ actual: Int64, _ expected: Int64) {
        #expect(abs(actual - expected) * 100 <= expected, "\(actual) ms, not \(expected)")
    }

    @Test("one copy of the load of a 7961 takes 169.2 s at 384 kbit/s")
    func oneCopy() throws {
        expectNear(try upgrade(count: 1, shares: false, roundTrip: .zero, headers: 0), 169_239)
    }

    @Test("1,000 phones that fetch the load one by one take 47 h at 384 kbit/s")
    func thousandCopies() throws {
        let time = try upgrade(count: 1_000, shares: false, roundTrip: .zero, headers: 0)
        expectNear(time, 169_238_750)
        #expect(time / 3_600_000 == 47)
    }

    @Test(
        "stop-and-wait makes one copy take 339 s at 10 ms and 2560 s at 150 ms of round trip",
        arguments: [(10, 339_000), (150, 2_560_000)] as [(Int64, Int64)]
    )
    func roundTrips(_ milliseconds: Int64, _ expected: Int64) throws {
        let time = try upgrade(
            count: 1,
            shares: false,
            roundTrip: .milliseconds(milliseconds),
            headers: 32
        )
        expectNear(time, expected)
    }

    @Test("sharing costs a lone phone 70.5 s more than fetching alone")
    func loneSharer() throws {
        let alone = try upgrade(count: 1, shares: false, roundTrip: .zero, headers: 0)
        let sharing = try upgrade(count: 1, shares: true, roundTrip: .zero, headers: 0)
        expectNear(sharing - alone, 70_500 + 26)
    }
}
