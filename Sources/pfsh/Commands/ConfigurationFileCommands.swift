// The configuration files of phones, SEP<MAC>.cnf.xml and XMLDefault.cnf.xml: phones and settings from
// files, and files from phones and settings.

import Interpreter
import NetIO
import PFSRuntime
import XMLFiles

enum ConfigurationFileCommands {
    static let all = [load, save]

    private static let load = Command<ShellHost>(
        "config load",
        group: SettingsCommands.group,
        summary: "Make phones and settings of phones' configuration files.",
        discussion:
            "Reads SEP<MAC>.cnf.xml and XMLDefault.cnf.xml. A phone that is not there yet is made, "
            + "by its model in words or number, or by the family of its load. Of the rest the load, "
            + "the protocol, peer firmware sharing, the Load Server and the Log Server are taken, at "
            + "the phone page (`vendorConfig`), the profile (`commonConfig`) and the enterprise "
            + "(`enterpriseConfig`); what a file does not say stays as it is. All else is listed. "
            + "Files of `config save` build their whole world where there is none.",
        .argument(
            "path",
            kind: ArgumentKind.file.called("FILE|DIR", phrase: "the name of a file or directory"),
            help: "a file, or a directory of them"
        ),
        .option(
            "subnet",
            kind: .object(PhoneVocabulary.subnet),
            help: "where new phones stand; not needed where there is one subnet"
        ),
        .option("model", help: "what new phones are whose file does not tell"),
        .option("zero", help: "what `0` means for sharing: `off`, or `inherit` the level above"),
        changesWorld: true,
        examples: [
            Example(
                "config load /tmp/pfsh-config",
                setup: WorldCommands.setup + [
                    "pfs device P1 on", "config save /tmp/pfsh-config replace",
                ]
            )
        ]
    ) {
        (
            host: inout ShellHost,
            path: Located<String>,
            subnet: ObjectReference?,
            model: ModelID?,
            zero: ZeroMeaning?
        ) throws(Diagnostic) -> Output in
        let files = try read(path, in: host)
        var choices = ConfigurationImport.Choices()
        choices.subnet = subnet?.id
        choices.model = model
        choices.zeroInherits = zero == .inherit
        let commands = files.defaults?.commands ?? []
        var trial = host.copy()
        if !commands.isEmpty {
            if host.world.isUntouched {
                do throws(Diagnostic) {
                    trial = try WorldCommandList.run(commands, on: trial)
                } catch {
                    throw Diagnostic(
                        "\(DefaultConfiguration.fileName): \(error.message)",
                        at: path.range,
                        kind: error.kind
                    )
                }
            } else if files.devices.contains(where: { host.world.phone(at: $0.mac) == nil }) {
                host.output.report(
                    Diagnostic.warning(
                        "the world is not empty, so that its sites, subnets and names stay: "
                            + "\(Counted.text(commands.count, "command")) of the default file "
                            + "passed over",
                        at: path.range
                    )
                )
            }
        }
        var importing = ConfigurationImport(trial.world, choices)
        let table = try apply(files, with: &importing, at: path.range, host)
        host.world = trial.world
        host.showsTimeOfDay = trial.showsTimeOfDay
        report(files, importing.notes, at: path.range, in: host)
        return .table(table)
    }

