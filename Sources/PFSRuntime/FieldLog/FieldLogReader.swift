// Logs as real phones print them and as people hand them on: with numbers in front, other processes
// between, through syslog, copied out of a document. The file comes in pieces and leaves as understood
// lines; all else is counted. What is kept is bounded, however large the file is.

/// Reads one log.
public struct FieldLogReader: Sendable {
    /// The most phones that are told apart in a log (own choice: ten times a large branch).
    public static let sourceLimit = 10_000
    /// Lines within which one may stand in the wrong place (own choice: in TechNote 200615 it is nine
    /// lines too early).
    public static let windowLines = 64
    /// Unknown lines of the download task that are kept to be shown.
    static let sampleLimit = 5

    /// The name that lines have which do not say who printed them.
    public let name: String
    /// What was in the log so far.
    public private(set) var counts = LogCounts()
    /// Who printed lines: `LoggedLine.source` is an index into it.
    public private(set) var sources: [String] = []
    /// The first lines of the download task that were not understood, with their numbers.
    public private(set) var samples: [(number: Int, text: String)] = []

    private var splitter = LineSplitter()
    private var sourceNumbers: [String: Int] = [:]
    private var clock: LogClock
    /// A line that ended too early, in case the next one is the rest of it.
    private var held: Held?
    /// The severity that stood at the end of the line before, where it belongs to the next.
    private var carried: LogSeverity?
    /// Lines that wait for earlier ones that come late.
    private var waiting: [LoggedLine] = []

    private struct Held {
        var header: ConsoleHeader
        var text: [UInt8]
        let number: Int
    }

    /// A reader for a log; `name` stands for the phone where the lines do not say which one it is.
    ///
    /// `near` is a time of another log of the same night: without dates the days are counted from there.
    public init(name: String, near: Int64? = nil) {
        self.name = name
        clock = LogClock(last: near)
    }

    /// Takes the next piece of the file; `body` gets the lines that were understood, in order of time.
    public mutating func feed(_ bytes: [UInt8], _ body: (LoggedLine) -> Void) {
        counts.bytes += bytes.count
        var splitter = self.splitter
        splitter.feed(bytes) { take($0, body) }
        self.splitter = splitter
    }

    /// Ends the file.
    public mutating func finish(_ body: (LoggedLine) -> Void) {
        var splitter = self.splitter
        if splitter.hasRest { splitter.finish { take($0, body) } }
        self.splitter = splitter
        dropHeld()
        for line in waiting { body(line) }
        waiting.removeAll()
    }

    private mutating func take(_ piece: LineSplitter.Piece, _ body: (LoggedLine) -> Void) {
        counts.lines += 1
        guard case .line(let bytes) = piece else {
            counts.endless += 1
            dropHeld()
            return
        }
        let (line, wasQuoted) = Self.trimmed(bytes)
        if line.isEmpty {
            counts.blank += 1
        } else if line.contains(where: { $0 < 32 && $0 != 9 || $0 == 127 }) {
            counts.binary += 1
            dropHeld()
        } else {
            read(line, number: counts.lines, isMended: wasQuoted, body)
        }
    }

    /// A line without blanks at its ends, and without the quotation marks of a document.
    private static func trimmed(_ bytes: [UInt8]) -> (line: ArraySlice<UInt8>, wasQuoted: Bool) {
        var line = bytes[...]
        var wasQuoted = false
        func isOuter(_ byte: UInt8) -> Bool {
            if byte == UInt8(ascii: "\"") { wasQuoted = true }
            return byte == 32 || byte == 9 || byte == 13 || byte == UInt8(ascii: "\"")
        }
        while let last = line.last, isOuter(last) { line.removeLast() }
        while let first = line.first, isOuter(first) { line.removeFirst() }
        return (line, wasQuoted)
    }

    private mutating func read(
        _ line: ArraySlice<UInt8>,
        number: Int,
        isMended: Bool,
        _ body: (LoggedLine) -> Void
    ) {
        guard var header = ConsoleHeader(line, carried: carried) else {
            goOn(with: line, body)
            return
        }
        header.isMended = header.isMended || isMended
        carried = nil
        dropHeld()
        switch LineMatcher.match(task: header.task, header.text) {
        case .whole(let event, let values): emit(header, event, values, number, body)
        case .beginning: held = Held(header: header, text: Array(header.text), number: number)
        case .unknown: mend(header, number: number, body)
        case .otherProcess: counts.otherProcesses += 1
        }
    }

