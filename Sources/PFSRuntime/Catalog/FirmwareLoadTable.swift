// The built-in loads. Third generation loads are made of a release and a family, because their
// names and files follow one rule; the others are written out. Names and sizes only: no firmware is
// here.

extension FirmwareLoad {
    /// All built-in loads: third generation by release, then the others.
    static let builtIn: [FirmwareLoad] =
        releases.flatMap { release in release.loads() } + otherGenerations
        + namesOnly + [unknown]

    private static let releases: [Release] = [
        Release(
            .init(8, 2, 1),
            suffix: "8-2-1S",
            nil,
            sccpNames: .attested(["41"]),
            sipNames: .rule
        ),
        Release(
            .init(8, 3, 1),
            suffix: "8-3-1S",
            nil,
            sccpNames: .attested(["11", "31", "70"]),
            sipNames: .attested(["41"])
        ),
        Release(
            .init(8, 5, 2),
            suffix: "8-5-2S",
            .v852,
            sccpNames: .rule,
            sipNames: .rule
        ),
        Release(
            .init(8, 5, 4),
            suffix: "8-5-4S",
            .v854,
            sccpNames: .rule,
            sipNames: .attested(["11", "41", "42", "45"]),
            manifestBytes: ["SIP11": 668, "SIP41": 650, "SIP42": 668, "SIP45": 650]
        ),
        Release(
            .init(9, 2, 1),
            suffix: "9-2-1S",
            .v921,
            sccpNames: .attested(["11", "31", "41", "42", "45", "70", "75"]),
            sipNames: .rule,
            manifestBytes: ["SCCP31": 657]
        ),
        Release(
            .init(9, 3, 1, serviceRelease: 1, build: 1),
            suffix: "9-3-1SR1-1S",
            .v931,
            sccpNames: .attested(["41", "45", "70", "75"]),
            sipNames: .rule,
            manifestBytes: ["SCCP45": 666]
        ),
        Release(
            .init(9, 4, 2, serviceRelease: 1, build: 1),
            suffix: "9-4-2SR1-1S",
            .v942SR1,
            sccpNames: .attested(["11", "41", "42", "45"]),
            sipNames: .rule,
            manifestBytes: ["SCCP11": 666, "SCCP41": 646, "SCCP42": 666, "SCCP45": 667]
        ),
        Release(
            .init(9, 4, 2, serviceRelease: 2, build: 2),
            suffix: "9-4-2SR2-2S",
            .v942SR1,
            sccpNames: .attested(["41"]),
            sipNames: .rule,
            areComponentsKnown: false
        ),
        Release(
            .init(9, 4, 2, serviceRelease: 3, build: 1),
            suffix: "9-4-2SR3-1S",
            .v942SR3,
            sccpNames: .attested(["11", "41", "42", "70", "75"]),
            sipNames: .rule,
            manifestBytes: [
                "SCCP11": 672, "SCCP41": 652, "SCCP42": 672, "SCCP70": 652, "SCCP75": 672,
            ]
        ),
        Release(
            .init(9, 4, 2, serviceRelease: 4, build: 3),
            suffix: "9-4-2SR4-3S",
            .v942SR4,
            sccpNames: .attested(["45", "75"]),
            sipNames: .rule,
            manifestBytes: ["SCCP45": 679]
        ),
    ]

