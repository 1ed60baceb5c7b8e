// The part of a phone that every broadcast touches: who it has heard while it decides whether to be
// root of the hierarchy of its present file. Kept apart from the rest of the phone, and small, so
// that a broadcast to a thousand phones walks over a few dense cache lines.

/// How strong a claim is: strength first, then the higher address, as one number.
public struct ClaimRank: BitwiseCopyable, Comparable, Hashable, Sendable {
    let bits: UInt64

    /// The rank of a claim of `strength` by the phone at `address`.
    public init(strength: UInt32, address: IPv4Address) {
        bits = UInt64(strength) << 32 | UInt64(address.bits)
    }

    /// Weaker than every claim.
    public static let none = ClaimRank(strength: 0, address: IPv4Address(bits: 0))

    /// The rank of an offer: a phone that holds the file outranks every claim.
    public static func offer(by address: IPv4Address) -> ClaimRank {
        ClaimRank(strength: .max, address: address)
    }

    /// The bit that a confirmed root sets in its strength.
    public static let confirmedBit: UInt32 = 0x8000_0000

    /// Whether a confirmed root or a holder stands behind it.
    public var isConfirmed: Bool { bits >> 63 == 1 }

    /// Whether a phone that holds the file stands behind it.
    public var isOffer: Bool { strength == .max }

    /// How strong the claim is, without the address that decides between equals.
    public var strength: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) }

    /// Who claims.
    public var address: IPv4Address { IPv4Address(bits: UInt32(truncatingIfNeeded: bits)) }

    /// The weaker comes first.
    public static func < (left: ClaimRank, right: ClaimRank) -> Bool { left.bits < right.bits }
}

/// A phone's election for its present file.
public struct Election: BitwiseCopyable, Sendable {
    /// How far the election is.
    public enum Phase: UInt8, BitwiseCopyable, Sendable {
        /// No file is wanted, or it is fetched without peers.
        case idle
        /// Listens until the deadline, then claims or seeks.
        case listening
        /// Has claimed; each deadline is a tick.
        case claiming
        /// Has heard a stronger claim; the deadline is the end of its patience.
        case seeking
        /// Heads a subtree that lost its root; the deadline dissolves it.
        case orphaned
        /// It is decided: the phone is root, has a parent or asks one for a place.
        case settled
    }

    /// The strongest claim heard.
    public internal(set) var best = ClaimRank.none
    /// When the phase ends by itself.
    public internal(set) var deadline = Instant.never
    /// The transaction id that came with the strongest claim.
    public internal(set) var bestTransaction: UInt32 = 0
    /// The phone's own strength for this file.
    public internal(set) var strength: UInt32 = 0
    /// The phone's own transaction id for this file (XID).
    public internal(set) var transaction: UInt32 = 0
    /// The file that the election is about.
    public internal(set) var file = FileNumber.none
    /// How far it is.
    public internal(set) var phase = Phase.idle
    /// Advertisements sent since the first claim; of a seeker the claims that kept its patience alive.
    public internal(set) var advertisements: UInt8 = 0
    /// When a seeker began to seek, in quarters of its patience, as far as eight bits hold it.
    private var soughtSince: UInt8 {
        get { advertisements }
        set { advertisements = newValue }
    }
    /// How many quarters of its patience a seeker's patience may begin anew (own choice: 5 s, four times as
    /// long as a claim takes to be confirmed; whoever claims longer than that means no good).
    private static let seekingQuarters: UInt8 = 20

    /// An election that has not begun.
    public init() {}

    /// Whether claims of the file still decide something here.
    public var isOpen: Bool {
        switch phase {
        case .listening, .claiming, .seeking, .orphaned: true
        case .idle, .settled: false
        }
    }

    /// What hearing a claim leads to.
    enum Heard: BitwiseCopyable {
        /// Nothing to do now.
        case nothing
        /// The phone's own claim was weaker; it seeks now.
        case yielded
        /// A root or holder is known: ask it for a place.
        case join
    }

    /// Takes in a claim, a confirmed root's advertisement or an offer.
    mutating func hear(
        _ rank: ClaimRank,
        transaction heard: UInt32,
        own address: IPv4Address,
        now: Instant,
        patience: Interval
    ) -> Heard {
        switch phase {
        case .listening:
            remember(rank, heard)
            return .nothing
        case .claiming:
            remember(rank, heard)
            guard best > ClaimRank(strength: strength, address: address) else { return .nothing }
            seek(now: now, patience: patience)
            return best.isConfirmed ? .join : .yielded
        case .seeking:
            // The strongest known claimant may repeat itself: that keeps the patience alive too.
            guard rank >= best else { return .nothing }
            remember(rank, heard)
            goOnSeeking(now: now, patience: patience)
            return best.isConfirmed ? .join : .nothing
        case .orphaned:
            guard rank.isConfirmed else { return .nothing }
            best = rank
            bestTransaction = heard
            return .join
        case .idle, .settled:
            return .nothing
        }
    }

    /// Takes in a claim that is not confirmed, if that leads to nothing but remembering it; false,
    /// and nothing is taken in, when it may lead to more.
    mutating func takesIn(
        _ rank: ClaimRank,
        transaction heard: UInt32,
        now: Instant,
        patience: Interval
    ) -> Bool {
        switch phase {
        case .listening:
            remember(rank, heard)
            return true
        case .claiming:
            // The addresses decide between equals: not worth knowing here.
            guard max(rank, best).bits >> 32 < UInt64(strength) else { return false }
            remember(rank, heard)
            return true
        case .seeking:
            guard rank >= best else { return true }
            remember(rank, heard)
            goOnSeeking(now: now, patience: patience)
            return true
        case .orphaned, .idle, .settled:
            return true
        }
    }

    /// Begins to seek the strongest claimant.
    mutating func seek(now: Instant, patience: Interval) {
        phase = .seeking
        deadline = now + patience
        soughtSince = Self.quarter(now, patience)
    }

    /// The patience begins anew, unless it did for so long that nobody who is what it says can be behind it:
    /// without that end, one address that claims again and again would keep a whole subnet waiting.
    private mutating func goOnSeeking(now: Instant, patience: Interval) {
        guard Self.quarter(now, patience) &- soughtSince < Self.seekingQuarters else { return }
        deadline = now + patience
    }

    /// The phone's clock is put forward by `length`, or back.
    mutating func shiftTimes(by length: Interval, patience: Interval) {
        deadline = deadline.shifted(by: length)
        guard phase == .seeking else { return }
        let quarters = length.nanoseconds / max(patience.nanoseconds / 4, 1)
        soughtSince &+= UInt8(truncatingIfNeeded: quarters)
    }

    private static func quarter(_ now: Instant, _ patience: Interval) -> UInt8 {
        UInt8(truncatingIfNeeded: now.nanoseconds / max(patience.nanoseconds / 4, 1))
    }

    private mutating func remember(_ rank: ClaimRank, _ heard: UInt32) {
        guard rank > best else { return }
        best = rank
        bestTransaction = heard
    }
}
