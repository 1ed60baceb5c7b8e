// A phone's fetch from a real TFTP server.

import NIOCore
import NIOPosix
import PFSRuntime

/// A fetch under way; confined to the event loop of its phone.
final class ServerFetch {
    /// How often a transfer is looked at, in milliseconds; own choice.
    private static let lookMilliseconds: Int64 = 10
    /// How often progress is told, in looks.
    private static let looksOfProgress = 25

    let file: SharedFile
    private let server: IPv4Address
    /// How much later than it could each block is answered, in nanoseconds.
    private let blockDelay: Int64
    private unowned let endpoint: PhoneEndpoint
    private var client: TFTPClient?
    private var watcher: RepeatedTask?
    private var looks = 0
    private var isOver = false

    init(
        _ file: SharedFile,
        from server: IPv4Address,
        blockDelay: Int64,
        _ endpoint: PhoneEndpoint
    ) {
        self.file = file
        self.server = server
        self.blockDelay = blockDelay
        self.endpoint = endpoint
    }

    /// Asks the server.
    func begin() {
        let host = server.description
        let path = endpoint.folder.temporaryPath(file.name)
        let (name, port) = (file.name, endpoint.board.place.tftpPort)
        let limit = file.sizeBytes
        let (source, tap) = (source(to: server), tap)
        let blockDelay = blockDelay
        let loop = endpoint.board.loop
        let bound = NIOLoopBound(self, eventLoop: loop)
        // Opening the socket waits for another loop, which this one must not.
        endpoint.board.threads.runIfActive(eventLoop: loop) {
            var wishes = TFTPWishes()
            wishes.transferSize = 0
            return try TFTPClient.get(
                name,
                from: host,
                port: port,
                to: path,
                wishes: wishes,
                limitBytes: limit,
                source: source,
                blockDelay: blockDelay,
                tap: tap
            )
        }
        .whenComplete { result in
            let fetch = bound.value
            switch result {
            case .success(let client): fetch.watch(client)
            case .failure: fetch.finish(.timedOut)
            }
        }
    }

    /// The phone's own address, which its server is to see; nil where loopback does not lead there.
    private func source(to server: IPv4Address) -> String? {
        let isNear = endpoint.board.place.interface != nil || server.bits >> 24 == 127
        return isNear ? endpoint.phone.address.description : nil
    }

    /// Notes the packets for a capture.
    private var tap: TFTPTap {
        let (tap, phone) = (endpoint.board.tap, endpoint.phone)
        return { isSent, port, remote, packet in
            guard tap.isOn, let address = IPv4Address(remote) else { return }
            let own = SeenEnd(phone.address, UInt16(port))
            let other = SeenEnd(address, UInt16(remote.port ?? 0))
            let kept = Array(packet.readableBytesView.prefix(TrafficTap.keptBytes))
            tap.note(
                .datagram(kept, byteCount: packet.readableBytes),
                of: phone.number,
                isOutgoing: isSent,
                from: isSent ? own : other,
                to: isSent ? other : own
            )
        }
    }

    private func watch(_ client: TFTPClient) {
        guard !isOver else {
            client.stop()
            return
        }
        self.client = client
        let loop = endpoint.board.loop
        let bound = NIOLoopBound(self, eventLoop: loop)
        let pause = TimeAmount.milliseconds(Self.lookMilliseconds)
        watcher = loop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { task in
            bound.value.look()
        }
    }

    private func look() {
        guard let client, !isOver else { return }
        let report = client.status.report
        looks += 1
        switch report.outcome {
        case .running:
            guard looks % Self.looksOfProgress == 0 else { return }
            endpoint.report(.progress(bytes: report.transferredBytes, from: nil))
        case .complete:
            watcher?.cancel()
            finish(.done)
        case .failed(let failure):
            watcher?.cancel()
            finish(failure == .timedOut ? .timedOut : .refused(.notFound))
        }
    }

    private func finish(_ outcome: FetchOutcome) {
        guard !isOver else { return }
        isOver = true
        endpoint.fetchEnded(self, outcome, server: server)
    }

    /// Ends it; nobody is told.
    func stop() {
        isOver = true
        watcher?.cancel()
        client?.stop()
    }
}
