// The alarms that phones raise in CUCM about firmware downloads: looking at them, and expecting one.

import Interpreter
import PFSRuntime

enum AlarmCommands {
    static let all = [show, expect]

    static let show = Command<ShellHost>(
        "show alarms",
        group: ShowCommands.group,
        summary: "Show what phones told CUCM about their firmware downloads.",
        discussion: "Names, methods and reasons are those of CUCM's alarm catalogue: method 1 is "
            + "TFTP, 2 HTTP, 3 PPID, which is peer firmware sharing. The screen says start, success or "
            + "failure, data the whole name, such as DeviceImageDownloadStart. The last 200,000 are kept.",
        .optional("phones", help: "which phones; all if not given"),
        .option("last", help: "only the last so many"),
        examples: [Example("show alarms", setup: ShowCommands.pushed)]
    ) {
        (host: inout ShellHost, phones: Selection?, last: Located<Int>?)
            throws(Diagnostic) -> Output in
        if let last, last.node < 1 {
            throw Diagnostic("expected a count of 1 or more", at: last.range)
        }
        let world = host.world
        let chosen = phones.map { Set($0.ids) }
        var records: [AlarmRecord] = []
        for index in (0..<world.alarmCount).reversed() {
            if let last, records.count == last.node { break }
            let record = world.alarm(index)
            if chosen?.contains(Int(record.phone.index)) ?? true { records.append(record) }
        }
        return .table(table(records.reversed(), in: host))
    }

    /// `start` for DeviceImageDownloadStart.
    private static func shortName(_ name: String) -> String {
        let common = "DeviceImageDownload"
        return (name.hasPrefix(common) ? String(name.dropFirst(common.count)) : name).lowercased()
    }

    private static func table(_ records: [AlarmRecord], in host: ShellHost) -> Table {
        let world = host.world
        var table = Table(columns: [
            Table.Column("time"), Table.Column("phone"), Table.Column("event", use: .screen),
            Table.Column("alarm", use: .data),
            Table.Column("load"), Table.Column("active"), Table.Column("method"),
            Table.Column("reason"), Table.Column("server"),
        ])
        for record in records {
            table.append([
                .string(host.displayTime(record.time.nanoseconds)),
                .string(world.name(of: record.phone)),
                // On 80 columns the names would be cut to what all three have in common.
                .string(shortName(record.alarm.name)), .string(record.alarm.name),
                .string(world.catalog[record.requested].name.text),
                .string(world.catalog[record.active].name.text),
                record.alarm.method.map { .string("\($0.rawValue) \($0.name)") } ?? .none,
                record.alarm.reason.map { .integer(Int64($0.rawValue)) } ?? .none,
                record.server.map { .string(world.server($0).name) } ?? .none,
            ])
        }
        if world.alarmsDropped > 0 {
            table.footer = "\(world.alarmsDropped) older ones have gone"
        }
        return table
    }

    static let expect = Command<ShellHost>(
        "expect alarm",
        group: CommandGroup("Check"),
        summary: "Expect that phones told CUCM how their download ended.",
        discussion: "Every phone named must have said so since its last download began, or say so "
            + "within the time given, which lets time pass. Without `method` and `reason` any "
            + "success counts.",
        .argument("phones", help: "which phones"),
        .option("method", help: "1 TFTP, 2 HTTP, 3 peer firmware sharing"),
        .option("reason", help: "it failed, for this reason: CUCM's code"),
        .option("within", help: "the longest time it may take"),
        changesWorld: true,
        mayBeAbbreviated: false,
        examples: [
            Example(
                "expect alarm all method 3 within 2h",
                setup: WorldCommands.setup + ["pfs enterprise on", "push 9.4(2)SR1 to all"]
            )
        ]
    ) {
        (
            host: inout ShellHost,
            phones: Located<Selection>,
            method: Located<Int>?,
            reason: Located<Int>?,
            within: Located<DurationArgument>?
        ) throws(Diagnostic) -> Output in
        let wanted = try AlarmExpectation(method: method, reason: reason)
        if let within, within.node.nanoseconds < 0 {
            throw Diagnostic("time does not run backwards", at: within.range)
        }
        let length = Interval(nanoseconds: within?.node.nanoseconds ?? 0)
        let limit = min(host.world.now + length, .latest)
        var missing = wanted.missing(among: phones.node.phones, in: host.world)
        while !missing.isEmpty, host.world.now < limit {
            let isOver = try host.runToOutcome(limit: limit)
            missing = wanted.missing(among: missing, in: host.world)
            if isOver { break }
        }
        guard let first = missing.first else { return .none }
        var notes = host.world.lastAlarms(of: first).map { record in
            Diagnostic.Note(
                host.displayTime(record.time.nanoseconds) + " " + AlarmExpectation.text(record)
            )
        }
        if notes.isEmpty { notes = [Diagnostic.Note("it has raised no alarm")] }
        throw Diagnostic(
            "expected \(wanted.text) of \(host.world.name(of: first))"
                + (missing.count > 1 ? " and \(missing.count - 1) more" : ""),
            at: phones.range,
            kind: .failedExpectation,
            notes: notes
        )
    }
}

/// The end of a download that is expected.
private struct AlarmExpectation {
    let method: DownloadMethod?
    let reason: FailureReason?

    init(method: Located<Int>?, reason: Located<Int>?) throws(Diagnostic) {
        self.method = method.flatMap { UInt8(exactly: $0.node) }.flatMap {
            DownloadMethod(rawValue: $0)
        }
        self.reason = reason.flatMap { UInt8(exactly: $0.node) }.flatMap {
            FailureReason(rawValue: $0)
        }
        if let method, self.method == nil {
            throw Diagnostic("a method is 1, 2 or 3", at: method.range)
        }
        if let reason, self.reason == nil {
            let known = FailureReason.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
            throw Diagnostic(
                "no phone fails for that reason",
                at: reason.range,
                hints: ["one of \(known)"]
            )
        }
    }

    var text: String {
        let way = method.map { " by method \($0.rawValue)" } ?? ""
        return reason.map { "a failure\(way) for reason \($0.rawValue)" } ?? "a success\(way)"
    }

    /// The phones that have not said so.
    func missing(among phones: [PhoneNumber], in world: World) -> [PhoneNumber] {
        phones.filter { phone in !world.lastAlarms(of: phone).contains { isMet(by: $0.alarm) } }
    }

    private func isMet(by alarm: DownloadAlarm) -> Bool {
        switch alarm {
        case .start: false
        case .success(let by): reason == nil && (method ?? by) == by
        case .failure(let by, let why): reason == why && (method ?? by) == by
        }
    }

    static func text(_ record: AlarmRecord) -> String {
        let method = record.alarm.method.map { " method \($0.rawValue)" } ?? ""
        return record.alarm.name + method
            + (record.alarm.reason.map { " reason \($0.rawValue)" } ?? "")
    }
}
