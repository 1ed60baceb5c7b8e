// A script that reproduces what logs tell: places and phones as far as the logs name them, the values of
// the lines pinned, each phone reset when its log says, and what the logs show as expectations. What no log
// says is assumed, and the draft says so.

import Interpreter
import PFSRuntime

struct DraftScript {
    private let story: LogStory
    private let catalog: FirmwareCatalog
    private let phones: [DraftPhone]
    private var subnets: [(name: String, network: IPv4Network, isAssumed: Bool)] = []
    private var lines: [String] = []

    /// The most phones of a draft (own choice: what somebody will read).
    static let phoneLimit = 1_000

    /// A draft of what logs told.
    ///
    /// Throws a diagnostic where they tell of no phone that fetched a load, or of too many.
    static func text(_ story: LogStory, catalog: FirmwareCatalog) throws(Diagnostic) -> String {
        let told = story.phones.filter { $0.load != nil }
        guard !told.isEmpty else {
            throw Diagnostic(
                "the logs name no load that a phone fetched",
                hints: ["a line with the name of a `.loads` file is needed, such as @@@HROOT"]
            )
        }
        guard told.count <= phoneLimit else {
            throw Diagnostic("a draft has at most \(phoneLimit) phones, not \(told.count)")
        }
        var draft = DraftScript(story, catalog, told)
        draft.write()
        return draft.lines.joined(separator: "\n") + "\n"
    }

    private init(_ story: LogStory, _ catalog: FirmwareCatalog, _ told: [PhoneStory]) {
        self.story = story
        self.catalog = catalog
        let names = DraftPhone.names(told.map(\.name))
        phones = zip(told, names).map { DraftPhone($0, name: $1, catalog: catalog) }
    }

    // MARK: The parts

    private mutating func write() {
        addHead()
        addSubnets()
        addLoads()
        for phone in phones { addPhone(phone) }
        let sharing = phones.filter(\.shares).map(\.name)
        if sharing.count == phones.count {
            lines.append("pfs device all on")
        } else {
            for name in sharing { lines.append("pfs device \(name) on") }
        }
        addPins()
        addFaults()
        addUpgrades()
        addExpectations()
    }

    private mutating func addHead() {
        let names = story.logs.map(\.name).prefix(5).joined(separator: ", ")
        let more = story.logs.count > 5 ? " and \(story.logs.count - 5) more" : ""
        lines += [
            "#!/usr/bin/env pfsh",
            "# Drafted from logs by pfsh \(Version.text): \(names)\(more).",
            "# Values that the logs print are pinned. What they do not say is assumed, and marked so.",
            "",
        ]
    }

    private mutating func addSubnets() {
        for phone in phones {
            guard let address = phone.story.address,
                !subnets.contains(where: { $0.network.holdsHost(address) })
            else { continue }
            let mask = phone.story.first(.dhcpMask)?.value(.address).flatMap { IPv4Address($0) }
            let length = mask.map { $0.bits.nonzeroBitCount } ?? 24
            let kept = length == 0 ? 0 : ~UInt32(0) << UInt32(32 - length)
            let base = IPv4Address(bits: address.bits & kept)
            guard let network = IPv4Network("\(base)/\(length)") else { continue }
            subnets.append(("lab\(subnets.count + 1)", network, mask == nil))
        }
        if subnets.isEmpty, let network = IPv4Network("10.4.0.0/24") {
            subnets.append(("lab1", network, true))
        }
        for subnet in subnets {
            let note = subnet.isAssumed ? "  # assumed: the mask" : ""
            lines.append("subnet \(subnet.name) \(subnet.network)\(note)")
        }
    }

    /// Loads that the catalogue does not know, with the sizes that the logs say.
    private mutating func addLoads() {
        var known: [String] = []
        for phone in phones where !known.contains(phone.load) {
            known.append(phone.load)
            guard !phone.isKnownLoad else { continue }
            let sizes = phone.files.map { $0.first(.fileReceived)?.value(.bytes) ?? "32768" }
            lines.append("# The catalogue does not know \(phone.load): its files get other names.")
            let list = sizes.map { "\($0)B" }.joined(separator: ",")
            lines.append("firmware define \(phone.load) sizes \(list)")
        }
    }

