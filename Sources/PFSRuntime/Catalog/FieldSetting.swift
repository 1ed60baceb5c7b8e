// A field of CUCM that can be entered at three levels, whatever it holds: a value, which may be a
// blank, and an override box. The Load Server and the Log Server are such fields.

/// What one level says of a field.
public struct FieldSetting<Value: BitwiseCopyable & Hashable & Sendable>: BitwiseCopyable, Hashable,
    Sendable
{
    /// What is entered; nil: the field is blank.
    public var value: Value?
    /// Whether the override box is ticked, so that the value counts.
    public var isTicked: Bool

    /// Enters a value, or a blank; the box is ticked unless said otherwise.
    public init(_ value: Value?, isTicked: Bool = true) {
        self.value = value
        self.isTicked = isTicked
    }
}

/// Which value of a field counts for a phone, and where it was set.
public struct FieldDecision<Value: BitwiseCopyable & Hashable & Sendable>: BitwiseCopyable,
    Hashable, Sendable
{
    /// The value; nil: blank, or never entered.
    public let value: Value?
    /// The level that settled it; nil when no level speaks.
    public let level: SharingLevel?

    /// A decision as it is.
    public init(_ value: Value?, level: SharingLevel?) {
        self.value = value
        self.level = level
    }

    /// Decides: the highest level whose box is ticked.
    public init(
        device: FieldSetting<Value>?,
        commonPhoneProfile: FieldSetting<Value>?,
        enterprise: FieldSetting<Value>?
    ) {
        let levels: [(SharingLevel, FieldSetting<Value>?)] = [
            (.device, device), (.commonPhoneProfile, commonPhoneProfile), (.enterprise, enterprise),
        ]
        for case (let level, .some(let setting)) in levels where setting.isTicked {
            self.init(setting.value, level: level)
            return
        }
        self.init(nil, level: nil)
    }
}
