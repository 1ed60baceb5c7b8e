// Many small worlds made up at random: models, subnets, spreads, a WAN or none, and phones that restart,
// vanish, are called off or are cut off at random times. Whatever happens, what must hold of every
// upgrade holds at every look, and in the end nobody is left in the middle of something.

import Testing

@testable import PFSRuntime

@Suite("Random small worlds")
struct SwarmTests {
    private func check(_ seed: RepeatableSeed, isCalm: Bool) throws {
        var plan = try RandomWorld(seed: seed.seed, isCalm: isCalm)
        let office = plan.office
        let comment = Comment(rawValue: "\(seed)")
        for mishap in plan.mishaps {
            _ = office.world.run(until: .zero + mishap.after)
            plan.carryOut(mishap)
            #expect(office.world.checkInvariants() == nil, comment)
        }
        if plan.mishaps.contains(where: { $0.kind == .cut }) {
            office.run(for: .seconds(15))
            office.world.setSegment(0, of: office.world.phones)
        }
        let limit = office.world.now + .seconds(14_400)
        while !office.world.isIdle, office.world.now < limit {
            office.run(for: .seconds(20))
            guard office.world.checkInvariants() == nil else { break }
        }
        #expect(office.world.isIdle, comment)
        let broken = office.world.checkInvariants().map { office.world.text($0) }
        #expect(broken == nil, comment)
        office.expectOrigins(comment)
        for phone in office.world.phones {
            switch office.world.snapshot(phone).outcome {
            case .none: Issue.record("\(seed): \(office.world.name(of: phone)) has no outcome")
            case .succeeded: #expect(office.world.runningLoad(phone) == office.load, comment)
            case .failed(let reason, _):
                let isCalledOff = reason == .cancelled && plan.mayFail.contains(phone)
                let isMissing = reason == .notFound && plan.serverWasEmpty
                let isTimedOut = reason == .timedOut && plan.mayTimeOut.contains(phone)
                #expect(isCalledOff || isMissing || isTimedOut, "\(seed): \(reason)")
            }
        }
        if isCalm {
            let counts = office.world.fetchCounts
            // Who starts when the others leave may find nobody to ask: that is one fetch more.
            let isClose = plan.spread <= .milliseconds(100)
            #expect(counts.refetches == 0 || !isClose, comment)
            // Where phones give what they run, an instance may need no fetch.
            let needed = office.world.parameters.servesWhenDone ? 0 : counts.instances
            let fetched = counts.total - counts.refetches
            #expect((needed...counts.instances).contains(fetched), comment)
        }
        #expect(office.world.ignoredCount(.unexpectedHere) < 20, comment)
    }

    @Test("with nothing going wrong every instance fetches once", arguments: calm)
    private func calmWorlds(_ seed: RepeatableSeed) throws { try check(seed, isCalm: true) }

    @Test("whatever goes wrong, all end with the load or a recorded reason", arguments: rough)
    private func roughWorlds(_ seed: RepeatableSeed) throws { try check(seed, isCalm: false) }

    private static let calm = RepeatableSeed.all(50, suite: "SwarmTests")
    private static let rough = RepeatableSeed.all(200, suite: "SwarmTests")
}