    private static func read(
        _ path: Located<String>,
        in host: ShellHost
    ) throws(Diagnostic) -> ConfigurationFiles {
        let files: ConfigurationFiles
        do throws(FileError) {
            files = try ConfigurationFiles(path.node) { !host.isInterrupted }
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
        try host.checkInterrupt()
        guard !files.isEmpty else {
            throw Diagnostic(
                files.complaints.isEmpty
                    ? "no SEP<MAC>.cnf.xml and no \(DefaultConfiguration.fileName) in \(path.node)"
                    : "nothing of \(path.node) can be read",
                at: path.range,
                kind: .outside,
                notes: files.complaints.map { Diagnostic.Note($0) }
            )
        }
        return files
    }

    private static func apply(
        _ files: ConfigurationFiles,
        with importing: inout ConfigurationImport,
        at range: SourceRange,
        _ host: ShellHost
    ) throws(Diagnostic) -> Table {
        var table = Table(columns: [
            Table.Column("device"), Table.Column("phone"), Table.Column("model"),
            Table.Column("load"), Table.Column("sharing"), Table.Column("result"),
        ])
        var rows: [(file: String, phone: PhoneNumber?, result: ConfigurationImport.Result)] = []
        do throws(WorldError) {
            if let defaults = files.defaults { try importing.apply(defaults) }
            for device in files.devices {
                if host.isInterrupted { break }
                let (phone, result) = try importing.apply(device)
                rows.append((device.file, phone, result))
            }
        } catch {
            throw Diagnostic(error.description, at: range)
        }
        try host.checkInterrupt()
        let world = importing.world
        for row in rows {
            guard let phone = row.phone else {
                table.append([
                    .string(device(row.file)), .none, .none, .none, .none,
                    .string(row.result.rawValue),
                ])
                continue
            }
            table.append([
                .string(device(row.file)), .string(world.name(of: phone)),
                .string(world.identity(phone).model.model.name),
                .string(world.catalog[world.configuredLoad(phone)].name.text),
                .string(world.sharingDecision(phone).takesPart ? "yes" : "no"),
                .string(row.result.rawValue),
            ])
        }
        return table
    }

    /// The device that a file belongs to: its name without the suffix.
    private static func device(_ file: String) -> String {
        String(file.prefix { $0 != "." })
    }

    /// Columns of a line of notes, so that 80 suffice.
    private static let noteColumns = 70

    /// Says what was left out, what could not be done, and what was not understood.
    private static func report(
        _ files: ConfigurationFiles,
        _ notes: [String],
        at range: SourceRange,
        in host: ShellHost
    ) {
        let wrong = files.complaints.map { "\($0): left out" } + notes
        var parts: [String] = []
        var refused: [String] = []
        for (file, element) in files.ignored {
            if element.reason == IgnoredElement.noPartReason {
                if !parts.contains(element.path) { parts.append(element.path) }
            } else {
                let value = element.text.isEmpty ? "" : " `\(element.text)`"
                refused.append(
                    "\(file):\(element.line): \(element.path)\(value): \(element.reason)"
                )
            }
        }
        if !wrong.isEmpty || !refused.isEmpty {
            var warning = Diagnostic.warning(
                "\(Counted.text(wrong.count + refused.count, "thing")) not done as the files say",
                at: range
            )
            warning.notes = (wrong + refused).map { Diagnostic.Note($0) }
            host.output.report(warning)
        }
        guard !parts.isEmpty else { return }
        var warning = Diagnostic.warning(
            "\(Counted.text(parts.count, "element")) of which nothing is made",
            at: range
        )
        warning.notes = lines(parts).map { Diagnostic.Note($0) }
        host.output.report(warning)
    }

    private static func lines(_ words: [String]) -> [String] {
        var lines: [String] = []
        for word in words {
            if let last = lines.last, last.count + 2 + word.count <= noteColumns {
                lines[lines.count - 1] = "\(last), \(word)"
            } else {
                lines.append(word)
            }
        }
        return lines
    }

    private static let save = Command<ShellHost>(
        "config save",
        group: SettingsCommands.group,
        summary: "Write the configuration files of all phones into a directory.",
        discussion:
            "One SEP<MAC>.cnf.xml for each phone, and XMLDefault.cnf.xml with the device defaults. "
            + "Values count whose override box is ticked. In an element `pfsh`, which phones pass "
            + "over, stands what such files cannot say: names, and as commands the places of the "
            + "world. `config load` of the directory gives the same world again.",
        .argument(
            "directory",
            kind: ArgumentKind.file.called("DIR", phrase: "the name of a directory"),
            help: "where to write; made if it is missing"
        ),
        .flag("replace", help: "write over configuration files that are there"),
        examples: [
            Example("config save /tmp/pfsh-config replace", setup: WorldCommands.setup)
        ]
    ) {
        (host: inout ShellHost, path: Located<String>, replaces: Bool)
            throws(Diagnostic) -> Output in
        let world = host.world
        let phones = world.phones
        guard phones.count <= ConfigurationExport.phoneLimit else {
            throw Diagnostic(
                "at most \(ConfigurationExport.phoneLimit) phones go into a directory",
                at: path.range
            )
        }
        let export = ConfigurationExport(world)
        let defaults = Array(
            export.defaults(commands: WorldCommandList.lines(of: host)).element.document.utf8
        )
        guard defaults.count <= XMLReader.byteLimit else {
            throw Diagnostic(
                "the default file would have \(defaults.count) bytes, "
                    + "\(XMLReader.byteLimit) at most can be read again",
                at: path.range
            )
        }
        var written = [DefaultConfiguration.fileName]
        let old = try prepare(path, replaces: replaces)
        do throws(FileError) {
            try FileStore.write(defaults, to: "\(path.node)/\(DefaultConfiguration.fileName)")
            for phone in phones {
                if host.isInterrupted { break }
                let name = DeviceConfiguration.fileName(world.identity(phone).mac)
                let bytes = Array(export.device(phone).element.document.utf8)
                try FileStore.write(bytes, to: "\(path.node)/\(name)")
                written.append(name)
            }
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
        guard written.count == phones.count + 1 else {
            throw Diagnostic(
                "stopped: \(path.node) has the files of \(written.count - 1) of "
                    + "\(phones.count) phones",
                kind: .interrupted
            )
        }
        let names = Set(written)
        let left = old.filter { !names.contains($0) }
        if !left.isEmpty {
            host.output.report(
                Diagnostic.warning(
                    "\(Counted.text(left.count, "file")) of phones that are not in this world "
                        + "stay there, such as \(left[0])",
                    at: path.range
                )
            )
        }
        return .lines(["\(Counted.text(written.count, "file")) written"])
    }

    /// Makes the directory; answers the configuration files that are in it.
    private static func prepare(
        _ path: Located<String>,
        replaces: Bool
    ) throws(Diagnostic) -> [String] {
        let there: [String]
        do throws(FileError) {
            try FileStore.makeDirectory(path.node)
            there = try FileStore.list(path.node).map(\.name).filter(ConfigurationFiles.isWanted)
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
        if !replaces, let first = there.first {
            throw Diagnostic(
                "\(path.node) has configuration files already, such as \(first)",
                at: path.range,
                hints: ["`replace` writes over those of the same name"]
            )
        }
        return there
    }
}

/// What `0` means in `peerFirmwareSharing`.
enum ZeroMeaning: String, ChoiceArgument {
    case off, inherit

    var help: String {
        switch self {
        case .off: "disabled"
        case .inherit: "nothing said: the level above counts"
        }
    }
}

extension World {
    /// Whether nothing was made in it yet.
    fileprivate var isUntouched: Bool {
        phoneCount == 0 && subnetNames.isEmpty && siteNames.count == 1 && serverCount == 1
            && profiles.isEmpty && !hasStarted
    }
}
