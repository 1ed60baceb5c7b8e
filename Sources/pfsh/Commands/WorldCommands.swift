// Building a world: sites, subnets, phones, profiles, the CUCM, the seed.

import Interpreter
import PFSRuntime

enum WorldCommands {
    static let group = CommandGroup("World")
    static let all = [site, subnet, phone, phones, profile, cucm, pin, seed, remove]

    /// The rate of phones' ports unless told, in bits per second.
    static let standardLANRate: Int64 = 100_000_000

    /// What examples need first.
    static let setup = [
        "site branch wan 384kbps rtt 150ms", "subnet voice 10.4.0.0/24 site branch",
        "phones 3 model CP-7961G subnet voice",
    ]

    static let site = Command<ShellHost>(
        "site",
        group: group,
        summary: "Make a site, behind a WAN link to the server or in the same place.",
        discussion: "The site `hq` is there from the beginning: the server is in it.",
        .argument("name", kind: .word("NAME", phrase: "a new name"), help: "what to call it"),
        .option("wan", help: "the rate of its WAN link, 1bps to 1000Gbps"),
        .option("rtt", help: "the round-trip time to the server, 0s to 1h"),
        .option("loss", help: "packets lost each way, less than 100%"),
        .option("busy", help: "how much of the rate other traffic takes, less than 100%"),
        changesWorld: true,
        examples: [
            Example("site branch wan 384kbps rtt 150ms"),
            Example("site ship wan 512kbps rtt 600ms loss 1% busy 30%"),
        ]
    ) {
        (
            host: inout ShellHost,
            name: Located<String>,
            rate: Located<RateArgument>?,
            roundTrip: Located<DurationArgument>?,
            loss: Located<PercentArgument>?,
            busy: Located<PercentArgument>?
        ) throws(Diagnostic) -> Output in
        let checked = try NameRule.check(name)
        var wan: WANLink?
        if let rate {
            guard let roundTrip else {
                throw Diagnostic("a WAN link needs `rtt DURATION` too", at: rate.range)
            }
            wan = WANLink(
                rateBitsPerSecond: rate.node.bitsPerSecond,
                roundTrip: Interval(nanoseconds: roundTrip.node.nanoseconds),
                lossPartsPerMillion: loss?.node.partsPerMillion ?? 0,
                busyPartsPerMillion: busy?.node.partsPerMillion ?? 0
            )
        } else if roundTrip != nil {
            throw Diagnostic("a round-trip time needs `wan RATE` too", at: name.range)
        } else if let share = loss ?? busy {
            let what = loss == nil ? "other traffic" : "loss"
            throw Diagnostic(
                "\(what) needs a link: give `wan RATE rtt DURATION` too",
                at: share.range
            )
        }
        let world = host.world
        do throws(WorldError) {
            try world.addSite(checked, wan: wan)
        } catch {
            let range =
                switch error {
                case .badRate: rate?.range
                case .badRoundTrip: roundTrip?.range
                case .badLoss: loss?.range
                case .badBusyShare: busy?.range
                default: name.range
                }
            throw Diagnostic(error.description, at: range)
        }
        return .none
    }

    static let subnet = Command<ShellHost>(
        "subnet",
        group: group,
        summary: "Make a subnet of a site.",
        .argument("name", kind: .word("NAME", phrase: "a new name"), help: "what to call it"),
        .argument("cidr", help: "its addresses"),
        .option(
            "site",
            kind: .object(PhoneVocabulary.site),
            help: "where it is; `hq` if not given"
        ),
        .option(
            "lan",
            default: Located(
                RateArgument(bitsPerSecond: standardLANRate),
                at: SourceRange(0, 0)
            ),
            shownAs: "100Mbps",
            help: "the rate of every phone's port, 1bps to 1000Gbps"
        ),
        .option("option150", help: "its TFTP servers, the first to be asked first"),
        changesWorld: true,
        examples: [
            Example(
                "subnet voice 10.4.0.0/24 site branch",
                setup: ["site branch wan 384kbps rtt 150ms"]
            )
        ]
    ) {
        (
            host: inout ShellHost,
            name: Located<String>,
            network: Located<IPv4Network>,
            site: ObjectReference?,
            rate: Located<RateArgument>,
            servers: Located<[PFSRuntime.IPv4Address]>?
        ) throws(Diagnostic) -> Output in
        let checked = try NameRule.check(name)
        let world = host.world
        let addresses = servers?.node ?? []
        if addresses.count > World.optionServerLimit {
            let refusal = WorldError.tooManyServers(limit: World.optionServerLimit)
            throw Diagnostic(refusal.description, at: servers?.range)
        }
        do throws(WorldError) {
            try world.addSubnet(
                checked,
                network.node,
                site: site?.id ?? 0,
                lanRateBitsPerSecond: rate.node.bitsPerSecond
            )
            try world.setServers(addresses, ofSubnet: world.subnet(named: checked))
        } catch {
            let range =
                switch error {
                case .badRate: rate.range
                case .duplicate: name.range
                default: network.range
                }
            throw Diagnostic(error.description, at: range)
        }
        ServerCommands.warn(of: addresses, at: servers?.range, in: host)
        return .none
    }

