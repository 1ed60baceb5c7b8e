// Makes phones and settings of configuration files. What a file does not say stays as it is, so that
// files written for a world change nothing in it.

import Interpreter
import PFSRuntime

/// Brings a world to what configuration files say.
struct ConfigurationImport {
    /// What files leave open.
    struct Choices {
        /// The subnet of phones that are new.
        var subnet: Int?
        /// The model of phones whose file does not tell it.
        var model: ModelID?
        /// Whether `0` says nothing, so that the level above counts; else it is off.
        var zeroInherits = false
    }

    /// What came of a phone's file.
    enum Result: String { case made, changed, same, left = "left out" }

    /// The world; a copy, because a file may be refused in the middle.
    let world: World
    let choices: Choices
    /// What could not be done as a file says, a line each.
    private(set) var notes: [String] = []
    /// What the common level of each profile said first, and what the enterprise's did.
    private var commonLevels: [Int: ConfigurationLevel] = [:]
    private var enterpriseLevel: ConfigurationLevel?
    /// Profiles made for phones whose file names none, by what they say.
    private var madeProfiles: [ConfigurationLevel: Int] = [:]

    init(_ world: World, _ choices: Choices) {
        self.world = world
        self.choices = choices
    }

    // MARK: The default file

    /// Sets the device defaults, and what the file says for all.
    mutating func apply(_ defaults: DefaultConfiguration) throws(WorldError) {
        let file = DefaultConfiguration.fileName
        if !defaults.level.isEmpty { try applyEnterprise(defaults.level, file) }
        for row in defaults.loads {
            guard let id = load(row.load, file) else { continue }
            let name = world.catalog[id].name
            let known = PhoneModel.ofDeviceType(row.deviceType)
            let candidates = known + [Self.model(inWords: row.model)].compactMap { $0 }
            let chosen = candidates.lazy.compactMap { model in
                DeviceProtocol.allCases.first { model.fit(of: name, for: $0) == .fits }
                    .map { (model, $0) }
            }.first
            guard let (model, spoken) = chosen else {
                notes.append(
                    candidates.isEmpty
                        ? "\(file): model \(row.deviceType) is not known"
                        : "\(file): \(row.load) does not fit model \(row.deviceType), "
                            + candidates[0].name
                )
                continue
            }
            let isSame = world.deviceDefaults.contains {
                $0.model == model.id && $0.deviceProtocol == spoken && $0.load == id
            }
            if !isSame { try world.setDefault(id, for: model.id, spoken) }
        }
    }

    // MARK: A phone's file

    /// Makes a phone or changes it; answers its number, if there is one now, and what was done.
    mutating func apply(
        _ device: ConfigurationFiles.Device
    ) throws(WorldError) -> (phone: PhoneNumber?, result: Result) {
        let configuration = device.configuration
        var result = Result.same
        let phone: PhoneNumber
        if let known = world.phone(at: device.mac) {
            phone = known
            noteDifferences(of: known, from: device)
        } else {
            guard let made = try make(device) else { return (nil, .left) }
            phone = made
            result = .made
        }
        var hasChanged = false
        if let name = configuration.load, let id = load(name, device.file),
            world.configuredLoad(phone) != id
        {
            do throws(WorldError) {
                try world.setLoad(id, on: [phone])
                hasChanged = true
            } catch {
                notes.append("\(device.file): \(error.description)")
            }
        }
        if try applyOwn(configuration.vendor, to: phone) { hasChanged = true }
        if !configuration.common.isEmpty {
            if try applyCommon(configuration.common, of: phone, device.file) { hasChanged = true }
        }
        if !configuration.enterprise.isEmpty {
            try applyEnterprise(configuration.enterprise, device.file)
        }
        if hasChanged, result == .same { result = .changed }
        return (phone, result)
    }

    private mutating func make(
        _ device: ConfigurationFiles.Device
    ) throws(WorldError) -> PhoneNumber? {
        let configuration = device.configuration
        guard let model = model(of: device) else { return nil }
        var order = PhoneOrder(name: newName(device), model: model)
        order.mac = device.mac
        order.subnet = choices.subnet
        order.deviceProtocol = configuration.deviceProtocol
        order.profile = try profile(of: device)
        do throws(WorldError) {
            return try world.addPhone(order)
        } catch .noSuchProtocol {
            let error = WorldError.noSuchProtocol(
                model: model.model.name,
                configuration.deviceProtocol ?? model.model.standardProtocol
            )
            notes.append("\(device.file): left out: \(error.description)")
            return nil
        }
    }

    /// The name that pfsh gave it, if it is free and a name; else that of the device.
    private func newName(_ device: ConfigurationFiles.Device) -> String {
        if let name = device.configuration.name, world.phone(named: name) == nil,
            (try? NameRule.check(Located(name, at: SourceRange(0, 0)))) != nil
        {
            return name
        }
        return "SEP\(device.mac)"
    }

    /// The profile that a new phone belongs to; made where none of that name is there, or none says
    /// what the file's common level says.
    private mutating func profile(
        of device: ConfigurationFiles.Device
    ) throws(WorldError) -> Int? {
        let configuration = device.configuration
        if let name = configuration.profile,
            (try? NameRule.check(Located(name, at: SourceRange(0, 0)))) != nil
        {
            if let known = world.profiles.firstIndex(where: { $0.name == name }) { return known }
            try world.addProfile(name)
            return world.profiles.count - 1
        }
        guard !configuration.common.isEmpty else { return nil }
        if let known = madeProfiles[configuration.common] { return known }
        var number = 1
        while world.profiles.contains(where: { $0.name == "common-\(number)" }) { number += 1 }
        try world.addProfile("common-\(number)")
        madeProfiles[configuration.common] = world.profiles.count - 1
        return world.profiles.count - 1
    }

