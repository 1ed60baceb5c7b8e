// Regular expressions: those of the Swift standard library, compiled once, with their text kept for
// messages. A pattern that is none is a diagnostic at its place.

/// A regular expression.
public struct Pattern {
    /// The expression as written, without slashes.
    public let text: String

    private let regex: Regex<AnyRegexOutput>

    /// Compiles `text`.
    ///
    /// Throws a diagnostic at `range` if it is no regular expression, or longer than
    /// `Limits.patternBytes`.
    public init(_ text: String, at range: SourceRange? = nil) throws(Diagnostic) {
        if text.utf8.count > Limits.patternBytes {
            throw Diagnostic(
                "a regular expression has at most \(Limits.patternBytes) bytes",
                at: range
            )
        }
        do {
            regex = try Regex(text)
        } catch {
            throw Diagnostic("`\(text)` is not a regular expression: \(error)", at: range)
        }
        self.text = text
    }

    /// Whether any part of `text` matches.
    public func matches(_ text: String) -> Bool { text.contains(regex) }
}
