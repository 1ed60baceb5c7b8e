// The full checks: at the end of a run, or on request. What must hold at any time is looked at in every
// phone; what must be gone when all is over only when no phone has anything to do.

internal import BasicContainers

extension Kernel {
    /// Looks at every phone, and keeps the first rule that is broken.
    mutating func checkEverything() {
        for index in 0..<peers.count { checkNow(PhoneNumber(index)) }
        checkFetches()
        if activeCount == 0 { checkRest() }
    }

    private mutating func checkNow(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        watch.checkCount += 1
        if phones[index].runningLoad != watch.phones[index].running {
            breakRule(.wholeLoad, by: phone, "it runs another load than it installed")
        }
        let count = peers[index].fileCount
        for place in 0..<count {
            let children = peers[index].branches[place].childCount
            if children > Int(context.parameters.fanOut) {
                breakRule(.childLimit, by: phone, "it has \(children) children for a file")
            }
        }
        if peers[index].current < count { checkCycle(from: phone) }
        for place in 0..<min(peers[index].current + 1, count) {
            guard let file = peers[index].job?.files[place],
                let parent = mutualParent(of: phone, file),
                phones[Int(parent.index)].group != phones[index].group
            else { continue }
            breakRule(.oneGroup, by: phone, "its parent is of another model")
        }
    }

    /// The servers' own count against the instances and the reasons.
    private mutating func checkFetches() {
        let counts = instances.counts
        let served = network.servers.reduce(0) { $0 + $1.totals.transfers }
        var fetching = 0
        var shared = 0
        for instance in instances.instances {
            if instance.fetches > 0 { fetching += 1 }
            shared += instance.fetches
        }
        watch.checkCount += 1
        guard
            served != counts.total || counts.first != fetching
                || counts.total - counts.alone != shared
        else { return }
        breakRule(
            .fetchCount,
            by: nil,
            "\(served) fetches, of which \(counts.total) have a reason; \(fetching) instances "
                + "fetched, \(counts.first) first fetches"
        )
    }

    private mutating func checkRest() {
        for index in 0..<peers.count { checkRest(of: PhoneNumber(index)) }
        for path in network.paths where path.flows.count > 0 {
            breakRule(.nothingLeft, by: nil, "a transfer from a server goes on")
        }
        for server in network.servers where server.serving != 0 {
            let what = "\(server.name) counts \(server.serving) transfers that are none"
            breakRule(.nothingLeft, by: nil, what)
        }
        for instance in instances.instances where instance.endedAt == .never {
            let what = "an instance of \(name(of: instance.file)) has not ended"
            breakRule(.nothingLeft, by: instance.root, what)
        }
        if waitingUploads.values.contains(where: { !$0.isEmpty }) {
            breakRule(.nothingLeft, by: nil, "a file waits to be sent")
        }
    }

    private mutating func checkRest(of phone: PhoneNumber) {
        let index = Int(phone.index)
        watch.checkCount += 1
        if watch.phones[index].isUpgrading {
            breakRule(.outcome, by: phone, "its upgrade has neither gone on nor ended")
        }
        guard !peers[index].isUpgrading, !peers[index].servesChildren,
            elections[index].phase == .idle
        else {
            breakRule(.nothingLeft, by: phone, "it is still in the middle of something")
            return
        }
        if case .none = phones[index].download {
        } else {
            breakRule(.nothingLeft, by: phone, "a file is still on its way to it")
        }
        if ports[index].count > 0 {
            breakRule(.nothingLeft, by: phone, "it still sends a file")
        }
    }
}

extension World {
    /// Whether the invariants are looked after; what was broken before is forgotten.
    public var checksInvariants: Bool {
        get { kernel.watch.isOn }
        set {
            if newValue, !kernel.watch.isOn { kernel.beginWatch() }
            if !newValue { kernel.watch.end() }
        }
    }

    /// The first invariant that was broken; nothing happens in the world after that.
    public var brokenInvariant: BrokenInvariant? { kernel.watch.broken }

    /// How often an invariant was looked at, and confirmed roots beside another that a loss or
    /// falling back explains.
    public var invariantCounts: (checks: UInt64, secondRoots: Int) {
        (kernel.watch.checkCount, kernel.watch.secondRoots)
    }

    /// Looks at everything now; answers what is broken, which then is `brokenInvariant`.
    ///
    /// Nil where the invariants are not looked after.
    public func checkInvariants() -> BrokenInvariant? {
        guard kernel.watch.isOn else { return nil }
        kernel.checkEverything()
        return kernel.watch.broken
    }

    /// A broken invariant in one line.
    public func text(_ broken: BrokenInvariant) -> String {
        let who = broken.phone.map { " " + name(of: $0) } ?? ""
        return "\(broken.invariant.name):\(who) \(broken.detail)"
    }
}
