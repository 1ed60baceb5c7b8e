// Where attached phones are: addresses, ports and the bounds of what strangers may cost. The world's
// addresses and the network's differ on loopback only, where phones have 127.x.y.z.

public import PFSRuntime

/// The network that phones are attached to.
public struct NetworkPlace: Hashable, Sendable {
    /// The port of the peers' protocol, UDP and TCP [attested].
    public static let standardPort = 4_051

    /// The interface's name, such as `eth0`; nil for loopback.
    public var interface: String?
    /// The world's subnet.
    public var subnet: IPv4Network
    /// The port of the peers' protocol.
    public var port: Int
    /// The port of TFTP servers.
    public var tftpPort: Int

    /// A place on an interface, or on loopback.
    public init(
        interface: String?,
        subnet: IPv4Network,
        port: Int = NetworkPlace.standardPort,
        tftpPort: Int = 69
    ) {
        self.interface = interface
        self.subnet = subnet
        self.port = port
        self.tftpPort = tftpPort
    }

    /// The bits of an address that the world and loopback share.
    private static let loopbackMask: UInt32 = 0x00FF_FFFF

    /// The network's address for one of the world's.
    public func real(_ address: IPv4Address) -> IPv4Address {
        guard interface == nil else { return address }
        return IPv4Address(bits: 127 << 24 | address.bits & Self.loopbackMask)
    }

    /// The world's address for one of the network's.
    public func virtual(_ address: IPv4Address) -> IPv4Address {
        guard interface == nil else { return address }
        return IPv4Address(
            bits: subnet.base.bits & ~Self.loopbackMask | address.bits & Self.loopbackMask
        )
    }

    /// Where broadcasts go.
    public var broadcast: IPv4Address {
        interface == nil ? IPv4Address(bits: 0x7FFF_FFFF) : subnet.broadcast
    }

    /// Whether a phone of the subnet can have the address, which is one of the network's.
    func holds(_ address: IPv4Address) -> Bool { subnet.holdsHost(virtual(address)) }

    /// A message with the network's addresses in the place of the world's.
    func outgoing(_ message: PeerMessage) -> PeerMessage { mapped(message, real) }

    /// A message with the world's addresses in the place of the network's.
    public func incoming(_ message: PeerMessage) -> PeerMessage { mapped(message, virtual) }

    private func mapped(
        _ message: PeerMessage,
        _ address: (IPv4Address) -> IPv4Address
    ) -> PeerMessage {
        switch message {
        case .accept(var position):
            position.root = address(position.root)
            return .accept(position)
        case .hold(var position):
            position.root = address(position.root)
            return .hold(position)
        case .refuse(redirect: let target):
            return .refuse(redirect: target.map(address))
        case .claim, .confirmed, .offer, .failed, .join, .rootless, .dissolve, .complete, .bye:
            return message
        }
    }
}

/// What strangers may cost; own choices, each with what it is for.
enum NetworkBounds {
    /// Links that a phone takes at once: as a new root it is asked by all phones of its subnet, two for
    /// each phone of a /24.
    static let linksOfPhone = 512
    /// Links that one address may have to one phone at once: one for each file.
    static let linksFromAddress = 8
    /// How long a link may be open without a first message, or silent, in seconds: the peers' own
    /// limit is 6 s of silence.
    static let silenceSeconds: Int64 = 10
    /// Messages of one link in a second: phones send one every 2 s, and a few at a change.
    static let messagesPerSecond = 200
    /// Broadcasts of one address in a second: a phone that claims sends four.
    static let broadcastsPerSecond = 100
    /// Addresses whose broadcasts are counted; of others every broadcast is dropped.
    static let broadcasters = 4_096
    /// Bytes of a parent's file that are read at once: a piece, which a core's cache holds.
    static let readBytes = WirePiece.byteLimit
}
