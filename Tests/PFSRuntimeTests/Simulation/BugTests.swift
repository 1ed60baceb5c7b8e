// Known bugs in a world: for whom they are on, and what upgrades come to with them.

import Testing

@testable import PFSRuntime

@Suite("Known bugs") struct BugTests {
    @Test("a bug is on for all, for some, or for all but some, and put back to how a world begins")
    func switches() throws {
        let office = try Office()
        let phones = try office.add(3)
        let world = office.world
        func having(_ bug: KnownBug) -> [Int] {
            phones.indices.filter { world.bugs(of: phones[$0])[bug] }
        }
        #expect(having(.secondPhoneToServer) == [])
        try world.setBug(.secondPhoneToServer, true, on: [phones[1]])
        #expect(having(.secondPhoneToServer) == [1])
        try world.setBug(.secondPhoneToServer, true)
        #expect(having(.secondPhoneToServer) == [0, 1, 2])
        try world.setBug(.secondPhoneToServer, false, on: [phones[0]])
        #expect(having(.secondPhoneToServer) == [1, 2])
        let late = try office.add(1, model: "7941")[0]
        #expect(world.bugs(of: late)[.secondPhoneToServer])
        try world.setBug(.secondPhoneToServer, nil, on: [phones[1]])
        #expect(having(.secondPhoneToServer) == [2])
        try world.setBug(.secondPhoneToServer, nil)
        #expect(having(.secondPhoneToServer) == [] && world.bugSwitches == BugSwitches())
    }

    @Test("a bug that is about none of the phones is refused, and all stays as it is")
    func notConcerned() throws {
        let office = try Office()
        let phones = try office.add(2)
        #expect(throws: WorldError.notConcerned(bug: "CSCud66570", models: "CP-7931G")) {
            try office.world.setBug(.alwaysDisabled, false, on: phones)
        }
        #expect(office.world.bugSwitches == BugSwitches())
    }

    @Test("with CSCus67416 who hears a root fetches by itself, and nothing else is upset by it")
    func secondPhone() throws {
        let office = try Office(files: [600, 300_000, 200_000])
        office.world.checksInvariants = true
        let phones = try office.add(9)
        let sick = [phones[2], phones[6]]
        try office.world.setBug(.secondPhoneToServer, true, on: sick)
        try office.push(phones)
        office.finish()
        office.expectUpgraded()
        office.expectRest()
        #expect(office.world.checkInvariants() == nil)
        for phone in phones {
            let fromPeers = office.world.sharedFiles(phone).fromPeers
            #expect(sick.contains(phone) ? fromPeers == 0 : fromPeers > 0)
        }
        let alone = office.world.fetchCounts.alone
        #expect(alone > 0 && alone <= 6)
        office.expectFetches(instances: 3, alone: alone)
    }

    @Test("the same happens with every message as an event, with the bug on some phones")
    func everyMessage() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let prints = try [false, true].map { playsAll in
                let office = try Office(seed: seed, files: [600, 200_000, 90_000])
                let phones = try office.add(12)
                try office.world.setBug(.secondPhoneToServer, true, on: [phones[1], phones[5]])
                if playsAll { try office.world.playEveryMessage() }
                try office.push(phones)
                office.finish()
                office.expectUpgraded()
                return office.world.fingerprint
            }
            #expect(prints[0] == prints[1], "seed \(seed)")
        }
    }

    @Test("a switch acts from the next restart on")
    func fromRestart() throws {
        let office = try Office(files: [600, 4_000_000])
        let phones = try office.add(4)
        try office.push(phones)
        office.run(for: .seconds(1))
        try office.world.setBug(.secondPhoneToServer, true)
        office.finish()
        office.expectUpgraded()
        office.expectFetches(instances: 2)
        let other = try Office.define(office.world, "SCCP41.9-9-9NEXT", [600, 50_000])
        try office.push(phones, other)
        office.finish()
        #expect(office.world.fetchCounts.alone == 6)
    }

    /// Four phones of which the root of both files took nothing from a peer, all with CSCtg96408.
    private func dead() throws -> (office: Office, phones: [PhoneNumber], dead: [PhoneNumber]) {
        let office = try Office()
        office.world.checksInvariants = true
        let phones = try office.add(4)
        try office.world.setBug(.bootFailure, true)
        try office.push(phones)
        office.finish()
        let dead = phones.filter { office.world.state($0) == .dead }
        return (office, phones, dead)
    }

    @Test("with CSCtg96408 who took a file from a peer does not boot, and restarts do not help")
    func boot() throws {
        let (office, phones, dead) = try dead()
        let world = office.world
        #expect(!dead.isEmpty && dead == phones.filter { world.sharedFiles($0).fromPeers > 0 })
        #expect(world.checkInvariants() == nil)
        for phone in dead {
            #expect(world.runningLoad(phone) != office.load)
            #expect(world.snapshot(phone).outOfServiceSince != nil)
            #expect(world.deadSince(phone) != nil)
        }
        world.restart(.reset, dead)
        office.finish()
        #expect(world.applyConfiguration(dead).isEmpty && world.cancel(dead).isEmpty)
        try world.setBug(.bootFailure, false)
        world.restart(.restart, dead)
        try world.inject(FaultOrder(.reboot, FaultScope(place: .phones(PhoneSet(dead)))))
        let power = try world.inject(
            FaultOrder(.crash(keepsFlash: false), FaultScope(place: .everywhere))
        )
        office.run(for: .seconds(5))
        #expect(dead.allSatisfy { world.state($0) == .unpowered })
        world.heal(power.number)
        office.finish()
        #expect(dead.allSatisfy { world.state($0) == .dead })
        #expect(world.checkInvariants() == nil)
    }

    @Test("a factory reset brings a dead phone back")
    func factoryReset() throws {
        let (office, _, dead) = try dead()
        try office.world.setDefault(
            office.load,
            for: try PhoneModel.named("7961").id,
            .sccp
        )
        try office.world.factoryReset([dead[0]])
        office.finish()
        #expect(office.world.state(dead[0]) == .idle)
        #expect(office.world.runningLoad(dead[0]) == office.load)
        #expect(office.world.checkInvariants() == nil)
        #expect(dead.dropFirst().allSatisfy { office.world.state($0) == .dead })
    }

    @Test("a copy has the same bugs, device packs, templates and dead phones, and goes its own way")
    func copies() throws {
        let (office, _, dead) = try dead()
        let world = office.world
        let model = try PhoneModel.named("7961").id
        world.setDevicePack(.lacks, for: [model])
        try world.setTemplate(PhoneTemplate(name: "std", model: model, .sccp))
        let copy = world.copy()
        #expect(copy.bugSwitches == world.bugSwitches && copy.devicePacks == world.devicePacks)
        #expect(copy.phoneTemplates == world.phoneTemplates)
        #expect(copy.state(dead[0]) == .dead)
        try copy.setBug(.bootFailure, false)
        copy.setDevicePack(nil, for: [model])
        try copy.removeTemplate(named: "std")
        #expect(world.bugSwitches != copy.bugSwitches && !world.devicePacks.isEmpty)
        #expect(world.phoneTemplates.count == 1)
    }
}
