// What the lines of a log say, by name: what readers look for. The kinds that pfsh prints come first, in
// the order of their table; then kinds that only real phones and servers print.

/// What a line of a log says; one case for each kind of line.
public enum LoggedEvent: Int, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    // What pfsh prints; `DLoadLineKind` says what each means.
    case listeningTCP, openedUDP, treeState, sendingBroadcast, claimed, tickRanOut
    case timedOutClaiming, advertised, confirmedRoot, becameRoot, fetchAfterWaiting
    case fetchWhenFull, advertisedRoot, heardStronger, heardWeaker, listensAgain, steppedDown
    case offered, asksToJoin, accepted, refused, refusedOutright, joinFailed, acceptedChild
    case refusedChild, childDone, childLost, parentLost, dissolved, sendsFile, fetchAlone
    case fallsBack, fileReceived, fileVerified, fileRejected, fileWritten, fetchFailed
    case stopped, resigned, applies, runs, faultBegan, faultEnded, faultHit

    // What others print.
    case dhcpDiscover, dhcpAcknowledged, dhcpAddress, dhcpMask, serverAddress, invalidDefaultLoad
    case readRequest, loadRejected

    /// The kind of line.
    public var kind: DLoadLineKind { DLoadLineKind.readable[rawValue] }
}

extension DLoadLineKind {
    /// Kinds that pfsh reads and never prints, in the order of `LoggedEvent`.
    ///
    /// Lines of a 7941G's serial console (posts at trixbox.org and in the Cisco community), and the line of
    /// tftpd-hpa for each request.
    public static let foreign: [DLoadLineKind] = [
        .other("DHCP", .notice, "Sending Discover...", "the phone asks for an address"),
        .other("DHCP", .notice, "ACK received", "it has got one"),
        .other("DHCP", .notice, "IP Address -- <address>", "its address"),
        .other("DHCP", .notice, "Subnet Mask - <address>", "the mask of its subnet"),
        .other("DLoad", .info, "TFTP Svr<n> --> <address>", "a server that it may ask"),
        .other(
            "image",
            .warning,
            "Invalid default load name -> <what>",
            "the flash holds no name of a load"
        ),
        .other(
            "in.tftpd",
            .notice,
            "RRQ from <address> filename <file>",
            "a TFTP server was asked for a file"
        ),
        rejected,
    ]

    /// The words are those of the phones' status messages (8800 guide); that a console prints them, and as
    /// what, is modelled.
    private static var rejected: DLoadLineKind {
        var kind = modelled(.error, "Load rejected HC", "the load does not fit its hardware")
        kind.task = "image"
        return kind
    }

    /// Every kind that is read: those of `all`, then the foreign ones.
    public static let readable = all + foreign

    private static func other(
        _ task: String,
        _ severity: LogSeverity,
        _ form: String,
        _ meaning: String
    ) -> DLoadLineKind {
        var kind = attested(severity, form, meaning)
        kind.task = task
        return kind
    }
}

extension PeerNote {
    /// What the note's line says.
    public var event: LoggedEvent {
        switch self {
        case .listeningTCP: .listeningTCP
        case .openedUDP: .openedUDP
        case .treeState: .treeState
        case .sendingBroadcast: .sendingBroadcast
        case .claimed: .claimed
        case .tickRanOut: .tickRanOut
        case .timedOutClaiming: .timedOutClaiming
        case .advertised: .advertised
        case .confirmedRoot: .confirmedRoot
        case .becameRoot: .becameRoot
        case .fetchAfterWaiting: .fetchAfterWaiting
        case .fetchWhenFull: .fetchWhenFull
        case .advertisedRoot: .advertisedRoot
        case .heardStronger: .heardStronger
        case .heardWeaker: .heardWeaker
        case .listensAgain: .listensAgain
        case .steppedDown: .steppedDown
        case .offered: .offered
        case .asksToJoin: .asksToJoin
        case .accepted: .accepted
        case .refused: .refused
        case .refusedOutright: .refusedOutright
        case .joinFailed: .joinFailed
        case .acceptedChild: .acceptedChild
        case .refusedChild: .refusedChild
        case .childDone: .childDone
        case .childLost: .childLost
        case .parentLost: .parentLost
        case .dissolved: .dissolved
        case .sendsFile: .sendsFile
        case .fetchAlone: .fetchAlone
        case .fallsBack: .fallsBack
        case .fileReceived: .fileReceived
        case .fileVerified: .fileVerified
        case .fileRejected: .fileRejected
        case .fileWritten: .fileWritten
        case .fetchFailed: .fetchFailed
        case .stopped: .stopped
        case .resigned: .resigned
        case .applies: .applies
        case .runs: .runs
        case .faultBegan: .faultBegan
        case .faultEnded: .faultEnded
        case .faultHit: .faultHit
        }
    }

    /// The index of the note's kind in `DLoadLineKind.all`.
    var kindIndex: Int { event.rawValue }

    /// The note's kind of line.
    public var kind: DLoadLineKind { DLoadLineKind.all[kindIndex] }
}
