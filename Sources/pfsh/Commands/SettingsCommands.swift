// What an administrator sets in CUCM: the field of peer firmware sharing at three levels, and the
// loads.

import Interpreter
import PFSRuntime

enum SettingsCommands {
    static let group = CommandGroup("Settings")
    static let all = [device, profile, enterprise, defaults, load]

    private static let discussion =
        "The phone page outranks the common phone profile, which outranks the enterprise "
        + "configuration; a value whose override box is not ticked is entered but never counts. "
        + "Phones act on it when they next read their configuration."

    static let device = Command<ShellHost>(
        "pfs device",
        group: group,
        summary: "Set peer firmware sharing on the pages of phones.",
        discussion: discussion,
        .argument("phones", help: "which phones, one word or in parentheses"),
        .argument("value", help: "what the field says"),
        .flag("unticked", help: "leave the override box unticked"),
        changesWorld: true,
        examples: [Example("pfs device P1 on", setup: WorldCommands.setup)]
    ) {
        (host: inout ShellHost, phones: Selection, value: SharingArgument, isUnticked: Bool)
            throws(Diagnostic) -> Output in
        host.world.setDeviceSetting(value.setting(isTicked: !isUnticked), on: phones.phones)
        return .none
    }.undone(
        by: Command(
            "pfs device",
            group: group,
            summary: "Say nothing on the pages of phones.",
            .argument("phones", help: "which phones"),
            changesWorld: true,
            examples: [Example("no pfs device P1", setup: WorldCommands.setup)]
        ) { (host: inout ShellHost, phones: Selection) throws(Diagnostic) -> Output in
            host.world.setDeviceSetting(nil, on: phones.phones)
            return .none
        }
    )

    static let profile = Command<ShellHost>(
        "pfs profile",
        group: group,
        summary: "Set peer firmware sharing in a common phone profile.",
        discussion: discussion,
        .argument("profile", kind: .object(PhoneVocabulary.profile), help: "which profile"),
        .argument("value", help: "what the field says"),
        .flag("unticked", help: "leave the override box unticked"),
        changesWorld: true,
        examples: [Example("pfs profile standard on", setup: ["profile standard"])]
    ) {
        (host: inout ShellHost, profile: ObjectReference, value: SharingArgument, isUnticked: Bool)
            throws(Diagnostic) -> Output in
        host.world.setProfileSetting(value.setting(isTicked: !isUnticked), on: profile.id)
        return .none
    }.undone(
        by: Command(
            "pfs profile",
            group: group,
            summary: "Say nothing in a common phone profile.",
            .argument("profile", kind: .object(PhoneVocabulary.profile), help: "which profile"),
            changesWorld: true,
            examples: [Example("no pfs profile standard", setup: ["profile standard"])]
        ) { (host: inout ShellHost, profile: ObjectReference) throws(Diagnostic) -> Output in
            host.world.setProfileSetting(nil, on: profile.id)
            return .none
        }
    )

    static let enterprise = Command<ShellHost>(
        "pfs enterprise",
        group: group,
        summary: "Set peer firmware sharing in the Enterprise Phone Configuration.",
        discussion: discussion,
        .argument("value", help: "what the field says"),
        .flag("unticked", help: "leave the override box unticked"),
        changesWorld: true,
        examples: [Example("pfs enterprise on")]
    ) {
        (host: inout ShellHost, value: SharingArgument, isUnticked: Bool)
            throws(Diagnostic) -> Output in
        host.world.setEnterpriseSetting(value.setting(isTicked: !isUnticked))
        return .none
    }.undone(
        by: Command(
            "pfs enterprise",
            group: group,
            summary: "Say nothing in the Enterprise Phone Configuration.",
            changesWorld: true,
            examples: [Example("no pfs enterprise")]
        ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
            host.world.setEnterpriseSetting(nil)
            return .none
        }
    )

    static let defaults = Command<ShellHost>(
        "defaults",
        group: group,
        summary: "Set the device default: the load of all phones of a model and protocol.",
        discussion: "A phone's own Phone Load Name, set by `load`, outranks it.",
        .argument("model", help: "the model"),
        .optional("protocol", help: "SCCP where the model speaks it, if not given"),
        .keyword("load", help: "the load, or a version that stands for the family's load"),
        changesWorld: true,
        examples: [Example("defaults CP-7961G load 9.4(2)SR1")]
    ) {
        (
            host: inout ShellHost,
            model: ModelID,
            deviceProtocol: ProtocolArgument?,
            load: LoadArgument
        ) throws(Diagnostic) -> Output in
        let chosen = deviceProtocol?.deviceProtocol ?? model.model.standardProtocol
        let id = try load.load(for: model, chosen, in: host)
        let world = host.world
        try refusing(at: load.range) { () throws(WorldError) in
            try world.setDefault(id, for: model, chosen)
        }
        return .none
    }

    static let load = Command<ShellHost>(
        "load",
        group: group,
        summary: "Set the Phone Load Name of phones.",
        discussion: "A version such as 9.4(2)SR1 stands for each family's load, as a device pack "
            + "gives it; `default` clears the name, so that the device default counts.",
        .argument("phones", help: "which phones, one word or in parentheses"),
        .argument("load", help: "a load, a version, or `default`"),
        changesWorld: true,
        examples: [Example("load all SCCP41.9-4-2SR1-1S", setup: WorldCommands.setup)]
    ) {
        (host: inout ShellHost, phones: Selection, load: LoadArgument)
            throws(Diagnostic) -> Output in
        let world = host.world
        if load.text == "default" {
            try refusing(at: load.range) { () throws(WorldError) in
                try world.setLoad(nil, on: phones.phones)
            }
            return .none
        }
        _ = try setLoad(load, on: phones.phones, in: host)
        return .none
    }

    /// Sets loads by name or version; answers the loads that were chosen, by name.
    static func setLoad(
        _ load: LoadArgument,
        on phones: [PhoneNumber],
        in host: ShellHost
    ) throws(Diagnostic) -> [String] {
        let world = host.world
        switch try load.meaning(in: host) {
        case .load(let id):
            try refusing(at: load.range) { () throws(WorldError) in
                try world.setLoad(id, on: phones)
            }
            return [world.catalog[id].name.text]
        case .version(let version):
            let chosen = try refusing(at: load.range) { () throws(WorldError) in
                try world.setLoads(ofVersion: version, on: phones)
            }
            return chosen.map { world.catalog[$0].name.text }
        }
    }
}
