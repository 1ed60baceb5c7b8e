// What a phone does when it is lied to, when a transfer stands still, and when its flash fails it.

import Testing

@testable import PFSRuntime

@Suite("Lies, standstill and bad flash")
struct TroubleTests {
    @Test("a claimant that is confirmed after many claims is joined all the same")
    func lateConfirmation() throws {
        let phone = Timetable()
        try phone.start()
        phone.expect("enter")
        phone.at(526, 30)
        phone.expect("claim 0")
        for _ in 0..<200 { phone.hearClaim(0x7FFF_FFFF, from: 20) }
        phone.hearRoot(0x7FFF_FFFF, from: 20)
        phone.expect("send join to .20")
    }

    @Test("a transfer that stands still costs a try; the link is closed and another root sought")
    func stalled() throws {
        let phone = try Timetable.member(files: 2)
        for count in 1...2 as ClosedRange<UInt8> {
            phone.give(.stalled)
            phone.expect("close .20")
            phone.expectStage("orphaned")
            #expect(phone.peer.tries == count)
            phone.hearRoot(from: 20)
            phone.expect("send join to .20")
            phone.receiveAccept(from: 20)
            phone.expectStage("attached")
        }
        phone.give(.stalled)
        phone.expect("close .20")
        phone.expectFallback()
    }

    @Test("three parents that are lost soon after they took the phone in are enough")
    func lostSoon() throws {
        let phone = try Timetable.member(files: 2)
        for _ in 1...2 {
            phone.receive(.bye, from: 20)
            phone.expectStage("orphaned")
            phone.hearRoot(from: 20)
            phone.expect("send join to .20")
            phone.receiveAccept(from: 20)
        }
        #expect(phone.peer.tries == 0)
        phone.give(.linkLost(FileNumber(0), Timetable.address(20)))
        phone.expectFallback()
    }

    @Test("parents that stayed for a while may be lost again and again")
    func lostLate() throws {
        let phone = try Timetable.member(files: 2)
        for _ in 1...4 {
            let begin = phone.milliseconds
            while phone.milliseconds - begin < 31_000 {
                phone.expectOnlyHolds(until: phone.milliseconds + 2_000)
                phone.receiveHold(from: 20)
            }
            phone.receive(.bye, from: 20)
            phone.expectStage("orphaned")
            phone.hearRoot(from: 20)
            phone.expect("send join to .20")
            phone.receiveAccept(from: 20)
            phone.expectStage("attached")
        }
    }

    @Test("a standstill means nothing where no transfer is awaited")
    func stalledElsewhere() throws {
        let phone = Timetable()
        try phone.start()
        phone.give(.stalled)
        #expect(phone.lastVerdict == .ignored(.unexpectedHere))
        phone.give(.writeFailed(.full))
        #expect(phone.lastVerdict == .ignored(.unexpectedHere))
    }

    @Test("what is read back otherwise is written again, and the third time the upgrade ends")
    func damaged() throws {
        let phone = try Timetable.member(files: 2)
        phone.takeFromParent()
        phone.give(.writeFailed(.damaged))
        phone.expect("write")
        phone.give(.writeFailed(.damaged))
        phone.expect("write")
        phone.give(.writeFailed(.damaged))
        phone.expectAmong("stopped 14")
        phone.expectStage("idle")
    }

    @Test("copies that were rejected are not counted with writes that failed")
    func countedApart() throws {
        let phone = Timetable()
        try phone.start(files: 2, shares: false)
        for _ in 0..<2 {
            phone.give(.fetchEnded(.done))
            phone.give(.verified(false))
        }
        phone.give(.fetchEnded(.done))
        phone.give(.verified(true))
        phone.expectAmong("write")
        phone.give(.writeFailed(.damaged))
        phone.expect("write")
        phone.give(.written)
        phone.expectAmong("file 1 fetch alone")
    }

    @Test("without room the upgrade ends at once, and children are told")
    func full() throws {
        let phone = try Timetable.member(files: 2)
        phone.receiveJoin(from: 30)
        phone.expect("send accept 1 below .20 to .30")
        phone.takeFromParent()
        phone.give(.writeFailed(.full))
        phone.expectAmong("send bye to .30", "stopped 3")
        phone.expectStage("idle")
    }

    @Test("files that are in flash are not asked for, and with all of them the load is activated")
    func kept() throws {
        for (kept, first) in [(1, "file 1 enter"), (3, "apply")] {
            let phone = Timetable()
            var job = try #require(
                UpgradeJob(files: (0..<3).map { FileNumber($0) }, shares: true)
            )
            job.keep(kept)
            phone.give(.start(job))
            phone.expectAmong(first)
            #expect(phone.peer.current == kept)
            phone.receiveJoin(from: 30)
            phone.expect("send refuse to .30")
        }
    }

    @Test("a clock that is set moves every deadline, and nothing else")
    func shifted() throws {
        let phone = try Timetable.member(files: 2)
        phone.receiveJoin(from: 30)
        var peer = phone.peer
        var election = phone.election
        peer.shiftTimes(by: .seconds(5), &election)
        #expect(peer.holdAt == phone.peer.holdAt + .seconds(5))
        #expect(
            peer.branches[0].parent.heardAt == phone.peer.branches[0].parent.heardAt + .seconds(5)
        )
        #expect(
            peer.branches[0].children[0].heardAt
                == phone.peer.branches[0].children[0].heardAt + .seconds(5)
        )
        #expect(peer.rootlessSince == .never && election.deadline == phone.election.deadline)
        peer.shiftTimes(by: .seconds(-5), &election)
        #expect(peer.holdAt == phone.peer.holdAt)
    }
}
