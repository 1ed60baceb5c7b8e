// Makes a failing script smaller as long as it fails for the same reason. The phones go first, because
// everything is quicker with few of them; a world of fewer phones has other draws, so some other seeds are
// tried with it. Then lines, words and numbers, again and again until nothing more can go.

import Glibc
import Interpreter

/// Makes one script smaller.
struct Shrinker {
    /// Seeds tried where another number of phones makes the failure go away; own choice.
    private static let seedsTried: UInt64 = 40
    /// The most rounds over everything; own choice, the second as a rule changes nothing.
    private static let roundLimit = 6

    /// A script may take twice the events of the smallest so far, or this many.
    ///
    /// Own choice: a link of 1 kbit/s is told in fewer digits than one of 384, but every run after it takes
    /// hours of its world.
    private static let eventsAllowed: UInt64 = 4_000

    private let run = StormRun()
    /// The reason that has to stay.
    let reason: String
    /// The smallest script so far.
    private(set) var script: ShrinkScript
    /// How many scripts were tried.
    private(set) var triedCount = 0
    private let endMilliseconds: Int
    /// What the smallest so far took.
    private var eventCount: UInt64 = 0

    /// A shrinker of a script.
    ///
    /// Throws a diagnostic if the script does not fail.
    init(text: String, seconds: Int) throws(Diagnostic) {
        script = ShrinkScript(text: text)
        endMilliseconds = Self.milliseconds() + seconds * 1_000
        guard let outcome = run.outcome(of: script.text) else { throw Self.stopped }
        guard let reason = outcome.reason else {
            throw Diagnostic("it does not fail: there is nothing to make smaller")
        }
        guard reason != "mistake" else {
            throw Diagnostic("it is no script that runs: \(outcome.message)")
        }
        self.reason = reason
        eventCount = outcome.eventCount
    }

    private static var stopped: Diagnostic { Diagnostic("stopped", kind: .interrupted) }

    /// Shrinks until nothing more can go, or the time is over.
    mutating func shrink() throws(Diagnostic) {
        for _ in 0..<Self.roundLimit {
            let before = script
            try nothingWrong()
            try fewerPhones()
            try fewerLines()
            try knownLoad()
            try fewerWords()
            try simplerNumbers()
            try simplerSeed()
            if script == before || isOver { return }
        }
    }

    private var isOver: Bool { Self.milliseconds() >= endMilliseconds }

    /// Tries a script; keeps it if it fails for the same reason.
    private mutating func keeps(_ candidate: ShrinkScript) throws(Diagnostic) -> Bool {
        guard candidate != script, !isOver else { return false }
        triedCount += 1
        guard let outcome = run.outcome(of: candidate.text) else { throw Self.stopped }
        guard outcome.reason == reason,
            outcome.eventCount <= max(eventCount * 2, Self.eventsAllowed)
        else { return false }
        eventCount = outcome.eventCount
        script = candidate
        return true
    }

    /// A defect may show by itself, if need be with another seed.
    private mutating func nothingWrong() throws(Diagnostic) {
        let calm = script.withoutMishaps()
        guard calm != script, try !keeps(calm) else { return }
        for seed in 1...Self.seedsTried {
            if try keeps(calm.with(seed: seed)) { return }
        }
    }

    private mutating func fewerPhones() throws(Diagnostic) {
        for count in [1, 2, 3, 4, 5, 7, 10, 14, 20, 40] where count < script.phoneCount {
            let fewer = script.with(phones: count)
            if try keeps(fewer) { return }
            for seed in 1...Self.seedsTried {
                if try keeps(fewer.with(seed: seed)) { return }
            }
        }
    }

    private mutating func fewerLines() throws(Diagnostic) {
        var size = max(script.lines.count / 2, 1)
        while true {
            var start = 0
            while start < script.lines.count {
                let range = start..<min(start + size, script.lines.count)
                if try !keeps(script.without(lines: range)) { start += size }
            }
            if size == 1 { return }
            size = size / 2
        }
    }

    private mutating func knownLoad() throws(Diagnostic) {
        while let known = script.withKnownLoad() {
            if try !keeps(known) { return }
        }
    }

    private mutating func fewerWords() throws(Diagnostic) {
        for size in [8, 6, 5, 4, 3, 2, 1] {
            var index = 0
            while index < script.lines.count {
                var place = 0
                while place + size <= script.lines[index].count {
                    let candidate = script.without(words: place..<place + size, ofLine: index)
                    let isEmpty = size == script.lines[index].count
                    let isKept = ShrinkScript.isKept(script.lines[index])
                    if isEmpty || isKept { break }
                    if try !keeps(candidate) { place += 1 }
                }
                index += 1
            }
        }
    }

    private mutating func simplerNumbers() throws(Diagnostic) {
        for index in script.lines.indices where !ShrinkScript.isKept(script.lines[index]) {
            for place in script.lines[index].indices.dropFirst() {
                var isSimpler = true
                while isSimpler {
                    isSimpler = false
                    guard place < script.lines[index].count else { break }
                    for candidate in script.simpler(word: place, ofLine: index) {
                        if try keeps(candidate) {
                            isSimpler = true
                            break
                        }
                    }
                }
            }
        }
    }

    private mutating func simplerSeed() throws(Diagnostic) {
        guard script.lines.contains(where: { $0.first == "seed" }) else { return }
        for seed in 1...9 as ClosedRange<UInt64> {
            if try keeps(script.with(seed: seed)) { return }
        }
    }

    /// Wall time, for when to stop only; where it ends, the script is still one that fails.
    private static func milliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}
