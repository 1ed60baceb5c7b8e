// Ethernet frames with IPv4 and UDP or TCP in them, lengths and checksums right: RFC 791, 768 and 9293.

/// One end of a conversation on a network.
public struct FrameEnd: BitwiseCopyable, Hashable, Sendable {
    /// The MAC address.
    public var mac: MACAddress
    /// The IPv4 address.
    public var address: IPv4Address
    /// The port.
    public var port: UInt16

    /// An end of its three numbers.
    public init(mac: MACAddress, address: IPv4Address, port: UInt16) {
        self.mac = mac
        self.address = address
        self.port = port
    }
}

/// Makes frames as bytes.
public enum NetworkFrame {
    /// Bytes of the Ethernet, IPv4 and UDP headers.
    public static let datagramOverhead = 42
    /// The most bytes of a TCP segment's data: what an Ethernet frame takes without options.
    public static let segmentBytes = 1_460
    /// The time to live of what phones send; own choice, the usual one.
    private static let timeToLive: UInt8 = 64

    /// The flags of a TCP segment.
    public struct Flags: OptionSet, BitwiseCopyable, Sendable {
        /// The bits as they stand in the header.
        public let rawValue: UInt8

        /// Flags of their bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// No more data from here.
        public static let finish = Flags(rawValue: 0x01)
        /// The first segment of a direction.
        public static let synchronize = Flags(rawValue: 0x02)
        /// The connection is given up.
        public static let reset = Flags(rawValue: 0x04)
        /// What was received may go to the reader.
        public static let push = Flags(rawValue: 0x08)
        /// The acknowledgement counts.
        public static let acknowledge = Flags(rawValue: 0x10)
    }

    /// A UDP datagram; `identification` tells the packets of a sender apart.
    public static func datagram(
        from source: FrameEnd,
        to destination: FrameEnd,
        identification: UInt16,
        _ payload: [UInt8]
    ) -> [UInt8] {
        var header: [UInt8] = []
        append(source.port, to: &header)
        append(destination.port, to: &header)
        append(UInt16(8 + payload.count), to: &header)
        append(UInt16(0), to: &header)
        var sum = checksum(17, source, destination, header + payload)
        // Zero would mean that there is none.
        if sum == 0 { sum = 0xFFFF }
        header[6] = UInt8(sum >> 8)
        header[7] = UInt8(sum & 0xFF)
        return frame(17, from: source, to: destination, identification, header + payload)
    }

    /// A TCP segment.
    public static func segment(
        from source: FrameEnd,
        to destination: FrameEnd,
        identification: UInt16,
        sequence: UInt32,
        acknowledgement: UInt32,
        _ flags: Flags,
        _ payload: [UInt8] = []
    ) -> [UInt8] {
        var header: [UInt8] = []
        append(source.port, to: &header)
        append(destination.port, to: &header)
        append(sequence, to: &header)
        append(flags.contains(.acknowledge) ? acknowledgement : 0, to: &header)
        header += [5 << 4, flags.rawValue]
        append(UInt16.max, to: &header)
        append(UInt32(0), to: &header)
        let sum = checksum(6, source, destination, header + payload)
        header[16] = UInt8(sum >> 8)
        header[17] = UInt8(sum & 0xFF)
        return frame(6, from: source, to: destination, identification, header + payload)
    }

    private static func frame(
        _ transport: UInt8,
        from source: FrameEnd,
        to destination: FrameEnd,
        _ identification: UInt16,
        _ packet: [UInt8]
    ) -> [UInt8] {
        var header: [UInt8] = [0x45, 0]
        append(UInt16(20 + packet.count), to: &header)
        append(identification, to: &header)
        header += [0x40, 0, timeToLive, transport, 0, 0]
        header += source.address.bytes + destination.address.bytes
        let sum = folded(sum(header))
        header[10] = UInt8(sum >> 8)
        header[11] = UInt8(sum & 0xFF)
        return destination.mac.bytes + source.mac.bytes + [0x08, 0x00] + header + packet
    }

    /// Over the pseudo header and the packet.
    private static func checksum(
        _ transport: UInt8,
        _ source: FrameEnd,
        _ destination: FrameEnd,
        _ packet: [UInt8]
    ) -> UInt16 {
        let pseudo = source.address.bytes + destination.address.bytes
        return folded(sum(pseudo) + UInt64(transport) + UInt64(packet.count) + sum(packet))
    }

    private static func sum(_ bytes: [UInt8]) -> UInt64 {
        var sum: UInt64 = 0
        var index = 0
        while index + 1 < bytes.count {
            sum += UInt64(bytes[index]) << 8 | UInt64(bytes[index + 1])
            index += 2
        }
        if index < bytes.count { sum += UInt64(bytes[index]) << 8 }
        return sum
    }

    private static func folded(_ sum: UInt64) -> UInt16 {
        var rest = sum
        while rest >> 16 != 0 { rest = (rest & 0xFFFF) + rest >> 16 }
        return ~UInt16(truncatingIfNeeded: rest)
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
