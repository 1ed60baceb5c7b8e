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
            // The first gives files by HTTP unless told otherwise, others only when told.
            if server.answersHTTP != (index == 0) {
                line += " http \(server.answersHTTP ? "on" : "off")"
            }
            if line != "server \(server.name)" { lines.append(line) }
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

    mutating func addCommonServers() {
        addCommon("load-server", world.enterpriseLoadServer) { $0.loadServer }
        addCommon("log-server", world.enterpriseLogServer) { $0.logServer }
    }

    private mutating func addCommon<Value: CustomStringConvertible>(
        _ command: String,
        _ enterprise: FieldSetting<Value>?,
        _ ofProfile: (ProfileRecord) -> FieldSetting<Value>?
    ) {
        if let setting = enterprise {
            lines.append("\(command) enterprise \(Self.text(setting))")
        }
        for profile in world.profiles {
            guard let setting = ofProfile(profile) else { continue }
            lines.append("\(command) profile \(profile.name) \(Self.text(setting))")
        }
    }

    mutating func addDeviceServers() {
        addDevice("load-server") { $0.loadServer }
        addDevice("log-server") { $0.logServer }
    }

    private mutating func addDevice<Value: CustomStringConvertible>(
        _ command: String,
        _ ofPhone: (PhoneIdentity) -> FieldSetting<Value>?
    ) {
        var rows: [(setting: FieldSetting<Value>, phones: [PhoneNumber])] = []
        for phone in world.phones {
            guard let setting = ofPhone(world.identity(phone)) else { continue }
            if let index = rows.firstIndex(where: { $0.setting == setting }) {
                rows[index].phones.append(phone)
            } else {
                rows.append((setting, [phone]))
            }
        }
        for (setting, phones) in rows {
            add(phones) { "\(command) phone \($0) \(Self.text(setting))" }
        }
    }

    private static func text<Value: CustomStringConvertible>(
        _ setting: FieldSetting<Value>
    ) -> String {
        let value = setting.value?.description ?? "none"
        // A semicolon ends a command.
        return (value.contains(";") ? "\"\(value)\"" : value)
            + (setting.isTicked ? "" : " unticked")
    }
}

/// What a phone's configuration says of its firmware and its log.
struct ConfigurationFields: Equatable {
    let takesPart: Bool
    let loadServer: PFSRuntime.IPv4Address?
    let logServer: LogServer?
}

extension World {
    /// The fields as they stand in CUCM.
    func fieldsNow(_ phone: PhoneNumber) -> ConfigurationFields {
        ConfigurationFields(
            takesPart: sharingDecision(phone).takesPart,
            loadServer: loadServer(of: phone).value,
            logServer: logServer(of: phone).value
        )
    }

    /// The fields as the phone read them last.
    func fieldsRead(_ phone: PhoneNumber) -> ConfigurationFields {
        ConfigurationFields(
            takesPart: readSharing(phone),
            loadServer: readLoadServer(phone),
            logServer: readLogServer(phone)
        )
    }

    /// The fields as the phone would read them when it is made, before anything is said of itself.
    func fieldsWhenMade(_ phone: PhoneNumber, withCommonSettings: Bool) -> ConfigurationFields {
        ConfigurationFields(
            takesPart: sharingDecisionWhenMade(phone, withCommonSettings: withCommonSettings),
            loadServer: withCommonSettings ? commonLoadServer(of: phone).value : nil,
            logServer: withCommonSettings ? commonLogServer(of: phone).value : nil
        )
    }
}
