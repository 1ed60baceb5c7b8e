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

/// Keeps output that is to go through filters; diagnostics go on at once.
final class OutputCapture: OutputSink {
    private(set) var outputs: [Output] = []
    private let outer: any OutputSink

    init(in outer: any OutputSink) { self.outer = outer }

    func emit(_ output: Output) {
        if output != .none { outputs.append(output) }
    }

    func report(_ diagnostic: Diagnostic) { outer.report(diagnostic) }

    /// All as one: tables of the same columns are one table, anything else is lines.
    var joined: Output {
        guard let first = outputs.first else { return .none }
        if outputs.count == 1 { return first }
        if case .table(let head) = first, let table = head.joined(with: outputs.dropFirst()) {
            return .table(table)
        }
        return .lines(outputs.flatMap { $0.lines(width: .max) })
    }
}

extension Table {
    /// This table with the rows of others below; nil if one of them is no table of its columns.
    fileprivate func joined(with others: ArraySlice<Output>) -> Table? {
        var joined = Table(columns: columns)
        for output in [.table(self)] + others {
            guard case .table(let table) = output, table.columns == columns else { return nil }
            for row in table.rows { joined.append(row) }
        }
        return joined
    }
}

/// Takes what nobody wants to see.
final class SilentSink: OutputSink {
    func emit(_ output: Output) {}

    func report(_ diagnostic: Diagnostic) {}
}
