// The Load Server field at the three levels of CUCM: a server that phones fetch firmware from in
// place of their TFTP servers, and the only one that they then ask (attested). As with peer firmware
// sharing, a level is a value and an override box.

internal import BasicContainers

/// What one level says of the Load Server; blank: the phone's TFTP servers count.
public typealias LoadServerSetting = FieldSetting<IPv4Address>
/// Which Load Server counts for a phone, and where it was set; none: it asks its TFTP servers.
public typealias LoadServerDecision = FieldDecision<IPv4Address>

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
        loadServer(of: phone, device: identity(phone).loadServer)
    }

    /// The same where the phone's own page says nothing of it.
    public func commonLoadServer(of phone: PhoneNumber) -> LoadServerDecision {
        loadServer(of: phone, device: nil)
    }

    private func loadServer(
        of phone: PhoneNumber,
        device: LoadServerSetting?
    ) -> LoadServerDecision {
        LoadServerDecision(
            device: device,
            commonPhoneProfile: identity(phone).profile.flatMap { profiles[$0].loadServer },
            enterprise: enterpriseLoadServer
        )
    }

    /// The Load Server that a phone's configuration named when it last read it.
    public func readLoadServer(_ phone: PhoneNumber) -> IPv4Address? {
        let place = kernel.phones[Int(phone.index)].readLoadServer
        return place == ServerNetwork.noLoadServer ? nil : kernel.network.loadServers[Int(place)]
    }

    func requirePlace(_ setting: LoadServerSetting?) throws(WorldError) {
        guard let address = setting?.value,
            kernel.network.loadServers.count >= ServerNetwork.loadServerLimit,
            !kernel.network.loadServers.contains(address)
        else { return }
        throw .tooManyLoadServers(limit: ServerNetwork.loadServerLimit)
    }
}
