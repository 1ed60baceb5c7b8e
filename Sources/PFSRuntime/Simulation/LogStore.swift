// What the phones of a world printed, as compact records. The store is bounded: when it is full the
// oldest lines go, and their number is kept. Text is made only when somebody looks.

/// One line of one phone's log, not yet text.
public struct LogRecord: BitwiseCopyable, Sendable {
    /// When the phone printed it.
    public var time: Instant
    /// The number of the event that led to it, its cause.
    public var cause: UInt64
    /// The phone.
    public var phone: PhoneNumber
    /// The file that it speaks of, or none.
    public var file: FileNumber
    /// The load that the phone fetched or activated then.
    public var load: LoadID
    /// The map or hash that was pinned for the line then; nil when it is worked out.
    public var pinned: UInt32?
    /// What it says.
    public var note: PeerNote
}

/// The log of a world.
struct LogStore: Sendable {
    /// What is recorded.
    enum Detail: UInt8, Sendable {
        /// Nothing.
        case off
        /// The lines of a console.
        case console
        /// Also the modelled lines that are off by default.
        case trace
    }

    /// How many lines are kept: about 100 MB.
    static let capacity = 2_000_000
    private var records = RecordRing<LogRecord>(capacity: LogStore.capacity)
    var detail = Detail.console

    /// How many lines have gone.
    var dropped: Int { records.dropped }

    var count: Int { records.count }

    mutating func append(_ record: LogRecord) { records.append(record) }

    /// The record at `index`, counted from the oldest kept.
    subscript(index: Int) -> LogRecord { records[index] }
}
