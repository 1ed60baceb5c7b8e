// What of the log is shown: from which severity on, of which phones, and whether lines are printed as
// they come.

import Interpreter
import PFSRuntime

/// The threshold of the log, as users name it.
enum LogLevel: String, ChoiceArgument {
    case off, error, warning, notice, info, debug, trace

    var help: String {
        switch self {
        case .off: "record nothing"
        case .error: "what failed"
        case .warning: "what is not as it should be"
        case .notice: "what is worth knowing"
        case .info: "what is going on"
        case .debug: "all lines of a console; the level at first"
        case .trace: "also modelled lines that stand between attested ones"
        }
    }

    /// The least grave severity shown.
    var severity: LogSeverity? {
        switch self {
        case .off: nil
        case .error: .error
        case .warning: .warning
        case .notice: .notice
        case .info: .info
        case .debug, .trace: .debug
        }
    }

    /// What has to be recorded for it.
    var detail: World.LogDetail {
        switch self {
        case .off: .off
        case .error, .warning, .notice, .info, .debug: .console
        case .trace: .trace
        }
    }
}

/// Which lines of the log are shown.
struct LogView {
    /// The threshold.
    var level = LogLevel.debug
    /// The phones whose lines are shown; nil for all.
    var filter: Selection? {
        didSet { filtered = filter.map { Set($0.ids) } }
    }
    /// The same, for a quick look at each line.
    private var filtered: Set<Int>?
    /// Whether lines are printed while time passes.
    var follows = false
    /// The first line that was not yet printed.
    private var nextIndex = 0
    /// Lines that were recorded but lie in the future: a phone prints a little after the event.
    private var pending: [LogRecord] = []

    /// Whether a line passes level and filter.
    func shows(_ record: LogRecord) -> Bool {
        guard let severity = level.severity, record.note.kind.severity <= severity,
            level == .trace || !record.note.kind.isTrace
        else { return false }
        return filtered?.contains(Int(record.phone.index)) ?? true
    }

    /// Begins to print lines from here on.
    mutating func follow(in world: World) {
        follows = true
        goOn(in: world)
    }

    /// Prints, if anything, only lines from here on.
    mutating func goOn(in world: World) {
        nextIndex = world.logDropped + world.logCount
        pending = []
    }

    /// The lines that have come up to now and were not printed, in the order of their times.
    mutating func newLines(in world: World) -> [String] {
        newRecords(in: world).map { Self.mergedLine($0, in: world) }
    }

    /// The same as records.
    mutating func newRecords(in world: World) -> [LogRecord] {
        guard follows else { return [] }
        let first = max(nextIndex - world.logDropped, 0)
        for index in first..<max(first, world.logCount) {
            let record = world.logRecord(index)
            if shows(record) { pending.append(record) }
        }
        nextIndex = world.logDropped + world.logCount
        pending = Self.sorted(pending)
        let due = pending.prefix { $0.time <= world.now }
        pending.removeFirst(due.count)
        return Array(due)
    }

    /// Lines of some phones, or of all, in the order of their times; the last `limit` of them.
    ///
    /// Throws a diagnostic of kind `.interrupted` when the user stops it.
    func lines(
        of phones: Selection?,
        last limit: Int?,
        in host: ShellHost
    ) throws(Diagnostic) -> [String] {
        let world = host.world
        let chosen = phones.map { Set($0.ids) }
        var records: [LogRecord] = []
        for index in 0..<world.logCount {
            if index % Self.pieceRecords == 0 { try host.checkInterrupt() }
            let record = world.logRecord(index)
            guard record.time <= world.now, shows(record) else { continue }
            if let chosen, !chosen.contains(Int(record.phone.index)) { continue }
            records.append(record)
        }
        try host.checkInterrupt()
        let sorted = Self.sorted(records)
        let isOne = phones?.ids.count == 1
        var lines: [String] = []
        for record in sorted.suffix(limit ?? sorted.count) {
            if lines.count % Self.pieceLines == 0 { try host.checkInterrupt() }
            lines.append(isOne ? world.consoleLine(record) : Self.mergedLine(record, in: world))
        }
        return lines
    }

    /// Records looked at, and lines made, between two looks at the keyboard.
    private static let pieceRecords = 20_000
    private static let pieceLines = 1_000

    /// The last lines of one phone, as its console prints them.
    func lastLines(_ count: Int, of phone: PhoneNumber, in world: World) -> [String] {
        var records: [LogRecord] = []
        for index in (0..<world.logCount).reversed() {
            let record = world.logRecord(index)
            guard record.phone == phone, record.time <= world.now, shows(record) else { continue }
            records.append(record)
            // One event's lines may be recorded in another order than that of their times.
            if records.count == count + Self.linesOfAnEvent { break }
        }
        return Self.sorted(records.reversed()).suffix(count).map { world.consoleLine($0) }
    }

    /// The last lines of all phones that pass level and filter.
    func lastShown(_ count: Int, in world: World) -> [String] {
        var records: [LogRecord] = []
        for index in (0..<world.logCount).reversed() {
            let record = world.logRecord(index)
            guard record.time <= world.now, shows(record) else { continue }
            records.append(record)
            if records.count == count + Self.linesOfAnEvent { break }
        }
        return Self.sorted(records.reversed()).suffix(count).map {
            Self.mergedLine($0, in: world)
        }
    }

    /// More lines than one event of a phone prints.
    private static let linesOfAnEvent = 64

    /// A stable order by time: lines of the same instant stay as they were recorded.
    private static func sorted(_ records: [LogRecord]) -> [LogRecord] {
        // Nearly always they are in order: a look is quicker than sorting millions.
        guard zip(records, records.dropFirst()).contains(where: { $0.time > $1.time }) else {
            return records
        }
        return records.enumerated().sorted {
            ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
        }.map(\.element)
    }

    /// A line of the merged log: the phone's name in front.
    private static func mergedLine(_ record: LogRecord, in world: World) -> String {
        let name = world.name(of: record.phone)
        let padding = String(repeating: " ", count: max(0, 8 - name.count))
        return "\(name)\(padding) \(world.consoleLine(record))"
    }
}
