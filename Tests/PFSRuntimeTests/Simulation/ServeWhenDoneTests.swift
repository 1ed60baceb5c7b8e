// `serve-when-done`: a phone that runs a load gives its files to phones that want them, as newer guides
// have it. Off, which is the default, nothing of it happens.

import Testing

@testable import PFSRuntime

@Suite("Serving what a phone runs")
struct ServeWhenDoneTests {
    private func office(_ serves: Bool = true, seed: UInt64 = 1) throws -> Office {
        let office = try Office(
            seed: seed,
            wan: WANLink(rateBitsPerSecond: 384_000, roundTrip: .milliseconds(150))
        )
        office.world.kernel.parameters.servesWhenDone = serves
        office.world.checksInvariants = true
        return office
    }

    /// A phone that runs the load of the office from the beginning.
    private func addHolder(_ office: Office) throws -> PhoneNumber {
        var order = PhoneOrder(name: "old", model: try PhoneModel.named("7961").id)
        order.subnet = 0
        order.runs = office.load
        return try office.world.addPhone(order)
    }

    private func expectSound(_ office: Office) {
        #expect(office.world.checkInvariants() == nil)
    }

    @Test("phones that want a load get it from one that runs it, and the server sends nothing")
    func fromHolder() throws {
        let office = try office()
        let holder = try addHolder(office)
        let phones = try office.add(6)
        try office.push(phones)
        office.finish()
        office.expectUpgraded()
        expectSound(office)
        #expect(office.world.server(0).totals.transfers == 0)
        #expect(phones.contains { office.giver(of: 1, to: $0) == holder })
        for phone in phones {
            #expect(office.world.lastAlarms(of: phone).last?.alarm == .success(.peers))
        }
    }

    @Test("those that have got it serve late comers, though all was over")
    func lateComer() throws {
        let office = try office()
        let phones = try office.add(3)
        try office.push(phones)
        office.finish()
        let fetched = office.world.server(0).totals.transfers
        office.run(for: .seconds(3_600))
        let late = try office.add(1, model: "7961")
        try office.push(late)
        office.finish()
        office.expectUpgraded()
        expectSound(office)
        #expect(fetched == 2)
        #expect(office.world.server(0).totals.transfers == fetched)
    }

    @Test("without it, or without sharing, a phone that runs the load gives nothing")
    func off() throws {
        for (serves, shares) in [(false, true), (true, false)] {
            let office = try office(serves)
            let holder = try addHolder(office)
            if !shares { office.world.setDeviceSetting(LevelSetting(.off), on: [holder]) }
            office.world.restart(.reset, [holder], stagger: nil)
            office.finish()
            try office.push(try office.add(3))
            office.finish()
            office.expectUpgraded()
            expectSound(office)
            #expect(office.world.server(0).totals.transfers == 2)
        }
    }

    @Test("a phone whose setting is turned off while it serves stops, and its children go on")
    func turnedOff() throws {
        let office = try office()
        let holder = try addHolder(office)
        let phones = try office.add(2)
        try office.push(phones)
        #expect(
            office.run { !office.world.snapshot(holder).children.isEmpty || office.seconds > 60 }
        )
        office.world.setDeviceSetting(LevelSetting(.off), on: [holder])
        _ = office.world.applyConfiguration([holder])
        office.finish()
        office.expectUpgraded()
        expectSound(office)
    }

    @Test("a phone that serves takes another load when told to")
    func nextLoad() throws {
        let office = try office()
        let holder = try addHolder(office)
        let next = try Office.define(office.world, "SCCP41.9-9-10TEST", [600, 500_000])
        try office.push(try office.add(3))
        office.finish()
        try office.push(office.world.phones, next)
        office.finish()
        expectSound(office)
        for phone in office.world.phones { #expect(office.world.runningLoad(phone) == next) }
        #expect(office.world.runningLoad(holder) == next)
    }

    @Test(
        "whatever goes wrong beside it, the invariants hold",
        arguments: RepeatableSeed.all(20, suite: "ServeWhenDoneTests")
    )
    func random(_ seed: RepeatableSeed) throws {
        let office = try office(seed: seed.seed)
        _ = try addHolder(office)
        let phones = try office.add(12)
        try office.push(phones)
        var stream = RandomStream(seed: seed.seed, purpose: .test, index: 7)
        for _ in 0..<8 {
            office.run(for: .seconds(1 + Int64(stream.below(30))))
            let phone = office.world.phones[Int(stream.below(UInt64(office.world.phones.count)))]
            office.world.restart(.reset, [phone], stagger: nil)
        }
        office.finish()
        #expect(office.world.checkInvariants() == nil, "\(seed)")
        office.expectUpgraded()
    }
}
