// Firmware files: lists, headers, archives. Whatever the bytes say, the answer is a value or one error
// with its place.

import PFSRuntime

extension FuzzTarget {
    static func firmwareManifest(_ bytes: [UInt8]) {
        answer(bytes) { () throws(FirmwareFormatError) in _ = try FirmwareManifest(parsing: bytes) }
        answer(bytes) { () throws(FirmwareFormatError) in _ = try LoadsManifest(parsing: bytes) }
    }

    static func signedHeader(_ bytes: [UInt8]) {
        answer(bytes) { () throws(FirmwareFormatError) in
            let header = try SignedHeader(parsing: bytes)
            precondition((0...bytes.count).contains(header.byteCount))
        }
        // A file of 4 GiB of which this is the beginning.
        answer(bytes) { () throws(FirmwareFormatError) in
            _ = try ImageHeader(parsing: bytes, fileByteCount: 4_294_967_295)
        }
    }

    static func archive(_ bytes: [UInt8]) {
        let start = Int(bytes.first ?? 0)
        for (place, end) in [(0, bytes.count), (start, bytes.count), (0, 4_294_967_295)] {
            answer(nil) { () throws(FirmwareFormatError) in
                _ = try CNUArchive(parsing: bytes, from: place, fileByteCount: end)
            }
        }
    }

    static func peerMessage(_ bytes: [UInt8]) {
        if let length = try? WireFrame.length(ofFrameBeginning: bytes) {
            precondition((1...WirePeerMessage.mostBytes).contains(length), "no frame is so long")
            let frame = try? WireFrame(parsing: Array(bytes.prefix(length)))
            if case .piece(byteCount: let count) = frame {
                precondition((1...WirePiece.byteLimit).contains(count), "a piece of no size")
            }
        }
        for carrier in [WirePeerMessage.Carrier.datagram, .link] {
            do throws(WireError) {
                let read = try WirePeerMessage(parsing: bytes, from: carrier)
                precondition(read.bytes() == bytes, "written otherwise: \(read)")
            } catch {
                precondition((0...bytes.count).contains(error.offset), "\(error)")
            }
        }
    }

    /// An error's place must be within the bytes, where the file is no longer than they are.
    private static func answer(
        _ bytes: [UInt8]?,
        _ parse: () throws(FirmwareFormatError) -> Void
    ) {
        do throws(FirmwareFormatError) {
            try parse()
        } catch {
            precondition(error.offset >= 0 && !error.description.isEmpty)
            if let bytes { precondition(error.offset <= bytes.count, "\(error)") }
        }
    }
}
