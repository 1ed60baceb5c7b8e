// Fetches by HTTP: who asks by it, what it costs, what happens where a server does not answer it.

import Testing

@testable import PFSRuntime

@Suite("Fetches by HTTP")
struct StreamFetchTests {
    private static let wan = WANLink(rateBitsPerSecond: 2_000_000, roundTrip: .milliseconds(100))

    private func office(
        _ wan: WANLink = StreamFetchTests.wan,
        megabytes: Int = 4
    ) throws -> (office: Office, phone: PhoneNumber, load: LoadID) {
        let office = try Office(wan: wan)
        office.world.setEnterpriseSetting(LevelSetting(.off))
        let sizes = [600, megabytes * 1_000_000]
        let load = try Office.define(office.world, "sip88xx.9-9-9TEST", sizes)
        return (office, try office.add(1, model: "8841")[0], load)
    }

    /// How long the second file of a load took from the server, in seconds.
    private func fetchSeconds(_ office: Office, _ phone: PhoneNumber, _ load: LoadID) throws
        -> Double
    {
        try office.push([phone], load)
        let isFetching = { office.world.snapshot(phone).fileIndex == 1 }
        #expect(office.run(until: isFetching))
        let begin = office.world.now
        #expect(office.run { office.world.state(phone) == .verifying })
        return Double((office.world.now - begin).nanoseconds) / 1e9
    }

    @Test("a 7800 or 8800 asks by HTTP, every other phone by TFTP")
    func models() {
        for model in PhoneModel.all {
            let isNewer = model.name.hasPrefix("CP-78") || model.name.hasPrefix("CP-88")
            #expect(model.firstTransport == (isNewer ? .http : .tftp), "\(model.name)")
        }
    }

    @Test("the alarm names method 2, and the server has served each file once")
    func method() throws {
        let (office, phone, load) = try office()
        try office.push([phone], load)
        office.finish()
        #expect(office.world.runningLoad(phone) == load)
        #expect(office.world.lastAlarms(of: phone).map(\.alarm) == [.start, .success(.http)])
        #expect(office.world.server(0).totals.transfers == 2)
        #expect(office.world.transport(of: 1, at: phone) == .http)
    }

    @Test("a phone that shares what it fetched by HTTP reports method 3")
    func shared() throws {
        let (office, first, load) = try office()
        office.world.setEnterpriseSetting(LevelSetting(.on))
        let phones =
            [first] + (try office.add(3, model: "8851")) + (try office.add(2, model: "8861"))
        try office.push(Array(phones), load)
        office.finish()
        for phone in phones { #expect(office.world.runningLoad(phone) == load) }
        let methods = phones.flatMap { office.world.lastAlarms(of: $0).compactMap(\.alarm.method) }
        #expect(methods.filter { $0 == .peers }.count == 5)
        #expect(methods.filter { $0 == .http }.count == 1)
    }

    @Test("a stream fills the link where TFTP waits for each block")
    func rate() throws {
        let (office, phone, load) = try office()
        // Four megabytes and a header of 40 bytes for each 1,460 at 2 Mbit/s, and two round trips.
        let alone = 4_000_000.0 * 8 * 1_500 / 1_460 / 2e6 + 0.2
        let taken = try fetchSeconds(office, phone, load)
        #expect(abs(taken - alone) < 0.35, "\(taken) s, not \(alone)")
    }

    @Test("on a long fat link a window for each round trip is the bound")
    func window() throws {
        let fat = WANLink(rateBitsPerSecond: 1_000_000_000, roundTrip: .milliseconds(200))
        let (office, phone, load) = try office(fat)
        let alone = 4_000_000.0 / 65_535 * 0.2
        let taken = try fetchSeconds(office, phone, load)
        #expect(taken > alone && taken < alone + 1, "\(taken) s, not \(alone)")
    }

    @Test("loss slows a stream by the root of its chance")
    func loss() throws {
        var slow: [Double] = []
        for loss in [Int64(1_000), 4_000] {
            let link = WANLink(
                rateBitsPerSecond: 1_000_000_000,
                roundTrip: .milliseconds(200),
                lossPartsPerMillion: loss
            )
            let (office, phone, load) = try office(link)
            slow.append(try fetchSeconds(office, phone, load))
        }
        #expect(abs(slow[1] / slow[0] - 2) < 0.1, "\(slow)")
    }

    @Test("HTTP and TFTP share a link by what each takes of it")
    func together() throws {
        let (office, phone, load) = try office(
            WANLink(rateBitsPerSecond: 400_000, roundTrip: .zero),
            megabytes: 1
        )
        let older = try office.add(1)[0]
        try office.push([phone], load)
        try office.push([older])
        office.finish()
        office.expectUpgraded()
        #expect(office.world.sitePeaks[1] <= 400_001)
        #expect(office.world.sitePeaks[1] > 399_000)
    }

    @Test("where a server gives nothing by HTTP, TFTP follows at the cost of a round trip")
    func fallsBackToTFTP() throws {
        let (office, phone, load) = try office(megabytes: 1)
        var order = ServerOrder(name: World.serverName)
        order.answersHTTP = false
        try office.world.setServer(order)
        try office.push([phone], load)
        office.finish()
        #expect(office.world.lastAlarms(of: phone).map(\.alarm) == [.start, .success(.tftp)])
        #expect(office.world.server(0).totals.notFound == 0)
        #expect(office.world.server(0).totals.transfers == 2)
    }

    @Test("a server that lacks the load is asked by both, and is found out once by each")
    func missing() throws {
        let (office, phone, load) = try office(megabytes: 1)
        office.world.setServer(holds: false, load: load)
        try office.push([phone], load)
        office.finish()
        #expect(
            office.world.lastAlarms(of: phone).map(\.alarm) == [.start, .failure(.tftp, .notFound)]
        )
        #expect(office.world.server(0).totals.notFound == 2)
    }

    @Test("packet by packet, and without `http-first`, files come by TFTP")
    func off() throws {
        for isPacket in [false, true] {
            let (office, phone, load) = try office(megabytes: 1)
            var parameters = office.world.parameters
            if isPacket { parameters.fidelity = .packet } else { parameters.httpFirst = false }
            office.world.kernel.parameters = parameters
            try office.push([phone], load)
            office.finish()
            #expect(office.world.lastAlarms(of: phone).map(\.alarm) == [.start, .success(.tftp)])
        }
    }
}
