// Colour by role: one table says what each role looks like in each theme. Colour repeats what words
// and carets say and never says anything alone, so that nothing is lost where it is off: `theme none`,
// `--color never`, NO_COLOR, a file, a dumb terminal.

import ArgumentParser
import Glibc
import Interpreter

/// When output is coloured.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never

    /// Whether what goes to a descriptor is coloured: `auto` does on a terminal that is not dumb,
    /// unless NO_COLOR is set to anything (https://no-color.org).
    func isOn(descriptor: Int32, environment: (String) -> String?) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto:
            let isRefused = environment("NO_COLOR").map { !$0.isEmpty } ?? false
            let terminal = environment("TERM") ?? "dumb"
            return !isRefused && terminal != "dumb" && isatty(descriptor) == 1
        }
    }
}

/// How each role looks: the parameters of the sequence SGR of ECMA-48, empty for none.
enum Theme: String, ChoiceArgument {
    case standard, bright, plain, none

    /// What can have a look of its own.
    enum Role: String, CaseIterable {
        case error, warning, mark, hint, heading, total, root, child, done, failed
    }

    static var placeholder: String { "THEME" }

    var help: String {
        switch self {
        case .standard: "the colours at first"
        case .bright: "lighter colours, for a dark screen"
        case .plain: "bold, dim and underlined, without colours"
        case .none: "no colour and no emphasis"
        }
    }

    /// All roles in all themes.
    private static let looks: [(role: Role, standard: String, bright: String, plain: String)] = [
        (.error, "1;31", "1;91", "1"), (.warning, "1;33", "1;93", "1"),
        (.mark, "32", "92", "1"), (.hint, "36", "96", "4"),
        (.heading, "1", "1;97", "1"), (.total, "2", "90", "2"),
        (.root, "1;36", "1;96", "1"), (.child, "34", "94", ""),
        (.done, "32", "92", ""), (.failed, "31", "91", "1"),
    ]

    /// The states of phones that have a role; the others look like any text.
    private static let states: [(role: Role, words: [String])] = [
        (.root, ["rooted", "fetching"]), (.child, ["joining", "waiting", "receiving"]),
        (.done, ["serving", "rebooting"]), (.failed, ["failed", "orphaned", "backing"]),
    ]

    /// A text as a role looks.
    func paint(_ text: some StringProtocol, as role: Role) -> String {
        let row = Self.looks.first { $0.role == role }
        let look: String =
            switch self {
            case .standard: row?.standard ?? ""
            case .bright: row?.bright ?? ""
            case .plain: row?.plain ?? ""
            case .none: ""
            }
        return look.isEmpty ? String(text) : "\u{1B}[\(look)m\(text)\u{1B}[0m"
    }

    // MARK: Diagnostics

    /// A diagnostic's text with its severity, carets, hints and notes painted.
    func text(_ diagnostic: Diagnostic) -> String {
        let severity = diagnostic.severity.rawValue + ": "
        let lines = DiagnosticRenderer.lines(diagnostic)
        return lines.enumerated().map { index, line in
            if index == 0, let place = line.firstRange(of: severity) {
                let role = diagnostic.severity == .error ? Role.error : .warning
                return line[..<place.lowerBound] + paint(severity.dropLast(2), as: role) + ": "
                    + line[place.upperBound...] + "\n"
            }
            return painted(line) + "\n"
        }.joined()
    }

    private func painted(_ line: String) -> String {
        let text = line.drop { $0 == " " }
        let indent = line.dropLast(text.count)
        if text.first == "^", text.allSatisfy({ $0 == "^" || $0 == "~" }) {
            return indent + paint(text, as: .mark)
        }
        for word in ["hint:", "note:"] where text.hasPrefix(word) {
            return indent + paint(word, as: .hint) + text.dropFirst(word.count)
        }
        return line
    }

    // MARK: Tables

    /// The lines of an output with the heading, the line below, and the states of phones painted.
    func painted(_ lines: [String], of output: Output) -> [String] {
        guard self != .none, case .table(let table) = output, !lines.isEmpty else { return lines }
        let hasStates = table.columns.contains { $0.name == "state" }
        let totalIndex = table.footer == nil ? nil : lines.count - 1
        return lines.enumerated().map { index, line in
            if index == 0 { return paint(line, as: .heading) }
            if index == totalIndex { return paint(line, as: .total) }
            return hasStates ? paintedStates(line) : line
        }
    }

    private func paintedStates(_ line: String) -> String {
        line.split(separator: " ", omittingEmptySubsequences: false).map { word in
            let row = Self.states.first { $0.words.contains { $0 == word } }
            return row.map { paint(word, as: $0.role) } ?? String(word)
        }.joined(separator: " ")
    }
}
