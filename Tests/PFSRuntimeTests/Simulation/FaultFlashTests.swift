// Faults of flash and power: what a phone has after them is its old load or the whole new one, or it takes
// the load from the server in a recovery.

import Testing

@testable import PFSRuntime

@Suite("Faults of flash")
struct FaultFlashTests {
    private func office(_ phones: Int, seed: UInt64 = 1) throws -> Office {
        let wan = WANLink(rateBitsPerSecond: 2_000_000, roundTrip: .milliseconds(20))
        let office = try Office(seed: seed, wan: wan, files: [600, 400_000, 300_000])
        try office.push(try office.add(phones))
        office.world.checksInvariants = true
        return office
    }

    private var all: FaultScope { FaultScope(place: .phones(.everyone)) }

    @Test("with its flash kept a phone goes on with the file that it had not written")
    func keptFlash() throws {
        var fetched: [Int] = []
        for keepsFlash in [true, false] {
            let office = try office(1)
            let phone = PhoneNumber(0)
            _ = office.run { office.world.snapshot(phone).fileIndex == 2 }
            let before = office.world.fetchCounts.total
            try office.world.inject(
                FaultOrder(.crash(keepsFlash: keepsFlash), all, for: .seconds(30))
            )
            office.finish()
            office.expectUpgraded()
            #expect(office.world.checkInvariants() == nil)
            fetched.append(office.world.fetchCounts.total - before)
        }
        #expect(fetched == [1, 3])
    }

    @Test("with every file in flash it only activates the load")
    func keptEverything() throws {
        let office = try office(2)
        _ = office.run { office.world.phones.allSatisfy { office.world.state($0) == .serving } }
        let before = office.world.fetchCounts.total
        try office.world.inject(
            FaultOrder(.crash(keepsFlash: true), all, for: .seconds(10))
        )
        office.finish()
        office.expectUpgraded()
        #expect(office.world.fetchCounts.total == before)
        #expect(office.world.checkInvariants() == nil)
    }

    @Test("what was kept is of no use for another load, and a second crash may lose it")
    func keptInVain() throws {
        let office = try office(1)
        let phone = PhoneNumber(0)
        let other = try Office.define(office.world, "SCCP41.9-9-9OTHER", [600, 90_000])
        _ = office.run { office.world.snapshot(phone).fileIndex == 2 }
        let first = try office.world.inject(FaultOrder(.crash(keepsFlash: true), all))
        let second = try office.world.inject(FaultOrder(.crash(keepsFlash: false), all))
        office.world.heal(first.number)
        office.world.heal(second.number)
        #expect(office.world.snapshot(phone).fileIndex == 0)
        _ = office.run { office.world.snapshot(phone).fileIndex == 1 }
        let third = try office.world.inject(FaultOrder(.crash(keepsFlash: true), all))
        try office.world.setLoad(other, on: [phone])
        office.world.heal(third.number)
        #expect(office.world.snapshot(phone).fileIndex == 0)
        office.finish()
        #expect(office.world.runningLoad(phone) == other)
        #expect(office.world.checkInvariants() == nil)
    }

    @Test("the power goes while a file is written: the old load runs, and all is fetched again")
    func powerLossInFile() throws {
        let office = try office(1)
        let phone = PhoneNumber(0)
        let old = office.world.runningLoad(phone)
        var scope = all
        scope.file = 1
        try office.world.inject(FaultOrder(.powerLoss, scope, for: .seconds(120)))
        let written = office.run { office.world.state(phone) == .unpowered }
        #expect(written)
        #expect(office.world.runningLoad(phone) == old)
        #expect(office.count { $0 == .fileWritten } == 1)
        #expect(office.world.faults.first?.hits == 1)
        office.finish()
        office.expectUpgraded()
        #expect(office.world.fetchCounts.total == 5)
        #expect(office.world.checkInvariants() == nil)
    }

    @Test("the power goes while the load is activated: the old load or a recovery, never a mixture")
    func powerLossInActivation() throws {
        var recoveries = 0
        for seed in 1...12 as ClosedRange<UInt64> {
            let office = try office(1, seed: seed)
            let phone = PhoneNumber(0)
            let old = office.world.runningLoad(phone)
            _ = office.run { office.world.state(phone) == .serving }
            try office.world.inject(FaultOrder(.powerLoss, all, for: .seconds(200)))
            #expect(office.run { office.world.state(phone) == .unpowered })
            let running = office.world.runningLoad(phone)
            let isRecovery = running == office.world.catalog.unknownLoad
            #expect(isRecovery || running == old)
            recoveries += isRecovery ? 1 : 0
            let alone = office.world.fetchCounts.alone
            office.finish()
            office.expectUpgraded()
            // In a recovery it takes everything from the server by itself.
            #expect(office.world.fetchCounts.alone - alone == (isRecovery ? 3 : 0))
            #expect(office.world.checkInvariants() == nil)
        }
        #expect(recoveries > 2 && recoveries < 10)
    }

