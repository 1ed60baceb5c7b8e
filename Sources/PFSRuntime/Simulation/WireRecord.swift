// What phones put on the wire, in a few words each: recorded only while somebody captures, so that a run
// without a listener pays nothing. Packets are made of it later. What the kernel leaves out because it
// changes nothing, such as a Hold on a link where all is well, is recorded as if it had been played.

internal import BasicContainers

/// Something that a phone sent, or a transfer's beginning or end.
public struct WireRecord: BitwiseCopyable, Sendable {
    /// What it is.
    public enum Event: BitwiseCopyable, Sendable {
        /// A message to all phones of the subnet.
        case broadcast(PeerMessage)
        /// A message over a link; a Join opens it. Unanswered: nobody is there.
        case message(PeerMessage, to: PhoneNumber, isAnswered: Bool)
        /// The link is closed.
        case close(to: PhoneNumber)
        /// A parent begins to send so many bytes to a child.
        case uploadBegan(to: PhoneNumber, bytes: Int64)
        /// The parent has sent so many bytes, all of them or until it stopped.
        case uploadEnded(to: PhoneNumber, bytes: Int64)
        /// A request to a server that answers with an error.
        case fetchRefused(server: UInt8, FetchRefusal, FetchTransport)
        /// A request that nothing answers.
        case fetchUnanswered(FetchTransport)
        /// A server begins to send a file.
        case fetchBegan(server: UInt8, FetchTransport)
        /// So many blocks came, all of them or not.
        case fetchEnded(blocks: Int64, isWhole: Bool)
        /// A fault hit what the phone sent at that time, on its way to another.
        case faultHit(number: UInt32, FaultMessage, to: PhoneNumber, isLost: Bool)
    }

    /// When.
    public var time: Instant
    /// The phone that sent it, or that fetches.
    public var phone: PhoneNumber
    /// The file that it is about.
    public var file: FileNumber
    /// The one-way delay to the other end.
    public var delay: Interval
    /// What it is.
    public var event: Event
}

/// Keeps what was sent until somebody takes it.
struct WireRecorder: Sendable {
    /// The most records between two takings: some 100 MB.
    static let capacity = 1_000_000

    var isOn = false
    private(set) var records: [WireRecord] = []
    /// Records that found no room.
    private(set) var lost = 0
    /// Up to when the implied Holds of a phone are recorded.
    var heldUntil: [UInt32: Instant] = [:]
    /// When recording began.
    var begunAt = Instant.zero

    mutating func append(_ record: WireRecord) {
        guard records.count < Self.capacity else {
            lost += 1
            return
        }
        records.append(record)
    }

    /// Takes the records up to an instant out, in the order of their times.
    mutating func take(through limit: Instant) -> [WireRecord] {
        let taken = records.enumerated().filter { $0.element.time <= limit }
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
        records.removeAll { $0.time <= limit }
        return taken
    }
}

extension Kernel {
    /// Records something if somebody captures.
    mutating func recordWire(
        _ event: WireRecord.Event,
        _ file: FileNumber,
        of phone: PhoneNumber,
        at time: Instant? = nil,
        delay: Interval = .zero
    ) {
        guard wire.isOn else { return }
        wire.append(
            WireRecord(time: time ?? now, phone: phone, file: file, delay: delay, event: event)
        )
    }

    /// Records what goes over a link.
    mutating func recordWire(
        _ delivery: LinkDelivery,
        _ file: FileNumber,
        from phone: PhoneNumber,
        to receiver: PhoneNumber
    ) {
        let (own, other) = (phones[Int(phone.index)], phones[Int(receiver.index)])
        let delay = Interval(nanoseconds: Int64(other.delayNanoseconds))
        switch delivery {
        case .message(let message):
            let isAnswered = other.isUp && other.segment == own.segment
            recordWire(
                .message(message, to: receiver, isAnswered: isAnswered),
                file,
                of: phone,
                delay: delay
            )
        case .reset: recordWire(.close(to: receiver), file, of: phone, delay: delay)
        // Where it ends is recorded where it is sent.
        case .file: return
        }
    }

    /// Records that a fault hit something on its way, at the time at which that was sent.
    mutating func recordWire(hitBy place: Int, _ target: FaultTarget) {
        guard wire.isOn else { return }
        let record = faults.active[place].record
        let isLost =
            switch record.fault {
            case .drop, .block, .partition, .isolate, .freeze: true
            case .unauthorised: true
            default: false
            }
        // A broadcast is looked at where it arrives, what goes over a link where it leaves.
        let delay = Int64(phones[Int(target.receiver.index)].delayNanoseconds)
        let sent = target.broadcast != 0 ? now - Interval(nanoseconds: delay) : now
        recordWire(
            .faultHit(
                number: UInt32(record.number),
                target.message,
                to: target.receiver,
                isLost: isLost
            ),
            target.file,
            of: target.sender,
            at: sent
        )
    }

    /// Records that a parent stops sending to a child, as far as it had come.
    mutating func recordCut(of file: FileNumber, from parent: PhoneNumber, to child: PhoneNumber) {
        let progress = ports[Int(parent.index)].progress(
            to: child,
            file: file,
            cost: portCost(parent),
            now: now
        )
        guard let progress else { return }
        recordWire(.uploadEnded(to: child, bytes: progress.moved), file, of: parent)
    }

    /// The same for all that a parent sends.
    mutating func recordCuts(from parent: PhoneNumber) {
        for index in 0..<phones.count {
            if case .parent(parent, let file) = phones[index].download {
                recordCut(of: file, from: parent, to: PhoneNumber(index))
            }
        }
    }

    /// Records the Holds of a quiet phone that were implied up to now.
    mutating func recordImpliedHolds(of phone: PhoneNumber) {
        let index = Int(phone.index)
        guard wire.isOn, peers[index].isQuiet, let last = peers[index].lastImpliedHold(context)
        else { return }
        let begin = max(
            peers[index].quietSince,
            wire.heldUntil[phone.index] ?? .zero,
            wire.begunAt
        )
        wire.heldUntil[phone.index] = last
        var times: [Instant] = []
        var time = last
        while time > begin {
            times.append(time)
            time = time - context.parameters.hold
        }
        let ends = peers[index].linkEnds()
        for time in times.reversed() {
            for position in 0..<ends.count {
                let end = ends[position]
                guard let branch = peers[index].branchIndex(of: end.file),
                    let other = subnets[Int(phones[index].subnet)].phone(at: end.address)
                else { continue }
                let isRootless = peers[index].branches[branch].isRootless
                let content: PeerMessage =
                    end.isChild && isRootless
                    ? .rootless : .hold(peers[index].branches[branch].position)
                recordWire(
                    .message(content, to: other, isAnswered: true),
                    end.file,
                    of: phone,
                    at: time
                )
            }
        }
    }
}

extension World {
    /// Whether what phones send is recorded, for a capture; the run itself is the same either way.
    public var recordsTraffic: Bool {
        get { kernel.wire.isOn }
        set {
            guard newValue != kernel.wire.isOn else { return }
            kernel.wire = WireRecorder()
            kernel.wire.isOn = newValue
            kernel.wire.begunAt = now
        }
    }

    /// Takes out what was recorded up to now, in the order of time.
    public func takeTraffic() -> [WireRecord] {
        guard recordsTraffic else { return [] }
        for index in 0..<kernel.peers.count {
            kernel.recordImpliedHolds(of: PhoneNumber(index))
        }
        return kernel.wire.take(through: now)
    }

    /// Records that found no room because nobody took any for too long.
    public var lostTraffic: Int { kernel.wire.lost }
}
