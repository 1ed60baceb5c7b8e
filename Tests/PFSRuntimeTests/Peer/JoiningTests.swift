// How one phone gets a place, and what it does when it loses its parent or its root.

import Testing

@testable import PFSRuntime

@Suite("Joining and losing a parent")
struct JoiningTests {
    // MARK: Asking for a place

    @Test("an accepted phone stands one below its parent")
    func accepted() throws {
        let phone = try Timetable.joining()
        phone.receiveAccept(depth: 3, root: 77, from: 20)
        phone.expect()
        phone.expectStage("attached")
        #expect(phone.peer.branches[0].position == Timetable.position(77, 4))
        phone.expectNote(.accepted(by: Timetable.address(20), depth: 4, transaction: 77))
    }

    @Test("a refused phone goes to the child that it was sent to, and on from there")
    func redirected() throws {
        let phone = try Timetable.joining()
        phone.receive(.refuse(redirect: Timetable.address(30)), from: 20)
        phone.expect("send join to .30")
        phone.receive(.refuse(redirect: Timetable.address(31)), from: 30)
        phone.expect("send join to .31")
        phone.receiveAccept(depth: 2, root: 20, from: 31)
        phone.expectStage("attached")
        #expect(phone.peer.tries == 0)
    }

    @Test("an answer of a phone that was not asked is closed, and changes nothing")
    func strangerAnswers() throws {
        let phone = try Timetable.joining()
        phone.receiveAccept(from: 33)
        phone.expect("close .33")
        phone.receive(.refuse(redirect: Timetable.address(30)), from: 33)
        phone.expect()
        phone.expectStage("joining .20")
    }

    @Test("a phone that gets no answer for 3 s closes and listens again, within a random second")
    func noAnswer() throws {
        let phone = try Timetable.joining()
        phone.at(3_526, 30)
        phone.expect("close .20")
        phone.expectStage("listening")
        #expect(phone.peer.tries == 1)
        let wait = try #require(phone.untilItActs(within: .seconds(2)))
        #expect(wait >= .milliseconds(500) && wait < .milliseconds(1_500))
        phone.expect("claim 0")
    }

    @Test("a redirect that leads nowhere starts again at the root")
    func deadRedirect() throws {
        let phone = try Timetable.joining()
        phone.receive(.refuse(redirect: Timetable.address(30)), from: 20)
        phone.expect("send join to .30")
        phone.at(3_526, 30)
        phone.expect("close .30", "send join to .20")
        phone.receive(.refuse(redirect: Timetable.address(31)), from: 20)
        phone.expect("send join to .31")
        phone.receiveAccept(depth: 1, root: 20, from: 31)
        phone.expectStage("attached")
    }

    @Test("the third dead redirect makes the phone fall back to TFTP within a random 5 s")
    func threeDeadRedirects() throws {
        let phone = try Timetable.joining()
        for attempt in 1...3 as ClosedRange<Int64> {
            phone.receive(.refuse(redirect: Timetable.address(30)), from: 20)
            phone.expect("send join to .30")
            phone.give(.linkLost(FileNumber(0), Timetable.address(30)))
            if attempt < 3 { phone.expect("send join to .20") }
        }
        phone.expectStage("backing off")
        let wait = try #require(phone.untilItActs(within: .seconds(5)))
        #expect(wait < .seconds(5))
        phone.expect("fetch fallback", "root fetching")
        phone.expectNote(.fallsBack(tries: 3))
    }

    @Test("a refusal without a redirect, or to the phone itself, is a failed join")
    func refusedOutright() throws {
        for redirect in [nil, Timetable.address(Timetable.own)] {
            let phone = try Timetable.joining()
            phone.receive(.refuse(redirect: redirect), from: 20)
            phone.expect()
            phone.expectStage("listening")
            #expect(phone.peer.tries == 1)
        }
    }

    @Test("an endless chain of redirects ends after as many as the deepest tree has links")
    func endlessRedirects() throws {
        let phone = try Timetable.joining()
        var asked: UInt32 = 20
        for step in 0..<64 as Range<UInt32> {
            let next = 100 + step
            phone.receive(.refuse(redirect: Timetable.address(next)), from: asked)
            phone.expect("send join to .\(next)")
            asked = next
        }
        phone.receive(.refuse(redirect: Timetable.address(99)), from: asked)
        phone.expect("send join to .20")
        #expect(phone.peer.tries == 1)
    }

