// One upgrade, all six files, as `push` orders it: the size of work that users run.

import PFSRuntime

/// Phones of a branch that are alone: the size that the feature's own description speaks of.
private let mostOfOneBranch = 1_000
/// Phones of a branch among others.
private let branchPhones = 250

/// A world of `count` phones that are about to upgrade, in one subnet or in branches of one subnet each.
func worldBeforeUpgrade(phones count: Int, isPlain: Bool = false, hasLog: Bool = true) -> World {
    let world = World()
    let branchPhones = count <= mostOfOneBranch ? mostOfOneBranch : branchPhones
    let prefix = count <= mostOfOneBranch ? 22 : 24
    if !hasLog { world.logDetail = .off }
    do {
        if isPlain { try world.playEveryMessage() }
        guard let load = world.catalog.id(of: try LoadName("SCCP41.9-4-2SR1-1S")) else {
            preconditionFailure("the benchmark's load must exist")
        }
        let wan = WANLink(rateBitsPerSecond: 384_000, roundTrip: .milliseconds(150))
        for (index, first) in stride(from: 0, to: count, by: branchPhones).enumerated() {
            try world.addSite("branch\(index)", wan: wan)
            let base = IPv4Address(bits: 0x0A00_0000 + UInt32(index) * 256)
            guard let network = IPv4Network("\(base)/\(prefix)") else {
                preconditionFailure("a benchmark has at most 16,384 subnets")
            }
            try world.addSubnet("voice\(index)", network, site: index + 1)
            var order = PhoneOrder(name: "phone", model: try PhoneModel.named("CP-7961G").id)
            order.subnet = index
            let phones = min(branchPhones, count - first)
            _ = try world.addPhones(count: phones, prefix: "phone\(index)-", order)
        }
        world.setEnterpriseSetting(LevelSetting(.on))
        try world.setLoad(load, on: world.phones)
        world.restart(.reset, world.phones)
    } catch {
        preconditionFailure("the benchmark's own world is refused: \(error)")
    }
    return world
}

/// Upgrades `count` phones and gives the members of the JSON line that describe it.
func wholeUpgrade(phones count: Int, isPlain: Bool = false, hasLog: Bool = true) -> String {
    let world = worldBeforeUpgrade(phones: count, isPlain: isPlain, hasLog: hasLog)
    while world.runUntilIdle(budget: 1_000_000) != .idle {}
    let counts = world.fetchCounts
    return "\"events\": \(world.eventCount), \"fetches\": \(counts.total), "
        + "\"instances\": \(counts.instances), \"virtualNanoseconds\": \(world.now.nanoseconds), "
        + "\"fingerprint\": \(world.fingerprint)"
}
