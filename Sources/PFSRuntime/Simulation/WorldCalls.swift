// Phones in a call. CUCM lets a call end before a phone is reset, so that such a phone comes late to an
// upgrade: attested that it happens. How long a call lasts, a user says.

internal import BasicContainers

/// A call of a phone.
struct Call: BitwiseCopyable, Sendable {
    /// When it ends.
    let end: Instant
    /// Whether a reset has come due meanwhile.
    var delaysReset: Bool
}

extension World {
    /// Puts phones into a call that ends after `length`; one that is in a call already has that one
    /// last longer or shorter.
    ///
    /// A reset that comes due meanwhile waits for its end. Throws `outOfService` with the phones that
    /// are, before anything is changed: who fetches firmware or reboots can take no call.
    public func beginCalls(_ phones: [PhoneNumber], lasting length: Interval) throws(WorldError) {
        let away = phones.filter { !isInService($0) }
        guard away.isEmpty else { throw .outOfService(away.map { name(of: $0) }) }
        let end = min(now + length, .latest)
        for phone in phones {
            let delaysReset = kernel.calls[phone.index]?.delaysReset ?? false
            kernel.calls[phone.index] = Call(end: end, delaysReset: delaysReset)
            kernel.schedule(.callEnd(phone), at: end)
        }
        kernel.changeCount += 1
    }

    /// Ends the calls of phones now; answers how many were in one.
    public func endCalls(_ phones: [PhoneNumber]) -> Int {
        var count = 0
        for phone in phones {
            guard let call = kernel.calls.removeValue(forKey: phone.index) else { continue }
            count += 1
            // A reset that waits comes at once; its later turn finds another incarnation.
            guard call.delaysReset else { continue }
            let incarnation = kernel.phones[Int(phone.index)].incarnation
            kernel.schedule(.restart(phone, incarnation), at: now)
        }
        kernel.changeCount += 1
        return count
    }

    /// Whether a phone is in a call.
    public func isInCall(_ phone: PhoneNumber) -> Bool { callEnd(of: phone) != nil }

    /// When the call of a phone ends; nil when it is in none.
    public func callEnd(of phone: PhoneNumber) -> Instant? {
        // Nearly always there is none, and this is asked of every phone that is shown.
        guard !kernel.calls.isEmpty else { return nil }
        return kernel.calls[phone.index]?.end
    }

    /// Whether a reset of a phone has come due and waits for the end of its call.
    public func delaysReset(_ phone: PhoneNumber) -> Bool {
        kernel.calls[phone.index]?.delaysReset ?? false
    }

    /// Whether a phone can take calls: it is plugged in and neither fetches firmware nor reboots.
    public func isInService(_ phone: PhoneNumber) -> Bool {
        let index = Int(phone.index)
        return !identities[index].isRemoved && kernel.phones[index].isUp
            && !kernel.peers[index].isUpgrading
    }
}

extension Kernel {
    /// Puts a restart that has come due off to the end of the phone's call, if it is in one.
    mutating func delaysRestart(of phone: PhoneNumber) -> Bool {
        guard let end = calls[phone.index]?.end, end > now else { return false }
        calls[phone.index]?.delaysReset = true
        schedule(.restart(phone, phones[Int(phone.index)].incarnation), at: end)
        return true
    }

    /// The end of a call has come, unless it was given another meanwhile.
    mutating func endCall(of phone: PhoneNumber) {
        guard let end = calls[phone.index]?.end, end <= now else { return }
        calls[phone.index] = nil
        changeCount += 1
    }
}
