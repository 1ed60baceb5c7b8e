// What a run of more than a second says of itself, on a terminal only: how many phones are done, the
// virtual time, events a second, and, where the end is known, the time that is left.

import CLineEdit
import Glibc
import PFSRuntime

struct ProgressLine {
    /// Where a run ends, if that is known before.
    enum Goal {
        case unknown
        case time(Instant)
        case event(UInt64)
    }

    /// Milliseconds of wall time before the first one, and between two.
    private static let firstMilliseconds = 1_000
    private static let nextMilliseconds = 100
    private let isOn: Bool
    private let output: ShellOutput
    private let goal: Goal
    private let beganAt: Int
    private let firstEvent: UInt64
    private let firstTime: Instant
    private let firstFiles: UInt64
    private var dueAt: Int
    private var isShown = false
    /// The most phones that had something to do at once.
    private var busyPhones: Int

    init(isOn: Bool, output: ShellOutput, goal: Goal, world: World) {
        self.isOn = isOn && isatty(STDERR_FILENO) == 1
        self.output = output
        self.goal = goal
        beganAt = self.isOn ? Self.wallMilliseconds() : 0
        dueAt = self.isOn ? beganAt + Self.firstMilliseconds : .max
        firstEvent = world.eventCount
        firstTime = world.now
        firstFiles = world.filesObtained
        busyPhones = world.activeCount
    }

    /// Shows how far the world is, when it is time to.
    mutating func show(_ world: World, _ time: @autoclosure () -> String) {
        guard isOn else { return }
        let wall = Self.wallMilliseconds()
        guard wall >= dueAt else { return }
        dueAt = wall + Self.nextMilliseconds
        isShown = true
        busyPhones = max(busyPhones, world.activeCount)
        let columns = Int(line_edit_columns(STDERR_FILENO)) - 1
        let text = text(world, time(), milliseconds: wall - beganAt, columns: columns)
        output.progress(String(text.prefix(columns)))
    }

    /// Takes the line away.
    func end() {
        if isShown { output.progress("") }
    }

    /// The line after so many milliseconds of wall time; in a narrow window its last parts are missing.
    func text(_ world: World, _ time: String, milliseconds: Int, columns: Int = 79) -> String {
        var parts = [time]
        if busyPhones > 0 {
            parts.append("\(busyPhones - world.activeCount)/\(busyPhones) phones done")
        }
        let events = Int(world.eventCount - firstEvent)
        let rate = events * 1_000 / max(milliseconds, 1)
        parts.append("\(Self.short(rate)) events/s")
        if let left = secondsLeft(world, milliseconds: milliseconds) {
            let rest = left % 60
            parts.append("\(left / 60):\(rest < 10 ? "0" : "")\(rest) left")
        }
        parts.append("Ctrl-C stops")
        while parts.count > 1, parts.joined(separator: "  ").count > columns { parts.removeLast() }
        return parts.joined(separator: "  ")
    }

    /// By how far the run has come of its way; nil where the way is not known or has not begun.
    ///
    /// A run that ends when the phones are done is as far as the files that they have got.
    private func secondsLeft(_ world: World, milliseconds: Int) -> Int? {
        let done: Int64
        let whole: Int64
        switch goal {
        case .unknown:
            guard world.filesWanted > world.filesObtained else { return nil }
            done = Int64(clamping: world.filesObtained - firstFiles)
            whole = Int64(clamping: world.filesWanted - firstFiles)
        case .time(let end):
            done = (world.now - firstTime).nanoseconds / 1_000_000
            whole = (end - firstTime).nanoseconds / 1_000_000
        case .event(let end):
            done = Int64(clamping: world.eventCount - firstEvent)
            whole = Int64(clamping: end - firstEvent)
        }
        guard done > 0, whole >= done else { return nil }
        let (high, low) = (whole - done).multipliedFullWidth(by: Int64(milliseconds))
        guard high == 0 else { return nil }
        let left = low / UInt64(done) / 1_000
        // What would take longer than a day is no forecast.
        return left < 86_400 ? Int(left) : nil
    }

    /// A count in at most five characters: `950`, `12.3k`, `4.1M`.
    static func short(_ count: Int) -> String {
        for (scale, suffix) in [(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")]
        where count >= scale {
            let tenths = count / (scale / 10)
            return tenths < 1_000
                ? "\(tenths / 10).\(tenths % 10)\(suffix)" : "\(tenths / 10)\(suffix)"
        }
        return "\(count)"
    }

    /// Wall time for pacing what the user sees; nothing of it reaches the world.
    private static func wallMilliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}
