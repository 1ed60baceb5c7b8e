// Planning from an inventory: reading it into a world, and trying an upgrade of all of it by each
// method, site by site.

import Interpreter
import PFSRuntime

enum PlanCommands {
    static let all = [inventory, plan]

    private static let file = ArgumentKind.file.called("FILE", phrase: "the name of an inventory")
    private static let example = "examples/plan-enterprise.csv"

    static let inventory = Command<ShellHost>(
        "inventory",
        group: WorldCommands.group,
        summary: "Make the sites, subnets and phones that an inventory lists.",
        discussion: "Comma-separated values with a header: "
            + InventoryColumn.allCases.map { "\($0.rawValue), \($0.help)" }.joined(separator: "; ")
            + ". Columns may stand in any order; site, subnet and model must be there. Or CUCM's "
            + "export \"All Phone Details\", whose phones come to the site that their Location, or "
            + "else their Device Pool, names: it and a subnet must be there. Rows that cannot be "
            + "read are listed, and then nothing is made unless skip-bad is given.",
        .argument("file", kind: file, help: "the inventory"),
        .flag("skip-bad", help: "leave out rows that cannot be read"),
        changesWorld: true,
        examples: [Example("inventory \(example)")]
    ) {
        (host: inout ShellHost, path: Located<String>, skipsBad: Bool) throws(Diagnostic) -> Output
        in
        let inventory = try host.inventory(path, for: host.world, skipsBad: skipsBad)
        // On a copy first: what the reader did not foresee must not leave half of it behind.
        let trial = host.world.copy()
        let phones = try refusing(at: path.range) { () throws(WorldError) in
            try inventory.build(in: trial)
        }
        let world = host.world
        try refusing(at: path.range) { () throws(WorldError) in _ = try inventory.build(in: world) }
        let sites = inventory.sites.count { $0.known == nil }
        let subnets = inventory.subnets.count { $0.known == nil }
        return .lines([
            "\(Counted.text(phones.count, "phone")), \(Counted.text(sites, "new site")), "
                + Counted.text(subnets, "new subnet")
        ])
    }

    static let plan = Command<ShellHost>(
        "plan",
        group: UpgradeCommands.group,
        summary: "Try an upgrade of an inventory by each method, and say how each site fares.",
        discussion:
            "Reads the inventory as `inventory` does into a copy of this world, which stays "
            + "as it is, and lets all its phones take a load as `compare` does: one row for each "
            + "site and method. `last` counts from the order, or from the beginning of the window, "
            + "until the last phone runs its load; `wan` came over the site's link as whole files, "
            + "`peak` is the most that it carried, `of-link` what share of its rate that is. Each "
            + "phone takes the first of the loads that fits it; a phone that none fits stays as it is.",
        .argument("file", kind: file, help: "the inventory"),
        .keyword("load", help: "loads, or versions that stand for each family's load"),
        .option("window", help: "from when to when it may take place, such as 22:00-06:00"),
        .option("methods", help: "which methods; all if not given"),
        .flag("skip-bad", help: "leave out rows that cannot be read"),
        examples: [
            Example("plan \(example) load 9.4(2)SR1 window 22:00-06:00"),
            Example("plan \(example) load 9.4(2)SR1 methods traditional,pfs skip-bad"),
        ]
    ) {
        (
            host: inout ShellHost,
            path: Located<String>,
            loads: [LoadArgument],
            window: Located<WindowArgument>?,
            methods: [DistributionMethod]?,
            skipsBad: Bool
        ) throws(Diagnostic) -> Output in
        let world = host.world.copy()
        world.logDetail = .off
        let inventory = try host.inventory(path, for: world, skipsBad: skipsBad)
        let phones = try refusing(at: path.range) { () throws(WorldError) in
            try inventory.build(in: world)
        }
        let upgraded = try UpgradeChoice(loads, in: host).set(on: phones, of: world, host)
        let begin = try window.map { (window) throws(Diagnostic) in
            Instant(nanoseconds: try host.nextTime(ofDay: window.node.begin.description))
        }
        var rows: [PlannedSite] = []
        for method in DistributionMethod.allCases where methods?.contains(method) ?? true {
            rows += try host.planned(
                method,
                upgraded,
                of: world,
                begin ?? world.now,
                loads[0].range
            )
        }
        guard !rows.isEmpty else {
            throw Diagnostic("all of these phones run the load already", at: loads[0].range)
        }
        return .table(PlanTable(rows, world: world, window: window?.node.length).table)
    }
}

