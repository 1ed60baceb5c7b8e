// The faults of a world as the kernel keeps them: those that are on, those that are over, what they hit,
// and what they hold up. Plain values, so that a copy of the world has its own.

/// A fault that is on.
struct ActiveFault: Sendable {
    var record: FaultRecord
    /// How many things there were that it could have hit, if it counts them.
    var matched = 0
    /// The broadcast that is its nth, by its number.
    var chosenBroadcast: UInt32 = 0
    /// The phones from which it has taken the power, each once.
    var struck: [PhoneNumber] = []
    /// Whether a hostile peer's next word is in the queue.
    var isHarassing = false
}

/// Something on its way that faults may hit.
struct FaultTarget {
    var message: FaultMessage
    var file: FileNumber
    /// The place of the file in the sender's load.
    var fileIndex: Int?
    var sender: PhoneNumber
    var receiver: PhoneNumber
    /// The number of a broadcast; 0 for what goes over a link.
    var broadcast: UInt32
    /// Tells apart what the same phone sends to the same in the same instant.
    var digest: UInt64

    /// The sender and the receiver as one number.
    var pair: UInt64 { FaultTable.pair(sender, receiver) }
}

/// What becomes of something on its way.
struct FaultFate {
    var isLost = false
    var delay = Interval.zero
    /// How often it arrives besides the first time.
    var copies = 0
    /// Whether it waits for the sender's next one.
    var isHeldBack = false
    /// Whether it arrives damaged.
    var isDamaged = false
    /// Whether another device gets it, that has the receiver's address.
    var isAstray = false
}

/// One direction of a link about a file.
struct LinkKey: Hashable, Sendable {
    let sender: PhoneNumber
    let receiver: PhoneNumber
    let file: FileNumber
}

/// What waits on a link for its first message, which was lost and is sent again.
struct LinkBacklog: Sendable {
    var messages: [LinkMessage]
    /// How often the first was sent.
    var attempts: UInt8 = 1
    /// Tells an older backlog of the same link apart.
    let serial: UInt64
}

/// Messages to be sent again, in reused places.
struct RetransmissionPool: Sendable {
    private var entries: [(key: LinkKey, serial: UInt64)] = []
    private var free: [UInt32] = []

    mutating func put(_ key: LinkKey, _ serial: UInt64) -> UInt32 {
        if let index = free.popLast() {
            entries[Int(index)] = (key, serial)
            return index
        }
        entries.append((key, serial))
        return UInt32(entries.count - 1)
    }

    mutating func take(_ index: UInt32) -> (key: LinkKey, serial: UInt64) {
        free.append(index)
        return entries[Int(index)]
    }
}

/// Broadcasts that reach a phone late, in reused places.
struct LateBroadcastPool: Sendable {
    private var entries: [(broadcast: Broadcast, receiver: PhoneNumber, isOff: Bool)] = []
    private var free: [UInt32] = []

    /// A broadcast need not come any more; its place is kept until its time.
    mutating func callOff(_ index: UInt32) -> (broadcast: Broadcast, receiver: PhoneNumber) {
        entries[Int(index)].isOff = true
        return (entries[Int(index)].broadcast, entries[Int(index)].receiver)
    }

    mutating func put(_ broadcast: Broadcast, _ receiver: PhoneNumber) -> UInt32 {
        if let index = free.popLast() {
            entries[Int(index)] = (broadcast, receiver, false)
            return index
        }
        entries.append((broadcast, receiver, false))
        return UInt32(entries.count - 1)
    }

    /// The broadcast of a place, which is free then; nil when it was called off.
    mutating func take(_ index: UInt32) -> (broadcast: Broadcast, receiver: PhoneNumber)? {
        free.append(index)
        let entry = entries[Int(index)]
        return entry.isOff ? nil : (entry.broadcast, entry.receiver)
    }
}

/// What a phone without power still has in flash of a load that it was fetching.
struct KeptFlash: BitwiseCopyable, Sendable {
    let load: UInt16
    /// So many of its first files.
    let count: Int
}

/// A frozen phone: what it would have done, and what was on its way.
struct FrozenPhone: Sendable {
    let since: Instant
    /// Whether it was up, and not rebooting.
    let wasUp: Bool
    var events: [KernelEvent] = []
    var fetch: FrozenFetch?
    var upload: FrozenUpload?
    /// What it fetched from a real server.
    var realFetch: FileNumber?

    init(since: Instant, wasUp: Bool) {
        self.since = since
        self.wasUp = wasUp
    }
}

/// A fetch from a server that stands still.
struct FrozenFetch: BitwiseCopyable, Sendable {
    let file: FileNumber
    let path: Int
    /// What is still to come.
    let blocks: Int64
}

/// A file from a parent that stands still.
struct FrozenUpload: BitwiseCopyable, Sendable {
    let parent: PhoneNumber
    let file: FileNumber
    /// What is still to come.
    let bytes: Int64
}

/// All faults of a world.
struct FaultTable: Sendable {
    /// The most faults that are on at one time; own choice.
    static let activeLimit = 1_000
    /// How many that are over are remembered.
    static let endedLimit = 1_000
    /// How many hits are remembered.
    static let hitLimit = 100_000

