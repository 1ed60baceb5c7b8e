// What CUCM's way of ordering an upgrade runs into: old firmware, which does not take a load that is
// signed with a key it does not know.

internal import BasicContainers

extension Kernel {
    /// A phone has checked a file: it is good, unless the phone's firmware cannot know its signature,
    /// or something else came than the file.
    mutating func finishVerifying(_ phone: PhoneNumber) {
        let isSpoiled =
            !faults.spoiled.isEmpty && faults.spoiled.removeValue(forKey: phone.index) != nil
        let isGood = unknownSignatures[phone.index] == nil && !isSpoiled
        feed(phone, .verified(isGood), from: nil)
    }
}

extension World {
    /// The step that a phone's firmware needs before the load that its configuration names; nil where
    /// it needs none.
    public func missingStep(of phone: PhoneNumber) -> UpgradeStep? {
        let running = LoadID(rawValue: kernel.phones[Int(phone.index)].runningLoad)
        return catalog.reaches(configuredLoad(phone), from: running) ? nil : .signingKey
    }
}
