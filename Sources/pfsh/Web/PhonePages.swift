// What a phone's own web page shows, at the paths that public tools read (docs/web-page.md). Made from a
// world that nobody changes any more; nothing here changes anything.

import NetIO
import PFSRuntime

/// The pages of all phones of a world.
struct PhonePages: Sendable {
    /// The most lines of a log on a page; own choice.
    static let logLineLimit = 1_000
    /// The most phones on the list of all; own choice.
    static let listLimit = 1_000

    private let frozen: FrozenWorld

    init(_ world: World) { frozen = FrozenWorld(world.copy()) }

    private var world: World { frozen.world }

    /// What is asked for, by the names of the page and in the form of the request.
    private enum Page {
        case device, network, logs, log, status

        var title: String {
            switch self {
            case .device: "Device Information"
            case .network: "Network Configuration"
            case .logs: "Console Logs"
            case .log: "Log"
            case .status: "Status Messages"
            }
        }
    }

    /// Answers a request: of a phone called by the first part of its host name or of the path, else the
    /// list of all.
    func answer(_ request: WebRequest) -> WebResponse {
        var parts = request.path.split(separator: "/").map(String.init)
        let name = request.host.split(separator: ".").first.map(String.init) ?? ""
        if request.host.contains("."), let phone = phone(name) {
            return answer(phone, parts, request.query, prefix: "")
        }
        guard let first = parts.first else { return list() }
        guard let phone = phone(first) else {
            return Self.notFound("no phone `\(first)`")
        }
        parts.removeFirst()
        return answer(phone, parts, request.query, prefix: "/\(world.name(of: phone))")
    }

    /// A phone by its name or its device name, whatever the case.
    private func phone(_ name: String) -> PhoneNumber? {
        if let phone = world.phone(named: name) { return phone }
        let wanted = name.uppercased()
        if wanted.hasPrefix("SEP"), let mac = MACAddress(wanted.dropFirst(3)) {
            return world.phone(at: mac)
        }
        // A browser writes names of hosts small.
        return world.phones.first { world.name(of: $0).lowercased() == name.lowercased() }
    }

    private func answer(
        _ phone: PhoneNumber,
        _ parts: [String],
        _ query: String,
        prefix: String
    ) -> WebResponse {
        guard let (page, isXML) = Self.page(parts, query) else {
            return Self.notFound("no such page")
        }
        switch page {
        case .log:
            return WebResponse(
                contentType: "text/plain; charset=utf-8",
                body: consoleLines(phone).map { $0 + "\n" }.joined()
            )
        case .logs: return html(phone, page, logRows(phone, prefix), prefix)
        case .status: return html(phone, page, statusRows(phone), prefix)
        case .device:
            let facts = deviceFacts(phone)
            return isXML
                ? Self.xml("DeviceInformation", facts) : html(phone, page, Self.rows(facts), prefix)
        case .network:
            let facts = NetworkConfigurationPage.facts(of: phone, in: world)
            return isXML
                ? Self.xml("NetworkConfiguration", facts)
                : html(phone, page, Self.rows(facts), prefix)
        }
    }

    // MARK: Paths

    /// The page at a path; the paths of three generations of phones lead to the same pages.
    private static func page(_ parts: [String], _ query: String) -> (Page, isXML: Bool)? {
        guard let first = parts.first else { return (.device, false) }
        switch first {
        case "DeviceInformation", "Device_Information.html": return (.device, false)
        case "DeviceInformationX": return (.device, true)
        case "NetworkConfiguration", "Network_Setup.html": return (.network, false)
        case "NetworkConfigurationX": return (.network, true)
        case "DeviceLog", "DeviceLogX", "Console_Logs.html": return (.logs, false)
        case "FS":
            let rest = parts.dropFirst().joined(separator: "/")
            let isLog =
                rest == "messages" || rest.hasPrefix("messages.")
                || (rest.hasPrefix("cache/log") && rest.hasSuffix(".log"))
            return isLog ? (.log, false) : nil
        case "CGI" where parts.dropFirst().joined(separator: "/") == "Java/Serviceability":
            for (word, isXML) in [("adapter=", false), ("adapterX=", true)]
            where query.hasPrefix(word) {
                switch query.dropFirst(word.count) {
                case "device.statistics.device": return (.device, isXML)
                case "device.statistics.configuration": return (.network, isXML)
                case "device.statistics.consolelog": return (.logs, false)
                case "device.settings.status.messages": return (.status, false)
                default: return nil
                }
            }
            return nil
        default: return nil
        }
    }

    // MARK: What is told

