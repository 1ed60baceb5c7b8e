// What is made of a phone's configuration file and of the default file, as trees.

import Testing

@testable import PFSRuntime

@Suite("Configuration of phones") struct DeviceConfigurationTests {
    private func level(_ children: XMLElement...) -> XMLElement {
        XMLElement("vendorConfig", children: children)
    }

    @Test(
        "the switch is read in all its spellings",
        arguments: [
            ("1", SharingText.on), ("true", .on), ("TRUE", .on), ("0", .zero), ("255", .off),
            ("false", .off),
        ]
    )
    func sharing(_ text: String, _ value: SharingText) throws {
        for name in ["peerFirmwareSharing", "peerfirmwaresharing"] {
            let root = XMLElement("device", children: [level(XMLElement(name, text: text))])
            let configuration = try DeviceConfiguration(root)
            #expect(configuration.vendor.sharing == value)
            #expect(configuration.ignored.isEmpty)
        }
    }

    @Test("a value that is none is listed with its place and says nothing")
    func wrongValues() throws {
        let root = XMLElement(
            "device",
            children: [
                level(
                    XMLElement("peerFirmwareSharing", text: "yes", line: 4),
                    XMLElement("loadServer", text: "nas.example", line: 5),
                    XMLElement("logServer", text: "10.4.0.5:x", line: 6),
                    XMLElement("webAccess", text: "0", line: 7)
                ),
                XMLElement("deviceProtocol", text: "H.323", line: 9),
            ]
        )
        let configuration = try DeviceConfiguration(root)
        #expect(configuration.vendor.isEmpty)
        #expect(configuration.deviceProtocol == nil)
        #expect(configuration.ignored.map(\.line) == [4, 5, 6, 7, 9])
        #expect(configuration.ignored[0].path == "device/vendorConfig/peerFirmwareSharing")
        #expect(configuration.ignored[3].reason == IgnoredElement.noPartReason)
    }

    @Test("what was never entered says nothing: empty elements, and the word of chan-sccp")
    func nothingEntered() throws {
        let root = XMLElement(
            "device",
            children: [
                level(
                    XMLElement("peerFirmwareSharing"),
                    XMLElement("loadServer", text: "NOT_RCVD"),
                    XMLElement("logServer")
                )
            ]
        )
        let configuration = try DeviceConfiguration(root)
        #expect(configuration.vendor.isEmpty && configuration.ignored.isEmpty)
    }

    @Test("a model is told by number or in words, in either place; a second load is listed")
    func models() throws {
        let root = XMLElement(
            "device",
            children: [
                XMLElement(
                    "loadInformation00115",
                    attributes: [XMLElement.Attribute("model", "Cisco IP Phone 7941")],
                    text: "SCCP41.9-4-2SR1-1S"
                ),
                XMLElement("loadInformation", text: "SCCP41.8-5-4S", line: 3),
            ]
        )
        let configuration = try DeviceConfiguration(root)
        #expect(configuration.deviceType == 115)
        #expect(configuration.model == "Cisco IP Phone 7941")
        #expect(configuration.load == "SCCP41.9-4-2SR1-1S")
        #expect(configuration.ignored.map(\.reason) == ["a second load"])
        #expect(PhoneModel.ofDeviceType(115).map(\.name) == ["CP-7941G"])
        #expect(PhoneModel.ofDeviceType(308).map(\.name) == ["CP-7961G-GE", "CP-7941G-GE"])
    }

    @Test("the default file names loads by model, and its levels count for all phones")
    func defaults() throws {
        let root = XMLElement(
            "Default",
            children: [
                XMLElement(
                    "loadInformation30018",
                    attributes: [XMLElement.Attribute("model", "IP Phone 7961")],
                    text: "SCCP41.9-4-2SR2-2S"
                ),
                level(XMLElement("peerFirmwareSharing", text: "1")),
                XMLElement(
                    "enterpriseConfig",
                    children: [XMLElement("peerFirmwareSharing", text: "0")]
                ),
                XMLElement("authenticationURL", text: "http://cucm/auth"),
            ]
        )
        let defaults = try DefaultConfiguration(root)
        #expect(defaults.loads.map(\.deviceType) == [30018])
        #expect(defaults.level.sharing == .on)
        #expect(defaults.ignored.map(\.path) == ["Default/authenticationURL"])
        #expect(throws: ConfigurationError.self) { try DefaultConfiguration(XMLElement("device")) }
        #expect(throws: ConfigurationError.self) { try DeviceConfiguration(XMLElement("Default")) }
    }

    @Test("only names that phones ask for are names of their files")
    func names() {
        let mac = MACAddress(bits: 0x001B_54F7_AF72)
        #expect(DeviceConfiguration.fileName(mac) == "SEP001B54F7AF72.cnf.xml")
        #expect(DeviceConfiguration.mac(ofFile: "SEP001B54F7AF72.cnf.xml") == mac)
        for name in [
            "SEP001b54f7af72.cnf.xml", "SEP001B54F7AF7.cnf.xml", "SEP00:B54F7AF72.cnf.xml",
            "SEP001B54F7AF72.cnf.xml.sgn", "XMLDefault.cnf.xml", "sep001B54F7AF72.cnf.xml",
        ] {
            #expect(DeviceConfiguration.mac(ofFile: name) == nil)
        }
    }
}
