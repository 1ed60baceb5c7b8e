// The present world as commands that build it. At time zero the commands build just this world, down
// to the numbers of phones and files; later they build its sites, phones and settings, and comments say
// what no command can.

import Interpreter
import PFSRuntime

struct RunningConfiguration {
    private let host: ShellHost
    let world: World
    private let selector: SelectorText
    private let runs: [PhoneRun]
    var lines: [String] = []

    /// Columns of a line of settings, so that 80 suffice.
    private static let selectorColumns = 50

    init(_ host: ShellHost) {
        self.host = host
        world = host.world
        selector = SelectorText(world)
        runs = world.phoneRuns
    }

    /// The commands, with comments.
    static func lines(of host: ShellHost) -> [String] {
        var configuration = RunningConfiguration(host)
        configuration.addHead()
        configuration.addPlaces()
        configuration.addFirmware()
        let isEarly = configuration.settingsComeFirst
        if isEarly { configuration.addCommonSettings() }
        configuration.addPhones()
        if !isEarly { configuration.addCommonSettings() }
        configuration.addDeviceSettings(isEarly: isEarly)
        configuration.addLoads()
        configuration.addPins()
        configuration.addRestarts()
        configuration.lines += FaultTableText.commands(of: configuration.world)
        configuration.addCalls()
        return configuration.lines
    }

    // MARK: The beginning

    private mutating func addHead() {
        lines.append("# A world of pfsh \(Version.text).")
        if world.hasStarted {
            lines += [
                "# The clock stood at \(Elapsed.text(world.now)). Not in here: the time that has passed,",
                "# upgrades and restarts under way, the log, and what was counted.",
            ]
            if world.activeCount > 0 {
                let count = Counted.text(world.activeCount, "phone")
                lines.append("# \(count) had something to do.")
            }
        }
        lines.append("seed \(world.seed)")
        if world.cucm != .standard { lines.append("cucm \(world.cucm)") }
        lines += BulkCommands.devicePackCommands(of: world)
        lines += BugCommands.commonCommands(of: world)
        if host.logView.level != .debug { lines.append("log level \(host.logView.level.rawValue)") }
        if host.showsTimeOfDay {
            lines.append("clock set \(world.wallClock.time(at: world.now))")
        }
        if world.parameters.fidelity != .flow {
            lines.append("fidelity \(world.parameters.fidelity.rawValue)")
        }
        for parameter in ModelParameter.all + ModelParameter.hidden {
            let value = world.value(of: parameter)
            guard value != parameter.standard else { continue }
            let text = ParameterTable.value(value, of: parameter).text
            lines.append("set parameter \(parameter.name) \(text)")
        }
    }

    private mutating func addPlaces() {
        for (index, name) in world.siteNames.enumerated() where index > 0 {
            var line = "site \(name)"
            if let wan = world.siteDetails(index).wan {
                let rate = Value.rate(bitsPerSecond: wan.rateBitsPerSecond).text
                let roundTrip = Value.duration(nanoseconds: wan.roundTrip.nanoseconds).text
                line += " wan \(rate) rtt \(roundTrip)"
                line += Self.share("loss", wan.lossPartsPerMillion)
                line += Self.share("busy", wan.busyPartsPerMillion)
            }
            lines.append(line)
        }
        for (index, name) in world.subnetNames.enumerated() {
            let details = world.subnetDetails(index)
            var line = "subnet \(name) \(details.network)"
            if details.site > 0 { line += " site \(world.siteNames[details.site])" }
            if details.lanRate != WorldCommands.standardLANRate {
                line += " lan \(Value.rate(bitsPerSecond: details.lanRate).text)"
            }
            let servers = world.servers(ofSubnet: index)
            if !servers.isEmpty {
                line += " option150 \(servers.map(\.description).joined(separator: ","))"
            }
            lines.append(line)
        }
        addServers()
        for profile in world.profiles { lines.append("profile \(profile.name)") }
    }