    private func deviceFacts(_ phone: PhoneNumber) -> [PhoneFact] {
        let identity = world.identity(phone)
        let snapshot = world.snapshot(phone)
        let load = world.catalog[snapshot.running]
        return [
            ("MAC Address", "MACAddress", identity.mac.description),
            ("Host Name", "HostName", "SEP\(identity.mac)"),
            ("Phone DN", "phoneDN", ""),
            ("App Load ID", "appLoadID", load.files.dropFirst().first?.name ?? ""),
            ("Boot Load ID", "bootLoadID", ""),
            ("Version", "versionID", load.name.text),
            ("Model Number", "modelNumber", identity.model.model.name),
            ("Message Waiting", "MessageWaiting", "No"),
        ]
    }

    private func consoleLines(_ phone: PhoneNumber) -> [String] {
        var records: [LogRecord] = []
        for index in (0..<world.logCount).reversed() where records.count < Self.logLineLimit {
            let record = world.logRecord(index)
            if record.phone == phone, record.time <= world.now { records.append(record) }
        }
        return records.reversed().map { world.consoleLine($0) }
    }

    private func logRows(_ phone: PhoneNumber, _ prefix: String) -> String {
        let isOld = world.identity(phone).model.model.is79xx
        let path = isOld ? "/FS/cache/log0.log" : "/FS/messages"
        return "<TR><TD><A HREF=\"\(XMLElement.escaped(prefix + path))\">\(path)</A></TD></TR>\n"
    }

    private func statusRows(_ phone: PhoneNumber) -> String {
        let snapshot = world.snapshot(phone)
        return Self.rows([("State", "", snapshot.state.rawValue)])
    }

    // MARK: Forms

    private static func rows(_ facts: [PhoneFact]) -> String {
        facts.map { fact in
            "<TR><TD><B>\(XMLElement.escaped(fact.label))</B></TD><td width=20></TD>"
                + "<TD><B>\(XMLElement.escaped(fact.value))</B></TD></TR>\n"
        }.joined()
    }

    private static func xml(_ root: String, _ facts: [PhoneFact]) -> WebResponse {
        let element = XMLElement(
            root,
            children: facts.map { XMLElement($0.element, text: $0.value) }
        )
        return WebResponse(contentType: "text/xml; charset=\"utf-8\"", body: element.document)
    }

    private static let links = [
        ("Device Information", "device.statistics.device"),
        ("Network Configuration", "device.statistics.configuration"),
        ("Console Logs", "device.statistics.consolelog"),
        ("Status Messages", "device.settings.status.messages"),
    ]

    private func html(
        _ phone: PhoneNumber,
        _ page: Page,
        _ rows: String,
        _ prefix: String
    ) -> WebResponse {
        let links = Self.links.map { title, adapter in
            let path = "\(prefix)/CGI/Java/Serviceability?adapter=\(adapter)"
            return "<LI><A HREF=\"\(XMLElement.escaped(path))\">\(title)</A></LI>\n"
        }
        let name = world.name(of: phone)
        let model = world.identity(phone).model.model.name
        return Self.document(
            "\(page.title), \(model) \(name)",
            "<UL>\n\(links.joined())</UL>\n<TABLE>\n\(rows)</TABLE>\n"
        )
    }

    private func list() -> WebResponse {
        let phones = world.phones
        let rows = phones.prefix(Self.listLimit).map { phone in
            let name = XMLElement.escaped(world.name(of: phone))
            return "<TR><TD><A HREF=\"/\(name)/\">\(name)</A></TD>"
                + "<TD>\(world.identity(phone).model.model.name)</TD>"
                + "<TD>\(world.address(of: phone))</TD></TR>\n"
        }
        let rest = phones.count - rows.count
        let more = rest > 0 ? "<P>and \(rest) more</P>\n" : ""
        return Self.document("Phones", "<TABLE>\n\(rows.joined())</TABLE>\n\(more)")
    }

    private static func document(_ title: String, _ body: String) -> WebResponse {
        let escaped = XMLElement.escaped(title)
        return WebResponse(
            contentType: "text/html; charset=utf-8",
            body: """
                <!DOCTYPE html>
                <HTML><HEAD><TITLE>\(escaped)</TITLE></HEAD><BODY>
                <H1>\(escaped)</H1>
                \(body)<P>A simulated phone of pfsh \(Version.text)</P>
                </BODY></HTML>

                """
        )
    }

    private static func notFound(_ reason: String) -> WebResponse {
        var response = document("Not found", "<P>\(XMLElement.escaped(reason))</P>\n")
        response.status = 404
        return response
    }
}

/// A world that nobody changes any more, so that other threads may look at it.
private final class FrozenWorld: @unchecked Sendable {
    let world: World

    init(_ world: World) { self.world = world }
}
