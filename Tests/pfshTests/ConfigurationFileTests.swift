// Configuration files through the shell: phones and settings from files of others, and worlds that come
// back from the files written for them.

import Interpreter
import NetIO
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Configuration files") struct ConfigurationFileTests {
    /// The file of a 7961 as other people's provisioning writes it.
    private static let foreign = """
        <?xml version="1.0" encoding="UTF-8"?>
        <device>
          <fullConfig>true</fullConfig>
          <deviceProtocol>SCCP</deviceProtocol>
          <devicePool><callManagerGroup><tftpDefault>true</tftpDefault></callManagerGroup></devicePool>
          <addOnModules></addOnModules>
          <vendorConfig>
            <webAccess>0</webAccess>
            <loadServer></loadServer>
            <peerFirmwareSharing>1</peerFirmwareSharing>
            <logServer>192.168.1.1:9001@@base=0;pfs=1</logServer>
          </vendorConfig>
          <commonConfig><peerFirmwareSharing>false</peerFirmwareSharing></commonConfig>
          <enterpriseConfig><peerFirmwareSharing>maybe</peerFirmwareSharing></enterpriseConfig>
          <versionStamp>1231176639-guid</versionStamp>
          <loadInformation>SCCP41.9-4-2SR1-1S</loadInformation>
        </device>
        """

    private func scratch(_ files: [(String, String)]) throws -> ScratchDirectory {
        let scratch = try ScratchDirectory()
        for (name, text) in files {
            try FileStore.write(Array(text.utf8), to: "\(scratch.path)/\(name)")
        }
        return scratch
    }

    @Test("a phone is made of a foreign file, and what is not understood is listed")
    func foreign() throws {
        let scratch = try scratch([
            ("SEP001B54F7AF72.cnf.xml", Self.foreign), ("notes.xml", "<a/>"),
        ])
        let harness = ShellHarness()
        _ = harness.run("subnet voice 10.4.0.0/24")
        let refused = harness.run("config load \(scratch.path)")
        #expect(refused.text.contains("SEP001B54F7AF72 -     -"), "\(refused.text)")
        #expect(refused.text.contains("and which is not told"), "\(refused.text)")
        let result = harness.run("config load \(scratch.path) model 7961")
        #expect(result.status == 0, "\(result.text)")
        for part in ["device/devicePool", "device/vendorConfig/webAccess", "device/versionStamp"] {
            #expect(result.text.contains(part), "\(result.text)")
        }
        #expect(result.text.contains("SEP001B54F7AF72.cnf.xml:14: device/enterpriseConfig/"))
        #expect(result.text.contains("`maybe`: not one of 0, 1, true, false, 255"))
        let config = harness.run("show running-config").text
        for line in [
            "profile common-1", "pfs profile common-1 off", "pfs device all on",
            "log-server phone all \"192.168.1.1:9001@@base=0;pfs=1\"",
            "load all SCCP41.9-4-2SR1-1S",
            "phone SEP001B54F7AF72 model CP-7961G subnet voice ip 10.4.0.11 mac 001B54F7AF72 "
                + "profile common-1",
        ] {
            #expect(config.contains(line + "\n"), "\(line)\n\(config)")
        }
        let again = harness.run("config load \(scratch.path)")
        #expect(again.text.contains("same"), "\(again.text)")
        #expect(harness.run("show running-config").text == config)
    }

    @Test("0 is off, or what the level above says")
    func zero() throws {
        let text = """
            <device><loadInformation30018>SCCP41.8-5-4S</loadInformation30018>
            <vendorConfig><peerFirmwareSharing>0</peerFirmwareSharing></vendorConfig></device>
            """
        let scratch = try scratch([("SEP001B54F7AF72.cnf.xml", text)])
        for (option, words) in [("", "pfs device all off\n"), (" zero inherit", "")] {
            let harness = ShellHarness()
            _ = harness.run("subnet voice 10.4.0.0/24\npfs enterprise on")
            #expect(harness.run("config load \(scratch.path)\(option)").status == 0)
            let config = harness.run("show running-config").text
            #expect(config.contains("model CP-7961G"))
            #expect(config.contains("pfs device") == !words.isEmpty && config.contains(words))
        }
    }

    @Test("the default file sets the loads of models, and says which it cannot")
    func defaults() throws {
        let text = """
            <Default>
              <loadInformation30018 model="IP Phone 7961">SCCP41.9-4-2SR1-1S</loadInformation30018>
              <loadInformation00005 model="Cisco IP Phone 7941">SCCP41.9-4-2SR1-1S</loadInformation00005>
              <loadInformation404 model="IP Phone 7962">SCCP41.9-4-2SR1-1S</loadInformation404>
              <loadInformation99999>SCCP41.9-4-2SR1-1S</loadInformation99999>
              <loadInformation8>none-such</loadInformation8>
              <vendorConfig><peerFirmwareSharing>true</peerFirmwareSharing></vendorConfig>
            </Default>
            """
        let scratch = try scratch([("XMLDefault.cnf.xml", text)])
        let harness = ShellHarness()
        let result = harness.run("config load \(scratch.path)/XMLDefault.cnf.xml")
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains("SCCP41.9-4-2SR1-1S does not fit model 404, CP-7962G"))
        #expect(result.text.contains("model 99999 is not known"))
        #expect(result.text.contains("unknown load `none-such`"), "\(result.text)")
        let config = harness.run("show running-config").text
        #expect(config.contains("defaults CP-7961G sccp load SCCP41.9-4-2SR1-1S\n"))
        #expect(config.contains("defaults CP-7941G sccp load SCCP41.9-4-2SR1-1S\n"))
        #expect(config.contains("pfs enterprise on\n"))
    }

    @Test("worlds come back from the files written for them, and are changed by nothing in them")
    func roundTrip() throws {
        var compared = 0
        for seed in FuzzSeeds.all {
            for index in 0..<12 {
                let harness = ShellHarness()
                let lines = RunningConfigurationTests.randomLines(seed, UInt64(700 + index))
                for line in lines { _ = harness.run(line) }
                let scratch = try ScratchDirectory()
                let saved = harness.run("config save \(scratch.path)")
                let config = harness.run("show running-config").text
                let repeated = Comment(
                    rawValue:
                        "\(FuzzSeeds.command(seed, "ConfigurationFileTests")), world \(index)\n"
                        + "\(saved.text)\n\(config)"
                )
                #expect(saved.status == 0, repeated)
                guard !config.contains("# Not in here") else { continue }
                #expect(harness.run("config load \(scratch.path)").status == 0, repeated)
                #expect(harness.run("show running-config").text == config, repeated)
                let other = ShellHarness()
                let loaded = other.run("config load \(scratch.path)")
                #expect(loaded.status == 0, "\(repeated)\n\(loaded.text)")
                #expect(other.run("show running-config").text == config, repeated)
                let run = "run 15m\nshow fingerprint\nshow phones"
                #expect(other.run(run).text == harness.run(run).text, repeated)
                compared += 1
            }
        }
        #expect(compared > 10)
    }

    @Test("a file of another kind or a broken one is said, and changes nothing")
    func broken() throws {
        let scratch = try scratch([
            ("SEP001B54F7AF72.cnf.xml", "<device><loadInformation>"),
            ("SEP001B54F7AF73.cnf.xml", "<Default/>"), ("hello.txt", "hello"),
        ])
        let harness = ShellHarness()
        _ = harness.run("subnet voice 10.4.0.0/24")
        let before = harness.run("show running-config").text
        let result = harness.run("config load \(scratch.path)")
        #expect(result.status == 3)
        #expect(result.text.contains("SEP001B54F7AF72.cnf.xml: no element found (line 1, byte 25)"))
        #expect(result.text.contains("SEP001B54F7AF73.cnf.xml: the root is <Default>"))
        #expect(harness.run("config load \(scratch.path)/hello.txt").status == 3)
        #expect(harness.run("config load \(scratch.path)/nothing").status == 3)
        #expect(harness.run("show running-config").text == before)
    }

    @Test(
        "commands in a default file that do more than build a world are refused",
        arguments: [
            "run 1h", "tftp serve /tmp", "save /tmp/x", "firmware load /tmp", "show phones",
            "quit", "source /etc/hosts", "phones 2 model CP-7961G | save /tmp/x", "nonsense",
            "subnet a 10.4.0.0/24; run 1h", "for x in P1 { }",
        ]
    )
    func commands(_ line: String) throws {
        let root = XMLElement(
            "Default",
            children: [XMLElement("pfsh", children: [XMLElement("command", text: line)])]
        )
        let scratch = try scratch([("XMLDefault.cnf.xml", root.document)])
        let harness = ShellHarness()
        let result = harness.run("config load \(scratch.path)")
        #expect(result.status == 2, "\(result.text)")
        #expect(harness.session.host.world.subnetNames.isEmpty)
        #expect(harness.run("clock").text.contains("0:00:00.000"))
    }

    @Test("files are not written over without a word, and those of other phones are said")
    func saving() throws {
        let scratch = try scratch([("SEP001B54F7AF72.cnf.xml", Self.foreign)])
        let harness = ShellHarness()
        _ = harness.run("subnet voice 10.4.0.0/24\nphones 2 model CP-7961G")
        let refused = harness.run("config save \(scratch.path)")
        #expect(refused.status == 2 && refused.text.contains("`replace` writes over"))
        let saved = harness.run("config save \(scratch.path) replace")
        #expect(saved.status == 0 && saved.text.contains("3 files written"), "\(saved.text)")
        #expect(saved.text.contains("1 file of phones that are not in this world"))
        let text = try FileStore.read("\(scratch.path)/SEP020000000001.cnf.xml", limitBytes: 9_999)
        #expect(String(decoding: text, as: UTF8.self).contains("<name>P1</name>"))
    }
}
