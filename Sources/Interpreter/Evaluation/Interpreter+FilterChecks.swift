// What can be known of filters before their command runs: a command that changes the world must not
// have done so when one of its filters turns out to be wrong.

extension Interpreter {
    /// Refuses filters that could only fail once the command has done its work: a count that is none,
    /// and, behind a command that changes the world, what needs a table.
    mutating func check(
        _ filters: [FilterCall],
        behind command: CommandSignature
    ) throws(Diagnostic) {
        for call in filters {
            do throws(Diagnostic) {
                switch call.argument {
                case .count(let expression): _ = try filterCount(expression)
                case .columns, .order, .condition:
                    guard command.changesWorld else { continue }
                    throw Diagnostic(
                        "`\(call.filter.rawValue)` needs a table, and "
                            + "`\(command.name)` gives none"
                    )
                case .pattern, .file, .none: break
                }
            } catch {
                throw error.placed(at: call.range, in: source)
            }
        }
    }

    /// How many rows or lines `head` or `tail` leave.
    mutating func filterCount(_ expression: Expression) throws(Diagnostic) -> Int {
        guard case .integer(let count) = try evaluator.evaluate(expression, host), count >= 0
        else { throw Diagnostic("expected how many", at: expression.range) }
        return Int(clamping: count)
    }
}
