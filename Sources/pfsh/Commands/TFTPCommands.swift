// TFTP on the real network: a server of a directory, fetching and sending files. Real time passes
// here; the world and its clock stand still.

import Interpreter
import NetIO
import PFSRuntime

enum TFTPCommands {
    static let group = CommandGroup("Network")
    static let all = [serve, get, put, show]

    private static let directory = ArgumentKind(
        .file,
        placeholder: "DIR",
        phrase: "the name of a directory"
    )
    private static let serving = ["tftp serve /usr/share/common-licenses port 0"]

    static let serve = Command<ShellHost>(
        "tftp serve",
        group: group,
        summary: "Serve the files of a directory by TFTP until the shell ends.",
        discussion: "It goes on beside the prompt. Clients never reach what lies outside of the "
            + "directory, and write nothing unless `writable` is said. Port 69 is for "
            + "privileged users; 0 takes any that is free, `show tftp` says which. "
            + "See docs/tftp.md.",
        .argument("directory", kind: directory, help: "what to serve"),
        .option(
            "address",
            kind: .word("ADDRESS", phrase: "an address of this machine"),
            default: "0.0.0.0",
            shownAs: "0.0.0.0",
            help: "where to listen"
        ),
        .option("port", help: "0 to 65535; 69 if not given"),
        .flag("writable", help: "let clients write files, and replace those that are there"),
        .option("max-serving", help: "transfers at a time, 1 to 10000; 500 if not given"),
        .option("rollover", default: .zero, shownAs: "0", help: "what follows block 65535"),
        examples: [Example("tftp serve /usr/share/common-licenses port 0")]
    ) {
        (
            host: inout ShellHost,
            directory: Located<String>,
            address: String,
            port: Located<Int>?,
            isWritable: Bool,
            maximum: Located<Int>?,
            rollOver: RollOverArgument
        ) throws(Diagnostic) -> Output in
        guard host.network.server == nil else {
            throw Diagnostic(
                "a directory is served already",
                at: directory.range,
                hints: ["`no tftp serve` ends that"]
            )
        }
        if let port { try checkPort(port, least: 0) }
        if let maximum, !(1...TFTPServer.servingLimit).contains(maximum.node) {
            throw Diagnostic("max-serving is 1 to \(TFTPServer.servingLimit)", at: maximum.range)
        }
        var configuration = TFTPServerConfiguration(directory: directory.node)
        configuration.address = address
        if let port { configuration.port = port.node }
        configuration.isWritable = isWritable
        if let maximum { configuration.maximumServing = maximum.node }
        configuration.parameters.rollOver = rollOver.rollOver
        do throws(NetworkError) {
            try host.network.serve(configuration)
        } catch {
            throw Diagnostic(error.description, at: directory.range, kind: .outside)
        }
        let place = configuration.port == 0 ? "any" : "\(configuration.port)"
        let access = isWritable ? "writable" : "read-only"
        return .lines(["serving \(directory.node) at \(address), port \(place), \(access)"])
    }.undone(
        by: Command<ShellHost>(
            "tftp serve",
            group: group,
            summary: "End the TFTP server; transfers that run are broken off.",
            examples: [Example("no tftp serve", setup: serving)]
        ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
            guard host.network.stopServing() else {
                throw Diagnostic("nothing is served")
            }
            return .none
        }
    )

    private static let hostKind = ArgumentKind.word(
        "HOST",
        phrase: "a host's name or address, or `self` for this shell's server"
    )
    private static let fileKind = ArgumentKind(
        .file,
        placeholder: "PATH",
        phrase: "the name of a file"
    )

    static let get = Command<ShellHost>(
        "tftp get",
        group: group,
        summary: "Fetch a file by TFTP and wait until it is here.",
        discussion: "It has a temporary name until it is whole; when something goes wrong, what "
            + "stood under its name stands there still. Without options only the size is asked for. "
            + "A failure ends a script with status 3.",
        .argument("host", kind: hostKind, help: "the server; `self` is this shell's own"),
        .argument("name", kind: .word("NAME", phrase: "the name of a file"), help: "which file"),
        .option("to", kind: fileKind, help: "where to; the last part of the name if not given"),
        .option("port", help: "the server's port; 69 if not given"),
        .option("blksize", help: "bytes of a block, 8 to 65464; 512 if not given"),
        .option("windowsize", help: "blocks of a window, 1 to 65535; 1 if not given"),
        .option("timeout", help: "when packets are repeated, 1s to 255s"),
        .option("mode", default: .octet, shownAs: "octet", help: "how bytes are read"),
        .option("rollover", default: .zero, shownAs: "0", help: "what follows block 65535"),
        .option(
            "sha256",
            kind: .word("DIGEST", phrase: "the 64 digits of a SHA-256"),
            help: "what the file must have, or it is not kept"
        ),
        examples: [Example("tftp get self GPL-3 to /dev/null", setup: serving)]
    ) {
        (
            host: inout ShellHost,
            server: Located<String>,
            name: Located<String>,
            path: Located<String>?,
            port: Located<Int>?,
            blockSize: Located<Int>?,
            windowSize: Located<Int>?,
            timeout: Located<DurationArgument>?,
            mode: TransferMode,
            rollOver: RollOverArgument,
            digest: Located<String>?
        ) throws(Diagnostic) -> Output in
        try checkName(name)
        let sha256 = try bytes(ofDigest: digest)
        let last = name.node.split(separator: "/").last.map(String.init) ?? ""
        let place = try place(server, port, in: host)
        var wishes = try wishes(blockSize, windowSize, timeout, mode)
        wishes.transferSize = 0
        let parameters = ask(rollOver, &wishes)
        let transfer: TFTPClient
        do throws(NetworkError) {
            transfer = try TFTPClient.get(
                name.node,
                from: place.host,
                port: place.port,
                to: path?.node ?? last,
                wishes: wishes,
                parameters: parameters,
                sha256: sha256
            )
        } catch {
            let place = error.isOfFile ? path?.range ?? name.range : server.range
            throw Diagnostic(error.description, at: place, kind: .outside)
        }
        return said(try host.finish(transfer, at: name.range), in: host)
    }

