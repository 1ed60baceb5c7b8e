// Seeds of the random tests. `PFSH_SEED` adds one, `PFSH_FUZZ` sets how many rounds each seed runs;
// what a failure prints is the command that repeats it.

import Foundation

enum Seeds {
    static let all: [UInt64] = {
        let given = ProcessInfo.processInfo.environment["PFSH_SEED"].flatMap(UInt64.init)
        return given.map { [$0] } ?? [1, 2, 3, 5, 8, 13]
    }()

    static let rounds: Int =
        ProcessInfo.processInfo.environment["PFSH_FUZZ"].flatMap(Int.init) ?? 400

    static func repeating(_ seed: UInt64, _ test: String) -> String {
        "repeat by: PFSH_SEED=\(seed) PFSH_FUZZ=\(rounds) swift test --filter \(test)"
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): small, and the same on every machine.
struct SeededGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, `bound`.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }
}
