// The client and the server of this program with each other, over the loopback.

import PFSRuntime
import Testing

@testable import NetIO

@Suite("TFTP client and server over the loopback")
struct TFTPLoopbackTests {
    private let scratch: ScratchDirectory
    private let server: TFTPServer

    init() throws {
        scratch = try ScratchDirectory()
        var configuration = TFTPServerConfiguration(directory: scratch.path)
        configuration.address = "127.0.0.1"
        configuration.port = 0
        configuration.isWritable = true
        server = try TFTPServer(configuration)
    }

    struct Case: Sendable, CustomStringConvertible {
        var blockSize: Int?
        var windowSize: Int?
        var mode = TFTPMode.octet

        var wishes: TFTPWishes {
            var wishes = TFTPWishes()
            wishes.blockSize = blockSize
            wishes.windowSize = windowSize
            wishes.mode = mode
            wishes.transferSize = 0
            return wishes
        }

        var description: String { "\(blockSize ?? 0)/\(windowSize ?? 0) \(mode)" }
    }

    private static let cases = [
        Case(), Case(blockSize: 8), Case(blockSize: 1_428), Case(blockSize: 65_464),
        Case(windowSize: 3), Case(blockSize: 1_428, windowSize: 64),
        Case(blockSize: 65_464, windowSize: 16), Case(mode: .netascii),
        Case(blockSize: 1_000, windowSize: 8, mode: .netascii),
    ]

    @Test("files of every awkward size come and go as they are", arguments: cases)
    func sizes(_ testCase: Case) throws {
        defer { server.stop() }
        let block = testCase.blockSize ?? 512
        for size in [0, 1, block - 1, block, block + 1, 5 * block, 70_001] {
            // Line ends among the bytes, for netascii.
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 % 17 == 0 ? 10 : $0 % 251) }
            try FileStore.write(bytes, to: scratch.path + "/source")
            let put = try TFTPClient.put(
                "there",
                to: "127.0.0.1",
                port: server.port,
                from: scratch.path + "/source",
                wishes: testCase.wishes
            )
            #expect(put.status.wait(milliseconds: 30_000))
            #expect(put.status.report.outcome == .complete, "put of \(size)")
            #expect(try FileStore.read(scratch.path + "/there", limitBytes: 1 << 20) == bytes)
            let get = try TFTPClient.get(
                "there",
                from: "127.0.0.1",
                port: server.port,
                to: scratch.path + "/back",
                wishes: testCase.wishes
            )
            #expect(get.status.wait(milliseconds: 30_000))
            #expect(get.status.report.outcome == .complete, "get of \(size)")
            #expect(try FileStore.read(scratch.path + "/back", limitBytes: 1 << 20) == bytes)
            #expect(scratch.names() == ["back", "source", "there"])
        }
    }

    @Test("a file that is not there leaves nothing behind, and what stood there stands")
    func missing() throws {
        defer { server.stop() }
        try FileStore.write([3], to: scratch.path + "/back")
        let get = try TFTPClient.get(
            "none",
            from: "localhost",
            port: server.port,
            to: scratch.path + "/back",
            wishes: Case().wishes
        )
        #expect(get.status.wait(milliseconds: 30_000))
        let refusal = TFTPErrorMessage(.fileNotFound, "File not found")
        #expect(get.status.report.outcome == .failed(.refused(refusal)))
        #expect(scratch.names() == ["back"])
        #expect(try FileStore.read(scratch.path + "/back", limitBytes: 10) == [3])
    }

    @Test("a transfer that is stopped ends on both sides and keeps nothing")
    func stop() throws {
        defer { server.stop() }
        try FileStore.write(Array(repeating: 1, count: 60_000_000), to: scratch.path + "/large")
        var wishes = Case().wishes
        wishes.blockSize = 64
        let get = try TFTPClient.get(
            "large",
            from: "127.0.0.1",
            port: server.port,
            to: scratch.path + "/back",
            wishes: wishes
        )
        while get.status.report.transferredBytes == 0 {
            try #require(!get.status.wait(milliseconds: 1))
        }
        get.stop()
        #expect(get.status.wait(milliseconds: 10_000))
        #expect(get.status.report.outcome == .failed(.stopped))
        #expect(scratch.names() == ["large"])
    }

    @Test("an unknown host and a file that cannot be had are said before anything is sent")
    func errors() {
        defer { server.stop() }
        #expect(throws: NetworkError.unknownHost("no-such-host.invalid")) {
            try TFTPClient.get(
                "f",
                from: "no-such-host.invalid",
                port: 69,
                to: scratch.path + "/back",
                wishes: TFTPWishes()
            )
        }
        #expect(throws: NetworkError.file(.notFound(path: scratch.path + "/none"))) {
            try TFTPClient.put(
                "f",
                to: "127.0.0.1",
                port: 69,
                from: scratch.path + "/none",
                wishes: TFTPWishes()
            )
        }
    }
}
