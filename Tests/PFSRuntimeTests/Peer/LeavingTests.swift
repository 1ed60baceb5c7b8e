// How one phone ends its upgrade: it applies at once or serves on for a while, or is called off.

import Testing

@testable import PFSRuntime

@Suite("The end of one phone's upgrade")
struct LeavingTests {
    @Test("a phone that never shared applies at once")
    func aloneApplies() throws {
        let phone = Timetable()
        try phone.start(shares: false)
        phone.give(.fetchEnded(.done))
        phone.give(.verified(true))
        phone.give(.written)
        phone.expect("fetch alone", "verify", "obtained from server", "write", "apply")
        phone.give(.applied)
        phone.expectStage("idle")
        phone.expectNote(.runs)
    }

    private func lingering(children: [UInt32] = []) throws -> Timetable {
        let phone = try Timetable.member(children: children)
        phone.takeFromParent()
        phone.give(.written)
        phone.expect()
        phone.expectStage("lingering")
        return phone
    }

    @Test("a phone that is done serves on for 10 s, then leaves and applies")
    func lingers() throws {
        let phone = try lingering()
        phone.at(10_526, 30)
        phone.expect("leave", "apply")
        phone.expectStage("applying")
    }

    @Test("a claim or a Join heard makes the 10 s begin again", arguments: [true, false])
    func lingerBeginsAgain(_ byClaim: Bool) throws {
        let phone = try lingering()
        phone.at(5_000)
        phone.hearRoot(fetching: true, from: 20)
        if byClaim {
            phone.hearClaim(1, from: 50)
        } else {
            phone.receiveJoin(from: 50)
            phone.expectAmong("upload to .50")
            phone.at(5_100)
            phone.receive(.complete, from: 50)
            phone.expect("end upload to .50")
        }
        phone.expectOnlyHolds(until: 15_000)
        phone.rightAway()
        phone.expectAmong("leave", "apply")
    }

    @Test("a phone that is done applies at once when its last child leaves after the 10 s")
    func lastChildLeaves() throws {
        let phone = try lingering(children: [30])
        for second in 1...20 as ClosedRange<Int64> {
            phone.expectOnlyHolds(until: 526 + second * 1_000)
            phone.receiveHold(depth: 2, root: 20, from: 30)
        }
        phone.receive(.complete, from: 30)
        phone.rightAway()
        phone.expectAmong("leave", "apply")
    }

    @Test("a phone that is done applies after 600 s at the latest, with Bye to its children")
    func lingerLimit() throws {
        let phone = try lingering(children: [30])
        for second in 1...600 as ClosedRange<Int64> {
            phone.expectOnlyHolds(until: second * 1_000)
            phone.receiveHold(depth: 2, root: 20, from: 30)
        }
        phone.expectOnlyHolds(until: 600_526)
        phone.at(600_526, 30)
        phone.expectAmong("send bye to .30", "end upload to .30", "leave", "apply")
    }

    @Test("cancel ends an upgrade at any stage with reason 20, and says Bye on every link")
    func cancel() throws {
        let member = try Timetable.member(children: [30])
        member.give(.cancel)
        member.expect("send bye to .20", "send bye to .30", "leave", "stopped 20")
        let root = try Timetable.fetchingRoot()
        root.give(.cancel)
        root.expect("send bye to .30", "send bye to .40", "leave", "stopped 20")
        let done = try lingering()
        done.give(.cancel)
        done.expect("leave", "stopped 20")
        for phone in [member, root, done] {
            phone.expectStage("idle")
            phone.give(.cancel)
            #expect(phone.lastVerdict == .ignored(.unexpectedHere))
            #expect(phone.untilItActs(within: .seconds(30)) == nil)
        }
    }

    @Test("inputs that the stage does not expect mean nothing")
    func unexpectedInputs() throws {
        let phone = try Timetable.member()
        let job = try #require(UpgradeJob(files: [FileNumber(0)], shares: true))
        for input in [
            .start(job), .fetchEnded(.done), .verified(true), .written, .applied,
        ] as [PeerInput] {
            phone.give(input)
            #expect(phone.lastVerdict == .ignored(.unexpectedHere))
        }
        phone.expect()
        phone.expectStage("attached")
        phone.give(.wake)
        #expect(phone.lastVerdict == .ignored(.staleWake))
    }
}
