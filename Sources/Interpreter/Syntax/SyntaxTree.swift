// A script as a tree of values. Every node that a diagnostic can speak of carries its range. The
// tree holds what was written, not what it means: names are resolved when it is evaluated, so that
// a tree can be printed again and checked without a world.

/// A whole script.
public struct Script: Sendable {
    /// The statements in order.
    public var statements: [Statement]
}

/// Statements in braces.
public struct Block: Sendable {
    /// The statements in order.
    public var statements: [Statement]

    /// From brace to brace.
    public var range: SourceRange
}

/// One statement.
public struct Statement: Sendable {
    /// What kind of statement, with its parts.
    public indirect enum Kind: Sendable {
        /// A registered command with its arguments.
        case command(CommandCall)

        /// `let NAME = EXPRESSION`.
        case binding(name: Located<String>, value: Expression)

        /// `say EXPRESSION`, through filters.
        case say(Expression, [FilterCall])

        /// `exit [EXPRESSION]`.
        case exit(Expression?)

        /// `for NAME in SEQUENCE { }`.
        case forEach(variable: Located<String>, in: Sequence, Block)

        /// `repeat EXPRESSION { }`.
        case repetition(count: Expression, Block)

        /// `if EXPRESSION { } else if … { } else { }`.
        case conditional([Branch], otherwise: Block?)

        /// `while EXPRESSION { }`.
        case loop(condition: Expression, Block)

        /// `expect EXPRESSION ["message"] [within DURATION]`.
        case expectation(Expectation)

        /// `source FILE`.
        case source(Template)

        /// `{ }`.
        case block(Block)

        /// `proc NAME a b=default { }`.
        case procedure(Procedure)

        /// A call of a procedure: with a name, `let NAME = ` in front of it, else through filters.
        case call(ProcedureCall, result: Located<String>?, [FilterCall])

        /// `return [EXPRESSION]`.
        case returning(Expression?)

        /// `parameter NAME = EXPRESSION`.
        case parameter(name: Located<String>, value: Expression)

        /// `test "name" { }`.
        case test(name: Template, Block)

        /// `try { }`.
        case trial(Block)

        /// `never EXPRESSION`.
        case never(Expression)

        /// `at TIME { }`.
        case at(Moment, Block)

        /// `every DURATION { }`.
        case every(Expression, Block)

        /// `when EXPRESSION { }`.
        case when(Expression, Block)
    }

    /// What kind of statement, with its parts.
    public var kind: Kind

    /// From its first to its last byte.
    public var range: SourceRange
}

/// A condition with the block it guards.
public struct Branch: Sendable {
    /// The condition.
    public var condition: Expression

    /// The statements run if it holds.
    public var block: Block
}

/// What a `for` goes through.
public enum Sequence: Sendable {
    /// A list, or anything an expression gives that can be gone through.
    case list(Expression)

    /// Whole numbers from the first to the second, both included.
    case numbers(Expression, Expression)

    /// The objects a selector names.
    case selector(Selector)
}

/// The parts of an `expect`.
public struct Expectation: Sendable {
    /// What is expected.
    public var condition: Expression

    /// The message shown if it does not hold.
    public var message: Template?

    /// How much virtual time it has to become true; nil looks once.
    public var within: Expression?
}

/// A call of a registered command.
public struct CommandCall: Sendable {
    /// The command's place in `Grammar.commands`.
    public var command: Int

    /// The words of its path as declared, joined by blanks.
    public var name: String

    /// Where the path's words stand.
    public var nameRange: SourceRange

    /// The arguments in the order written.
    public var arguments: [BoundArgument]

    /// The filters that its output goes through, in order.
    public var filters: [FilterCall] = []
}

/// An argument with the parameter it was bound to.
public struct BoundArgument: Sendable {
    /// The parameter's place in the command's declaration.
    public var parameter: Int

    /// The keyword it stands behind, or the flag itself.
    public var keyword: String?

    /// The argument as written.
    public var syntax: ArgumentSyntax

    /// Where the argument stands, its keyword included only for a flag.
    public var range: SourceRange
}

/// An argument as written; which form it takes is decided by its parameter's kind.
public enum ArgumentSyntax: Sendable {
    /// One raw word or string.
    case word(Template)

    /// Words joined by commas.
    case list([Template])

    /// A selector.
    case selector(Selector)

    /// An expression.
    case expression(Expression)

