// What a TFTP block costs on its way: round trip, serialisation, and what loss adds. Flows have no
// packets, so loss is what it comes to on average; whether a transfer fails altogether is drawn.

/// What a block costs a flow from one server to one phone.
struct BlockCost: BitwiseCopyable, Sendable {
    /// What a block takes a flow that is alone, in picoseconds.
    var alonePicoseconds: Int64
    /// Retransmissions of a block because of loss, in units of 2⁻³².
    var lossRetransmissions: UInt64
    /// The chance that a block is lost so often that the phone gives up, in units of 2⁻⁶⁴.
    var giveUpChance: UInt64
}

/// The links between a server and a phone, added up.
struct NetworkWay {
    /// The round trip.
    var roundTrip: Interval
    /// What a block takes on the slowest link, in picoseconds.
    var slowestPicoseconds: Int64
    /// Packets lost each way, in parts per million.
    var lossPartsPerMillion: Int64
}

extension SimulationParameters {
    /// What a block occupies a link for, in picoseconds; `busy` of its rate is in other use, and
    /// what is lost behind it is sent again.
    func sharePicoseconds(
        rateBitsPerSecond rate: Int64,
        busyPartsPerMillion busy: Int64 = 0,
        lossPartsPerMillion loss: Int64 = 0,
        _ transport: FetchTransport = .tftp
    ) -> Int64 {
        let bits = UInt128(wireBits(transport))
        let whole = bits * 1_000_000_000_000 / UInt128(max(rate, 1))
        let free = whole * 1_000_000 / UInt128(max(1_000_000 - busy, 1))
        return Int64(clamping: free * 1_000_000_000_000 / UInt128(Self.arrivals(loss)))
    }

    /// What a block costs over a way: stop-and-wait, or window by window (RFC 7440).
    func blockCost(over way: NetworkWay) -> BlockCost {
        let trip = way.roundTrip.nanoseconds * 1_000 / max(windowBlocks, 1)
        let (sent, overflow) = way.slowestPicoseconds.addingReportingOverflow(trip)
        let receiving = receivePicoseconds(bytes: blockBytes)
        let failing = 1_000_000_000_000 - Self.arrivals(way.lossPartsPerMillion)
        var wait: UInt128 = 0
        var again: UInt128 = 0
        // The chance, in 2⁻⁶⁴, that the first k attempts fail.
        var chance = UInt128(1) << 64
        for attempt in 0..<max(fetchTries, 1) {
            chance = chance * UInt128(failing) / 1_000_000_000_000
            guard attempt + 1 < max(fetchTries, 1) else { break }
            wait += (chance * UInt128(timeout(attempt).nanoseconds * 1_000)) >> 64
            again += chance
        }
        let alone = max(overflow ? .max : sent, receiving)
        let (total, isTooLong) = alone.addingReportingOverflow(Int64(clamping: wait))
        return BlockCost(
            alonePicoseconds: isTooLong ? .max : total,
            lossRetransmissions: UInt64(clamping: again >> 32),
            giveUpChance: UInt64(clamping: chance)
        )
    }

    /// The chance that a block and its acknowledgement both arrive, in units of 10⁻¹².
    private static func arrivals(_ lossPartsPerMillion: Int64) -> Int64 {
        let kept = max(1_000_000 - lossPartsPerMillion, 1)
        return kept * kept
    }

    // MARK: Time-outs

    /// How long the client waits before it sends for the (`attempt` + 1)-th time.
    func timeout(_ attempt: Int) -> Interval {
        let doubled = Int64(1) << Int64(min(attempt, 30))
        let (length, overflow) = fetchTimeout.nanoseconds.multipliedReportingOverflow(by: doubled)
        return min(overflow ? fetchTimeoutMost : Interval(nanoseconds: length), fetchTimeoutMost)
    }

    /// How long the client waits for a block in all before it gives up; zero: for ever.
    var fetchPatience: Interval {
        (0..<max(fetchTries, 0)).reduce(Interval.zero) { $0 + timeout($1) }
    }

    /// How many time-outs run out while a block of a window takes this long each.
    func timeoutsElapsed(picoseconds: Int64) -> Int64 {
        guard fetchTimeout > .zero else { return 0 }
        let wait = waitNanoseconds(picoseconds)
        var passed: Int64 = 0
        for attempt in 0..<max(fetchTries, 0) {
            passed += timeout(attempt).nanoseconds
            if passed >= wait { return Int64(attempt) }
        }
        return Int64(max(fetchTries, 0))
    }

    /// Whether a client that gets a block in this time gives up before it comes.
    func givesUp(picoseconds: Int64) -> Bool {
        fetchTimeout > .zero && waitNanoseconds(picoseconds) > fetchPatience.nanoseconds
    }

    private func waitNanoseconds(_ picosecondsPerBlock: Int64) -> Int64 {
        Int64(clamping: UInt128(picosecondsPerBlock) * UInt128(max(windowBlocks, 1)) / 1_000)
    }

    // MARK: Giving up

    /// After how many blocks a transfer of `blocks` is given up; nil when it comes whole.
    ///
    /// Each block fails with `chance`, in 2⁻⁶⁴. The number of good ones is found bit by bit, from
    /// powers of the chance that a block is good: no logarithm, the same on every machine.
    static func blocksBeforeGivingUp(
        of blocks: Int64,
        chance: UInt64,
        _ stream: inout RandomStream
    ) -> Int64? {
        guard chance > 0 else { return nil }
        let draw = stream.next()
        var powers = [UInt64.max - chance]
        while powers.count < 40 {
            let last = powers[powers.count - 1]
            powers.append(last.multipliedFullWidth(by: last).high)
        }
        var good: Int64 = 0
        var reached = UInt64.max
        for bit in powers.indices.reversed() {
            let further = reached.multipliedFullWidth(by: powers[bit]).high
            guard draw < further else { continue }
            reached = further
            good += 1 << Int64(bit)
        }
        return good < blocks ? good : nil
    }
}
