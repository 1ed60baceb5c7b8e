// `pfsh test --twice`: what is the same passes with its fingerprint, and where two runs part the first
// event that differs is named.

import PFSRuntime
import Testing

@testable import pfsh

@Suite("Running twice") struct TwiceTests {
    private func traced(seed: UInt64, for length: String = "20s") -> ShellHost {
        let harness = ShellHarness(seed: seed)
        harness.session.host.world.isTracing = true
        let result = harness.run(
            """
            subnet voice 10.4.0.0/24
            phones 4 model CP-7961G subnet voice
            pfs enterprise on
            push 9.4(2)SR1 to all
            run \(length)
            """
        )
        #expect(result.status == 0, "\(result.text)")
        return harness.session.host
    }

    @Test("runs that are alike have no event that differs")
    func alike() {
        #expect(EventDifference.lines(traced(seed: 3), traced(seed: 3)) == nil)
    }

    @Test("the first event that differs is named with its number, time and phone in both")
    func differs() throws {
        let lines = try #require(EventDifference.lines(traced(seed: 3), traced(seed: 4)))
        #expect(lines.count == 3)
        #expect(lines[0] == "the first event that differs is number 1:")
        #expect(lines[1].hasPrefix("  first:  0:00:00."))
        #expect(lines[2].hasPrefix("  second: 0:00:00.") && lines[1] != lines[2])
    }

    @Test("a run that goes on where the other ends says with what")
    func longer() throws {
        let (short, long) = (traced(seed: 3), traced(seed: 3, for: "30s"))
        let lines = try #require(EventDifference.lines(short, long))
        #expect(lines[0].hasPrefix("the second run goes on where the other ends, with number "))
        #expect(lines.count == 2)
    }

    @Test("a script that reads what it wrote itself differs, and the report says where")
    func outside() {
        let result = Calls.run(
            """
            echo 'let turn = 1' > state.pfsh
            cat > toggle.pfsh <<'END'
            source state.pfsh
            if $turn == 1 {
                seed 5
                say "let turn = 2" | save state.pfsh
            } else {
                seed 6
                say "let turn = 1" | save state.pfsh
            }
            subnet voice 10.4.0.0/24
            phones 2 model CP-7961G subnet voice
            push 9.4(2)SR1 to all
            run 20s
            END
            pfsh test --twice toggle.pfsh
            """
        )
        #expect(result.status == 1)
        #expect(result.text.contains("# the second run had another fingerprint"), "\(result.text)")
        #expect(result.text.contains("the first event that differs is number 1:"))
    }
}
