// Reads a `.loads` file. Total: any bytes give a manifest or one error that says where and why. The
// signature is not checked, because the key is not public; everything else about the header is.

/// Why bytes are no manifest of a third generation phone, and where.
public struct LoadsError: Error, Hashable, CustomStringConvertible {
    /// The offset in bytes of the record or line that is wrong.
    public let offset: Int
    /// What is wrong with it.
    public let reason: Reason

    /// The kinds of mistakes.
    public enum Reason: Hashable, Sendable {
        /// The file is larger than `LoadsManifest.byteLimit`.
        case tooLong
        /// The bytes end inside a record, or before the header does.
        case truncated
        /// The first two records are not version 1.1 and the header's length.
        case notAManifest
        /// A record of a type that no manifest has.
        case unexpectedRecord(tag: UInt8)
        /// The header says that the file is encrypted.
        case encrypted
        /// A record of this type stands twice.
        case duplicateRecord(tag: UInt8)
        /// A record's length is not the one that its type has.
        case badLength(tag: UInt8)
        /// A record reaches past the container or the header that it stands in.
        case crossesEnd(tag: UInt8)
        /// The header ends without a record of this type.
        case missingRecord(tag: UInt8)
        /// The manifest's own name is not a plain file name that ends in NUL.
        case badName
        /// The list holds a byte that is neither printable ASCII nor the end of a line.
        case badCharacter(UInt8)
        /// A line that is no comment, no blank line and no name ending in `.sbn`.
        case badFileLine
        /// The `#HARDWARE_COMP_1` line has no number below 2³², or stands twice.
        case badHardwareLine
        /// A file stands in the list twice.
        case duplicateFile
        /// More than `LoadsManifest.fileLimit` files.
        case tooManyFiles
        /// No files at all.
        case noFiles
    }

    /// One line for a diagnostic.
    public var description: String { "byte \(offset): \(reason.text)" }
}

extension LoadsError.Reason {
    /// What the reason says to a reader.
    fileprivate var text: String {
        switch self {
        case .tooLong: "a manifest has at most \(LoadsManifest.byteLimit) bytes"
        case .truncated: "the file ends in the middle"
        case .notAManifest: "not a signed .loads file"
        case .unexpectedRecord(let tag): "a record of type \(tag) is not expected"
        case .encrypted: "the file is encrypted"
        case .duplicateRecord(let tag): "a second record of type \(tag)"
        case .badLength(let tag): "a record of type \(tag) has another length"
        case .crossesEnd(let tag): "a record of type \(tag) reaches past its container"
        case .missingRecord(let tag): "the header has no record of type \(tag)"
        case .badName: "the name is not a plain file name"
        case .badCharacter(let byte): "a byte \(byte) is not text"
        case .badFileLine: "the line is not the name of an .sbn file"
        case .badHardwareLine: "HARDWARE_COMP_1 takes one number, once"
        case .duplicateFile: "the file stands in the list twice"
        case .tooManyFiles: "a list has at most \(LoadsManifest.fileLimit) files"
        case .noFiles: "the list is empty"
        }
    }
}

