// PFS-M1: a small fixed model of one upgrade in one subnet, for which other programs give the same
// numbers. Decides nothing of the product; it stands on the product's own event queue and fan-out,
// so its results prove their order and its time is comparable with a reference in C.

internal import BasicContainers

/// The benchmark model PFS-M1: election by advertisements, a binary tree, six files store and forward.
///
/// Benchmarks/reference/pfs-m1.md states the model. All arithmetic is exact, so every
/// implementation must give the same result for the same number of phones.
public enum PFSM1 {
    /// What a run gives; equal between all right implementations.
    public struct Result: BitwiseCopyable, Hashable, Sendable {
        /// Events executed.
        public var events: UInt64 = 0
        /// The phone that became root, by its number in the model.
        public var root: UInt32 = 0
        /// Broadcasts sent: advertisements and confirmations.
        public var broadcasts: UInt64 = 0
        /// The greatest depth in the tree; the root has 0.
        public var depth: UInt64 = 0
        /// When the last phone had rebooted, in nanoseconds.
        public var last: UInt64 = 0
        /// The sum of all phones' times of completion in nanoseconds, modulo 2⁶⁴.
        public var sum: UInt64 = 0
        /// Phones that completed.
        public var completed: Int = 0
    }

    /// Runs the model with phones 0 to `phoneCount` - 1, at most 2²⁸.
    ///
    /// Traps when a phone does not complete: the result would not count as a run.
    public static func run(phoneCount: Int) -> Result {
        precondition((1...1 << 28).contains(phoneCount), "phones: 1 to 2^28")
        var model = PFSM1Model(phoneCount: phoneCount)
        model.run()
        precondition(model.result.completed == phoneCount, "every phone must complete")
        return model.result
    }
}

/// The constants of PFS-M1, times in nanoseconds.
private enum Constant {
    static let seed: UInt64 = 1
    static let listen = Interval.milliseconds(500)
    static let tick = Interval.milliseconds(250)
    static let hop = Interval.microseconds(200)
    static let rootWait = Interval.seconds(10)
    static let reboot = Interval.seconds(30)
    static let advertisements: UInt8 = 4
    static let fileCount: UInt32 = 6

    /// Sizes of the six files in bytes.
    static func size(_ file: UInt32) -> Int64 {
        switch file {
        case 0: 540_000
        case 1: 2_510_000
        case 2: 575_000
        case 3: 1_830_000
        case 4: 2_954_000
        default: 1_000_000
        }
    }

    /// Lock-step TFTP over 150 ms round trip and 1.544 Mb/s: 153,129,532 ns per 512-byte block.
    static func wan(_ file: UInt32) -> Interval {
        Interval(nanoseconds: (size(file) / 512 + 1) * 153_129_532)
    }

    /// 100 Mb/s and 1 ms to connect.
    static func lan(_ file: UInt32) -> Interval {
        Interval(nanoseconds: 1_000_000 + size(file) * 80)
    }

    static func verify(_ file: UInt32) -> Interval {
        Interval(nanoseconds: 5_000_000 + size(file) * 10)
    }

    /// The model's random number `purpose` of phone `id`.
    static func draw(_ id: UInt32, _ purpose: UInt64) -> UInt64 {
        let step = 4 * UInt64(id) + purpose + 1
        return RandomStream.mix(seed &+ step &* 0x9E37_79B9_7F4A_7C15)
    }

    static func bootNanoseconds(_ id: UInt32) -> UInt32 { UInt32(draw(id, 0) % 1_000_000_000) }
    static func strength(_ id: UInt32) -> UInt64 { draw(id, 1) << 32 | UInt64(id) }
    static func delayNanoseconds(_ id: UInt32) -> UInt32 { UInt32(50_000 + draw(id, 2) % 100_000) }
}

/// An entry of the queue in eight bytes: what, to whom (28 bits), and a phone or a file.
private struct ModelEvent: BitwiseCopyable {
    enum Kind: UInt32 {
        case fanout, listenEnd, tick, join, accept, start, wanDone, have, transferDone, reboot
    }

    private var kindAndPhone: UInt32
    /// The phone that joins, or the number of a file.
    var argument: UInt32

    init(_ kind: Kind, _ phone: UInt32, _ argument: UInt32 = 0) {
        kindAndPhone = kind.rawValue << 28 | phone
        self.argument = argument
    }

    var kind: Kind? { Kind(rawValue: kindAndPhone >> 28) }
    /// The phone, or the index of the fan-out.
    var phone: UInt32 { kindAndPhone & 0xFFF_FFFF }
}

private enum ModelMessage: BitwiseCopyable {
    case powerOn
    case advertisement(strength: UInt64)
    case confirmation
}

/// What an election needs of a phone, beside the strongest claim it heard.
private struct Candidate: BitwiseCopyable {
    enum State: UInt8 { case off, listening, claiming, following, member, root }
    var id: UInt32
    var state: State
    var ticks: UInt8