    @Test("a place deeper than 64, or below the phone itself, is refused")
    func badPlaces() throws {
        let deepest = try Timetable.joining()
        deepest.receiveAccept(depth: 63, from: 20)
        deepest.expectStage("attached")
        let tooDeep = try Timetable.joining()
        tooDeep.receiveAccept(depth: 64, from: 20)
        tooDeep.expect("close .20")
        tooDeep.expectStage("listening")
        let loop = try Timetable.joining()
        loop.receiveAccept(depth: 1, root: Timetable.own, from: 20)
        loop.expect("close .20")
        loop.expectStage("listening")
    }

    @Test("a parent that moves too deep, or below the phone itself, is left")
    func parentMoves() throws {
        for (depth, root) in [(64, 20), (2, Timetable.own)] as [(UInt8, UInt32)] {
            let phone = try Timetable.member(children: [30])
            phone.receiveHold(depth: depth, root: root, from: 20)
            phone.expect("close .20", "send rootless to .30")
            phone.expectStage("orphaned")
        }
    }

    @Test("a parent's new position goes down to the children, an old one does not")
    func positionsGoDown() throws {
        let phone = try Timetable.member(children: [30])
        phone.receiveHold(depth: 5, root: 77, from: 20)
        phone.expect("send hold 6 below .77 to .30")
        phone.receiveHold(depth: 5, root: 77, from: 20)
        phone.expect()
    }

    // MARK: Losing the parent

    @Test("a parent's link is lost 6 s after its last word, and the subtree is told")
    func silentParent() throws {
        let phone = try Timetable.member(children: [30])
        phone.at(2_526, 30)
        phone.expect("send hold 1 below .20 to .20", "send hold 1 below .20 to .30")
        phone.receiveHold(depth: 1, from: 30)
        phone.at(4_526, 30)
        phone.expect("send hold 1 below .20 to .20", "send hold 1 below .20 to .30")
        phone.receiveHold(depth: 1, from: 30)
        phone.at(6_526, 30)
        phone.expectAmong("close .20", "send rootless to .30")
        phone.expectStage("orphaned")
    }

    @Test("Hold from the parent keeps the link, with no data for 40 minutes")
    func heldParent() throws {
        let phone = try Timetable.member()
        for second in 1...1_200 as ClosedRange<Int64> {
            phone.expectOnlyHolds(until: second * 2_000)
            phone.receiveHold(from: 20)
        }
        phone.expectOnlyHolds(until: 2_400_001)
        phone.expectStage("attached")
    }

    @Test("an orphan joins the first confirmed root or holder, claims mean nothing to it")
    func orphanJoins() throws {
        for offers in [false, true] {
            let phone = try Timetable.member(children: [30])
            phone.give(.linkLost(FileNumber(0), Timetable.address(20)))
            phone.expect("send rootless to .30")
            phone.hearClaim(0x7FFF_FFFF, from: 50)
            phone.expect()
            if offers {
                phone.hear(.offer(transaction: 1), from: 51)
            } else {
                phone.hearRoot(from: 51)
            }
            phone.expect("send join to .51")
            phone.receiveAccept(from: 51)
            phone.expect("send hold 1 below .51 to .30")
            phone.expectStage("attached")
        }
    }

    @Test("a parent that says Bye leaves an orphan")
    func parentLeaves() throws {
        let phone = try Timetable.member(children: [30])
        phone.receive(.bye, from: 20)
        phone.expect("send rootless to .30")
        phone.expectStage("orphaned")
    }

    @Test("an orphan goes on seeking after a failed join, and refuses who asks it for a place")
    func orphanGoesOn() throws {
        let phone = try Timetable.member(children: [30])
        phone.receive(.bye, from: 20)
        phone.expect("send rootless to .30")
        phone.hearRoot(from: 51)
        phone.expect("send join to .51")
        phone.receiveJoin(from: 60)
        phone.expect("send refuse to .60")
        phone.receive(.refuse(redirect: nil), from: 51)
        phone.expect()
        phone.expectStage("orphaned")
        phone.receiveJoin(from: 60)
        phone.expect("send refuse to .60")
    }

