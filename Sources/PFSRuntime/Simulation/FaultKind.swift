// Each kind of fault declared once: its word, what it bears on, its mark and its help. Commands, documents,
// tables and tests are made from this.

/// What a fault bears on, and so how its scope is told.
public enum FaultSubject: BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// Messages and files between phones.
    case messages
    /// Everything between some phones and others.
    case paths
    /// Phones themselves.
    case phones
    /// What phones write to flash.
    case flash
    /// A server.
    case servers
    /// What a server sends.
    case fetches

    /// Whether it is about a server.
    var isServer: Bool { self == .servers || self == .fetches }
}

/// A kind of fault, as it is declared.
public enum FaultKind: String, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    // The raw values are the words of commands and tables.
    /// `Fault.drop`.
    case drop
    /// `Fault.delay`.
    case delay
    /// `Fault.jitter`.
    case jitter
    /// `Fault.duplicate`.
    case duplicate
    /// `Fault.reorder`.
    case reorder
    /// `Fault.corrupt`.
    case corrupt
    /// `Fault.block`.
    case block
    /// `Fault.partition`.
    case partition
    /// `Fault.isolate`.
    case isolate
    /// `Fault.unauthorised`.
    case unauthorised
    /// `Fault.duplicateAddress`.
    case duplicateAddress = "duplicate-address"
    /// `Fault.crash`.
    case crash
    /// `Fault.freeze`.
    case freeze
    /// `Fault.reboot`.
    case reboot
    /// `Fault.clockDrift`.
    case clockDrift = "clock-drift"
    /// `Fault.powerLoss`.
    case powerLoss = "power-loss"
    /// `Fault.diskFull`.
    case diskFull = "disk-full"
    /// `Fault.slowDisk`.
    case slowDisk = "slow-disk"
    /// `Fault.corruptBlock`.
    case corruptBlock = "corrupt-block"
    /// `Fault.serverDown`.
    case serverDown = "server-down"
    /// `Fault.serverSlow`.
    case serverSlow = "server-slow"
    /// `Fault.serverFull`.
    case serverFull = "server-full"
    /// `Fault.wrongFile`.
    case wrongFile = "wrong-file"
    /// `Fault.truncatedFile`.
    case truncatedFile = "truncated-file"
    /// `Fault.forgedClaims`.
    case forgedClaims = "forged-claims"
    /// `Fault.endlessOffers`.
    case endlessOffers = "endless-offers"
    /// `Fault.wrongBytes`.
    case wrongBytes = "wrong-bytes"
    /// `Fault.stalledTransfer`.
    case stalledTransfer = "stalled-transfer"
}

/// What is declared of a kind of fault.
public struct FaultDeclaration: Sendable {
    /// What it bears on.
    public let subject: FaultSubject
    /// What its number means, such as "how much later"; nil when it has none.
    public let parameter: String?
    /// How well it is known that real networks and phones do this in this way.
    public let mark: Mark
    /// One line: what it does.
    public let help: String
    /// What follows from it here, in a sentence or two: for the documents.
    public let effect: String
    /// What is otherwise where phones are attached to a real network; nil where nothing is.
    public let onSockets: String?
}

extension FaultKind {
    /// All that is known of the kind.
    public var declaration: FaultDeclaration {
        switch self {
        case .drop: .drop
        case .delay: .delay
        case .jitter: .jitter
        case .duplicate: .duplicate
        case .reorder: .reorder
        case .corrupt: .corrupt
        case .block: .block
        case .partition: .partition
        case .isolate: .isolate
        case .unauthorised: .unauthorised
        case .duplicateAddress: .duplicateAddress
        case .crash: .crash
        case .freeze: .freeze
        case .reboot: .reboot
        case .clockDrift: .clockDrift
        case .powerLoss: .powerLoss
        case .diskFull: .diskFull
        case .slowDisk: .slowDisk
        case .corruptBlock: .corruptBlock
        case .serverDown: .serverDown
        case .serverSlow: .serverSlow
        case .serverFull: .serverFull
        case .wrongFile: .wrongFile
        case .truncatedFile: .truncatedFile
        case .forgedClaims: .forgedClaims
        case .endlessOffers: .endlessOffers
        case .wrongBytes: .wrongBytes
        case .stalledTransfer: .stalledTransfer
        }
    }
}

extension FaultDeclaration {
    // MARK: Between phones

