// What single phones decide, input by input: recorded only while somebody asks, on a copy of a world that
// goes its way once more, so that a run without a question pays nothing.

internal import BasicContainers

/// Where a phone is, as far as its decisions depend on it.
public struct PeerSituation: Sendable {
    /// What it does about its present file.
    public let stage: Peer.Stage
    /// How far its election is.
    public let phase: Election.Phase
    /// The strongest claim that it has heard in it.
    public let best: ClaimRank
    /// Its own strength in it.
    public let strength: UInt32
    /// Its present file, counted from 0.
    public let fileIndex: Int
    /// The present file, or none.
    public let file: FileNumber
    /// Failed tries for it.
    public let tries: Int
    /// Its parent in the present hierarchy; nil for none.
    public let parent: IPv4Address?
    /// Its children there.
    public let children: [IPv4Address]
    /// Its depth there, the root's being 0.
    public let depth: Int
    /// Until when it may not claim.
    public let barredUntil: Instant
    /// When it wants to be woken next; `.never` where it waits for others only.
    public let deadline: Instant

    init(_ peer: Peer, _ election: Election) {
        stage = peer.stage
        phase = election.phase
        best = election.best
        strength = election.strength
        fileIndex = peer.current
        file = peer.file
        tries = Int(peer.tries)
        barredUntil = peer.barredUntil
        deadline = peer.scheduledWake
        let branch = peer.branches[min(peer.current, UpgradeJob.fileLimit - 1)]
        parent = branch.parent.isOpen ? branch.parent.address : nil
        depth = Int(branch.position.depth)
        var children: [IPv4Address] = []
        for slot in 0..<Branch.childLimit where branch.children[slot].isOpen {
            children.append(branch.children[slot].address)
        }
        self.children = children
    }
}

/// What a phone made of one input.
public struct Decision: Sendable {
    /// The number of the event.
    public let event: UInt64
    /// When it was.
    public let time: Instant
    /// The phone.
    public let phone: PhoneNumber
    /// What came in.
    public let input: PeerInput
    /// What became of it.
    public let verdict: Verdict
    /// Where the phone was before.
    public let before: PeerSituation
    /// Where it was after.
    public let after: PeerSituation
    /// What it asked for, without wake-ups, log lines and what only keeps links alive.
    public let effects: [PeerEffect]

    /// The event as the trace tells it.
    public var record: TraceRecord {
        TraceRecord(number: event, time: time, phone: phone, input: input, verdict: verdict)
    }
}

/// Records the decisions of some phones.
struct DecisionRecorder: Sendable {
    /// The most decisions kept: own choice, some hundred for each file of a phone.
    static let capacity = 50_000
    private var phones: [PhoneNumber] = []
    private(set) var decisions: [Decision] = []
    /// How many came after the store was full.
    private(set) var missed = 0

    /// Whether those of all phones are.
    private var isOfAll = false

    /// Whether the decisions of any phone are recorded.
    var isOn: Bool { isOfAll || !phones.isEmpty }

    mutating func watch(_ phones: [PhoneNumber], all: Bool = false) {
        self.phones = phones
        isOfAll = all
        decisions = []
        missed = 0
    }

    func watches(_ phone: PhoneNumber) -> Bool { isOn && (isOfAll || phones.contains(phone)) }

    mutating func append(_ decision: Decision) {
        guard decisions.count < Self.capacity else {
            missed += 1
            return
        }
        decisions.append(decision)
    }
}

extension PeerEffect {
    /// Whether it is worth telling: it moves something on.
    var isTold: Bool {
        switch self {
        case .wake, .note, .participation: false
        case .send(.hold, _, to: _), .send(.rootless, _, to: _): false
        case .broadcast, .send, .close, .fetch, .upload, .endUpload, .verify, .write, .apply,
            .obtained, .stopped:
            true
        }
    }
}

extension World {
    /// Records what these phones decide from now on; none ends it.
    ///
    /// For a copy that goes its way once more to be asked. What was recorded before is forgotten.
    public func recordDecisions(of phones: [PhoneNumber]) { kernel.recorder.watch(phones) }

    /// Records what all phones decide from now on, or nothing any more.
    ///
    /// What was recorded before is forgotten.
    public func recordAllDecisions(_ isOn: Bool) { kernel.recorder.watch([], all: isOn) }

    /// What has been recorded, in order.
    public var decisions: [Decision] { kernel.recorder.decisions }

    /// How many decisions came after as many as can be kept.
    public var missedDecisions: Int { kernel.recorder.missed }

    /// Where a phone is now.
    public func situation(of phone: PhoneNumber) -> PeerSituation {
        kernel.situation(of: phone)
    }

    /// The phone at an address of a subnet; nil where none is plugged in.
    public func phone(at address: IPv4Address, subnet: Int) -> PhoneNumber? {
        kernel.subnets[subnet].phone(at: address)
    }

    /// What a phone would do with an input now, asked of a copy of it.
    public func answer(of phone: PhoneNumber, to input: PeerInput) -> Decision {
        kernel.answer(of: phone, to: input)
    }
}

extension Kernel {
    func situation(of phone: PhoneNumber) -> PeerSituation {
        PeerSituation(peers[Int(phone.index)], elections[Int(phone.index)])
    }

    /// Keeps what a phone made of an input that it has just handled.
    mutating func recordDecision(
        _ phone: PhoneNumber,
        _ input: PeerInput,
        _ verdict: Verdict,
        before: PeerSituation
    ) {
        var told: [PeerEffect] = []
        for index in 0..<effects.count where effects[index].isTold { told.append(effects[index]) }
        recorder.append(
            Decision(
                event: eventCount,
                time: now,
                phone: phone,
                input: input,
                verdict: verdict,
                before: before,
                after: situation(of: phone),
                effects: told
            )
        )
    }

    /// Hands an input to a copy of a phone; a deadline is handed in at its time.
    func answer(of phone: PhoneNumber, to input: PeerInput) -> Decision {
        var peer = peers[Int(phone.index)]
        var election = elections[Int(phone.index)]
        let before = PeerSituation(peer, election)
        var surroundings = PeerContext()
        surroundings.now = now
        if case .wake = input, peer.scheduledWake != .never {
            surroundings.now = max(now, peer.scheduledWake)
        }
        surroundings.parameters = context.parameters
        surroundings.pins = context.pins
        var queue = EffectQueue()
        let verdict = peer.handle(input, surroundings, &election, &queue)
        var told: [PeerEffect] = []
        for index in 0..<queue.count where queue[index].isTold { told.append(queue[index]) }
        return Decision(
            event: eventCount,
            time: surroundings.now,
            phone: phone,
            input: input,
            verdict: verdict,
            before: before,
            after: PeerSituation(peer, election),
            effects: told
        )
    }
}
