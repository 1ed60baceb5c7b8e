// Every number of the model under its name: what it means, in which unit, within which limits, how
// well it is known. Its default is the one of `PeerParameters` or `SimulationParameters`.

/// One number of the model, such as the period of a phone's tick.
public struct ModelParameter: Sendable {
    /// What a number counts.
    public enum Unit: Sendable {
        /// Nanoseconds.
        case duration
        /// Times, or levels.
        case count
        /// Bytes.
        case size
        /// Bits a second; the limits are too.
        case rate
        /// On, which is 1, or off.
        case flag
    }

    /// The name, in words joined by hyphens.
    public let name: String
    /// What it is, as half a sentence.
    public let help: String
    /// In what it is counted.
    public let unit: Unit
    /// How well its default is known.
    public let mark: Mark
    /// What it may be, both ends included; own choice: what the model can be run with.
    public let limits: ClosedRange<Int64>
    let read: @Sendable (Numbers) -> Int64
    let write: @Sendable (inout Numbers, Int64) -> Void

    /// What it is unless set.
    public var standard: Int64 { read(Numbers()) }

    /// All numbers of the model together.
    struct Numbers {
        var peer = PeerParameters()
        var simulation = SimulationParameters()
    }
}

extension ModelParameter {
    /// All of them: those of a phone's protocol, then those of the world around it.
    public static let all: [ModelParameter] = protocolTimes + protocolCounts + insidePhone + network

    private static func duration(
        _ name: String,
        _ mark: Mark,
        _ limits: ClosedRange<Interval>,
        _ path: any WritableKeyPath<Numbers, Interval> & Sendable,
        _ help: String
    ) -> ModelParameter {
        ModelParameter(
            name: name,
            help: help,
            unit: .duration,
            mark: mark,
            limits: limits.lowerBound.nanoseconds...limits.upperBound.nanoseconds,
            read: { $0[keyPath: path].nanoseconds },
            write: { $0[keyPath: path] = Interval(nanoseconds: $1) }
        )
    }

    private static func count(
        _ name: String,
        _ mark: Mark,
        _ limits: ClosedRange<UInt8>,
        _ path: any WritableKeyPath<Numbers, UInt8> & Sendable,
        _ help: String
    ) -> ModelParameter {
        ModelParameter(
            name: name,
            help: help,
            unit: .count,
            mark: mark,
            limits: Int64(limits.lowerBound)...Int64(limits.upperBound),
            read: { Int64($0[keyPath: path]) },
            write: { $0[keyPath: path] = UInt8(clamping: $1) }
        )
    }

    /// What recurs: no shorter than a millisecond, so that time goes on.
    private static let period = Interval.milliseconds(1)...Interval.seconds(3_600)
    /// What is waited for once, or drawn at random.
    private static let wait = Interval.zero...Interval.seconds(86_400)
    /// What is fine enough for the order of lines in a log.
    private static let spacing = Interval.zero...Interval.milliseconds(10)
    /// A LAN's delay and its jitter together fit the 32 bits that a phone keeps of them.
    private static let lan = Interval.zero...Interval.seconds(2)

    private static let protocolTimes: [ModelParameter] = [
        duration("grid-origin", .derived, wait, \.peer.gridOrigin, "TCP listen to the tick grid"),
        duration("tick", .derived, period, \.peer.tick, "the period of a phone's tick"),
        duration(
            "listen-before-claim",
            .derived,
            wait,
            \.peer.listenBeforeClaim,
            "listening before a claim"
        ),
        duration("root-waiting", .derived, wait, \.peer.rootWaiting, "a root's wait for children"),
        duration(
            "confirmed-advertisement",
            .modelled,
            period,
            \.peer.confirmedAdvertisement,
            "between a root's advertisements"
        ),
        duration(
            "seeking-patience",
            .modelled,
            period,
            \.peer.seekingPatience,
            "a seeker's wait for a root"
        ),
        duration("root-silence", .modelled, period, \.peer.rootSilence, "silence before an offer"),
        duration("offer-spread", .modelled, wait, \.peer.offerSpread, "random, before an offer"),
        duration("hold", .modelled, period, \.peer.hold, "between Holds on a link"),
        duration("link-lost", .modelled, period, \.peer.linkLost, "silence that loses a link"),
        duration("join-patience", .modelled, period, \.peer.joinPatience, "the wait for an Accept"),
        duration(
            "dissolve-after",
            .modelled,
            wait,
            \.peer.dissolveAfter,
            "a subtree without its root"
        ),
        duration(
            "relisten-spread",
            .modelled,
            wait,
            \.peer.relistenSpread,
            "random, once it dissolved"
        ),
        duration(
            "fallback-spread",
            .modelled,
            wait,
            \.peer.fallbackSpread,
            "random, before TFTP alone"
        ),
        duration(
            "parent-trial",
            .modelled,
            wait,
            \.peer.parentTrial,
            "a parent lost sooner is a failure"
        ),
        duration("barred", .modelled, wait, \.peer.barred, "no claim after a failed fetch"),
        duration("linger", .modelled, wait, \.peer.linger, "quiet before a new load runs"),
        duration("linger-limit", .modelled, wait, \.peer.lingerLimit, "the longest serving on"),
        duration(
            "line-spacing-least",
            .derived,
            spacing,
            \.peer.lineSpacingLeast,
            "between lines of a log, at least"
        ),
        duration(
            "line-spacing-most",
            .derived,
            spacing,
            \.peer.lineSpacingMost,
            "between lines of a log, at most"
        ),
    ]