extension LoadsManifest {
    /// Reads a manifest.
    ///
    /// Lines may end in CRLF or LF, the last one in nothing; blanks at the end of a line are cut
    /// off; case is kept, because servers distinguish `Jar41sip` from `jar41sip`. Throws
    /// `LoadsError`.
    public init(parsing bytes: [UInt8]) throws(LoadsError) {
        guard bytes.count <= Self.byteLimit else {
            throw LoadsError(offset: Self.byteLimit, reason: .tooLong)
        }
        var header = HeaderParser(bytes)
        let (name, bodyStart) = try header.parse()
        var list = ListParser(bytes)
        try list.parse(from: bodyStart)
        self.init(
            checkedName: name,
            releaseVersion: list.releaseVersion,
            hardwareComponent: list.hardwareComponent,
            files: list.files
        )
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
    var modulusBytes = 0
    var signatureBytes = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func parse() throws(LoadsError) -> (name: String, bodyStart: Int) {
        var offset = try parsePreamble()
        while offset < end {
            while let last = containers.last, last == offset { containers.removeLast() }
            offset = try parseRecord(at: offset)
        }
        for required: LoadsRecord in [.signerInfo, .signatureInfo, .signatureModulus, .signature]
        where seen & 1 << UInt32(required.rawValue) == 0 {
            throw error(end, .missingRecord(tag: required.rawValue))
        }
        guard signatureBytes == modulusBytes else {
            throw error(end, .badLength(tag: LoadsRecord.signature.rawValue))
        }
        guard let name else {
            throw error(end, .missingRecord(tag: LoadsRecord.fileName.rawValue))
        }
        return (name, end)
    }

    /// Version 1.1 and the header's length; gives the offset after them.
    private mutating func parsePreamble() throws(LoadsError) -> Int {
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
    private mutating func parseRecord(at offset: Int) throws(LoadsError) -> Int {
        let tag = bytes[offset]
        guard let record = LoadsRecord(rawValue: tag) else {
            throw error(offset, (16...27).contains(tag) ? .encrypted : .unexpectedRecord(tag: tag))
        }
        if record == .padding { return offset + 1 }
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
        switch record {
        case .signerInfo, .signatureInfo, .signatureAlgorithmInfo:
            containers.append(start + length)
            return start
        case .signatureModulus:
            guard bytes[start] < 4 else { throw error(offset, .badLength(tag: tag)) }
            modulusBytes = 64 << Int(bytes[start])
        case .signature:
            signatureBytes = length
        case .fileName:
            name = try fileName(at: start, length: length)
        case .version, .headerLength, .signerName, .serial, .issuerName, .hashAlgorithm,
            .signatureAlgorithm, .padding, .timestamp:
            break
        }
        return start + length
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

    private func fileName(at start: Int, length: Int) throws(LoadsError) -> String {
        let text = String(decoding: bytes[start..<start + length - 1], as: UTF8.self)
        guard bytes[start + length - 1] == 0, LoadsManifest.isName(text) else {
            throw error(start, .badName)
        }
        return text
    }

    private func error(_ offset: Int, _ reason: LoadsError.Reason) -> LoadsError {
        LoadsError(offset: offset, reason: reason)
    }
}

/// The text list after the header.
private struct ListParser {
    let bytes: [UInt8]
    var releaseVersion: String?
    var hardwareComponent: UInt32?
    var files: [String] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func parse(from start: Int) throws(LoadsError) {
        var lineStart = start
        while lineStart < bytes.count {
            let lineEnd = bytes[lineStart...].firstIndex(of: 0x0A) ?? bytes.count
            try parseLine(lineStart, lineEnd)
            lineStart = lineEnd + 1
        }
        guard !files.isEmpty else { throw LoadsError(offset: bytes.count, reason: .noFiles) }
    }

    private mutating func parseLine(_ start: Int, _ lineEnd: Int) throws(LoadsError) {
        var end = lineEnd
        if end > start, end < bytes.count, bytes[end - 1] == 0x0D { end -= 1 }
        for offset in start..<end where !(0x20...0x7E).contains(bytes[offset]) {
            throw LoadsError(offset: offset, reason: .badCharacter(bytes[offset]))
        }
        while end > start, bytes[end - 1] == 0x20 { end -= 1 }
        let line = String(decoding: bytes[start..<end], as: UTF8.self)
        if line.hasPrefix("#") {
            try parseComment(line.dropFirst(), at: start)
        } else if !line.isEmpty {
            try addFile(line, at: start)
        }
    }

    private mutating func addFile(_ line: String, at start: Int) throws(LoadsError) {
        guard LoadsManifest.isComponent(line) else {
            throw LoadsError(offset: start, reason: .badFileLine)
        }
        guard files.count < LoadsManifest.fileLimit else {
            throw LoadsError(offset: start, reason: .tooManyFiles)
        }
        guard !files.contains(line) else {
            throw LoadsError(offset: start, reason: .duplicateFile)
        }
        files.append(line)
    }

    /// Two comments mean something; all others are for people.
    private mutating func parseComment(
        _ comment: Substring,
        at start: Int
    ) throws(LoadsError) {
        let release = " RELEASE load version "
        let hardware = "HARDWARE_COMP_1"
        if comment.hasPrefix(release) {
            let version = comment.dropFirst(release.count)
            if LoadsManifest.isName(version) { releaseVersion = String(version) }
        } else if comment == hardware || comment.hasPrefix(hardware + " ") {
            var cursor = TextCursor(comment.dropFirst(hardware.count))
            guard hardwareComponent == nil, cursor.skip(" "),
                let number = cursor.number(digits: 10), cursor.isAtEnd,
                let component = UInt32(exactly: number)
            else { throw LoadsError(offset: start, reason: .badHardwareLine) }
            hardwareComponent = component
        }
    }
}
