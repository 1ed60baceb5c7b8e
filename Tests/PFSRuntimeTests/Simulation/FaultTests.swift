// Faults one by one: what each does to phones that upgrade, how it ends, and what is counted.

import Testing

@testable import PFSRuntime

@Suite("Faults")
struct FaultTests {
    private func office(_ phones: Int, seed: UInt64 = 1) throws -> Office {
        let wan = WANLink(rateBitsPerSecond: 2_000_000, roundTrip: .milliseconds(20))
        let office = try Office(seed: seed, wan: wan)
        try office.push(try office.add(phones))
        return office
    }

    private func first(_ count: Int) -> FaultPlace {
        .phones(PhoneSet((0..<count).map { PhoneNumber($0) }))
    }

    @Test("where broadcasts are blocked every phone fetches for itself")
    func blockedBroadcasts() throws {
        let office = try office(5)
        let fault = try office.world.inject(FaultOrder(.block(.udp)))
        office.finish()
        office.expectUpgraded()
        #expect(office.world.peerBytes == 0)
        #expect(office.world.fetchCounts.total == 10)
        #expect(office.world.fault(fault.number).map { $0.hits > 0 } == true)
    }

    @Test("where links are blocked phones try three times and fall back")
    func blockedLinks() throws {
        let office = try office(4)
        try office.world.inject(FaultOrder(.block(.tcp)))
        office.finish()
        office.expectUpgraded()
        #expect(office.world.peerBytes == 0)
        #expect(office.count { if case .fallsBack(tries: 3) = $0 { true } else { false } } == 6)
    }

    @Test("a phone that is isolated fetches alone, the others share")
    func isolated() throws {
        let office = try office(6)
        try office.world.inject(FaultOrder(.isolate, FaultScope(place: first(1))))
        office.finish()
        office.expectUpgraded()
        #expect(office.world.sharedFiles(PhoneNumber(0)).fromPeers == 0)
        #expect(office.world.fetchCounts.total == 4)
    }

    @Test("Holds that never arrive break the link after six seconds")
    func lostHolds() throws {
        let office = try office(3)
        _ = office.run { office.world.phones.contains { office.world.state($0) == .waiting } }
        let begun = office.world.now
        try office.world.inject(
            FaultOrder(.drop, FaultScope(message: .hold), for: .seconds(20))
        )
        office.finish()
        office.expectUpgraded()
        let lost = office.lines {
            switch $0 {
            case .parentLost, .childLost: true
            default: false
            }
        }
        #expect(lost.contains { $0.time >= begun + .seconds(4) && $0.time <= begun + .seconds(9) })
    }

