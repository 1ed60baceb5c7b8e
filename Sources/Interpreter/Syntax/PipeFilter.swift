// What can stand behind a `|`: the filters of a command's output. Each is declared once here; the
// parser, help, completion and the manual read it.

/// A filter of output.
public enum PipeFilter: String, CaseIterable, Sendable {
    /// Rows or lines that match.
    case include
    /// Rows or lines that do not match.
    case exclude
    /// The first row or line that matches, and all behind it.
    case begin
    /// How many rows or lines there are.
    case count
    /// Some columns of a table, in the order given.
    case columns
    /// The rows of a table by one of its columns.
    case sort
    /// The rows of a table for which a condition holds.
    case `where`
    /// The first rows or lines.
    case head
    /// The last rows or lines.
    case tail
    /// The output as JSON.
    case json
    /// The output as comma-separated values.
    case csv
    /// The output into a file.
    case save

    /// How it is written, without its bar.
    public var synopsis: String {
        switch self {
        case .include, .exclude, .begin: "\(rawValue) PATTERN"
        case .count, .json, .csv: rawValue
        case .columns: "columns NAME,..."
        case .sort: "sort NAME [desc]"
        case .where: "where CONDITION"
        case .head, .tail: "\(rawValue) COUNT"
        case .save: "save FILE"
        }
    }

    /// One sentence that ends in a full stop.
    public var summary: String {
        switch self {
        case .include: "Keep the rows or lines that match."
        case .exclude: "Leave out the rows or lines that match."
        case .begin: "Keep the first row or line that matches, and all behind it."
        case .count: "Give the number of rows or lines."
        case .columns: "Keep some columns of a table, in this order."
        case .sort: "Put the rows of a table in the order of a column; desc turns it round."
        case .where: "Keep the rows of a table for which a condition on its columns holds."
        case .head: "Keep the first rows or lines."
        case .tail: "Keep the last rows or lines."
        case .json: "Give JSON: of a table every column, with numbers as numbers."
        case .csv: "Give comma-separated values: of a table every column."
        case .save: "Write the output into a file instead of showing it."
        }
    }

    /// What of it stands behind its word.
    enum Form {
        case nothing, pattern, columns, order, condition, count, file
    }

    var form: Form {
        switch self {
        case .include, .exclude, .begin: .pattern
        case .count, .json, .csv: .nothing
        case .columns: .columns
        case .sort: .order
        case .where: .condition
        case .head, .tail: .count
        case .save: .file
        }
    }
}

/// A filter behind a command.
public struct FilterCall: Sendable {
    /// Which filter.
    public var filter: PipeFilter

    /// What stands behind its word.
    public var argument: FilterArgument

    /// From its word to the end of its argument.
    public var range: SourceRange
}

/// What stands behind the word of a filter.
public enum FilterArgument: Sendable {
    /// Nothing.
    case none

    /// A regular expression.
    case pattern(PatternSyntax)

    /// Names of columns.
    case columns([Located<String>])

    /// The name of a column, and whether the greatest comes first.
    case order(Located<String>, isDescending: Bool)

    /// A condition on the columns of each row.
    case condition(Expression)

    /// How many.
    case count(Expression)

    /// The name of a file.
    case file(Template)
}
