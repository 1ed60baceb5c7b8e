// What stands in front of the text of a log line: severity, time, task, and whatever else the phone, a
// terminal program or a syslog daemon put there. Three forms are known:
//
//     DBG 02:19:22.634167 DLoad: text                      the console of a 79xx
//     4878: WRN 15:47:34.756063 SECD: text                 the same downloaded as a file: a number in front
//     4852 NOT Mar 09 18:32:37.641843 (339:1850) downd-…   78xx and 88xx: date, process and thread
//
// In front of each may stand a name, as in pfsh's merged log, or the header of a syslog line.

/// The parts of a line of a console log.
struct ConsoleHeader {
    /// Who printed it, where the line says so: a phone's name, or the host of a syslog line.
    var origin: String?
    /// Nil where the line has lost it.
    var severity: LogSeverity?
    /// Whether the severity had lost a letter.
    var isMended = false
    /// Days since the first of January, where there is a date.
    var day: Int?
    /// Microseconds since midnight.
    var microseconds: Int64
    /// The process that printed it.
    var task: ArraySlice<UInt8>
    /// What it says.
    var text: ArraySlice<UInt8>

    /// Words that may stand in front: a sequence number and a name.
    private static let leadingWords = 3

    /// Reads a line without blanks at its ends; nil when it is no line of a log.
    ///
    /// `carried` is the severity that stood at the end of the line before, by damage.
    init?(_ line: ArraySlice<UInt8>, carried: LogSeverity? = nil) {
        var cursor = ByteCursor(line)
        if cursor.next == UInt8(ascii: "<") {
            guard let header = Self.syslog(line) else { return nil }
            self = header
            return
        }
        var origin: String?
        for _ in 0...Self.leadingWords {
            if let header = Self.console(cursor, origin: origin) {
                self = header
                return
            }
            guard let word = cursor.word(), word.count <= 64 else { break }
            if !Self.isSequence(word), origin == nil {
                origin = String(decoding: word, as: UTF8.self)
            }
        }
        if let carried, var header = Self.timed(ByteCursor(line)) {
            header.severity = carried
            header.isMended = true
            self = header
            return
        }
        guard let header = Self.syslog(line) else { return nil }
        self = header
    }

    /// Digits, with or without a colon behind them.
    private static func isSequence(_ word: ArraySlice<UInt8>) -> Bool {
        let digits = word.last == UInt8(ascii: ":") ? word.dropLast() : word
        return !digits.isEmpty && digits.allSatisfy { (48...57).contains($0) }
    }

    /// The word of a severity; `NF` is an `INF` that has lost its first letter.
    static func severity(_ word: ArraySlice<UInt8>) -> (severity: LogSeverity, isMended: Bool)? {
        // Nearly no word is one: its first letter is quicker to look at than its text.
        guard word.count == 2 || word.count == 3, let first = word.first,
            "EWNID".utf8.contains(first)
        else { return nil }
        switch String(decoding: word, as: UTF8.self) {
        case "ERR": return (.error, false)
        case "WRN": return (.warning, false)
        case "NOT": return (.notice, false)
        case "INF": return (.info, false)
        case "DBG", "DEB": return (.debug, false)
        case "NF": return (.info, true)
        default: return nil
        }
    }

    private static func console(_ start: ByteCursor, origin: String?) -> ConsoleHeader? {
        var cursor = start
        guard let word = cursor.word(), let found = severity(word),
            var header = timed(cursor)
        else { return nil }
        header.severity = found.severity
        header.isMended = found.isMended
        header.origin = origin
        return header
    }

    /// Date, time, process, text.
    private static func timed(_ start: ByteCursor) -> ConsoleHeader? {
        var cursor = start
        let day = cursor.date()
        guard let time = cursor.timeOfDay() else { return nil }
        cursor.skipBlanks()
        if cursor.next == UInt8(ascii: "(") {
            guard let process = cursor.word(), process.last == UInt8(ascii: ")") else { return nil }
        }
        let (task, text) = cursor.taskAndText()
        guard !task.isEmpty else { return nil }
        return ConsoleHeader(severity: nil, day: day, microseconds: time, task: task, text: text)
    }

    private init(
        severity: LogSeverity?,
        day: Int?,
        microseconds: Int64,
        task: ArraySlice<UInt8>,
        text: ArraySlice<UInt8>
    ) {
        self.severity = severity
        self.day = day
        self.microseconds = microseconds
        self.task = task
        self.text = text
    }

    /// A line as a syslog daemon got it or wrote it down; the phone's own header may stand inside.
    private static func syslog(_ line: ArraySlice<UInt8>) -> ConsoleHeader? {
        guard let message = SyslogMessage(stored: line) else { return nil }
        let text = Array(message.text.utf8)[...]
        var inner = ByteCursor(text)
        if let word = inner.word(), isSequence(word) {
            inner.skipBlanks()
        } else {
            inner = ByteCursor(text)
        }
        if let header = console(inner, origin: message.host) { return header }
        var stamp = ByteCursor(Array(message.timestamp.utf8)[...])
        let day = stamp.date() ?? stamp.isoDate()
        guard let time = stamp.timeOfDay() else { return nil }
        var rest = ByteCursor(text)
        let (task, said) = rest.taskAndText()
        guard !task.isEmpty else { return nil }
        var header = ConsoleHeader(
            severity: LogSeverity(syslogNumber: message.severity),
            day: day,
            microseconds: time,
            task: task,
            text: said
        )
        header.origin = message.host.isEmpty ? nil : message.host
        return header
    }
}
