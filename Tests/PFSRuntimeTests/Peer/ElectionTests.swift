// The election of one phone, row by row: listening, claiming, seeking, and a root among others.

import Testing

@testable import PFSRuntime

@Suite("The election of one phone")
struct ElectionTests {
    /// A phone that has begun to listen; its first claim is due at 526.03 ms.
    private func listening() throws -> Timetable {
        let phone = Timetable()
        try phone.start()
        phone.expect("enter")
        phone.expectStage("listening")
        return phone
    }

    private func claiming() throws -> Timetable {
        let phone = try listening()
        phone.at(526, 30)
        phone.expect("claim 0")
        return phone
    }

    /// A phone that was confirmed at 1776.03 ms.
    private func root() throws -> Timetable {
        let phone = try claiming()
        for advertisement in 1...4 {
            phone.at(526 + 250 * Int64(advertisement), 30)
            phone.expect("claim \(advertisement)")
        }
        phone.at(1776, 30)
        phone.expect("root")
        phone.expectStage("waiting")
        return phone
    }

    @Test("a lone phone claims after 500 ms, advertises four times, is confirmed, waits 10 s")
    func loneRoot() throws {
        let phone = try root()
        for second in [3776, 5776, 7776, 9776] as [Int64] {
            phone.at(second, 30)
            phone.expect("root")
        }
        phone.at(11_776, 30)
        phone.expect("fetch root", "root fetching")
        phone.expectStage("fetching root")
        phone.expectNote(.confirmedRoot)
        phone.at(13_776, 30)
        phone.expect("root fetching")
    }

    @Test(
        "claims that are repeated for ever keep nobody seeking for more than six times its patience"
    )
    func endlessClaims() {
        let patience = Interval.seconds(1)
        for milliseconds in [0, 63_000, 3_600_900] as [Int64] {
            let begin = Instant.zero + .milliseconds(milliseconds)
            for kind in 0..<2 {
                var election = Election()
                election.seek(now: begin, patience: patience)
                var now = begin
                var strength: UInt32 = 0x7000_0000
                while now < election.deadline {
                    // The same claim again, or a stronger one each time.
                    if kind == 1 { strength += 1 }
                    let rank = ClaimRank(
                        strength: strength,
                        address: IPv4Address(bits: 0x0A04_0063)
                    )
                    let took = election.takesIn(rank, transaction: 1, now: now, patience: patience)
                    #expect(took)
                    now = now + .milliseconds(200)
                }
                let sought = election.deadline - begin
                #expect(sought > .seconds(5) && sought <= .seconds(6), "\(sought.nanoseconds)")
            }
        }
    }

    @Test("the second file has no opening of sockets before it, and so claims 26 ms earlier")
    func secondFile() throws {
        let phone = Timetable()
        try phone.start(files: 2)
        phone.expect("enter")
        phone.at(526, 30)
        phone.expect("claim 0")
        phone.hearRoot(from: 20)
        phone.receiveAccept(from: 20)
        phone.give(.fileArrived)
        phone.give(.verified(true))
        phone.give(.written)
        phone.expectAmong("file 1 enter")
        phone.at(1026, 30)
        phone.expect("file 1 claim 0")
        #expect(phone.notes.filter { $0 == .listeningTCP }.count == 1)
    }

    // MARK: Listening

    @Test("a listening phone answers nothing and claims when all that it heard was weaker")
    func listeningHearsWeaker() throws {
        let phone = try listening()
        phone.at(100)
        phone.hearClaim(Timetable.strength - 1, from: 20)
        phone.expectStage("listening")
        phone.at(526, 30)
        phone.expect("claim 0")
    }

    @Test("a listening phone that heard a stronger claim seeks when its listening ends")
    func listeningHearsStronger() throws {
        let phone = try listening()
        phone.at(100)
        phone.hearClaim(Timetable.strength + 1, from: 20)
        phone.at(526, 30)
        phone.expect()
        phone.expectStage("seeking")
    }

    @Test("of equal strengths the higher address wins", arguments: [9, 11] as [UInt32])
    func ties(_ other: UInt32) throws {
        let phone = try listening()
        phone.hearClaim(Timetable.strength, from: other)
        phone.at(526, 30)
        if other < Timetable.own {
            phone.expect("claim 0")
        } else {
            phone.expectStage("seeking")
        }
    }

