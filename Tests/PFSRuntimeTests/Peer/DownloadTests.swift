// File by file on one phone: the root's own fetch and its failures, verification, falling back, the
// next file, settings.

import Testing

@testable import PFSRuntime

@Suite("The files of one phone")
struct DownloadTests {
    // MARK: The root's own fetch

    @Test(
        "a root that cannot have the file tells its instance and stops",
        arguments: [FailureReason.notFound, .serverError]
    )
    func fetchRefused(_ reason: FailureReason) throws {
        let phone = try Timetable.fetchingRoot()
        phone.give(.fetchEnded(.refused(reason)))
        phone.expect(
            "failed \(reason.rawValue)",
            "send bye to .30",
            "send bye to .40",
            "leave",
            "stopped \(reason.rawValue)"
        )
        phone.expectStage("idle")
        #expect(phone.untilItActs(within: .seconds(60)) == nil)
    }

    @Test("a root whose fetch times out resigns without stopping anybody, and is barred for 30 s")
    func fetchTimesOut() throws {
        let phone = try Timetable.fetchingRoot()
        phone.at(2_000)
        phone.give(.fetchEnded(.timedOut))
        phone.expect("send bye to .30", "send bye to .40")
        phone.expectStage("listening")
        phone.expectNote(.resigned)
        let wait = try #require(phone.untilItActs(within: .seconds(40)))
        #expect(wait >= .seconds(30) && wait < .seconds(33))
        phone.expect("claim 0")
        #expect(phone.peer.tries == 1)
    }

    @Test("a barred phone joins another root all the same")
    func barredPhoneJoins() throws {
        let phone = try Timetable.fetchingRoot()
        phone.at(2_000)
        phone.give(.fetchEnded(.timedOut))
        phone.expectAmong("send bye to .30")
        phone.at(4_000)
        phone.hearRoot(from: 30)
        #expect(phone.run(until: "send join to .30", within: .milliseconds(1_500)))
    }

    @Test("a phone that falls back after it resigned leaves its instance once, at the end")
    func resignsForTheLastTime() throws {
        let phone = try Timetable.joining()
        for attempt in 1...2 {
            phone.receive(.refuse(redirect: nil), from: 20)
            #expect(phone.peer.tries == attempt)
            if attempt == 1 {
                phone.hearRoot(from: 20)
                #expect(phone.untilItActs(within: .seconds(2)) != nil)
                phone.expect("send join to .20")
            }
        }
        while phone.stage != "fetching root" {
            #expect(phone.untilItActs(within: .seconds(11)) != nil)
            phone.expectAmong()
        }
        phone.give(.fetchEnded(.timedOut))
        phone.expectStage("backing off")
        #expect(phone.untilItActs(within: .seconds(5)) != nil)
        phone.expect("fetch fallback", "root fetching")
        phone.give(.fetchEnded(.done))
        phone.give(.verified(true))
        phone.give(.written)
        phone.expect("verify", "obtained from server", "write")
        phone.give(.cancel)
        phone.expect("leave", "stopped 20")
    }

    @Test("a fallback that times out stops this phone only")
    func fallbackTimesOut() throws {
        let phone = try Timetable.joining()
        for _ in 1...3 {
            phone.receive(.refuse(redirect: Timetable.address(30)), from: 20)
            phone.give(.linkLost(FileNumber(0), Timetable.address(30)))
        }
        phone.expectAmong("send join to .20")
        #expect(phone.untilItActs(within: .seconds(5)) != nil)
        phone.expect("fetch fallback", "root fetching")
        phone.receiveJoin(from: 40)
        phone.expect("send accept 0 below .10 to .40")
        phone.give(.fetchEnded(.timedOut))
        phone.expect("send bye to .40", "leave", "stopped 19")
    }

    // MARK: Told of a failure

    @Test(
        "a phone that wants the file stops when its instance is told of a failure",
        arguments: [0, 1, 2, 3]
    )
    func toldOfFailure(_ which: Int) throws {
        let phone: Timetable
        switch which {
        case 0: phone = try .joining()
        case 1: phone = try .member()
        case 2:
            phone = try .member()
            phone.receive(.bye, from: 20)
        default:
            phone = try .joining()
            for _ in 1...3 {
                phone.receive(.refuse(redirect: Timetable.address(30)), from: 20)
                phone.give(.linkLost(FileNumber(0), Timetable.address(30)))
            }
            phone.expectAmong("send join to .20")
            phone.expectStage("backing off")
        }
        phone.hear(.failed(.notFound), from: 20)
        phone.expectAmong("leave", "stopped 2")
        phone.expectStage("idle")
        phone.expectNote(.stopped(.notFound))
    }

    @Test("a phone that has the file, or fetches it itself, goes on when another root failed")
    func failureOfAnother() throws {
        let fetching = try Timetable.fetchingRoot()
        fetching.hear(.failed(.notFound), from: 20)
        fetching.expectStage("fetching root")
        let verifying = try Timetable.member()
        verifying.give(.fileArrived)
        verifying.hear(.failed(.notFound), from: 20)
        verifying.expect("verify")
        let writing = try Timetable.member()
        writing.takeFromParent()
        writing.hear(.failed(.notFound), from: 20)
        writing.expectStage("writing")
        let next = try Timetable.member(files: 2)
        next.takeFromParent()
        next.give(.written)
        next.expect("file 1 enter")
        next.hear(.failed(.notFound), from: 20)
        next.expectStage("listening")
    }

