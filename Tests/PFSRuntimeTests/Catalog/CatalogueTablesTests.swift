// docs/catalogue.md holds generated tables; this compares them with what the program generates.

import PFSRuntime
import Testing

struct CatalogueTablesTests {
    @Test(
        "the tables of docs/catalogue.md are what the program generates",
        .serialized,
        arguments: [("models", CatalogueTables.models()), ("loads", CatalogueTables.loads())]
    )
    func tables(_ name: String, _ generated: String) throws {
        let page = DocumentationPage("catalogue.md")
        try page.check(name, is: generated, suite: "CatalogueTablesTests")
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
