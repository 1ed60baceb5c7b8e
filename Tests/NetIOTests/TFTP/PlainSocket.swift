// A datagram socket without any library, for tests that say exactly which bytes go out.

import Glibc
import PFSRuntime
import Testing

final class PlainSocket {
    /// A `sockaddr_in`: the family, the port and the address, and eight bytes of nothing.
    private typealias AddressBytes = [UInt8]

    let descriptor: Int32

    /// A socket at any free port of the loopback.
    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        try #require(descriptor >= 0)
        var address = Self.loopback(0)
        let result = Self.pass(&address) { bind(descriptor, $0, $1.pointee) }
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    private static func loopback(_ port: Int) -> AddressBytes {
        let family = withUnsafeBytes(of: sa_family_t(AF_INET)) { Array($0) }
        let port = [UInt8(port >> 8), UInt8(port & 0xFF)]
        return family + port + [127, 0, 0, 1] + Array(repeating: 0, count: 8)
    }

    private static func port(_ address: AddressBytes) -> Int {
        Int(address[2]) << 8 | Int(address[3])
    }

    /// Hands an address to the system, which may change it.
    private static func pass<Result>(
        _ address: inout AddressBytes,
        _ body: (UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> Result {
        var length = socklen_t(address.count)
        return address.withUnsafeMutableBytes { bytes in
            body(bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
    }

    /// Its own port.
    func port() throws -> Int {
        var address = Self.loopback(0)
        let result = Self.pass(&address) { getsockname(descriptor, $0, $1) }
        try #require(result == 0)
        return Self.port(address)
    }

    func send(_ bytes: [UInt8], to port: Int) {
        var address = Self.loopback(port)
        let sent = Self.pass(&address) {
            sendto(descriptor, bytes, bytes.count, 0, $0, $1.pointee)
        }
        #expect(sent == bytes.count)
    }

    func send(_ packet: TFTPPacket, to port: Int) { send(packet.bytes, to: port) }

    /// The next datagram and the port it came from; nil when none comes in time.
    func receive(milliseconds: Int32 = 10_000) -> (bytes: [UInt8], port: Int)? {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, milliseconds) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 70_000)
        let room = bytes.count
        var address = Self.loopback(0)
        let count = Self.pass(&address) { recvfrom(descriptor, &bytes, room, 0, $0, $1) }
        guard count >= 0 else { return nil }
        return (Array(bytes.prefix(count)), Self.port(address))
    }

    /// The next packet, which must come and be one.
    func packet() throws -> (packet: TFTPPacket, port: Int) {
        let (bytes, port) = try #require(receive())
        return (try TFTPPacket(parsing: bytes), port)
    }
}
