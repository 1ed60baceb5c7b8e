// What could stand at a place of a text, as the parser notes it on its way. Completion and `?` are
// made of these notes, so that they can never disagree with what the parser takes.

/// Something that could stand at a place.
enum Expected: Sendable {
    /// The first word of a command or statement.
    case statement

    /// A further word of one of the commands, the one at this place in their paths.
    case pathWord([Int], depth: Int)

    /// The words that introduce a parameter.
    case keyword(ParameterSignature)

    /// A parameter's value.
    case argument(ParameterSignature)

    /// A term of a selector.
    case selector

    /// The value of a selector keyword.
    case selectorValue(SelectorKeywordSignature)

    /// An operand, what it is compared with, if anything, and what bare words are there.
    case operand(comparedWith: Expression?, words: OperandWords)

    /// The name of a column out of these.
    case column([String])

    /// The name of a procedure, behind `let NAME =`.
    case procedure

    /// An argument of a procedure's call, behind those for these parameters.
    case callArgument(of: String, behind: [String])

    /// A property of what stands in front of the point.
    case property(of: Expression)

    /// The name of a variable, behind its `$`.
    case variable

    /// The name of a file.
    case file

    /// A word of the language itself.
    case word(String, help: String)

    /// The statement's end.
    case end
}

/// What bare words of an expression may be besides values of the world and objects.
enum OperandWords {
    /// Nothing else.
    case none

    /// Properties, as inside the selector `where`.
    case properties

    /// Columns, as behind the filter `where`; nil where it is not known which there are.
    case columns([String]?)
}
