// Putting a world together: sites, subnets, phones. A change is checked wholly before any of it is
// made.

internal import BasicContainers

/// A phone to be made.
public struct PhoneOrder: Sendable {
    /// Its name.
    public var name: String
    /// Its model.
    public var model: ModelID
    /// Its subnet, as an index; nil: the only one, or the one that the address is in.
    public var subnet: Int?
    /// Its address; nil: the next free one.
    public var address: IPv4Address?
    /// Its MAC address; nil: one of the locally administered range.
    public var mac: MACAddress?
    /// The load that it runs; nil: its family's 8.5(4).
    public var runs: LoadID?
    /// Its common phone profile, as an index.
    public var profile: Int?
    /// Its protocol; nil: SCCP where the model speaks it.
    public var deviceProtocol: DeviceProtocol?

    /// Orders a phone of a name and model, all else as usual.
    public init(name: String, model: ModelID) {
        self.name = name
        self.model = model
    }
}

extension World {
    /// Adds a site; without a WAN link it is in the same place as the server.
    public func addSite(_ name: String, wan: WANLink?) throws(WorldError) {
        guard !siteNames.contains(name) else { throw .duplicate(.site, name) }
        if let wan { try Self.check(wan) }
        siteNames.append(name)
        kernel.sites.append(SiteRecord(wan: wan))
    }

    /// Throws why no site can have the link.
    public static func check(_ wan: WANLink) throws(WorldError) {
        try requireRate(wan.rateBitsPerSecond)
        guard (.zero...WANLink.roundTripLimit).contains(wan.roundTrip) else { throw .badRoundTrip }
        guard (0..<1_000_000).contains(wan.lossPartsPerMillion) else { throw .badLoss }
        guard (0..<1_000_000).contains(wan.busyPartsPerMillion) else { throw .badBusyShare }
    }

    /// Adds a subnet of a site; every phone's port has the rate given.
    public func addSubnet(
        _ name: String,
        _ network: IPv4Network,
        site: Int = 0,
        lanRateBitsPerSecond: Int64 = 100_000_000
    ) throws(WorldError) {
        guard !subnetNames.contains(name) else { throw .duplicate(.subnet, name) }
        try Self.check(network)
        try Self.requireRate(lanRateBitsPerSecond)
        if let other = subnetOverlapping(network) {
            throw .overlappingSubnet(network, with: subnetNames[other])
        }
        subnetNames.append(name)
        kernel.subnets.append(
            SubnetRecord(
                network: network,
                site: UInt32(site),
                lanRateBitsPerSecond: lanRateBitsPerSecond
            )
        )
        reserveServers(in: kernel.subnets.count - 1)
    }

    /// Adds a common phone profile that says nothing yet.
    public func addProfile(_ name: String) throws(WorldError) {
        guard !profiles.contains(where: { $0.name == name }) else {
            throw .duplicate(.profile, name)
        }
        profiles.append(ProfileRecord(name: name))
    }

    /// Adds one phone and answers its number.
    @discardableResult
    public func addPhone(_ order: PhoneOrder) throws(WorldError) -> PhoneNumber {
        guard phonesByName[order.name] == nil else { throw .duplicate(.phone, order.name) }
        guard phoneCount < Self.phoneLimit else { throw .tooManyPhones(limit: Self.phoneLimit) }
        if let mac = order.mac, let owner = phonesByMAC[mac.bits] {
            throw .macInUse(mac, by: identities[owner].name)
        }
        let deviceProtocol = try checkedProtocol(order)
        let load = try runningLoad(order, deviceProtocol)
        let subnet = try subnetIndex(order)
        let address = try freeAddress(order, subnet: subnet)
        return place(order, deviceProtocol, load, subnet, address)
    }

    /// Adds phones named `prefix`1, `prefix`2 and so on, or from `first` on; numbers that are taken are
    /// passed over.
    public func addPhones(
        count: Int,
        prefix: String,
        from first: Int = 1,
        _ pattern: PhoneOrder
    ) throws(WorldError) -> [PhoneNumber] {
        guard count <= Self.phoneLimit - phoneCount else {
            throw .tooManyPhones(limit: Self.phoneLimit)
        }
        let deviceProtocol = try checkedProtocol(pattern)
        let load = try runningLoad(pattern, deviceProtocol)
        let subnet = try subnetIndex(pattern)
        let free = freeAddressCount(subnet)
        guard free >= count else {
            let used = kernel.subnets[subnet].network.hostCount - free
            throw .subnetFull(
                subnetNames[subnet],
                free: free,
                wanted: count,
                fittingPrefix: Self.fittingPrefix(used + count)
            )
        }
        var made: [PhoneNumber] = []
        made.reserveCapacity(count)
        var suffix = first - 1
        var start = firstAddress(subnet)
        for _ in 0..<count {
            var order = pattern
            repeat {
                suffix += 1
                order.name = "\(prefix)\(suffix)"
            } while phonesByName[order.name] != nil
            let subnetRecord = kernel.subnets[subnet]
            guard
                let address = subnetRecord.freeAddress(from: start)
                    ?? subnetRecord.freeAddress(from: subnetRecord.network.firstHost)
            else { break }
            start = address
            made.append(place(order, deviceProtocol, load, subnet, address))
        }
        return made
    }

