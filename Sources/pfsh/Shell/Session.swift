// One session of the shell: the interpreter over its host, and what the call asked for.

import Interpreter
import PFSRuntime

/// A session that commands are given to, from a prompt, a pipe or a file.
final class Session {
    private var interpreter: Interpreter<ShellHost>
    private let output: ShellOutput
    /// Whether each text that is run answers one JSON object.
    let answersInJSON: Bool

    /// A session whose output goes to `output`; whoever makes many of them makes the registry once.
    init(
        output: ShellOutput,
        isInteractive: Bool = false,
        seed: UInt64? = nil,
        answersInJSON: Bool = false,
        allowsShell: Bool = false,
        registry: Registry<ShellHost>? = nil
    ) {
        self.output = output
        self.answersInJSON = answersInJSON
        var host = ShellHost(output: output, isInteractive: isInteractive, fixedSeed: seed)
        let registry = registry ?? ShellRegistry.make(allowsShell: allowsShell)
        host.registry = registry
        host.undoHistory.isOn = isInteractive
        host.timeTravel.isOn = isInteractive
        interpreter = Interpreter(host: host, registry: registry, sink: output)
    }

    /// The world and how it is shown.
    var host: ShellHost { interpreter.host }

    /// Whether the invariants of the world are looked after.
    var checksInvariants: Bool {
        get { host.world.checksInvariants }
        set { host.world.checksInvariants = newValue }
    }

    /// Looks at everything once more at the end of a script; what is broken is reported.
    func checkEnd() -> Outcome {
        guard let broken = host.world.checkInvariants() else { return .finished }
        let failure = InvariantText.diagnostic(broken, in: host)
        output.report(failure)
        return .failed(failure.kind)
    }

    /// Gives a script its arguments.
    func setArguments(_ arguments: [String]) {
        interpreter.setArguments(arguments)
        interpreter.host.notebook.arguments = arguments
    }

    /// Says how the process was called, for who has to call it again.
    func setCall(_ call: ProcessCall) { interpreter.host.call = call }

    /// Has the log of all phones written to a file while time passes.
    func writeLog(to file: LogFile) { interpreter.host.logFile = file }

    /// Runs the script at `path`.
    func runFile(_ path: String) -> Outcome {
        reporting { answering { interpreter.runFile(path) } }
    }

    /// Runs the user's own first commands, if there are any, and keeps the lines typed before.
    ///
    /// Nil, or the status with which the file ended the session.
    func begin(initialScript path: String?, typed: [String]) -> Int32? {
        interpreter.host.notebook.typed = typed
        guard let path else { return nil }
        interpreter.host.notebook.isBeginning = true
        defer { interpreter.host.notebook.isBeginning = false }
        let outcome = runFile(path)
        if case .exit(let status) = outcome { return status }
        return nil
    }

    /// Keeps a typed line for `history`, unless it begins with a blank.
    func remember(_ line: String) {
        guard let first = line.first, !first.isWhitespace else { return }
        interpreter.host.notebook.typed.append(line)
    }

    /// Runs a text and keeps what `record` needs to repeat it.
    func runRecorded(
        _ text: String,
        name: String,
        firstLine: Int = 1,
        mode: Interpreter<ShellHost>.Mode
    ) -> Outcome {
        let source = SourceText(name: name, text: text)
        interpreter.host.timeTravel.isOn = true
        let mark = Notebook.Mark(host)
        let parsed = interpreter.registry.parse(source, abbreviates: mode == .prompt)
        var step: UndoHistory.Step?
        if !isAttached, parsed.diagnostics.isEmpty,
            parsed.script.mayChangeWorld(interpreter.registry.grammar)
        {
            step = interpreter.host.undoHistory.step(before: text, in: host)
        }
        output.pager?.isWanted = parsed.script.isOneCommand
        let outcome = run(text, name: name, firstLine: firstLine, mode: mode)
        output.pager?.isWanted = false
        defer { if outcome == .failed(.failedExpectation) { endReport() } }
        guard parsed.diagnostics.isEmpty else { return outcome }
        let recorded = host.notebook.recorded.count
        interpreter.host.notebook.keep(parsed.script, outcome, from: mark, in: host)
        guard var step, parsed.script.hasChanged(host, since: mark, outcome) else { return outcome }
        step.recorded = recorded..<host.notebook.recorded.count
        interpreter.host.undoHistory.keep(step)
        return outcome
    }

