// Single cells of an inventory, and what is kept of them so that a million rows that say the same are
// looked up once.

import Interpreter
import PFSRuntime

/// Reading of cells.
enum InventoryCells {
    /// The link that a row states; nil where it states none.
    static func link(_ cell: (InventoryColumn) -> String) throws(InventoryFault) -> WANLink? {
        let (rate, roundTrip) = (cell(.wan), cell(.rtt))
        let (loss, busy) = (cell(.loss), cell(.busy))
        guard !rate.isEmpty else {
            guard roundTrip.isEmpty, loss.isEmpty, busy.isEmpty else {
                throw InventoryFault("rtt, loss and busy need a wan")
            }
            return nil
        }
        guard case .rate(let bits) = Value(quantity: rate) else {
            throw InventoryFault("expected a rate such as 1.544Mbps, not `\(rate)`")
        }
        guard case .duration(let nanoseconds) = Value(quantity: roundTrip) else {
            throw InventoryFault("expected an rtt such as 150ms, not `\(roundTrip)`")
        }
        let link = WANLink(
            rateBitsPerSecond: bits,
            roundTrip: Interval(nanoseconds: nanoseconds),
            lossPartsPerMillion: try share(loss),
            busyPartsPerMillion: try share(busy)
        )
        do throws(WorldError) {
            try World.check(link)
        } catch {
            throw InventoryFault(error.description)
        }
        return link
    }

    private static func share(_ text: String) throws(InventoryFault) -> Int64 {
        if text.isEmpty { return 0 }
        guard case .percent(let parts) = Value(quantity: text) else {
            throw InventoryFault("expected a percentage such as 5%, not `\(text)`")
        }
        return parts
    }

    /// A number of phones, at least 1.
    static func count(_ text: String) throws(InventoryFault) -> Int {
        if text.isEmpty { return 1 }
        guard let count = Int(text), count > 0 else {
            throw InventoryFault("expected a number of phones, not `\(text)`")
        }
        return count
    }

    /// Refuses what cannot be the name of a site, and what leaves its subnets no name.
    static func check(siteName name: String) throws(InventoryFault) {
        try check(phoneName: name)
        guard name.utf8.count <= NameRule.byteLimit - 8 else {
            throw InventoryFault("a site's name has at most \(NameRule.byteLimit - 8) bytes here")
        }
    }

    /// Refuses what cannot be the name of a phone.
    static func check(phoneName name: String) throws(InventoryFault) {
        do throws(Diagnostic) {
            _ = try NameRule.check(Located(name, at: SourceRange(0, 0)))
        } catch {
            throw InventoryFault(error.message)
        }
    }

    /// Refuses a subnet that cannot be, or has too few addresses.
    static func check(_ network: IPv4Network, holds count: Int) throws(InventoryFault) {
        do throws(WorldError) {
            try World.check(network)
        } catch {
            throw InventoryFault(error.description)
        }
        guard network.hostCount >= count else {
            throw InventoryFault("\(network) has room for \(network.hostCount) phones")
        }
    }
}

/// What a row says of its phones.
struct PhoneKind {
    let model: ModelID
    let deviceProtocol: DeviceProtocol
    let running: LoadID

    /// What the phones of a subnet have in common.
    func key(subnet: Int) -> Inventory.Batch.Key {
        Inventory.Batch.Key(
            subnet: subnet,
            model: model,
            deviceProtocol: deviceProtocol,
            running: running
        )
    }
}

/// Reads models, protocols and loads, each combination once.
struct PhoneKindReader {
    private struct Text: Hashable {
        let model: String
        let `protocol`: String
        let running: String
    }
    private var known: [Text: Result<PhoneKind, InventoryFault>] = [:]
    /// Own choice: a file whose every row says something else is not worth remembering.
    private static let rememberedLimit = 10_000

    /// What the three cells say, if a phone can be so.
    mutating func kind(
        model: String,
        protocol deviceProtocol: String,
        running: String,
        in world: World
    ) throws(InventoryFault) -> PhoneKind {
        let text = Text(model: model, protocol: deviceProtocol, running: running)
        if let known = known[text] { return try known.get() }
        let result: Result<PhoneKind, InventoryFault>
        do throws(InventoryFault) {
            result = .success(try Self.read(text, world))
        } catch {
            result = .failure(error)
        }
        if known.count < Self.rememberedLimit { known[text] = result }
        return try result.get()
    }

