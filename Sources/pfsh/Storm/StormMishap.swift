// What a storm lets go wrong: each kind once, as the line of a script that does it. A storm switches a
// random subset of these on, each with a weight of its own, so that some runs see nothing but restarts and
// others a little of everything.

import Interpreter
import PFSRuntime

/// One kind of thing that goes wrong in a storm.
enum StormMishap: String, CaseIterable {
    /// A phone restarts.
    case reset
    /// A phone is unplugged for good.
    case unplug
    /// An upgrade is called off.
    case cancel
    /// Phones are told to take another load.
    case otherLoad = "other-load"
    /// A phone is told not to share, or to share again.
    case sharing
    /// The server has lost the load for a while.
    case serverLacks = "server-lacks"
    /// Messages are lost.
    case drop
    /// Messages arrive later.
    case delay
    /// Messages arrive later, each by another time.
    case jitter
    /// Port 4051 is closed to broadcasts or links.
    case block
    /// Nothing passes between some phones and others, or one way only.
    case partition
    /// Phones reach servers only.
    case isolate
    /// A phone has no power for a while.
    case crash
    /// A phone hangs for a while.
    case freeze
    /// The server answers nothing for a while.
    case serverDown = "server-down"
    /// Broadcasts arrive twice.
    case duplicate
    /// Broadcasts overtake each other.
    case reorder
    /// Messages and files arrive damaged.
    case corrupt
    /// A phone reaches nobody.
    case unauthorised
    /// Another device has a phone's address.
    case duplicateAddress = "duplicate-address"
    /// A phone has no power for a while, and keeps what it has written.
    case crashKeepingFlash = "crash-keep-flash"
    /// A phone restarts by itself.
    case reboot
    /// A phone's clock runs fast or slow.
    case clockDrift = "clock-drift"
    /// The power goes while phones write flash.
    case powerLoss = "power-loss"
    /// Phones have no room in flash.
    case diskFull = "disk-full"
    /// Phones write slowly.
    case slowDisk = "slow-disk"
    /// Phones read back something else than they wrote.
    case corruptBlock = "corrupt-block"
    /// The server takes longer for each block.
    case serverSlow = "server-slow"
    /// The server serves nobody more.
    case serverFull = "server-full"
    /// The server sends another file.
    case wrongFile = "wrong-file"
    /// The server sends half of a file.
    case truncatedFile = "truncated-file"
    /// A hostile peer claims.
    case forgedClaims = "forged-claims"
    /// A hostile peer offers.
    case endlessOffers = "endless-offers"
    /// A hostile peer sends other bytes.
    case wrongBytes = "wrong-bytes"
    /// A hostile peer sends nothing.
    case stalledTransfer = "stalled-transfer"
    /// A phone passes over roots from its next restart on, or does so no longer: a known bug.
    case bug

    /// What a line is drawn for.
    struct Scene {
        /// The names of the phones.
        var phones: [String]
        /// The load that all are to run, and the one that some turn to; empty where there is none.
        var loads: (first: String, other: String)
    }

