// Seeds of random tests. Decides which seeds a test runs with and how a failure says to run it again.

import Foundation

/// A seed that prints as the command that repeats a failing test with it.
struct RepeatableSeed: CustomStringConvertible, Sendable {
    let seed: UInt64
    let suite: String

    /// The seeds 1 to `count`, or the one that `PFSH_SEED` names.
    static func all(_ count: UInt64, suite: String) -> [RepeatableSeed] {
        if let text = ProcessInfo.processInfo.environment["PFSH_SEED"], let seed = UInt64(text) {
            return [RepeatableSeed(seed: seed, suite: suite)]
        }
        return (1...count).map { RepeatableSeed(seed: $0, suite: suite) }
    }

    var description: String { "PFSH_SEED=\(seed) swift test --filter \(suite)" }
}
