// The same seed and orders give the same run, whatever is logged and however the run is cut up; and a
// phone more changes nothing that the others draw.

import Testing

@testable import PFSRuntime

@Suite("Determinism")
struct DeterminismTests {
    private func pushed(
        seed: UInt64 = 5,
        count: Int = 12,
        _ detail: World.LogDetail = .console
    ) throws -> Office {
        let office = try Office(seed: seed, files: [600, 200_000])
        office.world.logDetail = detail
        try office.push(try office.add(count))
        return office
    }

    private func lines(_ office: Office) -> [String] {
        office.log.map { "\(office.world.name(of: $0.phone)) \(office.world.consoleLine($0))" }
    }

    @Test("the same seed gives the same fingerprint and log, another seed another")
    func sameSeed() throws {
        let runs = try ([5, 5, 6] as [UInt64]).map { seed in
            let office = try pushed(seed: seed)
            office.finish()
            return office
        }
        #expect(runs[0].world.fingerprint == runs[1].world.fingerprint)
        #expect(lines(runs[0]) == lines(runs[1]))
        #expect(runs[0].world.fingerprint != runs[2].world.fingerprint)
    }

    @Test("what is logged or traced does not change what happens")
    func logDetail() throws {
        var logged: [Int] = []
        var prints: Set<UInt64> = []
        for detail in [.off, .console, .trace] as [World.LogDetail] {
            let office = try pushed(detail)
            office.world.isTracing = detail == .trace
            office.finish()
            logged.append(office.world.logCount)
            prints.insert(office.world.fingerprint)
        }
        #expect(prints.count == 1)
        #expect(logged[0] == 0 && logged[0] < logged[1] && logged[1] < logged[2])
        let traced = try pushed(.trace)
        traced.finish()
        let shown = traced.log.filter { !$0.note.kind.isTrace }
        let plain = try pushed(.console)
        plain.finish()
        #expect(shown.map(\.time) == plain.log.map(\.time))
        #expect(shown.map(\.note) == plain.log.map(\.note))
    }

    @Test("a copy goes on as the world itself does, and neither touches the other")
    func copies() throws {
        let office = try pushed(seed: 7)
        for _ in 0..<40 {
            _ = office.world.run(until: .never, budget: 50)
            if office.world.isIdle { break }
            let copy = office.world.copy()
            #expect(copy.now == office.world.now)
            let before = office.world.fingerprint
            #expect(copy.fingerprint == before)
            while copy.runUntilIdle(budget: .max) != .idle {}
            #expect(office.world.fingerprint == before)
            let whole = try pushed(seed: 7)
            while whole.world.runUntilIdle(budget: .max) != .idle {}
            #expect(copy.fingerprint == whole.world.fingerprint)
            #expect(copy.now == whole.world.now && copy.logCount == whole.world.logCount)
        }
        #expect(office.world.eventCount > 300)
    }

    @Test("a run in small pieces is the run in one", arguments: [1, 7, 1_000])
    func budgets(_ budget: Int) throws {
        let whole = try pushed()
        #expect(whole.world.runUntilIdle(budget: .max) == .idle)
        let pieces = try pushed()
        while pieces.world.runUntilIdle(budget: budget) != .idle {}
        #expect(pieces.world.fingerprint == whole.world.fingerprint)
        #expect(pieces.world.eventCount == whole.world.eventCount)
        #expect(pieces.world.now == whole.world.now)
        #expect(lines(pieces) == lines(whole))
        let steps = try pushed()
        while !steps.world.isIdle { steps.run(for: .milliseconds(Int64(budget))) }
        #expect(steps.world.fetchCounts == whole.world.fetchCounts)
        #expect(lines(steps).starts(with: lines(whole)))
    }

    @Test("one phone more leaves the delays, starts and strengths of the others as they were")
    func onePhoneMore() throws {
        let few = try pushed(count: 12)
        let more = try pushed(count: 13)
        for office in [few, more] { office.run(for: .milliseconds(1_520)) }
        let phones = few.world.phones
        for phone in phones {
            #expect(few.world.lanDelay(to: phone) == more.world.lanDelay(to: phone))
        }
        // Everybody has started by now and drawn for its first file, and nobody has drawn again.
        let drawn = phones.map { few.world.election($0).transaction }
        #expect(drawn == phones.map { more.world.election($0).transaction })
        #expect(Set(drawn).count == phones.count)
        let strengths = phones.map { few.world.election($0).strength }
        #expect(strengths == phones.map { more.world.election($0).strength })
        let listening: (PeerNote) -> Bool = { $0 == .listeningTCP }
        let starts = few.lines(listening).map { "\($0.phone.index) \($0.time)" }
        let startsOfMore = more.lines(listening).filter { phones.contains($0.phone) }
        #expect(starts == startsOfMore.map { "\($0.phone.index) \($0.time)" })
        #expect(starts.count == phones.count)
    }
}
