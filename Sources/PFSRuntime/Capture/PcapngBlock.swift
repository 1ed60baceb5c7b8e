// Blocks of a pcapng file (IETF draft-ietf-opsawg-pcap): a section, its interfaces, its packets with
// comments. Numbers stand with the lowest byte first, which the section header says.

/// Makes the blocks of a pcapng file as bytes.
public enum PcapngBlock {
    /// The link type of Ethernet frames.
    private static let ethernet: UInt16 = 1
    /// Time stamps count nanoseconds.
    private static let nanosecondResolution: UInt8 = 9

    /// How a packet passed its interface.
    public enum Direction: UInt32, BitwiseCopyable, Sendable {
        /// Came in for this interface alone.
        case inbound = 0x05
        /// Came in for all.
        case inboundBroadcast = 0x0D
        /// Went out to one receiver.
        case outbound = 0x06
        /// Went out to all.
        case outboundBroadcast = 0x0E
    }

    /// The block that a file begins with.
    public static func sectionHeader(
        hardware: String,
        application: String,
        comment: String? = nil
    ) -> [UInt8] {
        var body: [UInt8] = []
        append(UInt32(0x1A2B_3C4D), to: &body)
        append(UInt16(1), to: &body)
        append(UInt16(0), to: &body)
        // The section's length is not known before its end.
        append(UInt64.max, to: &body)
        var options = option(2, text: hardware) + option(4, text: application)
        if let comment { options += option(1, text: comment) }
        return block(0x0A0D_0D0A, body, options: options)
    }

    /// An interface; packets name it by its number in the order of these blocks.
    ///
    /// Without addresses it stands for a whole network.
    public static func interface(
        name: String,
        description: String,
        mac: MACAddress? = nil,
        address: IPv4Address? = nil
    ) -> [UInt8] {
        var body: [UInt8] = []
        append(ethernet, to: &body)
        append(UInt16(0), to: &body)
        append(UInt32(0), to: &body)
        let options =
            option(2, text: name) + option(3, text: description)
            + (address.map { option(4, $0.bytes + [255, 255, 255, 255]) } ?? [])
            + (mac.map { option(6, $0.bytes) } ?? [])
            + option(9, [nanosecondResolution])
        return block(1, body, options: options)
    }

    /// A packet: `bytes` of it were kept, `originalBytes` it had.
    public static func packet(
        interface: UInt32,
        nanoseconds: Int64,
        bytes: ArraySlice<UInt8>,
        originalBytes: Int,
        _ direction: Direction,
        comments: [String]
    ) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(bytes.count + 24)
        append(interface, to: &body)
        let time = UInt64(bitPattern: nanoseconds)
        append(UInt32(truncatingIfNeeded: time >> 32), to: &body)
        append(UInt32(truncatingIfNeeded: time), to: &body)
        append(UInt32(bytes.count), to: &body)
        append(UInt32(originalBytes), to: &body)
        body += bytes
        pad(&body)
        var flags: [UInt8] = []
        append(direction.rawValue, to: &flags)
        let options = comments.reduce(into: option(2, flags)) { $0 += option(1, text: $1) }
        return block(6, body, options: options)
    }

    private static func block(_ type: UInt32, _ body: [UInt8], options: [UInt8]) -> [UInt8] {
        let end: [UInt8] = options.isEmpty ? [] : [0, 0, 0, 0]
        let length = UInt32(12 + body.count + options.count + end.count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(length))
        append(type, to: &bytes)
        append(length, to: &bytes)
        bytes += body
        bytes += options
        bytes += end
        append(length, to: &bytes)
        return bytes
    }

    private static func option(_ code: UInt16, text: String) -> [UInt8] {
        option(code, Array(text.utf8.prefix(Int(UInt16.max))))
    }

    private static func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        append(code, to: &bytes)
        append(UInt16(value.count), to: &bytes)
        bytes += value
        pad(&bytes)
        return bytes
    }

    /// Zeros up to a multiple of four.
    private static func pad(_ bytes: inout [UInt8]) {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        var rest = value
        for _ in 0..<value.bitWidth / 8 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}

extension IPv4Address {
    /// The four bytes, as they stand in packets.
    var bytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) } }
}

extension MACAddress {
    /// The six bytes, as they stand in frames.
    var bytes: [UInt8] { [40, 32, 24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) } }
}
