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
        case .crash: return ["fault crash \(phone) for \(length)"]
        case .freeze: return ["fault freeze \(phone) for \(length)"]
        case .serverDown: return ["fault server-down \(World.serverName) for \(length)"]
        case .bug:
            let word = stream.below(4) == 0 ? " off" : ""
            let bug = KnownBug.secondPhoneToServer.id
            return ["bug \(bug)\(word) in \(phone)", "reset \(phone)"]
        }
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
    private static func scope(_ phones: [String], _ stream: inout RandomStream) -> String {
        var text = ""
        switch stream.below(4) {
        case 0: text += " in \(some(of: phones, &stream))"
        case 1: text += " from \(some(of: phones, &stream))"
        case 2: text += " to \(some(of: phones, &stream))"
        default: break
        }
        if stream.below(2) == 0 {
            let kinds = FaultMessage.allCases
            text += " message \(kinds[Int(stream.below(UInt64(kinds.count)))].rawValue)"
        }
        if stream.below(3) == 0 { text += " nth \(1 + stream.below(4))" }
        if stream.below(2) == 0 { text += " chance \(1 + stream.below(99))%" }
        return text
    }
}
