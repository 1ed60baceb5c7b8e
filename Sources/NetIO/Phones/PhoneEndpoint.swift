// One phone on the network: its sockets, its links, the file that comes to it and those that it holds.
// Confined to the event loop of its network.

import NIOCore
import NIOPosix
import PFSRuntime

/// A phone's sockets and files.
final class PhoneEndpoint {
    let phone: LocalPhone
    let incarnation: UInt16
    let board: PhoneBoard
    let folder: PhoneFolder
    private var listener: (any Channel)?
    private var sender: (any Channel)?
    private var links: [PeerLink] = []
    private var channels: [ObjectIdentifier: any Channel] = [:]
    /// What comes from a parent, and over which link.
    weak var source: PeerLink?
    private weak var incoming: IncomingFile?
    var reportedBytes: Int64 = 0
    private var reportedAt = NIODeadline.now()
    /// Whether a fault lets the phone read from its sockets, and send files.
    private var reads = true
    private(set) var sends = true
    /// What came last, and is to be checked.
    var arrived: (file: SharedFile, stored: StoredFile, sha256: [UInt8]?)?
    /// Checked files, by name: what may be given to others.
    var held: [String: StoredFile] = [:]
    var fetch: ServerFetch?
    private(set) var isGone = false

    init(_ phone: LocalPhone, incarnation: UInt16, folder: PhoneFolder, board: PhoneBoard) {
        self.phone = phone
        self.incarnation = incarnation
        self.folder = folder
        self.board = board
    }

    func report(_ event: PhoneNetworkEvent) {
        guard !isGone else { return }
        board.report(event, to: phone.number, incarnation)
    }

    // MARK: Being there

    /// Opens the phone's sockets; trouble is reported.
    func open() {
        let address = phone.address.description
        let port = board.place.port
        let bound = NIOLoopBound(self, eventLoop: board.loop)
        board.datagramBootstrap(ofPhone: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    InterfaceBinding.bind(channel, to: bound.value.board.place)
                }
            }
            .bind(host: address, port: port)
            .whenComplete { result in
                let endpoint = bound.value
                switch result {
                case .success(let channel) where endpoint.isGone: channel.close(promise: nil)
                case .success(let channel): endpoint.sender = channel
                case .failure(let error):
                    endpoint.report(.trouble("UDP \(address):\(port): \(error)"))
                }
            }
        ServerBootstrap(group: board.loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: Int32(NetworkBounds.linksOfPhone))
            .childChannelOption(.autoRead, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try bound.value.accept(channel) }
            }
            .bind(host: address, port: port)
            .whenComplete { result in
                let endpoint = bound.value
                switch result {
                case .success(let channel) where endpoint.isGone: channel.close(promise: nil)
                case .success(let channel): endpoint.listener = channel
                case .failure(let error):
                    endpoint.report(.trouble("TCP \(address):\(port): \(error)"))
                }
            }
    }

    /// Closes all that is open, as a power cut would.
    func vanish() {
        isGone = true
        listener?.close(promise: nil)
        sender?.close(promise: nil)
        for channel in channels.values { channel.close(promise: nil) }
        links = []
        channels = [:]
        fetch?.stop()
        fetch = nil
        arrived = nil
        held = [:]
    }

    /// Cuts links that are silent for too long, and says how far the file is that comes.
    func lookAtLinks() {
        if let source, let incoming { report(incoming, from: source) }
        // Who does not read hears nothing, whatever the others say.
        guard reads else { return }
        let limit = NIODeadline.now() - .seconds(NetworkBounds.silenceSeconds)
        for link in links where link.heardAt < limit { channel(of: link)?.close(promise: nil) }
    }

    private func channel(of link: PeerLink) -> (any Channel)? { channels[ObjectIdentifier(link)] }

    private struct Refused: Error {}

    private func accept(_ channel: any Channel) throws {
        guard !isGone, links.count < NetworkBounds.linksOfPhone,
            let remote = channel.remoteAddress.flatMap(IPv4Address.init),
            remote != phone.address, board.place.holds(remote),
            links.count(where: { $0.remote == remote && !$0.isOutgoing })
                < NetworkBounds.linksFromAddress
        else { throw Refused() }
        let link = PeerLink(self, remote: remote, isOutgoing: false, fileName: nil)
        try channel.pipeline.syncOperations.addHandler(link)
        links.append(link)
        channels[ObjectIdentifier(link)] = channel
        if !reads { channel.setOption(.autoRead, value: false).whenComplete { _ in } }
    }

    /// From now on reads from its links or leaves what comes there, and goes on with files or lets them
    /// stand still.
    func restrain(reads: Bool, sends: Bool) {
        self.reads = reads
        self.sends = sends
        for channel in channels.values {
            channel.setOption(.autoRead, value: reads).whenComplete { _ in }
        }
        for link in links {
            if reads { link.countSilenceAnew() }
            if sends { link.goOn() }
        }
    }

    // MARK: What the phone says

    /// Sends a broadcast after a while.
    func broadcast(_ message: WirePeerMessage, after nanoseconds: Int64) {
        let bound = NIOLoopBound(self, eventLoop: board.loop)
        let place = board.place
        board.loop.scheduleTask(in: .nanoseconds(max(nanoseconds, 0))) {
            let endpoint = bound.value
            guard !endpoint.isGone, let sender = endpoint.sender,
                let target = try? SocketAddress(
                    ipAddress: place.broadcast.description,
                    port: place.port
                )
            else { return }
            let bytes = message.bytes()
            let board = endpoint.board
            if board.tap.isOn {
                board.tap.note(
                    .datagram(bytes, byteCount: bytes.count),
                    of: endpoint.phone.number,
                    isOutgoing: true,
                    from: SeenEnd(endpoint.phone.address, UInt16(place.port)),
                    to: SeenEnd(place.broadcast, UInt16(place.port))
                )
            }
            let buffer = sender.allocator.buffer(bytes: bytes)
            sender.writeAndFlush(
                AddressedEnvelope(remoteAddress: target, data: buffer),
                promise: nil
            )
        }
    }

    /// Sends a message over the link about a file; a Join opens it.
    func send(_ message: WirePeerMessage, to remote: IPv4Address) {
        switch message.message {
        case .join:
            for link in links(message.fileName, remote) where link.isOutgoing { link.close() }
            openLink(about: message, to: remote)
        case .complete:
            for link in links(message.fileName, remote) where link.isOutgoing { link.send(message) }
        case .accept, .refuse, .rootless, .dissolve:
            for link in links(message.fileName, remote) where !link.isOutgoing {
                link.send(message)
            }
        case .hold, .bye, .claim, .confirmed, .offer, .failed:
            for link in links(message.fileName, remote) { link.send(message) }
        }
    }

    func links(_ fileName: String, _ remote: IPv4Address) -> [PeerLink] {
        links.filter { $0.fileName == fileName && $0.remote == remote && !$0.isClosing }
    }

    private func openLink(about join: WirePeerMessage, to remote: IPv4Address) {
        let link = PeerLink(self, remote: remote, isOutgoing: true, fileName: join.fileName)
        link.send(join)
        links.append(link)
        let bound = NIOLoopBound((self, link), eventLoop: board.loop)
        do {
            let source = try SocketAddress(ipAddress: phone.address.description, port: 0)
            board.clientBootstrap()
                .bind(to: source)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let (endpoint, link) = bound.value
                        try channel.pipeline.syncOperations.addHandler(link)
                        endpoint.channels[ObjectIdentifier(link)] = channel
                        if !endpoint.reads {
                            channel.setOption(.autoRead, value: false).whenComplete { _ in }
                        }
                    }
                }
                .connect(host: remote.description, port: board.place.port)
                .whenFailure { _ in
                    let (endpoint, link) = bound.value
                    endpoint.linkClosed(link)
                }
        } catch {
            linkClosed(link)
        }
    }

    /// Closes the link about a file.
    func close(_ fileName: String, _ remote: IPv4Address) {
        for link in links(fileName, remote) { link.close() }
    }
}