    private mutating func noteDifferences(
        of phone: PhoneNumber,
        from device: ConfigurationFiles.Device
    ) {
        let identity = world.identity(phone)
        if let spoken = device.configuration.deviceProtocol, spoken != identity.deviceProtocol {
            notes.append(
                "\(device.file): \(identity.name) speaks \(identity.deviceProtocol) and stays so"
            )
        }
        if let model = Self.model(inWords: device.configuration.model), model.id != identity.model {
            notes.append(
                "\(device.file): \(identity.name) is a \(identity.model.model.name) and stays one"
            )
        }
    }

    // MARK: Levels

    private func applyOwn(
        _ level: ConfigurationLevel,
        to phone: PhoneNumber
    ) throws(WorldError) -> Bool {
        let identity = world.identity(phone)
        var hasChanged = false
        if let setting = setting(level.sharing), setting != identity.deviceSetting {
            world.setDeviceSetting(setting, on: [phone])
            hasChanged = true
        }
        if let server = level.loadServer, LoadServerSetting(server) != identity.loadServer {
            try world.setDeviceLoadServer(LoadServerSetting(server), on: [phone])
            hasChanged = true
        }
        if let server = level.logServer, LogServerSetting(server) != identity.logServer {
            try world.setDeviceLogServer(LogServerSetting(server), on: [phone])
            hasChanged = true
        }
        return hasChanged
    }

    private mutating func applyCommon(
        _ level: ConfigurationLevel,
        of phone: PhoneNumber,
        _ file: String
    ) throws(WorldError) -> Bool {
        guard let index = world.identity(phone).profile else {
            notes.append("\(file): commonConfig, but \(world.name(of: phone)) has no profile")
            return false
        }
        if let first = commonLevels[index], first != level {
            notes.append(
                "\(file): commonConfig differs from that of an earlier phone of the same profile, "
                    + world.profiles[index].name
            )
            return false
        }
        commonLevels[index] = level
        let profile = world.profiles[index]
        var hasChanged = false
        if let setting = setting(level.sharing), setting != profile.setting {
            world.setProfileSetting(setting, on: index)
            hasChanged = true
        }
        if let server = level.loadServer, LoadServerSetting(server) != profile.loadServer {
            try world.setProfileLoadServer(LoadServerSetting(server), on: index)
            hasChanged = true
        }
        if let server = level.logServer, LogServerSetting(server) != profile.logServer {
            try world.setProfileLogServer(LogServerSetting(server), on: index)
            hasChanged = true
        }
        return hasChanged
    }

    private mutating func applyEnterprise(
        _ level: ConfigurationLevel,
        _ file: String
    ) throws(WorldError) {
        if let first = enterpriseLevel {
            if first != level {
                notes.append("\(file): enterpriseConfig differs from that of an earlier file")
            }
            return
        }
        enterpriseLevel = level
        if let setting = setting(level.sharing), setting != world.enterpriseSetting {
            world.setEnterpriseSetting(setting)
        }
        if let server = level.loadServer, LoadServerSetting(server) != world.enterpriseLoadServer {
            try world.setEnterpriseLoadServer(LoadServerSetting(server))
        }
        if let server = level.logServer, LogServerSetting(server) != world.enterpriseLogServer {
            try world.setEnterpriseLogServer(LogServerSetting(server))
        }
    }

    private func setting(_ sharing: SharingText?) -> LevelSetting? {
        switch sharing {
        case .none: nil
        case .on: LevelSetting(.on)
        case .off: LevelSetting(.off)
        case .zero: choices.zeroInherits ? nil : LevelSetting(.off)
        }
    }

    // MARK: Models and loads

    private mutating func load(_ text: String, _ file: String) -> LoadID? {
        do throws(FirmwareCatalogError) {
            return try world.catalog.find(text).id
        } catch {
            let note = "\(file): \(error.description)"
            if !notes.contains(note) { notes.append(note) }
            return nil
        }
    }

    /// The model that a file tells, in words, as a number, or by the family of its load.
    private mutating func model(of device: ConfigurationFiles.Device) -> ModelID? {
        let configuration = device.configuration
        if let model = Self.model(inWords: configuration.model) { return model.id }
        let name = configuration.load.flatMap { try? LoadName($0) }
        func fits(_ model: PhoneModel) -> Bool {
            guard let name else { return true }
            return DeviceProtocol.allCases.contains { model.fit(of: name, for: $0) == .fits }
        }
        if let number = configuration.deviceType,
            let model = PhoneModel.ofDeviceType(number).first(where: fits)
        {
            return model.id
        }
        let family = name == nil ? [] : PhoneModel.all.filter(fits)
        if let chosen = choices.model, name == nil || family.isEmpty || fits(chosen.model) {
            return chosen
        }
        if family.count == 1 { return family[0].id }
        let reason =
            family.isEmpty
            ? "its model is not told: say `model`"
            : "\(configuration.load ?? "") is for "
                + family.map(\.name).joined(separator: ", ")
                + ", and which is not told: say `model`"
        notes.append("\(device.file): left out: \(reason)")
        return nil
    }

    /// A model as files write it: `IP Phone 7961`, `Cisco IP Phone 7961`, `CP-7961G`.
    static func model(inWords text: String?) -> PhoneModel? {
        guard let word = text?.split(separator: " ").last else { return nil }
        return try? PhoneModel.named(word)
    }
}
