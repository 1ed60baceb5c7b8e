// Versions of firmware and CUCM, names of loads.

import PFSRuntime
import Testing

struct VersionTests {
    @Test(
        "a firmware version is read in both spellings and printed as release notes do",
        arguments: [
            ("9.4(2)SR1", "9.4(2)SR1"), ("8.3(1)", "8.3(1)"), ("8.5(4)", "8.5(4)"),
            ("9-4-2SR2-2", "9.4(2)SR2-2"), ("9.4.2sr3", "9.4(2)SR3"), ("8-5-4", "8.5(4)"),
            ("11.0(1)-11", "11.0(1)-11"),
        ]
    )
    func firmwareVersions(_ text: String, _ printed: String) {
        #expect(FirmwareVersion(text)?.description == printed)
    }

    @Test(
        "what is no firmware version gives nil",
        arguments: [
            "", "9", "9.4", "9.4(2", "9.4(2)SR", "9.4(2)X", "9.4(2)SR1-", "9.4()", "a.b(c)",
            "9.4(99999)", "9.4(2)SR1 ", "-9.4(2)", "٩.٤(٢)",
        ]
    )
    func notFirmwareVersions(_ text: String) {
        #expect(FirmwareVersion(text) == nil)
    }

    @Test("versions are ordered by release, service release and build")
    func order() throws {
        let texts = [
            "8.2(2)SR4", "8.3(1)", "8.3(3)", "8.5(2)", "8.5(2)SR1", "8.5(4)", "9.2(1)", "9.4(2)",
            "9.4(2)SR1", "9.4(2)SR1-1", "9.4(2)SR2", "9.4(2)SR10", "10.0(0)", "11.0(1)",
        ]
        let versions = try texts.map { try #require(FirmwareVersion($0)) }
        #expect(versions.sorted() == versions)
        #expect(zip(versions, versions.dropFirst()).allSatisfy { $0 < $1 })
        #expect(FirmwareVersion("9.4(2)SR1-1")?.release == FirmwareVersion("9.4(2)SR1"))
    }

    @Test(
        "firmware below 8.3(3) needs 8.5(2) on its way to 9.x, and only then",
        arguments: [
            ("8.3(2)", "9.4(2)SR1", true), ("8.3(1)", "9.0(0)", true), ("8.3(3)", "9.2(3)", false),
            ("8.3(2)", "8.5(2)", false), ("8.5(2)", "9.4(2)SR1", false),
            ("7.0(2)", "8.3(3)", false),
        ]
    )
    func step(_ running: String, _ target: String, _ isNeeded: Bool) throws {
        let from = try #require(FirmwareVersion(running))
        let to = try #require(FirmwareVersion(target))
        #expect(UpgradeStep.signingKey.isNeeded(from: from, to: to) == isNeeded)
        #expect(UpgradeStep.signingKey.through.description == "8.5(2)")
        #expect(UpgradeStep.signingKey.screenText == "Auth Fail")
    }

    @Test(
        "a load's name splits into family and version",
        arguments: [
            ("SCCP41.9-4-2SR2-2S", "SCCP41", "9.4(2)SR2-2"), ("SIP41.8-5-4S", "SIP41", "8.5(4)"),
            ("SCCP41.9-4-2SR1-1S", "SCCP41", "9.4(2)SR1-1"), ("P0030801SR02", "P003", "8.1(0)SR2"),
            ("sip78xx.11-0-1-11", "sip78xx", "11.0(1)-11"), ("SIP41.8-3-1S", "SIP41", "8.3(1)"),
            ("sip8845_65.12-5-1SR2-2", "sip8845_65", "12.5(1)SR2-2"),
            ("P00308010200", "P003", "8.1(2)"),
            ("P0S3-8-12-00", "P0S3", "8.12(0)"), ("CP7921G-1.4.6.3", "CP7921G", "1.4(6)-3"),
            ("SCCP6911.9-2-1-a", "SCCP6911", "9.2(1)"), ("SCCP41.9-9-9TEST", "SCCP41", "9.9(9)"),
        ]
    )
    func loadNames(_ text: String, _ family: String, _ version: String) throws {
        let name = try LoadName(text)
        #expect(name.text == text)
        #expect(name.family == family)
        #expect(name.version?.description == version)
        #expect(name.fileName == text + ".loads")
        #expect(try LoadName(text + ".loads") == name)
    }

    @Test("a name without a version is its own family")
    func namesWithoutVersion() throws {
        for text in ["term41.default", "banana", "P00503021900x", "x.y", "a-b"] {
            let name = try LoadName(text)
            #expect(name.family == text)
            #expect(name.version == nil)
        }
    }

    @Test("a bad load name says what is wrong with it")
    func badLoadNames() {
        #expect(throws: LoadNameError.empty) { try LoadName("") }
        #expect(throws: LoadNameError.empty) { try LoadName(".loads") }
        #expect(throws: LoadNameError.badCharacter("/")) { try LoadName("../SCCP41") }
        #expect(throws: LoadNameError.badCharacter(" ")) { try LoadName("SCCP41 9") }
        #expect(throws: LoadNameError.badCharacter("é")) { try LoadName("é") }
        let longest = String(repeating: "a", count: LoadName.characterLimit)
        #expect(throws: Never.self) { try LoadName(longest + ".loads") }
        #expect(throws: LoadNameError.tooLong) { try LoadName(longest + "a") }
    }

    @Test(
        "CUCM versions are read in their three spellings",
        arguments: [
            ("10.5(2)", "10.5(2)"), ("12.5", "12.5"), ("6.0", "6.0"), ("14", "14.0"),
            ("10.5.2.10000-5", "10.5(2)"), ("12.5(1)SU3", "12.5(1)"), ("4.1(3)", "4.1(3)"),
        ]
    )
    func cucmVersions(_ text: String, _ printed: String) {
        #expect(CUCMVersion(text)?.description == printed)
    }

    @Test(
        "what is no CUCM version gives nil",
        arguments: ["", "x", "10.", "10.5(", "10.5(2", "10.5.2.", "10.5.2.1", "12.5SU", "1000.1"]
    )
    func notCUCMVersions(_ text: String) {
        #expect(CUCMVersion(text) == nil)
    }

    @Test("CUCM versions are ordered by number, not by text")
    func cucmOrder() {
        let versions = ["4.1(3)", "6.0", "6.0(1)", "9.1", "10.5", "10.5(2)", "12.5"]
        let parsed = versions.compactMap { CUCMVersion($0) }
        #expect(parsed.count == versions.count)
        #expect(zip(parsed, parsed.dropFirst()).allSatisfy { $0 < $1 })
        #expect(CUCMVersion.standard == CUCMVersion("10.5(2)"))
    }
}
