// What others may know of a transfer while it runs on its event loop: a report under a lock.

import Glibc
import NIOConcurrencyHelpers
public import PFSRuntime

/// Why something on the network could not be done.
public enum NetworkError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name of a host is not known, in the resolver's words.
    case unknownHost(String)
    /// An address and port could not be had, with the system's reason.
    case cannotBind(String, reason: String)
    /// A transfer did not succeed.
    case transfer(TFTPFailure)
    /// A file of this side.
    case file(FileError)

    /// One clause, lower case, without a full stop.
    public var description: String {
        switch self {
        case .unknownHost(let host): "no such host: \(host)"
        case .cannotBind(let place, let reason): "cannot listen at \(place): \(reason)"
        case .transfer(let failure): failure.description
        case .file(let error): error.description
        }
    }
}

/// How far a transfer is.
public struct TFTPReport: Hashable, Sendable {
    /// What became of a transfer.
    public enum Outcome: Hashable, Sendable {
        /// Still under way.
        case running
        /// The whole file was sent or received.
        case complete
        /// It did not succeed.
        case failed(TFTPFailure)
    }

    /// Which side this is.
    public var role: TFTPTransfer.Role
    /// The file, as the request names it.
    public var fileName: String
    /// The other side, as address and port.
    public var peer: String
    /// What was agreed.
    public var terms = TFTPTerms()
    /// Bytes over the wire that have arrived for certain.
    public var transferredBytes: Int64 = 0
    /// The size in bytes, where it is known.
    public var sizeBytes: Int64?
    /// Packets repeated because nothing came.
    public var repetitions: Int64 = 0
    /// What became of it.
    public var outcome = Outcome.running
    /// From the request to the end, or to now, in nanoseconds.
    public var elapsedNanoseconds: Int64 = 0

    /// Bytes of a second so far.
    public var bytesPerSecond: Int64 {
        guard elapsedNanoseconds > 0 else { return 0 }
        let product = transferredBytes.multipliedFullWidth(by: 1_000_000_000)
        return elapsedNanoseconds.dividingFullWidth(product).quotient
    }
}

/// The report of one transfer, written by its event loop and read by anybody.
public final class TFTPStatus: Sendable {
    private struct Content {
        var report: TFTPReport
        let startedAt: Int64
    }

    private let content: NIOLockedValueBox<Content>
    private let ended = ConditionLock(value: false)
    private let whenEnded: @Sendable () -> Void

    init(
        role: TFTPTransfer.Role,
        fileName: String,
        peer: String,
        sizeBytes: Int64?,
        whenEnded: @escaping @Sendable () -> Void = {}
    ) {
        self.whenEnded = whenEnded
        var report = TFTPReport(role: role, fileName: fileName, peer: peer)
        report.sizeBytes = sizeBytes
        content = NIOLockedValueBox(Content(report: report, startedAt: NetworkClock.nanoseconds))
    }

    /// How far it is now.
    public var report: TFTPReport {
        content.withLockedValue { content in
            var report = content.report
            if report.outcome == .running {
                report.elapsedNanoseconds = NetworkClock.nanoseconds - content.startedAt
            }
            return report
        }
    }

    /// Waits until it has ended, at most so long; answers whether it has.
    public func wait(milliseconds: Int) -> Bool {
        guard ended.lock(whenValue: true, timeoutSeconds: Double(milliseconds) / 1_000) else {
            return false
        }
        ended.unlock()
        return true
    }

    func update(_ transfer: TFTPTransfer) {
        content.withLockedValue { content in
            content.report.transferredBytes = transfer.transferredBytes
            content.report.repetitions = transfer.repetitions
        }
    }

    func agree(_ terms: TFTPTerms) {
        content.withLockedValue { content in
            content.report.terms = terms
            // The size of what is sent is known here, whatever the other side says.
            guard !content.report.role.sendsBlocks, let size = terms.transferSize else { return }
            content.report.sizeBytes = size
        }
    }

    /// The first end counts.
    func end(_ outcome: TFTPReport.Outcome) {
        let isFirst = content.withLockedValue { content in
            guard content.report.outcome == .running else { return false }
            content.report.outcome = outcome
            content.report.elapsedNanoseconds = NetworkClock.nanoseconds - content.startedAt
            return true
        }
        guard isFirst else { return }
        whenEnded()
        ended.lock()
        ended.unlock(withValue: true)
    }
}

/// The time of the network: that of the machine since it was started.
enum NetworkClock {
    /// Nanoseconds; never goes backwards.
    static var nanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
