// What faults do to the flash of phones: no room, slow, not what was written, no power while writing; and
// what is still there when the power comes back. A phone writes each file as it has verified it, and the
// whole load at the end, when it activates it.

internal import BasicContainers

extension Kernel {
    /// The longest that a file takes to write, however many disks are slow: 1 000 h; own choice.
    private static let writeLimit = Interval.seconds(3_600_000)

    /// What faults make of a write.
    struct WritePlan {
        /// How long it takes.
        var length: Interval
        /// How many times as long each slow disk lets it take.
        var slowDisks: [Int64] = []
        /// Why the file is not in flash at the end.
        var failure: FlashFailure?
        /// Whether the power goes meanwhile.
        var losesPower = false
    }

    /// A time so many times as long, up to the limit.
    static func prolonged(_ length: Interval, _ times: Int64) -> Interval {
        let (long, overflow) = length.nanoseconds.multipliedReportingOverflow(by: times)
        return overflow ? writeLimit : min(Interval(nanoseconds: long), writeLimit)
    }

    /// A phone writes a file while faults are on.
    mutating func write(_ file: FileNumber, of phone: PhoneNumber, taking time: Interval) {
        let incarnation = phones[Int(phone.index)].incarnation
        let plan = planWrite(file, of: phone, taking: time)
        if let failure = plan.failure {
            schedule(.flashFailed(phone, incarnation, failure), at: now + plan.length)
        } else {
            schedule(.written(phone, incarnation), at: now + plan.length)
        }
    }

    /// Decides what becomes of a write that would take so long, and lets the power go in its course.
    mutating func planWrite(
        _ file: FileNumber,
        of phone: PhoneNumber,
        taking time: Interval
    ) -> WritePlan {
        var plan = WritePlan(length: time)
        var cuts: [Int] = []
        for place in flashFaults(file, phone) {
            switch faults.active[place].record.fault {
            case .slowDisk(let times):
                plan.slowDisks.append(Int64(times))
                plan.length = Self.prolonged(plan.length, Int64(times))
            case .diskFull: plan.failure = .full
            case .corruptBlock: plan.failure = plan.failure ?? .damaged
            case .powerLoss:
                cuts.append(place)
                // It is hit when the power goes.
                continue
            default: continue
            }
            hit(place, phone, nil, file)
        }
        // Where there is no room that is known at once.
        if plan.failure == .full { plan.length = .zero }
        plan.losesPower = !cuts.isEmpty
        for place in cuts {
            var stream = stream(of: place, phone, salt: 3, .faultLength)
            schedulePowerLoss(place, phone, after: stream.interval(below: plan.length), false)
        }
        return plan
    }

    /// A phone activates its load while faults are on: it writes all of it.
    mutating func activate(_ phone: PhoneNumber) {
        for place in flashFaults(.none, phone) {
            guard case .powerLoss = faults.active[place].record.fault else { continue }
            var stream = stream(of: place, phone, salt: 4, .faultLength)
            let moment = stream.interval(below: parameters.reboot)
            schedulePowerLoss(place, phone, after: moment, moment * 2 >= parameters.reboot)
        }
    }

    private mutating func schedulePowerLoss(
        _ place: Int,
        _ phone: PhoneNumber,
        after moment: Interval,
        _ replacesLoad: Bool
    ) {
        let number = UInt32(faults.active[place].record.number)
        let incarnation = phones[Int(phone.index)].incarnation
        schedule(
            .powerFails(fault: number, phone, incarnation, replacesLoad: replacesLoad),
            at: now + moment
        )
    }

    /// The faults that strike a phone's next write: of a file, or of the whole load for none.
    private mutating func flashFaults(_ file: FileNumber, _ phone: PhoneNumber) -> [Int] {
        var found: [Int] = []
        for place in 0..<faults.active.count {
            let active = faults.active[place]
            guard active.record.fault.kind.declaration.subject == .flash, holds(active, phone),
                !active.struck.contains(phone)
            else { continue }
            // Only the power can fail while the whole load is written.
            if file == .none, active.record.fault != .powerLoss { continue }
            let wanted = active.record.scope.file
            if let wanted, file == .none || wanted != fileIndex(file, of: phone) { continue }
            if let nth = active.record.scope.nth, faults.countMatch(at: place) != nth { continue }
            guard strikesByChance(place, phone, salt: UInt64(file.index) << 8) else { continue }
            found.append(place)
        }
        return found
    }

    // MARK: No power while writing

    /// The power goes while a phone writes flash: it comes up with the load that it had, or, when that
    /// was being replaced, in a recovery that knows the name of the load and nothing else.
    mutating func losePower(_ phone: PhoneNumber, by number: Int, replacesLoad: Bool) {
        let index = Int(phone.index)
        guard let place = faults.place(of: number) else { return }
        var isReplacing = false
        if replacesLoad, case .applying = peers[index].stage { isReplacing = true }
        let load = phones[index].targetLoad
        faults.strike(phone, at: place)
        powerOff(phone, by: number, keepsFlash: false)
        guard isReplacing else { return }
        if factoryResets[phone.index] == nil {
            factoryResets[phone.index] = FactoryReset(load: load, contents: load)
        }
        phones[index].runningLoad = faults.noLoad
        if watch.isOn { watch.phones[index].running = faults.noLoad }
    }

    // MARK: What is still there

    /// The power goes, and what is in flash of the load that a phone fetches stays.
    mutating func keepFlash(of phone: PhoneNumber) {
        let index = Int(phone.index)
        guard let job = peers[index].job, factoryResets[phone.index] == nil else { return }
        let count = min(peers[index].current, job.count)
        guard count > 0 else { return }
        faults.keptFlash[phone.index] = KeptFlash(load: phones[index].targetLoad, count: count)
        guard watch.isOn else { return }
        watch.phones[index].flash = watch.phones[index].written & watch.phones[index].verified
    }

    /// What is in flash of a load that a phone fetched is gone.
    mutating func loseFlash(of phone: PhoneNumber) {
        faults.keptFlash[phone.index] = nil
        if watch.isOn { watch.phones[Int(phone.index)].flash = 0 }
    }

    /// How many first files of a load a phone has in flash from before its power went; asked once.
    mutating func takeKeptFlash(of phone: PhoneNumber, _ load: UInt16) -> Int {
        guard !faults.keptFlash.isEmpty,
            let kept = faults.keptFlash.removeValue(forKey: phone.index)
        else { return 0 }
        return kept.load == load ? kept.count : 0
    }
}
