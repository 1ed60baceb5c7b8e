// The places of a phone in the hierarchies of all its files, packed. A phone holds a place for each of its
// files for as long as it serves them, but it has few links at one time: they stand in one list with room
// for some, and only more than that take memory of their own.

/// The places of a phone in hierarchies, by file.
///
/// A place is read and changed as a whole, as `Branch`; what single steps look at all the time is
/// answered without unpacking one.
public struct Branches: Sendable {
    /// Something that a place has only at times.
    fileprivate enum Kind {
        static let parent: UInt8 = 0
        /// The first child's; the others' follow.
        static let child: UInt8 = 1
        static let lastLink: UInt8 = 3
        /// Strength, and when it advertised itself last.
        static let root: UInt8 = 4
        static let advertiseAt: UInt8 = 5
        static let offerAt: UInt8 = 6
        static let count: UInt8 = 7
    }

    /// One such thing: of which file and kind, a word and an instant.
    fileprivate struct Entry: BitwiseCopyable, Sendable {
        var key: UInt8 = .max
        var word: UInt32 = 0
        /// The halves of the instant: an entry then takes 16 bytes and not 24.
        private var high: UInt32 = 0
        private var low: UInt32 = 0

        var time: Instant {
            get { Instant(nanoseconds: Int64(UInt64(high) << 32 | UInt64(low))) }
            set {
                let bits = UInt64(bitPattern: newValue.nanoseconds)
                high = UInt32(truncatingIfNeeded: bits >> 32)
                low = UInt32(truncatingIfNeeded: bits)
            }
        }

        init() {}

        init(_ key: UInt8, _ word: UInt32, _ time: Instant) {
            self.key = key
            self.word = word
            self.time = time
        }
    }

    /// Entries that need no memory of their own.
    private static let room = 6

    /// Role in two bits, four yes or no, and the next redirect in two bits.
    fileprivate var flags = InlineArray<8, UInt8>(repeating: 0)
    fileprivate var depths = InlineArray<8, UInt8>(repeating: 0)
    fileprivate var transactions = InlineArray<8, UInt32>(repeating: 0)
    fileprivate var roots = InlineArray<8, UInt32>(repeating: 0)
    fileprivate var rootsHeardAt = InlineArray<8, Instant>(repeating: .zero)
    fileprivate var entries = InlineArray<6, Entry>(repeating: Entry())
    fileprivate var entryCount: UInt8 = 0
    /// The entries behind those.
    private var spill: [Entry] = []

    init() {}

    fileprivate static let roleBits: UInt8 = 3
    fileprivate static let takesPartBit: UInt8 = 1 << 2
    fileprivate static let holdsFileBit: UInt8 = 1 << 3
    fileprivate static let isRootlessBit: UInt8 = 1 << 4
    fileprivate static let fetchBegunBit: UInt8 = 1 << 5
    fileprivate static let redirectShift: UInt8 = 6

    // MARK: Places

    fileprivate var count: Int {
        Int(entryCount) < Self.room ? Int(entryCount) : Self.room + spill.count
    }

    fileprivate func entry(_ index: Int) -> Entry {
        index < Self.room ? entries[index] : spill[index - Self.room]
    }

    fileprivate mutating func setEntry(_ index: Int, _ entry: Entry) {
        if index < Self.room { entries[index] = entry } else { spill[index - Self.room] = entry }
    }

    fileprivate mutating func append(_ entry: Entry) {
        if Int(entryCount) < Self.room {
            entries[Int(entryCount)] = entry
            entryCount += 1
        } else {
            spill.append(entry)
        }
    }

    fileprivate mutating func removeEntry(_ index: Int) {
        let last = entry(count - 1)
        if index < count - 1 { setEntry(index, last) }
        if spill.isEmpty { entryCount -= 1 } else { spill.removeLast() }
    }

    /// The place in the hierarchy of a file, counted from 0 in the job.
    public internal(set) subscript(file: Int) -> Branch {
        get {
            var copy = self
            return copy.place(file)
        }
        _modify {
            var branch = place(file)
            yield &branch
            pack(branch, file)
        }
    }

    /// The same as the subscript.
    ///
    /// Mutating, as all that only looks here, because otherwise every call copies the places of all files.
    mutating func place(_ file: Int) -> Branch {
        var branch = Branch()
        let bits = flags[file]
        branch.role = Branch.Role(rawValue: bits & Self.roleBits) ?? .none
        branch.takesPart = bits & Self.takesPartBit != 0
        branch.holdsFile = bits & Self.holdsFileBit != 0
        branch.isRootless = bits & Self.isRootlessBit != 0
        branch.fetchBegun = bits & Self.fetchBegunBit != 0
        branch.nextRedirect = Int(bits >> Self.redirectShift)
        branch.position = position(file)
        branch.rootHeardAt = rootsHeardAt[file]
        for index in 0..<count where Int(entry(index).key >> 3) == file {
            Self.unpack(entry(index), into: &branch)
        }
        return branch
    }

