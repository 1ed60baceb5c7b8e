// docs/faults.md: its tables are made from the declarations of the kinds.

import Testing

@testable import PFSRuntime

@Suite("The page of faults")
struct FaultPageTests {
    private static let page = DocumentationPage("faults.md")

    private static func row(_ kind: FaultKind) -> String {
        let declaration = kind.declaration
        let word = "`\(kind.rawValue)`" + (declaration.parameter.map { ", \($0)" } ?? "")
        return "| \(word) | \(declaration.mark) | \(declaration.help) | \(declaration.effect) |\n"
    }

    @Test("every kind stands in the table of what it bears on")
    func kinds() throws {
        // One after the other: recording writes the page.
        for subject in FaultSubject.allCases {
            let kinds = FaultKind.allCases.filter { $0.declaration.subject == subject }
            #expect(!kinds.isEmpty)
            let head = "| kind | mark | does | what follows |\n| --- | --- | --- | --- |\n"
            let table = head + kinds.map(Self.row).joined()
            try Self.page.check("\(subject)", is: table, suite: "FaultPageTests")
        }
    }

    @Test("what is otherwise on sockets stands in a table")
    func sockets() throws {
        let rows = FaultKind.allCases.compactMap { kind in
            kind.declaration.onSockets.map { "| `\(kind.rawValue)` | \($0) |\n" }
        }
        let head = "| kind | is otherwise there |\n| --- | --- |\n"
        try Self.page.check("sockets", is: head + rows.joined(), suite: "FaultPageTests")
    }

    @Test("every kind has a word, a help and an effect of its own")
    func declared() {
        let kinds = FaultKind.allCases
        #expect(Set(kinds.map { $0.declaration.help }).count == kinds.count)
        #expect(Set(kinds.map { $0.declaration.effect }).count == kinds.count)
        for kind in kinds {
            #expect(kind.declaration.effect.hasSuffix("."), "\(kind)")
            #expect(kind.rawValue.allSatisfy { $0.isLowercase || $0 == "-" }, "\(kind)")
        }
    }

    @Test("the limits in the text are the world's")
    func limits() throws {
        let text = try Self.page.text().replacing("\n", with: " ")
        #expect(text.contains("At most \(FaultTable.activeLimit) faults are on"))
        #expect(World.slowDiskLimits == 2...1_000)
        #expect(text.contains("2 to 1000 times"))
        #expect(World.clockDriftLimits == 1...500_000)
        #expect(text.contains("1 to 500000 parts per million"))
        #expect(World.serverSlownessLimit == .seconds(60))
        #expect(text.contains("up to a minute"))
    }
}
