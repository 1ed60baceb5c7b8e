// Keeping in touch without saying so. On a link whose two ends are up, hear each other and agree about
// their places, a Hold every two seconds tells nobody anything: a driver that sees both ends may answer
// for the link. Decides what a phone still has to know then, so that it can go on by itself at any time
// as if every Hold had been sent. What only looks is mutating all the same: otherwise each call on a
// phone in a table copies the whole phone.

extension Peer {
    /// Moves the time of the next Hold past the present one, as if each had been sent.
    mutating func rollHolds(_ context: borrowing PeerContext) {
        let period = context.parameters.hold.nanoseconds
        guard holdAt <= context.now, period > 0 else { return }
        let missed = (context.now - holdAt).nanoseconds / period + 1
        holdAt = holdAt + Interval(nanoseconds: missed * period)
    }

    /// When a Hold would have been sent last, at or before now; nil when none has been implied.
    mutating func lastImpliedHold(_ context: borrowing PeerContext) -> Instant? {
        let period = context.parameters.hold
        var last = holdAt - period
        if holdAt <= context.now, period > .zero {
            let missed = (context.now - holdAt).nanoseconds / period.nanoseconds
            last = holdAt + Interval(nanoseconds: missed * period.nanoseconds)
        }
        return last > quietSince ? last : nil
    }

    /// Whether each link was heard at `instant` or later.
    mutating func hasHeardAll(since instant: Instant) -> Bool {
        branches.hasHeardAll(since: instant)
    }

    /// The driver answers for the links from now on.
    mutating func becomeQuiet(_ context: borrowing PeerContext) {
        quietSince = context.now
        linkCheckAt = .never
    }

    /// The Hold that was implied last has been sent after all.
    mutating func forgetImplied(_ context: borrowing PeerContext) {
        if isQuiet { quietSince = context.now }
    }

    /// The phone has to see to its links itself again, and asks for the wake-up that this takes.
    ///
    /// The next Hold sets the time of the check for silence anew, which comes early enough, because
    /// links may only be quiet where a silence is allowed to last two Holds and more.
    mutating func endQuiet(
        _ election: Election,
        _ context: borrowing PeerContext,
        _ effects: inout EffectQueue
    ) {
        if isQuiet {
            rollHolds(context)
            quietSince = .never
        }
        askForWake(election, context, &effects)
    }

    /// The other end of the link about a file, heard at `instant` by what was not handed in.
    mutating func heardImplied(_ file: FileNumber, _ other: IPv4Address, at instant: Instant) {
        guard let index = branchIndex(of: file) else { return }
        branches.noteHeard(index, other, at: instant)
    }

    /// What one end of a link about a file says of the places at both ends; nil when there is none.
    mutating func childPlace(of file: FileNumber, at other: IPv4Address) -> LinkPlace? {
        guard let index = branchIndex(of: file) else { return nil }
        return branches.childPlace(index, at: other)
    }

    /// The same by the child; `other` is the parent.
    mutating func ownPlace(of file: FileNumber, below other: IPv4Address) -> LinkPlace? {
        guard let index = branchIndex(of: file) else { return nil }
        return branches.ownPlace(index, below: other)
    }

    /// Whether there is a link about a file to the phone at an address.
    mutating func hasLink(_ file: FileNumber, to other: IPv4Address) -> Bool {
        guard let index = branchIndex(of: file) else { return false }
        return branches.hasLink(index, to: other)
    }

    /// The links, in the order of the files, the parent's first.
    mutating func linkEnds() -> LinkEnds {
        guard let job else { return LinkEnds() }
        return branches.linkEnds(job.files)
    }
}

/// Where the child at the lower end of a link stands.
enum LinkPlace: BitwiseCopyable, Equatable {
    /// In a subtree without a root.
    case rootless
    /// At a place in a hierarchy.
    case at(HierarchyPosition)
}

/// The phone at the other end of a link, and which link it is.
struct LinkEnd: BitwiseCopyable {
    var file: FileNumber
    var isChild: Bool
    var address: IPv4Address
}

/// All links of a phone at one moment.
struct LinkEnds: BitwiseCopyable {
    /// A parent and its children for each file that a load can have.
    static let capacity = UpgradeJob.fileLimit * (1 + Branch.childLimit)
    private var ends = InlineArray<24, LinkEnd>(
        repeating: LinkEnd(file: .none, isChild: false, address: IPv4Address(bits: 0))
    )
    private(set) var count = 0

    subscript(index: Int) -> LinkEnd { ends[index] }

    mutating func append(_ file: FileNumber, _ address: IPv4Address, isChild: Bool) {
        ends[count] = LinkEnd(file: file, isChild: isChild, address: address)
        count += 1
    }
}
