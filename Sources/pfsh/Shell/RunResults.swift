// What came of a run, as data: what every run is asked for, and what its script names by `result`. A
// sweep writes it, one line for each run.

import Interpreter
import PFSRuntime

/// Values that a script names as the results of its run.
struct RunResults {
    /// The names that every run's results have already.
    static let standardNames = [
        "elapsed", "events", "phones", "done", "failed", "wan", "fetches",
    ]

    /// Names and values, in the order in which they were named first.
    private(set) var named: [(name: String, value: Value)] = []

    /// Gives a result its value; of several the last counts.
    mutating func set(_ name: String, to value: Value) {
        if let index = named.firstIndex(where: { $0.name == name }) {
            named[index].value = value
        } else {
            named.append((name, value))
        }
    }

    /// All results of a world's run: the time that passed, events, phones by outcome, bytes over all WAN
    /// links, the server's fetches, and what the script named.
    func all(in world: World) -> [(name: String, value: Value)] {
        var done: Int64 = 0
        var failed: Int64 = 0
        let phones = world.phones
        for phone in phones {
            switch world.snapshot(phone).outcome {
            case .succeeded: done += 1
            case .failed: failed += 1
            case .none: break
            }
        }
        let bytes = world.siteNames.indices.reduce(Int64(0)) { sum, site in
            let details = world.siteDetails(site)
            return sum + (details.wan == nil ? 0 : details.bytes)
        }
        let standard: [Value] = [
            .duration(nanoseconds: world.now.nanoseconds),
            .integer(Int64(clamping: world.eventCount)), .integer(Int64(phones.count)),
            .integer(done), .integer(failed), .size(bytes: bytes),
            .integer(Int64(world.fetchCounts.total)),
        ]
        return zip(Self.standardNames, standard).map { ($0, $1) } + named
    }
}
