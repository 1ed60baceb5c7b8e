// What a seed stands for in a storm: the world, which mishaps are on and how heavy each is, how many
// there are and in which time. All of it is drawn here, and said with the seed.

import Interpreter
import PFSRuntime

/// The settings of one run of a storm.
struct StormSettings: Equatable {
    /// The seed, of the world too.
    let seed: UInt64
    /// The phones, by model.
    let phones: [(model: String, count: Int)]
    /// The link of their site; nil where the server is in the same place.
    let wan: String?
    /// The sizes of the files of the load, and of another one, in bytes.
    let sizes: [Int]
    /// The time from one phone's start to the next; nil: within a random second.
    let staggerMilliseconds: Int64?
    /// What can go wrong, with its weight.
    let weights: [(mishap: StormMishap, weight: UInt64)]
    /// How many times something does.
    let mishapCount: Int
    /// The safety phase: the time in which it does, in milliseconds.
    let windowMilliseconds: Int64

    /// Whether phones give the load that they run, in a world that is made up.
    let servesWhenDone: Bool

    /// The most mishaps of a run: own choice, more hide each other.
    private static let mostMishaps: UInt64 = 16

    /// The settings of a seed, in a world of so many phones.
    init(seed: UInt64, phones count: Int) {
        var stream = RandomStream(seed: seed, purpose: .storm, index: 0)
        self.seed = seed
        let second =
            stream.below(3) == 0 && count > 1 ? 1 + Int(stream.below(UInt64(count - 1))) : 0
        phones = [("CP-7961G", count - second), ("CP-7941G", second)].filter { $0.1 > 0 }
        let links: [String?] = [
            nil, nil, "384kbps rtt 150ms", "1544kbps rtt 40ms", "10Mbps rtt 5ms",
            "2Mbps rtt 80ms loss 1%",
        ]
        wan = links[Int(stream.below(UInt64(links.count)))]
        let components = 1 + Int(stream.below(3))
        sizes = [600] + (0..<components).map { _ in 500 + Int(stream.below(200_000)) }
        let staggers: [Int64?] = [nil, nil, 0, 5, 100, 1_500]
        staggerMilliseconds = staggers[Int(stream.below(UInt64(staggers.count)))]
        // A tenth of the runs is calm: nothing goes wrong there, and nothing may be fetched twice.
        let isCalm = stream.below(10) == 0
        var weights: [(mishap: StormMishap, weight: UInt64)] = []
        for mishap in StormMishap.allCases {
            let isOn = stream.below(2) == 0
            let weight = 1 + stream.below(8)
            if isOn, !isCalm { weights.append((mishap, weight)) }
        }
        self.weights = weights
        mishapCount = weights.isEmpty ? 0 : 1 + Int(stream.below(Self.mostMishaps))
        windowMilliseconds = 5_000 + Int64(stream.below(90_000))
        servesWhenDone = stream.below(4) == 0
    }

    static func == (left: StormSettings, right: StormSettings) -> Bool { left.text == right.text }

    /// All of it in one line.
    var text: String {
        let who = phones.map { "\($0.count) \($0.model)" }.joined(separator: " + ")
        let files = sizes.map { "\($0)B" }.joined(separator: ",")
        let start = staggerMilliseconds.map { "stagger \($0)ms" } ?? "start in 1s"
        let serving = servesWhenDone ? ", serve-when-done" : ""
        return
            "seed \(seed): \(who), wan \(wan ?? "none"), files \(files), \(start)\(serving), \(mishaps)"
    }

    /// What goes wrong, in one line.
    var mishapText: String { "seed \(seed): \(mishaps)" }

    private var mishaps: String {
        if weights.isEmpty { return "calm" }
        let what = weights.map { "\($0.mishap.rawValue) \($0.weight)" }.joined(separator: ", ")
        return "\(mishapCount) mishaps in \(windowMilliseconds)ms of: \(what)"
    }
}
