// The present world as the configuration files that a TFTP server would hold for its phones. What
// such files cannot say, where phones stand and what they are called, stands as commands in an element
// of pfsh's own in the default file; phones pass over it.

import Interpreter
import PFSRuntime

/// Writes the configuration files of a world.
struct ConfigurationExport {
    /// The most phones of a directory: as many names as it may hold to be read again, less one.
    static let phoneLimit = 99_999

    private let world: World
    private let enterprise: ConfigurationLevel
    private let profiles: [ConfigurationLevel]

    init(_ world: World) {
        self.world = world
        enterprise = ConfigurationLevel(
            world.enterpriseSetting,
            world.enterpriseLoadServer,
            world.enterpriseLogServer
        )
        profiles = world.profiles.map {
            ConfigurationLevel($0.setting, $0.loadServer, $0.logServer)
        }
    }

    /// The default file.
    func defaults(commands: [String]) -> DefaultConfiguration {
        var defaults = DefaultConfiguration()
        for row in world.deviceDefaults {
            guard let number = row.model.model.deviceType?.number else { continue }
            defaults.loads.append(
                DefaultConfiguration.Load(
                    deviceType: number,
                    model: row.model.model.name,
                    load: world.catalog[row.load].name.text
                )
            )
        }
        defaults.level = enterprise
        defaults.commands = commands
        return defaults
    }

    /// A phone's file.
    func device(_ phone: PhoneNumber) -> DeviceConfiguration {
        let identity = world.identity(phone)
        var device = DeviceConfiguration()
        device.deviceProtocol = identity.deviceProtocol
        let load = world.configuredLoad(phone)
        if load != world.catalog.unknownLoad { device.load = world.catalog[load].name.text }
        device.name = identity.name
        device.model = identity.model.model.name
        device.vendor = ConfigurationLevel(
            identity.deviceSetting,
            identity.loadServer,
            identity.logServer
        )
        if let profile = identity.profile {
            device.profile = world.profiles[profile].name
            device.common = profiles[profile]
        }
        device.enterprise = enterprise
        // CUCM sends no value of a field that it does not have.
        if !world.sharingDecision(phone).field.isPresent {
            device.vendor.sharing = nil
            device.common.sharing = nil
            device.enterprise.sharing = nil
        }
        return device
    }
}

extension ConfigurationLevel {
    /// What a level of CUCM sends to phones: values whose box is ticked.
    fileprivate init(
        _ sharing: LevelSetting?,
        _ loadServer: LoadServerSetting?,
        _ logServer: LogServerSetting?
    ) {
        self.init()
        if let sharing, sharing.isTicked { self.sharing = sharing.value == .on ? .on : .zero }
        if let loadServer, loadServer.isTicked { self.loadServer = loadServer.value }
        if let logServer, logServer.isTicked { self.logServer = logServer.value }
    }
}

/// Commands in a configuration file: only such as build a world, and none that reads, waits or runs.
enum WorldCommandList {
    /// The lines of a running configuration that may stand in a file.
    static func lines(of host: ShellHost) -> [String] {
        RunningConfiguration.lines(of: host).filter { refusal(of: $0, in: host) == nil }
    }

    /// Why a line may not stand in a file; nil if it may.
    static func refusal(of line: String, in host: ShellHost) -> String? {
        guard let registry = host.registry else { return "no commands are known" }
        let parsed = registry.parse(SourceText(name: "", text: line))
        if let first = parsed.diagnostics.first { return first.message }
        guard parsed.script.statements.count == 1,
            case .command(let call) = parsed.script.statements[0].kind
        else { return "not one command" }
        let signature = registry.grammar.commands[call.command]
        let touchesFiles = signature.parameters.contains { $0.kind.syntax == .file }
        let runs =
            signature.group == TimeCommands.group && signature.name != "clock set"
        guard signature.changesWorld, !touchesFiles, !runs, call.filters.isEmpty else {
            return "`\(call.name)` does not belong into a configuration file"
        }
        return nil
    }

    /// Runs lines on a host of their own, which is answered.
    ///
    /// Throws a diagnostic that says which line was refused, and why.
    static func run(_ lines: [String], on host: ShellHost) throws(Diagnostic) -> ShellHost {
        guard let registry = host.registry else { return host }
        for line in lines {
            if let reason = refusal(of: line, in: host), !line.hasPrefix("#") {
                throw Diagnostic("`\(line.prefix(60))`: \(reason)")
            }
        }
        let sink = TextSink()
        var interpreter = Interpreter(host: host, registry: registry, sink: sink)
        for line in lines {
            let outcome = interpreter.run(
                SourceText(name: DefaultConfiguration.fileName, text: line),
                mode: .script
            )
            guard outcome == .finished else {
                let first = sink.diagnostics.first { $0.severity == .error }
                throw Diagnostic(
                    "`\(line.prefix(60))`: \(first?.message ?? "refused")",
                    kind: first?.kind ?? .mistake
                )
            }
        }
        return interpreter.host
    }
}
