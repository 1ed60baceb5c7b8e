// Hostile peers: whatever one says or sends, the others end with the load, and nobody stores what is not it.

import Testing

@testable import PFSRuntime

@Suite("Hostile peers")
struct FaultHostileTests {
    /// Phones that upgrade, and one more that does not and is hostile.
    private func office(_ phones: Int, _ fault: Fault) throws -> Office {
        let office = try Office(files: [600, 400_000])
        let upgraded = try office.add(phones)
        let hostile = try office.add(1)
        office.world.checksInvariants = true
        try office.world.inject(FaultOrder(fault, FaultScope(place: .phones(PhoneSet(hostile)))))
        try office.push(upgraded)
        return office
    }

    @Test("forged claims are believed for a while, then phones fall back")
    func forgedClaims() throws {
        let office = try office(4, .forgedClaims)
        office.run(for: .seconds(5))
        #expect(office.world.phones.dropLast().allSatisfy { office.world.state($0) == .seeking })
        office.finish()
        office.expectUpgraded()
        #expect(office.world.fetchCounts.fallbacks >= 2)
        // Three times 5 s and the patience, and a second of listening between, for each file.
        let end = try #require(office.lines { $0 == .runs }.last).time - Instant.zero
        #expect(end > .seconds(36) && end < .seconds(250), "\(end)")
        #expect(office.world.checkInvariants() == nil)
    }

    @Test("offers that nobody keeps cost three tries")
    func endlessOffers() throws {
        let office = try office(4, .endlessOffers)
        office.finish()
        office.expectUpgraded()
        #expect(office.count { if case .fallsBack(tries: 3) = $0 { true } else { false } } >= 4)
        #expect(office.world.checkInvariants() == nil)
    }

    @Test("other bytes from a parent are stored by nobody")
    func wrongBytes() throws {
        let office = try Office(files: [600, 400_000])
        try office.push(try office.add(5))
        office.world.checksInvariants = true
        let root = try #require(office.firstPhone(in: .rooted))
        let fault = try office.world.inject(
            FaultOrder(.wrongBytes, FaultScope(place: .phones(PhoneSet([root]))))
        )
        office.finish()
        office.expectUpgraded()
        let hits = try #require(office.world.fault(fault.number)).hits
        #expect(hits > 0)
        #expect(office.count { $0 == .fileRejected } == Int(hits))
        for phone in office.world.phones where phone != root {
            for file in 0..<2 { #expect(office.giver(of: file, to: phone) != root) }
        }
        #expect(office.world.checkInvariants() == nil)
    }

    @Test(
        "a transfer that stands still is given up after 30 s, and goes on where the fault ends before",
        arguments: [(nil, 30), (10, 10)] as [(Int64?, Int64)]
    )
    func stalled(_ length: Int64?, _ late: Int64) throws {
        let office = try Office(files: [600, 400_000], lanRateBitsPerSecond: 1_000_000)
        try office.push(try office.add(2))
        office.world.checksInvariants = true
        let child = try #require(office.firstPhone(in: .receiving))
        _ = office.run {
            office.world.state(child) == .receiving && office.world.snapshot(child).fileIndex == 1
        }
        let parent = PhoneNumber(1 - Int(child.index))
        let begun = office.world.now
        try office.world.inject(
            FaultOrder(
                .stalledTransfer,
                FaultScope(place: .phones(PhoneSet([parent]))),
                for: length.map { .seconds($0) }
            )
        )
        office.run(for: .seconds(late) - .milliseconds(1))
        #expect(office.world.state(child) == .receiving)
        office.finish()
        office.expectUpgraded()
        let lost = office.lines { if case .parentLost = $0 { true } else { false } }
        if length == nil {
            #expect(lost.first?.time == begun + .seconds(30))
            #expect(office.giver(of: 1, to: child) == nil)
        } else {
            #expect(lost.isEmpty)
            #expect(office.giver(of: 1, to: child) == parent)
        }
        #expect(office.world.checkInvariants() == nil)
    }

    @Test("a phone that hangs and stalls sends again only when both are over")
    func frozenAndStalled() throws {
        let office = try Office(files: [600, 400_000], lanRateBitsPerSecond: 1_000_000)
        try office.push(try office.add(2))
        let child = try #require(office.firstPhone(in: .receiving))
        _ = office.run {
            office.world.state(child) == .receiving && office.world.snapshot(child).fileIndex == 1
        }
        let parent = FaultScope(
            place: .phones(PhoneSet([PhoneNumber(1 - Int(child.index))]))
        )
        try office.world.inject(FaultOrder(.stalledTransfer, parent, for: .seconds(10)))
        try office.world.inject(FaultOrder(.freeze, parent, for: .seconds(2)))
        office.run(for: .seconds(1))
        let before = office.world.snapshot(child).receivedBytes
        office.run(for: .seconds(8))
        #expect(office.world.snapshot(child).receivedBytes == before)
        office.finish()
        office.expectUpgraded()
    }
}
