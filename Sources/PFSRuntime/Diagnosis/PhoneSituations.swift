// Situations of single phones: old firmware, dead ones, phones in calls, settings that wait.

extension FieldSituation {
    static let phoneSituations: [FieldSituation] = [
        .problem(
            "dead-after-upgrade",
            "a phone does not come back after it applied its load",
            .logs,
            signs: "applying LOAD, and no running LOAD within three minutes, or none while a phone "
                + "that applied it later runs it",
            remedy:
                "CSCtg96408 describes it; power-cycle once, then a factory reset, then replace it",
            Evidence(
                .attested,
                "headline of CSCtg96408 in TechNote 200615; the signs are modelled"
            ),
            look: deadAfterUpgrade
        ).by(.bootFailure),
        .problem(
            "old-firmware",
            "the firmware is too old for the load",
            .logs,
            signs:
                "verify failed for the .loads file of a 9.x load, reason 14; the screen says Auth "
                + "Fail; in the world, SCCP firmware below 8.3(3) that shall run 9.x",
            remedy: "go by way of 8.3(3) to 8.5(2): `firmware path` says the steps",
            UpgradeStep.signingKey.evidence,
            look: { oldFirmware($0, ofLate: false) }
        ),
        .problem(
            "direct-jump",
            "a 7970, 7971 or 7975 is sent from 8.3 to 9.x at once",
            .logs,
            signs: "the same with a load of family 70 or 75; real ones restart again and again or "
                + "stay at Upgrading",
            remedy: "go by way of 8.5(2); do not cut the power while it upgrades",
            Evidence(.attested, "Cisco community ta-p/3122993"),
            look: { oldFirmware($0, ofLate: true) }
        ),
        .problem(
            "invalid-default-load",
            "the flash names no load, so the phone asks nobody",
            .logs,
            signs: "image: Invalid default load name, then DHCP succeeds, and no TFTP RRQ follows",
            remedy:
                "a failed flash: format it with 3491672850*# at power-on, with the load on the server",
            Evidence(.attested, "trixbox.org, Bricked 7941g; Cisco community m-p/983314"),
            look: invalidDefault
        ),
        .problem(
            "wrong-hardware",
            "a phone rejects a load that does not fit its hardware",
            .logs,
            signs: "Load rejected HC, on the screen's status messages or in the log",
            remedy:
                "give it a load that knows its hardware: a newer one of the same family, by `load` on "
                + "the phone or `defaults` for all of its revision; manifests name it by #HARDWARE_COMP",
            Evidence(.attested, "8800 guide, status messages; where a log has it is modelled"),
            look: wrongHardware
        ),
        .note(
            "reset-in-call",
            "a reset waits for the end of a call",
            .world,
            signs: "the phone is in a call when its reset comes due",
            cost: "it comes late to the hierarchy, and alone if nobody serves any more",
            Evidence(.attested, "CUCM alarms, DeviceApplyConfigResult, reason 5"),
            look: resetInCall
        ),
        .note(
            "config-pending",
            "a changed setting waits for the end of a download",
            .world,
            signs: "the phone fetches firmware and has not read what was changed",
            cost: "the change counts from the next time that the phone reads its configuration",
            Evidence(.attested, "CUCM alarms, DeviceApplyConfigResult, Config pending"),
            look: configPending
        ),
    ]

    /// Longer than any upgrade's reboot in the model, which is 70 s.
    private static let rebootMicroseconds: Int64 = 180_000_000

    @Sendable private static func deadAfterUpgrade(_ known: FieldCase) -> [Sign] {
        let logged = known.story.phones.map(\.end.microseconds).max() ?? 0
        let end =
            known.world.map { world in
                world.wallClock.time(at: .zero).microseconds + world.now.nanoseconds / 1_000
            } ?? logged
        return known.story.phones.compactMap { phone in
            guard let applied = phone.moments[.applies]?.last,
                applied.microseconds > phone.moments[.runs]?.last.microseconds ?? -1,
                end - applied.microseconds > rebootMicroseconds
                    || othersCameUp(after: applied, known)
            else { return nil }
            return Sign(phone.name, applied)
        }
    }

    private static func isLate(_ family: String) -> Bool {
        family.hasSuffix("70") || family.hasSuffix("75")
    }

    /// Whether another phone applied a load later, and runs it.
    private static func othersCameUp(after applied: LoggedLine, _ known: FieldCase) -> Bool {
        known.story.phones.contains { other in
            guard let later = other.moments[.applies]?.last, let runs = other.moments[.runs]?.last
            else { return false }
            return later.microseconds > applied.microseconds
                && runs.microseconds > later.microseconds
        }
    }

    /// `ofLate` asks about the families 70 and 75 only, else about all others.
    private static func oldFirmware(_ known: FieldCase, ofLate: Bool) -> [Sign] {
        let refused = known.upgrades.compactMap { upgrade -> Sign? in
            guard isLate(upgrade.family) == ofLate, upgrade.family.hasPrefix("SCCP"),
                upgrade.load.dropFirst(upgrade.family.count).hasPrefix(".9-"),
                let line = upgrade.first.first(.fileRejected), !upgrade.first.has(.fileVerified),
                // In a world that goes on it is over when another load runs.
                known.world == nil
                    || line.microseconds > upgrade.phone.moments[.runs]?.last.microseconds ?? -1
            else { return nil }
            return Sign(upgrade.phone.name, line)
        }
        return refused + waiting(known, ofLate: ofLate)
    }

    private static func waiting(_ known: FieldCase, ofLate: Bool) -> [Sign] {
        guard let world = known.world else { return [] }
        return world.phones.compactMap { phone in
            let identity = world.identity(phone)
            let wanted = world.configuredLoad(phone)
            let running = world.runningLoad(phone)
            let family = world.catalog[wanted].name.family
            guard !world.catalog.reaches(wanted, from: running), isLate(family) == ofLate else {
                return nil
            }
            return Sign(
                identity.name,
                "runs \(world.catalog[running].name), shall run \(world.catalog[wanted].name)"
            )
        }
    }

    @Sendable private static func invalidDefault(_ known: FieldCase) -> [Sign] {
        known.story.phones.compactMap { phone in
            guard let line = phone.first(.invalidDefaultLoad), !phone.has(.fetchAlone),
                !phone.has(.claimed)
            else { return nil }
            return Sign(phone.name, line)
        }
    }

    @Sendable private static func wrongHardware(_ known: FieldCase) -> [Sign] {
        known.story.phones.compactMap { phone in
            guard let line = phone.first(.loadRejected),
                // What it came to run later fits.
                line.microseconds > phone.moments[.runs]?.last.microseconds ?? -1
            else { return nil }
            return Sign(phone.name, line)
        }
    }

    @Sendable private static func resetInCall(_ known: FieldCase) -> [Sign] {
        guard let world = known.world else { return [] }
        return world.phones.filter { world.delaysReset($0) }.map {
            Sign(world.name(of: $0), "in a call, its reset has come due")
        }
    }

    @Sendable private static func configPending(_ known: FieldCase) -> [Sign] {
        guard let world = known.world else { return [] }
        return world.phones.filter { phone in
            world.snapshot(phone).target != nil && world.configurationIsPending(phone)
        }.map { Sign(world.name(of: $0), "fetches firmware, has not read its configuration") }
    }
}
