import PFSRuntime
import Testing

@Suite struct LoneRootTests {
    @Test func lone() throws {
        let world = World()
        try world.addSubnet("lab", #require(IPv4Network("10.106.117.0/24")))
        var order = PhoneOrder(name: "P1", model: try PhoneModel.named("CP-7961G").id)
        order.address = IPv4Address("10.106.117.68")
        let p = try world.addPhone(order)
        world.setDeviceSetting(LevelSetting(.on), on: [p])
        world.setTimeOfDay(try TimeOfDay("02:19:22.634167"))
        let load = try world.catalog.find("SCCP41.9-4-2SR2-2S")
        try world.setLoad(load.id, on: [p])
        world.restart(.reset, [p])
        print(world.runUntilIdle(budget: 1_000_000))
        for i in 0..<world.logCount { print(world.consoleLine(world.logRecord(i))) }
        print(world.fetchCounts, world.now)
    }
    @Test func thousand() throws {
        let world = World()
        try world.addSite(
            "branch",
            wan: WANLink(rateBitsPerSecond: 384_000, roundTrip: .milliseconds(150))
        )
        try world.addSubnet("lab", #require(IPv4Network("10.106.0.0/16")), site: 1)
        let order = PhoneOrder(name: "P", model: try PhoneModel.named("CP-7961G").id)
        let p = try world.addPhones(count: 1000, prefix: "P", order)
        world.setEnterpriseSetting(LevelSetting(.on))
        let load = try world.catalog.find("SCCP41.9-4-2SR1-1S")
        try world.setLoad(load.id, on: p)
        world.restart(.reset, p)
        let clock = ContinuousClock()
        let t = clock.measure { print(world.runUntilIdle(budget: 100_000_000)) }
        print(
            world.fetchCounts,
            world.now.nanoseconds / 1_000_000,
            world.eventCount,
            t,
            world.logCount,
            world.state(p[0]),
            world.instances
        )
        for r in IgnoredReason.allCases { print(r, world.ignoredCount(r)) }
        var s: [String: Int] = [:]
        for q in p {
            s[
                "\(world.state(q)) \(world.snapshot(q).outcome)".prefix(12).description,
                default: 0
            ] += 1
        }
        print(s)
    }
}
