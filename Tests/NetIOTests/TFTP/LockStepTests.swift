// The waits of lock-step on sockets of the loopback: what is heard, when a stay ends, and in which state
// the socket comes back.

import Glibc
import NIOCore
import PFSRuntime
import Testing

@testable import NetIO

@Suite("The waits of lock-step")
struct LockStepTests {
    @Test("each failure in a row doubles the pause, up to 1,024 steps; a success ends it")
    func patience() {
        var patience = Patience()
        func pause() -> Int {
            var steps = 0
            while !patience.permits() { steps += 1 }
            return steps
        }
        #expect(pause() == 0)
        let pauses = (0..<12).map { _ in
            patience.note(success: false)
            return pause()
        }
        #expect(pauses == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 1_024, 1_024])
        patience.note(success: true)
        #expect(pause() == 0)
        patience.note(success: false)
        #expect(pause() == 2)
    }

    @Test("what comes is heard in order, an empty datagram too, with its sender and not cut short")
    func hears() throws {
        let socket = try PlainSocket()
        let sender = try PlainSocket()
        let to = try SocketAddress(ipAddress: "127.0.0.1", port: sender.port())
        var lockStep = LockStep()
        let packets: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 7, count: 600)]
        for bytes in packets {
            let isWorthwhile = lockStep.isWorthwhile()
            try #require(isWorthwhile)
            lockStep.stay(at: socket.descriptor, room: 600)
            sender.send(bytes, to: try socket.port())
            let hasCome = lockStep.next()
            #expect(hasCome)
            #expect(Array(lockStep.packet.readableBytesView) == bytes)
            #expect(try Int(lockStep.source.port) == sender.port())
            #expect(lockStep.source.low == 0x7F00_0001)
            #expect(lockStep.isStaying)
            #expect(lockStep.send(ByteBuffer(bytes: [9, 9]), to: to))
            #expect(try #require(sender.receive()).bytes == [9, 9])
            lockStep.leave()
            #expect(!lockStep.isStaying)
            #expect(!lockStep.send(ByteBuffer(bytes: [9, 9]), to: to))
        }
    }

    @Test("silence ends a stay soon, makes the next ones rare, and the socket is as it was")
    func silence() throws {
        let socket = try PlainSocket()
        let flags = fcntl(socket.descriptor, F_GETFL) | O_NONBLOCK
        try #require(fcntl(socket.descriptor, F_SETFL, flags) == 0)
        var lockStep = LockStep()
        var stays = 0
        for _ in 0..<100 where lockStep.isWorthwhile() {
            stays += 1
            lockStep.stay(at: socket.descriptor, room: 600)
            let hasCome = lockStep.next()
            #expect(!hasCome)
            #expect(lockStep.end == .silence)
            lockStep.leave()
            #expect(fcntl(socket.descriptor, F_GETFL) == flags)
        }
        // The first, and those after pauses of 2, 4, 8, 16 and 32 steps.
        #expect(stays == 6)
    }

    @Test("while packets come, the event loop gets its turn all the same")
    func turns() throws {
        let socket = try PlainSocket()
        let port = try socket.port()
        let sender = try PlainSocket()
        var lockStep = LockStep()
        let isWorthwhile = lockStep.isWorthwhile()
        try #require(isWorthwhile)
        lockStep.stay(at: socket.descriptor, room: 600)
        let begin = NetworkClock.nanoseconds
        repeat { sender.send([1], to: port) } while lockStep.next()
        #expect(lockStep.end == .timeIsUp)
        #expect(NetworkClock.nanoseconds - begin >= 500_000)
        lockStep.leave()
    }

    @Test("a transfer alone on its thread is one; two are not")
    func load() {
        let load = TransferLoad()
        #expect(!load.isOne)
        load.enter()
        #expect(load.isOne)
        load.enter()
        #expect(!load.isOne)
        load.leave()
        #expect(load.isOne)
    }
}
