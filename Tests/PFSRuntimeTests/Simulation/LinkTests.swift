// What links do to transfers: fair shares with limits, time-outs on crowded links, loss, windows,
// traffic of others.

import Testing

@testable import PFSRuntime

@Suite("Links between servers and phones")
struct LinkTests {
    private typealias Member = FairShares.Member

    private func paces(_ members: [(alone: Int64, flows: Int64)], share: Int64) -> [Int64] {
        FairShares.picosecondsPerBlock(
            members.map {
                Member(alonePicoseconds: $0.alone, sharePicoseconds: share, flows: $0.flows)
            }
        )
    }

    // MARK: Fair shares

    @Test(
        "flows without limits share equally, one that cannot use its share leaves it to the others"
    )
    func fairness() {
        #expect(paces([(1, 4)], share: 1_000) == [4_000])
        #expect(paces([(9_000, 4)], share: 1_000) == [9_000])
        #expect(paces([(1, 1), (1, 3)], share: 1_000) == [4_000, 4_000])
        // One flow uses a tenth; the other two share nine tenths.
        let shares = paces([(10_000, 1), (1, 2)], share: 1_000)
        #expect(shares[0] == 10_000)
        #expect((2_222...2_223).contains(shares[1]))
    }

    @Test("random shares are max-min fair: the link is full, or everybody is at its limit")
    func maxMin() {
        for seed in RepeatableSeed.all(100, suite: "LinkTests") {
            var stream = RandomStream(seed: seed.seed, purpose: .test, index: 1)
            let members = (0..<1 + stream.below(6)).map { _ in
                (alone: Int64(stream.below(50_000_000)) + 1, flows: Int64(stream.below(9)) + 1)
            }
            let share: Int64 = 1_000_000
            let result = paces(members, share: share)
            // The share of the link in use, in millionths.
            let used = zip(members, result).reduce(Int64(0)) {
                $0 + $1.0.flows * share * 1_000_000 / $1.1
            }
            #expect(used <= 1_000_100, "\(seed)")
            let open = zip(members, result).filter { $0.1 > max($0.0.alone, 1) }
            if !open.isEmpty {
                #expect(used >= 999_900, "\(seed)")
                #expect(Set(open.map(\.1)).count == 1, "\(seed)")
                // Nobody that is at its limit has more than those that are not.
                let equal = open[0].1
                for pair in zip(members, result) { #expect(pair.1 >= equal - 10, "\(seed)") }
            }
        }
    }

    @Test(
        "transfers from a Load Server at another branch share the way down with those from the core"
    )
    func twoServers() throws {
        let office = try Office(wan: WANLink(rateBitsPerSecond: 384_000, roundTrip: .zero))
        let world = office.world
        world.setEnterpriseSetting(LevelSetting(.off))
        try world.addSite(
            "other",
            wan: WANLink(rateBitsPerSecond: 10_000_000, roundTrip: .milliseconds(100))
        )
        var order = ServerOrder(name: "far")
        order.site = 2
        order.address = IPv4Address(bits: 0x0A05_0001)
        try world.setServer(order)
        let phones = try office.add(2)
        try world.setDeviceLoadServer(LoadServerSetting(order.address), on: [phones[0]])
        try office.push(phones)
        office.run(for: .seconds(25))
        // The far one gets a block in 100 ms and its time on the link, the other the rest of it.
        let far = world.snapshot(phones[0]).receivedBytes
        let near = world.snapshot(phones[1]).receivedBytes
        #expect(near > 5 * far)
        #expect(world.siteDetails(1).peakBitsPerSecond <= 384_100)
        office.finish()
        office.expectUpgraded()
    }

    // MARK: Time-outs

    private func crowd(
        _ count: Int,
        rate: Int64,
        bytes: Int = 20_000
    ) throws -> (office: Office, failed: Int) {
        let wan = WANLink(rateBitsPerSecond: rate, roundTrip: .zero)
        let office = try Office(wan: wan, files: [600, bytes])
        office.world.setEnterpriseSetting(LevelSetting(.off))
        let phones = try office.add(count)
        try office.push(phones)
        office.finish()
        let failed = phones.filter { phone in
            if case .failed(.timedOut, _) = office.world.snapshot(phone).outcome { return true }
            return false
        }
        return (office, failed.count)
    }

    @Test("300 transfers on 384 kbit/s get a block each 3.4 s, and nobody repeats itself")
    func inTime() throws {
        let (office, failed) = try crowd(300, rate: 384_000)
        #expect(failed == 0)
        #expect(office.world.siteDetails(1).retransmissions == 0)
    }

    @Test("1,000 transfers on 384 kbit/s get a block each 11 s, and ask for most of them twice")
    func late() throws {
        let (office, failed) = try crowd(1_000, rate: 384_000)
        #expect(failed == 0)
        // Two files of 2 and 40 blocks; the last transfers have the link more and more to themselves.
        let again = office.world.siteDetails(1).retransmissions
        #expect(again > 30_000 && again <= 42_000, "\(again)")
    }

    @Test("where a block would come after the last time-out, as many give up as find no room")
    func starving() throws {
        // 136 ms for a block: 911 transfers get theirs within 124 s.
        let (office, failed) = try crowd(1_000, rate: 32_000, bytes: 1_000)
        #expect(failed == 89)
        #expect(office.world.server(0).totals.mostAtOnce == 911)
        office.expectRest()
    }

    @Test("a round trip longer than all time-outs lets nothing through")
    func hopeless() throws {
        let wan = WANLink(rateBitsPerSecond: 384_000, roundTrip: .seconds(125))
        let office = try Office(wan: wan)
        office.world.setEnterpriseSetting(LevelSetting(.off))
        let phones = try office.add(1)
        try office.push(phones)
        office.finish()
        guard case .failed(.timedOut, let time) = office.world.snapshot(phones[0]).outcome else {
            Issue.record("\(office.world.snapshot(phones[0]).outcome)")
            return
        }
        #expect(time == .zero + .seconds(124))
    }

    // MARK: Loss, windows, other traffic

    private func time(_ wan: WANLink, window: Int64 = 1) throws -> Interval {
        let office = try Office(wan: wan)
        var parameters = office.world.parameters
        parameters.windowBlocks = window
        try office.world.setParameters(peer: office.world.peerParameters, parameters)
        office.world.setEnterpriseSetting(LevelSetting(.off))
        let phones = try office.add(1)
        try office.push(phones)
        office.finish()
        guard case .server(let end) = office.world.origin(of: 1, at: phones[0]),
            case .server(let begin) = office.world.origin(of: 0, at: phones[0])
        else { return .zero }
        return end - begin
    }

    @Test("other traffic takes its share of a link, and a window its share of the round trips")
    func shares() throws {
        let slow = Interval.milliseconds(150)
        // 1,954 blocks of 544 bytes; a second verifying, one writing before, and 1 s per megabyte.
        let fixed = Interval.seconds(3) + .microseconds(1_200)
        func near(_ time: Interval, _ expected: Interval) -> Bool {
            abs((time - fixed - expected).nanoseconds) < expected.nanoseconds / 100
        }
        let block = Interval(nanoseconds: 544 * 8 * 1_000_000_000 / 384_000)
        let free = WANLink(rateBitsPerSecond: 384_000, roundTrip: slow)
        let taken = WANLink(
            rateBitsPerSecond: 384_000,
            roundTrip: slow,
            busyPartsPerMillion: 500_000
        )
        #expect(near(try time(free), (block + slow) * 1_954))
        #expect(near(try time(taken), (block * 2 + slow) * 1_954))
        let windows = Interval(nanoseconds: slow.nanoseconds / 16)
        #expect(near(try time(free, window: 16), (block + windows) * 1_954))
    }

    @Test("a loss of 1% costs a block 4 s two times in a hundred")
    func loss() throws {
        let parameters = SimulationParameters()
        let way = NetworkWay(
            roundTrip: .zero,
            slowestPicoseconds: 0,
            lossPartsPerMillion: 10_000
        )
        let cost = parameters.blockCost(over: way)
        // 1.99 % fail once, 0.0396 % twice: 0.0199 × 4 s + 0.000396 × 8 s and a little more.
        let milliseconds = cost.alonePicoseconds / 1_000_000_000
        #expect((83...85).contains(milliseconds), "\(milliseconds) ms")
        let clean = WANLink(rateBitsPerSecond: 384_000, roundTrip: .zero)
        let lossy = WANLink(
            rateBitsPerSecond: 384_000,
            roundTrip: .zero,
            lossPartsPerMillion: 10_000
        )
        let extra = try time(lossy) - (try time(clean))
        let expected = 1_954 * 83
        #expect(abs(extra.nanoseconds / 1_000_000 - Int64(expected)) < 5_000)
    }

    @Test(
        "so much loss that six attempts fail ends transfers with a time-out, as often as it should"
    )
    func givingUp() throws {
        // Of 10,000 draws: a block fails with a chance of 1/1,000, so 40 of them with 3.92 %.
        let chance = UInt64.max / 1_000
        var failed = 0
        var stream = RandomStream(seed: 1, purpose: .test, index: 2)
        for _ in 0..<10_000 {
            let good = SimulationParameters.blocksBeforeGivingUp(of: 40, chance: chance, &stream)
            if let good {
                failed += 1
                #expect((0..<40).contains(good))
            }
        }
        #expect((330...450).contains(failed), "\(failed)")
        let wan = WANLink(
            rateBitsPerSecond: 384_000,
            roundTrip: .zero,
            lossPartsPerMillion: 700_000
        )
        let office = try Office(wan: wan)
        office.world.setEnterpriseSetting(LevelSetting(.off))
        let phones = try office.add(20)
        try office.push(phones)
        office.finish()
        for phone in phones {
            guard case .failed(.timedOut, _) = office.world.snapshot(phone).outcome else {
                Issue.record("\(office.world.snapshot(phone).outcome)")
                continue
            }
        }
        #expect(office.world.server(0).serving == 0)
        office.expectRest()
    }

    @Test("links refuse to lose everything, and to be all taken by others")
    func limits() {
        let world = World()
        func add(loss: Int64, busy: Int64) throws(WorldError) {
            try world.addSite(
                "branch",
                wan: WANLink(
                    rateBitsPerSecond: 384_000,
                    roundTrip: .zero,
                    lossPartsPerMillion: loss,
                    busyPartsPerMillion: busy
                )
            )
        }
        #expect(throws: WorldError.badLoss) { try add(loss: 1_000_000, busy: 0) }
        #expect(throws: WorldError.badLoss) { try add(loss: -1, busy: 0) }
        #expect(throws: WorldError.badBusyShare) { try add(loss: 0, busy: 1_000_000) }
        #expect(throws: Never.self) { try add(loss: 999_999, busy: 999_999) }
    }
}
