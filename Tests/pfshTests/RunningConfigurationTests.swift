// The present world as commands: what they build is this world, whatever was ordered and in whichever
// order. And the numbers of the model, which are part of it.

import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("The running configuration") struct RunningConfigurationTests {
    /// A random script whose commands are all done at time zero; some of them may be refused.
    static func randomLines(_ seed: UInt64, _ index: UInt64) -> [String] {
        var random = RandomStream(seed: seed, purpose: .test, index: 1_000 + index)
        func below(_ count: Int) -> Int { Int(random.below(UInt64(count))) }
        func one(of words: [String]) -> String { words[below(words.count)] }
        let models = ["CP-7961G", "CP-7941G", "CP-7962G", "7940"]
        let loads = ["9.4(2)SR1", "8.5(4)", "SCCP41.9-9-9TEST", "default"]
        var lines = [
            "site b wan 384kbps rtt 150ms", "subnet voice 10.4.0.0/24 site b",
            "subnet data 10.5.0.0/28 lan 10Mbps", "profile std",
        ]
        for _ in 0..<(12 + below(16)) {
            let phones = one(of: ["P1", "P2..P4", "all", "P*", "Q1,P2", "subnet voice"])
            let value = one(of: ["on", "off", "default", "on unticked", "off unticked"])
            let word = one(of: ["reset", "restart"])
            let subnet = one(of: ["voice", "data"])
            lines.append(
                [
                    "phones \(1 + below(4)) model \(one(of: models)) subnet \(subnet)",
                    "phones \(1 + below(3)) model CP-7961G subnet \(subnet) prefix Q profile std",
                    "phone R\(below(9)) model CP-7961G ip 10.4.0.\(11 + below(20))",
                    "phone S\(below(9)) model CP-7961G subnet voice mac 02000000000\(below(9))",
                    "remove \(one(of: ["P1", "P2..P4", "Q1", "R1..R5"]))",
                    "pfs device (\(phones)) \(value)", "pfs profile std \(value)",
                    "pfs enterprise \(value)", "load (\(phones)) \(one(of: loads))",
                    "defaults CP-7961G load \(one(of: loads))", "apply \(phones)",
                    "firmware define SCCP41.9-9-9TEST sizes 648B,1MB,200KB",
                    "server tftp1 lacks \(one(of: ["SCCP41.9-9-9TEST", "SCCP41.9-4-2SR1-1S"]))",
                    serverLine(below, phones),
                    "pin P1 file 1 xid 080027f8 strength 31d4d43d", "pin P2 map 0000000\(below(9))",
                    "set parameter root-waiting \(1 + below(9))s", "set parameter lan-delay 3ms",
                    "cucm 12.5", bugLine(below, phones), "clock set 02:19:2\(below(9)).634",
                    "push \(one(of: loads)) to \(phones)", "\(word) \(phones)",
                    "\(word) \(phones) stagger 250ms", "seed \(below(99))",
                    "busy \(phones) for \(1 + below(9))m",
                ][below(26)]
            )
        }
        return lines
    }

    private static func bugLine(_ below: (Int) -> Int, _ phones: String) -> String {
        [
            "bug CSCud66570 off", "cucm 5.1(2)", "bug CSCus67416 in (\(phones))",
            "bug CSCus67416\(["", " off"][below(2)])", "bug CSCtb49726 in (\(phones))",
            "bug CSCsh20977", "bug CSCsh20977 off in (\(phones))", "no bug CSCtb49726",
            "device-pack \(["has", "lacks"][below(2)]) CP-7961G,CP-7962G", "no device-pack",
            "bulk template std model CP-7961G pfs \(["on", "off unticked"][below(2)])",
            "bulk template std load 9.4(2)SR1 model CP-7961G load-server 10.4.0.9",
            "bulk insert (\(phones)) template std",
            "bulk update (\(phones)) pfs \(["on", "default"][below(2)])",
        ][below(14)]
    }

    private static func serverLine(_ below: (Int) -> Int, _ phones: String) -> String {
        [
            "server nas site b ip 10.4.0.\(10 + below(8)) max-serving \(1 + below(9))",
            "server nas \(["holds", "lacks"][below(2)]) SCCP41.9-4-2SR1-1S",
            "server tftp1 ip 10.5.0.\(1 + below(6))",
            "load-server phone (\(phones)) 10.4.0.\(10 + below(8))\(["", " unticked"][below(2)])",
            "load-server profile std \(["none", "10.5.0.3"][below(2)])",
            "load-server enterprise 10.4.0.12", "no load-server phone (\(phones))",
            "log-server phone (\(phones)) \"10.4.0.9:900\(below(9))@@base=1;pfs=\(below(2))\"",
            "log-server \(["profile std", "enterprise"][below(2)]) 10.4.0.9 unticked",
            "log-server enterprise \(["none", "10.4.0.9"][below(2)])",
            "site b2 wan 1Mbps rtt 20ms loss 1% busy 30%",
            "subnet more\(below(9)) 10.6.\(below(9)).0/24 site b option150 10.4.0.12,10.5.0.3",
        ][below(12)]
    }

    @Test("a world at time zero is built again, and runs to the same fingerprint")
    func replay() {
        var (whole, events) = (0, UInt64(0))
        for seed in FuzzSeeds.all {
            for index in 0..<40 {
                let harness = ShellHarness()
                for line in Self.randomLines(seed, UInt64(index)) { _ = harness.run(line) }
                let script = harness.run("show running-config").text
                let again = ShellHarness()
                let result = again.run(script)
                let repeated = Comment(
                    rawValue: "\(FuzzSeeds.command(seed, "RunningConfigurationTests")), "
                        + "world \(index)\n\(result.text)\n\(script)"
                )
                #expect(result.status == 0, repeated)
                guard !script.contains("# Not in here") else { continue }
                #expect(again.run("show running-config").text == script, repeated)
                let run = "run 15m\nshow fingerprint\nshow phones\nshow sites\nclock"
                #expect(again.run(run).text == harness.run(run).text, repeated)
                let later = harness.run("show running-config").text
                let rebuilt = ShellHarness()
                let built = rebuilt.run(later)
                #expect(built.status == 0, "\(repeated)\n\(built.text)\n\(later)")
                let config = rebuilt.run("show running-config").text.split(separator: "\n")
                let commands = later.split(separator: "\n").filter { !$0.hasPrefix("#") }
                // What time has done to the order of loads, and what phones have still to read, is lost.
                let kept = config.filter { !$0.hasPrefix("#") && !$0.hasPrefix("server holds") }
                #expect(kept.count == commands.count, "\(repeated)\n\(later)\n\(config)")
                whole += 1
                events += harness.session.host.world.eventCount
            }
        }
        #expect(whole > 60 && events > 1_000, "\(whole) worlds, \(events) events")
    }

    @Test("the commands are those that a person would write")
    func words() {
        let lines = [
            "seed 7", "site branch wan 384kbps rtt 150ms",
            "subnet voice 10.4.0.0/24 site branch", "profile std", "pfs profile std off unticked",
            "phones 30 model CP-7961G subnet voice",
            "phones 2 model CP-7941G subnet voice prefix m-",
            "phone boss model CP-7961G subnet voice ip 10.4.0.200 mac 001B54123456 profile std",
            "pfs device P2,P5..P9 on", "apply P2,P5..P9",
            "defaults CP-7961G sccp load SCCP41.9-4-2SR1-1S",
            "load m-1,m-2 SCCP41.9-4-2SR1-1S", "pin P1 xid 080027f8", "reset P1..P30",
        ]
        let harness = ShellHarness()
        let built = harness.run(lines.joined(separator: "\n"))
        #expect(built.status == 0, "\(built.text)")
        let text = harness.run("show running-config").text
        #expect(
            text == (["# A world of pfsh \(Version.text)."] + lines + [""]).joined(separator: "\n")
        )
    }

    @Test("once time has moved, comments say what is not in there, and the commands still run")
    func moved() {
        let harness = ShellHarness()
        let office = """
            subnet voice 10.4.0.0/24
            phones 3 model CP-7961G
            pfs enterprise on
            push 9.4(2)SR1 to all
            """
        #expect(harness.run(office + "\nrun 10s").status == 0)
        let during = harness.run("show running-config").text
        #expect(during.contains("# The clock stood at 0:00:10.000. Not in here:"))
        #expect(during.contains("# 3 phones had something to do.\n"))
        #expect(!during.contains("reset"))
        #expect(harness.run("run until idle").status == 0)
        let after = harness.run("show running-config").text
        #expect(after.contains("runs SCCP41.9-4-2SR1-1S\n") && !after.contains("something to do"))
        for text in [during, after] {
            let result = ShellHarness().run(text + "run 1s")
            #expect(result.status == 0, "\(result.text)")
        }
    }

    @Test("restarts that were drawn with another seed are said to be missing")
    func otherSeed() {
        let harness = ShellHarness()
        _ = harness.run("subnet voice 10.4.0.0/24\nphones 3 model CP-7961G\nreset all\nseed 9")
        let text = harness.run("show running-config").text
        #expect(text.contains("# Not in here: restarts drawn with another seed"), "\(text)")
    }

    @Test("save writes the script, and says why where it cannot")
    func save() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/world.pfsh"
        let harness = ShellHarness()
        #expect(
            harness.run("subnet voice 10.4.0.0/24\nphones 3 model CP-7961G\nsave \(path)").status
                == 0
        )
        #expect(ShellHarness().run("source \(path)\nexpect count(all) == 3").status == 0)
        #expect(harness.run("save /nowhere/world.pfsh").status == 3)
        #expect(harness.run("show running-config | save \(path)").status == 0)
    }

    @Test("a number of the model is set, shown, put back, and refused once time has moved")
    func parameters() {
        let harness = ShellHarness()
        #expect(harness.run("set parameter root-waiting 2s").status == 0)
        let shown = harness.run("show parameters root-waiting | csv").text
        #expect(shown.hasPrefix("name,value,default,mark,meaning\nroot-waiting,2,10,derived,"))
        #expect(harness.session.host.world.peerParameters.rootWaiting == .seconds(2))
        #expect(harness.run("no set parameter root-waiting").status == 0)
        #expect(harness.session.host.world.peerParameters == PeerParameters())
        let refused = [
            "set parameter tick 0s", "set parameter tick 5", "set parameter tik 5s",
            "set parameter tries-before-fallback 0", "set parameter tries-before-fallback 101",
            "set parameter block 7B",
            "set parameter receive-rate 4000001bps", "set parameter line-spacing-least 2ms",
            "set parameter lan-delay 5s",
        ]
        for line in refused {
            let result = harness.run(line)
            #expect(result.status == 2 && result.text.contains("^"), "\(line): \(result.text)")
        }
        #expect(
            harness.run("show parameters | where value != default").text.split(separator: "\n")
                .count == 1
        )
        _ = harness.run("run 1s")
        let late = harness.run("set parameter tick 1s")
        #expect(late.status == 2 && late.text.contains("before time moves"), "\(late.text)")
    }

    @Test("every number of the model can be set to both of its limits, and named once")
    func limits() throws {
        let names = ModelParameter.all.map(\.name)
        #expect(Set(names).count == names.count && names.count > 30)
        let document = Repository.text("docs/protocol.md").split(separator: "\n")
        for parameter in ModelParameter.all {
            let rows = document.filter { $0.hasPrefix("| `\(parameter.name)` |") }
            #expect(
                rows.count == 1 && rows[0].contains("| \(parameter.mark) |"),
                "\(parameter.name)"
            )
            let world = World()
            #expect(parameter.limits.contains(parameter.standard), "\(parameter.name)")
            let isSpacing = parameter.name.hasPrefix("line-spacing")
            for value in [parameter.limits.lowerBound, parameter.limits.upperBound]
            where !isSpacing {
                try world.set(parameter, to: value)
                #expect(world.value(of: parameter) == value, "\(parameter.name)")
            }
        }
    }

    @Test("phones that are there take a new distance on their LAN")
    func distance() {
        let harness = ShellHarness()
        let script =
            "subnet voice 10.4.0.0/24\nphones 3 model CP-7961G\nset parameter lan-delay 3ms"
        #expect(harness.run(script).status == 0)
        let world = harness.session.host.world
        for phone in world.phones { #expect(world.lanDelay(to: phone) >= .milliseconds(3)) }
    }

    @Test("a seed is what --seed takes, and nothing else")
    func seed() {
        let harness = ShellHarness()
        #expect(harness.run("seed 18446744073709551615").status == 0)
        #expect(harness.session.host.world.seed == UInt64.max)
        for word in ["18446744073709551616", "-1", "1.5", "x", "1e3", "+1"] {
            #expect(harness.run("seed \(word)").status == 2, "\(word)")
        }
    }

    @Test("the fingerprint is sixteen digits, and differs where something else happened")
    func fingerprint() {
        let script = "subnet voice 10.4.0.0/24\nphones 3 model CP-7961G\nreset all\nrun 1m"
        let prints = ["", "push 9.4(2)SR1 to P1\n"].map { more in
            let harness = ShellHarness()
            _ = harness.run(script.replacing("reset", with: more + "reset"))
            return harness.run("show fingerprint").text
        }
        #expect(prints.allSatisfy { $0.count == 17 } && prints[0] != prints[1])
    }
}
