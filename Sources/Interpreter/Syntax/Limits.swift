// The language's limits. Each has a reason, and a test from both sides; where a limit is reached
// the script gets a diagnostic at its place, never a crash.

/// The limits of scripts, all own choices.
public enum Limits {
    /// Blocks, parentheses, lists and `not` within one another.
    ///
    /// Deeper nesting is no script a person wrote, and each level takes a stretch of the parser's
    /// stack.
    public static let nesting = 64

    /// Operators in one expression: each deepens the tree that the evaluator descends.
    public static let expressionOperators = 512

    /// Files that `source` one another, the first included: enough for any sensible layout, and
    /// the end of a file that sources itself.
    public static let sourceDepth = 16

    /// Scripts that a check reads, and times that it looks at what a `source` brings: more than any
    /// sensible layout has, and the end of scripts that each source the next one twice.
    public static let checkedScripts = 1_000

    /// Calls of procedures within one another, so that a procedure that calls itself for ever ends
    /// in a diagnostic.
    public static let procedureDepth = 64

    /// Blocks that run within one another, those of calling procedures and scripts included: each
    /// takes a stretch of the stack.
    public static let openBlocks = 256

    /// Bytes of one script: 4 MiB, some hundred thousand lines.
    public static let scriptBytes = 4 << 20

    /// Steps of one run: statements, expression nodes and phones looked at by `where`.
    ///
    /// It ends a loop that never ends where no one can press Ctrl-C.
    public static let steps = 200_000_000

    /// Steps between two looks at whether the user pressed Ctrl-C: a few microseconds' work.
    public static let stepsPerPoll = 256

    /// Bytes of one string: 1 MiB, so that a loop of `let s = $s + $s` ends in a diagnostic.
    public static let stringBytes = 1 << 20

    /// Elements of one list.
    public static let listElements = 1 << 20

    /// Bytes of one regular expression.
    public static let patternBytes = 1_000

    /// Parts of one regular expression, each counted repetition written out: a match looks at each of
    /// them for each character of the text at most.
    public static let patternSteps = 2_000

    /// Decimals of one number: a nanosecond is the ninth decimal of a second.
    public static let decimals = 9

    /// Errors reported for one text; further ones follow from the first as a rule.
    public static let reportedErrors = 50
}
