// Inventories: what rows mean, which are refused and why, that nothing is built of a file with a wrong
// row, and how a plan's figures agree with those of `compare`.

import Glibc
import Interpreter
import NetIO
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Inventories") struct InventoryTests {
    private static let header = "site,subnet,model,count,running,wan,rtt\n"

    /// Runs lines at the prompt with a file in place of `FILE`.
    private func run(
        _ file: String,
        _ lines: String,
        in harness: ShellHarness = ShellHarness()
    ) throws -> (text: String, status: Int32) {
        let path = "/tmp/pfsh-inventory-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).csv"
        try FileStore.write(Array(file.utf8), to: path)
        defer { unlink(path) }
        return harness.run(lines.replacing("FILE", with: path))
    }

    @Test("rows become sites, subnets and phones; a site's link is said once")
    func own() throws {
        let file =
            Self.header + "branch,10.1.0.0/24,CP-7961G,3,8.5(4),384kbps,150ms\n"
            + "branch,10.1.1.0/24,7941,,SCCP41.9-4-2SR1-1S,,\nhq,10.2.0.0/24,CP-8841,2,,,\n"
            + "branch,10.1.0.0/24,CP-7961G,2,8.5(4),,\nstore,10.3.0.0/24,,,,1Mbps,9ms\n"
        let result = try run(
            file,
            """
            inventory FILE
            expect count(all) == 8
            expect count(where (model == "CP-7961G")) == 5
            expect branch-6.firmware == "SCCP41.9-4-2SR1-1S"
            show sites
            subnet other 10.3.0.0/25
            """
        )
        #expect(result.text.hasPrefix("8 phones, 2 new sites, 4 new subnets\n"), "\(result.text)")
        #expect(result.text.contains("store  1Mbps"), "\(result.text)")
        #expect(result.text.contains("overlaps the subnet `store-1`"), "\(result.text)")
    }

    @Test("columns may stand in any order, unknown ones are said and passed over")
    func columns() throws {
        let file = "Model;note;SUBNET;site;protocol\nCP-7961G;x;10.1.0.0/24;hq;sip\n"
        let result = try run(file, "inventory FILE\nexpect count(all) == 1")
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains("columns that mean nothing here: `note`"))
    }

    @Test(
        "a row that cannot be is refused with its line and reason",
        arguments: [
            ("x,10.1.0.0/24,CP-9999,3,,,", "unknown model `CP-9999`"),
            ("x,10.1.0.0/24,CP-7961G,many,,,", "expected a number of phones, not `many`"),
            ("x,10.1.0.0/24,CP-7961G,0,,,", "expected a number of phones, not `0`"),
            ("x,10.1.0.0/24,CP-7961G,-3,,,", "expected a number of phones, not `-3`"),
            ("x,10.1.0.0/24,,3,,,", "3 phones without a model"),
            ("x,10.1.0.0/24,CP-7961G,300,,,", "10.1.0.0/24 has room for 254 phones"),
            ("x,10.1.0.0,CP-7961G,3,,,", "expected a subnet such as"),
            ("x,10.1.0.1/24,CP-7961G,3,,,", "expected a subnet such as"),
            ("x,10.0.0.0/8,CP-7961G,3,,,", "too large"),
            ("x,10.9.0.0/24,CP-7961G,3,,,", "10.9.0.0/24 belongs to the site ok"),
            ("ok,10.9.0.0/25,CP-7961G,3,,,", "10.9.0.0/25 overlaps 10.9.0.0/24"),
            ("ok,10.9.0.0/24,CP-7961G,253,,,", "room for 252 phones more"),
            ("ok,10.9.0.0/24,CP-7961G,1,,2Mbps,5ms", "the site ok has another link in line 2"),
            (",10.1.0.0/24,CP-7961G,3,,,", "the site is blank"),
            ("9x,10.1.0.0/24,CP-7961G,3,,,", "`9x` is no name"),
            ("two words,10.1.0.0/24,CP-7961G,3,,,", "is no name"),
            ("x,10.1.0.0/24,CP-7961G,3,,384,5ms", "expected a rate such as 1.544Mbps, not `384`"),
            ("x,10.1.0.0/24,CP-7961G,3,,0bps,5ms", "a link has a rate from 1bps"),
            ("x,10.1.0.0/24,CP-7961G,3,,-1kbps,5ms", "a link has a rate from 1bps"),
            ("x,10.1.0.0/24,CP-7961G,3,,1Mbps,", "expected an rtt such as 150ms, not ``"),
            ("x,10.1.0.0/24,CP-7961G,3,,1Mbps,-5ms", "a round trip takes"),
            ("x,10.1.0.0/24,CP-7961G,3,,,5ms", "rtt, loss and busy need a wan"),
            ("x,10.1.0.0/24,CP-7961G,3,SCCP41.1-1-1S,,", "unknown load `SCCP41.1-1-1S`"),
            (
                "x,10.1.0.0/24,CP-7961G,3,SCCP42.8-5-4S,,",
                "does not fit CP-7961G, which takes SCCP41"
            ),
            ("x,10.1.0.0/24,CP-7961G,3,99.9(9),,", "no SCCP41 load of version"),
            ("x,\"10.1.0.0/24\"x,CP-7961G,3,,,", "text stands behind the quote"),
            ("\"x,10.1.0.0/24,CP-7961G,3,,,", "a quote is never closed"),
        ]
    )
    func refused(_ row: String, _ reason: String) throws {
        let good = "ok,10.9.0.0/24,CP-7961G,2,,1Mbps,5ms\n"
        let harness = ShellHarness()
        let result = try run(Self.header + good + row + "\n", "inventory FILE", in: harness)
        #expect(result.status == 2)
        #expect(result.text.contains("1 of 2 rows of"), "\(result.text)")
        #expect(result.text.contains("line 3: ") && result.text.contains(reason), "\(result.text)")
        #expect(harness.session.host.world.phoneCount == 0)
        #expect(harness.session.host.world.siteNames == ["hq"])
        let skipped = try run(
            Self.header + good + row + "\n",
            "inventory FILE skip-bad",
            in: harness
        )
        #expect(skipped.status == 0, "\(skipped.text)")
        #expect(harness.session.host.world.phoneCount == 2)
        #expect(harness.session.host.world.siteNames == ["hq", "ok"], "nothing of the bad row")
    }

    @Test("a file that is none is refused: empty, without a header, a directory, missing")
    func noInventory() throws {
        for (file, words) in [
            ("", "it is empty"), ("a,b\n", "the header lacks `site`, `subnet`, `model`"),
            ("site,site,subnet,model\n", "the column `site` is there twice"),
            ("Device Name,Device Type\n", "neither a column `Location` nor `Device Pool`"),
            (Self.header, "has no phones and no subnets"),
        ] {
            let result = try run(file, "inventory FILE")
            #expect(result.status == 2 && result.text.contains(words), "\(result.text)")
        }
        let missing = ShellHarness().run("inventory /nowhere/x.csv")
        #expect(missing.status == 3 && missing.text.contains("no such file"))
        #expect(ShellHarness().run("inventory /tmp").text.contains("a directory"))
    }

    @Test("one broken row among many is the only one that is told, and it alone is left out")
    func oneOfMany() throws {
        let count = getenv("PFSH_TEST_ALL") == nil ? 20_000 : 1_000_000
        var file = Self.header
        for row in 0..<count {
            let model = row == count / 2 ? "CP-9999" : "CP-7961G"
            let subnet = "10.\(row / 250 / 256).\(row / 250 % 256).0/24"
            file += "s\(row / 250),\(subnet),\(model),1,8.5(4),,\n"
        }
        let harness = ShellHarness()
        let refused = try run(file, "inventory FILE", in: harness)
        #expect(refused.text.contains("1 of \(count) rows of"), "\(refused.text)")
        #expect(refused.text.contains("line \(count / 2 + 2): unknown model `CP-9999`"))
        #expect(harness.session.host.world.phoneCount == 0)
        let built = try run(file, "inventory FILE skip-bad", in: harness)
        #expect(built.status == 0, "\(built.text)")
        #expect(harness.session.host.world.phoneCount == count - 1)
    }

    @Test("CUCM's export: phones keep name, address and load, and come to the site that it names")
    func export() throws {
        let file = """
            Device Name,Description,Device Pool,Location,Phone Load Name,Device Type,Device Protocol,XML
            SEP001B54F7AF72,"Ann, 2nd floor",DP Branch,Hub_None,SCCP41.9-4-2SR1-1S,Cisco 7961,SCCP,"<a>
            <b/></a>"
            SEP001B54F7AF73,Bob,DP Other,DP Branch,,Cisco 7961,SIP,
            CSFann,client,DP Branch,Hub_None,,Cisco Unified Client Services Framework,SIP,
            SEP001B54F7AF74,Cy,DP Nowhere,Hub_None,,Cisco 7961,SCCP,
            SEP001B54F7AF72,twice,DP Branch,Hub_None,,Cisco 7961,SCCP,

            """
        let setup =
            "site DP-Branch wan 384kbps rtt 150ms\nsubnet voice 10.4.0.0/24 site DP-Branch\n"
        let harness = ShellHarness()
        let result = try run(file, setup + "inventory FILE skip-bad", in: harness)
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains("1 row passed over"), "\(result.text)")
        #expect(result.text.contains("line 6: there is no site `Hub_None` or `DP-Nowhere`"))
        #expect(
            result.text.contains("line 7: the phone SEP001B54F7AF72 is there already in line 2")
        )
        let world = harness.session.host.world
        #expect(world.phoneCount == 2)
        let first = try #require(world.phone(named: "SEP001B54F7AF72"))
        #expect(world.identity(first).mac.description == "001B54F7AF72")
        #expect(world.catalog[world.runningLoad(first)].name.text == "SCCP41.9-4-2SR1-1S")
        #expect(world.identity(PhoneNumber(1)).deviceProtocol == .sip)
    }
}

