// Tables as screens and programs see them: columns for either, and an end when the user has had enough.

import Testing

@testable import Interpreter

@Suite("Tables") struct TableTests {
    private static var table: Table {
        var table = Table(
            columns: [
                Table.Column("name"), Table.Column("got", .right, use: .screen),
                Table.Column("got_bytes", .right, use: .data),
            ],
            footer: "2 rows"
        )
        table.append([.string("P1"), .string("4KB"), .size(bytes: 4_200)])
        table.append([.string("P2"), .none, .none])
        return table
    }

    @Test("a column for the screen is no data, a column for data is not on the screen")
    func uses() {
        #expect(Self.table.lines(width: 80) == ["name got", "P1   4KB", "P2     -", "2 rows"])
        #expect(
            DataText.json(.table(Self.table)) == [
                "[", "{\"name\": \"P1\", \"got_bytes\": 4200},",
                "{\"name\": \"P2\", \"got_bytes\": null}", "]",
            ]
        )
        #expect(DataText.csv(.table(Self.table)) == ["name,got_bytes", "P1,4200", "P2,"])
        #expect(
            JSONText(Output.table(Self.table)).text.hasPrefix("[{\"name\": \"P1\", \"got_bytes\"")
        )
        #expect(Self.table.text(of: Self.table.rows[0]) == "P1 4KB")
    }

    @Test("a column that is asked for by name is shown everywhere")
    func selected() {
        let chosen = Self.table.selecting([2, 1])
        #expect(chosen.lines(width: 80)[0...1] == ["got_bytes got", "    4200B 4KB"])
        #expect(DataText.csv(.table(chosen)) == ["got_bytes,got", "4200,4KB", ","])
    }

    @Test("a long table has no lines when the user wants to stop, and is asked about it often")
    func stopped() {
        var table = Table(columns: [Table.Column("number", .right)])
        for number in 0..<5_000 { table.append([.integer(Int64(number))]) }
        var asked = 0
        let all = table.lines(width: 80) {
            asked += 1
            return true
        }
        #expect(all.count == 5_001 && asked >= 20)
        for limit in [0, asked / 2, asked - 1] {
            var rest = limit
            let lines = table.lines(width: 80) {
                rest -= 1
                return rest >= 0
            }
            #expect(lines.isEmpty)
        }
    }

    @Test("a text is a quantity only as a whole")
    func quantities() {
        #expect(Value(quantity: "250ms") == .duration(nanoseconds: 250_000_000))
        #expect(Value(quantity: "7") == .integer(7))
        for text in ["", "fast", "5x", "1 s", "ms"] { #expect(Value(quantity: text) == nil) }
    }
}
