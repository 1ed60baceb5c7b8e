// Reads an inventory and checks every row against the rows before it and against the world that it is
// to be built in, so that building cannot fail half-way.

import Interpreter
import PFSRuntime

/// Reads an inventory for a world.
struct InventoryReader {
    /// Rows between two looks at whether the user wants to stop.
    static let pieceRows = 4_096

    let world: World
    var inventory = Inventory()
    var siteNumbers: [String: Int] = [:]
    private var subnetNumbers: [IPv4Network: Int] = [:]
    private var batchNumbers: [Inventory.Batch.Key: Int] = [:]
    private var takenNames: [String: Int] = [:]
    private var takenMACs: [MACAddress: Int] = [:]
    private var networks = NetworkIndex()
    private var kinds = PhoneKindReader()
    private var subnetNames: Set<String>
    private var phonesLeft: Int

    init(_ world: World) {
        self.world = world
        phonesLeft = World.phoneLimit - world.phoneCount
        subnetNames = Set(world.subnetNames)
        for (index, name) in world.siteNames.enumerated() {
            siteNumbers[name] = inventory.sites.count
            inventory.sites.append(
                Inventory.Site(
                    name: name,
                    wan: world.siteDetails(index).wan,
                    known: index,
                    line: 0
                )
            )
        }
        for (index, name) in world.subnetNames.enumerated() {
            let details = world.subnetDetails(index)
            add(
                Inventory.Subnet(
                    name: name,
                    network: details.network,
                    site: details.site,
                    known: index,
                    free: world.freeAddressCount(index)
                )
            )
        }
        for phone in world.phones {
            takenNames[world.name(of: phone)] = 0
            takenMACs[world.identity(phone).mac] = 0
        }
    }

    /// Reads a whole file; `pause` is called every few thousand rows.
    ///
    /// Throws what `pause` throws, and an error where the header is none.
    mutating func read(
        _ bytes: [UInt8],
        pause: () throws(Diagnostic) -> Void
    ) throws(Diagnostic) -> [String] {
        var records = CSVReader(bytes)
        let header: InventoryHeader
        var unknown: [String] = []
        do throws(InventoryFault) {
            guard let first = records.next() else { throw InventoryFault("it is empty") }
            let fields = try Self.fields(of: first)
            header = try InventoryHeader(fields)
            if case .own = header { unknown = InventoryHeader.unknown(fields) }
        } catch {
            throw Diagnostic("no inventory: \(error.reason)")
        }
        while let record = records.next() {
            inventory.rowCount += 1
            if inventory.rowCount % Self.pieceRows == 0 { try pause() }
            do throws(InventoryFault) {
                try take(try Self.fields(of: record), header, line: record.line)
            } catch {
                inventory.note(error, at: record.line)
                guard inventory.badCount < Inventory.hopelessCount else { break }
            }
        }
        return unknown
    }

    private static func fields(of record: CSVRecord) throws(InventoryFault) -> [String] {
        do throws(CSVFault) {
            return try record.fields.get()
        } catch {
            throw InventoryFault(error.description)
        }
    }

    private mutating func take(
        _ fields: [String],
        _ header: InventoryHeader,
        line: Int
    ) throws(InventoryFault) {
        switch header {
        case .own(let columns):
            try takeRow(line: line) { column in
                guard let place = columns[column], place < fields.count else { return "" }
                return fields[place]
            }
        case .export(let columns):
            try takeExported(line: line) { column in
                guard let place = columns[column], place < fields.count else { return "" }
                return fields[place]
            }
        }
    }

    // MARK: pfsh's own rows

    private mutating func takeRow(
        line: Int,
        _ cell: (InventoryColumn) -> String
    ) throws(InventoryFault) {
        let name = cell(.site)
        guard !name.isEmpty else { throw InventoryFault("the site is blank") }
        let wan = try InventoryCells.link(cell)
        let known = siteNumbers[name]
        if let known { try check(wan, against: inventory.sites[known]) }
        if known == nil { try InventoryCells.check(siteName: name) }
        guard let network = IPv4Network(cell(.subnet)) else {
            throw InventoryFault("expected a subnet such as 10.4.0.0/24, not `\(cell(.subnet))`")
        }
        var (count, kind) = (0, PhoneKind?.none)
        if cell(.model).isEmpty {
            guard cell(.count).isEmpty || cell(.count) == "0" else {
                throw InventoryFault("\(cell(.count)) phones without a model")
            }
        } else {
            count = try InventoryCells.count(cell(.count))
            let text = (cell(.model), cell(.protocol), cell(.running))
            kind = try kinds.kind(model: text.0, protocol: text.1, running: text.2, in: world)
        }
        let subnet = try self.subnet(network, of: known, count)
        // All is checked: from here on the row counts.
        let site = known ?? addSite(name, wan, line)
        let place = subnet ?? addSubnet(network, of: site)
        guard let kind else { return }
        let key = kind.key(subnet: place)
        inventory.subnets[place].free -= count
        phonesLeft -= count
        if let batch = batchNumbers[key] {
            inventory.batches[batch].count += count
        } else {
            batchNumbers[key] = inventory.batches.count
            inventory.batches.append(Inventory.Batch(key: key, count: count))
        }
    }

