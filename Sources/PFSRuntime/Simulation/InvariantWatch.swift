// What the invariants know of each phone by their own observation: which files came whole, which were
// verified, what is written, when it will be woken. It is kept apart from the phones' own state, from
// what goes into them and what comes out, so that a phone that is wrong about itself is found out.

internal import BasicContainers

/// What was seen of one phone.
struct PhoneWatch: BitwiseCopyable, Sendable {
    /// The files of the present upgrade that came whole, a bit each, by their place in the load.
    var received: UInt8 = 0
    /// Those that were checked and found good.
    var verified: UInt8 = 0
    /// Those that were written.
    var written: UInt8 = 0
    /// Those that were verified and in flash when the power went, and may still be there.
    var flash: UInt8 = 0
    /// The place of the present file.
    var current: UInt8 = 0
    /// Whether it is in an upgrade that has not ended.
    var isUpgrading = false
    /// The load that it runs.
    var running: UInt16
    /// The earliest wake-up that it asked for and that has not come.
    var wakeAt = Instant.never

    static func bit(_ place: Int) -> UInt8 { 1 << UInt8(truncatingIfNeeded: place) }

    /// The bits of the first files of a load.
    static func bits(below count: Int) -> UInt8 { count >= 8 ? .max : bit(count) - 1 }
}

/// What was seen of all phones, and the first rule that was broken.
struct InvariantWatch: Sendable {
    /// Whether the rules are looked after.
    private(set) var isOn = false
    var phones: [PhoneWatch] = []
    /// When something was last lost in each group: a broadcast, or the way to some of its phones.
    var lossAt: [Instant] = []
    /// When each hostile peer last said that it holds a file which it does not.
    var liedAt: [UInt32: Instant] = [:]
    /// The first rule that was broken; nothing happens in the world any more.
    private(set) var broken: BrokenInvariant?
    /// How often a rule was looked at.
    var checkCount: UInt64 = 0
    /// When a phone last got a file, or began or ended an upgrade.
    var progressAt = Instant.zero
    /// Confirmed roots beside another one, which falling back or a loss explains.
    var secondRoots = 0

    /// How long after a loss the phones of a group may not know of each other's root.
    ///
    /// A claim, its repetitions and a root's advertisement may all have been missed. Own choice.
    static let lossWindow = Interval.seconds(10)

    /// How long after its lie a phone may be in a circle.
    ///
    /// Who is told that a phone of its own subtree holds the file may join that liar, and goes in a circle with
    /// it until the links of a phone that hangs have been silent for long enough. Own choice.
    static let lieWindow = Interval.seconds(30)

    mutating func begin(_ phones: [PhoneWatch], groups: Int, now: Instant) {
        isOn = true
        progressAt = now
        self.phones = phones
        lossAt = Array(repeating: .zero - Self.lossWindow - Self.lossWindow, count: groups)
        broken = nil
    }

    mutating func end() {
        isOn = false
        phones = []
        lossAt = []
        liedAt = [:]
        broken = nil
    }

    mutating func fail(_ failure: BrokenInvariant) {
        if broken == nil { broken = failure }
    }

    mutating func addGroup() {
        if isOn { lossAt.append(.zero - Self.lossWindow - Self.lossWindow) }
    }
}

extension Kernel {
    /// Begins to look after the rules, from the state in which the phones are now.
    mutating func beginWatch() {
        var list: [PhoneWatch] = []
        list.reserveCapacity(peers.count)
        for index in 0..<peers.count { list.append(watched(index)) }
        watch.begin(list, groups: groups.count, now: now)
    }

    private func watched(_ index: Int) -> PhoneWatch {
        var seen = PhoneWatch(running: phones[index].runningLoad)
        let peer = peers[index]
        seen.wakeAt = peer.scheduledWake
        guard peer.job != nil else { return seen }
        seen.isUpgrading = peer.isUpgrading
        seen.current = UInt8(peer.current)
        let earlier = PhoneWatch.bits(below: peer.current)
        (seen.received, seen.verified, seen.written) = (earlier, earlier, earlier)
        switch peer.stage {
        case .writing: seen.verified |= PhoneWatch.bit(peer.current)
        case .verifying: break
        case .idle, .electing, .joining, .attached, .orphaned, .waiting, .backingOff, .fetching,
            .lingering, .applying, .serving:
            return seen
        }
        seen.received |= PhoneWatch.bit(peer.current)
        return seen
    }

