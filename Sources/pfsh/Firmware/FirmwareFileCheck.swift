// What can be said of one firmware file by reading it once: its header, its name, its digests, its
// signature, the table of its archive. Files are read piece by piece, whatever their size.

import NetIO
import PFSRuntime

/// What a firmware file turned out to be.
struct FirmwareFileCheck {
    /// How a check came out.
    enum Result: String {
        case ok
        case wrong
        case unchecked = "not checked"
    }

    /// One thing that was looked at.
    struct Finding {
        let what: String
        let result: Result
        let detail: String
    }

    /// The name that the file is asked for by.
    let name: String
    /// Its size in bytes.
    let sizeBytes: Int
    /// Its SHA-256.
    private(set) var sha256: [UInt8] = []
    /// Who signed it, as the header says.
    private(set) var signer: String?
    /// The digest that the file carries of itself, when it is right.
    private(set) var ownMD5: [UInt8]?
    /// The table of its archive, if it is one.
    private(set) var archive: CNUArchive?
    /// What was looked at, in order.
    private(set) var findings: [Finding] = []

    /// Whether nothing is wrong.
    var isSound: Bool { !findings.contains { $0.result == .wrong } }

    /// A check of nothing yet.
    init(name: String) {
        self.name = name
        sizeBytes = 0
    }

    /// A check of a file that is not there, or otherwise no file to read.
    init(name: String, wrong what: String, _ detail: String) {
        self.name = name
        sizeBytes = 0
        findings = [Finding(what: what, result: .wrong, detail: detail)]
    }

    /// Reads the file at `path` and looks at all that can be checked; the signature as
    /// `signatures` says.
    ///
    /// Throws `FileError` when it cannot be read.
    init(
        name: String,
        at path: String,
        sizeBytes: Int,
        signatures: SignatureCheck
    ) throws(FileError) {
        self.name = name
        self.sizeBytes = sizeBytes
        var reading = FileReading()
        try FileStore.scan(path) { piece in
            reading.take(piece)
            return true
        }
        reading.end()
        sha256 = reading.whole.finished()
        guard reading.byteCount == sizeBytes else {
            note("size", .wrong, "\(sizeBytes) bytes before, \(reading.byteCount) when read")
            return
        }
        switch reading.kind {
        case .unread, .unknown: note("header", .wrong, "byte 0: no header of a firmware file")
        case .refused(let error): note("header", .wrong, error.description)
        case .signed(let header): look(at: header, reading, signatures)
        case .image(let header): look(at: header, reading, signatures)
        }
    }

    /// Adds what was looked at from outside.
    mutating func note(_ what: String, _ result: Result, _ detail: String) {
        findings.append(Finding(what: what, result: result, detail: detail))
    }

    private mutating func look(
        at header: SignedHeader,
        _ reading: FileReading,
        _ signatures: SignatureCheck
    ) {
        signer = header.signer
        checkName(header.name)
        let expected = SignedHeader.byteCount(name: header.name)
        note(
            "header",
            header.byteCount == expected ? .ok : .wrong,
            "\(header.byteCount) bytes"
                + (header.byteCount == expected ? "" : ", \(expected) in all known files")
        )
        if header.paddingCount > 3 {
            note("padding", .wrong, "\(header.paddingCount) bytes, 3 at most are needed")
        }
        checkSignature(signatures) { key in
            reading.signed.map { key.verifies(header.signature, of: $0) }
        }
        let body = reading.beginning.dropFirst(header.byteCount)
        if body.isEmpty {
            note("contents", .wrong, "byte \(header.byteCount): nothing stands behind the header")
        } else if CNUArchive.begins(body) || CNUArchive.isCutOff(body) {
            look(atArchive: header.byteCount, reading)
        }
        guard let digest = reading.blanked?.finished() else { return }
        let stated = reading.beginning.dropFirst(header.byteCount).prefix(32)
        if String(decoding: stated, as: UTF8.self).uppercased() == Hexadecimal.text(digest) {
            ownMD5 = digest
        }
    }

    private mutating func look(atArchive start: Int, _ reading: FileReading) {
        do throws(FirmwareFormatError) {
            let archive = try CNUArchive(
                parsing: reading.beginning,
                from: start,
                fileByteCount: sizeBytes
            )
            self.archive = archive
            note("archive", .ok, "CNU, \(Counted.text(archive.entries.count, "file"))")
        } catch {
            note("archive", .wrong, error.description)
        }
    }

    private mutating func look(
        at header: ImageHeader,
        _ reading: FileReading,
        _ signatures: SignatureCheck
    ) {
        checkName(header.name)
        note("header", .ok, "\(header.byteCount) bytes")
        let isRight = reading.payload?.finished() == header.payloadDigest
        note(
            "digest",
            isRight ? .ok : .wrong,
            isRight ? "SHA-256 of the payload" : "the payload has another SHA-256 than stated"
        )
        checkSignature(signatures) { header.isSigned(by: $0, header: reading.beginning) }
    }

