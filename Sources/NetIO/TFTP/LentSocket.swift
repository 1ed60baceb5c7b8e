// A datagram socket of an event loop in the hands of a handler: the calls that a channel would make, and
// one that it would not, to sleep until a packet comes.

import Glibc
import NIOCore
import PFSRuntime

struct LentSocket {
    /// The kernel's form of an address: room for a `sockaddr_in6`.
    private typealias AddressBytes = (UInt64, UInt64, UInt64, UInt64)

    /// How long `receive` sleeps: the shortest that the kernel knows, 1 to 2 of its ticks of mostly 4 ms.
    ///
    /// An exact timer would cost more than all the rest of a packet.
    private static let sleepMicroseconds = 1

    /// RUSAGE_THREAD, which is an extension of Linux.
    private static let thisThread = __rusage_who_t(1)

    private let descriptor: CInt
    /// The flags that the event loop set, once they have been changed.
    private var flagsBefore: CInt?

    init(_ descriptor: CInt) { self.descriptor = descriptor }

    /// Receives a packet into `buffer`, in place of what it holds, and answers where it came from; nil
    /// where there is none.
    mutating func receive(
        into buffer: inout ByteBuffer,
        room: Int,
        waits: Bool
    ) -> TFTPEndpoint? {
        if waits { mayBlock() }
        var source: AddressBytes = (0, 0, 0, 0)
        var length = socklen_t(MemoryLayout<AddressBytes>.size)
        let flags = waits ? 0 : CInt(MSG_DONTWAIT)
        var hasCome = false
        buffer.clear()
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { bytes in
            let count = withUnsafeMutableBytes(of: &source) { source in
                let address = source.baseAddress?.assumingMemoryBound(to: sockaddr.self)
                return recvfrom(descriptor, bytes.baseAddress, room, flags, address, &length)
            }
            hasCome = count >= 0
            return max(0, count)
        }
        guard hasCome else { return nil }
        return withUnsafeBytes(of: source) { bytes in
            TFTPEndpoint(UnsafeRawBufferPointer(rebasing: bytes[..<min(bytes.count, Int(length))]))
        }
    }

    /// Sends a packet; answers whether the kernel took it.
    func send(_ data: ByteBuffer, to address: SocketAddress) -> Bool {
        data.withUnsafeReadableBytes { bytes in
            let flags = CInt(MSG_DONTWAIT)
            let count = address.withSockAddr { to, length in
                sendto(descriptor, bytes.baseAddress, bytes.count, flags, to, socklen_t(length))
            }
            return count == bytes.count
        }
    }

    /// Leaves the socket as it was.
    func giveBack() {
        if let flagsBefore { _ = fcntl(descriptor, F_SETFL, flagsBefore) }
    }

    private mutating func mayBlock() {
        guard flagsBefore == nil else { return }
        let flags = fcntl(descriptor, F_GETFL)
        var time = timeval(tv_sec: 0, tv_usec: Self.sleepMicroseconds)
        let size = socklen_t(MemoryLayout<timeval>.size)
        guard flags >= 0, setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size) == 0 else {
            return
        }
        flagsBefore = flags
        _ = fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK)
    }

    /// How often the kernel has taken the core away from this thread.
    static var involuntarySwitches: Int {
        var usage = rusage()
        getrusage(thisThread, &usage)
        return usage.ru_nivcsw
    }
}
