// Phones on a real network, driven by the real clock. Each turn runs the world up to now, hands in what
// came, and has carried out what the phones ask for; the world is used by one thread only.

import CLineEdit
import Interpreter
import NetIO
import PFSRuntime

/// A world's attachment to a network.
final class Attachment {
    /// A lag beyond which a timer counts as spoiled: own choice, a tenth of the phones' tick of 250 ms.
    private static let spoilingMicroseconds: Int64 = 25_000
    /// The longest wait without a look at Ctrl-C, in microseconds.
    private static let longestWaitMicroseconds: Int64 = 20_000

    let network: PhoneNetwork
    /// Where the phones are.
    var place: NetworkPlace { network.place }
    /// What was said when it began, for `show interfaces`.
    let description: String
    private let addresses: AddedAddresses?
    /// The world's time and the machine's at one instant.
    private let zero: Instant
    private let zeroNanoseconds: Int64
    private var phones: [UInt32: LocalPhone] = [:]
    /// What phones move, by the numbers of the files.
    private var files: [SharedFile] = []
    private(set) var lag = LagMeter()
    private(set) var spoiledCount = 0
    /// What went wrong outside, to be told once each.
    private var troubles: [String] = []
    private var toldTroubles: Set<String> = []

    init(_ network: PhoneNetwork, addresses: AddedAddresses?, description: String, world: World) {
        self.network = network
        self.addresses = addresses
        self.description = description
        zero = world.now
        zeroNanoseconds = RealClock.nanoseconds
        for phone in world.phones {
            phones[phone.index] = LocalPhone(
                number: phone,
                name: world.name(of: phone),
                modelName: world.identity(phone).model.model.name,
                address: network.place.real(world.address(of: phone))
            )
        }
    }

    /// The world's time that the real clock shows.
    var realNow: Instant {
        zero + Interval(nanoseconds: RealClock.nanoseconds - zeroNanoseconds)
    }

    /// Runs the world up to now, at most to `limit`, and moves what goes in and out.
    func turn(_ world: World, limit: Instant) {
        let target = min(limit, realNow)
        while let due = world.nextEventAt, due <= target {
            note(lagSince: due)
            _ = world.run(until: due)
            send(world)
        }
        if target > world.now { _ = world.run(until: target) }
        for report in network.takeReports() {
            let came = report.atNanoseconds - zeroNanoseconds
            note(lagSince: zero + Interval(nanoseconds: came))
            hand(report, to: world)
            send(world)
        }
        send(world)
    }

    /// Waits until something is due or has come, at most to `limit` and some milliseconds.
    func wait(_ world: World, limit: Instant) {
        let due = min(limit, world.nextEventAt ?? .latest)
        let left = (due - realNow).nanoseconds / 1_000
        guard left > 0 else { return }
        network.wait(microseconds: Int(min(left, Self.longestWaitMicroseconds)))
    }

    private func note(lagSince due: Instant) {
        let nanoseconds = (realNow - due).nanoseconds
        lag.note(nanoseconds: nanoseconds)
        if nanoseconds / 1_000 > Self.spoilingMicroseconds { spoiledCount += 1 }
    }

    private func send(_ world: World) {
        guard world.hasNetworkOrders else { return }
        shareFiles(of: world)
        perform(world.takeNetworkOrders(), of: world)
    }

    private func perform(_ orders: [NetworkOrder], of world: World) {
        network.perform(
            orders.compactMap { order in
                guard let phone = phones[order.phone.index] else { return nil }
                return PhoneNetworkTask(order, of: phone, in: world, knowing: files, at: place)
            }
        )
    }

    /// Tells the network of files that phones have come to know.
    private func shareFiles(of world: World) {
        let count = world.fileCount
        guard count > files.count else { return }
        files = (0..<count).map { index in
            let file = FileNumber(index)
            return SharedFile(
                number: file,
                name: world.fileName(file),
                sizeBytes: world.fileBytes(file),
                sha256: world.statedDigest(of: file)
            )
        }
        network.share(files)
    }

    /// Begins to note what the phones' sockets say and hear, or ends that.
    func watchTraffic(_ isOn: Bool) { network.watchTraffic(isOn) }

    /// What the sockets said and heard since the last time, each at the world's time.
    func takeTraffic() -> (seen: [(time: Instant, traffic: SeenTraffic)], lost: Int) {
        let taken = network.takeTraffic()
        let seen = taken.seen.map { traffic in
            let since = Interval(nanoseconds: traffic.atNanoseconds - zeroNanoseconds)
            return (zero + since, traffic)
        }
        return (seen, taken.lost)
    }

    private func hand(_ report: PhoneNetworkReport, to world: World) {
        if case .heard(let message, from: let address) = report.event {
            world.hear(message, from: place.virtual(address))
            return
        }
        if case .trouble(let text) = report.event {
            if toldTroubles.insert(text).inserted { troubles.append(text) }
            return
        }
        guard let phone = report.phone, let event = event(report.event, in: world) else { return }
        world.report(event, to: phone, incarnation: report.incarnation)
    }

    private func event(_ event: PhoneNetworkEvent, in world: World) -> NetworkEvent? {
        switch event {
        case .received(let message, from: let address):
            guard let file = world.fileNumber(named: message.fileName) else { return nil }
            let content = place.incoming(message.message)
            return .received(content, file, from: place.virtual(address))
        case .linkLost(fileName: let name, let address):
            guard let file = world.fileNumber(named: name) else { return nil }
            return .linkLost(file, place.virtual(address))
        case .progress(bytes: let bytes, from: let address):
            return .progress(bytes: bytes, from: address.map(place.virtual))
        case .fetchEnded(let outcome, server: let server, bytes: let bytes):
            return .fetchEnded(outcome, server: server, bytes: bytes)
        case .fileArrived(fileName: let name, from: let address):
            guard let file = world.fileNumber(named: name) else { return nil }
            return .fileArrived(file, from: place.virtual(address))
        case .verified(let isGood): return .verified(isGood)
        case .written: return .written
        case .heard, .trouble: return nil
        }
    }

    /// What has gone wrong since the last time.
    func takeTroubles() -> [String] {
        defer { troubles = [] }
        return troubles
    }

    /// How late phones were served, in words.
    var lagText: String {
        guard let half = lag.percentile(50), let most = lag.percentile(99) else {
            return "no deadline yet"
        }
        return "lag p50 \(Self.text(half)), p99 \(Self.text(most)), "
            + "worst \(Self.text(lag.worstMicroseconds))"
    }

    private static func text(_ microseconds: Int64) -> String {
        let (whole, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000)
        let digits = String(rest + 1_000).dropFirst()
        return "\(whole).\(digits) ms"
    }

    /// Closes all sockets and gives the interface back as it was.
    func end(_ world: World) {
        perform(world.detach(), of: world)
        network.close()
        addresses?.remove()
    }
}

extension ShellHost {
    /// Lets the real clock go on, at most to `limit`: one turn, after waiting for something to do.
    ///
    /// Says whether the limit was reached, as a piece of a simulated run does.
    func passReal(_ attachment: Attachment, until limit: Instant) -> StopReason {
        attachment.turn(world, limit: limit)
        if world.now < limit, !isInterrupted {
            attachment.wait(world, limit: limit)
            attachment.turn(world, limit: limit)
        }
        for trouble in attachment.takeTroubles() { output.report(.warning(trouble)) }
        return world.now >= limit ? .reachedLimit : .spentBudget
    }
}
