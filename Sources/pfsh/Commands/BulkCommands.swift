// What an administrator of many phones works with: the Bulk Administration Tool with its phone templates, the
// AXL script for CUCM before 5.0, and the device packs that bring the field of peer firmware sharing.

import Interpreter
import PFSRuntime

enum BulkCommands {
    /// What CUCM holds besides phones and profiles; so that help keeps to one screen.
    static let group = WorldCommands.group
    static let all = [template, insert, update, axlScript, devicePack, showCUCM]

    static let template = Command<ShellHost>(
        "bulk template",
        group: group,
        summary: "Make a phone template of the Bulk Administration Tool, or change it as a whole.",
        discussion:
            "What is not named the template leaves blank. Peer Firmware Sharing stands in it from "
            + "CUCM 5.0 on. `bulk insert` gives phones what it says.",
        .argument("name", kind: .word("NAME", phrase: "a name"), help: "what to call it"),
        .keyword("model", help: "the model of its phones"),
        .option("protocol", help: "SCCP where the model speaks it, if not given"),
        .option("pfs", help: "the field of peer firmware sharing"),
        .flag("unticked", help: "leave its override box unticked"),
        .option("load", help: "the Phone Load Name"),
        .option("load-server", help: "the Load Server, or `none`"),
        changesWorld: true,
        examples: [Example("bulk template std model CP-7961G pfs on load 9.4(2)SR1")]
    ) {
        (
            host: inout ShellHost,
            name: Located<String>,
            model: ModelID,
            deviceProtocol: ProtocolArgument?,
            value: Located<SharingArgument>?,
            isUnticked: Bool,
            load: LoadArgument?,
            server: Located<ServerAddress>?
        ) throws(Diagnostic) -> Output in
        let spoken = deviceProtocol?.deviceProtocol ?? model.model.standardProtocol
        var template = PhoneTemplate(name: try NameRule.check(name), model: model, spoken)
        template.sharing = value?.node.setting(isTicked: !isUnticked)
        template.loadServer = server.map { LoadServerSetting($0.node.value) }
        template.load = try load?.load(for: model, spoken, in: host)
        let world = host.world
        do throws(WorldError) {
            try world.setTemplate(template)
        } catch {
            throw Diagnostic(
                error.description,
                at: range(of: error, value?.range, load?.range, server?.range) ?? name.range,
                hints: hints(for: error)
            )
        }
        if let server { warn(server, in: host) }
        return .none
    }.undone(
        by: Command(
            "bulk template",
            group: group,
            summary: "Forget a phone template; phones keep what it gave them.",
            .argument("name", kind: .word("NAME", phrase: "a name"), help: "which template"),
            changesWorld: true,
            examples: [
                Example(
                    "no bulk template std",
                    setup: ["bulk template std model CP-7961G pfs on"]
                )
            ]
        ) { (host: inout ShellHost, name: Located<String>) throws(Diagnostic) -> Output in
            let world = host.world
            _ = try named(name, in: host)
            try refusing(at: name.range) { () throws(WorldError) in
                try world.removeTemplate(named: name.node)
            }
            return .none
        }
    )

    static let insert = Command<ShellHost>(
        "bulk insert",
        group: group,
        summary: "Insert phones that are there once more from a template, overriding their pages.",
        discussion:
            "As BAT's Insert Phones with the box to override the existing configuration: the "
            + "fields of peer firmware sharing, Load Server and load are then what the template says, "
            + "blank ones too. Phones act on it when they next read their configuration.",
        .argument("phones", help: "which phones, one word or in parentheses"),
        .keyword(
            "template",
            kind: .word("NAME", phrase: "the name of a template"),
            help: "which template"
        ),
        changesWorld: true,
        examples: [
            Example(
                "bulk insert all template std",
                setup: WorldCommands.setup + ["bulk template std model CP-7961G pfs on"]
            )
        ]
    ) {
        (host: inout ShellHost, phones: Located<Selection>, name: Located<String>)
            throws(Diagnostic) -> Output in
        let world = host.world
        let template = try named(name, in: host)
        try refusing(at: phones.range) { () throws(WorldError) in
            try world.insert(phones.node.phones, from: template)
        }
        return .lines(["\(Counted.text(phones.node.phones.count, "phone")) inserted"])
    }

    static let update = Command<ShellHost>(
        "bulk update",
        group: group,
        summary: "Change fields on the pages of many phones, as BAT's Update Phones does.",
        discussion:
            "Fields that are not named stay as they are. With bug CSCsh98792 it says that phones "
            + "are updated and leaves what is specific to the product as it is: sharing, Load Server.",
        .argument("phones", help: "which phones, one word or in parentheses"),
        .option("pfs", help: "the field of peer firmware sharing"),
        .flag("unticked", help: "leave its override box unticked"),
        .option("load", help: "a load, a version, or `default`"),
        .option("load-server", help: "the Load Server, or `none`"),
        changesWorld: true,
        examples: [Example("bulk update all pfs on", setup: WorldCommands.setup)]
    ) {
        (
            host: inout ShellHost,
            phones: Located<Selection>,
            value: Located<SharingArgument>?,
            isUnticked: Bool,
            load: LoadArgument?,
            server: Located<ServerAddress>?
        ) throws(Diagnostic) -> Output in
        guard value != nil || load != nil || server != nil else {
            throw Diagnostic(
                "nothing to update: name `pfs`, `load` or `load-server`",
                at: phones.range
            )
        }
        var fields = BulkFields()
        if let value { fields.sharing = .some(value.node.setting(isTicked: !isUnticked)) }
        if let server { fields.loadServer = .some(LoadServerSetting(server.node.value)) }
        let groups = try loads(load, of: phones.node.phones, in: host)
        let world = host.world
        do throws(WorldError) {
            try world.bulkUpdate(groups, fields)
        } catch {
            throw Diagnostic(
                error.description,
                at: range(of: error, value?.range, load?.range, server?.range) ?? phones.range,
                hints: hints(for: error)
            )
        }
        if let server { warn(server, in: host) }
        return .lines(["\(Counted.text(phones.node.phones.count, "phone")) updated"])
    }