    @Test("what TCP loses once arrives a second later, and nothing overtakes it")
    func retransmission() throws {
        let office = try office(2)
        try office.world.inject(FaultOrder(.drop, FaultScope(message: .accept, nth: 1)))
        office.finish()
        office.expectUpgraded()
        let asked = try #require(
            office.lines { if case .asksToJoin = $0 { true } else { false } }.first
        )
        let taken = try #require(
            office.lines { if case .accepted = $0 { true } else { false } }.first
        )
        #expect(taken.time > asked.time + .seconds(1))
        #expect(taken.time < asked.time + .milliseconds(1_010))
        #expect(office.world.faults.first?.hits == 1)
    }

    @Test("only the nth broadcast is lost, at everybody")
    func nthBroadcast() throws {
        let office = try office(4)
        try office.world.inject(FaultOrder(.drop, FaultScope(message: .confirmed, nth: 1)))
        office.finish()
        office.expectUpgraded()
        #expect(office.world.faults.first?.hits == 3)
    }

    @Test("a phone without power comes back with its time and is upgraded")
    func crash() throws {
        let office = try office(4)
        let root = try #require(office.firstPhone(in: .rooted))
        try office.world.inject(
            FaultOrder(
                .crash(keepsFlash: false),
                FaultScope(place: .phones(PhoneSet([root]))),
                for: .seconds(120)
            )
        )
        #expect(office.world.state(root) == .unpowered)
        office.run(for: .seconds(100))
        #expect(office.world.state(root) == .unpowered)
        #expect(!office.world.isIdle)
        office.finish()
        office.expectUpgraded()
    }

    @Test("a phone without power cannot be reset, and reads its configuration when it comes back")
    func resetWithoutPower() throws {
        let office = try Office()
        let phones = try office.add(1)
        let fault = try office.world.inject(
            FaultOrder(.crash(keepsFlash: false), FaultScope(place: first(1)))
        )
        try office.push(phones)
        office.run(for: .seconds(60))
        #expect(office.world.state(phones[0]) == .unpowered)
        #expect(office.world.isIdle)
        office.world.heal(fault.number)
        office.finish()
        office.expectUpgraded()
    }

    @Test("a phone that hangs for three seconds keeps its links, one that hangs longer loses them")
    func freeze() throws {
        for (length, isLost) in [(3, false), (20, true)] {
            let office = try office(3)
            let child = try #require(office.firstPhone(in: .waiting))
            office.run(for: .seconds(1))
            try office.world.inject(
                FaultOrder(
                    .freeze,
                    FaultScope(place: .phones(PhoneSet([child]))),
                    for: .seconds(Int64(length))
                )
            )
            #expect(office.world.state(child) == .frozen)
            office.finish()
            office.expectUpgraded()
            let lost = office.count { if case .childLost = $0 { true } else { false } }
            #expect((lost > 0) == isLost, "\(length) s")
        }
    }

    @Test("a hanging parent sends nothing, and goes on where it was")
    func frozenParent() throws {
        let times = try [false, true].map { hangs in
            let office = try office(2)
            let child = try #require(office.firstPhone(in: .receiving))
            _ = office.run {
                office.world.state(child) == .receiving
                    && office.world.snapshot(child).fileIndex == 1
            }
            let parent = PhoneNumber(1 - Int(child.index))
            office.run(for: .milliseconds(500))
            if hangs {
                try office.world.inject(
                    FaultOrder(
                        .freeze,
                        FaultScope(place: .phones(PhoneSet([parent]))),
                        for: .seconds(2)
                    )
                )
            }
            office.finish()
            office.expectUpgraded()
            #expect(office.giver(of: 1, to: child) == parent)
            guard case .phone(_, let time) = office.world.origin(of: 1, at: child)
            else { return Instant.zero }
            return time
        }
        let late = times[1] - times[0]
        #expect(late >= .seconds(2) && late < .milliseconds(3_100), "\(late)")
    }

    @Test("a server that is down for a while is asked again")
    func serverDown() throws {
        let office = try office(3)
        _ = office.firstPhone(in: .fetching)
        try office.world.inject(
            FaultOrder(.serverDown, FaultScope(place: .server(0)), for: .seconds(60))
        )
        office.finish()
        office.expectUpgraded()
        #expect(office.count { if case .resigned = $0 { true } else { false } } >= 1)
    }

    @Test("two faults on the same phone both have to be healed")
    func addUp() throws {
        let office = try office(2)
        let scope = FaultScope(place: first(1))
        let one = try office.world.inject(FaultOrder(.crash(keepsFlash: false), scope))
        let other = try office.world.inject(FaultOrder(.crash(keepsFlash: false), scope))
        office.world.heal(one.number)
        office.run(for: .seconds(1))
        #expect(office.world.state(PhoneNumber(0)) == .unpowered)
        office.world.heal(other.number)
        office.finish()
        office.expectUpgraded()
    }

    @Test("delays of two faults add up")
    func delaysAddUp() throws {
        let office = try office(2)
        let scope = FaultScope(message: .accept)
        try office.world.inject(FaultOrder(.delay(.milliseconds(400)), scope))
        try office.world.inject(FaultOrder(.delay(.milliseconds(300)), scope))
        office.finish()
        let asked = try #require(
            office.lines { if case .asksToJoin = $0 { true } else { false } }.first
        )
        let taken = try #require(
            office.lines { if case .accepted = $0 { true } else { false } }.first
        )
        let length = taken.time - asked.time
        #expect(length >= .milliseconds(700) && length < .milliseconds(701))
    }

    @Test("faults are lines of the log, and hits are remembered with what they hit")
    func logged() throws {
        let office = try office(2)
        try office.world.inject(
            FaultOrder(.drop, FaultScope(message: .claim), for: .seconds(2))
        )
        office.finish()
        let texts = office.log.filter { $0.phone == .world }.map { office.world.text($0) }
        #expect(texts.first == "1 on: fault drop message claim for 2s")
        #expect(texts.last == "1 off: fault drop message claim for 2s")
        let hits = office.world.faultHits
        #expect(!hits.isEmpty && hits.allSatisfy { $0.fault == 1 && $0.message == .claim })
    }

    @Test("a copy of a world has its own faults")
    func copies() throws {
        let office = try office(3)
        try office.world.inject(FaultOrder(.drop, FaultScope(chancePartsPerMillion: 300_000)))
        office.run(for: .seconds(3))
        let copy = office.world.copy()
        copy.healAll()
        #expect(copy.faults.isEmpty && office.world.faults.count == 1)
        let again = office.world.copy()
        _ = again.run(until: .zero + .seconds(4_000))
        _ = office.world.run(until: .zero + .seconds(4_000))
        #expect(again.fingerprint == office.world.fingerprint)
    }

    @Test("one phone more leaves the draws of faults at the others alone")
    func independentDraws() throws {
        let hits = try [4, 5].map { count in
            let office = try Office()
            try office.push(try office.add(count), stagger: .milliseconds(200))
            try office.world.inject(
                FaultOrder(.drop, FaultScope(message: .claim, chancePartsPerMillion: 400_000))
            )
            // The fifth phone starts after 800 ms, listens, and claims after 1.3 s.
            _ = office.world.run(until: .zero + .milliseconds(1_300))
            return office.world.faultHits
                .filter { $0.phone.index < 4 }
                .map { "\($0.phone.index) \($0.other?.index ?? 9) \($0.time)" }
        }
        #expect(hits[0].count > 5)
        #expect(hits[0] == hits[1])
    }
}
