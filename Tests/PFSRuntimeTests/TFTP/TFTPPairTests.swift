// Whole transfers between two state machines over a network that is as bad as chance makes it.

import Foundation
import Testing

@testable import PFSRuntime

@Suite("TFTP transfers over rough networks")
struct TFTPPairTests {
    private static let isThorough = ProcessInfo.processInfo.environment["PFSH_TEST_ALL"] != nil

    private func file(_ count: Int, _ random: inout RandomStream) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    @Test(
        "every file comes whole, whatever is lost, doubled, delayed or strange",
        arguments: RepeatableSeed.all(isThorough ? 2_000 : 150, suite: "TFTPPairTests")
    )
    func whole(_ seed: RepeatableSeed) {
        var random = RandomStream(seed: seed.seed, purpose: .test, index: 6)
        var wishes = TFTPWishes()
        if random.below(3) > 0 { wishes.blockSize = 8 + Int(random.below(120)) }
        if random.below(2) > 0 { wishes.windowSize = 1 + Int(random.below(20)) }
        if random.below(4) == 0 { wishes.transferSize = 0 }
        let blockSize = wishes.blockSize ?? 512
        let count = Int(random.below(40)) * blockSize + Int(random.below(3)) * (blockSize / 2)
        let network = RoughNetwork(
            delay: random.interval(below: .milliseconds(200)),
            jitter: random.interval(below: .milliseconds(random.below(2) == 0 ? 3 : 300)),
            loss: random.below(200),
            duplication: random.below(300),
            strangers: random.below(100),
            lateCopies: random.below(50)
        )
        let sent = file(count, &random)
        var parameters = TFTPParameters()
        // With a fifth of all packets lost the standard patience does end some.
        parameters.patience = .seconds(200)
        let pair = TransferPair(
            sent,
            gets: random.below(2) == 0,
            wishes: wishes,
            network: network,
            seed: seed.seed,
            parameters: parameters
        )
        #expect(pair.run(), "\(seed): not over")
        #expect(pair.receiverIsComplete, "\(seed): \(pair.failures)")
        let isSame = pair.received == sent
        #expect(isSame, "\(seed): \(pair.received.count) of \(sent.count) bytes")
    }

    @Test(
        "with packets doubled but none lost, no block is sent twice in lock-step",
        arguments: [true, false]
    )
    func noApprentice(gets: Bool) {
        var random = RandomStream(seed: 5, purpose: .test, index: 6)
        let sent = file(100 * 64 + 5, &random)
        let network = RoughNetwork(delay: .milliseconds(30), duplication: 1_000)
        let wishes = TFTPWishes(blockSize: 64)
        let pair = TransferPair(sent, gets: gets, wishes: wishes, network: network, seed: 5)
        #expect(pair.run())
        let isSame = pair.received == sent
        #expect(isSame)
        #expect(pair.blocksSent == 101)
    }

    @Test(
        "late copies of everything never grow into an avalanche",
        arguments: RepeatableSeed.all(20, suite: "TFTPPairTests")
    )
    func lateCopies(_ seed: RepeatableSeed) {
        var random = RandomStream(seed: seed.seed, purpose: .test, index: 6)
        let sent = file(400 * 64, &random)
        let network = RoughNetwork(delay: .milliseconds(30), lateCopies: 200)
        let wishes = TFTPWishes(blockSize: 64, windowSize: seed.seed % 2 == 0 ? 1 : 8)
        let pair = TransferPair(sent, gets: true, wishes: wishes, network: network, seed: seed.seed)
        #expect(pair.run(), "\(seed)")
        let isSame = pair.received == sent
        #expect(isSame, "\(seed)")
        #expect(pair.blocksSent < 401 * 2, "\(seed): \(pair.blocksSent) blocks for 401")
    }

    @Test(
        "without loss a transfer moves a window in each round trip, and nothing is repeated",
        arguments: [(1, 512), (16, 512), (64, 1_428)]
    )
    func pace(window: Int, blockSize: Int) throws {
        var random = RandomStream(seed: 1, purpose: .test, index: 6)
        let windows = 20
        let sent = file(windows * window * blockSize - 1, &random)
        let network = RoughNetwork(delay: .milliseconds(25))
        let wishes = TFTPWishes(blockSize: blockSize, windowSize: window)
        let pair = TransferPair(sent, gets: true, wishes: wishes, network: network, seed: 1)
        let start = pair.now
        #expect(pair.run())
        let isSame = pair.received == sent
        #expect(isSame)
        #expect(pair.blocksSent == windows * window)
        // Half a round trip until the options come, then one for each window.
        let time = try #require(pair.completedAt) - start
        #expect(time == .milliseconds(25 + Int64(windows) * 50))
    }

    @Test(
        "a peer that dies is given up by the other side, which says so",
        arguments: [true, false]
    )
    func death(gets: Bool) {
        let network = RoughNetwork(loss: 1_000)
        let wishes = TFTPWishes(windowSize: 4)
        let pair = TransferPair(
            Array(repeating: 7, count: 10_000),
            gets: gets,
            wishes: wishes,
            network: network,
            seed: 1
        )
        #expect(pair.run(limit: .seconds(60)))
        #expect(pair.failures == [.timedOut, .timedOut])
        #expect(!pair.isComplete)
    }
}
