// Ordering an upgrade in CUCM's own way: the configuration is set before, here phones are made to
// read it.

internal import BasicContainers

/// How phones are made to read their configuration.
public enum RestartKind: Sendable {
    /// A full boot.
    case reset
    /// A boot without asking for an address again; the same here, where addresses are given.
    case restart
    /// A boot that finds neither firmware nor configuration.
    case factoryReset
}

extension World {
    /// Restarts phones, all within the start spread of the model, or one after the other.
    ///
    /// A restart ordered while another of the same phone is still to come is one with it.
    /// One phone restarts at once. `stagger` is the time between one phone and the next; a negative
    /// one counts as none, and a restart later than `Instant.latest` never comes.
    public func restart(_ kind: RestartKind, _ phones: [PhoneNumber], stagger: Interval? = nil) {
        if !hasStarted {
            restartOrders.append(
                RestartOrder(
                    kind: kind,
                    phones: phones,
                    stagger: stagger,
                    seed: seed,
                    spread: kernel.parameters.startSpread
                )
            )
        }
        for (position, phone) in phones.enumerated()
        where !identities[Int(phone.index)].isRemoved {
            let record = kernel.phones[Int(phone.index)]
            var wait = Interval.zero
            if let stagger {
                wait = Self.wait(stagger, at: position)
            } else if phones.count > 1 {
                let index = UInt64(phone.index) << 16 | UInt64(record.incarnation)
                var spread = RandomStream(seed: seed, purpose: .startSpread, index: index)
                wait = spread.interval(below: kernel.parameters.startSpread)
            }
            kernel.setActive(phone, true)
            kernel.phones[Int(phone.index)].awaitsRestart = true
            kernel.schedule(.restart(phone, record.incarnation), at: now + wait)
        }
    }

    /// When the last of `count` phones restarts, one `stagger` after the other from now on; nil when
    /// that is later than `Instant.latest`, or `stagger` is negative.
    public func lastRestart(of count: Int, stagger: Interval) -> Instant? {
        guard stagger >= .zero else { return nil }
        let last = now + Self.wait(stagger, at: max(count, 1) - 1)
        return last <= .latest ? last : nil
    }

    private static func wait(_ stagger: Interval, at position: Int) -> Interval {
        let nanoseconds = max(stagger.nanoseconds, 0)
        let (product, overflow) = nanoseconds.multipliedReportingOverflow(by: Int64(position))
        return Interval(nanoseconds: overflow ? .max : product)
    }

    /// Makes phones read their configuration without a restart; those that find a new load restart.
    ///
    /// A phone in the middle of an upgrade takes a change of the field over at its next file.
    /// Answers the phones that restart.
    public func applyConfiguration(_ phones: [PhoneNumber]) -> [PhoneNumber] {
        var restarting: [PhoneNumber] = []
        for phone in phones where !kernel.isOutOfOrder(phone) {
            let record = kernel.phones[Int(phone.index)]
            kernel.phones[Int(phone.index)].readSharing = record.configuredSharing
            kernel.phones[Int(phone.index)].readLoadServer = record.configuredLoadServer
            kernel.phones[Int(phone.index)].readLogServer = record.configuredLogServer
            if kernel.peers[Int(phone.index)].job != nil {
                kernel.feed(phone, .sharing(record.configuredSharing), from: nil)
            }
            if kernel.peers[Int(phone.index)].isUpgrading { continue }
            if record.configuredLoad != record.runningLoad {
                restarting.append(phone)
            } else {
                kernel.serveWhenDone(phone)
            }
        }
        restart(.restart, restarting)
        return restarting
    }

    /// Calls upgrades off; answers the phones that were in one.
    public func cancel(_ phones: [PhoneNumber]) -> [PhoneNumber] {
        phones.filter { phone in
            guard kernel.peers[Int(phone.index)].isUpgrading, !kernel.isOutOfOrder(phone)
            else { return false }
            kernel.feed(phone, .cancel, from: nil)
            return true
        }
    }

    /// Cuts phones off from the others of their subnet, or joins them again: only phones of the
    /// same segment hear each other.
    ///
    /// All phones are in segment 0 at first.
    public func setSegment(_ segment: UInt8, of phones: [PhoneNumber]) {
        kernel.setSegment(segment, of: phones)
    }
}

extension Kernel {
    /// Puts an event into the queue; one that would come after the end of the clock never comes.
    mutating func schedule(_ event: KernelEvent, at time: Instant) {
        guard time <= .latest else { return }
        queue.push(event, at: time)
    }

    /// The same in the turn of `sequence`, for an event that comes back.
    mutating func schedule(_ event: KernelEvent, at time: Instant, sequence: UInt64) {
        guard time <= .latest else { return }
        queue.push(event, at: time, sequence: sequence)
    }

    /// An upgrade has ended; the phone has still something to do when a restart is to come.
    mutating func becomeInactive(_ phone: PhoneNumber) {
        setActive(phone, phones[Int(phone.index)].awaitsRestart)
    }

    /// Keeps count of the phones that have something to do.
    mutating func setActive(_ phone: PhoneNumber, _ isActive: Bool) {
        guard phones[Int(phone.index)].isActive != isActive else { return }
        phones[Int(phone.index)].isActive = isActive
        activeCount += isActive ? 1 : -1
        outcomeCount += 1
        watch.progressAt = now
    }
}
