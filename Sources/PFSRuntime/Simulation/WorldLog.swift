// The log of a world as text: what a console cable shows per phone. How real phones compute `map`
// and `H` is unknown: here they are simple digests, and a user may pin them.

internal import BasicContainers

extension World {
    /// What the log records.
    public enum LogDetail: Sendable {
        /// Nothing.
        case off
        /// The lines of a console.
        case console
        /// Also the modelled lines that are off by default.
        case trace
    }

    /// What the log records from now on.
    public var logDetail: LogDetail {
        get {
            switch kernel.log.detail {
            case .off: .off
            case .console: .console
            case .trace: .trace
            }
        }
        set {
            switch newValue {
            case .off: kernel.log.detail = .off
            case .console: kernel.log.detail = .console
            case .trace: kernel.log.detail = .trace
            }
            kernel.effects.wantsTrace = newValue == .trace
        }
    }

    /// How many lines are kept.
    public var logCount: Int { kernel.log.count }

    /// How many lines have gone because the log was full.
    public var logDropped: Int { kernel.log.dropped }

    /// A line, counted from the oldest kept.
    public func logRecord(_ index: Int) -> LogRecord { kernel.log[index] }

    /// Whether what happens is recorded, event by event.
    public var isTracing: Bool {
        get { kernel.trace.isOn }
        set { kernel.trace.isOn = newValue }
    }

    /// How many events are recorded.
    public var traceCount: Int { kernel.trace.count }

    /// A recorded event, counted from the oldest kept.
    public func traceRecord(_ index: Int) -> TraceRecord { kernel.trace[index] }

    /// The line as a console prints it: level, time of day, task, text.
    public func consoleLine(_ record: LogRecord) -> String {
        let kind = record.note.kind
        return "\(kind.severity.rawValue) \(wallClock.time(at: record.time)) \(kind.task): "
            + text(record)
    }

    /// The text of a line, after the task.
    public func text(_ record: LogRecord) -> String { record.note.kind.line.text(fields(record)) }

    /// What stands in the fields of the line's form, in their order.
    func fields(_ record: LogRecord) -> [String] {
        let file = fileName(record.file)
        return switch record.note {
        case .listeningTCP: ["7"]
        case .openedUDP, .sendingBroadcast, .tickRanOut, .confirmedRoot, .listensAgain,
            .dissolved, .resigned:
            []
        case .treeState(let hasParent, let first, let second):
            [
                hasParent ? "8" : "-1", first ? "9" : "-1", second ? "10" : "-1",
                first && second ? "1" : "0",
            ]
        case .fetchAlone, .fileVerified, .fileRejected, .fileWritten: [file]
        case .fallsBack(let tries): ["\(tries)"]
        case .fileReceived: [file, "\(fileBytes(record.file))"]
        case .fetchFailed(let reason): ["\(reason.rawValue)", file]
        case .stopped(let reason): ["\(reason.rawValue)"]
        case .applies, .runs: [catalog[record.load].name.text]
        case .faultBegan(let number), .faultEnded(let number):
            ["\(number)", faultText(Int(number))]
        case .faultHit(let number, let message): ["\(number)", message?.rawValue ?? "the phone"]
        default: electionFields(record, file) ?? linkFields(record.note, file, record.phone)
        }
    }

    private func electionFields(_ record: LogRecord, _ file: String) -> [String]? {
        switch record.note {
        case .claimed(let transaction, let strength):
            let map = record.pinned ?? mapDigest(record)
            return [Self.upper(transaction), Self.lower(map), Self.lower(strength)]
        case .timedOutClaiming(let transaction), .fetchAfterWaiting(let transaction),
            .fetchWhenFull(let transaction):
            return [Self.upper(transaction)]
        case .advertised(let transaction, let number):
            return [Self.upper(transaction), "\(number)"]
        case .becameRoot(let transaction):
            let hash = record.pinned ?? hierarchyHash(record)
            return [
                Self.upper(transaction), Self.lower(hash), modelName(record.phone),
                "\(address(of: record.phone))", file,
            ]
        case .advertisedRoot(let transaction, let fetchBegun):
            return [Self.upper(transaction), fetchBegun ? "1" : "0"]
        case .heardStronger(let sender, let strength), .heardWeaker(let sender, let strength):
            return ["\(sender)", Self.lower(strength)]
        case .steppedDown(let root): return ["\(root)"]
        case .offered(let transaction): return [Self.upper(transaction), file]
        default: return nil
        }
    }

    private func linkFields(_ note: PeerNote, _ file: String, _ phone: PhoneNumber) -> [String] {
        switch note {
        case .asksToJoin(let other), .refusedOutright(by: let other), .joinFailed(let other),
            .acceptedChild(let other), .childDone(let other), .childLost(let other),
            .parentLost(let other):
            ["\(other)"]
        case .accepted(by: let parent, let depth, let transaction):
            [Self.upper(transaction), modelName(phone), "\(parent)", "\(depth)", file]
        case .refused(by: let other, let redirect), .refusedChild(let other, let redirect):
            ["\(other)", "\(redirect)"]
        case .sendsFile(to: let child): ["\(child)", file]
        default: preconditionFailure("a line without fields: \(note)")
        }
    }

    // MARK: Values whose real meaning is unknown

    /// The model as a log prints it.
    private func modelName(_ phone: PhoneNumber) -> String { identity(phone).model.model.name }

    /// `H`: a digest of model and file, the same for every phone of the hierarchy; modelled.
    private func hierarchyHash(_ record: LogRecord) -> UInt32 {
        Self.digest("\(modelName(record.phone))/\(fileName(record.file))")
    }

    /// `map`: a digest of the files that the phone has to fetch, from this one on; modelled.
    private func mapDigest(_ record: LogRecord) -> UInt32 {
        let rest = kernel.loads[Int(record.load.rawValue)].files.drop { $0 != record.file }
        return Self.digest(rest.map { fileName($0) }.joined(separator: "/"))
    }

    /// The 32-bit FNV-1a digest of a text (public domain).
    private static func digest(_ text: String) -> UInt32 {
        text.utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }

    private static func upper(_ value: UInt32) -> String { hexadecimal(value, uppercase: true) }

    private static func lower(_ value: UInt32) -> String { hexadecimal(value, uppercase: false) }

    private static func hexadecimal(_ value: UInt32, uppercase: Bool) -> String {
        let digits = String(value, radix: 16, uppercase: uppercase)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
