// How one phone takes children in, keeps them and loses them, and how a holder stands in for a root.

import Testing

@testable import PFSRuntime

@Suite("Being a parent or a holder")
struct ParentTests {
    @Test("a phone takes two children and sends the rest to them in turn")
    func twoChildren() throws {
        let phone = try Timetable.member()
        phone.receiveJoin(from: 30)
        phone.expect("send accept 1 below .20 to .30")
        phone.receiveJoin(from: 40)
        phone.expect("send accept 1 below .20 to .40")
        #expect(phone.peer.branches[0].isFull(fanOut: 2))
        for (asking, child) in [(50, 30), (51, 40), (52, 30), (53, 40)] as [(UInt32, UInt32)] {
            phone.receiveJoin(from: asking)
            phone.expect("send refuse try .\(child) to .\(asking)")
        }
    }

    @Test("a phone that is still electing or asking refuses who asks it")
    func noPlaceYet() throws {
        let phone = try Timetable.joining()
        phone.receiveJoin(from: 30)
        phone.expect("send refuse to .30")
        phone.receiveJoin(file: 3, from: 30)
        phone.expect("file 3 send refuse to .30")
    }

    @Test("a child that asks again has its old place freed first")
    func childAsksAgain() throws {
        let phone = try Timetable.member(children: [30, 40])
        phone.receiveJoin(from: 30)
        phone.expect("send accept 1 below .20 to .30")
        #expect(phone.peer.branches[0].children[0].address == Timetable.address(30))
        #expect(phone.peer.branches[0].children[1].address == Timetable.address(40))
    }

    @Test("a parent that asks its own child has restarted: it is refused and lost")
    func parentAsks() throws {
        let phone = try Timetable.member(children: [30, 40])
        phone.receiveJoin(from: 20)
        phone.expect("send refuse to .20", "send rootless to .30", "send rootless to .40")
        phone.expectStage("orphaned")
        phone.expectNote(.parentLost(Timetable.address(20)))
    }

    @Test("a child is lost after 6 s of silence, and its slot is free")
    func silentChild() throws {
        let phone = try Timetable.member(children: [30, 40])
        for second in [2, 4] as [Int64] {
            phone.expectOnlyHolds(until: 526 + second * 1_000)
            phone.receiveHold(from: 20)
            phone.receiveHold(depth: 2, root: 20, from: 40)
        }
        phone.expectOnlyHolds(until: 6_526)
        phone.at(6_526, 30)
        phone.expectAmong("close .30")
        phone.receiveJoin(from: 50)
        phone.expect("send accept 1 below .20 to .50")
        phone.expectNote(.childLost(Timetable.address(30)))
    }

    @Test("a reset link, a Bye and a Complete free the slot")
    func slotsAreFreed() throws {
        let phone = try Timetable.member(children: [30, 40])
        phone.give(.linkLost(FileNumber(0), Timetable.address(30)))
        phone.receiveJoin(from: 31)
        phone.expect("send accept 1 below .20 to .31")
        phone.receive(.bye, from: 31)
        phone.receiveJoin(from: 32)
        phone.expect("send accept 1 below .20 to .32")
        phone.receive(.complete, from: 32)
        phone.receive(.complete, from: 40)
        #expect(!phone.peer.branches[0].hasChildren)
    }

    @Test("no child receives anything before its parent holds the verified file")
    func storeAndForward() throws {
        let phone = try Timetable.member(children: [30])
        phone.give(.fileArrived)
        phone.expect("verify")
        phone.receiveJoin(from: 40)
        phone.expect("send accept 1 below .20 to .40")
        phone.give(.verified(true))
        phone.expect(
            "obtained from .20",
            "send complete to .20",
            "upload to .30",
            "upload to .40",
            "write"
        )
    }

    @Test("a holder sends the file at once to a child that it takes in, and stops when it goes")
    func holderSends() throws {
        let phone = try Timetable.member()
        phone.takeFromParent()
        phone.receiveJoin(from: 30)
        phone.expect("send accept 1 below .20 to .30", "upload to .30")
        phone.receive(.bye, from: 30)
        phone.expect("end upload to .30")
    }

