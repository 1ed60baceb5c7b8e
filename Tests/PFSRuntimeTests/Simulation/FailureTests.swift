// Whole upgrades in which something goes wrong: a parent or the root is lost, phones restart, leave or
// are called off, the subnet is cut in two and heals.

import Testing

@testable import PFSRuntime

@Suite("Upgrades in which something fails")
struct FailureTests {
    private static let wan = WANLink(rateBitsPerSecond: 384_000, roundTrip: .milliseconds(150))

    /// Fifteen phones whose root fetches the second file for a while, and everybody has a place.
    private func formedTree(seed: UInt64 = 1) throws -> (office: Office, phones: [PhoneNumber]) {
        let office = try Office(seed: seed, wan: Self.wan)
        let phones = try office.add(15)
        try office.push(phones)
        let isFormed = office.run {
            phones.allSatisfy { phone in
                guard office.world.snapshot(phone).fileIndex == 1 else { return false }
                let state = office.world.state(phone)
                return state == .waiting || state == .fetching
            }
        }
        try #require(isFormed)
        return (office, phones)
    }

    /// A phone that has a parent and two children.
    private func middle(_ office: Office, _ phones: [PhoneNumber]) throws -> PhoneNumber {
        try #require(
            phones.first {
                let snapshot = office.world.snapshot($0)
                return snapshot.state == .waiting && snapshot.children.count == 2
            }
        )
    }

    private func losses(_ office: Office, after begin: Instant) -> [LogRecord] {
        office.lines { if case .parentLost = $0 { true } else { false } }
            .filter { $0.time >= begin }
    }

    @Test("children of a parent that restarts learn of it with the next Hold, and join again")
    func parentRestarts() throws {
        let (office, phones) = try formedTree()
        let parent = try middle(office, phones)
        let children = office.world.snapshot(parent).children
        let begin = office.world.now
        office.world.restart(.reset, [parent])
        office.finish()
        let lost = losses(office, after: begin)
        #expect(Set(lost.map(\.phone)).isSuperset(of: children))
        for record in lost where children.contains(record.phone) {
            #expect(record.time - begin <= .milliseconds(2_001))
        }
        office.expectUpgraded()
        // The phone that began anew fetched nothing: the others had both files by then.
        office.expectFetches(instances: 2)
        office.expectStoreAndForward()
        office.expectRest()
    }

    @Test("children of a parent that vanishes learn of it after 6 s of silence, and join again")
    func parentVanishes() throws {
        let (office, phones) = try formedTree()
        let parent = try middle(office, phones)
        let children = office.world.snapshot(parent).children
        let begin = office.world.now
        office.world.removePhone(parent)
        while office.world.now < begin + .seconds(30) {
            office.run(for: .milliseconds(100))
            office.expectSoundTrees()
        }
        let lost = losses(office, after: begin)
        #expect(Set(lost.map(\.phone)) == Set(children))
        for record in lost {
            // Its last Hold came up to 2 s before it vanished.
            #expect(record.time - begin >= .seconds(4) && record.time - begin <= .seconds(6))
        }
        office.finish()
        office.expectUpgraded()
        office.expectFetches(instances: 2)
        office.expectStoreAndForward()
        office.expectRest()
    }

    @Test("when the root vanishes its subtrees dissolve after 10 s and another root fetches again")
    func rootVanishes() throws {
        let (office, phones) = try formedTree()
        let root = try #require(phones.first { office.world.state($0) == .fetching })
        let begin = office.world.now
        office.world.removePhone(root)
        office.finish()
        let dissolved = office.lines { $0 == .dissolved }
        let heads = losses(office, after: begin).filter { $0.time - begin <= .seconds(6) }
        #expect(heads.count == 2)
        for head in heads {
            let end = dissolved.first { $0.phone == head.phone }
            #expect(end.map { $0.time - head.time } == .seconds(10))
        }
        // Nobody else lost its parent: the subtrees stayed whole until they were dissolved.
        #expect(losses(office, after: begin).count == 2)
        office.expectUpgraded()
        office.expectFetches(instances: 2, refetches: 1)
        office.expectStoreAndForward()
        office.expectRest()
    }

    @Test("a root that restarts during its fetch is replaced, and comes back as a member")
    func rootRestarts() throws {
        let (office, phones) = try formedTree()
        let root = try #require(phones.first { office.world.state($0) == .fetching })
        office.world.restart(.reset, [root])
        office.finish()
        office.expectUpgraded()
        let counts = office.world.fetchCounts
        #expect(counts.first == counts.instances)
        #expect((1...2).contains(counts.refetches + counts.secondRoots))
        #expect(counts.fallbacks == 0)
        office.expectRest()
    }

    @Test("a file keeps its origin when its giver vanishes while it is verified")
    func giverVanishes() throws {
        let office = try Office(files: [600])
        let phones = try office.add(3)
        try office.push(phones)
        var verifying: PhoneNumber?
        let isMet = office.run {
            verifying = phones.first {
                let peer = office.world.peer($0)
                guard case .verifying(.phone) = peer.stage else { return false }
                return true
            }
            return verifying != nil
        }
        try #require(isMet)
        let root = try #require(phones.first { office.world.snapshot($0).isRoot })
        office.world.removePhone(root)
        office.finish()
        office.expectUpgraded()
        #expect(try office.giver(of: 0, to: #require(verifying)) == root)
    }

    // MARK: A cut subnet

    /// Two phones each on both sides of a cut, whose two roots both wait for children.
    private func twoWaitingRoots() throws -> (office: Office, phones: [PhoneNumber]) {
        let office = try Office(wan: Self.wan, files: [600])
        let phones = try office.add(4)
        office.world.setSegment(1, of: Array(phones[2...]))
        try office.push(phones)
        let isMet = office.run {
            phones.filter { office.world.state($0) == .rooted }.count == 2
                && phones.filter { office.world.state($0) == .waiting }.count == 2
        }
        try #require(isMet)
        return (office, phones)
    }

    @Test("of two roots that wait when a cut heals one steps down with its child")
    func healedWhileWaiting() throws {
        let (office, phones) = try twoWaitingRoots()
        office.world.setSegment(0, of: phones)
        office.run(for: .seconds(3))
        #expect(office.count { if case .steppedDown = $0 { true } else { false } } == 1)
        #expect(phones.filter { office.world.snapshot($0).isRoot }.count == 1)
        office.expectSoundTrees()
        office.finish()
        office.expectUpgraded()
        office.expectFetches(instances: 1)
        office.expectRest()
        #expect(office.depth(of: 0) <= 2)
    }

    @Test("two roots that both fetch when a cut heals both finish")
    func healedWhileFetching() throws {
        let office = try Office(wan: Self.wan)
        let phones = try office.add(8)
        office.world.setSegment(1, of: Array(phones[4...]))
        try office.push(phones)
        let isMet = office.run {
            phones.filter {
                office.world.state($0) == .fetching && office.world.snapshot($0).fileIndex == 1
            }.count == 2
        }
        try #require(isMet)
        office.run(for: .seconds(2))
        office.world.setSegment(0, of: phones)
        office.finish()
        office.expectUpgraded()
        office.expectFetches(instances: 2, secondRoots: 2)
        office.expectStoreAndForward()
        office.expectRest()
    }

    @Test("a cut across a tree makes the far side elect a root of its own")
    func cutAcrossTree() throws {
        let (office, phones) = try formedTree()
        let far = phones.filter { $0.index % 2 == 0 }
        office.world.setSegment(1, of: far)
        office.run(for: .seconds(60))
        office.expectSoundTrees()
        office.world.setSegment(0, of: phones)
        office.finish()
        office.expectUpgraded()
        let counts = office.world.fetchCounts
        #expect(counts.first == counts.instances && counts.instances == 2)
        #expect(counts.secondRoots == 1)
        office.expectStoreAndForward()
        office.expectRest()
    }

    @Test("a cut while a file is on its way breaks the link, and everybody finishes in the end")
    func cutWhileReceiving() throws {
        for milliseconds in [100, 1_000, 5_000, 9_000] as [Int64] {
            let office = try Office(files: [600, 1_000_000])
            let phones = try office.add(6)
            try office.push(phones)
            let child = try #require(office.firstPhone(in: .receiving))
            office.world.setSegment(1, of: [child])
            office.run(for: .milliseconds(milliseconds))
            office.world.setSegment(0, of: [child])
            office.finish()
            office.expectUpgraded()
            office.expectStoreAndForward()
            office.expectRest("cut for \(milliseconds) ms")
            office.expectFetchIdentity()
        }
    }

    // MARK: At every stage

    private static let stages: [PhoneState] = [
        .listening, .claiming, .seeking, .joining, .waiting, .rooted, .fetching, .receiving,
        .verifying, .writing, .serving, .rebooting,
    ]

    @Test(
        "a phone unplugged at any stage does not keep the others from their load",
        arguments: stages
    )
    func removal(_ stage: PhoneState) throws {
        let office = try Office(wan: Self.wan, files: [600, 200_000])
        try office.push(try office.add(7))
        let phone = try #require(office.firstPhone(in: stage))
        office.world.removePhone(phone)
        #expect(office.world.state(phone) == .removed)
        office.finish()
        office.expectUpgraded()
        office.expectRest()
        office.expectFetchIdentity()
    }

    @Test("a phone that is reset at any stage gets its load after all", arguments: stages)
    func reset(_ stage: PhoneState) throws {
        let office = try Office(wan: Self.wan, files: [600, 200_000])
        try office.push(try office.add(7))
        let phone = try #require(office.firstPhone(in: stage))
        office.world.restart(.reset, [phone])
        office.finish()
        office.expectUpgraded()
        office.expectRest()
        office.expectFetchIdentity()
    }

    @Test(
        "a phone called off at any stage keeps its load, the others get theirs",
        arguments: stages
    )
    func cancel(_ stage: PhoneState) throws {
        let office = try Office(wan: Self.wan, files: [600, 200_000])
        try office.push(try office.add(7))
        let phone = try #require(office.firstPhone(in: stage))
        let before = office.world.runningLoad(phone)
        let called = office.world.cancel([phone])
        office.finish()
        guard stage != .rebooting else {
            office.expectUpgraded()
            return
        }
        #expect(called == [phone])
        #expect(office.world.runningLoad(phone) == before)
        guard case .failed(.cancelled, _) = office.world.snapshot(phone).outcome else {
            Issue.record("\(office.world.snapshot(phone).outcome)")
            return
        }
        office.expectUpgraded(except: [phone])
        office.expectRest()
    }
}
