// The Log Server field at the three levels of CUCM: where phones send their log. A phone goes by
// what it read when it last read its configuration.

internal import BasicContainers

/// What one level says of the Log Server.
public typealias LogServerSetting = FieldSetting<LogServer>
/// Which Log Server counts for a phone, and where it was set.
public typealias LogServerDecision = FieldDecision<LogServer>

extension World {
    /// Sets the Log Server on the pages of phones; nil removes it.
    public func setDeviceLogServer(
        _ setting: LogServerSetting?,
        on phones: [PhoneNumber]
    ) throws(WorldError) {
        try requirePlace(setting)
        for phone in phones {
            identities[Int(phone.index)].logServer = setting
            refreshConfiguration(phone)
        }
    }

    /// Sets the Log Server of a common phone profile; nil removes it.
    public func setProfileLogServer(
        _ setting: LogServerSetting?,
        on profile: Int
    ) throws(WorldError) {
        try requirePlace(setting)
        profiles[profile].logServer = setting
        refreshConfigurations()
    }

    /// Sets the Log Server in the Enterprise Phone Configuration; nil removes it.
    public func setEnterpriseLogServer(_ setting: LogServerSetting?) throws(WorldError) {
        try requirePlace(setting)
        enterpriseLogServer = setting
        refreshConfigurations()
    }

    /// Which Log Server a phone's present configuration names, and where it was set.
    public func logServer(of phone: PhoneNumber) -> LogServerDecision {
        logServer(of: phone, device: identity(phone).logServer)
    }

    /// The same where the phone's own page says nothing of it.
    public func commonLogServer(of phone: PhoneNumber) -> LogServerDecision {
        logServer(of: phone, device: nil)
    }

    private func logServer(
        of phone: PhoneNumber,
        device: LogServerSetting?
    ) -> LogServerDecision {
        LogServerDecision(
            device: device,
            commonPhoneProfile: identity(phone).profile.flatMap { profiles[$0].logServer },
            enterprise: enterpriseLogServer
        )
    }

    /// The Log Server that a phone's configuration named when it last read it.
    public func readLogServer(_ phone: PhoneNumber) -> LogServer? {
        let place = kernel.phones[Int(phone.index)].readLogServer
        return place == ServerNetwork.noLogServer ? nil : kernel.network.logServers[Int(place)]
    }

    private func requirePlace(_ setting: LogServerSetting?) throws(WorldError) {
        guard let server = setting?.value,
            kernel.network.logServers.count >= ServerNetwork.loadServerLimit,
            !kernel.network.logServers.contains(server)
        else { return }
        throw .tooManyLogServers(limit: ServerNetwork.loadServerLimit)
    }
}

extension ServerNetwork {
    /// Stands for no Log Server in a phone's configuration.
    static let noLogServer = UInt16.max

    /// The place of a Log Server among those that configurations name; it gets one if it has none.
    ///
    /// A world has at most `loadServerLimit` of them, which is checked where one is set.
    mutating func logServerPlace(_ server: LogServer) -> UInt16 {
        if let known = logServers.firstIndex(of: server) { return UInt16(known) }
        precondition(logServers.count < Self.loadServerLimit, "more Log Servers than places")
        logServers.append(server)
        return UInt16(logServers.count - 1)
    }
}
