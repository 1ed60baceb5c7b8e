// What went wrong, where, and what would have been right. One type serves the parser, the
// evaluator and every command, so that the prompt, scripts and tests all report alike.

/// An error or a warning with its place and its advice.
public struct Diagnostic: Error, Sendable, Equatable {
    /// How grave a diagnostic is.
    public enum Severity: String, Sendable {
        /// What was asked for was not done.
        case error

        /// It was done, but may not be what was meant.
        case warning
    }

    /// Whose fault it is, which decides the exit status.
    public enum Kind: Sendable, Equatable {
        /// The script or the call is wrong: status 2.
        case mistake

        /// An expectation did not hold: status 1.
        case failedExpectation

        /// A file, the network or a permission failed: status 3.
        case outside

        /// The user stopped it: status 130.
        case interrupted

        /// The exit status of a process that stops for this reason.
        public var exitStatus: Int32 {
            switch self {
            case .failedExpectation: 1
            case .mistake: 2
            case .outside: 3
            case .interrupted: 130
            }
        }
    }

    /// A further line below a diagnostic, with a place if it has one.
    public struct Note: Sendable, Equatable {
        /// What the note says.
        public var message: String

        /// The text the note points into, if any.
        public var source: SourceText?

        /// The place in `source`.
        public var range: SourceRange?

        /// Makes a note, with a place if `source` and `range` are given.
        public init(_ message: String, source: SourceText? = nil, range: SourceRange? = nil) {
            self.message = message
            self.source = source
            self.range = range
        }
    }

    /// How grave it is.
    public var severity: Severity

    /// Whose fault it is.
    public var kind: Kind

    /// What is wrong: lower case, no full stop, naming the thing.
    public var message: String

    /// The place; the interpreter sets it to the command's place if a command leaves it out.
    public var range: SourceRange?

    /// The text `range` points into; set by the interpreter.
    public var source: SourceText?

    /// What would be right, each one line.
    public var hints: [String]

    /// Further lines: log lines of the phones concerned, the chain of calls.
    public var notes: [Note]

    /// Makes an error of the given kind; the interpreter adds the source.
    public init(
        _ message: String,
        at range: SourceRange? = nil,
        kind: Kind = .mistake,
        hints: [String] = [],
        notes: [Note] = []
    ) {
        severity = .error
        self.kind = kind
        self.message = message
        self.range = range
        self.hints = hints
        self.notes = notes
    }

    /// Makes a warning: what it speaks of was done all the same.
    public static func warning(
        _ message: String,
        at range: SourceRange? = nil,
        hints: [String] = []
    ) -> Diagnostic {
        var diagnostic = Diagnostic(message, at: range, hints: hints)
        diagnostic.severity = .warning
        return diagnostic
    }

    /// The same diagnostic, placed at `range` in `source` where it has no place of its own.
    func placed(at range: SourceRange, in source: SourceText) -> Diagnostic {
        guard self.source == nil else { return self }
        var placed = self
        placed.source = source
        if placed.range == nil { placed.range = range }
        return placed
    }
}
