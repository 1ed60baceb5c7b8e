// One way to distribute firmware, tried on a copy of a world: traditional TFTP, a Load Server at each
// site, or peer firmware sharing. All three are the same model with another configuration, so what
// differs in the results is what the method does.

internal import BasicContainers

/// A way to distribute firmware; the order is that of the manufacturer's white paper, reversed.
public enum DistributionMethod: String, Hashable, Sendable, CaseIterable {
    /// Every phone fetches every file from its TFTP servers.
    case traditional
    /// Every phone fetches every file from a server at its own site.
    case loadServer = "load-server"
    /// Phones of one model in one subnet share one copy of each file.
    case peers = "pfs"
}

/// What phones are to run.
public enum LoadChoice: Sendable {
    /// This load, for all of them.
    case load(LoadID)
    /// The release that a device pack has for each one's family.
    case version(FirmwareVersion)
    /// What each one's configuration names already.
    case configured
}

/// An upgrade by one method on a copy of a world.
public struct MethodTrial {
    /// The method.
    public let method: DistributionMethod
    /// The copy, which goes on as `run` lets it.
    public let world: World
    /// The phones that change their load, in the order of the selection.
    public let phones: [PhoneNumber]
    /// When they were told to, in the time of the world.
    public let begin: Instant
    /// What the method could not have fallen below; a Load Server needs no copy over the WAN.
    public let optimum: UpgradeOptimum
    let before: TrafficTotals
    /// The same by site.
    let siteTrafficBefore: [TrafficTotals]

    /// Copies a world, lets the copy reach `begin`, sets the load and the method, and resets those
    /// phones that do not run the load yet.
    ///
    /// Everything else of the world stays: other phones, other servers, links, what is under way. A
    /// Load Server is the server that stands at a phone's site, or one that the copy gets there.
    /// Throws `WorldError` where the load cannot be set.
    public init(
        _ method: DistributionMethod,
        of original: World,
        _ choice: LoadChoice,
        on selected: [PhoneNumber],
        begin: Instant
    ) throws(WorldError) {
        self.method = method
        self.begin = max(begin, original.now)
        world = original.copy()
        world.logDetail = .off
        world.isTracing = false
        _ = world.run(until: self.begin)
        switch choice {
        case .load(let load): try world.setLoad(load, on: selected)
        case .version(let version): _ = try world.setLoads(ofVersion: version, on: selected)
        case .configured: break
        }
        let copy = world
        phones = selected.filter { copy.configuredLoad($0) != copy.runningLoad($0) }
        try Self.configure(copy, method, phones)
        optimum = copy.optimum(for: phones)
        before = copy.trafficTotals
        siteTrafficBefore = copy.siteTraffic
        copy.forgetPeaks()
        copy.restart(.reset, phones)
    }

    private static func configure(
        _ world: World,
        _ method: DistributionMethod,
        _ phones: [PhoneNumber]
    ) throws(WorldError) {
        world.setDeviceSetting(LevelSetting(method == .peers ? .on : .off), on: phones)
        switch method {
        case .traditional:
            try world.setDeviceLoadServer(LoadServerSetting(nil), on: phones)
        case .peers:
            break
        case .loadServer:
            var bySite: [[PhoneNumber]] = Array(repeating: [], count: world.siteNames.count)
            for phone in phones {
                bySite[world.subnetDetails(world.subnet(of: phone)).site].append(phone)
            }
            for (site, phones) in bySite.enumerated() where !phones.isEmpty {
                let address = try world.serverAddress(at: site)
                try world.setDeviceLoadServer(LoadServerSetting(address), on: phones)
            }
        }
    }

    /// Handles at most `budget` events, none later than `limit`; true when nothing is left to come.
    public func run(until limit: Instant = .latest, budget: Int) -> Bool {
        let reason = world.run(until: limit, budget: budget)
        if reason == .reachedLimit || world.isIdle { return true }
        return !phones.contains { phone in
            if case .none = outcome(phone) { return true }
            return false
        }
    }

    /// How the phone's upgrade of this trial ended; one from before the trial does not count.
    func outcome(_ phone: PhoneNumber) -> UpgradeOutcome {
        let outcome = world.kernel.phones[Int(phone.index)].outcome
        switch outcome {
        case .none: return .none
        case .succeeded(let time), .failed(_, let time): return time > begin ? outcome : .none
        }
    }