    private mutating func addFirmware() {
        let known = FirmwareCatalog().loads
        for (index, load) in world.catalog.loads.enumerated() {
            if index < known.count, known[index] == load { continue }
            let names = FirmwareCommands.fileNames(of: load.name.text, count: load.files.count)
            guard load.files.map(\.name) == names else {
                lines.append(
                    "# Not in here: the files of \(load.name.text), which have names of their own."
                )
                continue
            }
            let sizes = load.files.map { Value.size(bytes: Int64($0.sizeBytes)).text }
            lines.append("firmware define \(load.name.text) sizes \(sizes.joined(separator: ","))")
        }
        guard !world.hasStarted, !world.numbersFiles(registering: registrations) else { return }
        lines.append("# Files have their numbers from the order in which loads were first named.")
        for load in world.registeredLoads where canBeNamed(load) {
            lines.append(
                "server \(world.server(0).name) holds \(world.catalog[load].name.text)"
            )
        }
    }

    /// Whether these commands make the load known, or it was from the beginning.
    private func canBeNamed(_ id: LoadID) -> Bool {
        let load = world.catalog[id]
        let known = FirmwareCatalog().loads
        if Int(id.rawValue) < known.count, known[Int(id.rawValue)] == load { return true }
        let names = FirmwareCommands.fileNames(of: load.name.text, count: load.files.count)
        return load.files.map(\.name) == names
    }

    /// The loads in the order in which these commands name them, if nothing is done about it.
    private var registrations: [LoadID] {
        let phones = runs.flatMap { run in
            (0..<run.count).map { PhoneNumber(Int(run.first.index) + $0) }
        }
        let defaults = world.deviceDefaults.filter { row in
            world.phones.contains {
                let identity = world.identity($0)
                return identity.model == row.model && identity.deviceProtocol == row.deviceProtocol
            }
        }
        return phones.map { world.runningLoadOrContents($0) } + defaults.map(\.load)
            + ownLoads.map(\.load) + lackedLoads
    }

    // MARK: Phones

    private mutating func addPhones() {
        for run in runs { addPhones(run) }
    }

    private mutating func addPhones(_ run: PhoneRun) {
        let identity = world.identity(run.first)
        let subnet = world.subnetNames[world.subnet(of: run.first)]
        let model = "model \(identity.model.model.name) subnet \(subnet)"
        var line: String
        if let prefix = run.prefix {
            line = "phones \(run.count) \(model)" + (prefix == "P" ? "" : " prefix \(prefix)")
        } else {
            line = "phone \(identity.name) \(model)"
            // Whatever address a phone had that is gone, another may have it by now: any will do.
            if !identity.isRemoved { line += " ip \(world.address(of: run.first))" }
            if !world.hasGivenMAC(run.first) { line += " mac \(identity.mac)" }
        }
        let running = world.runningLoadOrContents(run.first)
        if running != world.standardLoad(of: run.first) {
            line += " runs \(world.catalog[running].name.text)"
        }
        if let profile = identity.profile { line += " profile \(world.profiles[profile].name)" }
        if identity.deviceProtocol != identity.model.model.standardProtocol {
            line += " protocol \(identity.deviceProtocol.description.lowercased())"
        }
        lines.append(line)
        if identity.isRemoved { lines.append("remove \(identity.name)") }
    }

    // MARK: Settings

    /// Whether the settings of all phones stand in front of the phones, which then have read them:
    /// so it is unless one has something still to read.
    private var settingsComeFirst: Bool {
        world.phones.allSatisfy { world.fieldsRead($0) == world.fieldsNow($0) }
    }

    private mutating func addCommonSettings() {
        if let setting = world.enterpriseSetting {
            lines.append("pfs enterprise \(Self.text(setting))")
        }
        for profile in world.profiles {
            guard let setting = profile.setting else { continue }
            lines.append("pfs profile \(profile.name) \(Self.text(setting))")
        }
        addCommonServers()
    }

