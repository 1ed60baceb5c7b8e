// The arguments of the shell's own commands: models, loads, addresses, versions, times. Each knows
// how it is read, and what to say when it is not one.

public import Interpreter
public import PFSRuntime

extension PFSRuntime.IPv4Address: ArgumentType {
    /// One raw word.
    public static var argumentKind: ArgumentKind {
        .word("ADDRESS", phrase: "an IPv4 address such as 10.4.0.11")
    }

    /// Reads the word, or says what was expected.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> PFSRuntime.IPv4Address {
        guard let address = PFSRuntime.IPv4Address(argument.text) else {
            throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`")
        }
        return address
    }
}

extension IPv4Network: ArgumentType {
    /// One raw word.
    public static var argumentKind: ArgumentKind {
        .word("CIDR", phrase: "a subnet such as 10.4.0.0/24")
    }

    /// Reads the word, or says what was expected.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> IPv4Network {
        if let network = IPv4Network(argument.text) { return network }
        let parts = argument.text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let address = PFSRuntime.IPv4Address(parts[0]),
            let length = Int(parts[1]),
            (0...32).contains(length),
            let network = IPv4Network("\(address.masked(to: length))/\(length)")
        {
            throw argument.error(
                "\(argument.text) has host bits set",
                hints: ["did you mean `\(network)`?"]
            )
        }
        throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`")
    }
}

extension PFSRuntime.IPv4Address {
    fileprivate func masked(to length: Int) -> PFSRuntime.IPv4Address {
        let mask = length == 0 ? 0 : ~UInt32(0) << UInt32(32 - length)
        return PFSRuntime.IPv4Address(bits: bits & mask)
    }
}

extension MACAddress: ArgumentType {
    /// One raw word.
    public static var argumentKind: ArgumentKind {
        .word("MAC", phrase: "a MAC address such as 00:1B:54:12:34:56")
    }

    /// Reads the word, or says what was expected.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> MACAddress {
        guard let address = MACAddress(argument.text) else {
            throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`")
        }
        return address
    }
}

extension ModelID: ArgumentType {
    /// One raw word.
    public static var argumentKind: ArgumentKind {
        .word("MODEL", phrase: "a phone model such as CP-7961G")
    }

    /// Reads the word, or says what was expected.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> ModelID {
        do throws(UnknownModelError) {
            return try PhoneModel.named(argument.text).id
        } catch {
            let hints = Spelling.hints(for: error.text, among: error.known)
            throw argument.error(error.description, hints: hints)
        }
    }
}

extension CUCMVersion: ArgumentType {
    /// One raw word.
    public static var argumentKind: ArgumentKind {
        .word("VERSION", phrase: "a CUCM version such as 10.5(2)")
    }

    /// Reads the word, or says what was expected.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> CUCMVersion {
        guard let version = CUCMVersion(argument.text) else {
            throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`")
        }
        return version
    }
}

extension TimeOfDay: ArgumentType {
    /// One raw word.
    public static var argumentKind: ArgumentKind {
        .word("TIME", phrase: "a time of day such as 02:19:22.634")
    }

    /// Reads the word, or says what was expected.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> TimeOfDay {
        do throws(TimeOfDayError) {
            return try TimeOfDay(argument.text)
        } catch {
            throw argument.error(error.description)
        }
    }
}

/// A value of 32 bits as logs print it: eight hexadecimal digits.
struct HexadecimalArgument: ArgumentType {
    let value: UInt32

