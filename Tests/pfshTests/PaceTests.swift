// Virtual time that keeps step with the wall changes nothing of what happens. How long it really takes is
// not compared with anything: only that it waits at all, by what the wall clock says at the least.

import Glibc
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Speed") struct PaceTests {
    private static let script = """
        subnet voice 10.4.0.0/24
        phones 5 model CP-7961G
        pfs enterprise on
        push 9.4(2)SR1 to all
        every 700ms { show phones | count }
        when log /HROOT/ { say now }
        run 2s
        run until log /XfrCmd/ within 20s
        expect count(state idle) == 0 within 1s
        run 150ms

        """

    @Test("the same happens at every speed", arguments: ["1000", "20000.5", "1000000", "max"])
    func sameRun(_ speed: String) {
        let plain = ShellHarness()
        let paced = ShellHarness()
        #expect(plain.run(Self.script).status == 0)
        #expect(paced.run("speed \(speed)\n" + Self.script).status == 0)
        #expect(paced.text == plain.text)
        #expect(paced.session.host.world.fingerprint == plain.session.host.world.fingerprint)
        #expect(paced.session.host.world.now == plain.session.host.world.now)
    }

    @Test("at a speed, time waits for the wall")
    func waits() {
        let begin = Self.milliseconds()
        #expect(ShellHarness().run("speed 100\nrun 10s\nspeed 1000\nrun 50s").status == 0)
        #expect(Self.milliseconds() - begin >= 150)
    }

    @Test("a speed is shown, by the prompt too")
    func shown() {
        let shell = ShellHarness(isInteractive: true)
        #expect(shell.session.prompt(columns: 80) == "0:00:00.000 virtual> ")
        #expect(shell.enter("speed realtime").status == 0)
        #expect(shell.session.prompt(columns: 80) == "0:00:00.000 virtual x1> ")
        #expect(shell.enter("speed 2.50").status == 0)
        #expect(shell.enter("show speed").text == "2.5 times the clock on the wall\n")
        #expect(!shell.session.host.notebook.script(seed: nil).contains("speed realtime"))
    }

    private static func milliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}
