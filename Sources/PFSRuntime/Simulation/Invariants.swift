// What must hold in every world, whatever goes wrong in it. Each rule is declared once, here; how it is
// looked after stands in InvariantWatch.swift, InvariantChecks.swift and RestingChecks.swift.

/// A rule that nothing may break.
public enum Invariant: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// At most two children.
    case childLimit
    /// No cycle.
    case noCycle
    /// One subnet and one model in a hierarchy.
    case oneGroup
    /// One confirmed root in each connected part.
    case oneRoot
    /// Nothing unverified goes anywhere.
    case verifiedOnly
    /// Nothing is forwarded before it is whole.
    case wholeFiles
    /// Files come in the order of the load.
    case fileOrder
    /// The old load or the complete new one.
    case wholeLoad
    /// Every fetch from the server is counted under a reason.
    case fetchCount
    /// No offer outlives its reason.
    case liveOffer
    /// Every deadline has a wake-up.
    case timers
    /// Nothing is left when all is over.
    case nothingLeft
    /// Every upgrade ends with the load or with a reason.
    case outcome
    /// Where nothing is wrong, something goes on.
    case progress

    /// What a rule is called, what it says, and how well it is known.
    private typealias Declaration = (name: String, rule: String, mark: Mark)

    private var declaration: Declaration {
        switch self {
        case .childLimit:
            ("child-limit", "a phone has at most two children for a file, or `fan-out`", .attested)
        case .noCycle:
            ("no-cycle", "no phone is below itself in a hierarchy", .derived)
        case .oneGroup:
            ("one-group", "a hierarchy has phones of one subnet and one model", .attested)
        case .oneRoot:
            (
                "one-root",
                "a connected part of a hierarchy in which nothing is lost has one confirmed root",
                .attested
            )
        case .verifiedOnly:
            ("verified-only", "no unverified file is written, forwarded or installed", .modelled)
        case .wholeFiles:
            ("whole-files", "no part of a file is forwarded before all of it is there", .attested)
        case .fileOrder:
            ("file-order", "a phone takes the files in the order of the load", .attested)
        case .wholeLoad:
            ("whole-load", "a phone runs its old load or the complete new one", .modelled)
        case .fetchCount:
            (
                "fetch-count",
                "the servers' fetches are the instances that fetched and those with another reason",
                .derived
            )
        case .liveOffer:
            (
                "live-offer",
                "who offers a file holds it, and has heard no root and no other offer since",
                .modelled
            )
        case .timers:
            ("timers", "each deadline of a phone has a wake-up to come", .modelled)
        case .nothingLeft:
            (
                "nothing-left",
                "when no phone has anything to do no link, transfer, slot or instance is left",
                .modelled
            )
        case .outcome:
            ("outcome", "an upgrade that began ends with its load or a recorded reason", .modelled)
        case .progress:
            (
                "progress",
                "where no fault is on and nothing is on its way, an upgrade goes on within 30 min, or "
                    + "three times the longest wait of the model",
                .modelled
            )
        }
    }

    /// The name, in words joined by hyphens.
    public var name: String { declaration.name }
    /// What it says.
    public var rule: String { declaration.rule }
    /// How well it is known that real phones keep it; modelled is this program's own choice.
    public var mark: Mark { declaration.mark }

    /// When it is looked at.
    public var occasion: Occasion {
        switch self {
        case .childLimit, .noCycle, .oneGroup: .both
        case .oneRoot, .verifiedOnly, .wholeFiles, .fileOrder, .liveOffer, .timers,
            .progress:
            .running
        case .wholeLoad: .both
        case .fetchCount, .nothingLeft, .outcome: .end
        }
    }

    /// When a rule is looked at.
    public enum Occasion: String, Sendable {
        /// While time passes, at whatever an event has touched.
        case running
        /// When all is over, or on request.
        case end
        /// At both.
        case both
    }
}

/// A rule that was broken: which, when and by whom.
public struct BrokenInvariant: Error, Hashable, Sendable {
    /// The rule.
    public let invariant: Invariant
    /// The seed of the world.
    public let seed: UInt64
    /// When.
    public let time: Instant
    /// The phone; nil where it concerns none in particular.
    public let phone: PhoneNumber?
    /// What was seen, as half a sentence.
    public let detail: String
}
