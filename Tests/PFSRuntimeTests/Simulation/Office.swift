// A small world for tests of whole upgrades: phones of one subnet, or of more, a load whose files are
// quickly moved, and what must hold of every upgrade, looked up in the log and in the tables.

import Testing

@testable import PFSRuntime

/// A world with the phones that a test adds.
final class Office {
    let world: World
    /// The load that `push` orders by default: a short manifest and one megabyte.
    let load: LoadID
    private var upgraded: [(phone: PhoneNumber, load: LoadID)] = []

    /// An office; without a WAN link the server is in the same place.
    init(
        seed: UInt64 = 1,
        wan: WANLink? = nil,
        files: [Int] = [600, 1_000_000],
        lanRateBitsPerSecond: Int64 = 100_000_000
    ) throws {
        world = World(seed: seed)
        try world.addSite("branch", wan: wan)
        try world.addSubnet(
            "voice",
            #require(IPv4Network("10.4.0.0/16")),
            site: 1,
            lanRateBitsPerSecond: lanRateBitsPerSecond
        )
        load = try Self.define(world, "SCCP41.9-9-9TEST", files)
        world.setEnterpriseSetting(LevelSetting(.on))
        world.logDetail = .trace
    }

    static func define(_ world: World, _ name: String, _ sizes: [Int]) throws -> LoadID {
        let files = sizes.enumerated().map { index, size in
            (name: index == 0 ? "\(name).loads" : "\(name)-\(index).sbn", sizeBytes: size)
        }
        return try world.defineLoad(name, version: nil, files: files)
    }

    func add(_ count: Int, model: String = "7961", subnet: Int = 0) throws -> [PhoneNumber] {
        var order = PhoneOrder(name: "P", model: try PhoneModel.named(model).id)
        order.subnet = subnet
        return try world.addPhones(count: count, prefix: "P\(model)s\(subnet)n", order)
    }

    func push(_ phones: [PhoneNumber], _ load: LoadID? = nil, stagger: Interval? = nil) throws {
        let wanted = load ?? self.load
        try world.setLoad(wanted, on: phones)
        upgraded.append(contentsOf: phones.map { ($0, wanted) })
        world.restart(.reset, phones, stagger: stagger)
    }

    // MARK: Time

    /// Lets the time pass until nobody has anything to do, at most two days.
    func finish(sourceLocation: SourceLocation = #_sourceLocation) {
        let limit = world.now + .seconds(172_800)
        while !world.isIdle, world.now < limit {
            _ = world.run(until: min(limit, world.now + .seconds(600)))
        }
        #expect(world.isIdle, "not finished at \(seconds) s", sourceLocation: sourceLocation)
    }

    /// Lets the time pass event by event until `isMet`; false when it is not met within an hour.
    func run(until isMet: () -> Bool) -> Bool {
        let limit = world.now + .seconds(3_600)
        while !isMet() {
            guard world.run(until: limit, budget: 1) == .spentBudget else { return false }
        }
        return true
    }

    /// Lets the time pass until a phone is in `state`, and answers it.
    func firstPhone(in state: PhoneState) -> PhoneNumber? {
        var found: PhoneNumber?
        _ = run {
            found = world.phones.first { world.state($0) == state }
            return found != nil
        }
        return found
    }

    func run(for length: Interval) { _ = world.run(until: world.now + length) }

    var seconds: Int64 { world.now.nanoseconds / 1_000_000_000 }

    // MARK: What happened

    var log: [LogRecord] { (0..<world.logCount).map { world.logRecord($0) } }

    /// How many lines of the log are of a kind.
    func count(_ isOfKind: (PeerNote) -> Bool) -> Int { log.filter { isOfKind($0.note) }.count }

    /// The first lines of the log that are of a kind.
    func lines(_ isOfKind: (PeerNote) -> Bool) -> [LogRecord] { log.filter { isOfKind($0.note) } }

    /// The deepest place that a phone was given for a file of the load.
    func depth(of file: Int, in load: LoadID? = nil) -> Int {
        let number = world.kernel.loads[Int((load ?? self.load).rawValue)].files[file]
        var deepest = 0
        for record in log where record.file == number {
            if case .accepted(by: _, let depth, transaction: _) = record.note {
                deepest = max(deepest, Int(depth))
            }
        }
        return deepest
    }

    /// Who gave a phone a file; nil for the server.
    func giver(of file: Int, to phone: PhoneNumber) -> PhoneNumber? {
        if case .phone(let giver, _) = world.origin(of: file, at: phone) { giver } else { nil }
    }
}

// MARK: What must hold

