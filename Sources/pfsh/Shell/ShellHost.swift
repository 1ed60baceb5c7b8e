// The world as scripts see it: a simulation, what of its log is shown, and where output goes. The
// language asks it for time, files and the log; commands change it.

import Interpreter
import NetIO
import PFSRuntime

/// The host of the shell's language.
struct ShellHost: Host {
    /// The simulated world.
    var world: World
    /// What of the log is shown.
    var logView = LogView()
    /// What the script says came of its run.
    var results = RunResults()
    /// What the session remembers of itself.
    var notebook = Notebook()
    /// What can be undone.
    var undoHistory = UndoHistory()
    /// The way that the world has come, for going back.
    var timeTravel = TimeTravel()
    /// What stops runs.
    var breaks = Breaks()
    /// Where the log of all phones is written besides.
    var logFile: LogFile?
    /// The lines of phones on their way to their Log Servers.
    var syslogOut: SyslogOutput?
    /// What captures the phones' packets.
    var capture: TrafficCapture?
    /// What logs from elsewhere told; nil while none was imported.
    var importedLogs: LogStory?
    /// What the configuration files said that were diagnosed last; nil while none were.
    var diagnosedFiles: [PhoneFileFacts]?
    /// How fast virtual time passes.
    var speed = PlaySpeed.most
    /// What the run that began last keeps step with; nil where it passes as fast as it can.
    var pace: Pace?
    /// Whether the user set the time of day: times are then shown as such.
    var showsTimeOfDay = false
    /// The commands, for help about them.
    var registry: Registry<ShellHost>?
    /// The real network; not part of the world.
    let network = NetworkServices()
    /// The network that the world is attached to; nil while everything is simulated.
    var attachment: Attachment?
    /// Whether this is a copy on which something is only tried.
    var isTrial = false
    /// What a report gives to run again; nil for what runs for the first time.
    var replay: ReplayLimits?
    /// Where lines go that are printed while a command runs.
    let output: ShellOutput
    /// Whether somebody types: progress is shown then.
    let isInteractive: Bool
    /// The seed given with the call; it outranks `seed N` in a script.
    let fixedSeed: UInt64?
    /// The script in which the present command stands; nil where it is no file.
    var callingFile: String?
    /// What the filters behind the present command need of its table.
    var demand = TableDemand.cells

    init(output: ShellOutput, isInteractive: Bool = false, fixedSeed: UInt64? = nil) {
        world = World(seed: fixedSeed ?? World.standardSeed)
        self.output = output
        self.isInteractive = isInteractive
        self.fixedSeed = fixedSeed
    }

    /// The process's call without its seed; nil at a prompt.
    var call: ProcessCall?

    var repetition: String? { call?.text(seed: world.seed) }

    /// What scripts wait for.
    var agenda: Agenda<ShellHost>?

    var now: Int64 { world.now.nanoseconds }

    /// Whether a key asks to stop, while a command listens to the keyboard.
    var isEndAsked: (() -> Bool)?

    /// Nobody reads on when output cannot be written: that stops a command as Ctrl-C does.
    var isInterrupted: Bool {
        Interrupt.isPending || output.failure.errorNumber != nil || isEndAsked?() ?? false
            || isStoppedByReport
    }

    /// Throws a diagnostic of kind `.interrupted` if the user asked to stop.
    func checkInterrupt() throws(Diagnostic) {
        if isInterrupted { throw Diagnostic("stopped", kind: .interrupted) }
    }

    func displayTime(_ nanoseconds: Int64) -> String {
        let instant = Instant(nanoseconds: nanoseconds)
        if showsTimeOfDay { return world.wallClock.time(at: instant).description }
        return Elapsed.text(instant)
    }

    func readSource(
        _ path: String,
        including: String?
    ) throws(SourceReadFailure) -> (name: String, bytes: [UInt8]) {
        let resolved = Self.resolved(path, including)
        if let text = replay?.files[resolved] { return (resolved, Array(text.utf8)) }
        do throws(FileError) {
            let bytes = try FileStore.read(resolved, limitBytes: Limits.scriptBytes)
            return (resolved, bytes)
        } catch {
            throw SourceReadFailure(error)
        }
    }

    func save(_ text: String, to path: String, including: String?) throws(Diagnostic) {
        // What a stranger's report runs writes nothing.
        if replay != nil { return }
        let resolved = Self.resolved(path, including)
        do throws(FileError) {
            try FileStore.write(Array(text.utf8), to: resolved)
        } catch {
            throw Diagnostic(
                "\(resolved) cannot be written: \(error.description)",
                kind: .outside
            )
        }
    }

