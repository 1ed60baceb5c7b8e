// The lines of the DLoad log: every kind declared once, with its severity, its mark and what it
// means. A console prints `LVL HH:MM:SS.uuuuuu DLoad: text`. Only the kinds of the seed's log are
// attested; the others follow its manner. Lines are printed and read by these forms, and
// docs/dload-log.md is made from this table.

/// The severity of a console line.
public enum LogSeverity: String, BitwiseCopyable, Comparable, Sendable, CaseIterable {
    /// Something failed.
    case error = "ERR"
    /// Something is not as it should be.
    case warning = "WRN"
    /// Something worth knowing; function entries are printed at it too.
    case notice = "NOT"
    /// What is going on.
    case info = "INF"
    /// Details.
    case debug = "DBG"

    /// The graver comes first.
    public static func < (left: LogSeverity, right: LogSeverity) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One kind of line.
public struct DLoadLineKind: Sendable {
    /// The severity that it is printed at.
    public let severity: LogSeverity
    /// Attested or modelled.
    public let mark: Mark
    /// Whether it is off by default: modelled lines that would stand among attested ones.
    public let isTrace: Bool
    /// The text with its fields named in angle brackets.
    public let form: String
    /// The form, ready to print and to read.
    public let line: LineForm
    /// What it tells.
    public let meaning: String
    /// What prints it: the phone's task, or what else is meant.
    public var task = "DLoad"

    /// A line that no phone prints: the world says what was broken and mended.
    static func fault(_ form: String, _ meaning: String, isTrace: Bool = false) -> DLoadLineKind {
        var kind = modelled(.warning, form, meaning, isTrace: isTrace)
        kind.task = "Fault"
        return kind
    }

    static func attested(
        _ severity: LogSeverity,
        _ form: String,
        _ meaning: String
    ) -> DLoadLineKind {
        DLoadLineKind(
            severity: severity,
            mark: .attested,
            isTrace: false,
            form: form,
            line: LineForm(form),
            meaning: meaning
        )
    }

    static func modelled(
        _ severity: LogSeverity,
        _ form: String,
        _ meaning: String,
        isTrace: Bool = false
    ) -> DLoadLineKind {
        DLoadLineKind(
            severity: severity,
            mark: .modelled,
            isTrace: isTrace,
            form: form,
            line: LineForm(form),
            meaning: meaning
        )
    }

    /// The kinds that pfsh prints, in the order of `PeerNote`'s cases and of `LoggedEvent`'s.
    public static let all: [DLoadLineKind] = [
        .attested(.debug, "+++ fd=<n> Listening on peer TCP port 4051", "the TCP port is open"),
        .attested(.notice, "^.idl_child.c-openUDPPort", "the UDP port is opened"),
        .attested(
            .notice,
            "|parent=<fd>><fd[0]=<fd> fd[1]=<fd> FULL=<0 or 1>",
            "the links of a file: to the parent and to the two children"
        ),
        .attested(.notice, "^.idl_protocol.c-sendBroadcastOffer", "a broadcast is about to go out"),
        .attested(
            .info,
            "XID<xid> TxBdcst ClaimRoot(tent): map=<map> strength=<strength>",
            "the first claim to be root"
        ),
        .attested(.notice, "^.idl_timeout.c-doTimeout", "a tick of 250 ms ran out"),
        .attested(.debug, "Timeout XID<xid> hier=ClaimRoot(tent)", "it ran out while claiming"),
        .attested(.info, "XID<xid> TxBdcst Ad <n>: ClaimRoot(tent)", "the claim is repeated"),
        .attested(.notice, "UT:Confirmed root bumping strength", "nothing stronger was heard"),
        .attested(
            .notice,
            "@@@HROOT:XID<xid> H=<hash> m=<model> ROOT=<address> /dnld/<file>",
            "the phone is root of the file's hierarchy"
        ),
        .attested(
            .info,
            "XID<xid> Root sending TFTP XfrCmd on ROOT_WAITING TO",
            "the wait for children is over, the root fetches"
        ),
        .modelled(
            .info,
            "XID<xid> Root sending TFTP XfrCmd on FULL",
            "both child slots are taken, the root fetches"
        ),
        .modelled(
            .info,
            "XID<xid> TxBdcst Root(conf): fetch=<0 or 1>",
            "a confirmed root makes itself known",
            isTrace: true
        ),
        .modelled(
            .debug,
            "RxBdcst stronger <address> strength=<strength>",
            "a stronger phone was heard; this one gives way",
            isTrace: true
        ),
        .modelled(
            .debug,
            "RxBdcst weaker <address> strength=<strength>",
            "a claim was heard by a phone that has its place",
            isTrace: true
        ),
        .modelled(
            .debug,
            "UT:Nothing stronger, listening",
            "the seeker starts over",
            isTrace: true
        ),
        .modelled(.notice, "UT:Stepping down for root <address>", "a stronger root was heard"),
        .modelled(.info, "XID<xid> TxBdcst Offer: has <file>", "a holder stands in for the root"),
        .modelled(.debug, "TxJoin <address>", "a place is asked for", isTrace: true),
        .modelled(
            .notice,
            "@@@HCHILD:XID<xid> m=<model> PARENT=<address> depth=<n> /dnld/<file>",
            "the phone has a parent"
        ),
        .modelled(
            .debug,
            "RxRefuse FULL <address> try <address>",
            "the phone is sent on",
            isTrace: true
        ),
        .modelled(.debug, "RxRefuse <address>", "the phone is refused", isTrace: true),
        .modelled(.warning, "Join <address> failed", "a place could not be had"),
        .modelled(.info, "RxJoin child <address> accepted", "a child was taken in"),
        .modelled(
            .debug,
            "RxJoin child <address> FULL try <address>",
            "a child was sent on",
            isTrace: true
        ),
        .modelled(.debug, "child <address> done", "a child has the file, or left", isTrace: true),
        .modelled(.warning, "child <address> lost", "a child has gone silent"),
        .modelled(.warning, "parent <address> lost", "the parent has gone"),
        .modelled(.warning, "UT:No root, dissolving", "the subtree listens again"),
        .modelled(.info, "XfrCmd child <address> /dnld/<file>", "the file is sent to a child"),
        .modelled(.info, "TFTP RRQ <file>", "the file is fetched without peers"),
        .modelled(
            .warning,
            "UT:<n> tries, falling back to TFTP",
            "the phone gives up on its peers"
        ),
        .modelled(.info, "received <file> <bytes> bytes", "the whole file is there"),
        .modelled(.info, "verified <file>", "the file is what it should be"),
        .modelled(.error, "verify failed <file>", "the file is thrown away"),
        .modelled(.info, "wrote <file>", "the file is in flash"),
        .modelled(.error, "TFTP error <code> <file>", "the server did not give the file"),
        .modelled(.error, "upgrade stopped, reason <code>", "the phone keeps its load"),
        .modelled(.warning, "UT:Root resigned, TFTP timed out", "another phone may fetch"),
        .modelled(.notice, "applying <load>", "every file is there"),
        .modelled(.notice, "running <load>", "the new load runs"),
        .fault("<n> on: <what>", "a fault began"),
        .fault("<n> off: <what>", "it ended, or was healed"),
        .fault("<n> hit <thing>", "it hit the phone, or what was on its way to it", isTrace: true),
    ]
}
