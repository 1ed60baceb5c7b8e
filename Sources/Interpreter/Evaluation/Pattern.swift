// Regular expressions, compiled once, with their text kept for messages. A pattern that is none is a
// diagnostic at its place. The engine is an own one: that of the standard library goes back and tries
// again, which takes longer than anyone waits for an expression such as `(a+)+b`, and cannot be
// stopped meanwhile.

/// A regular expression.
///
/// It knows `.`, sets in brackets, `\d \w \s` and their opposites, `\b`, `^` and `$`, groups,
/// alternatives with `|`, the repetitions `* + ? {n} {n,} {n,m}`, and `(?i)` for either case. How long
/// a match takes grows with the length of the text times that of the expression, never more.
public struct Pattern: Sendable {
    /// The expression as written, without slashes.
    public let text: String

    private let program: PatternProgram

    /// Compiles `text`.
    ///
    /// Throws a diagnostic at `range` if it is no regular expression, or larger than
    /// `Limits.patternBytes` or `Limits.patternSteps`.
    public init(_ text: String, at range: SourceRange? = nil) throws(Diagnostic) {
        if text.utf8.count > Limits.patternBytes {
            throw Diagnostic(
                "a regular expression has at most \(Limits.patternBytes) bytes",
                at: range
            )
        }
        do throws(PatternFault) {
            program = try PatternProgram(try PatternReader.read(text))
        } catch {
            throw Diagnostic(
                "`\(text)` is not a regular expression: \(error.message)",
                at: range
            )
        }
        self.text = text
    }

    /// Whether any part of `text` matches.
    public func matches(_ text: String) -> Bool { program.matches(text) }
}
