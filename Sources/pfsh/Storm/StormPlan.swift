// Which runs a storm has, and the script of each: a world made up, or the user's own script, into which
// the mishaps are put just before it first lets time pass.

import Interpreter
import PFSRuntime

/// The runs of a storm.
struct StormPlan {
    /// The most phones of a world that is made up: own choice, a storm is about many small worlds.
    static let phoneLimit = 1_000
    /// The most runs of one storm: own choice.
    static let runLimit = 10_000_000

    /// The user's script; nil where worlds are made up.
    let file: StormFile?
    /// Phones of a world that is made up.
    let phones: Int
    /// The seed of run 0.
    let first: UInt64
    /// The defect planted in every world.
    let planted: PlantedDefect?

    /// A storm over the script at a path, or over worlds made up.
    ///
    /// Throws a diagnostic if the script cannot be read, has errors or makes no phone.
    init(
        file: String?,
        phones: Int,
        first: UInt64,
        planted: PlantedDefect?
    ) throws(Diagnostic) {
        self.file = try file.map { (path) throws(Diagnostic) in try StormFile(path) }
        self.phones = phones
        self.first = first
        self.planted = planted
    }

    /// The seed of a run.
    func seed(_ number: Int) -> UInt64 { first + UInt64(number) }

    /// What is drawn for a run.
    func settings(_ number: Int) -> StormSettings {
        StormSettings(seed: seed(number), phones: file?.scene.phones.count ?? phones)
    }

    /// The script of a run.
    func script(_ number: Int) -> String {
        let settings = settings(number)
        guard let file else { return StormScript.text(settings, planted: planted) }
        return file.script(settings, planted: planted)
    }

    /// A run's settings in one line.
    func text(_ number: Int) -> String {
        file == nil ? settings(number).text : settings(number).mishapText
    }

    /// The words of a call that repeats a run.
    func repeating(_ number: Int) -> String {
        var words = ["pfsh storm"]
        if let file { words.append(file.path) } else { words.append("--phones \(phones)") }
        words.append("--first \(seed(number)) --runs 1")
        if let planted { words.append("--plant \(planted.name)") }
        return words.joined(separator: " ")
    }
}

/// A user's script in a storm.
struct StormFile {
    let path: String
    /// What stands before time passes, and what behind.
    private let before: String
    private let behind: String
    /// The phones and loads that are there when time first passes.
    let scene: StormMishap.Scene

    init(_ path: String) throws(Diagnostic) {
        self.path = path
        let source = try ScriptFile.read(path)
        let output = ShellOutput(width: { 80 }, writeOut: { _ in }, writeError: { _ in })
        let registry = ShellRegistry.make()
        let session = Session(output: output, registry: registry)
        let parsed = registry.parse(source)
        if let error = parsed.diagnostics.first { throw error }
        let place =
            parsed.script.statements.first { $0.kind.letsTimePass(registry.grammar) }
            .map { Int($0.range.start) } ?? source.bytes.count
        var lines = String(decoding: source.bytes[..<place], as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        lines.removeAll { $0.hasPrefix("seed ") }
        before = lines.joined(separator: "\n")
        behind = String(decoding: source.bytes[place...], as: UTF8.self)
        session.setArguments([])
        guard session.run(before, name: path, mode: .script) == .finished else {
            throw output.firstError ?? Diagnostic("\(path) ends before time passes")
        }
        let world = session.host.world
        guard let phone = world.phones.first else {
            throw Diagnostic("\(path) makes no phone before time passes")
        }
        let load = world.catalog[world.configuredLoad(phone)]
        scene = StormMishap.Scene(
            phones: world.phones.map { world.name(of: $0) },
            loads: (load.files.isEmpty ? "" : load.name.text, "")
        )
    }

    /// The script with what goes wrong in it.
    func script(_ settings: StormSettings, planted: PlantedDefect?) -> String {
        var lines = ["seed \(settings.seed)", "invariants on"]
        if let planted { lines.append("set parameter planted-\(planted.name) 1") }
        lines.append(before)
        var scene = scene
        lines += StormScript.mishaps(settings, &scene)
        lines.append(behind)
        lines += StormScript.ending(settings)
        return lines.map { $0 + "\n" }.joined()
    }
}

extension Statement.Kind {
    /// Whether the statement may let time pass, as far as its words tell.
    fileprivate func letsTimePass(_ grammar: Grammar) -> Bool {
        switch self {
        case .command(let call):
            let word = call.name.split(separator: " ").first ?? ""
            return ["run", "step", "watch"].contains(word) || call.name == "expect alarm"
        case .expectation(let expectation): return expectation.within != nil
        case .block, .loop, .repetition, .forEach, .conditional, .source, .call, .test, .trial:
            return true
        case .binding, .say, .exit, .procedure, .returning, .parameter, .never, .at, .every, .when:
            return false
        }
    }
}
