// The time of day on a console: what is read, what is refused, and that it wraps at midnight.

import PFSRuntime
import Testing

struct WallClockTests {
    @Test(
        "a time of day is read with up to six decimals and printed with six",
        arguments: [
            ("02:19:22.634167", "02:19:22.634167"), ("02:19:22.6", "02:19:22.600000"),
            ("02:19:22.063", "02:19:22.063000"), ("2:19", "02:19:00.000000"),
            ("23:59:59.999999", "23:59:59.999999"), ("00:00", "00:00:00.000000"),
            ("22:00:01", "22:00:01.000000"),
        ]
    )
    func read(_ text: String, _ printed: String) throws {
        #expect(try TimeOfDay(text).description == printed)
    }

    @Test("what is no time of day is refused for its reason")
    func refused() {
        let texts = [
            "", "2", "02:", "02:1", "02:19:", "02:19:2", "02:19:22.", "02:19:22.x", "02:19:22 ",
            "02:19:22.1x", "-2:19", "002:19", "02.19", "02:19:22:11", "٠٢:١٩",
        ]
        for text in texts {
            #expect(throws: TimeOfDayError.notATime, "\(text)") { try TimeOfDay(text) }
        }
        #expect(throws: TimeOfDayError.tooManyDecimals) { try TimeOfDay("02:19:22.1234567") }
        #expect(throws: TimeOfDayError.outOfRange(unit: .hours, value: 24)) {
            try TimeOfDay("24:00")
        }
        #expect(throws: TimeOfDayError.outOfRange(unit: .minutes, value: 60)) {
            try TimeOfDay("23:60")
        }
        #expect(throws: TimeOfDayError.outOfRange(unit: .seconds, value: 60)) {
            try TimeOfDay("23:59:60")
        }
        let range = TimeOfDayError.outOfRange(unit: .hours, value: 24).description
        #expect(range == "24 is not a number of hours: 0 to 23")
    }

    @Test("a clock that is set shows that time then, and goes on from it")
    func set() throws {
        let instant = Instant.zero + .seconds(1_000)
        let clock = WallClock(showing: try TimeOfDay("02:19:22.634167"), at: instant)
        #expect(clock.time(at: instant).description == "02:19:22.634167")
        #expect(clock.time(at: instant + .seconds(10)).description == "02:19:32.634167")
        let almost = instant + Interval(nanoseconds: 999)
        #expect(clock.time(at: almost) == clock.time(at: instant))
        #expect(WallClock.standard.time(at: .zero) == .midnight)
    }

    @Test("the time wraps at midnight, forwards and backwards")
    func wraps() throws {
        let clock = WallClock(showing: try TimeOfDay("23:59:59.5"), at: .zero + .seconds(86_000))
        #expect(clock.time(at: .zero + .seconds(86_001)).description == "00:00:00.500000")
        #expect(clock.time(at: .zero + .seconds(86_000 - 86_399)).description == "00:00:00.500000")
        #expect(clock.time(at: .zero).description == "00:06:39.500000")
        let farAhead = clock.time(at: .never).microseconds
        #expect((0..<TimeOfDay.microsecondsPerDay).contains(farAhead))
        #expect(TimeOfDay(microseconds: -1).description == "23:59:59.999999")
    }

    @Test("printing and reading give the same time back, and the same clock at every instant")
    func roundTrip() throws {
        let seed: UInt64 = 1
        let again: Comment = "swift test --filter WallClockTests/roundTrip (seed 1)"
        var random = RandomStream(seed: seed, purpose: .test, index: 0)
        for _ in 0..<2_000 {
            let time = TimeOfDay(
                microseconds: Int64(random.below(UInt64(TimeOfDay.microsecondsPerDay)))
            )
            #expect(try TimeOfDay(time.description) == time, again)
            let instant = Instant(nanoseconds: Int64(random.below(1 << 60)) / 1_000 * 1_000)
            #expect(WallClock(showing: time, at: instant).time(at: instant) == time, again)
        }
    }
}