    private static let protocolCounts: [ModelParameter] = [
        count(
            "advertisement-count",
            .derived,
            1...100,
            \.peer.advertisementCount,
            "after the first claim"
        ),
        count(
            "tries-before-fallback",
            .modelled,
            1...100,
            \.peer.triesBeforeFallback,
            "failures before TFTP alone"
        ),
        count("fan-out", .attested, 1...3, \.peer.fanOut, "children of a phone for a file"),
        count("depth-limit", .modelled, 1...64, \.peer.depthLimit, "levels below a root"),
    ]

    private static let insidePhone: [ModelParameter] = [
        duration("verify", .modelled, wait, \.simulation.verify, "verifying a file"),
        duration(
            "verify-per-megabyte",
            .modelled,
            wait,
            \.simulation.verifyPerMegabyte,
            "the same, for each megabyte"
        ),
        duration("write", .modelled, wait, \.simulation.write, "writing a file"),
        duration(
            "write-per-megabyte",
            .modelled,
            wait,
            \.simulation.writePerMegabyte,
            "the same, for each megabyte"
        ),
        duration("reboot", .modelled, wait, \.simulation.reboot, "rebooting into the new load"),
        duration("registration", .modelled, wait, \.simulation.registration, "then registering"),
        duration(
            "start-spread",
            .modelled,
            wait,
            \.simulation.startSpread,
            "random, a reset of several"
        ),
        ModelParameter(
            name: "receive-rate",
            help: "the most a phone takes in",
            unit: .rate,
            mark: .derived,
            limits: 8...1_000_000_000_000,
            read: { $0.simulation.receiveBytesPerSecond * 8 },
            write: { $0.simulation.receiveBytesPerSecond = $1 / 8 }
        ),
    ]