    private func check(_ wan: WANLink?, against site: Inventory.Site) throws(InventoryFault) {
        guard let wan, wan != site.wan else { return }
        let where_ = site.known == nil ? "in line \(site.line)" : "in the world"
        throw InventoryFault("the site \(site.name) has another link \(where_)")
    }

    /// The place of a subnet that is known already; nil where it can be made.
    ///
    /// `site` is nil where that is new too.
    private func subnet(
        _ network: IPv4Network,
        of site: Int?,
        _ count: Int
    ) throws(InventoryFault) -> Int? {
        guard count <= phonesLeft else {
            throw InventoryFault(WorldError.tooManyPhones(limit: World.phoneLimit).description)
        }
        guard let known = subnetNumbers[network] else {
            let places = max(inventory.sites.count, inventory.subnets.count)
            guard places < Inventory.placeLimit else {
                throw InventoryFault("there are more than \(Inventory.placeLimit) sites or subnets")
            }
            try InventoryCells.check(network, holds: count)
            if let other = networks.overlap(with: network) {
                throw InventoryFault("\(network) overlaps \(inventory.subnets[other].network)")
            }
            return nil
        }
        let subnet = inventory.subnets[known]
        guard subnet.site == site else {
            throw InventoryFault(
                "\(network) belongs to the site \(inventory.sites[subnet.site].name)"
            )
        }
        guard subnet.free >= count else {
            throw InventoryFault("\(network) has room for \(subnet.free) phones more")
        }
        return known
    }

    private mutating func addSite(_ name: String, _ wan: WANLink?, _ line: Int) -> Int {
        siteNumbers[name] = inventory.sites.count
        inventory.sites.append(Inventory.Site(name: name, wan: wan, known: nil, line: line))
        return inventory.sites.count - 1
    }

    private mutating func addSubnet(_ network: IPv4Network, of site: Int) -> Int {
        let siteName = inventory.sites[site].name
        var number = inventory.sites[site].subnets.count + 1
        while subnetNames.contains("\(siteName)-\(number)") { number += 1 }
        let name = "\(siteName)-\(number)"
        subnetNames.insert(name)
        return add(
            Inventory.Subnet(
                name: name,
                network: network,
                site: site,
                known: nil,
                free: network.hostCount
            )
        )
    }

    @discardableResult
    private mutating func add(_ subnet: Inventory.Subnet) -> Int {
        let place = inventory.subnets.count
        inventory.subnets.append(subnet)
        inventory.sites[subnet.site].subnets.append(place)
        subnetNumbers[subnet.network] = place
        networks.insert(subnet.network, place)
        return place
    }

    // MARK: Rows of CUCM's export

    private mutating func takeExported(
        line: Int,
        _ cell: (ExportColumn) -> String
    ) throws(InventoryFault) {
        guard let model = ExportedDevice.model(cell(.type)) else {
            inventory.softwareCount += 1
            return
        }
        let name = cell(.device)
        try InventoryCells.check(phoneName: name)
        if let first = takenNames[name] {
            let where_ = first == 0 ? "in the world" : "in line \(first)"
            throw InventoryFault("the phone \(name) is there already \(where_)")
        }
        let mac = ExportedDevice.mac(of: name)
        if let mac, let first = takenMACs[mac] {
            throw InventoryFault("the MAC address of \(name) is taken, see line \(first)")
        }
        let kind = try kinds.kind(
            model: model,
            protocol: cell(.protocol).lowercased(),
            running: cell(.load),
            in: world
        )
        let place = try subnet(location: cell(.location), pool: cell(.pool))
        takenNames[name] = line
        if let mac { takenMACs[mac] = line }
        inventory.subnets[place].free -= 1
        phonesLeft -= 1
        let key = kind.key(subnet: place)
        inventory.named.append(Inventory.Named(key: key, name: name, mac: mac))
    }

    /// The first subnet with room of the site that a location or, where none is called so, a device
    /// pool names.
    private func subnet(location: String, pool: String) throws(InventoryFault) -> Int {
        guard phonesLeft > 0 else {
            throw InventoryFault(WorldError.tooManyPhones(limit: World.phoneLimit).description)
        }
        let names = [location, pool].map(ExportedDevice.siteName)
        guard let site = names.lazy.compactMap({ siteNumbers[$0] }).first else {
            let wanted = names.filter { !$0.isEmpty }.map { "`\($0)`" }.joined(separator: " or ")
            throw InventoryFault("there is no site \(wanted): make it, and a subnet of it, first")
        }
        let places = inventory.sites[site].subnets
        guard let place = places.first(where: { inventory.subnets[$0].free > 0 }) else {
            let name = inventory.sites[site].name
            throw InventoryFault(
                places.isEmpty
                    ? "the site \(name) has no subnet" : "the subnets of the site \(name) are full"
            )
        }
        return place
    }
}
