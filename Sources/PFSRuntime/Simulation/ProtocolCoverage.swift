// What of the protocol a run has reached: states, steps from one state to another, messages. The lists are
// the enums' own cases; which steps there can be is declared here, and a step that is not is a finding.

/// A step of a phone from one state of the protocol to another.
public struct ProtocolStep: BitwiseCopyable, Hashable, Sendable {
    /// From.
    public let from: ProtocolState
    /// To.
    public let to: ProtocolState

    /// As a table has it.
    public var name: String { "\(from.name) > \(to.name)" }

    /// The states that each state can lead to: what the rules of the protocol page say, as a list.
    ///
    /// Any state but idle can end in idle: the upgrade is called off, fails, or the phone restarts.
    static func next(_ state: ProtocolState) -> [ProtocolState] {
        switch state {
        case .idle: [.listening, .fetching, .applying, .serving]
        // To fetching by a known bug: the phone passes over a root.
        case .listening: [.claiming, .seeking, .joining, .fetching, .idle]
        case .claiming: [.seeking, .joining, .waiting, .fetching, .idle]
        case .seeking: [.listening, .joining, .backingOff, .fetching, .idle]
        case .joining: [.attached, .listening, .orphaned, .backingOff, .idle]
        case .attached: [.orphaned, .listening, .backingOff, .verifying, .idle]
        case .orphaned: [.joining, .listening, .idle]
        case .waiting: [.fetching, .joining, .idle]
        case .backingOff: [.fetching, .idle]
        case .fetching: [.verifying, .listening, .backingOff, .idle]
        case .verifying: [.writing, .fetching, .orphaned, .backingOff, .idle]
        case .writing: [.listening, .fetching, .lingering, .applying, .idle]
        case .lingering: [.applying, .idle]
        case .applying: [.idle]
        case .serving: [.idle]
        }
    }

    /// All that there can be, in the order of the states.
    public static var all: [ProtocolStep] {
        ProtocolState.allCases.flatMap { from in
            next(from).map { ProtocolStep(from: from, to: $0) }
        }
    }
}

/// What was reached, and how often.
public struct ProtocolCoverage: Hashable, Sendable {
    private static let stateCount = ProtocolState.allCases.count
    private static let kindCount = PeerMessageKind.allCases.count

    /// Times that a phone came to each state from each, by both numbers.
    private var steps = [UInt64](repeating: 0, count: stateCount * stateCount)
    /// Messages that phones said, by kind.
    private var said = [UInt64](repeating: 0, count: kindCount)
    /// Messages that led to something, by kind.
    private var heeded = [UInt64](repeating: 0, count: kindCount)

    /// Nothing reached.
    public init() {}

    mutating func count(_ from: ProtocolState, _ to: ProtocolState) {
        guard from != to else { return }
        steps[Int(from.rawValue) * Self.stateCount + Int(to.rawValue)] += 1
    }

    mutating func countSaid(_ message: PeerMessage) { said[Self.place(message)] += 1 }

    mutating func countHeeded(_ message: PeerMessage) { heeded[Self.place(message)] += 1 }

    private static func place(_ message: PeerMessage) -> Int {
        let kind = PeerMessageKind(message)
        return PeerMessageKind.allCases.firstIndex(of: kind) ?? 0
    }

    /// How often a step was made.
    public func count(of step: ProtocolStep) -> UInt64 {
        steps[Int(step.from.rawValue) * Self.stateCount + Int(step.to.rawValue)]
    }

    /// How often a phone came to a state; to idle it comes at the end.
    public func count(of state: ProtocolState) -> UInt64 {
        ProtocolState.allCases.reduce(0) { sum, from in
            sum + count(of: ProtocolStep(from: from, to: state))
        }
    }

    /// Kinds of messages, with how often each was said, and led to something where it came.
    public var messages: [(name: String, said: UInt64, heeded: UInt64)] {
        PeerMessageKind.allCases.enumerated().map { place, kind in
            ("\(kind)", said[place], heeded[place])
        }
    }

    /// Steps that were made though there is no rule for them.
    public var undeclared: [ProtocolStep] {
        var found: [ProtocolStep] = []
        for from in ProtocolState.allCases {
            for to in ProtocolState.allCases where !ProtocolStep.next(from).contains(to) {
                let step = ProtocolStep(from: from, to: to)
                if count(of: step) > 0 { found.append(step) }
            }
        }
        return found
    }

    /// Adds what another run has reached.
    public mutating func add(_ other: ProtocolCoverage) {
        for index in steps.indices { steps[index] &+= other.steps[index] }
        for index in said.indices {
            said[index] &+= other.said[index]
            heeded[index] &+= other.heeded[index]
        }
    }

    // MARK: As text

    /// All numbers, for a process that hands them to another.
    public var numbers: [UInt64] { steps + said + heeded }

    /// The coverage of such numbers; nil if they are not as many as there must be.
    public init?(numbers: [UInt64]) {
        let (states, kinds) = (Self.stateCount * Self.stateCount, Self.kindCount)
        guard numbers.count == states + 2 * kinds else { return nil }
        steps = Array(numbers[..<states])
        said = Array(numbers[states..<states + kinds])
        heeded = Array(numbers[(states + kinds)...])
    }
}

extension World {
    /// What of the protocol was reached since counting began; nil while it is not counted.
    public var coverage: ProtocolCoverage? { kernel.coverage }

    /// Begins to count what of the protocol is reached; what was counted before is forgotten.
    public func countCoverage() { kernel.coverage = ProtocolCoverage() }
}
