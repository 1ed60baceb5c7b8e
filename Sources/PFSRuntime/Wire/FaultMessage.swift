// What a fault can hit on its way between phones, by kind: the messages of the protocol, and files.

/// What passes between phones, by kind: the messages of the protocol, and files.
public enum FaultMessage: String, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    // The broadcasts.
    /// A claim to be root, or its repetition.
    case claim
    /// A confirmed root's advertisement.
    case confirmed
    /// A holder's offer.
    case offer
    /// A root's word that the file cannot be had.
    case failed
    // What goes over links.
    /// A request for a place.
    case join
    /// A place is granted.
    case accept
    /// No place, or another phone to ask.
    case refuse
    /// The sender is there.
    case hold
    /// The subtree has lost its root.
    case rootless
    /// The subtree is given up.
    case dissolve
    /// The child has the file.
    case complete
    /// The sender leaves.
    case bye
    /// A whole file from a parent to a child.
    case transfer
    /// A link is closed at once.
    case reset

    /// Whether it is broadcast rather than sent over a link.
    public var isBroadcast: Bool {
        switch self {
        case .claim, .confirmed, .offer, .failed: true
        case .join, .accept, .refuse, .hold, .rootless, .dissolve, .complete, .bye, .transfer,
            .reset:
            false
        }
    }

    /// Those that are broadcast.
    public static var broadcasts: [FaultMessage] { allCases.filter(\.isBroadcast) }

    init(_ message: PeerMessage) {
        self =
            switch message {
            case .claim: .claim
            case .confirmed: .confirmed
            case .offer: .offer
            case .failed: .failed
            case .join: .join
            case .accept: .accept
            case .refuse: .refuse
            case .hold: .hold
            case .rootless: .rootless
            case .dissolve: .dissolve
            case .complete: .complete
            case .bye: .bye
            }
    }
}
