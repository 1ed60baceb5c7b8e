// The loads: names, files in order, real sizes, releases for every family, and loads that users
// define.

import PFSRuntime
import Testing

struct FirmwareCatalogTests {
    private let catalog = FirmwareCatalog()

    private func load(_ name: String) throws -> FirmwareLoad {
        catalog[try catalog.find(name).id]
    }

    @Test("the load of the TechNote's neighbour has its real files, in the order of request")
    func filesOf7961() throws {
        let load = try load("SCCP41.9-4-2SR1-1S")
        #expect(
            load.files.map { "\($0.name) \($0.sizeBytes)" } == [
                "SCCP41.9-4-2SR1-1S.loads 646", "jar41sccp.9-4-2ES9.sbn 1630052",
                "cnu41.9-4-2ES9.sbn 557154", "apps41.9-4-2ES9.sbn 3156347",
                "dsp41.9-4-2ES9.sbn 562005", "cvm41sccp.9-4-2ES9.sbn 2217256",
            ]
        )
        #expect(load.files.map(\.part) == [.loads, .jar, .cnu, .apps, .dsp, .cvm])
        #expect(load.files.allSatisfy { $0.evidence.mark == .attested })
        #expect(load.sizeMark == .attested)
    }

    @Test(
        "what one upgrade fetches is the sum that the archives give",
        arguments: [
            ("SCCP41.9-4-2SR1-1S", 8_123_460), ("SCCP41.9-4-2SR3-1S", 8_127_234),
            ("SCCP42.9-4-2SR1-1S", 9_564_681), ("SCCP45.9-4-2SR1-1S", 9_695_064),
            ("SCCP11.9-4-2SR3-1S", 7_928_641), ("SCCP70.9-4-2SR3-1S", 8_331_636),
            ("P0030801SR02", 839_874), ("SIP41.8-5-4S", 8_093_894),
        ]
    )
    func totals(_ name: String, _ bytes: Int) throws {
        let load = try load(name)
        #expect(load.totalBytes == bytes)
        #expect(load.sizeMark == .attested)
    }

    @Test("the TechNote's own load takes its files from the release before, and says so")
    func loadOfTechNote() throws {
        let load = try load("SCCP41.9-4-2SR2-2S")
        let before = try self.load("SCCP41.9-4-2SR1-1S")
        #expect(load.evidence.mark == .attested)
        #expect(load.files.dropFirst().map(\.name) == before.files.dropFirst().map(\.name))
        #expect(load.totalBytes == before.totalBytes)
        #expect(load.files.allSatisfy { $0.evidence.mark == .modelled })
    }

    @Test("a size that no archive lists names the file that it was taken from")
    func modelledSizes() throws {
        let sccp = try load("SCCP41.8-5-4S")
        let sip = try load("SIP41.8-5-4S")
        for (mine, other) in zip(sccp.files.dropFirst(), sip.files.dropFirst()) {
            #expect(mine.sizeBytes == other.sizeBytes)
            if mine.name == other.name {
                #expect(mine.evidence.mark == .derived)
            } else {
                #expect(mine.evidence == Evidence(.modelled, "size of \(other.name)"))
            }
        }
        let apps = try #require(try load("SCCP75.9-4-2SR3-1S").files.first { $0.part == .apps })
        #expect(apps.name == "apps75.9-4-2ES26.sbn")
        #expect(apps.evidence == Evidence(.modelled, "size of apps45.9-4-2ES9.sbn"))
        let older = try #require(try load("SCCP31.9-4-2SR1-1S").files.last)
        #expect(older.evidence == Evidence(.modelled, "size of cvm31sccp.9-2-1TH1-13.sbn"))
    }

    @Test(
        "loads of other generations have the listed sizes, and marks that say what is not listed",
        arguments: [
            ("SCCP69xx.9-4-1-3SR2", 3_145_743, Mark.attested),
            ("SCCP6945.9-3-1-3", 11_775_100, .derived), ("SCCP6911.9-2-1-a", 4_533_558, .derived),
            ("SCCP894x.9-4-2SR1-2", 28_377_717, .derived),
            ("sip78xx.11-0-1-11", 43_700_584, .modelled),
        ]
    )
    func otherGenerations(_ name: String, _ bytes: Int, _ mark: Mark) throws {
        let load = try load(name)
        #expect(load.totalBytes == bytes)
        #expect(load.sizeMark == mark)
        #expect(load.files.dropFirst().allSatisfy { $0.part == .other })
    }

    @Test("manifest sizes by the format agree with every listed one of the same shape")
    func manifestSizes() throws {
        let derived = try load("SCCP42.9-2-1S").files[0]
        #expect(derived.evidence.mark == .derived)
        let names = try load("SCCP45.9-4-2SR3-1S").files
        let manifest = try LoadsManifest(
            name: names[0].name,
            releaseVersion: "9-4-2ES26",
            hardwareComponent: 15,
            files: names.dropFirst().map(\.name)
        )
        #expect(manifest.bytes(signatureByte: 0).count == names[0].sizeBytes)
        for (name, hardware, version) in [
            ("SCCP41.9-4-2SR1-1S", nil, "9-4-2ES9"), ("SCCP41.9-4-2SR3-1S", nil, "9-4-2ES26"),
            ("SCCP11.9-4-2SR1-1S", 1, "9-4-2ES9"), ("SCCP45.9-4-2SR1-1S", 15, "9-4-2ES9"),
            ("SCCP75.9-4-2SR3-1S", 5, "9-4-2ES26"), ("SCCP45.9-4-2SR4-3S", 15, "9-4-2SR4-3"),
        ] as [(String, UInt32?, String)] {
            let files = try load(name).files
            #expect(files[0].evidence.mark == .attested)
            let made = try LoadsManifest(
                name: files[0].name,
                releaseVersion: version,
                hardwareComponent: hardware,
                files: files.dropFirst().map(\.name)
            )
            #expect(made.bytes(signatureByte: 0).count == files[0].sizeBytes, "\(name)")
        }
    }

    @Test(
        "each service release of 9.4(2) and 8.5(4) resolves for every third generation model",
        arguments: ["8.5(2)", "8.5(4)", "9.4(2)SR1", "9.4(2)SR2", "9.4(2)SR3"]
    )
    func releasesForAllFamilies(_ text: String) throws {
        let version = try #require(FirmwareVersion(text))
        for model in PhoneModel.all where model.generation == .third {
            for deviceProtocol in DeviceProtocol.allCases {
                guard let family = model.family(for: deviceProtocol) else { continue }
                let load = catalog[try catalog.resolve(version, family: family)]
                #expect(load.version?.release == version)
                #expect(load.files.map(\.part) == [.loads, .jar, .cnu, .apps, .dsp, .cvm])
                #expect(model.fit(of: load.name, for: deviceProtocol) == .fits)
            }
        }
    }

    @Test("every built-in load is named once, fits some model, and has sizes or says it has none")
    func builtInLoads() {
        var names: Set<String> = []
        for load in catalog.loads {
            #expect(names.insert(load.name.text).inserted, "\(load.name)")
            let models = PhoneModel.all.filter { model in
                DeviceProtocol.allCases.contains { model.fit(of: load.name, for: $0) == .fits }
            }
            let isUnknown = load.name == catalog[catalog.unknownLoad].name
            #expect(models.isEmpty == isUnknown, "\(load.name)")
            switch load.contents {
            case .nameOnly:
                #expect(load.totalBytes == 0)
                #expect(load.sizeMark == .unknown)
            case .files(let files):
                #expect(files[0].name == load.name.fileName)
                #expect(files.allSatisfy { $0.sizeBytes > 0 })
                #expect(Set(files.map(\.name)).count == files.count)
            }
        }
        #expect(FirmwareCatalog.builtInCount == catalog.loads.count)
    }

    @Test("a phone runs its family's 8.5(4) unless told")
    func standardLoads() throws {
        for model in PhoneModel.all where model.generation == .third {
            for deviceProtocol in DeviceProtocol.allCases {
                let id = catalog.standardLoad(for: model, deviceProtocol)
                #expect((id == nil) == (model.family(for: deviceProtocol) == nil))
                if let id { #expect(catalog[id].version == FirmwareVersion(8, 5, 4)) }
            }
        }
        let second = try #require(catalog.standardLoad(for: try .named("7960"), .sccp))
        #expect(catalog[second].name.text == "P0030801SR02")
        #expect(catalog.standardLoad(for: try .named("Tandberg"), .sccp) == nil)
        for model in PhoneModel.all where model.generation != .otherMaker {
            #expect(
                catalog.standardLoad(for: model, model.standardProtocol) != nil,
                "\(model.name)"
            )
        }
    }

    @Test("a lookup takes the exact name, accepts and reports .loads, and knows all names")
    func lookup() throws {
        let found = try catalog.find("SCCP41.9-4-2SR2-2S.loads")
        #expect(found.hadFileSuffix)
        #expect(try catalog.find("SCCP41.9-4-2SR2-2S").id == found.id)
        #expect(try !catalog.find("SCCP41.9-4-2SR2-2S").hadFileSuffix)
        let error = #expect(throws: FirmwareCatalogError.self) {
            try catalog.find("sccp41.9-4-2SR2-2S")
        }
        guard case .unknown("sccp41.9-4-2SR2-2S", let known) = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(known.contains("SCCP41.9-4-2SR2-2S"))
        #expect(throws: FirmwareCatalogError.badName(.empty)) { try catalog.find(".loads") }
    }

    @Test("a version that a family lacks is an error that lists those it has")
    func missingVersion() throws {
        let error = #expect(throws: FirmwareCatalogError.self) {
            try catalog.resolve(FirmwareVersion(9, 9, 9), family: "SCCP41")
        }
        let text = try #require(error).description
        #expect(text.hasPrefix("no SCCP41 load of version 9.9(9); known: 8.2(1), 8.3(1), 8.5(2)"))
        #expect(throws: FirmwareCatalogError.self) {
            try catalog.resolve(
                FirmwareVersion(9, 4, 2, serviceRelease: 1, build: 7),
                family: "SCCP41"
            )
        }
    }

    @Test("the latest build of a release counts unless one is named")
    func latestBuild() throws {
        var catalog = catalog
        let later = try catalog.define(
            "SCCP41.9-4-2SR1-3S",
            files: [("SCCP41.9-4-2SR1-3S.loads", 600)]
        )
        let release = FirmwareVersion(9, 4, 2, serviceRelease: 1)
        #expect(try catalog.resolve(release, family: "SCCP41") == later)
        let first = FirmwareVersion(9, 4, 2, serviceRelease: 1, build: 1)
        let id = try catalog.resolve(first, family: "SCCP41")
        #expect(catalog[id].name.text == "SCCP41.9-4-2SR1-1S")
    }

    @Test("a defined load is found, has its files' parts, and leaves other catalogues alone")
    func define() throws {
        var catalog = catalog
        let id = try catalog.define(
            "SCCP41.9-9-9TEST",
            files: [
                ("SCCP41.9-9-9TEST.loads", 648), ("Jar41sccp.9-9-9TEST.sbn", 1000),
                ("apps41.9-9-9TEST.sbn", FirmwareFile.sizeLimit), ("readme.bin", 1),
            ]
        )
        #expect(try catalog.find("SCCP41.9-9-9TEST").id == id)
        #expect(catalog[id].files.map(\.part) == [.loads, .jar, .apps, .other])
        #expect(catalog[id].version == FirmwareVersion(9, 9, 9))
        #expect(catalog[id].files.allSatisfy { $0.evidence.mark == .modelled })
        #expect(self.catalog.loads.count == FirmwareCatalog.builtInCount)
        #expect(throws: FirmwareCatalogError.self) { try self.catalog.find("SCCP41.9-9-9TEST") }
    }

    @Test("a load of which only the name was known can be given files, once")
    func defineNameOnly() throws {
        var catalog = catalog
        let id = try catalog.find("SCCP41.8-3-1S").id
        #expect(catalog[id].contents == .nameOnly)
        let files = [(name: "SCCP41.8-3-1S.loads", sizeBytes: 640)]
        #expect(try catalog.define("SCCP41.8-3-1S", files: files) == id)
        #expect(catalog[id].totalBytes == 640)
        #expect(catalog[id].version == FirmwareVersion(8, 3, 1))
        #expect(catalog.loads.count == FirmwareCatalog.builtInCount)
        #expect(throws: FirmwareCatalogError.duplicate("SCCP41.8-3-1S")) {
            try catalog.define("SCCP41.8-3-1S", files: files)
        }
    }

    @Test("a bad definition is refused for its reason and changes nothing")
    func badDefinitions() throws {
        let manifest = (name: "X.loads", sizeBytes: 10)
        let cases: [(String, [(name: String, sizeBytes: Int)], FirmwareCatalogError)] = [
            ("SIP41.8-5-4S", [("SIP41.8-5-4S.loads", 1)], .duplicate("SIP41.8-5-4S")),
            ("X", [], .manifestMissing("X.loads")),
            ("X", [("Y.loads", 1)], .manifestMissing("X.loads")),
            ("X", [manifest, ("a b", 1)], .badFileName("a b")),
            ("X", [manifest, ("../a", 1)], .badFileName("../a")),
            ("X", [manifest, ("", 1)], .badFileName("")),
            ("X", [manifest, ("a", 0)], .badSize(file: "a", 0)),
            (
                "X", [manifest, ("a", FirmwareFile.sizeLimit + 1)],
                .badSize(file: "a", FirmwareFile.sizeLimit + 1)
            ),
            ("X", [manifest, ("a", 1), ("a", 2)], .duplicateFile("a")),
            ("X", [manifest, manifest], .duplicateFile("X.loads")),
            ("a/b", [manifest], .badName(.badCharacter("/"))),
            ("X", [manifest] + (1...64).map { ("f\($0)", 1) }, .tooManyFiles),
        ]
        var catalog = catalog
        for (name, files, expected) in cases {
            #expect(throws: expected) { try catalog.define(name, files: files) }
            #expect(catalog == self.catalog)
            #expect(!expected.description.isEmpty)
        }
        _ = try catalog.define("X", files: [manifest] + (1...63).map { ("f\($0)", 1) })
    }

    @Test("the limit of loads is reached and not passed")
    func loadLimit() throws {
        var catalog = catalog
        for index in catalog.loads.count..<FirmwareCatalog.loadLimit {
            _ = try catalog.define("L\(index)", files: [("L\(index).loads", 1)])
        }
        #expect(throws: FirmwareCatalogError.tooManyLoads) {
            try catalog.define("more", files: [("more.loads", 1)])
        }
    }
}