    @Test("a recovery that finds no server fails with a reason, and a reset tries again")
    func recoveryWithoutServer() throws {
        let office = try office(1, seed: 3)
        let phone = PhoneNumber(0)
        var isRecovery = false
        for _ in 0..<20 where !isRecovery {
            _ = office.run { office.world.state(phone) == .serving }
            let fault = try office.world.inject(FaultOrder(.powerLoss, all))
            _ = office.run { office.world.state(phone) == .unpowered }
            isRecovery = office.world.runningLoad(phone) == office.world.catalog.unknownLoad
            if isRecovery {
                try office.world.inject(
                    FaultOrder(.serverDown, FaultScope(place: .server(0)))
                )
            }
            office.world.heal(fault.number)
        }
        #expect(isRecovery)
        office.finish()
        guard case .failed(.timedOut, _) = office.world.outcome(of: phone) else {
            Issue.record("\(office.world.outcome(of: phone))")
            return
        }
        office.world.healAll()
        office.world.restart(.reset, [phone])
        office.finish()
        office.expectUpgraded()
        #expect(office.world.checkInvariants() == nil)
    }

    @Test("without room the upgrade ends with reason 3, and children find another parent")
    func diskFull() throws {
        let office = try office(4)
        let root = try #require(office.firstPhone(in: .fetching))
        try office.world.inject(
            FaultOrder(.diskFull, FaultScope(place: .phones(PhoneSet([root]))))
        )
        office.finish()
        guard case .failed(.phoneError, _) = office.world.outcome(of: root) else {
            Issue.record("\(office.world.outcome(of: root))")
            return
        }
        office.expectUpgraded(except: [root])
        #expect(office.world.checkInvariants() == nil)
    }

    @Test("a slow disk takes so many times as long, and two of them multiply")
    func slowDisk() throws {
        var times: [Interval] = []
        for faults in [[], [3], [3, 2]] {
            let office = try office(1)
            for factor in faults {
                var scope = all
                scope.file = 1
                try office.world.inject(FaultOrder(.slowDisk(factor), scope))
            }
            office.finish()
            office.expectUpgraded()
            let lines = office.lines { $0 == .fileVerified || $0 == .fileWritten }
            times.append(lines[3].time - lines[2].time)
        }
        #expect(times[1] == times[0] * 3)
        #expect(times[2] == times[0] * 6)
    }

    @Test("a file that is not in flash is written again, three times in all")
    func corruptBlock() throws {
        for (nth, isGood) in [(1, true), (nil, false)] as [(Int?, Bool)] {
            let office = try office(1)
            var scope = all
            scope.file = 1
            scope.nth = nth
            let fault = try office.world.inject(FaultOrder(.corruptBlock, scope))
            office.finish()
            if isGood {
                office.expectUpgraded()
                #expect(office.world.fetchCounts.total == 3)
                #expect(office.world.fault(fault.number)?.hits == 1)
            } else {
                guard case .failed(.notIntact, _) = office.world.outcome(of: PhoneNumber(0)) else {
                    Issue.record("\(office.world.outcome(of: PhoneNumber(0)))")
                    continue
                }
                #expect(office.world.fault(fault.number)?.hits == 3)
            }
            #expect(office.world.checkInvariants() == nil)
        }
    }

    @Test("after a factory reset the rules about loads hold too")
    func factoryReset() throws {
        let world = World(seed: 1)
        try world.addSubnet("voice", #require(IPv4Network("10.4.0.0/24")), site: 0)
        let model = try PhoneModel.named("7961").id
        let phones = try world.addPhones(
            count: 1,
            prefix: "P",
            PhoneOrder(name: "P", model: model)
        )
        world.checksInvariants = true
        let load = try Office.define(world, "SCCP41.9-9-9TEST", [600, 90_000])
        try world.setLoad(load, on: phones)
        try world.factoryReset(phones)
        #expect(world.checkInvariants() == nil)
        while !world.isIdle { _ = world.run(until: world.now + .seconds(600)) }
        #expect(world.runningLoad(phones[0]) == load)
        #expect(world.checkInvariants() == nil)
    }
}
