// Faults of servers and of what they send.

import Testing

@testable import PFSRuntime

@Suite("Faults of servers")
struct FaultServerTests {
    private func office(_ phones: Int, fidelity: TransferFidelity = .flow) throws -> Office {
        let wan = WANLink(rateBitsPerSecond: 2_000_000, roundTrip: .milliseconds(20))
        let office = try Office(wan: wan, files: [600, 400_000])
        var parameters = office.world.parameters
        parameters.fidelity = fidelity
        try office.world.setParameters(peer: office.world.peerParameters, parameters)
        try office.push(try office.add(phones))
        office.world.checksInvariants = true
        return office
    }

    private var server: FaultPlace { .server(0) }

    /// How long the second file takes from the first word of it to the last.
    private func fetchTime(_ office: Office) throws -> Interval {
        let begun = try #require(
            office.lines {
                if case .fetchAfterWaiting = $0 { true } else { false }
            }.last
        )
        let ended = try #require(office.lines { $0 == .fileReceived }.last)
        return ended.time - begun.time
    }

    @Test(
        "a slow server takes that much longer for every block",
        arguments: [TransferFidelity.flow, .packet]
    )
    func slow(_ fidelity: TransferFidelity) throws {
        var times: [Interval] = []
        for slowness in [Interval.zero, .milliseconds(15)] {
            let office = try office(1, fidelity: fidelity)
            if slowness > .zero {
                try office.world.inject(
                    FaultOrder(.serverSlow(slowness), FaultScope(place: server))
                )
            }
            office.finish()
            office.expectUpgraded()
            times.append(try fetchTime(office))
        }
        // 782 blocks of 512 bytes.
        let longer = times[1] - times[0]
        #expect(longer > .milliseconds(15 * 775) && longer < .milliseconds(15 * 790), "\(longer)")
    }

    @Test("transfers under way take another pace when it begins, and when it ends")
    func slowUnderWay() throws {
        let office = try office(1)
        _ = office.run { office.world.snapshot(PhoneNumber(0)).fileIndex == 1 }
        _ = office.firstPhone(in: .fetching)
        office.run(for: .seconds(2))
        let fault = try office.world.inject(
            FaultOrder(.serverSlow(.seconds(1)), FaultScope(place: server), for: .seconds(20))
        )
        #expect(office.world.fault(fault.number)?.hits == 1)
        office.finish()
        office.expectUpgraded()
        let time = try fetchTime(office)
        let plain = try self.office(1)
        plain.finish()
        let late = time - (try fetchTime(plain))
        #expect(late > .seconds(18) && late < .seconds(21), "\(late)")
    }

    @Test("a server that is full refuses, and is asked again")
    func full() throws {
        let office = try office(2)
        let fault = try office.world.inject(
            FaultOrder(.serverFull, FaultScope(place: server), for: .seconds(30))
        )
        office.finish()
        office.expectUpgraded()
        let hits = try #require(office.world.fault(fault.number)).hits
        #expect(hits >= 1)
        #expect(office.world.server(0).totals.refusedBusy == Int(hits))
    }

    @Test(
        "another file does not verify: it is fetched again, and the third time all stop",
        arguments: [Fault.wrongFile, .truncatedFile]
    )
    func wrong(_ fault: Fault) throws {
        let once = try office(3)
        try once.world.inject(FaultOrder(fault, FaultScope(place: server, file: 1, nth: 1)))
        once.finish()
        once.expectUpgraded()
        #expect(once.count { $0 == .fileRejected } == 1)
        once.expectFetches(instances: 2, refetches: 1)
        #expect(once.world.checkInvariants() == nil)

        let always = try office(3)
        try always.world.inject(FaultOrder(fault, FaultScope(place: server, file: 1)))
        always.finish()
        for phone in always.world.phones {
            guard case .failed(.notIntact, _) = always.world.outcome(of: phone) else {
                Issue.record("\(always.world.outcome(of: phone))")
                continue
            }
        }
        #expect(always.count { $0 == .fileRejected } == 3)
        #expect(always.world.checkInvariants() == nil)
    }

    @Test(
        "half a file takes half the time and half the bytes",
        arguments: [TransferFidelity.flow, .packet]
    )
    func truncated(_ fidelity: TransferFidelity) throws {
        let office = try office(1, fidelity: fidelity)
        try office.world.inject(
            FaultOrder(.truncatedFile, FaultScope(place: server, file: 1, nth: 1))
        )
        office.finish()
        office.expectUpgraded()
        #expect(office.world.server(0).totals.bytes == 600 + 200_000 + 400_000)
        let received = office.lines { $0 == .fileReceived }.map(\.time)
        let rejected = try #require(office.lines { $0 == .fileRejected }.first).time
        let half =
            received[1]
            - (try #require(
                office.lines { if case .fetchAfterWaiting = $0 { true } else { false } }.last
            )).time
        let whole = received[2] - rejected
        #expect(half * 2 > whole - .milliseconds(200) && half * 2 < whole + .milliseconds(200))
    }

    @Test("the faults of one server leave another alone, and phones go to that")
    func otherServer() throws {
        let office = try office(1)
        for fault in [Fault.serverFull, .wrongFile, .serverSlow(.seconds(1))] {
            #expect(throws: WorldError.self) {
                try office.world.inject(FaultOrder(fault, FaultScope(place: .everywhere)))
            }
        }
    }
}
