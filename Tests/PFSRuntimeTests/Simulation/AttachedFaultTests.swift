// Faults on attached worlds: what they do to a phone's own sockets and files, told by the orders that the
// network gets, and by what becomes of the upgrade.

import Testing

@testable import PFSRuntime

@Suite("Faults on a real network") struct AttachedFaultTests {
    /// A fault of each kind that lasts for a while, and where it is.
    private static let faults: [(Fault, Where)] = [
        (.drop, .everywhere), (.delay(.milliseconds(300)), .everywhere),
        (.jitter(.milliseconds(500)), .everywhere), (.duplicate, .everywhere),
        (.reorder, .everywhere), (.corrupt, .everywhere), (.block(.udp), .everywhere),
        (.block(.tcp), .everywhere), (.partition, .between), (.isolate, .first),
        (.unauthorised, .first), (.duplicateAddress, .first),
        (.crash(keepsFlash: false), .first), (.crash(keepsFlash: true), .first),
        (.freeze, .first), (.reboot, .first), (.clockDrift(50_000), .first),
        (.powerLoss, .first), (.diskFull, .first), (.slowDisk(100), .first),
        (.corruptBlock, .first), (.serverDown, .server),
        (.serverSlow(.milliseconds(100)), .server), (.serverFull, .server), (.wrongFile, .server),
        (.truncatedFile, .server), (.forgedClaims, .first), (.endlessOffers, .first),
        (.wrongBytes, .first), (.stalledTransfer, .first),
    ]

    enum Where { case everywhere, between, first, server }

    @Test("every kind of fault hits something, and all phones end", arguments: faults)
    func everyKind(fault: Fault, place: Where) throws {
        let network = try MemoryNetwork(worlds: 2, phonesOfEach: 4)
        try network.push()
        // What servers send is decided when a transfer begins; all else is to hit in the middle.
        if place != .server { _ = network.run(seconds: 12) }
        for world in network.worlds {
            let own = PhoneSet(Array(world.phones.prefix(2)))
            let scope =
                switch place {
                case .everywhere: FaultScope()
                case .between: FaultScope(place: .link(own, .everyone, isOneWay: false))
                case .first: FaultScope(place: .phones(own))
                case .server: FaultScope(place: .server(0))
                }
            try world.inject(FaultOrder(fault, scope, for: fault.isMomentary ? nil : .seconds(40)))
        }
        #expect(network.run(seconds: 1_500), "not done: \(fault)")
        for world in network.worlds { _ = world.run(until: max(world.now, .zero + .seconds(60))) }
        #expect(network.worlds.allSatisfy { $0.faults.isEmpty && $0.endedFaults.count == 1 })
        #expect(network.worlds.contains { $0.endedFaults.contains { $0.hits > 0 } })
        // Who gets no answer from the server either, for too long, gives up.
        let mayFail =
            [.flash, .servers, .fetches].contains(fault.kind.declaration.subject)
            || fault == .duplicateAddress
        for world in network.worlds {
            for phone in world.phones {
                let isDone = world.runningLoad(phone) == network.load(world)
                if isDone { continue }
                guard case .failed = world.outcome(of: phone) else {
                    Issue.record("\(world.name(of: phone)): \(world.outcome(of: phone))")
                    continue
                }
                #expect(mayFail, "\(fault): \(world.outcome(of: phone))")
            }
        }
    }

    @Test("the list has every kind")
    func allKinds() {
        #expect(Set(Self.faults.map(\.0.kind)) == Set(FaultKind.allCases))
    }

    @Test("who is cut off says nothing, to phones of other shells neither")
    func isolation() throws {
        let network = try MemoryNetwork(worlds: 2, phonesOfEach: 1)
        let world = network.worlds[0]
        try world.inject(FaultOrder(.isolate, FaultScope(place: .phones(PhoneSet(world.phones)))))
        try network.push()
        #expect(network.run(seconds: 600))
        // Each fetched everything by itself.
        #expect(network.fetches == 12)
        #expect(world.faults.first.map { $0.hits > 0 } ?? false)
    }

