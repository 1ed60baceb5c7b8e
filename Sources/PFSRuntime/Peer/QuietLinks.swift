// Keeping in touch without saying so. On a link whose two ends are up, hear each other and agree about
// their places, a Hold every two seconds tells nobody anything: a driver that sees both ends may answer
// for the link. Decides what a phone still has to know then, so that it can go on by itself at any time
// as if every Hold had been sent.

extension Peer {
    /// Moves the time of the next Hold past the present one, as if each had been sent.
    mutating func rollHolds(_ context: borrowing PeerContext) {
        let period = context.parameters.hold.nanoseconds
        guard holdAt <= context.now, period > 0 else { return }
        let missed = (context.now - holdAt).nanoseconds / period + 1
        holdAt = holdAt + Interval(nanoseconds: missed * period)
    }

    /// When a Hold would have been sent last, at or before now; nil when none has been implied.
    func lastImpliedHold(_ context: borrowing PeerContext) -> Instant? {
        let period = context.parameters.hold
        var last = holdAt - period
        if holdAt <= context.now, period > .zero {
            let missed = (context.now - holdAt).nanoseconds / period.nanoseconds
            last = holdAt + Interval(nanoseconds: missed * period.nanoseconds)
        }
        return last > quietSince ? last : nil
    }

    /// Whether each link was heard at `instant` or later.
    func hasHeardAll(since instant: Instant) -> Bool {
        for index in 0..<min(current + 1, fileCount) {
            let parent = branches[index].parent
            if parent.isOpen && parent.heardAt < instant { return false }
            for slot in 0..<Branch.childLimit where branches[index].children[slot].isOpen {
                if branches[index].children[slot].heardAt < instant { return false }
            }
        }
        return true
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
        if branches[index].parent.address == other {
            branches[index].parent.heardAt = max(branches[index].parent.heardAt, instant)
        }
        if let slot = branches[index].slot(of: other) {
            let heardAt = branches[index].children[slot].heardAt
            branches[index].children[slot].heardAt = max(heardAt, instant)
        }
    }

    /// Whether both ends of the link to a child say the same of their places.
    static func agree(parent: Branch, child: Branch) -> Bool {
        guard parent.isRootless == child.isRootless else { return false }
        guard !parent.isRootless else { return true }
        var below = parent.position
        below.depth &+= 1
        return below == child.position
    }

    /// Whether there is a link about a file to the phone at an address.
    func hasLink(_ file: FileNumber, to other: IPv4Address) -> Bool {
        guard let index = branchIndex(of: file) else { return false }
        return branches[index].parent.address == other || branches[index].slot(of: other) != nil
    }

    /// The links, in the order of the files, the parent's first.
    func linkEnds() -> LinkEnds {
        var ends = LinkEnds()
        guard let job else { return ends }
        for index in 0..<min(current + 1, job.count) {
            if branches[index].parent.isOpen {
                ends.append(job.files[index], branches[index].parent.address, isChild: false)
            }
            for slot in 0..<Branch.childLimit where branches[index].children[slot].isOpen {
                ends.append(job.files[index], branches[index].children[slot].address, isChild: true)
            }
        }
        return ends
    }
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
