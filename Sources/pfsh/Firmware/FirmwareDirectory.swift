// A directory of firmware files, as a TFTP server holds it: the loads whose manifests are there, and
// for each whether its files are there and right. Nothing here changes the world or the directory.

import Interpreter
import NetIO
import PFSRuntime

/// A load whose manifest stands in a directory.
struct CheckedLoad {
    /// The load's name: that of the manifest's file without `.loads`.
    let name: String
    /// What the manifest says; nil when it cannot be read.
    let manifest: FirmwareManifest?
    /// The manifest first, then the files that it lists.
    var files: [FirmwareFileCheck]

    /// Whether nothing is wrong.
    var isSound: Bool { files.allSatisfy(\.isSound) }

    /// What is wrong, one line each.
    var complaints: [String] {
        files.flatMap { file in
            file.findings.filter { $0.result == .wrong }.map {
                "\(file.name): \($0.what): \($0.detail)"
            }
        }
    }

    /// The files that a phone fetches, for the catalogue.
    var readFiles: [ReadFile] {
        let wanted = [files.first?.name ?? ""] + (manifest?.required.map(\.name) ?? [])
        return wanted.compactMap { name in
            files.first { $0.name == name }.map {
                ReadFile(name: $0.name, sizeBytes: $0.sizeBytes, sha256: $0.sha256)
            }
        }
    }
}

/// A directory of firmware files.
struct FirmwareDirectory {
    /// Where it is, as the user wrote it.
    let path: String
    private let entries: [DirectoryEntry]

    /// Looks at what is in the directory at `path`.
    init(_ path: String) throws(FileError) {
        self.path = path
        entries = try FileStore.list(path)
    }

    /// The names of the manifests in it.
    var manifestNames: [String] {
        entries.map(\.name).filter { LoadName.hasSuffix($0.lowercased()) }
    }

    /// Checks a load by its manifest.
    ///
    /// Throws `FileError` when the manifest cannot be read; all else that is wrong is in the answer.
    func check(
        _ manifestName: String,
        signatures: SignatureCheck
    ) throws(FileError) -> CheckedLoad {
        let name = String(manifestName.dropLast(".loads".count))
        let bytes = try FileStore.read(place(manifestName), limitBytes: LoadsManifest.byteLimit)
        var first = try FirmwareFileCheck(
            name: manifestName,
            at: place(manifestName),
            sizeBytes: bytes.count,
            signatures: signatures
        )
        let manifest: FirmwareManifest
        do throws(FirmwareFormatError) {
            manifest = try FirmwareManifest(parsing: bytes)
            first.note("list", .ok, Counted.text(manifest.files.count, "file"))
            if manifest.style == .thirdGeneration, manifest.files.count < Self.thirdGenerationFiles
            {
                first.note(
                    "list",
                    .unchecked,
                    "all known lists of its kind have \(Self.thirdGenerationFiles) files"
                )
            }
        } catch {
            first.note("list", .wrong, error.description)
            return CheckedLoad(name: name, manifest: nil, files: [first])
        }
        if !Self.isKnownFamily(name) {
            first.note("family", .unchecked, "no model is known to take such loads")
        }
        var files = [first]
        var seen = [manifestName]
        for entry in manifest.files where !seen.contains(entry.name) {
            seen.append(entry.name)
            var file = try check(entry, signatures: signatures)
            checkFamily(of: &file, manifest.style, load: name)
            files.append(file)
        }
        return CheckedLoad(name: name, manifest: manifest, files: files)
    }

    /// Components of a load of the third generation: jar, cnu, apps, dsp, cvm (attested, 216 files).
    private static let thirdGenerationFiles = 5

    private func place(_ name: String) -> String {
        path.hasSuffix("/") ? path + name : "\(path)/\(name)"
    }

    private func check(
        _ entry: FirmwareManifest.Entry,
        signatures: SignatureCheck
    ) throws(FileError) -> FirmwareFileCheck {
        guard let found = entries.first(where: { $0.name == entry.name }) else {
            let letters = entry.name.lowercased()
            let other = entries.first { $0.name.lowercased() == letters }
            var file = FirmwareFileCheck(
                name: entry.name,
                wrong: "file",
                other.map { "missing; `\($0.name)` is there, but servers tell case apart" }
                    ?? "missing (byte \(entry.offset) of the manifest)"
            )
            if entry.isOptional { file = FirmwareFileCheck(optional: entry.name) }
            return file
        }
        var file = try FirmwareFileCheck(
            name: entry.name,
            at: place(entry.name),
            sizeBytes: found.sizeBytes,
            signatures: signatures
        )
        if let size = entry.sizeBytes {
            let isSame = size == found.sizeBytes
            file.note(
                "size",
                isSame ? .ok : .wrong,
                isSame
                    ? "\(size) bytes"
                    : "\(found.sizeBytes) bytes, \(size) by the manifest (byte \(entry.offset))"
            )
        }
        if let digest = entry.md5 {
            let isSame = file.ownMD5 == digest
            file.note(
                "digest",
                isSame ? .ok : .wrong,
                isSame ? "MD5" : "another MD5 than the manifest's (byte \(entry.offset))"
            )
        }
        return file
    }

    /// In the names of third generation components stand the numbers of the family that they are for.
    private func checkFamily(
        of file: inout FirmwareFileCheck,
        _ style: FirmwareManifest.Style,
        load: String
    ) {
        guard style == .thirdGeneration, let name = try? LoadName(load) else { return }
        let wanted = name.family.drop { !$0.isNumber }
        let stem = file.name.prefix { $0 != "." }
        let found = stem.drop { !$0.isNumber }.prefix { $0.isNumber }
        guard !wanted.isEmpty, !found.isEmpty, name.version != nil, wanted != found else { return }
        file.note("family", .wrong, "a file of \(found), in a load of \(wanted)")
    }

    private static func isKnownFamily(_ load: String) -> Bool {
        guard let name = try? LoadName(load) else { return false }
        return PhoneModel.all.contains { model in
            DeviceProtocol.allCases.contains { model.fit(of: name, for: $0) == .fits }
        }
    }
}

extension FirmwareFileCheck {
    /// A file that is not there and need not be.
    init(optional name: String) {
        self.init(name: name)
        note("file", .unchecked, "not there; the manifest marks it as one to do without")
    }
}
