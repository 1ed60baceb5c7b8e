// Tables are data first: named columns and cells that are values. Text for a screen is made from
// them last, so that other forms can be made from the same data.

/// What is needed of a table.
public enum TableDemand: Sendable, Equatable {
    /// All of it.
    case cells

    /// How many rows it has: `Table.counted` will do.
    case number
}

/// Rows of values under named columns.
public struct Table: Sendable, Equatable {
    /// At which side of its column a cell stands.
    public enum Alignment: Sendable, Equatable {
        /// Texts.
        case left

        /// Numbers.
        case right
    }

    /// Where a column is shown.
    public enum Use: Sendable, Equatable {
        /// On the screen and as data.
        case everywhere

        /// On the screen only: other columns have what it says as data.
        case screen

        /// As data only: JSON, CSV, conditions and sorting; on the screen where it is asked for.
        case data
    }

    /// A column's name, side and use.
    public struct Column: Sendable, Equatable {
        /// Its heading.
        public let name: String

        /// Its side.
        public let alignment: Alignment

        /// Where it is shown.
        public let use: Use

        /// A column of texts, or of numbers if `alignment` says so, shown everywhere if not told.
        public init(_ name: String, _ alignment: Alignment = .left, use: Use = .everywhere) {
            self.name = name
            self.alignment = alignment
            self.use = use
        }
    }

    /// The columns from left to right.
    public let columns: [Column]

    /// The rows, each with as many cells as there are columns.
    public private(set) var rows: [[Value]]

    /// Lines below the table, such as a total, with line ends between them; nil for none.
    public var footer: String?

    /// An empty table.
    public init(columns: [Column], footer: String? = nil) {
        self.columns = columns
        self.footer = footer
        rows = []
    }

    /// A table of which only the number of rows can be told: rows without cells under no columns.
    public static func counted(_ rowCount: Int) -> Table {
        var table = Table(columns: [])
        table.rows = Array(repeating: [], count: rowCount)
        return table
    }

    /// Adds a row; it must have as many cells as there are columns.
    public mutating func append(_ cells: [Value]) {
        precondition(cells.count == columns.count, "a row of \(cells.count) cells")
        rows.append(cells)
    }

    /// The narrowest a column of text is cut to, so that it can still be told what it holds.
    static let narrowestColumn = 6

    /// Rows between two looks at whether the user wants to stop.
    private static let pieceRows = 500

    /// The table as lines of at most `width` columns as far as cutting the widest columns of text
    /// can do it; numbers are never cut.
    ///
    /// A cut cell ends in `~`, an absent value is `-`. There are no lines if `goesOn`, which is asked
    /// every few hundred rows, says no.
    public func lines(width: Int, while goesOn: () -> Bool = { true }) -> [String] {
        let shown = columns.indices.filter { columns[$0].use != .data }
        guard shown.count == columns.count else {
            return keeping(shown).lines(width: width, while: goesOn)
        }
        var widths = columns.map { displayWidth($0.name) }
        var cells: [[String]] = []
        cells.reserveCapacity(rows.count)
        for (index, row) in rows.enumerated() {
            if index % Self.pieceRows == 0, !goesOn() { return [] }
            let texts = row.map { $0 == .none ? "-" : $0.text }
            for (column, text) in texts.enumerated() {
                widths[column] = max(widths[column], displayWidth(text))
            }
            cells.append(texts)
        }
        while widths.reduce(widths.count - 1, +) > width, let widest = widestText(widths) {
            widths[widest] -= 1
        }
        var lines = [line(columns.map(\.name), widths)]
        for (index, texts) in cells.enumerated() {
            if index % Self.pieceRows == 0, !goesOn() { return [] }
            lines.append(line(texts, widths))
        }
        if let footer {
            lines += footer.split(separator: "\n", omittingEmptySubsequences: false).map(
                String.init
            )
        }
        return lines
    }

    private func widestText(_ widths: [Int]) -> Int? {
        var widest: Int?
        for column in columns.indices
        where columns[column].alignment == .left && widths[column] > Table.narrowestColumn {
            if let known = widest, widths[known] >= widths[column] { continue }
            widest = column
        }
        return widest
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var parts: [String] = []
        for (column, cell) in cells.enumerated() {
            let shown = Table.cut(cell, to: widths[column])
            let padding = String(
                repeating: " ",
                count: max(0, widths[column] - displayWidth(shown))
            )
            parts.append(columns[column].alignment == .left ? shown + padding : padding + shown)
        }
        var line = parts.joined(separator: " ")
        while line.last == " " { line.removeLast() }
        return line
    }

    private static func cut(_ text: String, to width: Int) -> String {
        guard displayWidth(text) > width else { return text }
        var kept = ""
        var used = 1
        for character in text {
            used += displayWidth(character)
            if used > width { break }
            kept.append(character)
        }
        return kept + "~"
    }
}
