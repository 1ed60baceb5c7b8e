// Listening before speaking: whether somebody on a network uses the peers' port who is not pfsh.

import Glibc
public import PFSRuntime

/// What was heard on a port before anything was said.
public struct BroadcastScout: Hashable, Sendable {
    /// Addresses that sent what is no message of pfsh.
    public let strangers: [IPv4Address]
    /// Addresses that sent messages of pfsh.
    public let peers: [IPv4Address]

    /// The most addresses of each kind that are kept.
    private static let addressLimit = 16

    /// Listens for broadcasts, so many milliseconds; `isStopped` is asked ten times a second.
    ///
    /// Throws `NetworkError` where the port cannot be had.
    public static func listen(
        _ place: NetworkPlace,
        milliseconds: Int,
        isStopped: () -> Bool
    ) throws(NetworkError) -> BroadcastScout {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw failure(place) }
        defer { close(descriptor) }
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var local = sockaddr_in()
        local.sin_family = sa_family_t(AF_INET)
        local.sin_port = in_port_t(UInt16(place.port).bigEndian)
        local.sin_addr.s_addr = place.broadcast.bits.bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafePointer(to: local) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0
            }
        }
        guard isBound else { throw failure(place) }
        var (strangers, peers): ([IPv4Address], [IPv4Address]) = ([], [])
        let end = NetworkClock.nanoseconds + Int64(milliseconds) * 1_000_000
        while NetworkClock.nanoseconds < end, !isStopped() {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let left = max(min((end - NetworkClock.nanoseconds) / 1_000_000, 100), 1)
            guard poll(&waiting, 1, Int32(left)) > 0 else { continue }
            guard let (bytes, sender) = receive(descriptor) else { continue }
            if bytes.starts(with: WirePeerMessage.magic) {
                note(sender, in: &peers)
            } else {
                note(sender, in: &strangers)
            }
        }
        return BroadcastScout(strangers: strangers, peers: peers)
    }

    private static func note(_ address: IPv4Address, in list: inout [IPv4Address]) {
        if list.count < addressLimit, !list.contains(address) { list.append(address) }
    }

    private static func receive(_ descriptor: Int32) -> (bytes: [UInt8], sender: IPv4Address)? {
        var bytes = [UInt8](repeating: 0, count: WirePeerMessage.mostBytes + 1)
        var sender = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let capacity = bytes.count
        let count = withUnsafeMutablePointer(to: &sender) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(descriptor, &bytes, capacity, 0, $0, &size)
            }
        }
        guard count >= 0 else { return nil }
        let address = IPv4Address(bits: UInt32(bigEndian: sender.sin_addr.s_addr))
        return (Array(bytes.prefix(count)), address)
    }

    private static func failure(_ place: NetworkPlace) -> NetworkError {
        .cannotBind("\(place.broadcast):\(place.port)", reason: String(cString: strerror(errno)))
    }
}
