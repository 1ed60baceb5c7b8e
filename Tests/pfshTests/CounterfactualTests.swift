// The end of an answer to `why`: what would have been without a fault or a bug is what is, where it is left out.

import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Counterfactuals") struct CounterfactualTests {
    private static let office = [
        "subnet voice 10.4.0.0/24", "phones 4 model CP-7961G subnet voice", "pfs enterprise on",
    ]

    private func typed(_ lines: [String]) -> ShellHarness {
        let harness = ShellHarness(isInteractive: true)
        for line in Self.office + lines {
            let result = harness.enter(line)
            #expect(result.status == 0, "\(line): \(result.text)")
        }
        return harness
    }

    /// The lines of an answer that say what would have been; each is one line.
    private func without(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("without ") }
    }

    @Test("without a fault a phone is where it is in a world that never had the fault")
    func fault() {
        let push = "push 9.4(2)SR1 to all"
        let faulty = typed(["block tcp 4051 in voice", push, "run until idle"])
        let sound = typed([push, "run until idle"])
        let world = sound.session.host.world
        var children = 0
        for phone in world.phones {
            let name = world.name(of: phone)
            for file in 1...6 {
                let text = faulty.run("why \(name) file \(file)").text
                guard let line = without(text).first else { continue }
                #expect(without(text).count == 1, "\(text)")
                #expect(line.hasPrefix("without fault 1 (block tcp 4051 in voice): "), "\(line)")
                switch world.origin(of: file - 1, at: phone) {
                case .phone(let giver, _):
                    let other = world.name(of: giver)
                    #expect(line.hasSuffix(": child of \(other).  next: heal 1"), "\(line)")
                    children += 1
                default: #expect(!line.contains("child of"), "\(line)")
                }
            }
        }
        #expect(children > 3)
        let text = faulty.run("why P2 tftp").text
        #expect(text.contains("fault 1]"), "\(text)")
    }

    @Test("looking changes nothing, and a fault that is over is not to be healed")
    func over() {
        let lines = ["block tcp 4051 in voice for 50s", "push 9.4(2)SR1 to all", "run until idle"]
        let harness = typed(lines)
        let shown = "show phones; show log all; show fingerprint; clock; show faults all"
        let before = harness.run(shown).text
        let fallen = (1...4).flatMap { number in
            (1...6).map { "why P\(number) file \($0)" }
        }.first { without(harness.run($0).text).contains { $0.contains("child of") } }
        #expect(fallen != nil)
        #expect(!harness.run(fallen ?? "").text.contains("next:"))
        #expect(harness.run(shown).text == before)
    }

    @Test("orders that came later are given again, and one that cannot be is named")
    func later() {
        let lines = ["run 1s", "block tcp 4051 in voice", "push 9.4(2)SR1 to all", "run 20s"]
        let again = typed(lines + ["load P1 9.4(2)SR1", "run until idle"])
        let told = (1...4).flatMap { without(again.run("why P\($0) tftp").text) }
        #expect(!told.isEmpty && told.allSatisfy { $0.contains("): ") && !$0.contains("cannot") })
        let variable = typed(lines + ["let l = \"9.4(2)SR1\"", "load P1 $l", "run until idle"])
        let untold = (1...4).map { number in
            variable.run("why P\(number) tftp").text.split(whereSeparator: \.isWhitespace)
                .joined(separator: " ")
        }.filter { $0.contains("without fault 1") }
        let reason = "cannot be told, for `load P1 $l` cannot be given again by itself"
        #expect(!untold.isEmpty && untold.allSatisfy { $0.hasSuffix(reason) }, "\(untold)")
    }

    @Test("a fault that hits in the moment in which it begins is left out of the orders")
    func atOnce() {
        let push = "push 9.4(2)SR1 to all"
        let start = typed([push, "run until log /HROOT/ within 5s", "run 500ms"])
        let world = start.session.host.world
        let pairs = world.phones.compactMap { phone -> (String, String)? in
            guard case .phone(let parent) = world.snapshot(phone).source else { return nil }
            return (world.name(of: phone), world.name(of: parent))
        }
        guard let (child, parent) = pairs.first else {
            Issue.record("nobody is a child")
            return
        }
        #expect(start.enter("fault crash \(parent)").status == 0)
        #expect(start.enter("run until idle").status == 0)
        let lines = without(start.run("why \(child) file 1").text)
        #expect(lines.count == 1, "\(start.run("why \(child) file 1").text)")
        #expect(
            lines.first?.hasPrefix("without fault 1 (fault crash \(parent)): child of") == true,
            "\(lines)"
        )
    }

    @Test(
        "without a bug a phone is where it is in a world without the bug",
        arguments: [
            ("CP-7961G", "bug CSCus67416 in Q2", "CSCus67416", "child of"),
            ("CP-7931G", "bug CSCud66570", "CSCud66570", "child of"),
            ("CP-7962G", "bug CSCtb49726", "CSCtb49726", "child of"),
        ]
    )
    func bug(_ model: String, _ line: String, _ id: String, _ outcome: String) {
        let lines = ["phones 4 model \(model) subnet voice prefix Q"]
        let push = ["push 9.4(2)SR1 to Q*", "run until idle"]
        let sick = typed(lines + [line] + push)
        let sound = typed(lines + ["bug \(id) off"] + push)
        let world = sound.session.host.world
        for file in 1...6 {
            guard let phone = world.phone(named: "Q2"),
                case .phone(let giver, _) = world.origin(of: file - 1, at: phone)
            else { continue }
            let text = sick.run("why Q2 file \(file)").text
            let other = world.name(of: giver)
            #expect(
                without(text) == [
                    "without bug \(id): \(outcome) \(other).  next: bug \(id) off"
                ],
                "\(text)"
            )
            return
        }
        Issue.record("Q2 takes no file from a peer")
    }

    @Test("a dead phone is up without its bug, and where nothing differs it says so")
    func dead() {
        let dead = typed(["bug CSCtg96408", "push 9.4(2)SR1 to all", "run until idle"])
        let text = dead.run("why P2").text
        #expect(
            without(text).contains(
                "without bug CSCtg96408: up with its load.  next: bug CSCtg96408 off"
            ),
            "\(text)"
        )
        let lone = ShellHarness(isInteractive: true)
        let script = [
            "subnet voice 10.4.0.0/24", "phone P model CP-7931G", "pfs enterprise on",
            "push 9.4(2)SR1 to P", "run until idle",
        ]
        for line in script { _ = lone.enter(line) }
        let same = without(lone.run("why P tftp").text)
        #expect(same == ["without bug CSCud66570: root with tftp1.  next: bug CSCud66570 off"])
    }

    @Test("answers without a fault or a bug end as before")
    func none() {
        let harness = typed(["push 9.4(2)SR1 to all", "run until idle"])
        for name in ["P1", "P2", "P3", "P4"] {
            #expect(without(harness.run("why \(name) tftp").text).isEmpty)
            #expect(without(harness.run("why \(name) is child").text).isEmpty)
        }
    }
}