extension PhoneEndpoint: PeerLinkOwner {
    var isSeen: Bool { board.tap.isOn }

    func link(_ link: PeerLink, saw content: SeenTraffic.Content, isOutgoing: Bool) {
        // What a phone of this process sent is noted there.
        guard let channel = channel(of: link), isOutgoing || !board.isOwn(link.remote) else {
            return
        }
        let own = SeenEnd(phone.address, UInt16(channel.localAddress?.port ?? 0))
        let other = SeenEnd(link.remote, UInt16(channel.remoteAddress?.port ?? 0))
        board.tap.note(
            content,
            of: phone.number,
            isOutgoing: isOutgoing,
            from: isOutgoing ? own : other,
            to: isOutgoing ? other : own
        )
    }

    func link(_ link: PeerLink, received message: WirePeerMessage) {
        guard message.modelName == phone.modelName else {
            link.close()
            return
        }
        if link.fileName == nil, case .join = message.message { link.fileName = message.fileName }
        guard link.fileName == message.fileName else {
            link.close()
            return
        }
        report(.received(message, from: link.remote))
        // Who was refused asks elsewhere, and lets the link go at once: others wait for room.
        if case .refuse = message.message { link.close() }
    }

    func link(_ link: PeerLink, begins header: WireFileHeader) -> IncomingFile? {
        guard let file = board.files[header.fileName], header.sizeBytes == file.sizeBytes,
            header.modelName == phone.modelName, source == nil, fetch == nil
        else { return nil }
        do throws(StoreError) {
            let incoming = try folder.begin(file.name, sizeBytes: file.sizeBytes)
            source = link
            self.incoming = incoming
            reportedBytes = 0
            reportedAt = .now()
            report(.progress(bytes: 0, from: link.remote))
            return incoming
        } catch {
            report(.trouble("\(phone.name): \(error)"))
            return nil
        }
    }

    func linkProgressed(_ link: PeerLink, _ file: IncomingFile) {
        // Twenty times for a file are enough to see how it goes on, and four times a second: each
        // wakes the thread that has the world.
        guard file.receivedBytes - reportedBytes >= max(file.sizeBytes / 20, 1),
            link.heardAt - reportedAt >= .milliseconds(250)
        else { return }
        report(file, from: link)
    }

    private func report(_ file: IncomingFile, from link: PeerLink) {
        guard file.receivedBytes > reportedBytes else { return }
        reportedBytes = file.receivedBytes
        reportedAt = link.heardAt
        report(.progress(bytes: file.receivedBytes, from: link.remote))
    }

    func link(_ link: PeerLink, completed file: IncomingFile) {
        source = nil
        guard let shared = board.files[file.name] else { return }
        let (stored, sha256) = file.finished()
        arrived = (shared, stored, sha256)
        report(.fileArrived(fileName: file.name, from: link.remote))
    }

    func link(_ link: PeerLink, failed error: StoreError) {
        report(.trouble("\(phone.name): \(error)"))
    }

    func linkClosed(_ link: PeerLink) {
        guard let index = links.firstIndex(where: { $0 === link }) else { return }
        links.remove(at: index)
        channels[ObjectIdentifier(link)] = nil
        if source === link { source = nil }
        guard !link.isClosing, let fileName = link.fileName else { return }
        report(.linkLost(fileName: fileName, link.remote))
    }
}
