// Colour for errors. It repeats what the words and the caret say and never says anything alone, so
// that nothing is lost where it is off: `--color never`, NO_COLOR, a file, a dumb terminal.

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

/// Colours for diagnostics, by the sequences of ECMA-48 (SGR).
enum Theme {
    private enum Paint: String {
        case red = "\u{1B}[1;31m"
        case yellow = "\u{1B}[1;33m"
        case green = "\u{1B}[32m"
        case cyan = "\u{1B}[36m"

        func on(_ text: some StringProtocol) -> String { rawValue + String(text) + "\u{1B}[0m" }
    }

    /// A diagnostic's text with its severity, carets, hints and notes coloured.
    static func text(_ diagnostic: Diagnostic) -> String {
        let severity = diagnostic.severity.rawValue + ": "
        let lines = DiagnosticRenderer.lines(diagnostic)
        return lines.enumerated().map { index, line in
            if index == 0, let place = line.firstRange(of: severity) {
                let paint = diagnostic.severity == .error ? Paint.red : .yellow
                return line[..<place.lowerBound] + paint.on(severity.dropLast(2)) + ": "
                    + line[place.upperBound...] + "\n"
            }
            return painted(line) + "\n"
        }.joined()
    }

    private static func painted(_ line: String) -> String {
        let text = line.drop { $0 == " " }
        let indent = line.dropLast(text.count)
        if text.first == "^", text.allSatisfy({ $0 == "^" || $0 == "~" }) {
            return indent + Paint.green.on(text)
        }
        for word in ["hint:", "note:"] where text.hasPrefix(word) {
            return indent + Paint.cyan.on(word) + text.dropFirst(word.count)
        }
        return line
    }
}
