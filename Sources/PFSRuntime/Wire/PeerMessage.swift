// What phones say to each other on port 4051, as values. The broadcasts form the hierarchy, the rest
// goes over the TCP link between a parent and its child. Real phones' format is not public: the
// names Offer, ClaimRoot and Ad are attested by a log, everything else here is modelled.

/// Who advertises itself, and how strongly.
public struct Claim: BitwiseCopyable, Hashable, Sendable {
    /// The transaction id that the phone drew for this file (XID).
    public var transaction: UInt32
    /// The strength drawn for this file; the top bit is set once the root is confirmed.
    public var strength: UInt32
    /// 0 for the first claim, then the number of the advertisement.
    public var advertisement: UInt8
    /// Whether a confirmed root has begun to fetch the file, or holds it.
    public var fetchBegun: Bool

    /// A claim of these values.
    public init(transaction: UInt32, strength: UInt32, advertisement: UInt8, fetchBegun: Bool) {
        self.transaction = transaction
        self.strength = strength
        self.advertisement = advertisement
        self.fetchBegun = fetchBegun
    }
}

/// Where a phone stands in a hierarchy.
public struct HierarchyPosition: BitwiseCopyable, Hashable, Sendable {
    /// The root's transaction id.
    public var transaction: UInt32
    /// The root's address.
    public var root: IPv4Address
    /// Links between this phone and the root; the root's is 0.
    public var depth: UInt8

    /// A place of these values.
    public init(transaction: UInt32, root: IPv4Address, depth: UInt8) {
        self.transaction = transaction
        self.root = root
        self.depth = depth
    }
}

/// One message about one file.
public enum PeerMessage: BitwiseCopyable, Hashable, Sendable {
    /// Broadcast: a tentative claim to be root, or its repetition.
    case claim(Claim)
    /// Broadcast: a confirmed root makes itself known.
    case confirmed(Claim)
    /// Broadcast: the sender holds the file and offers it, after the root has gone silent.
    case offer(transaction: UInt32)
    /// Broadcast: the root could not fetch the file; the reason is CUCM's failure code.
    case failed(FailureReason)
    /// Link, child to parent: asks for a place. The only way into a hierarchy.
    case join(transaction: UInt32)
    /// Link, parent to child: there is a place, below the position named.
    case accept(HierarchyPosition)
    /// Link, parent to child: there is no place; ask the phone named, if one is.
    case refuse(redirect: IPv4Address?)
    /// Link, both ways: the sender is there, and stands at the position named.
    case hold(HierarchyPosition)
    /// Link, parent to child: the subtree has lost its root.
    case rootless
    /// Link, parent to child: the subtree is given up, everyone listens again.
    case dissolve
    /// Link, child to parent: the whole file is here and verified; the place is free.
    case complete
    /// Link, both ways: the sender leaves.
    case bye
}

/// Why a download ended without the file: CUCM's alarm codes, of which these occur here.
///
/// Source: the alarm catalogue of CUCM 12.5 (attested).
public enum FailureReason: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// The TFTP server answered with an error.
    case serverError = 1
    /// The load or a file of it is not on the server.
    case notFound = 2
    /// The phone failed internally.
    case phoneError = 3
    /// The server could not process the request, because it has too many.
    case congestion = 4
    /// The response took too long.
    case responseTime = 13
    /// The data were not intact.
    case notIntact = 14
    /// The connection timed out.
    case timedOut = 19
    /// A newer request superseded this one.
    case cancelled = 20
}

extension PeerMessage {
    /// Whether the message goes to every phone of the subnet rather than over one link.
    public var isBroadcast: Bool {
        switch self {
        case .claim, .confirmed, .offer, .failed: true
        case .join, .accept, .refuse, .hold, .rootless, .dissolve, .complete, .bye: false
        }
    }
}