extension Office {
    /// Everyone that was to be upgraded, and is still there, runs its new load.
    func expectUpgraded(
        except failed: [PhoneNumber] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (phone, load) in upgraded where !failed.contains(phone) {
            guard world.state(phone) != .removed else { continue }
            #expect(
                world.runningLoad(phone) == load,
                "\(world.name(of: phone)) \(world.snapshot(phone).outcome)",
                sourceLocation: sourceLocation
            )
        }
        expectOrigins(sourceLocation: sourceLocation)
    }

    /// Everyone that runs its new load has each file from somewhere.
    func expectOrigins(
        _ comment: Comment = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (phone, load) in upgraded where world.runningLoad(phone) == load {
            for file in world.kernel.loads[Int(load.rawValue)].files.indices {
                guard case .none = world.origin(of: file, at: phone) else { continue }
                let name = world.name(of: phone)
                Issue.record(
                    "\(comment) \(name) has file \(file) from nowhere",
                    sourceLocation: sourceLocation
                )
            }
        }
    }

    /// The server was asked once for each instance, and otherwise only for reasons that are counted.
    func expectFetches(
        instances: Int,
        fallbacks: Int = 0,
        refetches: Int = 0,
        secondRoots: Int = 0,
        alone: Int = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var expected = FetchCounts()
        expected.instances = instances
        expected.first = instances
        expected.fallbacks = fallbacks
        expected.refetches = refetches
        expected.secondRoots = secondRoots
        expected.alone = alone
        #expect(world.fetchCounts == expected, sourceLocation: sourceLocation)
    }

    /// Nothing is left: no link, no transfer, no instance, no stage.
    func expectRest(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
        for phone in world.phones {
            let state = world.state(phone)
            #expect(state == .idle, comment, sourceLocation: sourceLocation)
            #expect(!world.peer(phone).servesChildren, comment, sourceLocation: sourceLocation)
        }
        #expect(world.transferCount == 0, comment, sourceLocation: sourceLocation)
        for instance in world.instances {
            #expect(instance.participants == 0, comment, sourceLocation: sourceLocation)
            #expect(instance.endedAt != .never, comment, sourceLocation: sourceLocation)
        }
    }

    /// Every instance that fetched at all has one fetch of its own, and every other is counted.
    func expectFetchIdentity(
        _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let counts = world.fetchCounts
        let fetching = world.instances.filter { $0.fetches > 0 }
        #expect(counts.first == fetching.count, comment, sourceLocation: sourceLocation)
        let shared = fetching.reduce(0) { $0 + $1.fetches }
        #expect(counts.total - counts.alone == shared, comment, sourceLocation: sourceLocation)
    }

    /// Only verified files were forwarded, and no file came before its giver held it.
    func expectStoreAndForward(sourceLocation: SourceLocation = #_sourceLocation) {
        var verified: [UInt64: Instant] = [:]
        var sent = 0
        for record in log {
            let key = key(record.phone, record.file)
            switch record.note {
            case .fileVerified:
                if verified[key] == nil { verified[key] = record.time }
            case .sendsFile:
                sent += 1
                let since = verified[key] ?? .never
                #expect(since <= record.time, sourceLocation: sourceLocation)
            default: break
            }
        }
        #expect(sent > 0, sourceLocation: sourceLocation)
        for (phone, load) in upgraded {
            for (index, file) in world.kernel.loads[Int(load.rawValue)].files.enumerated() {
                guard case .phone(let giver, let time) = world.origin(of: index, at: phone)
                else { continue }
                let since = verified[key(giver, file)] ?? .never
                #expect(since < time, sourceLocation: sourceLocation)
            }
        }
    }

    private func key(_ phone: PhoneNumber, _ file: FileNumber) -> UInt64 {
        UInt64(phone.index) << 16 | UInt64(file.index)
    }

    /// At this instant: parents and children are of one subnet and model, and no path is a circle.
    func expectSoundTrees(
        _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for phone in world.phones {
            var above = phone
            var steps = 0
            while let parent = parent(of: above), steps <= world.phoneCount {
                let isOfGroup =
                    world.subnet(of: parent) == world.subnet(of: phone)
                    && world.identity(parent).model == world.identity(phone).model
                #expect(isOfGroup, comment, sourceLocation: sourceLocation)
                above = parent
                steps += 1
            }
            #expect(steps <= world.phoneCount, comment, sourceLocation: sourceLocation)
        }
    }

    /// The parent of a phone for its present file, while that phone is at the same file or past it.
    private func parent(of phone: PhoneNumber) -> PhoneNumber? {
        let peer = world.peer(phone)
        guard peer.job != nil, peer.current < peer.fileCount else { return nil }
        let branch = peer.branches[peer.current]
        guard branch.parent.isOpen else { return nil }
        let subnet = world.kernel.subnets[world.subnet(of: phone)]
        guard let parent = subnet.phone(at: branch.parent.address),
            world.peer(parent).file == peer.file
        else { return nil }
        return parent
    }
}
