// Flows against packets: the same transfers, once as flows and once with every block played by the
// state machines of real sockets. Without loss every completion time agrees within 1 %.

import Glibc
import Testing

@testable import PFSRuntime

@Suite("Flows and packets")
struct FidelityTests {
    /// One row of the table: what crosses which link to how many phones.
    struct Case: Sendable, CustomTestStringConvertible {
        var bytes: Int
        var rate: Int64
        var roundTrip: Interval
        var window: Int64 = 1
        var phones: Int
        var loss: Int64 = 0
        var lanRate: Int64 = 100_000_000
        var testDescription: String {
            "\(bytes) B at \(rate) bit/s, \(roundTrip.nanoseconds / 1_000_000) ms, window "
                + "\(window), \(phones) phones, loss \(loss) ppm, LAN \(lanRate) bit/s"
        }
    }

    static let table: [Case] = {
        let isWhole = getenv("PFSH_TEST_ALL") != nil
        var cases: [Case] = []
        for bytes in isWhole ? [51_200, 557_154, 3_156_347] : [51_200, 557_154] {
            for rate: Int64 in [384_000, 1_544_000, 10_000_000] {
                for trip: Int64 in [0, 10, 150] {
                    for window: Int64 in [1, 4, 16] {
                        for phones in isWhole
                            ? [1, 2, 10, 40] : bytes < 100_000 ? [1, 10] : [1, 4]
                        {
                            // Flows have no turns: what they leave out is one window of each
                            // transfer, so a transfer must have enough of them.
                            let windows = Int64(bytes) / 512 / window
                            guard windows >= (phones > 4 ? 100 : 20) else { continue }
                            cases.append(
                                Case(
                                    bytes: bytes,
                                    rate: rate,
                                    roundTrip: .milliseconds(trip),
                                    window: window,
                                    phones: phones
                                )
                            )
                        }
                    }
                }
            }
        }
        return cases
    }()

    /// When each phone has the file, counted from the restart of all.
    private func times(
        _ row: Case,
        _ fidelity: TransferFidelity,
        shares: Bool = false
    ) throws -> [Interval] {
        let office = try Office(
            wan: WANLink(
                rateBitsPerSecond: row.rate,
                roundTrip: row.roundTrip,
                lossPartsPerMillion: row.loss
            ),
            files: [row.bytes],
            lanRateBitsPerSecond: row.lanRate
        )
        office.world.setEnterpriseSetting(LevelSetting(shares ? .on : .off))
        var parameters = office.world.parameters
        parameters.fidelity = fidelity
        parameters.windowBlocks = row.window
        parameters.startSpread = .zero
        try office.world.setParameters(peer: office.world.peerParameters, parameters)
        office.world.logDetail = .off
        let phones = try office.add(row.phones)
        try office.push(phones)
        office.finish()
        office.expectRest()
        var times: [Interval] = []
        for phone in phones {
            switch office.world.origin(of: 0, at: phone) {
            case .none: Issue.record("\(row): \(office.world.name(of: phone)) has no file")
            case .server(let time), .phone(_, let time): times.append(time - .zero)
            }
        }
        return times
    }

    @Test("without loss every phone has the file at the same time, within 1 %", arguments: table)
    func agreement(_ row: Case) throws {
        let flow = try times(row, .flow).sorted()
        let packet = try times(row, .packet).sorted()
        #expect(flow.count == packet.count)
        for (flow, packet) in zip(flow, packet) {
            let apart = abs(packet.nanoseconds - flow.nanoseconds)
            let share = apart * 100_000 / max(flow.nanoseconds, 1)
            #expect(share <= 1_000, "\(share) of 100,000: flow \(flow), packet \(packet)")
        }
    }

    @Test(
        "a file of a few windows comes within the time in which every transfer gets one more",
        arguments: [
            Case(bytes: 646, rate: 384_000, roundTrip: .milliseconds(150), phones: 1),
            Case(bytes: 646, rate: 384_000, roundTrip: .milliseconds(150), phones: 10),
            Case(bytes: 646, rate: 384_000, roundTrip: .zero, phones: 30),
            Case(bytes: 51_200, rate: 384_000, roundTrip: .zero, window: 16, phones: 10),
            Case(
                bytes: 51_200,
                rate: 10_000_000,
                roundTrip: .milliseconds(150),
                window: 16,
                phones: 10
            ),
        ]
    )
    func small(_ row: Case) throws {
        let block = 544 * 8 * 1_000_000_000 / row.rate
        let full = Int64(row.phones) * row.window * block
        let turn = max(row.roundTrip.nanoseconds + row.window * block, full)
        let flow = try times(row, .flow).sorted()
        for (flow, packet) in zip(flow, try times(row, .packet).sorted()) {
            #expect(abs(packet.nanoseconds - flow.nanoseconds) <= turn, "\(flow) \(packet)")
        }
    }

