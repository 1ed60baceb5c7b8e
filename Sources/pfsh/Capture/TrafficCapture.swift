// A capture of what phones send: what simulated phones put on the wire and what the sockets of attached ones say
// is collected while time passes, and becomes a pcapng file when the capture ends.

import Interpreter
import NetIO
import PFSRuntime

/// A capture that goes on.
final class TrafficCapture {
    /// The most records of a capture: some 400 MB; own choice.
    static let recordLimit = 4_000_000
    /// The most bytes of a file, 1 GiB; own choice.
    static let byteLimit = 1 << 30

    private let path: String
    private let chosen: Set<Int>?
    private var records: [WireRecord] = []
    private var seen: [(time: Instant, traffic: SeenTraffic)] = []
    /// Where the phones were attached while the capture went on.
    private var place: NetworkPlace?
    /// Records that found no room.
    private var lostCount = 0

    /// Makes a capture of some phones, or of all, that has begun nowhere yet.
    init(_ path: String, _ selection: Selection?) {
        self.path = path
        chosen = selection.map { Set($0.ids) }
    }

    /// Goes on with a world that is another now, or on a network.
    func goOn(in world: World, _ attachment: Attachment?) {
        world.recordsTraffic = true
        attachment?.watchTraffic(true)
    }

    /// Takes over what was sent since the last time.
    func take(_ world: World, _ attachment: Attachment?) {
        guard world.recordsTraffic else { return }
        add(world.takeTraffic())
        guard let attachment else { return }
        place = attachment.place
        attachment.watchTraffic(true)
        let taken = attachment.takeTraffic()
        let room = max(0, Self.recordLimit - records.count - seen.count)
        seen += taken.seen.prefix(room)
        lostCount += max(0, taken.seen.count - room) + taken.lost
    }

    /// Adds what was recorded of a simulated world.
    func add(_ taken: some Collection<WireRecord>) {
        let room = max(0, Self.recordLimit - records.count - seen.count)
        records += taken.prefix(room)
        lostCount += max(0, taken.count - room)
    }

    /// What a file was made of.
    struct Summary {
        var packets = 0
        var bytes = 0
        var lost = 0
        /// Whether the file is full, so that packets are missing at the end.
        var isCut = false
    }

    /// Ends the capture and writes the file, at once or not at all.
    ///
    /// Throws a diagnostic of kind `.outside` where it cannot be written, `.interrupted` on Ctrl-C.
    func finish(
        _ world: World,
        _ attachment: Attachment?,
        in host: ShellHost?
    ) throws(Diagnostic) -> Summary {
        take(world, attachment)
        world.recordsTraffic = false
        attachment?.watchTraffic(false)
        return try write(world, until: world.now, in: host)
    }

    /// Writes what was collected up to a time.
    func write(
        _ world: World,
        until end: Instant,
        in host: ShellHost?
    ) throws(Diagnostic) -> Summary {
        var writer = PcapngFile(world, limitBytes: Self.byteLimit, isReal: place != nil)
        let chosen = chosen
        var maker = PacketMaker(world) { chosen?.contains(Int($0.index)) ?? true }
        maker.make(records, until: end) { packet in
            writer.append(packet)
            return !(writer.isFull || host?.isInterrupted ?? false)
        }
        if let place { writeSeen(world, place, to: &writer, in: host) }
        try host?.checkInterrupt()
        do throws(FileError) {
            try FileStore.write(writer.bytes, to: path)
        } catch {
            throw Diagnostic(error.description, kind: .outside)
        }
        return Summary(
            packets: writer.packetCount,
            bytes: writer.bytes.count,
            lost: lostCount,
            isCut: writer.isFull
        )
    }

    private func writeSeen(
        _ world: World,
        _ place: NetworkPlace,
        to writer: inout PcapngFile,
        in host: ShellHost?
    ) {
        var maker = SeenPacketMaker(world, at: place)
        for (time, traffic) in seen {
            if writer.isFull || host?.isInterrupted ?? false { return }
            let phones = maker.phones(of: traffic)
            // What strangers say to all is for whoever is chosen.
            let isMeant = phones.contains { chosen?.contains(Int($0.index)) ?? true }
            guard isMeant || phones.isEmpty else { continue }
            for packet in maker.packets(of: traffic) { writer.append(packet, at: time) }
        }
    }
}

/// A pcapng file in the making: an interface for each phone, named after it, and its packets.
struct PcapngFile {
    private(set) var bytes: [UInt8]
    private(set) var packetCount = 0
    private var interfaces: [PhoneNumber?: UInt32] = [:]
    private let world: World
    private let limitBytes: Int
    /// Added to the world's time, so that the time of day is the one that the log shows.
    private let offset: Int64

    init(_ world: World, limitBytes: Int, isReal: Bool) {
        self.world = world
        self.limitBytes = limitBytes
        offset = world.wallClock.time(at: .zero).microseconds * 1_000
        bytes = PcapngBlock.sectionHeader(
            hardware: isReal ? "phones on a network" : "simulated phones",
            application: "pfsh \(Version.text)",
            comment: isReal
                ? "what the phones' sockets said and heard; files are cut short"
                : "made of a simulation; what is in the files is made up"
        )
    }

    /// Whether nothing more goes in.
    var isFull: Bool { bytes.count >= limitBytes }

    mutating func append(_ packet: CapturedPacket) {
        append(
            SeenPacket(
                phone: packet.phone,
                direction: packet.direction,
                bytes: packet.bytes,
                originalBytes: packet.bytes.count,
                comments: packet.comments
            ),
            at: packet.time
        )
    }

    mutating func append(_ packet: SeenPacket, at time: Instant) {
        guard !isFull else { return }
        bytes += PcapngBlock.packet(
            interface: interface(of: packet.phone),
            nanoseconds: time.nanoseconds + offset,
            bytes: packet.bytes[...],
            originalBytes: packet.originalBytes,
            packet.direction,
            comments: packet.comments
        )
        packetCount += 1
    }

    /// The number of a phone's interface, which is put into the file before its first packet.
    private mutating func interface(of phone: PhoneNumber?) -> UInt32 {
        if let known = interfaces[phone] { return known }
        let number = UInt32(interfaces.count)
        interfaces[phone] = number
        if let phone {
            let identity = world.identity(phone)
            bytes += PcapngBlock.interface(
                name: identity.name,
                description: "SEP\(identity.mac), \(identity.model.model.name)",
                mac: identity.mac,
                address: world.address(of: phone)
            )
        } else {
            bytes += PcapngBlock.interface(name: "network", description: "what others broadcast")
        }
        return number
    }
}
