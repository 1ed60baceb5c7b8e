// Looking at a world: snapshots as values, from which tables, screens and trees are drawn. Nothing
// here changes anything.

internal import BasicContainers

/// What a phone is doing, in one word.
public enum PhoneState: String, Sendable, CaseIterable {
    /// Nothing to fetch.
    case idle
    /// In a call, which delays a reset.
    case inCall = "in-call"
    /// Reset, and about to read its configuration.
    case resetting
    /// Listens before it claims to be root.
    case listening
    /// Claims to be root.
    case claiming
    /// Heard a stronger claim, and waits for that phone to be confirmed.
    case seeking
    /// Asks another phone for a place.
    case joining
    /// Has a parent that does not have the file yet.
    case waiting
    /// Lost its parent, and seeks another.
    case orphaned
    /// Confirmed root, waits for children before it fetches.
    case rooted
    /// Gave up on its peers, and is about to fetch alone.
    case backing
    /// Fetches from the server.
    case fetching
    /// Receives from its parent.
    case receiving
    /// Checks a file.
    case verifying
    /// Writes a file to flash.
    case writing
    /// Holds every file, and serves others.
    case serving
    /// Reboots into its new load.
    case rebooting
    /// Does not boot any more, by a known bug.
    case dead
    /// Without power, by a fault.
    case unpowered
    /// Hangs, by a fault.
    case frozen
    /// Unplugged.
    case removed
}

/// From where a phone gets or got a file.
public enum FileSource: Sendable, Equatable {
    /// Not yet decided.
    case none
    /// The TFTP server.
    case server
    /// Another phone.
    case phone(PhoneNumber)
}

/// A phone at one instant.
public struct PhoneSnapshot: Sendable {
    /// The phone.
    public let phone: PhoneNumber
    /// What it is doing.
    public let state: PhoneState
    /// Its address.
    public let address: IPv4Address
    /// Its subnet, as an index.
    public let subnet: Int
    /// The load that it runs.
    public let running: LoadID
    /// The load that it fetches or activates, if it is upgrading.
    public let target: LoadID?
    /// Its present file, counted from 0; nil when it fetches none.
    public let fileIndex: Int?
    /// How many files its load has; 0 when it fetches none.
    public let fileCount: Int
    /// Bytes of the present file that have come.
    public let receivedBytes: Int64
    /// The size of the present file.
    public let fileBytes: Int64
    /// From where the present file comes.
    public let source: FileSource
    /// Whether the phone is the root of the hierarchy of its present file.
    public let isRoot: Bool
    /// Its children in the hierarchy of the present file.
    public let children: [PhoneNumber]
    /// Whether it shares with its peers in this upgrade.
    public let shares: Bool
    /// Since when it is out of service; nil when it is in.
    public let outOfServiceSince: Instant?
    /// How its last upgrade ended.
    public let outcome: UpgradeOutcome
}

/// A site's link, and what came to its phones from servers.
public struct SiteDetails: BitwiseCopyable, Sendable {
    /// The WAN link; nil when the site is in the same place as the core.
    public let wan: WANLink?
    /// Bytes of whole files that came over it, or from servers in the same place without one.
    public let bytes: Int64
    /// Bytes of whole files that came from servers at the site itself, past its WAN link.
    public internal(set) var localBytes: Int64 = 0
    /// Fetches under way over the link.
    public internal(set) var fetches = 0
    /// Fetches under way from servers at the site itself.
    public internal(set) var localFetches = 0
    /// Requests that were sent again over the link, because a block came late or not at all.
    public internal(set) var retransmissions: Int64 = 0
    /// The most that the link has carried, headers included, in bits per second.
    public internal(set) var peakBitsPerSecond: Int64 = 0
}

