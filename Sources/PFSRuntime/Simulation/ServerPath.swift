// The flows from one server to the phones of one site. All of them cross the same links, so all have
// the same pace, and one running total serves them. Paths that share a link share it max-min fairly,
// path by path, so that a change costs the same whatever the number of flows.

/// The flows from one server to phones of one site whose ports have the same rate.
struct ServerPath: Sendable {
    let server: Int
    let site: Int
    let lanRateBitsPerSecond: Int64
    /// By what the files come.
    let transport: FetchTransport
    /// The link that it shares with others.
    let link: Int
    /// Whether the server stands at the site itself, so that nothing crosses a WAN.
    let isLocal: Bool
    /// What a block costs a flow that is alone.
    var cost: BlockCost
    /// What a block takes each flow now.
    var pace: LinkCost
    var flows = SharedLink()
    /// TFTP time-outs that run out for each block at the present pace.
    var lateTimeouts: Int64 = 0
    /// Retransmissions of blocks that came too late or not at all, in units of 2⁻³².
    var retransmissions: UInt128 = 0
    /// Blocks of transfers that have ended, whole or not.
    var blocks: Int64 = 0
    /// Transfers under way that are played packet by packet.
    var packetTransfers = 0
    /// What these took on the wire, headers and repetitions included, in bytes.
    var packetBytes: Int64 = 0
    /// Since when `retransmissions` lacks those of late blocks.
    private var countedAt = Instant.zero

    init(
        server: Int,
        site: Int,
        lanRateBitsPerSecond: Int64,
        transport: FetchTransport,
        link: Int,
        isLocal: Bool,
        cost: BlockCost
    ) {
        self.server = server
        self.site = site
        self.lanRateBitsPerSecond = lanRateBitsPerSecond
        self.transport = transport
        self.link = link
        self.isLocal = isLocal
        self.cost = cost
        pace = LinkCost(alonePicoseconds: max(cost.alonePicoseconds, 1), sharePicoseconds: 0)
    }

    /// Takes another pace from `now` on, and counts what was sent again at the old one.
    mutating func setPace(
        picosecondsPerBlock: Int64,
        _ parameters: SimulationParameters,
        now: Instant
    ) {
        let new = LinkCost(alonePicoseconds: max(picosecondsPerBlock, 1), sharePicoseconds: 0)
        flows.recost(from: pace, to: new, now: now)
        pace = new
        // TCP waits as long as its blocks take.
        guard transport == .tftp else { return }
        lateTimeouts = parameters.timeoutsElapsed(picoseconds: new.alonePicoseconds)
    }

    /// Adds the retransmissions of the time since the last call, in which nothing changed.
    mutating func countLateBlocks(until now: Instant) {
        defer { countedAt = now }
        guard lateTimeouts > 0, flows.count > 0, now > countedAt else { return }
        let elapsed = UInt128((now - countedAt).nanoseconds) * 1_000 << 32
        let blocks = elapsed / UInt128(pace.alonePicoseconds) * UInt128(flows.count)
        retransmissions += blocks * UInt128(lateTimeouts)
    }
}

/// A link that several transfers share: a site's WAN, one way, or a server's port.
struct NetworkLink: Sendable {
    /// Which link it is.
    enum Role: Equatable, Sendable {
        /// From the core to a site.
        case down(site: Int)
        /// From a site, whose server it is, to the core.
        case up(site: Int)
        /// Out of a server, to phones in the same place.
        case port(server: Int)
    }
    let role: Role
    /// What a block occupies it for, in picoseconds, loss behind it made up for.
    let sharePicoseconds: Int64
    /// What a block that is sent once takes on it, in picoseconds.
    let blockPicoseconds: Int64
    var paths: [Int] = []
    /// The most that it has carried, headers included, in bits per second.
    var peakBitsPerSecond: Int64 = 0
    /// When a packet that comes next can set out, in packet fidelity.
    var freeAt = Instant.zero
    private var secondBeganAt = Instant.zero
    private var secondBits: Int64 = 0

    init(role: Role, sharePicoseconds: Int64, blockPicoseconds: Int64) {
        self.role = role
        self.sharePicoseconds = sharePicoseconds
        self.blockPicoseconds = blockPicoseconds
    }

    /// Counts a packet that sets out, for the peak: the most bits of any second.
    mutating func carry(bits: Int64, at time: Instant) {
        if time - secondBeganAt >= .seconds(1) {
            secondBeganAt = time
            secondBits = 0
        }
        secondBits += bits
        peakBitsPerSecond = max(peakBitsPerSecond, secondBits)
    }
}

/// Max-min fair shares of one link among paths: each gets an equal share for each of its flows, or
/// what its own limit lets it use, if that is less; what it leaves is shared among the others.
enum FairShares {
    /// A path as its link sees it.
    struct Member {
        /// What a block takes a flow that is alone, in picoseconds.
        let alonePicoseconds: Int64
        /// What a block of it occupies the link for, in picoseconds.
        let sharePicoseconds: Int64
        /// How many flows it has, at least 1.
        let flows: Int64
    }

    /// The time that a block takes each flow of each member, in picoseconds.
    ///
    /// Costs the square of the number of members at most: that of the servers in use.
    static func picosecondsPerBlock(_ members: [Member]) -> [Int64] {
        let whole: UInt64 = 1 << 32
        var result = Array(repeating: Int64(1), count: members.count)
        var open = Array(members.indices)
        var left = whole
        while !open.isEmpty {
            let flows = open.reduce(Int64(0)) { $0 + members[$1].flows }
            func equal(_ member: Member) -> Int64 {
                let share = UInt128(flows) * UInt128(whole)
                return scaled(member.sharePicoseconds, share, by: UInt128(max(left, 1)))
            }
            let limited = open.filter { members[$0].alonePicoseconds > equal(members[$0]) }
            guard !limited.isEmpty else {
                for index in open { result[index] = max(equal(members[index]), 1) }
                return result
            }
            for index in limited {
                let member = members[index]
                result[index] = max(member.alonePicoseconds, 1)
                let used = scaled(
                    member.sharePicoseconds,
                    UInt128(member.flows) * UInt128(whole),
                    by: UInt128(result[index])
                )
                left -= min(left, UInt64(clamping: used))
            }
            open.removeAll { limited.contains($0) }
        }
        return result
    }

    private static func scaled(_ value: Int64, _ factor: UInt128, by divisor: UInt128) -> Int64 {
        Int64(clamping: UInt128(value) * factor / divisor)
    }
}