    @Test(
        "between phones chunks agree with flows within 1 %",
        arguments: [
            Case(bytes: 557_154, rate: 1_544_000, roundTrip: .milliseconds(10), phones: 12),
            Case(
                bytes: 557_154,
                rate: 1_544_000,
                roundTrip: .milliseconds(10),
                phones: 12,
                lanRate: 2_000_000
            ),
        ]
    )
    func peers(_ row: Case) throws {
        let flow = try times(row, .flow, shares: true).sorted()
        let packet = try times(row, .packet, shares: true).sorted()
        #expect(flow.count == 12 && packet.count == 12)
        for (flow, packet) in zip(flow, packet) {
            let apart = abs(packet.nanoseconds - flow.nanoseconds)
            #expect(apart * 100 <= flow.nanoseconds, "flow \(flow), packet \(packet)")
        }
    }

    @Test("with loss the mean of 40 phones agrees within 5 %", arguments: [1_000, 10_000, 30_000])
    func lossy(_ loss: Int64) throws {
        // A link that nobody fills, so that every phone is a sample of its own.
        let row = Case(
            bytes: 557_154,
            rate: 100_000_000,
            roundTrip: .milliseconds(20),
            phones: 40,
            loss: loss
        )
        func mean(_ fidelity: TransferFidelity) throws -> Int64 {
            let times = try times(row, fidelity)
            return times.reduce(0) { $0 + $1.nanoseconds } / Int64(times.count)
        }
        let (flow, packet) = (try mean(.flow), try mean(.packet))
        #expect(abs(packet - flow) * 100 <= flow * 5, "flow \(flow) ns, packet \(packet) ns")
    }

    @Test("the wire carries what the blocks of all transfers weigh, to the byte")
    func wire() throws {
        let office = try Office(
            wan: WANLink(rateBitsPerSecond: 384_000, roundTrip: .milliseconds(10)),
            files: [600, 51_300]
        )
        office.world.setEnterpriseSetting(LevelSetting(.off))
        var parameters = office.world.parameters
        parameters.fidelity = .packet
        try office.world.setParameters(peer: office.world.peerParameters, parameters)
        try office.push(try office.add(3))
        office.finish()
        office.expectUpgraded()
        // 2 and 101 blocks with 32 bytes of headers each.
        let bytes: Int64 = 3 * (600 + 51_300 + 103 * 32)
        #expect(office.world.trafficTotals.wanWireBytes == bytes)
        #expect(office.world.trafficTotals.wanBytes == 3 * 51_900)
        #expect(office.world.siteDetails(1).peakBitsPerSecond <= 384_000 + 4_352)
        #expect(office.world.siteDetails(1).retransmissions == 0)
        #expect(office.world.server(0).serving == 0)
    }

    @Test("a link that loses nearly everything ends transfers with a time-out in packets too")
    func hopeless() throws {
        let office = try Office(
            wan: WANLink(
                rateBitsPerSecond: 384_000,
                roundTrip: .zero,
                lossPartsPerMillion: 950_000
            )
        )
        office.world.setEnterpriseSetting(LevelSetting(.off))
        var parameters = office.world.parameters
        parameters.fidelity = .packet
        try office.world.setParameters(peer: office.world.peerParameters, parameters)
        let phones = try office.add(5)
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

    @Test(
        "a phone that is called off or vanishes leaves nothing behind, and a copy goes the same way"
    )
    func interruptions() throws {
        let office = try Office(
            wan: WANLink(rateBitsPerSecond: 384_000, roundTrip: .milliseconds(40))
        )
        var parameters = office.world.parameters
        parameters.fidelity = .packet
        try office.world.setParameters(peer: office.world.peerParameters, parameters)
        let phones = try office.add(9)
        try office.push(phones)
        let isFetching = office.run {
            phones.contains {
                let snapshot = office.world.snapshot($0)
                return snapshot.fileIndex == 1 && snapshot.state == .fetching
            }
        }
        #expect(isFetching)
        office.run(for: .seconds(3))
        let root = try #require(phones.first { office.world.state($0) == .fetching })
        #expect(office.world.snapshot(root).receivedBytes > 0)
        let copy = office.world.copy()
        office.world.removePhone(root)
        office.finish()
        office.expectUpgraded()
        office.expectRest()
        copy.removePhone(root)
        _ = copy.runUntilIdle(budget: .max)
        #expect(copy.fingerprint == office.world.fingerprint)
        let second = try Office(wan: WANLink(rateBitsPerSecond: 384_000, roundTrip: .zero))
        try second.world.setParameters(peer: second.world.peerParameters, parameters)
        let others = try second.add(6)
        try second.push(others)
        _ = try #require(second.firstPhone(in: .receiving))
        #expect(second.world.cancel(others).count == 6)
        second.finish()
        second.expectRest()
        #expect(second.world.server(0).serving == 0)
    }
}
