// The parts of statements that define something or wait for something: procedures and their calls,
// tests, and what is done at a time or whenever something holds.

/// `proc NAME a b=default { }`.
public struct Procedure: Sendable {
    /// A parameter with the value it has if a call leaves it out.
    public struct Parameter: Sendable {
        /// Its name, which is a variable in the body.
        public var name: Located<String>

        /// Its value if a call gives none; nil where each call has to.
        public var defaultValue: CallArgument.Content?
    }

    /// Its name.
    public var name: Located<String>

    /// Its parameters in order, those with a default behind the others.
    public var parameters: [Parameter]

    /// What a call runs.
    public var body: Block

    /// How to call it, such as `greet who [times=1]`.
    public var synopsis: String {
        let parts = parameters.map {
            guard let value = $0.defaultValue else { return $0.name.node }
            return "[\($0.name.node)=\(SyntaxPrinter.text(value))]"
        }
        return ([name.node] + parts).joined(separator: " ")
    }
}

/// A call of a procedure.
public struct ProcedureCall: Sendable {
    /// The procedure's name.
    public var name: Located<String>

    /// The arguments in the order written.
    public var arguments: [CallArgument]
}

/// An argument of a procedure's call.
public struct CallArgument: Sendable {
    /// How it is written.
    public enum Content: Sendable {
        /// A raw word, a string or a variable.
        case word(Template)

        /// An expression in parentheses, or a list.
        case expression(Expression)
    }

    /// The parameter it is for, as `name=value`; nil goes by place.
    public var name: Located<String>?

    /// The argument as written.
    public var content: Content

    /// Where it stands.
    public var range: SourceRange
}

/// When something is to be done.
public enum Moment: Sendable {
    /// A time since the world began.
    case virtual(Expression)

    /// A time of day such as 22:00.
    case timeOfDay(Located<String>)
}