extension World {
    /// What a phone is doing now.
    public func snapshot(_ phone: PhoneNumber) -> PhoneSnapshot {
        let index = Int(phone.index)
        let record = kernel.phones[index]
        let peer = kernel.peers[index]
        let isUpgrading = peer.isUpgrading
        let current = min(peer.current, max(peer.fileCount - 1, 0))
        let isDone = isUpgrading && peer.current >= peer.fileCount
        let file = isUpgrading ? peer.job?.files[current] : nil
        let size = file.map { kernel.files[Int($0.index)].bytes } ?? 0
        let holds = isDone || hasWholeFile(peer)
        let branch = peer.branches[current]
        return PhoneSnapshot(
            phone: phone,
            state: state(phone),
            address: record.address,
            subnet: Int(record.subnet),
            running: LoadID(rawValue: record.runningLoad),
            target: isUpgrading ? LoadID(rawValue: record.targetLoad) : nil,
            fileIndex: isUpgrading ? current : nil,
            fileCount: peer.fileCount,
            receivedBytes: holds ? size : kernel.bytesReceived(by: phone) ?? 0,
            fileBytes: size,
            source: source(record, peer, current),
            isRoot: isUpgrading && branch.role == .root,
            children: childNumbers(branch, subnet: Int(record.subnet)),
            shares: isUpgrading ? peer.job?.shares ?? false : false,
            outOfServiceSince: record.leftServiceAt == .never ? nil : record.leftServiceAt,
            outcome: record.outcome
        )
    }

    private func hasWholeFile(_ peer: Peer) -> Bool {
        switch peer.stage {
        case .verifying, .writing, .lingering, .applying, .serving: true
        case .idle, .electing, .joining, .attached, .orphaned, .waiting, .backingOff, .fetching:
            false
        }
    }

    private func source(_ record: PhoneRecord, _ peer: Peer, _ current: Int) -> FileSource {
        switch record.download {
        case .server: return .server
        case .parent(let parent, _): return .phone(parent)
        case .asking: return .server
        case .none: break
        }
        if peer.branches[current].parent.isOpen {
            let address = peer.branches[current].parent.address
            let parent = kernel.subnets[Int(record.subnet)].phone(at: address)
            return parent.map(FileSource.phone) ?? .none
        }
        guard peer.isUpgrading else { return .none }
        switch record.origins[current] {
        case .none: return .none
        case .server: return .server
        case .phone(let phone, _): return .phone(phone)
        case .elsewhere: return .none
        }
    }

    private func childNumbers(_ branch: Branch, subnet: Int) -> [PhoneNumber] {
        var numbers: [PhoneNumber] = []
        for slot in 0..<Branch.childLimit where branch.children[slot].isOpen {
            let address = branch.children[slot].address
            if let child = kernel.subnets[subnet].phone(at: address) { numbers.append(child) }
        }
        return numbers
    }

    /// What a phone is doing, in one word.
    public func state(_ phone: PhoneNumber) -> PhoneState {
        let index = Int(phone.index)
        if identities[index].isRemoved { return .removed }
        if kernel.faults.isOn {
            if kernel.faults.frozen[phone.index] != nil { return .frozen }
            if kernel.hasNoPower(phone) { return .unpowered }
        }
        if kernel.isDead(phone) { return .dead }
        let peer = kernel.peers[index]
        switch peer.stage {
        case .idle, .serving:
            if isInCall(phone) { return .inCall }
            return kernel.phones[index].isActive ? .resetting : .idle
        case .electing:
            switch kernel.elections[index].phase {
            case .listening, .idle, .settled: return .listening
            case .claiming: return .claiming
            case .seeking: return .seeking
            case .orphaned: return .orphaned
            }
        case .joining: return .joining
        case .attached:
            if case .none = kernel.phones[index].download, !kernel.takesRealFile(phone) {
                return .waiting
            }
            return .receiving
        case .orphaned: return .orphaned
        case .waiting: return .rooted
        case .backingOff: return .backing
        case .fetching: return .fetching
        case .verifying: return .verifying
        case .writing: return .writing
        case .lingering: return .serving
        case .applying: return .rebooting
        }
    }

    /// Whether a phone's configuration says something that the phone has not read yet.
    public func configurationIsPending(_ phone: PhoneNumber) -> Bool {
        let record = kernel.phones[Int(phone.index)]
        return record.configuredSharing != record.readSharing
            || record.configuredLoadServer != record.readLoadServer
            || record.configuredLogServer != record.readLogServer
            || (record.configuredLoad != record.runningLoad
                && !kernel.peers[Int(phone.index)].isUpgrading)
    }

    /// From where a phone has the file at `index` of the load that it fetched last.
    public func origin(of index: Int, at phone: PhoneNumber) -> FileOrigin {
        guard (0..<UpgradeJob.fileLimit).contains(index) else { return .none }
        return kernel.phones[Int(phone.index)].origins[index]
    }

    /// How many of its files a phone took from peers, and how many times others took one from it.
    public func sharedFiles(_ phone: PhoneNumber) -> (fromPeers: Int, toPeers: Int) {
        let record = kernel.phones[Int(phone.index)]
        return (Int(record.filesFromPeers), Int(record.filesToPeers))
    }

