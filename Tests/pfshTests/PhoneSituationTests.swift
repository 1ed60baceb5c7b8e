// What people do at their phones, and what it does to an upgrade: calls and factory resets; a single file
// as firmware; firmware that is too old to be sent on at once.

import Glibc
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Calls and factory resets") struct PhoneSituationTests {
    private static let office = """
        site branch wan 1.544Mbps rtt 20ms
        subnet voice 10.4.0.0/24 site branch
        phones 4 model CP-7961G subnet voice
        pfs enterprise on
        firmware define SCCP41.9-9-9TEST sizes 648B,100KB

        """

    @Test("a phone in a call is reset when the call ends, and the others do not wait for it")
    func lateReset() {
        let shell = ShellHarness()
        let result = shell.run(
            Self.office + """
                busy P2 for 5m
                push SCCP41.9-9-9TEST to all
                run 4m
                expect P2.state == in-call
                expect count(where (done)) == 3
                run 61s
                expect P2.state != in-call "the call is over"
                run until idle
                expect count(where (done)) == 4
                """
        )
        #expect(result.status == 0, "\(result.text)")
        #expect(shell.run("show phones").text.contains("4: 4 idle, 4 done"))
    }

    @Test("the table of phones says how many resets wait for a call")
    func delayedResets() {
        let shell = ShellHarness()
        let text = shell.run(
            Self.office + "busy P1,P2 for 10m\npush SCCP41.9-9-9TEST to all\nrun 2s\nshow phones"
        ).text
        #expect(
            text.contains("2 in-call") && text.contains("2 resets delayed (in call)"),
            "\(text)"
        )
        // A call without a reset waits for nothing.
        #expect(shell.run("show phones P1 | columns service").text.contains("in"))
    }

    @Test("run until idle waits for a delayed reset, but not for a call alone")
    func idle() {
        let shell = ShellHarness()
        #expect(
            shell.run(Self.office + "busy P1 for 1h\nrun until idle\nexpect now < 1s").status == 0
        )
        let result = shell.run("reset P1\nrun until idle\nexpect now >= 1h\nexpect now < 61m")
        #expect(result.status == 0, "\(result.text)")
    }

    @Test("ending a call lets the reset come at once; a longer call puts it off")
    func changedCalls() {
        let shell = ShellHarness()
        let result = shell.run(
            Self.office + """
                busy P1,P2 for 10m
                reset P1,P2
                run 1m
                no busy P1
                run 1s
                expect P1.state == idle
                busy P2 for 30m
                run 20m
                expect P2.state == in-call
                run 11m
                expect P2.state == idle
                expect count(state in-call) == 0
                """
        )
        #expect(result.status == 0, "\(result.text)")
    }

    @Test("a phone that fetches firmware takes no call, and nothing is changed then")
    func outOfService() {
        let shell = ShellHarness()
        let result = shell.run(Self.office + "push SCCP41.9-9-9TEST to P1\nrun 5s\nbusy all for 5m")
        #expect(result.status == 2 && result.text.contains("out of service: P1"), "\(result.text)")
        #expect(shell.run("say count(state in-call)").text == "0\n")
    }

    @Test("a share of the phones is the same each time, and another with another seed")
    func shares() {
        let script =
            Self.office + "phones 96 model CP-7961G\nbusy 25% of all for 5m\n"
            + "expect count(state in-call) == 25\nshow phones state in-call | columns name"
        let first = ShellHarness(seed: 3).run(script)
        #expect(first.status == 0, "\(first.text)")
        #expect(first == ShellHarness(seed: 3).run(script))
        #expect(first.text != ShellHarness(seed: 4).run(script).text)
    }

    @Test("a factory reset fetches the load of the fixed name alone, then what is configured")
    func factoryReset() {
        let shell = ShellHarness()
        let result = shell.run(
            Self.office + """
                load all SCCP41.9-9-9TEST
                factory-reset P1
                run 1s
                expect P1.firmware == "unknown"
                expect P1.state != idle
                run until P1.firmware == "SCCP41.8-5-4S" within 1h
                expect server.alone == 6 "every file of the load, by itself"
                run 1s
                expect P1.state != idle "it is configured to share, and has read it"
                run until idle
                expect P1.firmware == "SCCP41.9-9-9TEST"
                expect count(running SCCP41.9-9-9TEST) == 1
                firmware show term61.default | count
                """
        )
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.hasSuffix("6\n"), "\(result.text)")
    }

    @Test("a factory reset and a call that are to come stand in the running configuration")
    func configuration() {
        let shell = ShellHarness()
        let ordered = shell.run(Self.office + "busy P1 for 5m\nfactory-reset P2\nreset P1")
        #expect(ordered.status == 0, "\(ordered.text)")
        let again = ShellHarness()
        let built = again.run(shell.run("show running-config").text)
        #expect(built.status == 0, "\(built.text)")
        let look = "run 10m\nshow phones\nshow sites\nclock"
        #expect(again.run(look).text == shell.run(look).text)
    }

    @Test("push file sends one file under a load of its own")
    func pushFile() throws {
        let path = "/tmp/pfsh-push-\(getpid()).bin"
        defer { unlink(path) }
        #expect(Process.run("head -c 300000 /dev/zero > \(path)").status == 0)
        let shell = ShellHarness()
        let result = shell.run(
            Self.office
                + "push file \(path) to all\nrun until idle\nexpect count(where (done)) == 4\n"
                + "say server.fetches"
        )
        #expect(result.status == 0, "\(result.text)")
        let name = "SCCP41.8-5-4S.pfsh-push-\(getpid()).bin"
        #expect(result.text.contains("\(name): 646B and 300KB"), "\(result.text)")
        #expect(result.text.hasSuffix("2\n"), "\(result.text)")
    }

    @Test("firmware that is too old goes by way of a load between, and push says so")
    func firmwarePath() {
        let shell = ShellHarness()
        let old = shell.run(
            "subnet lab 10.9.0.0/24\nphone OLD model CP-7961G runs SCCP41.8-3-1S\n"
                + "firmware path OLD to 9.4(2)SR1 | columns load"
        )
        #expect(old.status == 0, "\(old.text)")
        #expect(
            old.text.split(separator: "\n").map(String.init)
                == ["load", "SCCP41.8-3-1S", "SCCP41.8-5-2S", "SCCP41.9-4-2SR1-1S"],
            "\(old.text)"
        )
        #expect(
            shell.run("push 9.4(2)SR1 to OLD").text.contains("the load fails with \"Auth Fail\"")
        )
        let new = shell.run("phone NEW model CP-7961G\nfirmware path NEW to 9.4(2)SR1 | count")
        #expect(new.text == "2\n")
    }

    @Test("models of a series share where the parameter says so, and do not otherwise")
    func series() {
        let script =
            Self.office + """
                phones 4 model CP-7941G subnet voice prefix Q
                push SCCP41.9-9-9TEST to all
                run until idle
                expect count(where (done)) == 8
                say server.fetches

                """
        let apart = ShellHarness().run(script)
        #expect(apart.status == 0 && apart.text.hasSuffix("\n4\n"), "\(apart.text)")
        let shell = ShellHarness()
        // Set when some phones are there already.
        let joined = shell.run(
            script.replacing(
                "push",
                with: "set parameter hierarchy-by-series on\npush",
                maxReplacements: 1
            )
        )
        #expect(joined.status == 0 && joined.text.hasSuffix("\n2\n"), "\(joined.text)")
        #expect(shell.run("show tree | count").text != "0\n")
        #expect(shell.run("show tree").text.contains(" series  file 1 of 2"))
    }

    @Test("values are pinned from a line of a log")
    func pinFromLog() {
        let shell = ShellHarness()
        let line = "NOT 02:19:24.0 DLoad: @@@HROOT:XID080027F8 H=36685558 m=CP-7961G"
        let result = shell.run(
            Self.office + #"pin P1 file 1 from log "\#(line)" strength 31d4d43d"#
                + "\nshow running-config | include pin"
        )
        #expect(result.status == 0, "\(result.text)")
        #expect(
            result.text.contains("pin P1 file 1 xid 080027f8 hash 36685558 strength 31d4d43d"),
            "\(result.text)"
        )
    }
}
