// A firmware load and its files: the values that an upgrade is made of. Where the sizes come from
// is decided in ComponentSizes.swift; which loads exist in FirmwareLoadTable.swift.

/// What a file of a load is for, in the order in which third generation phones ask for them.
public enum FirmwarePart: UInt8, BitwiseCopyable, CaseIterable, Sendable, CustomStringConvertible {
    /// The signed list of the other files.
    case loads
    /// The Java archive; its name carries the protocol.
    case jar
    /// The operating system, CNU.
    case cnu
    /// The applications.
    case apps
    /// The signal processor's firmware.
    case dsp
    /// The Java virtual machine; its name carries the protocol.
    case cvm
    /// A file of a phone that is made differently, or of a load that a user defined.
    case other

    /// The word that file names begin with.
    public var description: String {
        switch self {
        case .loads: "loads"
        case .jar: "jar"
        case .cnu: "cnu"
        case .apps: "apps"
        case .dsp: "dsp"
        case .cvm: "cvm"
        case .other: "other"
        }
    }
}

/// One file of a load.
public struct FirmwareFile: Hashable, Sendable {
    /// The name that the phone asks the server for.
    public let name: String
    /// What the file is for.
    public let part: FirmwarePart
    /// The whole file in bytes, header and all; 1 to `FirmwareFile.sizeLimit`.
    public let sizeBytes: Int
    /// How well name and size are known.
    public let evidence: Evidence
    /// The SHA-256 of the whole file; nil when the file was never seen.
    public internal(set) var sha256: [UInt8]?

    /// The largest file: 4 GiB minus one, far above any phone's flash.
    public static let sizeLimit = 4_294_967_295
}

/// What is known of a load besides its name.
public enum LoadContents: Hashable, Sendable {
    /// Its files in the order in which a phone asks for them, the manifest first.
    case files([FirmwareFile])
    /// Only the name is known: neither files nor sizes are public.
    case nameOnly
}

/// What a load's manifest says besides its files, when it was read from a directory.
public struct LoadDetails: Hashable, Sendable {
    /// The kind of list.
    public let style: FirmwareManifest.Style
    /// The length of the manifest's header in bytes.
    public let headerByteCount: Int
    /// Who signed it; nil where the header names nobody.
    public let signer: String?
    /// The version that the list names.
    public let releaseVersion: String?
    /// What else the list says, as `NAME value`.
    public let settings: [String]

    /// What a manifest says, and who its header says signed it.
    public init(_ manifest: FirmwareManifest, signer: String?) {
        style = manifest.style
        headerByteCount = manifest.bodyOffset
        self.signer = signer
        releaseVersion = manifest.releaseVersion
        settings = manifest.settings.map { setting in
            let place = setting.platform.map { "PLATFORM_\($0) " } ?? ""
            return "\(place)\(setting.name) \(setting.value)"
        }
    }
}

/// A file that was read, on its way into the catalogue.
public struct ReadFile: Sendable {
    /// The name that the phone asks the server for.
    public let name: String
    /// Its size in bytes.
    public let sizeBytes: Int
    /// Its SHA-256; nil when only its size is known.
    public let sha256: [UInt8]?

    /// A file of this name, size and digest.
    public init(name: String, sizeBytes: Int, sha256: [UInt8]? = nil) {
        self.name = name
        self.sizeBytes = sizeBytes
        self.sha256 = sha256
    }
}

/// A firmware load: a name that a phone can be told to run.
public struct FirmwareLoad: Hashable, Sendable {
    /// The name.
    public let name: LoadName
    /// The version, as far as it is known.
    public let version: FirmwareVersion?
    /// The files.
    public internal(set) var contents: LoadContents
    /// How well it is known that the load exists under this name.
    public let evidence: Evidence
    /// What its manifest says besides; nil when the manifest was never seen.
    public internal(set) var details: LoadDetails?

    /// The files in the order of request; empty when only the name is known.
    public var files: [FirmwareFile] {
        switch contents {
        case .files(let files): files
        case .nameOnly: []
        }
    }

    /// The sum of the files' sizes in bytes: what one upgrade fetches.
    public var totalBytes: Int { files.reduce(0) { $0 + $1.sizeBytes } }

    /// The weakest mark among the files' sizes; unknown when only the name is known.
    public var sizeMark: Mark {
        files.map(\.evidence.mark).max { $0.rawValue < $1.rawValue } ?? .unknown
    }
}

extension FirmwareLoad {
    /// Takes over the size of a file that has the same name as one of this load's.
    mutating func replaceSize(of file: FirmwareFile) {
        var files = self.files
        guard let index = files.firstIndex(where: { $0.name == file.name }),
            files[index].sizeBytes != file.sizeBytes
        else { return }
        files[index] = file
        contents = .files(files)
    }
}
