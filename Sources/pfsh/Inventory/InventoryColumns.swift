// Which columns an inventory has: pfsh's own, or those of CUCM's "All Phone Details". Columns are found
// by their heading, so their order does not matter, and others are passed over.

import Interpreter

/// The columns of pfsh's own inventory.
enum InventoryColumn: String, CaseIterable {
    case site, subnet, model, count, running, wan, rtt, loss, busy, `protocol`

    /// What stands in it, as half a sentence.
    var help: String {
        switch self {
        case .site: "the name of the site"
        case .subnet: "addresses of a subnet of the site, such as 10.4.0.0/24"
        case .model: "the phones' model, such as CP-7961G; blank: the row has no phones"
        case .count: "how many phones; 1 if blank"
        case .running: "the load they run, or its version; the family's 8.5(4) if blank"
        case .wan: "the rate of the site's WAN link; blank: as in another row, or none"
        case .rtt: "its round-trip time"
        case .loss: "packets lost each way; 0% if blank"
        case .busy: "how much of it other traffic takes; 0% if blank"
        case .protocol: "sccp or sip; SCCP where the model speaks it if blank"
        }
    }

    /// Whether an inventory must have it.
    var isRequired: Bool { [.site, .subnet, .model].contains(self) }
}

/// The columns of CUCM's export that say something to a plan.
enum ExportColumn: String, CaseIterable {
    case device = "device name"
    case pool = "device pool"
    case location = "location"
    case load = "phone load name"
    case type = "device type"
    case `protocol` = "device protocol"
}

/// Where the columns of a file are.
enum InventoryHeader {
    case own([InventoryColumn: Int])
    case export([ExportColumn: Int])

    /// Finds the columns; throws what is missing, with what a header looks like.
    init(_ fields: [String]) throws(InventoryFault) {
        let names = fields.map { $0.lowercased() }
        var exported: [ExportColumn: Int] = [:]
        for column in ExportColumn.allCases {
            exported[column] = names.firstIndex(of: column.rawValue)
        }
        if exported[.device] != nil, exported[.type] != nil {
            guard exported[.pool] != nil || exported[.location] != nil else {
                throw InventoryFault(
                    "the export has neither a column `Location` nor `Device Pool`, which tells the "
                        + "site: export \"All Phone Details\""
                )
            }
            self = .export(exported)
            return
        }
        var own: [InventoryColumn: Int] = [:]
        for column in InventoryColumn.allCases {
            let places = names.indices.filter { names[$0] == column.rawValue }
            guard places.count < 2 else {
                throw InventoryFault("the column `\(column.rawValue)` is there twice")
            }
            own[column] = places.first
        }
        let missing = InventoryColumn.allCases.filter { $0.isRequired && own[$0] == nil }
        guard missing.isEmpty else {
            let what = missing.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            throw InventoryFault(
                "the header lacks \(what): it is such as site,subnet,model,count,running,wan,rtt, "
                    + "or that of CUCM's \"All Phone Details\""
            )
        }
        self = .own(own)
    }

    /// Columns that mean nothing, by their headings; those of CUCM's export are known not to.
    static func unknown(_ fields: [String]) -> [String] {
        fields.filter { InventoryColumn(rawValue: $0.lowercased()) == nil }
    }
}
