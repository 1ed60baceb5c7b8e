// What a phone has to say about itself: the raw material of the DLoad log. Each note names facts;
// its text, level and mark are declared with the log's line kinds.

/// One thing that a phone reports.
public enum PeerNote: BitwiseCopyable, Hashable, Sendable {
    /// The TCP port is open.
    case listeningTCP
    /// The UDP port is open.
    case openedUDP
    /// The links of the present file: whether there is a parent, and which child slots are taken.
    case treeState(hasParent: Bool, first: Bool, second: Bool)
    /// The phone is about to broadcast.
    case sendingBroadcast
    /// The first claim went out.
    case claimed(transaction: UInt32, strength: UInt32)
    /// A tick ran out.
    case tickRanOut
    /// The tick ran out while claiming.
    case timedOutClaiming(transaction: UInt32)
    /// A repetition of the claim went out.
    case advertised(transaction: UInt32, number: UInt8)
    /// The phone is confirmed and bumps its strength.
    case confirmedRoot
    /// The phone is root of the hierarchy of its present file.
    case becameRoot(transaction: UInt32)
    /// The root starts its fetch because its wait is over.
    case fetchAfterWaiting(transaction: UInt32)
    /// The root starts its fetch because both its child slots are taken.
    case fetchWhenFull(transaction: UInt32)
    /// A confirmed root advertised itself.
    case advertisedRoot(transaction: UInt32, fetchBegun: Bool)
    /// A stronger claim was heard.
    case heardStronger(from: IPv4Address, strength: UInt32)
    /// A weaker claim was heard.
    case heardWeaker(from: IPv4Address, strength: UInt32)
    /// Nothing stronger came; the phone listens again.
    case listensAgain
    /// A stronger root was heard before the fetch; the phone gives way and joins it.
    case steppedDown(to: IPv4Address)
    /// The phone offers a file that it holds.
    case offered(transaction: UInt32)
    /// The phone asks another for a place.
    case asksToJoin(IPv4Address)
    /// The phone was accepted below another.
    case accepted(by: IPv4Address, depth: UInt8, transaction: UInt32)
    /// The phone was refused and sent on.
    case refused(by: IPv4Address, redirect: IPv4Address)
    /// The phone was refused without a redirect.
    case refusedOutright(by: IPv4Address)
    /// A Join or its link failed.
    case joinFailed(IPv4Address)
    /// A child was accepted.
    case acceptedChild(IPv4Address)
    /// A child was refused and sent on.
    case refusedChild(IPv4Address, redirect: IPv4Address)
    /// A child took the whole file or left; its slot is free.
    case childDone(IPv4Address)
    /// A child was lost.
    case childLost(IPv4Address)
    /// The parent was lost or left.
    case parentLost(IPv4Address)
    /// The subtree below this phone found no root and dissolves.
    case dissolved
    /// The file begins to go to a child.
    case sendsFile(to: IPv4Address)
    /// A phone outside any hierarchy, or one that fell back, starts its TFTP fetch.
    case fetchAlone
    /// The phone gave up on its peers and falls back to TFTP.
    case fallsBack(tries: UInt8)
    /// The whole file is there.
    case fileReceived
    /// The file is verified.
    case fileVerified
    /// The file did not verify and was thrown away.
    case fileRejected
    /// The file is written.
    case fileWritten
    /// The root could not fetch the file.
    case fetchFailed(FailureReason)
    /// The download of the load ended without success.
    case stopped(FailureReason)
    /// The root's fetch timed out; it resigns.
    case resigned
    /// Every file is there; the phone applies the load.
    case applies
    /// The phone runs its new load.
    case runs
    /// Not said by a phone: a fault began.
    case faultBegan(UInt32)
    /// Not said by a phone: a fault ended.
    case faultEnded(UInt32)
    /// Not said by a phone: a fault hit it, or what was on its way to it.
    case faultHit(UInt32, FaultMessage?)
}