    /// A typed line with its short word replaced.
    func expanded(_ line: String) -> String { host.notebook.expanded(line) }

    /// Runs a text; `firstLine` is the number of its first line in what it came from.
    func run(
        _ text: String,
        name: String,
        firstLine: Int = 1,
        mode: Interpreter<ShellHost>.Mode
    ) -> Outcome {
        reporting {
            answering {
                interpreter.run(
                    SourceText(name: name, text: text, firstLine: firstLine),
                    mode: mode
                )
            }
        }
    }

    /// Notes how a run ended, for a report.
    private func reporting(_ run: () -> Outcome) -> Outcome {
        let outcome = run()
        interpreter.host.notebook.lastOutcome = outcome
        return outcome
    }

    // MARK: Reports

    /// Makes this the run of a report once more.
    func beginReplay(_ limits: ReplayLimits) {
        interpreter.host.replay = limits
        interpreter.host.timeTravel.isOn = true
    }

    /// Parses a text without running it.
    func parse(_ source: SourceText) -> ParseResult { interpreter.registry.parse(source) }

    /// Where a report is written when a run fails, or at the end; nil for none, or once it is written.
    private var reportPath: String?

    /// Has a report written to a file; throws a diagnostic if that cannot be.
    func beginReport(to path: String) throws(Diagnostic) {
        interpreter.host.timeTravel.isOn = true
        try RunReport.write(host.report(), to: path)
        reportPath = path
    }

    /// Writes the report that was asked for, unless a run failed and it is written.
    private func endReport() {
        guard let path = reportPath else { return }
        reportPath = nil
        do throws(Diagnostic) {
            try RunReport.write(host.report(), to: path)
        } catch {
            output.report(error)
        }
    }

    private func answering(_ run: () -> Outcome) -> Outcome {
        defer { host.network.web?.show(host.world) }
        guard answersInJSON else { return run() }
        output.beginAnswer()
        let outcome = run()
        output.endAnswer(status: outcome.exitStatus, nowNanoseconds: host.now)
        return outcome
    }

    /// Ends what was begun and not ended: a capture writes its file, phones leave their network.
    func close() {
        endReport()
        endCapture()
        host.attachment?.end(host.world)
        interpreter.host.attachment = nil
    }

    private func endCapture() {
        guard let capture = host.capture else { return }
        interpreter.host.capture = nil
        do throws(Diagnostic) {
            _ = try capture.finish(host.world, host.attachment, in: nil)
        } catch {
            output.report(error)
        }
    }

    /// How the test blocks ended so far.
    var testResults: [TestResult] { interpreter.testResults }

    /// All errors and warnings of a script and of those that it sources, without running it.
    func check(_ source: SourceText) -> CheckResult { interpreter.check(source, isFile: true) }

    /// The parameters that a text declares.
    func parameters(of source: SourceText) -> [ScriptParameter] {
        interpreter.parameters(of: source)
    }

    /// A text in standard form, with its comments; nil if it has errors, which are reported.
    ///
    /// Throws a diagnostic for a comment that the standard form has no place for.
    func formatted(_ source: SourceText) throws(Diagnostic) -> String? {
        let parsed = interpreter.registry.parse(source)
        guard parsed.diagnostics.isEmpty else {
            for diagnostic in parsed.diagnostics { output.report(diagnostic) }
            return nil
        }
        return try SyntaxPrinter.text(parsed.script, of: source)
    }

    /// Whether a text is whole: no open block, no open string.
    func isComplete(_ text: String) -> Bool { !interpreter.needsMore(text) }

