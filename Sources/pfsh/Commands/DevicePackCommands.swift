// Device packs: whether CUCM has the field of peer firmware sharing for a model. And what a version of CUCM
// makes of all models.

import Interpreter
import PFSRuntime

extension BulkCommands {
    static let devicePack = Command<ShellHost>(
        "device-pack",
        group: group,
        summary: "Say that a device pack brings the field of peer firmware sharing, or lacks it.",
        discussion:
            "Without a word about a model the version of CUCM decides: `show cucm` says how. "
            + "Where the field is missing nothing that is entered reaches the phone, which keeps its "
            + "own default. A device pack that has the field mends CSCso40251 and CSCtb49726.",
        .option("has", help: "models for which it has the field"),
        .option("lacks", help: "models for which it lacks the field"),
        changesWorld: true,
        examples: [
            Example("device-pack lacks CP-7942G,CP-7962G"), Example("device-pack has CP-7975G"),
        ]
    ) {
        (host: inout ShellHost, has: Located<[ModelID]>?, lacks: Located<[ModelID]>?)
            throws(Diagnostic) -> Output in
        guard has != nil || lacks != nil else {
            throw Diagnostic("say `has MODEL,…` or `lacks MODEL,…`")
        }
        if let has, let lacks, let both = has.node.first(where: lacks.node.contains) {
            throw Diagnostic("\(both.model.name) is named twice", at: lacks.range)
        }
        for named in [has, lacks].compactMap({ $0 }) {
            if let other = named.node.first(where: { !$0.model.sharing.isCapable }) {
                throw Diagnostic("\(other.model.name) has no such field", at: named.range)
            }
        }
        if let has { host.world.setDevicePack(.has, for: has.node) }
        if let lacks { host.world.setDevicePack(.lacks, for: lacks.node) }
        return .none
    }.undone(
        by: Command(
            "device-pack",
            group: group,
            summary: "Let the version of CUCM decide again for which models it has the field.",
            .optional("models", help: "which models; all if not given"),
            changesWorld: true,
            examples: [Example("no device-pack", setup: ["device-pack lacks CP-7975G"])]
        ) { (host: inout ShellHost, models: [ModelID]?) throws(Diagnostic) -> Output in
            let world = host.world
            world.setDevicePack(nil, for: models ?? world.devicePacks.map(\.model))
            return .none
        }
    )

    private static let cucmColumns = [
        Table.Column("model"), Table.Column("field"), Table.Column("why"), Table.Column("default"),
        Table.Column("mark"), Table.Column("source", use: .data),
    ]

    static let showCUCM = Command<ShellHost>(
        "show cucm",
        group: ShowCommands.group,
        summary:
            "Show for which models CUCM has the field of peer firmware sharing, and its default.",
        discussion:
            "With phones their models, else all that can share. The bugs are those that are on "
            + "for all phones. Below it stands which ways there are to set it on many phones.",
        examples: [Example("show cucm", setup: ["cucm 5.1(2)", "bug CSCso40251"])]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        let world = host.world
        let present = Set(world.phones.map { world.identity($0).model })
        var table = Table(columns: cucmColumns)
        for model in PhoneModel.all
        where model.sharing.isCapable && (present.isEmpty || present.contains(model.id)) {
            let field = FieldPresence(
                of: model,
                under: world.cucm,
                pack: world.devicePack(of: model.id),
                bugs: world.bugSwitches.common
            )
            let standard =
                field.isPresent
                ? model.sharingDefault.value(under: world.cucm) : model.sharingDefault.untold
            table.append([
                .string(model.name), .string(field.isPresent ? "yes" : "no"),
                .string(field.reason), .string("\(standard.value)"),
                .string("\(field.evidence.mark)"), .string(field.evidence.source),
            ])
        }
        table.footer = "CUCM \(world.cucm); many phones at once: \(ways(world.cucm))"
        return .table(table)
    }.giving(cucmColumns)

    private static func ways(_ cucm: CUCMVersion) -> String {
        if cucm >= .firstWithBulkField { return "bulk template, bulk update" }
        return CUCMVersion.ofAXLScript.contains(cucm) ? "ccmppid" : "no way is known"
    }

    /// What device packs say, as commands.
    static func devicePackCommands(of world: World) -> [String] {
        [(DevicePackEntry.has, "has"), (.lacks, "lacks")].compactMap { entry, word in
            let models = world.devicePacks.filter { $0.entry == entry }.map(\.model.model.name)
            return models.isEmpty ? nil : "device-pack \(word) \(models.joined(separator: ","))"
        }
    }
}
