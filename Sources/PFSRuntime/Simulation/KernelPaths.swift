// The links between servers and phones, and how transfers share them. A path is made when a phone
// first fetches over it; from then on a transfer that begins or ends changes the pace of all paths
// over its link.

internal import BasicContainers

extension Kernel {
    /// What the server's own port carries to phones in the same place: 1 Gbit/s; modelled.
    private static let portBitsPerSecond: Int64 = 1_000_000_000

    // MARK: Making paths

    /// The path from a server to the phones of a subnet.
    mutating func path(from server: Int, to subnet: Int, _ transport: FetchTransport) -> Int {
        let site = Int(subnets[subnet].site)
        let lanRate = subnets[subnet].lanRateBitsPerSecond
        for index in sites[site].paths
        where network.paths[index].server == server
            && network.paths[index].lanRateBitsPerSecond == lanRate
            && network.paths[index].transport == transport
        {
            return index
        }
        let index = network.paths.count
        let serverSite = Int(network.servers[server].site)
        let role = role(from: server, at: serverSite, to: site)
        let link = link(role)
        let way = way(from: server, to: site, lanRate, transport)
        network.paths.append(
            ServerPath(
                server: server,
                site: site,
                lanRateBitsPerSecond: lanRate,
                transport: transport,
                link: link,
                isLocal: role == .port(server: server),
                cost: transport == .http
                    ? parameters.streamCost(over: way) : parameters.blockCost(over: way)
            )
        )
        network.links[link].paths.append(index)
        sites[site].paths.append(index)
        return index
    }

    /// The link that a path shares with others: the way down to the phones' site, if that is behind
    /// a WAN, else the way up from the server's, else the server's port.
    private func role(from server: Int, at serverSite: Int, to site: Int) -> NetworkLink.Role {
        if serverSite == site { return .port(server: server) }
        if sites[site].wan != nil { return .down(site: site) }
        return sites[serverSite].wan != nil ? .up(site: serverSite) : .port(server: server)
    }

    private mutating func link(_ role: NetworkLink.Role) -> Int {
        if let known = network.links.firstIndex(where: { $0.role == role }) { return known }
        let wan: WANLink? =
            switch role {
            case .down(let site), .up(let site): sites[site].wan
            case .port: nil
            }
        let share = parameters.sharePicoseconds(
            rateBitsPerSecond: wan?.rateBitsPerSecond ?? Self.portBitsPerSecond,
            busyPartsPerMillion: wan?.busyPartsPerMillion ?? 0,
            lossPartsPerMillion: wan?.lossPartsPerMillion ?? 0
        )
        let block = parameters.sharePicoseconds(
            rateBitsPerSecond: wan?.rateBitsPerSecond ?? Self.portBitsPerSecond,
            busyPartsPerMillion: wan?.busyPartsPerMillion ?? 0
        )
        network.links.append(
            NetworkLink(role: role, sharePicoseconds: share, blockPicoseconds: block)
        )
        return network.links.count - 1
    }

    /// What lies between a server and phones whose ports have a rate.
    func way(
        from server: Int,
        to site: Int,
        _ lanRate: Int64,
        _ transport: FetchTransport = .tftp
    ) -> NetworkWay {
        let serverSite = Int(network.servers[server].site)
        let wans = serverSite == site ? [] : [sites[site].wan, sites[serverSite].wan]
        var way = NetworkWay(
            roundTrip: roundTrip(from: server, to: site) + slowness(of: server),
            slowestPicoseconds: parameters.sharePicoseconds(rateBitsPerSecond: lanRate, transport),
            lossPartsPerMillion: 0
        )
        if wans.allSatisfy({ $0 == nil }) {
            let port = parameters.sharePicoseconds(
                rateBitsPerSecond: Self.portBitsPerSecond,
                transport
            )
            way.slowestPicoseconds = max(way.slowestPicoseconds, port)
        }
        for case .some(let wan) in wans {
            let share = parameters.sharePicoseconds(
                rateBitsPerSecond: wan.rateBitsPerSecond,
                busyPartsPerMillion: wan.busyPartsPerMillion,
                transport
            )
            way.slowestPicoseconds = max(way.slowestPicoseconds, share)
            let arriving = 1_000_000 - way.lossPartsPerMillion
            let kept = arriving * (1_000_000 - wan.lossPartsPerMillion) / 1_000_000
            way.lossPartsPerMillion = 1_000_000 - kept
        }
        return way
    }

