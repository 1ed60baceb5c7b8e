// The future of the event queue: rings of buckets, each ring a thousand times coarser than the one
// before it, over a pool of nodes. Decides where an event waits until its bucket is opened; order
// inside a bucket is the queue's business.

internal import BasicContainers

/// The bucket numbers of the wheel: a tick is one bucket of the finest ring.
enum WheelScale {
    /// 2¹³ ns, about 8 µs: wide enough that a bucket of a busy subnet holds a run of events, narrow
    /// enough that a hop over the LAN (50 µs and more) leaves the open bucket.
    static let tickBits: UInt64 = 13
    static let slotBits = 10
    static let slotCount = 1 << slotBits
    /// Five rings of ten bits over thirteen cover every instant of 63 bits.
    static let levelCount = 5

    static func tick(of time: Instant) -> UInt64 {
        UInt64(bitPattern: time.nanoseconds) >> tickBits
    }

    static func start(of tick: UInt64) -> Instant {
        Instant(nanoseconds: Int64(bitPattern: tick << tickBits))
    }
}

/// An event in the wheel's pool and its successor in the bucket (or in the list of free nodes).
struct WheelNode<Payload: BitwiseCopyable>: BitwiseCopyable {
    var event: QueuedEvent<Payload>
    var next: UInt32
}

/// A bucket of the wheel: a chain of nodes, first in, first out.
struct WheelChain: BitwiseCopyable {
    var head: UInt32
    var tail: UInt32
    static var empty: WheelChain { WheelChain(head: .max, tail: .max) }
}

/// Events of later ticks than the open one, in buckets, in the order of their arrival.
///
/// An event waits in the ring of the highest digit in which its tick differs from the open one, so
/// everything in a finer ring is due before everything in a coarser one. It moves down at most once
/// per ring: the cost of an event does not depend on how many wait, and no memory is asked for once
/// the pool has grown to the greatest number that ever waited.
struct TimingWheel<Payload: BitwiseCopyable>: ~Copyable {
    typealias Event = QueuedEvent<Payload>

    private var nodes: UniqueArray<WheelNode<Payload>>
    private var freeNode: UInt32
    private var chains: UniqueArray<WheelChain>
    /// One bit per bucket that is not empty, 64 buckets to a word.
    private var occupied: UniqueArray<UInt64>
    /// One bit per word of `occupied` that is not zero.
    private var summary: UInt128
    private(set) var count: Int
    /// The tick whose events have been handed out; all that wait are of later ticks.
    private(set) var openTick: UInt64

    init() {
        nodes = UniqueArray()
        freeNode = .max
        chains = UniqueArray(
            repeating: .empty,
            count: WheelScale.levelCount << WheelScale.slotBits
        )
        occupied = UniqueArray(repeating: 0, count: chains.count >> 6)
        summary = 0
        count = 0
        openTick = 0
    }

    private init(copying other: borrowing TimingWheel) {
        nodes = other.nodes.clone()
        freeNode = other.freeNode
        chains = other.chains.clone()
        occupied = other.occupied.clone()
        summary = other.summary
        count = other.count
        openTick = other.openTick
    }

    func copy() -> TimingWheel { TimingWheel(copying: self) }

    /// Files an event of a later tick than the open one.
    mutating func insert(_ event: Event, tick: UInt64) {
        let node: UInt32
        if freeNode != .max {
            node = freeNode
            freeNode = nodes[Int(node)].next
            nodes[Int(node)] = WheelNode(event: event, next: .max)
        } else {
            node = UInt32(nodes.count)
            nodes.append(WheelNode(event: event, next: .max))
        }
        count += 1
        link(node, tick: tick)
    }

    private mutating func link(_ node: UInt32, tick: UInt64) {
        let bucket = bucket(of: tick)
        if chains[bucket].head == .max {
            chains[bucket] = WheelChain(head: node, tail: node)
            occupied[bucket >> 6] |= 1 &<< UInt64(bucket & 63)
            summary |= 1 &<< UInt128(bucket >> 6)
        } else {
            nodes[Int(chains[bucket].tail)].next = node
            chains[bucket].tail = node
        }
    }

    private func bucket(of tick: UInt64) -> Int {
        let digit = 63 - (tick ^ openTick).leadingZeroBitCount
        let level = digit / WheelScale.slotBits
        let slot = Int(tick &>> UInt64(level * WheelScale.slotBits)) & (WheelScale.slotCount - 1)
        return level << WheelScale.slotBits | slot
    }

    /// The first bucket that is not empty; nil when nothing waits.
    ///
    /// Buckets at and before the open slot of their ring are always empty, so the lowest bit is it.
    private func firstBucket() -> Int? {
        guard summary != 0 else { return nil }
        let word = summary.trailingZeroBitCount
        return word << 6 | occupied[word].trailingZeroBitCount
    }

    /// The first tick of a bucket.
    private func firstTick(of bucket: Int) -> UInt64 {
        let level = bucket >> WheelScale.slotBits
        let slot = UInt64(bucket & (WheelScale.slotCount - 1))
        let shift = UInt64(level * WheelScale.slotBits)
        let above = shift + UInt64(WheelScale.slotBits)
        return (openTick &>> above) &<< above | slot &<< shift
    }

    /// When the first bucket that is not empty begins; nil when nothing waits.
    var nextStart: Instant? {
        guard let bucket = firstBucket() else { return nil }
        return WheelScale.start(of: firstTick(of: bucket))
    }

    /// The earliest time at which anything that waits is due; nil when nothing waits.
    var firstTime: Instant? {
        guard let bucket = firstBucket() else { return nil }
        var node = chains[bucket].head
        var earliest = Instant.never
        while node != .max {
            earliest = min(earliest, nodes[Int(node)].event.time)
            node = nodes[Int(node)].next
        }
        return earliest
    }

    /// Opens the next tick that has events and moves them to `open`, in the order of arrival.
    ///
    /// Stays where it is and answers false when nothing waits or the next bucket begins after
    /// `limit`: what is pushed while a world stands still must find its buckets unopened.
    mutating func openNext(through limit: Instant, into open: inout OpenBucket<Payload>) -> Bool {
        while open.isEmpty {
            guard let bucket = firstBucket() else { return false }
            let tick = firstTick(of: bucket)
            guard WheelScale.start(of: tick) <= limit else { return false }
            openTick = tick
            empty(bucket, into: &open)
        }
        return true
    }

    /// Hands out the events of the open tick in `bucket` and moves the others down.
    private mutating func empty(_ bucket: Int, into open: inout OpenBucket<Payload>) {
        var node = chains[bucket].head
        chains[bucket] = .empty
        let word = bucket >> 6
        occupied[word] &= ~(1 &<< UInt64(bucket & 63))
        if occupied[word] == 0 { summary &= ~(1 &<< UInt128(word)) }
        while node != .max {
            let (event, next) = (nodes[Int(node)].event, nodes[Int(node)].next)
            let tick = WheelScale.tick(of: event.time)
            if tick == openTick {
                open.arrive(event)
                nodes[Int(node)].next = freeNode
                freeNode = node
                count -= 1
            } else {
                nodes[Int(node)].next = .max
                link(node, tick: tick)
            }
            node = next
        }
    }
}
