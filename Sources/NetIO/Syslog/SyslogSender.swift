// Log lines to others by UDP, one datagram each. Nobody answers, so nothing is waited for: what the
// operating system does not take at once is counted and gone.

import Glibc
public import PFSRuntime

/// A socket that sends log lines.
public final class SyslogSender {
    private let descriptor: Int32
    /// Lines that were handed to the operating system.
    public private(set) var sentCount = 0
    /// Lines that it did not take.
    public private(set) var failedCount = 0

    /// Opens the socket.
    ///
    /// Throws `NetworkError` where there is none to be had.
    public init() throws(NetworkError) {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else {
            throw .cannotBind("a UDP socket", reason: String(cString: strerror(errno)))
        }
    }

    deinit { close(descriptor) }

    /// Sends a line to a server.
    public func send(_ line: String, to server: LogServer) {
        // A `sockaddr_in`: the family, port and address with their highest bytes first, eight zeros.
        let place: [UInt8] =
            [UInt8(AF_INET), 0, UInt8(server.port >> 8), UInt8(server.port & 0xFF)]
            + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: server.address.bits >> $0) }
            + [UInt8](repeating: 0, count: 8)
        let bytes = Array(line.utf8.prefix(SyslogMessage.byteLimit))
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        let sent = place.withUnsafeBytes { pointer in
            sendto(
                descriptor,
                bytes,
                bytes.count,
                flags,
                pointer.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(pointer.count)
            )
        }
        if sent == bytes.count { sentCount += 1 } else { failedCount += 1 }
    }
}