    @Test("after 10 s without a root an orphan dissolves its subtree and listens")
    func dissolves() throws {
        let phone = try Timetable.member(children: [30])
        phone.receive(.bye, from: 20)
        phone.expect("send rootless to .30")
        for second in [2, 4, 6, 8] as [Int64] {
            phone.at(526 + second * 1_000, 30)
            phone.expect("send rootless to .30")
            phone.receiveHold(depth: 2, root: 20, from: 30)
        }
        phone.at(10_526, 30)
        phone.expectAmong("send dissolve to .30")
        phone.expectStage("listening")
        #expect(!phone.peer.branches[0].hasChildren)
    }

    @Test("a rootless phone stays below its parent for longer than 6 s and passes the word on once")
    func rootless() throws {
        let phone = try Timetable.member(children: [30])
        phone.receive(.rootless, from: 20)
        phone.expect("send rootless to .30")
        phone.receiveJoin(from: 60)
        phone.expect("send refuse to .60")
        for second in [2, 4, 6, 8] as [Int64] {
            phone.at(526 + second * 1_000, 30)
            phone.expect("send hold 1 below .20 to .20", "send rootless to .30")
            phone.receive(.rootless, from: 20)
            phone.receiveHold(depth: 2, root: 20, from: 30)
            phone.expect()
        }
        phone.expectStage("attached")
        phone.receiveHold(depth: 1, root: 70, from: 20)
        phone.expect("send hold 2 below .70 to .30")
        phone.receiveJoin(from: 60)
        phone.expect("send accept 2 below .70 to .60")
    }

    @Test("a dissolved phone dissolves what is below it and listens")
    func dissolved() throws {
        let phone = try Timetable.member(children: [30])
        phone.receive(.dissolve, from: 20)
        phone.expect("send dissolve to .30")
        phone.expectStage("listening")
        #expect(!phone.peer.branches[0].parent.isOpen)
    }

    @Test("a root that stepped down and finds no place seeks as head of its subtree")
    func steppedDownWithoutPlace() throws {
        let phone = Timetable()
        try phone.start()
        phone.expect("enter")
        phone.at(526, 30)
        phone.expect("claim 0")
        for advertisement in 1...4 {
            phone.at(526 + 250 * Int64(advertisement), 30)
            phone.expect("claim \(advertisement)")
        }
        phone.at(1_776, 30)
        phone.expect("root")
        phone.receiveJoin(from: 30)
        phone.expect("send accept 0 below .10 to .30")
        phone.hearRoot(0x7FFF_FFFF, from: 20)
        phone.expect("send join to .20")
        phone.receive(.refuse(redirect: nil), from: 20)
        phone.expect("send rootless to .30")
        phone.expectStage("orphaned")
        phone.at(2_000)
        phone.hearRoot(0x7FFF_FFFF, from: 20)
        phone.expect("send join to .20")
        phone.receiveAccept(from: 20)
        phone.expect("send hold 1 below .20 to .30")
    }

    @Test("a parent that is lost while its file is being verified is not missed")
    func lostWhileVerifying() throws {
        let phone = try Timetable.member(children: [30])
        phone.give(.fileArrived)
        phone.expect("verify")
        phone.give(.linkLost(FileNumber(0), Timetable.address(20)))
        phone.expect()
        phone.give(.verified(true))
        phone.expect("obtained from .20", "upload to .30", "write")
    }

    @Test("a file that fails verification after its parent went leaves an orphan")
    func rejectedWithoutParent() throws {
        let phone = try Timetable.member(children: [30])
        phone.give(.fileArrived)
        phone.give(.linkLost(FileNumber(0), Timetable.address(20)))
        phone.give(.verified(false))
        phone.expect("verify", "send rootless to .30")
        phone.expectStage("orphaned")
        #expect(phone.notes.filter { $0 == .parentLost(Timetable.address(0)) }.isEmpty)
        let lost = phone.notes.filter {
            if case .parentLost = $0 { true } else { false }
        }
        #expect(lost == [.parentLost(Timetable.address(20))])
    }
}
