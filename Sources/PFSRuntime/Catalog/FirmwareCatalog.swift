// The loads of a world: the built-in ones and those that a user defined. A value, so that a copy of
// a world has its own; loads are only ever added, so that a LoadID stays what it was.

/// A load as an index into a catalogue's `loads`.
public struct LoadID: RawRepresentable, BitwiseCopyable, Comparable, Hashable, Sendable {
    /// The index.
    public let rawValue: UInt16

    /// The load at `rawValue`; whether the catalogue has one is the caller's business.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The one that stands earlier in the catalogue comes first.
    public static func < (left: LoadID, right: LoadID) -> Bool { left.rawValue < right.rawValue }
}

/// A load that was looked up, and how it was spelled.
public struct FoundLoad: BitwiseCopyable, Sendable {
    /// The load.
    public let id: LoadID
    /// Whether the text ended in `.loads`, which belongs to the file's name and not to the load's.
    public let hadFileSuffix: Bool
}

/// The firmware loads that a world knows.
public struct FirmwareCatalog: Hashable, Sendable {
    /// All loads: the built-in ones, then the defined ones in order of definition.
    public private(set) var loads: [FirmwareLoad] = FirmwareLoad.builtIn

    /// The most loads that a catalogue holds.
    public static let loadLimit = 4_096

    /// The most files that a defined load has, the manifest among them.
    public static let fileLimit = 64

    /// A catalogue of the built-in loads.
    public init() {}

    /// The load of an identifier that this catalogue gave out.
    public subscript(id: LoadID) -> FirmwareLoad { loads[Int(id.rawValue)] }

    /// How many of the loads are built in; those after them were defined by a user.
    public static var builtInCount: Int { FirmwareLoad.builtIn.count }

    /// Finds a load by its exact name; `.loads` at the end is accepted and reported.
    ///
    /// Throws `badName` or `unknown`, with the names that are known.
    public func find(_ text: some StringProtocol) throws(FirmwareCatalogError) -> FoundLoad {
        let name = try Self.name(text)
        guard let id = id(of: name) else {
            throw .unknown(name.text, known: loads.map(\.name.text))
        }
        return FoundLoad(id: id, hadFileSuffix: LoadName.hasSuffix(text))
    }

    /// The load of that name; nil when there is none.
    public func id(of name: LoadName) -> LoadID? {
        loads.firstIndex { $0.name == name }.map { LoadID(rawValue: UInt16($0)) }
    }

    /// The load that a release has for a family, as installing its device pack gives it.
    ///
    /// A build, if `version` names one, must match; else the latest build counts. Throws
    /// `noLoadOfVersion` with the versions that the family has.
    public func resolve(
        _ version: FirmwareVersion,
        family: String
    ) throws(FirmwareCatalogError) -> LoadID {
        var best: (id: LoadID, version: FirmwareVersion)?
        for (index, load) in loads.enumerated() where load.name.family == family {
            guard let found = load.version, found.release == version.release,
                version.build == 0 || version.build == found.build
            else { continue }
            if best.map({ found > $0.version }) ?? true {
                best = (LoadID(rawValue: UInt16(index)), found)
            }
        }
        if let best { return best.id }
        let known = loads.filter { $0.name.family == family }.compactMap { $0.version?.release }
        throw .noLoadOfVersion(version, family: family, known: Self.sortedUnique(known))
    }

    /// The load that a phone runs unless told: its family's 8.5(4), else the first one listed.
    ///
    /// Nil when the catalogue has no load for the model and protocol. The choice is modelled.
    public func standardLoad(for model: PhoneModel, _ deviceProtocol: DeviceProtocol) -> LoadID? {
        guard let family = model.family(for: deviceProtocol) else { return nil }
        let release = FirmwareVersion(8, 5, 4)
        let index =
            loads.firstIndex { $0.name.family == family && $0.version?.release == release }
            ?? loads.firstIndex { $0.name.family == family }
        return index.map { LoadID(rawValue: UInt16($0)) }
    }

    /// The load that stands for firmware that is not known; it fits every model.
    public var unknownLoad: LoadID {
        LoadID(rawValue: UInt16(loads.firstIndex { $0.name.text == "unknown" } ?? 0))
    }

    /// Adds a load with made-up files, or gives files to one of which only the name was known.
    ///
    /// `files` are in the order of request; the first must be the manifest, `NAME.loads`. The
    /// version is the one that the name states unless `version` says another; which models the
    /// load fits follows from its name. Throws when the name is bad or belongs to a load with
    /// files, a file's name or size is bad, a file occurs twice, or a limit is passed; the
    /// catalogue then stays as it was.
    public mutating func define(
        _ text: some StringProtocol,
        version: FirmwareVersion? = nil,
        files: [(name: String, sizeBytes: Int)]
    ) throws(FirmwareCatalogError) -> LoadID {
        let name = try Self.name(text)
        if let known = id(of: name), self[known].contents != .nameOnly {
            throw .duplicate(name.text)
        }
        let evidence = Evidence(.modelled, "defined by the user")
        let read = files.map { ReadFile(name: $0.name, sizeBytes: $0.sizeBytes) }
        return try put(name, version, read, evidence)
    }

