// The Load Server field at the three levels of CUCM: a server that phones fetch firmware from in
// place of their TFTP servers, and the only one that they then ask (attested). As with peer firmware
// sharing, a level is a value and an override box.

internal import BasicContainers

/// What one level says of the Load Server.
public struct LoadServerSetting: BitwiseCopyable, Hashable, Sendable {
    /// The address; nil: the field is blank, and the phone's TFTP servers count.
    public var address: IPv4Address?
    /// Whether the override box is ticked, so that the value counts.
    public var isTicked: Bool

    /// Enters an address, or a blank; the box is ticked unless said otherwise.
    public init(_ address: IPv4Address?, isTicked: Bool = true) {
        self.address = address
        self.isTicked = isTicked
    }
}

/// Which Load Server counts for a phone, and where it was set.
public struct LoadServerDecision: BitwiseCopyable, Hashable, Sendable {
    /// The address; nil: none, the phone asks its TFTP servers.
    public let address: IPv4Address?
    /// The level that settled it; nil when no level speaks.
    public let level: SharingLevel?
}

extension World {
    /// Sets the Load Server on the pages of phones; nil removes it.
    public func setDeviceLoadServer(
        _ setting: LoadServerSetting?,
        on phones: [PhoneNumber]
    ) throws(WorldError) {
        try requirePlace(setting)
        for phone in phones {
            identities[Int(phone.index)].loadServer = setting
            refreshConfiguration(phone)
        }
    }

    /// Sets the Load Server of a common phone profile; nil removes it.
    public func setProfileLoadServer(
        _ setting: LoadServerSetting?,
        on profile: Int
    ) throws(WorldError) {
        try requirePlace(setting)
        profiles[profile].loadServer = setting
        refreshConfigurations()
    }

    /// Sets the Load Server in the Enterprise Phone Configuration; nil removes it.
    public func setEnterpriseLoadServer(_ setting: LoadServerSetting?) throws(WorldError) {
        try requirePlace(setting)
        enterpriseLoadServer = setting
        refreshConfigurations()
    }

    /// Which Load Server a phone's present configuration names, and where it was set.
    public func loadServer(of phone: PhoneNumber) -> LoadServerDecision {
        let identity = identity(phone)
        if let setting = identity.loadServer, setting.isTicked {
            return LoadServerDecision(address: setting.address, level: .device)
        }
        return commonLoadServer(of: phone)
    }

    /// The same where the phone's own page says nothing of it.
    public func commonLoadServer(of phone: PhoneNumber) -> LoadServerDecision {
        let profile = identity(phone).profile.flatMap { profiles[$0].loadServer }
        let levels: [(SharingLevel, LoadServerSetting?)] = [
            (.commonPhoneProfile, profile), (.enterprise, enterpriseLoadServer),
        ]
        for case (let level, .some(let setting)) in levels where setting.isTicked {
            return LoadServerDecision(address: setting.address, level: level)
        }
        return LoadServerDecision(address: nil, level: nil)
    }

    /// The Load Server that a phone's configuration named when it last read it.
    public func readLoadServer(_ phone: PhoneNumber) -> IPv4Address? {
        let place = kernel.phones[Int(phone.index)].readLoadServer
        return place == ServerNetwork.noLoadServer ? nil : kernel.network.loadServers[Int(place)]
    }

    private func requirePlace(_ setting: LoadServerSetting?) throws(WorldError) {
        guard let address = setting?.address,
            kernel.network.loadServers.count >= ServerNetwork.loadServerLimit,
            !kernel.network.loadServers.contains(address)
        else { return }
        throw .tooManyLoadServers(limit: ServerNetwork.loadServerLimit)
    }
}
