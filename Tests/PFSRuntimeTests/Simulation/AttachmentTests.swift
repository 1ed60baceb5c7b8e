// Attached worlds on a network of the test's own: what they order is carried out in memory, so that several
// worlds form one hierarchy without a socket, in virtual time.

import Testing

@testable import PFSRuntime

@Suite("Attached worlds") struct AttachmentTests {
    @Test("three worlds form one hierarchy, and one phone of them fetches each file")
    func threeWorlds() throws {
        let network = try MemoryNetwork(worlds: 3, phonesOfEach: 3)
        try network.push()
        #expect(network.run(seconds: 400), "not done at \(network.now.nanoseconds) ns")
        #expect(network.fetches == 6)
        for world in network.worlds {
            for phone in world.phones { #expect(world.runningLoad(phone) == network.load(world)) }
        }
        // All but the root of a file have it from a phone, of their own world or of another one.
        let givers = network.worlds.flatMap { world in
            world.phones.map { world.origin(of: 0, at: $0) }
        }
        let counts = givers.reduce(into: [0, 0, 0]) { counts, origin in
            switch origin {
            case .server: counts[0] += 1
            case .phone: counts[1] += 1
            case .elsewhere: counts[2] += 1
            case .none: Issue.record("a phone without the file")
            }
        }
        #expect(counts[0] == 1)
        #expect(counts[2] > 0)
        #expect(counts.reduce(0, +) == 9)
    }

    @Test("phones of different worlds draw different strengths from the same seed")
    func draws() throws {
        let network = try MemoryNetwork(worlds: 2, phonesOfEach: 2)
        try network.push()
        _ = network.run(seconds: 2)
        #expect(network.strengths.count >= 2)
    }

    @Test("a file that does not verify is asked for again, and three bad copies end the upgrade")
    func badCopies() throws {
        let network = try MemoryNetwork(worlds: 1, phonesOfEach: 2)
        network.spoils = true
        try network.push()
        #expect(network.run(seconds: 400))
        for phone in network.worlds[0].phones {
            guard case .failed(.notIntact, _) = network.worlds[0].outcome(of: phone) else {
                Issue.record("\(network.worlds[0].outcome(of: phone))")
                continue
            }
        }
    }

    @Test("what is pinned goes with a phone to another address")
    func pinsMove() throws {
        let world = World(seed: 1)
        try world.addSubnet("voice", try #require(IPv4Network("10.4.0.0/24")))
        let model = try #require(PhoneModel.all.first { $0.name == "CP-7961G" })
        let order = PhoneOrder(name: "P", model: model.id)
        let phones = try world.addPhones(count: 2, prefix: "P", order)
        try world.pin(phones[0], file: 3, .strength, 0x7FFF_FFFF)
        let (old, new) = (world.address(of: phones[0]), try #require(IPv4Address("10.4.0.77")))
        try world.readdress(phones[0], to: new)
        #expect(world.pins.map(\.address) == [new] && world.kernel.context.pins == world.pins)
        #expect(world.pins.first?.value == 0x7FFF_FFFF && world.pins.first?.file == 3)
        // Who comes to the old address has nothing of it.
        try world.readdress(phones[1], to: old)
        #expect(world.pins.map(\.address) == [new])
    }

    @Test("answers to a life that is over mean nothing")
    func staleAnswers() throws {
        let network = try MemoryNetwork(worlds: 1, phonesOfEach: 1)
        try network.push()
        _ = network.run(seconds: 1)
        let world = network.worlds[0]
        let phone = world.phones[0]
        let old = world.incarnation(of: phone)
        world.restart(.reset, [phone])
        _ = world.run(until: world.now + .seconds(1))
        #expect(world.incarnation(of: phone) != old)
        #expect(!world.report(.written, to: phone, incarnation: old))
        #expect(!world.report(.written, to: phone, incarnation: world.incarnation(of: phone)))
    }

    @Test(
        "a world with an upgrade under way, or without phones, cannot be attached; detaching calls off"
    )
    func refusals() throws {
        let network = try MemoryNetwork(worlds: 1, phonesOfEach: 2)
        #expect(throws: AttachmentError.alreadyAttached) { try network.worlds[0].attach(subnet: 0) }
        try network.push()
        _ = network.run(seconds: 1)
        let orders = network.worlds[0].detach()
        #expect(orders.contains { $0.action == .vanish })
        #expect(network.worlds[0].attachedSubnet == nil)
        _ = network.worlds[0].run(until: network.worlds[0].now + .seconds(1))
        #expect(network.worlds[0].isIdle)
    }
}
