// Servers from which phones fetch files: where they stand, how many they serve, what they lack, and
// what they have done.

import Interpreter
import PFSRuntime

enum ServerCommands {
    static let all = [server, showServers]

    static let server = Command<ShellHost>(
        "server",
        group: WorldCommands.group,
        summary: "Make a server of firmware, or say what one holds and how many it serves.",
        discussion: "The server `tftp1` is there from the beginning, at `hq`, with every load: it "
            + "serves the phones of subnets without `option150`. Where a server serves as many as "
            + "it may, it answers others with an error, and they ask again. A 7800 or 8800 asks by "
            + "HTTP first, and by TFTP where a server does not answer that: `tftp1` does, other servers "
            + "only with `http on`.",
        .argument("name", kind: .word("NAME", phrase: "a name"), help: "the server"),
        .option("site", kind: .object(PhoneVocabulary.site), help: "where a new one stands"),
        .option("ip", help: "its address"),
        .option("max-serving", help: "transfers at one time, CUCM's Maximum Serving Count"),
        .option("http", help: "whether it gives files by HTTP too, on port 6970"),
        .option("holds", help: "loads that it has"),
        .option("lacks", help: "loads that it does not have"),
        changesWorld: true,
        examples: [
            Example("server nas site branch ip 10.4.0.5", setup: WorldCommands.setup),
            Example("server tftp1 max-serving 1500"),
            Example("server tftp1 http off"),
            Example("server tftp1 lacks SCCP41.9-4-2SR1-1S"),
        ]
    ) {
        (
            host: inout ShellHost,
            name: Located<String>,
            site: Located<ObjectReference>?,
            address: Located<PFSRuntime.IPv4Address>?,
            limit: Located<Int>?,
            answersHTTP: Bool?,
            holds: [LoadArgument]?,
            lacks: [LoadArgument]?
        ) throws(Diagnostic) -> Output in
        let held = try loads(holds, in: host)
        let lacked = try loads(lacks, in: host)
        var order = ServerOrder(name: try NameRule.check(name))
        order.site = site?.node.id
        order.address = address?.node
        order.servingLimit = limit?.node
        order.answersHTTP = answersHTTP
        let world = host.world
        do throws(WorldError) {
            let server = try world.setServer(order)
            for load in held { world.setServer(server, holds: true, load: load) }
            for load in lacked { world.setServer(server, holds: false, load: load) }
        } catch {
            let range =
                switch error {
                case .badServingLimit: limit?.range
                case .serverStands: site?.range
                case .addressInUse: address?.range
                default: name.range
                }
            throw Diagnostic(error.description, at: range)
        }
        return .none
    }

    private static func loads(
        _ arguments: [LoadArgument]?,
        in host: ShellHost
    ) throws(Diagnostic) -> [LoadID] {
        var found: [LoadID] = []
        for argument in arguments ?? [] {
            guard case .load(let load) = try argument.meaning(in: host) else {
                throw Diagnostic("name a load, not a version", at: argument.range)
            }
            found.append(load)
        }
        return found
    }

    /// Warns where addresses that phones are to ask have no server: they would wait in vain.
    static func warn(
        of addresses: [PFSRuntime.IPv4Address],
        at range: SourceRange?,
        in host: ShellHost
    ) {
        for address in addresses where host.world.server(at: address) == nil {
            host.output.report(
                Diagnostic.warning(
                    "no server stands at \(address) yet: phones that ask it wait in vain",
                    at: range
                )
            )
        }
    }

    static let showServers = Command<ShellHost>(
        "show servers",
        group: ShowCommands.group,
        summary: "Show the servers, what they serve and have served.",
        mayBeAbbreviated: false,  // so that `sh ser` is `show server`
        examples: [Example("show servers", setup: ShowCommands.pushed)]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        let world = host.world
        var table = Table(columns: [
            Table.Column("server"), Table.Column("ip"), Table.Column("site"),
            Table.Column("max", .right), Table.Column("serving", .right),
            Table.Column("most", .right), Table.Column("transfers", .right),
            Table.Column("sent", .right), Table.Column("busy", .right),
            Table.Column("missing", .right), Table.Column("http", use: .data),
            Table.Column("lacks"),
        ])
        for index in 0..<world.serverCount {
            let server = world.server(index)
            let lacking = server.lacking.map { world.catalog[$0].name.text }
            table.append([
                .string(server.name),
                server.address.map { .string($0.description) } ?? .none,
                .string(world.siteNames[server.site]),
                server.servingLimit.map { .integer(Int64($0)) } ?? .none,
                .integer(Int64(server.serving)),
                .integer(Int64(server.totals.mostAtOnce)),
                .integer(Int64(server.totals.transfers)),
                .size(bytes: server.totals.bytes),
                .integer(Int64(server.totals.refusedBusy)),
                .integer(Int64(server.totals.notFound)),
                .bool(server.answersHTTP),
                lacking.isEmpty ? .none : .string(lacking.joined(separator: ",")),
            ])
        }
        return .table(table)
    }
}