    /// A line without a header: the rest of one that ended too early, or nothing that is known.
    private mutating func goOn(with line: ArraySlice<UInt8>, _ body: (LoggedLine) -> Void) {
        guard var held, held.text.count + line.count < LineSplitter.byteLimit else {
            dropHeld()
            counts.unknown += 1
            return
        }
        self.held = nil
        held.text += [32] + line
        held.header.isMended = true
        switch LineMatcher.match(task: held.header.task, held.text[...]) {
        case .whole(let event, let values):
            counts.joined += 1
            emit(held.header, event, values, held.number, body)
        case .beginning:
            counts.joined += 1
            self.held = held
        case .unknown, .otherProcess:
            addUnknown(held.text, held.number)
            counts.unknown += 1
        }
    }

    private mutating func dropHeld() {
        guard let held else { return }
        self.held = nil
        addUnknown(held.text, held.number)
    }

    private mutating func addUnknown(_ text: [UInt8], _ number: Int) {
        counts.unknownDownload += 1
        guard samples.count < Self.sampleLimit else { return }
        samples.append((number, String(decoding: text, as: UTF8.self)))
    }

    /// Two lines that were glued together: the first, and the severity of the second or all of it.
    private mutating func mend(
        _ header: ConsoleHeader,
        number: Int,
        _ body: (LoggedLine) -> Void
    ) {
        let text = header.text
        var start = text.startIndex + 1
        while start + 3 <= text.endIndex {
            let word = text[start..<start + 3]
            let isAtEnd = start + 3 == text.endIndex
            if isAtEnd || text[start + 3] == 32, let found = ConsoleHeader.severity(word),
                case .whole(let event, let values) = LineMatcher.match(
                    task: header.task,
                    Self.trimmed(Array(text[..<start])).line
                )
            {
                var first = header
                first.isMended = true
                emit(first, event, values, number, body)
                if isAtEnd {
                    carried = found.severity
                } else {
                    counts.glued += 1
                    read(text[start...], number: number, isMended: true, body)
                }
                return
            }
            start += 1
        }
        if LineMatcher.downloadTasks.contains(where: { $0.elementsEqual(header.task) }) {
            addUnknown(Array(text), number)
        } else {
            counts.otherProcesses += 1
        }
    }

    private mutating func emit(
        _ header: ConsoleHeader,
        _ event: LoggedEvent,
        _ values: [String],
        _ number: Int,
        _ body: (LoggedLine) -> Void
    ) {
        guard let source = source(header.origin ?? name) else {
            counts.crowded += 1
            return
        }
        counts.understood += 1
        if header.isMended { counts.mended += 1 }
        let (time, isBack) = clock.time(header.microseconds, day: header.day)
        if isBack { counts.misplaced += 1 }
        let line = LoggedLine(
            number: number,
            source: source,
            microseconds: time,
            severity: header.severity ?? event.kind.severity,
            event: event,
            values: values
        )
        var place = waiting.endIndex
        while place > 0, waiting[place - 1].microseconds > time { place -= 1 }
        waiting.insert(line, at: place)
        if waiting.count > Self.windowLines { body(waiting.removeFirst()) }
    }

    private mutating func source(_ name: String) -> Int? {
        if let known = sourceNumbers[name] { return known }
        guard sources.count < Self.sourceLimit else { return nil }
        sources.append(name)
        sourceNumbers[name] = sources.count - 1
        return sources.count - 1
    }
}

/// Times of day as one time that goes on: consoles print no date.
private struct LogClock: Sendable {
    private var last: Int64?

    init(last: Int64?) { self.last = last }

    /// The instant that is nearest to the one before; whether it lies before it.
    mutating func time(_ ofDay: Int64, day: Int?) -> (time: Int64, isBack: Bool) {
        let length = TimeOfDay.microsecondsPerDay
        var time = ofDay
        if let day {
            time += Int64(day) * length
        } else if let last {
            let passed = last - last % length
            time += passed
            if time - last > length / 2, time >= length { time -= length }
            if last - time > length / 2 { time += length }
        }
        // A step of half an hour or more is a clock that was set, not a line in the wrong place.
        let isBack = last.map { time < $0 && $0 - time < 1_800_000_000 } ?? false
        last = time
        return (time, isBack)
    }
}