    fileprivate static let drop = FaultDeclaration.modelled(
        .messages,
        "lose messages; over a link TCP sends them again",
        "A broadcast is lost for each phone by itself. What goes over a link is sent again "
            + "after 1 s, then 2 s, and so on, seven times; what is behind it waits."
    )

    fileprivate static let delay = FaultDeclaration.modelled(
        .messages,
        "let messages arrive later",
        "Nothing on a link overtakes what went before.",
        parameter: "how much later"
    )

    fileprivate static let jitter = FaultDeclaration.modelled(
        .messages,
        "let messages arrive later at random",
        "Broadcasts may overtake each other; on a link nothing does.",
        parameter: "at most so much"
    )

    fileprivate static let duplicate = FaultDeclaration.modelled(
        .messages,
        "let broadcasts arrive twice",
        "The second comes 1 ms after the first. Over links nothing arrives twice: TCP sees to it."
    )

    fileprivate static let reorder = FaultDeclaration.modelled(
        .messages,
        "let broadcasts arrive behind the sender's next one",
        "At a phone that is hit a broadcast waits until the sender's next one has passed, or "
            + "1 s. Over links nothing is reordered: TCP sees to it."
    )

    fileprivate static let corrupt = FaultDeclaration.modelled(
        .messages,
        "let messages and files arrive damaged",
        "A damaged broadcast is refused, and so lost. Over a link a damaged message ends the "
            + "link, at both ends; a damaged file does not verify, is thrown away and asked for "
            + "again from elsewhere.",
        onSockets:
            "A damaged message is not sent: the link is closed. A file is changed on the disk "
            + "before it is checked."
    )

    fileprivate static let block = FaultDeclaration.derived(
        .messages,
        "close port 4051 to broadcasts or to links",
        "Without `udp` nobody hears of a root, and each phone is its own; without `tcp` each "
            + "tries three times and falls back.",
        parameter: "udp or tcp"
    )

    fileprivate static let partition = FaultDeclaration.modelled(
        .paths,
        "let nothing pass from some phones to others",
        "With `one-way` only from the first to the second."
    )

    // MARK: Phones

    fileprivate static let isolate = FaultDeclaration.derived(
        .phones,
        "let phones reach servers only, as a private VLAN does",
        "Each fetches alone."
    )

    fileprivate static let unauthorised = FaultDeclaration.derived(
        .phones,
        "let phones reach nobody, as before 802.1X has authorised them",
        "Phones and servers alike are out of reach. A restart waits: without the network there "
            + "is no configuration to read."
    )

    fileprivate static let duplicateAddress = FaultDeclaration.modelled(
        .phones,
        "let another device have the address of phones too",
        "What goes to the phone over a link or from a server reaches the other device instead, "
            + "half of it or by the chance given. That device knows nothing of the link and "
            + "resets it; a server's answer is lost. Broadcasts are heard as ever.",
        onSockets:
            "No other device is needed: the phone itself resets the link, or does not ask the "
            + "server."
    )

    fileprivate static let crash = FaultDeclaration.modelled(
        .phones,
        "cut the power",
        "What was fetched of a new load is lost. With `keep-flash` the files that were written "
            + "are still there, and the phone goes on with the next.",
        onSockets:
            "The sockets close and the process goes on. With `keep-flash` a file of before is "
            + "checked before it is given to others."
    )

    fileprivate static let freeze = FaultDeclaration.modelled(
        .phones,
        "let phones hang",
        "What it sends and receives stands still, and goes on when it is over. After 6 s of "
            + "silence links are lost.",
        onSockets:
            "Nothing is read from the sockets, and files stand still; what came waits. A fetch "
            + "from a server begins anew, or has timed out."
    )

    fileprivate static let reboot = FaultDeclaration.modelled(
        .phones,
        "restart phones at once",
        "Nobody is told."
    )

    fileprivate static let clockDrift = FaultDeclaration.modelled(
        .phones,
        "let the clocks of phones run fast, or slow",
        "All its timers come early or late by that share. When it is over the clock is right "
            + "again.",
        parameter: "parts per million"
    )

    // MARK: Flash

