// One upgrade of one subnet, all six files, as `push` orders it: the size of work that users run.

import PFSRuntime

/// Upgrades `phones` phones in one subnet and gives the members of the JSON line that describe it.
func wholeUpgrade(phones count: Int) -> String {
    let world = World()
    do {
        let wan = WANLink(rateBitsPerSecond: 384_000, roundTrip: .milliseconds(150))
        try world.addSite("branch", wan: wan)
        guard let network = IPv4Network("10.16.0.0/12"),
            let load = world.catalog.id(of: try LoadName("SCCP41.9-4-2SR1-1S"))
        else { preconditionFailure("the benchmark's own network and load must exist") }
        try world.addSubnet("voice", network, site: world.site(named: "branch"))
        let order = PhoneOrder(name: "phone", model: try PhoneModel.named("CP-7961G").id)
        let phones = try world.addPhones(count: count, prefix: "phone", order)
        world.setEnterpriseSetting(LevelSetting(.on))
        try world.setLoad(load, on: phones)
        world.restart(.reset, phones)
    } catch {
        preconditionFailure("the benchmark's own world is refused: \(error)")
    }
    while world.runUntilIdle(budget: 1_000_000) != .idle {}
    let counts = world.fetchCounts
    return "\"events\": \(world.eventCount), \"fetches\": \(counts.total), "
        + "\"instances\": \(counts.instances), \"virtualNanoseconds\": \(world.now.nanoseconds), "
        + "\"fingerprint\": \(world.fingerprint)"
}
