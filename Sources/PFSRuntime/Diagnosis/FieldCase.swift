// What is known when a diagnosis is asked for: what logs tell, and, where there is one, the world itself. The
// upgrades of the logs are cut out here, with who shared, in which subnet and when.

/// One upgrade of a phone as its log tells it.
struct LoggedUpgrade {
    /// The phone's story.
    let phone: PhoneStory
    /// The load.
    let load: String
    /// The files, the manifest first.
    let files: [FileStory]
    /// Where the phone is: phones of one subnet have the same number; nil where nothing tells.
    let place: Int?
    /// The first and the last line about it.
    let begin: Int64
    let end: Int64

    /// Whether the phone looked for peers.
    var shares: Bool {
        files.contains { $0.has(.listeningTCP) || $0.has(.claimed) || $0.role == .child }
    }

    /// The family of the load: `SCCP41`.
    var family: String { String(load.prefix { $0 != "." }) }

    /// The model where a line says it, else the family: one hierarchy has one of them.
    var kind: String { phone.model ?? family }

    /// The file that decides how phones found each other.
    var first: FileStory { files[0] }

    /// Whether both were under way at one time.
    func overlaps(_ other: LoggedUpgrade) -> Bool { begin <= other.end && other.begin <= end }

    /// Whether a line of a kind stands in any file's story.
    func has(_ event: LoggedEvent) -> Bool { files.contains { $0.has(event) } }

    /// The first line of a kind.
    func line(_ event: LoggedEvent) -> LoggedLine? {
        files.lazy.compactMap { $0.first(event) }.first
    }
}

/// What is known.
public struct FieldCase {
    /// What logs tell: those of the world, or others.
    public let story: LogStory
    /// The world; nil where logs alone are known.
    let world: World?
    /// All upgrades, in the order of their phones.
    let upgrades: [LoggedUpgrade]
    /// Phones' configuration files.
    let files: [PhoneFileFacts]

    /// Logs alone.
    public init(_ story: LogStory) {
        self.init(story, nil)
    }

    /// Phones' configuration files alone.
    public init(_ files: [PhoneFileFacts]) {
        self.init(LogStory(), nil, files)
    }

    /// A world, with what its phones printed.
    public init(_ world: World) {
        self.init(LogStory(world), world)
    }

    private init(_ story: LogStory, _ world: World?, _ files: [PhoneFileFacts] = []) {
        self.files = files
        self.story = story
        self.world = world
        let places = Places(story, world)
        var upgrades: [LoggedUpgrade] = []
        for (index, phone) in story.phones.enumerated() {
            upgrades += Self.upgrades(of: phone, place: places.numbers[index])
        }
        self.upgrades = upgrades
    }

    private static func upgrades(of phone: PhoneStory, place: Int?) -> [LoggedUpgrade] {
        var upgrades: [LoggedUpgrade] = []
        var files: [FileStory] = []
        var load: String?
        func close() {
            defer { files = [] }
            guard let load, let begin = files.first?.begin?.microseconds else { return }
            let end = files.compactMap(\.end).map(\.microseconds).max() ?? begin
            upgrades.append(
                LoggedUpgrade(
                    phone: phone,
                    load: load,
                    files: files,
                    place: place,
                    begin: begin,
                    end: end
                )
            )
        }
        for file in phone.files {
            if let name = file.file, name.hasSuffix(".loads") {
                close()
                load = String(name.dropLast(6))
            }
            files.append(file)
        }
        close()
        return upgrades
    }

    /// Upgrades that could have shared: same load, same model where it is known, same subnet.
    func groups(byKind: Bool = true) -> [[LoggedUpgrade]] {
        var groups: [[LoggedUpgrade]] = []
        var numbers: [String: Int] = [:]
        for upgrade in upgrades {
            let place = upgrade.place.map { "\($0)" } ?? "?"
            let key = "\(place) \(upgrade.load) \(byKind ? upgrade.kind : "")"
            if let known = numbers[key] {
                groups[known].append(upgrade)
            } else {
                numbers[key] = groups.count
                groups.append([upgrade])
            }
        }
        return groups
    }

    /// What a phone told CUCM when its last download failed; nil where only logs are known.
    func alarm(of upgrade: LoggedUpgrade) -> Sign? {
        guard let world, let phone = phone(upgrade.phone),
            let record = world.lastAlarms(of: phone).last(where: { $0.alarm.reason != nil }),
            let reason = record.alarm.reason, let method = record.alarm.method
        else { return nil }
        let ofDay = world.wallClock.time(at: .zero).microseconds
        return Sign(
            upgrade.phone.name,
            "alarm \(record.alarm.name), method \(method.rawValue) \(method.name), reason "
                + "\(reason.rawValue)",
            at: ofDay + record.time.nanoseconds / 1_000
        )
    }

    /// The phone of the world that a story is about.
    func phone(_ story: PhoneStory) -> PhoneNumber? { world?.phone(named: story.name) }
}

/// Which phones are in one subnet: as the world has it, else by address and mask; without a mask /24.
private struct Places {
    /// For each phone of the story.
    private(set) var numbers: [Int?]

    init(_ story: LogStory, _ world: World?) {
        numbers = Array(repeating: nil, count: story.phones.count)
        if let world {
            for (index, phone) in story.phones.enumerated() {
                numbers[index] = world.phone(named: phone.name).map { world.subnet(of: $0) }
            }
            return
        }
        var known: [UInt32: Int] = [:]
        for (index, phone) in story.phones.enumerated() {
            guard let address = phone.address ?? phone.files.lazy.compactMap(\.parent).first else {
                continue
            }
            let mask = phone.first(.dhcpMask)?.value(.address).flatMap { IPv4Address($0) }?.bits
            let base = address.bits & (mask ?? 0xFFFF_FF00)
            if known[base] == nil { known[base] = known.count }
            numbers[index] = known[base]
        }
        // A phone that talks to nobody prints no address: where all others are in one subnet, so is it.
        guard known.count <= 1 else { return }
        for index in numbers.indices where numbers[index] == nil { numbers[index] = 0 }
    }
}

extension LogStory {
    /// What the phones of a world have printed up to now.
    public init(_ world: World) {
        self.init()
        let reader = reader(name: "world")
        for index in 0..<world.logCount {
            let record = world.logRecord(index)
            guard record.phone != .world, record.time <= world.now else { continue }
            let ofDay = world.wallClock.time(at: .zero).microseconds
            let line = LoggedLine(
                number: index + 1,
                source: Int(record.phone.index),
                microseconds: ofDay + record.time.nanoseconds / 1_000,
                severity: record.note.kind.severity,
                event: record.note.event,
                values: world.fields(record)
            )
            add(line, named: world.name(of: record.phone))
        }
        end(reader)
    }
}
