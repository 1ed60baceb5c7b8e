// Options: what a server takes of them, and which answers a client refuses (RFC 2347 to 2349, 7440).

import Testing

@testable import PFSRuntime

@Suite("TFTP options")
struct TFTPOptionTests {
    private func taken(_ options: [(String, String)], fileSize: Int64? = 100) -> [String] {
        let options = options.map { TFTPOption($0.0, $0.1) }
        let request = TFTPRequest(fileName: "f", mode: .octet, options: options)
        return TFTPLimits().terms(for: request, fileSize: fileSize).acknowledged
            .map { "\($0.name)=\($0.value)" }
    }

    @Test("a server takes what it can, names as they were spelled, and passes over the rest")
    func server() {
        #expect(taken([("BLKSIZE", "1428"), ("wat", "1")]) == ["BLKSIZE=1428"])
        #expect(taken([("blksize", "65465")]) == ["blksize=65464"])
        #expect(taken([("blksize", "8")]) == ["blksize=8"])
        #expect(taken([("blksize", "7")]) == [])
        #expect(taken([("windowsize", "65535")]) == ["windowsize=64"])
        #expect(taken([("windowsize", "0")]) == [])
        #expect(taken([("windowsize", "65536")]) == [])
        #expect(taken([("timeout", "255"), ("Timeout", "1")]) == ["timeout=255"])
        #expect(taken([("timeout", "256")]) == [])
        #expect(taken([("timeout", "0")]) == [])
        #expect(taken([("tsize", "0")]) == ["tsize=100"])
        #expect(taken([("tsize", "77")], fileSize: nil) == ["tsize=77"])
        #expect(taken([("rollover", "1")]) == ["rollover=1"])
        #expect(taken([("rollover", "2")]) == [])
    }

    @Test(
        "a value that is no number is passed over",
        arguments: ["", "-1", "+1", " 1428", "1428 ", "0x59", "1e3", "99999999999999999999", "१४"]
    )
    func noNumbers(value: String) {
        for name in ["blksize", "windowsize", "timeout", "tsize", "rollover"] {
            #expect(taken([(name, value)]) == [], "\(name) \(value)")
        }
    }

    @Test(
        "an answer beyond what was asked for is refused with error 8, and the transfer ends",
        arguments: [
            [("blksize", "1429")], [("blksize", "7")], [("blksize", "x")], [("windowsize", "9")],
            [("windowsize", "0")], [("timeout", "2")], [("blksize", "1428"), ("BLKSIZE", "1428")],
            [("multicast", "")], [("rollover", "0")], [("tsize", "")],
        ]
    )
    func refused(answer: [(String, String)]) {
        let wishes = TFTPWishes(blockSize: 1_428, windowSize: 8, transferSize: 0)
        let transfer = TransferTimetable.get(wishes)
        transfer.expect("rrq tsize=0 blksize=1428 windowsize=8")
        transfer.oack(answer.map { TFTPOption($0.0, $0.1) })
        let lines = transfer.taken()
        #expect(lines.count == 3 && lines[0].hasPrefix("error 8: "), "\(lines)")
        #expect(lines.last == "close")
    }

    @Test("options that nobody asked for are refused")
    func nothingAsked() {
        let transfer = TransferTimetable.get()
        _ = transfer.taken()
        transfer.oack([TFTPOption("blksize", "512")])
        #expect(transfer.taken().first == "error 8: blksize 512 was not asked for")
    }

    @Test("less than was asked for, or part of it, is taken")
    func less() {
        let wishes = TFTPWishes(blockSize: 1_428, windowSize: 8, timeoutSeconds: 3, transferSize: 0)
        let transfer = TransferTimetable.get(wishes)
        _ = transfer.taken()
        transfer.oack([TFTPOption("Windowsize", "4")])
        transfer.expect("agreed 512/4", "ack 0")
        let silent = TransferTimetable.get(wishes)
        _ = silent.taken()
        silent.data(1, 512)
        silent.expect("agreed 512/1", "keep", "ack 1")
    }

    @Test("the options again mean that their acknowledgement was lost")
    func again() {
        let transfer = TransferTimetable.get(TFTPWishes(blockSize: 1_000))
        transfer.oack([TFTPOption("blksize", "1000")])
        _ = transfer.taken()
        transfer.at(10)
        transfer.oack([TFTPOption("blksize", "1000")])
        transfer.expect()
        transfer.at(1_000)
        _ = transfer.taken()
        transfer.at(1_100)
        transfer.oack([TFTPOption("blksize", "1000")])
        transfer.expect("ack 0")
        transfer.data(1, 3)
        _ = transfer.taken()
        #expect(transfer.hear(.optionAcknowledgement([])) == .outOfOrder)
    }

    @Test("a server that refuses all options is asked once more without them")
    func withoutOptions() {
        let refusal = TFTPSignal.error(TFTPErrorMessage(.optionRefused, "no options"))
        let transfer = TransferTimetable.get(TFTPWishes(blockSize: 1_000, windowSize: 4))
        transfer.expect("rrq tsize=0 blksize=1000 windowsize=4")
        transfer.hear(refusal)
        transfer.expect("rrq ")
        transfer.at(1_000)
        transfer.expect("rrq ")
        transfer.data(1, 512)
        transfer.expect("agreed 512/1", "keep", "ack 1")

        let stubborn = TransferTimetable.put(10, TFTPWishes(blockSize: 1_000))
        stubborn.hear(refusal)
        #expect(stubborn.taken().last == "wrq ")
        stubborn.hear(refusal)
        stubborn.expect("failed: the other side refused: error 8: no options", "close")
    }

    @Test("tsize goes both ways: a write announces its size, a read learns it")
    func transferSize() {
        let put = TransferTimetable.put(1_234, TFTPWishes(windowSize: 2))
        put.expect("wrq tsize=1234 windowsize=2")
        let get = TransferTimetable.get(TFTPWishes(transferSize: 0))
        get.oack([TFTPOption("tsize", "1234")])
        #expect(get.transfer.terms.transferSize == 1_234)
    }
}
