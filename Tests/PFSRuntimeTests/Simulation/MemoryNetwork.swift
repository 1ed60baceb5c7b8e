// A network of the tests' own, in memory and in virtual time: what attached worlds order is carried out here,
// so that several of them form one hierarchy without a socket.

import Testing

@testable import PFSRuntime

/// A network in memory: a message takes a millisecond, a file from a server two seconds, one from a parent a
/// half.
final class MemoryNetwork {
    let worlds: [World]
    var spoils = false
    private(set) var fetches = 0
    private(set) var strengths: Set<UInt32> = []
    private(set) var now = Instant.zero
    private var pending: [(at: Instant, what: () -> Void)] = []
    /// What phones do on the network, by their addresses.
    private var states: [IPv4Address: State] = [:]
    /// Files that were sent with other bytes than theirs.
    private(set) var wrongUploads = 0
    /// Servers that were asked, each time.
    private(set) var askedServers: [IPv4Address?] = []

    private struct State {
        var fetch = 0
        var uploads: [Upload] = []
        var reads = true
        var sends = true
        var isSpoiled = false
        var waiting: [NetworkEvent] = []
    }

    private struct Upload: Equatable {
        let file: String
        let child: IPv4Address
        let isWrong: Bool
    }
    private static let delay = Interval.milliseconds(1)
    private static let load = "SCCP41.9-4-2SR1-1S"

    init(worlds count: Int, phonesOfEach phones: Int) throws {
        let network = try #require(IPv4Network("10.4.0.0/24"))
        let model = try PhoneModel.named("7961").id
        worlds = try (0..<count).map { index in
            let world = World()
            try world.addSubnet("voice", network, site: 0)
            world.setEnterpriseSetting(LevelSetting(.on))
            for number in 0..<phones {
                var order = PhoneOrder(name: "p\(number)", model: model)
                order.address = IPv4Address("10.4.0.\(10 + index * 40 + number)")
                try world.addPhone(order)
            }
            try world.attach(subnet: 0)
            return world
        }
    }

    func load(_ world: World) -> LoadID? { try? world.catalog.find(Self.load).id }

    /// Every phone of every world runs the load that was pushed.
    func expectUpgraded(sourceLocation: SourceLocation = #_sourceLocation) {
        for world in worlds {
            for phone in world.phones {
                let isDone = world.runningLoad(phone) == load(world)
                #expect(isDone, "\(world.name(of: phone))", sourceLocation: sourceLocation)
            }
        }
    }

    func push() throws {
        for world in worlds {
            let load = try world.catalog.find(Self.load).id
            try world.setLoad(load, on: world.phones)
            world.restart(.reset, world.phones)
        }
    }

    /// Lets time pass, to what comes next but never by less than a millisecond, until all worlds are idle; false when the time is over.
    func run(seconds: Int64) -> Bool {
        let limit = now + .seconds(seconds)
        while now < limit {
            let due = worlds.compactMap(\.nextEventAt) + pending.map(\.at)
            now = max(now + Self.delay, min(due.min() ?? limit, limit))
            for world in worlds { _ = world.run(until: now) }
            let ready = pending.filter { $0.at <= now }
            pending.removeAll { $0.at <= now }
            for event in ready { event.what() }
            for world in worlds {
                for order in world.takeNetworkOrders() { carryOut(order, of: world) }
            }
            if worlds.allSatisfy(\.isIdle), pending.isEmpty { return true }
        }
        return false
    }

    private func later(_ delay: Interval = delay, _ what: @escaping () -> Void) {
        pending.append((now + delay, what))
    }

    /// The world and phone at an address.
    private func owner(_ address: IPv4Address) -> (world: World, phone: PhoneNumber)? {
        for world in worlds {
            if let phone = world.phones.first(where: { world.address(of: $0) == address }) {
                return (world, phone)
            }
        }
        return nil
    }

    private func tell(_ address: IPv4Address, _ event: NetworkEvent) {
        later { [self] in hand(event, to: address) }
    }

    private func hand(_ event: NetworkEvent, to address: IPv4Address) {
        guard states[address]?.reads ?? true else {
            states[address]?.waiting.append(event)
            return
        }
        guard let (world, phone) = owner(address) else { return }
        world.report(event, to: phone, incarnation: world.incarnation(of: phone))
    }

    private func carryOut(_ order: NetworkOrder, of world: World) {
        let own = world.address(of: order.phone)
        switch order.action {
        case .appear, .vanish: states[own] = State(fetch: (states[own]?.fetch ?? 0) + 1)
        case .endDownload: states[own, default: State()].fetch += 1
        case .endUpload(let file, to: let address):
            let name = world.fileName(file)
            states[own]?.uploads.removeAll { $0.file == name && $0.child == address }
        case .broadcast(let message, let file, at: _):
            if case .claim(let claim) = message { strengths.insert(claim.strength) }
            let name = world.fileName(file)
            guard
                let wire = try? WirePeerMessage(
                    modelName: "CP-7961G",
                    fileName: name,
                    message: message
                )
            else { return }
            later { [self] in for other in worlds { other.hear(wire, from: own) } }
        case .send(let message, let file, to: let address):
            tell(address, .received(message, file, from: own))
        case .close(let file, let address):
            states[own]?.uploads.removeAll { $0.child == address }
            states[address]?.uploads.removeAll { $0.child == own }
            tell(address, .linkLost(file, own))
        case .upload(let file, to: let address, let isWrong):
            if isWrong { wrongUploads += 1 }
            let upload = Upload(file: world.fileName(file), child: address, isWrong: isWrong)
            states[own, default: State()].uploads.append(upload)
            tell(address, .progress(bytes: 0, from: own))
            later(.milliseconds(500)) { [self] in finish(upload, file, from: own) }
        case .fetch(let file, from: let server, blockDelay: _):
            fetches += 1
            askedServers.append(server)
            states[own, default: State()].fetch += 1
            let number = states[own]?.fetch
            later(.seconds(2)) { [self] in
                guard states[own]?.fetch == number else { return }
                states[own]?.isSpoiled = false
                hand(.fetchEnded(.done, server: server, bytes: world.fileBytes(file)), to: own)
            }
        case .spoil: states[own, default: State()].isSpoiled = true
        case .verify:
            tell(own, .verified(!spoils && !(states[own]?.isSpoiled ?? false)))
            states[own]?.isSpoiled = false
        case .write: tell(own, .written)
        case .restrain(let reads, let sends):
            states[own, default: State()].reads = reads
            states[own, default: State()].sends = sends
            guard reads else { return }
            for event in states[own]?.waiting ?? [] { tell(own, event) }
            states[own]?.waiting = []
        }
    }

    private func finish(_ upload: Upload, _ file: FileNumber, from parent: IPv4Address) {
        guard let state = states[parent], state.uploads.contains(upload) else { return }
        guard state.sends else {
            later(.milliseconds(500)) { [self] in finish(upload, file, from: parent) }
            return
        }
        states[parent]?.uploads.removeAll { $0 == upload }
        states[upload.child]?.isSpoiled = upload.isWrong
        hand(.fileArrived(file, from: parent), to: upload.child)
    }
}
