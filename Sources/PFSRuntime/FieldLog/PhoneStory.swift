// What a phone's log tells of the phone: one story for each file that it came by, and what belongs to none.

/// When something was said first, and how often in all.
public struct LoggedMoment: Hashable, Sendable {
    /// The first line that said it.
    public let line: LoggedLine
    /// How many lines said it.
    public internal(set) var count = 1
    /// The last line that said it.
    public internal(set) var last: LoggedLine

    init(_ line: LoggedLine) {
        self.line = line
        last = line
    }
}

/// How a phone came by a file.
public enum LoggedRole: String, Sendable {
    /// The log ends before it is decided.
    case undecided
    /// Root of the file's hierarchy.
    case root
    /// It had a parent.
    case child
    /// It fetched without looking for peers.
    case alone
    /// It gave up on its peers.
    case fellBack = "fell back"
}

/// What a log tells of one file at one phone.
public struct FileStory: Sendable {
    /// The file; nil while no line has named it.
    public internal(set) var file: String?
    /// How the phone came by it, as far as the log goes.
    public internal(set) var role = LoggedRole.undecided
    /// The last parent.
    public internal(set) var parent: IPv4Address?
    /// What was said of it, by kind of line.
    public internal(set) var moments: [LoggedEvent: LoggedMoment] = [:]

    /// The first line of a kind; nil if there is none.
    public func first(_ event: LoggedEvent) -> LoggedLine? { moments[event]?.line }

    /// Whether a line of a kind was printed.
    public func has(_ event: LoggedEvent) -> Bool { moments[event] != nil }

    /// How many lines of a kind there are.
    public func count(_ event: LoggedEvent) -> Int { moments[event]?.count ?? 0 }

    /// The first of all lines about it.
    public var begin: LoggedLine? {
        moments.values.map(\.line).min {
            ($0.microseconds, $0.number) < ($1.microseconds, $1.number)
        }
    }

    /// The last of all lines about it.
    public var end: LoggedLine? {
        moments.values.map(\.last).max {
            ($0.microseconds, $0.number) < ($1.microseconds, $1.number)
        }
    }

    /// The line that decided its role.
    public var decision: LoggedLine? {
        switch role {
        case .root: first(.becameRoot) ?? first(.confirmedRoot)
        case .child: first(.accepted)
        case .fellBack: first(.fallsBack)
        case .alone: first(.fetchAlone)
        case .undecided: nil
        }
    }

    /// The phone's own word in the election, in the order transaction, map, strength, hash.
    public var claim: (transaction: String?, map: String?, strength: String?, hash: String?) {
        let claimed = first(.claimed)
        let root = first(.becameRoot)
        return (
            claimed?.value(.transaction) ?? root?.value(.transaction), claimed?.value(.map),
            claimed?.value(.strength), root?.value(.hash)
        )
    }
}

/// A child that a phone took in.
public struct LoggedChild: Hashable, Sendable {
    /// Its address.
    public let address: IPv4Address
    /// The line that says so.
    public let line: LoggedLine
}

/// What a log tells of a phone.
public struct PhoneStory: Sendable {
    /// The most files of a phone that are told (own choice: more than forty upgrades).
    static let fileLimit = 256
    /// The most children that are remembered.
    static let childLimit = 512

    /// What the log calls it.
    public let name: String
    /// The log, as an index.
    public let log: Int
    /// Its address, where a line says so.
    public internal(set) var address: IPv4Address?
    /// Whether the address was told by lines of others.
    public internal(set) var addressIsInferred = false
    /// Its model as the log prints it.
    public internal(set) var model: String?
    /// The files in the order in which it came by them.
    public internal(set) var files: [FileStory] = []
    /// Files that were left out because there are too many.
    public internal(set) var filesLeftOut = 0
    /// What was said at all, by kind of line.
    public internal(set) var moments: [LoggedEvent: LoggedMoment] = [:]
    /// The children that it took in.
    public internal(set) var children: [LoggedChild] = []
    /// The first understood line.
    public internal(set) var begin: LoggedLine
    /// The last understood line.
    public internal(set) var end: LoggedLine