    /// From a request to its answer, without serialisation: over the WAN links of both ends, or over
    /// the LAN if there is none.
    func roundTrip(from server: Int, to site: Int) -> Interval {
        let serverSite = Int(network.servers[server].site)
        let there = serverSite == site ? nil : sites[site].wan
        let here = serverSite == site ? nil : sites[serverSite].wan
        switch (there, here) {
        case (nil, nil): return parameters.lanDelay * 2
        case (.some(let wan), nil), (nil, .some(let wan)): return wan.roundTrip
        case (.some(let first), .some(let second)): return first.roundTrip + second.roundTrip
        }
    }

    // MARK: Sharing

    private func member(_ path: Int, of link: NetworkLink, flows: Int) -> FairShares.Member {
        var share = link.sharePicoseconds
        let transport = network.paths[path].transport
        if transport != .tftp {
            let scaled = UInt128(share) * UInt128(parameters.wireBits(transport))
            share = Int64(clamping: scaled / UInt128(max(parameters.wireBits(.tftp), 1)))
        }
        return FairShares.Member(
            alonePicoseconds: network.paths[path].cost.alonePicoseconds,
            sharePicoseconds: share,
            flows: Int64(flows)
        )
    }

    /// Whether one flow more on a path would wait for its blocks until it gives up.
    func wouldStarve(_ path: Int) -> Bool {
        // A stream's time-out grows with its round trips.
        guard network.paths[path].transport == .tftp else { return false }
        let link = network.links[network.paths[path].link]
        let busy = link.paths.filter { network.paths[$0].flows.count > 0 || $0 == path }
        let members = busy.map { index in
            member(
                index,
                of: link,
                flows: network.paths[index].flows.count + (index == path ? 1 : 0)
            )
        }
        let paces = FairShares.picosecondsPerBlock(members)
        guard let place = busy.firstIndex(of: path) else { return false }
        return parameters.givesUp(picoseconds: paces[place])
    }

    /// Shares a link anew among its flows, and schedules the next end of each path.
    mutating func share(_ link: Int) {
        let busy = network.links[link].paths.filter { network.paths[$0].flows.count > 0 }
        let members = busy.map { index in
            member(index, of: network.links[link], flows: network.paths[index].flows.count)
        }
        let paces = FairShares.picosecondsPerBlock(members)
        var bits: UInt128 = 0
        for (index, pace) in zip(busy, paces) {
            network.paths[index].countLateBlocks(until: now)
            network.paths[index].setPace(picosecondsPerBlock: pace, parameters, now: now)
            let flows = UInt128(network.paths[index].flows.count)
            let blocksPerKilosecond = flows * 1_000_000_000_000_000 / UInt128(pace)
            bits +=
                blocksPerKilosecond * UInt128(parameters.wireBits(network.paths[index].transport))
            schedulePath(index)
        }
        let rate = Int64(clamping: bits / 1_000)
        network.links[link].peakBitsPerSecond = max(network.links[link].peakBitsPerSecond, rate)
    }

    private mutating func schedulePath(_ path: Int) {
        let due = network.paths[path].flows.dueAt
        guard due != .never else { return }
        schedule(.wanDue(UInt32(path)), at: max(due, now))
    }
}

extension ServerRecord {
    /// A transfer begins, or goes on after its phone has hung.
    mutating func begin(isContinued: Bool) {
        serving += 1
        if !isContinued { totals.transfers += 1 }
        totals.mostAtOnce = max(totals.mostAtOnce, serving)
    }
}
