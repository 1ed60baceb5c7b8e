// Reads the signed header of a firmware file. Total: any bytes give a header or one error that says
// where and why. The signature is checked elsewhere; everything else about the header is checked here.

extension SignedHeader {
    /// Reads the header of a file, of which at least the first `byteLimit` bytes are given, or all.
    ///
    /// Throws `FirmwareFormatError`.
    public init(parsing bytes: [UInt8]) throws(FirmwareFormatError) {
        var parser = HeaderParser(bytes)
        self = try parser.parse()
    }

    /// Whether bytes begin as a signed file does: version 1.1 and the record of the length.
    public static func begins(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.starts(with: [1, 0, 2, 1, 1, 2, 0, 2])
    }
}

extension LoadsRecord {
    /// Whether the record's value is made of further records.
    fileprivate var isContainer: Bool {
        switch self {
        case .signerInfo, .signatureInfo, .signatureAlgorithmInfo: true
        default: false
        }
    }
}

/// The signed header: records of type, length and value.
private struct HeaderParser {
    let bytes: [UInt8]
    /// Where the header ends, once its record has said so.
    var end = 0
    /// Ends of the containers that the current record stands in, outermost first.
    var containers: [Int] = []
    /// One bit per record type that was seen.
    var seen: UInt32 = 0
    var name: String?
    var signer = ""
    var issuer = ""
    var serial: [UInt8] = []
    var hashNumber: UInt8 = 0
    var timestamp: UInt32?
    var paddingCount = 0
    var modulusBytes = 0
    var signatureRecord = 0..<0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func parse() throws(FirmwareFormatError) -> SignedHeader {
        var offset = try parsePreamble()
        while offset < end {
            while let last = containers.last, last == offset { containers.removeLast() }
            offset = try parseRecord(at: offset)
        }
        for required: LoadsRecord in [.signerInfo, .signatureInfo, .signatureModulus, .signature]
        where seen & 1 << UInt32(required.rawValue) == 0 {
            throw error(end, .missingRecord(tag: required.rawValue))
        }
        guard signatureRecord.count == modulusBytes + 3 else {
            throw error(end, .badLength(tag: LoadsRecord.signature.rawValue))
        }
        guard let name else {
            throw error(end, .missingRecord(tag: LoadsRecord.fileName.rawValue))
        }
        return SignedHeader(
            name: name,
            signer: signer,
            issuer: issuer,
            serial: serial,
            hashNumber: hashNumber,
            signature: Array(bytes[(signatureRecord.lowerBound + 3)..<signatureRecord.upperBound]),
            signatureRecord: signatureRecord,
            timestamp: timestamp,
            paddingCount: paddingCount,
            byteCount: end
        )
    }

    /// Version 1.1 and the header's length; gives the offset after them.
    private mutating func parsePreamble() throws(FirmwareFormatError) -> Int {
        guard !bytes.isEmpty else { throw error(0, .truncated) }
        let expected: [UInt8] = [1, 0, 2, 1, 1, 2, 0, 2]
        for (offset, byte) in expected.enumerated() {
            guard offset < bytes.count else { throw error(offset, .truncated) }
            guard bytes[offset] == byte else { throw error(offset, .notAManifest) }
        }
        guard bytes.count >= 10 else { throw error(8, .truncated) }
        end = Int(bytes[8]) << 8 | Int(bytes[9])
        guard end >= 10 else { throw error(8, .badLength(tag: LoadsRecord.headerLength.rawValue)) }
        guard end <= bytes.count else { throw error(8, .truncated) }
        seen = 1 << 1 | 1 << 2
        return 10
    }

    /// Reads one record and gives the offset of the next; a container's is that of its first child.
    private mutating func parseRecord(at offset: Int) throws(FirmwareFormatError) -> Int {
        let tag = bytes[offset]
        guard let record = LoadsRecord(rawValue: tag) else {
            throw error(offset, (16...27).contains(tag) ? .encrypted : .unexpectedRecord(tag: tag))
        }
        if record == .padding {
            paddingCount += 1
            return offset + 1
        }
        paddingCount = 0
        guard seen & 1 << UInt32(tag) == 0 else {
            throw error(offset, .duplicateRecord(tag: tag))
        }
        seen |= 1 << UInt32(tag)
        let limit = containers.last ?? end
        guard offset + 3 <= limit else { throw error(offset, .crossesEnd(tag: tag)) }
        let length = Int(bytes[offset + 1]) << 8 | Int(bytes[offset + 2])
        let start = offset + 3
        guard length <= limit - start else { throw error(offset, .crossesEnd(tag: tag)) }
        guard Self.isLength(length, of: record) else { throw error(offset, .badLength(tag: tag)) }
        if record.isContainer {
            containers.append(start + length)
            return start
        }
        try keep(record, at: offset, value: start..<start + length)
        return start + length
    }

    private mutating func keep(
        _ record: LoadsRecord,
        at offset: Int,
        value: Range<Int>
    ) throws(FirmwareFormatError) {
        switch record {
        case .signatureModulus:
            guard bytes[value.lowerBound] < 4 else {
                throw error(offset, .badLength(tag: record.rawValue))
            }
            modulusBytes = 64 << Int(bytes[value.lowerBound])
        case .signature: signatureRecord = offset..<value.upperBound
        case .fileName: name = try fileName(at: value.lowerBound, length: value.count)
        case .signerName: signer = text(value)
        case .issuerName: issuer = text(value)
        case .serial: serial = Array(bytes[value])
        case .hashAlgorithm: hashNumber = bytes[value.lowerBound]
        case .timestamp: timestamp = bytes[value].reduce(0) { $0 << 8 | UInt32($1) }
        case .version, .headerLength, .signatureAlgorithm, .padding, .signerInfo, .signatureInfo,
            .signatureAlgorithmInfo:
            break
        }
    }

    /// A name of a person or an office, up to its NUL; what is no printable ASCII is a `?`.
    private func text(_ range: Range<Int>) -> String {
        String(
            decoding: bytes[range].prefix { $0 != 0 }.map {
                (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?")
            },
            as: UTF8.self
        )
    }

    /// Whether a record of that type can have that length.
    private static func isLength(_ length: Int, of record: LoadsRecord) -> Bool {
        switch record {
        case .version, .headerLength: length == 2
        case .hashAlgorithm, .signatureAlgorithm, .signatureModulus: length == 1
        case .timestamp: length == 4
        case .signature: (64...512).contains(length)
        case .serial: (1...64).contains(length)
        case .signerName, .issuerName, .fileName: length > 1
        case .signerInfo, .signatureInfo, .signatureAlgorithmInfo: length > 0
        case .padding: false
        }
    }

    private func fileName(at start: Int, length: Int) throws(FirmwareFormatError) -> String {
        let text = String(decoding: bytes[start..<start + length - 1], as: UTF8.self)
        guard bytes[start + length - 1] == 0, LoadsManifest.isName(text) else {
            throw error(start, .badName)
        }
        return text
    }

    private func error(_ offset: Int, _ reason: FirmwareFormatError.Reason) -> FirmwareFormatError {
        FirmwareFormatError(offset: offset, reason: reason)
    }
}
