// Whether a phone takes part in peer firmware sharing, and why. A pure function of what the phone
// is, runs and was told. All conditions are answered, not only the first that fails, so that a
// reader sees everything that would have to change.

/// What the decision depends on.
public struct SharingQuestion: BitwiseCopyable, Sendable {
    /// The phone's model.
    public var model: ModelID
    /// The protocol that it speaks.
    public var deviceProtocol: DeviceProtocol
    /// The version that it runs now, not the one that it shall run; nil when the load states none.
    public var runningVersion: FirmwareVersion?
    /// Whether it has an IPv4 address.
    public var hasIPv4: Bool
    /// The CUCM that it is registered with.
    public var cucm: CUCMVersion
    /// The field at the three levels.
    public var settings: SharingSettings
    /// The known bugs that are switched on for this phone, whether or not its model can have them.
    public var bugs: BugSet
    /// What a device pack says of the field for the model; nil where the version alone counts.
    public var devicePack: DevicePackEntry?

    /// Asks about a phone, with the bugs with which a world begins unless said otherwise.
    public init(
        model: ModelID,
        deviceProtocol: DeviceProtocol,
        runningVersion: FirmwareVersion?,
        hasIPv4: Bool = true,
        cucm: CUCMVersion = .standard,
        settings: SharingSettings = SharingSettings(),
        bugs: BugSet = .atFirst,
        devicePack: DevicePackEntry? = nil
    ) {
        self.model = model
        self.deviceProtocol = deviceProtocol
        self.runningVersion = runningVersion
        self.hasIPv4 = hasIPv4
        self.cucm = cucm
        self.settings = settings
        self.bugs = bugs
        self.devicePack = devicePack
    }
}

/// The conditions that must all hold, in the order in which a failing one settles the matter.
///
/// What nobody can change comes first, what CUCM can change last. The order is modelled.
public enum SharingCondition: UInt8, BitwiseCopyable, CaseIterable, Sendable {
    /// The model can share firmware.
    case model
    /// Bug CSCud66570 does not hold the setting at Disabled.
    case knownDefect
    /// The running firmware is 8.3(1) or later on a 79xx.
    case firmware
    /// The phone has an IPv4 address.
    case ipv4
    /// CUCM has the field for the model, or the phone shares without being told.
    case field
    /// The setting that counts is Enabled.
    case setting
}

/// The answer to one condition.
public struct SharingFinding: Hashable, Sendable {
    /// The condition.
    public let condition: SharingCondition
    /// Whether it holds.
    public let holds: Bool
    /// The answer in a few words: `firmware 8.3(1) or later`, `model is second generation`.
    public let text: String
    /// How well it is known that the rule is so.
    public let evidence: Evidence
}

/// Whether a level's value counts, and why not.
public enum LevelStanding: BitwiseCopyable, Hashable, Sendable {
    /// Its value is the phone's setting.
    case counts
    /// Nothing was ever entered there.
    case notSet
    /// A value is entered, but its override box is not ticked.
    case notTicked
    /// A value is entered and ticked, but this higher level speaks too.
    case outranked(by: SharingLevel)
    /// A value is entered, but CUCM has no such field for the model.
    case noField
}

/// One level as the decision saw it.
public struct LevelFinding: BitwiseCopyable, Hashable, Sendable {
    /// The level.
    public let level: SharingLevel
    /// What is entered there.
    public let setting: LevelSetting?
    /// Whether it counts.
    public let standing: LevelStanding
}

/// Whether a phone takes part, with all that led to it.
public struct SharingDecision: Sendable {
    /// What was asked.
    public let question: SharingQuestion
    /// Whether the phone looks for peers; if not, it takes every file from the server by itself.
    public let takesPart: Bool
    /// The setting that results from the levels or the default.
    public let value: SharingValue
    /// The levels, the highest first.
    public let levels: [LevelFinding]
    /// Whether no level speaks, so that the model's default under this CUCM counts.
    public let isDefault: Bool
    /// Whether CUCM has the field for the model; without it no level reaches the phone.
    public let field: FieldPresence
    /// All conditions that were asked, in the order of `SharingCondition`; that of the known defect
    /// only for a phone whose model can have it, that of the field only where it is missing.
    public let findings: [SharingFinding]
    /// The condition that settled it: the first that fails, or the setting when none does.
    public let settledBy: SharingCondition

