// What phones' sockets say and hear, for somebody who captures: values in a bounded queue. Without a listener a
// socket pays one look at a flag. A packet is noted where it is sent; what comes is noted only if it is not from a
// phone of this process, so that nothing stands in a capture twice.

import NIOConcurrencyHelpers
public import PFSRuntime

/// One end of what was seen.
public struct SeenEnd: Hashable, Sendable {
    /// The network's own address.
    public let address: IPv4Address
    /// The port.
    public let port: UInt16

    /// An end of an address and a port.
    public init(_ address: IPv4Address, _ port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// Something that a socket of a phone said or heard.
public struct SeenTraffic: Sendable {
    /// What it was.
    public enum Content: Sendable {
        /// A datagram; its first bytes, and how many it had.
        case datagram([UInt8], byteCount: Int)
        /// A TCP connection came about; the sender opened it.
        case opened
        /// Bytes over a connection; the first of them, and how many there were.
        case data([UInt8], byteCount: Int)
        /// A connection is over; the sender closed it.
        case closed
    }

    /// The phone at whose port it passed; nil where all phones hear it.
    public let phone: PhoneNumber?
    /// Whether the phone sent it.
    public let isOutgoing: Bool
    /// Who sent it.
    public let sender: SeenEnd
    /// To whom.
    public let receiver: SeenEnd
    /// When, on the machine's clock, in nanoseconds.
    public let atNanoseconds: Int64
    /// What it was.
    public let content: Content

    /// Something seen.
    public init(
        phone: PhoneNumber?,
        isOutgoing: Bool,
        sender: SeenEnd,
        receiver: SeenEnd,
        atNanoseconds: Int64,
        content: Content
    ) {
        self.phone = phone
        self.isOutgoing = isOutgoing
        self.sender = sender
        self.receiver = receiver
        self.atNanoseconds = atNanoseconds
        self.content = content
    }
}

/// Collects what is seen until somebody takes it.
final class TrafficTap: Sendable {
    /// The bytes that are kept of a packet: every message whole, of files the beginnings (own choice).
    static let keptBytes = 512
    /// The most packets that wait: some 100 MB; own choice, seconds of a fast network.
    private static let capacity = 200_000

    private struct State {
        var isOn = false
        var seen: [SeenTraffic] = []
        var lost = 0
    }

    private let state = NIOLockedValueBox(State())

    /// Whether somebody listens.
    var isOn: Bool { state.withLockedValue { $0.isOn } }

    /// Begins, or ends and forgets.
    func turn(_ isOn: Bool) {
        state.withLockedValue { state in
            if isOn != state.isOn { state = State(isOn: isOn) }
        }
    }

    func note(
        _ content: SeenTraffic.Content,
        of phone: PhoneNumber?,
        isOutgoing: Bool,
        from sender: SeenEnd,
        to receiver: SeenEnd
    ) {
        let traffic = SeenTraffic(
            phone: phone,
            isOutgoing: isOutgoing,
            sender: sender,
            receiver: receiver,
            atNanoseconds: NetworkClock.nanoseconds,
            content: content
        )
        state.withLockedValue { state in
            guard state.isOn else { return }
            if state.seen.count < Self.capacity {
                state.seen.append(traffic)
            } else {
                state.lost += 1
            }
        }
    }

    /// What came since the last time, and how much found no room.
    func take() -> (seen: [SeenTraffic], lost: Int) {
        state.withLockedValue { state in
            defer { (state.seen, state.lost) = ([], 0) }
            return (state.seen, state.lost)
        }
    }
}