    private static let network: [ModelParameter] = [
        ModelParameter(
            name: "uploads-at-once",
            help: "files that a phone sends at a time",
            unit: .count,
            mark: .modelled,
            limits: 1...100,
            read: { Int64($0.simulation.uploadsAtOnce) },
            write: { $0.simulation.uploadsAtOnce = Int($1) }
        ),
        ModelParameter(
            name: "forward-piece",
            help: "forwarded before the rest; 0: no",
            unit: .size,
            mark: .attested,
            limits: 0...1_000_000_000,
            read: { $0.simulation.forwardPieceBytes },
            write: { $0.simulation.forwardPieceBytes = $1 }
        ),
        ModelParameter(
            name: "forward-when-written",
            help: "1: once a file is in flash; 0: verified",
            unit: .count,
            mark: .modelled,
            limits: 0...1,
            read: { $0.simulation.forwardsWhenWritten ? 1 : 0 },
            write: { $0.simulation.forwardsWhenWritten = $1 == 1 }
        ),
        ModelParameter(
            name: "chunk",
            help: "of a file between phones, as packets",
            unit: .size,
            mark: .modelled,
            limits: 1...1_000_000_000,
            read: { $0.simulation.chunkBytes },
            write: { $0.simulation.chunkBytes = $1 }
        ),
        duration(
            "transfer-stall",
            .modelled,
            wait,
            \.simulation.transferStall,
            "a transfer between phones stands still"
        ),
        duration("lan-delay", .modelled, lan, \.simulation.lanDelay, "one way over a LAN"),
        duration("lan-jitter", .modelled, lan, \.simulation.lanJitter, "random, more than that"),
        ModelParameter(
            name: "block",
            help: "a TFTP block (RFC 2348: 8 to 65464)",
            unit: .size,
            mark: .attested,
            limits: 8...65_464,
            read: { $0.simulation.blockBytes },
            write: { $0.simulation.blockBytes = $1 }
        ),
        ModelParameter(
            name: "block-header",
            help: "IP, UDP and TFTP around it",
            unit: .size,
            mark: .derived,
            limits: 0...1_000,
            read: { $0.simulation.blockHeaderBytes },
            write: { $0.simulation.blockHeaderBytes = $1 }
        ),
        ModelParameter(
            name: "window",
            help: "blocks before an acknowledgement",
            unit: .count,
            mark: .derived,
            limits: 1...65_535,
            read: { $0.simulation.windowBlocks },
            write: { $0.simulation.windowBlocks = $1 }
        ),
        duration(
            "fetch-timeout",
            .modelled,
            wait,
            \.simulation.fetchTimeout,
            "a TFTP client's first; 0: none"
        ),
        duration(
            "fetch-timeout-most",
            .modelled,
            wait,
            \.simulation.fetchTimeoutMost,
            "its longest time-out"
        ),
        ModelParameter(
            name: "fetch-tries",
            help: "requests for one block",
            unit: .count,
            mark: .modelled,
            limits: 1...100,
            read: { Int64($0.simulation.fetchTries) },
            write: { $0.simulation.fetchTries = Int($1) }
        ),
        duration("busy-wait", .modelled, wait, \.simulation.busyWait, "when all servers were busy"),
        ModelParameter(
            name: "busy-tries",
            help: "requests to busy servers",
            unit: .count,
            mark: .modelled,
            limits: 1...100,
            read: { Int64($0.simulation.busyTries) },
            write: { $0.simulation.busyTries = Int($1) }
        ),
        ModelParameter(
            name: "http-first",
            help: "a 7800 or 8800 asks by HTTP",
            unit: .flag,
            mark: .attested,
            limits: 0...1,
            read: { $0.simulation.httpFirst ? 1 : 0 },
            write: { $0.simulation.httpFirst = $1 == 1 }
        ),
        ModelParameter(
            name: "http-window",
            help: "sent by HTTP unacknowledged",
            unit: .size,
            mark: .modelled,
            limits: 1_460...1_073_725_440,
            read: { $0.simulation.httpWindowBytes },
            write: { $0.simulation.httpWindowBytes = $1 }
        ),
        ModelParameter(
            name: "serve-when-done",
            help: "a phone shares what it runs",
            unit: .flag,
            mark: .attested,
            limits: 0...1,
            read: { $0.simulation.servesWhenDone ? 1 : 0 },
            write: { $0.simulation.servesWhenDone = $1 == 1 }
        ),
        ModelParameter(
            name: "hierarchy-by-series",
            help: "models with the same loads share",
            unit: .flag,
            mark: .attested,
            limits: 0...1,
            read: { $0.simulation.joinsSeries ? 1 : 0 },
            write: { $0.simulation.joinsSeries = $1 == 1 }
        ),
    ]
}

extension World {
    private var numbers: ModelParameter.Numbers {
        ModelParameter.Numbers(peer: peerParameters, simulation: parameters)
    }

    /// What a number of the model is in this world.
    public func value(of parameter: ModelParameter) -> Int64 { parameter.read(numbers) }

    /// Sets a number of the model.
    ///
    /// Throws `timeHasMoved` once it has, `outsideLimits` for what the number cannot be, a receive
    /// rate that is no whole number of bytes a second among it.
    public func set(_ parameter: ModelParameter, to value: Int64) throws(WorldError) {
        guard !hasStarted else { throw .timeHasMoved("a number of the model") }
        var changed = numbers
        parameter.write(&changed, value)
        let isOrdered = changed.peer.lineSpacingLeast <= changed.peer.lineSpacingMost
        guard parameter.limits.contains(value), parameter.read(changed) == value, isOrdered else {
            throw .outsideLimits(parameter.name)
        }
        try setParameters(peer: changed.peer, changed.simulation)
    }
}
