// The side that sends, a server that is read from as a rule: lock-step, windows, no apprentice.

import Testing

@testable import PFSRuntime

@Suite("A TFTP transfer that sends")
struct TFTPSendingTests {
    @Test("a file goes out block by block; the last acknowledgement ends it at once")
    func plainServe() {
        let transfer = TransferTimetable.serve(read: 1_100)
        transfer.expect("agreed 512/1", "block 1")
        transfer.ack(1)
        transfer.expect("block 2")
        transfer.ack(2)
        transfer.expect("block 3")
        #expect(transfer.transfer.byteCount(ofBlock: 2) == 512)
        #expect(transfer.transfer.byteCount(ofBlock: 3) == 76)
        transfer.ack(3)
        transfer.expect("complete", "close")
        #expect(transfer.transfer.transferredBytes == 1_100)
    }

    @Test(
        "the last block is shorter than the others, empty where need be",
        arguments: [(0, 1, 0), (1, 1, 1), (511, 1, 511), (512, 2, 0), (513, 2, 1)]
    )
    func lastBlock(size: Int64, blocks: UInt16, last: Int) {
        let transfer = TransferTimetable.serve(read: size)
        for block in 1...blocks { transfer.ack(block) }
        #expect(transfer.taken().suffix(2) == ["complete", "close"])
        #expect(transfer.transfer.byteCount(ofBlock: Int64(blocks)) == last)
    }

    @Test("an acknowledgement that comes again never sends a block again: no apprentice")
    func noApprentice() {
        let transfer = TransferTimetable.serve(read: 5_000)
        transfer.ack(1)
        _ = transfer.taken()
        for time in [0, 10, 20, 49] as [Int64] {
            transfer.at(time)
            #expect(transfer.ack(1) == .outOfOrder)
            #expect(transfer.ack(0) == .outOfOrder)
            transfer.expect()
        }
        transfer.ack(2)
        transfer.expect("block 3")
        // One from the past or the future is nobody's.
        #expect(transfer.ack(1) == .outOfOrder)
        #expect(transfer.ack(4) == .outOfOrder)
        transfer.expect()
    }

    @Test("a block is repeated after 1, 2, 4, 8, 8 s; the peer hears when it is given up")
    func repetition() {
        let transfer = TransferTimetable.serve(read: 5_000)
        _ = transfer.taken()
        for time in [1_000, 3_000, 7_000, 15_000, 23_000] as [Int64] {
            transfer.at(time - 1)
            transfer.expect()
            transfer.at(time)
            transfer.expect("block 1")
        }
        transfer.at(31_000)
        transfer.expect("error 0: no answer", "failed: no answer", "close")
        #expect(transfer.transfer.repetitions == 5)
    }

    @Test("options are acknowledged first, and blocks wait for block 0's acknowledgement")
    func options() {
        let options = [TFTPOption("blksize", "1000"), TFTPOption("tsize", "0")]
        let transfer = TransferTimetable.serve(read: 1_500, options)
        transfer.expect("agreed 1000/1", "oack blksize=1000 tsize=1500")
        #expect(transfer.ack(1) == .outOfOrder)
        transfer.at(1_000)
        transfer.expect("oack blksize=1000 tsize=1500")
        transfer.ack(0)
        transfer.expect("block 1")
        #expect(transfer.ack(0) == .outOfOrder)
        transfer.expect()
        transfer.ack(1)
        transfer.expect("block 2")
    }

    @Test("a client that refuses the options with error 8 ends the transfer")
    func optionsRefused() {
        let transfer = TransferTimetable.serve(read: 1_500, [TFTPOption("blksize", "1000")])
        _ = transfer.taken()
        transfer.hear(.error(TFTPErrorMessage(.optionRefused, "no")))
        transfer.expect("failed: the other side refused: error 8: no", "close")
    }

    @Test("a stranger gets error 5, an error of a stranger nothing, and the peer its blocks")
    func strangers() {
        let transfer = TransferTimetable.serve(read: 1_000)
        _ = transfer.taken()
        transfer.hear(.acknowledgement(block: 1), from: TransferTimetable.stranger)
        transfer.expect("refuse 3000")
        let error = TFTPErrorMessage(.unknownTransferID, "who?")
        transfer.hear(.error(error), from: TransferTimetable.stranger)
        transfer.expect()
        transfer.ack(1)
        transfer.expect("block 2")
    }

