// What became of the tests of a session.

/// How a `test` block ended.
public struct TestResult: Sendable {
    /// The test's name.
    public let name: String

    /// Why it failed; nil if it passed.
    public let failure: Diagnostic?

    /// The virtual time at its end, in nanoseconds since its world began.
    public let endedAtNanoseconds: Int64
}
