// By what a file comes from a server. A 7800 or 8800 asks by HTTP first and by TFTP where that fails
// (attested: 8800 guide, "HTTP Download"); every other phone asks by TFTP. Here stands what a stream over
// TCP costs beside TFTP's blocks; it is counted in the same blocks, so that both share links.

/// By what a file comes from a server.
public enum FetchTransport: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// By TFTP, on UDP port 69.
    case tftp
    /// By HTTP, on CUCM's TCP port 6970 (attested).
    case http

    /// The protocol's name.
    public var name: String {
        switch self {
        case .tftp: "TFTP"
        case .http: "HTTP"
        }
    }
}

/// Why a server did not give a file.
public enum FetchRefusal: UInt8, BitwiseCopyable, Hashable, Sendable {
    /// It lacks the file.
    case missing
    /// It serves as many transfers as it may.
    case busy
    /// Nothing listens on that port.
    case closed
}

extension PhoneModel {
    /// What a phone of the model asks servers by first; TFTP follows where HTTP fails.
    ///
    /// Attested for the 7800 and 8800 series.
    public var firstTransport: FetchTransport {
        switch generation {
        case .series7800, .series8800: .http
        case .early, .second, .third, .series6900, .series8900, .series9900, .otherMaker: .tftp
        }
    }
}

extension SimulationParameters {
    /// What IPv4 and TCP without options add to a segment, in bytes (RFC 791, RFC 9293).
    static let segmentHeaderBytes: Int64 = 40
    /// Segments that a server sends before the first acknowledgement (RFC 6928).
    private static let firstSegments: Int64 = 10

    /// The bits that a block occupies on a link, headers included.
    func wireBits(_ transport: FetchTransport) -> Int64 {
        switch transport {
        case .tftp: (blockBytes + blockHeaderBytes) * 8
        case .http:
            (blockBytes * (chunkBytes + Self.segmentHeaderBytes) * 8 + chunkBytes - 1) / chunkBytes
        }
    }

    /// What a block of a stream costs over a way, in which `slowestPicoseconds` is HTTP's.
    ///
    /// A stream is bounded by the slowest link, by a window for each round trip, and by loss: after
    /// Mathis, Semke, Mahdavi and Ott, 1997, by 1.22 segments for each round trip and root of the loss.
    func streamCost(over way: NetworkWay) -> BlockCost {
        let trip = UInt128(max(way.roundTrip.nanoseconds, 0)) * 1_000
        let window = trip * UInt128(blockBytes) / UInt128(max(httpWindowBytes, 1))
        // The root of the loss in millionths, and 10,000 ÷ √1.5.
        let root = UInt128(Self.root(max(way.lossPartsPerMillion, 0) * 1_000_000))
        let loss = trip * UInt128(blockBytes) * root * 8_165
        let slowed = loss / (UInt128(max(chunkBytes, 1)) * 1_000_000 * 10_000)
        let slowest = UInt128(max(way.slowestPicoseconds, receivePicoseconds(bytes: blockBytes), 0))
        let again = UInt128(max(way.lossPartsPerMillion, 0)) << 32
        return BlockCost(
            alonePicoseconds: Int64(clamping: max(slowest, window, slowed)),
            lossRetransmissions: UInt64(
                clamping: again / UInt128(max(1_000_000 - way.lossPartsPerMillion, 1))
            ),
            giveUpChance: 0
        )
    }

    /// What a stream takes besides its blocks: the connection, the request, and the round trips in which
    /// the server's window is still small (slow start).
    func streamExtraTime(bytes: Int64, over way: NetworkWay) -> Interval {
        let trip = max(way.roundTrip.nanoseconds, 0)
        var extra = trip.multipliedReportingOverflow(by: 2).partialValue
        let cost = streamCost(over: way).alonePicoseconds
        // What a block's cost lets through in one round trip.
        let full = Int64(
            clamping: UInt128(trip) * 1_000 * UInt128(blockBytes) / UInt128(max(cost, 1))
        )
        var window = chunkBytes * Self.firstSegments
        var sent: Int64 = 0
        while window < full, sent + window < bytes {
            extra += trip - Int64(UInt128(trip) * UInt128(window) / UInt128(full))
            sent += window
            window *= 2
        }
        return Interval(nanoseconds: extra)
    }

    /// The whole part of a square root.
    private static func root(_ value: Int64) -> Int64 {
        var (low, high): (Int64, Int64) = (0, 3_037_000_499)
        while low < high {
            let middle = (low + high + 1) / 2
            if middle * middle <= value { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
