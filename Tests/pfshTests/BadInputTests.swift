// What is wrong is said once, at its place, with what to do; and changes nothing.

import Glibc
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Bad input") struct BadInputTests {
    private static let setup = """
        site branch wan 384kbps rtt 150ms
        subnet voice 10.4.0.0/24 site branch
        profile standard
        phones 3 model CP-7961G subnet voice
        phone P7 model CP-7940G subnet voice
        """

    /// A line that is refused, where, and words of the message.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let line: String
        let column: Int
        let words: String
        var testDescription: String { line }

        init(_ line: String, _ column: Int, _ words: String) {
            self.line = line
            self.column = column
            self.words = words
        }
    }

    static let refusals = [
        Refusal("phon P9 model CP-7961G", 1, "unknown command"),
        Refusal("sh phones", 1, "show"),
        Refusal("phone P9 modle CP-7961G", 10, "model"),
        Refusal("phone P9 model CP-9999", 16, "CP-9999"),
        Refusal("phone P9 model CP-7961G subnet voise", 32, "voise"),
        Refusal("phone P9 model CP-7961G ip 10.4.0.300", 28, "an IPv4 address"),
        Refusal("phone P9 model CP-7961G ip 10.5.0.9", 28, "10.4.0.0/24"),
        Refusal("phone P9 model CP-7961G ip 10.4.0.0", 28, "host"),
        Refusal("phone P9 model CP-7961G ip 10.4.0.11", 28, "P1"),
        Refusal("phone P9 model CP-7961G mac 12345", 29, "MAC"),
        Refusal("phone P9 model CP-7961G mac 020000000001", 29, "P1"),
        Refusal("phone P9 model CP-7961G runs SCCP42.8-5-4S", 30, "does not fit"),
        Refusal("phone P9 model CP-7961G runs SCCP41.1-1-1S", 30, "unknown load"),
        Refusal("phone P9 model CP-7931G protocol sip", 7, "does not speak"),
        Refusal("phone P1 model CP-7961G", 7, "exists"),
        Refusal("phone 9P model CP-7961G", 7, "no name"),
        Refusal("phone all model CP-7961G", 7, "word of the language"),
        Refusal("phones 0 model CP-7961G", 8, "1 or more"),
        Refusal("phones -3 model CP-7961G", 8, ""),
        Refusal("phones 3.5 model CP-7961G", 8, "whole number"),
        Refusal("phones 300 model CP-7961G subnet voice", 8, "/23 would fit"),
        Refusal("site branch wan 1Mbps rtt 5ms", 6, "exists"),
        Refusal("site other wan 1Mpbs rtt 5ms", 16, "a rate"),
        Refusal("site other wan 1Mbps rtt 5", 26, "a duration"),
        Refusal("site other wan 1Mbps", 16, "rtt"),
        Refusal("site other wan 0bps rtt 5ms", 16, "from 1bps"),
        Refusal("site other wan -1kbps rtt 5ms", 16, ""),
        Refusal("site other wan 1Mbps rtt 5ms loss 100%", 35, "less than 100%"),
        Refusal("site other wan 1Mbps rtt 5ms loss -1%", 35, "from 0%"),
        Refusal("site other wan 1Mbps rtt 5ms busy 100%", 35, "less than 100%"),
        Refusal("site other wan 1Mbps rtt 5ms busy 5", 35, "a percentage"),
        Refusal("site other loss 5%", 17, "wan RATE"),
        Refusal("server nas", 8, "needs `site SITE` and `ip ADDRESS`"),
        Refusal("server nas site branch ip 10.4.0.11", 27, "P1"),
        Refusal("server nas site nowhere ip 10.4.0.5", 17, "nowhere"),
        Refusal("server tftp1 site branch", 19, "stands at hq"),
        Refusal("server tftp1 max-serving 0", 26, "from 1"),
        Refusal("server tftp1 lacks 9.4(2)SR1", 20, "not a version"),
        Refusal("server tftp1 lacks SCCP41.9-4-2SR9-9S", 20, "unknown load"),
        Refusal("tftp serve . port 65536", 19, "0 to 65535"),
        Refusal("tftp serve . port 0 max-serving 0", 33, "1 to 10000"),
        Refusal("no tftp serve", 1, "nothing is served"),
        Refusal("capture /tmp/pfsh-no.pcapng to 5s", 32, "needs `from TIME`"),
        Refusal("capture /tmp/pfsh-no.pcapng from 5s", 34, "ends before it begins"),
        Refusal("capture /tmp/pfsh-no.pcapng from 0s to 5s", 40, "still to come"),
        Refusal("capture /tmp/pfsh-no.pcapng P9", 29, "P9"),
        Refusal("show story", 1, "tells of no phone yet"),
        Refusal("compare runs /dev/null", 1, "needs the name of a file"),
        Refusal("compare runs /dev/null /dev/null", 14, "tells of no phone"),
        Refusal("compare runs , /dev/null", 14, "the name of a log"),
        Refusal("compare runs /dev/null /dev/null within -1s", 41, ""),
        Refusal("tftp get self f", 10, "serves nothing"),
        Refusal("tftp get 127.0.0.1 f port 0", 27, "1 to 65535"),
        Refusal("tftp get 127.0.0.1 f blksize 7", 30, "8 to 65464"),
        Refusal("tftp get 127.0.0.1 f windowsize 65536", 33, "1 to 65535"),
        Refusal("tftp get 127.0.0.1 f timeout 1500ms", 30, "whole seconds"),
        Refusal("tftp get 127.0.0.1 f sha256 12", 29, "64 hexadecimal digits"),
        Refusal("load-server phone P9 10.4.0.5", 19, "P9"),
        Refusal("load-server phone P1 nas", 22, "the address of a server"),
        Refusal("load-server profile standart none", 21, "standart"),
        Refusal("log-server phone P1 nas", 21, "a Log Server"),
        Refusal("log-server enterprise 10.4.0.5:0", 23, "a Log Server"),
        Refusal("log-server profile standart none", 20, "standart"),
        Refusal("config load /tmp subnet voise", 25, "voise"),
        Refusal("config load /tmp zero maybe", 23, "maybe"),
        Refusal("expect alarm P1 method 4", 24, "1, 2 or 3"),
        Refusal("expect alarm P1 reason 12", 24, "for that reason"),
        Refusal("compare SCCP41.9-4-2SR9-9S to all", 9, "unknown load"),
        Refusal("compare 9.4(2)SR1 to P9", 22, "P9"),
        Refusal("compare 9.4(2)SR1 to P1 methods ftp", 33, "ftp"),
        Refusal("compare 9.4(2)SR1 to P1 window 22:00", 32, "a window such as"),
        Refusal("compare 9.4(2)SR1 to P1 window 22:00-25:00", 32, "hours"),
        Refusal("compare SCCP41.8-5-4S to P1", 26, "run the load already"),
        Refusal("compare SCCP41.9-4-2SR1-1S to P7", 9, "does not fit"),
        Refusal("plan examples/plan-enterprise.csv load 1.1(1)", 6, "1 of 8 rows"),
        Refusal("fidelity packets", 10, "flow, packet"),
        Refusal("show alarms last 0", 18, "1 or more"),
        Refusal("subnet voice 10.5.0.0/24", 8, "exists"),
        Refusal("subnet other 10.4.0.0/25", 14, "overlaps"),
        Refusal("subnet other 10.5.0.1/24", 14, "host bits"),
        Refusal("subnet other 10.5.0.0/33", 14, "a subnet such as"),
        Refusal("subnet other 10.5.0.0/31", 14, "no room"),
        Refusal("subnet other 10.0.0.0/8", 14, "too large"),
        Refusal("profile standard", 9, "exists"),
        Refusal("pfs device P9 on", 12, "P9"),
        Refusal("pfs device P1 maybe", 15, "on, off, default"),
        Refusal("pfs profile standart on", 13, "standart"),
        Refusal("load P1 SCCP41.9-4-2SR9-9S", 9, "unknown load"),
        Refusal("load all SCCP41.9-4-2SR1-1S", 10, "P7 (CP-7940G takes"),
        Refusal("load P1 SCCP41.8-2-1S", 9, "not public"),
        Refusal("push SCCP41.9-4-2SR1-1S P1", 25, "to"),
        Refusal("push SCCP41.9-4-2SR1-1S to where (state == idel)", 44, "idel"),
        Refusal("defaults CP-7961G load SCCP42.9-4-2SR1-1S", 24, "does not fit"),
        Refusal("cucm ten", 6, "CUCM version"),
        Refusal("bug CSCud6570", 5, "a known bug such as CSCus67416, not `CSCud6570`"),
        Refusal("bug CSCud66570 off in P1", 23, "about CP-7931G"),
        Refusal("bug CSCus67416 in P9", 19, "P9"),
        Refusal("no bug CSCtb49726 in P1", 22, "about CP-7942G, CP-7962G"),
        Refusal("device-pack", 1, "has MODEL"),
        Refusal("device-pack has CP-7961G lacks CP-7961G", 32, "named twice"),
        Refusal("device-pack lacks CP-7940G", 19, "has no such field"),
        Refusal("device-pack lacks CP-9999", 19, "CP-9999"),
        Refusal("bulk template 9x model CP-7961G", 15, "no name"),
        Refusal("bulk template std model CP-7961G load SCCP42.9-4-2SR1-1S", 39, "does not fit"),
        Refusal("bulk template std model CP-7961G pfs maybe", 38, "on, off, default"),
        Refusal("no bulk template std", 18, "no phone template `std`"),
        Refusal("bulk insert P1 template std", 25, "no phone template `std`"),
        Refusal("bulk update all", 13, "nothing to update"),
        Refusal("bulk update all load SCCP41.9-4-2SR1-1S", 22, "P7 (CP-7940G takes"),
        Refusal("bulk update P9 pfs on", 13, "P9"),
        Refusal("ccmppid all on", 1, "4.1(3), 4.2(3) and 4.3(1), not 10.5(2)"),
        Refusal("ccmppid all default", 13, "on, off"),
        Refusal("show network-configuration P9", 28, "P9"),
        Refusal("seed -1", 6, "0 to 18446744073709551615"),
        Refusal("set parameter tick 0s", 20, "outside the limits of tick"),
        Refusal("set parameter tick 5", 20, "a duration such as 250ms"),
        Refusal("set parameter tik 5s", 15, "a number of the model"),
        Refusal("pin P1 xid 12345", 12, "eight hexadecimal digits"),
        Refusal("pin P1 file 9 xid 080027F8", 13, "counted from 1 to 8"),
        Refusal("pin P1", 5, "nothing to pin"),
        Refusal("pin P1 from log \"nothing of it\"", 17, "no value to pin"),
        Refusal("busy P9 for 1m", 6, "P9"),
        Refusal("busy P1 for 0s", 13, "longer than no time"),
        Refusal("busy 120% of all for 1m", 6, "0% to 100%"),
        Refusal("factory-reset P7", 15, "is not known"),
        Refusal("firmware path P1 to SCCP42.9-4-2SR1-1S", 21, "does not fit"),
        Refusal("push file SCCP41.9-4-2SR1-1S.loads to all", 11, "a manifest"),
        Refusal("export world.txt", 8, ".html"),
        Refusal("fault drop in P9", 15, "P9"),
        Refusal("fault drop message hello", 20, "a kind of message"),
        Refusal("fault drop chance 120%", 19, "0% to 100%"),
        Refusal("fault drop for 0s", 16, "1ns to 1000h"),
        Refusal("fault duplicate message hold", 1, "only broadcasts"),
        Refusal("fault reorder message transfer", 1, "only broadcasts"),
        Refusal("fault clock-drift 0 P1", 19, "1 to 500000"),
        Refusal("fault clock-drift 600000 P1 slow", 19, "1 to 500000"),
        Refusal("fault slow-disk 1 P1", 17, "2 to 1000"),
        Refusal("fault slow-disk 1001 P1", 17, "2 to 1000"),
        Refusal("fault disk-full P1 file 9", 25, "counted from 1 to 8"),
        Refusal("fault power-loss P1 nth 0", 25, "1 or more"),
        Refusal("fault server-slow 2m tftp1", 19, "1m longer"),
        Refusal("fault server-full tftp9", 19, "tftp9"),
        Refusal("fault wrong-file P1", 18, "no server"),
        Refusal("fault crash P1 keepflash", 16, "keepflash"),
        Refusal("fault stalled-transfer", 1, "needs a selector"),
        Refusal("heal 3", 6, "no fault 3"),
        Refusal("speed 0", 7, "a number such as 10"),
        Refusal("speed fast", 7, "a number such as 10"),
        Refusal("!true", 1, "not for scripts"),
        Refusal("clock set 25:00", 11, ""),
        Refusal("run 5", 5, "a duration"),
        Refusal("run until P1.stat == idle", 14, "stat"),
        Refusal("run until P1.state == 5s", 11, ""),
        Refusal("step 0", 1, "1 or more"),
        Refusal("show phone P9", 12, "P9"),
        Refusal("show tree file 9", 16, "counted from 1 to 8"),
        Refusal("log level loud", 11, "trace"),
        Refusal("expect P1.model = \"CP-7961G\"", 17, "=="),
        Refusal("firmware define SCCP41.9-4-2SR1-1S sizes 1KB", 17, "exists"),
        Refusal("firmware list SCCP99", 15, "SCCP"),
        Refusal("help nothing", 6, "no help"),
    ]

    @Test("is refused at its place and changes nothing", arguments: refusals)
    func refused(_ refusal: Refusal) {
        let harness = ShellHarness()
        let setup = harness.run(Self.setup)
        #expect(setup.status == 0, "\(setup.text)")
        let before = harness.run(Self.everything).text
        let result = harness.run("\n" + refusal.line)
        #expect(result.status == 2, "\(result.text)")
        #expect(result.text.hasPrefix("test:2:\(refusal.column): error: "), "\(result.text)")
        #expect(result.text.contains(refusal.words), "\(result.text)")
        #expect(result.text.contains("^"), "\(result.text)")
        let errors = result.text.split(separator: "\n").count { $0.contains(": error: ") }
        #expect(errors == 1, "\(result.text)")
        #expect(harness.run(Self.everything).text == before)
    }

    /// Commands that show all there is.
    private static let everything = """
        show phones
        show sites
        show server
        clock
        show pfs P1
        for p in all { show phone $p }
        """

    @Test("a step past the end says so")
    func stepPastTheEnd() {
        let harness = ShellHarness()
        let result = harness.run("step 2")
        #expect(result.status == 2)
        #expect(result.text.contains("nothing is left to happen"))
    }

    @Test("a run that misses its condition is a failed expectation")
    func missed() {
        let harness = ShellHarness()
        let result = harness.run(Self.setup + "\nrun until P1.state == serving within 5s")
        #expect(result.status == 1)
        #expect(result.text.contains("did not come to hold"))
        #expect(result.text.contains("note: `P1.state` is "))
        #expect(result.text.contains("note: at 0:00:05.000"))
        #expect(harness.session.host.world.now == Instant(nanoseconds: 5_000_000_000))
    }

    @Test("the seed is refused once time has moved")
    func lateSeed() {
        let harness = ShellHarness()
        #expect(harness.run("seed 5\nrun 1s").status == 0)
        let result = harness.run("seed 6")
        #expect(result.status == 2)
        #expect(result.text.contains("before time moves"))
    }

    @Test("random words of the language never trap, and leave the world sound")
    func randomWords() {
        let words = [
            "phone", "phones", "P1", "P2", "P1..P3", "all", "model", "CP-7961G", "7940", "subnet",
            "voice", "site", "branch", "wan", "384kbps", "rtt", "150ms", "10.4.0.0/24", "10.4.0.11",
            "pfs", "device", "on", "off", "default", "unticked", "push", "to", "9.4(2)SR1", "load",
            "reset", "run", "until", "idle", "5s", "2m", "step", "3", "show", "tree", "log",
            "file", "1", "where", "(", ")", "state", "==", "and", "not", "count(all)", "let", "x",
            "=", "$x", "say", "\"text $x\"", "for", "in", "{", "}", "repeat", "2", "if", "expect",
            "within", "/re/", "[", "]", ",", ";", "\n", "#", "é", "\\", "remove", "cancel", "pin",
            "xid", "080027F8", "seed", "7", "screen", "server", "events", "except", "no", "-", "|",
        ]
        for seed in FuzzSeeds.all {
            var random = RandomStream(seed: seed, purpose: .test, index: 1)
            let harness = ShellHarness()
            _ = harness.run(Self.setup)
            var (accepted, refused) = (0, 0)
            for _ in 0..<400 {
                let count = Int(random.below(9)) + 1
                let line = (0..<count).map { _ in words[Int(random.below(UInt64(words.count)))] }
                let result = harness.run(line.joined(separator: " "))
                if result.status == 0 { accepted += 1 } else { refused += 1 }
                #expect(
                    result.status != 3 && !result.text.contains("\u{0}"),
                    "\(FuzzSeeds.command(seed, "BadInputTests"))\n\(line)"
                )
            }
            #expect(accepted > 0 && refused > 0, "\(FuzzSeeds.command(seed, "BadInputTests"))")
        }
    }
}

/// The seeds of random tests: fixed ones, and the one that repeats a failure.
enum FuzzSeeds {
    static let all: [UInt64] = {
        guard let text = getenv("PFSH_SEED"), let seed = UInt64(String(cString: text)) else {
            return [1, 2, 3]
        }
        return [seed]
    }()

    /// The command that repeats a random test.
    static func command(_ seed: UInt64, _ suite: String) -> String {
        "PFSH_SEED=\(seed) swift test --filter \(suite)"
    }
}
