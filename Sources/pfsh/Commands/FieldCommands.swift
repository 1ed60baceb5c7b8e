// The commands of a field that can be entered at three levels, made from one description of it: on
// phones, in a profile, for all; and `no` in front of each.

import Interpreter
import PFSRuntime

/// What can be entered in a field; none leaves it blank.
protocol FieldArgument: ArgumentType {
    associatedtype Value: BitwiseCopyable & Hashable & Sendable
    var value: Value? { get }
}

/// A field of CUCM, as its commands are declared from it.
struct FieldCommands<Entry: FieldArgument>: Sendable {
    typealias Setting = FieldSetting<Entry.Value>

    /// The first word of its commands.
    let word: String
    /// What CUCM calls it.
    let name: String
    /// What it does, for the manual.
    let meaning: String
    /// What is entered, as half a sentence.
    let help: String
    /// A value for the examples, and what they need besides.
    let example: String
    var setup: [String] = []
    let setPhones: @Sendable (World, Setting?, [PhoneNumber]) throws(WorldError) -> Void
    let setProfile: @Sendable (World, Setting?, Int) throws(WorldError) -> Void
    let setEnterprise: @Sendable (World, Setting?) throws(WorldError) -> Void
    /// Warns of a value that cannot work in this world.
    var warn: @Sendable (Located<Entry>, ShellHost) -> Void = { _, _ in }

    var all: [Command<ShellHost>] { [phone, profile, enterprise] }

    private static var unticked: Parameter<Bool> {
        .flag("unticked", help: "leave the override box unticked")
    }

    private var discussion: String {
        meaning + " The phone page outranks the common phone profile, which outranks the "
            + "enterprise configuration; `none` leaves the field blank; a value whose override box "
            + "is not ticked is entered but never counts. Phones act on it when they next read "
            + "their configuration."
    }

    private func entry(_ help: String) -> Parameter<Located<Entry>> {
        .argument("server", help: help)
    }

    private var phone: Command<ShellHost> {
        Command<ShellHost>(
            "\(word) phone",
            group: SettingsCommands.group,
            summary: "Set the \(name) on the pages of phones.",
            discussion: discussion,
            .argument("phones", help: "which phones, one word or in parentheses"),
            entry(help),
            Self.unticked,
            changesWorld: true,
            examples: [Example("\(word) phone P1 \(example)", setup: WorldCommands.setup + setup)]
        ) {
            (
                host: inout ShellHost,
                phones: Selection,
                entry: Located<Entry>,
                isUnticked: Bool
            ) throws(Diagnostic) -> Output in
            let world = host.world
            try refusing(at: entry.range) { () throws(WorldError) in
                try setPhones(
                    world,
                    Setting(entry.node.value, isTicked: !isUnticked),
                    phones.phones
                )
            }
            warn(entry, host)
            return .none
        }.undone(
            by: Command(
                "\(word) phone",
                group: SettingsCommands.group,
                summary: "Say nothing of a \(name) on the pages of phones.",
                .argument("phones", help: "which phones"),
                changesWorld: true,
                examples: [Example("no \(word) phone P1", setup: WorldCommands.setup)]
            ) { (host: inout ShellHost, phones: Selection) throws(Diagnostic) -> Output in
                let world = host.world
                try refusing(at: nil) { () throws(WorldError) in
                    try setPhones(world, nil, phones.phones)
                }
                return .none
            }
        )
    }

    private var profile: Command<ShellHost> {
        Command<ShellHost>(
            "\(word) profile",
            group: SettingsCommands.group,
            summary: "Set the \(name) in a common phone profile.",
            discussion: discussion,
            .argument("profile", kind: .object(PhoneVocabulary.profile), help: "which profile"),
            entry(help),
            Self.unticked,
            changesWorld: true,
            examples: [
                Example(
                    "\(word) profile standard \(example)",
                    setup: WorldCommands.setup + ["profile standard"] + setup
                )
            ]
        ) {
            (
                host: inout ShellHost,
                profile: ObjectReference,
                entry: Located<Entry>,
                isUnticked: Bool
            ) throws(Diagnostic) -> Output in
            let world = host.world
            try refusing(at: entry.range) { () throws(WorldError) in
                try setProfile(world, Setting(entry.node.value, isTicked: !isUnticked), profile.id)
            }
            warn(entry, host)
            return .none
        }.undone(
            by: Command(
                "\(word) profile",
                group: SettingsCommands.group,
                summary: "Say nothing of a \(name) in a common phone profile.",
                .argument("profile", kind: .object(PhoneVocabulary.profile), help: "which profile"),
                changesWorld: true,
                examples: [Example("no \(word) profile standard", setup: ["profile standard"])]
            ) { (host: inout ShellHost, profile: ObjectReference) throws(Diagnostic) -> Output in
                let world = host.world
                try refusing(at: nil) { () throws(WorldError) in
                    try setProfile(world, nil, profile.id)
                }
                return .none
            }
        )
    }

    private var enterprise: Command<ShellHost> {
        Command<ShellHost>(
            "\(word) enterprise",
            group: SettingsCommands.group,
            summary: "Set the \(name) in the Enterprise Phone Configuration.",
            discussion: discussion,
            entry(help),
            Self.unticked,
            changesWorld: true,
            examples: [
                Example("\(word) enterprise \(example)", setup: WorldCommands.setup + setup)
            ]
        ) {
            (host: inout ShellHost, entry: Located<Entry>, isUnticked: Bool)
                throws(Diagnostic) -> Output in
            let world = host.world
            try refusing(at: entry.range) { () throws(WorldError) in
                try setEnterprise(world, Setting(entry.node.value, isTicked: !isUnticked))
            }
            warn(entry, host)
            return .none
        }.undone(
            by: Command(
                "\(word) enterprise",
                group: SettingsCommands.group,
                summary: "Say nothing of a \(name) in the Enterprise Phone Configuration.",
                changesWorld: true,
                examples: [Example("no \(word) enterprise")]
            ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
                let world = host.world
                try refusing(at: nil) { () throws(WorldError) in try setEnterprise(world, nil) }
                return .none
            }
        )
    }
}