    @Test("what faults hold up on a link goes on in order, and what is lost comes again")
    func order() throws {
        let network = try MemoryNetwork(worlds: 1, phonesOfEach: 1)
        try network.push()
        _ = network.run(seconds: 1)
        let world = network.worlds[0]
        let phone = world.phones[0]
        try world.inject(FaultOrder(.jitter(.seconds(1)), FaultScope()))
        try world.inject(FaultOrder(.drop, FaultScope(), for: .milliseconds(3_500)))
        let stranger = try #require(IPv4Address("10.4.0.200"))
        let (own, file) = (world.address(of: phone), FileNumber(0))
        let key = NetworkLinkKey(sender: own, receiver: stranger, file: file)
        let messages = (1...20).map {
            PeerMessage.hold(HierarchyPosition(transaction: $0, root: own, depth: 0))
        }
        for message in messages { world.kernel.pass(.leaving(message), of: phone, over: key) }
        // Sent again after 1 s and 3 s in vain, after 7 s with success.
        var begun: Instant?
        var sent: [PeerMessage] = []
        let begin = world.now
        while world.now < begin + .seconds(30) {
            _ = world.run(until: world.now + .milliseconds(100))
            for order in world.takeNetworkOrders() {
                guard case .send(let message, file, to: stranger) = order.action else { continue }
                begun = begun ?? world.now
                sent.append(message)
            }
        }
        #expect(sent == messages)
        let wait = try #require(begun) - begin
        #expect(wait >= .seconds(7) && wait <= .milliseconds(8_100), "\(wait)")
    }

    @Test("phones get over messages that are lost now and then")
    func lostMessages() throws {
        let network = try MemoryNetwork(worlds: 1, phonesOfEach: 6)
        let world = network.worlds[0]
        var scope = FaultScope()
        scope.chancePartsPerMillion = 200_000
        try world.inject(FaultOrder(.drop, scope))
        try network.push()
        #expect(network.run(seconds: 3_000))
        #expect(world.faults.first.map { $0.hits > 20 } ?? false)
        network.expectUpgraded()
    }

    /// Two worlds that upgrade; all phones of the first are hostile, and win elections.
    private static func hostile(_ fault: Fault) throws -> MemoryNetwork {
        let network = try MemoryNetwork(worlds: 2, phonesOfEach: 3)
        let world = network.worlds[0]
        let scope = FaultScope(place: .phones(PhoneSet(world.phones)))
        try world.inject(FaultOrder(fault, scope))
        for phone in world.phones { try world.pin(phone, file: nil, .strength, 0x7FFF_FFF0) }
        try network.push()
        return network
    }

    @Test("a hostile phone sends its children other bytes, and nobody keeps them")
    func wrongBytes() throws {
        let network = try Self.hostile(.wrongBytes)
        #expect(network.run(seconds: 3_000))
        #expect(network.wrongUploads > 0)
        network.expectUpgraded()
    }

    @Test("a child gives up a parent of another shell that sends nothing more")
    func stalledParent() throws {
        let network = try Self.hostile(.stalledTransfer)
        _ = network.run(seconds: 20)
        #expect(
            network.worlds.contains { world in
                world.phones.contains { world.snapshot($0).state == .receiving }
            }
        )
        #expect(network.run(seconds: 3_000))
        network.expectUpgraded()
    }

    @Test("a server that is down is not asked, and the next one is")
    func nextServer() throws {
        let network = try MemoryNetwork(worlds: 1, phonesOfEach: 2)
        let world = network.worlds[0]
        let (first, second) = (IPv4Address(bits: 0x0A01_0001), IPv4Address(bits: 0x0A01_0002))
        for (name, address) in [("tftp1", first), ("tftp2", second)] {
            var order = ServerOrder(name: name)
            (order.site, order.address) = (0, address)
            try world.setServer(order)
        }
        try world.setServers([first, second], ofSubnet: 0)
        try world.inject(FaultOrder(.serverDown, FaultScope(place: .server(0))))
        try network.push()
        #expect(network.run(seconds: 3_000))
        #expect(!network.askedServers.isEmpty)
        #expect(network.askedServers.allSatisfy { $0 == second })
    }

    @Test("what a phone that hangs was told it hears when it goes on")
    func frozen() throws {
        let network = try MemoryNetwork(worlds: 1, phonesOfEach: 3)
        let world = network.worlds[0]
        try network.push()
        _ = network.run(seconds: 12)
        let scope = FaultScope(place: .phones(PhoneSet([world.phones[0]])))
        try world.inject(FaultOrder(.freeze, scope, for: .seconds(3)))
        #expect(network.run(seconds: 600))
        network.expectUpgraded()
    }
}
