// What can be made to go wrong in a world, as values. What is declared of each kind, its words, its mark
// and its help, stands in FaultKind.swift. How a fault is carried out is the kernel's; where and when it
// applies is its scope's.

/// What carries messages between phones on port 4051.
public enum FaultTransport: String, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// Broadcasts.
    case udp
    /// Links between parents and children, and the files that go over them.
    case tcp
}

/// One thing that is wrong, with its number if it has one.
///
/// A value: where it applies, how often and how long is told by a `FaultOrder`.
public enum Fault: BitwiseCopyable, Hashable, Sendable {
    // Messages
    /// What is hit is lost; over a link TCP sends it again.
    case drop
    /// What is hit arrives this much later.
    case delay(Interval)
    /// What is hit arrives later by a random time up to this.
    case jitter(Interval)
    /// A broadcast that is hit arrives twice.
    case duplicate
    /// A broadcast that is hit arrives behind the sender's next one.
    case reorder
    /// What is hit arrives damaged.
    case corrupt
    /// Nothing on the way: a port is closed to all of one transport.
    case block(FaultTransport)
    /// Nothing passes from some phones to others.
    case partition
    /// Phones reach no other phone, only servers.
    case isolate
    // Phones
    /// Phones reach nobody until their switch port is authorised by 802.1X.
    case unauthorised
    /// Another device has the address of a phone: what goes to it over links or from servers goes
    /// astray, by the chance of the scope.
    case duplicateAddress
    /// Without power until it is healed; what was fetched of a new load is lost, or what was written
    /// of it stays in flash.
    case crash(keepsFlash: Bool)
    /// Hangs until it is healed: hears nothing, does nothing.
    case freeze
    /// Restarts at once.
    case reboot
    /// The clock runs fast by so many parts per million, or slow where the number is negative.
    case clockDrift(Int)
    // Flash
    /// The power goes while a phone writes flash, until it is healed.
    case powerLoss
    /// There is no room for what is to be written.
    case diskFull
    /// Writing takes so many times as long.
    case slowDisk(Int)
    /// What was written is not what is read back.
    case corruptBlock
    // Servers
    /// Answers nothing.
    case serverDown
    /// Each block takes so much longer.
    case serverSlow(Interval)
    /// Serves as many as it may.
    case serverFull
    /// Sends another file under the name.
    case wrongFile
    /// Ends a file half way.
    case truncatedFile
    // Hostile peers
    /// Claims with the highest strength again and again, and is never confirmed.
    case forgedClaims
    /// Offers what is wanted again and again.
    case endlessOffers
    /// Sends its children other bytes than those of the file.
    case wrongBytes
    /// Sends its children nothing, and keeps the links alive.
    case stalledTransfer
}

extension Fault {
    /// Its kind.
    public var kind: FaultKind {
        switch self {
        case .drop: .drop
        case .delay: .delay
        case .jitter: .jitter
        case .duplicate: .duplicate
        case .reorder: .reorder
        case .corrupt: .corrupt
        case .block: .block
        case .partition: .partition
        case .isolate: .isolate
        case .unauthorised: .unauthorised
        case .duplicateAddress: .duplicateAddress
        case .crash: .crash
        case .freeze: .freeze
        case .reboot: .reboot
        case .clockDrift: .clockDrift
        case .powerLoss: .powerLoss
        case .diskFull: .diskFull
        case .slowDisk: .slowDisk
        case .corruptBlock: .corruptBlock
        case .serverDown: .serverDown
        case .serverSlow: .serverSlow
        case .serverFull: .serverFull
        case .wrongFile: .wrongFile
        case .truncatedFile: .truncatedFile
        case .forgedClaims: .forgedClaims
        case .endlessOffers: .endlessOffers
        case .wrongBytes: .wrongBytes
        case .stalledTransfer: .stalledTransfer
        }
    }

    /// Whether it is over as soon as it has happened.
    public var isMomentary: Bool { self == .reboot }

    /// Whether it is one of what passes between phones: asked for each message while it is on.
    var hitsMessages: Bool {
        switch self {
        case .drop, .delay, .jitter, .duplicate, .reorder, .corrupt, .block, .partition, .isolate,
            .unauthorised, .duplicateAddress, .freeze:
            true
        case .crash, .reboot, .clockDrift, .powerLoss, .diskFull, .slowDisk, .corruptBlock,
            .serverDown, .serverSlow, .serverFull, .wrongFile, .truncatedFile, .forgedClaims,
            .endlessOffers, .wrongBytes, .stalledTransfer:
            false
        }
    }

    /// Whether every message of the phones concerned has to be an event while it is on: it can keep or
    /// change what they say to each other, adds to it, or changes when they say it.
    var touchesMessages: Bool {
        switch self {
        case .clockDrift, .forgedClaims, .endlessOffers: true
        default: hitsMessages
        }
    }

    /// Whether only what is broadcast can be hit: TCP lets nothing arrive twice or out of order.
    var isOfBroadcastsOnly: Bool { self == .duplicate || self == .reorder }
}
