// Whole upgrades without failures: who becomes root, the shape of the tree, what the server is asked
// for, who takes part with whom.

import Testing

@testable import PFSRuntime

@Suite("Upgrades in which nothing fails")
struct UpgradeTests {
    @Test("three phones that start within 100 ms form one hierarchy for each file")
    func threePhones() throws {
        let office = try Office()
        let phones = try office.add(3)
        try office.push(phones, stagger: .milliseconds(50))
        office.finish()
        office.expectUpgraded()
        office.expectFetches(instances: 2)
        office.expectStoreAndForward()
        office.expectRest()
        #expect(office.depth(of: 0) == 1 && office.depth(of: 1) == 1)
        for file in 0...1 {
            let roots = phones.filter { office.giver(of: file, to: $0) == nil }
            #expect(roots.count == 1)
        }
    }

    @Test(
        "a tree of phones that start together is as flat as two children allow",
        arguments: [(1, 0), (2, 1), (3, 1), (4, 2), (7, 2), (8, 3), (15, 3), (16, 4), (31, 4)]
    )
    func depth(_ count: Int, _ depth: Int) throws {
        let office = try Office(files: [600, 200_000])
        try office.push(try office.add(count))
        while !office.world.isIdle {
            office.run(for: .milliseconds(500))
            office.expectSoundTrees()
        }
        office.expectUpgraded()
        office.expectFetches(instances: 2)
        office.expectRest()
        #expect(office.depth(of: 0) == depth)
        #expect(office.depth(of: 1) <= depth)
    }

    @Test("1,000 phones that start within 5 s take one copy of each file from the server")
    func thousand() throws {
        let office = try Office(files: [600, 20_000])
        let phones = try office.add(1_000)
        try office.push(phones, stagger: .milliseconds(5))
        office.finish()
        office.expectUpgraded()
        office.expectFetches(instances: 2)
        office.expectStoreAndForward()
        office.expectRest()
        #expect((1...9).contains(office.depth(of: 0)))
        #expect((1...9).contains(office.depth(of: 1)))
        for file in 0...1 {
            #expect(phones.filter { office.giver(of: file, to: $0) == nil }.count == 1)
        }
    }

    @Test("a latecomer joins the tree whose root is fetching")
    func latecomer() throws {
        let wan = WANLink(rateBitsPerSecond: 384_000, roundTrip: .milliseconds(150))
        let office = try Office(wan: wan)
        let phones = try office.add(3)
        let late = try office.add(1, model: "7961")
        try office.push(phones)
        #expect(office.firstPhone(in: .fetching) != nil)
        office.run(for: .seconds(30))
        #expect(phones.contains { office.world.state($0) == .fetching })
        try office.push(late)
        office.finish()
        office.expectUpgraded()
        office.expectFetches(instances: 2)
        office.expectStoreAndForward()
        office.expectRest()
        #expect(office.giver(of: 1, to: late[0]) != nil)
    }

    @Test("a holder gives the file to a latecomer when the root has gone, without the server")
    func holderIsAsked() throws {
        let office = try Office(files: [600])
        let phones = try office.add(3)
        let late = try office.add(1)
        try office.push(phones)
        #expect(office.run { phones.allSatisfy { office.world.state($0) == .serving } })
        let root = try #require(phones.first { office.giver(of: 0, to: $0) == nil })
        office.world.removePhone(root)
        office.run(for: .seconds(2))
        try office.push(late)
        office.finish()
        office.expectUpgraded()
        office.expectFetches(instances: 1)
        office.expectRest()
        #expect(office.count { if case .offered = $0 { true } else { false } } >= 1)
        #expect(office.giver(of: 0, to: late[0]).map { phones.contains($0) } == true)
    }

    @Test("a phone elects for the next file while others still receive the one before")
    func nextFile() throws {
        let office = try Office(files: [400_000, 400_000])
        let phones = try office.add(7)
        try office.push(phones)
        let both = office.run {
            let states = phones.map { office.world.snapshot($0) }
            return states.contains { $0.fileIndex == 1 && $0.state == .claiming }
                && states.contains { $0.fileIndex == 0 && $0.state == .receiving }
        }
        #expect(both)
        office.finish()
        office.expectUpgraded()
        office.expectFetches(instances: 2)
        office.expectStoreAndForward()
        office.expectRest()
    }

    @Test("each model of each subnet has a hierarchy of its own, and a 7960 fetches alone")
    func mixedSite() throws {
        let office = try Office()
        let network = try #require(IPv4Network("10.5.0.0/16"))
        try office.world.addSubnet("annex", network, site: 1)
        let seventies = try Office.define(office.world, "SCCP70.9-9-9TEST", [600, 300_000])
        let second = try Office.define(office.world, "P0039999TEST", [500, 300_000])
        for subnet in 0...1 {
            try office.push(try office.add(4, model: "7961", subnet: subnet))
            try office.push(try office.add(4, model: "7941", subnet: subnet))
            try office.push(try office.add(4, model: "7970", subnet: subnet), seventies)
        }
        let old = try office.add(2, model: "7960")
        try office.push(old, second)
        while !office.world.isIdle {
            office.run(for: .seconds(1))
            office.expectSoundTrees()
        }
        office.expectUpgraded()
        office.expectFetches(instances: 12, alone: 4)
        office.expectStoreAndForward()
        office.expectRest()
        for phone in old { #expect(office.world.sharedFiles(phone) == (0, 0)) }
        let alone = office.lines { $0 == .fetchAlone }.map(\.phone)
        #expect(Set(alone) == Set(old))
    }

    @Test("a file that two loads have in common has one hierarchy")
    func commonFile() throws {
        let office = try Office()
        let loads = try ["SCCP41.9-9-9ONE", "SCCP41.9-9-9TWO"].map { name in
            try office.world.defineLoad(
                name,
                version: nil,
                files: [
                    (name: "\(name).loads", sizeBytes: 600),
                    (name: "common.sbn", sizeBytes: 300_000),
                ]
            )
        }
        for load in loads { try office.push(try office.add(4), load) }
        office.finish()
        office.expectUpgraded()
        // Two manifests and one common file.
        office.expectFetches(instances: 3)
        office.expectStoreAndForward()
        office.expectRest()
    }

    @Test("a load that the server lacks stops everybody with reason 2, and nobody changes its load")
    func missingOnServer() throws {
        let office = try Office()
        office.world.setServer(holds: false, load: office.load)
        let phones = try office.add(9)
        let before = phones.map { office.world.runningLoad($0) }
        try office.push(phones)
        office.finish()
        office.expectRest()
        #expect(phones.map { office.world.runningLoad($0) } == before)
        for phone in phones {
            guard case .failed(.notFound, _) = office.world.snapshot(phone).outcome else {
                Issue.record("\(office.world.snapshot(phone).outcome)")
                continue
            }
        }
        #expect(office.world.fetchCounts.total == 0)
        #expect(office.world.fetchCounts.instances == 1)
    }

    @Test("a small file over a fast LAN does not overtake the Accept before it")
    func fastLAN() throws {
        let office = try Office(files: [64, 64], lanRateBitsPerSecond: 10_000_000_000)
        var parameters = office.world.parameters
        parameters.receiveBytesPerSecond = 0
        parameters.verify = .zero
        parameters.verifyPerMegabyte = .zero
        parameters.write = .zero
        parameters.writePerMegabyte = .zero
        try office.world.setParameters(peer: office.world.peerParameters, parameters)
        try office.push(try office.add(20))
        office.finish()
        office.expectUpgraded()
        office.expectFetches(instances: 2)
        office.expectRest()
    }
}
