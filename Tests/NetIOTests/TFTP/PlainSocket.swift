// A datagram socket without any library, for tests that say exactly which bytes go out.

import Glibc
import PFSRuntime
import Testing

final class PlainSocket {
    private let descriptor: Int32

    /// A socket at any free port of the loopback.
    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        try #require(descriptor >= 0)
        var address = Self.loopback(0)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    func send(_ bytes: [UInt8], to port: Int) {
        var address = Self.loopback(port)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(
                    descriptor,
                    bytes,
                    bytes.count,
                    0,
                    $0,
                    socklen_t(MemoryLayout<sockaddr_in>.size)
                )
            }
        }
        #expect(sent == bytes.count)
    }

    func send(_ packet: TFTPPacket, to port: Int) { send(packet.bytes, to: port) }

    /// The next datagram and the port it came from; nil when none comes in time.
    func receive(milliseconds: Int32 = 10_000) -> (bytes: [UInt8], port: Int)? {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, milliseconds) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 70_000)
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let count = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(descriptor, &bytes, bytes.count, 0, $0, &length)
            }
        }
        guard count >= 0 else { return nil }
        return (Array(bytes.prefix(count)), Int(UInt16(bigEndian: address.sin_port)))
    }

    /// The next packet, which must come and be one.
    func packet() throws -> (packet: TFTPPacket, port: Int) {
        let (bytes, port) = try #require(receive())
        return (try TFTPPacket(parsing: bytes), port)
    }
}
