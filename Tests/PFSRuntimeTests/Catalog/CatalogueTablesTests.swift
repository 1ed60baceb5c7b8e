// docs/catalogue.md holds generated tables; this compares them with what the program generates.
// PFSH_RECORD=1 writes them anew, and fails so that a recording run never passes for a test run.

import Foundation
import PFSRuntime
import Testing

struct CatalogueTablesTests {
    private static let page = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/catalogue.md")

    @Test(
        "the tables of docs/catalogue.md are what the program generates",
        .serialized,
        arguments: [("models", CatalogueTables.models()), ("loads", CatalogueTables.loads())]
    )
    func tables(_ name: String, _ generated: String) throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let start = try #require(text.range(of: "<!-- generated: \(name) -->\n")).upperBound
        let end = try #require(text.range(of: "<!-- end: \(name) -->")).lowerBound
        if ProcessInfo.processInfo.environment["PFSH_RECORD"] == "1" {
            let recorded = text[..<start] + generated + text[end...]
            try String(recorded).write(to: Self.page, atomically: true, encoding: .utf8)
            Issue.record("recorded the table of \(name); run again without PFSH_RECORD")
        } else {
            #expect(
                text[start..<end] == generated,
                "PFSH_RECORD=1 swift test --filter CatalogueTablesTests records it"
            )
        }
    }

    @Test("the tables have one row per model and per built-in load")
    func rows() {
        let models = CatalogueTables.models().split(separator: "\n")
        #expect(models.count == PhoneModel.all.count + 2)
        #expect(models.contains { $0.hasPrefix("| CP-7961G | third | `SCCP41` | `SIP41` |") })
        let loads = CatalogueTables.loads().split(separator: "\n")
        #expect(loads.count == FirmwareCatalog.builtInCount + 2)
        let known = "| `SCCP41.9-4-2SR1-1S` | 9.4(2)SR1-1 | 6 | 8123460 | attested | 6 attested |"
        #expect(loads.contains { $0 == known })
    }
}
