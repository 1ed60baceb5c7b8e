// Faults of what is on its way: twice, out of order, damaged, to another device, or nowhere.

import Testing

@testable import PFSRuntime

@Suite("Faults of messages")
struct FaultMessageTests {
    private func office(_ phones: Int, seed: UInt64 = 1) throws -> Office {
        let wan = WANLink(rateBitsPerSecond: 2_000_000, roundTrip: .milliseconds(20))
        let office = try Office(seed: seed, wan: wan)
        office.world.isTracing = true
        try office.push(try office.add(phones))
        return office
    }

    private func only(_ phone: PhoneNumber) -> FaultPlace { .phones(PhoneSet([phone])) }

    /// When phones heard broadcasts that a test asks for.
    private func heard(
        _ office: Office,
        by phone: PhoneNumber,
        _ isAskedFor: (PeerMessage) -> Bool
    ) -> [Instant] {
        (0..<office.world.traceCount).compactMap { index in
            let record = office.world.traceRecord(index)
            guard record.phone == phone, case .heard(let message, _, from: _) = record.input
            else { return nil }
            return isAskedFor(message) ? record.time : nil
        }
    }

    @Test("a broadcast that is duplicated is heard again a millisecond later")
    func duplicate() throws {
        let office = try office(2)
        try office.world.inject(
            FaultOrder(.duplicate, FaultScope(message: .confirmed, nth: 1))
        )
        let root = try #require(office.firstPhone(in: .rooted))
        office.run(for: .milliseconds(100))
        let child = PhoneNumber(1 - Int(root.index))
        let times = heard(office, by: child) { if case .confirmed = $0 { true } else { false } }
        #expect(times.count == 2)
        #expect(times[1] - times[0] == .milliseconds(1))
        #expect(office.world.faults.first?.hits == 1)
        office.finish()
        office.expectUpgraded()
    }

    @Test("a broadcast that is reordered is heard behind the next one, or after a second")
    func reorder() throws {
        let office = try office(2)
        try office.world.inject(FaultOrder(.reorder, FaultScope(message: .claim)))
        _ = office.firstPhone(in: .rooted)
        let numbers = office.world.phones.map { phone in
            var numbers: [UInt8] = []
            _ = heard(office, by: phone) {
                if case .claim(let claim) = $0 { numbers.append(claim.advertisement) }
                return false
            }
            return numbers
        }
        // Each repetition that comes while one waits overtakes it. The weaker claimant yields before that,
        // and what it said last is heard after a second.
        #expect(numbers.contains([1, 0, 3, 2]), "\(numbers)")
        #expect(numbers.contains([1, 0, 2]), "\(numbers)")
        office.finish()
        office.expectUpgraded()

        let alone = try self.office(2)
        try alone.world.inject(FaultOrder(.reorder, FaultScope(message: .confirmed, nth: 1)))
        let root = try #require(alone.firstPhone(in: .rooted))
        alone.run(for: .milliseconds(1_500))
        let child = PhoneNumber(1 - Int(root.index))
        let since = alone.world.now
        let times = heard(alone, by: child) { if case .confirmed = $0 { true } else { false } }
        #expect(times.count == 1)
        #expect(since - times[0] < .milliseconds(600))
    }