    /// The commands of one mishap, of which a script makes a block.
    ///
    /// A phone that is unplugged is gone from the scene: later lines may not name it.
    func commands(_ scene: inout Scene, _ stream: inout RandomStream) -> [String] {
        let phone = Self.one(of: scene.phones, &stream)
        let length = Self.length(&stream)
        switch self {
        case .otherLoad where scene.loads.other.isEmpty,
            .serverLacks where scene.loads.first.isEmpty,
            .reset:
            return ["reset \(phone)"]
        case .unplug:
            // The last one stays: a script names somebody.
            guard scene.phones.count > 1 else { return ["reset \(phone)"] }
            scene.phones.removeAll { $0 == phone }
            return ["remove \(phone)"]
        case .cancel: return ["cancel \(phone)"]
        case .otherLoad: return ["push \(scene.loads.other) to \(phone)"]
        case .sharing:
            let value = stream.below(3) == 0 ? "on" : "off"
            return ["pfs device \(phone) \(value)", "apply \(phone)"]
        case .serverLacks:
            let verb = stream.below(2) == 0 ? "lacks" : "holds"
            return ["server \(World.serverName) \(verb) \(scene.loads.first)"]
        case .drop:
            return ["fault drop\(Self.scope(scene.phones, &stream)) for \(length)"]
        case .delay:
            let time = 1 + stream.below(3_000)
            return ["fault delay \(time)ms\(Self.scope(scene.phones, &stream)) for \(length)"]
        case .jitter:
            let time = 1 + stream.below(1_500)
            return ["fault jitter \(time)ms\(Self.scope(scene.phones, &stream)) for \(length)"]
        case .block:
            let transport = stream.below(2) == 0 ? "udp" : "tcp"
            let who = stream.below(2) == 0 ? "" : " in \(Self.some(of: scene.phones, &stream))"
            return ["fault block \(transport)\(who) for \(length)"]
        case .partition:
            let ends =
                "\(Self.some(of: scene.phones, &stream)) \(Self.some(of: scene.phones, &stream))"
            let way = stream.below(2) == 0 ? "" : " one-way"
            return ["fault partition \(ends)\(way) for \(length)"]
        case .isolate:
            return ["fault isolate \(Self.some(of: scene.phones, &stream)) for \(length)"]
        case .stalledTransfer:
            // Three times as long as a child waits, so that some fall back.
            return ["fault \(rawValue) \(phone) for \(10 + stream.below(150))s"]
        case .crash, .freeze, .unauthorised, .duplicateAddress, .forgedClaims, .endlessOffers,
            .wrongBytes:
            return ["fault \(rawValue) \(phone) for \(length)"]
        case .crashKeepingFlash: return ["fault crash \(phone) keep-flash for \(length)"]
        case .reboot: return ["fault reboot \(phone)"]
        case .duplicate, .reorder:
            let scope = Self.scope(scene.phones, &stream, FaultMessage.broadcasts)
            return ["fault \(rawValue)\(scope) for \(length)"]
        case .corrupt: return ["fault corrupt\(Self.scope(scene.phones, &stream)) for \(length)"]
        case .clockDrift:
            let rate = 1 + stream.below(300_000)
            let way = stream.below(2) == 0 ? "" : " slow"
            return ["fault clock-drift \(rate) \(phone)\(way) for \(length)"]
        case .powerLoss, .diskFull, .corruptBlock:
            let who = Self.some(of: scene.phones, &stream)
            return ["fault \(rawValue) \(who)\(Self.choice(&stream)) for \(length)"]
        case .slowDisk:
            let who = Self.some(of: scene.phones, &stream)
            let times = 2 + stream.below(30)
            return ["fault slow-disk \(times) \(who)\(Self.choice(&stream)) for \(length)"]
        case .serverDown, .serverFull, .serverSlow, .wrongFile, .truncatedFile:
            return ["fault \(serverFault(&stream)) for \(length)"]
        case .bug:
            let what = KnownBug.secondPhoneToServer.id + (stream.below(4) == 0 ? " off" : "")
            return ["bug \(what) in \(phone)", "reset \(phone)"]
        }
    }

    /// A fault of the server, without its time.
    private func serverFault(_ stream: inout RandomStream) -> String {
        let server = World.serverName
        switch self {
        case .serverSlow: return "\(rawValue) \(1 + stream.below(2_000))ms \(server)"
        case .wrongFile, .truncatedFile:
            return "\(rawValue) \(server)\(Self.choice(&stream))"
        default: return "\(rawValue) \(server)"
        }
    }

    /// Which of the writes or transfers a fault hits.
    private static func choice(_ stream: inout RandomStream) -> String {
        var text = ""
        if stream.below(4) == 0 { text += " file \(1 + stream.below(3))" }
        if stream.below(4) == 0 { text += " nth \(1 + stream.below(4))" }
        if stream.below(2) == 0 { text += " chance \(1 + stream.below(99))%" }
        return text
    }

    private static func one(of phones: [String], _ stream: inout RandomStream) -> String {
        phones[Int(stream.below(UInt64(phones.count)))]
    }

    /// One phone up to all.
    private static func some(of phones: [String], _ stream: inout RandomStream) -> String {
        let count = 1 + stream.below(UInt64(min(phones.count, 8)))
        var chosen: [String] = []
        for _ in 0..<count {
            let phone = one(of: phones, &stream)
            if !chosen.contains(phone) { chosen.append(phone) }
        }
        return chosen.joined(separator: ",")
    }

    /// How long a fault lasts: most a few seconds, some longer than a link may be silent.
    private static func length(_ stream: inout RandomStream) -> String {
        let most: UInt64 = stream.below(3) == 0 ? 60_000 : 6_000
        return "\(50 + stream.below(most))ms"
    }

    /// Which messages a fault hits.
    private static func scope(
        _ phones: [String],
        _ stream: inout RandomStream,
        _ kinds: [FaultMessage] = FaultMessage.allCases
    ) -> String {
        var text = ""
        switch stream.below(4) {
        case 0: text += " in \(some(of: phones, &stream))"
        case 1: text += " from \(some(of: phones, &stream))"
        case 2: text += " to \(some(of: phones, &stream))"
        default: break
        }
        if stream.below(2) == 0 {
            text += " message \(kinds[Int(stream.below(UInt64(kinds.count)))].rawValue)"
        }
        if stream.below(3) == 0 { text += " nth \(1 + stream.below(4))" }
        if stream.below(2) == 0 { text += " chance \(1 + stream.below(99))%" }
        return text
    }
}
