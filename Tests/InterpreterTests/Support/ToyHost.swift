// A world for the language's own tests: lamps in rooms that can be lit, and a clock that moves only
// when a script asks. It has nothing to do with phones, which shows that the language has not
// either.

import Interpreter

struct Lamp {
    var name: String
    var room: String
    var isLit: Bool
    var watts: Int64
    var plug: Int?
}

struct ToyHost: Host {
    var lamps: [Lamp] = []
    var rooms: [String] = ["kitchen", "hall"]
    var now: Int64 = 0
    var log: [(lamp: Int, text: String)] = []
    /// Lamps that light by themselves, and when.
    var timers: [(at: Int64, lamp: Int)] = []
    var files: [String: String] = [:]
    var agenda: Agenda<ToyHost>?
    /// After so many looks the user presses Ctrl-C; nil for never.
    var pollsUntilInterrupt: InterruptCounter?

    func displayTime(_ nanoseconds: Int64) -> String {
        Value.duration(nanoseconds: nanoseconds).text
    }

    var isInterrupted: Bool { pollsUntilInterrupt?.isDue() ?? false }

    func readSource(
        _ path: String,
        including: String?
    ) throws(SourceReadFailure) -> (name: String, bytes: [UInt8]) {
        if path == "folder" { throw .isDirectory }
        if path == "secret" { throw .notReadable("permission denied") }
        if path == "huge" { throw .tooLarge }
        guard let text = files[path] else { throw .notFound }
        return (path, Array(text.utf8))
    }

    mutating func run(
        until condition: inout Condition<ToyHost>,
        within limitNanoseconds: Int64
    ) throws(Diagnostic) -> Bool {
        let end = now + limitNanoseconds
        try agenda?.checkTimeMayPass()
        while true {
            if try condition.holds(in: self) { return true }
            if now >= end { return false }
            try pass(to: end)
        }
    }

    /// Goes on to the next thing that happens, or to `end`.
    mutating func pass(to end: Int64) throws(Diagnostic) {
        let next = timers.filter { $0.at > now && $0.at <= end }.min { $0.at < $1.at }
        let due = agenda?.nextDueNanoseconds ?? .max
        if let next, next.at <= due {
            now = next.at
            light(next.lamp, true)
        } else {
            now = min(end, due)
        }
        try agenda?.act(in: &self)
    }

    mutating func goOn(beside tried: ToyHost) throws(Diagnostic) {
        while now < tried.now { try pass(to: tried.now) }
    }

    func differences(tried: ToyHost, alone: ToyHost, trouble: Diagnostic?) -> Output {
        let lines = zip(tried.lamps, alone.lamps).filter { $0.isLit != $1.isLit }.map { lamp, _ in
            "\(lamp.name) would be \(lamp.isLit ? "lit" : "dark")"
        }
        return .lines(lines + ["after \(displayTime(tried.now - now))"])
    }

    func nextTime(ofDay text: String) throws(Diagnostic) -> Int64 {
        guard text == "00:01" else { throw Diagnostic("expected 00:01") }
        return 60_000_000_000
    }

    mutating func light(_ lamp: Int, _ isLit: Bool) {
        lamps[lamp].isLit = isLit
        log.append((lamp, "\(lamps[lamp].name) is \(isLit ? "lit" : "dark")"))
    }

    var logMark: Int { log.count }

    func logHasLine(matching pattern: Pattern, of selection: Selection?, from mark: Int) -> Bool {
        log[mark...].contains { line in
            selection?.ids.contains(line.lamp) ?? true && pattern.matches(line.text)
        }
    }

    func notes(about objects: [ObjectReference]) -> [String] {
        objects.filter { $0.kind == "lamp" }
            .map { "\($0.name) is in the \(lamps[$0.id].room)" }
    }
}

/// Counts the looks at an interrupt flag, as a test's stand-in for a key.
final class InterruptCounter: @unchecked Sendable {
    private var left: Int

    init(after count: Int) { left = count }

    func isDue() -> Bool {
        left -= 1
        return left < 0
    }
}

enum Glow: String, ChoiceArgument {
    case lit, dark

    var help: String { self == .lit ? "give light" : "give none" }
}

let lampGroup = CommandGroup("Lamps")
let timeGroup = CommandGroup("Time")