    /// A phone has come into the world.
    mutating func watchNewPhone(_ index: Int) {
        guard watch.isOn else { return }
        watch.phones.append(PhoneWatch(running: phones[index].runningLoad))
    }

    /// Something was lost in the group of a phone, or the way to it has changed.
    mutating func noteLoss(at phone: PhoneNumber) {
        guard watch.isOn else { return }
        watch.lossAt[Int(phones[Int(phone.index)].group)] = now
    }

    /// The same for whole groups: a fault that can keep messages from phones begins or ends.
    mutating func noteLoss(in list: [Int]) {
        guard watch.isOn else { return }
        for group in list { watch.lossAt[group] = now }
    }

    /// A hostile peer says that it holds a file.
    mutating func noteLie(of phone: PhoneNumber) {
        guard watch.isOn else { return }
        watch.liedAt[phone.index] = now
    }

    /// The rule is broken: keeps what is known, and nothing happens any more.
    mutating func breakRule(_ rule: Invariant, by phone: PhoneNumber?, _ detail: String) {
        watch.fail(
            BrokenInvariant(
                invariant: rule,
                seed: network.seed,
                time: now,
                phone: phone,
                detail: detail
            )
        )
    }

    /// A phone is about to handle an input: takes note of what comes to it.
    mutating func watchInput(_ input: PeerInput, of phone: PhoneNumber) {
        let index = Int(phone.index)
        let place = peers[index].current
        let bit = PhoneWatch.bit(place)
        switch (input, peers[index].stage) {
        case (.serve(let job), .idle):
            let all = PhoneWatch.bits(below: job.count)
            watch.phones[index].received = all
            watch.phones[index].verified = all
            watch.phones[index].written = all
            watch.phones[index].current = UInt8(job.count)
        case (.start(let job), .idle):
            let old = watch.phones[index]
            let kept = old.flash & PhoneWatch.bits(below: job.keptCount)
            watch.phones[index] = PhoneWatch(running: old.running)
            (watch.phones[index].received, watch.phones[index].verified) = (kept, kept)
            watch.phones[index].written = kept
            watch.phones[index].current = UInt8(job.keptCount)
            watch.phones[index].wakeAt = old.wakeAt
            watch.phones[index].isUpgrading = true
        case (.fetchEnded(.done), .fetching), (.fileArrived, .attached):
            watch.phones[index].received |= bit
        case (.verified(let isGood), .verifying):
            if isGood {
                watch.phones[index].verified |= bit
            } else {
                watch.phones[index].received &= ~bit
            }
        case (.written, .writing):
            watch.phones[index].written |= bit
        case (.wake, _):
            let time = faults.isOn ? ownTime(of: phone) : now
            if watch.phones[index].wakeAt <= time { watch.phones[index].wakeAt = .never }
        default: break
        }
    }

    /// A phone has lost all that it was doing, as one that has no power.
    mutating func watchDrop(of phone: PhoneNumber) {
        guard watch.isOn else { return }
        let old = watch.phones[Int(phone.index)]
        watch.phones[Int(phone.index)] = PhoneWatch(running: old.running)
        watch.phones[Int(phone.index)].flash = old.flash
    }

    /// A phone is about to run the load that it fetched.
    mutating func watchNewLoad(of phone: PhoneNumber) {
        guard watch.isOn else { return }
        let index = Int(phone.index)
        let all = PhoneWatch.bits(below: loads[Int(phones[index].targetLoad)].files.count)
        watch.checkCount += 1
        if watch.phones[index].written != all || watch.phones[index].verified != all {
            breakRule(.wholeLoad, by: phone, "it runs a load of which it has not every file")
        }
        watch.phones[index].running = phones[index].targetLoad
        watch.phones[index].isUpgrading = false
    }
}