    static var argumentKind: ArgumentKind {
        .word("HEX", phrase: "eight hexadecimal digits such as 31d4d43d")
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> HexadecimalArgument {
        guard argument.text.utf8.count == 8, argument.text.allSatisfy(\.isHexDigit),
            let value = UInt32(argument.text, radix: 16)
        else { throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`") }
        return HexadecimalArgument(value: value)
    }
}

/// The seed of all chance: what `--seed` takes.
struct SeedArgument: ArgumentType {
    let value: UInt64

    static var argumentKind: ArgumentKind {
        .word("NUMBER", phrase: "a whole number from 0 to \(UInt64.max)")
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> SeedArgument {
        guard argument.text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = UInt64(argument.text)
        else { throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`") }
        return SeedArgument(value: value)
    }
}

/// A number of the model, by name.
struct ParameterArgument: ArgumentType {
    let parameter: ModelParameter

    static var argumentKind: ArgumentKind {
        .choice(
            "PARAMETER",
            ModelParameter.all.map { Choice($0.name, help: $0.help) }
                + ModelParameter.hidden.map { Choice($0.name, help: $0.help, isHidden: true) },
            phrase: "a number of the model"
        )
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> ParameterArgument {
        let known = ModelParameter.all + ModelParameter.hidden
        let found = known.first { $0.name == argument.text }
        guard let found else {
            throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`")
        }
        return ParameterArgument(parameter: found)
    }
}

/// A load by name, or a version that stands for each family's load.
struct LoadArgument: ArgumentType {
    let text: String
    let range: SourceRange

    static var argumentKind: ArgumentKind {
        .word("LOAD", phrase: "a load such as SCCP41.9-4-2SR1-1S or a version such as 9.4(2)SR1")
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> LoadArgument {
        LoadArgument(text: argument.text, range: argument.range)
    }

    /// What the text stands for.
    enum Meaning {
        case load(LoadID)
        case version(FirmwareVersion)
    }

    /// Finds the load, or reads the version; with a warning when `.loads` was written too.
    func meaning(in host: ShellHost) throws(Diagnostic) -> Meaning {
        if text.contains("("), let version = FirmwareVersion(text) { return .version(version) }
        do throws(FirmwareCatalogError) {
            let found = try host.world.catalog.find(text)
            if found.hadFileSuffix {
                host.output.report(
                    Diagnostic.warning("a load is named without `.loads`", at: range)
                )
            }
            return .load(found.id)
        } catch {
            var hints = ["`firmware list` shows the loads that are known"]
            if case .unknown(let name, let known) = error {
                hints = Spelling.hints(for: name, among: known) + hints
            }
            throw Diagnostic(error.description, at: range, hints: hints)
        }
    }

    /// Finds the load; a version is resolved for one model and protocol.
    func load(
        for model: ModelID,
        _ deviceProtocol: DeviceProtocol?,
        in host: ShellHost
    ) throws(Diagnostic) -> LoadID {
        switch try meaning(in: host) {
        case .load(let load): return load
        case .version(let version):
            let row = model.model
            guard let family = row.family(for: deviceProtocol ?? row.standardProtocol) else {
                throw Diagnostic("\(row.name) has no load of a known family", at: range)
            }
            do throws(FirmwareCatalogError) {
                return try host.world.catalog.resolve(version, family: family)
            } catch {
                throw Diagnostic(error.description, at: range)
            }
        }
    }
}

/// The protocol of a phone as a word.
enum ProtocolArgument: String, ChoiceArgument {
    case sccp, sip

    var help: String {
        switch self {
        case .sccp: "Skinny Client Control Protocol"
        case .sip: "Session Initiation Protocol"
        }
    }

    var deviceProtocol: DeviceProtocol {
        switch self {
        case .sccp: .sccp
        case .sip: .sip
        }
    }
}

/// What a level of the settings is told.
enum SharingArgument: String, ChoiceArgument {
    case on, off
    case standard = "default"

    var help: String {
        switch self {
        case .on: "Enabled"
        case .off: "Disabled"
        case .standard: "say nothing here: the next level counts"
        }
    }

    /// The setting, with its override box ticked or not; nil where the level says nothing.
    func setting(isTicked: Bool) -> LevelSetting? {
        switch self {
        case .on: LevelSetting(.on, isTicked: isTicked)
        case .off: LevelSetting(.off, isTicked: isTicked)
        case .standard: nil
        }
    }
}

extension Selection {
    /// The selected phones.
    var phones: [PhoneNumber] { ids.map { PhoneNumber($0) } }
}

/// Runs a change of the world and puts its refusal at a place of the script.
func refusing<Result>(
    at range: SourceRange?,
    _ change: () throws(WorldError) -> Result
) throws(Diagnostic) -> Result {
    do throws(WorldError) {
        return try change()
    } catch {
        throw Diagnostic(error.description, at: range)
    }
}

extension DistributionMethod: ChoiceArgument {
    /// What it is called in a synopsis.
    public static var placeholder: String { "METHOD" }

    /// What the word means.
    public var help: String {
        switch self {
        case .traditional: "every phone fetches from the TFTP server"
        case .loadServer: "every phone fetches from a server at its site"
        case .peers: "phones share one copy in each subnet"
        }
    }
}

extension TransferFidelity: ChoiceArgument {
    /// What the word means.
    public var help: String {
        switch self {
        case .flow: "an event when a transfer begins and one when it ends"
        case .packet: "an event for each packet"
        }
    }
}
