// What a kernel keeps besides while a subnet is on a real network: what it has asked for, what it waits
// for, and what faults hold up. Plain values.

/// One direction of a real link about a file.
struct NetworkLinkKey: Hashable, Sendable {
    let sender: IPv4Address
    let receiver: IPv4Address
    let file: FileNumber

    /// The other direction.
    var back: NetworkLinkKey {
        NetworkLinkKey(sender: receiver, receiver: sender, file: file)
    }
}

/// Something that goes over a real link, or came over it.
enum LinkItem: Sendable {
    /// A message to be sent.
    case leaving(PeerMessage)
    /// A file to be sent.
    case upload(isWrong: Bool)
    /// A message that came.
    case arrived(PeerMessage)
    /// A whole file that came.
    case file
    /// The other side closed the link.
    case reset

    /// What faults call it.
    var message: FaultMessage {
        switch self {
        case .leaving(let message), .arrived(let message): FaultMessage(message)
        case .upload, .file: .transfer
        case .reset: .reset
        }
    }

    /// Tells items apart, for draws.
    var digest: UInt64 {
        switch self {
        case .leaving(let message), .arrived(let message): message.digest
        case .upload, .file: 1 << 60
        case .reset: 2 << 60
        }
    }
}

/// Something that waits on a real link.
struct HeldItem: Sendable {
    /// What is known of what becomes of it.
    enum Fate {
        /// Nothing yet: something before it was lost.
        case open
        /// It was lost so often, and is sent again.
        case lost(times: UInt8)
        /// It goes on when its time comes.
        case passes(isDamaged: Bool, isAstray: Bool)
    }

    let item: LinkItem
    /// The phone of this world that sends or gets it, in its present life.
    let phone: PhoneNumber
    let incarnation: UInt16
    var fate: Fate
    /// When it goes on, or is looked at again.
    var due: Instant

    /// Whether what comes behind it has to wait for its fate.
    var isUncertain: Bool {
        if case .passes = fate { false } else { true }
    }
}

/// What waits on one direction of a real link, in order.
struct HeldLink: Sendable {
    var items: [HeldItem] = []
    /// By which events know it.
    let serial: UInt32
}

/// A fetch from a real server.
struct RealFetch: Sendable {
    let file: FileNumber
    /// The server's index; nil for an address that is no server's of the world.
    let server: Int?
}

/// A file that comes from a parent.
struct RealTransfer: Sendable {
    let parent: IPv4Address
    let file: FileNumber
    /// When bytes last came.
    var movedAt: Instant
}

/// A file that is being written to a real disk.
struct RealWrite: Sendable {
    let begun: Instant
    /// How many times as long each slow disk lets it take.
    var slowDisks: [Int64] = []
    /// It is not written before.
    var notBefore = Instant.zero
}

/// What an attached kernel keeps besides.
struct NetworkAttachment: Sendable {
    /// The subnet whose phones are on the network.
    let subnet: Int
    /// What was asked for and not yet taken.
    var orders: [NetworkOrder] = []
    /// Phones that listen, by number; looked up only.
    var present: [UInt32: Bool] = [:]
    /// For each phone that receives a file, by its number: how much has come.
    var received: [UInt32: Int64] = [:]
    /// Fetches under way, by phone; looked up only.
    var fetches: [UInt32: RealFetch] = [:]
    /// What comes from parents, by phone; looked up only.
    var transfers: [UInt32: RealTransfer] = [:]
    /// Files being written while a fault changes how long that takes, by phone; looked up only.
    var writes: [UInt32: RealWrite] = [:]
    /// What came for phones that hang, and is handed in when they go on.
    var heldEvents: [UInt32: [NetworkEvent]] = [:]
    /// What faults hold up on links; looked up only.
    var links: [NetworkLinkKey: HeldLink] = [:]
    /// The same links by the numbers that events know; looked up only.
    var linkKeys: [UInt32: NetworkLinkKey] = [:]
    private var lastLink: UInt32 = 0
    /// Broadcasts and messages that named a file or model that nobody here knows.
    var unknownCount: UInt64 = 0

    init(subnet: Int) { self.subnet = subnet }

    /// A number for a link that holds something.
    mutating func takeLinkSerial() -> UInt32 {
        lastLink &+= 1
        return lastLink
    }

    /// What is held up on a link is gone, both ways.
    mutating func forget(_ key: NetworkLinkKey) {
        for way in [key, key.back] {
            if let link = links.removeValue(forKey: way) { linkKeys[link.serial] = nil }
        }
    }
}
