// Whom phones fetch from: Load Servers, the list of a subnet, servers that lack the load, serve too
// many or are not there, and what the alarms say of it.

import Testing

@testable import PFSRuntime

@Suite("Servers")
struct ServerTests {
    private static let wan = WANLink(rateBitsPerSecond: 384_000, roundTrip: .milliseconds(150))
    private static let local = IPv4Address(bits: 0x0A04_0005)
    private static let second = IPv4Address(bits: 0x0A04_0006)

    /// A branch with phones that do not share, and a server at the branch.
    private func branch(_ count: Int) throws -> (office: Office, phones: [PhoneNumber], nas: Int) {
        let office = try Office(wan: Self.wan)
        office.world.setEnterpriseSetting(LevelSetting(.off))
        var order = ServerOrder(name: "nas")
        order.site = 1
        order.address = Self.local
        let nas = try office.world.setServer(order)
        return (office, try office.add(count), nas)
    }

    private func failures(_ office: Office) -> [FailureReason] {
        office.world.phones.compactMap { phone in
            if case .failed(let reason, _) = office.world.snapshot(phone).outcome {
                reason
            } else {
                nil
            }
        }
    }

    /// When the last upgrade ended, in seconds.
    private func lastEnd(_ office: Office) -> Int64 {
        let ends = office.world.phones.map { phone in
            switch office.world.snapshot(phone).outcome {
            case .none: Instant.zero
            case .succeeded(let time), .failed(_, let time): time
            }
        }
        return (ends.max() ?? .zero).nanoseconds / 1_000_000_000
    }

    @Test("a Load Server at the site takes the WAN out of the way, and costs what a LAN costs")
    func loadServer() throws {
        let (office, phones, nas) = try branch(5)
        try office.world.setEnterpriseLoadServer(LoadServerSetting(Self.local))
        try office.push(phones)
        office.finish()
        office.expectUpgraded()
        let details = office.world.siteDetails(1)
        #expect(details.bytes == 0)
        #expect(details.localBytes == 5 * 1_000_600)
        #expect(office.world.server(nas).totals.transfers == 10)
        #expect(office.world.server(0).totals.transfers == 0)
        #expect(lastEnd(office) < 85)
        #expect(office.world.server(of: 1, at: phones[0]) == nas)
    }

    @Test("what the Load Server lacks is not installed, and nobody turns to the TFTP server")
    func missing() throws {
        let (office, phones, nas) = try branch(3)
        try office.world.setEnterpriseLoadServer(LoadServerSetting(Self.local))
        office.world.setServer(nas, holds: false, load: office.load)
        try office.push(phones)
        office.finish()
        #expect(failures(office) == [.notFound, .notFound, .notFound])
        #expect(office.world.server(0).totals.transfers == 0)
        #expect(office.world.server(nas).totals.notFound == 3)
        for phone in phones {
            let alarms = office.world.lastAlarms(of: phone).map(\.alarm)
            #expect(alarms == [.start, .failure(.tftp, .notFound)])
        }
    }

    @Test(
        "a root fetches from its Load Server, and all that wait for it stop where it lacks the load"
    )
    func root() throws {
        let (office, phones, nas) = try branch(7)
        office.world.setEnterpriseSetting(LevelSetting(.on))
        try office.world.setEnterpriseLoadServer(LoadServerSetting(Self.local))
        try office.push(phones)
        office.finish()
        office.expectUpgraded()
        office.expectFetches(instances: 2)
        #expect(office.world.server(nas).totals.transfers == 2)
        #expect(office.world.siteDetails(1).bytes == 0)
        let other = try Office.define(office.world, "SCCP41.9-9-9NONE", [600, 5_000])
        office.world.setServer(nas, holds: false, load: other)
        try office.world.setLoad(other, on: phones)
        office.world.restart(.reset, phones)
        office.finish()
        #expect(failures(office) == Array(repeating: .notFound, count: 7))
    }

    @Test("the phone page outranks the profile, and a box that is not ticked does not count")
    func precedence() throws {
        let (office, phones, _) = try branch(2)
        let world = office.world
        try world.setEnterpriseLoadServer(LoadServerSetting(Self.local))
        try world.setDeviceLoadServer(LoadServerSetting(nil), on: [phones[0]])
        try world.setDeviceLoadServer(
            LoadServerSetting(Self.second, isTicked: false),
            on: [phones[1]]
        )
        #expect(world.loadServer(of: phones[0]) == LoadServerDecision(nil, level: .device))
        let enterprise = LoadServerDecision(Self.local, level: .enterprise)
        #expect(world.loadServer(of: phones[1]) == enterprise)
        #expect(world.configurationIsPending(phones[1]))
        try office.push(phones)
        office.finish()
        #expect(world.server(of: 0, at: phones[0]) == 0)
        #expect(world.server(of: 0, at: phones[1]) == 1)
    }