    /// A regular expression.
    case pattern(PatternSyntax)

    /// The rest of the line as it is.
    case text(String)

    /// A flag that is there.
    case flag
}

/// Text with variables in it.
public struct Template: Sendable {
    /// A stretch of a template.
    public enum Piece: Sendable {
        /// Text that stands for itself.
        case text(String)

        /// `$name`.
        case variable(String, SourceRange)

        /// `${expression}`.
        case expression(Expression)
    }

    /// The stretches in order.
    public var pieces: [Piece]

    /// Whether it was written in quotes; a quoted text is never a keyword.
    public var isQuoted: Bool

    /// Where it stands, quotes included.
    public var range: SourceRange

    /// The text, if it holds no variable.
    public var literal: String? {
        var text = ""
        for piece in pieces {
            guard case .text(let stretch) = piece else { return nil }
            text += stretch
        }
        return text
    }
}

/// A regular expression as written.
public enum PatternSyntax: Sendable {
    /// `/…/`, the text between the slashes, with `\/` for a slash.
    case slashed(String, SourceRange)

    /// A string.
    case template(Template)

    /// Where it stands.
    public var range: SourceRange {
        switch self {
        case .slashed(_, let range): range
        case .template(let template): template.range
        }
    }
}

/// A selector.
public struct Selector: Sendable {
    /// What a selector is made of.
    public indirect enum Kind: Sendable {
        /// `all`.
        case all

        /// A name, a pattern with `*` or `?`, or a variable.
        case name(Template)

        /// `P3..P9`: both ends and all between.
        case range(Template, Template)

        /// A registered keyword and the values it may have.
        case keyword(String, values: [Template])

        /// `where (EXPRESSION)`.
        case filter(Expression)

        /// Joined by commas: any of them.
        case any([Selector])

        /// Side by side: all of them.
        case every([Selector])

        /// The first without the second.
        case except(Selector, Selector)

        /// A share, in parts per million, of what the other finds.
        case share(Located<Int64>, of: Selector)
    }

    /// What it is.
    public var kind: Kind

    /// Where it stands.
    public var range: SourceRange

    /// Whether it stands in parentheses of its own.
    public var isGrouped = false
}

/// An expression.
public struct Expression: Sendable {
    /// What an expression is made of.
    public indirect enum Kind: Sendable {
        /// A number with or without unit, `on`, `off` or `none`.
        case literal(Value)

        /// A string.
        case template(Template)

        /// `$name`.
        case variable(String)

        /// A bare word.
        case word(String)

        /// `EXPRESSION.name`.
        case property(Expression, Located<String>)

        /// `name(argument, …)`.
        case call(Located<String>, [FunctionArgument])

        /// `[a, b]`.
        case list([Expression])

        /// `-EXPRESSION` or `not EXPRESSION`.
        case unary(UnaryOperator, Expression)

        /// Two operands and the operator between them.
        case binary(BinaryOperator, Expression, Expression)

        /// `EXPRESSION ~ /re/`.
        case match(Expression, PatternSyntax)

        /// `log [SELECTOR] /re/`: a log line that matches.
        case log(Selector?, PatternSyntax)

        /// `EXPRESSION of SELECTOR`: the expression's value for each object.
        case each(Expression, of: Selector)
    }

    /// What it is.
    public var kind: Kind

    /// Where it stands.
    public var range: SourceRange
}

/// An argument of a function.
public enum FunctionArgument: Sendable {
    /// An expression.
    case value(Expression)

    /// A selector, where the function takes one.
    case selector(Selector)
}

/// Operators with one operand.
public enum UnaryOperator: String, Sendable {
    /// The number's negative.
    case minus = "-"

    /// The opposite of on and off.
    case not
}

/// Operators with two operands.
public enum BinaryOperator: String, Sendable, CaseIterable {
    /// Both hold.
    case and

    /// One holds.
    case or

    /// Equal.
    case equal = "=="

    /// Not equal.
    case unequal = "!="

    /// Less.
    case less = "<"

    /// Less or equal.
    case atMost = "<="

    /// Greater.
    case greater = ">"

    /// Greater or equal.
    case atLeast = ">="

    /// Sum.
    case plus = "+"

    /// Difference.
    case minus = "-"

    /// Product.
    case times = "*"

    /// Quotient; of whole numbers without the remainder.
    case divided = "/"
}