    private mutating func addDeviceSettings(isEarly: Bool) {
        let settings: [LevelSetting] = [
            LevelSetting(.on), LevelSetting(.off), LevelSetting(.on, isTicked: false),
            LevelSetting(.off, isTicked: false),
        ]
        for setting in settings {
            let phones = world.phones.filter { world.identity($0).deviceSetting == setting }
            add(phones) { "pfs device \($0) \(Self.text(setting))" }
        }
        addDeviceServers()
        addBugs()
        var reading: [PhoneNumber] = []
        var unread: [PhoneNumber] = []
        for phone in world.phones {
            let decided = world.fieldsNow(phone)
            let told = world.fieldsRead(phone)
            let atFirst = world.fieldsWhenMade(phone, withCommonSettings: isEarly)
            if told == atFirst { continue }
            if told == decided { reading.append(phone) } else { unread.append(phone) }
        }
        add(reading) { "apply \($0)" }
        if !unread.isEmpty {
            let names = selector.texts(unread.map { world.name(of: $0) }, columns: 40)
            lines.append("# Not in here: these have still to read their settings: \(names[0])")
            lines += names.dropFirst().map { "#   \($0)" }
        }
    }

    private static func text(_ setting: LevelSetting) -> String {
        (setting.value == .on ? "on" : "off") + (setting.isTicked ? "" : " unticked")
    }

    mutating func add(_ phones: [PhoneNumber], _ command: (String) -> String) {
        guard !phones.isEmpty else { return }
        let names = phones.map { world.name(of: $0) }
        lines += selector.texts(names, columns: Self.selectorColumns).map(command)
    }

    // MARK: Loads

    private mutating func addLoads() {
        for row in world.deviceDefaults {
            let name = world.catalog[row.load].name.text
            let spoken = row.deviceProtocol.description.lowercased()
            lines.append("defaults \(row.model.model.name) \(spoken) load \(name)")
        }
        for (load, phones) in ownLoads {
            let name = world.catalog[load].name.text
            add(phones) { "load \($0) \(name)" }
        }
        addLackedLoads()
        lines += BulkCommands.commands(of: world)
    }

    private var ownLoads: [(load: LoadID, phones: [PhoneNumber])] {
        var rows: [(load: LoadID, phones: [PhoneNumber])] = []
        for phone in world.phones {
            guard let load = world.identity(phone).ownLoad else { continue }
            if let index = rows.firstIndex(where: { $0.load == load }) {
                rows[index].phones.append(phone)
            } else {
                rows.append((load, [phone]))
            }
        }
        return rows
    }

    // MARK: What is pinned, and what is to come

    private mutating func addPins() {
        var last: PeerPin?
        for pin in world.pins {
            let phone = world.phones.first { world.address(of: $0) == pin.address }
            guard let phone else { continue }
            let digits = String(pin.value, radix: 16)
            let value =
                " \(pin.field.word) " + String(repeating: "0", count: 8 - digits.count) + digits
            if let last, last.address == pin.address, last.file == pin.file, !lines.isEmpty {
                lines[lines.count - 1] += value
            } else {
                let file = pin.file.map { " file \($0 + 1)" } ?? ""
                lines.append("pin \(world.name(of: phone))\(file)\(value)")
            }
            last = pin
        }
    }

    private mutating func addRestarts() {
        guard !world.hasStarted else { return }
        let pending = world.pendingRestarts
        if !pending.isWhole {
            lines.append(
                "# Not in here: restarts drawn with another seed, or of phones removed since."
            )
        }
        for order in pending.orders {
            let word =
                switch order.kind {
                case .reset: "reset"
                case .restart: "restart"
                case .factoryReset: "factory-reset"
                }
            var line = "\(word) \(selector.text(order.phones.map { world.name(of: $0) }))"
            if let stagger = order.stagger {
                line += " stagger \(Value.duration(nanoseconds: stagger.nanoseconds).text)"
            }
            lines.append(line)
        }
    }
}

extension PeerPin.Field {
    /// The word for it in `pin`.
    fileprivate var word: String {
        switch self {
        case .transaction: "xid"
        case .map: "map"
        case .strength: "strength"
        case .hash: "hash"
        }
    }
}