    @Test("data, options and garbage from the peer end the transfer with error 4")
    func broken() {
        for signal in [.data(block: 1, count: 3), .optionAcknowledgement([]), .foreign]
            as [TFTPSignal]
        {
            let transfer = TransferTimetable.serve(read: 5_000)
            _ = transfer.taken()
            transfer.hear(signal)
            let lines = transfer.taken()
            #expect(lines.first?.hasPrefix("error 4: ") == true, "\(signal): \(lines)")
            #expect(lines.last == "close")
        }
    }

    @Test("a client puts: the server's acknowledgement of 0, or of options, starts the blocks")
    func put() {
        let plain = TransferTimetable.put(600)
        plain.expect("wrq ")
        plain.ack(0)
        plain.expect("agreed 512/1", "block 1")
        #expect(plain.ack(0) == .outOfOrder)
        plain.ack(1)
        plain.expect("block 2")
        plain.ack(2)
        plain.expect("complete", "close")

        let asked = TransferTimetable.put(600, TFTPWishes(blockSize: 1_000))
        asked.expect("wrq tsize=600 blksize=1000")
        asked.oack([TFTPOption("BlkSize", "900"), TFTPOption("tsize", "600")])
        asked.expect("agreed 900/1", "block 1")
        // The server's answer again: the block was lost, and the clock repeats it.
        asked.oack([TFTPOption("blksize", "900")])
        asked.expect()
        asked.at(1_000)
        #expect(asked.taken().contains("block 1"))
    }

    // MARK: Windows

    @Test("a window goes out at once, and one acknowledgement moves it on")
    func windows() {
        let transfer = TransferTimetable.serve(read: 10 * 512, [TFTPOption("windowsize", "4")])
        transfer.expect("agreed 512/4", "oack windowsize=4")
        transfer.ack(0)
        transfer.expect("blocks 1-4")
        transfer.ack(4)
        transfer.expect("blocks 5-8")
        transfer.ack(8)
        transfer.expect("blocks 9-11")
        transfer.ack(11)
        transfer.expect("complete", "close")
    }

    @Test("an acknowledgement inside the window means that the rest was lost")
    func gapInWindow() {
        let transfer = TransferTimetable.serve(read: 100_000, [TFTPOption("windowsize", "4")])
        transfer.ack(0)
        _ = transfer.taken()
        transfer.ack(2)
        transfer.expect("blocks 3-6")
    }

    @Test("the last acknowledgement again means that the window's first block was lost, told once")
    func firstOfWindowLost() {
        let transfer = TransferTimetable.serve(read: 100_000, [TFTPOption("windowsize", "4")])
        transfer.at(20)
        transfer.ack(0)
        transfer.at(40)
        transfer.ack(4)
        _ = transfer.taken()
        // Sooner than half a round trip it can only be the network's duplicate.
        transfer.at(45)
        #expect(transfer.ack(4) == .outOfOrder)
        transfer.expect()
        transfer.at(60)
        transfer.ack(4)
        transfer.expect("blocks 5-8")
        transfer.ack(4)
        transfer.expect()
    }

    @Test("a receiver acknowledges once a window, and at once the last in order after a gap, once")
    func receivingWindows() {
        let transfer = TransferTimetable.get(TFTPWishes(windowSize: 4))
        transfer.expect("rrq tsize=0 windowsize=4")
        transfer.oack([TFTPOption("windowsize", "4")])
        transfer.expect("agreed 512/4", "ack 0")
        for block in 1...4 as ClosedRange<UInt16> { transfer.data(block) }
        transfer.expect("keep", "keep", "keep", "keep", "ack 4")
        transfer.data(5)
        transfer.data(7)
        transfer.data(8)
        transfer.expect("keep", "ack 5")
        for block in 6...9 as ClosedRange<UInt16> { transfer.data(block) }
        transfer.expect("keep", "keep", "keep", "keep", "ack 9")
        transfer.data(10, 3)
        transfer.expect("keep", "complete", "ack 10")
    }

    @Test("a window that comes again behind its successor's first block is not acknowledged again")
    func noApprenticeInWindows() {
        let transfer = TransferTimetable.get(TFTPWishes(windowSize: 2))
        transfer.oack([TFTPOption("windowsize", "2")])
        transfer.data(1)
        transfer.data(2)
        transfer.at(100)
        transfer.data(3)
        _ = transfer.taken()
        transfer.data(1)
        transfer.data(2)
        transfer.expect()
    }
}