    /// Unplugs a phone for good: nobody is told.
    ///
    /// Its name and address are free again, and what was pinned for it is forgotten. A phone that
    /// was removed before stays so.
    public func removePhone(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        guard !identities[index].isRemoved else { return }
        kernel.dropUpgrade(of: phone)
        kernel.phones[index].isUp = false
        let record = kernel.phones[index]
        kernel.subnets[Int(record.subnet)].put(nil, at: record.address)
        phonesByName[identities[index].name] = nil
        phonesByMAC[identities[index].mac.bits] = nil
        identities[index].isRemoved = true
        kernel.leaveGroup(phone)
        guard !pins.isEmpty else { return }
        pins.removeAll { $0.address == record.address }
        kernel.context.pins = pins
    }

    // MARK: Checks

    private static func requireRate(_ bitsPerSecond: Int64) throws(WorldError) {
        guard (1...WANLink.rateLimitBitsPerSecond).contains(bitsPerSecond) else { throw .badRate }
    }

    private func checkedProtocol(_ order: PhoneOrder) throws(WorldError) -> DeviceProtocol {
        let model = order.model.model
        let chosen = order.deviceProtocol ?? model.standardProtocol
        guard model.family(for: chosen) != nil || order.deviceProtocol == nil else {
            throw .noSuchProtocol(model: model.name, chosen)
        }
        return chosen
    }

    private func runningLoad(
        _ order: PhoneOrder,
        _ deviceProtocol: DeviceProtocol
    ) throws(WorldError) -> LoadID {
        let model = order.model.model
        let unknown = catalog.unknownLoad
        guard let load = order.runs, load != unknown else {
            let standard = catalog.standardLoad(for: model, deviceProtocol) ?? unknown
            return order.runs ?? standard
        }
        guard model.fit(of: catalog[load].name, for: deviceProtocol) == .fits else {
            let family = model.family(for: deviceProtocol) ?? "no known load"
            throw .misfits(
                load: catalog[load].name.text,
                ["\(order.name) (\(model.name) takes \(family))"]
            )
        }
        return load
    }

    private func subnetIndex(_ order: PhoneOrder) throws(WorldError) -> Int {
        if let subnet = order.subnet { return subnet }
        guard !subnetNames.isEmpty else { throw .needed(.subnet) }
        if let address = order.address {
            let found = kernel.subnets.firstIndex { $0.network.holdsHost(address) }
            if let found { return found }
        }
        guard subnetNames.count == 1 else { throw .ambiguousSubnet(subnetNames) }
        return 0
    }

    private func freeAddress(_ order: PhoneOrder, subnet: Int) throws(WorldError) -> IPv4Address {
        let record = kernel.subnets[subnet]
        if let address = order.address {
            guard record.network.holdsHost(address) else {
                throw .outsideSubnet(address, subnet: subnetNames[subnet], record.network)
            }
            if let owner = record.phone(at: address) {
                throw .addressInUse(address, by: name(of: owner))
            }
            if let server = server(at: address) {
                throw .addressInUse(address, by: self.server(server).name)
            }
            return address
        }
        let free =
            record.freeAddress(from: firstAddress(subnet))
            ?? record.freeAddress(from: record.network.firstHost)
        guard let free else {
            throw .subnetFull(
                subnetNames[subnet],
                free: 0,
                wanted: 1,
                fittingPrefix: Self.fittingPrefix(record.network.hostCount + 1)
            )
        }
        return free
    }

    /// Where given addresses begin: after ten for routers and servers, where there is room.
    func firstAddress(_ subnet: Int) -> IPv4Address {
        let network = kernel.subnets[subnet].network
        let reserved: UInt32 = network.hostCount > 100 ? 10 : 0
        return IPv4Address(bits: network.firstHost.bits + reserved)
    }

    /// The longest prefix whose subnet holds this many hosts; nil when no subnet does.
    static func fittingPrefix(_ hosts: Int) -> Int? {
        (shortestPrefix...30).last { (1 << (32 - $0)) - 2 >= hosts }
    }

    // MARK: Making

