// What goes into a transfer and what comes out of it. All are values; the bytes of files never pass
// through here: effects name blocks, the driver moves their bytes.

/// Where a packet came from: an address and its port, the transfer identifier of RFC 1350.
public struct TFTPEndpoint: BitwiseCopyable, Hashable, Sendable {
    /// The address: an IPv4 address in the low 32 bits of `low`, an IPv6 address in both.
    public var high: UInt64
    /// The low half of the address.
    public var low: UInt64
    /// The port.
    public var port: UInt16

    /// An endpoint of an address and a port.
    public init(high: UInt64 = 0, low: UInt64, port: UInt16) {
        self.high = high
        self.low = low
        self.port = port
    }
}

/// A packet as a transfer hears it: without the bytes of a block.
public enum TFTPSignal: Hashable, Sendable {
    /// A block of `count` bytes.
    case data(block: UInt16, count: Int)
    /// An acknowledgement.
    case acknowledgement(block: UInt16)
    /// An error.
    case error(TFTPErrorMessage)
    /// The options that the server takes.
    case optionAcknowledgement([TFTPOption])
    /// A request, or bytes that are no packet.
    case foreign

    /// The signal of a packet.
    public init(_ packet: TFTPPacket) {
        switch packet {
        case .data(let block, let payload): self = .data(block: block, count: payload.count)
        case .acknowledgement(let block): self = .acknowledgement(block: block)
        case .error(let message): self = .error(message)
        case .optionAcknowledgement(let options): self = .optionAcknowledgement(options)
        case .readRequest, .writeRequest: self = .foreign
        }
    }
}

/// What can happen to a transfer.
public enum TFTPInput: Hashable, Sendable {
    /// A packet came.
    case heard(TFTPSignal, from: TFTPEndpoint)
    /// A time asked for by `wake` has come; early and late ones do no harm.
    case wake
    /// The bytes of a block could not be read or kept; the peer is told.
    case storageFailed(TFTPErrorMessage)
    /// The user stops the transfer; the peer is told.
    case stop
}

/// What a transfer asks its driver for, to be done in this order.
public enum TFTPEffect: Hashable, Sendable {
    /// Send a packet other than data to the peer; to the server's port while no answer came.
    case send(TFTPPacket)
    /// Send an acknowledgement to the peer.
    case acknowledge(UInt16)
    /// Send blocks to the peer: `count` from index `first`, which is 1 for the file's first.
    ///
    /// Block `index` is the file's bytes from (`index` - 1) × block size; its number on the wire is
    /// `TFTPTransfer.number(ofBlock:)`.
    case sendBlocks(first: Int64, count: Int)
    /// Keep the bytes of the block just handed in: they are the file's next.
    case keep
    /// Tell a stranger that its packet belongs to no transfer here.
    case refuse(TFTPEndpoint)
    /// The terms are settled; comes before the first block moves.
    case agreed(TFTPTerms)
    /// Hand in `wake` at that time.
    case wake(Instant)
    /// The file has been sent or received whole; a receiver goes on to answer for a while.
    case complete
    /// The transfer did not succeed.
    case failed(TFTPFailure)
    /// Nothing will come any more: the port may be given up. Always the last effect.
    case close
}

/// Why a transfer did not succeed.
public enum TFTPFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The peer sent an error.
    case refused(TFTPErrorMessage)
    /// Nothing useful came for `TFTPParameters.patience`.
    case timedOut
    /// It went on for longer than `TFTPParameters.lifetime`.
    case tookTooLong
    /// The peer broke the protocol, in the words it was told.
    case protocolBroken(String)
    /// The bytes could not be read or kept, in the words that the peer was told.
    case storage(TFTPErrorMessage)
    /// Another number of bytes came than had been said.
    case wrongSize(expected: Int64, received: Int64)
    /// The user stopped it.
    case stopped

    /// One clause, lower case, without a full stop.
    public var description: String {
        switch self {
        case .refused(let message): "the other side refused: \(message)"
        case .timedOut: "no answer"
        case .tookTooLong: "it took too long"
        case .protocolBroken(let text): "the other side broke the protocol: \(text)"
        case .storage(let message): message.text
        case .wrongSize(let expected, let received):
            "\(received) bytes came, but \(expected) had been announced"
        case .stopped: "stopped"
        }
    }
}

/// The effects of one input, in order; the driver owns and empties it.
public struct TFTPEffects: Sendable {
    /// The most effects of one input: a refused answer gives four, half of this.
    public static let capacity = 8
    /// The effects so far.
    public private(set) var list: [TFTPEffect] = []

    /// An empty queue.
    public init() { list.reserveCapacity(Self.capacity) }

    /// Takes all effects out; the room is kept.
    public mutating func removeAll() { list.removeAll(keepingCapacity: true) }

    mutating func emit(_ effect: TFTPEffect) {
        precondition(list.count < Self.capacity, "too many effects of one input: \(list)")
        list.append(effect)
    }
}

/// What became of an input.
public enum TFTPVerdict: BitwiseCopyable, Hashable, Sendable {
    /// It meant something.
    case handled
    /// A packet from another port or address.
    case stranger
    /// A block or acknowledgement that had come before, or is out of order.
    case outOfOrder
    /// A wake-up for which it was too early or too late.
    case staleWake
    /// An input that the transfer does not expect in its state.
    case unexpectedHere
}

/// The times of a transfer; all are own choices, for which the RFCs give no numbers.
public struct TFTPParameters: BitwiseCopyable, Hashable, Sendable {
    /// The wait before the first repetition, until a round trip has been measured: 1 s, as peers do.
    public var firstTimeout = Interval.seconds(1)
    /// The shortest wait before a repetition, however short the round trip: 50 ms.
    public var timeoutLeast = Interval.milliseconds(50)
    /// What a wait is longer than the round trip at least, however even that is: 50 ms, more than a busy
    /// machine makes a packet wait.
    public var spreadLeast = Interval.milliseconds(50)
    /// The longest wait between two repetitions, unless one was agreed: 8 s.
    public var timeoutMost = Interval.seconds(8)
    /// How long a transfer goes on without progress: 25 s; five times an agreed time-out if longer.
    public var patience = Interval.seconds(25)
    /// How long a transfer goes on in all: 12 h, three times what 10 MB take in blocks of 512 bytes
    /// with a round trip of 700 ms.
    public var lifetime = Interval.seconds(12 * 3_600)
    /// Within this, and within a round trip, a block that comes again is a duplicate of the network,
    /// after it the peer's repetition, which is acknowledged again: 20 ms, well below any time-out.
    public var duplicateQuiet = Interval.milliseconds(20)
    /// The most that a round trip extends `duplicateQuiet` to: 500 ms, below any peer's first time-out.
    public var duplicateQuietMost = Interval.milliseconds(500)
    /// How long a receiver still answers after the last block: 6 s, as some peers repeat it after 5 s.
    public var lingering = Interval.seconds(6)
    /// How block numbers go on behind 65,535.
    public var rollOver = TFTPRollOver.zero

    /// The standard times.
    public init() {}
}
