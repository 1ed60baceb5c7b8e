// What the TFTP commands take: checked with its place, before anything is sent.

import Interpreter
import NetIO
import PFSRuntime

extension TFTPCommands {
    static func checkPort(_ port: Located<Int>, least: Int) throws(Diagnostic) {
        guard (least...65_535).contains(port.node) else {
            throw Diagnostic("a port is \(least) to 65535, not \(port.node)", at: port.range)
        }
    }

    static func checkName(_ name: Located<String>) throws(Diagnostic) {
        guard (1...TFTPPacket.nameByteLimit).contains(name.node.utf8.count) else {
            throw Diagnostic(
                "a file's name has 1 to \(TFTPPacket.nameByteLimit) bytes",
                at: name.range
            )
        }
    }

    /// Asks for another roll-over than the usual one, and expects it even where the server does not
    /// know the option.
    static func ask(
        _ rollOver: RollOverArgument,
        _ wishes: inout TFTPWishes
    ) -> TFTPParameters {
        if rollOver != .zero { wishes.rollOver = rollOver.rollOver }
        var parameters = TFTPParameters()
        parameters.rollOver = rollOver.rollOver
        return parameters
    }

    static func bytes(ofDigest digest: Located<String>?) throws(Diagnostic) -> [UInt8]? {
        guard let digest else { return nil }
        let digits = digest.node.compactMap(\.hexDigitValue)
        guard digits.count == 64, digest.node.utf8.count == 64 else {
            throw Diagnostic("a SHA-256 has 64 hexadecimal digits", at: digest.range)
        }
        return (0..<32).map { UInt8(digits[2 * $0] << 4 | digits[2 * $0 + 1]) }
    }

    /// The server meant: `self` is the one of this shell.
    static func place(
        _ server: Located<String>,
        _ port: Located<Int>?,
        in host: ShellHost
    ) throws(Diagnostic) -> (host: String, port: Int) {
        if let port { try checkPort(port, least: 1) }
        guard server.node == "self" else { return (server.node, port?.node ?? 69) }
        guard let own = host.network.server else {
            throw Diagnostic("this shell serves nothing", at: server.range)
        }
        let address = own.configuration.address
        return (["0.0.0.0": "127.0.0.1", "::": "::1"][address] ?? address, port?.node ?? own.port)
    }

    static func wishes(
        _ blockSize: Located<Int>?,
        _ windowSize: Located<Int>?,
        _ timeout: Located<DurationArgument>?,
        _ mode: TransferMode
    ) throws(Diagnostic) -> TFTPWishes {
        var wishes = TFTPWishes()
        let blocks = TFTPTerms.blockSizeLeast...TFTPTerms.blockSizeMost
        if let blockSize, !blocks.contains(blockSize.node) {
            throw Diagnostic(
                "blksize is 8 to 65464, not \(blockSize.node)",
                at: blockSize.range
            )
        }
        if let windowSize, !(1...TFTPTerms.windowSizeMost).contains(windowSize.node) {
            throw Diagnostic(
                "windowsize is 1 to 65535, not \(windowSize.node)",
                at: windowSize.range
            )
        }
        if let timeout {
            let (seconds, rest) = timeout.node.nanoseconds.quotientAndRemainder(
                dividingBy: 1_000_000_000
            )
            guard rest == 0, (1...Int64(TFTPTerms.timeoutSecondsMost)).contains(seconds) else {
                throw Diagnostic("timeout is whole seconds, 1s to 255s", at: timeout.range)
            }
            wishes.timeoutSeconds = Int(seconds)
        }
        wishes.blockSize = blockSize?.node
        wishes.windowSize = windowSize?.node
        wishes.mode = mode == .octet ? .octet : .netascii
        return wishes
    }

    /// One line; in scripts without what differs from run to run.
    static func said(_ report: TFTPReport, in host: ShellHost) -> Output {
        let text = "\(report.fileName): \(report.transferredBytes) bytes"
        guard host.isInteractive else { return .lines([text]) }
        let milliseconds = report.elapsedNanoseconds / 1_000_000
        return .lines(["\(text) in \(milliseconds) ms, \(TransferText.rate(report))"])
    }
}

/// How the bytes of a transfer are read.
enum TransferMode: String, ChoiceArgument {
    case octet, netascii

    var help: String {
        switch self {
        case .octet: "as they are"
        case .netascii: "as text, whose lines end with CR LF on the wire"
        }
    }
}

/// What follows block 65535.
enum RollOverArgument: String, ChoiceArgument {
    case zero = "0"
    case one = "1"

    var help: String {
        switch self {
        case .zero: "block 0, as nearly everybody has it"
        case .one: "block 1"
        }
    }

    var rollOver: TFTPRollOver { self == .zero ? .zero : .one }
}

extension NetworkError {
    /// Whether it is about a file of this side.
    var isOfFile: Bool { if case .file = self { true } else { false } }
}
