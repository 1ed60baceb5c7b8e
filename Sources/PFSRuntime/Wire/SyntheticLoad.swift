// Made-up loads for labs and tests: sets of files in the formats of real ones, filled with numbers of
// no meaning and signed by the test key. Which files a set has follows from the model. No byte of
// real firmware is in them, and no phone would run them.

/// Makes the files of loads that do not exist.
public enum SyntheticLoad {
    /// A file of a set.
    public struct File: Sendable {
        /// Its name.
        public let name: String
        /// All of it.
        public let bytes: [UInt8]
    }

    /// The size of a component when none is given: own choice, above the 16,384 bytes that public
    /// tools want of an archive.
    public static let standardComponentBytes = 32_768

    /// The largest component that is made, in bytes (own choice, above every known component).
    public static let componentByteLimit = 64 << 20

    /// The smallest component that is made, in bytes: the headers take some 1,100.
    public static let leastComponentBytes = 2_048

    /// The names of a load's components, in the order of request.
    ///
    /// Throws when the load is not for the model, or the model's format is not public.
    public static func componentNames(
        _ load: LoadName,
        for model: PhoneModel
    ) throws(SyntheticLoadError) -> [String] {
        let name = load.text
        switch try style(load, for: model) {
        case .thirdGeneration:
            let deviceProtocol = load.family == model.sipFamily ? DeviceProtocol.sip : .sccp
            let digits = String(load.family.drop { !$0.isNumber })
            let version = ComponentVersion(text: versionText(load), rank: 0)
            return [FirmwarePart.jar, .cnu, .apps, .dsp, .cvm].map {
                ComponentSizes.fileName($0, digits, deviceProtocol, version)
            }
        case .secondGeneration: return [name + ".sbn", name + ".sb2"]
        case .series6900:
            return ["BOOT\(name).zz.sgn", "DSP\(name).zz.sgn", "\(name).zz.sgn"]
        case .numberedParts: return (1...4).map { "\(name).bin\($0).sgn" }
        case .wireless:
            return ["APPS-\(name).SBN", "GUI-\(name).SBN", "SYS-\(name).SBN"]
        case .fifthGeneration:
            let digits = String(load.family.drop { !$0.isNumber })
            return ["sboot", "kern", "rootfs"].map { "\($0)\(digits).\(versionText(load)).sbn" }
        }
    }

    /// The files of a load, the manifest first, each component of the size given.
    ///
    /// `sizes` has one size for each of `componentNames`, or one for all, or none for
    /// `standardComponentBytes`. Throws when the load is not for the model, the model's format is
    /// not public, or a size is out of bounds.
    public static func files(
        _ load: LoadName,
        for model: PhoneModel,
        sizes: [Int] = []
    ) throws(SyntheticLoadError) -> [File] {
        let style = try style(load, for: model)
        let names = try componentNames(load, for: model)
        guard sizes.count <= 1 || sizes.count == names.count else {
            throw .wrongCount(wanted: names, given: sizes.count)
        }
        var components: [File] = []
        for (index, name) in names.enumerated() {
            let wanted = sizes.isEmpty ? standardComponentBytes : sizes[min(index, sizes.count - 1)]
            guard (leastComponentBytes...componentByteLimit).contains(wanted) else {
                throw .badSize(wanted)
            }
            do {
                components.append(try component(name, index, wanted, style))
            } catch {
                throw .format(error)
            }
        }
        do {
            return [try manifest(load, style, components)] + components
        } catch {
            throw .format(error)
        }
    }

    /// Which kind of list the model's loads have.
    private static func style(
        _ load: LoadName,
        for model: PhoneModel
    ) throws(SyntheticLoadError) -> FirmwareManifest.Style {
        let fits = DeviceProtocol.allCases.contains { model.fit(of: load, for: $0) == .fits }
        guard fits else {
            let families = [model.sccpFamily, model.sipFamily].compactMap(\.self)
            throw .otherFamily(load: load.text, model: model.name, families: families)
        }
        switch model.generation {
        case .third: return .thirdGeneration
        case .second: return .secondGeneration
        case .series6900: return model.name == "CP-6945" ? .numberedParts : .series6900
        case .series8900: return .numberedParts
        case .series7800, .series8800: return .fifthGeneration
        case .early where ["CP-7921G", "CP-7925G", "CP-7926G"].contains(model.name):
            return .wireless
        case .early, .series9900, .otherMaker: throw .formatNotPublic(model: model.name)
        }
    }

    /// The version in a load's name: what stands after the family; the whole name without one.
    private static func versionText(_ load: LoadName) -> String {
        let rest = load.text.dropFirst(load.family.count).drop { $0 == "." || $0 == "-" }
        return rest.isEmpty ? load.text : String(rest)
    }

    // MARK: Components

