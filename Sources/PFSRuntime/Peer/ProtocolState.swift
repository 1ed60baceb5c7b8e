// The states of a phone's protocol as a flat list, made from the enums that the protocol is written in:
// what a storm has reached and what it has not is counted by these.

/// Where a phone is in the protocol: its stage, and how far its election is.
public enum ProtocolState: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// Nothing to fetch.
    case idle
    /// Listens before it claims.
    case listening
    /// Claims to be root.
    case claiming
    /// Heard a stronger claim.
    case seeking
    /// Asks another phone for a place.
    case joining
    /// Has a parent.
    case attached
    /// Heads a subtree that lost its root.
    case orphaned
    /// Confirmed root that waits for children.
    case waiting
    /// Waits before it falls back to TFTP.
    case backingOff
    /// Fetches by TFTP.
    case fetching
    /// Checks a file.
    case verifying
    /// Writes a file to flash.
    case writing
    /// Holds every file and serves on.
    case lingering
    /// Flashes, reboots, registers.
    case applying
    /// Gives the files of the load that it runs.
    case serving

    /// The name, as documents and tables have it.
    public var name: String { self == .backingOff ? "backing-off" : "\(self)" }
}

extension Peer {
    /// Where the phone is in the protocol.
    mutating func protocolState(_ election: borrowing Election) -> ProtocolState {
        switch stage {
        case .idle: .idle
        case .electing:
            switch election.phase {
            case .claiming: .claiming
            case .seeking: .seeking
            case .orphaned: .orphaned
            case .idle, .listening, .settled: .listening
            }
        case .joining: .joining
        case .attached: .attached
        case .orphaned: .orphaned
        case .waiting: .waiting
        case .backingOff: .backingOff
        case .fetching: .fetching
        case .verifying: .verifying
        case .writing: .writing
        case .lingering: .lingering
        case .applying: .applying
        case .serving: .serving
        }
    }
}
