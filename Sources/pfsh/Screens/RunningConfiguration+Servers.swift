// The part of the running configuration that speaks of servers: where they stand, what they lack, and
// which of them phones are told to ask.

import Interpreter
import PFSRuntime

extension RunningConfiguration {
    /// A share of a link as an option of `site`; nothing where it is none.
    static func share(_ word: String, _ partsPerMillion: Int64) -> String {
        partsPerMillion == 0
            ? "" : " \(word) \(Value.percent(partsPerMillion: partsPerMillion).text)"
    }

    mutating func addServers() {
        for index in 0..<world.serverCount {
            let server = world.server(index)
            var line = "server \(server.name)"
            // The first is there from the beginning, at its place.
            if index > 0 { line += " site \(world.siteNames[server.site])" }
            if let address = server.address { line += " ip \(address)" }
            if let limit = server.servingLimit { line += " max-serving \(limit)" }
            let isAsGiven = index == 0 && server.address == nil && server.servingLimit == nil
            if !isAsGiven { lines.append(line) }
        }
    }

    /// The loads that a server lacks, as the last thing said of it: a name of a load gives numbers
    /// to its files.
    mutating func addLackedLoads() {
        for index in 0..<world.serverCount {
            let server = world.server(index)
            guard !server.lacking.isEmpty else { continue }
            let names = server.lacking.map { world.catalog[$0].name.text }
            lines.append("server \(server.name) lacks \(names.joined(separator: ","))")
        }
    }

    /// The loads that some server lacks, in the order in which they are named here.
    var lackedLoads: [LoadID] {
        (0..<world.serverCount).flatMap { world.server($0).lacking }
    }

    mutating func addCommonLoadServers() {
        if let setting = world.enterpriseLoadServer {
            lines.append("load-server enterprise \(Self.text(setting))")
        }
        for profile in world.profiles {
            guard let setting = profile.loadServer else { continue }
            lines.append("load-server profile \(profile.name) \(Self.text(setting))")
        }
    }

    mutating func addDeviceLoadServers() {
        var rows: [(setting: LoadServerSetting, phones: [PhoneNumber])] = []
        for phone in world.phones {
            guard let setting = world.identity(phone).loadServer else { continue }
            if let index = rows.firstIndex(where: { $0.setting == setting }) {
                rows[index].phones.append(phone)
            } else {
                rows.append((setting, [phone]))
            }
        }
        for (setting, phones) in rows {
            add(phones) { "load-server phone \($0) \(Self.text(setting))" }
        }
    }

    private static func text(_ setting: LoadServerSetting) -> String {
        (setting.address?.description ?? "none") + (setting.isTicked ? "" : " unticked")
    }
}

/// What a phone's configuration says of where its firmware comes from.
struct FirmwareFields: Equatable {
    let takesPart: Bool
    let loadServer: PFSRuntime.IPv4Address?
}

extension World {
    /// The fields as they stand in CUCM.
    func fieldsNow(_ phone: PhoneNumber) -> FirmwareFields {
        FirmwareFields(
            takesPart: sharingDecision(phone).takesPart,
            loadServer: loadServer(of: phone).address
        )
    }

    /// The fields as the phone read them last.
    func fieldsRead(_ phone: PhoneNumber) -> FirmwareFields {
        FirmwareFields(takesPart: readSharing(phone), loadServer: readLoadServer(phone))
    }

    /// The fields as the phone would read them when it is made, before anything is said of itself.
    func fieldsWhenMade(_ phone: PhoneNumber, withCommonSettings: Bool) -> FirmwareFields {
        FirmwareFields(
            takesPart: sharingDecisionWhenMade(phone, withCommonSettings: withCommonSettings),
            loadServer: withCommonSettings ? commonLoadServer(of: phone).address : nil
        )
    }
}