    private mutating func addPhone(_ phone: DraftPhone) {
        var line = "phone \(phone.name) model \(phone.model) subnet \(subnet(of: phone))"
        if let address = phone.story.address { line += " ip \(address)" }
        var assumed: [String] = []
        if phone.story.model == nil { assumed.append("the model") }
        if phone.story.address == nil { assumed.append("the subnet") }
        if !assumed.isEmpty { line += "  # assumed: \(assumed.joined(separator: ", "))" }
        lines.append(line)
    }

    /// Where its address is, or its parent's, or else the first.
    private func subnet(of phone: DraftPhone) -> String {
        let address = phone.story.address ?? phone.files.compactMap(\.parent).first
        let found = address.flatMap { address in
            subnets.first { $0.network.holdsHost(address) }
        }
        return found?.name ?? subnets[0].name
    }

    private mutating func addPins() {
        lines.append("")
        for phone in phones {
            for file in phone.files {
                guard let number = phone.number(of: file) else { continue }
                var line = "pin \(phone.name) file \(number)"
                let claim = file.claim
                let values = [
                    ("xid", claim.transaction), ("map", claim.map), ("strength", claim.strength),
                    ("hash", claim.hash),
                ].compactMap { word, value in value.map { " \(word) \($0)" } }
                if !values.isEmpty { lines.append(line + values.joined()) }
                // Who gave way before it claimed was weaker; how much, no line says.
                if values.isEmpty, file.role == .child {
                    line += " strength 00000001"
                    lines.append(line + "  # assumed: it gave way")
                }
            }
        }
    }

    /// What the logs show to be broken, where a command breaks it.
    private mutating func addFaults() {
        for subnet in subnets {
            let there = phones.filter { self.subnet(of: $0) == subnet.name && $0.shares }
            let files = there.flatMap(\.files)
            let joins = files.filter { $0.has(.joinFailed) }.count
            if joins > 0, !files.contains(where: { $0.role == .child }) {
                lines.append("block tcp 4051 in \(subnet.name)  # no phone was accepted")
            }
            let roots = there.filter { phone in
                phone.files.first?.role == .root && phone.files.first?.has(.acceptedChild) == false
            }
            if there.count > 1, roots.count == there.count, overlap(there) {
                lines.append("block udp 4051 in \(subnet.name)  # nobody heard anybody")
            }
        }
        for phone in phones {
            let missing = phone.files.contains { $0.first(.fetchFailed)?.value(.code) == "2" }
            if missing, phone.isKnownLoad, !lines.contains("server tftp1 lacks \(phone.load)") {
                lines.append("server tftp1 lacks \(phone.load)")
            }
        }
    }

    private func overlap(_ phones: [DraftPhone]) -> Bool {
        let latestBegin = phones.map(\.begin).max() ?? 0
        return phones.allSatisfy { $0.story.end.microseconds > latestBegin }
    }

    /// Each phone at the time of its first line.
    private mutating func addUpgrades() {
        let first = phones.map(\.begin).min() ?? 0
        lines += ["", "clock set \(TimeOfDay(microseconds: first))"]
        let ordered = phones.enumerated().sorted {
            ($0.element.begin, $0.offset) < ($1.element.begin, $1.offset)
        }
        for phone in ordered.map(\.element) {
            let push = "push \(phone.load) to \(phone.name)"
            let wait = phone.begin - first
            lines.append(wait == 0 ? push : "at \(wait)us { \(push) }")
        }
        addRun(since: first)
    }

    /// Up to the last line of all: until it is printed, where it is the only one of its kind.
    private mutating func addRun(since first: Int64) {
        guard let last = phones.max(by: { $0.story.end.microseconds < $1.story.end.microseconds })
        else { return }
        let end = last.story.end
        let isAlone = phones.count == 1
        let slack = isAlone ? Self.lineMicroseconds : Self.slackMicroseconds
        let length = max(end.microseconds - first, 0) + slack
        if isAlone, last.story.count(end.event) == 1, !end.values.isEmpty {
            let form = end.event.kind.line
            let text = form.text(form.fields.map { _ in "\u{1}" })
            let words = text.split(separator: "\u{1}").max { $0.count < $1.count } ?? ""
            lines.append(
                "run until log \(last.name) /\(Self.escaped(String(words)))/ within \(2 * length)us"
            )
        } else {
            lines.append("run \(length)us")
        }
    }

