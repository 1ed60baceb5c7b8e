// The bytes of blocks: read from a file that is sent, written to a file that comes. Both go through a
// buffer, so that lock-step with small blocks costs no call to the system for each.

import Glibc
import NIOCore
import PFSRuntime

/// The bytes of a file that is sent, as netascii if the mode says so.
final class BlockSource {
    /// Bytes read at once (own choice: large enough that the calls do not count, small enough for
    /// thousands of transfers).
    private static let chunkBytes = 1 << 16
    /// The largest file that is sent as netascii: its length on the wire has to be counted first.
    static let netasciiByteLimit: Int64 = 64 << 20

    private let file: OpenFile
    private let isText: Bool
    private let sizeBytes: Int64
    private var chunk = ByteBuffer()
    /// The bytes on the wire that `chunk` holds begin here.
    private var chunkStart: Int64 = 0
    private var encoder = NetasciiEncoder()
    /// The place in the file that the encoder has read up to.
    private var fileOffset: Int64 = 0

    init(_ file: OpenFile, mode: TFTPMode, sizeBytes: Int64) {
        self.file = file
        self.sizeBytes = sizeBytes
        isText = mode == .netascii
    }

    /// The bytes that a file becomes on the wire.
    ///
    /// Throws error 0 or 2.
    static func sizeOnWire(
        _ file: OpenFile,
        mode: TFTPMode
    ) throws(TFTPErrorMessage) -> Int64 {
        guard mode == .netascii else { return file.sizeBytes }
        guard file.sizeBytes <= netasciiByteLimit else {
            throw TFTPErrorMessage(.notDefined, "too large for netascii, ask for octet")
        }
        var total: Int64 = 0
        var offset: Int64 = 0
        while true {
            let bytes = try read(file, at: offset)
            guard bytes.readableBytes > 0 else { return total }
            offset += Int64(bytes.readableBytes)
            total += Int64(bytes.readableBytes + bytes.withUnsafeReadableBytes(doubled))
        }
    }

    /// How many bytes become two.
    private static func doubled(_ bytes: UnsafeRawBufferPointer) -> Int {
        var count = 0
        for byte in bytes { count &+= byte == 10 || byte == 13 ? 1 : 0 }
        return count
    }

    /// Appends `count` bytes of what goes over the wire, from `offset` on.
    ///
    /// Throws the error for the client where they cannot be read, or the file has become shorter.
    func append(
        _ count: Int,
        at offset: Int64,
        to buffer: inout ByteBuffer
    ) throws(TFTPErrorMessage) {
        var offset = offset
        var missing = count
        while missing > 0 {
            if offset < chunkStart { try rewind(to: offset) }
            while offset >= chunkStart + Int64(chunk.readableBytes) { try readChunk(for: offset) }
            let skipped = Int(offset - chunkStart)
            let length = min(missing, chunk.readableBytes - skipped)
            guard let part = chunk.getSlice(at: chunk.readerIndex + skipped, length: length) else {
                throw TFTPErrorMessage(.notDefined, "the file cannot be read")
            }
            buffer.writeImmutableBuffer(part)
            offset += Int64(length)
            missing -= length
        }
    }

    private func rewind(to offset: Int64) throws(TFTPErrorMessage) {
        chunk.clear()
        chunkStart = isText ? 0 : offset
        encoder = NetasciiEncoder()
        fileOffset = 0
    }

    /// Replaces the chunk by the one after it, or by the one that begins at `offset`.
    private func readChunk(for offset: Int64) throws(TFTPErrorMessage) {
        guard isText else {
            chunkStart = offset
            chunk = try Self.read(file, at: offset)
            guard chunk.readableBytes > 0 else {
                throw TFTPErrorMessage(.notDefined, "the file became shorter")
            }
            return
        }
        chunkStart += Int64(chunk.readableBytes)
        let raw = try Self.read(file, at: fileOffset)
        guard raw.readableBytes > 0 || !encoder.isFlushed else {
            throw TFTPErrorMessage(.notDefined, "the file became shorter")
        }
        var text: [UInt8] = []
        fileOffset += Int64(encoder.encode(raw.readableBytesView, into: &text, limit: .max))
        chunk = ByteBuffer(bytes: text)
    }

    private static func read(
        _ file: OpenFile,
        at offset: Int64
    ) throws(TFTPErrorMessage) -> ByteBuffer {
        var buffer = ByteBuffer()
        var hasFailed = false
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: chunkBytes) { room in
            let count = pread(file.descriptor, room.baseAddress, chunkBytes, off_t(offset))
            hasFailed = count < 0
            return max(0, count)
        }
        guard !hasFailed else {
            throw TFTPErrorMessage(.notDefined, "the file cannot be read")
        }
        return buffer
    }
}

/// The bytes of a file that comes.
final class BlockSink {
    /// Bytes kept before they are written (own choice, as for reading).
    private static let chunkBytes = 1 << 16

    private let file: PendingFile
    private let limitBytes: Int64
    private var kept = ByteBuffer()
    private var decoder: NetasciiDecoder?
    private var writtenBytes: Int64 = 0
    private var digest: MessageDigest?
    private let expectedDigest: [UInt8]

    init(_ destination: TFTPDestination, terms: TFTPTerms) {
        file = destination.file
        limitBytes = destination.limitBytes
        digest = destination.sha256 == nil ? nil : MessageDigest(.sha256)
        expectedDigest = destination.sha256 ?? []
        decoder = terms.mode == .netascii ? NetasciiDecoder() : nil
        kept.reserveCapacity(Self.chunkBytes + terms.blockSize)
    }

    /// Keeps the bytes of a block.
    ///
    /// Throws error 3 where there is no room.
    func keep(_ block: ByteBuffer) throws(TFTPErrorMessage) {
        if var decoder {
            var text: [UInt8] = []
            decoder.decode(block.readableBytesView, into: &text)
            self.decoder = decoder
            kept.writeBytes(text)
        } else {
            kept.writeImmutableBuffer(block)
        }
        if kept.readableBytes >= Self.chunkBytes { try flush() }
    }

    /// Writes what is left, checks the digest where one is expected, and gives the file its name.
    ///
    /// Throws error 3, 2 or 0.
    func finish() throws(TFTPErrorMessage) {
        var text: [UInt8] = []
        decoder?.finish(into: &text)
        kept.writeBytes(text)
        try flush()
        guard digest.map({ $0.finished() == expectedDigest }) ?? true else {
            throw TFTPErrorMessage(.notDefined, "the bytes have another SHA-256")
        }
        try file.commit()
    }

    private func flush() throws(TFTPErrorMessage) {
        guard writtenBytes + Int64(kept.readableBytes) <= limitBytes else {
            throw TFTPErrorMessage(.diskFull, "the file is larger than the limit")
        }
        digest?.update(Array(kept.readableBytesView)[...])
        while kept.readableBytes > 0 {
            let count = kept.withUnsafeReadableBytes(file.write)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw ConfinedDirectory.message(count < 0 ? errno : ENOSPC) }
            kept.moveReaderIndex(forwardBy: count)
            writtenBytes += Int64(count)
        }
        kept.clear()
    }
}
