// Files of more than 65,535 blocks: numbers go on at 0, or at 1 where that is wanted or learned.

import Testing

@testable import PFSRuntime

@Suite("TFTP block numbers behind 65535")
struct TFTPRollOverTests {
    private func receiving(_ rollOver: TFTPRollOver, window: Int = 1) -> TransferTimetable {
        var parameters = TFTPParameters()
        parameters.rollOver = rollOver
        let wishes = window == 1 ? TFTPWishes() : TFTPWishes(windowSize: window)
        let transfer = TransferTimetable.get(wishes, parameters: parameters)
        if window > 1 { transfer.oack([TFTPOption("windowsize", "\(window)")]) }
        transfer.silently { transfer in
            for block in 1...65_535 as ClosedRange<UInt16> { transfer.data(block) }
        }
        #expect(transfer.transfer.transferredBytes == 65_535 * 512)
        return transfer
    }

    @Test("a receiver goes on at 0")
    func toZero() {
        let transfer = receiving(.zero)
        transfer.data(0)
        transfer.expect("keep", "ack 0")
        transfer.data(1, 1)
        transfer.expect("keep", "complete", "ack 1")
    }

    @Test("a receiver in lock-step learns that its peer goes on at 1")
    func learnsOne() {
        let transfer = receiving(.zero)
        transfer.data(1)
        transfer.expect("keep", "ack 1")
        transfer.data(2, 1)
        transfer.expect("keep", "complete", "ack 2")
    }

    @Test("a receiver that expects 1 learns that its peer goes on at 0")
    func learnsZero() {
        let transfer = receiving(.one)
        transfer.data(0)
        transfer.expect("keep", "ack 0")
        transfer.data(1, 1)
        transfer.expect("keep", "complete", "ack 1")
    }

    @Test("with windows 1 is a gap unless it is expected")
    func windows() {
        let zero = receiving(.zero, window: 5)
        zero.data(1)
        zero.expect("ack 65535")
        zero.data(0)
        zero.expect("keep")
        let one = receiving(.one, window: 5)
        one.data(1)
        one.expect("keep")
    }

    @Test("a sender goes on as it is told, by its parameters or by an option", arguments: [0, 1])
    func sending(number: Int) throws {
        let rollOver = try #require(TFTPRollOver(rawValue: number))
        var parameters = TFTPParameters()
        parameters.rollOver = rollOver
        let told = TransferTimetable.serve(read: 1 << 40, parameters: parameters)
        let asked = TransferTimetable.serve(read: 1 << 40, [TFTPOption("rollover", "\(number)")])
        #expect(asked.taken() == ["agreed 512/1", "oack rollover=\(number)"])
        asked.ack(0)
        for transfer in [told, asked] {
            transfer.silently { transfer in
                for block in 1...65_535 as ClosedRange<UInt16> { transfer.ack(block) }
            }
            let first = UInt16(number)
            for step in 0..<3 as Range<UInt16> {
                let index = 65_536 + Int64(step)
                #expect(transfer.transfer.number(ofBlock: index) == first + step)
                #expect(transfer.ack(first + step) == .handled)
                transfer.expect("block \(index + 1)")
            }
        }
    }

    @Test("a client asks for its roll-over and takes the server's word for it")
    func option() {
        let transfer = TransferTimetable.get(TFTPWishes(transferSize: 0, rollOver: .one))
        transfer.expect("rrq tsize=0 rollover=1")
        transfer.oack([TFTPOption("rollover", "1")])
        transfer.expect("agreed 512/1", "ack 0")
        #expect(transfer.transfer.number(ofBlock: 65_536) == 1)
        let other = TransferTimetable.get(TFTPWishes(transferSize: 0, rollOver: .one))
        _ = other.taken()
        other.oack([TFTPOption("rollover", "0")])
        #expect(other.taken().first?.hasPrefix("error 8: ") == true)
    }
}