    /// The path of a file that the present command names.
    func path(of name: String) -> String { Self.resolved(name, callingFile) }

    /// A relative path belongs to the folder of the script it stands in.
    private static func resolved(_ path: String, _ including: String?) -> String {
        guard !path.hasPrefix("/"), let including, let slash = including.lastIndex(of: "/") else {
            return path
        }
        return including[...slash] + path
    }

    mutating func run(
        until condition: inout Condition<ShellHost>,
        within limitNanoseconds: Int64
    ) throws(Diagnostic) -> Bool {
        let limit = min(world.now + Interval(nanoseconds: limitNanoseconds), .latest)
        return try runUntil(&condition, limit: limit)
    }

    /// The lines that have been printed: a phone prints a little after the event, and a line that is
    /// still to come is not in the log that a user sees.
    var logMark: Int {
        world.logDropped + (pendingLines.first?.index ?? world.logCount)
    }

    /// When the next line is printed that a phone has to say already.
    var nextLineAt: Instant? { pendingLines.map(\.time).min() }

    /// Longer than the lines of any one event take to be printed.
    private static let printingTime = Interval.milliseconds(100)

    /// The recorded lines that lie in the future, in the order of their events.
    private var pendingLines: [(index: Int, time: Instant)] {
        var lines: [(index: Int, time: Instant)] = []
        for index in (0..<world.logCount).reversed() {
            let time = world.logRecord(index).time
            if time > world.now { lines.append((index, time)) }
            if time + Self.printingTime < world.now { break }
        }
        return lines.reversed()
    }

    func logHasLine(matching pattern: Pattern, of selection: Selection?, from mark: Int) -> Bool {
        let first = max(mark - world.logDropped, 0)
        let chosen = selection.map { Set($0.ids) }
        for index in first..<max(first, world.logCount) {
            let record = world.logRecord(index)
            if record.time > world.now { continue }
            if let chosen, !chosen.contains(Int(record.phone.index)) { continue }
            if pattern.matches(world.text(record)) { return true }
        }
        return false
    }

    /// Goes back to a world as it was; what is printed of the log goes on from there.
    mutating func goBack(to step: UndoHistory.Step) {
        world = step.world
        showsTimeOfDay = step.showsTimeOfDay
        timeTravel = step.timeTravel
        notebook.forget(step)
        logView.goOn(in: world)
        logFile?.goOn(in: world)
        syslogOut?.goOn(in: world)
        capture?.goOn(in: world, attachment)
    }

    func rank(of object: Int) -> UInt64 {
        var stream = RandomStream(seed: world.seed, purpose: .share, index: UInt64(object))
        return stream.next()
    }

    /// The world is an object, so that a copy needs one of its own.
    func copy() -> ShellHost {
        var copy = self
        copy.world = world.copy()
        // What happens on a copy is nobody's traffic, and nobody's log.
        copy.syslogOut = nil
        copy.capture = nil
        copy.attachment = nil
        return copy
    }

    func nextTime(ofDay text: String) throws(Diagnostic) -> Int64 {
        let time: TimeOfDay
        do throws(TimeOfDayError) {
            time = try TimeOfDay(text)
        } catch {
            throw Diagnostic(error.description)
        }
        let present = world.wallClock.time(at: world.now)
        let ahead = TimeOfDay(microseconds: time.microseconds - present.microseconds)
        return now + ahead.microseconds * 1_000
    }

    func notes(about objects: [ObjectReference]) -> [String] {
        var notes: [String] = []
        for object in objects.prefix(3) where object.kind == PhoneVocabulary.phone {
            let lines = logView.lastLines(3, of: PhoneNumber(object.id), in: world)
            notes.append("\(object.name) is \(world.state(PhoneNumber(object.id)).rawValue)")
            notes += lines.map { "\(object.name): \($0)" }
        }
        return notes
    }
}

/// Time since the world began as text.
enum Elapsed {
    /// Hours, minutes, seconds and milliseconds: `0:00:12.250`.
    static func text(_ instant: Instant) -> String {
        let milliseconds = instant.nanoseconds / 1_000_000
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        let minutes = seconds / 60
        return "\(minutes / 60):\(two(minutes % 60)):\(two(seconds % 60)).\(three(rest))"
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func three(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }
}
