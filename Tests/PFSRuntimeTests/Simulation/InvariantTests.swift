// The invariants themselves: that they are declared once each, that looking after them changes nothing,
// and that each planted defect breaks the rule that stands against it.

import Testing

@testable import PFSRuntime

@Suite("Invariants")
struct InvariantTests {
    @Test("each rule has a name and a sentence of its own")
    func declarations() {
        #expect(Set(Invariant.allCases.map(\.name)).count == Invariant.allCases.count)
        #expect(Set(Invariant.allCases.map(\.rule)).count == Invariant.allCases.count)
        #expect(Set(PlantedDefect.allCases.map(\.name)).count == PlantedDefect.allCases.count)
        for invariant in Invariant.allCases {
            #expect(invariant.name.allSatisfy { $0.isLowercase || $0 == "-" })
            #expect(invariant.mark != .unknown)
        }
    }

    private func upgraded(watched: Bool, _ prepare: (Office) throws -> Void = { _ in }) throws
        -> Office
    {
        let office = try Office(seed: 11, files: [600, 200_000, 90_000])
        try prepare(office)
        office.world.checksInvariants = watched
        try office.push(try office.add(15))
        return office
    }

    @Test("looking after the rules changes no event, and finds nothing in a calm upgrade")
    func changesNothing() throws {
        let plain = try upgraded(watched: false)
        let watched = try upgraded(watched: true)
        for office in [plain, watched] { office.finish() }
        #expect(plain.world.fingerprint == watched.world.fingerprint)
        #expect(plain.world.eventCount == watched.world.eventCount)
        #expect(watched.world.checkInvariants() == nil)
        #expect(watched.world.invariantCounts.checks > 1_000)
        #expect(plain.world.checkInvariants() == nil && plain.world.invariantCounts.checks == 0)
    }

    @Test("rules can be looked after from the middle of a run on")
    func fromTheMiddle() throws {
        for budget in [40, 400, 1_500, 3_000] {
            let office = try upgraded(watched: false)
            _ = office.world.run(until: .never, budget: budget)
            office.world.checksInvariants = true
            #expect(office.world.checkInvariants() == nil)
            office.finish()
            #expect(office.world.checkInvariants() == nil, "from event \(budget)")
        }
    }

    @Test("a copy of a world looks after its own phones")
    func copies() throws {
        let office = try upgraded(watched: true)
        _ = office.world.run(until: .never, budget: 900)
        let copy = office.world.copy()
        while copy.runUntilIdle(budget: .max) == .spentBudget {}
        #expect(copy.checkInvariants() == nil)
        office.finish()
        #expect(office.world.checkInvariants() == nil)
    }

    @Test(
        "a defect that shows in a calm upgrade breaks its rule and stops the run",
        arguments: [
            (PlantedDefect.skippedVerification, Invariant.verifiedOnly),
            (.thirdChild, .childLimit), (.doubleRoot, .oneRoot), (.reorderedFiles, .fileOrder),
            (.lostTimer, .timers),
        ]
    )
    func planted(_ defect: PlantedDefect, _ rule: Invariant) throws {
        let office = try upgraded(watched: true) { office in
            var parameters = PeerParameters()
            parameters.planted[defect] = true
            try office.world.setParameters(peer: parameters, SimulationParameters())
        }
        let limit = office.world.now + .seconds(3_600)
        #expect(office.world.run(until: limit) == .brokenInvariant)
        let broken = try #require(office.world.brokenInvariant)
        #expect(broken.invariant == rule, "\(office.world.text(broken))")
        #expect(broken.seed == 11 && broken.time == office.world.now)
        let events = office.world.eventCount
        #expect(office.world.run(until: limit) == .brokenInvariant)
        #expect(office.world.eventCount == events, "nothing happens any more")
        office.world.checksInvariants = false
        #expect(office.world.run(until: limit, budget: 1) == .spentBudget)
    }

    @Test("a place that a server never takes back is found when all is over")
    func leak() throws {
        let office = try Office(files: [600, 2_000_000])
        var parameters = PeerParameters()
        parameters.planted[.leak] = true
        try office.world.setParameters(peer: parameters, SimulationParameters())
        office.world.checksInvariants = true
        let phones = try office.add(1)
        try office.push(phones)
        _ = try #require(office.firstPhone(in: .fetching))
        office.run(for: .milliseconds(1))
        _ = office.world.cancel(phones)
        office.finish()
        #expect(office.world.checkInvariants()?.invariant == .nothingLeft)
    }

    @Test("every step that random worlds make is declared")
    func declaredSteps() throws {
        var reached = ProtocolCoverage()
        for seed in 1...30 as ClosedRange<UInt64> {
            var plan = try RandomWorld(seed: seed, isCalm: false)
            plan.office.world.countCoverage()
            for mishap in plan.mishaps {
                _ = plan.office.world.run(until: .zero + mishap.after)
                plan.carryOut(mishap)
            }
            plan.office.run(for: .seconds(7_200))
            reached.add(try #require(plan.office.world.coverage))
        }
        #expect(reached.undeclared.map(\.name) == [])
        for state in ProtocolState.allCases { #expect(reached.count(of: state) > 0, "\(state)") }
        #expect(ProtocolCoverage(numbers: reached.numbers) == reached)
        #expect(ProtocolCoverage(numbers: [1, 2]) == nil)
    }
}