    fileprivate static let powerLoss = FaultDeclaration.modelled(
        .flash,
        "cut the power while phones write flash",
        "At a random moment of the next write. Of a file: the phone comes up with its old load "
            + "and fetches all of the new one again. Of the whole load as it is activated: "
            + "before its first half is written it comes up with the old load, later in a "
            + "recovery, in which it fetches the load from the server by itself. It never runs "
            + "a mixture.",
        onSockets: "The moment lies within the time that the model takes to write, not the disk."
    )

    fileprivate static let diskFull = FaultDeclaration.modelled(
        .flash,
        "leave no room in the flash of phones",
        "The upgrade ends with reason 3; the phone keeps its load, and its children find "
            + "another parent.",
        onSockets: "The disk is not asked."
    )

    fileprivate static let slowDisk = FaultDeclaration.modelled(
        .flash,
        "let phones write flash more slowly",
        "A phone serves a file while it still writes it, but comes later to the next.",
        parameter: "how many times as long",
        onSockets: "As many times as long as the disk takes."
    )

    fileprivate static let corruptBlock = FaultDeclaration.modelled(
        .flash,
        "let phones read back something else than they wrote",
        "The file is written again, three times in all; then the upgrade ends with reason 14.",
        onSockets: "The disk is not asked."
    )

    // MARK: Servers

    fileprivate static let serverDown = FaultDeclaration.modelled(
        .servers,
        "let a server answer nothing",
        "Transfers break off. A root resigns after its last time-out, and another tries.",
        onSockets: "The phones of this shell do not ask it."
    )

    fileprivate static let serverSlow = FaultDeclaration.modelled(
        .servers,
        "let a server take longer for each block",
        "Stop-and-wait pays it for every block; where it is longer than a client waits in all, "
            + "a transfer does not begin.",
        parameter: "how much longer",
        onSockets: "The phones answer each block so much later, from their next transfer on."
    )

    fileprivate static let serverFull = FaultDeclaration.modelled(
        .servers,
        "let a server serve nobody more",
        "What is under way goes on. Phones ask again after 10 to 20 s, six times.",
        onSockets: "The phones of this shell do not ask it."
    )

    fileprivate static let wrongFile = FaultDeclaration.modelled(
        .fetches,
        "let a server send another file under the name",
        "It does not verify. After three such copies the upgrade ends with reason 14, and a "
            + "root tells the others so.",
        onSockets: "The file is changed on the disk when it has come."
    )

    fileprivate static let truncatedFile = FaultDeclaration.modelled(
        .fetches,
        "let a server end files half way",
        "TFTP does not tell the size: the phone takes what came for the file. It does not verify.",
        onSockets: "The file is cut on the disk when it has come."
    )

    // MARK: Hostile peers

    fileprivate static let forgedClaims = FaultDeclaration.modelled(
        .phones,
        "let phones claim to be the strongest for ever",
        "Four times a second, about each file that is being decided, from its own address. Others "
            + "yield to 100 such claims, 25 s, then listen again, and after three times fall "
            + "back."
    )

    fileprivate static let endlessOffers = FaultDeclaration.modelled(
        .phones,
        "let phones offer what they do not have",
        "Four times a second, about each file that is being decided. Others ask it for a place in "
            + "vain, three times, and fall back."
    )

    fileprivate static let wrongBytes = FaultDeclaration.modelled(
        .phones,
        "let phones send their children other bytes",
        "The file does not verify; nobody stores or forwards it.",
        onSockets: "The link carries bytes that are no file's."
    )

    fileprivate static let stalledTransfer = FaultDeclaration.modelled(
        .phones,
        "let phones send their children nothing and keep the links alive",
        "After `transfer-stall`, 30 s, a child closes the link and looks for another parent.",
        onSockets: "What is in the sockets already, up to 512 KiB and their buffers, still comes."
    )

    fileprivate static func modelled(
        _ subject: FaultSubject,
        _ help: String,
        _ effect: String,
        parameter: String? = nil,
        onSockets: String? = nil
    ) -> FaultDeclaration {
        FaultDeclaration(
            subject: subject,
            parameter: parameter,
            mark: .modelled,
            help: help,
            effect: effect,
            onSockets: onSockets
        )
    }

    fileprivate static func derived(
        _ subject: FaultSubject,
        _ help: String,
        _ effect: String,
        parameter: String? = nil,
        onSockets: String? = nil
    ) -> FaultDeclaration {
        FaultDeclaration(
            subject: subject,
            parameter: parameter,
            mark: .derived,
            help: help,
            effect: effect,
            onSockets: onSockets
        )
    }
}
