// The side that receives, a client that gets as a rule: order, repetition, the end of a file, errors.

import Testing

@testable import PFSRuntime

@Suite("A TFTP transfer that receives")
struct TFTPReceivingTests {
    @Test("a file comes block by block, each acknowledged once, and a short block is the last")
    func plainGet() {
        let transfer = TransferTimetable.get()
        transfer.expect("rrq ")
        transfer.data(1)
        transfer.expect("agreed 512/1", "keep", "ack 1")
        transfer.data(2)
        transfer.expect("keep", "ack 2")
        transfer.data(3, 511)
        transfer.expect("keep", "complete", "ack 3")
        #expect(transfer.transfer.transferredBytes == 1_535)
    }

    @Test(
        "a file of whole blocks ends with an empty one, and so does an empty file",
        arguments: [0, 1]
    )
    func emptyEnd(blocks: UInt16) {
        let transfer = TransferTimetable.get()
        for block in 0..<blocks { transfer.data(block + 1) }
        _ = transfer.taken()
        transfer.data(blocks + 1, 0)
        #expect(transfer.taken().suffix(3) == ["keep", "complete", "ack \(blocks + 1)"])
        #expect(transfer.transfer.transferredBytes == Int64(blocks) * 512)
    }

    @Test("the last block is acknowledged again for 6 s, then the port is given up")
    func lingering() {
        let transfer = TransferTimetable.get()
        transfer.data(1, 5)
        _ = transfer.taken()
        transfer.at(10)
        transfer.data(1, 5)
        transfer.expect()
        transfer.at(5_000)
        transfer.data(1, 5)
        transfer.expect("ack 1")
        transfer.at(5_999)
        transfer.expect()
        transfer.at(6_000)
        transfer.expect("close")
        #expect(transfer.data(1, 5) == .unexpectedHere)
    }

    @Test("a duplicate of the network is passed over, a repetition is acknowledged again")
    func duplicates() {
        let transfer = TransferTimetable.get()
        transfer.data(1)
        _ = transfer.taken()
        transfer.at(19)
        #expect(transfer.data(1) == .outOfOrder)
        transfer.expect()
        transfer.at(40)
        transfer.data(1)
        transfer.expect("ack 1")
        // What was acknowledged before the last block is never answered.
        transfer.data(2)
        _ = transfer.taken()
        transfer.at(80)
        #expect(transfer.data(1) == .outOfOrder)
        transfer.expect()
    }

    @Test("how long a duplicate is passed over grows with the round trip, to half a second")
    func quietGrows() {
        let transfer = TransferTimetable.get()
        transfer.at(300)
        transfer.data(1)
        transfer.at(600)
        transfer.data(2)
        _ = transfer.taken()
        transfer.at(890)
        transfer.data(2)
        transfer.expect()
        transfer.at(910)
        transfer.data(2)
        transfer.expect("ack 2")
    }

    @Test("requests are repeated after 1, 2, 4, 8, 8 s, and given up 25 s after the first")
    func noAnswer() {
        let transfer = TransferTimetable.get()
        transfer.expect("rrq ")
        for time in [1_000, 3_000, 7_000, 15_000, 23_000] as [Int64] {
            transfer.at(time - 1)
            transfer.expect()
            transfer.at(time)
            transfer.expect("rrq ")
        }
        transfer.at(31_000)
        transfer.expect("failed: no answer", "close")
    }

    @Test("acknowledgements are repeated with back-off; whoever is given up is told")
    func silence() {
        let transfer = TransferTimetable.get()
        transfer.at(100)
        transfer.data(1)
        _ = transfer.taken()
        // The round trip of 100 ms and its variation of 50 ms make 300 ms.
        for time in [400, 1_000, 2_200, 4_600, 9_400, 17_400, 25_400] as [Int64] {
            transfer.at(time - 1)
            transfer.expect()
            transfer.at(time)
            if time < 25_100 {
                transfer.expect("ack 1")
            } else {
                transfer.expect("error 0: no answer", "failed: no answer", "close")
            }
        }
    }

