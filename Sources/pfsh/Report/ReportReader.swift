// Reading a report that may come from anybody: it is refused with the line and the reason before anything of
// it is run.

import Interpreter
import NetIO
import PFSRuntime

/// Reads reports.
struct ReportReader {
    private let name: String
    private let lines: [String]
    /// The index of the next line.
    private var next = 0

    /// Reads the report in a file.
    ///
    /// Throws a diagnostic of kind `.outside` if it cannot be read, and one that names the line and what is wrong
    /// there if it is no report.
    static func read(_ path: String) throws(Diagnostic) -> RunReport {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileStore.read(path, limitBytes: RunReport.byteLimit)
        } catch {
            if case .tooLarge = error {
                throw Diagnostic(
                    "\(path) is no report: it has more than \(RunReport.byteLimit) bytes"
                )
            }
            throw SourceReadFailure(error).diagnostic(path)
        }
        return try report(bytes, named: path)
    }

    /// The report of a file's bytes.
    static func report(_ bytes: [UInt8], named name: String) throws(Diagnostic) -> RunReport {
        var reader = try ReportReader(bytes, name)
        return try reader.report()
    }

    private init(_ bytes: [UInt8], _ name: String) throws(Diagnostic) {
        self.name = name
        if bytes.isEmpty { throw Diagnostic("\(name) is no report: it is empty") }
        var lines: [String] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            guard !line.contains(0), let text = String(validating: line, as: UTF8.self) else {
                throw Diagnostic(
                    "\(name) is no report: line \(lines.count + 1) is no text",
                    hints: ["a report is one plain-text file, as `report FILE` writes it"]
                )
            }
            lines.append(text)
        }
        if lines.last == "" { lines.removeLast() }
        self.lines = lines
    }

    // MARK: Lines

    /// An error in the line that was read last.
    private func wrong(_ what: String, line: Int? = nil) -> Diagnostic {
        Diagnostic("\(name) is no report that can be run: line \(line ?? next): \(what)")
    }

    /// The next line that is not empty, without its indentation's line end.
    private mutating func line() throws(Diagnostic) -> String {
        while next < lines.count, lines[next].allSatisfy({ $0 == " " || $0 == "\r" }) { next += 1 }
        guard next < lines.count else {
            next = lines.count
            throw wrong("the file ends here; `\(RunReport.ending)` is missing")
        }
        defer { next += 1 }
        let text = lines[next]
        return text.last == "\r" ? String(text.dropLast()) : text
    }

    private func isNext(_ head: String) -> Bool {
        var place = next
        while place < lines.count, lines[place].allSatisfy({ $0 == " " || $0 == "\r" }) {
            place += 1
        }
        return place < lines.count && lines[place].hasPrefix(head)
    }

    /// The lines of a section, without indentation.
    private mutating func body() throws(Diagnostic) -> [String] {
        var body: [String] = []
        if next < lines.count, lines[next].isEmpty { next += 1 }
        while next < lines.count, !lines[next].hasPrefix("## ") {
            let text = lines[next]
            next += 1
            if text.isEmpty || text == "\r" {
                body.append("")
            } else if text.utf8.starts(with: RunReport.indent.utf8) {
                // By bytes: a mark that combines with the last blank is a character with it.
                let rest = text.utf8.dropFirst(RunReport.indent.utf8.count)
                body.append(String(decoding: rest, as: UTF8.self))
            } else {
                throw wrong("expected four blanks in front, or the next `## ` heading")
            }
        }
        // The empty line in front of the next heading is none of the section.
        if body.last == "" { body.removeLast() }
        return body
    }

    private mutating func heading(_ section: RunReport.Section) throws(Diagnostic) -> String {
        let line = try line()
        let head = "## " + section.rawValue
        guard line.hasPrefix(head) else { throw wrong("expected `\(head)`") }
        return String(line.dropFirst(head.count))
    }

    // MARK: The report

    private mutating func report() throws(Diagnostic) -> RunReport {
        guard try line() == RunReport.heading else {
            throw wrong("expected `\(RunReport.heading)`")
        }
        var report = try head()
        _ = try heading(.failure)
        report.failure = try body()
        if report.failure == ["nothing"] { report.failure = [] }
        _ = try heading(.text)
        report.text = try body().map { $0 + "\n" }.joined()
        guard report.text.utf8.count <= Limits.scriptBytes else {
            throw wrong("what was run has more than the \(Limits.scriptBytes) bytes of a script")
        }
        while isNext("## " + RunReport.Section.file.rawValue) {
            let name = try heading(.file)
            let text = try body().map { $0 + "\n" }.joined()
            report.files.append(RunReport.File(name: name, text: text))
        }
        if isNext("## " + RunReport.Section.marks.rawValue) {
            _ = try heading(.marks)
            report.marks = try marks(before: report.end)
        }
        if isNext("## " + RunReport.Section.log.rawValue) {
            _ = try heading(.log)
            report.logLines = try body()
        }
        _ = try heading(.events)
        report.trail = try trail(upTo: report.end.event)
        guard try line() == RunReport.ending else { throw wrong("expected `\(RunReport.ending)`") }
        while next < lines.count {
            next += 1
            guard lines[next - 1].allSatisfy({ $0 == " " || $0 == "\r" }) else {
                throw wrong("nothing stands behind `\(RunReport.ending)`")
            }
        }
        return report
    }

    /// The value of the next line if it has this key.
    private mutating func value(_ key: String) throws(Diagnostic) -> String? {
        guard isNext(key + " ") else { return nil }
        return String(try line().dropFirst(key.count).drop { $0 == " " })
    }

    private mutating func needed(_ key: RunReport.Key) throws(Diagnostic) -> String {
        if let value = try value(key.rawValue) { return value }
        _ = try line()
        throw wrong("expected `\(key.rawValue)`")
    }

    private mutating func head() throws(Diagnostic) -> RunReport {
        let version = try needed(.version)
        let system = try needed(.system)
        let seedText = try needed(.seed)
        let given = " (given with the call)"
        let isGiven = seedText.hasSuffix(given)
        guard let seed = UInt64(isGiven ? String(seedText.dropLast(given.count)) : seedText) else {
            throw wrong("expected a seed, a whole number")
        }
        let run = try needed(.run)
        let origin = try origin(of: run)
        let stop = try stop()
        let obstacle = try value(RunReport.Key.obstacle.rawValue)
        let endText = try needed(.end)
        let end = try mark(endText)
        if let event = stop?.event, event != end.event {
            throw wrong("it was stopped at event \(event) and ended at event \(end.event)")
        }
        return RunReport(
            version: version,
            system: system,
            seed: seed,
            isSeedGiven: isGiven,
            origin: origin,
            stop: stop,
            obstacle: obstacle,
            text: "",
            end: end
        )
    }

    private mutating func stop() throws(Diagnostic) -> RunReport.Stop? {
        guard let text = try value(RunReport.Key.stopped.rawValue) else { return nil }
        let (event, report) = ("run to event ", "at its report ")
        if text.hasPrefix(event), let number = UInt64(text.dropFirst(event.count)) {
            return .event(number)
        }
        if text.hasPrefix(report), let number = Int(text.dropFirst(report.count)), number > 0 {
            return .report(number)
        }
        throw wrong("expected `\(event)` or `\(report)` and a number")
    }

    private mutating func origin(of text: String) throws(Diagnostic) -> RunReport.Origin {
        let place = next
        var arguments: [String] = []
        while let text = try value("argument") {
            guard let argument = Self.unquoted(text) else {
                throw wrong("expected an argument in quotes")
            }
            arguments.append(argument)
        }
        if text.hasPrefix("script ") {
            return .script(name: String(text.dropFirst(7)), arguments: arguments)
        }
        if text == "commands" { return .commands(arguments: arguments) }
        guard text == "session", arguments.isEmpty else {
            throw wrong("expected `script NAME`, `commands` or `session`", line: place)
        }
        return .session
    }

    // MARK: Marks

    private func mark(_ text: String) throws(Diagnostic) -> RunReport.Mark {
        let words = text.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false)
        guard words.count >= 5, words[1] == "event", words[3] == "fingerprint",
            let time = DurationArgument(word: String(words[0])), time.nanoseconds >= 0,
            let event = UInt64(words[2]), let fingerprint = Self.digest(words[4])
        else { throw wrong("expected `TIME event NUMBER fingerprint DIGITS`") }
        return RunReport.Mark(
            nanoseconds: time.nanoseconds,
            event: event,
            fingerprint: fingerprint,
            orders: words.count > 5 ? String(words[5]) : ""
        )
    }

    private static func digest(_ word: Substring) -> UInt64? {
        let isDigit: (UInt8) -> Bool = {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
        guard word.utf8.count == 16, word.utf8.allSatisfy(isDigit) else { return nil }
        return UInt64(word, radix: 16)
    }

    private mutating func marks(before end: RunReport.Mark) throws(Diagnostic) -> [RunReport.Mark] {
        let first = next + (next < lines.count && lines[next].isEmpty ? 2 : 1)
        var marks: [RunReport.Mark] = []
        for (offset, text) in try body().enumerated() {
            let line = first + offset
            guard marks.count < RunReport.markLimit else {
                throw wrong("more than \(RunReport.markLimit) marks", line: line)
            }
            let mark: RunReport.Mark
            do throws(Diagnostic) {
                mark = try self.mark(text)
            } catch {
                throw wrong("expected `TIME event NUMBER fingerprint DIGITS`", line: line)
            }
            if let last = marks.last,
                mark.event < last.event || mark.nanoseconds < last.nanoseconds
            {
                throw wrong("this mark lies before the one above it", line: line)
            }
            if mark.event > end.event || mark.nanoseconds > end.nanoseconds {
                throw wrong("this mark lies behind the end of the run", line: line)
            }
            marks.append(mark)
        }
        return marks
    }

    // MARK: Events

    private mutating func trail(upTo end: UInt64) throws(Diagnostic) -> EventTrail {
        let first = next + (next < lines.count && lines[next].isEmpty ? 2 : 1)
        var trail = EventTrail()
        var least: UInt64 = 0
        for (offset, text) in try body().enumerated() {
            let line = first + offset
            let words = text.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 3, let number = UInt64(words[0]),
                let checks = Self.checks(words[1]), let digest = Self.digest(words[2])
            else { throw wrong("expected `NUMBER CHECKS DIGITS`", line: line) }
            guard number > least, (number - 1) % EventTrail.lineEvents == 0 else {
                throw wrong("events \(number) and on do not follow on those above", line: line)
            }
            let last = number + UInt64(checks.count) - 1
            guard last <= min(end, EventTrail.eventLimit) else {
                throw wrong("event \(last) lies behind the end of the run", line: line)
            }
            least = number
            trail.keep(
                EventTrail.Line(checks: checks, digest: digest),
                number: (number - 1) / EventTrail.lineEvents
            )
        }
        return trail
    }

    private static func checks(_ word: Substring) -> [UInt16]? {
        let bytes = Array(word.utf8)
        guard !bytes.isEmpty, bytes.count % 2 == 0,
            bytes.count <= 2 * Int(EventTrail.lineEvents)
        else { return nil }
        var checks: [UInt16] = []
        for place in stride(from: 0, to: bytes.count, by: 2) {
            guard let high = EventTrail.digits.firstIndex(of: bytes[place]),
                let low = EventTrail.digits.firstIndex(of: bytes[place + 1])
            else { return nil }
            checks.append(UInt16(high << 6 | low))
        }
        return checks
    }

    /// The text of a string in quotes, as `SyntaxPrinter.quoted` writes it; nil for anything else.
    static func unquoted(_ text: String) -> String? {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return nil }
        var result = String.UnicodeScalarView()
        var rest = Substring(text.dropFirst().dropLast()).unicodeScalars
        while let scalar = rest.popFirst() {
            guard scalar == "\\" else {
                result.append(scalar)
                continue
            }
            switch rest.popFirst() {
            case "n": result.append("\n")
            case "t": result.append("\t")
            case "\""?: result.append("\"")
            case "\\"?: result.append("\\")
            case "$": result.append("$")
            case "u":
                guard rest.popFirst() == "{", let end = rest.firstIndex(of: "}"),
                    let value = UInt32(String(rest[..<end]), radix: 16),
                    let decoded = Unicode.Scalar(value)
                else { return nil }
                result.append(decoded)
                rest = rest[rest.index(after: end)...]
            default: return nil
            }
        }
        return String(result)
    }
}