    fileprivate mutating func position(_ file: Int) -> HierarchyPosition {
        HierarchyPosition(
            transaction: transactions[file],
            root: IPv4Address(bits: roots[file]),
            depth: depths[file]
        )
    }

    private static func unpack(_ entry: Entry, into branch: inout Branch) {
        let kind = entry.key & 7
        switch kind {
        case Kind.root:
            branch.strength = entry.word
            branch.advertisedAt = entry.time
        case Kind.advertiseAt: branch.advertiseAt = entry.time
        case Kind.offerAt: branch.offerAt = entry.time
        default:
            var link = PeerLink()
            link.address = IPv4Address(bits: entry.word)
            link.heardAt = entry.time
            if kind == Kind.parent {
                branch.parent = link
            } else {
                branch.children[Int(kind - Kind.child)] = link
            }
        }
    }

    /// What a place has of a kind; nil when it has nothing.
    private static func packed(_ kind: UInt8, _ branch: Branch, _ file: Int) -> Entry? {
        let key = UInt8(file) << 3 | kind
        switch kind {
        case Kind.root:
            guard branch.strength != 0 || branch.advertisedAt != .zero else { return nil }
            return Entry(key, branch.strength, branch.advertisedAt)
        case Kind.advertiseAt:
            return branch.advertiseAt == .never ? nil : Entry(key, 0, branch.advertiseAt)
        case Kind.offerAt:
            return branch.offerAt == .never ? nil : Entry(key, 0, branch.offerAt)
        default:
            let isParent = kind == Kind.parent
            let link = isParent ? branch.parent : branch.children[Int(kind - Kind.child)]
            return link.isOpen ? Entry(key, link.address.bits, link.heardAt) : nil
        }
    }

    private mutating func pack(_ branch: Branch, _ file: Int) {
        var bits = branch.role.rawValue | UInt8(branch.nextRedirect) << Self.redirectShift
        if branch.takesPart { bits |= Self.takesPartBit }
        if branch.holdsFile { bits |= Self.holdsFileBit }
        if branch.isRootless { bits |= Self.isRootlessBit }
        if branch.fetchBegun { bits |= Self.fetchBegunBit }
        flags[file] = bits
        transactions[file] = branch.position.transaction
        roots[file] = branch.position.root.bits
        depths[file] = branch.position.depth
        rootsHeardAt[file] = branch.rootHeardAt
        var missing: UInt8 = 1 &<< Kind.count - 1
        var index = 0
        while index < count {
            let key = entry(index).key
            guard Int(key >> 3) == file else {
                index += 1
                continue
            }
            missing &= ~(1 &<< (key & 7))
            if let entry = Self.packed(key & 7, branch, file) {
                setEntry(index, entry)
                index += 1
            } else {
                removeEntry(index)
            }
        }
        while missing != 0 {
            let kind = UInt8(missing.trailingZeroBitCount)
            missing &= missing - 1
            if let entry = Self.packed(kind, branch, file) { append(entry) }
        }
    }
}

// What single steps look at or change all the time, without unpacking a place.
extension Branches {
    /// Whether the phone is the root of a file, or holds it.
    mutating func isRootOrHolder(_ file: Int) -> Bool {
        let bits = flags[file]
        return bits & Self.roleBits == Branch.Role.root.rawValue || bits & Self.holdsFileBit != 0
    }

    /// Whether the phone is the root of a file.
    mutating func isRoot(_ file: Int) -> Bool {
        flags[file] & Self.roleBits == Branch.Role.root.rawValue
    }

    /// Whether the phone has a role in the hierarchy of a file.
    mutating func hasRole(_ file: Int) -> Bool { flags[file] & Self.roleBits != 0 }

    /// Whether the phone wants or serves a file by way of its peers.
    mutating func takesPart(_ file: Int) -> Bool { flags[file] & Self.takesPartBit != 0 }

    /// The phone wants a file by way of its peers.
    mutating func takePart(_ file: Int) { flags[file] |= Self.takesPartBit }

    /// The child that the next phone refused is sent to.
    mutating func setNextRedirect(_ slot: Int, _ file: Int) {
        let kept = flags[file] & (1 << Self.redirectShift - 1)
        flags[file] = kept | UInt8(slot) << Self.redirectShift
    }

    /// Whether any hierarchy has a child of this phone.
    var hasChildren: Bool {
        for index in 0..<count {
            let kind = entry(index).key & 7
            if kind >= Kind.child && kind <= Kind.lastLink { return true }
        }
        return false
    }

