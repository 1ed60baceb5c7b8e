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

/// A firmware load: a name that a phone can be told to run.
public struct FirmwareLoad: Hashable, Sendable {
    /// The name.
    public let name: LoadName
    /// The version, as far as it is known.
    public let version: FirmwareVersion?
    /// The files.
    public let contents: LoadContents
    /// How well it is known that the load exists under this name.
    public let evidence: Evidence

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