    /// Decides.
    public init(_ question: SharingQuestion) {
        self.question = question
        let model = question.model.model
        let field = FieldPresence(
            of: model,
            under: question.cucm,
            pack: question.devicePack,
            bugs: question.bugs
        )
        self.field = field
        let deciding = field.isPresent ? question.settings.deciding : nil
        isDefault = deciding == nil
        levels = SharingLevel.byRank.map { level in
            let found = Self.finding(for: level, in: question.settings, deciding: deciding)
            guard !field.isPresent, found.setting != nil else { return found }
            return LevelFinding(level: level, setting: found.setting, standing: .noField)
        }
        let standard =
            field.isPresent
            ? model.sharingDefault.value(under: question.cucm) : model.sharingDefault.untold
        let setting = deciding.flatMap { question.settings[$0]?.value } ?? standard.value
        value = setting
        let evidence = isDefault ? standard.evidence : .techNote
        findings =
            [Self.modelFinding(model, question.deviceProtocol)]
            + Self.defectFinding(model, question)
            + [
                Self.firmwareFinding(model, question.runningVersion),
                Self.ipv4Finding(question.hasIPv4),
            ] + Self.fieldFinding(field, question.cucm, value: setting)
            + [
                SharingFinding(
                    condition: .setting,
                    holds: setting == .on,
                    text: "Peer Firmware Sharing is \(setting)",
                    evidence: evidence
                )
            ]
        let failing = findings.first { !$0.holds }
        takesPart = failing == nil
        settledBy = failing?.condition ?? .setting
    }

    /// The answer to one condition; nil when it was not asked.
    public func finding(_ condition: SharingCondition) -> SharingFinding? {
        findings.first { $0.condition == condition }
    }

    private static func finding(
        for level: SharingLevel,
        in settings: SharingSettings,
        deciding: SharingLevel?
    ) -> LevelFinding {
        let setting = settings[level]
        let standing: LevelStanding =
            if let setting {
                if !setting.isTicked {
                    .notTicked
                } else if let deciding, deciding > level {
                    .outranked(by: deciding)
                } else {
                    .counts
                }
            } else {
                .notSet
            }
        return LevelFinding(level: level, setting: setting, standing: standing)
    }

    private static func modelFinding(
        _ model: PhoneModel,
        _ deviceProtocol: DeviceProtocol
    ) -> SharingFinding {
        let text: String
        var holds = false
        var evidence = model.sharing.evidence
        switch model.sharing {
        case .capable where model.family(for: deviceProtocol) == nil:
            text = "model has no \(deviceProtocol) firmware"
            evidence = model.familyEvidence
        case .capable:
            text = "model"
            holds = true
        case .notCapable(let reason, _): text = "model cannot share: \(reason)"
        case .unknown: text = "model unknown to share, counts as not capable"
        }
        return SharingFinding(condition: .model, holds: holds, text: text, evidence: evidence)
    }

    private static func defectFinding(
        _ model: PhoneModel,
        _ question: SharingQuestion
    ) -> [SharingFinding] {
        let bug = KnownBug.alwaysDisabled
        guard bug.bites(model, under: question.cucm) else { return [] }
        let isOn = question.bugs[bug]
        let text = isOn ? "bug \(bug.id): \(bug.declaration.short)" : "bug \(bug.id) switched off"
        return [
            SharingFinding(
                condition: .knownDefect,
                holds: !isOn,
                text: text,
                evidence: bug.evidence
            )
        ]
    }

    private static func fieldFinding(
        _ field: FieldPresence,
        _ cucm: CUCMVersion,
        value: SharingValue
    ) -> [SharingFinding] {
        guard !field.isPresent else { return [] }
        let isOn = value == .on
        return [
            SharingFinding(
                condition: .field,
                holds: isOn,
                text: isOn
                    ? "on without a field in CUCM \(cucm)"
                    : "no field in CUCM \(cucm): \(field.reason)",
                evidence: field.evidence
            )
        ]
    }

    /// Bugs that are on and do not settle whether the phone takes part, but what comes of it.
    public var bugsOfUpgrade: [KnownBug] {
        KnownBug.allCases.filter { bug in
            bug.changesUpgrade && question.bugs[bug] && takesPart
                && bug.bites(question.model.model, under: question.cucm)
        }
    }

    private static func firmwareFinding(
        _ model: PhoneModel,
        _ running: FirmwareVersion?
    ) -> SharingFinding {
        let first = FirmwareVersion(8, 3, 1)
        guard model.is79xx else {
            return SharingFinding(
                condition: .firmware,
                holds: true,
                text: "firmware (8.3(1) is for the 79xx)",
                evidence: Evidence(.derived, "firmware of other series with the feature is later")
            )
        }
        guard let running else {
            return SharingFinding(
                condition: .firmware,
                holds: false,
                text: "firmware states no version, 8.3(1) is needed",
                evidence: Evidence(.unknown, "the running load's name has no version")
            )
        }
        let isLater = running >= first
        return SharingFinding(
            condition: .firmware,
            holds: isLater,
            text: isLater ? "firmware 8.3(1) or later" : "firmware \(running) is below 8.3(1)",
            evidence: .techNote
        )
    }

    private static func ipv4Finding(_ hasIPv4: Bool) -> SharingFinding {
        SharingFinding(
            condition: .ipv4,
            holds: hasIPv4,
            text: hasIPv4 ? "IPv4" : "no IPv4, and IPv6 is not supported",
            evidence: Evidence(.attested, "IPv6 Deployment Guide for Cisco Collaboration")
        )
    }
}
