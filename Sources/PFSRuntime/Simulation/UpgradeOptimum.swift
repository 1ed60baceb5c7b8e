// How fast an upgrade could have been: one copy over the WAN, and the best possible spreading on the
// LAN, as the measure of what a method reaches.

internal import BasicContainers

/// The times that no distribution to these phones can fall below.
public struct UpgradeOptimum: BitwiseCopyable, Hashable, Sendable {
    /// One copy of each load over the WAN link of the site that takes longest.
    public internal(set) var wanCopy: Interval
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

extension World {
    /// The optimum for phones that are to get the loads which their configurations name.
    public func optimum(for phones: [PhoneNumber]) -> UpgradeOptimum {
        var groups: [(site: Int, load: LoadID, lanRate: Int64, phones: Int64)] = []
        for phone in phones {
            let subnet = subnetDetails(self.subnet(of: phone))
            let load = configuredLoad(phone)
            let found = groups.firstIndex { $0.site == subnet.site && $0.load == load }
            if let found {
                groups[found].phones += 1
            } else {
                groups.append((subnet.site, load, subnet.lanRate, 1))
            }
        }
        var copies = Array(repeating: Interval.zero, count: siteNames.count)
        var spread = Interval.zero
        for group in groups {
            let load = loadTimes(group.load, at: group.site, lanRate: group.lanRate)
            copies[group.site] = copies[group.site] + load.wan
            // After the first phone, each doubling of those that have a chunk takes a chunk's time.
            let doublings = Int64(Int64.bitWidth - 1 - max(group.phones - 1, 1).leadingZeroBitCount)
            let chunk = Interval(nanoseconds: load.lan.nanoseconds / max(load.blocks, 1))
            spread = max(spread, load.lan + chunk * doublings)
        }
        return UpgradeOptimum(wanCopy: copies.max() ?? .zero, lanSpread: spread)
    }

    /// What a load takes one phone over its site's WAN link and over its LAN, and how many TFTP
    /// blocks it has.
    private func loadTimes(
        _ load: LoadID,
        at site: Int,
        lanRate: Int64
    ) -> (wan: Interval, lan: Interval, blocks: Int64) {
        let parameters = kernel.parameters
        let sizes = catalog[load].files.map { Int64($0.sizeBytes) }
        let blocks = sizes.reduce(Int64(0)) { $0 + parameters.blocks(bytes: $1) }
        let byte = parameters.byteCost(rateBitsPerSecond: lanRate).alonePicoseconds
        let lan = time(sizes.reduce(0, +), picoseconds: byte)
        guard kernel.sites[site].wan != nil else { return (.zero, lan, blocks) }
        let way = kernel.way(from: 0, to: site, lanRate)
        let block = parameters.blockCost(over: way).alonePicoseconds
        return (time(blocks, picoseconds: block), lan, blocks)
    }

    private func time(_ units: Int64, picoseconds: Int64) -> Interval {
        let total = UInt128(max(units, 0)) * UInt128(max(picoseconds, 0)) / 1_000
        return Interval(nanoseconds: Int64(clamping: total))
    }
}
