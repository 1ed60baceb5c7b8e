// Looking at the world.

import Interpreter
import PFSRuntime

enum ShowCommands {
    static let group = CommandGroup("Look")
    static let all = [
        phones, phone, pfs, network, screen, tree, files, sites, server, events, record,
    ]

    static let pushed =
        WorldCommands.setup + [
            "pfs enterprise on", "push 9.4(2)SR1 to all", "run 30s",
        ]

    static let phones = Command<ShellHost>(
        "show phones",
        group: group,
        summary: "Show phones and what they are doing.",
        discussion: "JSON, CSV, `where` and `sort` have what the columns got and service say as "
            + "numbers: got_percent, got_bytes, out_seconds.",
        .optional("phones", help: "which phones; all if not given"),
        examples: [Example("show phones", setup: WorldCommands.setup)]
    ) { (host: inout ShellHost, chosen: Selection?) throws(Diagnostic) -> Output in
        let phones = chosen?.phones ?? host.world.phones
        // So that many phones are counted at once.
        if host.demand == .number { return .table(.counted(phones.count)) }
        return .table(try PhoneTable.table(phones, in: host))
    }.giving(PhoneTable.columns)

    static let phone = Command<ShellHost>(
        "show phone",
        group: group,
        summary: "Show everything about one phone.",
        .argument("phone", kind: .object(PhoneVocabulary.phone), help: "which phone"),
        mayBeAbbreviated: false,  // so that `sh ph` is `show phones`
        examples: [Example("show phone P1", setup: pushed)]
    ) { (host: inout ShellHost, phone: ObjectReference) throws(Diagnostic) -> Output in
        .lines(PhoneTable.details(PhoneNumber(phone.id), in: host))
    }

    static let pfs = Command<ShellHost>(
        "show pfs",
        group: group,
        summary: "Show whether a phone takes part in peer firmware sharing, and what settled it.",
        .argument("phone", kind: .object(PhoneVocabulary.phone), help: "which phone"),
        examples: [Example("show pfs P1", setup: WorldCommands.setup)]
    ) { (host: inout ShellHost, phone: ObjectReference) throws(Diagnostic) -> Output in
        let number = PhoneNumber(phone.id)
        let profile = host.world.identity(number).profile.map { host.world.profiles[$0].name }
        var lines = host.world.sharingDecision(number).lines(
            address: host.world.address(of: number),
            profileName: profile
        )
        if host.world.configurationIsPending(number) {
            lines.append("configuration pending: the phone has not read it yet (reset or apply)")
        }
        return .lines(lines)
    }

    private static let networkColumns = [Table.Column("setting"), Table.Column("value")]

    static let network = Command<ShellHost>(
        "show network-configuration",
        group: group,
        summary: "Show a phone's network configuration page, as its web page has it.",
        discussion: "What the phone has read last, with its Peer Firmware Sharing row; `web serve` "
            + "shows the same to browsers.",
        .argument("phone", kind: .object(PhoneVocabulary.phone), help: "which phone"),
        examples: [Example("show network-configuration P1", setup: WorldCommands.setup)]
    ) { (host: inout ShellHost, phone: ObjectReference) throws(Diagnostic) -> Output in
        var table = Table(columns: networkColumns)
        for fact in NetworkConfigurationPage.facts(of: PhoneNumber(phone.id), in: host.world) {
            table.append([
                .string(fact.label), fact.value.isEmpty ? .none : .string(fact.value),
            ])
        }
        return .table(table)
    }.giving(networkColumns)

    static let screen = Command<ShellHost>(
        "show screen",
        group: group,
        summary: "Draw the screens of phones.",
        .argument("phones", help: "which phones"),
        examples: [Example("show screen P1..P3", setup: pushed)]
    ) { (host: inout ShellHost, phones: Selection) throws(Diagnostic) -> Output in
        .lines(PhoneScreen.lines(phones.phones, in: host, columns: 80))
    }

    static let tree = Command<ShellHost>(
        "show tree",
        group: group,
        summary: "Draw the hierarchies of a file.",
        discussion: "Without `file` each subnet and model shows the file that most of its phones "
            + "are at.",
        .option("file", help: "the file, counted from 1 in the load"),
        .option("subnet", kind: .object(PhoneVocabulary.subnet), help: "one subnet only"),
        .option("model", help: "one model only"),
        .option("depth", default: 3, shownAs: "3", help: "how many levels below the root"),
        examples: [Example("show tree file 1", setup: pushed)]
    ) {
        (
            host: inout ShellHost,
            file: Located<Int>?,
            subnet: ObjectReference?,
            model: ModelID?,
            depth: Int
        ) throws(Diagnostic) -> Output in
        if let file, !(1...UpgradeJob.fileLimit).contains(file.node) {
            throw Diagnostic(
                "files are counted from 1 to \(UpgradeJob.fileLimit)",
                at: file.range
            )
        }
        let trees = TreeList(host: host, subnet: subnet?.id, model: model)
        return .lines(trees.lines(file: file.map { $0.node - 1 }, depth: max(0, depth)))
    }

    static let files = Command<ShellHost>(
        "show files",
        group: group,
        summary: "Show the files of a phone's load and from where it has them.",
        .argument("phone", kind: .object(PhoneVocabulary.phone), help: "which phone"),
        examples: [Example("show files P1", setup: pushed)]
    ) { (host: inout ShellHost, phone: ObjectReference) throws(Diagnostic) -> Output in
        .table(FileTable.table(PhoneNumber(phone.id), in: host))
    }.giving(FileTable.columns)

    static let sites = Command<ShellHost>(
        "show sites",
        group: group,
        summary: "Show sites, their WAN links and what came over them.",
        examples: [Example("show sites", setup: WorldCommands.setup)]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        .table(SiteTable.table(in: host))
    }.giving(SiteTable.columns)

    static let server = Command<ShellHost>(
        "show server",
        group: group,
        summary: "Show the server's fetches by reason, and the hierarchy instances.",
        examples: [Example("show server", setup: pushed)]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        .lines(SiteTable.fetches(in: host))
    }

    static let events = Command<ShellHost>(
        "show events",
        group: group,
        summary: "Show the last events; they are kept after `record events`.",
        .option("last", default: 20, shownAs: "20", help: "how many"),
        examples: [
            Example(
                "show events last 3",
                setup: WorldCommands.setup + ["record events", "push 9.4(2)SR1 to all", "run 1s"]
            )
        ]
    ) { (host: inout ShellHost, last: Int) throws(Diagnostic) -> Output in
        let count = host.world.traceCount
        guard count > 0 || host.world.isTracing else {
            return .lines(["no events are kept: `record events` keeps them from then on"])
        }
        let first = max(0, count - max(0, last))
        return .lines(
            (first..<count).map { EventText.line(host.world.traceRecord($0), in: host) }
        )
    }

    static let record = Command<ShellHost>(
        "record events",
        group: group,
        summary: "Keep events from now on, the last 200,000.",
        examples: [Example("record events")]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        host.world.isTracing = true
        return .none
    }.undone(
        by: Command(
            "record events",
            group: group,
            summary: "Keep no more events.",
            examples: [Example("no record events")]
        ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
            host.world.isTracing = false
            return .none
        }
    )
}
