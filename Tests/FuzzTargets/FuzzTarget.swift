// The parsers and machines that take bytes of strangers, each as a function of bytes. scripts/fuzz runs
// one under libFuzzer; the ordinary tests run each over its corpus. What is wrong ends the process.

import Glibc

/// Something that takes any bytes.
///
/// To add one: a case, its function in a file of its own, and a folder of that name in `Corpus`.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// A datagram of TFTP.
    case tftpPacket = "tftp-packet"
    /// A TFTP transfer that hears anything at any time.
    case tftpTransfer = "tftp-transfer"
    /// Text as netascii, both ways.
    case netascii
    /// A list of firmware files, of every family.
    case firmwareManifest = "firmware-manifest"
    /// The signed header of a firmware file.
    case signedHeader = "signed-header"
    /// An archive of the 7900 series.
    case archive
    /// A message between phones.
    case peerMessage = "peer-message"
    /// A phone's configuration file.
    case configuration
    /// A log line of others.
    case syslog
    /// A log of a phone's console.
    case fieldLog = "field-log"

    /// Takes `bytes`; traps where something does not hold that must.
    public func run(_ bytes: [UInt8]) {
        switch self {
        case .tftpPacket: Self.tftpPacket(bytes)
        case .tftpTransfer: Self.tftpTransfer(bytes)
        case .netascii: Self.netascii(bytes)
        case .firmwareManifest: Self.firmwareManifest(bytes)
        case .signedHeader: Self.signedHeader(bytes)
        case .archive: Self.archive(bytes)
        case .peerMessage: Self.peerMessage(bytes)
        case .configuration: Self.configuration(bytes)
        case .syslog: Self.syslog(bytes)
        case .fieldLog: Self.fieldLog(bytes)
        }
    }

    /// The one that the environment names.
    static let chosen: FuzzTarget = {
        let name = getenv("PFSH_FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = FuzzTarget(rawValue: name) else {
            let names = allCases.map(\.rawValue).joined(separator: ", ")
            fatalError("PFSH_FUZZ_TARGET is none of \(names)")
        }
        return target
    }()
}

/// The function that libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    FuzzTarget.chosen.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
