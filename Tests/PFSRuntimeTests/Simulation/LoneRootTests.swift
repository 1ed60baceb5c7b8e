// One phone alone against the log of a real one: the published lines of a CP-7961G that becomes root
// of its own hierarchy, cleaned of copy damage, up to the root's transfer command.

import Testing

@testable import PFSRuntime

@Suite("A lone root against a real phone's log")
struct LoneRootTests {
    /// Two lines that stood on one line are apart, and a truncated level is whole again.
    private static let attested = """
        DBG 02:19:22.634167 DLoad: +++ fd=7 Listening on peer TCP port 4051
        NOT 02:19:22.634945 DLoad: ^.idl_child.c-openUDPPort
        NOT 02:19:22.664131 DLoad: |parent=-1><fd[0]=-1 fd[1]=-1 FULL=0
        NOT 02:19:23.161938 DLoad: ^.idl_protocol.c-sendBroadcastOffer
        INF 02:19:23.162700 DLoad: XID080027F8 TxBdcst ClaimRoot(tent): map=ff9d7cb9 strength=31d4d43d
        NOT 02:19:23.410198 DLoad: ^.idl_timeout.c-doTimeout
        DBG 02:19:23.410963 DLoad: Timeout XID080027F8 hier=ClaimRoot(tent)
        NOT 02:19:23.411644 DLoad: ^.idl_protocol.c-sendBroadcastOffer
        INF 02:19:23.411925 DLoad: XID080027F8 TxBdcst Ad 1: ClaimRoot(tent)
        NOT 02:19:23.660235 DLoad: ^.idl_timeout.c-doTimeout
        DBG 02:19:23.661014 DLoad: Timeout XID080027F8 hier=ClaimRoot(tent)
        NOT 02:19:23.661772 DLoad: ^.idl_protocol.c-sendBroadcastOffer
        INF 02:19:23.662527 DLoad: XID080027F8 TxBdcst Ad 2: ClaimRoot(tent)
        NOT 02:19:23.910338 DLoad: ^.idl_timeout.c-doTimeout
        DBG 02:19:23.911135 DLoad: Timeout XID080027F8 hier=ClaimRoot(tent)
        NOT 02:19:23.911966 DLoad: ^.idl_protocol.c-sendBroadcastOffer
        INF 02:19:23.912719 DLoad: XID080027F8 TxBdcst Ad 3: ClaimRoot(tent)
        NOT 02:19:24.160548 DLoad: ^.idl_timeout.c-doTimeout
        DBG 02:19:24.161318 DLoad: Timeout XID080027F8 hier=ClaimRoot(tent)
        NOT 02:19:24.162076 DLoad: ^.idl_protocol.c-sendBroadcastOffer
        INF 02:19:24.162828 DLoad: XID080027F8 TxBdcst Ad 4: ClaimRoot(tent)
        NOT 02:19:24.410188 DLoad: ^.idl_timeout.c-doTimeout
        DBG 02:19:24.411262 DLoad: Timeout XID080027F8 hier=ClaimRoot(tent)
        NOT 02:19:24.412095 DLoad: UT:Confirmed root bumping strength
        NOT 02:19:24.412806 DLoad: @@@HROOT:XID080027F8 H=36685558 m=CP-7961G ROOT=10.106.117.68 /dnld/SCCP41.9-4-2SR2-2S.loads
        INF 02:19:34.410208 DLoad: XID080027F8 Root sending TFTP XfrCmd on ROOT_WAITING TO
        """

    private func pinned() throws -> World {
        let world = World()
        try world.addSubnet("lab", #require(IPv4Network("10.106.117.0/24")))
        var order = PhoneOrder(name: "P1", model: try PhoneModel.named("CP-7961G").id)
        order.address = IPv4Address("10.106.117.68")
        let phone = try world.addPhone(order)
        world.setDeviceSetting(LevelSetting(.on), on: [phone])
        world.setTimeOfDay(try TimeOfDay("02:19:22.634167"))
        try world.setLoad(world.catalog.find("SCCP41.9-4-2SR2-2S").id, on: [phone])
        try world.pin(phone, file: 0, .transaction, 0x0800_27F8)
        try world.pin(phone, file: 0, .map, 0xFF9D_7CB9)
        try world.pin(phone, file: 0, .strength, 0x31D4_D43D)
        try world.pin(phone, file: 0, .hash, 0x3668_5558)
        world.restart(.reset, [phone])
        return world
    }

    @Test("with its values pinned the lines are those of the real phone, each within 5 ms")
    func sameLines() throws {
        let world = try pinned()
        #expect(world.runUntilIdle(budget: 1_000_000) == .idle)
        let expected = Self.attested.split(separator: "\n").map(String.init)
        try #require(world.logCount > expected.count)
        for (index, line) in expected.enumerated() {
            let own = world.consoleLine(world.logRecord(index))
            #expect(own.prefix(4) == line.prefix(4))
            #expect(own.dropFirst(19) == line.dropFirst(19))
            let apart = try microseconds(own) - microseconds(line)
            #expect(abs(apart) <= 5_000, "\(own)")
        }
    }

    /// Microseconds since the hour, of a console line.
    private func microseconds(_ line: String) throws -> Int {
        let parts = line.dropFirst(7).prefix(12).split { $0 == ":" || $0 == "." }
        let numbers = parts.compactMap { Int($0) }
        try #require(numbers.count == 3)
        return (numbers[0] * 60 + numbers[1]) * 1_000_000 + numbers[2]
    }

    @Test("each of its six files costs 11.75 s of election and waiting before it is fetched")
    func sixFiles() throws {
        let world = try pinned()
        #expect(world.runUntilIdle(budget: 1_000_000) == .idle)
        let records = (0..<world.logCount).map { world.logRecord($0) }
        let states = records.filter { if case .treeState = $0.note { true } else { false } }
        let fetches = records.filter {
            if case .fetchAfterWaiting = $0.note { true } else { false }
        }
        try #require(states.count == 6 && fetches.count == 6)
        for (state, fetch) in zip(states, fetches) {
            let wait = (fetch.time - state.time).nanoseconds / 1_000_000
            #expect((11_735...11_750).contains(wait))
        }
        #expect(records.filter { $0.note == .listeningTCP }.count == 1)
        #expect(world.fetchCounts.first == 6 && world.fetchCounts.total == 6)
    }
}
