// A phone that hangs while a file comes or goes, in flows and packet by packet: what stood still goes on.

import Testing

@testable import PFSRuntime

@Suite("Hanging phones and files")
struct FaultFreezeTests {
    private func office(_ fidelity: TransferFidelity) throws -> Office {
        let office = try Office(files: [600, 400_000], lanRateBitsPerSecond: 1_000_000)
        var parameters = office.world.parameters
        parameters.fidelity = fidelity
        try office.world.setParameters(peer: office.world.peerParameters, parameters)
        try office.push(try office.add(2))
        office.world.checksInvariants = true
        return office
    }

    /// The child that has got so much of the second file.
    private func child(_ office: Office, after bytes: Int64) throws -> PhoneNumber {
        var found: PhoneNumber?
        _ = office.run {
            found = office.world.phones.first {
                let snapshot = office.world.snapshot($0)
                return snapshot.state == .receiving && snapshot.fileIndex == 1
                    && snapshot.receivedBytes >= bytes
            }
            return found != nil || office.world.isIdle
        }
        return try #require(found)
    }

    private func when(_ office: Office, _ child: PhoneNumber) -> Instant {
        guard case .phone(_, let time) = office.world.origin(of: 1, at: child) else { return .zero }
        return time
    }

    @Test(
        "child or parent: two seconds of hanging let the file come two seconds later",
        arguments: [TransferFidelity.flow, .packet],
        [true, false]
    )
    func hangs(_ fidelity: TransferFidelity, isChild: Bool) throws {
        let plain = try office(fidelity)
        let first = try child(plain, after: 0)
        plain.finish()
        let office = try office(fidelity)
        let child = try child(office, after: 0)
        #expect(child == first)
        office.run(for: .milliseconds(500))
        let hanging = isChild ? child : PhoneNumber(1 - Int(child.index))
        try office.world.inject(
            FaultOrder(
                .freeze,
                FaultScope(place: .phones(PhoneSet([hanging]))),
                for: .seconds(2)
            )
        )
        office.finish()
        office.expectUpgraded()
        let late = when(office, child) - when(plain, child)
        #expect(late >= .milliseconds(1_980) && late < .milliseconds(3_100), "\(late)")
        #expect(office.count { if case .parentLost = $0 { true } else { false } } == 0)
        #expect(office.world.checkInvariants() == nil)
    }

    @Test(
        "a child that hangs while the last byte is on the LAN gets it when it goes on",
        arguments: [TransferFidelity.flow, .packet]
    )
    func lastByte(_ fidelity: TransferFidelity) throws {
        let office = try office(fidelity)
        let child = try child(office, after: 0)
        let parent = PhoneNumber(1 - Int(child.index))
        #expect(office.run { office.world.kernel.uploadCount(parent) == 0 })
        #expect(office.world.state(child) == .receiving)
        try office.world.inject(
            FaultOrder(
                .freeze,
                FaultScope(place: .phones(PhoneSet([child]))),
                for: .seconds(2)
            )
        )
        let thawed = office.world.now + .seconds(2)
        office.finish()
        office.expectUpgraded()
        #expect(office.giver(of: 1, to: child) == parent)
        let late = when(office, child) - thawed
        // Behind what TCP has still to send again, and verified after 1.4 s.
        #expect(late >= .milliseconds(1_400) && late < .milliseconds(3_500), "\(late)")
        #expect(office.world.checkInvariants() == nil)
    }

    @Test(
        "a root that hangs while it fetches goes on with the same transfer",
        arguments: [TransferFidelity.flow, .packet]
    )
    func fetching(_ fidelity: TransferFidelity) throws {
        let wan = WANLink(rateBitsPerSecond: 200_000, roundTrip: .milliseconds(20))
        let office = try Office(wan: wan, files: [600, 400_000])
        var parameters = office.world.parameters
        parameters.fidelity = fidelity
        try office.world.setParameters(peer: office.world.peerParameters, parameters)
        try office.push(try office.add(1))
        office.world.checksInvariants = true
        #expect(
            office.run {
                let snapshot = office.world.snapshot(PhoneNumber(0))
                return snapshot.state == .fetching && snapshot.fileIndex == 1
                    && office.world.transferCount == 1
            }
        )
        try office.world.inject(
            FaultOrder(.freeze, FaultScope(place: .phones(.everyone)), for: .seconds(3))
        )
        #expect(office.world.transferCount == 0)
        office.finish()
        office.expectUpgraded()
        #expect(office.world.server(0).totals.transfers == 2)
        #expect(office.world.checkInvariants() == nil)
    }

    @Test("packet by packet too a hostile parent's transfer stands still, and is given up")
    func stalls() throws {
        let office = try office(.packet)
        let child = try child(office, after: 0)
        let begun = office.world.now
        let parent = PhoneNumber(1 - Int(child.index))
        try office.world.inject(
            FaultOrder(.stalledTransfer, FaultScope(place: .phones(PhoneSet([parent]))))
        )
        office.finish()
        office.expectUpgraded()
        let lost = office.lines { if case .parentLost = $0 { true } else { false } }
        #expect(lost.first?.time == begun + .seconds(30))
        #expect(office.world.checkInvariants() == nil)
    }
}
