// What the kernel keeps besides the peers: where a phone stands in the world, what is being moved to
// it, what is queued. All of it is plain data, so that a checkpoint is a copy.

internal import BasicContainers

/// Something that will happen.
enum KernelEvent: BitwiseCopyable {
    /// A deadline that a phone asked for.
    case wake(PhoneNumber)
    /// An implied advertisement of the second phone, noted at a place in the group, reaches the
    /// first.
    case advertisement(PhoneNumber, PhoneNumber, UInt16)
    /// A message over a link arrives.
    case message(UInt32)
    /// A server's refusal arrives, or the time comes to ask again.
    case refusal(PhoneNumber, UInt16)
    /// The next flow of a path from a server to a site ends.
    case wanDue(UInt32)
    /// The next flow out of a phone's port ends, or the next chunk may go.
    case portDue(PhoneNumber)
    /// Something happens to a transfer that is played packet by packet.
    case packet(UInt32)
    /// The last block of a flow that has ended has come.
    case arrived(PhoneNumber, UInt16)
    /// A phone restarts and reads its configuration.
    case restart(PhoneNumber, UInt16)
    /// A phone has checked a file.
    case verified(PhoneNumber, UInt16)
    /// A phone has written a file.
    case written(PhoneNumber, UInt16)
    /// A phone has rebooted and registered.
    case applied(PhoneNumber, UInt16)
    /// A fault has lasted as long as it was to last.
    case faultEnds(UInt32)
    /// TCP sends again what was lost on a link.
    case retransmission(UInt32)
    /// A broadcast that a fault delayed reaches a phone.
    case lateBroadcast(UInt32)
    /// The time comes at which a call of a phone was to end.
    case callEnd(PhoneNumber)
    /// What a phone wrote is not in its flash.
    case flashFailed(PhoneNumber, UInt16, FlashFailure)
    /// A fault takes the power from a phone that writes flash; whether the load that it runs is being
    /// replaced by then.
    case powerFails(fault: UInt32, PhoneNumber, UInt16, replacesLoad: Bool)
    /// A transfer to a phone may have stood still for too long.
    case transferStalled(PhoneNumber)
    /// A hostile peer, by the number of the fault, says what it says.
    case harassment(UInt32)
    /// What faults held up on a link of a real network may go on.
    case heldLink(UInt32)
}

/// A broadcast on its way.
struct Broadcast: BitwiseCopyable {
    var message: PeerMessage
    var file: FileNumber
    var sender: IPv4Address
    var segment: UInt8
    /// The phone that sent it.
    var phone: PhoneNumber
    /// Its number among those sent while a fault was on; 0 for all others.
    var faultNumber: UInt32 = 0
}

/// What a queued unicast brings.
enum LinkDelivery: BitwiseCopyable {
    /// A message of the protocol.
    case message(PeerMessage)
    /// The last byte of the file.
    case file
    /// The other side closed the link.
    case reset
}

/// A unicast on its way.
struct LinkMessage: BitwiseCopyable {
    var delivery: LinkDelivery
    var file: FileNumber
    var sender: IPv4Address
    var senderSegment: UInt8
    var receiver: PhoneNumber
    /// Which connection of the link it goes over, where faults hold links up.
    var connection: UInt32 = 0
    /// Whether a fault has damaged it on its way.
    var isDamaged = false
}

/// What is being moved to a phone.
enum Download: BitwiseCopyable, Sendable {
    case none
    /// A server is asked, and has not said yes.
    case asking(ServerSearch)
    case server(FileNumber, path: UInt32)
    case parent(PhoneNumber, FileNumber)
}

/// From where a phone has a file.
public enum FileOrigin: BitwiseCopyable, Sendable {
    /// It does not have it.
    case none
    /// From the server by TFTP, at this instant.
    case server(Instant)
    /// From another phone, at this instant.
    case phone(PhoneNumber, Instant)
    /// From a phone of a real network that is not of this world, at this instant.
    case elsewhere(IPv4Address, Instant)
}

/// From where a phone has its files, by their places in the load.
struct FileOrigins: BitwiseCopyable, Sendable {
    /// The number of the phone that gave it, or one of the two that stand for none and for a server.
    private var givers = InlineArray<8, UInt32>(repeating: .max)
    private var instants = InlineArray<8, Instant>(repeating: .zero)
    /// A bit for each file whose giver is not of this world and stands by its address.
    private var elsewhere: UInt8 = 0
    private static var none: UInt32 { .max }
    private static var server: UInt32 { .max - 1 }

