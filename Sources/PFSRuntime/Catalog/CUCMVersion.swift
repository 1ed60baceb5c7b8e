// Versions of Cisco Unified Communications Manager. They matter for one thing here: the default of
// the peer firmware sharing field depends on them.

/// A version of CUCM: `10.5(2)`, `12.5`, `6.0`.
public struct CUCMVersion: BitwiseCopyable, Comparable, Hashable, Sendable, CustomStringConvertible
{
    /// The first number.
    public let major: UInt16
    /// The second number; 0 when only one was given, as in CUCM 14.
    public let minor: UInt16
    /// The number in parentheses; 0 when there is none.
    public let maintenance: UInt16

    /// Makes a version of its numbers.
    public init(_ major: UInt16, _ minor: UInt16, _ maintenance: UInt16 = 0) {
        self.major = major
        self.minor = minor
        self.maintenance = maintenance
    }

    /// The version that the model starts with: 10.5(2), the one of TechNote 200615.
    public static let standard = CUCMVersion(10, 5, 2)

    /// Reads `10.5(2)`, `12.5`, `14`, or the long form `10.5.2.10000-5`; nil for anything else.
    ///
    /// The long form's build and a service update such as `SU3` are read and left out: nothing in
    /// the model depends on them.
    public init?(_ text: some StringProtocol) {
        var cursor = TextCursor(text)
        guard let major = cursor.number(digits: 3) else { return nil }
        var minor = 0
        var maintenance = 0
        if cursor.skip(".") {
            guard let number = cursor.number(digits: 3) else { return nil }
            minor = number
            if cursor.skip("(") {
                guard let number = cursor.number(digits: 3), cursor.skip(")") else { return nil }
                maintenance = number
            } else if cursor.skip(".") {
                guard let number = cursor.number(digits: 3), Self.skipBuild(&cursor) else {
                    return nil
                }
                maintenance = number
            }
        }
        if cursor.skip("SU", ignoringCase: true), cursor.number(digits: 2) == nil { return nil }
        guard cursor.isAtEnd else { return nil }
        self.init(UInt16(major), UInt16(minor), UInt16(maintenance))
    }

    /// The usual spelling: `10.5(2)`, or `12.5` without a maintenance number.
    public var description: String {
        "\(major).\(minor)" + (maintenance == 0 ? "" : "(\(maintenance))")
    }

    /// The earlier release comes first.
    public static func < (left: CUCMVersion, right: CUCMVersion) -> Bool {
        (left.major, left.minor, left.maintenance) < (right.major, right.minor, right.maintenance)
    }

    /// Reads what follows `10.5.2`: nothing, or `.10000-5`; false when it is something else.
    private static func skipBuild(_ cursor: inout TextCursor) -> Bool {
        guard cursor.skip(".") else { return true }
        return cursor.number(digits: 6) != nil && cursor.skip("-")
            && cursor.number(digits: 4) != nil
    }
}
