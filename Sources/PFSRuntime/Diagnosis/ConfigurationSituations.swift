// Situations that phones' configuration files tell, and neither a log nor the simulation.

extension FieldSituation {
    /// The port of peer firmware sharing (TechNote 200615).
    private static let sharingPort = 4_051

    static let configurationSituations: [FieldSituation] = [
        .problem(
            "rtp-range",
            "the port range for calls takes in port 4051",
            .configuration,
            signs: "startMediaPort is 4051 or less and stopMediaPort 4051 or more",
            remedy: "begin the range in the SIP profile above 4051: RTP must not use the port of "
                + "peer firmware sharing",
            Evidence(.attested, "Cisco IP Phone 7800 and 8800 admin guides, Set the Port Range")
        ) { known in
            known.files.compactMap { file in
                guard let ports = file.mediaPorts, ports.first <= sharingPort,
                    ports.last >= sharingPort
                else { return nil }
                return Sign(file.name, "startMediaPort \(ports.first), stopMediaPort \(ports.last)")
            }
        },
        .note(
            "ipv6-only",
            "a phone has IPv6 only",
            .configuration,
            signs: "ipAddressMode is 1",
            cost: "it does not share: each such phone fetches its own copy; an IPv6 Load Server at "
                + "the site keeps that off the WAN",
            Evidence(.attested, "IPv6 Deployment Guide for Cisco Collaboration")
        ) { known in
            known.files.filter { $0.addressMode == 1 }.map { Sign($0.name, "ipAddressMode 1") }
        },
    ]
}
