// Everything a phone can ask of the world, as values in a bounded queue that the driver owns: no
// closures, no tasks, no references, no allocation.

internal import BasicContainers

/// Why a phone fetches a file from the server.
public enum FetchReason: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// It is the root of a hierarchy.
    case root
    /// It is the root and fetches again, because what came did not verify.
    case again
    /// It gave up on its peers.
    case fallback
    /// It does not take part in peer firmware sharing.
    case alone
}

/// One thing that a phone asks the world to do.
public enum PeerEffect: BitwiseCopyable, Sendable {
    /// Hand in `wake` at this instant.
    case wake(Instant)
    /// Broadcast a message about a file to the phone's subnet, this long after the input.
    case broadcast(PeerMessage, FileNumber, after: Interval)
    /// Send a message over the link about a file to a phone; a Join opens the link.
    case send(PeerMessage, FileNumber, to: IPv4Address)
    /// Close the link about a file at once.
    case close(FileNumber, IPv4Address)
    /// Fetch a file from the server by TFTP.
    case fetch(FileNumber, FetchReason)
    /// Send a whole file over the link to a child.
    case upload(FileNumber, to: IPv4Address)
    /// Stop sending a file to a child, if that is still going on.
    case endUpload(FileNumber, to: IPv4Address)
    /// Check the file that has just come.
    case verify(FileNumber)
    /// Write the verified file to flash.
    case write(FileNumber)
    /// Activate the load: flash, reboot, register.
    case apply
    /// The phone takes part in, or leaves, the instance of a file's hierarchy.
    case participation(FileNumber, isIn: Bool)
    /// The phone has a file: whole and verified, from a parent or from the server.
    case obtained(FileNumber, from: IPv4Address?)
    /// The upgrade ended without success.
    case stopped(FailureReason)
    /// Something to log, this long after the input.
    case note(PeerNote, FileNumber, after: Interval)
}

extension PeerEffect {
    /// A number that tells effects apart, for the fingerprint of a run; nil for what only keeps
    /// phones in touch, or speaks of what has happened.
    var digest: UInt64? {
        switch self {
        case .wake, .note, .close: nil
        case .send(.hold, _, to: _), .send(.rootless, _, to: _): nil
        case .broadcast(let message, let file, after: let delay):
            1 << 56 ^ message.digest ^ UInt64(file.index) << 40
                ^ UInt64(bitPattern: delay.nanoseconds) << 8
        case .send(let message, let file, to: let receiver):
            2 << 56 ^ message.digest ^ UInt64(file.index) << 40 ^ UInt64(receiver.bits)
        case .fetch(let file, let reason):
            3 << 56 ^ UInt64(file.index) << 40 ^ UInt64(reason.rawValue)
        case .upload(let file, to: let child):
            4 << 56 ^ UInt64(file.index) << 40 ^ UInt64(child.bits)
        case .endUpload(let file, to: let child):
            5 << 56 ^ UInt64(file.index) << 40 ^ UInt64(child.bits)
        case .verify(let file): 6 << 56 ^ UInt64(file.index)
        case .write(let file): 7 << 56 ^ UInt64(file.index)
        case .apply: 8 << 56
        case .participation(let file, let isIn): 9 << 56 ^ UInt64(file.index) << 8 ^ (isIn ? 1 : 0)
        case .obtained(let file, from: let source):
            10 << 56 ^ UInt64(file.index) << 40 ^ UInt64(source?.bits ?? 0)
        case .stopped(let reason): 11 << 56 ^ UInt64(reason.rawValue)
        }
    }
}

/// The effects of one input, in order.
///
/// Never more than `capacity`: more is an error in this program and traps.
public struct EffectQueue: ~Copyable {
    /// Enough for the worst input: a tick on which every link of every file has something to say.
    public static let capacity = 160
    /// Room for `capacity` effects, allocated once. (Reading one element of an inline array of this
    /// size copies the whole array.)
    private var storage = UniqueArray<PeerEffect>(minimumCapacity: EffectQueue.capacity)
    /// How many effects are in the queue.
    public var count: Int { storage.count }
    /// Whether the driver wants notes of kinds that are off by default.
    public var wantsTrace = false
    /// How long after the input the next paced line is printed.
    private(set) var pace = Interval.zero
    private var lines: UInt64 = 0

    /// Makes an empty queue.
    public init() {}

    /// The effect at `index`, counted from 0.
    public subscript(index: Int) -> PeerEffect {
        storage[index]
    }

    /// Forgets all effects; the driver does so before each input.
    public mutating func removeAll() {
        storage.removeAll(keepingCapacity: true)
        pace = .zero
        lines = 0
    }

    mutating func emit(_ effect: PeerEffect) {
        precondition(count < Self.capacity, "more than \(Self.capacity) effects of one input")
        storage.append(effect)
    }

    /// Logs a line that the phone takes time to print, so that the next comes a little later.
    mutating func paced(
        _ note: PeerNote,
        _ file: FileNumber,
        _ parameters: PeerParameters,
        salt: UInt64
    ) {
        emit(.note(note, file, after: pace))
        advancePace(parameters, salt: salt)
    }

    /// Lets the time of one line pass without printing one.
    mutating func advancePace(_ parameters: PeerParameters, salt: UInt64) {
        let span = parameters.lineSpacingMost - parameters.lineSpacingLeast
        let bits = RandomStream.mix(salt &+ lines &* 0x9E37_79B9_7F4A_7C15)
        let share = bits.multipliedFullWidth(by: UInt64(max(span.nanoseconds, 0))).high
        pace = pace + parameters.lineSpacingLeast + Interval(nanoseconds: Int64(share))
        lines += 1
    }

    /// Sets the time of the next line, counted from the input.
    mutating func setPace(_ offset: Interval) { pace = offset }

    /// Logs a line at the time of the input itself.
    mutating func note(_ note: PeerNote, _ file: FileNumber) {
        emit(.note(note, file, after: .zero))
    }

    /// Logs a line of a kind that is off by default, if the driver wants such.
    mutating func trace(_ note: @autoclosure () -> PeerNote, _ file: FileNumber) {
        if wantsTrace { emit(.note(note(), file, after: pace)) }
    }
}
