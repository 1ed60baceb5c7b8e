// Faults in words: the order as the shell's command for it, so that the log, tables and configurations all
// say what can be typed.

extension World {
    /// The fault of a number as a command; its number where it is not known any more.
    func faultText(_ number: Int) -> String {
        guard let record = fault(number) else { return "fault \(number)" }
        return faultText(record.order) { phones in
            let names = phones.prefix(Self.namesShown).map { self.name(of: $0) }
            let rest = phones.count - names.count
            return names.joined(separator: ",") + (rest > 0 ? " and \(rest) more" : "")
        }
    }

    /// As many names as a line of the log shows.
    private static let namesShown = 4

    /// An order as the command that gives it; `selector` makes one word of phones.
    public func faultText(
        _ order: FaultOrder,
        selector: ([PhoneNumber]) -> String
    ) -> String {
        let parts = faultParts(order, selector: selector)
        return ([parts.what] + parts.scope).joined(separator: " ")
    }

    /// The same in two: the kind with its number, and the words of place, choice and time.
    public func faultParts(
        _ order: FaultOrder,
        selector: ([PhoneNumber]) -> String
    ) -> (what: String, scope: [String]) {
        let isCommandOfItsOwn = order.fault.takesSubnet && order.scope.place.isSubnet
        let what = isCommandOfItsOwn ? order.fault.ownWords : ["fault"] + order.fault.words
        var words = placeWords(order, selector)
        words += order.fault.flagWords
        if let message = order.scope.message { words += ["message", message.rawValue] }
        if let file = order.scope.file { words += ["file", "\(file + 1)"] }
        if let nth = order.scope.nth { words += ["nth", "\(nth)"] }
        if order.scope.chancePartsPerMillion < FaultScope.wholeChance {
            words += ["chance", Self.percent(order.scope.chancePartsPerMillion)]
        }
        if let length = order.length { words += ["for", length.text] }
        return (what.joined(separator: " "), words)
    }

    private func placeWords(
        _ order: FaultOrder,
        _ selector: ([PhoneNumber]) -> String
    ) -> [String] {
        func name(_ set: PhoneSet) -> String { set.isEveryone ? "all" : selector(set.phones) }
        let subject = order.fault.kind.declaration.subject
        let isPhones = subject == .phones || subject == .flash
        switch order.scope.place {
        case .everywhere: return isPhones ? ["all"] : []
        case .subnet(let subnet):
            let word = subnetNames[subnet]
            if case .isolate = order.fault { return [word] }
            if order.fault.takesSubnet { return ["in", word] }
            return isPhones ? ["(subnet \(word))"] : ["in", "(subnet \(word))"]
        case .phones(let set): return isPhones ? [name(set)] : ["in", name(set)]
        case .link(let first, let second, let isOneWay):
            if case .partition = order.fault {
                return [name(first), name(second)] + (isOneWay ? ["one-way"] : [])
            }
            guard isOneWay else { return ["between", name(first), "and", name(second)] }
            return (first.isEveryone ? [] : ["from", name(first)])
                + (second.isEveryone ? [] : ["to", name(second)])
        case .server(let server): return [self.server(server).name]
        }
    }

    private static func percent(_ partsPerMillion: Int64) -> String {
        var decimals = String(partsPerMillion % 10_000)
        decimals = String(repeating: "0", count: 4 - decimals.count) + decimals
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(partsPerMillion / 10_000)" + (decimals.isEmpty ? "" : ".\(decimals)") + "%"
    }
}

extension FaultPlace {
    fileprivate var isSubnet: Bool {
        if case .subnet = self { true } else { false }
    }
}

extension Fault {
    /// Its kind and number, as words behind `fault`.
    fileprivate var words: [String] {
        switch self {
        case .delay(let length), .jitter(let length), .serverSlow(let length):
            [kind.rawValue, length.text]
        case .block(let transport): ["block", transport.rawValue]
        case .slowDisk(let times): [kind.rawValue, "\(times)"]
        case .clockDrift(let partsPerMillion): [kind.rawValue, "\(abs(partsPerMillion))"]
        case .drop, .duplicate, .reorder, .corrupt, .partition, .isolate, .unauthorised,
            .duplicateAddress, .crash, .freeze, .reboot, .powerLoss, .diskFull, .corruptBlock,
            .serverDown, .serverFull, .wrongFile, .truncatedFile, .forgedClaims, .endlessOffers,
            .wrongBytes, .stalledTransfer:
            [kind.rawValue]
        }
    }

    /// What is said of it behind its place.
    fileprivate var flagWords: [String] {
        switch self {
        case .crash(keepsFlash: true): ["keep-flash"]
        case .clockDrift(let partsPerMillion) where partsPerMillion < 0: ["slow"]
        default: []
        }
    }

    /// Whether there is a command of its own for a whole subnet.
    fileprivate var takesSubnet: Bool {
        switch self {
        case .block, .isolate: true
        default: false
        }
    }

    /// The words of that command.
    fileprivate var ownWords: [String] {
        if case .block(let transport) = self { return ["block", transport.rawValue, "4051"] }
        return [kind.rawValue]
    }
}

extension Interval {
    /// The length in the largest unit of which it is a whole number, such as `250ms`.
    var text: String {
        let units: [(Int64, String)] = [
            (3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"),
            (1_000_000, "ms"), (1_000, "us"),
        ]
        for (unit, name) in units where nanoseconds % unit == 0 && nanoseconds != 0 {
            return "\(nanoseconds / unit)\(name)"
        }
        return "\(nanoseconds)ns"
    }
}