    // MARK: Verification

    @Test("a file from a parent that does not verify is not forwarded, and asked for elsewhere")
    func badFileFromParent() throws {
        let phone = try Timetable.member(children: [30])
        phone.give(.fileArrived)
        phone.give(.verified(false))
        phone.expect("verify", "send bye to .20", "send rootless to .30")
        phone.expectStage("orphaned")
        phone.expectNote(.fileRejected)
        #expect(phone.peer.tries == 1)
        phone.hearRoot(from: 60)
        phone.expect("send join to .60")
        phone.receiveAccept(from: 60)
        phone.expect("send hold 1 below .60 to .30")
        phone.give(.fileArrived)
        phone.give(.verified(true))
        phone.expect(
            "verify",
            "obtained from .60",
            "send complete to .60",
            "upload to .30",
            "write"
        )
    }

    @Test("the third file from a parent that does not verify makes the phone fall back")
    func thirdBadFile() throws {
        let phone = try Timetable.member(children: [30])
        for attempt in 1...3 {
            phone.give(.fileArrived)
            phone.give(.verified(false))
            guard attempt < 3 else { break }
            phone.hearRoot(from: 20)
            phone.receiveAccept(from: 20)
        }
        phone.expectAmong("send bye to .20")
        phone.expectStage("backing off")
        #expect(phone.run(until: "send hold 0 below .10 to .30", within: .seconds(5)))
        phone.expectStage("fetching fallback")
    }

    @Test("a root fetches again what does not verify, and the third time tells its instance")
    func badFileFromServer() throws {
        let phone = try Timetable.fetchingRoot()
        phone.give(.fetchEnded(.done))
        phone.give(.verified(false))
        phone.expect("verify", "fetch again")
        phone.give(.fetchEnded(.done))
        phone.give(.verified(false))
        phone.expect("verify", "fetch again")
        phone.give(.fetchEnded(.done))
        phone.give(.verified(false))
        phone.expect(
            "verify",
            "failed 14",
            "send bye to .30",
            "send bye to .40",
            "leave",
            "stopped 14"
        )
    }

    @Test("one bad copy does not stop an instance, whatever its root went through before")
    func badFileAfterFailures() throws {
        let phone = try Timetable.joining()
        for _ in 1...3 {
            phone.receive(.refuse(redirect: Timetable.address(30)), from: 20)
            phone.give(.linkLost(FileNumber(0), Timetable.address(30)))
        }
        #expect(phone.run(until: "fetch fallback", within: .seconds(5)))
        phone.give(.fetchEnded(.done))
        phone.give(.verified(false))
        phone.expect("verify", "fetch fallback")
        phone.expectStage("fetching fallback")
    }

    @Test("a phone alone fetches again what does not verify, and tells nobody")
    func badFileAlone() throws {
        let phone = Timetable()
        try phone.start(shares: false)
        for _ in 1...3 {
            phone.expect("fetch alone")
            phone.give(.fetchEnded(.done))
            phone.expect("verify")
            phone.give(.verified(false))
        }
        phone.expect("stopped 14")
    }

    // MARK: The next file, settings

    @Test("a phone goes on to the next file as soon as it holds one, and serves on")
    func nextFile() throws {
        let phone = try Timetable.fetchingRoot(files: 2)
        phone.give(.fetchEnded(.done))
        phone.give(.verified(true))
        phone.give(.written)
        phone.expect(
            "verify",
            "obtained from server",
            "upload to .30",
            "upload to .40",
            "write",
            "file 1 enter"
        )
        phone.expectStage("listening")
        #expect(phone.peer.branches[0].isFull(fanOut: 2))
        phone.receiveJoin(from: 50)
        phone.expect("send refuse try .30 to .50")
    }

    @Test("a phone that turned sharing off fetches its next file alone, and serves the one before")
    func sharingTurnedOff() throws {
        let phone = try Timetable.member(files: 3)
        phone.give(.sharing(false))
        phone.receiveJoin(from: 30)
        phone.expect("send accept 1 below .20 to .30")
        phone.takeFromParent()
        phone.give(.written)
        phone.expect("file 1 fetch alone")
        phone.receiveJoin(from: 31)
        phone.expect("send accept 1 below .20 to .31", "upload to .31")
        phone.receiveJoin(file: 1, from: 31)
        phone.expect("file 1 send refuse to .31")
        phone.give(.sharing(true))
        phone.give(.fetchEnded(.done))
        phone.give(.verified(true))
        phone.give(.written)
        phone.expectAmong("file 1 obtained from server", "file 2 enter")
        #expect(phone.notes.filter { $0 == .listeningTCP }.count == 1)
    }

    @Test("a phone that turned sharing on takes part from its next file")
    func sharingTurnedOn() throws {
        let phone = Timetable()
        try phone.start(files: 2, shares: false)
        phone.expect("fetch alone")
        phone.give(.sharing(true))
        phone.give(.fetchEnded(.done))
        phone.give(.verified(true))
        phone.receiveJoin(from: 30)
        phone.expectAmong("obtained from server", "send refuse to .30")
        phone.give(.written)
        phone.expect("file 1 enter")
        phone.expectNote(.listeningTCP)
        phone.at(526, 30)
        phone.expect("file 1 claim 0")
    }
}
