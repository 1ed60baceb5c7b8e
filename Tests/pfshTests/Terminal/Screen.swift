// A terminal's screen as far as the line editor uses one: what a person would see. Sequences it does
// not know are kept, so that a test can say that there were none.

import CLineEdit

/// The rows of a terminal, and those that scrolled away.
struct Screen {
    private(set) var columns: Int
    private(set) var rowCount: Int
    private(set) var cursorRow = 0
    private(set) var cursorColumn = 0
    /// Rows that left the screen at its top, oldest first.
    private(set) var scrolledAway: [String] = []
    /// Escape sequences without a meaning here.
    private(set) var unknownSequences: [String] = []
    /// How many escape sequences came at all.
    private(set) var sequenceCount = 0

    private var cells: [[Cell]]
    private var wrapsNext = false
    private var pending: [UInt8] = []

    private enum Cell {
        case blank
        case text(Unicode.Scalar)
        /// The right half of a wide character.
        case half
    }

    init(columns: Int, rows: Int) {
        self.columns = columns
        rowCount = rows
        cells = Array(repeating: Array(repeating: .blank, count: columns), count: rows)
    }

    /// The rows from the top to the last that is not empty, without trailing blanks.
    var rows: [String] {
        var texts = cells.map(Self.text)
        while texts.last == "" { texts.removeLast() }
        return texts
    }

    /// Everything that was ever shown and not wiped.
    var allRows: [String] { scrolledAway + rows }

    /// The row of the cursor.
    var currentRow: String { Self.text(cells[cursorRow]) }

    /// Cuts or widens every row as xterm does, which moves no text.
    mutating func resize(columns: Int, rows: Int) {
        for index in cells.indices {
            let row = cells[index]
            cells[index] = (0..<columns).map { $0 < row.count ? row[$0] : .blank }
        }
        while cells.count < rows { cells.append(Array(repeating: .blank, count: columns)) }
        while cells.count > rows {
            scrolledAway.append(Self.text(cells.removeFirst()))
            cursorRow = max(0, cursorRow - 1)
        }
        self.columns = columns
        rowCount = rows
        cursorColumn = min(cursorColumn, columns - 1)
        wrapsNext = false
    }

    /// Takes bytes as a terminal does; a sequence or character may be cut anywhere.
    mutating func feed(_ bytes: some Sequence<UInt8>) {
        pending += bytes
        while let first = pending.first {
            let used = first == 0x1b ? feedSequence() : feedCharacter(first)
            guard used > 0 else { return }
            pending.removeFirst(used)
        }
    }

    private static func text(_ row: [Cell]) -> String {
        var text = String.UnicodeScalarView()
        for cell in row {
            switch cell {
            case .blank: text.append(" ")
            case .text(let scalar): text.append(scalar)
            case .half: break
            }
        }
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    private mutating func feedCharacter(_ first: UInt8) -> Int {
        let length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
        guard pending.count >= length else { return 0 }
        switch first {
        case 0x07: break
        case 0x08:
            cursorColumn = max(0, cursorColumn - 1)
            wrapsNext = false
        case 0x09: cursorColumn = min(columns - 1, (cursorColumn / 8 + 1) * 8)
        case 0x0a: lineFeed()
        case 0x0d:
            cursorColumn = 0
            wrapsNext = false
        default:
            for scalar in String(decoding: pending.prefix(length), as: UTF8.self).unicodeScalars {
                put(scalar)
            }
        }
        return length
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        let width = Int(line_edit_width(scalar.value))
        guard width > 0 else { return }
        if wrapsNext || cursorColumn + width > columns {
            cursorColumn = 0
            lineFeed()
        }
        // Half of a wide character cannot stay when its other half is written over.
        if case .half = cells[cursorRow][cursorColumn] {
            cells[cursorRow][cursorColumn - 1] = .blank
        }
        let next = cursorColumn + width
        if next < columns, case .half = cells[cursorRow][next] { cells[cursorRow][next] = .blank }
        cells[cursorRow][cursorColumn] = .text(scalar)
        if width == 2 { cells[cursorRow][cursorColumn + 1] = .half }
        cursorColumn += width
        // xterm stays on the last column until the next character comes.
        wrapsNext = cursorColumn >= columns
        if wrapsNext { cursorColumn = columns - 1 }
    }

    private mutating func lineFeed() {
        wrapsNext = false
        guard cursorRow + 1 >= rowCount else {
            cursorRow += 1
            return
        }
        scrolledAway.append(Self.text(cells.removeFirst()))
        cells.append(Array(repeating: .blank, count: columns))
    }

    private mutating func feedSequence() -> Int {
        guard pending.count >= 2 else { return 0 }
        guard pending[1] == UInt8(ascii: "[") else {
            unknownSequences.append(String(decoding: pending.prefix(2), as: UTF8.self))
            return 2
        }
        guard let end = pending[2...].firstIndex(where: { (0x40...0x7e).contains($0) }) else {
            return 0
        }
        sequenceCount += 1
        let text = String(decoding: pending[2..<end], as: UTF8.self)
        let count = Int(text) ?? 1
        wrapsNext = false
        switch pending[end] {
        case UInt8(ascii: "A"): cursorRow = max(0, cursorRow - count)
        case UInt8(ascii: "B"): cursorRow = min(rowCount - 1, cursorRow + count)
        case UInt8(ascii: "C"): cursorColumn = min(columns - 1, cursorColumn + count)
        case UInt8(ascii: "D"): cursorColumn = max(0, cursorColumn - count)
        case UInt8(ascii: "G"): cursorColumn = min(columns - 1, count - 1)
        case UInt8(ascii: "J") where text.isEmpty:
            eraseRow(from: cursorColumn, to: columns)
            for row in (cursorRow + 1)..<max(rowCount, cursorRow + 1) {
                cells[row] = Array(repeating: .blank, count: columns)
            }
        case UInt8(ascii: "K") where text.isEmpty: eraseRow(from: cursorColumn, to: columns)
        case UInt8(ascii: "P"):
            let removed = min(count, columns - cursorColumn)
            cells[cursorRow].removeSubrange(cursorColumn..<(cursorColumn + removed))
            cells[cursorRow] += Array(repeating: .blank, count: removed)
        case UInt8(ascii: "h") where text == "?2004", UInt8(ascii: "l") where text == "?2004": break
        default: unknownSequences.append(String(decoding: pending[1...end], as: UTF8.self))
        }
        return end + 1
    }

    private mutating func eraseRow(from start: Int, to end: Int) {
        for column in start..<end { cells[cursorRow][column] = .blank }
    }
}
