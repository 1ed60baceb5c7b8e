// What a `.loads` file of any generation says: which files make a load, and what else the list tells
// of them. Six kinds of list are known; FirmwareManifestParser.swift tells them apart and reads them.

/// A list of the files of a load, as any generation of phones writes it.
public struct FirmwareManifest: Hashable, Sendable {
    /// The kinds of list.
    public enum Style: Hashable, Sendable, CaseIterable, CustomStringConvertible {
        /// 7906G to 7975G: names ending in `.sbn`, lines ending in CRLF.
        case thirdGeneration
        /// 7940G and 7960G: an `.sbn`, an `.sb2`, a line `LA_VERSION=`.
        case secondGeneration
        /// 6900 series: names ending in `.zz.sgn`.
        case series6900
        /// 6945, 8941 and 8945: images cut into files `.bin1.sgn`, `.bin2.sgn` and so on.
        case numberedParts
        /// 7921G to 7926G: names with sizes and MD5.
        case wireless
        /// 7800 series, and by assumption 8800: sections for each platform, with sizes.
        case fifthGeneration

        /// Which phones write such lists.
        public var description: String {
            switch self {
            case .thirdGeneration: "79xx, third generation"
            case .secondGeneration: "7940/7960"
            case .series6900: "6900 series"
            case .numberedParts: "6945/894x, numbered parts"
            case .wireless: "7921/7925/7926"
            case .fifthGeneration: "78xx, fifth generation"
            }
        }

        /// How well the kind of list is known.
        public var evidence: Evidence {
            switch self {
            case .thirdGeneration, .secondGeneration, .series6900, .numberedParts:
                Evidence(.attested, "every public sample of the kind")
            case .wireless: Evidence(.attested, "one public sample")
            case .fifthGeneration:
                Evidence(.attested, "one public 78xx load; the same for 88xx by assumption")
            }
        }
    }

    /// One file of the list.
    public struct Entry: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Its whole size in bytes, where the list says it.
        public let sizeBytes: Int?
        /// Its MD5, where the list says it.
        public let md5: [UInt8]?
        /// The section that it stands in, such as 1 for `PLATFORM_1`.
        public let platform: Int?
        /// Whether the list marks it as one that a phone can do without.
        public let isOptional: Bool
        /// Where its line begins in the manifest.
        public let offset: Int

        /// A file of a list.
        init(
            name: String,
            sizeBytes: Int? = nil,
            md5: [UInt8]? = nil,
            platform: Int? = nil,
            isOptional: Bool = false,
            offset: Int = 0
        ) {
            self.name = name
            self.sizeBytes = sizeBytes
            self.md5 = md5
            self.platform = platform
            self.isOptional = isOptional
            self.offset = offset
        }
    }

    /// A line that says something else than a file.
    public struct Setting: Hashable, Sendable {
        /// What it is about: `LA_VERSION`, `hwcompat`, `HW_REV`.
        public let name: String
        /// What it says.
        public let value: String
        /// The section that it stands in; nil outside of the platforms.
        public let platform: Int?
    }

    /// The kind of list.
    public let style: Style
    /// The manifest's own name, as its header repeats it.
    public let name: String
    /// The version that a comment or the first section names.
    public let releaseVersion: String?
    /// All other lines that say something.
    public let settings: [Setting]
    /// The files in the order of the list, of all platforms.
    public let files: [Entry]
    /// Where the list begins: the length of the header.
    public let bodyOffset: Int

    /// The platforms of the list in its order; empty when it knows none.
    public var platforms: [Int] {
        var found: [Int] = []
        for case let platform? in files.map(\.platform) where !found.contains(platform) {
            found.append(platform)
        }
        return found
    }

    /// The files that a phone of the first platform fetches; optional ones are left out.
    ///
    /// Which phone is of which platform is not public, so the choice is modelled.
    public var required: [Entry] {
        let first = platforms.first
        return files.filter { !$0.isOptional && ($0.platform == nil || $0.platform == first) }
    }
}
