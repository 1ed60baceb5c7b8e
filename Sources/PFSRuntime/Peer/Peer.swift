// One phone: what it is doing about the load it has to fetch. Everything that is not needed for
// every broadcast stands here; the inputs are told apart in PeerHandling.swift, and the steps are
// in one file each.

/// What surrounds a phone when it handles an input.
///
/// Not copyable, so that handing it to a phone never copies its hundreds of bytes.
public struct PeerContext: ~Copyable, Sendable {
    /// The time of the input; never decreases.
    public var now = Instant.zero
    /// The numbers of the model.
    public var parameters = PeerParameters()
    /// Values that a user pinned in place of drawn ones.
    public var pins: [PeerPin] = []
    /// When the phone last heard the root of the file spoken of, by advertisements that the driver
    /// knows of and did not hand in one by one.
    public var rootImpliedAt = Instant.zero

    /// The start of a world with default parameters.
    public init() {}

    func pin(_ field: PeerPin.Field, of address: IPv4Address, file: Int) -> UInt32? {
        guard !pins.isEmpty else { return nil }
        return pins.last {
            $0.field == field && $0.address == address && ($0.file == nil || $0.file == file)
        }?.value
    }
}

/// A value read in a field log, to be used in place of a drawn one.
public struct PeerPin: BitwiseCopyable, Hashable, Sendable {
    /// Which value.
    public enum Field: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable {
        /// The transaction id, XID in the log.
        case transaction
        /// The map of the first claim.
        case map
        /// The strength of the claim.
        case strength
        /// The hash of the hierarchy, H in the log.
        case hash
    }
    /// The phone.
    public var address: IPv4Address
    /// The file, counted from 0 in the load; nil for every file.
    public var file: Int?
    /// Which value.
    public var field: Field
    /// The value.
    public var value: UInt32

    /// Pins `field` of the phone at `address` for `file`, or for every file.
    public init(address: IPv4Address, file: Int?, field: Field, value: UInt32) {
        self.address = address
        self.file = file
        self.field = field
        self.value = value
    }
}

/// One phone's protocol state.
///
/// The contract, for whoever drives it:
/// 1. `context.now` never decreases and is the only clock.
/// 2. Hand in one input, then carry out all effects in their order, then hand in the next input.
/// 3. Effects are values. The peer never touches file bytes: it names files, the driver moves them.
/// 4. A deadline is kept in the state. `wake` effects are requests to call at a time; an early or
///    stale wake is ignored, none is ever cancelled.
/// 5. Broadcasts are delivered to phones of the same subnet and model only.
/// 6. After a restart the driver replaces the peer by a new one that continues its streams.
public struct Peer: Sendable {
    /// Where the phone is with its present file.
    public enum Stage: BitwiseCopyable, Sendable {
        /// Nothing to fetch.
        case idle
        /// Listening, claiming or seeking: `Election` has the rest.
        case electing
        /// Asks another phone for a place.
        case joining(Joining)
        /// Has a parent and waits for the file, or receives it.
        case attached(since: Instant)
        /// Heads a subtree that lost its root, and seeks another.
        case orphaned
        /// Confirmed root, waits for children until the instant named.
        case waiting(until: Instant)
        /// Waits a random time before it falls back to TFTP.
        case backingOff(until: Instant)
        /// Fetches the file by TFTP.
        case fetching(FetchReason)
        /// Checks what came, from the server or from a parent.
        case verifying(FileGiver)
        /// Writes the file to flash.
        case writing
        /// Holds every file, serves on until all is quiet.
        case lingering(since: Instant)
        /// Writes flash, reboots, registers.
        case applying
        /// Runs the load already, and gives its files to phones that want them.
        case serving
    }

    /// Who gave the file that is being checked; a parent may have left since.
    public enum FileGiver: BitwiseCopyable, Hashable, Sendable {
        /// The server, for a reason.
        case server(FetchReason)
        /// A parent.
        case phone(IPv4Address)
    }

    /// A request for a place that is under way.
    public struct Joining: BitwiseCopyable, Sendable {
        /// The phone asked now.
        public var target: IPv4Address
        /// The root or offerer asked first; a dead redirect starts there again.
        var first: IPv4Address
        /// The transaction id named in the request.
        var transaction: UInt32
        /// When the answer is overdue.
        var deadline: Instant
        /// How often the phone was sent on.
        var redirects: UInt8
    }