    var strength: UInt64 { Constant.strength(id) }
}

/// A phone's place in the tree and its files.
private struct Place: BitwiseCopyable {
    var children: InlineArray<2, UInt32>
    var childCount: UInt8
    var turn: UInt8
    var depth: UInt8
    var fileCount: UInt8
}

/// The world of PFS-M1.
///
/// Phones are numbered in the order of their delays, so that a broadcast walks through memory from
/// front to back; what most deliveries touch is eight bytes of a phone.
private struct PFSM1Model: ~Copyable {
    private var queue = EventQueue<ModelEvent>()
    private var fanouts = FanoutTable<ModelMessage>()
    /// The phones by number, as broadcasts reach them.
    private var segment: ReceiverList
    /// The phones by id, as their power comes on.
    private var power: ReceiverList
    private var numbers: UniqueArray<UInt32>
    /// The strongest claim that counts for a phone, its own included once it has booted; `deaf` for
    /// one that no claim can move, so that a delivery is one comparison.
    private var strongest: UniqueArray<UInt64>
    private var candidates: UniqueArray<Candidate>
    private var places: UniqueArray<Place>
    /// When the connection to a child is free again.
    private var edgeFree: UniqueArray<InlineArray<2, Instant>>
    private(set) var result = PFSM1.Result()

    private static var deaf: UInt64 { .max }
    private static var segmentGroup: UInt32 { 0 }
    private static var powerGroup: UInt32 { 1 }

    init(phoneCount: Int) {
        let byDelay = Self.order(phoneCount, by: Constant.delayNanoseconds)
        candidates = UniqueArray(minimumCapacity: phoneCount)
        numbers = UniqueArray(repeating: 0, count: phoneCount)
        var receivers = UniqueArray<Receiver>(minimumCapacity: phoneCount)
        for number in 0..<byDelay.count {
            let id = byDelay[number].phone
            numbers[Int(id)] = UInt32(number)
            candidates.append(Candidate(id: id, state: .off, ticks: 0))
            receivers.append(
                Receiver(
                    phone: UInt32(number),
                    delayNanoseconds: byDelay[number].delayNanoseconds
                )
            )
        }
        segment = ReceiverList(ordered: receivers)
        power = Self.order(phoneCount, by: Constant.bootNanoseconds)
        strongest = UniqueArray(repeating: Self.deaf, count: phoneCount)
        let unjoined = Place(children: [0, 0], childCount: 0, turn: 0, depth: 0, fileCount: 0)
        places = UniqueArray(repeating: unjoined, count: phoneCount)
        edgeFree = UniqueArray(repeating: [.zero, .zero], count: phoneCount)
    }

    /// The phones by id in the order of `delay`, ids breaking ties.
    private static func order(
        _ phoneCount: Int,
        by delay: (UInt32) -> UInt32
    ) -> ReceiverList {
        var keys = (0..<UInt32(phoneCount)).map { UInt64(delay($0)) << 32 | UInt64($0) }
        keys.sort()
        var receivers = UniqueArray<Receiver>(minimumCapacity: phoneCount)
        for key in keys {
            receivers.append(
                Receiver(
                    phone: UInt32(truncatingIfNeeded: key),
                    delayNanoseconds: UInt32(key >> 32)
                )
            )
        }
        return ReceiverList(ordered: receivers)
    }

    mutating func run() {
        if let power = fanouts.begin(
            .powerOn,
            from: .max,
            group: Self.powerGroup,
            at: .zero,
            over: power
        ) {
            queue.push(ModelEvent(.fanout, power.index), at: power.first)
        }
        while let event = queue.popFirst() {
            result.events += 1
            if event.payload.kind == .fanout {
                walk(event)
            } else {
                execute(event.payload, now: event.time)
            }
        }
    }

    /// One delivery of a broadcast.
    private mutating func walk(_ event: QueuedEvent<ModelEvent>) {
        let index = event.payload.phone
        let fanout = fanouts[index]
        let step =
            fanout.group == Self.segmentGroup
            ? fanouts.advance(index, at: event.time, over: segment)
            : fanouts.advance(index, at: event.time, over: power)
        guard case .deliver(let phone, let next) = step else {
            preconditionFailure("the lists of PFS-M1 never change: \(step)")
        }
        if let next { queue.push(event.payload, at: next, sequence: event.sequence) }
        switch fanout.message {
        case .advertisement(let strength):
            if strength > strongest[Int(phone)] { hear(strength, phone) }
        case .confirmation:
            strongest[Int(phone)] = Self.deaf
            candidates[Int(phone)].state = .member
            queue.push(ModelEvent(.join, fanout.sender, phone), at: event.time + Constant.hop)
        case .powerOn:
            let number = numbers[Int(phone)]
            candidates[Int(number)].state = .listening
            strongest[Int(number)] = candidates[Int(number)].strength
            queue.push(ModelEvent(.listenEnd, number), at: event.time + Constant.listen)
        }
    }