    static let profile = Command<ShellHost>(
        "profile",
        group: group,
        summary: "Make a common phone profile.",
        .argument("name", kind: .word("NAME", phrase: "a new name"), help: "what to call it"),
        changesWorld: true,
        examples: [Example("profile standard")]
    ) { (host: inout ShellHost, name: Located<String>) throws(Diagnostic) -> Output in
        let checked = try NameRule.check(name)
        let world = host.world
        try refusing(at: name.range) { () throws(WorldError) in try world.addProfile(checked) }
        return .none
    }

    static let cucm = Command<ShellHost>(
        "cucm",
        group: group,
        summary: "Set the CUCM version, on which the defaults of peer firmware sharing depend.",
        discussion: "A world begins with 10.5(2). On 79xx phones the field is off by default "
            + "below 12.5 and on from 12.5. Which versions have the field at all, `show cucm` says.",
        .argument("version", help: "such as 10.5(2)"),
        changesWorld: true,
        examples: [Example("cucm 12.5")]
    ) { (host: inout ShellHost, version: CUCMVersion) throws(Diagnostic) -> Output in
        host.world.setCUCM(version)
        return .none
    }

    static let seed = Command<ShellHost>(
        "seed",
        group: group,
        summary: "Set the seed of all chance, before time moves.",
        discussion: "A seed given with --seed outranks it.",
        .argument("number", help: "a whole number of 64 bits, 0 or more, as for --seed"),
        changesWorld: true,
        examples: [Example("seed 7")]
    ) { (host: inout ShellHost, number: Located<SeedArgument>) throws(Diagnostic) -> Output in
        let value = host.fixedSeed ?? number.node.value
        let world = host.world
        try refusing(at: number.range) { () throws(WorldError) in try world.setSeed(value) }
        return .none
    }

    static let remove = Command<ShellHost>(
        "remove",
        group: group,
        summary: "Unplug phones for good; nobody is told.",
        .argument("phones", help: "which phones"),
        changesWorld: true,
        mayBeAbbreviated: false,
        examples: [Example("remove P2", setup: setup)]
    ) { (host: inout ShellHost, phones: Selection) throws(Diagnostic) -> Output in
        for phone in phones.phones { host.world.removePhone(phone) }
        return .none
    }

    static let pin = Command<ShellHost>(
        "pin",
        group: group,
        summary: "Use values read in a field log in place of drawn ones.",
        discussion: "How real phones make these values is unknown; pinned, a captured log can be "
            + "reproduced to the letter. Without `file` a value holds for every file.",
        .argument("phone", kind: .object(PhoneVocabulary.phone), help: "which phone"),
        .option("file", help: "for one file only, counted from 1"),
        .option("xid", help: "the transaction id"),
        .option("map", help: "the map of the first claim"),
        .option("strength", help: "the strength of the claim"),
        .option("hash", help: "the hash of the hierarchy, H="),
        .option(
            "from log",
            kind: .word("LINE", phrase: "a line of a log, in quotes"),
            help: "a line that says them; what is given besides counts more"
        ),
        changesWorld: true,
        examples: [
            Example("pin P1 file 1 xid 080027F8 strength 31d4d43d", setup: setup),
            Example(
                #"pin P1 from log "XID080027F8 TxBdcst ClaimRoot(tent): map=ff9d7cb9 strength=31d4d43d""#,
                setup: setup
            ),
        ]
    ) {
        (
            host: inout ShellHost,
            phone: Located<ObjectReference>,
            file: Located<Int>?,
            transaction: HexadecimalArgument?,
            map: HexadecimalArgument?,
            strength: HexadecimalArgument?,
            hash: HexadecimalArgument?,
            line: Located<String>?
        ) throws(Diagnostic) -> Output in
        let said = try line.map { (line) throws(Diagnostic) in try LoggedValues.read(line) } ?? []
        let given: [(PeerPin.Field, HexadecimalArgument?)] = [
            (.transaction, transaction), (.map, map), (.strength, strength), (.hash, hash),
        ]
        let values = said + given
        guard values.contains(where: { $0.1 != nil }) else {
            throw Diagnostic(
                "nothing to pin: give xid, map, strength or hash with a value",
                at: phone.range
            )
        }
        if let file, !(1...UpgradeJob.fileLimit).contains(file.node) {
            throw Diagnostic(
                "there is no file \(file.node): files are counted from 1 to "
                    + "\(UpgradeJob.fileLimit)",
                at: file.range
            )
        }
        let world = host.world
        for case (let field, .some(let value)) in values {
            try refusing(at: file?.range ?? phone.range) { () throws(WorldError) in
                try world.pin(
                    PhoneNumber(phone.node.id),
                    file: file.map { $0.node - 1 },
                    field,
                    value.value
                )
            }
        }
        return .none
    }
}
