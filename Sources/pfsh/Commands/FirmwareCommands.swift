// The firmware that is known, and firmware that a user makes up.

import Interpreter
import PFSRuntime

enum FirmwareCommands {
    static let group = CommandGroup("Firmware")
    static let all = [list, show, path, define, load, make, verify]

    static let list = Command<ShellHost>(
        "firmware list",
        group: group,
        summary: "List the loads that are known, with the mark of their sizes.",
        .optional("family", help: "one family only, such as SCCP41"),
        examples: [Example("firmware list SCCP41")]
    ) { (host: inout ShellHost, family: Located<String>?) throws(Diagnostic) -> Output in
        var table = Table(columns: listColumns)
        let wanted = family?.node.lowercased()
        for load in host.world.catalog.loads
        where wanted == nil || load.name.family.lowercased() == wanted {
            table.append([
                .string(load.name.text), load.version.map { .string($0.description) } ?? .none,
                load.files.isEmpty ? .none : .integer(Int64(load.files.count)),
                load.files.isEmpty ? .none : .integer(Int64(load.totalBytes)),
                .string(load.sizeMark.description),
            ])
        }
        guard !table.rows.isEmpty else {
            let families = host.world.catalog.loads.map(\.name.family)
            let wanted = family?.node ?? ""
            throw Diagnostic(
                "no load of the family `\(wanted)`",
                at: family?.range,
                hints: Spelling.hints(for: wanted, among: families)
            )
        }
        return .table(table)
    }.giving(listColumns)

    private static let listColumns = [
        Table.Column("load"), Table.Column("version"), Table.Column("files", .right),
        Table.Column("bytes", .right), Table.Column("sizes"),
    ]

    static let show = Command<ShellHost>(
        "firmware show",
        group: group,
        summary: "Show the files of a load in the order of request.",
        discussion:
            "Of a load that `firmware load` has read also the SHA-256 of each file, and below "
            + "the kind of list, its header, who signed it, and what else the list says.",
        .argument("load", help: "which load"),
        examples: [Example("firmware show SCCP41.9-4-2SR1-1S")]
    ) { (host: inout ShellHost, load: LoadArgument) throws(Diagnostic) -> Output in
        guard case .load(let id) = try load.meaning(in: host) else {
            throw Diagnostic("name one load, not a version", at: load.range)
        }
        var table = Table(columns: showColumns)
        for file in host.world.catalog[id].files {
            table.append([
                .string(file.name), .integer(Int64(file.sizeBytes)),
                .string(file.evidence.mark.description), .string(file.evidence.source),
                file.sha256.map { .string(Hexadecimal.text($0).lowercased()) } ?? .none,
            ])
        }
        let known = host.world.catalog[id]
        table.footer = known.files.isEmpty ? "its files are not public" : known.details.map(text)
        return .table(table)
    }.giving(showColumns)

    private static let showColumns = [
        Table.Column("name"), Table.Column("bytes", .right), Table.Column("mark"),
        Table.Column("source"), Table.Column("sha256"),
    ]

    /// What the manifest of a load says besides its files.
    private static func text(_ details: LoadDetails) -> String {
        var lines = [
            "\(details.style), a header of \(details.headerByteCount) bytes",
            "signed by \(details.signer ?? "nobody who is named")",
        ]
        if let release = details.releaseVersion { lines.append("release \(release)") }
        return (lines + details.settings).joined(separator: "\n")
    }

    static let define = Command<ShellHost>(
        "firmware define",
        group: group,
        summary: "Make up a load from sizes: the manifest first, then the components.",
        discussion: "The files are called file1, file2 and so on after the load, unless the load "
            + "is known by name only.",
        .argument("load", help: "the name of the load"),
        .keyword("sizes", help: "the sizes of its files, the manifest's first"),
        changesWorld: true,
        examples: [Example("firmware define SCCP41.9-9-9TEST sizes 648B,1MB,2MB")]
    ) {
        (host: inout ShellHost, name: Located<String>, sizes: [SizeArgument])
            throws(Diagnostic) -> Output in
        let names = fileNames(of: name.node, count: sizes.count)
        let files = zip(names, sizes).map { (name: $0, sizeBytes: Int($1.bytes)) }
        let world = host.world
        _ = try refusing(at: name.range) { () throws(WorldError) in
            try world.defineLoad(name.node, version: nil, files: files)
        }
        return .none
    }

    /// What the files of a made-up load are called.
    static func fileNames(of load: String, count: Int) -> [String] {
        (0..<count).map { $0 == 0 ? "\(load).loads" : "file\($0).\(load).sbn" }
    }
}