    @Test("neither can be asked for of what goes over links")
    func onlyBroadcasts() throws {
        let office = try office(2)
        for fault in [Fault.duplicate, .reorder] {
            #expect(throws: WorldError.self) {
                try office.world.inject(FaultOrder(fault, FaultScope(message: .hold)))
            }
            try office.world.inject(FaultOrder(fault))
        }
        office.finish()
        office.expectUpgraded()
        #expect(office.world.faultHits.allSatisfy { $0.message?.isBroadcast == true })
    }

    @Test("a damaged broadcast is refused, a damaged message ends the link at both ends")
    func damagedMessages() throws {
        let office = try office(2)
        try office.world.inject(FaultOrder(.corrupt, FaultScope(message: .confirmed)))
        try office.world.inject(FaultOrder(.corrupt, FaultScope(message: .accept, nth: 1)))
        let root = try #require(office.firstPhone(in: .rooted))
        office.run(for: .seconds(20))
        let child = PhoneNumber(1 - Int(root.index))
        #expect(
            heard(office, by: child) { if case .confirmed = $0 { true } else { false } }.isEmpty
        )
        office.world.healAll()
        office.finish()
        office.expectUpgraded()

        let linked = try self.office(2)
        try linked.world.inject(FaultOrder(.corrupt, FaultScope(message: .accept, nth: 1)))
        linked.finish()
        linked.expectUpgraded()
        #expect(linked.count { if case .joinFailed = $0 { true } else { false } } == 1)
        #expect(linked.count { if case .childLost = $0 { true } else { false } } == 1)
    }

    @Test("a damaged file does not verify, is not stored, and is asked for again")
    func damagedFile() throws {
        let office = try office(3)
        office.world.checksInvariants = true
        try office.world.inject(FaultOrder(.corrupt, FaultScope(message: .transfer, nth: 1)))
        office.finish()
        office.expectUpgraded()
        #expect(office.count { $0 == .fileRejected } == 1)
        #expect(office.world.checkInvariants() == nil)
        #expect(office.world.fetchCounts.total == 2)
    }

    @Test("a skipped check lets a damaged file through, and the invariant finds it")
    func damagedUnchecked() throws {
        let wan = WANLink(rateBitsPerSecond: 2_000_000, roundTrip: .milliseconds(20))
        let office = try Office(wan: wan)
        var parameters = office.world.peerParameters
        parameters.planted[.skippedVerification] = true
        try office.world.setParameters(peer: parameters, office.world.parameters)
        try office.push(try office.add(2))
        office.world.checksInvariants = true
        try office.world.inject(FaultOrder(.corrupt, FaultScope(message: .transfer)))
        office.run(for: .seconds(600))
        #expect(office.world.brokenInvariant?.invariant == .verifiedOnly)
    }

    @Test("what goes astray resets the link; the phone finds a place when it is over")
    func duplicateAddress() throws {
        let office = try office(4)
        let child = try #require(office.firstPhone(in: .waiting))
        let fault = try office.world.inject(
            FaultOrder(.duplicateAddress, FaultScope(place: only(child)), for: .seconds(30))
        )
        office.finish()
        office.expectUpgraded(except: [child])
        switch office.world.outcome(of: child) {
        case .succeeded, .failed(.timedOut, _): break
        default: Issue.record("\(office.world.outcome(of: child))")
        }
        let record = try #require(office.world.fault(fault.number))
        #expect(record.hits > 0)
        #expect(office.world.faultHits.allSatisfy { $0.message?.isBroadcast != true })
        #expect(office.count { if case .childLost = $0 { true } else { false } } >= 1)
    }

    @Test("a server's answer goes to the other device too")
    func duplicateAddressAtServer() throws {
        let office = try office(1)
        try office.world.inject(
            FaultOrder(
                .duplicateAddress,
                FaultScope(place: only(PhoneNumber(0))),
                for: .seconds(60)
            )
        )
        office.run(for: .seconds(40))
        #expect(office.world.state(PhoneNumber(0)) == .fetching)
        #expect(office.world.transferCount == 0)
        office.finish()
        office.expectUpgraded()
        #expect(office.count { $0 == .resigned } >= 1)
    }

    @Test("a phone that is not authorised hears and reaches nobody, and reads nothing")
    func unauthorised() throws {
        let office = try Office()
        office.world.isTracing = true
        let phones = try office.add(4)
        try office.world.inject(
            FaultOrder(.unauthorised, FaultScope(place: only(phones[0])), for: .seconds(60))
        )
        try office.push(phones)
        office.run(for: .seconds(59))
        #expect(heard(office, by: phones[0]) { _ in true }.isEmpty)
        #expect(office.world.state(phones[0]) == .resetting)
        #expect(!office.world.isIdle)
        office.finish()
        office.expectUpgraded()
    }

    @Test("a root whose port is closed while it fetches waits for the server in vain")
    func unauthorisedRoot() throws {
        let office = try office(3)
        let root = try #require(office.firstPhone(in: .fetching))
        #expect(office.world.transferCount == 1)
        try office.world.inject(
            FaultOrder(.unauthorised, FaultScope(place: only(root)), for: .seconds(300))
        )
        #expect(office.world.transferCount == 0)
        office.finish()
        office.expectUpgraded()
        #expect(office.count { $0 == .resigned } >= 1)
    }
}
