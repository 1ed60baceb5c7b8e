// The handler of a transfer: datagrams in and out, bytes in their files, nothing left behind.

import Glibc
import NIOCore
import NIOEmbedded
import PFSRuntime
import Testing

@testable import NetIO

@Suite("The handler of a TFTP transfer")
struct TransferHandlerTests {
    private let scratch: ScratchDirectory
    private var path: String { scratch.path + "/f" }
    private let request = TFTPPacket.readRequest(TFTPRequest(fileName: "f", mode: .octet))

    init() throws { scratch = try ScratchDirectory() }

    private func block(_ number: UInt16, _ count: Int) -> TFTPPacket {
        .data(block: number, payload: Array(repeating: UInt8(number & 255), count: count))
    }

    @Test("a client writes what comes and gives it its name at the end, not sooner")
    func get() throws {
        let bench = try TransferBench.get(to: path)
        try bench.expect(request, to: 69)
        try bench.hear(block(1, 512))
        try bench.expect(.acknowledgement(block: 1))
        #expect(scratch.names() == [])
        try bench.hear(block(2, 3))
        try bench.expect(.acknowledgement(block: 2))
        let expected = Array(repeating: UInt8(1), count: 512) + [2, 2, 2]
        #expect(try FileStore.read(path, limitBytes: 1_000) == expected)
        #expect(scratch.names() == ["f"])
        #expect(bench.status.report.outcome == .complete)
        #expect(bench.status.report.transferredBytes == 515)
        bench.pass(milliseconds: 5_900)
        #expect(bench.channel.isActive)
        bench.pass(milliseconds: 200)
        #expect(!bench.channel.isActive)
    }

    @Test("requests are repeated to the server's port, acknowledgements to the one that answered")
    func repetition() throws {
        let bench = try TransferBench.get(to: path)
        try bench.expect(request, to: 69)
        // An answer that means nothing does not move the request to another port.
        try bench.hear(.acknowledgement(block: 9))
        bench.pass(milliseconds: 1_000)
        try bench.expect(request, to: 69)
        try bench.hear(block(1, 512))
        try bench.expect(.acknowledgement(block: 1))
        bench.pass(milliseconds: 9_000)
        try bench.expect(.acknowledgement(block: 1))
    }

    @Test("a stranger is answered with error 5, and the transfer goes on")
    func stranger() throws {
        let bench = try TransferBench.get(to: path)
        try bench.expect(request, to: 69)
        try bench.hear(block(1, 512))
        try bench.expect(.acknowledgement(block: 1))
        try bench.hear(block(2, 1), from: TransferBench.stranger)
        let refusal = TFTPErrorMessage(.unknownTransferID, "Unknown transfer ID")
        try bench.expect(.error(refusal), to: 3_000)
        try bench.hear(block(2, 1))
        try bench.expect(.acknowledgement(block: 2))
        #expect(bench.status.report.outcome == .complete)
    }

    @Test("whatever goes wrong, nothing is left and what stood there stands, as soon as it is said")
    func failures() throws {
        try FileStore.write([9], to: path)
        let packets: [TFTPPacket] = [
            .error(TFTPErrorMessage(.fileNotFound, "no")), block(2, 600),
            .optionAcknowledgement([TFTPOption("blksize", "1024")]),
        ]
        for packet in packets {
            let bench = try TransferBench.get(to: path)
            if packet == packets[1] { try bench.hear(block(1, 512)) }
            try bench.hear(packet)
            guard case .failed = bench.status.report.outcome else {
                Issue.record("\(packet): \(bench.status.report.outcome)")
                continue
            }
            #expect(scratch.names() == ["f"])
            #expect(try FileStore.read(path, limitBytes: 10) == [9])
        }
    }

