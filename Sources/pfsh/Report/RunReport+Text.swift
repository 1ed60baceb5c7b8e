// A report as text: what matters in a ticket first, what only a program reads last.

import Interpreter
import PFSRuntime

extension RunReport {
    /// The titles of the sections, in their order.
    enum Section: String, CaseIterable {
        case failure = "What went wrong"
        case text = "What was run"
        case file = "File "
        case marks = "Marks"
        case log = "The last log lines"
        case events = "Events"
    }

    /// What the head says, in its order.
    enum Key: String, CaseIterable {
        case version, system, seed, run, arguments, stopped, obstacle, end
    }

    /// The blanks in front of all lines of a section.
    static let indent = "    "
    private static let keyWidth = 11

    /// The file.
    var fileText: String {
        var lines = [Self.heading, ""]
        lines += head
        add(.failure, failure.isEmpty ? ["nothing"] : failure, to: &lines)
        add(.text, Self.lines(of: text), to: &lines)
        for file in files { add(.file, file.name, Self.lines(of: file.text), to: &lines) }
        if !marks.isEmpty { add(.marks, marks.map(Self.line), to: &lines) }
        if !logLines.isEmpty { add(.log, logLines, to: &lines) }
        let trail = self.trail
        add(.events, trail.numbers.map { trail.text(ofLine: $0) }, to: &lines)
        return (lines + ["", Self.ending]).map { $0 + "\n" }.joined()
    }

    private func add(
        _ section: Section,
        _ name: String = "",
        _ content: [String],
        to lines: inout [String]
    ) {
        lines += ["", "## " + section.rawValue + name, ""]
        lines += content.map { $0.isEmpty ? "" : Self.indent + $0 }
    }

    private func add(_ section: Section, _ content: [String], to lines: inout [String]) {
        add(section, "", content, to: &lines)
    }

    /// A text's lines without the last line end.
    static func lines(of text: String) -> [String] {
        // By bytes: a carriage return with a line feed is one character.
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            String(decoding: Array($0), as: UTF8.self)
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    // MARK: The head

    private var head: [String] {
        var lines = [
            line(.version, version), line(.system, system),
            line(.seed, "\(seed)" + (isSeedGiven ? " (given with the call)" : "")),
        ]
        switch origin {
        case .script(let name, let arguments):
            lines.append(line(.run, "script \(name)"))
            lines += arguments.map { line(.arguments, SyntaxPrinter.quoted($0)) }
        case .commands(let arguments):
            lines.append(line(.run, "commands"))
            lines += arguments.map { line(.arguments, SyntaxPrinter.quoted($0)) }
        case .session: lines.append(line(.run, "session"))
        }
        switch stop {
        case .event(let number): lines.append(line(.stopped, "run to event \(number)"))
        case .report(let number): lines.append(line(.stopped, "at its report \(number)"))
        case nil: break
        }
        if let obstacle { lines.append(line(.obstacle, obstacle)) }
        lines.append(line(.end, Self.line(end)))
        return lines
    }

    private func line(_ key: Key, _ value: String) -> String {
        let word = key == .arguments ? "argument" : key.rawValue
        return word + String(repeating: " ", count: Self.keyWidth - word.count) + value
    }

    /// A mark: when, after which event, the fingerprint, and what was ordered.
    static func line(_ mark: Mark) -> String {
        let time = Value.duration(nanoseconds: mark.nanoseconds).text
        let place = "\(time) event \(mark.event) fingerprint \(mark.fingerprint.hexadecimal)"
        return mark.orders.isEmpty ? place : "\(place) \(mark.orders)"
    }
}

// MARK: Events

extension EventTrail {
    /// The digits, six bits each: those of RFC 4648, section 5.
    static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
    )

    /// A line: the number of its first event, two digits for each event, the digest.
    func text(ofLine number: UInt64) -> String {
        guard let line = lines[number] else { return "" }
        var bytes: [UInt8] = []
        for check in line.checks {
            bytes.append(Self.digits[Int(check >> 6) & 63])
            bytes.append(Self.digits[Int(check) & 63])
        }
        let checks = String(decoding: bytes, as: UTF8.self)
        return "\(Self.firstEvent(ofLine: number)) \(checks) \(line.digest.hexadecimal)"
    }
}