@Suite("Plans") struct PlanTests {
    private static let plan = "plan examples/plan-enterprise.csv load 9.4(2)SR1"

    @Test("a plan agrees with compare of the same world, and leaves this one as it is")
    func agrees() throws {
        let harness = ShellHarness()
        let before = harness.session.host.world.fingerprint
        let planned = harness.run(
            Self.plan + " | where site == \"far-branch\" | columns method,last,wan-bytes | csv"
        ).text.split(separator: "\n").filter { !$0.contains("stay as they are") }
        #expect(harness.session.host.world.phoneCount == 0)
        #expect(harness.session.host.world.fingerprint == before)
        let compared = harness.run(
            """
            inventory examples/plan-enterprise.csv
            compare 9.4(2)SR1 to site far-branch | columns method,last,wan-bytes | csv
            """
        ).text.split(separator: "\n").suffix(4)
        #expect(planned.suffix(4).map(String.init) == compared.map(String.init))
    }

    @Test("a window counts the phones in it, and the line below names the sites that are late")
    func window() {
        let text = ShellHarness().run(Self.plan + " window 22:00-22:30 methods traditional").text
        #expect(text.contains("traditional: 1 of 4 sites within the window, "), "\(text)")
        #expect(text.contains("\n  late: warehouse, far-branch, ship\n"), "\(text)")
    }

    @Test("a plan without anything to do, or with loads that fit nobody, says so")
    func nothing() {
        let harness = ShellHarness()
        let misfit = harness.run("plan examples/plan-enterprise.csv load SCCP75.9-4-2SR1-1S")
        #expect(misfit.status == 2 && misfit.text.contains("no phone of the inventory can take"))
    }

    @Test("more sites than a world has servers are planned all the same, one Load Server each")
    func manySites() throws {
        var file = "site,subnet,model,count,running,wan,rtt\n"
        for site in 0..<300 {
            file += "s\(site),10.\(site / 256).\(site % 256).0/24,CP-7961G,1,,1Mbps,10ms\n"
        }
        let path = "/tmp/pfsh-plan-\(getpid()).csv"
        try FileStore.write(Array(file.utf8), to: path)
        defer { unlink(path) }
        let text = ShellHarness().run("plan \(path) load 9.4(2)SR1 methods load-server | count")
            .text
        #expect(text.contains("300"), "\(text)")
    }
}
