// Sizes of the component files of third generation loads, as public archives list them, and the one
// rule for files that no archive lists: the same file of the nearest component version, else the
// same part of a sister family. Such a size is marked modelled and names the file that it was taken
// from.

/// The version of the component files inside a load; it differs from the load's own version.
struct ComponentVersion: Hashable {
    /// The text in the file names: `9-4-2ES9`.
    let text: String
    /// The place in `ComponentSizes.versions`: neighbours have neighbouring sizes.
    let rank: Int

    static let v854 = ComponentVersion(text: "8-5-4TH1-6", rank: 0)
    static let v921 = ComponentVersion(text: "9-2-1TH1-13", rank: 1)
    static let v931 = ComponentVersion(text: "9-3-1ES8", rank: 2)
    static let v942SR1 = ComponentVersion(text: "9-4-2ES9", rank: 3)
    static let v942SR3 = ComponentVersion(text: "9-4-2ES26", rank: 4)
    static let v942SR4 = ComponentVersion(text: "9-4-2SR4-3", rank: 5)
    /// 8.5(2): its components are named in public lists, but no size is.
    static let v852 = ComponentVersion(text: "8-5-2TH1-9", rank: 0)
}

/// The sizes of component files.
enum ComponentSizes {
    /// One archive's five sizes of a family; nil where the archive's copy lacks the file.
    private struct Archive {
        let family: String
        let deviceProtocol: DeviceProtocol
        let version: ComponentVersion
        let jar: Int
        let cnu: Int
        let apps: Int?
        let dsp: Int
        let cvm: Int

        init(
            _ family: String,
            _ deviceProtocol: DeviceProtocol,
            _ version: ComponentVersion,
            _ jar: Int,
            _ cnu: Int,
            _ apps: Int?,
            _ dsp: Int,
            _ cvm: Int
        ) {
            self.family = family
            self.deviceProtocol = deviceProtocol
            self.version = version
            (self.jar, self.cnu, self.apps, self.dsp, self.cvm) = (jar, cnu, apps, dsp, cvm)
        }

        func size(of part: FirmwarePart) -> Int? {
            switch part {
            case .jar: jar
            case .cnu: cnu
            case .apps: apps
            case .dsp: dsp
            case .cvm: cvm
            case .loads, .other: nil
            }
        }
    }

    /// Family, protocol, version; then jar, cnu, apps, dsp, cvm in bytes.
    private static let archives: [Archive] = [
        Archive("11", .sip, .v854, 1_618_678, 503_489, 2_942_947, 342_219, 2_494_583),
        Archive("11", .sccp, .v942SR1, 1_618_309, 559_855, 3_156_351, 364_207, 2_225_648),
        Archive("11", .sccp, .v942SR3, 1_618_309, 559_713, 3_157_531, 364_895, 2_227_521),
        Archive("31", .sccp, .v921, 1_617_571, 553_975, 3_150_897, 356_907, 2_209_268),
        Archive("41", .sip, .v854, 1_629_894, 499_863, 2_933_341, 539_513, 2_490_633),
        Archive("41", .sccp, .v942SR1, 1_630_052, 557_154, 3_156_347, 562_005, 2_217_256),
        Archive("41", .sccp, .v942SR3, 1_630_052, 556_833, 3_157_527, 562_693, 2_219_477),
        Archive("42", .sip, .v854, 1_758_418, 524_894, 2_936_005, 342_219, 2_493_545),
        Archive("42", .sccp, .v942SR1, 1_763_397, 582_093, 4_637_232, 364_207, 2_217_086),
        Archive("42", .sccp, .v942SR3, 1_763_397, 581_755, nil, 364_895, 2_218_670),
        Archive("45", .sip, .v854, 1_885_045, 525_007, 2_936_005, 342_219, 2_494_573),
        Archive("45", .sccp, .v931, 1_890_899, 581_096, nil, 363_095, 2_215_430),
        Archive("45", .sccp, .v942SR1, 1_891_597, 582_125, 4_637_232, 364_207, 2_219_236),
        Archive("45", .sccp, .v942SR4, 2_258_101, 582_170, nil, 364_907, 2_223_028),
        Archive("70", .sccp, .v942SR3, 1_830_557, 557_249, 3_157_527, 562_693, 2_222_958),
        Archive("75", .sccp, .v942SR3, 1_893_741, 581_836, nil, 364_895, 2_222_048),
    ]

    /// The family whose archive stands in when a family's own archives lack a file.
    private static func sister(of family: String) -> String? { family == "75" ? "45" : nil }

    /// The five component files of a load, in the order of request.
    static func files(
        family: String,
        _ deviceProtocol: DeviceProtocol,
        _ version: ComponentVersion
    ) -> [FirmwareFile] {
        [FirmwarePart.jar, .cnu, .apps, .dsp, .cvm].compactMap { part in
            guard let (archive, size) = nearest(part, family, deviceProtocol, version) else {
                return nil
            }
            let name = fileName(part, family, deviceProtocol, version)
            let source = fileName(part, archive.family, archive.deviceProtocol, archive.version)
            let evidence: Evidence =
                if name != source {
                    Evidence(.modelled, "size of \(source)")
                } else if archive.deviceProtocol != deviceProtocol {
                    Evidence(.derived, "the \(archive.deviceProtocol) load has the same file")
                } else {
                    .archive
                }
            return FirmwareFile(name: name, part: part, sizeBytes: size, evidence: evidence)
        }
    }

    /// The naming rule: part, family, the protocol for jar and cvm, version.
    static func fileName(
        _ part: FirmwarePart,
        _ family: String,
        _ deviceProtocol: DeviceProtocol,
        _ version: ComponentVersion
    ) -> String {
        let word = part == .jar || part == .cvm ? deviceProtocol.description.lowercased() : ""
        return "\(part)\(family)\(word).\(version.text).sbn"
    }

    /// The archive that a file's size is taken from.
    ///
    /// The same protocol goes before the other one only at the same version: a load's parts change
    /// more with the version than with the protocol. Of two equally near versions the earlier one
    /// counts.
    private static func nearest(
        _ part: FirmwarePart,
        _ family: String,
        _ deviceProtocol: DeviceProtocol,
        _ version: ComponentVersion
    ) -> (Archive, Int)? {
        var best: (archive: Archive, size: Int, distance: Int)?
        for archive in archives where archive.family == family {
            guard let size = archive.size(of: part) else { continue }
            let steps = abs(archive.version.rank - version.rank)
            let distance = 2 * steps + (archive.deviceProtocol == deviceProtocol ? 0 : 1)
            if distance < best?.distance ?? .max { best = (archive, size, distance) }
        }
        if let best { return (best.archive, best.size) }
        guard let sister = sister(of: family) else { return nil }
        return nearest(part, sister, deviceProtocol, version)
    }
}
