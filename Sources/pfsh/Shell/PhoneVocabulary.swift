// What scripts can say about the world in expressions and selectors: kinds of objects, properties,
// globals, functions, selector keywords. Each is declared once, here.

public import Interpreter
public import PFSRuntime

/// The shell's words besides its commands.
enum PhoneVocabulary {
    static let phone = "phone"
    static let site = "site"
    static let subnet = "subnet"
    static let profile = "profile"
    static let link = "link"

    static let phones = ObjectKind<ShellHost>(
        phone,
        help: "a simulated phone",
        all: { $0.world.phones.map { Int($0.index) } },
        find: { host, name in host.world.phone(named: name).map { Int($0.index) } },
        nameOf: { host, id in host.world.name(of: PhoneNumber(id)) }
    )

    static let otherKinds = [
        ObjectKind<ShellHost>(
            site,
            help: "a site with its WAN link",
            all: { Array($0.world.siteNames.indices) },
            find: { host, name in host.world.siteNames.firstIndex(of: name) },
            nameOf: { host, id in host.world.siteNames[id] }
        ),
        ObjectKind<ShellHost>(
            subnet,
            help: "a subnet of phones",
            all: { Array($0.world.subnetNames.indices) },
            find: { host, name in host.world.subnetNames.firstIndex(of: name) },
            nameOf: { host, id in host.world.subnetNames[id] }
        ),
        ObjectKind<ShellHost>(
            profile,
            help: "a common phone profile",
            all: { Array($0.world.profiles.indices) },
            find: { host, name in host.world.profiles.firstIndex { $0.name == name } },
            nameOf: { host, id in host.world.profiles[id].name }
        ),
        // Reached by `wan` alone: its site has the name.
        ObjectKind<ShellHost>(
            link,
            help: "a site's WAN link",
            all: { Array($0.world.siteNames.indices) },
            find: { _, _ in nil },
            nameOf: { host, id in host.world.siteNames[id] }
        ),
    ]

    private static func property(
        _ name: String,
        _ type: ValueType,
        _ help: String,
        _ get: @escaping @Sendable (World, PhoneNumber) -> Value
    ) -> Property<ShellHost> {
        Property(name, of: phone, type: type, help: help) { host, id in
            get(host.world, PhoneNumber(id))
        }
    }

    private static func ofLink(
        _ name: String,
        _ type: ValueType,
        _ help: String,
        _ get: @escaping @Sendable (SiteDetails) -> Value
    ) -> Property<ShellHost> {
        Property(name, of: link, type: type, help: help) { host, id in
            get(host.world.siteDetails(id))
        }
    }

    private static let linkProperties: [Property<ShellHost>] = [
        ofLink("bytes", .size, "whole files that came over it") { .size(bytes: $0.bytes) },
        ofLink("fetches", .integer, "fetches under way over it") { .integer(Int64($0.fetches)) },
        ofLink("again", .integer, "requests that were sent again over it") {
            .integer($0.retransmissions)
        },
        ofLink("peak", .rate, "the most that it has carried, headers included") {
            .rate(bitsPerSecond: $0.peakBitsPerSecond)
        },
    ]

    private static func object(_ world: World, _ number: PhoneNumber) -> Value {
        let name = world.name(of: number)
        return .object(ObjectReference(kind: phone, id: Int(number.index), name: name))
    }

    static let properties = phoneProperties + linkProperties