    private(set) var active: [ActiveFault] = []
    private(set) var ended: [FaultRecord] = []
    private var lastNumber = 0
    /// How many broadcasts were sent while a fault was on.
    private var lastBroadcast: UInt32 = 0
    var hits: [FaultHit] = []
    private var oldestHit = 0
    /// Looked up only.
    var backlogs: [LinkKey: LinkBacklog] = [:]
    private var lastBacklog: UInt64 = 0
    /// Until when the last message that was late is on its way, by link; looked up only.
    var busyUntil: [LinkKey: Instant] = [:]
    /// Counts the connections of links on which something was held up; looked up only.
    private var connections: [LinkKey: UInt32] = [:]
    var retransmissions = RetransmissionPool()
    var lateBroadcasts = LateBroadcastPool()
    /// Frozen phones by number; looked up only.
    var frozen: [UInt32: FrozenPhone] = [:]
    /// Broadcasts that wait for their sender's next one, by sender and receiver; looked up only.
    var heldBack: [UInt64: UInt32] = [:]
    /// Phones to which another file comes than the one that they asked for, or came and was not
    /// checked yet, with its size in bytes; looked up only.
    var spoiled: [UInt32: Int64] = [:]
    /// What phones without power have in flash; looked up only.
    var keptFlash: [UInt32: KeptFlash] = [:]
    /// Phones that could not read their configuration; looked up only.
    var missedRestarts: [UInt32: Bool] = [:]
    /// When phones give up on a transfer that stands still; looked up only.
    var stalls: [UInt32: Instant] = [:]
    /// Clocks that are wrong; looked up only.
    var clocks: [UInt32: PhoneClock] = [:]
    /// The load that stands for none: what a phone in a recovery runs.
    var noLoad: UInt16 = 0

    /// Whether any fault is on.
    var isOn: Bool { !active.isEmpty }

    /// Whether anything is on or held up.
    var isBusy: Bool { isOn || !backlogs.isEmpty || !busyUntil.isEmpty }

    /// Whether links have been opened anew while something was still on its way over an older one.
    var hasReopened: Bool { !connections.isEmpty }

    /// Whether something waits on a link, or is late on its way over it.
    func isHeldUp(
        _ file: FileNumber,
        between one: PhoneNumber,
        and other: PhoneNumber,
        now: Instant
    ) -> Bool {
        guard !backlogs.isEmpty || !busyUntil.isEmpty else { return false }
        let there = LinkKey(sender: one, receiver: other, file: file)
        let back = LinkKey(sender: other, receiver: one, file: file)
        return [there, back].contains { way in
            backlogs[way] != nil || busyUntil[way].map { $0 >= now } ?? false
        }
    }

    /// A sender and a receiver as one number.
    static func pair(_ sender: PhoneNumber, _ receiver: PhoneNumber) -> UInt64 {
        UInt64(sender.index) << 32 | UInt64(receiver.index)
    }

    /// Which connection of a link is the present one.
    func connection(_ key: LinkKey) -> UInt32 { connections[key] ?? 0 }

    /// A link is opened anew: what still waits, or is on its way, in either direction is gone.
    mutating func reopen(_ key: LinkKey) {
        let back = LinkKey(sender: key.receiver, receiver: key.sender, file: key.file)
        for way in [key, back] where backlogs[way] != nil || busyUntil[way] != nil {
            backlogs[way] = nil
            busyUntil[way] = nil
            connections[way, default: 0] += 1
        }
    }

    mutating func add(_ order: FaultOrder, now: Instant) -> FaultRecord {
        lastNumber += 1
        let record = FaultRecord(
            number: lastNumber,
            order: order,
            since: now,
            until: order.length.map { now + $0 }
        )
        active.append(ActiveFault(record: record))
        return record
    }

    func place(of number: Int) -> Int? {
        active.firstIndex { $0.record.number == number }
    }

    /// Takes a fault off, and remembers it.
    mutating func end(at place: Int, now: Instant) -> FaultRecord {
        var record = active.remove(at: place).record
        record.endedAt = now
        if ended.count == Self.endedLimit { ended.removeFirst() }
        ended.append(record)
        return record
    }

    mutating func countMatch(at place: Int) -> Int {
        active[place].matched += 1
        return active[place].matched
    }

    /// A fault has taken the power from a phone.
    mutating func strike(_ phone: PhoneNumber, at place: Int) {
        active[place].struck.append(phone)
    }

    mutating func setHarassing(_ isHarassing: Bool, at place: Int) {
        active[place].isHarassing = isHarassing
    }

    mutating func choose(broadcast: UInt32, at place: Int) {
        active[place].chosenBroadcast = broadcast
    }

    mutating func takeBroadcast() -> UInt32 {
        lastBroadcast &+= 1
        if lastBroadcast == 0 { lastBroadcast = 1 }
        return lastBroadcast
    }

    mutating func takeBacklog() -> UInt64 {
        lastBacklog += 1
        return lastBacklog
    }

    /// Counts and remembers a hit.
    mutating func hit(at place: Int, _ make: (Int) -> FaultHit) {
        active[place].record.hits += 1
        let hit = make(active[place].record.number)
        if hits.count < Self.hitLimit {
            hits.append(hit)
        } else {
            hits[oldestHit] = hit
            oldestHit = oldestHit + 1 == hits.count ? 0 : oldestHit + 1
        }
    }

    /// The hits that are remembered, oldest first.
    var hitsInOrder: [FaultHit] { Array(hits[oldestHit...] + hits[..<oldestHit]) }
}
