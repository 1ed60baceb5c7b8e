// Transfers packet by packet, for those who want to see how well flows describe them. Client and server
// are the state machines that real sockets drive; here the world drives them, in virtual time.

/// How transfers are played.
public enum TransferFidelity: String, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// As flows: an event when one begins and one when it ends.
    case flow
    /// Packet by packet: an event for each TFTP packet, and for each chunk between phones.
    case packet
}

/// A TFTP transfer of which every packet is played.
struct PacketTransfer: Sendable {
    /// Tells it from another one in the same place.
    let sequence: UInt64
    let phone: PhoneNumber
    let file: FileNumber
    let bytes: Int64
    let path: Int
    /// Half a round trip: what a packet takes besides its own length.
    let oneWay: Interval
    /// What a full block takes on the slowest link, where that is not the shared one, beyond what it
    /// takes on that.
    let furtherPicoseconds: Int64
    /// Packets lost each way, in parts per million.
    let lossPartsPerMillion: Int64
    var chance: RandomStream
    var client: TFTPTransfer
    /// Nil until the request has come.
    var server: TFTPTransfer?
    /// When the slowest link is free again, where that is not the shared one.
    var slowestFreeAt = Instant.zero
    /// When the phone has taken in all that has come.
    var takenInAt = Instant.zero
    /// The last block that was sent for the first time.
    var highestSent: Int64 = 0
    /// Whether the phone has the file, or has given up; the server may go on for a while.
    var isOver = false
    var isClientClosed = false
    var isServerClosed = false

    /// Whether the next packet of a direction is lost.
    mutating func losesPacket() -> Bool {
        guard lossPartsPerMillion > 0 else { return false }
        return chance.below(1_000_000) < UInt64(lossPartsPerMillion)
    }
}

/// Something that is to happen to a packet transfer.
enum PacketEvent: Sendable {
    /// A packet reaches the server; nil: the request.
    case toServer(TFTPSignal?)
    case toClient(TFTPSignal)
    case wakeServer
    case wakeClient
    /// The phone has taken in the last block.
    case takenIn
}

/// The packet transfers of a world, and what is on its way between their ends.
struct PacketTable: Sendable {
    private struct Pending {
        let place: Int
        let sequence: UInt64
        let event: PacketEvent
    }
    var transfers: [PacketTransfer?] = []
    private var freePlaces: [Int] = []
    private var pending: [Pending?] = []
    private var freePending: [Int] = []
    /// The place of each phone's transfer; looked up only.
    var places: [UInt32: Int] = [:]

    /// Puts a transfer in a place.
    mutating func add(_ transfer: PacketTransfer) -> Int {
        let place = freePlaces.popLast() ?? transfers.count
        if place == transfers.count { transfers.append(nil) }
        transfers[place] = transfer
        places[transfer.phone.index] = place
        return place
    }

    /// Forgets the transfer in a place; what is still on its way then finds nobody.
    mutating func remove(_ place: Int) {
        guard let transfer = transfers[place] else { return }
        if places[transfer.phone.index] == place { places[transfer.phone.index] = nil }
        transfers[place] = nil
        freePlaces.append(place)
    }

    /// Keeps what will happen to the transfer in a place; answers where.
    mutating func keep(_ event: PacketEvent, for place: Int) -> UInt32 {
        let sequence = transfers[place]?.sequence ?? 0
        let index = freePending.popLast() ?? pending.count
        if index == pending.count { pending.append(nil) }
        pending[index] = Pending(place: place, sequence: sequence, event: event)
        return UInt32(index)
    }

    /// What is to happen now, and to which transfer; nil when that is gone.
    mutating func take(_ index: UInt32) -> (place: Int, event: PacketEvent)? {
        guard let found = pending[Int(index)] else { return nil }
        pending[Int(index)] = nil
        freePending.append(Int(index))
        guard transfers[found.place]?.sequence == found.sequence else { return nil }
        return (found.place, found.event)
    }
}

extension SimulationParameters {
    /// The times of TFTP's state machines, from those of the model.
    var transferTimes: TFTPParameters {
        var times = TFTPParameters()
        // Longer than a world lasts: who never repeats itself waits for ever.
        let endless = Interval.seconds(3_200_000_000)
        let first = fetchTimeout > .zero ? fetchTimeout : endless
        times.firstTimeout = first
        times.timeoutLeast = first
        // Nothing in a world is late by chance.
        times.spreadLeast = .zero
        times.timeoutMost = max(first, fetchTimeout > .zero ? fetchTimeoutMost : endless)
        times.patience = fetchTimeout > .zero ? fetchPatience : endless
        return times
    }

    /// Whether a client asks for options (RFC 2347), which takes a round trip of its own.
    var asksForOptions: Bool {
        blockBytes != Int64(TFTPTerms.blockSizeStandard) || windowBlocks != 1
    }

    /// What a client asks for.
    var transferWishes: TFTPWishes {
        var wishes = TFTPWishes()
        guard asksForOptions else { return wishes }
        wishes.blockSize = Int(blockBytes)
        wishes.windowSize = Int(windowBlocks)
        return wishes
    }

    /// What the server makes of that: all of it.
    var transferTerms: (terms: TFTPTerms, acknowledged: [TFTPOption]) {
        guard asksForOptions else { return (TFTPTerms(), []) }
        var limits = TFTPLimits()
        limits.windowSize = TFTPTerms.windowSizeMost
        let request = TFTPRequest(
            fileName: "load",
            mode: .octet,
            options: transferWishes.options
        )
        return limits.terms(for: request, fileSize: nil)
    }

    /// What a transfer with options takes, beyond its blocks one after the other, when it is alone.
    ///
    /// The options take a round trip, the last window has the whole of its own, and a phone that
    /// takes in more slowly than blocks come begins a round trip late.
    func extraTime(blocks: Int64, over way: NetworkWay) -> Interval {
        guard asksForOptions else { return .zero }
        let window = max(windowBlocks, 1)
        let trip = UInt128(max(way.roundTrip.nanoseconds, 0)) * 1_000
        let slowest = UInt128(max(way.slowestPicoseconds, 0))
        let receiving = UInt128(max(receivePicoseconds(bytes: blockBytes), 0))
        let count = UInt128(max(blocks, 0))
        let windows = UInt128(max((blocks + window - 1) / window, 0))
        let whole = max(windows * trip + count * slowest, trip + slowest + count * receiving)
        let counted = count * max(slowest + trip / UInt128(window), receiving)
        let extra = trip + (whole > counted ? whole - counted : 0)
        return Interval(nanoseconds: Int64(clamping: extra / 1_000))
    }
}
