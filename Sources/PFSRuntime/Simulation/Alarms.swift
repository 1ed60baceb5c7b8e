// What phones report to CUCM about firmware downloads: one alarm when a download begins, one when it
// has succeeded or failed. The names, the methods and the reasons are those of CUCM's own alarm
// catalogue (attested).

internal import BasicContainers

/// How a phone got its firmware, as CUCM's alarms number it.
public enum DownloadMethod: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// From a server by TFTP.
    case tftp = 1
    /// From a server by HTTP, as a 7800 or 8800 does first.
    case http = 2
    /// Peer-to-Peer Image Distribution: a file came from a peer, or went to one.
    case peers = 3

    /// The word in CUCM's catalogue.
    public var name: String {
        switch self {
        case .tftp: "TFTP"
        case .http: "HTTP"
        case .peers: "PPID"
        }
    }
}

/// One of CUCM's alarms about a firmware download.
public enum DownloadAlarm: BitwiseCopyable, Hashable, Sendable {
    /// `DeviceImageDownloadStart`: the phone has begun.
    case start
    /// `DeviceImageDownloadSuccess`: it has all files.
    case success(DownloadMethod)
    /// `DeviceImageDownloadFailure`: it has given up.
    case failure(DownloadMethod, FailureReason)

    /// The name in CUCM's catalogue.
    public var name: String {
        switch self {
        case .start: "DeviceImageDownloadStart"
        case .success: "DeviceImageDownloadSuccess"
        case .failure: "DeviceImageDownloadFailure"
        }
    }

    /// The method that it names; nil for the start.
    public var method: DownloadMethod? {
        switch self {
        case .start: nil
        case .success(let method), .failure(let method, _): method
        }
    }

    /// Why the download failed; nil if it did not.
    public var reason: FailureReason? {
        if case .failure(_, let reason) = self { reason } else { nil }
    }
}

/// An alarm of a phone.
public struct AlarmRecord: BitwiseCopyable, Sendable {
    /// When it was raised.
    public let time: Instant
    /// The phone.
    public let phone: PhoneNumber
    /// What it says.
    public let alarm: DownloadAlarm
    /// The load that the phone ran then.
    public let active: LoadID
    /// The load that it fetched.
    public let requested: LoadID
    /// The server of its last fetch, as an index; nil when it has fetched nothing itself.
    public let server: Int?
}

/// The last alarms of a world.
struct AlarmStore: Sendable {
    /// How many are kept: two for each of 100,000 phones.
    static let capacity = 200_000
    private var records = RecordRing<AlarmRecord>(capacity: AlarmStore.capacity)

    /// How many have gone because the store was full.
    var dropped: Int { records.dropped }

    var count: Int { records.count }

    /// The record at `index`, counted from the oldest kept.
    subscript(index: Int) -> AlarmRecord { records[index] }

    mutating func append(_ record: AlarmRecord) { records.append(record) }
}

extension Kernel {
    /// A phone tells CUCM about its download.
    mutating func raise(_ alarm: (DownloadMethod) -> DownloadAlarm, of phone: PhoneNumber) {
        let record = phones[Int(phone.index)]
        let isShared = record.filesFromPeers > 0 || record.filesToPeers > 0
        let alone = record.filesByHTTP != 0 ? DownloadMethod.http : .tftp
        alarms.append(
            AlarmRecord(
                time: now,
                phone: phone,
                alarm: alarm(isShared ? .peers : alone),
                active: LoadID(rawValue: record.runningLoad),
                requested: LoadID(rawValue: record.targetLoad),
                server: record.lastServer.map { Int($0) }
            )
        )
    }
}

extension World {
    /// How many alarms are kept.
    public var alarmCount: Int { kernel.alarms.count }

    /// How many alarms have gone because there were more than are kept.
    public var alarmsDropped: Int { kernel.alarms.dropped }

    /// An alarm, counted from the oldest kept.
    public func alarm(_ index: Int) -> AlarmRecord { kernel.alarms[index] }

    /// The alarms that a phone has raised since its last download began, that start included.
    public func lastAlarms(of phone: PhoneNumber) -> [AlarmRecord] {
        var found: [AlarmRecord] = []
        for index in (0..<alarmCount).reversed() where alarm(index).phone == phone {
            found.append(alarm(index))
            if alarm(index).alarm == .start { break }
        }
        return found.reversed()
    }
}