    @Test("however even the round trips, a packet may be 50 ms late before anything is repeated")
    func lateness() {
        let transfer = TransferTimetable.get()
        for block in 1...40 as ClosedRange<UInt16> {
            transfer.at(100 * Int64(block))
            if block > 1 { transfer.expect() }
            transfer.data(block)
            _ = transfer.taken()
        }
        transfer.at(4_149)
        transfer.expect()
        transfer.at(4_150)
        transfer.expect("ack 40")
    }

    @Test("an agreed time-out is kept to, and makes the transfer wait five times as long")
    func agreedTimeout() {
        let transfer = TransferTimetable.get(TFTPWishes(timeoutSeconds: 10, transferSize: 0))
        transfer.expect("rrq tsize=0 timeout=10")
        transfer.oack([TFTPOption("timeout", "10")])
        transfer.expect("agreed 512/1", "ack 0")
        for time in [10_000, 20_000, 30_000, 40_000] as [Int64] {
            transfer.at(time)
            transfer.expect("ack 0")
        }
        transfer.at(50_000)
        transfer.expect("error 0: no answer", "failed: no answer", "close")
    }

    @Test("a wait that was doubled stays so until a round trip is clear: no storm on a slow link")
    func slowLink() {
        // Round trips of 10 ms, then 700 ms: the first repetitions are wasted, then none.
        let transfer = TransferTimetable.get()
        for block in 1...20 as ClosedRange<UInt16> {
            transfer.at(Int64(block) * 10)
            transfer.data(block)
        }
        _ = transfer.taken()
        var repetitions: [Int] = []
        for block in 21...40 as ClosedRange<UInt16> {
            transfer.at(200 + Int64(block - 20) * 700)
            repetitions.append(transfer.taken().count)
            transfer.data(block)
            transfer.expect("keep", "ack \(block)")
        }
        #expect(repetitions[0] > 2)
        #expect(repetitions[2...].allSatisfy { $0 == 0 }, "\(repetitions)")
    }

    @Test("a packet of another port is refused with error 5, and the transfer goes on")
    func strangers() {
        let transfer = TransferTimetable.get()
        transfer.data(1)
        _ = transfer.taken()
        let other = TFTPEndpoint(low: TransferTimetable.peer.low, port: 2_001)
        for stranger in [other, TransferTimetable.stranger] {
            #expect(transfer.hear(.data(block: 2, count: 512), from: stranger) == .stranger)
            transfer.expect("refuse \(stranger.port)")
            #expect(transfer.hear(.foreign, from: stranger) == .stranger)
            transfer.expect("refuse \(stranger.port)")
            let error = TFTPErrorMessage(.notDefined, "go away")
            #expect(transfer.hear(.error(error), from: stranger) == .stranger)
            transfer.expect()
        }
        #expect(transfer.transfer.strangers == 6)
        transfer.data(2, 1)
        transfer.expect("keep", "complete", "ack 2")
    }

    @Test("before the first answer only the server's address may speak")
    func strangerFirst() {
        let transfer = TransferTimetable.get()
        _ = transfer.taken()
        transfer.hear(.data(block: 1, count: 3), from: TransferTimetable.stranger)
        transfer.expect("refuse 3000")
        let error = TFTPErrorMessage(.fileNotFound, "no")
        transfer.hear(.error(error), from: TransferTimetable.stranger)
        transfer.expect()
        transfer.data(1, 3)
        transfer.expect("agreed 512/1", "keep", "complete", "ack 1")
    }

    @Test("an error of the peer ends the transfer without an answer")
    func refused() {
        let transfer = TransferTimetable.get()
        _ = transfer.taken()
        transfer.hear(.error(TFTPErrorMessage(.fileNotFound, "File not found")))
        transfer.expect("failed: the other side refused: error 1: File not found", "close")
    }

