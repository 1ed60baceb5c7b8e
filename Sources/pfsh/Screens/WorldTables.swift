// The files of a phone, the sites, and the server as tables.

import Interpreter
import PFSRuntime

enum FileTable {
    static let columns = [
        Table.Column("file", .right), Table.Column("name"), Table.Column("bytes", .right),
        Table.Column("size"), Table.Column("from"), Table.Column("since"),
    ]

    /// The files of the load that a phone fetches or fetched last.
    static func table(_ phone: PhoneNumber, in host: ShellHost) -> Table {
        let world = host.world
        let snapshot = world.snapshot(phone)
        let load = snapshot.target ?? world.configuredLoad(phone)
        var table = Table(columns: columns)
        for (index, file) in world.catalog[load].files.enumerated() {
            let (source, since) = origin(index, phone, in: host)
            table.append([
                .integer(Int64(index) + 1), .string(file.name),
                .integer(Int64(file.sizeBytes)), .string(file.evidence.mark.description),
                source, since,
            ])
        }
        table.footer = world.catalog[load].name.text
        return table
    }

    private static func serverName(
        _ index: Int,
        _ phone: PhoneNumber,
        in world: World
    ) -> String {
        world.server(of: index, at: phone).map { world.server($0).name } ?? World.serverName
    }

    private static func origin(
        _ index: Int,
        _ phone: PhoneNumber,
        in host: ShellHost
    ) -> (Value, Value) {
        switch host.world.origin(of: index, at: phone) {
        case .none: (.none, .none)
        case .server(let time):
            (
                .string(serverName(index, phone, in: host.world)),
                .string(host.displayTime(time.nanoseconds))
            )
        case .phone(let parent, let time):
            (
                .string(host.world.name(of: parent)),
                .string(host.displayTime(time.nanoseconds))
            )
        case .elsewhere(let address, let time):
            (.string(address.description), .string(host.displayTime(time.nanoseconds)))
        }
    }
}

enum SiteTable {
    static let columns = [
        Table.Column("site"), Table.Column("wan"), Table.Column("rtt"),
        Table.Column("subnets"), Table.Column("phones", .right),
        Table.Column("fetched", .right), Table.Column("fetching", .right),
        Table.Column("again", .right), Table.Column("peak", .right),
    ]

    /// Sites, their subnets and what came over their WAN links.
    static func table(in host: ShellHost) -> Table {
        let world = host.world
        var table = Table(columns: columns)
        var phones = Array(repeating: Int64(0), count: world.siteNames.count)
        for phone in world.phones {
            phones[world.subnetDetails(world.subnet(of: phone)).site] += 1
        }
        for (index, name) in world.siteNames.enumerated() {
            let details = world.siteDetails(index)
            let subnets = world.subnetNames.indices.filter {
                world.subnetDetails($0).site == index
            }
            let names = subnets.map { world.subnetNames[$0] }.joined(separator: ", ")
            table.append([
                .string(name),
                details.wan.map { .rate(bitsPerSecond: $0.rateBitsPerSecond) } ?? .none,
                details.wan.map { .duration(nanoseconds: $0.roundTrip.nanoseconds) } ?? .none,
                .string(names), .integer(phones[index]),
                .size(bytes: details.bytes), .integer(Int64(details.fetches)),
                .integer(details.retransmissions),
                details.peakBitsPerSecond > 0
                    ? .rate(bitsPerSecond: details.peakBitsPerSecond) : .none,
            ])
        }
        return table
    }

    /// The server's fetches by reason.
    static func fetches(in host: ShellHost) -> [String] {
        let world = host.world
        let counts = world.fetchCounts
        var lines = [
            "servers: \(Counted.text(counts.total, "fetch", plural: "fetches")) "
                + "for \(Counted.text(counts.instances, "hierarchy instance"))",
            "first of an instance \(counts.first), fallbacks \(counts.fallbacks), "
                + "refetches \(counts.refetches), second roots \(counts.secondRoots), "
                + "alone \(counts.alone)",
        ]
        for instance in world.instances {
            let group = world.group(instance.group)
            let root = instance.root.map { world.name(of: $0) } ?? "-"
            let state =
                instance.endedAt == .never
                ? Counted.text(instance.participants, "phone")
                : "ended \(host.displayTime(instance.endedAt.nanoseconds))"
            lines.append(
                "  \(world.subnetNames[group.subnet]) \(group.model.model.name) "
                    + "\(world.fileName(instance.file)): root \(root), "
                    + "fetches \(instance.fetches), \(state)"
            )
        }
        return lines
    }
}

/// The hierarchies that `show tree` draws: one for each subnet and model that shares.
struct TreeList {
    let host: ShellHost
    let subnet: Int?
    let model: ModelID?

    /// The trees of a file, or of the file that most phones of each group are at.
    func lines(file: Int?, depth: Int) -> [String] {
        var groups: [(subnet: Int, model: ModelID, phones: [PhoneNumber])] = []
        for phone in host.world.phones {
            let at = host.world.subnet(of: phone)
            let own = host.world.identity(phone).model
            let kind = host.world.hierarchyModel(of: own)
            if let subnet, subnet != at { continue }
            if let model, model != own { continue }
            if let index = groups.firstIndex(where: { $0.subnet == at && $0.model == kind }) {
                groups[index].phones.append(phone)
            } else {
                groups.append((at, kind, [phone]))
            }
        }
        var lines: [String] = []
        for group in groups where group.phones.contains(where: hasFetched) {
            let index = file ?? commonFile(group.phones)
            let tree = HierarchyTree(world: host.world, fileIndex: index, members: group.phones)
            lines.append(heading(group.subnet, group.model, index, group.phones))
            lines += tree.lines(depth: depth)
        }
        if lines.isEmpty { return [groups.isEmpty ? "no phones" : "no phone has fetched anything"] }
        return lines
    }

    /// Whether a phone fetches a load, or has tried to.
    private func hasFetched(_ phone: PhoneNumber) -> Bool {
        if case .none = host.world.outcome(of: phone) {
            return host.world.snapshot(phone).target != nil
        }
        return true
    }

    /// The file that most phones are at; the last one once they are done.
    private func commonFile(_ phones: [PhoneNumber]) -> Int {
        var counts = Array(repeating: 0, count: UpgradeJob.fileLimit)
        for phone in phones {
            if let index = host.world.snapshot(phone).fileIndex { counts[index] += 1 }
        }
        guard let most = counts.max(), most > 0 else { return 0 }
        return counts.firstIndex(of: most) ?? 0
    }

    private func heading(
        _ subnet: Int,
        _ model: ModelID,
        _ index: Int,
        _ phones: [PhoneNumber]
    ) -> String {
        let world = host.world
        let start =
            "\(world.subnetNames[subnet]) \(world.subnetDetails(subnet).network)  "
            + "\(model.model.name)\(world.parameters.joinsSeries ? " series" : "")  file \(index + 1)"
        let load =
            phones.lazy.compactMap { world.snapshot($0).target }.first
            ?? phones.first.map { world.configuredLoad($0) }
        guard let load, world.catalog[load].files.indices.contains(index) else { return start }
        let file = world.catalog[load].files[index]
        return start + " of \(world.catalog[load].files.count), \(file.name) \(file.sizeBytes) B"
    }
}