    private mutating func checkName(_ stated: String) {
        let isSame = stated == name
        note("name", isSame ? .ok : .wrong, isSame ? stated : "the header says `\(stated)`")
    }

    private mutating func checkSignature(
        _ check: SignatureCheck,
        _ verify: (RSAPublicKey) -> Bool?
    ) {
        switch check {
        case .none: return
        case .testKey:
            guard verify(TestSigner.publicKey) == true else {
                return note("signature", .unchecked, "not the test key; the maker's is not public")
            }
            note("signature", .ok, "by the test key of pfsh")
        case .given(let key):
            switch verify(key) {
            case true?: note("signature", .ok, "by the given key")
            case false?: note("signature", .wrong, "not by the given key over this file")
            case nil: note("signature", .unchecked, "its digest is none that is checked")
            }
        }
    }
}

/// Which key signatures are checked by.
enum SignatureCheck {
    /// They are not looked at.
    case none
    /// The key of made-up files; a signature by another one cannot be told from a damaged one.
    case testKey
    /// A key that every file must be signed by.
    case given(RSAPublicKey)
}

/// A file on its way through the digests.
private struct FileReading {
    /// What the file's first bytes say that it is.
    enum Kind {
        case unread
        case unknown
        case refused(FirmwareFormatError)
        case signed(SignedHeader)
        case image(ImageHeader)
    }

    private(set) var kind = Kind.unread
    /// The first bytes: the header, and an archive's table.
    private(set) var beginning: [UInt8] = []
    private(set) var byteCount = 0
    private(set) var whole = MessageDigest(.sha256)
    /// Of the file without its signature's record.
    private(set) var signed: MessageDigest?
    /// Of what follows the header.
    private(set) var payload: MessageDigest?
    /// MD5 of the body with its first 32 bytes as zeros; only where they are hexadecimal digits.
    private(set) var blanked: MessageDigest?

    private static let beginningLimit = SignedHeader.byteLimit + CNUArchive.tableByteLimit

    mutating func take(_ piece: ArraySlice<UInt8>) {
        whole.update(piece)
        byteCount += piece.count
        if beginning.count < Self.beginningLimit {
            beginning += piece.prefix(Self.beginningLimit - beginning.count)
        }
        guard case .unread = kind else { return digest(piece) }
        guard beginning.count > SignedHeader.byteLimit else { return }
        recognise()
        digest(beginning[...])
    }

    mutating func end() {
        if case .unread = kind {
            recognise()
            digest(beginning[...])
        }
        // Only now is the size known that the image's header speaks of.
        guard ImageHeader.begins(beginning) else { return }
        do throws(FirmwareFormatError) {
            kind = .image(try ImageHeader(parsing: beginning, fileByteCount: byteCount))
        } catch {
            kind = .refused(error)
        }
    }

    private var position = 0
    private var signatureRecord = 0..<0
    private var bodyStart = 0

    private mutating func recognise() {
        if ImageHeader.begins(beginning) {
            // The length stands at byte 4; a lie about it shows when the header is read at the end.
            kind = .unknown
            guard beginning.count >= 8 else { return }
            bodyStart = beginning[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
            payload = MessageDigest(.sha256)
        } else if SignedHeader.begins(beginning) {
            do throws(FirmwareFormatError) {
                let header = try SignedHeader(parsing: beginning)
                kind = .signed(header)
                signatureRecord = header.signatureRecord
                bodyStart = header.byteCount
                signed = header.digestAlgorithm.map { MessageDigest($0) }
                let first = beginning.dropFirst(bodyStart).prefix(32)
                if first.count == 32, first.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
                {
                    blanked = MessageDigest(.md5)
                }
            } catch {
                kind = .refused(error)
            }
        } else {
            kind = .unknown
        }
    }

    /// Gives a piece to the digests that want it; `position` is where in the file it begins.
    private mutating func digest(_ piece: ArraySlice<UInt8>) {
        let start = position
        position += piece.count
        signed?.update(Self.part(piece, start, 0..<signatureRecord.lowerBound))
        signed?.update(Self.part(piece, start, signatureRecord.upperBound..<Int.max))
        payload?.update(Self.part(piece, start, bodyStart..<Int.max))
        guard blanked != nil else { return }
        let zeros = Self.part(piece, start, bodyStart..<bodyStart + 32).count
        blanked?.update([UInt8](repeating: 0, count: zeros)[...])
        blanked?.update(Self.part(piece, start, bodyStart + 32..<Int.max))
    }

    /// The part of a piece, which begins at `start`, that lies in `range` of the file.
    private static func part(
        _ piece: ArraySlice<UInt8>,
        _ start: Int,
        _ range: Range<Int>
    ) -> ArraySlice<UInt8> {
        let low = min(max(range.lowerBound - start, 0), piece.count)
        let high = min(max(range.upperBound - start, low), piece.count)
        return piece[(piece.startIndex + low)..<(piece.startIndex + high)]
    }
}

/// Bytes as hexadecimal digits.
enum Hexadecimal {
    /// Two capital digits for each byte.
    static func text(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
}
