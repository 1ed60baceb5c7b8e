// Why the world refuses to be changed. Each case says what was found, what was expected and, where
// it can, what to do; nothing has changed when one is thrown.

/// A refused change of a world.
public enum WorldError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What a name can stand for.
    public enum Kind: String, Sendable, CaseIterable {
        /// A site.
        case site
        /// A subnet.
        case subnet
        /// A phone.
        case phone
        /// A common phone profile.
        case profile = "common phone profile"
        /// A phone template of BAT.
        case template = "phone template"
    }

    /// The name is taken.
    case duplicate(Kind, String)
    /// Nothing has the name; with the names that are known.
    case unknown(Kind, String, known: [String])
    /// Nothing of this kind exists yet, and one is needed.
    case needed(Kind)
    /// Several subnets fit; one must be named.
    case ambiguousSubnet([String])
    /// The subnet overlaps another.
    case overlappingSubnet(IPv4Network, with: String)
    /// The subnet can hold no phone.
    case uselessSubnet(IPv4Network)
    /// A subnet is larger than the model's largest.
    case hugeSubnet(IPv4Network, shortestPrefix: Int)
    /// The address is not one of the subnet's hosts.
    case outsideSubnet(IPv4Address, subnet: String, IPv4Network)
    /// Another phone has the address.
    case addressInUse(IPv4Address, by: String)
    /// Another phone has the MAC address.
    case macInUse(MACAddress, by: String)
    /// The subnet has too few free addresses.
    ///
    /// `fittingPrefix` is the prefix of a subnet that they would fit in; nil when none is large
    /// enough.
    case subnetFull(String, free: Int, wanted: Int, fittingPrefix: Int?)
    /// The world has as many phones as it can have.
    case tooManyPhones(limit: Int)
    /// The model has no load of this protocol.
    case noSuchProtocol(model: String, DeviceProtocol)
    /// The model has no load in the catalogue.
    case noLoadKnown(model: String)
    /// Loads do not fit phones; the misfits by phone, model and family.
    case misfits(load: String, [String])
    /// The load's files are not public.
    case loadWithoutFiles(String)
    /// Files of the load are known to phones that are restarting or upgrading.
    case loadInUse(String)
    /// The load has more files than a phone takes.
    case tooManyFiles(load: String, count: Int, limit: Int)
    /// Refused by the catalogue.
    case catalog(FirmwareCatalogError)
    /// A link's rate is not 1 bit/s to `WANLink.rateLimitBitsPerSecond`.
    case badRate
    /// A link's round trip is negative or longer than `WANLink.roundTripLimit`.
    case badRoundTrip
    /// A link loses less than nothing, or everything.
    case badLoss
    /// Other traffic takes less than nothing of a link, or all of it.
    case badBusyShare
    /// A Maximum Serving Count is not 1 to `World.servingLimit`.
    case badServingLimit
    /// A new server lacks its site or its address.
    case serverNeedsPlace(String)
    /// A server was to be moved to another site.
    case serverStands(String, at: String)
    /// There are as many servers as there can be.
    case tooManyServers(limit: Int)
    /// Configurations name as many Load Servers as they can.
    case tooManyLoadServers(limit: Int)
    /// Configurations name as many Log Servers as they can.
    case tooManyLogServers(limit: Int)
    /// The setting can be changed only before time moves.
    case timeHasMoved(String)
    /// A number of the model, by name, cannot have the value.
    case outsideLimits(String)
    /// There are as many faults on as there can be.
    case tooManyFaults(limit: Int)
    /// A fault cannot be as it was ordered; what it can be.
    case badFault(String)
    /// Which load the model asks for after a factory reset is not known.
    case noFactoryLoad(model: String)
    /// Phones, by name, fetch firmware or reboot, and so can do nothing else.
    case outOfService([String])
    /// None of the phones is of a model that the bug is about.
    case notConcerned(bug: String, models: String)
    /// There are as many phone templates as there can be.
    case tooManyTemplates(limit: Int)
    /// Phones, by name, are of another model or protocol than the template.
    case otherTemplate(String, [String])
    /// BAT of this CUCM cannot set peer firmware sharing.
    case noBulkField(CUCMVersion)
    /// The AXL script is for other versions of CUCM.
    case noAXLScript(CUCMVersion)
    /// The load has fewer files than the number named.
    case noSuchFile(number: Int, count: Int)

    /// One line for a diagnostic.
    public var description: String {
        switch self {
        case .duplicate(let kind, let name): "a \(kind.rawValue) named `\(name)` exists"
        case .unknown(let kind, let name, _): "there is no \(kind.rawValue) `\(name)`"
        case .needed(let kind): "there is no \(kind.rawValue) yet: make one first"
        case .ambiguousSubnet(let names):
            "which subnet? there are \(names.joined(separator: ", "))"
        case .overlappingSubnet(let network, with: let name):
            "\(network) overlaps the subnet `\(name)`"
        case .uselessSubnet(let network): "\(network) has no room for a phone"
        case .hugeSubnet(let network, let prefix):
            "\(network) is too large: a subnet has a prefix of /\(prefix) or longer"
        case .outsideSubnet(let address, let subnet, let network):
            "\(address) is not a host address of the subnet `\(subnet)`, \(network)"
        case .addressInUse(let address, by: let name): "\(address) belongs to `\(name)`"
        case .macInUse(let mac, by: let name): "\(mac) belongs to the phone `\(name)`"
        case .subnetFull(let name, let free, let wanted, let prefix):
            "the subnet `\(name)` has \(free) free addresses, \(wanted) are wanted: "
                + (prefix.map { "a /\($0) would fit" } ?? "no subnet is that large")
        case .tooManyPhones(let limit): "a world has at most \(limit) phones"
        case .noSuchProtocol(let model, let deviceProtocol):
            "\(model) does not speak \(deviceProtocol)"
        case .noLoadKnown(let model): "no load for \(model) is known"
        case .misfits(let load, let phones):
            "\(load) does not fit " + phones.joined(separator: ", ")
        case .loadInUse(let load):
            "the files of `\(load)` cannot change while phones restart or upgrade"
        case .loadWithoutFiles(let load):
            "the files of \(load) are not public: `firmware define` can state them"
        case .tooManyFiles(let load, let count, let limit):
            "\(load) has \(count) files, a simulated phone takes at most \(limit)"
        case .catalog(let error): error.description
        case .badRate: "a link has a rate from 1bps to 1000Gbps"
        case .badRoundTrip: "a round trip takes from 0s to 1h"
        case .badLoss: "a link loses from 0% to less than 100% of its packets"
        case .badBusyShare: "other traffic takes from 0% to less than 100% of a link"
        case .badServingLimit: "a server serves from 1 to \(World.servingLimit) transfers at a time"
        case .serverNeedsPlace(let name):
            "there is no server `\(name)`: a new one needs `site SITE` and `ip ADDRESS`"
        case .serverStands(let name, at: let site): "the server `\(name)` stands at \(site)"
        case .tooManyServers(let limit): "there are at most \(limit) servers"
        case .tooManyLoadServers(let limit):
            "configurations name at most \(limit) different Load Servers"
        case .tooManyLogServers(let limit):
            "configurations name at most \(limit) different Log Servers"
        case .timeHasMoved(let what): "\(what) can be set only before time moves"
        case .noFactoryLoad(let model):
            "which load a \(model) asks for after a factory reset is not known"
        case .outOfService(let names):
            "out of service: " + names.prefix(3).joined(separator: ", ")
                + (names.count > 3 ? " and \(names.count - 3) more" : "")
        case .outsideLimits(let name): "the value is outside the limits of \(name)"
        case .tooManyFaults(let limit): "at most \(limit) faults are on at one time: `heal` some"
        case .badFault(let text): text
        case .notConcerned(bug: let id, models: let models):
            "\(id) is about \(models): none of these phones is"
        case .tooManyTemplates(let limit): "there are at most \(limit) phone templates"
        case .otherTemplate(let name, let phones):
            "the template `\(name)` is for another model or protocol than "
                + phones.prefix(3).joined(separator: ", ")
                + (phones.count > 3 ? " and \(phones.count - 3) more" : "")
        case .noBulkField(let cucm):
            "BAT of CUCM \(cucm) has no Peer Firmware Sharing, which came with 5.0"
        case .noAXLScript(let cucm):
            "ccmppid is for CUCM 4.1(3), 4.2(3) and 4.3(1), not \(cucm)"
        case .noSuchFile(let number, let count):
            "there is no file \(number): files are counted from 1 to \(count)"
        }
    }
}