    /// More than a console's lines are late, and less than what happens next.
    private static let lineMicroseconds: Int64 = 5_000
    /// Among several phones chance moves the end a little.
    private static let slackMicroseconds: Int64 = 5_000_000

    private mutating func addExpectations() {
        lines.append("")
        for phone in phones {
            for file in phone.files {
                guard let line = file.decision, file.role == .root || file.role == .child else {
                    continue
                }
                let text =
                    file.role == .root
                    ? "@@@HROOT:XID\(file.claim.transaction ?? "")" : "@@@HCHILD:"
                let name = line.value(.file) ?? ""
                lines.append("expect log \(phone.name) /\(text).*\(Self.escaped(name))/")
            }
        }
        for phone in phones where phone.story.has(.runs) {
            lines.append("expect \(phone.name).firmware == \"\(phone.load)\"")
        }
        lines.append(phones.count == 1 ? "show log \(phones[0].name)" : "show log")
    }

    /// A text as a regular expression that matches it.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            if !character.isLetter, !character.isNumber, !" -_:=@".contains(character) {
                escaped += "\\"
            }
            escaped.append(character)
        }
    }
}

/// A phone as a draft has it.
struct DraftPhone {
    let story: PhoneStory
    /// A name of the language.
    let name: String
    /// The model as the log prints it, or one whose load it is.
    let model: String
    /// The load that it fetched first.
    let load: String
    /// Whether the catalogue knows the load.
    let isKnownLoad: Bool
    /// The files of that load, in the order of its log.
    let files: [FileStory]
    /// The names of the load's files as the catalogue has them; empty where it does not know it.
    private let known: [String]

    init(_ story: PhoneStory, name: String, catalog: FirmwareCatalog) {
        self.story = story
        self.name = name
        var files: [FileStory] = []
        var load: String?
        for file in story.files {
            if let name = file.file, name.hasSuffix(".loads") {
                if let load, load + ".loads" != name { break }
                load = String(name.dropLast(6))
            }
            files.append(file)
        }
        self.files = files
        self.load = load ?? ""
        let found = try? catalog.find(self.load)
        isKnownLoad = found.map { !catalog[$0.id].files.isEmpty } ?? false
        known = found.map { catalog[$0.id].files.map(\.name) } ?? []
        model = Self.model(story, load: self.load)
    }

    /// The phone looked for peers.
    var shares: Bool {
        story.has(.listeningTCP) || files.contains { $0.role != .alone && $0.role != .undecided }
    }

    /// When its first line was printed, in microseconds.
    var begin: Int64 { story.begin.microseconds }

    /// A file's number in the load, counted from 1: by name, or by its place in the log.
    func number(of file: FileStory) -> Int? {
        if let name = file.file, let index = known.firstIndex(of: name) { return index + 1 }
        let place = files.firstIndex { $0.begin == file.begin && $0.file == file.file }
        return known.isEmpty || file.file == nil ? place.map { $0 + 1 } : nil
    }

    private static func model(_ story: PhoneStory, load: String) -> String {
        if let model = story.model, (try? PhoneModel.named(model)) != nil { return model }
        let fitting = PhoneModel.all.first { model in
            guard let name = try? LoadName(load) else { return false }
            return model.fit(of: name, for: model.standardProtocol) == .fits
        }
        return fitting?.name ?? "CP-7961G"
    }

    /// A name of the language for each name of a log: the same where it is one.
    static func names(_ names: [String]) -> [String] {
        var taken: [String] = []
        for (index, name) in names.enumerated() {
            var chosen =
                name.utf8.count <= 40 && NewName(word: name) != nil ? name : "P\(index + 1)"
            var number = index + 1
            while taken.contains(chosen) {
                number += 1
                chosen = "P\(number)"
            }
            taken.append(chosen)
        }
        return taken
    }
}
