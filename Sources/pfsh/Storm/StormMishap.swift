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
        }
    }

    private static func one(of phones: [String], _ stream: inout RandomStream) -> String {
        phones[Int(stream.below(UInt64(phones.count)))]
    }
}
