// The ends of what can be asked for, from both sides: links, the clock, staggers, names, full disks,
// lines without an end, closed streams.

import Testing

@testable import pfsh

@Suite("Extreme values") struct ExtremeValueTests {
    private static let office = "subnet v 10.4.0.0/24\nphones 2 model CP-7961G\n"

    @Test(
        "what lies within the bounds is taken, one more is refused with the bound",
        arguments: [
            ("site a wan 1000Gbps rtt 1h", "site a wan 1001Gbps rtt 1h", "from 1bps to 1000Gbps"),
            ("site a wan 1bps rtt 0s", "site a wan 0bps rtt 0s", "from 1bps to 1000Gbps"),
            ("site a wan 1bps rtt 1h", "site a wan 1bps rtt 3601s", "from 0s to 1h"),
            ("subnet w 10.5.0.0/24 lan 1bps", "subnet w 10.5.0.0/24 lan 0bps", "from 1bps"),
            ("run 876600h", "run 876601h", "ends after 100 years"),
            ("run 876600h\nclock", "run 876600h\nrun 1ns", "ends after 100 years"),
            (
                "push 9.4(2)SR1 to all stagger 876000h",
                "phones 1 model CP-7961G\npush 9.4(2)SR1 to all stagger 876000h",
                "after the end of the world's clock"
            ),
        ]
    )
    func bounds(within: String, beyond: String, words: String) {
        let taken = ShellHarness().run(Self.office + within)
        #expect(taken.status == 0, "\(taken.text)")
        let refused = ShellHarness().run(Self.office + beyond)
        #expect(refused.status == 2 && refused.text.contains(words), "\(refused.text)")
    }

    @Test("a removed phone's name and address can be had again, and the world goes on")
    func removedName() {
        let harness = ShellHarness()
        let script = "remove P2\nphone P2 model CP-7961G\npush 9.4(2)SR1 to all\nrun until idle"
        let result = harness.run(Self.office + script)
        #expect(result.status == 0, "\(result.text)")
        #expect(harness.run("say count(where (done))").text == "2\n")
    }

    @Test(
        "a disk that is full is said, with status 3",
        arguments: ["-c 'say 1' > /dev/full", "-c 'repeat 9999 { say 1 }' > /dev/full"]
    )
    func fullDisk(call: String) {
        let result = Calls.run("pfsh \(call)")
        #expect(result.status == 3)
        #expect(result.text.hasPrefix("error: standard output cannot be written: No space left"))
        #expect(result.text.count { $0 == "\n" } == 1, "\(result.text)")
    }

    @Test("a log file that takes no more is said once, and the run goes on")
    func fullLog() {
        let result = Calls.run(
            "pfsh --log /dev/full -c '\(Self.office)push 9.4(2)SR1 to all\nrun 3s\nsay now'"
        )
        #expect(result.text.hasSuffix("3s\n"), "\(result.text)")
        #expect(result.text.split(separator: "\n").count { $0.contains("/dev/full") } == 1)
    }

    @Test("a line without an end is refused before its end, and takes no memory without end")
    func endlessLine() {
        let result = Calls.run("tr '\\0' x < /dev/zero | timeout 60 \(Calls.shell)")
        #expect(result.status == 2)
        #expect(result.text.contains("more than the 1048576 bytes"), "\(result.text)")
    }

    @Test("closed standard streams neither hang the shell nor harm a file")
    func closedStreams() {
        let input = Calls.run("timeout 20 \(Calls.shell) <&-; echo $?")
        #expect(input.text == "0\n")
        let output = Calls.run("timeout 20 \(Calls.shell) -c 'say 1' >&-")
        #expect(output.status == 3)
        #expect(output.text.contains("standard output cannot be written: Bad file descriptor"))
        let errors = Calls.run("timeout 20 \(Calls.shell) -c 'bogus' 2>&-; echo $?")
        #expect(errors.text == "2\n")
        let all = Calls.run(
            """
            timeout 20 \(Calls.shell) -c '\(Self.office)show phones | csv | save out.csv' \
                <&- >&- 2>&-
            echo $?; wc -l < out.csv
            """
        )
        #expect(all.text == "0\n3\n", "\(all.text)")
    }

    @Test("a reader that goes away ends the shell without a word")
    func readerGone() {
        let result = Calls.run(
            "timeout 60 \(Calls.shell) -c 'repeat 1000000 { say 1 }' | head -n 1"
        )
        #expect(result.text == "1\n", "\(result.text)")
    }
}
