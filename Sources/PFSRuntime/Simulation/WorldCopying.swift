// Copying a world: the copy goes its own way from the same instant with the same chance, so that
// what happens next is what would have happened. Arrays of the standard library are shared until
// one side writes, the logs piece by piece; the rest is cloned.

internal import BasicContainers

extension World {
    /// An independent world in the same state: the same orders let the same things happen in both.
    ///
    /// Takes time and memory in proportion to the phones and to what is on its way.
    public func copy() -> World {
        let copy = World(seed: seed)
        copy.kernel = kernel.copy()
        copy.catalog = catalog
        copy.cucm = cucm
        copy.wallClock = wallClock
        copy.identities = identities
        copy.siteNames = siteNames
        copy.subnetNames = subnetNames
        copy.profiles = profiles
        copy.enterpriseSetting = enterpriseSetting
        copy.enterpriseLoadServer = enterpriseLoadServer
        copy.enterpriseLogServer = enterpriseLogServer
        copy.deviceDefaults = deviceDefaults
        copy.bugSwitches = bugSwitches
        copy.devicePacks = devicePacks
        copy.phoneTemplates = phoneTemplates
        copy.pins = pins
        copy.restartOrders = restartOrders
        copy.phonesByName = phonesByName
        copy.phonesByMAC = phonesByMAC
        copy.filesByName = filesByName
        copy.groupsByKey = groupsByKey
        return copy
    }
}

extension World {
    /// About how many bytes a copy takes once both worlds have gone on.
    public var copyBytes: Int {
        let phone =
            MemoryLayout<Peer>.stride + MemoryLayout<PhoneRecord>.stride
            + MemoryLayout<SharedLink>.stride + MemoryLayout<Election>.stride
            + MemoryLayout<PhoneIdentity>.stride + Self.lookupBytes
        return Self.emptyBytes + identities.count * phone
            + Self.pieceBytes(kernel.log.count, of: LogRecord.self)
            + Self.pieceBytes(kernel.trace.count, of: TraceRecord.self)
            + Self.pieceBytes(kernel.alarms.count, of: AlarmRecord.self)
            + kernel.queue.count * MemoryLayout<QueuedEvent<KernelEvent>>.stride
    }

    /// What of a log of so many records is not shared by copies, at most.
    private static func pieceBytes<Record>(_ count: Int, of type: Record.Type) -> Int {
        min(count, RecordRing<LogRecord>.pieceCapacity) * MemoryLayout<Record>.stride
    }

    /// What finding a phone by name, MAC address and IP address takes, about.
    private static let lookupBytes = 128
    /// What a world without phones takes, about: the buckets of its queue.
    private static let emptyBytes = 256 << 10
}

extension Kernel {
    /// An independent kernel in the same state; effects are empty between two inputs.
    func copy() -> Kernel {
        var copy = Kernel()
        copy.context.now = context.now
        copy.context.parameters = context.parameters
        copy.context.pins = context.pins
        copy.parameters = parameters
        copy.queue = queue.copy()
        copy.fanouts = fanouts.copy()
        copy.walks = walks.copy()
        copy.messages = messages.copy()
        for index in 0..<groups.count { copy.groups.append(groups[index].copy()) }
        copy.elections = elections.clone()
        copy.interests = interests.clone()
        copy.impliesKeepingInTouch = impliesKeepingInTouch
        copy.peers = peers.clone()
        copy.phones = phones.clone()
        copy.ports = ports.copy()
        copy.waitingUploads = waitingUploads
        copy.streams = streams
        copy.chunkPorts = chunkPorts
        copy.packets = packets
        copy.arrivals = arrivals
        copy.unknownSignatures = unknownSignatures
        copy.calls = calls
        copy.factoryResets = factoryResets
        copy.bugs = bugs
        copy.deadSince = deadSince
        copy.subnets = subnets
        copy.sites = sites
        copy.network = network
        copy.alarms = alarms
        copy.files = files
        copy.loads = loads
        copy.instances = instances
        copy.log = log
        copy.trace = trace
        copy.faults = faults
        copy.effects.wantsTrace = effects.wantsTrace
        copy.eventCount = eventCount
        copy.digest = digest
        copy.changeCount = changeCount
        copy.outcomeCount = outcomeCount
        copy.ignored = ignored
        copy.flowSequence = flowSequence
        copy.peerBytes = peerBytes
        copy.filesWanted = filesWanted
        copy.filesObtained = filesObtained
        copy.activeCount = activeCount
        copy.currentTurn = currentTurn
        copy.lastLineAt = lastLineAt
        copy.watch = watch
        copy.coverage = coverage
        return copy
    }
}
