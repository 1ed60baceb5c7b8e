// What a phone's network configuration page says: once, for browsers and for `show network-configuration`.

import PFSRuntime

/// A line of a phone's page: its label, its name in XML, its value.
typealias PhoneFact = (label: String, element: String, value: String)

/// The network configuration page of phones.
enum NetworkConfigurationPage {
    /// The lines of a phone's page, as it has read its configuration; with bug CSCui49910 there is no
    /// row of peer firmware sharing.
    static func facts(of phone: PhoneNumber, in world: World) -> [PhoneFact] {
        let identity = world.identity(phone)
        let subnetIndex = world.subnet(of: phone)
        let subnet = world.subnetDetails(subnetIndex).network
        var servers = world.servers(ofSubnet: subnetIndex).map(\.description)
        if servers.isEmpty { servers = [world.server(0).address?.description ?? ""] }
        var facts: [PhoneFact] = [
            ("Host Name", "HostName", "SEP\(identity.mac)"),
            ("IP Address", "IPAddress", world.address(of: phone).description),
            ("Subnet Mask", "SubNetMask", IPv4Address(bits: subnet.mask).description),
            ("Default Router 1", "DefaultRouter1", subnet.firstHost.description),
        ]
        for (index, server) in servers.enumerated() {
            facts.append(("TFTP Server \(index + 1)", "TFTPServer\(index + 1)", server))
        }
        facts += [
            ("CUCM Server 1", "CallManager1", world.server(0).name),
            ("Load Server", "LoadServer", world.readLoadServer(phone)?.description ?? ""),
            ("Log Server", "LogServer", world.readLogServer(phone)?.description ?? ""),
        ]
        if let sharing = sharingRow(of: phone, in: world) {
            facts.append(("Peer Firmware Sharing", "PeerFirmwareSharing", sharing))
        }
        return facts
    }

    /// What the row of peer firmware sharing says; nil where there is none.
    static func sharingRow(of phone: PhoneNumber, in world: World) -> String? {
        guard !world.bugs(of: phone)[.webPageRow] else { return nil }
        return "\(world.readSharing(phone) ? SharingValue.on : SharingValue.off)"
    }
}
