// The time of day on a phone's console. The world counts from zero; a wall clock says which time of
// day zero is, so that a run can show the hours of a field log. Nothing is decided by it.

/// A time of day in whole microseconds, as a console prints it.
public struct TimeOfDay: BitwiseCopyable, Comparable, Hashable, Sendable {
    /// Microseconds since midnight, 0 to `microsecondsPerDay` - 1.
    public let microseconds: Int64

    /// A day of 24 hours.
    public static let microsecondsPerDay: Int64 = 86_400_000_000

    /// The time `microseconds` after midnight; full days are left out, also of a negative number.
    public init(microseconds: Int64) {
        let rest = microseconds % Self.microsecondsPerDay
        self.microseconds = rest < 0 ? rest + Self.microsecondsPerDay : rest
    }

    /// Midnight.
    public static let midnight = TimeOfDay(microseconds: 0)

    /// Reads `HH:MM`, `HH:MM:SS`, or `HH:MM:SS` with a point and one to six decimals.
    ///
    /// Hours have one or two digits, minutes and seconds two. Throws `TimeOfDayError`.
    public init(_ text: some StringProtocol) throws(TimeOfDayError) {
        var cursor = TextCursor(text)
        guard let hours = cursor.number(digits: 2), cursor.skip(":"),
            let minutes = cursor.fixedNumber(digits: 2)
        else { throw .notATime }
        var seconds = 0
        var fraction = 0
        if cursor.skip(":") {
            guard let number = cursor.fixedNumber(digits: 2) else { throw .notATime }
            seconds = number
            if cursor.skip(".") { fraction = try Self.fraction(&cursor) }
        }
        guard cursor.isAtEnd else { throw .notATime }
        guard hours < 24 else { throw .outOfRange(unit: .hours, value: hours) }
        guard minutes < 60 else { throw .outOfRange(unit: .minutes, value: minutes) }
        guard seconds < 60 else { throw .outOfRange(unit: .seconds, value: seconds) }
        let whole = Int64((hours * 60 + minutes) * 60 + seconds)
        self.init(microseconds: whole * 1_000_000 + Int64(fraction))
    }

    /// The digits after the point as microseconds.
    private static func fraction(_ cursor: inout TextCursor) throws(TimeOfDayError) -> Int {
        let digits = cursor.rest.utf8.prefix { (48...57).contains($0) }.count
        guard digits > 0 else { throw .notATime }
        guard digits <= 6, let number = cursor.number(digits: 6) else { throw .tooManyDecimals }
        return (digits..<6).reduce(number) { scaled, _ in scaled * 10 }
    }

    /// The earlier one of the same day comes first.
    public static func < (left: TimeOfDay, right: TimeOfDay) -> Bool {
        left.microseconds < right.microseconds
    }
}

extension TimeOfDay: CustomStringConvertible {
    /// `HH:MM:SS.uuuuuu`, always 15 characters.
    public var description: String {
        let seconds = microseconds / 1_000_000
        let fields: [(value: Int64, width: Int, end: String)] = [
            (seconds / 3_600, 2, ":"), (seconds / 60 % 60, 2, ":"), (seconds % 60, 2, "."),
            (microseconds % 1_000_000, 6, ""),
        ]
        return fields.reduce(into: "") { text, field in
            let digits = String(field.value)
            text += String(repeating: "0", count: field.width - digits.utf8.count) + digits
            text += field.end
        }
    }
}

/// Why a text is no time of day.
public enum TimeOfDayError: Error, Hashable, CustomStringConvertible {
    /// A part of a time of day.
    public enum Unit: String, Sendable {
        /// 0 to 23.
        case hours
        /// 0 to 59.
        case minutes
        /// 0 to 59.
        case seconds
    }

    /// The text does not have the form.
    case notATime
    /// More than six digits after the point: consoles print microseconds.
    case tooManyDecimals
    /// A number that its unit does not reach.
    case outOfRange(unit: Unit, value: Int)

    /// What was expected, for a diagnostic.
    public var description: String {
        switch self {
        case .notATime: "expected a time of day such as 02:19:22.634"
        case .tooManyDecimals: "a time of day has at most six decimals"
        case .outOfRange(let unit, let value):
            "\(value) is not a number of \(unit.rawValue): 0 to \(unit == .hours ? 23 : 59)"
        }
    }
}

/// Which time of day a world's instants are.
public struct WallClock: BitwiseCopyable, Hashable, Sendable {
    /// Nanoseconds to add to an instant; less than a day, so that no instant of a run overflows.
    private let offsetNanoseconds: Int64

    private static let nanosecondsPerDay = TimeOfDay.microsecondsPerDay * 1_000

    /// The clock that shows `time` at `instant`: what setting a phone's clock does.
    public init(showing time: TimeOfDay, at instant: Instant) {
        let sinceMidnight = instant.nanoseconds % Self.nanosecondsPerDay
        let offset = time.microseconds * 1_000 - sinceMidnight
        offsetNanoseconds = offset < 0 ? offset + Self.nanosecondsPerDay : offset
    }

    /// The clock of a new world: midnight at its beginning.
    public static let standard = WallClock(showing: .midnight, at: .zero)

    /// The time of day at `instant`, in whole microseconds, rounded down; it wraps at midnight.
    public func time(at instant: Instant) -> TimeOfDay {
        let ofDay = instant.nanoseconds % Self.nanosecondsPerDay + offsetNanoseconds
        return TimeOfDay(microseconds: ofDay / 1_000)
    }
}
