// The numbers of the protocol model, each with its origin. They are the model's only constants: a
// user may set any of them before time moves and ask "what if".

/// Every time and limit that one phone's behaviour depends on.
public struct PeerParameters: BitwiseCopyable, Hashable, Sendable {
    /// From the TCP listen line to the origin of the phone's tick grid; derived from the seed's log.
    public var gridOrigin = Interval.microseconds(26_030)
    /// The period of the phone's tick; derived from the seed's log.
    public var tick = Interval.milliseconds(250)
    /// Listening before the first claim, from the grid's origin; derived from the seed's log.
    public var listenBeforeClaim = Interval.milliseconds(500)
    /// Advertisements after the first claim; derived from the seed's log.
    public var advertisementCount: UInt8 = 4
    /// A confirmed root's wait for children before it fetches; derived from the seed's log.
    public var rootWaiting = Interval.seconds(10)
    /// The period of a confirmed root's advertisement; modelled.
    public var confirmedAdvertisement = Interval.seconds(2)
    /// How long a seeker waits for something stronger before it listens again; modelled.
    public var seekingPatience = Interval.seconds(1)
    /// The silence of a root after which a holder offers; modelled.
    public var rootSilence = Interval.seconds(1)
    /// The longest random wait before an offer; modelled.
    public var offerSpread = Interval.milliseconds(250)
    /// The period of Hold on every link; modelled.
    public var hold = Interval.seconds(2)
    /// The silence after which a link is lost; modelled.
    public var linkLost = Interval.seconds(6)
    /// How long a phone waits for the answer to its Join; modelled.
    public var joinPatience = Interval.seconds(3)
    /// How long a subtree seeks a root before it dissolves; modelled.
    public var dissolveAfter = Interval.seconds(10)
    /// The longest random wait of a phone of a dissolved subtree before it listens; modelled.
    public var relistenSpread = Interval.seconds(1)
    /// Failed elections, joins and parents for one file before a phone falls back to TFTP; modelled.
    public var triesBeforeFallback: UInt8 = 3
    /// A parent that is lost before so long counts as a failed try; modelled.
    public var parentTrial = Interval.seconds(30)
    /// The longest random wait before falling back; modelled.
    public var fallbackSpread = Interval.seconds(5)
    /// How long a root whose fetch timed out may not claim; modelled.
    public var barred = Interval.seconds(30)
    /// Quiet time, without a claim or a Join, before a phone that is done applies; modelled.
    public var linger = Interval.seconds(10)
    /// The longest a phone that is done serves on before it applies; modelled.
    public var lingerLimit = Interval.seconds(600)
    /// Children of a phone in one hierarchy, 1 to `Branch.childLimit`; attested.
    public var fanOut: UInt8 = 2
    /// The deepest place in a hierarchy, the root's being 0; a guard against loops, modelled.
    public var depthLimit: UInt8 = 64
    /// The shortest time between two lines inside one tick; derived from the seed's log.
    public var lineSpacingLeast = Interval.microseconds(280)
    /// The longest time between two lines inside one tick; derived from the seed's log.
    public var lineSpacingMost = Interval.microseconds(1_070)

    /// Defects that were planted on purpose; none, but where something has to prove that it finds them.
    public var planted = PlantedDefects()

    /// The defaults of docs/protocol.md.
    public init() {}
}