    init(name: String, log: Int, _ line: LoggedLine) {
        self.name = name
        self.log = log
        begin = line
        end = line
    }

    /// The first line of a kind; nil if there is none.
    public func first(_ event: LoggedEvent) -> LoggedLine? { moments[event]?.line }

    /// Whether a line of a kind was printed.
    public func has(_ event: LoggedEvent) -> Bool { moments[event] != nil }

    /// How many lines of a kind there are.
    public func count(_ event: LoggedEvent) -> Int { moments[event]?.count ?? 0 }

    /// The load that it fetched last: the name of its first file.
    public var load: String? {
        files.compactMap(\.file).last { $0.hasSuffix(".loads") }.map { String($0.dropLast(6)) }
    }

    mutating func add(_ line: LoggedLine) {
        end = line
        Self.add(line, to: &moments)
        switch line.event {
        case .becameRoot:
            model = line.value(.model) ?? model
            setAddress(line.value(.address))
        case .accepted: model = line.value(.model) ?? model
        case .dhcpAddress: setAddress(line.value(.address))
        case .acceptedChild:
            if let child = line.value(.address).flatMap({ IPv4Address($0) }),
                children.count < Self.childLimit
            {
                children.append(LoggedChild(address: child, line: line))
            }
        default: break
        }
        tell(line)
    }

    private mutating func setAddress(_ text: String?) {
        guard let text, let address = IPv4Address(text) else { return }
        self.address = address
        addressIsInferred = false
    }

    private static func add(_ line: LoggedLine, to moments: inout [LoggedEvent: LoggedMoment]) {
        if moments[line.event] == nil {
            moments[line.event] = LoggedMoment(line)
        } else {
            moments[line.event]?.count += 1
            moments[line.event]?.last = line
        }
    }

    // MARK: Files

    /// Whether lines that name no file belong to the last of `files`.
    private var isOpen = false

    private mutating func open() {
        guard files.count < Self.fileLimit else {
            filesLeftOut += 1
            isOpen = false
            return
        }
        files.append(FileStory())
        isOpen = true
    }

    private mutating func tell(_ line: LoggedLine) {
        switch line.event {
        case .sendsFile, .offered:
            // What is given away may be an earlier file.
            if let index = files.lastIndex(where: { $0.file == line.value(.file) }) {
                Self.add(line, to: &files[index].moments)
            }
        case .listeningTCP:
            // It began anew, and looks for peers.
            open()
            note(line)
        case .claimed, .treeState:
            // Links are printed whenever they change; a file that is written is done with.
            if !isOpen || files[files.count - 1].has(.fileWritten) { open() }
            note(line)
        case .becameRoot, .accepted, .fetchAlone, .fileReceived, .fileVerified, .fileRejected,
            .fileWritten, .fetchFailed:
            name(line.value(.file))
            note(line)
        case .sendingBroadcast, .tickRanOut, .timedOutClaiming, .advertised, .confirmedRoot,
            .fetchAfterWaiting, .fetchWhenFull, .steppedDown, .joinFailed, .acceptedChild,
            .childLost, .parentLost, .dissolved, .fallsBack, .resigned, .stopped:
            note(line)
        default: break
        }
    }

    /// The present file has this name; if it has another, the next file has begun.
    private mutating func name(_ file: String?) {
        if !isOpen { open() }
        guard isOpen, let file else { return }
        let last = files.count - 1
        if let known = files[last].file, known != file { open() }
        if isOpen { files[files.count - 1].file = file }
    }

    private mutating func note(_ line: LoggedLine) {
        guard isOpen else { return }
        let last = files.count - 1
        Self.add(line, to: &files[last].moments)
        switch line.event {
        case .becameRoot: files[last].role = .root
        case .accepted:
            files[last].role = .child
            files[last].parent = line.value(.address).flatMap { IPv4Address($0) }
        case .fallsBack: files[last].role = .fellBack
        case .fetchAlone where files[last].role == .undecided: files[last].role = .alone
        default: break
        }
    }
}
