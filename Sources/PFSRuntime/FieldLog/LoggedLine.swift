// What a log said in one line, and what was in a log besides.

/// One understood line of a log that was read.
public struct LoggedLine: Hashable, Sendable {
    /// Its place in the file, counted from 1.
    public let number: Int
    /// Who printed it, as an index into the reader's sources.
    public let source: Int
    /// Microseconds since the midnight before the first line; days go on counting.
    public let microseconds: Int64
    /// Its severity.
    public let severity: LogSeverity
    /// What it says.
    public let event: LoggedEvent
    /// What stands in the fields of its form, in order.
    public let values: [String]

    /// What stands in a field; the first if there are several.
    public func value(_ field: LoggedField) -> String? {
        event.kind.line.fields.firstIndex(of: field).map { values[$0] }
    }

    /// The text behind the task, as it was printed.
    public var text: String { event.kind.line.text(values) }

    /// The time of day.
    public var timeOfDay: TimeOfDay { TimeOfDay(microseconds: microseconds) }
}

/// What was in a log, line by line.
public struct LogCounts: Hashable, Sendable {
    /// Bytes read.
    public internal(set) var bytes = 0
    /// Lines, blank ones among them.
    public internal(set) var lines = 0
    /// Lines of a known kind.
    public internal(set) var understood = 0
    /// Lines of the download task whose words are not known.
    public internal(set) var unknownDownload = 0
    /// Lines of other processes.
    public internal(set) var otherProcesses = 0
    /// Lines that are no lines of a log.
    public internal(set) var unknown = 0
    /// Blank lines.
    public internal(set) var blank = 0
    /// Lines with bytes that no text has.
    public internal(set) var binary = 0
    /// Lines that are longer than any log's.
    public internal(set) var endless = 0
    /// Understood lines that were wrapped, glued together, quoted, or had lost letters.
    public internal(set) var mended = 0
    /// Lines that are the rest of the line before.
    public internal(set) var joined = 0
    /// Lines that stood behind another on the same line.
    public internal(set) var glued = 0
    /// Times that the clock stepped back: lines that stand in the wrong place.
    public internal(set) var misplaced = 0
    /// Understood lines of more sources than are told apart.
    public internal(set) var crowded = 0

    /// Counts of several logs together.
    public static func + (left: LogCounts, right: LogCounts) -> LogCounts {
        var sum = left
        sum.bytes += right.bytes
        sum.lines += right.lines
        sum.understood += right.understood
        sum.unknownDownload += right.unknownDownload
        sum.otherProcesses += right.otherProcesses
        sum.unknown += right.unknown
        sum.blank += right.blank
        sum.binary += right.binary
        sum.endless += right.endless
        sum.mended += right.mended
        sum.joined += right.joined
        sum.glued += right.glued
        sum.misplaced += right.misplaced
        sum.crowded += right.crowded
        return sum
    }
}
