// Filters at work: a table stays a table for as long as it can, so that filters can follow one
// another, and becomes text last.

extension Interpreter {
    /// The output behind all filters of a call.
    mutating func filtered(
        _ output: Output,
        _ filters: [FilterCall]
    ) throws(Diagnostic) -> Output {
        var output = output
        for call in filters {
            do throws(Diagnostic) {
                output = try filtered(output, call)
            } catch {
                throw error.placed(at: call.range, in: source)
            }
        }
        return output
    }

    private mutating func filtered(
        _ output: Output,
        _ call: FilterCall
    ) throws(Diagnostic) -> Output {
        switch call.argument {
        case .pattern(let syntax):
            let pattern = try evaluator.pattern(syntax, host)
            return output.kept(call.filter, pattern)
        case .columns(let names):
            let table = try table(output, call)
            var places: [Int] = []
            for name in names { places.append(try table.place(of: name)) }
            return .table(table.selecting(places))
        case .order(let name, let isDescending):
            let table = try table(output, call)
            return .table(table.sorted(by: try table.place(of: name), isDescending))
        case .condition(let condition): return try rows(of: try table(output, call), condition)
        case .count(let expression):
            let count = try filterCount(expression)
            return output.limited(to: count, fromEnd: call.filter == .tail)
        case .file(let path):
            let lines = output.lines(width: .max)
            try host.save(
                lines.map { $0 + "\n" }.joined(),
                to: try evaluator.text(path, host),
                including: callingFile
            )
            return .none
        case .none:
            switch call.filter {
            case .json: return .lines(DataText.json(output))
            case .csv: return .lines(DataText.csv(output))
            default: return .value(.integer(Int64(output.count)))
            }
        }
    }

    private func table(_ output: Output, _ call: FilterCall) throws(Diagnostic) -> Table {
        if case .table(let table) = output { return table }
        throw Diagnostic("`\(call.filter.rawValue)` needs a table, and this is none")
    }

    private mutating func rows(
        of table: Table,
        _ condition: Expression
    ) throws(Diagnostic) -> Output {
        let names = table.columns.map(\.name)
        if let word = condition.unknownColumns(names, registry).first(where: {
            registry.object($0.node, in: host) == nil
        }) {
            throw Table.unknownColumn(word, among: names)
        }
        defer { evaluator.row = nil }
        var rows: [[Value]] = []
        for cells in table.rows {
            evaluator.row = TableRow(columns: table.columns.map(\.name), cells: cells)
            if try evaluator.truth(of: condition, host) { rows.append(cells) }
        }
        return .table(table.withRows(rows))
    }
}

/// A row of a table whose columns a condition can name.
struct TableRow {
    let columns: [String]
    let cells: [Value]

    /// The cell of a column; names of things are texts here, so that they compare with texts.
    func cell(_ column: String) -> Value? {
        guard let index = columns.firstIndex(of: column) else { return nil }
        switch cells[index] {
        case .symbol(let symbol): return .string(symbol.name)
        case .object(let object): return .string(object.name)
        case let value: return value
        }
    }
}

extension Output {
    /// How many rows or lines there are.
    fileprivate var count: Int {
        switch self {
        case .none: 0
        case .lines(let lines): lines.count
        case .table(let table): table.rows.count
        case .value: 1
        }
    }

    fileprivate func kept(_ filter: PipeFilter, _ pattern: Pattern) -> Output {
        if case .table(let table) = self {
            let matches = table.rows.map { pattern.matches(table.text(of: $0)) }
            return .table(table.withRows(Self.kept(table.rows, matches, filter)))
        }
        let lines = lines(width: .max)
        return .lines(Self.kept(lines, lines.map(pattern.matches), filter))
    }

    private static func kept<Element>(
        _ elements: [Element],
        _ matches: [Bool],
        _ filter: PipeFilter
    ) -> [Element] {
        if filter == .begin {
            return matches.firstIndex(of: true).map { Array(elements[$0...]) } ?? []
        }
        return zip(elements, matches).filter { $0.1 == (filter == .include) }.map(\.0)
    }

    fileprivate func limited(to count: Int, fromEnd: Bool) -> Output {
        if case .table(let table) = self {
            let rows = fromEnd ? table.rows.suffix(count) : table.rows.prefix(count)
            return .table(table.withRows(Array(rows)))
        }
        let lines = lines(width: .max)
        return .lines(Array(fromEnd ? lines.suffix(count) : lines.prefix(count)))
    }
}
