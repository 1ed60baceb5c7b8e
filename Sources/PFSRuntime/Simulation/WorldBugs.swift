// Which known bugs are on, and for whom; and what device packs say of the field. Both change what CUCM and
// the phones make of the settings; what a phone does otherwise it does from its next restart on.

internal import BasicContainers

/// For each known bug whether it is on, for all phones or for some.
public struct BugSwitches: Hashable, Sendable {
    /// Whether a bug is on for all phones, those made later too, but for the exceptions.
    public private(set) var common = BugSet.atFirst
    /// For each bug the phones for which it is not as for all; none, as a rule.
    private var exceptions: [PhoneSet] = []

    /// As a world begins.
    public init() {}

    /// The phones for which a bug is not as for all.
    public func exceptions(_ bug: KnownBug) -> [PhoneNumber] {
        exceptions.isEmpty ? [] : exceptions[Int(bug.rawValue)].phones
    }

    /// The bugs that are on for a phone.
    func bugs(of phone: PhoneNumber) -> BugSet {
        guard !exceptions.isEmpty else { return common }
        var bugs = common
        for bug in KnownBug.allCases where exceptions[Int(bug.rawValue)].contains(phone) {
            bugs[bug].toggle()
        }
        return bugs
    }

    /// Switches a bug for all phones.
    mutating func set(_ bug: KnownBug, _ isOn: Bool) {
        common[bug] = isOn
        setExceptions([], of: bug)
    }

    /// Switches a bug for some phones; for the others all stays as it is.
    mutating func set(_ bug: KnownBug, _ isOn: Bool, _ phones: [PhoneNumber]) {
        let named = PhoneSet(phones)
        var others = exceptions(bug).filter { !named.contains($0) }
        if isOn != common[bug] { others += named.phones }
        setExceptions(others, of: bug)
    }

    private mutating func setExceptions(_ phones: [PhoneNumber], of bug: KnownBug) {
        if exceptions.isEmpty {
            guard !phones.isEmpty else { return }
            exceptions = Array(repeating: PhoneSet([]), count: KnownBug.allCases.count)
        }
        exceptions[Int(bug.rawValue)] = PhoneSet(phones)
        if exceptions.allSatisfy(\.phones.isEmpty) { exceptions = [] }
    }
}

/// What a device pack says of the field for a model.
public struct DevicePack: BitwiseCopyable, Hashable, Sendable {
    /// The model.
    public let model: ModelID
    /// Whether it brings the field.
    public internal(set) var entry: DevicePackEntry
}

extension World {
    /// Switches a known bug on or off, for these phones or, without any named, for all; nil puts it
    /// back to what a world begins with.
    ///
    /// Throws, before anything is changed, when none of the phones is of a model that the bug is about.
    public func setBug(
        _ bug: KnownBug,
        _ isOn: Bool?,
        on phones: [PhoneNumber]? = nil
    ) throws(WorldError) {
        let isOn = isOn ?? bug.declaration.isOnAtFirst
        guard let phones else {
            bugSwitches.set(bug, isOn)
            refreshConfigurations()
            return
        }
        let models = bug.declaration.models
        let concerned = phones.filter { models.hold(identity($0).model.model) }
        guard !concerned.isEmpty else {
            throw .notConcerned(bug: bug.id, models: models.description)
        }
        bugSwitches.set(bug, isOn, concerned)
        for phone in concerned { refreshConfiguration(phone) }
    }

    /// The bugs that are switched on for a phone, whether or not its model can have them.
    func switchedBugs(of phone: PhoneNumber) -> BugSet { bugSwitches.bugs(of: phone) }

    /// The bugs that a phone has: those switched on for it that its model and CUCM can have.
    public func bugs(of phone: PhoneNumber) -> BugSet {
        var bugs = switchedBugs(of: phone)
        guard !bugs.isEmpty else { return bugs }
        let model = identity(phone).model.model
        for bug in KnownBug.allCases where bugs[bug] { bugs[bug] = bug.bites(model, under: cucm) }
        return bugs
    }

    /// Says what a device pack has for models; nil puts them back to the rule of CUCM's version.
    public func setDevicePack(_ entry: DevicePackEntry?, for models: [ModelID]) {
        for model in models {
            devicePacks.removeAll { $0.model == model }
            if let entry { devicePacks.append(DevicePack(model: model, entry: entry)) }
        }
        devicePacks.sort { $0.model < $1.model }
        refreshConfigurations()
    }

    /// What a device pack says of a model; nil where the version of CUCM alone counts.
    public func devicePack(of model: ModelID) -> DevicePackEntry? {
        devicePacks.first { $0.model == model }?.entry
    }

    /// Since when a phone does not boot any more; nil for one that does.
    public func deadSince(_ phone: PhoneNumber) -> Instant? {
        guard !kernel.deadSince.isEmpty else { return nil }
        return kernel.deadSince[phone.index]
    }
}

extension Kernel {
    /// Keeps those bugs of a phone by which its upgrades go otherwise.
    mutating func setBugs(_ all: BugSet, of phone: PhoneNumber) {
        var own = BugSet()
        for bug in KnownBug.allCases where bug.changesUpgrade { own[bug] = all[bug] }
        guard !own.isEmpty || !bugs.isEmpty else { return }
        bugs[phone.index] = own.isEmpty ? nil : own
    }

    /// Whether a phone has a bug by which its upgrades go otherwise.
    func hasBug(_ bug: KnownBug, _ phone: PhoneNumber) -> Bool {
        guard !bugs.isEmpty else { return false }
        return bugs[phone.index]?[bug] ?? false
    }

    /// Whether a phone does not boot any more.
    func isDead(_ phone: PhoneNumber) -> Bool {
        !deadSince.isEmpty && deadSince[phone.index] != nil
    }

    /// A phone has applied its load and does not come up (bug CSCtg96408, modelled): it stays as it
    /// is until a factory reset.
    mutating func die(_ phone: PhoneNumber) {
        let awaitsRestart = phones[Int(phone.index)].awaitsRestart
        dropUpgrade(of: phone)
        phones[Int(phone.index)].isUp = false
        deadSince[phone.index] = now
        if awaitsRestart { missRestart(phone) }
    }
}
