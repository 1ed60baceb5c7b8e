// The situations of the field as a table: their page, their names, and logs that tell of none.

import Foundation
import PFSRuntime
import Testing

struct FieldSituationTests {
    @Test("the situations of docs/field-problems.md are what the program declares")
    func page() throws {
        let page = DocumentationPage("field-problems.md")
        try page.check(
            "situations",
            is: FieldProblemsTable.situations(),
            suite: "FieldSituationTests"
        )
    }

    @Test("names are one word each and none stands twice; every text says something")
    func names() {
        let names = FieldSituation.all.map(\.name)
        #expect(names.count == 26 && Set(names).count == names.count)
        for situation in FieldSituation.all {
            #expect(situation.name.wholeMatch(of: /[a-z0-9-]+/) != nil)
            #expect(!situation.title.isEmpty && !situation.signs.isEmpty)
            #expect(!situation.remedy.isEmpty && !situation.evidence.source.isEmpty)
            #expect(FieldSituation.named(situation.name)?.title == situation.title)
        }
    }

    @Test("an empty world, no log, and the seed's own log tell of no problem")
    func nothing() throws {
        #expect(FieldFinding.all(in: FieldCase(World())).isEmpty)
        #expect(FieldFinding.all(in: FieldCase(LogStory())).isEmpty)
        var story = LogStory()
        var reader = story.reader(name: "log")
        let tests = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "FuzzTargets/Corpus/field-log/damaged")
        var lines: [LoggedLine] = []
        reader.feed([UInt8](try Data(contentsOf: file))) { lines.append($0) }
        reader.finish { lines.append($0) }
        for line in lines { story.add(line, of: reader) }
        story.end(reader)
        #expect(FieldFinding.all(in: FieldCase(story)).isEmpty)
        let phone = try #require(story.phones.first)
        #expect(phone.model == "CP-7961G" && phone.address == IPv4Address("10.106.117.68"))
        #expect(phone.files.map(\.role) == [.root])
        #expect(phone.files[0].claim.hash == "36685558")
        #expect(story.hierarchies.map(\.depth) == [0])
    }
}
