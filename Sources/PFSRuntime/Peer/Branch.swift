// A phone's place in the hierarchy of one file: its parent, its children, what it knows of the
// root. A phone has one for each file of the load it fetches, because it serves earlier files while
// it still elects for the next.

/// A TCP link to another phone about one file.
public struct PeerLink: BitwiseCopyable, Sendable {
    /// The phone at the other end; all bits zero when there is no link.
    public internal(set) var address = IPv4Address(bits: 0)
    /// The halves of `heardAt`: a link then takes 12 bytes and not 16, of which a phone has dozens.
    private var heardHigh: UInt32 = 0
    private var heardLow: UInt32 = 0

    /// When it was last heard.
    var heardAt: Instant {
        get { Instant(nanoseconds: Int64(UInt64(heardHigh) << 32 | UInt64(heardLow))) }
        set {
            let bits = UInt64(max(newValue.nanoseconds, 0))
            heardHigh = UInt32(bits >> 32)
            heardLow = UInt32(truncatingIfNeeded: bits)
        }
    }

    /// No link.
    init() {}

    /// Whether there is a link.
    public var isOpen: Bool { address.bits != 0 }
}

/// The place of a phone in the hierarchy of one file.
public struct Branch: BitwiseCopyable, Sendable {
    /// What the phone is in this hierarchy.
    public enum Role: UInt8, BitwiseCopyable, Sendable {
        /// Not in it, or still electing.
        case none
        /// Below another phone, now or when it took the file.
        case member
        /// Its confirmed root.
        case root
    }

    /// The most children that a phone can be allowed in one hierarchy: `PeerParameters.fanOut` says
    /// how many, and real phones have two (attested).
    public static let childLimit = 3

    /// The role.
    public internal(set) var role = Role.none
    /// Whether the phone wants or serves the file by way of its peers.
    var takesPart = false
    /// Whether the phone holds the whole, verified file.
    public internal(set) var holdsFile = false
    /// Whether the subtree has lost its root.
    public internal(set) var isRootless = false
    /// Whether this phone, as root, has begun to fetch.
    public internal(set) var fetchBegun = false
    /// Which child a refused phone is sent to next.
    var nextRedirect = 0
    /// Where the phone stands, as last told.
    public internal(set) var position = HierarchyPosition(
        transaction: 0,
        root: IPv4Address(bits: 0),
        depth: 0
    )
    /// The strength with which this phone advertises itself as root.
    var strength: UInt32 = 0
    /// The link to the parent.
    public internal(set) var parent = PeerLink()
    /// The links to the children.
    public internal(set) var children = InlineArray<3, PeerLink>(repeating: PeerLink())
    /// When a root was last heard.
    var rootHeardAt = Instant.zero
    /// When to offer the file.
    var offerAt = Instant.never
    /// When to advertise again as root.
    var advertiseAt = Instant.never
    /// When it last advertised as root.
    var advertisedAt = Instant.zero

    init() {}

    /// Whether all of `fanOut` child slots are taken.
    public func isFull(fanOut: Int) -> Bool { freeSlot(fanOut: fanOut) == nil }

    /// Whether any child slot is taken.
    public var hasChildren: Bool {
        for slot in 0..<Self.childLimit where children[slot].isOpen { return true }
        return false
    }

    /// How many child slots are taken.
    var childCount: Int {
        var count = 0
        for slot in 0..<Self.childLimit where children[slot].isOpen { count += 1 }
        return count
    }

    /// Whether a Join can be granted or sent on.
    var takesJoins: Bool { holdsFile || (role != .none && !isRootless) }

    /// Forgets every place in the hierarchy; the phone wants the file as before.
    mutating func startOver() {
        let wasTakingPart = takesPart
        self = Branch()
        takesPart = wasTakingPart
    }

    /// Whether the branch still has anything to do with a hierarchy.
    var isActive: Bool { role != .none || parent.isOpen || hasChildren }

    /// The slot of the child at `address`, if it is one.
    func slot(of address: IPv4Address) -> Int? {
        for slot in 0..<Self.childLimit where children[slot].address == address { return slot }
        return nil
    }

    /// The first free one of `fanOut` child slots.
    func freeSlot(fanOut: Int) -> Int? {
        for slot in 0..<min(fanOut, Self.childLimit) where !children[slot].isOpen { return slot }
        return nil
    }

    /// The child that the next refused phone is sent to: they take turns, so that the tree stays
    /// balanced.
    mutating func redirect(fanOut: Int) -> IPv4Address {
        let child = children[nextRedirect].address
        nextRedirect = nextRedirect + 1 < fanOut ? nextRedirect + 1 : 0
        return child
    }

    /// The earliest deadline kept here.
    var deadline: Instant { min(offerAt, advertiseAt) }
}
