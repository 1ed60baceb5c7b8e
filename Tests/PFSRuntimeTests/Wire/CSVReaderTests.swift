// Comma-separated values: what RFC 4180 allows, what spreadsheets write besides, and that a broken
// record takes no other along.

import Testing

@testable import PFSRuntime

@Suite("Comma-separated values")
struct CSVReaderTests {
    private func records(_ text: String) -> [CSVRecord] { Array(CSVReader(Array(text.utf8))) }

    private func rows(_ text: String) -> [[String]] {
        records(text).compactMap { try? $0.fields.get() }
    }

    @Test("fields, quotes, doubled quotes, line ends inside quotes, both kinds of line ends")
    func standard() {
        #expect(rows("a,b,c\n1,,3\r\n") == [["a", "b", "c"], ["1", "", "3"]])
        #expect(rows("\"a,b\",\"say \"\"no\"\"\"") == [["a,b", "say \"no\""]])
        #expect(rows("\"two\nlines\",x\ny") == [["two\nlines", "x"], ["y"]])
        #expect(rows("a,\n,b") == [["a", ""], ["", "b"]])
        #expect(rows("") == [])
        #expect(rows("\n \r\n\n") == [])
    }

    @Test("blanks around a field, a byte order mark, and semicolons where there is no comma")
    func spreadsheets() {
        #expect(rows("\u{FEFF}site , \"x\" ,\ty\t\n") == [["site", "x", "y"]])
        #expect(rows("a;b\n1;2,5\n") == [["a", "b"], ["1", "2,5"]])
        #expect(rows("a,b;c\n") == [["a", "b;c"]])
    }

    @Test("a record knows the line on which it begins, behind records of several lines too")
    func lines() {
        let found = records("h\n\n\"1\n2\n3\"\nlast\n").map(\.line)
        #expect(found == [1, 3, 6])
    }

    @Test("a broken record is told with its line, and the next line is read")
    func broken() {
        let found = records("a,b\n\"x\"y,1\nc,d\n\"never closed\ne,f\n")
        #expect(found.map(\.line) == [1, 2, 3, 4, 5])
        #expect(found[1].fields == .failure(.textBehindQuote))
        #expect(found[2].fields == .success(["c", "d"]))
        #expect(found[3].fields == .failure(.quoteNotClosed))
        #expect(found[4].fields == .success(["e", "f"]))
    }

    @Test("too long a field and too many fields are refused")
    func limits() {
        let long = String(repeating: "x", count: CSVReader.fieldLimit + 1)
        #expect(records("a\n\(long),b\nc").map(\.fields)[1] == .failure(.fieldTooLong))
        #expect(records("\"\(long)\"").map(\.fields) == [.failure(.quoteNotClosed)])
        let wide = String(repeating: ",", count: CSVReader.columnLimit)
        #expect(records(wide).map(\.fields) == [.failure(.tooManyFields)])
    }

    @Test("what is written as records is read as the same, and random bytes end")
    func random() {
        for seed in RepeatableSeed.all(200, suite: "CSVReaderTests") {
            var stream = RandomStream(seed: seed.seed, purpose: .test, index: 3)
            let alphabet = Array("ab ,\"\n\r;é".unicodeScalars)
            let table = (0..<1 + stream.below(5)).map { _ in
                (0..<1 + stream.below(4)).map { _ in
                    var text = "x"
                    for _ in 0..<stream.below(6) {
                        text.unicodeScalars.append(
                            alphabet[Int(stream.below(UInt64(alphabet.count)))]
                        )
                    }
                    return text
                }
            }
            let text = table.map { row in
                row.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",")
            }
            #expect(rows(text.joined(separator: "\n")) == table, "\(seed)")
            let bytes = (0..<stream.below(300)).map { _ in
                stream.below(3) == 0 ? UInt8(stream.below(256)) : UInt8(ascii: "\"")
            }
            var count = 0
            for record in CSVReader(bytes) { count += record.line > 0 ? 1 : 0 }
            #expect(count <= bytes.count, "\(seed)")
        }
    }
}
