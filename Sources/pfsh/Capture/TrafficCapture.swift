// A capture of what simulated phones send: what they put on the wire is collected while time passes, and
// becomes a pcapng file when the capture ends.

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
    /// Records that found no room.
    private var lostCount = 0

    /// Begins a capture of some phones, or of all.
    init(_ path: String, _ selection: Selection?, _ world: World) {
        self.path = path
        chosen = selection.map { Set($0.ids) }
        goOn(in: world)
    }

    /// Goes on with a world that is another now.
    func goOn(in world: World) { world.recordsTraffic = true }

    /// Takes over what was sent since the last time.
    func take(_ world: World) {
        guard world.recordsTraffic else { return }
        let taken = world.takeTraffic()
        let room = Self.recordLimit - records.count
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
    func finish(_ world: World, in host: ShellHost?) throws(Diagnostic) -> Summary {
        take(world)
        world.recordsTraffic = false
        var writer = PcapngFile(world, limitBytes: Self.byteLimit)
        let chosen = chosen
        var maker = PacketMaker(world) { chosen?.contains(Int($0.index)) ?? true }
        maker.make(records, until: world.now) { packet in
            writer.append(packet)
            return !(writer.isFull || host?.isInterrupted ?? false)
        }
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
}

/// A pcapng file in the making: an interface for each phone, named after it, and its packets.
struct PcapngFile {
    private(set) var bytes: [UInt8]
    private(set) var packetCount = 0
    private var interfaces: [PhoneNumber: UInt32] = [:]
    private let world: World
    private let limitBytes: Int
    /// Added to the world's time, so that the time of day is the one that the log shows.
    private let offset: Int64

    init(_ world: World, limitBytes: Int) {
        self.world = world
        self.limitBytes = limitBytes
        offset = world.wallClock.time(at: .zero).microseconds * 1_000
        bytes = PcapngBlock.sectionHeader(
            hardware: "simulated phones",
            application: "pfsh \(Version.text)",
            comment: "made of a simulation; what is in the files is made up"
        )
    }

    /// Whether nothing more goes in.
    var isFull: Bool { bytes.count >= limitBytes }

    mutating func append(_ packet: CapturedPacket) {
        guard !isFull else { return }
        let interface: UInt32
        if let known = interfaces[packet.phone] {
            interface = known
        } else {
            interface = UInt32(interfaces.count)
            interfaces[packet.phone] = interface
            let identity = world.identity(packet.phone)
            bytes += PcapngBlock.interface(
                name: identity.name,
                description: "SEP\(identity.mac), \(identity.model.model.name)",
                mac: identity.mac,
                address: world.address(of: packet.phone)
            )
        }
        bytes += PcapngBlock.packet(
            interface: interface,
            nanoseconds: packet.time.nanoseconds + offset,
            bytes: packet.bytes[...],
            originalBytes: packet.bytes.count,
            packet.direction,
            comments: packet.comments
        )
        packetCount += 1
    }
}