    /// The files about which there are links, a bit for each.
    mutating func linkedFiles() -> UInt8 {
        var bits: UInt8 = 0
        for index in 0..<count {
            let key = entry(index).key
            if key & 7 <= Kind.lastLink { bits |= 1 &<< (key >> 3) }
        }
        return bits
    }

    /// Whether each link was heard at `instant` or later.
    mutating func hasHeardAll(since instant: Instant) -> Bool {
        for index in 0..<count {
            let entry = entry(index)
            if entry.key & 7 <= Kind.lastLink && entry.time < instant { return false }
        }
        return true
    }

    /// The links in the order of the files, the parent's first.
    mutating func linkEnds(_ files: borrowing InlineArray<8, FileNumber>) -> LinkEnds {
        var ends = LinkEnds()
        // The keys are in that order.
        var next: UInt8 = 0
        while true {
            var least = UInt8.max
            var word: UInt32 = 0
            for index in 0..<count {
                let entry = entry(index)
                guard entry.key & 7 <= Kind.lastLink, entry.key >= next, entry.key < least
                else { continue }
                least = entry.key
                word = entry.word
            }
            guard least < .max else { return ends }
            ends.append(
                files[Int(least >> 3)],
                IPv4Address(bits: word),
                isChild: least & 7 != Kind.parent
            )
            next = least + 1
        }
    }

    private mutating func kind(of address: IPv4Address, _ file: Int) -> UInt8? {
        for index in 0..<count {
            let entry = entry(index)
            if Int(entry.key >> 3) == file, entry.key & 7 <= Kind.lastLink,
                entry.word == address.bits
            {
                return entry.key & 7
            }
        }
        return nil
    }

    /// Whether there is a link about a file to the phone at an address.
    mutating func hasLink(_ file: Int, to address: IPv4Address) -> Bool {
        kind(of: address, file) != nil
    }

    /// What this phone says of the place of its child at an address; nil where there is none.
    mutating func childPlace(_ file: Int, at address: IPv4Address) -> LinkPlace? {
        guard let kind = kind(of: address, file), kind != Kind.parent else { return nil }
        guard flags[file] & Self.isRootlessBit == 0 else { return .rootless }
        var below = position(file)
        below.depth &+= 1
        return .at(below)
    }

    /// What this phone says of its own place below the phone at an address; nil if that is no parent.
    mutating func ownPlace(_ file: Int, below address: IPv4Address) -> LinkPlace? {
        guard kind(of: address, file) == Kind.parent else { return nil }
        return flags[file] & Self.isRootlessBit != 0 ? .rootless : .at(position(file))
    }

    /// The phone at an address was heard at `instant` over the links about a file.
    mutating func noteHeard(_ file: Int, _ address: IPv4Address, at instant: Instant) {
        for index in 0..<count {
            var entry = entry(index)
            guard Int(entry.key >> 3) == file, entry.key & 7 <= Kind.lastLink,
                entry.word == address.bits, entry.time < instant
            else { continue }
            entry.time = instant
            setEntry(index, entry)
        }
    }

    // MARK: Deadlines

    /// The earliest deadline of any place.
    mutating func deadline() -> Instant {
        var earliest = Instant.never
        for index in 0..<count {
            let entry = entry(index)
            if entry.key & 7 >= Kind.advertiseAt { earliest = min(earliest, entry.time) }
        }
        return earliest
    }

    /// Moves every instant, as the phone's clock is set.
    mutating func shiftTimes(by length: Interval) {
        for index in 0..<count {
            var entry = entry(index)
            entry.time = entry.time.shifted(by: length)
            setEntry(index, entry)
        }
        for file in 0..<UpgradeJob.fileLimit {
            rootsHeardAt[file] = rootsHeardAt[file].shifted(by: length)
        }
    }

    /// The files of which a deadline has come, a bit for each.
    mutating func dueFiles(_ now: Instant) -> UInt8 {
        var bits: UInt8 = 0
        for index in 0..<count {
            let entry = entry(index)
            if entry.key & 7 >= Kind.advertiseAt, entry.time <= now {
                bits |= 1 &<< (entry.key >> 3)
            }
        }
        return bits
    }

    /// The phone has advertised itself as root of a file, and does so again.
    mutating func noteAdvertised(
        _ file: Int,
        at instant: Instant,
        next: Instant,
        _ strength: UInt32
    ) {
        put(Entry(UInt8(file) << 3 | Kind.root, strength, instant))
        setAdvertiseAt(next, file)
    }

    /// When to advertise again as root of a file; not `never`.
    mutating func setAdvertiseAt(_ instant: Instant, _ file: Int) {
        put(Entry(UInt8(file) << 3 | Kind.advertiseAt, 0, instant))
    }

    private mutating func put(_ new: Entry) {
        for index in 0..<count where entry(index).key == new.key {
            setEntry(index, new)
            return
        }
        append(new)
    }
}
