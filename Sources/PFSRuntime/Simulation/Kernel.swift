// The loop of the simulation: take the first event, turn it into an input of a phone, let the phone
// handle it, carry out what it asks for. It owns all state that changes with time.

internal import BasicContainers

/// Why the kernel returned.
public enum StopReason: BitwiseCopyable, Hashable, Sendable {
    /// Nothing is left to happen.
    case idle
    /// The next event lies after the limit, and the clock stands at the limit.
    case reachedLimit
    /// As many events as asked for were handled.
    case spentBudget
}

/// All state that changes with time, and the loop over it.
struct Kernel: ~Copyable {
    var context = PeerContext()
    var parameters = SimulationParameters()
    var queue = EventQueue<KernelEvent>()
    var fanouts = FanoutTable<Broadcast>()
    var messages = MessagePool()
    var groups = UniqueArray<GroupRecord>()
    var elections = UniqueArray<Election>()
    var peers = UniqueArray<Peer>()
    var phones = UniqueArray<PhoneRecord>()
    var ports = UniqueArray<SharedLink>()
    /// What parents have still to send, in order, by their number; looked up only.
    var waitingUploads: [UInt32: [Upload]] = [:]
    /// Where files are forwarded in pieces: since when one comes to a phone; looked up only.
    var streams: [UInt32: Instant] = [:]
    var subnets: [SubnetRecord] = []
    var sites: [SiteRecord] = []
    var network = ServerNetwork()
    var files: [FileRecord] = []
    var loads: [LoadRecord] = []
    var instances = InstanceTable()
    var log = LogStore()
    var alarms = AlarmStore()
    var trace = EventTrace()
    var effects = EffectQueue()
    /// Events handled since the world began.
    var eventCount: UInt64 = 0
    /// A digest of every input handled and when: the run's fingerprint.
    var digest: UInt64 = 0x7066_7368
    /// How often a phone began to do something else, or got something.
    var changeCount: UInt64 = 0
    /// How often an upgrade of a phone began or ended.
    var outcomeCount: UInt64 = 0
    var ignored = InlineArray<4, UInt64>(repeating: 0)
    var flowSequence: UInt64 = 0
    /// Bytes that phones gave each other.
    var peerBytes: Int64 = 0
    /// How many phones have something to do.
    var activeCount = 0
    /// When the last log line was printed; a phone prints a little after the event itself.
    var lastLineAt = Instant.zero

    init() {}

    var now: Instant { context.now }

    /// Handles events, at most `budget`, until no phone has anything to do.
    mutating func runUntilQuiet(budget: Int) -> StopReason {
        for _ in 0..<budget {
            guard activeCount > 0, let event = queue.popFirst() else { return .idle }
            context.now = event.time
            dispatch(event)
        }
        return activeCount == 0 ? .idle : .spentBudget
    }

    /// Handles events up to and at `limit`, at most `budget` of them, until one changed something.
    mutating func runUntilChange(
        _ change: WorldChange,
        limit: Instant,
        budget: Int
    ) -> StopReason {
        let (changes, outcomes) = (changeCount, outcomeCount)
        for _ in 0..<budget {
            let reason = run(until: limit, budget: 1)
            guard reason == .spentBudget else { return reason }
            switch change {
            case .anything: if changeCount != changes { return reason }
            case .outcome: if outcomeCount != outcomes { return reason }
            }
        }
        return .spentBudget
    }

    /// Handles events up to and at `limit`, at most `budget` of them.
    mutating func run(until limit: Instant, budget: Int) -> StopReason {
        for _ in 0..<budget {
            guard let event = queue.popFirst(through: limit) else {
                if queue.isEmpty { return .idle }
                context.now = max(context.now, limit)
                return .reachedLimit
            }
            context.now = event.time
            dispatch(event)
        }
        return .spentBudget
    }

