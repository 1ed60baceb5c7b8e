// What happened, input by input: recorded only when asked for, in a ring, so that a run without
// a listener pays nothing. Each log line names the event that caused it; here is what that was.

/// One handled input.
public struct TraceRecord: BitwiseCopyable, Sendable {
    /// The number of the event.
    public var number: UInt64
    /// When it happened.
    public var time: Instant
    /// The phone that handled it.
    public var phone: PhoneNumber
    /// What came in.
    public var input: PeerInput
    /// What became of it.
    public var verdict: Verdict

    /// Whether both are the same event, to the last number in it.
    public func isSame(as other: TraceRecord) -> Bool {
        number == other.number && time == other.time && phone == other.phone
            && input.digest == other.input.digest && verdict == other.verdict
    }

    /// A number that tells events apart: when, who, what came in, what became of it.
    public var digest: UInt64 {
        let verdictBits: UInt64 =
            switch verdict {
            case .handled: 0
            case .ignored(let reason): UInt64(reason.rawValue) + 1
            }
        let place = UInt64(phone.index) &* 0x9E37_79B9_7F4A_7C15
        let moment = RandomStream.mix(place ^ UInt64(bitPattern: time.nanoseconds))
        return RandomStream.mix(moment ^ input.digest) &+ verdictBits
    }
}

/// The last inputs of a world.
struct EventTrace: Sendable {
    /// How many are kept.
    static let capacity = 200_000
    var isOn = false
    private var records = RecordRing<TraceRecord>(capacity: EventTrace.capacity)

    var count: Int { records.count }

    /// The record at `index`, counted from the oldest kept.
    subscript(index: Int) -> TraceRecord { records[index] }

    mutating func append(
        _ number: UInt64,
        _ time: Instant,
        _ phone: PhoneNumber,
        _ input: PeerInput,
        _ verdict: Verdict
    ) {
        let record = TraceRecord(
            number: number,
            time: time,
            phone: phone,
            input: input,
            verdict: verdict
        )
        records.append(record)
    }
}

extension PeerInput {
    /// A number that tells inputs apart, for the fingerprint of a run.
    var digest: UInt64 {
        switch self {
        case .start(let job):
            1 << 56 | UInt64(job.keptCount) << 16 | UInt64(job.count) << 8 | (job.shares ? 1 : 0)
        case .sharing(let shares): 2 << 56 | (shares ? 1 : 0)
        case .wake: 3 << 56
        case .heard(let message, let file, from: let sender):
            4 << 56 ^ message.digest ^ UInt64(file.index) << 40 ^ UInt64(sender.bits)
        case .received(let message, let file, from: let sender):
            5 << 56 ^ message.digest ^ UInt64(file.index) << 40 ^ UInt64(sender.bits)
        case .linkLost(let file, let other):
            6 << 56 | UInt64(file.index) << 40 | UInt64(other.bits)
        case .fetchEnded(let outcome):
            switch outcome {
            case .done: 7 << 56
            case .refused(let reason): 7 << 56 | 1 << 8 | UInt64(reason.rawValue)
            case .timedOut: 7 << 56 | 2 << 8
            case .busy: 7 << 56 | 3 << 8
            }
        case .fileArrived: 8 << 56
        case .verified(let isGood): 9 << 56 | (isGood ? 1 : 0)
        case .written: 10 << 56
        case .applied: 11 << 56
        case .cancel: 12 << 56
        case .serve(let job): 15 << 56 | UInt64(job.count)
        case .stalled: 13 << 56
        case .writeFailed(let failure): 14 << 56 | UInt64(failure.rawValue)
        }
    }
}

extension PeerMessage {
    /// A number that tells messages apart, for the fingerprint of a run.
    var digest: UInt64 {
        switch self {
        case .claim(let claim): 1 << 48 ^ claim.digest
        case .confirmed(let claim): 2 << 48 ^ claim.digest
        case .offer(let transaction): 3 << 48 ^ UInt64(transaction)
        case .failed(let reason): 4 << 48 ^ UInt64(reason.rawValue)
        case .join(let transaction): 5 << 48 ^ UInt64(transaction)
        case .accept(let position): 6 << 48 ^ position.digest
        case .refuse(let redirect): 7 << 48 ^ UInt64(redirect?.bits ?? 0)
        case .hold(let position): 8 << 48 ^ position.digest
        case .rootless: 9 << 48
        case .dissolve: 10 << 48
        case .complete: 11 << 48
        case .bye: 12 << 48
        }
    }
}

extension Claim {
    var digest: UInt64 {
        UInt64(strength) << 16 ^ UInt64(transaction) ^ UInt64(advertisement) << 52
            ^ (fetchBegun ? 1 << 55 : 0)
    }
}

extension HierarchyPosition {
    var digest: UInt64 { UInt64(root.bits) << 12 ^ UInt64(transaction) ^ UInt64(depth) << 45 }
}
