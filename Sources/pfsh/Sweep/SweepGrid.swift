// Which runs a sweep has: every combination of the values given for the script's parameters, each with
// every seed. A run is known by its number, so that a grid of a million runs is a few words.

import Interpreter

/// One run of a sweep.
struct SweepRun: Equatable {
    /// The parameters that were set, with the texts of their values, in the order of the call.
    var parameters: [SweepGrid.Setting]
    /// The seed of all chance.
    var seed: UInt64

    /// The arguments with which the script is called.
    var arguments: [String] { parameters.map { "\($0.name)=\($0.value)" } }

    /// The run in a message.
    var text: String { (arguments + ["seed \(seed)"]).joined(separator: " ") }
}

/// The runs of a sweep.
struct SweepGrid: Equatable {
    /// A parameter and one of its values.
    struct Setting: Equatable {
        let name: String
        let value: String
    }

    /// A parameter and all of its values.
    struct Axis: Equatable {
        let name: String
        let values: [String]
    }

    /// The most runs of one sweep: own choice; their lines are sorted in memory.
    static let runLimit = 1_000_000

    private let axes: [Axis]
    private let seeds: [ClosedRange<UInt64>]
    private let seedCount: Int

    /// How many runs there are.
    let count: Int

    /// The grid of a call: `settings` are texts such as `wan=384kbps,1Mbps`, `seeds` is one such as
    /// `1-1000,2024`.
    ///
    /// Throws a diagnostic that names what is wrong.
    init(settings: [String], seeds: String) throws(Diagnostic) {
        axes = try Self.axes(settings)
        self.seeds = try Self.ranges(seeds)
        var count = 0
        for range in self.seeds {
            let width = range.upperBound - range.lowerBound
            guard width < Self.runLimit, count + Int(width) < Self.runLimit else {
                throw Self.tooMany
            }
            count += Int(width) + 1
        }
        seedCount = count
        for axis in axes {
            let (product, overflows) = count.multipliedReportingOverflow(by: axis.values.count)
            guard !overflows, product <= Self.runLimit else { throw Self.tooMany }
            count = product
        }
        self.count = count
    }

    /// The parameters that are set, with their values.
    var settings: [Axis] { axes }

    /// The run of a number from 0 to below `count`: seeds change fastest, the parameter that was given
    /// first slowest.
    func run(_ number: Int) -> SweepRun {
        var rest = number / seedCount
        var parameters: [Setting] = []
        for axis in axes.reversed() {
            let value = axis.values[rest % axis.values.count]
            parameters.append(Setting(name: axis.name, value: value))
            rest /= axis.values.count
        }
        return SweepRun(parameters: parameters.reversed(), seed: seed(number % seedCount))
    }

    private func seed(_ number: Int) -> UInt64 {
        var rest = UInt64(number)
        for range in seeds {
            let width = range.upperBound - range.lowerBound
            if rest <= width { return range.lowerBound + rest }
            rest -= width + 1
        }
        return 0
    }

    /// Refuses a parameter that the script does not have, or a value that it cannot have.
    func check(against known: [ScriptParameter]) throws(Diagnostic) {
        for axis in axes {
            guard let parameter = known.first(where: { $0.name == axis.name }) else {
                let names = known.map(\.name)
                let near = Spelling.hints(for: axis.name, among: names)
                let all =
                    names.isEmpty
                    ? "the script has no parameters: `parameter \(axis.name) = …` makes one"
                    : "its parameters are " + names.joined(separator: ", ")
                throw Diagnostic(
                    "--set: the script has no parameter `\(axis.name)`",
                    hints: near.isEmpty ? [all] : near
                )
            }
            for value in axis.values {
                if let objection = parameter.objection(to: value) {
                    throw Diagnostic("--set: \(objection)")
                }
            }
        }
    }

    /// The numbers of the runs in one of several parts of about the same size, `2/3` for instance, which
    /// one behind the other are the whole.
    func part(_ text: String) throws(Diagnostic) -> Range<Int> {
        let words = text.split(separator: "/", omittingEmptySubsequences: false)
        guard words.count == 2, let part = Int(words[0]), let parts = Int(words[1]), part >= 1,
            part <= parts, parts <= Self.runLimit
        else { throw Diagnostic("--part: expected a part such as 2/3, not `\(text)`") }
        return count * (part - 1) / parts..<count * part / parts
    }

    // MARK: Reading

    private static var tooMany: Diagnostic {
        Diagnostic("a sweep has \(runLimit) runs at most: give fewer seeds or values")
    }

    private static func axes(_ settings: [String]) throws(Diagnostic) -> [Axis] {
        var axes: [Axis] = []
        for setting in settings {
            guard let sign = setting.firstIndex(of: "="), sign > setting.startIndex else {
                throw Diagnostic("--set: expected NAME=VALUE,VALUE…, not `\(setting)`")
            }
            let name = String(setting[..<sign])
            let values = setting[setting.index(after: sign)...].split(
                separator: ",",
                omittingEmptySubsequences: false
            ).map(String.init)
            if values.contains("") { throw Diagnostic("--set: `\(setting)` lacks a value") }
            guard !axes.contains(where: { $0.name == name }) else {
                throw Diagnostic("--set: \(name) is given twice")
            }
            let repeated = values.indices.first { values[..<$0].contains(values[$0]) }
            if let repeated {
                throw Diagnostic("--set: `\(setting)` has the value \(values[repeated]) twice")
            }
            axes.append(Axis(name: name, values: values))
        }
        return axes
    }

    private static func ranges(_ text: String) throws(Diagnostic) -> [ClosedRange<UInt64>] {
        var ranges: [ClosedRange<UInt64>] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = word.split(separator: "-", omittingEmptySubsequences: false)
            guard let first = UInt64(ends[0]), let last = UInt64(ends[ends.count - 1]),
                ends.count <= 2
            else {
                throw Diagnostic("--seeds: expected seeds such as 1-1000 or 1,2,5, not `\(text)`")
            }
            guard first <= last else {
                throw Diagnostic("--seeds: `\(word)` begins behind its end")
            }
            if let other = ranges.first(where: { $0.overlaps(first...last) }) {
                let both = max(first, other.lowerBound)
                throw Diagnostic("--seeds: `\(text)` has the seed \(both) twice")
            }
            ranges.append(first...last)
        }
        return ranges
    }
}
