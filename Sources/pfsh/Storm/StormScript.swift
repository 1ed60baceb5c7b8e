// A run of a storm as a script: the world, what goes wrong and when, then everything healed and run to
// its end. What fails can be repeated, read and made smaller without the storm.

import Interpreter
import PFSRuntime

/// Makes scripts of settings.
enum StormScript {
    /// The load that all phones are to run, and another one.
    private static let loads = (first: "SCCP41.9-9-9STORM", other: "SCCP41.9-9-9OTHER")
    /// The word before a phone's number, by model.
    private static let prefixes = ["A", "B"]

    /// The script of one run, with a defect planted, if one is named.
    static func text(_ settings: StormSettings, planted: PlantedDefect? = nil) -> String {
        var lines = ["seed \(settings.seed)", "invariants on"]
        if let planted { lines.append("set parameter planted-\(planted.name) 1") }
        if settings.servesWhenDone { lines.append("set parameter serve-when-done on") }
        let site = settings.wan == nil ? "" : " site branch"
        if let wan = settings.wan { lines.append("site branch wan \(wan)") }
        lines.append("subnet voice 10.4.0.0/16\(site)")
        var names: [String] = []
        for (place, group) in settings.phones.enumerated() {
            let prefix = prefixes[place]
            lines.append(
                "phones \(group.count) model \(group.model) subnet voice prefix \(prefix)"
            )
            names += (1...group.count).map { "\(prefix)\($0)" }
        }
        let sizes = settings.sizes.map { "\($0)B" }.joined(separator: ",")
        lines.append("firmware define \(loads.first) sizes \(sizes)")
        lines.append("firmware define \(loads.other) sizes 600B,\(settings.sizes[0] + 9_000)B")
        lines.append("pfs enterprise on")
        let stagger = settings.staggerMilliseconds.map { " stagger \($0)ms" } ?? ""
        lines.append("push \(loads.first) to all\(stagger)")
        var scene = StormMishap.Scene(phones: names, loads: loads)
        lines += mishaps(settings, &scene)
        lines += ending(settings)
        return lines.map { $0 + "\n" }.joined()
    }

    /// The blocks of what goes wrong, in the order of time.
    static func mishaps(_ settings: StormSettings, _ scene: inout StormMishap.Scene) -> [String] {
        var stream = RandomStream(seed: settings.seed, purpose: .storm, index: 1)
        let window = UInt64(settings.windowMilliseconds)
        let times = (0..<settings.mishapCount).map { _ in 1 + Int64(stream.below(window)) }
        let sum = settings.weights.reduce(0) { $0 + $1.weight }
        return times.sorted().map { time in
            var draw = stream.below(sum)
            var chosen = settings.weights[0].mishap
            for (mishap, weight) in settings.weights {
                chosen = mishap
                if draw < weight { break }
                draw -= weight
            }
            let commands = chosen.commands(&scene, &stream)
            return "at \(time)ms { \(commands.joined(separator: "; ")) }"
        }
    }

    /// The end of the safety phase, and the convergence phase.
    static func ending(_ settings: StormSettings) -> [String] {
        var lines: [String] = []
        if settings.mishapCount > 0 { lines.append("run \(settings.windowMilliseconds + 1)ms") }
        lines += ["heal", "run until idle", "expect invariants"]
        return lines
    }
}