    /// How a phone's last upgrade ended; quicker than a whole snapshot.
    public func outcome(of phone: PhoneNumber) -> UpgradeOutcome {
        kernel.phones[Int(phone.index)].outcome
    }

    /// The address of a phone.
    public func address(of phone: PhoneNumber) -> IPv4Address {
        kernel.phones[Int(phone.index)].address
    }

    /// The subnet of a phone, as an index.
    public func subnet(of phone: PhoneNumber) -> Int { Int(kernel.phones[Int(phone.index)].subnet) }

    /// The load that a phone runs.
    public func runningLoad(_ phone: PhoneNumber) -> LoadID {
        LoadID(rawValue: kernel.phones[Int(phone.index)].runningLoad)
    }

    /// The network and site of a subnet.
    public func subnetDetails(_ subnet: Int) -> (network: IPv4Network, site: Int, lanRate: Int64) {
        let record = kernel.subnets[subnet]
        return (record.network, Int(record.site), record.lanRateBitsPerSecond)
    }

    /// A site's WAN link and what came to the site.
    public func siteDetails(_ site: Int) -> SiteDetails {
        let record = kernel.sites[site]
        var details = SiteDetails(wan: record.wan, bytes: record.bytes)
        details.localBytes = record.localBytes
        for index in record.paths {
            let path = kernel.network.paths[index]
            if path.isLocal, record.wan != nil {
                details.localFetches += path.flows.count + path.packetTransfers
                continue
            }
            details.fetches += path.flows.count + path.packetTransfers
            details.retransmissions += Int64(clamping: path.retransmissions >> 32)
            if case .down = kernel.network.links[path.link].role {
                details.peakBitsPerSecond = kernel.network.links[path.link].peakBitsPerSecond
            }
        }
        return details
    }

    /// Transfers of files under way, from servers and between phones.
    public var transferCount: Int {
        var count = 0
        for path in kernel.network.paths { count += path.flows.count + path.packetTransfers }
        count += kernel.uploadCount
        return count
    }

    /// The server's fetches by reason, over the whole life of the world.
    public var fetchCounts: FetchCounts { kernel.instances.counts }

    /// All instances of hierarchies, in the order of their birth.
    public var instances: [HierarchyInstance] { kernel.instances.instances }

    /// Bytes of whole files that phones took from each other.
    public var peerBytes: Int64 { kernel.peerBytes }

    /// The subnet and model of a group of phones.
    public func group(_ number: UInt32) -> (subnet: Int, model: ModelID) {
        let group = (kernel.groups[Int(number)].subnet, kernel.groups[Int(number)].model)
        return (Int(group.0), group.1)
    }

    /// The name of a firmware file.
    public func fileName(_ file: FileNumber) -> String {
        file == .none ? "" : kernel.files[Int(file.index)].name
    }

    /// The size of a firmware file in bytes.
    public func fileBytes(_ file: FileNumber) -> Int64 { kernel.files[Int(file.index)].bytes }

    /// Inputs that meant nothing, by reason.
    public func ignoredCount(_ reason: IgnoredReason) -> UInt64 {
        kernel.ignored[Int(reason.rawValue)]
    }

    /// A phone's protocol state.
    public func peer(_ phone: PhoneNumber) -> Peer { kernel.peers[Int(phone.index)] }

    /// A phone's election for its present file.
    public func election(_ phone: PhoneNumber) -> Election { kernel.elections[Int(phone.index)] }

    /// How long a message takes over the LAN to a phone.
    public func lanDelay(to phone: PhoneNumber) -> Interval {
        Interval(nanoseconds: Int64(kernel.phones[Int(phone.index)].delayNanoseconds))
    }

    /// The numbers of the protocol; they can be set only before time moves.
    public var peerParameters: PeerParameters { kernel.context.parameters }

    /// The numbers of the world around the phones.
    public var parameters: SimulationParameters { kernel.parameters }

    /// Sets the numbers of the model; refused once time has moved.
    ///
    /// How far each phone is away on its LAN is drawn again.
    public func setParameters(
        peer: PeerParameters,
        _ simulation: SimulationParameters
    ) throws(WorldError) {
        guard !hasStarted else { throw .timeHasMoved("a parameter of the model") }
        kernel.context.parameters = peer
        kernel.parameters = simulation
        redrawPhones()
    }
}