    static let put = Command<ShellHost>(
        "tftp put",
        group: group,
        summary: "Send a file by TFTP and wait until it is there.",
        .argument("host", kind: hostKind, help: "the server; `self` is this shell's own"),
        .argument("file", kind: fileKind, help: "the file to send"),
        .option(
            "to",
            kind: .word("NAME", phrase: "the name of a file"),
            help: "its name over there; the last part of FILE if not given"
        ),
        .option("port", help: "the server's port; 69 if not given"),
        .option("blksize", help: "bytes of a block, 8 to 65464; 512 if not given"),
        .option("windowsize", help: "blocks of a window, 1 to 65535; 1 if not given"),
        .option("timeout", help: "when packets are repeated, 1s to 255s"),
        .option("mode", default: .octet, shownAs: "octet", help: "how bytes are read"),
        .option("rollover", default: .zero, shownAs: "0", help: "what follows block 65535"),
        examples: [
            Example(
                "tftp put self /usr/share/common-licenses/GPL-3 to pfsh-example.tmp",
                setup: ["tftp serve /tmp port 0 writable"]
            )
        ]
    ) {
        (
            host: inout ShellHost,
            server: Located<String>,
            file: Located<String>,
            name: Located<String>?,
            port: Located<Int>?,
            blockSize: Located<Int>?,
            windowSize: Located<Int>?,
            timeout: Located<DurationArgument>?,
            mode: TransferMode,
            rollOver: RollOverArgument
        ) throws(Diagnostic) -> Output in
        if let name { try checkName(name) }
        let last = file.node.split(separator: "/").last.map(String.init) ?? ""
        let place = try place(server, port, in: host)
        var wishes = try wishes(blockSize, windowSize, timeout, mode)
        let parameters = ask(rollOver, &wishes)
        let transfer: TFTPClient
        do throws(NetworkError) {
            transfer = try TFTPClient.put(
                name?.node ?? last,
                to: place.host,
                port: place.port,
                from: file.node,
                wishes: wishes,
                parameters: parameters
            )
        } catch {
            let place = error.isOfFile ? file.range : server.range
            throw Diagnostic(error.description, at: place, kind: .outside)
        }
        return said(try host.finish(transfer, at: file.range), in: host)
    }

    static let show = Command<ShellHost>(
        "show tftp",
        group: group,
        summary: "List the TFTP transfers of this shell, with progress and rate.",
        discussion: "Those that run first, then those that ended, the latest first.",
        examples: [Example("show tftp", setup: serving)]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        var table = Table(columns: [
            Table.Column("what"), Table.Column("file"), Table.Column("peer"),
            Table.Column("bytes", .right), Table.Column("of", .right), Table.Column("rate", .right),
            Table.Column("blksize", .right), Table.Column("window", .right), Table.Column("state"),
        ])
        let server = host.network.server
        for report in (server?.reports ?? []) + host.network.ownReports {
            table.append([
                .string(TransferText.role(report.role)), .string(report.fileName),
                .string(report.peer), .integer(report.transferredBytes),
                report.sizeBytes.map { .integer($0) } ?? .none,
                .string(TransferText.rate(report)), .integer(Int64(report.terms.blockSize)),
                .integer(Int64(report.terms.windowSize)),
                .string(TransferText.outcome(report.outcome)),
            ])
        }
        guard let server else {
            table.footer = "nothing is served"
            return .table(table)
        }
        let told = server.configuration
        table.footer =
            "serving \(told.directory) at \(told.address), port \(server.port), "
            + (told.isWritable ? "writable" : "read-only")
            + ", \(told.maximumServing) at a time, \(server.refusedCount) refused"
        return .table(table)
    }
}
