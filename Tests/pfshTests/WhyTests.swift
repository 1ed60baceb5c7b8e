// Causes: what `why` says is what happened, looking changes nothing, and the pictures fit the screen.

import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Why") struct WhyTests {
    private static let office = TimeTravelTests.office

    private func typed(_ lines: [String]) -> ShellHarness { TimeTravelTests.typed(lines) }

    @Test("who took a file from a peer is told how it found that peer")
    func child() {
        let harness = typed(Self.office + ["run until idle"])
        let world = harness.session.host.world
        for phone in world.phones {
            let name = world.name(of: phone)
            let text = harness.run("why \(name) file 1").text
            switch world.origin(of: 0, at: phone) {
            case .server:
                #expect(text.contains("\(name) took file 1"), "\(text)")
                #expect(text.contains("by TFTP from tftp1, not from a peer"), "\(text)")
                #expect(text.contains("confirmed root"), "\(text)")
            case .phone(let giver, _):
                let other = world.name(of: giver)
                #expect(text.contains("from \(other)"), "\(text)")
                #expect(text.contains("\(other) took it in as a child"), "\(text)")
                #expect(text.contains("has the whole file from \(other)"), "\(text)")
            case .none: Issue.record("\(name) has no file 1")
            }
            #expect(text.contains("[attested]") || text.contains("[modelled"))
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
        }
    }

    @Test("every question is answered in every state, and looking changes nothing")
    func everyQuestion() {
        let harness = typed(Self.office)
        let straight = typed(Self.office)
        let questions =
            ["", " tftp", " slow", " file 3"]
            + WhyRole.allCases.flatMap { [" is \($0.rawValue)", " not \($0.rawValue)"] }
        for length in ["100ms", "600ms", "1500ms", "3s", "20s", "40s", "3m"] {
            for question in questions {
                let result = harness.enter("why P2\(question)")
                #expect(result.status == 0 && !result.text.isEmpty, "\(question)")
                #expect(
                    result.text.split(separator: "\n").allSatisfy { $0.count <= 80 },
                    "\(result.text)"
                )
            }
            for look in ["state P2", "show sequence P1..P4", "show timeline", "state P1 | json"] {
                #expect(harness.enter(look).status == 0, "\(look)")
            }
            _ = harness.enter("run \(length)")
            _ = straight.enter("run \(length)")
            let look = "clock; show fingerprint; show log"
            #expect(harness.run(look).text == straight.run(look).text)
        }
    }

    @Test("a phone that does not share is told which setting settled it")
    func alone() {
        let harness = typed(
            [
                Self.office[0], Self.office[1], "pfs enterprise off", "push 9.4(2)SR1 to all",
                "run 1h",
            ]
        )
        let text = harness.run("why P1 not peer").text
        #expect(text.contains("takes no part in sharing"), "\(text)")
        #expect(text.contains("enterprise"), "\(text)")
    }

    @Test("a phone with nothing to fetch, or that has not begun, says so")
    func nothing() {
        let harness = typed([Self.office[0], Self.office[1]])
        #expect(harness.run("why P1").text.contains("nothing to fetch"))
        #expect(harness.run("show sequence P1,P2").text.contains("said nothing"))
        #expect(harness.run("show timeline").text.contains("no phone has begun"))
        _ = harness.enter("load P1 9.4(2)SR1")
        #expect(harness.run("why P1").text.contains("when it restarts"))
    }

    @Test("orders that ended an upgrade are part of the chain")
    func ordered() {
        let harness = typed(Self.office + ["run 5s", "cancel P2", "run 5s"])
        let text = harness.run("why P2").text
        #expect(text.contains("ordered: cancel P2"), "\(text)")
        #expect(text.contains("failed") && text.contains("reason 20"), "\(text)")
    }

    @Test("mistakes are refused with their place")
    func mistakes() {
        let harness = typed(Self.office)
        for (line, text) in [
            ("why P1 tftp slow", "one thing at a time"), ("why P1 file 9", "from 1 to 8"),
            ("show sequence P1 last 0", "1 or more"), ("why P9", "P9"),
        ] {
            let result = harness.enter(line)
            #expect(result.status == 2 && result.text.contains(text), "\(line): \(result.text)")
        }
        let crowd = typed([Self.office[0], "phones 9 model CP-7961G"])
        #expect(crowd.enter("show sequence all").text.contains("1 to 6 phones"))
    }

    @Test("the ladder has a rung for each message that came, and an x for one that did not")
    func ladder() {
        let harness = typed(Self.office + ["run 2400ms"])
        let text = harness.run("show sequence all file 1").text
        #expect(text.contains("Join") && text.contains("Accept"), "\(text)")
        #expect(text.contains(">|") || text.contains("|<"), "\(text)")
    }
}
