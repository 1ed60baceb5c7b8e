// The rules that `why` cites are those of the document, word by word.

import Testing

@testable import PFSRuntime

@Suite("Rules") struct ProtocolRuleTests {
    @Test("docs/time-travel.md lists the rules as they are declared")
    func page() throws {
        let page = DocumentationPage("time-travel.md")
        try page.check("rules", is: ProtocolRule.table(), suite: "ProtocolRuleTests")
    }

    @Test("every rule says something, and none is marked unknown")
    func said() {
        for rule in ProtocolRule.allCases {
            #expect(rule.text.count > 20 && !rule.text.hasSuffix("."), "\(rule)")
            #expect(rule.mark != .unknown)
        }
    }
}
