// What a trial came to at each site: a plan asks of every site by itself when it is done and what its
// link carried.

internal import BasicContainers

/// What an upgrade by one method came to at one site.
public struct SiteMethodResult: Sendable {
    /// The site, as an index.
    public let site: Int
    /// How many of its phones had to change their load.
    public internal(set) var phones = 0
    /// Those whose upgrade failed.
    public internal(set) var failed = 0
    /// When the others ran the new load, counted from the order, in ascending order.
    public internal(set) var finished: [Interval] = []
    /// What came to its phones from servers.
    ///
    /// What went between phones is not counted by site, so `lanBytes` has only what servers at the
    /// site sent, and `transfers` stays 0.
    public internal(set) var traffic = TrafficTotals()
    /// The most that its WAN link carried, headers included, in bits per second.
    public internal(set) var peakBitsPerSecond: Int64 = 0

    /// When the last phone ran the load; nil when one never did.
    public var last: Interval? { finished.count == phones ? finished.last : nil }

    /// How many phones ran the load after `length`, that moment included.
    public func finishedCount(within length: Interval) -> Int {
        finished.prefix { $0 <= length }.count
    }
}

extension MethodTrial {
    /// What has come of it by now at each site that has phones in it, in the order of the sites.
    public var siteResults: [SiteMethodResult] {
        var results = world.siteNames.indices.map { SiteMethodResult(site: $0) }
        for phone in phones {
            let site = world.subnetDetails(world.subnet(of: phone)).site
            results[site].phones += 1
            switch outcome(phone) {
            case .none: continue
            case .succeeded(let time): results[site].finished.append(time - begin)
            case .failed: results[site].failed += 1
            }
        }
        let traffic = world.siteTraffic
        let peaks = world.sitePeaks
        for site in results.indices {
            results[site].finished.sort()
            results[site].traffic = traffic[site] - siteTrafficBefore[site]
            results[site].peakBitsPerSecond = peaks[site]
        }
        return results.filter { $0.phones > 0 }
    }
}

extension World {
    /// What servers sent to each site's phones since the world began.
    var siteTraffic: [TrafficTotals] {
        var totals = kernel.sites.map { site in
            var totals = TrafficTotals()
            totals.lanBytes = site.localBytes + (site.wan == nil ? site.bytes : 0)
            totals.wanBytes = site.wan == nil ? 0 : site.bytes
            return totals
        }
        for path in kernel.network.paths where !path.isLocal {
            totals[path.site].wanWireBytes += wireBytes(of: path)
        }
        return totals
    }

    /// The most that each site's own WAN link has carried, in bits per second.
    var sitePeaks: [Int64] {
        var peaks = Array(repeating: Int64(0), count: kernel.sites.count)
        for link in kernel.network.links {
            if case .down(let site) = link.role { peaks[site] = link.peakBitsPerSecond }
        }
        return peaks
    }

    /// What a path has carried, headers and repetitions included, in bytes.
    func wireBytes(of path: ServerPath) -> Int64 {
        let bits = UInt128(kernel.parameters.wireBits(path.transport))
        let again = UInt128(path.blocks) * UInt128(path.cost.lossRetransmissions) >> 32
        return Int64(clamping: (UInt128(path.blocks) + again) * bits / 8) + path.packetBytes
    }
}
