// Making phones, one or many.

import Interpreter
import PFSRuntime

extension WorldCommands {
    static let phone = Command<ShellHost>(
        "phone",
        group: group,
        summary: "Make a phone.",
        discussion: "Without `subnet` it comes into the only one, or the one its address is in. "
            + "Without `runs` it runs its family's 8.5(4).",
        .argument("name", kind: .word("NAME", phrase: "a new name"), help: "what to call it"),
        .keyword("model", help: "its model"),
        .option("subnet", kind: .object(PhoneVocabulary.subnet), help: "where it is"),
        .option("ip", help: "its address; the next free one if not given"),
        .option("mac", help: "its MAC address"),
        .option("runs", help: "the load that it runs now"),
        .option(
            "profile",
            kind: .object(PhoneVocabulary.profile),
            help: "its common phone profile"
        ),
        .option("protocol", help: "SCCP where the model speaks it, if not given"),
        changesWorld: true,
        examples: [
            Example(
                "phone P1 model CP-7961G ip 10.4.0.68",
                setup: ["subnet voice 10.4.0.0/24"]
            )
        ]
    ) {
        (
            host: inout ShellHost,
            name: Located<String>,
            model: ModelID,
            subnet: ObjectReference?,
            address: Located<PFSRuntime.IPv4Address>?,
            mac: Located<MACAddress>?,
            runs: LoadArgument?,
            profile: ObjectReference?,
            deviceProtocol: ProtocolArgument?
        ) throws(Diagnostic) -> Output in
        var order = PhoneOrder(name: try NameRule.check(name), model: model)
        order.subnet = subnet?.id
        order.address = address?.node
        order.mac = mac?.node
        order.profile = profile?.id
        order.deviceProtocol = deviceProtocol?.deviceProtocol
        order.runs = try runs?.load(for: model, order.deviceProtocol, in: host)
        let world = host.world
        do throws(WorldError) {
            try world.addPhone(order)
        } catch {
            let range = error.place(
                name: name.range,
                address: address?.range,
                mac: mac?.range,
                load: runs?.range
            )
            throw Diagnostic(error.description, at: range)
        }
        return .none
    }

    static let phones = Command<ShellHost>(
        "phones",
        group: group,
        summary: "Make many phones of one model in one subnet.",
        discussion: "They are called by the prefix and a number, from 1 on; numbers that are "
            + "taken are passed over.",
        .argument("count", help: "how many"),
        .keyword("model", help: "their model"),
        .option("subnet", kind: .object(PhoneVocabulary.subnet), help: "where they are"),
        .option(
            "prefix",
            kind: .word("PREFIX", phrase: "the beginning of a name"),
            help: "the beginning of their names; P if not given"
        ),
        .option("runs", help: "the load that they run now"),
        .option("profile", kind: .object(PhoneVocabulary.profile), help: "their profile"),
        .option("protocol", help: "SCCP where the model speaks it, if not given"),
        changesWorld: true,
        examples: [
            Example(
                "phones 200 model CP-7961G subnet voice prefix mil-",
                setup: ["subnet voice 10.4.0.0/24"]
            )
        ]
    ) {
        (
            host: inout ShellHost,
            count: Located<Int>,
            model: ModelID,
            subnet: Located<ObjectReference>?,
            prefix: Located<String>?,
            runs: LoadArgument?,
            profile: ObjectReference?,
            deviceProtocol: ProtocolArgument?
        ) throws(Diagnostic) -> Output in
        guard count.node > 0 else {
            throw Diagnostic("expected a count of 1 or more", at: count.range)
        }
        let start =
            try prefix.map { prefix throws(Diagnostic) in try NameRule.check(prefix) } ?? "P"
        var pattern = PhoneOrder(name: start, model: model)
        pattern.subnet = subnet?.node.id
        pattern.profile = profile?.id
        pattern.deviceProtocol = deviceProtocol?.deviceProtocol
        pattern.runs = try runs?.load(for: model, pattern.deviceProtocol, in: host)
        let world = host.world
        do throws(WorldError) {
            _ = try world.addPhones(count: count.node, prefix: start, pattern)
        } catch {
            let range = error.place(name: count.range, address: nil, mac: nil, load: runs?.range)
            throw Diagnostic(error.description, at: range)
        }
        return .none
    }
}

extension WorldError {
    /// Which argument of a phone's order an error is about.
    fileprivate func place(
        name: SourceRange,
        address: SourceRange?,
        mac: SourceRange?,
        load: SourceRange?
    ) -> SourceRange {
        switch self {
        case .outsideSubnet, .addressInUse, .ambiguousSubnet: address ?? name
        case .macInUse: mac ?? name
        case .misfits: load ?? name
        default: name
        }
    }
}

/// What can be a name.
enum NameRule {
    /// Words that mean something else wherever a name may stand.
    static let reserved = [
        "all", "on", "off", "default", "where", "model", "subnet", "site", "to", "for", "in",
        "idle", "log", "until", "within", "except", "and", "or", "not", "none",
    ]

    /// The most bytes of a name: own choice, so that tables and logs stay legible.
    static let byteLimit = 64

    /// Gives the name back when it begins with a letter, holds only letters, digits, `_` and `-`,
    /// is no longer than `byteLimit` and not reserved.
    static func check(_ name: Located<String>) throws(Diagnostic) -> String {
        let text = name.node
        guard text.utf8.count <= byteLimit else {
            throw Diagnostic("a name has at most \(byteLimit) bytes", at: name.range)
        }
        guard let first = text.first, first.isLetter,
            text.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" })
        else {
            throw Diagnostic(
                "`\(text)` is no name: a letter, then letters, digits, `_` and `-`",
                at: name.range
            )
        }
        guard !reserved.contains(text) else {
            throw Diagnostic("`\(text)` is a word of the language, not a name", at: name.range)
        }
        return text
    }
}
