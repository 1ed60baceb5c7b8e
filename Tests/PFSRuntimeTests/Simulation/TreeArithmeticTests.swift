// One file down a tree of whole-file transfers, against arithmetic: with no time in the phones, no
// headers and no waits, 1,000 phones take 18 times what one takes, or 17 times one after the other.

import Testing

@testable import PFSRuntime

@Suite("Trees against arithmetic")
struct TreeArithmeticTests {
    /// How long the file takes over an empty port, and over the WAN.
    private static let unit = Interval.seconds(60)

    /// The time from the root's file to the last phone's, in thousandths of `unit`; and the depth.
    private func spread(
        _ count: Int,
        fanOut: UInt8 = 2,
        uploadsAtOnce: Int,
        pieces: Int64 = 0
    ) throws -> (thousandths: Int64, depth: Int) {
        let rate: Int64 = 80_000
        let bytes = Int(rate / 8 * Self.unit.nanoseconds / 1_000_000_000)
        let office = try Office(
            wan: WANLink(rateBitsPerSecond: rate, roundTrip: .zero),
            files: [bytes],
            lanRateBitsPerSecond: rate
        )
        var peer = office.world.peerParameters
        peer.rootWaiting = .zero
        peer.fanOut = fanOut
        var parameters = office.world.parameters
        parameters.receiveBytesPerSecond = 0
        parameters.verify = .zero
        parameters.verifyPerMegabyte = .zero
        parameters.write = .zero
        parameters.writePerMegabyte = .zero
        parameters.blockHeaderBytes = 0
        parameters.uploadsAtOnce = uploadsAtOnce
        parameters.forwardPieceBytes = pieces
        try office.world.setParameters(peer: peer, parameters)
        office.world.logDetail = .console
        let phones = try office.add(count)
        try office.push(phones)
        office.finish()
        office.expectUpgraded()
        #expect(office.world.fetchCounts.total == 1)
        var (first, last) = (Instant.never, Instant.zero)
        for phone in phones {
            switch office.world.origin(of: 0, at: phone) {
            case .none: Issue.record("\(office.world.name(of: phone)) has no file")
            case .server(let time): first = min(first, time)
            case .phone(_, let time), .elsewhere(_, let time): last = max(last, time)
            }
        }
        let time = (last - first).nanoseconds
        return (time * 1_000 / Self.unit.nanoseconds, office.depth(of: 0))
    }

    private func expect(_ measured: Int64, units: Int64) {
        #expect(abs(measured - units * 1_000) <= units * 10, "\(measured) thousandths")
    }

    @Test("1,000 phones take 18 F where a phone sends to both its children at once")
    func atOnce() throws {
        let (time, depth) = try spread(1_000, uploadsAtOnce: 2)
        expect(time, units: 18)
        #expect(depth == 9)
    }

    @Test("1,000 phones take 17 F where a phone sends to one child after the other")
    func inTurn() throws {
        let (time, depth) = try spread(1_000, uploadsAtOnce: 1)
        expect(time, units: 17)
        #expect(depth == 9)
    }

    @Test("a chain of 20 phones takes 19 F, and a tree of three children 9 F for 40")
    func fanOut() throws {
        let chain = try spread(20, fanOut: 1, uploadsAtOnce: 24)
        expect(chain.thousandths, units: 19)
        #expect(chain.depth == 19)
        // Levels of 1, 3, 9 and 27.
        let wide = try spread(40, fanOut: 3, uploadsAtOnce: 24)
        expect(wide.thousandths, units: 9)
        #expect(wide.depth == 3)
    }

    @Test(
        "a waiting child that leaves is passed over, and a parent that vanishes keeps nobody waiting"
    )
    func leaving() throws {
        let office = try Office(files: [600, 3_000_000])
        var parameters = office.world.parameters
        parameters.uploadsAtOnce = 1
        try office.world.setParameters(peer: office.world.peerParameters, parameters)
        let phones = try office.add(15)
        try office.push(phones)
        let isSending = office.run {
            office.world.phones.contains { office.world.state($0) == .receiving }
                && !office.world.kernel.waitingUploads.isEmpty
        }
        try #require(isSending)
        let waiting = try #require(
            phones.first { phone in
                office.world.kernel.waitingUploads[phone.index]?.isEmpty == false
            }
        )
        let child = try #require(office.world.kernel.waitingUploads[waiting.index]?.first?.child)
        office.world.removePhone(child)
        office.run(for: .seconds(1))
        office.world.removePhone(waiting)
        office.finish()
        #expect(office.world.kernel.waitingUploads.isEmpty)
        office.expectUpgraded()
        office.expectRest()
    }
}
