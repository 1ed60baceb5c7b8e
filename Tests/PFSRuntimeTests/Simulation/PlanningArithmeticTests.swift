// The figures with which one plans, against arithmetic: 1,000 phones over 384 kbit/s, one copy, and what a
// round trip adds. And what an order runs into: calls, and firmware that is too old.

import Testing

@testable import PFSRuntime

@Suite("Figures to plan with")
struct PlanningArithmeticTests {
    /// When the last phone has its last file, where nothing takes time but the link.
    private func time(
        _ count: Int,
        headers: Int64,
        roundTrip: Interval = .zero
    ) throws -> Interval {
        let world = World()
        try world.addSite(
            "branch",
            wan: WANLink(rateBitsPerSecond: 384_000, roundTrip: roundTrip)
        )
        try world.addSubnet("voice", #require(IPv4Network("10.4.0.0/16")), site: 1)
        var parameters = world.parameters
        parameters.receiveBytesPerSecond = 0
        parameters.verify = .zero
        parameters.verifyPerMegabyte = .zero
        parameters.write = .zero
        parameters.writePerMegabyte = .zero
        parameters.reboot = .zero
        parameters.registration = .zero
        parameters.startSpread = .zero
        parameters.blockHeaderBytes = headers
        try world.setParameters(peer: world.peerParameters, parameters)
        world.logDetail = .off
        world.setEnterpriseSetting(LevelSetting(.off))
        let model = try PhoneModel.named("7961").id
        let phones = try world.addPhones(
            count: count,
            prefix: "P",
            PhoneOrder(name: "", model: model)
        )
        let load = try world.catalog.find("SCCP41.9-4-2SR1-1S").id
        try world.setLoad(load, on: phones)
        world.restart(.reset, phones)
        _ = world.runUntilIdle(budget: .max)
        #expect(phones.allSatisfy { world.runningLoad($0) == load })
        let ends = phones.compactMap { phone -> Instant? in
            if case .succeeded(let time) = world.snapshot(phone).outcome { time } else { nil }
        }
        return try #require(ends.max()) - .zero
    }

    private func expect(_ time: Interval, seconds: Int64) {
        let apart = abs(time.nanoseconds - seconds * 1_000_000_000)
        #expect(apart <= seconds * 10_000_000, "\(time.nanoseconds / 1_000_000) ms")
    }

    @Test("one copy of a 7961's load takes 169 s at 384 kbit/s, 1,000 phones take 47 h")
    func copies() throws {
        expect(try time(1, headers: 0), seconds: 169)
        expect(try time(1_000, headers: 0), seconds: 47 * 3_600)
    }

    @Test("with headers it takes 339 s at a round trip of 10 ms, 2,560 s at 150 ms")
    func roundTrips() throws {
        expect(try time(1, headers: 32, roundTrip: .milliseconds(10)), seconds: 339)
        expect(try time(1, headers: 32, roundTrip: .milliseconds(150)), seconds: 2_560)
    }

    @Test("a phone in a call restarts when it is over, the others at once")
    func calls() throws {
        let office = try Office()
        let phones = try office.add(3)
        try office.world.beginCalls([phones[1]], lasting: .seconds(900))
        #expect(office.world.callEnd(of: phones[1]) == Instant.zero + Interval.seconds(900))
        try office.push(phones)
        office.run(for: .seconds(890))
        #expect(office.world.runningLoad(phones[0]) == office.load)
        #expect(office.world.runningLoad(phones[1]) != office.load)
        #expect(!office.world.isIdle)
        office.finish()
        office.expectUpgraded()
        #expect(office.world.callEnd(of: phones[1]) == nil)
    }

    @Test("below 8.3(3) a 79xx takes 9.x only through 8.5(2)")
    func step() throws {
        let office = try Office()
        let world = office.world
        world.setEnterpriseSetting(LevelSetting(.off))
        func define(_ name: String, _ version: FirmwareVersion) throws -> LoadID {
            try world.defineLoad(
                name,
                version: version,
                files: [("\(name).loads", 600), ("\(name).sbn", 50_000)]
            )
        }
        let old = try define("SCCP41.8-3-2TEST", FirmwareVersion(8, 3, 2))
        let middle = try define("SCCP41.8-5-2TEST", FirmwareVersion(8, 5, 2))
        let new = try define("SCCP41.9-4-2TEST", FirmwareVersion(9, 4, 2))
        var order = PhoneOrder(name: "old", model: try PhoneModel.named("7961").id)
        order.runs = old
        let phone = try world.addPhone(order)
        try office.push([phone], new)
        #expect(world.missingStep(of: phone)?.screenText == "Auth Fail")
        office.finish()
        #expect(world.runningLoad(phone) == old)
        guard case .failed(.notIntact, _) = world.snapshot(phone).outcome else {
            Issue.record("\(world.snapshot(phone).outcome)")
            return
        }
        for load in [middle, new] {
            try office.push([phone], load)
            #expect(world.missingStep(of: phone) == nil)
            office.finish()
            #expect(world.runningLoad(phone) == load)
        }
    }

    @Test("who forwards only what is written keeps its children waiting for that")
    func forwarding() throws {
        func last(_ forwardsWhenWritten: Bool) throws -> Int64 {
            let office = try Office(files: [600, 2_000_000])
            var parameters = office.world.parameters
            parameters.forwardsWhenWritten = forwardsWhenWritten
            try office.world.setParameters(peer: office.world.peerParameters, parameters)
            let phones = try office.add(15)
            try office.push(phones)
            office.finish()
            office.expectUpgraded()
            // When the last phone runs the load; the clock itself goes on to a round time.
            return phones.map { phone in
                guard case .succeeded(let time) = office.world.outcome(of: phone) else { return 0 }
                return time.nanoseconds
            }.max() ?? 0
        }
        let (later, sooner) = (try last(true), try last(false))
        #expect(later > sooner + 3_000_000_000, "\(later - sooner) ns")
    }
}