    @Test("a listening phone that heard a confirmed root joins it when its listening ends")
    func listeningHearsRoot() throws {
        let phone = try listening()
        phone.at(100)
        phone.hearRoot(from: 20)
        phone.expect()
        phone.expectStage("listening")
        phone.at(526, 30)
        phone.expect("send join to .20")
    }

    @Test("an offer outranks a confirmed root of the greatest strength")
    func offerOutranks() throws {
        let phone = try listening()
        phone.hear(.offer(transaction: 1), from: 20)
        phone.hearRoot(0x7FFF_FFFE, from: 30)
        phone.at(526, 30)
        phone.expect("send join to .20")
    }

    @Test("claims for another file mean nothing")
    func otherFile() throws {
        let phone = try listening()
        phone.hearRoot(file: 5, from: 20)
        #expect(phone.lastVerdict == .ignored(.otherFile))
        phone.at(526, 30)
        phone.expect("claim 0")
    }

    // MARK: Claiming

    @Test("a claimant that hears a stronger claim follows it")
    func claimantYields() throws {
        let phone = try claiming()
        phone.at(600)
        phone.hearClaim(Timetable.strength + 1, from: 20)
        phone.expect()
        phone.expectStage("seeking")
        phone.expectNote(
            .heardStronger(from: Timetable.address(20), strength: Timetable.strength + 1)
        )
        phone.at(1_500)
        phone.hearRoot(Timetable.strength + 1, from: 20)
        phone.expect("send join to .20")
    }

    @Test("a claimant that hears a weaker claim answers with its next advertisement only")
    func claimantGoesOn() throws {
        let phone = try claiming()
        phone.at(600)
        phone.hearClaim(Timetable.strength - 1, from: 20)
        phone.expect()
        phone.at(776, 30)
        phone.expect("claim 1")
    }

    @Test("a claimant joins a confirmed root, a weaker one too", arguments: [1, 0x7FFF_FFFF])
    func claimantHearsRoot(_ strength: UInt32) throws {
        let phone = try claiming()
        phone.at(600)
        phone.hearRoot(strength, from: 20)
        phone.expect("send join to .20")
        phone.expectStage("joining .20")
    }

    @Test("a claimant joins a phone that offers the file")
    func claimantHearsOffer() throws {
        let phone = try claiming()
        phone.hear(.offer(transaction: 3), from: 20)
        phone.expect("send join to .20")
    }

    // MARK: Seeking

    @Test("a seeker that hears nothing for 1 s listens again, up to 1 s longer, with a new draw")
    func seekerListensAgain() throws {
        let phone = try claiming()
        phone.context.pins = []
        phone.at(600)
        phone.hearClaim(Timetable.strength + 1, from: 20)
        phone.at(1_599)
        phone.expectStage("seeking")
        let before = (phone.election.strength, phone.election.transaction)
        phone.at(1_600)
        phone.expectStage("listening")
        #expect(phone.election.strength != before.0)
        #expect(phone.election.strength & ClaimRank.confirmedBit == 0)
        #expect(phone.election.transaction != before.1)
        let wait = try #require(phone.untilItActs(within: .seconds(2)))
        #expect(wait >= .milliseconds(500) && wait < .milliseconds(1_500))
        phone.expect("claim of another strength")
    }

    @Test("the strongest claimant known keeps a seeker's patience alive, a weaker one does not")
    func patience() throws {
        let phone = try claiming()
        phone.at(600)
        phone.hearClaim(Timetable.strength + 1, from: 20)
        phone.at(1_500)
        phone.hearClaim(Timetable.strength + 1, from: 20)
        phone.at(2_400)
        phone.hearClaim(Timetable.strength + 2, from: 30)
        phone.at(3_300)
        phone.hearClaim(Timetable.strength + 1, from: 20)
        phone.at(3_399)
        phone.expectStage("seeking")
        phone.at(3_400)
        phone.expectStage("listening")
    }

    @Test("a seeker joins who offers")
    func seekerHearsOffer() throws {
        let phone = try claiming()
        phone.hearClaim(Timetable.strength + 1, from: 20)
        phone.hear(.offer(transaction: 1), from: 30)
        phone.expect("send join to .30")
    }

