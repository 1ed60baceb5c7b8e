// A server on the loopback, driven by bytes: what it serves, refuses, bounds and survives.

import Glibc
import PFSRuntime
import Testing

@testable import NetIO

@Suite("A TFTP server")
struct TFTPServerTests {
    private let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
        try FileStore.write(Array(repeating: 5, count: 700), to: scratch.path + "/f")
    }

    private func serve(
        _ change: (inout TFTPServerConfiguration) -> Void = { _ in }
    ) throws -> TFTPServer {
        var configuration = TFTPServerConfiguration(directory: scratch.path)
        configuration.address = "127.0.0.1"
        configuration.port = 0
        change(&configuration)
        return try TFTPServer(configuration)
    }

    private func read(_ name: String, _ options: [TFTPOption] = []) -> TFTPPacket {
        .readRequest(TFTPRequest(fileName: name, mode: .octet, options: options))
    }

    private func write(_ name: String, _ options: [TFTPOption] = []) -> TFTPPacket {
        .writeRequest(TFTPRequest(fileName: name, mode: .octet, options: options))
    }

    private func code(_ packet: TFTPPacket) -> TFTPErrorCode? {
        if case .error(let message) = packet { message.code } else { nil }
    }

    /// Waits until the server has no transfer that runs.
    private func settle(_ server: TFTPServer) -> Bool {
        for _ in 0..<1_000 {
            if server.reports.allSatisfy({ $0.outcome != .running }) { return true }
            usleep(10_000)
        }
        return false
    }

    @Test("a file is served from a port of its own, and the report says so")
    func served() throws {
        let server = try serve()
        defer { server.stop() }
        let client = try PlainSocket()
        client.send(read("/f"), to: server.port)
        let (first, port) = try client.packet()
        #expect(first == .data(block: 1, payload: Array(repeating: 5, count: 512)))
        #expect(port != server.port)
        client.send(.acknowledgement(block: 1), to: port)
        #expect(
            try client.packet().packet == .data(block: 2, payload: Array(repeating: 5, count: 188))
        )
        client.send(.acknowledgement(block: 2), to: port)
        #expect(settle(server))
        let report = try #require(server.reports.first)
        #expect(report.outcome == .complete && report.transferredBytes == 700)
        #expect(report.role == .servesRead && report.sizeBytes == 700)
    }

    @Test(
        "what cannot be served is refused with the right code",
        arguments: [
            ("none", 1), ("../f", 2), ("", 4), ("dir", 2),
            (String(repeating: "n", count: 10_000), 4),
            ("f/", 2), ("f/f", 1),
        ]
    )
    func refusals(name: String, number: Int) throws {
        try #require(mkdir(scratch.path + "/dir", 0o700) == 0)
        let server = try serve()
        defer { server.stop() }
        let client = try PlainSocket()
        client.send(read(name), to: server.port)
        #expect(code(try client.packet().packet)?.rawValue == UInt16(number))
        #expect(server.reports.isEmpty)
    }

    @Test("a server is read-only unless told, and then replaces files when they are whole")
    func writing() throws {
        let reader = try serve()
        defer { reader.stop() }
        let client = try PlainSocket()
        client.send(write("new"), to: reader.port)
        #expect(code(try client.packet().packet) == .accessViolation)
        #expect(scratch.names() == ["f"])

        let writer = try serve { $0.isWritable = true }
        defer { writer.stop() }
        let other = try PlainSocket()
        other.send(write("f"), to: writer.port)
        let (answer, port) = try other.packet()
        #expect(answer == .acknowledgement(block: 0))
        other.send(.data(block: 1, payload: [1, 2]), to: port)
        #expect(try other.packet().packet == .acknowledgement(block: 1))
        #expect(try FileStore.read(scratch.path + "/f", limitBytes: 10) == [1, 2])
        #expect(scratch.names() == ["f"])
    }

    @Test("a write larger than the limit is refused with error 3, announced or not")
    func tooLarge() throws {
        let server = try serve {
            $0.isWritable = true
            $0.limits.fileBytes = 600
        }
        defer { server.stop() }
        let client = try PlainSocket()
        client.send(write("new", [TFTPOption("tsize", "601")]), to: server.port)
        #expect(code(try client.packet().packet) == .diskFull)
        client.send(write("new"), to: server.port)
        let (_, port) = try client.packet()
        client.send(.data(block: 1, payload: Array(repeating: 1, count: 512)), to: port)
        #expect(try client.packet().packet == .acknowledgement(block: 1))
        client.send(.data(block: 2, payload: Array(repeating: 1, count: 100)), to: port)
        #expect(code(try client.packet().packet) == .diskFull)
        #expect(scratch.names() == ["f"])
    }

    @Test("what is no request is answered with an error, an error with nothing")
    func noRequests() throws {
        let server = try serve()
        defer { server.stop() }
        let client = try PlainSocket()
        client.send(.error(TFTPErrorMessage(.notDefined, "x")), to: server.port)
        client.send(.data(block: 1, payload: []), to: server.port)
        #expect(code(try client.packet().packet) == .unknownTransferID)
        client.send(.acknowledgement(block: 1), to: server.port)
        #expect(code(try client.packet().packet) == .unknownTransferID)
        for bytes in [[], [0], [0, 9, 1], [0, 1, 65], Array(repeating: 0, count: 3_000)]
            as [[UInt8]]
        {
            client.send(bytes, to: server.port)
            #expect(code(try client.packet().packet) == .illegalOperation)
        }
        client.send(.readRequest(TFTPRequest(fileName: "f", mode: .mail)), to: server.port)
        #expect(code(try client.packet().packet) == .illegalOperation)
    }

    @Test("as many transfers run as may; the next is told that the server is busy")
    func maximumServing() throws {
        let server = try serve { $0.maximumServing = 2 }
        defer { server.stop() }
        let clients = try (0..<3).map { _ in try PlainSocket() }
        var ports: [Int] = []
        for client in clients.prefix(2) {
            client.send(read("f"), to: server.port)
            ports.append(try client.packet().port)
        }
        clients[2].send(read("f"), to: server.port)
        #expect(code(try clients[2].packet().packet) == .notDefined)
        #expect(server.refusedCount == 1)
        // A place that becomes free is given to the next.
        clients[0].send(.error(TFTPErrorMessage(.notDefined, "enough")), to: ports[0])
        var isServed = false
        for _ in 0..<500 where !isServed {
            clients[2].send(read("f"), to: server.port)
            isServed = code(try clients[2].packet().packet) == nil
            if !isServed { usleep(10_000) }
        }
        #expect(isServed)
    }

    @Test("a request that comes twice is one transfer; another from the same port is another")
    func requestTwice() throws {
        try FileStore.write([8], to: scratch.path + "/g")
        let server = try serve()
        defer { server.stop() }
        let client = try PlainSocket()
        client.send(read("f"), to: server.port)
        client.send(read("f"), to: server.port)
        let (first, port) = try client.packet()
        #expect(first == .data(block: 1, payload: Array(repeating: 5, count: 512)))
        client.send(read("g"), to: server.port)
        let (second, otherPort) = try client.packet()
        #expect(second == .data(block: 1, payload: [8]))
        #expect(otherPort != port)
        #expect(server.reports.count == 2)
        client.send(.acknowledgement(block: 1), to: otherPort)
        client.send(.acknowledgement(block: 1), to: port)
        #expect(
            try client.packet().packet == .data(block: 2, payload: Array(repeating: 5, count: 188))
        )
    }

    @Test("a stranger at a transfer's port gets error 5, and the client its file")
    func stranger() throws {
        let server = try serve()
        defer { server.stop() }
        let client = try PlainSocket()
        client.send(read("f"), to: server.port)
        let (_, port) = try client.packet()
        let stranger = try PlainSocket()
        for bytes in [TFTPPacket.acknowledgement(block: 1).bytes, [0], read("f").bytes] {
            stranger.send(bytes, to: port)
            #expect(code(try stranger.packet().packet) == .unknownTransferID)
        }
        client.send(.acknowledgement(block: 1), to: port)
        #expect(
            try client.packet().packet == .data(block: 2, payload: Array(repeating: 5, count: 188))
        )
    }

    @Test("a client that answers at once is served whole, and strangers meanwhile get error 5")
    func promptClient() throws {
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 % 251) }
        try FileStore.write(bytes, to: scratch.path + "/long")
        let server = try serve()
        defer { server.stop() }
        let client = try PlainSocket()
        let stranger = try PlainSocket()
        client.send(read("long"), to: server.port)
        var received: [UInt8] = []
        while true {
            let (packet, port) = try client.packet()
            guard case .data(let block, let payload) = packet else {
                Issue.record("no block: \(packet)")
                return
            }
            received += payload
            if block % 50 == 7 {
                stranger.send(.acknowledgement(block: block), to: port)
                #expect(code(try stranger.packet().packet) == .unknownTransferID)
            }
            client.send(.acknowledgement(block: block), to: port)
            guard payload.count == 512 else { break }
        }
        #expect(received == bytes)
        #expect(settle(server))
        #expect(server.reports.map(\.outcome) == [.complete])
    }

    @Test("5,000 requests of clients that go away cost no more than the bound, and all end")
    func flood() throws {
        let server = try serve {
            $0.maximumServing = 40
            $0.parameters.patience = .milliseconds(300)
            $0.parameters.firstTimeout = .milliseconds(100)
        }
        defer { server.stop() }
        for round in 0..<100 {
            let socket = try PlainSocket()
            for request in 0..<50 {
                switch request % 5 {
                case 0:
                    socket.send([UInt8](repeating: UInt8(round), count: request), to: server.port)
                case 1: socket.send(read("none"), to: server.port)
                default:
                    socket.send(
                        read("f", [TFTPOption("blksize", "\(8 + request)")]),
                        to: server.port
                    )
                }
            }
            #expect(server.reports.filter { $0.outcome == .running }.count <= 40)
        }
        #expect(settle(server))
        #expect(server.reports.count <= TFTPServer.rememberedTransfers)
        let client = try PlainSocket()
        client.send(read("f"), to: server.port)
        #expect(
            try client.packet().packet == .data(block: 1, payload: Array(repeating: 5, count: 512))
        )
    }

    @Test("when the server stops, its clients are told and half files are gone")
    func stop() throws {
        let server = try serve { $0.isWritable = true }
        let client = try PlainSocket()
        client.send(write("new"), to: server.port)
        let (_, port) = try client.packet()
        client.send(.data(block: 1, payload: Array(repeating: 1, count: 512)), to: port)
        #expect(try client.packet().packet == .acknowledgement(block: 1))
        server.stop()
        #expect(code(try client.packet().packet) == .notDefined)
        #expect(settle(server))
        #expect(scratch.names() == ["f"])
    }

    @Test("a directory or port that cannot be had is said")
    func cannot() throws {
        let server = try serve()
        defer { server.stop() }
        #expect(throws: NetworkError.self) { try serve { $0.port = server.port } }
        #expect(throws: NetworkError.file(.notFound(path: "/no/such"))) {
            try serve { $0.directory = "/no/such" }
        }
        #expect(throws: NetworkError.self) { try serve { $0.address = "nonsense" } }
    }
}