    private static func read(_ text: Text, _ world: World) throws(InventoryFault) -> PhoneKind {
        let row: PhoneModel
        do throws(UnknownModelError) {
            row = try PhoneModel.named(text.model)
        } catch {
            throw InventoryFault(error.description)
        }
        let chosen: DeviceProtocol
        switch text.protocol {
        case "": chosen = row.standardProtocol
        case "sccp": chosen = .sccp
        case "sip": chosen = .sip
        default: throw InventoryFault("expected sccp or sip, not `\(text.protocol)`")
        }
        guard let family = row.family(for: chosen) else {
            throw InventoryFault(WorldError.noSuchProtocol(model: row.name, chosen).description)
        }
        let load = try load(text.running, row, chosen, family, world)
        guard row.fit(of: world.catalog[load].name, for: chosen) == .fits else {
            throw InventoryFault("\(text.running) does not fit \(row.name), which takes \(family)")
        }
        return PhoneKind(model: row.id, deviceProtocol: chosen, running: load)
    }

    private static func load(
        _ text: String,
        _ model: PhoneModel,
        _ deviceProtocol: DeviceProtocol,
        _ family: String,
        _ world: World
    ) throws(InventoryFault) -> LoadID {
        if text.isEmpty {
            let row = world.deviceDefaults.first {
                $0.model == model.id && $0.deviceProtocol == deviceProtocol
            }
            let load = row?.load ?? world.catalog.standardLoad(for: model, deviceProtocol)
            guard let load else {
                throw InventoryFault(WorldError.noLoadKnown(model: model.name).description)
            }
            return load
        }
        do throws(FirmwareCatalogError) {
            if text.contains("("), let version = FirmwareVersion(text) {
                return try world.catalog.resolve(version, family: family)
            }
            return try world.catalog.find(text).id
        } catch {
            throw InventoryFault(error.description)
        }
    }
}

/// Finds subnets that overlap, in the logarithm of their number.
struct NetworkIndex {
    private var bases: [UInt32] = []
    private var ends: [UInt32] = []
    private var places: [Int] = []

    /// The place of a subnet that shares addresses with `network`; nil where none does.
    func overlap(with network: IPv4Network) -> Int? {
        let place = self.place(of: network.base.bits)
        if place > 0, ends[place - 1] >= network.base.bits { return places[place - 1] }
        if place < bases.count, bases[place] <= network.broadcast.bits { return places[place] }
        return nil
    }

    /// Adds a subnet that overlaps none.
    mutating func insert(_ network: IPv4Network, _ subnet: Int) {
        let place = self.place(of: network.base.bits)
        bases.insert(network.base.bits, at: place)
        ends.insert(network.broadcast.bits, at: place)
        places.insert(subnet, at: place)
    }

    /// How many subnets begin at or before an address.
    private func place(of address: UInt32) -> Int {
        var (low, high) = (0, bases.count)
        while low < high {
            let middle = (low + high) / 2
            if bases[middle] <= address { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// What CUCM's export says of a device.
enum ExportedDevice {
    /// The model, for `Cisco 7961` and the like; nil for what takes no firmware, such as a client on a
    /// computer, or a phone of another maker.
    static func model(_ type: String) -> String? {
        var words = type.split(separator: " ")
        guard words.count > 1, words.removeFirst().lowercased() == "cisco" else { return nil }
        if words.count > 2, words[0].lowercased() == "ip", words[1].lowercased() == "phone" {
            words.removeFirst(2)
        }
        guard words.count == 1, words[0].first?.isNumber == true else { return nil }
        return String(words[0])
    }

    /// The address in a name such as SEP001B54F7AF72.
    static func mac(of name: String) -> MACAddress? {
        guard name.uppercased().hasPrefix("SEP") else { return nil }
        return MACAddress(name.dropFirst(3))
    }

    /// A site's name for a location or device pool: what no name can hold becomes a hyphen.
    static func siteName(_ text: String) -> String {
        String(text.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" ? $0 : "-" })
    }
}
