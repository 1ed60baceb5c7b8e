// The numbers of the simulated world around a phone: the time inside it, the LAN, TFTP. Like those of
// the protocol they are named, have an origin and may be set before time moves.

/// Every number of the model that is not the protocol's.
public struct SimulationParameters: BitwiseCopyable, Hashable, Sendable {
    /// Bytes a second that a phone takes in at most, from a server or a parent; derived from a
    /// timed upgrade of a 7961.
    public var receiveBytesPerSecond: Int64 = 500_000
    /// Verifying a file, whatever its size; half of the derived pause, the split is modelled.
    public var verify = Interval.seconds(1)
    /// Verifying, for each million bytes; half of the derived pause, the split is modelled.
    public var verifyPerMegabyte = Interval.seconds(1)
    /// Writing a file, whatever its size; half of the derived pause, the split is modelled.
    public var write = Interval.seconds(1)
    /// Writing, for each million bytes; half of the derived pause, the split is modelled.
    public var writePerMegabyte = Interval.seconds(1)
    /// From the end of the last file to the new load running; modelled.
    public var reboot = Interval.seconds(60)
    /// From there to being registered; modelled.
    public var registration = Interval.seconds(10)
    /// The random spread of a reset of several phones; modelled.
    public var startSpread = Interval.seconds(1)
    /// Files that a phone sends to children at one time; the next one waits.
    ///
    /// More than a phone has children: all at once, which is modelled; 1: one after the other.
    public var uploadsAtOnce = 24
    /// Bytes after which a phone forwards what it has of a file that still comes, as a study, or
    /// zero: whole verified files only; attested.
    public var forwardPieceBytes: Int64 = 0
    /// Whether a phone forwards a file only once it is in flash, and not as soon as it is verified;
    /// modelled.
    public var forwardsWhenWritten = false
    /// Whether transfers are flows or played packet by packet.
    public var fidelity = TransferFidelity.flow
    /// Bytes of a chunk from a parent to a child, where these are played: what a TCP segment carries
    /// on an Ethernet; modelled.
    public var chunkBytes: Int64 = 1_460
    /// How long a transfer from a parent may stand still before the child gives it up; modelled.
    public var transferStall = Interval.seconds(30)
    /// The one-way delay of a LAN; modelled.
    public var lanDelay = Interval.microseconds(100)
    /// The longest extra delay of a phone on it; modelled.
    public var lanJitter = Interval.microseconds(100)
    /// A TFTP block without options, in bytes; attested.
    public var blockBytes: Int64 = 512
    /// What IP, UDP and TFTP add to a block, in bytes (20 + 8 + 4); derived from the standards.
    public var blockHeaderBytes: Int64 = 32
    /// Blocks that a server sends before it waits for an acknowledgement (RFC 7440); one without
    /// that option, which real phones were not seen to use: derived.
    public var windowBlocks: Int64 = 1
    /// A TFTP client's first time-out, which doubles from one to the next, or zero: it waits for
    /// ever; modelled.
    public var fetchTimeout = Interval.seconds(4)
    /// Its longest time-out; modelled.
    public var fetchTimeoutMost = Interval.seconds(32)
    /// How often it asks for a block before it gives up; modelled.
    public var fetchTries = 6
    /// The shortest wait after all servers were busy, twice which is the longest; modelled.
    public var busyWait = Interval.seconds(10)
    /// How often a phone asks servers that are busy; modelled.
    public var busyTries = 6
    /// Whether phones that can ask servers by HTTP first; attested for the 7800 and 8800 series.
    public var httpFirst = true
    /// What a server sends by HTTP before an acknowledgement, in bytes: TCP's window without scaling
    /// (RFC 9293); modelled.
    public var httpWindowBytes: Int64 = 65_535
    /// Whether a phone that runs a load gives its files to phones that want them, as newer guides have
    /// it.
    public var servesWhenDone = false
    /// Whether a hierarchy takes in all models of a series, those with the same loads, as the guides
    /// of the multi-platform phones have it; the model alone is attested for the 79xx.
    public var joinsSeries = false

    /// The defaults of docs/protocol.md.
    public init() {}

    /// The time to verify `bytes`.
    public func verifyTime(bytes: Int64) -> Interval {
        verify + perMegabyte(verifyPerMegabyte, bytes)
    }

    /// The time to write `bytes`.
    public func writeTime(bytes: Int64) -> Interval {
        write + perMegabyte(writePerMegabyte, bytes)
    }

    private func perMegabyte(_ length: Interval, _ bytes: Int64) -> Interval {
        let (high, low) = length.nanoseconds.multipliedFullWidth(by: bytes)
        guard high == 0 else { return .zero }
        return Interval(nanoseconds: Int64(low / 1_000_000))
    }

    /// Blocks of a file: the last one is shorter than a full block, empty if need be (RFC 1350).
    func blocks(bytes: Int64) -> Int64 { bytes / blockBytes + 1 }

    /// Picoseconds that a phone takes for `bytes` at its receive rate.
    func receivePicoseconds(bytes: Int64) -> Int64 {
        guard receiveBytesPerSecond > 0 else { return 0 }
        return bytes * 1_000_000_000_000 / receiveBytesPerSecond
    }

    /// The cost of a byte through a phone's port of this rate.
    func byteCost(rateBitsPerSecond rate: Int64) -> LinkCost {
        let share = 8_000_000_000_000 / max(rate, 1)
        return LinkCost(
            alonePicoseconds: max(share, receivePicoseconds(bytes: 1)),
            sharePicoseconds: share
        )
    }
}