    private static let otherGenerations: [FirmwareLoad] = [
        listed(
            "P0030801SR02",
            FirmwareVersion(8, 1, 2, serviceRelease: 2),
            manifestBytes: 458,
            [("P0030801SR02.sbn", 130_956), ("P0030801SR02.sb2", 708_460)]
        ),
        listed(
            "SCCP69xx.9-4-1-3SR2",
            FirmwareVersion(9, 4, 1, serviceRelease: 2, build: 3),
            manifestBytes: 499,
            [
                ("BOOT69xx.0-0-0-14.zz.sgn", 45_308),
                ("DSP69xx.12-4-122-99.131025.zz.sgn", 227_828),
                ("SCCP69xx.9-4-1-3SR2.zz.sgn", 2_872_108),
            ]
        ),
        listed(
            "SCCP6945.9-3-1-3",
            FirmwareVersion(9, 3, 1, build: 3),
            manifestBytes: 512,
            parts("SCCP6945.9-3-1-3", [3_145_116, 3_145_116, 3_145_116, 2_339_240]),
            .partNames
        ),
        listed(
            "SCCP6911.9-2-1-a",
            FirmwareVersion(9, 2, 1),
            manifestBytes: 489,
            [
                ("KNL6911SCCP.9-2-1-a.zz.sgn", 702_469),
                ("BFS6911SCCP.9-2-1-a.zz.sgn", 2_560_420),
                ("APP6911SCCP.9-2-1-a.zz.sgn", 1_270_180),
            ],
            .partNames
        ),
        listed(
            "SCCP894x.9-4-2SR1-2",
            FirmwareVersion(9, 4, 2, serviceRelease: 1, build: 2),
            manifestBytes: 673,
            [("BOOT894x.0-0-2-0.bin.sgn", 111_552)]
                + parts(
                    "SCCP894x.9-4-2SR1-2",
                    Array(repeating: 3_145_120, count: 8) + [3_104_532]
                ),
            .partNames
        ),
        listed(
            "sip78xx.11-0-1-11",
            FirmwareVersion(11, 0, 1, build: 11),
            manifestBytes: 1308,
            [
                ("sboot78xx.11-0-1-11.sbn", 370_348),
                ("kern78xx.11-0-1-11.sbn", 3_089_488),
                ("rootfs78xx.11-0-1-11.sbn", 40_239_440),
            ],
            Evidence(.modelled, "the manifest's first platform; which models it is for is not told")
        ),
    ]

    /// Parts of a load that is cut into numbered files.
    private static func parts(_ load: String, _ sizes: [Int]) -> [(name: String, sizeBytes: Int)] {
        sizes.enumerated().map { ("\(load).bin\($0 + 1).sgn", $1) }
    }

    /// Loads that configuration files and documents name, and whose files are not public.
    private static let namesOnly: [FirmwareLoad] = [
        "SIP41.8-5-2SR1S", "SIP70.8-5-2SR1S", "P0S3-8-12-00", "CP7905080003SCCP070409A",
        "CP7912080004SCCP080108A", "cmterm_7920.4.0-03-02", "CP7921G-1.4.6.3", "CP7925G-1.4.7.3",
        "CP7926G-1.4.1SR1",
        "P00503021900", "cmterm_7936.3-3-21-0", "apps37sccp.1-4-5-7", "cmterm_7985.4-1-7-0",
        "SCCP6901.9-2-1-a", "SIP69xx.9-4-1-3", "sip78xx.12-5-1SR2-2", "sip7832.12-5-1SR2-2",
        "sip88xx.12-5-1SR2-2", "sip8845_65.12-5-1SR2-2", "sip8832.12-5-1SR2-2",
        "sip8961.9-4-1-9", "sip9951.9-4-2-13", "sip9971.9-4-2SR4-1",
    ].map { text in
        let name = LoadName(checked: text)
        return FirmwareLoad(
            name: name,
            version: name.version,
            contents: .nameOnly,
            evidence: .namedInPublic
        )
    }

    /// What a phone runs of which nobody knows the firmware, such as an OEM phone.
    private static let unknown = FirmwareLoad(
        name: LoadName(checked: "unknown"),
        version: nil,
        contents: .nameOnly,
        evidence: Evidence(.unknown, "stands for firmware that is not known")
    )

    private static func listed(
        _ text: String,
        _ version: FirmwareVersion,
        manifestBytes: Int,
        _ files: [(name: String, sizeBytes: Int)],
        _ evidence: Evidence = .archive
    ) -> FirmwareLoad {
        let name = LoadName(checked: text)
        let manifest = FirmwareFile(
            name: name.fileName,
            part: .loads,
            sizeBytes: manifestBytes,
            evidence: .archive
        )
        let others = files.map { file in
            FirmwareFile(
                name: file.name,
                part: .other,
                sizeBytes: file.sizeBytes,
                evidence: evidence
            )
        }
        return FirmwareLoad(
            name: name,
            version: version,
            contents: .files([manifest] + others),
            evidence: .archive
        )
    }
}

extension Evidence {
    /// Sizes are listed for all parts, names only for some.
    fileprivate static let partNames = Evidence(
        .derived,
        "listed sizes, names by the pattern of the parts that are listed"
    )
}

/// A release of third generation firmware: one load per family and protocol.
private struct Release {
    /// Which families' names were seen in public.
    enum Names {
        case rule
        case attested([String])
    }

