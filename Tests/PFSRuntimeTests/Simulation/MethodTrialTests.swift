// Trials of the three methods on copies of a world, against arithmetic, and the world that they were
// copied from.

import Testing

@testable import PFSRuntime

@Suite("Trials of methods")
struct MethodTrialTests {
    private static let wan = WANLink(rateBitsPerSecond: 384_000, roundTrip: .milliseconds(150))

    private func result(
        _ method: DistributionMethod,
        _ office: Office,
        _ phones: [PhoneNumber],
        begin: Instant = .zero
    ) throws -> (trial: MethodTrial, result: MethodResult) {
        let trial = try MethodTrial(
            method,
            of: office.world,
            .load(office.load),
            on: phones,
            begin: begin
        )
        while !trial.run(budget: 10_000) {}
        return (trial, trial.result)
    }

    @Test("each method moves what it should over WAN and LAN, and all phones get the load")
    func traffic() throws {
        let office = try Office(wan: Self.wan)
        let phones = try office.add(10)
        let load: Int64 = 1_000_600
        let traditional = try result(.traditional, office, phones).result
        #expect(traditional.finished.count == 10)
        #expect(traditional.traffic.wanBytes == 10 * load)
        #expect(traditional.traffic.lanBytes == 0)
        #expect(traditional.traffic.transfers == 20)
        // 1,956 blocks of 544 bytes for each phone.
        #expect(traditional.traffic.wanWireBytes == 10 * 1_956 * 544)
        let server = try result(.loadServer, office, phones).result
        #expect(server.finished.count == 10)
        #expect(server.traffic.wanBytes == 0 && server.traffic.wanWireBytes == 0)
        #expect(server.traffic.lanBytes == 10 * load)
        #expect(server.peakBitsPerSecond == 0)
        let peers = try result(.peers, office, phones).result
        #expect(peers.finished.count == 10)
        #expect(peers.traffic.wanBytes == load)
        #expect(peers.traffic.lanBytes == 9 * load)
        #expect(peers.traffic.transfers == 2)
        #expect(server.finished[9] < peers.finished[9])
    }

    @Test("the world that was copied stays as it is, down to what is under way in it")
    func original() throws {
        let office = try Office(wan: Self.wan)
        let phones = try office.add(6)
        try office.push(phones)
        office.run(for: .seconds(20))
        let before = (office.world.fingerprint, office.world.now, office.world.transferCount)
        for method in DistributionMethod.allCases {
            _ = try result(method, office, phones)
        }
        #expect(office.world.fingerprint == before.0)
        #expect(office.world.now == before.1)
        #expect(office.world.transferCount == before.2)
        #expect(office.world.serverCount == 1)
        #expect(office.world.alarmCount == 6)
        office.finish()
        office.expectUpgraded()
    }

    @Test("phones that run the load already are not counted, and a failed one is never done")
    func counted() throws {
        let office = try Office(wan: Self.wan)
        let phones = try office.add(4)
        try office.push([phones[0]])
        office.finish()
        let trial = try result(.traditional, office, phones, begin: office.world.now).result
        #expect(trial.phones == 3)
        office.world.setServer(holds: false, load: office.load)
        let (_, failed) = try result(.peers, office, phones, begin: office.world.now)
        #expect(failed.failed == 3)
        #expect(failed.finished.isEmpty)
        #expect(failed.time(ofPercent: 0) == nil)
    }

    @Test("a trial begins at the window, and its times count from there")
    func window() throws {
        let office = try Office(wan: Self.wan)
        let phones = try office.add(3)
        let now = try result(.loadServer, office, phones)
        let later = try result(.loadServer, office, phones, begin: .zero + .seconds(7_200))
        #expect(later.trial.begin == .zero + .seconds(7_200))
        #expect(later.result.finished == now.result.finished)
        #expect(office.world.now == .zero)
    }

    @Test("first, half, 95 % and last are the places that they name")
    func percentiles() {
        var result = MethodResult(method: .traditional, phones: 40)
        result.finished = (1...39).map { .seconds($0) }
        #expect(result.time(ofPercent: 0) == .seconds(1))
        #expect(result.time(ofPercent: 50) == .seconds(20))
        #expect(result.time(ofPercent: 95) == .seconds(38))
        // The fortieth failed.
        #expect(result.time(ofPercent: 100) == nil)
        #expect(result.finishedCount(within: .seconds(7)) == 7)
        #expect(result.finishedCount(within: .zero) == 0)
        #expect(result.finishedCount(within: .seconds(100)) == 39)
    }

    @Test("the optimum is one copy over the WAN, and the best spreading on the LAN")
    func optimum() throws {
        let office = try Office(wan: Self.wan)
        let phones = try office.add(33)
        try office.world.setLoad(office.load, on: phones)
        let optimum = office.world.optimum(for: phones)
        // 1,956 blocks of 11.33 ms and 150 ms.
        let copy = 1_956 * (150_000_000 + 544 * 8 * 1_000_000_000 / 384_000)
        #expect(abs(optimum.wanCopy.nanoseconds - Int64(copy)) < 1_000_000)
        // 1,000,600 bytes at 0.5 MB/s, and ⌊log₂ 32⌋ = 5 blocks of 1,956 more.
        let spread: Int64 = 2_001_200_000
        #expect(abs(optimum.lanSpread.nanoseconds - spread - spread * 5 / 1_956) < 10_000)
        let half = optimum.efficiencyPartsPerMillion(measured: optimum.total * 2)
        #expect(half == 500_000)
        #expect(optimum.efficiencyPartsPerMillion(measured: .zero) == nil)
    }

    @Test("a lost hour is counted for each phone, from its restart until it is back in service")
    func service() throws {
        let office = try Office(wan: Self.wan)
        let phones = try office.add(5)
        let (trial, result) = try result(.peers, office, phones)
        #expect(result.longestLoss >= result.meanLoss)
        #expect(result.longestLoss <= result.finished[4])
        // All restarted within a second.
        let spread = result.finished[4] - result.meanLoss
        #expect(spread >= .zero && spread < .seconds(30))
        #expect(trial.optimum.total < result.finished[4])
    }

    @Test("the summary of an upgrade counts from the first restart to the last phone in service")
    func summary() throws {
        let office = try Office(wan: Self.wan)
        let phones = try office.add(5)
        #expect(office.world.upgradeSummary(since: .zero) == nil)
        try office.push(phones)
        office.finish()
        let summary = try #require(office.world.upgradeSummary(since: .zero))
        #expect(summary.succeeded == 5 && summary.failed == 0)
        let ends = phones.compactMap { phone -> Instant? in
            if case .succeeded(let time) = office.world.snapshot(phone).outcome {
                time
            } else {
                nil
            }
        }
        let last = try #require(ends.max())
        #expect(summary.length <= last - .zero)
        #expect(summary.length > last - .zero - .seconds(1))
        #expect(summary.optimum == office.world.optimum(for: phones))
        #expect(office.world.upgradeSummary(since: last) == nil)
        office.world.setServer(holds: false, load: office.load)
        let late = try office.add(1, model: "7941")
        let begin = office.world.now
        try office.push(late)
        office.finish()
        let refused = try #require(office.world.upgradeSummary(since: begin))
        #expect(refused.succeeded == 0 && refused.failed == 1)
    }
}
