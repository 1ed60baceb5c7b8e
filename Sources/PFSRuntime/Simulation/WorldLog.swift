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
    public func text(_ record: LogRecord) -> String {
        let file = fileName(record.file)
        switch record.note {
        case .listeningTCP: return "+++ fd=7 Listening on peer TCP port 4051"
        case .openedUDP: return "^.idl_child.c-openUDPPort"
        case .treeState(let hasParent, let first, let second):
            return "|parent=\(hasParent ? 8 : -1)><fd[0]=\(first ? 9 : -1) "
                + "fd[1]=\(second ? 10 : -1) FULL=\(first && second ? 1 : 0)"
        case .sendingBroadcast: return "^.idl_protocol.c-sendBroadcastOffer"
        case .tickRanOut: return "^.idl_timeout.c-doTimeout"
        case .confirmedRoot: return "UT:Confirmed root bumping strength"
        case .listensAgain: return "UT:Nothing stronger, listening"
        case .dissolved: return "UT:No root, dissolving"
        case .resigned: return "UT:Root resigned, TFTP timed out"
        case .fetchAlone: return "TFTP RRQ \(file)"
        case .fallsBack(let tries): return "UT:\(tries) tries, falling back to TFTP"
        case .fileReceived: return "received \(file) \(fileBytes(record.file)) bytes"
        case .fileVerified: return "verified \(file)"
        case .fileRejected: return "verify failed \(file)"
        case .fileWritten: return "wrote \(file)"
        case .fetchFailed(let reason): return "TFTP error \(reason.rawValue) \(file)"
        case .stopped(let reason): return "upgrade stopped, reason \(reason.rawValue)"
        case .applies: return "applying \(catalog[record.load].name.text)"
        case .runs: return "running \(catalog[record.load].name.text)"
        case .faultBegan(let number): return "\(number) on: \(faultText(Int(number)))"
        case .faultEnded(let number): return "\(number) off: \(faultText(Int(number)))"
        case .faultHit(let number, let message):
            return "\(number) hit \(message?.rawValue ?? "the phone")"
        default: return electionText(record, file) ?? linkText(record.note, file, record.phone)
        }
    }

    private func electionText(_ record: LogRecord, _ file: String) -> String? {
        switch record.note {
        case .claimed(let transaction, let strength):
            let map = record.pinned ?? mapDigest(record)
            return "XID\(Self.upper(transaction)) TxBdcst ClaimRoot(tent): "
                + "map=\(Self.lower(map)) strength=\(Self.lower(strength))"
        case .timedOutClaiming(let transaction):
            return "Timeout XID\(Self.upper(transaction)) hier=ClaimRoot(tent)"
        case .advertised(let transaction, let number):
            return "XID\(Self.upper(transaction)) TxBdcst Ad \(number): ClaimRoot(tent)"
        case .becameRoot(let transaction):
            let hash = record.pinned ?? hierarchyHash(record)
            return "@@@HROOT:XID\(Self.upper(transaction)) H=\(Self.lower(hash)) "
                + "m=\(modelName(record.phone)) ROOT=\(address(of: record.phone)) /dnld/\(file)"
        case .fetchAfterWaiting(let transaction):
            return "XID\(Self.upper(transaction)) Root sending TFTP XfrCmd on ROOT_WAITING TO"
        case .fetchWhenFull(let transaction):
            return "XID\(Self.upper(transaction)) Root sending TFTP XfrCmd on FULL"
        case .advertisedRoot(let transaction, let fetchBegun):
            return "XID\(Self.upper(transaction)) TxBdcst Root(conf): fetch=\(fetchBegun ? 1 : 0)"
        case .heardStronger(let sender, let strength):
            return "RxBdcst stronger \(sender) strength=\(Self.lower(strength))"
        case .heardWeaker(let sender, let strength):
            return "RxBdcst weaker \(sender) strength=\(Self.lower(strength))"
        case .steppedDown(let root): return "UT:Stepping down for root \(root)"
        case .offered(let transaction):
            return "XID\(Self.upper(transaction)) TxBdcst Offer: has \(file)"
        default: return nil
        }
    }

    private func linkText(_ note: PeerNote, _ file: String, _ phone: PhoneNumber) -> String {
        switch note {
        case .asksToJoin(let target): "TxJoin \(target)"
        case .accepted(by: let parent, let depth, let transaction):
            "@@@HCHILD:XID\(Self.upper(transaction)) m=\(modelName(phone)) PARENT=\(parent) "
                + "depth=\(depth) /dnld/\(file)"
        case .refused(by: let other, let redirect): "RxRefuse FULL \(other) try \(redirect)"
        case .refusedOutright(by: let other): "RxRefuse \(other)"
        case .joinFailed(let other): "Join \(other) failed"
        case .acceptedChild(let child): "RxJoin child \(child) accepted"
        case .refusedChild(let child, let redirect): "RxJoin child \(child) FULL try \(redirect)"
        case .childDone(let child): "child \(child) done"
        case .childLost(let child): "child \(child) lost"
        case .parentLost(let parent): "parent \(parent) lost"
        case .sendsFile(to: let child): "XfrCmd child \(child) /dnld/\(file)"
        default: preconditionFailure("a line without text: \(note)")
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