    private func place(
        _ order: PhoneOrder,
        _ deviceProtocol: DeviceProtocol,
        _ load: LoadID,
        _ subnet: Int,
        _ address: IPv4Address
    ) -> PhoneNumber {
        let phone = PhoneNumber(identities.count)
        let mac = order.mac ?? freeMAC(phone)
        identities.append(
            PhoneIdentity(
                name: order.name,
                model: order.model,
                deviceProtocol: deviceProtocol,
                mac: mac,
                profile: order.profile
            )
        )
        phonesByName[order.name] = Int(phone.index)
        phonesByMAC[mac.bits] = Int(phone.index)
        registerLoad(load)
        var delays = RandomStream(seed: seed, purpose: .lanDelay, index: UInt64(phone.index))
        let jitter = delays.interval(below: kernel.parameters.lanJitter)
        let record = PhoneRecord(
            address: address,
            subnet: UInt32(subnet),
            group: group(subnet: subnet, model: hierarchyModel(of: order.model)),
            delayNanoseconds: UInt32((kernel.parameters.lanDelay + jitter).nanoseconds),
            runningLoad: load.rawValue,
            configuredLoad: load.rawValue,
            targetLoad: load.rawValue,
            configuredSharing: false,
            readSharing: false
        )
        kernel.add(record, seed: seed)
        refreshConfiguration(phone)
        kernel.phones[Int(phone.index)].readSharing =
            kernel.phones[Int(phone.index)].configuredSharing
        kernel.phones[Int(phone.index)].readLoadServer =
            kernel.phones[Int(phone.index)].configuredLoadServer
        kernel.phones[Int(phone.index)].readLogServer =
            kernel.phones[Int(phone.index)].configuredLogServer
        if hasStarted { kernel.serveWhenDone(phone) }
        return phone
    }

    /// The next MAC address of the locally administered range that no phone has.
    private func freeMAC(_ phone: PhoneNumber) -> MACAddress {
        var bits = Self.givenMAC(phone).bits
        while phonesByMAC[bits] != nil { bits += 1 }
        return MACAddress(bits: bits)
    }

    /// The address that a phone gets where no other has it.
    static func givenMAC(_ phone: PhoneNumber) -> MACAddress {
        MACAddress(bits: 0x0200_0000_0000 + UInt64(phone.index) + 1)
    }

    /// The model by which a phone of this one finds its peers: its own, or the first of its series.
    public func hierarchyModel(of model: ModelID) -> ModelID {
        guard kernel.parameters.joinsSeries else { return model }
        let row = model.model
        guard row.sccpFamily != nil || row.sipFamily != nil else { return model }
        let first = PhoneModel.all.first {
            $0.sccpFamily == row.sccpFamily && $0.sipFamily == row.sipFamily
        }
        return first?.id ?? model
    }

    func group(subnet: Int, model: ModelID) -> UInt32 {
        let key = UInt64(subnet) << 8 | UInt64(model.rawValue)
        if let group = groupsByKey[key] { return group }
        let group = kernel.addGroup(subnet: UInt32(subnet), model: model)
        groupsByKey[key] = group
        return group
    }
}

extension Kernel {
    /// Adds a group without phones and answers its number.
    mutating func addGroup(subnet: UInt32, model: ModelID) -> UInt32 {
        groups.append(GroupRecord(subnet: subnet, model: model))
        watch.addGroup()
        return UInt32(groups.count - 1)
    }

    /// Adds a phone to the tables and to its group.
    mutating func add(_ record: PhoneRecord, seed: UInt64) {
        let phone = PhoneNumber(phones.count)
        phones.append(record)
        peers.append(Peer(address: record.address, seed: seed, number: phone))
        elections.append(Election())
        interests.append(0)
        ports.append()
        watchNewPhone(Int(phone.index))
        subnets[Int(record.subnet)].put(phone, at: record.address)
        let receiver = Receiver(phone: phone.index, delayNanoseconds: record.delayNanoseconds)
        let place = groups[Int(record.group)].receivers.insert(receiver)
        fanouts.receiverInserted(at: place, group: record.group)
        renewHeeds(of: Int(record.group))
    }

    /// Takes a phone out of the list of those that hear broadcasts.
    mutating func leaveGroup(_ phone: PhoneNumber) {
        let record = phones[Int(phone.index)]
        let receiver = Receiver(phone: phone.index, delayNanoseconds: record.delayNanoseconds)
        let group = Int(record.group)
        if record.segment != 0 { groups[group].cutPhones -= 1 }
        guard let place = groups[group].receivers.remove(receiver) else { return }
        Self.forget(&fanouts, place, groups, group)
        renewHeeds(of: group)
    }

    /// A function of its own, because the walks change while the groups are only lent.
    private static func forget(
        _ fanouts: inout FanoutTable<Broadcast>,
        _ place: Int,
        _ groups: borrowing UniqueArray<GroupRecord>,
        _ group: Int
    ) {
        fanouts.receiverRemoved(
            at: place,
            group: UInt32(group),
            from: groups[group].receivers
        )
    }
}
