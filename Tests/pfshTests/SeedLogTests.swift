// The only public log of peer firmware sharing, and what examples/lone-root.pfsh prints: the same
// lines to the letter up to XfrCmd, each time stamp within 5 ms.

import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("The seed's own log") struct SeedLogTests {
    /// A console line in its parts.
    struct Line {
        let level: Substring
        let microseconds: Int64
        let text: Substring

        init?(_ line: Substring) {
            let parts = line.split(separator: " ", maxSplits: 2)
            guard parts.count == 3, LogSeverity(rawValue: String(parts[0])) != nil,
                let time = try? TimeOfDay(parts[1])
            else { return nil }
            level = parts[0]
            microseconds = time.microseconds
            text = parts[2]
        }
    }

    private static func lines(_ text: String) -> [Line] {
        text.split(separator: "\n").compactMap { Line($0) }
    }

    @Test("the lone root prints it to the letter, each stamp within 5 ms")
    func loneRoot() throws {
        let seed = Self.lines(Repository.text("Tests/pfshTests/Fixtures/seed-dload.log"))
        #expect(seed.count == 26)
        let harness = ShellHarness()
        let script = Repository.root + "/examples/lone-root.pfsh"
        #expect(harness.session.runFile(script) == .finished)
        let printed = Self.lines(harness.text)
        #expect(printed.count == seed.count)
        for (own, real) in zip(printed, seed) {
            #expect(own.level == real.level)
            #expect(own.text == real.text)
            let apart = abs(own.microseconds - real.microseconds)
            #expect(apart <= 5_000, "\(real.text): \(apart) µs apart")
        }
    }

    @Test("other seeds print the same lines at other microseconds")
    func otherSeeds() {
        let seed = Self.lines(Repository.text("Tests/pfshTests/Fixtures/seed-dload.log"))
        for number in 2...6 {
            let harness = ShellHarness(seed: UInt64(number))
            _ = harness.session.runFile(Repository.root + "/examples/lone-root.pfsh")
            let printed = Self.lines(harness.text)
            #expect(printed.map(\.text) == seed.map(\.text))
            for (own, real) in zip(printed, seed) {
                #expect(abs(own.microseconds - real.microseconds) <= 5_000)
            }
        }
    }
}