    @Test("a block larger than agreed, and packets that do not fit, are refused with error 4")
    func broken() {
        let signals: [TFTPSignal] = [
            .data(block: 2, count: 513), .acknowledgement(block: 1), .foreign,
        ]
        for signal in signals {
            let transfer = TransferTimetable.get()
            transfer.data(1)
            _ = transfer.taken()
            transfer.hear(signal)
            let lines = transfer.taken()
            #expect(lines.first?.hasPrefix("error 4: ") == true, "\(signal): \(lines)")
            #expect(lines.last == "close")
            #expect(transfer.transfer.isOver)
        }
    }

    @Test("more or fewer bytes than were announced are never a whole file")
    func wrongSize() {
        let transfer = TransferTimetable.get(TFTPWishes(transferSize: 0))
        transfer.oack([TFTPOption("tsize", "600")])
        transfer.data(1)
        _ = transfer.taken()
        transfer.data(2)
        transfer.expect(
            "keep",
            "error 0: 1024 bytes came, but 600 had been announced",
            "failed: 1024 bytes came, but 600 had been announced",
            "close"
        )
        let short = TransferTimetable.get(TFTPWishes(transferSize: 0))
        short.oack([TFTPOption("tsize", "600")])
        short.data(1, 88)
        #expect(short.taken().contains("failed: 88 bytes came, but 600 had been announced"))
    }

    @Test("what cannot be kept is told to the peer, also when it is the last block")
    func storage() {
        for last in [512, 3] {
            let transfer = TransferTimetable.get()
            transfer.data(1, last)
            _ = transfer.taken()
            transfer.give(.storageFailed(TFTPErrorMessage(.diskFull, "Disk full")))
            transfer.expect("error 3: Disk full", "failed: Disk full", "close")
        }
    }

    @Test("a transfer that is stopped tells the peer; one that is whole has nothing to tell")
    func stopped() {
        let transfer = TransferTimetable.get()
        transfer.data(1)
        _ = transfer.taken()
        transfer.give(.stop)
        transfer.expect("error 0: the transfer was stopped", "failed: stopped", "close")
        let whole = TransferTimetable.get()
        whole.data(1, 1)
        _ = whole.taken()
        whole.give(.stop)
        whole.expect("close")
    }

    @Test("a peer that sends a block a minute is given up after the transfer's lifetime")
    func lifetime() {
        var parameters = TFTPParameters()
        parameters.patience = .seconds(100)
        parameters.lifetime = .seconds(600)
        let transfer = TransferTimetable.get(parameters: parameters)
        for minute in 1...9 as ClosedRange<UInt16> {
            transfer.at(Int64(minute) * 60_000)
            transfer.data(minute)
        }
        _ = transfer.taken()
        transfer.at(599_999)
        #expect(!transfer.transfer.isOver)
        _ = transfer.taken()
        transfer.at(600_000)
        transfer.expect("error 0: it took too long", "failed: it took too long", "close")
    }

    @Test("a server of a write acknowledges block 0, repeats it, and takes the blocks")
    func serveWrite() {
        let transfer = TransferTimetable.serveWrite()
        transfer.expect("agreed 512/1", "ack 0")
        transfer.at(1_000)
        transfer.expect("ack 0")
        transfer.data(1)
        transfer.expect("keep", "ack 1")
        transfer.data(2, 0)
        transfer.expect("keep", "complete", "ack 2")
    }

    @Test("a server of a write repeats its options until a block comes")
    func serveWriteOptions() {
        let options = [TFTPOption("TSIZE", "700"), TFTPOption("blksize", "1428")]
        let transfer = TransferTimetable.serveWrite(options)
        transfer.expect("agreed 1428/1", "oack TSIZE=700 blksize=1428")
        transfer.at(1_000)
        transfer.expect("oack TSIZE=700 blksize=1428")
        transfer.data(1, 700)
        transfer.expect("keep", "complete", "ack 1")
    }
}