    /// Adds a load whose files were read, or puts them in the place of what was known of it.
    ///
    /// As `define`, but the load may exist. A server has one file of a name: other loads that list a
    /// file of the same name get its size too. `evidence` says where the files were read.
    public mutating func install(
        _ text: some StringProtocol,
        files: [ReadFile],
        details: LoadDetails? = nil,
        _ evidence: Evidence
    ) throws(FirmwareCatalogError) -> LoadID {
        let id = try put(try Self.name(text), nil, files, evidence)
        loads[Int(id.rawValue)].details = details
        for file in self[id].files {
            for index in loads.indices where index != Int(id.rawValue) {
                loads[index].replaceSize(of: file)
            }
        }
        return id
    }

    private mutating func put(
        _ name: LoadName,
        _ version: FirmwareVersion?,
        _ files: [ReadFile],
        _ evidence: Evidence
    ) throws(FirmwareCatalogError) -> LoadID {
        let known = id(of: name)
        guard known != nil || loads.count < Self.loadLimit else { throw .tooManyLoads }
        // Phones of the 792x ask for their manifest in capitals.
        guard let first = files.first,
            first.name == name.fileName || first.name == name.text + ".LOADS"
        else { throw .manifestMissing(name.fileName) }
        guard files.count <= Self.fileLimit else { throw .tooManyFiles }
        var checked: [FirmwareFile] = []
        for file in files {
            checked.append(try Self.check(file, after: checked, evidence))
        }
        let load = FirmwareLoad(
            name: name,
            version: version ?? name.version,
            contents: .files(checked),
            evidence: evidence
        )
        if let known {
            loads[Int(known.rawValue)] = load
            return known
        }
        loads.append(load)
        return LoadID(rawValue: UInt16(loads.count - 1))
    }

    private static func name(_ text: some StringProtocol) throws(FirmwareCatalogError) -> LoadName {
        do {
            return try LoadName(text)
        } catch {
            throw .badName(error)
        }
    }

    private static func check(
        _ file: ReadFile,
        after earlier: [FirmwareFile],
        _ evidence: Evidence
    ) throws(FirmwareCatalogError) -> FirmwareFile {
        let name = file.name
        let isPlain = name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2F }
        guard (1...LoadsManifest.nameLimit).contains(name.utf8.count), isPlain else {
            throw .badFileName(name)
        }
        guard (1...FirmwareFile.sizeLimit).contains(file.sizeBytes) else {
            throw .badSize(file: name, file.sizeBytes)
        }
        guard !earlier.contains(where: { $0.name == name }) else { throw .duplicateFile(name) }
        return FirmwareFile(
            name: name,
            part: part(of: name),
            sizeBytes: file.sizeBytes,
            evidence: evidence,
            sha256: file.sha256
        )
    }

    private static func part(of name: String) -> FirmwarePart {
        let letters = name.lowercased()
        if LoadName.hasSuffix(letters) { return .loads }
        return FirmwarePart.allCases.first { $0 != .loads && letters.hasPrefix("\($0)") } ?? .other
    }

    private static func sortedUnique(_ versions: [FirmwareVersion]) -> [FirmwareVersion] {
        var result: [FirmwareVersion] = []
        for version in versions.sorted() where result.last != version { result.append(version) }
        return result
    }
}

/// Why a load could not be found or added.
public enum FirmwareCatalogError: Error, Hashable, CustomStringConvertible {
    /// The text is no load name.
    case badName(LoadNameError)
    /// No load has the name; with the names that are known.
    case unknown(String, known: [String])
    /// The family has no load of the version; with those that it has.
    case noLoadOfVersion(FirmwareVersion, family: String, known: [FirmwareVersion])
    /// A load of the name exists and has files.
    case duplicate(String)
    /// The first file is not the manifest, which must have this name.
    case manifestMissing(String)
    /// A file's name is empty, too long, or holds blanks, a slash or other than ASCII.
    case badFileName(String)
    /// A file's size is not between 1 byte and `FirmwareFile.sizeLimit`.
    case badSize(file: String, Int)
    /// A file occurs twice in the load.
    case duplicateFile(String)
    /// The load has more than `FirmwareCatalog.fileLimit` files.
    case tooManyFiles
    /// The catalogue has `FirmwareCatalog.loadLimit` loads.
    case tooManyLoads

    /// The message of a diagnostic, one line.
    public var description: String {
        switch self {
        case .badName(let error): error.description
        case .unknown(let name, _): "unknown load `\(name)`"
        case .noLoadOfVersion(let version, let family, let known):
            "no \(family) load of version \(version); known: "
                + (known.isEmpty ? "none" : known.map(\.description).joined(separator: ", "))
        case .duplicate(let name): "a load named `\(name)` exists"
        case .manifestMissing(let name): "the first file of the load must be `\(name)`"
        case .badFileName(let name): "`\(name)` is not a file name that a phone can ask for"
        case .badSize(let file, let size):
            "`\(file)` cannot have \(size) bytes: 1 to \(FirmwareFile.sizeLimit) fit"
        case .duplicateFile(let name): "the file `\(name)` occurs twice"
        case .tooManyFiles: "a load has at most \(FirmwareCatalog.fileLimit) files"
        case .tooManyLoads: "a world has at most \(FirmwareCatalog.loadLimit) loads"
        }
    }
}
