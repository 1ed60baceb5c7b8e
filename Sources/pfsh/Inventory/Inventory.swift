// What an inventory of phones says, read and checked as a whole: sites, subnets, phones, and the rows
// that make no sense. Nothing of it is in a world yet, so a row that is wrong can stop all of it.

import Interpreter
import PFSRuntime

/// An inventory, as it was read.
struct Inventory {
    /// The most bytes of a file; own choice: a million rows of the longest export that CUCM writes
    /// would be more, but no such site is known.
    static let byteLimit = 1 << 29
    /// The most sites, and the most subnets; own choice: above any enterprise known to run one CUCM.
    static let placeLimit = 20_000
    /// Rows that are wrong, of which more are only counted.
    static let badRowLimit = 20
    /// After so many wrong rows nobody reads on: the file is none of these; own choice.
    static let hopelessCount = 100_000

    /// A site: one of the world, or a new one.
    struct Site {
        let name: String
        /// The link; nil: in the same place as the core.
        let wan: WANLink?
        /// Its index in the world; nil: it is to be made.
        let known: Int?
        /// The line that mentioned it first.
        let line: Int
        /// The places of its subnets among `subnets`.
        var subnets: [Int] = []
        /// Phones that got names of its own.
        var namedPhones = 0
    }

    /// A subnet: one of the world, or a new one.
    struct Subnet {
        let name: String
        let network: IPv4Network
        /// The place of its site among `sites`.
        let site: Int
        /// Its index in the world; nil: it is to be made.
        let known: Int?
        /// Addresses that nobody has yet.
        var free: Int
    }

    /// Phones of one subnet, model, protocol and load that are told apart by their numbers only.
    struct Batch {
        /// What phones have in common.
        struct Key: Hashable {
            let subnet: Int
            let model: ModelID
            let deviceProtocol: DeviceProtocol
            let running: LoadID
        }
        let key: Key
        var count: Int
    }

    /// A phone that has a name and an address of its own.
    struct Named {
        let key: Batch.Key
        let name: String
        let mac: MACAddress?
    }

    /// A row that cannot be read.
    struct BadRow {
        let line: Int
        let reason: String
    }

    var sites: [Site] = []
    var subnets: [Subnet] = []
    var batches: [Batch] = []
    var named: [Named] = []
    /// The first rows that cannot be read.
    var badRows: [BadRow] = []
    /// How many cannot.
    var badCount = 0
    /// Rows of devices that take no firmware, which is no fault of theirs.
    var softwareCount = 0
    /// Rows read, the header not counted.
    var rowCount = 0

    /// How many phones it has.
    var phoneCount: Int { batches.reduce(named.count) { $0 + $1.count } }

    mutating func note(_ fault: InventoryFault, at line: Int) {
        badCount += 1
        guard badRows.count < Self.badRowLimit else { return }
        badRows.append(BadRow(line: line, reason: fault.reason))
    }

    /// The rows that cannot be read, one a line, the first of them at least.
    var badRowTexts: [String] {
        var texts = badRows.map { "line \($0.line): \($0.reason)" }
        if badCount > badRows.count { texts.append("and \(badCount - badRows.count) more") }
        return texts
    }
}

/// Why a row cannot be read.
struct InventoryFault: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

extension Inventory {
    /// Makes all of it in a world, which must be in the state in which the inventory was checked;
    /// answers its phones.
    func build(in world: World) throws(WorldError) -> [PhoneNumber] {
        var siteNumbers: [Int] = []
        for site in sites {
            if site.known == nil { try world.addSite(site.name, wan: site.wan) }
            siteNumbers.append(site.known ?? world.siteNames.count - 1)
        }
        var subnetNumbers: [Int] = []
        for subnet in subnets {
            if subnet.known == nil {
                try world.addSubnet(subnet.name, subnet.network, site: siteNumbers[subnet.site])
            }
            subnetNumbers.append(subnet.known ?? world.subnetNames.count - 1)
        }
        var phones: [PhoneNumber] = []
        phones.reserveCapacity(phoneCount)
        var nextAddress = [IPv4Address?](repeating: nil, count: subnets.count)
        for phone in named {
            let subnet = subnetNumbers[phone.key.subnet]
            var order = Self.order(phone.name, phone.key, subnet)
            order.mac = phone.mac
            order.address = world.freeAddress(subnet, from: nextAddress[phone.key.subnet])
            nextAddress[phone.key.subnet] = order.address
            phones.append(try world.addPhone(order))
        }
        var counts = Array(repeating: 0, count: sites.count)
        for batch in batches {
            let site = subnets[batch.key.subnet].site
            phones += try world.addPhones(
                count: batch.count,
                prefix: sites[site].name + "-",
                from: counts[site] + 1,
                Self.order("", batch.key, subnetNumbers[batch.key.subnet])
            )
            counts[site] += batch.count
        }
        return phones
    }

    private static func order(_ name: String, _ key: Batch.Key, _ subnet: Int) -> PhoneOrder {
        var order = PhoneOrder(name: name, model: key.model)
        order.subnet = subnet
        order.runs = key.running
        order.deviceProtocol = key.deviceProtocol
        return order
    }
}