    private static let phoneProperties: [Property<ShellHost>] = [
        property(
            "state",
            .enumeration(PhoneState.allCases.map(\.rawValue)),
            "what the phone is doing",
            { world, phone in .symbol(Symbol(world.state(phone).rawValue)) }
        ),
        property("model", .string, "the model, as a log prints it") { world, phone in
            .string(world.identity(phone).model.model.name)
        },
        property("protocol", .string, "SCCP or SIP") { world, phone in
            .string(world.identity(phone).deviceProtocol.description)
        },
        property("ip", .string, "the IPv4 address") { world, phone in
            .string(world.address(of: phone).description)
        },
        property("mac", .string, "the MAC address, twelve digits") { world, phone in
            .string(world.identity(phone).mac.description)
        },
        property("subnet", .object(subnet), "its subnet") { world, phone in
            let index = world.subnet(of: phone)
            let name = world.subnetNames[index]
            return .object(ObjectReference(kind: subnet, id: index, name: name))
        },
        property("firmware", .string, "the load that it runs") { world, phone in
            .string(world.catalog[world.runningLoad(phone)].name.text)
        },
        property("load", .string, "the load that its configuration names") { world, phone in
            .string(world.catalog[world.configuredLoad(phone)].name.text)
        },
        property("pfs", .bool, "whether it takes part, by its configuration") { world, phone in
            .bool(world.sharingDecision(phone).takesPart)
        },
        property(
            "pfs-row",
            .string,
            "what its network configuration page says of sharing; none without such a row",
            { world, phone in
                NetworkConfigurationPage.sharingRow(of: phone, in: world).map { .string($0) }
                    ?? .none
            }
        ),
        property("file", .integer, "the number of its present file, from 1") { world, phone in
            world.snapshot(phone).fileIndex.map { .integer(Int64($0) + 1) } ?? .none
        },
        property("received", .size, "how much of the present file has come") { world, phone in
            .size(bytes: world.snapshot(phone).receivedBytes)
        },
        property("parent", .object(phone), "the phone that it gets the file from") {
            world,
            phone in
            guard case .phone(let parent) = world.snapshot(phone).source else { return .none }
            return object(world, parent)
        },
        property("root", .bool, "whether it is the root of its present file") { world, phone in
            .bool(world.snapshot(phone).isRoot)
        },
        property("children", .integer, "how many children it has now") { world, phone in
            .integer(Int64(world.snapshot(phone).children.count))
        },
        property("from-peers", .integer, "files of its last upgrade that peers gave it") {
            world,
            phone in .integer(Int64(world.sharedFiles(phone).fromPeers))
        },
        property("to-peers", .integer, "times that a peer took a file from it") { world, phone in
            .integer(Int64(world.sharedFiles(phone).toPeers))
        },
        property("done", .bool, "whether its last upgrade succeeded") { world, phone in
            if case .succeeded = world.outcome(of: phone) { return .bool(true) }
            return .bool(false)
        },
        property("reason", .integer, "why its last upgrade failed: CUCM's code") { world, phone in
            guard case .failed(let reason, _) = world.outcome(of: phone) else { return .none }
            return .integer(Int64(reason.rawValue))
        },
    ]

    /// Words of conditions whose value only the beginning or the end of an upgrade can change.
    private static let settledWords = [
        "model", "protocol", "ip", "mac", "subnet", "site", "profile", "firmware", "running",
        "done", "reason",
    ]

    /// What a condition has to wait for: most of what it can speak of changes all the time, and to
    /// look at a thousand phones after every event takes its time.
    static func change(watchedBy condition: String) -> WorldChange {
        let hasty =
            properties.map(\.name) + globals.map(\.name) + functions.map(\.signature.name)
            + selectorKeywords.map(\.signature.name) + ["now", "log"]
        let words = condition.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        let parts = Set(hasty.flatMap { $0.split(separator: ".") }).subtracting(
            settledWords.map { $0[...] }
        )
        return words.contains(where: parts.contains) ? .anything : .outcome
    }

    private static func count(
        _ name: String,
        _ help: String,
        _ get: @escaping @Sendable (World) -> Int
    ) -> Global<ShellHost> {
        Global(name, type: .integer, help: help) { .integer(Int64(get($0.world))) }
    }

    static let globals: [Global<ShellHost>] = [
        count("server.fetches", "all fetches from the server") { $0.fetchCounts.total },
        count("server.first", "first fetches of a hierarchy instance") { $0.fetchCounts.first },
        count("server.fallbacks", "fetches of phones that gave up on peers") {
            $0.fetchCounts.fallbacks
        },
        count("server.refetches", "fetches of what a root had fetched before") {
            $0.fetchCounts.refetches
        },
        count("server.second-roots", "fetches by a second root") { $0.fetchCounts.secondRoots },
        count("server.alone", "fetches of phones that do not share") { $0.fetchCounts.alone },
        count("instances", "hierarchy instances so far") { $0.fetchCounts.instances },
        Global("peers.bytes", type: .size, help: "what phones gave each other") {
            .size(bytes: $0.world.peerBytes)
        },
    ]