    /// What has come of it by now.
    public var result: MethodResult {
        var result = MethodResult(method: method, phones: phones.count)
        var lost: Int64 = 0
        for phone in phones {
            let record = world.kernel.phones[Int(phone.index)]
            switch outcome(phone) {
            case .none: continue
            case .succeeded(let time): result.finished.append(time - begin)
            case .failed: result.failed += 1
            }
            lost += Int64(record.lostServiceMilliseconds)
            let length = Interval.milliseconds(Int64(record.lostServiceMilliseconds))
            result.longestLoss = max(result.longestLoss, length)
        }
        result.finished.sort()
        let ended = Int64(result.finished.count + result.failed)
        if ended > 0 { result.meanLoss = Interval.milliseconds(lost / ended) }
        result.traffic = world.trafficTotals - before
        result.peakBitsPerSecond = world.highestPeak
        return result
    }
}

/// What an upgrade by one method cost and how long it took.
public struct MethodResult: Sendable {
    /// The method.
    public let method: DistributionMethod
    /// How many phones had to change their load.
    public let phones: Int
    /// Phones whose upgrade failed.
    public internal(set) var failed = 0
    /// When the others ran the new load, counted from the order, in ascending order.
    public internal(set) var finished: [Interval] = []
    /// How long a phone was out of service, on average of those whose upgrade ended.
    public internal(set) var meanLoss = Interval.zero
    /// How long the phone was out of service that was so the longest.
    public internal(set) var longestLoss = Interval.zero
    /// What was moved.
    public internal(set) var traffic = TrafficTotals()
    /// The most that one site's WAN link carried, headers included, in bits per second.
    public internal(set) var peakBitsPerSecond: Int64 = 0

    /// Nothing yet.
    init(method: DistributionMethod, phones: Int) {
        self.method = method
        self.phones = phones
    }

    /// When so many of a hundred phones ran the load; nil when that many never did.
    ///
    /// A phone that failed never does; 0 asks for the first phone.
    public func time(ofPercent percent: Int) -> Interval? {
        guard phones > 0 else { return nil }
        let place = max((phones * percent + 99) / 100, 1) - 1
        return finished.indices.contains(place) ? finished[place] : nil
    }

    /// How many phones ran the load after `length`, that moment included.
    public func finishedCount(within length: Interval) -> Int {
        var (low, high) = (0, finished.count)
        while low < high {
            let middle = (low + high) / 2
            if finished[middle] <= length { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// What was moved from servers and between phones.
public struct TrafficTotals: BitwiseCopyable, Hashable, Sendable {
    /// Bytes of whole files that came over WAN links.
    public internal(set) var wanBytes: Int64 = 0
    /// What that, and what broke off, took on the wire: blocks with their headers, and those sent
    /// again because of loss.
    public internal(set) var wanWireBytes: Int64 = 0
    /// Bytes of whole files that went between phones, or came from servers in the same place.
    public internal(set) var lanBytes: Int64 = 0
    /// Transfers that servers began.
    public internal(set) var transfers = 0

    static func - (later: TrafficTotals, earlier: TrafficTotals) -> TrafficTotals {
        var difference = TrafficTotals()
        difference.wanBytes = later.wanBytes - earlier.wanBytes
        difference.wanWireBytes = later.wanWireBytes - earlier.wanWireBytes
        difference.lanBytes = later.lanBytes - earlier.lanBytes
        difference.transfers = later.transfers - earlier.transfers
        return difference
    }
}

extension World {
    /// What was moved since the world began.
    public var trafficTotals: TrafficTotals {
        var totals = TrafficTotals()
        totals.lanBytes = kernel.peerBytes
        for site in kernel.sites {
            if site.wan == nil {
                totals.lanBytes += site.bytes
            } else {
                totals.wanBytes += site.bytes
            }
            totals.lanBytes += site.localBytes
        }
        for path in kernel.network.paths where !path.isLocal {
            totals.wanWireBytes += wireBytes(of: path)
        }
        for server in kernel.network.servers { totals.transfers += server.totals.transfers }
        return totals
    }

    /// The most that a site's WAN link has carried, in bits per second.
    var highestPeak: Int64 {
        var most: Int64 = 0
        for link in kernel.network.links {
            if case .port = link.role { continue }
            most = max(most, link.peakBitsPerSecond)
        }
        return most
    }

    /// Forgets what links have carried at most until now.
    func forgetPeaks() {
        for index in kernel.network.links.indices {
            kernel.network.links[index].peakBitsPerSecond = 0
        }
    }

    /// The address of a server at a site; one that nobody else has where it gets a new one.
    fileprivate func serverAddress(at site: Int) throws(WorldError) -> IPv4Address {
        let known = kernel.network.servers.firstIndex { Int($0.site) == site }
        if let known, let address = kernel.network.servers[known].address { return address }
        // From the range for measurements (RFC 2544), which no site uses.
        var address = IPv4Address(bits: 0xC612_0001 + UInt32(site))
        while server(at: address) != nil { address.bits += 1 }
        var order = ServerOrder(name: known.map { server($0).name } ?? "load server \(site)")
        order.site = site
        order.address = address
        try setServer(order)
        return address
    }
}
