// Clocks that run fast or slow. A phone knows no other time than its own: what it is told as the present
// time, and when it asks to be woken, is by its clock. When the fault is over the clock is right again, and
// every instant that the phone has noted is moved by what it was wrong.

internal import BasicContainers

/// A phone's clock that is wrong.
struct PhoneClock: BitwiseCopyable, Sendable {
    /// Since when it runs at its present rate.
    let since: Instant
    /// What it showed then.
    let shown: Instant
    /// How much faster than it should it runs; negative: slower.
    let partsPerMillion: Int64

    private static let million: Int128 = 1_000_000

    /// What it shows.
    func time(at instant: Instant) -> Instant {
        let elapsed = Int128((instant - since).nanoseconds)
        let own = elapsed * (Self.million + Int128(partsPerMillion)) / Self.million
        return shown + Interval(nanoseconds: Int64(clamping: own))
    }

    /// The first instant at which it shows a time, or a later one.
    func instant(showing time: Instant) -> Instant {
        guard time != .never else { return .never }
        let rate = Self.million + Int128(partsPerMillion)
        let own = Int128((time - shown).nanoseconds) * Self.million
        let elapsed = own > 0 ? (own + rate - 1) / rate : own / rate
        return since + Interval(nanoseconds: Int64(clamping: elapsed))
    }
}

extension Kernel {
    /// The most by which a clock may run slow, all faults together, so that it never stands still: own
    /// choice.
    private static let slowestPartsPerMillion = -900_000

    /// The present time by a phone's own clock.
    func ownTime(of phone: PhoneNumber) -> Instant {
        guard !faults.clocks.isEmpty else { return now }
        return faults.clocks[phone.index]?.time(at: now) ?? now
    }

    /// The instant at which a phone's clock shows a time.
    func time(when phone: PhoneNumber, is time: Instant) -> Instant {
        guard !faults.clocks.isEmpty else { return time }
        return faults.clocks[phone.index]?.instant(showing: time) ?? time
    }

    /// A fault of a phone's clock has begun or ended.
    mutating func setClock(of phone: PhoneNumber, by number: Int) {
        let shown = ownTime(of: phone)
        var drift = 0
        var isWrong = false
        for active in faults.active where holds(active, phone) {
            guard case .clockDrift(let partsPerMillion) = active.record.fault else { continue }
            isWrong = true
            drift += partsPerMillion
        }
        if isWrong {
            hit(fault: number, phone)
            faults.clocks[phone.index] = PhoneClock(
                since: now,
                shown: shown,
                partsPerMillion: Int64(max(drift, Self.slowestPartsPerMillion))
            )
        } else if faults.clocks.removeValue(forKey: phone.index) != nil {
            let index = Int(phone.index)
            peers[index].shiftTimes(
                by: now - shown,
                &elections[index],
                patience: context.parameters.seekingPatience
            )
            if watch.isOn { watch.phones[index].wakeAt = peers[index].scheduledWake }
        }
        let due = peers[Int(phone.index)].scheduledWake
        guard due != .never else { return }
        let turn = UInt64(phone.index)
        schedule(.wake(phone), at: max(time(when: phone, is: due), now), sequence: turn)
    }
}
