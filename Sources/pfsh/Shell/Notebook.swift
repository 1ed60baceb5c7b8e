// What a session remembers of itself: the lines typed, the commands that succeeded, as a script that
// repeats them, and the user's own short words. The world knows nothing of it.

import Interpreter
import PFSRuntime

/// The memory of a session.
struct Notebook {
    /// A short word and the text it stands for.
    struct Alias: Equatable {
        let name: String
        let text: String
    }

    /// The lines typed in this session and before, oldest first.
    var typed: [String] = []
    /// The short words, in the order in which they were made.
    private(set) var aliases: [Alias] = []
    /// Standard form of what succeeded, oldest first.
    private(set) var recorded: [String] = []
    /// Whether something changed the world that the record cannot repeat: the first part of a line
    /// whose last part failed.
    private(set) var isIncomplete = false

    /// Commands that look at the session itself and would mean something else in a record.
    private static let unrecorded = [
        "record", "report", "history", "help", "alias", "show aliases", "no alias", "undo", "speed",
        "!",
    ]

    // MARK: Scripts

    /// A script that has run, or was sourced.
    struct Source {
        let name: String
        let text: String
    }

    /// What the process was called with to run: a script, or the commands of `-c`.
    private(set) var main: Source?
    /// The arguments of the call.
    var arguments: [String] = []
    /// The scripts that were sourced, each once, in order.
    private(set) var sourced: [Source] = []
    /// Whether scripts that run are the user's own first commands.
    var isBeginning = false
    /// The reports that were ordered so far.
    var reportCount = 0
    /// How the last text ended.
    var lastOutcome = Outcome.finished
    /// Whether the world was on a real network, where nothing can be repeated.
    var wasAttached = false

    /// The bytes of sourced scripts that are kept together: own choice, the longest script.
    private static let sourcedByteLimit = Limits.scriptBytes

    /// Keeps a script that is about to run.
    ///
    /// `isCall` says that the process was called to run one.
    mutating func keep(_ script: SourceText, isCall: Bool) {
        guard !isBeginning, !["", "standard input"].contains(script.name) else { return }
        let text = { String(decoding: script.bytes, as: UTF8.self) }
        if isCall, main == nil {
            main = Source(name: script.name, text: text())
            return
        }
        let bytes = sourced.reduce(script.bytes.count) { $0 + $1.text.utf8.count }
        guard bytes <= Self.sourcedByteLimit, !sourced.contains(where: { $0.name == script.name })
        else { return }
        sourced.append(Source(name: script.name, text: text()))
    }

    // MARK: Aliases

    /// Makes or replaces a short word.
    mutating func define(_ alias: Alias) {
        forget(alias.name)
        aliases.append(alias)
    }

    /// Takes a short word away; false if there is none.
    @discardableResult
    mutating func forget(_ name: String) -> Bool {
        let before = aliases.count
        aliases.removeAll { $0.name == name }
        return aliases.count < before
    }

    /// A typed line with its first word replaced, if that is a short word; once, so that none goes
    /// round in a circle.
    func expanded(_ line: String) -> String {
        let text = line.drop { $0 == " " }
        let word = text.prefix { $0 != " " && $0 != ";" && $0 != "\n" }
        guard let alias = aliases.first(where: { $0.name == word }) else { return line }
        return alias.text + text.dropFirst(word.count)
    }

    // MARK: The record

    /// Where the world was before a text ran.
    struct Mark {
        let nanoseconds: Int64
        let eventCount: UInt64
        let nextEventAt: Instant?

        init(_ host: ShellHost) {
            nanoseconds = host.now
            eventCount = host.world.eventCount
            nextEventAt = host.world.nextEventAt
        }
    }

    /// Keeps what is needed to repeat a text that has run.
    mutating func keep(_ script: Script, _ outcome: Outcome, from mark: Mark, in host: ShellHost) {
        var kept = script
        kept.statements.removeAll { statement in
            guard case .command(let call) = statement.kind else { return false }
            return Self.unrecorded.contains(call.name)
        }
        let passed = host.now - mark.nanoseconds
        if kept.statements.count == 1, case .command(let call) = kept.statements[0].kind,
            call.name == "watch", outcome == .finished
        {
            // Where it ended was up to who watched.
            if passed > 0 { recorded.append("run \(Value.duration(nanoseconds: passed).text)\n") }
            return
        }
        guard case .failed(let kind) = outcome else {
            if !kept.statements.isEmpty { recorded.append(SyntaxPrinter.text(kept)) }
            return
        }
        guard kept.statements.count == 1, kept.statements[0].isAlone else {
            isIncomplete = isIncomplete || !kept.statements.isEmpty
            return
        }
        if kind == .interrupted, host.pace == nil, host.world.eventCount > mark.eventCount {
            recorded.append("run to event \(host.world.eventCount)\n")
        } else if passed > 0 || mark.nextEventAt != host.world.nextEventAt
            || mark.eventCount != host.world.eventCount
        {
            // What was due at this very instant may have happened without time passing, or some of it, if
            // a break was in the way.
            recorded.append("run \(Value.duration(nanoseconds: passed).text)\n")
        }
    }

    /// Forgets what was recorded of a line that is undone.
    mutating func forget(_ step: UndoHistory.Step) {
        recorded.removeSubrange(step.recorded.clamped(to: recorded.indices))
        isIncomplete = step.wasIncomplete
    }

    /// The record as a script; `seed` is the one that the call gave.
    func script(seed: UInt64?) -> String {
        var lines = ["# Recorded by pfsh \(Version.text)."]
        if let seed { lines.append("# Replays with: pfsh --seed \(seed) FILE") }
        if isIncomplete {
            lines.append(
                "# Incomplete: the first part of a line whose last part failed is missing."
            )
        }
        return (lines + [""]).map { $0 + "\n" }.joined() + recorded.joined()
    }
}

extension Script {
    /// Whether it is one command and nothing else.
    var isOneCommand: Bool {
        guard statements.count == 1, case .command = statements[0].kind else { return false }
        return true
    }

    /// Whether a run of it left its mark: a single command that failed leaves none but time passed.
    func hasChanged(_ host: ShellHost, since mark: Notebook.Mark, _ outcome: Outcome) -> Bool {
        guard case .failed = outcome, statements.count == 1, statements[0].isAlone else {
            return outcome != .needsMore
        }
        return host.now > mark.nanoseconds || host.world.eventCount > mark.eventCount
    }
}

extension Statement {
    /// Whether it is done wholly or, but for time that passed, not at all.
    fileprivate var isAlone: Bool {
        switch kind {
        case .command, .expectation, .binding, .say, .trial: true
        default: false
        }
    }
}
