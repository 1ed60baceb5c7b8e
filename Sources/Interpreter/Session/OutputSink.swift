// Where a session's output goes: a terminal, a file, a test. Output is data until it arrives here.

/// What a command gives.
public enum Output: Sendable, Equatable {
    /// Nothing to show.
    case none

    /// Lines of text, without line ends.
    case lines([String])

    /// A table.
    case table(Table)

    /// One value, shown as one line.
    case value(Value)

    /// The output as lines for a screen of `width` columns; none of a long table if `goesOn`, which is
    /// asked from time to time, says no.
    public func lines(width: Int, while goesOn: () -> Bool = { true }) -> [String] {
        switch self {
        case .none: []
        case .lines(let lines): lines
        case .table(let table): table.lines(width: width, while: goesOn)
        case .value(let value): [value.text]
        }
    }
}

/// Takes what a session says.
public protocol OutputSink: AnyObject {
    /// Shows a command's output.
    func emit(_ output: Output)

    /// Shows an error or a warning.
    func report(_ diagnostic: Diagnostic)
}

/// Keeps all output as text, for tests and for capture.
public final class TextSink: OutputSink {
    /// The output so far.
    public private(set) var text = ""

    /// The errors and warnings so far.
    public private(set) var diagnostics: [Diagnostic] = []

    /// The screen's width in columns.
    public let width: Int

    /// An empty sink for a screen of `width` columns.
    public init(width: Int = 80) { self.width = width }

    /// Appends the output.
    public func emit(_ output: Output) {
        for line in output.lines(width: width) { text += line + "\n" }
    }

    /// Keeps the diagnostic.
    public func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
}
