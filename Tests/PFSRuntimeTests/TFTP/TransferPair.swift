// Two transfers and a network of the tests' own between them, in virtual time: it delays, loses,
// duplicates and reorders packets, and carries the bytes of the blocks, so that what arrives can be
// compared byte for byte.

import Testing

@testable import PFSRuntime

/// What the network between two transfers does.
struct RoughNetwork: Sendable {
    var delay = Interval.milliseconds(1)
    /// A random wait on top, which also reorders.
    var jitter = Interval.zero
    /// In thousandths.
    var loss: UInt64 = 0
    var duplication: UInt64 = 0
    /// A strange packet to both sides, in thousandths of the packets.
    var strangers: UInt64 = 0
    /// A copy of a packet that comes much later, in thousandths.
    var lateCopies: UInt64 = 0
}

final class TransferPair {
    static let client = TFTPEndpoint(low: 1, port: 1_111)
    static let server = TFTPEndpoint(low: 2, port: 2_222)
    private static let stranger = TFTPEndpoint(low: 3, port: 3_333)

    private struct Side {
        var transfer: TFTPTransfer
        var endpoint: TFTPEndpoint
        var source: [UInt8] = []
        var sink: [UInt8] = []
        var isComplete = false
        var failure: TFTPFailure?
        var isClosed = false
    }

    private enum Event {
        case arrives(TFTPPacket, from: TFTPEndpoint, at: Int)
        case wakes(Int)
    }

    private var sides: [Side]
    private var queue: [(time: Instant, order: Int, event: Event)] = []
    private var order = 0
    private var random: RandomStream
    private let network: RoughNetwork
    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var blocksSent = 0
    private(set) var refusals = 0
    private(set) var completedAt: Instant?

    /// A client's transfer of `file` with the options of `wishes`, from or to a server.
    init(
        _ file: [UInt8],
        gets: Bool,
        wishes: TFTPWishes,
        network: RoughNetwork,
        seed: UInt64,
        parameters: TFTPParameters = TFTPParameters()
    ) {
        self.network = network
        random = RandomStream(seed: seed, purpose: .test, index: 7)
        let size = Int64(file.count)
        let near: TFTPTransfer =
            gets
            ? .get("f", wishes: wishes, parameters: parameters)
            : .put("f", sizeBytes: size, wishes: wishes, parameters: parameters)
        var request = TFTPRequest(fileName: "f", mode: .octet)
        if case .asking(.readRequest(let asked), _) = near.state { request = asked }
        if case .asking(.writeRequest(let asked), _) = near.state { request = asked }
        let (terms, taken) = TFTPLimits().terms(for: request, fileSize: gets ? size : nil)
        let far: TFTPTransfer =
            gets
            ? .serveRead(
                to: Self.client,
                sizeBytes: size,
                terms: terms,
                acknowledged: taken,
                parameters: parameters
            )
            : .serveWrite(
                from: Self.client,
                terms: terms,
                acknowledged: taken,
                parameters: parameters
            )
        sides = [
            Side(transfer: near, endpoint: Self.client), Side(transfer: far, endpoint: Self.server),
        ]
        sides[gets ? 1 : 0].source = file
    }

    var received: [UInt8] { sides[0].sink + sides[1].sink }
    var failures: [TFTPFailure] { sides.compactMap(\.failure) }
    var isComplete: Bool { sides.allSatisfy(\.isComplete) }
    var receiverIsComplete: Bool {
        sides.contains { $0.isComplete && !$0.transfer.role.sendsBlocks }
    }

    /// Runs until both sides have closed; answers whether they did before `limit`.
    func run(limit: Interval = .seconds(100_000)) -> Bool {
        // The request: it never gets lost here, the server's side begins with it.
        start(0)
        start(1)
        let end = now + limit
        while let next = queue.indices.min(by: {
            (queue[$0].time, queue[$0].order) < (queue[$1].time, queue[$1].order)
        }) {
            let (time, _, event) = queue.remove(at: next)
            guard time <= end else { return false }
            now = time
            switch event {
            case .wakes(let index): give(.wake, nil, index)
            case .arrives(let packet, let from, let index):
                give(.heard(TFTPSignal(packet), from: from), packet, index)
            }
        }
        return sides.allSatisfy(\.isClosed)
    }

    private func start(_ index: Int) {
        var effects = TFTPEffects()
        sides[index].transfer.start(now: now, into: &effects)
        carryOut(effects, nil, index)
    }

    private func give(_ input: TFTPInput, _ packet: TFTPPacket?, _ index: Int) {
        var effects = TFTPEffects()
        _ = sides[index].transfer.handle(input, now: now, into: &effects)
        carryOut(effects, packet, index)
    }

    private func carryOut(_ effects: TFTPEffects, _ packet: TFTPPacket?, _ index: Int) {
        for effect in effects.list {
            switch effect {
            case .send(let packet): send(packet, from: index)
            case .acknowledge(let block): send(.acknowledgement(block: block), from: index)
            case .sendBlocks(let first, let count):
                for block in first..<first + Int64(count) { sendBlock(block, from: index) }
            case .keep:
                guard case .data(_, let payload) = packet else {
                    Issue.record("kept what is no block")
                    return
                }
                sides[index].sink += payload
            case .refuse: refusals += 1
            case .agreed: break
            case .wake(let instant): schedule(.wakes(index), at: instant)
            case .complete:
                sides[index].isComplete = true
                if !sides[index].transfer.role.sendsBlocks { completedAt = now }
            case .failed(let failure): sides[index].failure = failure
            case .close: sides[index].isClosed = true
            }
        }
    }

    private func sendBlock(_ block: Int64, from index: Int) {
        let side = sides[index]
        let start = Int(block - 1) * side.transfer.terms.blockSize
        let payload = side.source[start..<start + side.transfer.byteCount(ofBlock: block)]
        let number = side.transfer.number(ofBlock: block)
        blocksSent += 1
        send(.data(block: number, payload: Array(payload)), from: index)
    }

    private func send(_ packet: TFTPPacket, from index: Int) {
        // The server's transfer stands for its answer to the request.
        if packet.isRequest { return }
        if random.below(1_000) < network.strangers {
            let strange: TFTPPacket = .acknowledgement(block: UInt16(random.below(9)))
            let place = Int(random.below(2))
            schedule(.arrives(strange, from: Self.stranger, at: place), at: now + network.delay)
        }
        let copies = random.below(1_000) < network.duplication ? 2 : 1
        for _ in 0..<copies where random.below(1_000) >= network.loss {
            let delay = network.delay + random.interval(below: network.jitter)
            schedule(.arrives(packet, from: sides[index].endpoint, at: 1 - index), at: now + delay)
        }
        if random.below(1_000) < network.lateCopies {
            let delay = network.delay + random.interval(below: .seconds(2))
            schedule(.arrives(packet, from: sides[index].endpoint, at: 1 - index), at: now + delay)
        }
    }

    private func schedule(_ event: Event, at time: Instant) {
        order += 1
        queue.append((time, order, event))
    }
}
