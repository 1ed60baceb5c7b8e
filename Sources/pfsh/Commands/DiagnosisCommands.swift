// What is wrong, by what phones printed and by what the world says of itself; and expecting that it is told.

import Interpreter
import NetIO
import PFSRuntime

enum DiagnosisCommands {
    static let group = FieldLogCommands.group
    static let all = [diagnose, diagnoseLog, diagnoseConfig, situations, expect]

    static let setup =
        WorldCommands.setup + [
            "pfs enterprise on", "block tcp 4051 in voice", "push 9.4(2)SR1 to all", "run 60s",
        ]

    static let diagnose = Command<ShellHost>(
        "diagnose",
        group: group,
        summary: "Name the situations of the field that fit this world, with signs and what to do.",
        discussion:
            "Looks at what the phones printed and at their configuration. A note works as designed, "
            + "and says what that costs; a problem says what to do. `show situations` lists all that "
            + "are looked for, `diagnose log` does the same with logs alone.",
        examples: [Example("diagnose", setup: setup)]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        .table(DiagnosisText.table(FieldFinding.all(in: FieldCase(host.world))))
    }.giving(DiagnosisText.columns)

    static let diagnoseLog = Command<ShellHost>(
        "diagnose log",
        group: group,
        summary: "Name the situations of the field that fit logs, whatever the world is.",
        discussion:
            "Reads the logs as `import log` does; without a file it speaks of those that were "
            + "imported. Situations that only the configuration tells are not found.",
        .rest("file", kind: .file, required: false, help: "the logs; the imported ones if none"),
        mayBeAbbreviated: false,
        examples: [
            Example(
                "diagnose log /tmp/pfsh-diagnose.log",
                setup: setup + ["show log | save /tmp/pfsh-diagnose.log"]
            )
        ]
    ) { (host: inout ShellHost, paths: [Located<String>]) throws(Diagnostic) -> Output in
        let story =
            paths.isEmpty
            ? try FieldLogCommands.imported(in: host) : try LogImport.read(paths, in: host)
        return .table(DiagnosisText.table(FieldFinding.all(in: FieldCase(story))))
    }.giving(DiagnosisText.columns)

