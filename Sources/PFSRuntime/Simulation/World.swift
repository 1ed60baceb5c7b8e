// A simulated world: sites, subnets, phones, their configuration, and the clock. This is what a
// shell or a test talks to; the kernel inside does the work. Everything here has a name, everything
// in the kernel a number.

internal import BasicContainers

/// What is known of a phone by name.
public struct PhoneIdentity: Sendable {
    /// The name that the user gave it.
    public let name: String
    /// The model.
    public let model: ModelID
    /// The protocol that it speaks.
    public let deviceProtocol: DeviceProtocol
    /// The MAC address.
    public let mac: MACAddress
    /// Its common phone profile, as an index; nil for none.
    public internal(set) var profile: Int?
    /// The field of peer firmware sharing on its own page.
    public internal(set) var deviceSetting: LevelSetting?
    /// The Load Server on its own page.
    public internal(set) var loadServer: LoadServerSetting?
    /// The Log Server on its own page.
    public internal(set) var logServer: LogServerSetting?
    /// Its own Phone Load Name; nil when the device default counts.
    public internal(set) var ownLoad: LoadID?
    /// Whether it was unplugged for good.
    public internal(set) var isRemoved = false
}

/// A group of phones that share settings.
public struct ProfileRecord: Sendable {
    /// The name.
    public let name: String
    /// The field of peer firmware sharing.
    public internal(set) var setting: LevelSetting?
    /// The Load Server.
    public internal(set) var loadServer: LoadServerSetting?
    /// The Log Server.
    public internal(set) var logServer: LogServerSetting?
}

/// A device default: which load the phones of a model and protocol run.
public struct DeviceDefault: Sendable {
    /// The model.
    public let model: ModelID
    /// The protocol.
    public let deviceProtocol: DeviceProtocol
    /// The load.
    public internal(set) var load: LoadID
}

/// A simulated world.
public final class World {
    /// The most phones in one world.
    public static let phoneLimit = 2_000_000
    /// The shortest prefix of a subnet: its table of addresses has 2²⁰ entries at most.
    public static let shortestPrefix = 12
    /// The seed of a world that was given none.
    public static let standardSeed: UInt64 = 1

    var kernel = Kernel()
    /// The seed of all chance in this world.
    public internal(set) var seed: UInt64
    /// The firmware that is known.
    public internal(set) var catalog = FirmwareCatalog()
    /// The CUCM that the phones are registered with.
    public internal(set) var cucm = CUCMVersion.standard
    /// Which time of day it is.
    public internal(set) var wallClock = WallClock.standard
    /// All phones, in the order of creation.
    public internal(set) var identities: [PhoneIdentity] = []
    /// The names of the sites.
    public internal(set) var siteNames: [String] = []
    /// The names of the subnets.
    public internal(set) var subnetNames: [String] = []
    /// The common phone profiles.
    public internal(set) var profiles: [ProfileRecord] = []
    /// The field of peer firmware sharing in the Enterprise Phone Configuration.
    public internal(set) var enterpriseSetting: LevelSetting?
    /// The Load Server in the Enterprise Phone Configuration.
    public internal(set) var enterpriseLoadServer: LoadServerSetting?
    /// The Log Server in the Enterprise Phone Configuration.
    public internal(set) var enterpriseLogServer: LogServerSetting?
    /// The device defaults that were set.
    public internal(set) var deviceDefaults: [DeviceDefault] = []
    /// Which known bugs are on, and for whom.
    public internal(set) var bugSwitches = BugSwitches()
    /// What device packs say of the field of peer firmware sharing, by model.
    public internal(set) var devicePacks: [DevicePack] = []
    /// The phone templates of the Bulk Administration Tool.
    public internal(set) var phoneTemplates: [PhoneTemplate] = []
    /// Values pinned in place of drawn ones.
    public internal(set) var pins: [PeerPin] = []

    /// Restarts ordered before time moved, oldest first.
    var restartOrders: [RestartOrder] = []

    var phonesByName: [String: Int] = [:]
    var phonesByMAC: [UInt64: Int] = [:]
    var filesByName: [String: FileNumber] = [:]
    /// For each group of the kernel, its subnet and model; found by their number.
    var groupsByKey: [UInt64: UInt32] = [:]

    /// The name of the site that is there from the beginning: headquarters, where the server is.
    public static let headquarters = "hq"
    /// The name of the TFTP server that is there from the beginning.
    public static let serverName = "tftp1"

    /// An empty world with the given seed.
    public init(seed: UInt64 = World.standardSeed) {
        self.seed = seed
        siteNames = [Self.headquarters]
        kernel.sites = [SiteRecord(wan: nil)]
        kernel.network.servers = [ServerRecord(name: Self.serverName, site: 0, answersHTTP: true)]
        kernel.network.seed = seed
    }

    /// The world's time.
    public var now: Instant { kernel.now }

    /// Whether the clock has left the beginning.
    public var hasStarted: Bool { kernel.now > .zero || kernel.eventCount > 0 }

    /// How many phones there are, removed ones included.
    public var phoneCount: Int { identities.count }

    /// The phone of a name; nil when there is none, or it was removed.
    public func phone(named name: String) -> PhoneNumber? {
        guard let index = phonesByName[name] else { return nil }
        return PhoneNumber(index)
    }

    /// The phone of a MAC address; nil when there is none, or it was removed.
    public func phone(at mac: MACAddress) -> PhoneNumber? {
        phonesByMAC[mac.bits].map { PhoneNumber($0) }
    }

    /// What is known of a phone by name.
    public func identity(_ phone: PhoneNumber) -> PhoneIdentity { identities[Int(phone.index)] }

    /// The name of a phone.
    ///
    /// The world itself, where no phone is meant, is called `world`.
    public func name(of phone: PhoneNumber) -> String {
        phone == .world ? "world" : identities[Int(phone.index)].name
    }

    /// The index of a subnet by name.
    public func subnet(named name: String) throws(WorldError) -> Int {
        guard let index = subnetNames.firstIndex(of: name) else {
            throw .unknown(.subnet, name, known: subnetNames)
        }
        return index
    }

    /// The index of a site by name.
    public func site(named name: String) throws(WorldError) -> Int {
        guard let index = siteNames.firstIndex(of: name) else {
            throw .unknown(.site, name, known: siteNames)
        }
        return index
    }

    /// The index of a common phone profile by name.
    public func profile(named name: String) throws(WorldError) -> Int {
        guard let index = profiles.firstIndex(where: { $0.name == name }) else {
            throw .unknown(.profile, name, known: profiles.map(\.name))
        }
        return index
    }

    /// All phones that were not removed, in the order of creation.
    public var phones: [PhoneNumber] {
        identities.indices.filter { !identities[$0].isRemoved }.map { PhoneNumber($0) }
    }
}
