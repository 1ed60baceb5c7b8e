// What CUCM's way of ordering an upgrade runs into: phones in a call, which come late, and old firmware,
// which does not take a load that is signed with a key it does not know.

internal import BasicContainers

extension Kernel {
    /// A phone is to restart: now, or when its call is over.
    mutating func restartWhenFree(_ phone: PhoneNumber, _ incarnation: UInt16) {
        if let end = callsUntil[phone.index] {
            guard end <= now else {
                schedule(.restart(phone, incarnation), at: end)
                return
            }
            callsUntil[phone.index] = nil
        }
        readConfiguration(phone)
    }

    /// A phone has checked a file: it is good, unless the phone's firmware cannot know its signature.
    mutating func finishVerifying(_ phone: PhoneNumber) {
        feed(phone, .verified(unknownSignatures[phone.index] == nil), from: nil)
    }
}

extension World {
    /// Puts phones in a call, which delays their restarts, until `end`; a call that is longer stays.
    public func setCall(of phones: [PhoneNumber], until end: Instant) {
        for phone in phones where end > max(now, kernel.callsUntil[phone.index] ?? .zero) {
            kernel.callsUntil[phone.index] = end
        }
    }

    /// When the call of a phone ends; nil when it is in none.
    public func callEnd(of phone: PhoneNumber) -> Instant? {
        guard let end = kernel.callsUntil[phone.index], end > now else { return nil }
        return end
    }

    /// The step that a phone's firmware needs before the load that its configuration names; nil where
    /// it needs none.
    public func missingStep(of phone: PhoneNumber) -> UpgradeStep? {
        let index = Int(phone.index)
        let running = catalog[LoadID(rawValue: kernel.phones[index].runningLoad)].version
        guard identity(phone).model.model.is79xx, let running,
            let target = catalog[configuredLoad(phone)].version,
            UpgradeStep.signingKey.isNeeded(from: running, to: target)
        else { return nil }
        return .signingKey
    }
}
