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
    /// The broadcasts under way, by when they reach their next receiver.
    var walks = EventHeap<UInt32>()
    var messages = MessagePool()
    var groups = UniqueArray<GroupRecord>()
    var elections = UniqueArray<Election>()
    var peers = UniqueArray<Peer>()
    var phones = UniqueArray<PhoneRecord>()
    var ports = PortTable()
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
    /// A digest of everything that phones did, and when: the run's fingerprint.
    var digest: UInt64 = 0x7066_7368
    /// How often a phone began to do something else, or got something.
    var changeCount: UInt64 = 0
    /// How often an upgrade of a phone began or ended.
    var outcomeCount: UInt64 = 0
    var ignored = InlineArray<4, UInt64>(repeating: 0)
    var flowSequence: UInt64 = 0
    /// Bytes that phones gave each other.
    var peerBytes: Int64 = 0
    /// Files that phones have set out to get, and got, since the world began.
    var filesWanted: UInt64 = 0
    var filesObtained: UInt64 = 0
    /// How many phones have something to do.
    var activeCount = 0
    /// Whether what only keeps phones in touch is left out where it changes nothing.
    ///
    /// Without it the same happens to every phone, with every Hold and every broadcast as an event.
    var impliesKeepingInTouch = true
    /// For each phone, files of whose broadcasts it may take heed though its election is over: the
    /// bits of their numbers, modulo 16.
    var interests = UniqueArray<UInt16>()
    /// A phone as it was when its last Hold was sent, where that matters.
    var kept = Peer(address: IPv4Address(bits: 0), seed: 0, number: PhoneNumber(0))
    /// The turn of the event that is being handled, or was last; `max` when all of its time is over.
    var currentTurn: UInt64 = 0
    /// When the last log line was printed; a phone prints a little after the event itself.
    var lastLineAt = Instant.zero

    init() {}

    var now: Instant { context.now }

    /// Handles events, at most `budget`, until no phone has anything to do.
    mutating func runUntilQuiet(budget: Int) -> StopReason {
        var left = budget
        while left > 0 {
            guard activeCount > 0 else { return .idle }
            guard let handled = step(through: .never) else { return .idle }
            left -= handled
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
        var left = budget
        while left > 0 {
            guard let handled = step(through: limit) else { return rest(at: limit) }
            left -= handled
            switch change {
            case .anything: if changeCount != changes { return .spentBudget }
            case .outcome: if outcomeCount != outcomes { return .spentBudget }
            }
        }
        return .spentBudget
    }

    /// Handles events up to and at `limit`, at most `budget` of them.
    mutating func run(until limit: Instant, budget: Int) -> StopReason {
        var left = budget
        while left > 0 {
            guard let handled = step(through: limit) else { return rest(at: limit) }
            left -= handled
        }
        return .spentBudget
    }

    /// Nothing is left to happen up to `limit`.
    private mutating func rest(at limit: Instant) -> StopReason {
        currentTurn = .max
        if queue.isEmpty && walks.isEmpty { return .idle }
        context.now = max(context.now, limit)
        return .reachedLimit
    }

    /// Handles what is next, at `limit` or before; answers how many events that were, nil when there
    /// is nothing.
    ///
    /// A broadcast that passes phones without asking any is none.
    private mutating func step(through limit: Instant) -> Int? {
        if !walks.isEmpty {
            let walk = walks.first
            queue.open(through: walk.time)
            if queue.isNext(walk.time, walk.sequence) {
                guard walk.time <= limit else { return nil }
                context.now = walk.time
                currentTurn = walk.sequence
                let before = eventCount
                self.walk(walk, limit: limit)
                return Int(eventCount - before)
            }
        }
        guard let event = queue.popFirst(through: limit) else { return nil }
        context.now = event.time
        currentTurn = event.sequence
        handle(event.payload)
        return 1
    }

    private mutating func handle(_ event: KernelEvent) {
        switch event {
        case .advertisement(let phone, let sender, let place):
            deliverAdvertisement(to: phone, from: sender, Int(place))
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
    ///
    /// `counts` is false for what is handed in only so that it can be recorded.
    mutating func feed(
        _ phone: PhoneNumber,
        _ input: PeerInput,
        from sender: IPv4Address?,
        counts: Bool = true
    ) {
        let index = Int(phone.index)
        let isSending = prepareLinks(of: phone, for: input)
        effects.removeAll()
        let election = elections[index]
        let verdict = peers[index].handle(input, context, &elections[index], &effects)
        if elections[index].phase != election.phase { changeCount += 1 }
        if counts { eventCount += 1 }
        if case .ignored(let reason) = verdict { ignored[Int(reason.rawValue)] += 1 }
        if trace.isOn { trace.append(eventCount, context.now, phone, input, verdict) }
        let heeded = interests[index]
        interests[index] = peers[index].interests()
        electionChanged(of: phone, from: election)
        heedChanged(of: phone, from: election, heeded)
        for position in 0..<effects.count { apply(effects[position], of: phone) }
        settleLinks(of: phone, after: input, isSending: isSending)
    }

    /// Adds to the fingerprint what a phone does, and when; a sum, so that the order of what happens
    /// to several phones in one instant has no part in it.
    mutating func fold(_ effect: PeerEffect, of phone: PhoneNumber) {
        guard let bits = effect.digest else { return }
        let place = UInt64(phone.index) &* 0x9E37_79B9_7F4A_7C15
        let time = UInt64(bitPattern: now.nanoseconds)
        digest &+= RandomStream.mix(RandomStream.mix(place ^ time) ^ bits)
    }
}
