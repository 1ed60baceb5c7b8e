// Firmware as files: reading a directory of loads, checking one, making one up.

import Interpreter
import NetIO
import PFSRuntime

extension FirmwareCommands {
    private static let directory = ArgumentKind.file.called(
        "DIR",
        phrase: "the name of a directory"
    )

    static let load = Command<ShellHost>(
        "firmware load",
        group: group,
        summary: "Read the loads of a directory, so that phones can be told to run them.",
        discussion:
            "Reads every `.loads` file in it and the files that it lists. A load with a file "
            + "that is missing or wrong is left out, and what is wrong is said. One that is known "
            + "already gets the sizes of the files. `firmware verify` says more.",
        .argument("directory", kind: directory, help: "where the files are"),
        changesWorld: true,
        examples: [
            Example(
                "firmware load /tmp/pfsh-lab",
                setup: ["firmware make SCCP41.9-9-9TEST for CP-7961G in /tmp/pfsh-lab replace"]
            )
        ]
    ) { (host: inout ShellHost, path: Located<String>) throws(Diagnostic) -> Output in
        let loads = try checkedLoads(path, signatures: .none)
        let sound = loads.filter(\.isSound)
        let complaints = loads.flatMap(\.complaints)
        guard !sound.isEmpty else {
            throw Diagnostic(
                "no load of \(path.node) is whole",
                at: path.range,
                notes: complaints.map { Diagnostic.Note($0) }
            )
        }
        var table = Table(columns: [
            Table.Column("load"), Table.Column("kind"), Table.Column("files", .right),
            Table.Column("bytes", .right), Table.Column("signer"),
        ])
        // On a copy first: of several loads one may be refused, and then none is taken over.
        let trial = host.world.copy()
        for load in sound { try install(load, from: path, in: trial) }
        for load in sound {
            try install(load, from: path, in: host.world)
            let files = load.readFiles
            table.append([
                .string(load.name), .string(load.manifest?.style.description ?? ""),
                .integer(Int64(files.count)),
                .integer(Int64(files.reduce(0) { $0 + $1.sizeBytes })),
                load.files.first?.signer.map { .string($0) } ?? .none,
            ])
        }
        for load in loads where !load.isSound {
            host.output.report(
                Diagnostic.warning(
                    "\(load.name) is left out: \(load.complaints.joined(separator: "; "))",
                    at: path.range
                )
            )
        }
        return .table(table)
    }

    private static func install(
        _ load: CheckedLoad,
        from path: Located<String>,
        in world: World
    ) throws(Diagnostic) {
        guard let manifest = load.manifest else { return }
        try refusing(at: path.range) { () throws(WorldError) in
            _ = try world.installLoad(
                load.name,
                files: load.readFiles,
                details: LoadDetails(manifest, signer: load.files.first?.signer),
                Evidence(.attested, "the file itself, read by `firmware load`")
            )
        }
    }

    static let verify = Command<ShellHost>(
        "firmware verify",
        group: group,
        summary: "Check all that can be checked in a directory of loads.",
        discussion:
            "Headers, names, lists, sizes, digests, archives, and signatures by the test key "
            + "of `firmware make` or by a given key. The maker's key is not public, so a real "
            + "file's signature counts as not checked. Fails if anything is wrong.",
        .argument("directory", kind: directory, help: "where the files are"),
        .option("key", kind: .file, help: "a public RSA key in PEM; the test key if not given"),
        examples: [
            Example(
                "firmware verify /tmp/pfsh-lab",
                setup: ["firmware make SCCP41.9-9-9TEST for CP-7961G in /tmp/pfsh-lab replace"]
            )
        ]
    ) {
        (host: inout ShellHost, path: Located<String>, keyFile: Located<String>?)
            throws(Diagnostic) -> Output in
        var signatures = SignatureCheck.testKey
        if let keyFile { signatures = .given(try readKey(keyFile)) }
        let loads = try checkedLoads(path, signatures: signatures)
        let complaints = loads.flatMap(\.complaints)
        guard complaints.isEmpty else {
            throw Diagnostic(
                "\(Counted.text(complaints.count, "thing")) wrong in \(path.node)",
                at: path.range,
                notes: complaints.map { Diagnostic.Note($0) }
            )
        }
        var table = Table(columns: [
            Table.Column("file"), Table.Column("check"), Table.Column("result"),
            Table.Column("detail"),
        ])
        for load in loads {
            for file in load.files {
                for finding in file.findings {
                    table.append([
                        .string(file.name), .string(finding.what),
                        .string(finding.result.rawValue), .string(finding.detail),
                    ])
                }
            }
        }
        return .table(table)
    }

