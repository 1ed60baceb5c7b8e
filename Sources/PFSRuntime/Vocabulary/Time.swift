// Time in the model. Two integer types, so that "when" and "how long" cannot be mixed up, and no
// clock: the driver passes `now` in. Nanoseconds keep every rate exact enough; logs print
// microseconds, as a phone's console does.

/// A length of time in whole nanoseconds; may be negative as the result of a subtraction.
///
/// 64 bits hold 292 years.
public struct Interval: BitwiseCopyable, Comparable, Hashable, Sendable {
    /// The length in nanoseconds.
    public var nanoseconds: Int64

    /// Makes an interval of `nanoseconds`.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// No time at all.
    public static let zero = Interval(nanoseconds: 0)

    /// An interval of whole microseconds.
    public static func microseconds(_ count: Int64) -> Interval {
        Interval(nanoseconds: count * 1_000)
    }

    /// An interval of whole milliseconds.
    public static func milliseconds(_ count: Int64) -> Interval {
        Interval(nanoseconds: count * 1_000_000)
    }

    /// An interval of whole seconds.
    public static func seconds(_ count: Int64) -> Interval {
        Interval(nanoseconds: count * 1_000_000_000)
    }

    /// The shorter of two comes first.
    public static func < (left: Interval, right: Interval) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The sum of two lengths.
    public static func + (left: Interval, right: Interval) -> Interval {
        Interval(nanoseconds: left.nanoseconds + right.nanoseconds)
    }

    /// The difference of two lengths.
    public static func - (left: Interval, right: Interval) -> Interval {
        Interval(nanoseconds: left.nanoseconds - right.nanoseconds)
    }

    /// A length repeated `count` times.
    public static func * (length: Interval, count: Int64) -> Interval {
        Interval(nanoseconds: length.nanoseconds * count)
    }
}

/// A point in the world's time: whole nanoseconds since the world began.
public struct Instant: BitwiseCopyable, Comparable, Hashable, Sendable {
    /// Nanoseconds since the world began.
    public var nanoseconds: Int64

    /// Makes the instant `nanoseconds` after the world began.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The instant at which a world begins.
    public static let zero = Instant(nanoseconds: 0)

    /// The end of every world's clock: 100 years of 365.25 days.
    ///
    /// Own choice: farther than any firmware, and so far below what 64 bits hold that no sum of an
    /// instant of a run and a length of the model overflows.
    public static let latest = Instant(nanoseconds: 876_600 * 3_600_000_000_000)

    /// Later than everything that happens; a deadline that is not set.
    public static let never = Instant(nanoseconds: .max)

    /// The earlier of two comes first.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The instant `length` later; `never` stays `never`.
    public static func + (instant: Instant, length: Interval) -> Instant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(length.nanoseconds)
        return overflow ? .never : Instant(nanoseconds: sum)
    }

    /// The instant `length` earlier.
    public static func - (instant: Instant, length: Interval) -> Instant {
        Instant(nanoseconds: instant.nanoseconds - length.nanoseconds)
    }

    /// The time from `earlier` to `later`.
    public static func - (later: Instant, earlier: Instant) -> Interval {
        Interval(nanoseconds: later.nanoseconds - earlier.nanoseconds)
    }
}
