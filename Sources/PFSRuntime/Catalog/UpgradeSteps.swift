// The way from one load to another, where old firmware cannot take the new one at once: SCCP firmware of
// the 79xx below 8.3(3), as `UpgradeStep.signingKey` says.

extension FirmwareCatalog {
    /// The versions by way of which a gated load is reached, the least and the latest.
    private static let gate =
        UpgradeStep.signingKey.runningBelow...UpgradeStep.signingKey.through

    /// Whether a phone that runs `running` can take `wanted` at once.
    ///
    /// Loads whose version is not known count as reachable.
    public func reaches(_ wanted: LoadID, from running: LoadID) -> Bool {
        guard self[wanted].name.family.hasPrefix("SCCP"), let to = self[wanted].version?.release,
            let from = self[running].version?.release
        else { return true }
        return !UpgradeStep.signingKey.isNeeded(from: from, to: to)
    }

    /// The loads to install one after the other, `wanted` last.
    ///
    /// Nil when a step is needed and no load that could be it is known.
    public func steps(to wanted: LoadID, from running: LoadID) -> [LoadID]? {
        if wanted == running { return [] }
        if reaches(wanted, from: running) { return [wanted] }
        let family = self[wanted].name.family
        let between = loads.indices.filter { index in
            guard let version = loads[index].version?.release else { return false }
            return loads[index].name.family == family && Self.gate.contains(version)
                && !loads[index].files.isEmpty
        }
        let gated = UpgradeStep.signingKey.targetFrom
        let latest = between.max { (left, right) in
            (loads[left].version ?? gated) < (loads[right].version ?? gated)
        }
        return latest.map { [LoadID(rawValue: UInt16($0)), wanted] }
    }
}