/// How one site fares by one method.
struct PlannedSite {
    let method: DistributionMethod
    let result: SiteMethodResult
}

extension ShellHost {
    /// Tries a method on copies of a planned world; answers how each site fares.
    ///
    /// A Load Server serves its own site only, and a world has no more than 250 servers: so many sites
    /// are tried in turn.
    fileprivate mutating func planned(
        _ method: DistributionMethod,
        _ phones: [PhoneNumber],
        of world: World,
        _ begin: Instant,
        _ range: SourceRange
    ) throws(Diagnostic) -> [PlannedSite] {
        var rows: [PlannedSite] = []
        for part in Self.parts(phones, of: world, method) {
            let trial = try refusing(at: range) { () throws(WorldError) in
                try MethodTrial(method, of: world, .configured, on: part, begin: begin)
            }
            guard !trial.phones.isEmpty else { continue }
            try run(trial)
            rows += trial.siteResults.map { PlannedSite(method: method, result: $0) }
        }
        return rows
    }

    private static func parts(
        _ phones: [PhoneNumber],
        of world: World,
        _ method: DistributionMethod
    ) -> [[PhoneNumber]] {
        let sites = World.serverLimit - world.serverCount
        guard method == .loadServer, sites > 0, world.siteNames.count > sites else {
            return [phones]
        }
        var parts: [[PhoneNumber]] = []
        for phone in phones {
            let site = world.subnetDetails(world.subnet(of: phone)).site
            while parts.count <= site / sites { parts.append([]) }
            parts[site / sites].append(phone)
        }
        return parts
    }
}

/// Which load each phone of a plan takes: the first of several that fits it.
struct UpgradeChoice {
    private let loads: [LoadArgument]
    private let meanings: [LoadArgument.Meaning]

    /// Throws where a load is unknown.
    init(_ loads: [LoadArgument], in host: ShellHost) throws(Diagnostic) {
        self.loads = loads
        var meanings: [LoadArgument.Meaning] = []
        for load in loads { meanings.append(try load.meaning(in: host)) }
        self.meanings = meanings
    }

    /// Sets the loads; answers the phones that have one, and warns of those that none fits.
    func set(
        on phones: [PhoneNumber],
        of world: World,
        _ host: ShellHost
    ) throws(Diagnostic) -> [PhoneNumber] {
        var byLoad: [LoadID: [PhoneNumber]] = [:]
        var order: [LoadID] = []
        var misfits: [String: Int] = [:]
        var known: [Kind: LoadID?] = [:]
        for phone in phones {
            let identity = world.identity(phone)
            let kind = Kind(model: identity.model, deviceProtocol: identity.deviceProtocol)
            if known[kind] == nil { known[kind] = .some(load(for: kind, in: world)) }
            guard case .some(.some(let load)) = known[kind] else {
                misfits[identity.model.model.name, default: 0] += 1
                continue
            }
            if byLoad[load] == nil { order.append(load) }
            byLoad[load, default: []].append(phone)
        }
        guard !order.isEmpty else {
            throw Diagnostic("no phone of the inventory can take the load", at: loads[0].range)
        }
        for load in order {
            try refusing(at: loads[0].range) { () throws(WorldError) in
                try world.setLoad(load, on: byLoad[load] ?? [])
            }
        }
        if !misfits.isEmpty {
            let who = misfits.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }
            host.output.report(
                .warning(
                    "phones that none of the loads fits stay as they are: "
                        + who.joined(separator: ", "),
                    at: loads[0].range
                )
            )
        }
        return phones.filter { world.identity($0).ownLoad != nil }
    }

    private struct Kind: Hashable {
        let model: ModelID
        let deviceProtocol: DeviceProtocol
    }

    private func load(for kind: Kind, in world: World) -> LoadID? {
        let model = kind.model.model
        for meaning in meanings {
            switch meaning {
            case .load(let load):
                let name = world.catalog[load].name
                if model.fit(of: name, for: kind.deviceProtocol) == .fits { return load }
            case .version(let version):
                guard let family = model.family(for: kind.deviceProtocol),
                    let load = try? world.catalog.resolve(version, family: family)
                else { continue }
                return load
            }
        }
        return nil
    }
}