    /// What could stand at the cursor, a count of bytes.
    func completion(of text: String, at cursor: Int) -> [Candidate] {
        if let (watched, place) = Self.watched(text, cursor) {
            return completion(of: watched, at: place)
        }
        if text.hasPrefix("!") { return Self.files(before: cursor, in: text, world: host.world) }
        let completion = interpreter.completion(of: text, at: cursor)
        let bytes = Array(text.utf8.prefix(cursor))
        let typed = String(decoding: bytes[min(completion.start, bytes.count)...], as: UTF8.self)
        let words = completion.candidates.map {
            Candidate(
                $0.text,
                hint: $0.hint,
                replacing: typed,
                endsWord: !$0.text.hasSuffix("(")
            )
        }
        let further = WordCandidates(world: host.world, typed: typed)
        // What the place is called, the language says where the word begins; a word that it can
        // complete itself needs none of ours, and to list a world of phones twice takes its time.
        var places = completion.values
        if words.isEmpty, !typed.isEmpty {
            places = interpreter.completion(of: text, at: completion.start).values
        }
        return words + further.words(for: places.map(\.text))
            + (completion.takesFile ? further.files : [])
    }

    /// What the word of another program's command could go on with: files only.
    private static func files(before cursor: Int, in text: String, world: World) -> [Candidate] {
        let before = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self)
        let word = before.dropFirst().split(separator: " ", omittingEmptySubsequences: false).last
        return WordCandidates(world: world, typed: word.map(String.init) ?? "").allFiles
    }

    /// The command behind `watch`, and the cursor in it; nil where the line begins with another word.
    private static func watched(_ text: String, _ cursor: Int) -> (text: String, cursor: Int)? {
        let word = "watch "
        guard text.hasPrefix(word), cursor >= word.utf8.count else { return nil }
        return (String(text.dropFirst(word.count)), cursor - word.utf8.count)
    }

    /// What can follow at the cursor, in lines: one each where `rows` of the screen can hold them, else
    /// the names only, at the beginning of a statement by family.
    func help(of text: String, at cursor: Int, columns: Int = 80, rows: Int = 24) -> String {
        if let (watched, place) = Self.watched(text, cursor) {
            return help(of: watched, at: place, columns: columns, rows: rows)
        }
        let lines = interpreter.help(of: text, at: cursor)
        guard lines.count > rows - 2 else { return lines.joined(separator: "\n") }
        let completion = interpreter.completion(of: text, at: cursor)
        let names = Set(completion.candidates.map(\.text))
        let registry = interpreter.registry
        if registry.grammar.commands.allSatisfy({ names.contains($0.path[0]) }) {
            return
                (FamilyOverview.lines(registry, columns: columns, rows: rows - 4)
                + ["", "help NAME explains one, or a family"]).joined(separator: "\n")
        }
        let words = (completion.values + completion.candidates).map {
            Candidate($0.text, replacing: "")
        }
        return CandidateList.text(words, columns: columns, rows: rows - 2)
    }

    /// The prompt: the clock, and that it is virtual; in a window narrower than half of the usual 80
    /// columns the line gets the room instead.
    func prompt(columns: Int) -> String {
        let clock = host.attachment == nil ? "virtual" : "real"
        let speed = host.speed == .most ? "" : " x\(host.speed.text)"
        return columns < 40 ? "pfsh> " : "\(host.displayTime(host.now)) \(clock)\(speed)> "
    }

    /// Whether the clock goes on while nobody does anything.
    var isAttached: Bool { host.attachment != nil }

    /// Lets phones on a real network go on while a line is typed.
    func goOn() {
        guard let attachment = host.attachment else { return }
        attachment.turn(host.world, limit: .latest)
        for trouble in attachment.takeTroubles() { output.report(.warning(trouble)) }
        do throws(Diagnostic) {
            try interpreter.host.settle()
        } catch {
            output.report(error)
        }
    }
}
