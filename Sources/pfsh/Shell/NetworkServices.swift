// What a session does on the real network: its TFTP server and the transfers it made. Nothing of it
// belongs to the world or to its time, and nothing is opened before the first command that needs it.

import Glibc
import Interpreter
import NetIO
import PFSRuntime

/// The network side of a session; one for all copies of its host.
final class NetworkServices {
    /// How many transfers of its own a session remembers; own choice, as the server does.
    private static let rememberedTransfers = 50

    /// The server, while it runs.
    private(set) var server: TFTPServer?
    /// The reports of the session's own transfers, the latest first.
    private(set) var ownReports: [TFTPReport] = []

    /// The receiver of log lines, while it listens, and the line of it that was shown last.
    var syslogIn: SyslogReceiver?
    var syslogShown = 0
    /// The web pages, while they are shown.
    var web: PhoneWeb?

    deinit {
        server?.stop()
        syslogIn?.stop()
    }

    /// Starts the server.
    ///
    /// Throws `NetworkError`.
    func serve(_ configuration: TFTPServerConfiguration) throws(NetworkError) {
        server = try TFTPServer(configuration)
    }

    /// Ends the server; answers whether there was one.
    func stopServing() -> Bool {
        guard let server else { return false }
        server.stop()
        self.server = nil
        return true
    }

    func remember(_ report: TFTPReport) {
        ownReports.insert(report, at: 0)
        if ownReports.count > Self.rememberedTransfers { ownReports.removeLast() }
    }
}

extension ShellHost {
    /// Milliseconds between two looks at Ctrl-C, and between two lines of progress.
    private static let lookMilliseconds = 50
    /// How long a stopped transfer may take to end, in milliseconds.
    private static let endMilliseconds = 2_000

    /// Waits for a transfer and shows its progress; answers its last report.
    ///
    /// Throws a diagnostic of kind `.outside` where it failed, `.interrupted` where the user stopped
    /// it.
    func finish(_ transfer: TFTPClient, at range: SourceRange?) throws(Diagnostic) -> TFTPReport {
        let showsProgress = isInteractive && isatty(STDERR_FILENO) == 1
        var looks = 0
        while !transfer.status.wait(milliseconds: Self.lookMilliseconds) {
            looks += 1
            if isInterrupted {
                transfer.stop()
                _ = transfer.status.wait(milliseconds: Self.endMilliseconds)
                break
            }
            if showsProgress, looks > 6 {
                output.progress(TransferText.progress(transfer.status.report))
            }
        }
        if showsProgress, looks > 6 { output.progress("") }
        let report = transfer.status.report
        network.remember(report)
        switch report.outcome {
        case .complete: return report
        case .running, .failed(.stopped):
            throw Diagnostic("stopped; nothing was kept", kind: .interrupted)
        case .failed(let failure):
            throw Diagnostic(
                "\(report.fileName): \(failure.description)",
                at: range,
                kind: .outside
            )
        }
    }
}

/// Transfers in words.
enum TransferText {
    /// The line shown while a transfer runs.
    static func progress(_ report: TFTPReport) -> String {
        var text = "\(report.fileName)  \(report.transferredBytes) bytes"
        if let size = report.sizeBytes, size > 0 {
            text += " of \(size), \(report.transferredBytes.multipliedClamped(by: 100) / size) %"
        }
        return text + ", \(rate(report))  Ctrl-C stops"
    }

    /// The rate with a fitting unit, in whole numbers.
    static func rate(_ report: TFTPReport) -> String {
        let rate = report.bytesPerSecond
        return rate >= 10_000_000 ? "\(rate / 1_000_000) MB/s" : "\(rate / 1_000) kB/s"
    }

    static func role(_ role: TFTPTransfer.Role) -> String {
        switch role {
        case .gets: "get"
        case .puts: "put"
        case .servesRead: "serves"
        case .servesWrite: "takes"
        }
    }

    static func outcome(_ outcome: TFTPReport.Outcome) -> String {
        switch outcome {
        case .running: "running"
        case .complete: "complete"
        case .failed(let failure): failure.description
        }
    }
}

extension Int64 {
    fileprivate func multipliedClamped(by factor: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}