    @Test(
        "the servers of option 150 are asked in order, past one that lacks the load and one not there"
    )
    func optionOrder() throws {
        let (office, phones, nas) = try branch(2)
        var order = ServerOrder(name: World.serverName)
        let central = IPv4Address(bits: 0x0A00_0001)
        order.address = central
        try office.world.setServer(order)
        try office.world.setServers([Self.second, Self.local, central], ofSubnet: 0)
        office.world.setServer(nas, holds: false, load: office.load)
        try office.push(phones)
        office.finish()
        office.expectUpgraded()
        #expect(office.world.server(nas).totals.notFound == 4)
        #expect(office.world.server(of: 1, at: phones[0]) == 0)
        // Each of the two files waits 124 s for the first address.
        #expect(lastEnd(office) > 248)
    }

    @Test("at an address without a server phones wait 124 s and fail with reason 19")
    func nobodyThere() throws {
        let (office, phones, _) = try branch(2)
        try office.world.setEnterpriseLoadServer(LoadServerSetting(Self.second))
        try office.push(phones)
        office.finish()
        #expect(failures(office) == [.timedOut, .timedOut])
        #expect((124...125).contains(lastEnd(office)))
    }

    @Test("a server never serves more than it may, and who asks again in time is served")
    func busy() throws {
        let (office, phones, nas) = try branch(12)
        var order = ServerOrder(name: "nas")
        order.servingLimit = 4
        try office.world.setServer(order)
        try office.world.setEnterpriseLoadServer(LoadServerSetting(Self.local))
        try office.push(phones)
        while !office.world.isIdle {
            office.run(for: .milliseconds(200))
            #expect(office.world.server(nas).serving <= 4)
        }
        office.expectUpgraded()
        let totals = office.world.server(nas).totals
        #expect(totals.mostAtOnce == 4)
        #expect(totals.refusedBusy > 0)
        #expect(totals.transfers == 24)
        #expect(office.world.server(nas).serving == 0)
    }

    @Test("a phone whose servers stay busy fails with reason 4")
    func alwaysBusy() throws {
        let office = try Office(wan: Self.wan, files: [600, 9_000_000])
        office.world.setEnterpriseSetting(LevelSetting(.off))
        var order = ServerOrder(name: World.serverName)
        order.servingLimit = 1
        try office.world.setServer(order)
        let phones = try office.add(2)
        try office.push(phones)
        office.finish()
        #expect(failures(office) == [.congestion])
        let failed = try #require(
            phones.first { office.world.runningLoad($0) != office.load }
        )
        let last = office.world.lastAlarms(of: failed).last
        #expect(last?.alarm == .failure(.tftp, .congestion))
        // The other gave the place free and took it again for its second file.
        #expect(office.world.server(0).totals.mostAtOnce == 1)
    }

    @Test("a transfer that is called off gives its place free")
    func cancelled() throws {
        let (office, phones, _) = try branch(3)
        try office.push(phones)
        office.run(for: .seconds(20))
        #expect(office.world.server(0).serving == 3)
        #expect(office.world.cancel([phones[1]]) == [phones[1]])
        #expect(office.world.server(0).serving == 2)
        office.finish()
        office.expectUpgraded(except: [phones[1]])
        #expect(office.world.server(0).serving == 0)
        #expect(office.world.lastAlarms(of: phones[1]).last?.alarm == .failure(.tftp, .cancelled))
    }

    @Test("method 3 is what got a file from a peer or gave one, and method 1 the rest")
    func methods() throws {
        let office = try Office(wan: Self.wan)
        let phones = try office.add(4)
        let old = try office.add(1, model: "7940")
        try office.push(phones)
        office.world.restart(.reset, old)
        office.finish()
        for phone in phones {
            #expect(office.world.lastAlarms(of: phone).last?.alarm == .success(.peers))
        }
        #expect(office.world.lastAlarms(of: old[0]).isEmpty)
        let lone = try Office(wan: Self.wan)
        let phone = try lone.add(1)
        try lone.push(phone)
        lone.finish()
        #expect(lone.world.lastAlarms(of: phone[0]).last?.alarm == .success(.tftp))
    }

    @Test("no phone gets the address of a server, and no server that of a phone")
    func addresses() throws {
        let office = try Office()
        var order = ServerOrder(name: "nas")
        order.site = 1
        order.address = IPv4Address(bits: 0x0A04_000C)
        try office.world.setServer(order)
        let phones = try office.add(3)
        let taken = phones.map { office.world.address(of: $0).description }
        #expect(taken == ["10.4.0.11", "10.4.0.13", "10.4.0.14"])
        var other = ServerOrder(name: "other")
        other.site = 1
        other.address = office.world.address(of: phones[0])
        #expect(throws: WorldError.self) { try office.world.setServer(other) }
        other.address = order.address
        #expect(throws: WorldError.self) { try office.world.setServer(other) }
        var moved = order
        moved.site = 0
        #expect(throws: WorldError.serverStands("nas", at: "branch")) {
            try office.world.setServer(moved)
        }
    }

    @Test("a copy of a world with transfers under way goes on as the original does")
    func copies() throws {
        let (office, phones, _) = try branch(6)
        try office.push(phones)
        office.run(for: .seconds(30))
        let copy = office.world.copy()
        office.finish()
        while !copy.isIdle { _ = copy.run(until: copy.now + .seconds(600)) }
        #expect(copy.fingerprint == office.world.fingerprint)
        #expect(copy.server(0).totals == office.world.server(0).totals)
        #expect(copy.alarmCount == office.world.alarmCount)
    }
}