    @Test("a file larger than the limit is refused with error 3, when it says so and when it is")
    func limit() throws {
        let announced = try TransferBench.get(to: path, wishes: sizeWish, limitBytes: 600)
        _ = try announced.sent()
        try announced.hear(.optionAcknowledgement([TFTPOption("tsize", "601")]))
        try announced.expect(
            .error(TFTPErrorMessage(.diskFull, "the file is larger than the limit"))
        )
        let silent = try TransferBench.get(to: path, limitBytes: 600)
        _ = try silent.sent()
        try silent.hear(block(1, 512))
        try silent.expect(.acknowledgement(block: 1))
        try silent.hear(block(2, 89))
        try silent.expect(.error(TFTPErrorMessage(.diskFull, "the file is larger than the limit")))
        #expect(silent.status.report.outcome != .complete)
        #expect(scratch.names() == [])
    }

    private var sizeWish: TFTPWishes {
        var wishes = TFTPWishes()
        wishes.transferSize = 0
        return wishes
    }

    @Test("only bytes with the expected digest get the name")
    func digest() throws {
        let bytes = Array(repeating: UInt8(1), count: 100)
        let right = MessageDigest.digest(.sha256, of: bytes)
        let good = try TransferBench.get(to: path, sha256: right)
        try good.hear(block(1, 100))
        #expect(good.status.report.outcome == .complete)
        let bad = try TransferBench.get(to: scratch.path + "/g", sha256: right)
        _ = try bad.sent()
        try bad.hear(block(1, 101))
        try bad.expect(.error(TFTPErrorMessage(.notDefined, "the bytes have another SHA-256")))
        #expect(scratch.names() == ["f"])
    }

    @Test("a server reads its file block by block, and repeats a block as it was")
    func serve() throws {
        let bytes = (0..<1_500).map { UInt8(truncatingIfNeeded: $0 / 7) }
        try FileStore.write(bytes, to: path)
        let bench = try TransferBench.serve(path)
        try bench.expect(.data(block: 1, payload: Array(bytes[..<512])))
        bench.pass(milliseconds: 1_000)
        try bench.expect(.data(block: 1, payload: Array(bytes[..<512])))
        try bench.hear(.acknowledgement(block: 1))
        try bench.expect(.data(block: 2, payload: Array(bytes[512..<1_024])))
        try bench.hear(.acknowledgement(block: 1))
        try bench.expectNothing()
        try bench.hear(.acknowledgement(block: 2))
        try bench.expect(.data(block: 3, payload: Array(bytes[1_024...])))
        try bench.hear(.acknowledgement(block: 3))
        try bench.expectNothing()
        #expect(bench.status.report.outcome == .complete)
        #expect(!bench.channel.isActive)
    }

    @Test("a file that becomes shorter while it is served ends the transfer with an error")
    func shrinking() throws {
        try FileStore.write(Array(repeating: 1, count: 300_000), to: path)
        let options = [TFTPOption("blksize", "1428"), TFTPOption("windowsize", "1")]
        let bench = try TransferBench.serve(path, options)
        _ = try bench.sent()
        let file = try OpenFile(path)
        #expect(truncate(path, 1_000) == 0)
        #expect(file.sizeBytes == 300_000)
        try bench.hear(.acknowledgement(block: 0))
        try bench.expect(.error(TFTPErrorMessage(.notDefined, "the file became shorter")))
        #expect(bench.status.report.outcome != .complete)
    }

    @Test("garbage from the peer ends the transfer with error 4; from others it is refused")
    func garbage() throws {
        let bench = try TransferBench.get(to: path)
        _ = try bench.sent()
        try bench.hear([], from: TransferBench.peer)
        try bench.hear([0, 3, 0], from: TransferBench.peer)
        try bench.expectNothing()
        try bench.hear(block(1, 512))
        try bench.expect(.acknowledgement(block: 1))
        try bench.hear([255], from: TransferBench.stranger)
        #expect(try bench.sent()?.port == 3_000)
        try bench.hear([255])
        guard case .error(let message)? = try bench.sent()?.packet else {
            Issue.record("no error was sent")
            return
        }
        #expect(message.code == .illegalOperation)
        #expect(scratch.names() == [])
    }
}
