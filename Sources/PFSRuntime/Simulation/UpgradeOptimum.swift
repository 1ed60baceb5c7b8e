// How fast an upgrade could have been: one copy over the WAN, and the best possible spreading on the
// LAN, as the measure of what a method reaches.

internal import BasicContainers

/// The times that no distribution to these phones can fall below.
public struct UpgradeOptimum: BitwiseCopyable, Hashable, Sendable {
    /// One copy of each load over the WAN link of the site that takes longest.
    public let wanCopy: Interval
    /// The load to all phones of the largest group, cut in as many chunks as it has TFTP blocks:
    /// 1 + ⌊log₂(N − 1)⌋ ÷ M times what one phone takes.
    public let lanSpread: Interval

    /// Both, one after the other.
    public var total: Interval { wanCopy + lanSpread }

    /// What of `measured` it is, in parts per million; nil when nothing was measured.
    public func efficiencyPartsPerMillion(measured: Interval) -> Int64? {
        guard measured > .zero else { return nil }
        let scaled = UInt128(max(total.nanoseconds, 0)) * 1_000_000
        return Int64(clamping: scaled / UInt128(measured.nanoseconds))
    }
}

/// Phones of a site that are to get one load.
private struct OptimumGroup {
    /// What tells groups apart.
    struct Key: Hashable {
        let site: Int
        let load: LoadID
        /// By what the load comes from a server.
        let transport: FetchTransport
        /// Whether the load comes from a server at the site, or from a phone that runs it already.
        let isLocal: Bool
    }
    let key: Key
    let lanRate: Int64
    var phones: Int64 = 1
}

/// A load that a phone of a hierarchy's group could give.
private struct Holding: Hashable {
    let group: UInt32
    let load: LoadID

    init(of phone: PhoneNumber, _ load: LoadID, in world: World) {
        group = world.kernel.phones[Int(phone.index)].group
        self.load = load
    }
}

/// What became of the upgrades that ended in a span of time.
public struct UpgradeSummary: Sendable {
    /// Phones that run a new load.
    public let succeeded: Int
    /// Phones that gave up.
    public let failed: Int
    /// From the first of the former leaving service to the last of them being back.
    public let length: Interval
    /// What that time could not have fallen below.
    public let optimum: UpgradeOptimum
}

extension World {
    /// What became of the upgrades that ended after `since`; nil when none did.
    public func upgradeSummary(since: Instant) -> UpgradeSummary? {
        var succeeded: [PhoneNumber] = []
        var failed = 0
        var (first, last) = (Instant.never, Instant.zero)
        for phone in phones {
            let record = kernel.phones[Int(phone.index)]
            switch record.outcome {
            case .succeeded(let time) where time > since:
                succeeded.append(phone)
                let lost = Interval.milliseconds(Int64(record.lostServiceMilliseconds))
                first = min(first, time - lost)
                last = max(last, time)
            case .failed(_, let time) where time > since: failed += 1
            case .none, .succeeded, .failed: continue
            }
        }
        guard !succeeded.isEmpty || failed > 0 else { return nil }
        return UpgradeSummary(
            succeeded: succeeded.count,
            failed: failed,
            length: succeeded.isEmpty ? .zero : last - first,
            optimum: optimum(for: succeeded)
        )
    }

    /// The optimum for phones that are to get the loads which their configurations name.
    ///
    /// Phones whose Load Server stands at their own site need no copy over the WAN, nor do those
    /// beside one that gives the load that it runs.
    public func optimum(for phones: [PhoneNumber]) -> UpgradeOptimum {
        let holders = holders(besides: phones)
        var groups: [OptimumGroup] = []
        var places: [OptimumGroup.Key: Int] = [:]
        for phone in phones {
            let subnet = subnetDetails(self.subnet(of: phone))
            let server = loadServer(of: phone).value.flatMap { self.server(at: $0) }
            let key = OptimumGroup.Key(
                site: subnet.site,
                load: configuredLoad(phone),
                transport: transport(of: phone, from: server ?? 0),
                isLocal: server.map { Int(kernel.network.servers[$0].site) == subnet.site } ?? false
                    || holders[Holding(of: phone, configuredLoad(phone), in: self)] != nil
            )
            if let known = places[key] {
                groups[known].phones += 1
            } else {
                places[key] = groups.count
                groups.append(OptimumGroup(key: key, lanRate: subnet.lanRate))
            }
        }
        var copies = Array(repeating: Interval.zero, count: siteNames.count)
        var spread = Interval.zero
        for group in groups {
            let load = loadTimes(group)
            if !group.key.isLocal {
                copies[group.key.site] = copies[group.key.site] + load.wan
            }
            // After the first phone, each doubling of those that have a chunk takes a chunk's time.
            let doublings = Int64(Int64.bitWidth - 1 - max(group.phones - 1, 1).leadingZeroBitCount)
            let chunk = Interval(nanoseconds: load.lan.nanoseconds / max(load.blocks, 1))
            spread = max(spread, load.lan + chunk * doublings)
        }
        return UpgradeOptimum(wanCopy: copies.max() ?? .zero, lanSpread: spread)
    }

    /// What a phone asks a server by, with success.
    private func transport(of phone: PhoneNumber, from server: Int) -> FetchTransport {
        guard kernel.network.servers[server].answersHTTP else { return .tftp }
        return kernel.firstTransport(of: phone)
    }

    /// How many phones that are not among these give each load to others.
    private func holders(besides phones: [PhoneNumber]) -> [Holding: Int] {
        guard kernel.parameters.servesWhenDone else { return [:] }
        let wanting = PhoneSet(phones)
        var found: [Holding: Int] = [:]
        for phone in self.phones where !wanting.contains(phone) && readSharing(phone) {
            let running = LoadID(rawValue: kernel.phones[Int(phone.index)].runningLoad)
            found[Holding(of: phone, running, in: self), default: 0] += 1
        }
        return found
    }

    /// What a load takes one phone over its site's WAN link and over its LAN, and how many blocks it
    /// has.
    private func loadTimes(
        _ group: OptimumGroup
    ) -> (wan: Interval, lan: Interval, blocks: Int64) {
        let (load, site, lanRate) = (group.key.load, group.key.site, group.lanRate)
        let transport = group.key.transport
        let parameters = kernel.parameters
        let sizes = catalog[load].files.map { Int64($0.sizeBytes) }
        let blocks = sizes.reduce(Int64(0)) { $0 + parameters.blocks(bytes: $1) }
        let byte = parameters.byteCost(rateBitsPerSecond: lanRate).alonePicoseconds
        let lan = time(sizes.reduce(0, +), picoseconds: byte)
        guard kernel.sites[site].wan != nil else { return (.zero, lan, blocks) }
        let way = kernel.way(from: 0, to: site, lanRate, transport)
        let cost =
            transport == .http ? parameters.streamCost(over: way) : parameters.blockCost(over: way)
        let block = cost.alonePicoseconds
        return (time(blocks, picoseconds: block), lan, blocks)
    }

    private func time(_ units: Int64, picoseconds: Int64) -> Interval {
        let total = UInt128(max(units, 0)) * UInt128(max(picoseconds, 0)) / 1_000
        return Interval(nanoseconds: Int64(clamping: total))
    }
}
