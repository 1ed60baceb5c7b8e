// Firmware versions of phones, in the two spellings that are in use: 9.4(2)SR1 as CUCM prints it
// and 9-4-2SR1-1 as it stands in a load's name. They are compared to decide gates, never to guess a
// load.

/// The version of a phone firmware: release, service release, build.
public struct FirmwareVersion: BitwiseCopyable, Comparable, Hashable, Sendable {
    /// The first number: 9 in 9.4(2)SR1.
    public let major: UInt16
    /// The second number: 4 in 9.4(2)SR1.
    public let minor: UInt16
    /// The number in parentheses: 2 in 9.4(2)SR1.
    public let maintenance: UInt16
    /// The service release: 1 in 9.4(2)SR1; 0 when there is none.
    public let serviceRelease: UInt16
    /// The build that a load's name ends in: 2 in SCCP41.9-4-2SR2-2S; 0 when none is named.
    public let build: UInt16

    /// Makes a version of its numbers.
    public init(
        _ major: UInt16,
        _ minor: UInt16,
        _ maintenance: UInt16,
        serviceRelease: UInt16 = 0,
        build: UInt16 = 0
    ) {
        self.major = major
        self.minor = minor
        self.maintenance = maintenance
        self.serviceRelease = serviceRelease
        self.build = build
    }

    /// Reads `9.4(2)`, `9.4(2)SR1`, `9.4(2)SR1-1`, or the same with `-` or `.` for the parentheses.
    ///
    /// Nil when the text is anything else; each number has one to four digits.
    public init?(_ text: some StringProtocol) {
        var cursor = TextCursor(text)
        guard let version = Self.read(from: &cursor), cursor.isAtEnd else { return nil }
        self = version
    }

    /// The same version without its build: what a release note names.
    public var release: FirmwareVersion {
        FirmwareVersion(major, minor, maintenance, serviceRelease: serviceRelease)
    }

    /// Orders by release, then service release, then build.
    public static func < (left: FirmwareVersion, right: FirmwareVersion) -> Bool {
        left.key < right.key
    }

    private var key: (UInt16, UInt16, UInt16, UInt16, UInt16) {
        (major, minor, maintenance, serviceRelease, build)
    }

    /// Reads a version and leaves the cursor after it; nil when none stands there.
    static func read(from cursor: inout TextCursor) -> FirmwareVersion? {
        guard let major = cursor.number(digits: 4), cursor.skip(".") || cursor.skip("-"),
            let minor = cursor.number(digits: 4)
        else { return nil }
        let isParenthesised = cursor.skip("(")
        guard isParenthesised || cursor.skip(".") || cursor.skip("-"),
            let maintenance = cursor.number(digits: 4)
        else { return nil }
        if isParenthesised, !cursor.skip(")") { return nil }
        var serviceRelease = 0
        if cursor.skip("SR", ignoringCase: true) {
            guard let number = cursor.number(digits: 4) else { return nil }
            serviceRelease = number
        }
        var build = 0
        var afterBuild = cursor
        if afterBuild.skip("-") || afterBuild.skip("."), let number = afterBuild.number(digits: 4) {
            build = number
            cursor = afterBuild
        }
        return FirmwareVersion(
            UInt16(major),
            UInt16(minor),
            UInt16(maintenance),
            serviceRelease: UInt16(serviceRelease),
            build: UInt16(build)
        )
    }
}

extension FirmwareVersion: CustomStringConvertible {
    /// The spelling of release notes: `9.4(2)SR1`, and `-2` after it when a build is named.
    public var description: String {
        let service = serviceRelease == 0 ? "" : "SR\(serviceRelease)"
        return "\(major).\(minor)(\(maintenance))\(service)" + (build == 0 ? "" : "-\(build)")
    }
}

/// A step that old firmware needs before a newer load is accepted.
///
/// Loads of 8.5(2)SR1 and later are signed with another key, which firmware below 8.3(3) does not
/// know: the screen says "Auth Fail". What is attested is the way to 9.x; whether 8.5(3) and 8.5(4)
/// fail as well is not said, so the rule speaks of 9.x only.
public struct UpgradeStep: Sendable {
    /// Running firmware below this version needs the step.
    public let runningBelow: FirmwareVersion
    /// Loads of this version and later are refused without the step.
    public let targetFrom: FirmwareVersion
    /// The release that must run in between.
    public let through: FirmwareVersion
    /// What the phone's screen says when the step is left out.
    public let screenText: String
    /// Where the rule was read.
    public let evidence: Evidence

    /// The one step that the 79xx are known to need.
    public static let signingKey = UpgradeStep(
        runningBelow: FirmwareVersion(8, 3, 3),
        targetFrom: FirmwareVersion(9, 0, 0),
        through: FirmwareVersion(8, 5, 2),
        screenText: "Auth Fail",
        evidence: Evidence(.attested, "9.2 release note as quoted by sysop.ca, blog.qsolved")
    )

    /// Whether a phone that runs `running` must take the step on its way to `target`.
    public func isNeeded(from running: FirmwareVersion, to target: FirmwareVersion) -> Bool {
        running < runningBelow && target >= targetFrom
    }
}
