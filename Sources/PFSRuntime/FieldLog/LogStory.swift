// What logs tell together: who was there, who had which file from whom. Logs are read one after the other;
// what is kept of them is bounded.

/// A log that was read.
public struct ReadLog: Sendable {
    /// What the reader was given as its name.
    public let name: String
    /// What was in it.
    public internal(set) var counts = LogCounts()
    /// Some lines of the download task that were not understood, with their numbers.
    public internal(set) var samples: [(number: Int, text: String)] = []
    /// How many phones it told of.
    public internal(set) var phones = 0
    /// The first and the last understood line.
    public internal(set) var span: (begin: LoggedLine, end: LoggedLine)?
}

/// What one or more logs tell.
public struct LogStory: Sendable {
    /// The most phones of all logs together.
    public static let phoneLimit = 20_000
    /// The most files of all phones together.
    public static let fileLimit = 120_000

    /// The logs, in the order in which they were read.
    public private(set) var logs: [ReadLog] = []
    /// The phones, in the order in which they were met.
    public private(set) var phones: [PhoneStory] = []
    /// Requests for each file that a TFTP server wrote down, with the first and the last.
    public private(set) var requests: [ServerRequest] = []
    /// Lines of phones beyond the limits.
    public private(set) var linesLeftOut = 0

    private var files = 0
    /// The place of a phone by its address.
    private var addresses: [IPv4Address: Int] = [:]
    /// The place of a request by who asked and for what.
    private var requestPlaces: [String: Int] = [:]
    /// The place of a phone of the log that is read, by its source.
    private var places: [Int: Int] = [:]
    private var lastTime: Int64?

    /// The requests of one phone for one file, as a TFTP server wrote them down.
    public struct ServerRequest: Sendable {
        /// Who asked.
        public let address: IPv4Address
        /// For what.
        public let file: String
        /// The lines.
        public internal(set) var moment: LoggedMoment
    }

    /// Different pairs of address and file that are kept.
    static let requestLimit = 10_000

    /// Nothing yet.
    public init() {}

    /// A reader for the next log; see `FieldLogReader`.
    public func reader(name: String) -> FieldLogReader {
        FieldLogReader(name: name, near: lastTime)
    }

    /// Takes a line of the log that is being read.
    public mutating func add(_ line: LoggedLine, of reader: FieldLogReader) {
        add(line, named: reader.sources[line.source])
    }

    /// Takes a line of a phone that is called so in the log that is being read.
    mutating func add(_ line: LoggedLine, named name: String) {
        if line.event == .readRequest {
            addRequest(line)
            return
        }
        // What the world says of its faults, no phone says, and no phone's log has it.
        if line.event == .faultBegan || line.event == .faultEnded || line.event == .faultHit {
            return
        }
        guard let place = place(of: line, name) else {
            linesLeftOut += 1
            return
        }
        let before = phones[place].files.count
        phones[place].add(line)
        files += phones[place].files.count - before
    }

    private mutating func place(of line: LoggedLine, _ name: String) -> Int? {
        if let known = places[line.source] { return files < Self.fileLimit ? known : nil }
        guard phones.count < Self.phoneLimit else { return nil }
        phones.append(PhoneStory(name: name, log: logs.count, line))
        places[line.source] = phones.count - 1
        return phones.count - 1
    }

    private mutating func addRequest(_ line: LoggedLine) {
        guard let address = line.value(.address).flatMap({ IPv4Address($0) }),
            let file = line.value(.file)
        else { return }
        let key = "\(address) \(file)"
        if let known = requestPlaces[key] {
            requests[known].moment.count += 1
            requests[known].moment.last = line
        } else if requests.count < Self.requestLimit {
            requestPlaces[key] = requests.count
            requests.append(
                ServerRequest(address: address, file: file, moment: LoggedMoment(line))
            )
        } else {
            linesLeftOut += 1
        }
    }

    /// Ends the log that was read.
    public mutating func end(_ reader: FieldLogReader) {
        var log = ReadLog(name: reader.name)
        log.counts = reader.counts
        log.samples = reader.samples
        let told = phones.filter { $0.log == logs.count }
        log.phones = told.count
        let begin = told.map(\.begin).min { $0.microseconds < $1.microseconds }
        let end = told.map(\.end).max { $0.microseconds < $1.microseconds }
        if let begin, let end {
            log.span = (begin, end)
            lastTime = begin.microseconds
        }
        logs.append(log)
        places.removeAll()
        addresses = ChildAddresses.infer(for: &phones)
    }

    /// All counts together.
    public var counts: LogCounts { logs.reduce(LogCounts()) { $0 + $1.counts } }

    /// The phone that has an address; nil when no log is its.
    public func phone(at address: IPv4Address) -> Int? { addresses[address] }
}
