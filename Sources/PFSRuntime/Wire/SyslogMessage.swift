// Log lines as they go over a network: RFC 3164 out; RFC 5424, RFC 3164, a bare <PRI> or nothing at all
// in. In which of these forms real phones send their lines of peer firmware sharing is not public.

/// A line of a log in a datagram.
public struct SyslogMessage: Hashable, Sendable {
    /// The form that it came in.
    public enum Form: String, Sendable {
        /// `<PRI>1 TIMESTAMP HOST APP PROCID MSGID SD TEXT`.
        case rfc5424
        /// `<PRI>Mmm dd hh:mm:ss HOST TEXT`.
        case rfc3164
        /// `<PRI>` and anything.
        case priority
        /// No priority.
        case bare
    }

    /// The most bytes of a datagram that are looked at (RFC 5424 wants 2,048 taken).
    public static let byteLimit = 2_048
    /// The severity of a line that has none (RFC 3164, section 4.3.3: user, notice).
    private static let standardPriority = 13

    /// The form.
    public let form: Form
    /// Facility, 0 to 23.
    public let facility: Int
    /// Severity, 0 the gravest, to 7.
    public let severity: Int
    /// The time as it was written; empty where there is none.
    public let timestamp: String
    /// The sender by its own word; empty where there is none.
    public let host: String
    /// The rest, with what cannot be printed replaced.
    public let text: String

    /// The line that a phone sends.
    ///
    /// `facility` is 0 to 23; the time is of the day on the phone's console, its date made up, because
    /// a console knows none.
    public static func line(
        facility: Int,
        _ severity: LogSeverity,
        _ time: TimeOfDay,
        host: String,
        text: String
    ) -> String {
        let clock = time.description.prefix(8)
        return "<\(facility * 8 + severity.syslogNumber)>Jan  1 \(clock) \(host) DLoad: \(text)"
    }

    /// Reads any datagram.
    public init(_ datagram: some Collection<UInt8>) {
        var bytes = Array(datagram.prefix(Self.byteLimit))
        while let last = bytes.last, last == 0 || last == 0x0A || last == 0x0D {
            bytes.removeLast()
        }
        let whole = Self.printable(bytes)
        var rest = whole[...]
        guard let priority = Self.priority(&rest) else {
            self.init(.bare, Self.standardPriority, "", "", whole[...])
            return
        }
        if let parsed = Self.structured(rest, priority) ?? Self.traditional(rest, priority) {
            self = parsed
        } else {
            self.init(.priority, priority, "", "", rest)
        }
    }

    /// Reads a line of a file that a syslog daemon wrote; daemons leave the priority out.
    ///
    /// Nil for a line that has neither a priority nor a time in front.
    init?(stored line: ArraySlice<UInt8>) {
        if line.first == UInt8(ascii: "<") {
            let message = SyslogMessage(line)
            guard message.form == .rfc3164 || message.form == .rfc5424 else { return nil }
            self = message
            return
        }
        // Most lines of a file are none: a look at the first byte is quicker than reading them.
        guard let first = line.first, (48...57).contains(first) || "JFMASOND".utf8.contains(first)
        else { return nil }
        let whole = Self.printable(Array(line.prefix(Self.byteLimit)))
        if let message = Self.traditional(whole[...], Self.standardPriority) {
            self = message
            return
        }
        // `2026-03-09T18:32:37.641843+01:00 host text`, as newer daemons write it.
        let parts = whole.split(separator: " ", maxSplits: 2)
        guard parts.count == 3, parts[0].utf8.count >= 19, parts[0].contains("T"),
            parts[0].utf8.first.map({ (48...57).contains($0) }) ?? false
        else { return nil }
        self.init(.rfc5424, Self.standardPriority, parts[0], parts[1], parts[2])
    }

    private init(
        _ form: Form,
        _ priority: Int,
        _ timestamp: Substring,
        _ host: Substring,
        _ text: Substring
    ) {
        self.form = form
        facility = priority / 8
        severity = priority % 8
        self.timestamp = String(timestamp)
        self.host = String(host)
        self.text = String(text)
    }

    /// Text without control characters, so that a stranger's line cannot steer a terminal.
    private static func printable(_ bytes: [UInt8]) -> String {
        var text = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator:
                text += scalar == "\t" ? " " : "?"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func priority(_ rest: inout Substring) -> Int? {
        guard rest.first == "<", let end = rest.prefix(5).firstIndex(of: ">") else { return nil }
        let digits = rest[rest.index(after: rest.startIndex)..<end]
        guard (1...3).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(digits), number <= 191
        else { return nil }
        rest = rest[rest.index(after: end)...]
        return number
    }

    private static func structured(_ rest: Substring, _ priority: Int) -> SyslogMessage? {
        guard rest.hasPrefix("1 ") else { return nil }
        let parts = rest.split(separator: " ", maxSplits: 6, omittingEmptySubsequences: false)
        guard parts.count == 7 else { return nil }
        let (time, host, application) = (parts[1], parts[2], parts[3])
        guard time == "-" || time.contains("T") else { return nil }
        var text = withoutData(parts[6])
        if text.hasPrefix("\u{FEFF}") { text = text.dropFirst() }
        if application != "-" { text = "\(application): \(text)"[...] }
        return SyslogMessage(
            .rfc5424,
            priority,
            time == "-" ? "" : time,
            host == "-" ? "" : host,
            text
        )
    }

    /// What stands behind the structured data.
    private static func withoutData(_ text: Substring) -> Substring {
        guard text.hasPrefix("[") else { return text.drop { $0 == "-" }.drop { $0 == " " } }
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == "]", !isQuoted {
                let next = text.index(after: index)
                if next == text.endIndex { return "" }
                if text[next] == " " { return text[text.index(after: next)...] }
                if text[next] != "[" { return text }
            }
        }
        return text
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func traditional(_ rest: Substring, _ priority: Int) -> SyslogMessage? {
        guard months.contains(String(rest.prefix(3))), rest.utf8.count > 16 else { return nil }
        let time = rest.prefix(15)
        let after = rest.dropFirst(15)
        guard time.filter({ $0 == ":" }).count == 2, after.first == " " else { return nil }
        let parts = after.dropFirst().split(
            separator: " ",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard parts.count == 2 else { return nil }
        return SyslogMessage(.rfc3164, priority, time, parts[0], parts[1])
    }
}

extension LogSeverity {
    /// The number that syslog has for it (RFC 5424, table 2).
    public var syslogNumber: Int {
        switch self {
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug: 7
        }
    }

    /// The severity that a number of syslog stands for: what is graver than an error is one.
    init(syslogNumber number: Int) {
        switch number {
        case ...3: self = .error
        case 4: self = .warning
        case 5: self = .notice
        case 6: self = .info
        default: self = .debug
        }
    }
}
