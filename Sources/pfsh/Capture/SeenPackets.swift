// Packets of what attached phones' sockets said and heard. A socket does not see the handshakes, segments and
// acknowledgements of its connection: handshakes and ends are put where it said that it was open or closed, and
// data stand in segments as long as what was said or heard at once.

import NetIO
import PFSRuntime

/// A packet of an attached world.
struct SeenPacket {
    /// The phone at whose port it passed; nil where all heard it.
    let phone: PhoneNumber?
    let direction: PcapngBlock.Direction
    /// The frame as far as it was kept.
    let bytes: [UInt8]
    /// How long it was.
    let originalBytes: Int
    let comments: [String]
}

/// Makes packets of what was seen, in the order of time.
struct SeenPacketMaker {
    /// The most data in one segment: what the length of an IPv4 packet can say, less its headers.
    private static let segmentBytes = 65_000
    /// Bytes of the Ethernet, IPv4 and TCP headers.
    private static let segmentOverhead = 54
    /// Stands for all that is no phone of this world: locally administered.
    private static let outside = MACAddress(bits: 0x02_00_FF_FF_FF_FE)

    private let world: World
    private let place: NetworkPlace
    private let addresses: [IPv4Address: PhoneNumber]
    private var connections: [[SeenEnd]: Connection] = [:]
    private var identification: UInt16 = 0

    /// How far both directions of a connection are, by the end that sends.
    private struct Connection {
        var next: [SeenEnd: UInt32]
        var isClosed = false
    }

    init(_ world: World, at place: NetworkPlace) {
        self.world = world
        self.place = place
        addresses = Dictionary(
            world.phones.map { (place.real(world.address(of: $0)), $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The phones that send or get it; none where strangers speak to all.
    func phones(of traffic: SeenTraffic) -> [PhoneNumber] {
        [addresses[traffic.sender.address], addresses[traffic.receiver.address]].compactMap { $0 }
    }

    /// The packets of something seen.
    mutating func packets(of traffic: SeenTraffic) -> [SeenPacket] {
        switch traffic.content {
        case .datagram(let bytes, byteCount: let count):
            identification &+= 1
            let rest = [UInt8](repeating: 0, count: max(0, count - bytes.count))
            let frame = NetworkFrame.datagram(
                from: end(traffic.sender),
                to: end(traffic.receiver),
                identification: identification,
                bytes + rest
            )
            return [packet(frame, cut: rest.count, traffic)]
        case .opened: return open(traffic)
        case .data(let bytes, byteCount: let count): return data(bytes, count, traffic)
        case .closed: return close(traffic)
        }
    }

    // MARK: Connections

    private func key(_ traffic: SeenTraffic) -> [SeenEnd] {
        let ends = [traffic.sender, traffic.receiver]
        let isOrdered =
            (ends[0].address.bits, ends[0].port) < (ends[1].address.bits, ends[1].port)
        return isOrdered ? ends : [ends[1], ends[0]]
    }

    private mutating func open(_ traffic: SeenTraffic) -> [SeenPacket] {
        let (caller, other) = (traffic.sender, traffic.receiver)
        connections[key(traffic)] = Connection(next: [caller: 1, other: 1])
        let first = segment(caller, other, 0, 0, .synchronize)
        let second = segment(other, caller, 0, 1, [.synchronize, .acknowledge])
        let third = segment(caller, other, 1, 1, .acknowledge)
        return [
            packet(first, traffic), packet(second, traffic, isAnswer: true), packet(third, traffic),
        ]
    }

    private mutating func data(_ bytes: [UInt8], _ count: Int, _ traffic: SeenTraffic)
        -> [SeenPacket]
    {
        let key = key(traffic)
        // Of a connection that was there before the capture only this is known.
        var connection =
            connections[key] ?? Connection(next: [traffic.sender: 1, traffic.receiver: 1])
        var packets: [SeenPacket] = []
        var done = 0
        repeat {
            let length = min(count - done, Self.segmentBytes)
            let kept = Array(bytes.dropFirst(done).prefix(length))
            let rest = [UInt8](repeating: 0, count: length - kept.count)
            let sequence = connection.next[traffic.sender, default: 1]
            let frame = segment(
                traffic.sender,
                traffic.receiver,
                sequence,
                connection.next[traffic.receiver, default: 1],
                [.push, .acknowledge],
                kept + rest
            )
            connection.next[traffic.sender] = sequence &+ UInt32(length)
            packets.append(packet(frame, cut: rest.count, traffic))
            done += length
        } while done < count
        connections[key] = connection
        return packets
    }

    private mutating func close(_ traffic: SeenTraffic) -> [SeenPacket] {
        let key = key(traffic)
        guard var connection = connections[key], !connection.isClosed else { return [] }
        let (own, its) =
            (
                connection.next[traffic.sender, default: 1],
                connection.next[traffic.receiver, default: 1]
            )
        let first = segment(traffic.sender, traffic.receiver, own, its, [.finish, .acknowledge])
        let second = segment(
            traffic.receiver,
            traffic.sender,
            its,
            own &+ 1,
            [.finish, .acknowledge]
        )
        let third = segment(traffic.sender, traffic.receiver, own &+ 1, its &+ 1, .acknowledge)
        connection.isClosed = true
        connections[key] = connection
        return [
            packet(first, traffic), packet(second, traffic, isAnswer: true), packet(third, traffic),
        ]
    }

    private mutating func segment(
        _ sender: SeenEnd,
        _ receiver: SeenEnd,
        _ sequence: UInt32,
        _ acknowledgement: UInt32,
        _ flags: NetworkFrame.Flags,
        _ payload: [UInt8] = []
    ) -> [UInt8] {
        identification &+= 1
        return NetworkFrame.segment(
            from: end(sender),
            to: end(receiver),
            identification: identification,
            sequence: sequence,
            acknowledgement: acknowledgement,
            flags,
            payload
        )
    }

    // MARK: Parts

    private func end(_ seen: SeenEnd) -> FrameEnd {
        let mac: MACAddress
        if let phone = addresses[seen.address] {
            mac = world.identity(phone).mac
        } else {
            mac =
                seen.address == place.broadcast ? MACAddress(bits: 0xFFFF_FFFF_FFFF) : Self.outside
        }
        return FrameEnd(mac: mac, address: seen.address, port: seen.port)
    }

    private func packet(
        _ frame: [UInt8],
        cut: Int = 0,
        _ traffic: SeenTraffic,
        isAnswer: Bool = false
    ) -> SeenPacket {
        let isForAll = traffic.receiver.address == place.broadcast
        let isOut = traffic.isOutgoing != isAnswer
        return SeenPacket(
            phone: traffic.phone,
            direction: isForAll
                ? isOut ? .outboundBroadcast : .inboundBroadcast : isOut ? .outbound : .inbound,
            bytes: cut > 0 ? Array(frame.dropLast(cut)) : frame,
            originalBytes: frame.count,
            comments: [traffic.phone.map { world.name(of: $0) } ?? "heard by all"]
        )
    }
}
