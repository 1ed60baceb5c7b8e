// The sockets of transfers: how they are opened, how addresses become endpoints, and the threads that
// they share. Nothing here is touched before the first use of the network.

import NIOCore
import NIOPosix
import PFSRuntime
import Synchronization

/// The threads of the network.
enum NetworkLoops {
    /// Two threads, made at the first use: own choice, enough for both directions of a fast link.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)

    private static let loads = group.makeIterator().map { (loop: $0, load: TransferLoad()) }

    /// The thread whose turn it is.
    static func next() -> any EventLoop { group.next() }

    /// The transfers of a thread; nil for one that is not of the network.
    static func load(of loop: any EventLoop) -> TransferLoad? {
        loads.first { $0.loop === loop }?.load
    }
}

/// How many transfers run on a thread.
final class TransferLoad: Sendable {
    private let count = Atomic(0)

    /// Whether a transfer has the thread to itself.
    var isOne: Bool { count.load(ordering: .relaxed) == 1 }

    func enter() { count.add(1, ordering: .relaxed) }

    func leave() { count.subtract(1, ordering: .relaxed) }
}

enum TFTPSocket {
    /// Room for a datagram before larger ones are agreed: a block of 1,428 bytes and more.
    static let smallBytes = 2_048
    /// Room for the longest datagram, or many that came together.
    private static let largeBytes = 65_536

    /// Opens a socket for one transfer, which begins at once.
    static func open(
        _ job: TFTPJob,
        on loop: any EventLoop,
        from local: SocketAddress
    ) -> EventLoopFuture<any Channel> {
        bootstrap(on: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = TFTPTransferHandler(job, load: NetworkLoops.load(of: loop))
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(to: local)
    }

    /// A datagram socket with the options of a lock-step transfer.
    static func bootstrap(on loop: any EventLoop) -> DatagramBootstrap {
        let allocator = FixedSizeRecvByteBufferAllocator(capacity: smallBytes)
        return DatagramBootstrap(group: loop)
            .channelOption(.recvAllocator, value: allocator)
            // In lock-step never two packets wait; asking for a second would cost a call for each.
            .channelOption(.maxMessagesPerRead, value: 1)
    }

    /// Makes room for what a window brings.
    static func prepare(_ channel: any Channel, forWindow terms: TFTPTerms) {
        guard let options = channel.syncOptions else { return }
        let allocator = FixedSizeRecvByteBufferAllocator(capacity: largeBytes)
        try? options.setOption(.recvAllocator, value: allocator)
        guard terms.windowSize > 1 else { return }
        try? options.setOption(.maxMessagesPerRead, value: 16)
        let bytes = terms.windowSize * (terms.blockSize + 1_024) * 2
        let room = min(max(bytes, 1 << 18), 1 << 24)
        try? options.setOption(.socketOption(.so_rcvbuf), value: .init(room))
        if System.supportsUDPReceiveOffload {
            try? options.setOption(.datagramReceiveOffload, value: true)
            try? options.setOption(.datagramReceiveSegmentSize, value: true)
        }
    }

    /// The address of a host, by name or number.
    ///
    /// Throws `NetworkError.unknownHost`.
    static func resolve(_ host: String, port: Int) throws(NetworkError) -> SocketAddress {
        if let address = try? SocketAddress(ipAddress: host, port: port) { return address }
        do {
            return try SocketAddress.makeAddressResolvingHost(host, port: port)
        } catch {
            throw .unknownHost(host)
        }
    }
}

extension SocketAddress {
    /// Whether the address is of this machine itself.
    var isLoopback: Bool {
        let endpoint = TFTPEndpoint(self)
        return switch self {
        case .v4: endpoint.low >> 24 == 127
        case .v6: endpoint.high == 0 && endpoint.low == 1
        case .unixDomainSocket: false
        }
    }

    /// The address of an endpoint on the same kind of network as `other`.
    init?(_ endpoint: TFTPEndpoint, like other: SocketAddress) {
        var bytes = ByteBuffer()
        if case .v6 = other {
            bytes.writeMultipleIntegers(endpoint.high, endpoint.low)
        } else {
            bytes.writeInteger(UInt32(truncatingIfNeeded: endpoint.low))
        }
        let port = Int(endpoint.port)
        guard let address = try? SocketAddress(packedIPAddress: bytes, port: port) else {
            return nil
        }
        self = address
    }

    /// The address and port as they are written: `10.4.0.1:69`, `[::1]:69`.
    var text: String {
        let host = ipAddress ?? "?"
        return host.contains(":") ? "[\(host)]:\(port ?? 0)" : "\(host):\(port ?? 0)"
    }
}

extension TFTPEndpoint {
    /// The endpoint of a socket's address.
    init(_ address: SocketAddress) {
        self = address.withSockAddr { pointer, length in
            TFTPEndpoint(UnsafeRawBufferPointer(start: pointer, count: length))
        }
    }

    /// The endpoint of an address as the kernel writes it.
    ///
    /// A `sockaddr_in` has the port at byte 2 and the address at 4, a `sockaddr_in6`, which is longer,
    /// at 2 and 8.
    init(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 8 else {
            self.init(low: 0, port: 0)
            return
        }
        let port = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        guard bytes.count >= 24 else {
            let bits = bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
            self.init(low: UInt64(UInt32(bigEndian: bits)), port: port)
            return
        }
        let high = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        let low = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        self.init(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low), port: port)
    }
}
