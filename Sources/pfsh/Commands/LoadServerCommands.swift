// The Load Server at the three levels of CUCM: the server that phones fetch firmware from in place
// of their TFTP servers.

import Interpreter
import PFSRuntime

enum LoadServerCommands {
    static let all = [phone, profile, enterprise]

    private static let discussion =
        "Phones with a Load Server ask it and no other: where it lacks the load, the load is not "
        + "installed. The phone page outranks the common phone profile, which outranks the "
        + "enterprise configuration; `none` leaves the field blank, so that the TFTP servers count; "
        + "a value whose override box is not ticked is entered but never counts. Phones act on it "
        + "when they next read their configuration."

    static let phone = Command<ShellHost>(
        "load-server phone",
        group: SettingsCommands.group,
        summary: "Set the Load Server on the pages of phones.",
        discussion: discussion,
        .argument("phones", help: "which phones, one word or in parentheses"),
        .argument("server", help: "its address, or `none`"),
        .flag("unticked", help: "leave the override box unticked"),
        changesWorld: true,
        examples: [
            Example(
                "load-server phone P1 10.4.0.5",
                setup: WorldCommands.setup + ["server nas site branch ip 10.4.0.5"]
            )
        ]
    ) {
        (
            host: inout ShellHost,
            phones: Selection,
            server: Located<ServerAddress>,
            isUnticked: Bool
        ) throws(Diagnostic) -> Output in
        let world = host.world
        try refusing(at: server.range) { () throws(WorldError) in
            try world.setDeviceLoadServer(server.node.setting(!isUnticked), on: phones.phones)
        }
        server.warn(in: host)
        return .none
    }.undone(
        by: Command(
            "load-server phone",
            group: SettingsCommands.group,
            summary: "Say nothing of a Load Server on the pages of phones.",
            .argument("phones", help: "which phones"),
            changesWorld: true,
            examples: [Example("no load-server phone P1", setup: WorldCommands.setup)]
        ) { (host: inout ShellHost, phones: Selection) throws(Diagnostic) -> Output in
            let world = host.world
            try refusing(at: nil) { () throws(WorldError) in
                try world.setDeviceLoadServer(nil, on: phones.phones)
            }
            return .none
        }
    )

    static let profile = Command<ShellHost>(
        "load-server profile",
        group: SettingsCommands.group,
        summary: "Set the Load Server in a common phone profile.",
        discussion: discussion,
        .argument("profile", kind: .object(PhoneVocabulary.profile), help: "which profile"),
        .argument("server", help: "its address, or `none`"),
        .flag("unticked", help: "leave the override box unticked"),
        changesWorld: true,
        examples: [
            Example(
                "load-server profile standard 10.4.0.5",
                setup: WorldCommands.setup + [
                    "profile standard", "server nas site branch ip 10.4.0.5",
                ]
            )
        ]
    ) {
        (
            host: inout ShellHost,
            profile: ObjectReference,
            server: Located<ServerAddress>,
            isUnticked: Bool
        ) throws(Diagnostic) -> Output in
        let world = host.world
        try refusing(at: server.range) { () throws(WorldError) in
            try world.setProfileLoadServer(server.node.setting(!isUnticked), on: profile.id)
        }
        server.warn(in: host)
        return .none
    }.undone(
        by: Command(
            "load-server profile",
            group: SettingsCommands.group,
            summary: "Say nothing of a Load Server in a common phone profile.",
            .argument("profile", kind: .object(PhoneVocabulary.profile), help: "which profile"),
            changesWorld: true,
            examples: [Example("no load-server profile standard", setup: ["profile standard"])]
        ) { (host: inout ShellHost, profile: ObjectReference) throws(Diagnostic) -> Output in
            let world = host.world
            try refusing(at: nil) { () throws(WorldError) in
                try world.setProfileLoadServer(nil, on: profile.id)
            }
            return .none
        }
    )

    static let enterprise = Command<ShellHost>(
        "load-server enterprise",
        group: SettingsCommands.group,
        summary: "Set the Load Server in the Enterprise Phone Configuration.",
        discussion: discussion,
        .argument("server", help: "its address, or `none`"),
        .flag("unticked", help: "leave the override box unticked"),
        changesWorld: true,
        examples: [
            Example(
                "load-server enterprise 10.4.0.5",
                setup: WorldCommands.setup + ["server nas site branch ip 10.4.0.5"]
            )
        ]
    ) {
        (host: inout ShellHost, server: Located<ServerAddress>, isUnticked: Bool)
            throws(Diagnostic) -> Output in
        let world = host.world
        try refusing(at: server.range) { () throws(WorldError) in
            try world.setEnterpriseLoadServer(server.node.setting(!isUnticked))
        }
        server.warn(in: host)
        return .none
    }.undone(
        by: Command(
            "load-server enterprise",
            group: SettingsCommands.group,
            summary: "Say nothing of a Load Server in the Enterprise Phone Configuration.",
            changesWorld: true,
            examples: [Example("no load-server enterprise")]
        ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
            let world = host.world
            try refusing(at: nil) { () throws(WorldError) in
                try world.setEnterpriseLoadServer(nil)
            }
            return .none
        }
    )
}

/// The address of a server, or none.
struct ServerAddress: ArgumentType {
    let address: PFSRuntime.IPv4Address?

    static var argumentKind: ArgumentKind {
        .word("ADDRESS|none", phrase: "the address of a server such as 10.4.0.5, or `none`")
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> ServerAddress {
        if argument.text == "none" { return ServerAddress(address: nil) }
        guard let address = PFSRuntime.IPv4Address(argument.text) else {
            throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`")
        }
        return ServerAddress(address: address)
    }

    func setting(_ isTicked: Bool) -> LoadServerSetting {
        LoadServerSetting(address, isTicked: isTicked)
    }
}

extension Located where Node == ServerAddress {
    /// Warns where no server stands at the address.
    fileprivate func warn(in host: ShellHost) {
        ServerCommands.warn(of: node.address.map { [$0] } ?? [], at: range, in: host)
    }
}
