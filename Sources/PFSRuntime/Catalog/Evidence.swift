// How well each row of the catalogue is known. Nothing in the simulator may look better founded
// than it is, so a fact carries its mark and the public source that it was read in.

/// How well a fact is known.
public enum Mark: UInt8, BitwiseCopyable, CaseIterable, Sendable, CustomStringConvertible {
    /// Printed in a public document, file listing or capture.
    case attested
    /// Follows from attested facts by arithmetic or by a naming rule that all samples obey.
    case derived
    /// Chosen by this model, because no public source says it.
    case modelled
    /// Not known, and not guessed.
    case unknown

    /// The mark as output prints it, without the brackets.
    public var description: String {
        switch self {
        case .attested: "attested"
        case .derived: "derived"
        case .modelled: "modelled"
        case .unknown: "unknown"
        }
    }
}

/// A mark together with the source that stands behind it.
public struct Evidence: Hashable, Sendable, CustomStringConvertible {
    /// How well the fact is known.
    public let mark: Mark
    /// The public document, or the reason for a choice; one line without a full stop.
    public let source: String

    /// Names the mark and the source of a fact.
    public init(_ mark: Mark, _ source: String) {
        self.mark = mark
        self.source = source
    }

    /// `mark: source`.
    public var description: String { "\(mark): \(source)" }
}

extension Evidence {
    /// Cisco TechNote 200615, "Peer Firmware Sharing": the first description of the feature.
    static let techNote = Evidence(.attested, "Cisco TechNote 200615")
    /// The list of firmware and platforms in the SRST 12.8 documentation.
    static let platformList = Evidence(.attested, "Cisco Unified SRST 12.8, supported firmware")
    /// Public archives of the loads, read for names and sizes only.
    static let archive = Evidence(.attested, "public listings of firmware archives")
    /// Names of loads whose files are not public.
    static let namedInPublic = Evidence(.attested, "public configuration files and documents")
    /// Device type numbers as the alarm catalogue prints them.
    static let alarmGuide = Evidence(.attested, "Cisco Unified CM alarms 12.5, DeviceType")
    /// Device type numbers as configuration files name them.
    static let configurationFile = Evidence(.attested, "public XMLDefault.cnf.xml files")
    /// What the manufacturer's guides of the 7800 and 8800 series say.
    static let newerGuides = Evidence(.attested, "Cisco IP Phone 7800 and 8800 admin guides")
}