    @Test("a phone that is told of a failure before it has a place stops and keeps its load")
    func failureWhileElecting() throws {
        let phone = try claiming()
        phone.hear(.failed(.notFound), from: 20)
        phone.expect("leave", "stopped 2")
        phone.expectStage("idle")
    }

    // MARK: Root before its fetch

    @Test("a root answers a claim at once, but at most once a tick")
    func rootAnswers() throws {
        let phone = try root()
        phone.at(1_900)
        phone.hearClaim(1, from: 20)
        phone.hearClaim(2, from: 21)
        phone.at(2_026, 30)
        phone.expect("root")
        phone.at(3_000)
        phone.hearClaim(3, from: 22)
        phone.expect()
        phone.rightAway()
        phone.expect("root")
        phone.hearClaim(4, from: 23)
        phone.at(3_250)
        phone.expect("root")
        phone.at(5_250)
        phone.expect("root")
    }

    @Test("a root that waits steps down for a stronger confirmed root, keeps its child, and joins")
    func rootStepsDown() throws {
        let phone = try root()
        phone.receiveJoin(from: 30)
        phone.expect("send accept 0 below .10 to .30")
        phone.hearRoot(Timetable.strength + 1, from: 20)
        phone.expect("send join to .20")
        phone.expectNote(.steppedDown(to: Timetable.address(20)))
        phone.receiveAccept(from: 20)
        phone.expect("send hold 1 below .20 to .30")
        phone.expectStage("attached")
    }

    @Test("a root that waits stays root beside a weaker one, and lets it know")
    func rootStays() throws {
        let phone = try root()
        phone.at(2_100)
        phone.hearRoot(Timetable.strength - 1, from: 20)
        phone.rightAway()
        phone.expect("root")
        phone.expectStage("waiting")
    }

    @Test("a root that waits steps down for a weaker one whose fetch has begun")
    func fetchDecides() throws {
        let phone = try root()
        phone.hearRoot(1, fetching: true, from: 20)
        phone.expect("send join to .20")
    }

    @Test("a stronger claim without confirmation does not move a root")
    func claimDoesNotMoveRoot() throws {
        let phone = try root()
        phone.at(2_100)
        phone.hearClaim(0x7FFF_FFFF, from: 20)
        phone.rightAway()
        phone.expect("root")
        phone.expectStage("waiting")
    }

    @Test("a root starts its fetch at once when its second child slot is taken")
    func earlyStart() throws {
        let phone = try root()
        phone.at(2_000)
        phone.receiveJoin(from: 20)
        phone.expect("send accept 0 below .10 to .20")
        phone.receiveJoin(from: 30)
        phone.expect("send accept 0 below .10 to .30", "fetch root")
        phone.expectStage("fetching root")
    }

    // MARK: Root, fetching or holding

    private func fetchingRoot() throws -> Timetable {
        let phone = try root()
        phone.receiveJoin(from: 20)
        phone.receiveJoin(from: 30)
        phone.expectAmong("fetch root")
        return phone
    }

    @Test("a root that fetches answers claims, and a waiting root however strong")
    func fetchingRootAnswers() throws {
        let phone = try fetchingRoot()
        phone.at(2_100)
        phone.hearClaim(1, from: 40)
        phone.rightAway()
        phone.expect("root fetching")
        phone.at(3_000)
        phone.hearRoot(0x7FFF_FFFF, from: 41)
        phone.rightAway()
        phone.expect("root fetching")
        phone.expectStage("fetching root")
    }

    @Test("of two roots that both have begun to fetch neither gives way nor answers")
    func bothFinish() throws {
        let phone = try fetchingRoot()
        phone.at(2_100)
        phone.hearRoot(0x7FFF_FFFF, fetching: true, from: 41)
        #expect(phone.untilItActs(within: .milliseconds(1)) == nil)
        phone.expectStage("fetching root")
    }

    @Test("a root that holds the file goes on advertising, and answers claims")
    func holdingRoot() throws {
        let phone = try fetchingRoot()
        phone.give(.fetchEnded(.done))
        phone.give(.verified(true))
        phone.expect(
            "verify",
            "obtained from server",
            "upload to .20",
            "upload to .30",
            "write"
        )
        phone.at(2_500)
        phone.hearClaim(1, from: 40)
        phone.rightAway()
        phone.expect("root fetching")
        phone.receiveJoin(from: 40)
        phone.expect("send refuse try .20 to .40")
    }
}