    private mutating func dispatch(_ event: QueuedEvent<KernelEvent>) {
        switch event.payload {
        case .fanout(let index): deliver(index, event)
        case .wake(let phone): feed(phone, .wake, from: nil)
        case .message(let index): deliver(messages.take(index))
        case .refusal(let phone, let incarnation):
            guard isCurrent(phone, incarnation) else { return }
            askNextServer(phone)
        case .wanDue(let path): finishFetches(Int(path))
        case .portDue(let phone): finishUploads(phone)
        case .restart(let phone, let incarnation):
            guard isCurrent(phone, incarnation) else { return }
            readConfiguration(phone)
        case .verified(let phone, let incarnation):
            guard isCurrent(phone, incarnation) else { return }
            feed(phone, .verified(true), from: nil)
        case .written(let phone, let incarnation):
            guard isCurrent(phone, incarnation) else { return }
            feed(phone, .written, from: nil)
        case .applied(let phone, let incarnation):
            guard isCurrent(phone, incarnation) else { return }
            finishApplying(phone)
        }
    }

    /// Whether something begun by a phone still concerns it: it has not restarted since.
    private func isCurrent(_ phone: PhoneNumber, _ incarnation: UInt16) -> Bool {
        phones[Int(phone.index)].incarnation == incarnation
    }

    private mutating func deliver(_ index: UInt32, _ event: QueuedEvent<KernelEvent>) {
        let fanout = fanouts[index]
        let step = Self.advance(&fanouts, index, at: event.time, groups, Int(fanout.group))
        switch step {
        case .deliver(to: let number, next: let next):
            if let next { schedule(event.payload, at: next, sequence: event.sequence) }
            guard phones[Int(number)].isUp,
                phones[Int(number)].segment == fanout.message.segment
            else { return }
            let broadcast = fanout.message
            feed(
                PhoneNumber(Int(number)),
                .heard(broadcast.message, broadcast.file, from: broadcast.sender),
                from: broadcast.sender
            )
        case .wait(until: let due):
            schedule(event.payload, at: due, sequence: event.sequence)
        case .ended:
            break
        }
    }

    /// A function of its own, because the walk changes while the groups are only lent.
    private static func advance(
        _ fanouts: inout FanoutTable<Broadcast>,
        _ index: UInt32,
        at time: Instant,
        _ groups: borrowing UniqueArray<GroupRecord>,
        _ group: Int
    ) -> FanoutStep {
        fanouts.advance(index, at: time, over: groups[group].receivers)
    }

    private mutating func deliver(_ message: LinkMessage) {
        let index = Int(message.receiver.index)
        guard phones[index].isUp else { return }
        let isConnected = phones[index].segment == message.senderSegment
        let input: PeerInput
        switch message.delivery {
        case .file:
            deliverFile(message)
            return
        case .message(let content) where isConnected:
            input = .received(content, message.file, from: message.sender)
        case .reset where isConnected:
            input = .linkLost(message.file, message.sender)
        case .message, .reset:
            return
        }
        feed(message.receiver, input, from: message.sender)
    }

    /// Lets a phone handle an input and carries out all that follows.
    mutating func feed(_ phone: PhoneNumber, _ input: PeerInput, from sender: IPv4Address?) {
        let index = Int(phone.index)
        effects.removeAll()
        let phase = elections[index].phase
        let verdict = peers[index].handle(input, context, &elections[index], &effects)
        if elections[index].phase != phase { changeCount += 1 }
        eventCount += 1
        digest = Self.fold(digest, phone, context.now, input)
        if case .ignored(let reason) = verdict { ignored[Int(reason.rawValue)] += 1 }
        if trace.isOn { trace.append(eventCount, context.now, phone, input, verdict) }
        for position in 0..<effects.count { apply(effects[position], of: phone) }
    }

    /// Adds an input to the fingerprint.
    ///
    /// Log settings and effects do not enter it.
    private static func fold(
        _ digest: UInt64,
        _ phone: PhoneNumber,
        _ now: Instant,
        _ input: PeerInput
    ) -> UInt64 {
        var mixed = digest ^ UInt64(bitPattern: now.nanoseconds)
        mixed = mixed &* 0x9E37_79B9_7F4A_7C15 ^ mixed >> 32
        mixed ^= UInt64(phone.index) << 24 ^ input.digest
        return mixed &* 0xBF58_476D_1CE4_E5B9 ^ mixed >> 29
    }
}
