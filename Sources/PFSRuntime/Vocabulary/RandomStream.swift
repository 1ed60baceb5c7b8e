// Chance in the model. Every purpose of every phone has a stream of its own, derived from the
// world's seed by name and number, so that one phone more, or one draw more for another purpose,
// leaves all other draws as they were.

/// What a random stream is for; the raw value is part of the derivation and must never change.
public enum RandomPurpose: UInt64, BitwiseCopyable, Sendable {
    /// The spread of a reset over many phones.
    case startSpread = 1
    /// Transaction ids of a phone (XID).
    case transaction = 2
    /// Election strengths of a phone.
    case strength = 3
    /// The delay of a broadcast or a segment to a phone.
    case lanDelay = 4
    /// The wait of a phone before it offers a file.
    case offerDelay = 5
    /// The wait of a phone before it falls back to TFTP.
    case fallbackSpread = 6
    /// Cases that a test makes up.
    case test = 8
    /// The longer listening of a phone that starts over.
    case relistenSpread = 9
    /// The wait of a phone whose servers are busy.
    case busyWait = 10
    /// Whether a transfer is lost on its way.
    case linkLoss = 11
    /// What fills made-up firmware files.
    case firmwareFilling = 12
    /// Whether a fault hits something.
    case faultChance = 13
    /// By how much a fault delays something.
    case faultLength = 14
    /// What a storm lets go wrong.
    case storm = 20
    /// Which phones a share of them is, as in `10% of all`.
    case share = 40
}

/// A stream of random numbers: SplitMix64 (Steele, Lea and Flood 2014; public domain constants).
///
/// Small, trivial to copy into a checkpoint, and the same on every machine. The standard library's
/// algorithms over generators may change between versions, so bounded draws are made here.
public struct RandomStream: BitwiseCopyable, Hashable, Sendable {
    private var state: UInt64

    /// The stream of `purpose` and `index` under the world's `seed`.
    public init(seed: UInt64, purpose: RandomPurpose, index: UInt64) {
        let salted = Self.mix(seed ^ 0x9E37_79B9_7F4A_7C15) &+ purpose.rawValue
        state = Self.mix(Self.mix(salted) &+ index)
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A number from 0 up to, not including, `bound`; 0 when `bound` is 0.
    ///
    /// Multiply and shift: the bias is below 2⁻³² for the bounds used here.
    public mutating func below(_ bound: UInt64) -> UInt64 {
        next().multipliedFullWidth(by: bound).high
    }

    /// A length of time from zero up to, not including, `length`.
    public mutating func interval(below length: Interval) -> Interval {
        guard length > .zero else { return .zero }
        return Interval(nanoseconds: Int64(below(UInt64(length.nanoseconds))))
    }

    /// Spreads the bits of one number over all 64: the finishing step of SplitMix64.
    public static func mix(_ value: UInt64) -> UInt64 {
        var bits = value
        bits ^= bits >> 30
        bits &*= 0xBF58_476D_1CE4_E5B9
        bits ^= bits >> 27
        bits &*= 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