    @Test("messages over links that are not there are closed, but a farewell is not answered")
    func unknownLinks() throws {
        let phone = try Timetable.member()
        phone.receiveHold(from: 66)
        phone.expect("close .66")
        #expect(phone.lastVerdict == .ignored(.unknownLink))
        phone.receive(.bye, from: 66)
        phone.receive(.complete, from: 66)
        phone.expect()
        phone.receiveHold(file: 4, from: 66)
        phone.expect("file 4 close .66")
        phone.give(.linkLost(FileNumber(0), Timetable.address(66)))
        #expect(phone.lastVerdict == .ignored(.unknownLink))
    }

    @Test("what only a parent may say means nothing from a child, and the other way round")
    func wrongWay() throws {
        let phone = try Timetable.member(children: [30])
        for message in [.rootless, .dissolve] as [PeerMessage] {
            phone.receive(message, from: 30)
            #expect(phone.lastVerdict == .ignored(.unexpectedHere))
        }
        phone.receive(.complete, from: 20)
        #expect(phone.lastVerdict == .ignored(.unexpectedHere))
        phone.expect()
        phone.expectStage("attached")
    }

    // MARK: Members and holders

    @Test("a member without the file answers no claim, however long its root is silent")
    func memberDoesNotAnswer() throws {
        let phone = try Timetable.member()
        phone.at(2_000)
        phone.hearClaim(1, from: 50)
        #expect(phone.untilItActs(within: .milliseconds(400)) == nil)
    }

    @Test("a holder whose root has been heard within 1 s leaves the answer to it")
    func holderWaitsForRoot() throws {
        let phone = try Timetable.member()
        phone.takeFromParent()
        phone.at(1_000)
        phone.hearRoot(fetching: true, from: 20)
        phone.at(1_999)
        phone.hearClaim(1, from: 50)
        #expect(phone.untilItActs(within: .milliseconds(400)) == nil)
    }

    @Test("a holder whose root has been silent for 1 s offers within a random 250 ms")
    func holderOffers() throws {
        let phone = try Timetable.member()
        phone.takeFromParent()
        phone.at(1_000)
        phone.hearRoot(fetching: true, from: 20)
        phone.at(2_000)
        phone.hearClaim(1, from: 50)
        let wait = try #require(phone.untilItActs(within: .milliseconds(250)))
        #expect(wait < .milliseconds(250))
        phone.expect("offer")
        phone.receiveJoin(from: 50)
        phone.expect("send accept 1 below .20 to .50", "upload to .50")
    }

    @Test("an offer is withdrawn on hearing another, or the root", arguments: [true, false])
    func offerWithdrawn(_ byOffer: Bool) throws {
        let phone = try Timetable.member()
        phone.takeFromParent()
        phone.at(2_000)
        phone.hearClaim(1, from: 50)
        if byOffer {
            phone.hear(.offer(transaction: 9), from: 60)
        } else {
            phone.hearRoot(fetching: true, from: 20)
        }
        #expect(phone.untilItActs(within: .milliseconds(500)) == nil)
    }

    @Test("a phone at its next file still offers and serves the one before")
    func servesEarlierFile() throws {
        let phone = try Timetable.member(files: 2)
        phone.takeFromParent()
        phone.give(.written)
        phone.expect("file 1 enter")
        phone.at(1_026, 30)
        phone.expect("file 1 claim 0")
        phone.at(1_276, 30)
        phone.expect("file 1 claim 1")
        phone.at(1_526, 30)
        phone.expect("file 1 claim 2")
        phone.hearClaim(5, from: 50)
        let wait = try #require(phone.untilItActs(within: .milliseconds(250)))
        #expect(wait < .milliseconds(250))
        phone.expectAmong("offer")
        phone.receiveJoin(from: 50)
        phone.expectAmong("send accept 1 below .20 to .50", "upload to .50")
    }
}
