// The parsers of bytes from outside, each with what must hold whatever the bytes are: no trap, errors
// that point into the input, and what was read is written and read again as the same. A violation traps,
// which is what a fuzzer and a test both notice.

internal import PFSRuntime
internal import XMLFiles

/// A parser under fuzzing.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// Manifests of every kind, `.loads`.
    case loads
    /// Headers of images: signed records, and the 7800 series'.
    case image
    /// CNU archives.
    case archive
    /// Phones' configuration files.
    case configuration
    /// Messages between phones.
    case peer
    /// TFTP packets.
    case tftp
    /// Log lines of others.
    case syslog

    /// Gives the parser these bytes; traps where something that must hold does not.
    public func run(_ bytes: [UInt8]) {
        switch self {
        case .loads: runLoads(bytes)
        case .image: runImage(bytes)
        case .archive: runArchive(bytes)
        case .configuration: runConfiguration(bytes)
        case .peer: runPeer(bytes)
        case .tftp: runTFTP(bytes)
        case .syslog: runSyslog(bytes)
        }
    }

    private func runLoads(_ bytes: [UInt8]) {
        do throws(FirmwareFormatError) {
            let manifest = try FirmwareManifest(parsing: bytes)
            precondition(!manifest.files.isEmpty, "a manifest without files")
            for file in manifest.files {
                precondition((0..<bytes.count).contains(file.offset), "an entry outside of the file")
            }
        } catch {
            precondition((0...bytes.count).contains(error.offset), "\(error) of \(bytes.count) bytes")
        }
        do throws(FirmwareFormatError) {
            let manifest = try LoadsManifest(parsing: bytes)
            let again = try LoadsManifest(parsing: manifest.bytes(signatureByte: 0xEE))
            precondition(again == manifest, "a manifest changes when it is written")
        } catch {
            precondition(error.offset >= 0, "\(error)")
        }
    }

    private func runImage(_ bytes: [UInt8]) {
        do throws(FirmwareFormatError) {
            let header = try SignedHeader(parsing: bytes)
            precondition(header.byteCount <= bytes.count, "a header past the file")
            precondition(header.signatureRecord.upperBound <= header.byteCount, "a record past it")
        } catch {
            precondition((0...bytes.count).contains(error.offset), "\(error)")
        }
        do throws(FirmwareFormatError) {
            let header = try ImageHeader(parsing: bytes, fileByteCount: bytes.count)
            precondition(header.byteCount <= bytes.count, "a header past the file")
        } catch {
            precondition((0...bytes.count).contains(error.offset), "\(error)")
        }
    }

    private func runArchive(_ bytes: [UInt8]) {
        do throws(FirmwareFormatError) {
            let archive = try CNUArchive(parsing: bytes, from: 0, fileByteCount: bytes.count)
            let contents = archive.entries.reduce(UInt64(0)) { $0 + UInt64($1.sizeBytes) }
            precondition(
                UInt64(archive.contentsOffset) + contents <= UInt64(bytes.count),
                "contents past the file"
            )
        } catch {
            precondition((0...bytes.count).contains(error.offset), "\(error)")
        }
    }

    private func runConfiguration(_ bytes: [UInt8]) {
        let root: XMLElement
        do throws(XMLReadError) {
            root = try XMLReader.read(bytes)
        } catch {
            precondition((0...bytes.count).contains(error.offset), "\(error)")
            return
        }
        precondition(root.elementCount <= XMLReader.elementLimit, "too many elements")
        if let device = try? DeviceConfiguration(root) {
            // Empty names and texts of blanks come back as nothing said: all else as it was.
            let element = device.element
            guard let again = try? DeviceConfiguration(element) else {
                preconditionFailure("what was written is no configuration")
            }
            precondition(again.element == element, "a configuration changes when it is written")
        }
        if let defaults = try? DefaultConfiguration(root) {
            guard let again = try? DefaultConfiguration(defaults.element) else {
                preconditionFailure("what was written is no default file")
            }
            precondition(again.loads == defaults.loads, "loads change when they are written")
        }
    }

    private func runPeer(_ bytes: [UInt8]) {
        for carrier in [WirePeerMessage.Carrier.datagram, .link] {
            do throws(WireError) {
                let message = try WirePeerMessage(parsing: bytes, from: carrier)
                precondition(message.bytes() == bytes, "a message changes when it is written")
            } catch {
                precondition((0...bytes.count).contains(error.offset), "\(error)")
            }
        }
        if let length = try? WirePeerMessage.length(ofMessageBeginning: bytes) {
            precondition(
                (WirePeerMessage.leastBytes...WirePeerMessage.mostBytes).contains(length),
                "a length that no message has"
            )
        }
    }

    private func runTFTP(_ bytes: [UInt8]) {
        guard let packet = try? TFTPPacket(parsing: bytes) else { return }
        guard let again = try? TFTPPacket(parsing: packet.bytes) else {
            preconditionFailure("what was written is no packet")
        }
        precondition(again == packet, "a packet changes when it is written")
    }

    private func runSyslog(_ bytes: [UInt8]) {
        let message = SyslogMessage(bytes)
        precondition((0...23).contains(message.facility), "a facility that is none")
        precondition((0...7).contains(message.severity), "a severity that is none")
        for scalar in message.text.unicodeScalars {
            precondition(scalar.value >= 0x20 && scalar.value != 0x7F, "a control character")
        }
    }
}