    static let diagnoseConfig = Command<ShellHost>(
        "diagnose config",
        group: group,
        summary: "Name the situations of the field that phones' configuration files tell.",
        discussion:
            "Reads SEP<MAC>.cnf.xml as `config load` does and changes nothing: the address mode and "
            + "the port range for calls, which the simulation has no use for.",
        .argument(
            "path",
            kind: ArgumentKind.file.called("FILE|DIR", phrase: "the name of a file or directory"),
            help: "a file, or a directory of them"
        ),
        mayBeAbbreviated: false,
        examples: [
            Example(
                "diagnose config /tmp/pfsh-diagnose-config",
                setup: WorldCommands.setup + ["config save /tmp/pfsh-diagnose-config replace"]
            )
        ]
    ) { (host: inout ShellHost, path: Located<String>) throws(Diagnostic) -> Output in
        let files: ConfigurationFiles
        do throws(FileError) {
            files = try ConfigurationFiles(host.path(of: path.node)) { !host.isInterrupted }
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
        try host.checkInterrupt()
        guard !files.facts.isEmpty else {
            throw Diagnostic(
                "no SEP<MAC>.cnf.xml in \(path.node) can be read",
                at: path.range,
                kind: .outside,
                notes: files.complaints.map { Diagnostic.Note($0) }
            )
        }
        host.diagnosedFiles = files.facts
        return .table(DiagnosisText.table(FieldFinding.all(in: FieldCase(files.facts))))
    }.giving(DiagnosisText.columns)

    private static let situationColumns = [
        Table.Column("situation"), Table.Column("kind"), Table.Column("told by"),
        Table.Column("what"), Table.Column("signs", use: .data), Table.Column("do", use: .data),
        Table.Column("mark", use: .data), Table.Column("source", use: .data),
    ]

    static let situations = Command<ShellHost>(
        "show situations",
        group: group,
        summary: "List the situations of the field that are looked for, or one of them in full.",
        .optional("situation", help: "one of them"),
        examples: [Example("show situations"), Example("show situations tcp-blocked")]
    ) { (host: inout ShellHost, one: SituationArgument?) throws(Diagnostic) -> Output in
        var table = Table(columns: situationColumns)
        for situation in FieldSituation.all where one == nil || one?.name == situation.name {
            table.append([
                .string(situation.name), .string(situation.kind.rawValue),
                .string(situation.sight.rawValue), .string(situation.title),
                .string(situation.signs), .string(situation.remedy),
                .string(situation.evidence.mark.description), .string(situation.evidence.source),
            ])
        }
        if let situation = one.flatMap({ FieldSituation.named($0.name) }) {
            let word = situation.kind == .problem ? "do" : "cost"
            table.footer = [
                "signs: \(situation.signs)", "\(word): \(situation.remedy)",
                "[\(situation.evidence)]",
            ].flatMap { LogVerdict.wrapped($0) }.joined(separator: "\n")
        }
        return .table(table)
    }.giving(situationColumns)

    static let expect = Command<ShellHost>(
        "expect diagnosis",
        group: CommandGroup("Check"),
        summary: "Expect that `diagnose` names these situations, and no other problem.",
        discussion:
            "Notes besides do no harm. `clean` expects that there is no problem at all. `log` asks "
            + "the imported logs and `config` the files that were diagnosed last, not the world.",
        .argument(
            "situations",
            help: "which; `clean` for none"
        ),
        .flag("log", help: "of the imported logs"),
        .flag("config", help: "of the configuration files"),
        mayBeAbbreviated: false,
        examples: [
            Example("expect diagnosis tcp-blocked", setup: setup),
            Example("expect diagnosis clean", setup: WorldCommands.setup),
        ]
    ) {
        (
            host: inout ShellHost,
            wanted: Located<[ExpectedSituation]>,
            ofLog: Bool,
            ofFiles: Bool
        ) throws(Diagnostic) -> Output in
        let known = try known(in: host, ofLog: ofLog, ofFiles: ofFiles)
        let findings = FieldFinding.all(in: known)
        let names = wanted.node.map(\.name)
        let found = findings.map(\.situation.name)
        let missing = names.filter { $0 != ExpectedSituation.clean && !found.contains($0) }
        let others = findings.filter {
            $0.situation.kind == .problem && !names.contains($0.situation.name)
        }
        guard !missing.isEmpty || !others.isEmpty else { return .none }
        var notes = findings.map { finding in
            Diagnostic.Note("\(finding.situation.name): \(finding.signs[0].description)")
        }
        if notes.isEmpty { notes = [Diagnostic.Note("nothing was found")] }
        throw Diagnostic(
            missing.isEmpty
                ? "found besides: \(others.map(\.situation.name).joined(separator: ", "))"
                : "not found: \(missing.joined(separator: ", "))",
            at: wanted.range,
            kind: .failedExpectation,
            notes: notes
        )
    }
}

extension DiagnosisCommands {
    /// What an expectation looks at.
    private static func known(
        in host: ShellHost,
        ofLog: Bool,
        ofFiles: Bool
    ) throws(Diagnostic) -> FieldCase {
        if ofLog, ofFiles { throw Diagnostic("`log` and `config` ask two things") }
        if ofLog { return FieldCase(try FieldLogCommands.imported(in: host)) }
        guard ofFiles else { return FieldCase(host.world) }
        guard let files = host.diagnosedFiles else {
            throw Diagnostic(
                "no configuration file was diagnosed",
                hints: ["`diagnose config FILE` reads some"]
            )
        }
        return FieldCase(files)
    }
}

/// A situation by its name.
struct SituationArgument: ArgumentType {
    let name: String

    static let choices = FieldSituation.all.map { Choice($0.name, help: $0.title) }

    static var argumentKind: ArgumentKind {
        .choice("SITUATION", choices, phrase: "a situation such as tcp-blocked")
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> SituationArgument {
        guard FieldSituation.named(argument.text) != nil else {
            throw argument.error("there is no situation `\(argument.text)`")
        }
        return SituationArgument(name: argument.text)
    }
}

/// A situation that is expected, or `clean` for none that is a problem.
struct ExpectedSituation: ArgumentType {
    let name: String

    static let clean = "clean"

    static var argumentKind: ArgumentKind {
        .choice(
            "SITUATION",
            SituationArgument.choices + [Choice(clean, help: "no problem at all")],
            phrase: "a situation such as tcp-blocked, or `clean`"
        )
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> ExpectedSituation {
        if argument.text == clean { return ExpectedSituation(name: clean) }
        return ExpectedSituation(name: try SituationArgument.decode(argument).name)
    }
}
