// Defects that can be planted on purpose: one of each class against which the invariants stand. A storm
// plants each in turn and has to find it; none is ever on otherwise. Here they are named; what each one
// does stands at the place that it spoils.

/// A defect of the protocol that can be switched on.
public enum PlantedDefect: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// A file from a parent is stored and forwarded without being checked.
    case skippedVerification
    /// A parent takes one child more than it may.
    case thirdChild
    /// A phone that asks for a place forgets to set the timer for the answer.
    case lostTimer
    /// A claimant does not yield to a stronger claim.
    case doubleRoot
    /// A server does not take back the place of a transfer that was broken off.
    case leak
    /// A holder does not withdraw its offer when it hears a root or another offer.
    case staleOffer
    /// A root sends a child the file that it is still fetching.
    case halfFile
    /// The files of a load are fetched in another order.
    case reorderedFiles

    /// The name, in words joined by hyphens.
    public var name: String {
        switch self {
        case .skippedVerification: "skipped-verification"
        case .thirdChild: "third-child"
        case .lostTimer: "lost-timer"
        case .doubleRoot: "double-root"
        case .leak: "leak"
        case .staleOffer: "stale-offer"
        case .halfFile: "half-file"
        case .reorderedFiles: "reordered-files"
        }
    }

    /// The defect of a name; nil if there is none.
    public static func named(_ name: String) -> PlantedDefect? {
        allCases.first { $0.name == name }
    }

    /// What is wrong with it on, as half a sentence.
    public var help: String {
        switch self {
        case .skippedVerification: "a file from a parent is not checked"
        case .thirdChild: "a parent takes one child too many"
        case .lostTimer: "the wait for an answer to a Join has no end"
        case .doubleRoot: "a claimant does not yield"
        case .leak: "a server forgets that a transfer was broken off"
        case .staleOffer: "an offer is not withdrawn"
        case .halfFile: "a root forwards what it is still fetching"
        case .reorderedFiles: "two files change places"
        }
    }
}

/// The defects that are planted in a world: none, as a rule.
public struct PlantedDefects: BitwiseCopyable, Hashable, Sendable {
    private var bits: UInt16 = 0

    /// None.
    public init() {}

    /// Whether a defect is on.
    public subscript(defect: PlantedDefect) -> Bool {
        get { bits & 1 << UInt16(defect.rawValue) != 0 }
        set {
            let bit: UInt16 = 1 << UInt16(defect.rawValue)
            bits = newValue ? bits | bit : bits & ~bit
        }
    }
}
