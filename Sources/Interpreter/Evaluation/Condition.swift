// A condition that is kept: the host looks at it again and again while time goes on. It carries the
// variables as they were, and what it has already seen in the log.

/// An expression that the host evaluates whenever something happened.
public struct Condition<HostType: Host> {
    /// The condition as written.
    public let text: String

    private let expression: Expression
    private let source: SourceText
    private var evaluator: ExpressionEvaluator<HostType>

    init(
        _ expression: Expression,
        evaluator: ExpressionEvaluator<HostType>,
        host: HostType,
        source: SourceText
    ) {
        self.expression = expression
        self.source = source
        self.evaluator = evaluator
        self.evaluator.logWatch = ExpressionEvaluator.LogWatch(start: host.logMark)
        self.evaluator.warnings = []
        self.evaluator.hasReadTime = false
        text = source.string(expression.range)
    }

    /// Whether the last look at the condition searched the log: it can then come to hold by a line
    /// alone.
    public var watchesLog: Bool { evaluator.logWatch.map { !$0.searched.isEmpty } ?? false }

    /// Whether a `log` in the condition has found its line.
    var hasFoundLine: Bool { evaluator.logWatch.map { !$0.found.isEmpty } ?? false }

    /// Looks at variables as they are now.
    mutating func see(_ scope: Scope) { evaluator.scope = scope }

    /// Forgets the lines found: only lines from `mark` on count.
    public mutating func watchAnew(from mark: Int) {
        evaluator.logWatch = ExpressionEvaluator.LogWatch(start: mark)
    }

    /// Whether a look at the condition has read `now`: it can then come to hold by time alone, and
    /// otherwise not in a world in which nothing is left to happen.
    public var readsTime: Bool { evaluator.hasReadTime }

    /// Whether the condition holds now.
    ///
    /// A `log /RE/` in it holds from the first matching line on that came after the condition was
    /// made. Throws a diagnostic where the expression has no value or is no condition.
    public mutating func holds(in host: HostType) throws(Diagnostic) -> Bool {
        evaluator.budget = StepBudget()
        do throws(Diagnostic) {
            return try evaluator.truth(of: expression, host)
        } catch {
            throw error.placed(at: expression.range, in: source)
        }
    }

    /// Why it does not hold: both sides of what it compares, when, and what the host adds about the
    /// objects it spoke of.
    public mutating func explanation(in host: HostType) throws(Diagnostic) -> [Diagnostic.Note] {
        evaluator.mentioned = []
        defer { evaluator.mentioned = nil }
        return try evaluator.explanation(of: expression, in: source, host)
    }
}

extension Condition: ArgumentType {
    /// An expression that is on or off.
    public static var argumentKind: ArgumentKind {
        ArgumentKind(.condition, placeholder: "CONDITION", phrase: "a condition")
    }

    /// The condition that was kept.
    public static func decode(_ argument: Argument) throws(Diagnostic) -> Condition {
        guard let condition = argument.captured as? Condition else {
            throw argument.unlike(Self.self)
        }
        return condition
    }
}