    /// A claim stronger than all that `phone` knows: who claims gives up, who listens remembers.
    private mutating func hear(_ strength: UInt64, _ phone: UInt32) {
        if candidates[Int(phone)].state == .claiming {
            follow(phone)
        } else {
            strongest[Int(phone)] = strength
        }
    }

    private mutating func follow(_ phone: UInt32) {
        candidates[Int(phone)].state = .following
        strongest[Int(phone)] = Self.deaf
    }

    private mutating func broadcast(_ message: ModelMessage, from phone: UInt32, now: Instant) {
        result.broadcasts += 1
        if let begun = fanouts.begin(
            message,
            from: phone,
            group: Self.segmentGroup,
            at: now,
            over: segment
        ) {
            queue.push(ModelEvent(.fanout, begun.index), at: begun.first)
        }
    }

    private mutating func execute(_ event: ModelEvent, now: Instant) {
        let (phone, argument) = (event.phone, event.argument)
        switch event.kind {
        case .listenEnd: endListening(phone, now: now)
        case .tick: tick(phone, now: now)
        case .join: join(phone, argument, now: now)
        case .start:
            queue.push(ModelEvent(.wanDone, phone, 0), at: now + Constant.wan(0))
        case .wanDone:
            if argument + 1 < Constant.fileCount {
                let next = ModelEvent(.wanDone, phone, argument + 1)
                queue.push(next, at: now + Constant.wan(argument + 1))
            }
            queue.push(ModelEvent(.have, phone, argument), at: now + Constant.verify(argument))
        case .transferDone:
            queue.push(ModelEvent(.have, phone, argument), at: now + Constant.verify(argument))
        case .have: have(phone, argument, now: now)
        case .reboot:
            result.completed += 1
            result.sum &+= UInt64(now.nanoseconds)
            result.last = max(result.last, UInt64(now.nanoseconds))
        case .accept, .fanout, nil:
            break
        }
    }

    private mutating func endListening(_ phone: UInt32, now: Instant) {
        guard candidates[Int(phone)].state == .listening else { return }
        let strength = candidates[Int(phone)].strength
        if strongest[Int(phone)] > strength {
            follow(phone)
        } else {
            candidates[Int(phone)].state = .claiming
            broadcast(.advertisement(strength: strength), from: phone, now: now)
            queue.push(ModelEvent(.tick, phone), at: now + Constant.tick)
        }
    }

    private mutating func tick(_ phone: UInt32, now: Instant) {
        guard candidates[Int(phone)].state == .claiming else { return }
        candidates[Int(phone)].ticks += 1
        if candidates[Int(phone)].ticks <= Constant.advertisements {
            let strength = candidates[Int(phone)].strength
            broadcast(.advertisement(strength: strength), from: phone, now: now)
            queue.push(ModelEvent(.tick, phone), at: now + Constant.tick)
        } else {
            candidates[Int(phone)].state = .root
            strongest[Int(phone)] = Self.deaf
            result.root = candidates[Int(phone)].id
            broadcast(.confirmation, from: phone, now: now)
            queue.push(ModelEvent(.start, phone), at: now + Constant.rootWait)
        }
    }

    /// `joiner` asks `phone`, which takes it as a child or sends it on to one of its two.
    private mutating func join(_ phone: UInt32, _ joiner: UInt32, now: Instant) {
        var place = places[Int(phone)]
        if place.childCount < 2 {
            place.children[Int(place.childCount)] = joiner
            place.childCount += 1
            places[Int(joiner)].depth = place.depth + 1
            result.depth = max(result.depth, UInt64(place.depth) + 1)
            queue.push(ModelEvent(.accept, joiner), at: now + Constant.hop)
        } else {
            let child = place.children[Int(place.turn)]
            place.turn ^= 1
            queue.push(ModelEvent(.join, child, joiner), at: now + Constant.hop)
        }
        places[Int(phone)] = place
    }

    /// `phone` has verified `file`: it passes it on to its children and, after the last, reboots.
    private mutating func have(_ phone: UInt32, _ file: UInt32, now: Instant) {
        let place = places[Int(phone)]
        for child in 0..<Int(place.childCount) {
            let end = max(now, edgeFree[Int(phone)][child]) + Constant.lan(file)
            edgeFree[Int(phone)][child] = end
            queue.push(ModelEvent(.transferDone, place.children[child], file), at: end)
        }
        places[Int(phone)].fileCount += 1
        if places[Int(phone)].fileCount == Constant.fileCount {
            queue.push(ModelEvent(.reboot, phone), at: now + Constant.reboot)
        }
    }
}
