// Situations in which the network keeps phones from each other, or from their servers.

extension FieldSituation {
    static let networkSituations: [FieldSituation] = [
        .problem(
            "udp-blocked",
            "phones of one subnet do not hear each other",
            .logs,
            signs: "every phone becomes root of the same file at the same time, and nobody joins",
            remedy:
                "let UDP 4051 pass between the phones: firewall, private VLAN, client isolation, "
                + "filters for broadcasts",
            Evidence(
                .derived,
                "ports of TechNote 200615 and the fallback of white paper c11-583891"
            ),
            look: udpBlocked
        ),
        .problem(
            "tcp-blocked",
            "phones hear each other, but no link comes about",
            .logs,
            signs: "Join … failed, then falling back to TFTP, and nobody is accepted",
            remedy: "let TCP 4051 pass between the phones",
            Evidence(
                .derived,
                "ports of TechNote 200615 and the fallback of white paper c11-583891"
            ),
            look: tcpBlocked
        ),
        .problem(
            "routed-to-nowhere",
            "some phones of a load cannot reach the server",
            .logs,
            signs: "some phones stop for reason 19, others get the same file from the server",
            remedy: "look at the routes of these addresses, both ways, and at their TFTP servers",
            Evidence(.attested, "cisco-voip list, 22 July 2009: part of a scope routed to nowhere"),
            look: routedToNowhere
        ),
        .problem(
            "no-network",
            "a phone gets no address, so it elects nobody",
            .logs,
            signs: "DHCP: Sending Discover… again and again, and never ACK received",
            remedy:
                "look at the port: 802.1X (the phone's status messages say Timed Out), VLAN, DHCP",
            Evidence(.derived, "8800 guide, status messages; DHCP lines of a 7941G's console"),
            look: noNetwork
        ),
    ]

    @Sendable private static func udpBlocked(_ known: FieldCase) -> [Sign] {
        known.groups().flatMap { group -> [Sign] in
            let sharing = group.filter(\.shares)
            let roots = sharing.filter { $0.first.role == .root && !$0.has(.acceptedChild) }
            guard Set(roots.map(\.phone.name)).count > 1, roots.count == sharing.count,
                !sharing.contains(where: { $0.has(.joinFailed) || $0.has(.accepted) }),
                let first = roots.first, roots.dropFirst().contains(where: { $0.overlaps(first) })
            else { return [] }
            return roots.compactMap { signOf($0, .becameRoot) }
        }
    }

    @Sendable private static func tcpBlocked(_ known: FieldCase) -> [Sign] {
        known.groups().flatMap { group -> [Sign] in
            let failed = group.filter { $0.has(.joinFailed) }
            guard !failed.isEmpty, !group.contains(where: { $0.has(.accepted) }) else { return [] }
            return failed.compactMap { signOf($0, .joinFailed) }
                + failed.compactMap { signOf($0, .fallsBack) }
        }
    }

    @Sendable private static func routedToNowhere(_ known: FieldCase) -> [Sign] {
        let failed = known.upgrades.filter { upgrade in
            upgrade.line(.stopped)?.value(.code) == "19"
        }
        return failed.flatMap { upgrade -> [Sign] in
            let lucky = known.upgrades.first { other in
                other.load == upgrade.load && other.phone.name != upgrade.phone.name
                    && other.first.has(.fileReceived) && other.first.role != .child
            }
            guard let stopped = signOf(upgrade, .stopped), let lucky,
                let received = signOf(lucky, .fileReceived)
            else { return [] }
            return [stopped] + [known.alarm(of: upgrade)].compactMap { $0 } + [received]
        }
    }

    @Sendable private static func noNetwork(_ known: FieldCase) -> [Sign] {
        known.story.phones.compactMap { phone in
            guard phone.count(.dhcpDiscover) > 1, !phone.has(.dhcpAcknowledged),
                let last = phone.moments[.dhcpDiscover]?.last
            else { return nil }
            return Sign(phone.name, last)
        }
    }
}
