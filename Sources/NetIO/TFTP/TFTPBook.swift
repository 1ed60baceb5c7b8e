// The transfers of a server: those that run, how many may, and the last that ended.

import NIOConcurrencyHelpers
import NIOCore
import PFSRuntime

/// Kept under a lock: the server's threads write it, the shell reads it.
final class TFTPBook: Sendable {
    /// A transfer that runs.
    private struct Entry {
        let status: TFTPStatus
        /// Nil until its socket is there.
        var client: TFTPClient?
    }

    private struct Pages {
        /// By the client's endpoint; looked up, and read in the order of `number`.
        var running: [TFTPEndpoint: (number: Int, entry: Entry)] = [:]
        var ended: [TFTPReport] = []
        var count = 0
        var refused = 0
        var isClosed = false
    }

    private let pages = NIOLockedValueBox(Pages())

    /// What becomes of a request.
    enum Admission {
        case admitted
        /// The same client's transfer runs: its request came twice.
        case known
        /// As many run as may.
        case full
    }

    /// Whether a request from `endpoint` may become a transfer.
    func admission(of endpoint: TFTPEndpoint, limit: Int) -> Admission {
        pages.withLockedValue { pages in
            if pages.running[endpoint] != nil { return .known }
            guard pages.running.count < limit, !pages.isClosed else {
                pages.refused += 1
                return .full
            }
            return .admitted
        }
    }

    func begin(_ endpoint: TFTPEndpoint, _ status: TFTPStatus) {
        pages.withLockedValue { pages in
            pages.count += 1
            pages.running[endpoint] = (pages.count, Entry(status: status, client: nil))
        }
    }

    /// The transfer has its socket; answers whether the server still runs.
    func attach(_ endpoint: TFTPEndpoint, _ client: TFTPClient) -> Bool {
        pages.withLockedValue { pages in
            pages.running[endpoint]?.entry.client = client
            return !pages.isClosed
        }
    }

    func end(_ endpoint: TFTPEndpoint) {
        pages.withLockedValue { pages in
            guard let gone = pages.running.removeValue(forKey: endpoint) else { return }
            pages.ended.append(gone.entry.status.report)
            let excess = pages.ended.count - TFTPServer.rememberedTransfers
            if excess > 0 { pages.ended.removeFirst(excess) }
        }
    }

    /// Takes no more transfers; answers those that run.
    func close() -> [TFTPClient] {
        pages.withLockedValue { pages in
            pages.isClosed = true
            return pages.running.values.sorted { $0.number < $1.number }
                .compactMap(\.entry.client)
        }
    }

    var reports: [TFTPReport] {
        pages.withLockedValue { pages in
            let running = pages.running.values.sorted { $0.number < $1.number }
            return running.map(\.entry.status.report) + pages.ended.reversed()
        }
    }

    var refusedCount: Int { pages.withLockedValue { $0.refused } }
}
