// The Peer Firmware Sharing field at the three levels of CUCM. A level is a value and an override
// box: a value whose box is not ticked is entered but never counts.

/// The value of the Peer Firmware Sharing field.
public enum SharingValue: UInt8, BitwiseCopyable, Sendable, CustomStringConvertible {
    /// Disabled: the phone takes every file from the server.
    case off
    /// Enabled: the phone looks for peers first.
    case on

    /// The word that CUCM's drop-down list shows.
    public var description: String {
        switch self {
        case .off: "Disabled"
        case .on: "Enabled"
        }
    }
}

/// What one level says: a value and its override box.
public struct LevelSetting: BitwiseCopyable, Hashable, Sendable {
    /// The value that is entered.
    public var value: SharingValue
    /// Whether the override box is ticked, so that the value counts.
    public var isTicked: Bool

    /// Enters a value; the box is ticked unless said otherwise.
    public init(_ value: SharingValue, isTicked: Bool = true) {
        self.value = value
        self.isTicked = isTicked
    }
}

/// The places where the field can be set; a higher raw value outranks a lower one (TechNote
/// 200615).
public enum SharingLevel: UInt8, BitwiseCopyable, CaseIterable, Comparable, Sendable {
    /// Enterprise Phone Configuration: all phones.
    case enterprise
    /// The common phone profile: the phones of a group.
    case commonPhoneProfile
    /// The page of the phone itself.
    case device

    /// The lower rank comes first.
    public static func < (left: SharingLevel, right: SharingLevel) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The levels from the one that outranks all to the one that any other outranks.
    public static let byRank: [SharingLevel] = [.device, .commonPhoneProfile, .enterprise]
}

/// The field at all three levels, as one phone sees them.
public struct SharingSettings: BitwiseCopyable, Hashable, Sendable {
    /// The Enterprise Phone Configuration; nil when the field was never touched there.
    public var enterprise: LevelSetting?
    /// The phone's common phone profile; nil when the field was never touched there.
    public var commonPhoneProfile: LevelSetting?
    /// The phone's own page; nil when the field was never touched there.
    public var device: LevelSetting?

    /// Settings that say nothing, or what is given.
    public init(
        enterprise: LevelSetting? = nil,
        commonPhoneProfile: LevelSetting? = nil,
        device: LevelSetting? = nil
    ) {
        self.enterprise = enterprise
        self.commonPhoneProfile = commonPhoneProfile
        self.device = device
    }

    /// What one level says.
    public subscript(level: SharingLevel) -> LevelSetting? {
        get {
            switch level {
            case .enterprise: enterprise
            case .commonPhoneProfile: commonPhoneProfile
            case .device: device
            }
        }
        set {
            switch level {
            case .enterprise: enterprise = newValue
            case .commonPhoneProfile: commonPhoneProfile = newValue
            case .device: device = newValue
            }
        }
    }

    /// The highest level that has a ticked value; nil when none has, and the default counts.
    public var deciding: SharingLevel? {
        SharingLevel.byRank.first { level in self[level]?.isTicked == true }
    }
}
