// The near end of the event queue: the events of the bucket that is open. Decides how they are put in
// total order: those that came in order stand in a run, only the others cost a heap's comparisons.

internal import BasicContainers

/// The events due before anything in the wheel.
///
/// Timers of one length and hops of one delay arrive in order, however many they are, and a run
/// takes them at the price of a copy. A bucket of any size and order is safe: the heap bounds the
/// cost of an event by the logarithm of the number.
struct OpenBucket<Payload: BitwiseCopyable>: ~Copyable {
    typealias Event = QueuedEvent<Payload>

    /// Events in order; those before `runHead` are gone.
    private var run: UniqueArray<Event>
    private var runHead: Int
    private var heap: EventHeap<Payload>
    /// The top of the heap has been popped but still stands there: the next insertion takes its
    /// place, and a broadcast's entry that comes back costs one walk down and not two.
    private var topIsPopped: Bool

    init() {
        run = UniqueArray()
        runHead = 0
        heap = EventHeap()
        topIsPopped = false
    }

    private init(copying other: borrowing OpenBucket) {
        run = other.run.clone()
        runHead = other.runHead
        heap = other.heap.copy()
        topIsPopped = other.topIsPopped
    }

    func copy() -> OpenBucket { OpenBucket(copying: self) }

    var count: Int { run.count - runHead + heap.count - (topIsPopped ? 1 : 0) }

    var isEmpty: Bool { count == 0 }

    /// When the first event is due; nil when there is none.
    var firstTime: Instant? {
        let inRun = runHead < run.count ? run[runHead].time : .never
        let first = min(inRun, topIsPopped ? heap.secondTime : heap.firstTime)
        return first == .never ? nil : first
    }

    /// Time and turn of the first event as one number; nil when there is none.
    var firstKey: UInt128? {
        var key = UInt128.max
        if runHead < run.count { key = run[runHead].key }
        key = min(key, topIsPopped ? heap.secondKey : heap.firstKey)
        return key == .max ? nil : key
    }

    /// Takes an event of the bucket that is being opened.
    mutating func arrive(_ event: Event) {
        if runHead == run.count {
            run.removeAll(keepingCapacity: true)
            runHead = 0
        }
        if run.isEmpty || run[run.count - 1].precedes(event) {
            run.append(event)
        } else {
            heap.insert(event)
        }
    }

    /// Takes an event that is due while the bucket is open.
    mutating func insert(_ event: Event) {
        if topIsPopped {
            topIsPopped = false
            heap.replaceFirst(with: event)
        } else {
            heap.insert(event)
        }
    }

    /// Takes out the first event, if it is due at `limit` or before.
    mutating func popFirst(through limit: Instant) -> Event? {
        if topIsPopped {
            topIsPopped = false
            heap.removeFirst()
        }
        if runHead < run.count {
            let event = run[runHead]
            if heap.isEmpty || event.precedes(heap.first) {
                guard event.time <= limit else { return nil }
                runHead += 1
                return event
            }
        }
        guard !heap.isEmpty else { return nil }
        let event = heap.first
        guard event.time <= limit else { return nil }
        topIsPopped = true
        return event
    }
}
