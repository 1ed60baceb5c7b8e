// The instances of hierarchies and the server's fetches, counted. An instance of (subnet, model,
// file) lives from the first phone that wants the file until no phone wants or serves it. Its first
// fetch from the server is the one that the method promises; every other has a reason with a name.

/// How many fetches the server served, by reason.
public struct FetchCounts: BitwiseCopyable, Hashable, Sendable {
    /// Instances of hierarchies that came to life.
    public internal(set) var instances = 0
    /// First fetches of an instance.
    public internal(set) var first = 0
    /// Fetches of phones that gave up on their peers.
    public internal(set) var fallbacks = 0
    /// Fetches by a root of what an earlier root of the instance, or itself, had fetched before.
    public internal(set) var refetches = 0
    /// Fetches by a second root beside one that fetches or holds the file.
    public internal(set) var secondRoots = 0
    /// Fetches of phones that do not share.
    public internal(set) var alone = 0

    /// All fetches.
    public var total: Int { first + fallbacks + refetches + secondRoots + alone }
}

/// One life of a hierarchy.
public struct HierarchyInstance: BitwiseCopyable, Sendable {
    /// The subnet and model, as the number of the group of phones.
    public let group: UInt32
    /// The file.
    public let file: FileNumber
    /// When the first phone wanted the file.
    public let bornAt: Instant
    /// When the last phone left; `never` while it lives.
    public internal(set) var endedAt = Instant.never
    /// Phones that want or serve the file now.
    public internal(set) var participants = 0
    /// Fetches from the server.
    public internal(set) var fetches = 0
    /// The phone that fetched or fetches as root.
    public internal(set) var root: PhoneNumber?
}

/// All instances of a world.
struct InstanceTable: Sendable {
    private(set) var instances: [HierarchyInstance] = []
    private(set) var counts = FetchCounts()
    private var living: [UInt64: Int] = [:]

    private func key(_ group: UInt32, _ file: FileNumber) -> UInt64 {
        UInt64(group) << 16 | UInt64(file.index)
    }

    mutating func enter(_ group: UInt32, _ file: FileNumber, now: Instant) {
        let key = key(group, file)
        if let index = living[key] {
            instances[index].participants += 1
            return
        }
        living[key] = instances.count
        counts.instances += 1
        var instance = HierarchyInstance(group: group, file: file, bornAt: now)
        instance.participants = 1
        instances.append(instance)
    }

    mutating func leave(_ group: UInt32, _ file: FileNumber, now: Instant) {
        let key = key(group, file)
        guard let index = living[key] else { return }
        instances[index].participants -= 1
        guard instances[index].participants == 0 else { return }
        instances[index].endedAt = now
        living[key] = nil
    }

    /// A fetch begins: files it under its reason.
    ///
    /// `rootIsActive` tells whether the instance's root still fetches or holds the file.
    mutating func fetch(
        _ group: UInt32,
        _ file: FileNumber,
        by phone: PhoneNumber,
        _ reason: FetchReason,
        rootIsActive: Bool
    ) {
        guard reason != .alone, let index = living[key(group, file)] else {
            counts.alone += 1
            return
        }
        let earlierRoot = instances[index].root
        let isFirst = instances[index].fetches == 0
        instances[index].fetches += 1
        instances[index].root = phone
        if isFirst {
            counts.first += 1
        } else if reason == .fallback {
            counts.fallbacks += 1
        } else if reason == .again || earlierRoot == phone {
            counts.refetches += 1
        } else if rootIsActive {
            counts.secondRoots += 1
        } else {
            counts.refetches += 1
        }
    }

    /// The living instance of a hierarchy.
    func current(_ group: UInt32, _ file: FileNumber) -> HierarchyInstance? {
        living[key(group, file)].map { instances[$0] }
    }
}
