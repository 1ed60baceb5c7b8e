// The transfers of a server: those that run, how many may, and the last that ended.

import NIOConcurrencyHelpers
import NIOCore
import PFSRuntime

/// Kept under a lock: the server's threads write it, the shell reads it.
final class TFTPBook: Sendable {
    /// A transfer and its socket.
    private struct Entry {
        let packet: TFTPPacket
        let endpoint: TFTPEndpoint
        let status: TFTPStatus
        /// Nil until its socket is there.
        var client: TFTPClient?
    }

    private struct Pages {
        /// By their number, which grows.
        var running: [Int: Entry] = [:]
        /// They have ended, but still answer a peer that did not hear so.
        var lingering: [Int: Entry] = [:]
        /// The number of the transfer that each endpoint began last, while it runs.
        var latest: [TFTPEndpoint: Int] = [:]
        var ended: [TFTPReport] = []
        var count = 0
        var refused = 0
        var isClosed = false
    }

    private let limit: Int
    private let pages = NIOLockedValueBox(Pages())

    /// A book for at most `limit` transfers that run, and as many that linger.
    init(limit: Int) { self.limit = limit }

    /// What becomes of a request.
    enum Admission: Equatable {
        /// It has this number in the book.
        case admitted(Int)
        /// It came twice: its transfer has begun, and answers by itself.
        case known
        /// As many run as may.
        case full
    }

    /// Whether a request may become a transfer.
    ///
    /// A client may use one port for several requests, also for the same file again: only a request
    /// whose transfer has not moved a byte counts as the same. One too many does no harm, the client
    /// refuses it.
    func admission(of packet: TFTPPacket, from endpoint: TFTPEndpoint) -> Admission {
        pages.withLockedValue { pages in
            if let number = pages.latest[endpoint], let entry = pages.running[number],
                entry.packet == packet, entry.status.report.transferredBytes == 0
            {
                return .known
            }
            guard pages.running.count < limit, pages.lingering.count <= limit, !pages.isClosed
            else {
                pages.refused += 1
                return .full
            }
            pages.count += 1
            return .admitted(pages.count)
        }
    }

    /// A transfer runs that was admitted.
    func begin(_ number: Int, _ packet: TFTPPacket, _ job: TFTPJob) {
        let endpoint = TFTPEndpoint(job.remote)
        pages.withLockedValue { pages in
            let entry = Entry(packet: packet, endpoint: endpoint, status: job.status, client: nil)
            pages.running[number] = entry
            pages.latest[endpoint] = number
        }
    }

    /// The transfer has its socket; answers whether the server still runs.
    func attach(_ number: Int, _ client: TFTPClient) -> Bool {
        pages.withLockedValue { pages in
            pages.running[number]?.client = client
            pages.lingering[number]?.client = client
            return !pages.isClosed
        }
    }

    /// The transfer has ended one way or the other; its socket may still answer.
    func end(_ number: Int) {
        pages.withLockedValue { pages in
            guard let entry = pages.running.removeValue(forKey: number) else { return }
            pages.lingering[number] = entry
            if pages.latest[entry.endpoint] == number { pages.latest[entry.endpoint] = nil }
            pages.ended.append(entry.status.report)
            let excess = pages.ended.count - TFTPServer.rememberedTransfers
            if excess > 0 { pages.ended.removeFirst(excess) }
        }
    }

    /// The transfer's socket is gone.
    func close(_ number: Int) {
        end(number)
        pages.withLockedValue { $0.lingering[number] = nil }
    }

    /// Takes no more transfers; answers those that have a socket.
    func close() -> [TFTPClient] {
        pages.withLockedValue { pages in
            pages.isClosed = true
            let all = pages.running.merging(pages.lingering) { running, _ in running }
            return all.sorted { $0.key < $1.key }.compactMap(\.value.client)
        }
    }

    /// The transfers that run, in the order of their begin, then those that ended, the latest first.
    var reports: [TFTPReport] {
        let (running, ended) = pages.withLockedValue { pages in
            (pages.running.sorted { $0.key < $1.key }.map(\.value.status), pages.ended)
        }
        return running.map(\.report) + ended.reversed()
    }

    /// Requests that were refused because as many ran as may.
    var refusedCount: Int { pages.withLockedValue { $0.refused } }
}
