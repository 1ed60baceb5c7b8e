// The Load Server at the three levels of CUCM: the server that phones fetch firmware from in place
// of their TFTP servers.

import Interpreter
import PFSRuntime

enum LoadServerCommands {
    static let all = FieldCommands<ServerAddress>(
        word: "load-server",
        name: "Load Server",
        meaning: "Phones with a Load Server ask it and no other: where it lacks the load, the load "
            + "is not installed; where the field is blank, the TFTP servers count.",
        help: "its address, or `none`",
        example: "10.4.0.5",
        setup: ["server nas site branch ip 10.4.0.5"],
        setPhones: { (world, setting, phones) throws(WorldError) in
            try world.setDeviceLoadServer(setting, on: phones)
        },
        setProfile: { (world, setting, profile) throws(WorldError) in
            try world.setProfileLoadServer(setting, on: profile)
        },
        setEnterprise: { (world, setting) throws(WorldError) in
            try world.setEnterpriseLoadServer(setting)
        },
        warn: { server, host in
            ServerCommands.warn(
                of: server.node.value.map { [$0] } ?? [],
                at: server.range,
                in: host
            )
        }
    ).all
}

/// The address of a server, or none.
struct ServerAddress: FieldArgument {
    let value: PFSRuntime.IPv4Address?

    static var argumentKind: ArgumentKind {
        .word("ADDRESS|none", phrase: "the address of a server such as 10.4.0.5, or `none`")
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> ServerAddress {
        if argument.text == "none" { return ServerAddress(value: nil) }
        guard let address = PFSRuntime.IPv4Address(argument.text) else {
            throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`")
        }
        return ServerAddress(value: address)
    }
}
