import Interpreter

struct Shelf: Host {
    var now: Int64 = 0
    var books: [(title: String, pages: Int)] = []
    var isInterrupted: Bool { false }

    func readSource(
        _ path: String,
        including: String?
    ) throws(SourceReadFailure) -> (name: String, bytes: [UInt8]) { throw .notFound }

    mutating func run(
        until condition: inout Condition<Shelf>,
        within limitNanoseconds: Int64
    ) throws(Diagnostic) -> Bool { try condition.holds(in: self) }
}

let books = CommandGroup("Books")

let shelfRegistry = Registry<Shelf>(
    commands: [
        Command(
            "book",
            group: books,
            summary: "Put a book on the shelf.",
            .argument("title", help: "its name"),
            .option("pages", default: 100, help: "its length"),
            changesWorld: true,
            examples: [Example("book Emma pages 474")]
        ) {
            (shelf: inout Shelf, title: Located<NewName>, pages: Int) throws(Diagnostic) -> Output
            in
            if pages < 1 { throw Diagnostic("a book without pages", at: title.range) }
            shelf.books.append((title.node.text, pages))
            return .none
        },
        Command(
            "show books",
            group: books,
            summary: "List books.",
            .argument("books", help: "which"),
            examples: [Example("show books all")]
        ) { (shelf: inout Shelf, chosen: Selection) throws(Diagnostic) -> Output in
            var table = Table(columns: [.init("title"), .init("pages", .right)])
            for id in chosen.ids {
                table.append([
                    .string(shelf.books[id].title), .integer(Int64(shelf.books[id].pages)),
                ])
            }
            return .table(table)
        },
    ],
    selectable: ObjectKind(
        "book",
        help: "can be read",
        all: { Array($0.books.indices) },
        find: { (shelf, name) in shelf.books.firstIndex { $0.title == name } },
        nameOf: { $0.books[$1].title }
    ),
    properties: [
        Property("pages", of: "book", type: .integer, help: "its length") {
            .integer(Int64($0.books[$1].pages))
        }
    ]
)