    static let axlScript = Command<ShellHost>(
        "ccmppid",
        group: group,
        summary: "Set peer firmware sharing on many phones of CUCM 4.1(3), 4.2(3) or 4.3(1).",
        discussion:
            "Stands for the AXL script of that name: those versions have no other way for many "
            + "phones at once. It ticks the override box. It is refused under any other CUCM.",
        .argument("phones", help: "which phones, one word or in parentheses"),
        .argument("value", kind: ScriptValue.argumentKind, help: "what the field says"),
        changesWorld: true,
        examples: [Example("ccmppid all on", setup: ["cucm 4.2(3)"] + WorldCommands.setup)]
    ) {
        (host: inout ShellHost, phones: Selection, value: Located<ScriptValue>)
            throws(Diagnostic) -> Output in
        let world = host.world
        do throws(WorldError) {
            try world.runAXLScript(value.node.value, on: phones.phones)
        } catch {
            throw Diagnostic(error.description, hints: hints(for: error))
        }
        return .lines([
            "\(Counted.text(phones.phones.count, "phone")) set to \(value.node.value)"
        ])
    }
}

extension BulkCommands {
    /// The loads that phones are to have, each with its phones; a version stands for each family's load.
    private static func loads(
        _ load: LoadArgument?,
        of phones: [PhoneNumber],
        in host: ShellHost
    ) throws(Diagnostic) -> [(phones: [PhoneNumber], load: LoadID??)] {
        guard let load else { return [(phones, nil)] }
        if load.text == "default" { return [(phones, .some(nil))] }
        if case .load(let id) = try load.meaning(in: host) { return [(phones, .some(id))] }
        var groups: [(phones: [PhoneNumber], load: LoadID??)] = []
        for phone in phones {
            let identity = host.world.identity(phone)
            let id = try load.load(for: identity.model, identity.deviceProtocol, in: host)
            if let index = groups.firstIndex(where: { $0.load == .some(id) }) {
                groups[index].phones.append(phone)
            } else {
                groups.append(([phone], .some(id)))
            }
        }
        return groups
    }

    private static func named(
        _ name: Located<String>,
        in host: ShellHost
    ) throws(Diagnostic) -> PhoneTemplate {
        let world = host.world
        do throws(WorldError) {
            return try world.template(named: name.node)
        } catch {
            throw Diagnostic(
                error.description,
                at: name.range,
                hints: Spelling.hints(for: name.node, among: world.phoneTemplates.map(\.name))
            )
        }
    }

    /// What an error is about.
    private static func range(
        of error: WorldError,
        _ value: SourceRange?,
        _ load: SourceRange?,
        _ server: SourceRange?
    ) -> SourceRange? {
        switch error {
        case .noBulkField: value
        case .misfits, .loadWithoutFiles, .tooManyFiles: load
        case .tooManyLoadServers: server
        default: nil
        }
    }

    /// What to do instead, where CUCM has not this way.
    private static func hints(for error: WorldError) -> [String] {
        switch error {
        case .noBulkField(let cucm) where CUCMVersion.ofAXLScript.contains(cucm):
            ["`ccmppid` sets it on many phones of this CUCM"]
        case .noBulkField: ["`pfs device` sets it on the phones' own pages"]
        case .noAXLScript(let cucm) where cucm >= .firstWithBulkField:
            ["`bulk template` and `bulk insert` set it from 5.0 on"]
        default: []
        }
    }

    private static func warn(_ server: Located<ServerAddress>, in host: ShellHost) {
        ServerCommands.warn(
            of: server.node.value.map { [$0] } ?? [],
            at: server.range,
            in: host
        )
    }

    /// The templates as commands that make them.
    static func commands(of world: World) -> [String] {
        world.phoneTemplates.map { template in
            var line = "bulk template \(template.name) model \(template.model.model.name)"
            if template.deviceProtocol != template.model.model.standardProtocol {
                line += " protocol \(template.deviceProtocol.description.lowercased())"
            }
            if let setting = template.sharing {
                line += " pfs \(setting.value == .on ? "on" : "off")"
                if !setting.isTicked { line += " unticked" }
            }
            if let load = template.load { line += " load \(world.catalog[load].name.text)" }
            if let server = template.loadServer {
                line += " load-server \(server.value?.description ?? "none")"
            }
            return line
        }
    }
}

/// What the AXL script sets: there is no third value.
enum ScriptValue: String, ChoiceArgument {
    case on, off

    var help: String { "\(value)" }

    var value: SharingValue { self == .on ? .on : .off }
}