    static let make = Command<ShellHost>(
        "firmware make",
        group: group,
        summary: "Write the files of a made-up load, well formed and signed by the test key.",
        discussion: "For labs and tests: the files have the format of real ones and contents of no "
            + "meaning. The key's private half is public, so that the signature proves nothing. "
            + "`sizes` has one size for all components or one for each.",
        .argument("name", help: "the name of the load, of a family of the model"),
        .keyword("for", help: "the model"),
        .keyword("in", kind: directory, help: "where to write; made if it is missing"),
        .option("sizes", help: "the sizes of the components; 32KiB each if not given"),
        .flag("replace", help: "write over files that are there"),
        examples: [
            Example("firmware make SCCP41.9-9-9TEST for CP-7961G in /tmp/pfsh-lab replace")
        ]
    ) {
        (
            host: inout ShellHost,
            name: Located<String>,
            model: ModelID,
            path: Located<String>,
            sizes: Located<[SizeArgument]>?,
            replaces: Bool
        ) throws(Diagnostic) -> Output in
        let files = try madeUp(name, model.model, sizes)
        try write(files, to: path, replaces: replaces)
        var table = Table(columns: [Table.Column("file"), Table.Column("bytes", .right)])
        for file in files {
            table.append([.string(file.name), .integer(Int64(file.bytes.count))])
        }
        return .table(table)
    }

    private static func write(
        _ files: [SyntheticLoad.File],
        to path: Located<String>,
        replaces: Bool
    ) throws(Diagnostic) {
        let there: [String]
        do throws(FileError) {
            try FileStore.makeDirectory(path.node)
            there = try FileStore.list(path.node).map(\.name)
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
        if !replaces, let known = files.first(where: { there.contains($0.name) }) {
            throw Diagnostic(
                "\(path.node) has a file \(known.name) already",
                at: path.range,
                hints: ["`replace` writes over it"]
            )
        }
        do throws(FileError) {
            for file in files { try FileStore.write(file.bytes, to: "\(path.node)/\(file.name)") }
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
    }

    private static func madeUp(
        _ name: Located<String>,
        _ model: PhoneModel,
        _ sizes: Located<[SizeArgument]>?
    ) throws(Diagnostic) -> [SyntheticLoad.File] {
        let load: LoadName
        do throws(LoadNameError) {
            load = try LoadName(name.node)
        } catch {
            throw Diagnostic(error.description, at: name.range)
        }
        do throws(SyntheticLoadError) {
            let bytes = sizes?.node.map { Int($0.bytes) } ?? []
            return try SyntheticLoad.files(load, for: model, sizes: bytes)
        } catch {
            let range =
                switch error {
                case .wrongCount, .badSize: sizes?.range ?? name.range
                case .otherFamily, .formatNotPublic, .format: name.range
                }
            throw Diagnostic(error.description, at: range)
        }
    }

    private static func checkedLoads(
        _ path: Located<String>,
        signatures: SignatureCheck
    ) throws(Diagnostic) -> [CheckedLoad] {
        do throws(FileError) {
            let directory = try FirmwareDirectory(path.node)
            let names = directory.manifestNames
            guard !names.isEmpty else {
                throw FileError.notFound(path: "\(path.node)/*.loads")
            }
            var loads: [CheckedLoad] = []
            for name in names { loads.append(try directory.check(name, signatures: signatures)) }
            return loads
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
    }

    private static func readKey(_ path: Located<String>) throws(Diagnostic) -> RSAPublicKey {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileStore.read(path.node, limitBytes: RSAPublicKey.fileByteLimit)
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
        guard let key = RSAPublicKey(pem: String(decoding: bytes, as: UTF8.self)) else {
            throw Diagnostic(
                "\(path.node) is no public RSA key in PEM",
                at: path.range,
                hints: ["openssl rsa -in key.pem -pubout"]
            )
        }
        return key
    }
}