    let version: FirmwareVersion
    let suffix: String
    /// The version of the component files; nil when no size near it is public.
    let components: ComponentVersion?
    let sccpNames: Names
    let sipNames: Names
    var areComponentsKnown = true
    var manifestBytes: [String: Int] = [:]

    /// Family numbers and whether SIP firmware exists.
    static let families: [(number: String, speaksSIP: Bool)] = [
        ("11", true), ("31", false), ("41", true), ("42", true), ("45", true), ("70", true),
        ("75", true),
    ]

    init(
        _ version: FirmwareVersion,
        suffix: String,
        _ components: ComponentVersion?,
        sccpNames: Names,
        sipNames: Names,
        areComponentsKnown: Bool = true,
        manifestBytes: [String: Int] = [:]
    ) {
        self.version = version
        self.suffix = suffix
        self.components = components
        self.sccpNames = sccpNames
        self.sipNames = sipNames
        self.areComponentsKnown = areComponentsKnown
        self.manifestBytes = manifestBytes
    }

    func loads() -> [FirmwareLoad] {
        DeviceProtocol.allCases.flatMap { deviceProtocol in
            Self.families.compactMap { family in
                guard deviceProtocol == .sccp || family.speaksSIP else { return nil }
                return load(family.number, deviceProtocol)
            }
        }
    }

    private func load(_ family: String, _ deviceProtocol: DeviceProtocol) -> FirmwareLoad {
        let prefix = "\(deviceProtocol)\(family)"
        let name = LoadName(checked: "\(prefix).\(suffix)")
        let evidence = nameEvidence(family, deviceProtocol)
        guard let components else {
            return FirmwareLoad(
                name: name,
                version: version,
                contents: .nameOnly,
                evidence: evidence
            )
        }
        var files = ComponentSizes.files(family: family, deviceProtocol, components)
        if !areComponentsKnown { files = files.map(Self.takenFromNeighbour) }
        files.insert(manifest(name, prefix, family, components, files), at: 0)
        return FirmwareLoad(
            name: name,
            version: version,
            contents: .files(files),
            evidence: evidence
        )
    }

    private func nameEvidence(_ family: String, _ deviceProtocol: DeviceProtocol) -> Evidence {
        switch deviceProtocol == .sccp ? sccpNames : sipNames {
        case .attested(let seen) where seen.contains(family):
            if !areComponentsKnown {
                .techNote
            } else {
                components == nil ? .namedInPublic : .archive
            }
        case .attested, .rule: Evidence(.derived, "the naming rule of all 79xx loads")
        }
    }

    /// The manifest: its listed size, else the size that a manifest of these names has.
    private func manifest(
        _ name: LoadName,
        _ prefix: String,
        _ family: String,
        _ components: ComponentVersion,
        _ files: [FirmwareFile]
    ) -> FirmwareFile {
        if let size = manifestBytes[prefix] {
            return FirmwareFile(
                name: name.fileName,
                part: .loads,
                sizeBytes: size,
                evidence: .archive
            )
        }
        let size = LoadsManifest.byteCount(
            name: name.fileName,
            releaseVersion: components.text,
            hardwareComponent: Self.hardwareComponent(family),
            files: files.map(\.name)
        )
        let evidence =
            areComponentsKnown
            ? Evidence(.derived, "the manifest's format")
            : Evidence(.modelled, "the manifest's format, components of \(components.text)")
        return FirmwareFile(
            name: name.fileName,
            part: .loads,
            sizeBytes: size,
            evidence: evidence
        )
    }

    /// The number in the manifest's `#HARDWARE_COMP_1` line; nil where manifests have none.
    private static func hardwareComponent(_ family: String) -> UInt32? {
        switch family {
        case "11": 1
        case "42", "75": 5
        case "45": 15
        default: nil
        }
    }

    /// The same file, for a release whose own components are not public.
    private static func takenFromNeighbour(_ file: FirmwareFile) -> FirmwareFile {
        let evidence =
            file.evidence.mark == .modelled
            ? file.evidence : Evidence(.modelled, "component and size of 9.4(2)SR1")
        return FirmwareFile(
            name: file.name,
            part: file.part,
            sizeBytes: file.sizeBytes,
            evidence: evidence
        )
    }
}
