// The phones of one process on one event loop: the socket that hears broadcasts for all of them, and each
// phone's endpoint. A socket bound to a phone's address hears no broadcast, so one hears for all.

import NIOCore
import NIOPosix
import PFSRuntime

/// All endpoints of a process; confined to its event loop.
final class PhoneBoard {
    let place: NetworkPlace
    let loop: any EventLoop
    /// Where files are read and synced.
    let threads: NIOThreadPool
    let store: String
    /// Where what is said and heard is noted for a capture.
    let tap: TrafficTap
    private let queue: ReportQueue
    /// What phones move, by name; the only files that a peer may send.
    var files: [String: SharedFile] = [:]
    private var endpoints: [UInt32: PhoneEndpoint] = [:]
    /// How many endpoints have an address: one, but for a moment when a phone begins anew.
    private var ownAddresses: [IPv4Address: Int] = [:]
    private var hearing: (any Channel)?
    private var broadcasts: [UInt32: Int] = [:]
    private var cutter: RepeatedTask?
    /// Datagrams that were no message.
    private(set) var refusedDatagrams: Int64 = 0

    init(
        _ place: NetworkPlace,
        store: String,
        loop: any EventLoop,
        threads: NIOThreadPool,
        queue: ReportQueue,
        tap: TrafficTap
    ) {
        self.place = place
        self.store = store
        self.loop = loop
        self.threads = threads
        self.queue = queue
        self.tap = tap
    }

    func report(_ event: PhoneNetworkEvent, to phone: PhoneNumber?, _ incarnation: UInt16 = 0) {
        queue.append(
            PhoneNetworkReport(
                phone: phone,
                incarnation: incarnation,
                event: event,
                atNanoseconds: NetworkClock.nanoseconds
            )
        )
    }

    /// Begins to hear broadcasts.
    func open() -> EventLoopFuture<Void> {
        let bound = NIOLoopBound(self, eventLoop: loop)
        cutter = loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            let board = bound.value
            board.broadcasts.removeAll(keepingCapacity: true)
            for endpoint in board.endpoints.values { endpoint.lookAtLinks() }
        }
        return datagramBootstrap(ofPhone: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    InterfaceBinding.bind(channel, to: bound.value.place)
                    try channel.pipeline.syncOperations.addHandler(BroadcastHearer(bound.value))
                }
            }
            .bind(host: place.broadcast.description, port: place.port)
            .map { bound.value.hearing = $0 }
    }

    func close() {
        cutter?.cancel()
        hearing?.close(promise: nil)
        for endpoint in endpoints.values { endpoint.vanish() }
        endpoints = [:]
    }

    /// A datagram socket on the phones' interface.
    func datagramBootstrap(ofPhone: Bool) -> DatagramBootstrap {
        let bootstrap = DatagramBootstrap(group: loop)
            .channelOption(.socketOption(.so_reuseaddr), value: 1)
            .channelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(capacity: WirePeerMessage.mostBytes + 1)
            )
        return ofPhone
            ? bootstrap.channelOption(.socketOption(.so_broadcast), value: 1) : bootstrap
    }

    /// A client's socket, whose address is the phone's.
    func clientBootstrap() -> ClientBootstrap {
        ClientBootstrap(group: loop)
            .channelOption(.socketOption(.so_reuseaddr), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 2_048,
                    initial: 16_384,
                    maximum: NetworkBounds.readBytes
                )
            )
            .connectTimeout(.seconds(3))
    }

    /// Whether an address is that of a phone of this process.
    func isOwn(_ address: IPv4Address) -> Bool { ownAddresses[address] ?? 0 > 0 }

    // MARK: Orders

    func perform(_ task: PhoneNetworkTask) {
        switch task.action {
        case .appear: appear(task)
        case .vanish: vanish(task.phone)
        default: endpoint(of: task)?.perform(task)
        }
    }

    private func endpoint(of task: PhoneNetworkTask) -> PhoneEndpoint? {
        guard let endpoint = endpoints[task.phone.number.index],
            endpoint.incarnation == task.incarnation
        else { return nil }
        return endpoint
    }

    private func vanish(_ phone: LocalPhone) {
        guard let endpoint = endpoints.removeValue(forKey: phone.number.index) else { return }
        ownAddresses[phone.address, default: 1] -= 1
        endpoint.vanish()
    }

    private func appear(_ task: PhoneNetworkTask) {
        vanish(task.phone)
        do throws(StoreError) {
            let folder = try PhoneFolder("\(store)/\(task.phone.name)")
            let endpoint = PhoneEndpoint(
                task.phone,
                incarnation: task.incarnation,
                folder: folder,
                board: self
            )
            endpoints[task.phone.number.index] = endpoint
            ownAddresses[task.phone.address, default: 0] += 1
            endpoint.open()
        } catch {
            report(.trouble("\(task.phone.name): \(error)"), to: task.phone.number)
        }
    }

    // MARK: Broadcasts

    /// A datagram came to the broadcast address.
    func heard(_ bytes: [UInt8], from remote: IPv4Address, port: UInt16) {
        if tap.isOn, !isOwn(remote) {
            tap.note(
                .datagram(bytes, byteCount: bytes.count),
                of: nil,
                isOutgoing: false,
                from: SeenEnd(remote, port),
                to: SeenEnd(place.broadcast, UInt16(place.port))
            )
        }
        guard place.holds(remote) else {
            refusedDatagrams += 1
            return
        }
        if broadcasts[remote.bits] == nil, broadcasts.count >= NetworkBounds.broadcasters { return }
        broadcasts[remote.bits, default: 0] += 1
        guard broadcasts[remote.bits, default: 0] <= NetworkBounds.broadcastsPerSecond else {
            return
        }
        do throws(WireError) {
            let message = try WirePeerMessage(parsing: bytes, from: .datagram)
            report(.heard(message, from: remote), to: nil)
        } catch {
            refusedDatagrams += 1
        }
    }
}

extension PhoneEndpoint {
    /// Carries out what the phone asks for.
    func perform(_ task: PhoneNetworkTask) {
        switch task.action {
        case .appear, .vanish: break
        case .broadcast(let message, after: let nanoseconds):
            broadcast(message, after: nanoseconds)
        case .send(let message, to: let remote): send(message, to: remote)
        case .close(let fileName, let remote): close(fileName, remote)
        case .upload(let file, to: let remote, let isWrong):
            upload(file, to: remote, isWrong: isWrong)
        case .endUpload(let fileName, to: let remote): endUpload(fileName, to: remote)
        case .fetch(let file, from: let server, let blockDelay):
            fetch(file, from: server, blockDelay: blockDelay)
        case .endDownload: endDownload()
        case .spoil(let file, let bytes): spoil(file, bytes)
        case .verify(let file): verify(file)
        case .write(let file): write(file)
        case .restrain(let reads, let sends): restrain(reads: reads, sends: sends)
        }
    }
}

/// Hears broadcasts for all phones of the process.
private final class BroadcastHearer: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private unowned let board: PhoneBoard

    init(_ board: PhoneBoard) { self.board = board }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let remote = IPv4Address(envelope.remoteAddress) else { return }
        let port = UInt16(envelope.remoteAddress.port ?? 0)
        board.heard(Array(envelope.data.readableBytesView), from: remote, port: port)
    }

    /// What one datagram did has no part in the next.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}

extension IPv4Address {
    /// The address of a socket's address; nil when that is another kind.
    init?(_ address: SocketAddress) {
        guard case .v4 = address else { return nil }
        self.init(bits: UInt32(truncatingIfNeeded: TFTPEndpoint(address).low))
    }
}