    subscript(file: Int) -> FileOrigin {
        get {
            if elsewhere & 1 &<< UInt8(file) != 0 {
                return .elsewhere(IPv4Address(bits: givers[file]), instants[file])
            }
            return switch givers[file] {
            case Self.none: .none
            case Self.server: .server(instants[file])
            case let giver: .phone(PhoneNumber(Int(giver)), instants[file])
            }
        }
        set {
            elsewhere &= ~(1 &<< UInt8(file))
            switch newValue {
            case .none: givers[file] = Self.none
            case .elsewhere(let address, let instant):
                elsewhere |= 1 &<< UInt8(file)
                givers[file] = address.bits
                instants[file] = instant
            case .server(let instant):
                givers[file] = Self.server
                instants[file] = instant
            case .phone(let phone, let instant):
                givers[file] = phone.index
                instants[file] = instant
            }
        }
    }
}

/// How a phone's last upgrade ended.
public enum UpgradeOutcome: BitwiseCopyable, Sendable {
    /// None was tried.
    case none
    /// It runs the new load since this instant.
    case succeeded(Instant)
    /// It failed at this instant.
    case failed(FailureReason, Instant)
}

/// A phone's place in the world, its configuration and its history.
struct PhoneRecord: BitwiseCopyable, Sendable {
    var address: IPv4Address
    var subnet: UInt32
    var group: UInt32
    var delayNanoseconds: UInt32
    /// Which load it runs, as an index into the kernel's loads.
    var runningLoad: UInt16
    /// Which load its configuration names.
    var configuredLoad: UInt16
    /// Which load it is fetching or activating.
    var targetLoad: UInt16
    /// Whether its configuration, as it stands now, makes it share.
    var configuredSharing: Bool
    /// Whether the configuration that it last read made it share.
    var readSharing: Bool
    /// The place of the Load Server that its configuration names.
    var configuredLoadServer = ServerNetwork.noLoadServer
    /// The place of the Load Server in the configuration that it last read.
    var readLoadServer = ServerNetwork.noLoadServer
    /// The place of the Log Server that its configuration names, and of the one that it last read.
    var configuredLogServer = ServerNetwork.noLogServer
    var readLogServer = ServerNetwork.noLogServer
    /// The server that it last fetched from.
    var lastServer: UInt8?
    /// For each file that it has from a server, which one.
    var fileServers = InlineArray<8, UInt8>(repeating: 0)
    /// The files that it has from a server by HTTP, a bit each.
    var filesByHTTP: UInt8 = 0
    /// Counts restarts, so that what was begun before is recognised as stale.
    var incarnation: UInt16 = 0
    /// Whether a restart of this incarnation is to come.
    var awaitsRestart = false
    /// Whether it has something to do: a restart to come, or an upgrade.
    var isActive = false
    /// Whether it is plugged in and running.
    var isUp = true
    /// Phones hear only those of the same segment; all are in 0 unless the subnet is cut.
    var segment: UInt8 = 0
    var download = Download.none
    /// Who sent the file that came last; it may be gone before the file is verified.
    var giver: PhoneNumber?
    var origins = FileOrigins()
    var outcome = UpgradeOutcome.none
    /// When it left service for its upgrade.
    var leftServiceAt = Instant.never
    /// How long its last upgrade, ended or not, kept it out of service, in milliseconds: 49 days.
    var lostServiceMilliseconds: UInt32 = 0
    /// Files that it took from peers in its present or last upgrade.
    var filesFromPeers: UInt8 = 0
    /// Files that peers took from it.
    var filesToPeers: UInt16 = 0
}

/// A subnet: how to find its phones by address.
struct SubnetRecord: Sendable {
    static let noPhone = UInt32.max
    let network: IPv4Network
    var site: UInt32
    /// Bits per second of every phone's port.
    var lanRateBitsPerSecond: Int64
    /// The addresses of its TFTP servers in order (DHCP option 150); empty: the world's first one.
    var servers: [IPv4Address] = []
    /// Addresses of servers among its own, which no phone gets.
    var reserved: [IPv4Address] = []
    /// Phone numbers by address, counted from the subnet's base; as long as the highest one needs.
    private var phones: [UInt32] = []
    /// How many phones it has.
    private(set) var phoneCount = 0

    init(network: IPv4Network, site: UInt32, lanRateBitsPerSecond: Int64) {
        self.network = network
        self.site = site
        self.lanRateBitsPerSecond = lanRateBitsPerSecond
    }

    func phone(at address: IPv4Address) -> PhoneNumber? {
        let offset = Int(address.bits &- network.base.bits)
        guard phones.indices.contains(offset), phones[offset] != Self.noPhone else { return nil }
        return PhoneNumber(Int(phones[offset]))
    }

    mutating func put(_ phone: PhoneNumber?, at address: IPv4Address) {
        let offset = Int(address.bits &- network.base.bits)
        while phones.count <= offset { phones.append(Self.noPhone) }
        phoneCount += (phone == nil ? 0 : 1) - (phones[offset] == Self.noPhone ? 0 : 1)
        phones[offset] = phone?.index ?? Self.noPhone
    }