    private static func component(
        _ name: String,
        _ index: Int,
        _ byteCount: Int,
        _ style: FirmwareManifest.Style
    ) throws(FirmwareFormatError) -> File {
        switch style {
        case .thirdGeneration:
            let room = byteCount - SignedHeader.byteCount(name: name)
            let path = "/pfsh/made-up-\(index + 1)"
            let overhead = CNUArchive.bytes([.init(path: path, time: 0, contents: [])]).count
            let contents = filling(name, room - overhead)
            let archive = CNUArchive.bytes([.init(path: path, time: 0, contents: contents)])
            return File(name: name, bytes: try SignedHeader.signedFile(name: name, body: archive))
        case .secondGeneration, .numberedParts:
            let body = filling(name, byteCount - SignedHeader.byteCount(name: name))
            return File(name: name, bytes: try SignedHeader.signedFile(name: name, body: body))
        case .series6900:
            let room = byteCount - SignedHeader.byteCount(name: name)
            // The mark that the payloads of these phones begin with.
            let body = Array("TiZp".utf8) + filling(name, room - 4)
            return File(name: name, bytes: try SignedHeader.signedFile(name: name, body: body))
        case .wireless:
            let room = byteCount - SignedHeader.byteCount(name: name)
            var body = [UInt8](repeating: 0, count: 32) + filling(name, room - 32)
            let digest = MessageDigest.digest(.md5, of: body)
            body.replaceSubrange(0..<32, with: Array(hexadecimal(digest).utf8))
            return File(name: name, bytes: try SignedHeader.signedFile(name: name, body: body))
        case .fifthGeneration:
            let overhead = try ImageHeader.signedFile(name: name, body: []).count
            let body = filling(name, byteCount - overhead)
            return File(name: name, bytes: try ImageHeader.signedFile(name: name, body: body))
        }
    }

    /// Bytes of no meaning, the same for each file of a name.
    private static func filling(_ name: String, _ count: Int) -> [UInt8] {
        let index = name.utf8.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) }
        var stream = RandomStream(seed: 0, purpose: .firmwareFilling, index: index)
        let block = (0..<512).flatMap { _ in
            let bits = stream.next()
            return (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + block.count)
        while bytes.count < count { bytes += block }
        return Array(bytes.prefix(count))
    }

    // MARK: Manifests

    private static func manifest(
        _ load: LoadName,
        _ style: FirmwareManifest.Style,
        _ components: [File]
    ) throws(FirmwareFormatError) -> File {
        let name = style == .wireless ? load.text + ".LOADS" : load.fileName
        let list: String
        switch style {
        case .thirdGeneration:
            list = try LoadsManifest(
                name: name,
                releaseVersion: versionText(load),
                files: components.map(\.name)
            ).list
        case .secondGeneration:
            list = components.map { $0.name + "\n" }.joined() + "LA_VERSION=\(load.text)\n"
        case .series6900: list = components.map { $0.name + "\r\n" }.joined()
        case .numberedParts: list = components.map { $0.name + "\n" }.joined()
        case .wireless:
            list =
                "#? HW_REV 0-4.*\n#? SW_CAP EAP-TLS,PEAP,VSFIX\n\n"
                + components.map { wirelessLine($0) }.joined()
        case .fifthGeneration: list = platformList(load, components)
        }
        let bytes =
            style == .fifthGeneration
            ? try ImageHeader.signedFile(name: name, body: Array(list.utf8))
            : try SignedHeader.signedFile(name: name, body: Array(list.utf8))
        return File(name: name, bytes: bytes)
    }

    private static func wirelessLine(_ file: File) -> String {
        let start = SignedHeader.byteCount(name: file.name)
        let digest = String(decoding: file.bytes[start..<start + 32], as: UTF8.self)
        let padding = String(repeating: " ", count: max(38 - file.name.utf8.count, 1))
        return "\(file.name)\(padding)\(file.bytes.count) \(digest)\n"
    }

    private static func platformList(_ load: LoadName, _ components: [File]) -> String {
        let family = load.family.drop { !$0.isNumber }
        var lines = [
            "#", "# RELEASE Model=\(family) Version=\(versionText(load))",
            "# LOADS=\(load.fileName)", "#", "", "[CISCO-ID]", "version = \(versionText(load))",
            "hwcompat = 0x00000003", "swcompat = 0x00000004", "transition = 0x00000000",
            "loadversion = 0x00000001", "", "[PLATFORM_1]",
        ]
        for (role, file) in zip(["sboot", "kern", "rootfs"], components) {
            lines.append("\(role)=\(file.name) size=\(file.bytes.count)")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
}

/// Why a made-up load cannot be made.
public enum SyntheticLoadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The load is not of one of the model's families.
    case otherFamily(load: String, model: String, families: [String])
    /// How the model's firmware files look is not public.
    case formatNotPublic(model: String)
    /// There is neither one size for all components nor one for each.
    case wrongCount(wanted: [String], given: Int)
    /// A component of that size cannot be made.
    case badSize(Int)
    /// The format refuses it.
    case format(FirmwareFormatError)

    /// One line for a diagnostic.
    public var description: String {
        switch self {
        case .otherFamily(let load, let model, let families):
            "`\(load)` is no load of the \(model)"
                + (families.isEmpty
                    ? "" : ", whose loads are of \(families.joined(separator: " or "))")
        case .formatNotPublic(let model): "how firmware files of the \(model) look is not public"
        case .wrongCount(let wanted, let given):
            "\(given) sizes for \(wanted.count) components: \(wanted.joined(separator: ", "))"
        case .badSize(let size):
            "a component of \(size) bytes cannot be made: \(SyntheticLoad.leastComponentBytes) to "
                + "\(SyntheticLoad.componentByteLimit) fit"
        case .format(let error): error.description
        }
    }
}
