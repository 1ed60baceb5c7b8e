// Tables made of tables: some of the rows or columns, or another order. A line below a table speaks
// of all its rows and goes when some go.

extension Table {
    /// The same columns with other rows.
    func withRows(_ rows: [[Value]]) -> Table {
        var table = Table(columns: columns, footer: rows.count == self.rows.count ? footer : nil)
        for row in rows { table.append(row) }
        return table
    }

    /// Some of the columns, in the order of `places`, to be shown everywhere.
    func selecting(_ places: [Int]) -> Table {
        keeping(places) { Column($0.name, $0.alignment) }
    }

    /// The table as data: without what is for the screen only.
    var data: Table { keeping(columns.indices.filter { columns[$0].use != .screen }) }

    /// Some of the columns as they are, or changed.
    func keeping(_ places: [Int], _ change: (Column) -> Column = { $0 }) -> Table {
        var table = Table(columns: places.map { change(columns[$0]) }, footer: footer)
        for row in rows { table.append(places.map { row[$0] }) }
        return table
    }

    /// The place of a column.
    func place(of name: Located<String>) throws(Diagnostic) -> Int {
        if let place = columns.firstIndex(where: { $0.name == name.node }) { return place }
        throw Self.unknownColumn(name, among: columns.map(\.name))
    }

    /// The refusal of a column that a table does not have.
    static func unknownColumn(_ name: Located<String>, among known: [String]) -> Diagnostic {
        let near = Spelling.hints(for: name.node, among: known)
        return Diagnostic(
            "unknown column `\(name.node)`",
            at: name.range,
            hints: near.isEmpty ? ["there is " + known.joined(separator: ", ")] : near
        )
    }

    /// The rows by a column: numbers by amount, texts in natural order, absent values last either
    /// way; equal rows keep their order.
    func sorted(by place: Int, _ isDescending: Bool) -> Table {
        let ordered = rows.enumerated().sorted { left, right in
            let (first, second) = (left.element[place], right.element[place])
            if first == .none || second == .none {
                if first == .none && second == .none { return left.offset < right.offset }
                return second == .none
            }
            if Self.precedes(first, second) { return !isDescending }
            if Self.precedes(second, first) { return isDescending }
            return left.offset < right.offset
        }
        return withRows(ordered.map(\.element))
    }

    /// A row's text for a regular expression: the whole cells of the screen with a blank between.
    func text(of row: [Value]) -> String {
        zip(columns, row).filter { $0.0.use != .data }
            .map { $0.1 == .none ? "-" : $0.1.text }.joined(separator: " ")
    }

    private static func precedes(_ left: Value, _ right: Value) -> Bool {
        if let first = left.amount, let second = right.amount { return first < second }
        if left.amount != nil || right.amount != nil { return left.amount != nil }
        return naturallyPrecedes(left.text, right.text)
    }

    /// Whether a text comes first where numbers inside texts count as numbers, so that `P2` comes
    /// before `P10` and addresses are in their order.
    static func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
        var first = Array(left.utf8)[...]
        var second = Array(right.utf8)[...]
        while let head = first.first, let other = second.first {
            if Lexer.isDigit(head), Lexer.isDigit(other) {
                let number = takeNumber(&first)
                let otherNumber = takeNumber(&second)
                if number.count != otherNumber.count { return number.count < otherNumber.count }
                if number != otherNumber { return number.lexicographicallyPrecedes(otherNumber) }
                continue
            }
            if head != other { return head < other }
            first = first.dropFirst()
            second = second.dropFirst()
        }
        if first.isEmpty != second.isEmpty { return first.isEmpty }
        return left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// The digits in front, without leading zeros.
    private static func takeNumber(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let number = bytes.prefix { Lexer.isDigit($0) }
        bytes = bytes.dropFirst(number.count)
        return number.drop { $0 == UInt8(ascii: "0") }
    }
}
