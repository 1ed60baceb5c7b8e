// The servers of a world by name: making them, what they hold, and what they have done.

internal import BasicContainers

/// A server as it is now.
public struct ServerSnapshot: Sendable {
    /// Its name.
    public let name: String
    /// Its address; nil for the first server until it is given one.
    public let address: IPv4Address?
    /// Its site, as an index.
    public let site: Int
    /// CUCM's Maximum Serving Count; nil for no limit.
    public let servingLimit: Int?
    /// Transfers under way.
    public let serving: Int
    /// Whether it gives files by HTTP too.
    public let answersHTTP: Bool
    /// The loads that it lacks.
    public let lacking: [LoadID]
    /// What it has done.
    public let totals: ServerTotals
}

/// What a user says of a server; what is nil stays as it is.
public struct ServerOrder: Sendable {
    /// Its name.
    public var name: String
    /// Its site, as an index; a new server needs one.
    public var site: Int?
    /// Its address; a new server needs one.
    public var address: IPv4Address?
    /// Transfers that it serves at one time, 1 to `World.servingLimit`.
    public var servingLimit: Int?
    /// Whether it gives files by HTTP too; a new server does not.
    public var answersHTTP: Bool?

    /// Says nothing yet of the server of a name.
    public init(name: String) { self.name = name }
}

extension World {
    /// The most servers of one world: phones remember theirs in a byte.
    public static let serverLimit = 250
    /// The highest Maximum Serving Count; own choice, above CUCM's 3,500 (attested).
    public static let servingLimit = 1_000_000
    /// The most TFTP servers in the option 150 of a subnet; own choice, above CUCM's two.
    public static let optionServerLimit = 8

    /// How many servers there are; the first is there from the beginning.
    public var serverCount: Int { kernel.network.servers.count }

    /// A server as it is now.
    public func server(_ index: Int) -> ServerSnapshot {
        let record = kernel.network.servers[index]
        return ServerSnapshot(
            name: record.name,
            address: record.address,
            site: Int(record.site),
            servingLimit: record.servingLimit,
            serving: record.serving,
            answersHTTP: record.answersHTTP,
            lacking: record.lacking,
            totals: record.totals
        )
    }

    /// The server of a name; nil when there is none.
    public func server(named name: String) -> Int? {
        kernel.network.servers.firstIndex { $0.name == name }
    }

    /// The server at an address; nil when none stands there.
    public func server(at address: IPv4Address) -> Int? { kernel.network.server(at: address) }

    /// Makes a server, or changes the one of that name; answers its index.
    ///
    /// A server that exists can get an address or another limit, but it does not move.
    @discardableResult
    public func setServer(_ order: ServerOrder) throws(WorldError) -> Int {
        if let limit = order.servingLimit, !(1...Self.servingLimit).contains(limit) {
            throw .badServingLimit
        }
        let known = server(named: order.name)
        if let address = order.address { try requireFree(address, except: known) }
        guard let index = known else { return try addServer(order) }
        let record = kernel.network.servers[index]
        if let site = order.site, site != Int(record.site) {
            throw .serverStands(order.name, at: siteNames[Int(record.site)])
        }
        if let address = order.address {
            if let old = record.address { reserve(old, false) }
            kernel.network.servers[index].address = address
            reserve(address, true)
        }
        if let limit = order.servingLimit { kernel.network.servers[index].servingLimit = limit }
        if let answers = order.answersHTTP { kernel.network.servers[index].answersHTTP = answers }
        return index
    }

    private func addServer(_ order: ServerOrder) throws(WorldError) -> Int {
        guard let site = order.site, let address = order.address else {
            throw .serverNeedsPlace(order.name)
        }
        guard serverCount < Self.serverLimit else {
            throw .tooManyServers(limit: Self.serverLimit)
        }
        let record = ServerRecord(
            name: order.name,
            address: address,
            site: UInt32(site),
            servingLimit: order.servingLimit,
            answersHTTP: order.answersHTTP ?? false
        )
        kernel.network.servers.append(record)
        reserve(address, true)
        return serverCount - 1
    }

    private func requireFree(
        _ address: IPv4Address,
        except server: Int?
    ) throws(WorldError) {
        if let owner = self.server(at: address), owner != server {
            throw .addressInUse(address, by: self.server(owner).name)
        }
        for subnet in kernel.subnets
        where subnet.network.mask & address.bits == subnet.network.base.bits {
            if let owner = subnet.phone(at: address) {
                throw .addressInUse(address, by: name(of: owner))
            }
        }
    }

    /// Keeps an address from phones, or gives it free.
    private func reserve(_ address: IPv4Address, _ isTaken: Bool) {
        for index in kernel.subnets.indices
        where kernel.subnets[index].network.holdsHost(address) {
            kernel.subnets[index].reserved.removeAll { $0 == address }
            if isTaken { kernel.subnets[index].reserved.append(address) }
        }
    }

    /// Keeps the addresses of all servers from the phones of a new subnet.
    func reserveServers(in subnet: Int) {
        for record in kernel.network.servers {
            guard let address = record.address,
                kernel.subnets[subnet].network.holdsHost(address)
            else { continue }
            kernel.subnets[subnet].reserved.append(address)
        }
    }

    /// Sets whether a server has a load; the first server unless another is named.
    public func setServer(_ server: Int = 0, holds: Bool, load: LoadID) {
        registerLoad(load)
        kernel.network.servers[server].lacking.removeAll { $0 == load }
        if !holds { kernel.network.servers[server].lacking.append(load) }
    }

    /// Sets the TFTP servers of a subnet in their order (option 150); none: the first server.
    public func setServers(
        _ addresses: [IPv4Address],
        ofSubnet subnet: Int
    ) throws(WorldError) {
        guard addresses.count <= Self.optionServerLimit else {
            throw .tooManyServers(limit: Self.optionServerLimit)
        }
        kernel.subnets[subnet].servers = addresses
    }

    /// The TFTP servers of a subnet; empty when the first server counts.
    public func servers(ofSubnet subnet: Int) -> [IPv4Address] { kernel.subnets[subnet].servers }

    /// The server from which a phone has the file at `index` of the load that it fetched last; nil
    /// when it has it from elsewhere.
    public func server(of index: Int, at phone: PhoneNumber) -> Int? {
        guard case .server = origin(of: index, at: phone) else { return nil }
        return Int(kernel.phones[Int(phone.index)].fileServers[index])
    }

    /// By what the file at `index` of the load that a phone fetched last came from a server.
    public func transport(of index: Int, at phone: PhoneNumber) -> FetchTransport {
        kernel.phones[Int(phone.index)].filesByHTTP & 1 << UInt8(index) != 0 ? .http : .tftp
    }

    /// The server that a phone fetched or fetches from last; nil when it has fetched nothing.
    public func lastServer(of phone: PhoneNumber) -> Int? {
        kernel.phones[Int(phone.index)].lastServer.map { Int($0) }
    }
}
