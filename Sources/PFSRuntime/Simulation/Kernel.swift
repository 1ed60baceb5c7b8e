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
    /// An invariant is broken: nothing happens any more.
    case brokenInvariant
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
    /// The ports of phones that send chunks, in packet fidelity; by their number, looked up only.
    var chunkPorts: [UInt32: ChunkPort] = [:]
    /// The transfers of packet fidelity.
    var packets = PacketTable()
    /// Phones whose firmware does not know the signature of the load that they are told to run; looked
    /// up only.
    var unknownSignatures: [UInt32: Bool] = [:]
    /// Flows that have ended and whose last block is still on its way, by phone; looked up only.
    var arrivals: [UInt32: UInt64] = [:]
    /// The calls of phones, by their number; looked up only.
    var calls: [UInt32: Call] = [:]
    /// Phones that were reset to factory settings and have no load yet, by their number; looked up only.
    var factoryResets: [UInt32: FactoryReset] = [:]
    /// The known bugs of phones by which upgrades go otherwise, by their number; looked up only.
    var bugs: [UInt32: BugSet] = [:]
    /// Phones that do not boot any more, since when, by their number; looked up only.
    var deadSince: [UInt32: Instant] = [:]
    var subnets: [SubnetRecord] = []
    var sites: [SiteRecord] = []
    var network = ServerNetwork()
    var files: [FileRecord] = []
    var loads: [LoadRecord] = []
    var instances = InstanceTable()
    var log = LogStore()
    var alarms = AlarmStore()
    var trace = EventTrace()
    var wire = WireRecorder()
    var recorder = DecisionRecorder()
    var faults = FaultTable()
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
    /// What is asked of a real network; nil while everything is simulated.
    var attachment: NetworkAttachment?
    /// When the last log line was printed; a phone prints a little after the event itself.
    var lastLineAt = Instant.zero
    /// What the invariants have seen.
    var watch = InvariantWatch()
    /// What of the protocol was reached; nil while nobody counts it.
    var coverage: ProtocolCoverage?

    init() {}

    var now: Instant { context.now }

    /// Handles events, at most `budget`, until no phone has anything to do.
    mutating func runUntilQuiet(budget: Int) -> StopReason {
        var left = budget
        while left > 0 {
            guard watch.broken == nil else { return .brokenInvariant }
            guard activeCount > 0 else { return .idle }
            guard let handled = step(through: .never) else { return rest(at: now) }
            left -= handled
        }
        guard watch.broken == nil else { return .brokenInvariant }
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
            guard watch.broken == nil else { return .brokenInvariant }
            guard let handled = step(through: limit) else { return rest(at: limit) }
            left -= handled
            switch change {
            case .anything: if changeCount != changes { return .spentBudget }
            case .outcome: if outcomeCount != outcomes { return .spentBudget }
            }
        }
        return watch.broken == nil ? .spentBudget : .brokenInvariant
    }

    /// Handles events up to and at `limit`, at most `budget` of them.
    mutating func run(until limit: Instant, budget: Int) -> StopReason {
        var left = budget
        while left > 0 {
            guard watch.broken == nil else { return .brokenInvariant }
            guard let handled = step(through: limit) else { return rest(at: limit) }
            left -= handled
        }
        return watch.broken == nil ? .spentBudget : .brokenInvariant
    }

    /// Nothing is left to happen up to `limit`.
    private mutating func rest(at limit: Instant) -> StopReason {
        currentTurn = .max
        if queue.isEmpty && walks.isEmpty {
            watchStandstill()
            return watch.broken == nil ? .idle : .brokenInvariant
        }
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
        if watch.isOn { watchProgress() }
        handle(event.payload)
        return 1
    }

    private mutating func handle(_ event: KernelEvent) {
        switch event {
        case .advertisement(let phone, let sender, let place):
            deliverAdvertisement(to: phone, from: sender, Int(place))
        case .wake(let phone):
            if isHeldUp(event, phone) { return }
            feed(phone, .wake, from: nil)
        case .message(let index): deliver(messages.take(index))
        case .refusal(let phone, let incarnation):
            guard isCurrent(phone, incarnation), !isHeldUp(event, phone) else { return }
            askNextServer(phone)
        case .wanDue(let path): finishFetches(Int(path))
        case .portDue(let phone): finishUploads(phone)
        case .packet(let index): handlePacket(index)
        case .arrived(let phone, let tag): finishArrival(phone, tag)
        case .restart(let phone, let incarnation):
            guard isCurrent(phone, incarnation), !isHeldUp(event, phone) else { return }
            guard !hasNoPower(phone), !isDead(phone) else {
                missRestart(phone)
                return
            }
            guard !isUnauthorised(phone) else {
                waitForNetwork(phone)
                return
            }
            guard !delaysRestart(of: phone) else { return }
            readConfiguration(phone)
        case .verified(let phone, let incarnation):
            guard isCurrent(phone, incarnation), !isHeldUp(event, phone) else { return }
            finishVerifying(phone)
        case .written(let phone, let incarnation):
            guard isCurrent(phone, incarnation), !isHeldUp(event, phone) else { return }
            feed(phone, .written, from: nil)
        case .applied(let phone, let incarnation):
            guard isCurrent(phone, incarnation), !isHeldUp(event, phone) else { return }
            finishApplying(phone)
        case .faultEnds(let number): end(Int(number))
        case .retransmission(let index): retransmit(index)
        case .lateBroadcast(let index): hearLate(index)
        case .callEnd(let phone): endCall(of: phone)
        case .flashFailed(let phone, let incarnation, let failure):
            guard isCurrent(phone, incarnation), !isHeldUp(event, phone) else { return }
            feed(phone, .writeFailed(failure), from: nil)
        case .powerFails(fault: let number, let phone, let incarnation, let replacesLoad):
            guard isCurrent(phone, incarnation) else { return }
            losePower(phone, by: Int(number), replacesLoad: replacesLoad)
        case .transferStalled(let phone) where isAttached(phone): giveUpRealStall(phone)
        case .transferStalled(let phone): giveUpStalled(phone)
        case .heldLink(let serial): releaseHeld(serial)
        case .harassment(let number): harass(Int(number))
        }
    }

    /// Whether something begun by a phone still concerns it: it has not restarted since.
    private func isCurrent(_ phone: PhoneNumber, _ incarnation: UInt16) -> Bool {
        phones[Int(phone.index)].incarnation == incarnation
    }

    private mutating func deliver(_ message: LinkMessage) {
        let index = Int(message.receiver.index)
        guard phones[index].isUp, !isOfOlderConnection(message) else { return }
        let isConnected = phones[index].segment == message.senderSegment
        let input: PeerInput
        switch message.delivery {
        case .file:
            deliverFile(message)
            return
        case .message where isConnected && message.isDamaged:
            refuse(message)
            return
        case .message(let content) where isConnected:
            input = .received(content, message.file, from: message.sender)
        case .reset where isConnected:
            input = .linkLost(message.file, message.sender)
        case .message, .reset:
            return
        }
        feed(message.receiver, input, from: message.sender)
        switch message.delivery {
        case .reset, .message(.bye), .message(.complete): lookAtSender(of: message)
        case .message, .file: break
        }
    }

    /// Whether a message comes over a connection that was opened anew since.
    private func isOfOlderConnection(_ message: LinkMessage) -> Bool {
        guard faults.hasReopened,
            let sender = subnets[Int(phones[Int(message.receiver.index)].subnet)]
                .phone(at: message.sender)
        else { return false }
        let key = LinkKey(sender: sender, receiver: message.receiver, file: message.file)
        return faults.connection(key) != message.connection
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
        if wire.isOn { recordImpliedHolds(of: phone) }
        let isSending = prepareLinks(of: phone, for: input)
        let watched = recorder.watches(phone) ? situation(of: phone) : nil
        effects.removeAll()
        let election = elections[index]
        let before = beginObserving(input, of: phone)
        let time = context.now
        if faults.isOn { context.now = ownTime(of: phone) }
        let verdict = peers[index].handle(input, context, &elections[index], &effects)
        context.now = time
        if faults.isOn, elections[index].isOpen, !election.isOpen { rouseHostilePeers() }
        if elections[index].phase != election.phase { changeCount += 1 }
        if counts { eventCount += 1 }
        if case .ignored(let reason) = verdict { ignored[Int(reason.rawValue)] += 1 }
        if trace.isOn { trace.append(eventCount, context.now, phone, input, verdict) }
        if let watched { recordDecision(phone, input, verdict, before: watched) }
        let heeded = interests[index]
        interests[index] = peers[index].interests()
        electionChanged(of: phone, from: election)
        heedChanged(of: phone, from: election, heeded)
        if let before { observe(input, verdict, of: phone, before) }
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
