// What comes from the network for phones, on its way from the network's thread to the one that has the
// world: values in a bounded queue, each with the time at which it came.

import NIOConcurrencyHelpers
public import PFSRuntime

/// A phone of this process as the network knows it.
public struct LocalPhone: Hashable, Sendable {
    /// Its number in the world.
    public let number: PhoneNumber
    /// Its name, which is that of its folder too.
    public let name: String
    /// The exact model.
    public let modelName: String
    /// Its address on the network.
    public let address: IPv4Address

    /// A phone at an address of the network.
    public init(number: PhoneNumber, name: String, modelName: String, address: IPv4Address) {
        self.number = number
        self.name = name
        self.modelName = modelName
        self.address = address
    }
}

/// A file that phones move, as the catalogue states it.
public struct SharedFile: Hashable, Sendable {
    /// Its number in the world.
    public let number: FileNumber
    /// Its name.
    public let name: String
    /// Its size in bytes.
    public let sizeBytes: Int64
    /// The SHA-256 that it has to have; nil when nothing states it, and no copy then verifies.
    public let sha256: [UInt8]?

    /// A file as it has to be.
    public init(number: FileNumber, name: String, sizeBytes: Int64, sha256: [UInt8]?) {
        self.number = number
        self.name = name
        self.sizeBytes = sizeBytes
        self.sha256 = sha256
    }
}

/// Something that came from the network.
public enum PhoneNetworkEvent: Hashable, Sendable {
    /// A broadcast.
    case heard(WirePeerMessage, from: IPv4Address)
    /// A message over a phone's link.
    case received(WirePeerMessage, from: IPv4Address)
    /// A phone's link about a file was lost.
    case linkLost(fileName: String, IPv4Address)
    /// So many bytes of the present file have come; nil stands for the server.
    case progress(bytes: Int64, from: IPv4Address?)
    /// A fetch ended.
    case fetchEnded(FetchOutcome, server: IPv4Address?, bytes: Int64)
    /// The whole file came from a parent.
    case fileArrived(fileName: String, from: IPv4Address)
    /// A file was checked.
    case verified(Bool)
    /// A file has its final name.
    case written
    /// Something that a user should know: a full disk, a port that cannot be had.
    case trouble(String)
}

/// An event with the phone that it is for.
public struct PhoneNetworkReport: Hashable, Sendable {
    /// The phone; nil where all hear it.
    public let phone: PhoneNumber?
    /// The restarts that the phone had had when what ended here was begun.
    public let incarnation: UInt16
    /// What came.
    public let event: PhoneNetworkEvent
    /// When, on the machine's clock, in nanoseconds.
    public let atNanoseconds: Int64
}

/// The queue of reports, filled by the network's thread and emptied by another.
final class ReportQueue: Sendable {
    /// The most reports that wait; own choice: a second of 1,000 phones' talk and more.
    ///
    /// What comes beyond is dropped, as a full socket would drop it, and counted.
    static let capacity = 20_000

    private struct Content {
        var reports: [PhoneNetworkReport] = []
        var dropped = 0
    }

    private let content = NIOLockedValueBox(Content())
    private let filled = ConditionLock(value: false)
    private let wake: @Sendable () -> Void

    /// `wake` is called, by the network's thread, when the queue is no longer empty.
    init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

    func append(_ report: PhoneNetworkReport) {
        let isFirst = content.withLockedValue { content in
            guard content.reports.count < Self.capacity else {
                content.dropped += 1
                return false
            }
            content.reports.append(report)
            return content.reports.count == 1
        }
        guard isFirst else { return }
        filled.lock()
        filled.unlock(withValue: true)
        wake()
    }

    func takeAll() -> [PhoneNetworkReport] {
        filled.lock()
        let reports = content.withLockedValue { content in
            let reports = content.reports
            content.reports = []
            return reports
        }
        filled.unlock(withValue: false)
        return reports
    }

    var droppedCount: Int { content.withLockedValue { $0.dropped } }

    /// Waits for a report, at most so long.
    func wait(microseconds: Int) {
        guard filled.lock(whenValue: true, timeoutSeconds: Double(microseconds) / 1_000_000)
        else { return }
        filled.unlock()
    }
}