    /// The phone's address.
    public let address: IPv4Address
    /// Where it is with its present file.
    public internal(set) var stage = Stage.idle
    /// What it fetches.
    public internal(set) var job: UpgradeJob?
    /// The present file, counted from 0; the number of files once it holds them all.
    public internal(set) var current: Int {
        get { Int(currentFile) }
        set { currentFile = UInt8(newValue) }
    }
    private var currentFile: UInt8 = 0
    /// Failed elections and joins, and bad copies from parents, for the present file.
    public internal(set) var tries: UInt8 = 0
    /// Parents of the present file that were lost too soon.
    var lostParents: UInt8 = 0
    /// Copies of the present file from the server that did not verify.
    var badCopies: UInt8 = 0
    /// The places in the hierarchies, by file.
    public internal(set) var branches = Branches()
    /// Whether the phone shares from its next file on.
    var sharesNext = false
    /// No later than the earliest deadline of the branches, so that they need not be looked through.
    var branchDueAt = Instant.never
    /// When it lost the root of its subtree.
    var rootlessSince = Instant.never
    /// Until when it may not claim.
    var barredUntil = Instant.zero
    /// When it last heard a claim or a Join.
    var heardOthersAt = Instant.zero
    /// When to send Hold on every link.
    var holdAt = Instant.never
    /// When a link may have been silent for too long.
    var linkCheckAt = Instant.never
    /// The earliest wake-up asked for and not yet come.
    var scheduledWake = Instant.never
    /// Since when the driver answers for the links: every Hold comes in time and says nothing new, so
    /// that none is sent, and none is missed; `never` while it does not.
    var quietSince = Instant.never
    /// Whether a link, or the place in a hierarchy that goes over it, has changed since the driver
    /// last looked.
    public internal(set) var linksChanged = false
    var transactions: RandomStream
    var strengths: RandomStream
    var offerDelays: RandomStream
    var fallbackSpreads: RandomStream
    var relistenSpreads: RandomStream

    /// A phone at `address` whose streams are those of `number` under `seed`.
    public init(address: IPv4Address, seed: UInt64, number: PhoneNumber) {
        self.address = address
        let index = UInt64(number.index)
        transactions = RandomStream(seed: seed, purpose: .transaction, index: index)
        strengths = RandomStream(seed: seed, purpose: .strength, index: index)
        offerDelays = RandomStream(seed: seed, purpose: .offerDelay, index: index)
        fallbackSpreads = RandomStream(seed: seed, purpose: .fallbackSpread, index: index)
        relistenSpreads = RandomStream(seed: seed, purpose: .relistenSpread, index: index)
    }

    /// The same phone after a restart: idle, its streams going on where they were.
    public func restarted() -> Peer {
        var fresh = self
        fresh.stage = .idle
        fresh.job = nil
        fresh.current = 0
        fresh.tries = 0
        fresh.lostParents = 0
        fresh.branches = Branches()
        fresh.branchDueAt = .never
        fresh.rootlessSince = .never
        fresh.barredUntil = .zero
        fresh.holdAt = .never
        fresh.linkCheckAt = .never
        fresh.scheduledWake = .never
        fresh.quietSince = .never
        fresh.linksChanged = false
        return fresh
    }

    /// Whether the driver answers for the links.
    var isQuiet: Bool { quietSince != .never }

    /// The number of files of the job.
    public var fileCount: Int { job?.count ?? 0 }

    /// The present file, or none.
    var file: FileNumber {
        guard let job, current < job.count else { return .none }
        return job.files[current]
    }

    /// The index of a file in the job, up to the present one.
    func branchIndex(of file: FileNumber) -> Int? {
        guard let job, file != .none else { return nil }
        for index in 0..<min(current + 1, job.count) where job.files[index] == file {
            return index
        }
        return nil
    }

    /// Whether the phone waits for `file` below the phone at `parent`, or asks it for a place.
    func expects(_ file: FileNumber, from parent: IPv4Address) -> Bool {
        guard self.file == file else { return false }
        switch stage {
        case .attached: return branches[current].parent.address == parent
        case .joining(let joining): return joining.target == parent
        case .idle, .electing, .orphaned, .waiting, .backingOff, .fetching, .verifying, .writing,
            .lingering, .applying, .serving:
            return false
        }
    }

    /// Whether it has a load to fetch, or to activate.
    public var isUpgrading: Bool {
        if case .serving = stage { return false }
        return job != nil
    }

    /// Whether any hierarchy has a child of this phone.
    public var servesChildren: Bool {
        branches.hasChildren
    }

    /// Files of whose broadcasts the phone may take heed though its election about them is over: it
    /// is their root, or holds them, or waits until all is quiet.
    ///
    /// A bit for each file, by its number modulo 16.
    mutating func interests() -> UInt16 {
        guard let job else { return 0 }
        if case .lingering = stage { return .max }
        var bits: UInt16 = 0
        for index in 0..<min(current + 1, job.count)
        where branches.isRootOrHolder(index) {
            bits |= job.files[index].interestBit
        }
        return bits
    }

    /// A root of a file was heard.
    mutating func heardRoot(of file: FileNumber, at instant: Instant) {
        guard let index = branchIndex(of: file) else { return }
        branches[index].rootHeardAt = max(branches[index].rootHeardAt, instant)
    }

    /// A salt for the spacing of log lines: differs by phone and input.
    func lineSalt(_ now: Instant) -> UInt64 {
        UInt64(address.bits) << 32 ^ UInt64(bitPattern: now.nanoseconds)
    }
}