    /// The lowest host address that no phone has, at or after `start`; nil when the subnet is full.
    func freeAddress(from start: IPv4Address) -> IPv4Address? {
        var candidate = max(start, network.firstHost)
        while network.holdsHost(candidate) {
            if phone(at: candidate) == nil, !reserved.contains(candidate) { return candidate }
            candidate.bits += 1
        }
        return nil
    }
}

/// A site: its WAN link to the server, or none.
struct SiteRecord: Sendable {
    /// The link's rate and round-trip time; nil when the server is in the same place.
    var wan: WANLink?
    /// The paths to its phones.
    var paths: [Int] = []
    /// Bytes of files that came over it; of a site without one, from servers in the same place.
    var bytes: Int64 = 0
    /// Bytes of files that came from servers at the site itself, although it has a WAN link.
    var localBytes: Int64 = 0
}

/// A link from a site to the core.
public struct WANLink: BitwiseCopyable, Hashable, Sendable {
    /// The highest rate of a link, a phone's port included: 1 Tbit/s; own choice, above any line.
    public static let rateLimitBitsPerSecond: Int64 = 1_000_000_000_000
    /// The longest round trip: an hour; own choice, above any line on Earth.
    public static let roundTripLimit = Interval.seconds(3_600)

    /// Bits per second, 1 to `rateLimitBitsPerSecond`.
    public var rateBitsPerSecond: Int64
    /// From a request to its answer, without serialisation; zero to `roundTripLimit`.
    public var roundTrip: Interval
    /// Packets lost each way, in parts per million: 0 to less than all.
    public var lossPartsPerMillion: Int64
    /// The share of the rate that other traffic takes, in parts per million: 0 to less than all.
    public var busyPartsPerMillion: Int64

    /// Makes a link; whether its numbers are within their limits is checked where a site gets it.
    public init(
        rateBitsPerSecond: Int64,
        roundTrip: Interval,
        lossPartsPerMillion: Int64 = 0,
        busyPartsPerMillion: Int64 = 0
    ) {
        self.rateBitsPerSecond = rateBitsPerSecond
        self.roundTrip = roundTrip
        self.lossPartsPerMillion = lossPartsPerMillion
        self.busyPartsPerMillion = busyPartsPerMillion
    }
}

/// The phones of one model in one subnet: who hears a broadcast of it.
struct GroupRecord: ~Copyable {
    let subnet: UInt32
    let model: ModelID
    var receivers = ReceiverList()
    /// What is known of the broadcasts, by file.
    var hearings = UniqueArray<Hearing>()
    /// How many phones are in another segment than 0.
    var cutPhones = 0
    /// How many faults are on that can touch its messages.
    var faults = 0
    /// The broadcasts under way.
    var walks = UniqueArray<UInt32>()
    /// For each place in `hearings`, a row with a bit for each receiver: whether it may take heed of a
    /// broadcast about that file.
    var heeds = UniqueArray<UInt64>()
    /// Words of a row.
    var heedWords = 0

    init(subnet: UInt32, model: ModelID) {
        self.subnet = subnet
        self.model = model
    }

    /// Whether each of its phones hears the others, and nothing comes between.
    var isPlain: Bool { cutPhones == 0 && faults == 0 }

    func copy() -> GroupRecord {
        var copy = GroupRecord(subnet: subnet, model: model)
        copy.receivers = receivers.copy()
        copy.hearings = hearings.clone()
        copy.cutPhones = cutPhones
        copy.faults = faults
        copy.walks = walks.clone()
        copy.heeds = heeds.clone()
        copy.heedWords = heedWords
        return copy
    }
}

/// A file of the world.
struct FileRecord: Sendable {
    let name: String
    /// Changes only while no phone fetches anything.
    var bytes: Int64
}

/// A load of the world: its files in the order of request.
struct LoadRecord: Sendable {
    var files: [FileNumber]
}

/// Unicasts under way, in reused places.
struct MessagePool: ~Copyable {
    private var messages = UniqueArray<LinkMessage>()
    private var free = UniqueArray<UInt32>()

    func copy() -> MessagePool {
        var copy = MessagePool()
        copy.messages = messages.clone()
        copy.free = free.clone()
        return copy
    }

    mutating func put(_ message: LinkMessage) -> UInt32 {
        if let index = free.popLast() {
            messages[Int(index)] = message
            return index
        }
        messages.append(message)
        return UInt32(messages.count - 1)
    }

    mutating func take(_ index: UInt32) -> LinkMessage {
        free.append(index)
        return messages[Int(index)]
    }
}
