// The waits of lock-step, where each packet is answered by one. A thread that sleeps on another core is
// woken ten times later than a packet takes, and even on the same core the way over the event loop costs
// more than a small block. So the handler of a transfer that has its event loop to itself waits for the
// next packet by itself: for moments, and only as long as packets come.

import Glibc
import NIOCore
import PFSRuntime

/// Whether to try again what does not always help: each failure in a row doubles the pause.
struct Patience {
    /// The longest pause is 2 to the power of this; own choice, so that a try costs nothing in the mean.
    private static let doublingLimit = 10

    private var failures = 0
    private var pause = 0

    /// Whether now is the time; every call counts as a step of the pause.
    mutating func permits() -> Bool {
        guard pause > 0 else { return true }
        pause -= 1
        return false
    }

    /// Says what became of a try.
    mutating func note(success: Bool) {
        failures = success ? 0 : min(failures + 1, Self.doublingLimit)
        pause = success ? 0 : 1 << failures
    }
}

/// Waits for packets on a socket that an event loop lends out for the time of a stay.
///
/// First it spins, asking without sleeping, which is what helps where the peer has a core of its own.
/// Where it has not, spinning keeps the peer from answering: packets are late, or the kernel takes the
/// core away to let it. Then the thread sleeps in the call that receives.
struct LockStep {
    /// Why a stay is over.
    enum End {
        /// The event loop has others to look after; packets still come.
        case timeIsUp
        /// Nothing came in time.
        case silence
    }

    /// How long a stay may be before its last wait: own choice, some dozens of packets, and too short
    /// for anybody to notice who waits for the event loop.
    private static let stayNanoseconds: Int64 = 500_000
    /// How long it spins for a packet: own choice, twice what it takes to wake a thread on another core.
    private static let spinNanoseconds: Int64 = 100_000
    /// Packets after which it is seen whether the core is shared.
    private static let packetsOnTrial = 8

    /// The packet that came last.
    private(set) var packet = ByteBuffer()
    /// Where it came from.
    private(set) var source = TFTPEndpoint(low: 0, port: 0)
    /// Why there is no further packet.
    private(set) var end = End.silence
    private var spinning = Patience()
    private var sleeping = Patience()
    private var socket: LentSocket?
    private var room = 0
    private var maySpin = false
    private var maySleep = false
    private var begunAt: Int64 = 0
    private var packets = 0
    private var switchesBefore = 0

    /// Whether a stay is worth a try.
    mutating func isWorthwhile() -> Bool {
        maySpin = spinning.permits()
        maySleep = sleeping.permits()
        return maySpin || maySleep
    }

    /// Begins a stay at a socket, which nobody else uses until `leave`; packets have at most `room` bytes.
    mutating func stay(at descriptor: CInt, room: Int) {
        socket = LentSocket(descriptor)
        self.room = room
        begunAt = NetworkClock.nanoseconds
        packets = 0
        switchesBefore = maySpin ? LentSocket.involuntarySwitches : 0
    }

    /// Ends the stay: the socket is the event loop's again, as it was.
    mutating func leave() {
        if maySpin { spinning.note(success: !isCoreShared) }
        socket?.giveBack()
        socket = nil
    }

    /// Whether a stay goes on.
    var isStaying: Bool { socket != nil }

    /// Sends a packet; answers whether there was a stay, and the kernel took it.
    func send(_ data: ByteBuffer, to address: SocketAddress) -> Bool {
        socket?.send(data, to: address) ?? false
    }

    /// Waits for the next packet; answers whether there is one, `end` says why not.
    mutating func next() -> Bool {
        let now = NetworkClock.nanoseconds
        guard packets == 0 || now - begunAt < Self.stayNanoseconds else {
            end = .timeIsUp
            return false
        }
        packets += 1
        if maySpin, packets == Self.packetsOnTrial, isCoreShared { giveUpSpinning() }
        if maySpin {
            if spin(since: now) { return true }
            giveUpSpinning()
        }
        end = .silence
        guard maySleep else { return false }
        let hasCome = receive(waits: true)
        sleeping.note(success: hasCome)
        return hasCome
    }

    private mutating func spin(since start: Int64) -> Bool {
        repeat {
            if receive(waits: false) { return true }
        } while NetworkClock.nanoseconds - start < Self.spinNanoseconds
        return false
    }

    private mutating func giveUpSpinning() {
        spinning.note(success: false)
        maySpin = false
    }

    /// Whether the kernel took the core away from this thread more often than now and then.
    private var isCoreShared: Bool {
        LentSocket.involuntarySwitches - switchesBefore > 2 + packets / 8
    }

    private mutating func receive(waits: Bool) -> Bool {
        guard let source = socket?.receive(into: &packet, room: room, waits: waits) else {
            return false
        }
        self.source = source
        return true
    }
}
