// Tests on copies of the world, and blocks that wait, in the shell's own virtual time.

import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Waiting") struct WaitingTests {
    static let world =
        "subnet voice 10.4.0.0/24\nphones 4 model CP-7961G\npfs enterprise on\n"

    @Test("a test upgrades a copy, and the world has not moved")
    func copies() {
        let harness = ShellHarness()
        let script =
            "test \"upgrade\" { push 9.4(2)SR1 to all ; run until idle ; "
            + "expect count(where (done)) == 4 }\n"
        #expect(harness.run(Self.world + script).text.hasSuffix("passed: upgrade\n"))
        let world = harness.session.host.world
        #expect(world.now == .zero && world.eventCount == 0)
        let prints = (0..<2).map { _ in
            harness.run("test \"t\" { push 9.4(2)SR1 to all ; run 90s ; show log P1 last 3 }").text
        }
        #expect(prints[0] == prints[1])
        #expect(prints[0].contains("DLoad"))
    }

    @Test("a failed test goes on and gives the status; a mistake outranks it")
    func failures() {
        let harness = ShellHarness()
        let result = harness.run("test \"a\" { expect 1 > 2 }\ntest \"b\" { }\nsay \"on\"")
        #expect(result.status == 1)
        #expect(result.text.contains("failed: a\npassed: b\non\n"))
        #expect(harness.run("test \"a\" { expect 1 > 2 }\ntest \"c\" { say 1 / 0 }").status == 2)
        #expect(harness.run("test \"b\" { }").status == 0)
    }

    @Test("blocks run at their times whichever way time passes")
    func times() {
        for command in ["run 3s", "run until now >= 3s", "expect now >= 3s within 3s"] {
            let harness = ShellHarness()
            let result = harness.run(
                Self.world + "push 9.4(2)SR1 to all\n{ every 1s { say now } "
                    + "\n at 1500ms { say \"at\" }\n \(command) }\nrun 2s"
            )
            #expect(result.text.hasSuffix("1s\nat\n2s\n3s\n"), "\(command): \(result.text)")
        }
    }

    @Test("what waits keeps no phone busy")
    func idle() {
        let plain = ShellHarness()
        let waiting = ShellHarness()
        let push = "push 9.4(2)SR1 to all\nrun until idle"
        #expect(plain.run(Self.world + push).status == 0)
        let result = waiting.run(
            Self.world + "let n = 0\nevery 1m { let n = $n + 1 }\nwhen log /HROOT/ { }\n" + push
                + "\nsay $n > 1"
        )
        #expect(result.text.hasSuffix("on\n"), "\(result.text)")
        #expect(waiting.session.host.world.fingerprint == plain.session.host.world.fingerprint)
        #expect(waiting.run("run until idle").status == 0)
    }

    @Test(
        "a block can push time's course: a reset when a log line comes, a world that waits for it"
    )
    func orders() {
        let harness = ShellHarness()
        let script = "when log P1 /XID/ { say \"heard\" ; run 1s }\npush 9.4(2)SR1 to all\nrun 1m"
        let result = harness.run(Self.world + script)
        #expect(result.status == 2)
        #expect(result.text.contains("heard\n"))
        #expect(result.text.contains("time does not go on inside at, every and when"))
        let later = ShellHarness()
        let push = "at 10s { push 9.4(2)SR1 to all }\nrun until log /HROOT/"
        #expect(later.run(Self.world + push).status == 0)
        #expect(later.session.host.world.now.nanoseconds > 10_000_000_000)
    }

    @Test("never fails at the instant at which its condition comes to hold")
    func never() {
        let harness = ShellHarness()
        let result = harness.run(
            Self.world + "push 9.4(2)SR1 to all\nnever server.fetches > 0\nrun until idle"
        )
        #expect(result.status == 1)
        #expect(result.text.contains("`never server.fetches > 0` came to hold"))
        #expect(result.text.contains("`server.fetches` is 1"))
        #expect(!harness.session.host.world.isIdle)
    }

    @Test("a time of day is the next one, and a wrong one is an error")
    func timeOfDay() {
        let harness = ShellHarness()
        let result = harness.run("clock set 21:59:50\n{ at 22:00 { say now } ; run 20s }")
        #expect(result.text == "10s\n")
        #expect(harness.run("at 25:00 { }").status == 2)
    }

    @Test("a script's call sets its parameters, to values of their types only")
    func parameters() {
        let harness = ShellHarness()
        harness.session.setArguments(["size=7", "load=9.4(2)SR1"])
        #expect(harness.run("parameter size = 5\nsay $size + 1").text == "8\n")
        #expect(harness.run("parameter load = \"x\"\nsay $load").text == "9.4(2)SR1\n")
        #expect(harness.run("parameter size = 5s").text.contains("size is a duration, not 7"))
    }

    @Test("a run until idle ends with the phones' work, though a time is still to come")
    func idleBeforeTime() {
        let push = "push 9.4(2)SR1 to all\nrun until idle"
        let plain = ShellHarness()
        #expect(plain.run(Self.world + push).status == 0)
        let waiting = ShellHarness()
        let result = waiting.run(Self.world + "at 5h { say \"five\" }\nevery 3h { }\n" + push)
        #expect(result.status == 0 && !result.text.contains("five"), "\(result.text)")
        #expect(waiting.session.host.now == plain.session.host.now)
        #expect(waiting.run("run 5h").text.contains("five"))
    }
}