    static let functions: [Function<ShellHost>] = [
        Function(
            "wan",
            [.value(placeholder: "SITE", kind: site)],
            result: .object(link),
            help: "a site's WAN link, as in `wan(branch).bytes`"
        ) { (host, values) throws(Diagnostic) -> Value in
            guard case .object(let site) = values[0] else { return .none }
            return .object(ObjectReference(kind: link, id: site.id, name: site.name))
        }
    ]

    private static func keyword(
        _ name: String,
        _ kind: ArgumentKind,
        _ help: String,
        _ matches:
            @escaping @Sendable (ShellHost, Argument) throws(Diagnostic) -> (
                PhoneNumber
            ) -> Bool
    ) -> SelectorKeyword<ShellHost> {
        SelectorKeyword(name, kind: kind, help: help) {
            (host, argument) throws(Diagnostic) -> [Int] in
            let matches = try matches(host, argument)
            return host.world.phones.filter(matches).map { Int($0.index) }
        }
    }

    static let selectorKeywords: [SelectorKeyword<ShellHost>] = [
        keyword("model", ModelID.argumentKind, "phones of a model") {
            (host, argument) throws(Diagnostic) in
            let model = try ModelID.decode(argument)
            return { host.world.identity($0).model == model }
        },
        keyword("subnet", .object(subnet), "phones of a subnet") {
            (host, argument) throws(Diagnostic) in
            let index = try ObjectReference.decode(argument).id
            return { host.world.subnet(of: $0) == index }
        },
        keyword("site", .object(site), "phones of a site") { (host, argument) throws(Diagnostic) in
            let index = try ObjectReference.decode(argument).id
            return { host.world.subnetDetails(host.world.subnet(of: $0)).site == index }
        },
        keyword("profile", .object(profile), "phones of a common phone profile") {
            (host, argument) throws(Diagnostic) in
            let index = try ObjectReference.decode(argument).id
            return { host.world.identity($0).profile == index }
        },
        keyword("protocol", ProtocolArgument.argumentKind, "phones that speak SCCP or SIP") {
            (host, argument) throws(Diagnostic) in
            let chosen = try ProtocolArgument.decode(argument).deviceProtocol
            return { host.world.identity($0).deviceProtocol == chosen }
        },
        keyword("running", LoadArgument.argumentKind, "phones that run a load") {
            (host, argument) throws(Diagnostic) in
            let load = try LoadArgument.decode(argument)
            switch try load.meaning(in: host) {
            case .load(let id): return { host.world.runningLoad($0) == id }
            case .version(let version):
                return {
                    host.world.catalog[host.world.runningLoad($0)].version?.release
                        == version.release
                }
            }
        },
        keyword("state", PhoneState.argumentKind, "phones in a state") {
            (host, argument) throws(Diagnostic) in
            let state = try PhoneState.decode(argument)
            return { host.world.state($0) == state }
        },
    ]
}

extension PhoneState: ChoiceArgument {
    /// What it is called in a synopsis.
    public static var placeholder: String { "STATE" }

    /// What the word means.
    public var help: String {
        switch self {
        case .idle: "nothing to fetch"
        case .resetting: "reset, about to read its configuration"
        case .listening: "listens before it claims to be root"
        case .claiming: "claims to be root"
        case .seeking: "heard a stronger claim"
        case .joining: "asks another phone for a place"
        case .inCall: "in a call, which delays a reset"
        case .waiting: "has a parent that does not hold the file yet"
        case .orphaned: "lost its parent, seeks another"
        case .rooted: "confirmed root, waits for children"
        case .backing: "gave up on its peers, about to fetch alone"
        case .fetching: "fetches from the server"
        case .receiving: "receives from its parent"
        case .verifying: "checks a file"
        case .writing: "writes a file to flash"
        case .serving: "holds every file and serves others"
        case .rebooting: "reboots into its new load"
        case .dead: "does not boot any more, by a known bug"
        case .unpowered: "has no power, by a fault"
        case .frozen: "hangs, by a fault"
        case .removed: "unplugged"
        }
    }
}
