// `try`: a block on a copy of the world. Two copies are compared with the present world, one on which the block
// ran and one that was left alone for as long, so that what time does by itself is told from what the block does.

import Interpreter
import PFSRuntime

extension ShellHost {
    func checkMayBeTried() throws(Diagnostic) {
        guard attachment == nil else {
            throw Diagnostic(
                "phones on a real network cannot be tried on a copy",
                hints: ["`no attach` takes them off it"]
            )
        }
    }

    /// Nothing of it is printed or written as if it were the world's log.
    func copyForTrial() -> ShellHost {
        var copy = copy()
        copy.isTrial = true
        copy.logView.follows = false
        copy.logFile = nil
        return copy
    }

    /// Lets the same time pass, and what was ended in the other come to its end.
    mutating func goOn(beside tried: ShellHost) throws(Diagnostic) {
        guard tried.world.now > world.now || tried.world.eventCount > world.eventCount else {
            return
        }
        let isEnded = tried.world.isIdle && !world.isIdle
        speed = .most
        breaks = Breaks()
        if tried.world.now > world.now { try run(until: tried.world.now) }
        let limit = min(world.now + Self.longestWait, .latest)
        while isEnded, !world.isIdle {
            if try runToOutcome(limit: limit) { return }
        }
    }

    /// How much longer the world that is left alone may take to come to its end: own choice, a night
    /// and a day.
    private static let longestWait = Interval.seconds(86_400)

    func differences(
        tried: ShellHost,
        alone: ShellHost,
        trouble: Diagnostic?
    ) -> Output {
        TrialComparison(present: self, alone: alone, tried: tried).output(trouble)
    }
}

/// Three worlds beside one another.
struct TrialComparison {
    let present: ShellHost
    let alone: ShellHost
    let tried: ShellHost

    static let columns = [
        Table.Column("of"), Table.Column("what"), Table.Column("now", .right),
        Table.Column("left alone", .right), Table.Column("tried", .right),
    ]

    /// The rows of phones that are shown: own choice, a screen full; the rest is counted.
    private static let phoneRowLimit = 40

    /// What differs as a table; `trouble` stopped the world that was left alone.
    func output(_ trouble: Diagnostic?) -> Output {
        var table = Table(columns: Self.columns)
        for row in worldRows where row.isNews { table.append(row.cells("world")) }
        for row in siteRows where row.row.isNews { table.append(row.row.cells(row.site)) }
        var shown = 0
        var hidden = 0
        var phones = 0
        for phone in 0..<max(tried.world.phoneCount, alone.world.phoneCount) {
            let rows = phoneRows(PhoneNumber(phone)).filter(\.isOfBlock)
            if rows.isEmpty { continue }
            phones += 1
            guard shown + rows.count <= Self.phoneRowLimit else {
                hidden += 1
                continue
            }
            shown += rows.count
            let name = self.name(PhoneNumber(phone))
            for row in rows { table.append(row.cells(name)) }
        }
        var lines = [verdict(phones: phones)]
        if hidden > 0 { lines.insert("and \(Counted.text(hidden, "phone")) more", at: 0) }
        if let trouble { lines.append("left alone it fails: \(trouble.message)") }
        lines.append("forgotten: it is \(present.displayTime(present.now)) as before")
        guard !table.rows.isEmpty else { return .lines(lines) }
        table.footer = lines.joined(separator: "\n")
        return .table(table)
    }

    private func verdict(phones: Int) -> String {
        if phones > 0 { return "it makes a difference to \(Counted.text(phones, "phone"))" }
        let isOfBlock =
            worldRows.contains(where: \.isOfBlock)
            || siteRows.contains(where: \.row.isOfBlock)
        return isOfBlock
            ? "it makes a difference to no phone"
            : "no difference to phones, traffic or time that is not there without it"
    }

    private func name(_ phone: PhoneNumber) -> String {
        let index = Int(phone.index)
        for host in [present, tried, alone] where index < host.world.phoneCount {
            return host.world.name(of: phone)
        }
        return ""
    }

    // MARK: Rows

    /// One thing in the three worlds.
    private struct Row {
        let what: String
        let now: Value
        let alone: Value
        let tried: Value

        /// Whether it will be otherwise than it is.
        var isNews: Bool { tried != now || alone != now }
        /// Whether that is the block's doing.
        var isOfBlock: Bool { tried != alone }

        func cells(_ subject: String) -> [Value] {
            [.string(subject), .string(what), now, alone, tried]
        }
    }

    private func row(_ what: String, _ value: (ShellHost) -> Value) -> Row {
        Row(what: what, now: value(present), alone: value(alone), tried: value(tried))
    }

    private var worldRows: [Row] {
        [
            row("time") { .string($0.displayTime($0.now)) },
            row("phones") { .integer(Int64($0.world.phones.count)) },
            row("upgraded") { .integer(Self.ended($0.world).done) },
            row("failed") { .integer(Self.ended($0.world).failed) },
            row("server fetches") { .integer(Int64($0.world.fetchCounts.total)) },
            row("bytes by peers") { .size(bytes: $0.world.peerBytes) },
        ]
    }

    private static func ended(_ world: World) -> (done: Int64, failed: Int64) {
        var (done, failed): (Int64, Int64) = (0, 0)
        for phone in world.phones {
            switch world.outcome(of: phone) {
            case .succeeded: done += 1
            case .failed: failed += 1
            case .none: break
            }
        }
        return (done, failed)
    }

    private var siteRows: [(site: String, row: Row)] {
        let names = tried.world.siteNames
        return names.indices.map { site in
            let row = row("WAN bytes") { host in
                guard site < host.world.siteNames.count,
                    host.world.siteDetails(site).wan != nil
                else { return .none }
                return .size(bytes: host.world.siteDetails(site).bytes)
            }
            return (names[site], row)
        }
    }

    private func phoneRows(_ phone: PhoneNumber) -> [Row] {
        [
            phoneRow("state", phone) { .string($0.world.state(phone).rawValue) },
            phoneRow("load", phone) {
                .string($0.world.catalog[$0.world.runningLoad(phone)].name.text)
            },
            phoneRow("method", phone) { .string(Self.method($0.world, phone)) },
            phoneRow("finished", phone) { host in
                switch host.world.outcome(of: phone) {
                case .none: .none
                case .succeeded(let time): .string(host.displayTime(time.nanoseconds))
                case .failed(let reason, let time):
                    .string("failed (\(reason.rawValue)) \(host.displayTime(time.nanoseconds))")
                }
            },
            phoneRow("parent", phone) { host in
                guard case .phone(let parent) = host.world.snapshot(phone).source else {
                    return .none
                }
                return .string(host.world.name(of: parent))
            },
        ]
    }

    private func phoneRow(
        _ what: String,
        _ phone: PhoneNumber,
        _ value: (ShellHost) -> Value
    ) -> Row {
        row(what) { host in
            Int(phone.index) < host.world.phoneCount ? value(host) : .none
        }
    }

    /// Where a phone has the files of its last upgrade from.
    private static func method(_ world: World, _ phone: PhoneNumber) -> String {
        var (peers, server) = (0, 0)
        for index in 0..<UpgradeJob.fileLimit {
            switch world.origin(of: index, at: phone) {
            case .phone, .elsewhere: peers += 1
            case .server: server += 1
            case .none: break
            }
        }
        return peers + server == 0 ? "-" : "\(peers) by peers, \(server) by TFTP"
    }
}
