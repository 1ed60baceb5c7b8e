// The DLoad log as Markdown, for docs/dload-log.md: the table of line kinds, and one line of each
// kind as a phone prints it. A test compares the page with these functions, and the lines with the
// forms that the kinds declare.

/// The generated parts of the log's documentation.
public enum DLoadLogTables {
    /// One row per kind of line, in the order of `DLoadLineKind.all`.
    public static func kinds() -> String {
        let header = """
            | Text | Level | Mark | Shown | Meaning |
            | --- | --- | --- | --- | --- |

            """
        let rows = DLoadLineKind.all.map { kind in
            // A bar would end the cell, even in code.
            let form = kind.form.split(separator: "|", omittingEmptySubsequences: false)
                .joined(separator: "\\|")
            return "| `\(form)` | \(kind.severity.rawValue) | \(kind.mark) | "
                + "\(kind.isTrace ? "on request" : "always") | \(kind.meaning) |\n"
        }
        return header + rows.joined()
    }

    /// One row per kind of line that is read and never printed.
    public static func foreign() -> String {
        let header = """
            | Process | Text | Mark | Meaning |
            | --- | --- | --- | --- |

            """
        let rows = DLoadLineKind.foreign.map { kind in
            "| `\(kind.task)` | `\(kind.form)` | \(kind.mark) | \(kind.meaning) |\n"
        }
        return header + rows.joined()
    }

    /// One console line per kind, in the order of `DLoadLineKind.all`.
    ///
    /// Attested kinds have the values and times of the log of TechNote 200615, which are pinned.
    /// Throws `WorldError` when a world of that one phone cannot be made.
    public static func examples() throws(WorldError) -> [String] {
        let world = try exampleWorld()
        let phone = PhoneNumber(0)
        guard let job = world.peer(phone).job else {
            preconditionFailure("a phone that was reset for a new load has nothing to fetch")
        }
        return notes.map { example in
            let file = job.files[example.file]
            let record = LogRecord(
                time: .zero + .microseconds(example.microseconds),
                cause: 0,
                phone: phone,
                file: file,
                load: world.configuredLoad(phone),
                pinned: world.kernel.pinned(for: example.note, file, of: phone),
                note: example.note
            )
            return world.consoleLine(record)
        }
    }

    /// The phone of TechNote 200615 at the moment at which it has read its configuration.
    private static func exampleWorld() throws(WorldError) -> World {
        guard let network = IPv4Network("10.106.117.0/24"),
            let model = PhoneModel.all.first(where: { $0.name == "CP-7961G" }),
            let load = FirmwareLoad.builtIn.firstIndex(where: {
                $0.name.text == "SCCP41.9-4-2SR2-2S"
            })
        else { preconditionFailure("the phone of TechNote 200615 is not in the catalogue") }
        let world = World()
        try world.addSubnet("lab", network)
        var order = PhoneOrder(name: "P1", model: model.id)
        order.address = address(68)
        let phone = try world.addPhone(order)
        world.setTimeOfDay(TimeOfDay(microseconds: 8_362_634_167))
        try world.setLoad(LoadID(rawValue: UInt16(load)), on: [phone])
        try world.pin(phone, file: nil, .map, 0xFF9D_7CB9)
        try world.pin(phone, file: nil, .hash, 0x3668_5558)
        let scope = FaultScope(message: .claim, chancePartsPerMillion: 100_000)
        try world.inject(FaultOrder(.drop, scope))
        world.restart(.reset, [phone])
        _ = world.run(until: .zero)
        return world
    }

    /// A host of the subnet of TechNote 200615.
    private static func address(_ host: UInt32) -> IPv4Address {
        IPv4Address(bits: 0x0A6A_7500 + host)
    }

    /// The transaction id of TechNote 200615.
    private static let transaction: UInt32 = 0x0800_27F8

    /// Microseconds after the first line, the file counted from 0, and what is said.
    private struct Example: Sendable {
        let microseconds: Int64
        let file: Int
        let note: PeerNote

        init(_ microseconds: Int64, _ note: PeerNote, file: Int = 0) {
            self.microseconds = microseconds
            self.file = file
            self.note = note
        }
    }

    private static let notes: [Example] = electionNotes + linkNotes + fileNotes + faultNotes

    private static let electionNotes = [
        Example(0, .listeningTCP),
        Example(778, .openedUDP),
        Example(29_964, .treeState(hasParent: false, first: false, second: false)),
        Example(527_771, .sendingBroadcast),
        Example(528_533, .claimed(transaction: transaction, strength: 0x31D4_D43D)),
        Example(776_031, .tickRanOut),
        Example(776_796, .timedOutClaiming(transaction: transaction)),
        Example(777_758, .advertised(transaction: transaction, number: 1)),
        Example(1_777_928, .confirmedRoot),
        Example(1_778_639, .becameRoot(transaction: transaction)),
        Example(11_776_041, .fetchAfterWaiting(transaction: transaction)),
        Example(1_779_102, .fetchWhenFull(transaction: transaction)),
        Example(1_779_420, .advertisedRoot(transaction: transaction, fetchBegun: false)),
        Example(603_214, .heardStronger(from: address(69), strength: 0x7C02_11A9)),
        Example(1_780_733, .heardWeaker(from: address(70), strength: 0x0B5E_90C4)),
        Example(1_603_214, .listensAgain),
        Example(1_812_350, .steppedDown(to: address(69))),
        Example(64_310_977, .offered(transaction: transaction)),
    ]

    private static let linkNotes = [
        Example(1_812_601, .asksToJoin(address(69))),
        Example(1_813_245, .accepted(by: address(71), depth: 2, transaction: transaction)),
        Example(1_812_922, .refused(by: address(69), redirect: address(71))),
        Example(1_812_922, .refusedOutright(by: address(69))),
        Example(4_812_601, .joinFailed(address(69))),
        Example(1_790_118, .acceptedChild(address(72))),
        Example(1_794_603, .refusedChild(address(73), redirect: address(72))),
        Example(19_207_334, .childDone(address(72)), file: 1),
        Example(26_790_118, .childLost(address(72)), file: 1),
        Example(26_813_245, .parentLost(address(71)), file: 1),
        Example(36_813_245, .dissolved, file: 1),
        Example(19_203_005, .sendsFile(to: address(72)), file: 1),
    ]

    private static let fileNotes = [
        Example(26_030, .fetchAlone, file: 1),
        Example(9_215_880, .fallsBack(tries: 3), file: 1),
        Example(17_441_902, .fileReceived, file: 1),
        Example(20_071_954, .fileVerified, file: 1),
        Example(20_071_954, .fileRejected, file: 1),
        Example(22_702_006, .fileWritten, file: 1),
        Example(11_926_041, .fetchFailed(.notFound), file: 1),
        Example(11_926_041, .stopped(.notFound), file: 1),
        Example(41_776_041, .resigned, file: 1),
        Example(96_553_210, .applies, file: 5),
        Example(166_553_210, .runs, file: 5),
    ]

    private static let faultNotes = [
        Example(300_000, .faultBegan(1)),
        Example(30_300_000, .faultEnded(1)),
        Example(603_214, .faultHit(1, .claim)),
    ]
}
