// Clocks that run fast or slow: every timer of a phone comes early or late by that share, and when it is
// over nothing comes twice, too early or never.

import Testing

@testable import PFSRuntime

@Suite("Wrong clocks")
struct FaultClockTests {
    @Test("a clock shows a time at the first instant at which it has reached it")
    func clock() {
        for rate in [-900_000, -333_333, -7, 0, 1, 200_000, 499_999] as [Int64] {
            let clock = PhoneClock(
                since: .zero + .seconds(10),
                shown: .zero + .seconds(12),
                partsPerMillion: rate
            )
            var stream = RandomStream(seed: 1, purpose: .test, index: UInt64(bitPattern: rate))
            for _ in 0..<500 {
                let wanted = clock.shown + stream.interval(below: .seconds(1_000))
                let instant = clock.instant(showing: wanted)
                #expect(clock.time(at: instant) >= wanted)
                let before = instant - Interval(nanoseconds: 1)
                if before >= clock.since { #expect(clock.time(at: before) < wanted) }
            }
            #expect(clock.instant(showing: .never) == .never)
        }
    }

    private func rootAt(_ drift: Int?, for length: Interval? = nil) throws -> Interval {
        let office = try Office()
        try office.push(try office.add(1))
        if let drift {
            try office.world.inject(
                FaultOrder(
                    .clockDrift(drift),
                    FaultScope(place: .phones(.everyone)),
                    for: length
                )
            )
        }
        _ = office.firstPhone(in: .fetching)
        let time = office.world.now - Instant.zero
        office.finish()
        office.expectUpgraded()
        return time
    }

    @Test("all that a phone waits for comes late by that share, or early")
    func rate() throws {
        let plain = try rootAt(nil)
        for drift in [-100_000, -20_000, 20_000, 100_000] {
            let time = try rootAt(drift)
            let own = Int128(time.nanoseconds) * Int128(1_000_000 + drift) / 1_000_000
            let error = Int64(own) - plain.nanoseconds
            #expect(abs(error) < 5_000_000, "\(drift): \(time) against \(plain)")
        }
    }

    @Test("when the clock is right again no deadline has moved but by what has passed")
    func rightAgain() throws {
        let plain = try rootAt(nil)
        // Two seconds at half the rate are one second late.
        let late = try rootAt(-500_000, for: .seconds(2))
        #expect(late > plain + .milliseconds(990) && late < plain + .milliseconds(1_010), "\(late)")
        let early = try rootAt(500_000, for: .seconds(2))
        #expect(
            early > plain - .milliseconds(1_010) && early < plain - .milliseconds(990),
            "\(early)"
        )
    }

    @Test("two faults of one clock add up, and each ends by itself")
    func addUp() throws {
        let office = try Office()
        try office.push(try office.add(3))
        office.world.checksInvariants = true
        let scope = FaultScope(place: .phones(.everyone))
        let one = try office.world.inject(FaultOrder(.clockDrift(300_000), scope))
        let other = try office.world.inject(FaultOrder(.clockDrift(-200_000), scope))
        office.run(for: .seconds(5))
        let clock = try #require(office.world.kernel.faults.clocks[0])
        #expect(clock.partsPerMillion == 100_000)
        #expect(clock.time(at: office.world.now) == .zero + .milliseconds(5_500))
        office.world.heal(one.number)
        office.run(for: .seconds(5))
        #expect(office.world.kernel.ownTime(of: PhoneNumber(0)) == .zero + .milliseconds(9_500))
        office.world.heal(other.number)
        #expect(office.world.kernel.faults.clocks.isEmpty)
        office.finish()
        office.expectUpgraded()
        #expect(office.world.checkInvariants() == nil)
    }

    @Test("links between phones with different clocks hold as long as Holds come within 6 s")
    func links() throws {
        let office = try Office()
        try office.push(try office.add(6))
        try office.world.inject(
            FaultOrder(
                .clockDrift(-400_000),
                FaultScope(place: .phones(PhoneSet([PhoneNumber(0), PhoneNumber(3)])))
            )
        )
        office.finish()
        office.expectUpgraded()
        let lost = office.count {
            switch $0 {
            case .parentLost, .childLost: true
            default: false
            }
        }
        #expect(lost == 0)
    }
}
