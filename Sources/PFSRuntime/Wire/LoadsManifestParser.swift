// Reads the list in the `.loads` file of a third generation phone. Total: any bytes give a manifest or
// one error that says where and why. The header before the list is read in SignedHeaderParser.swift.

extension LoadsManifest {
    /// Reads a manifest.
    ///
    /// Lines may end in CRLF or LF, the last one in nothing; blanks at the end of a line are cut
    /// off; case is kept, because servers distinguish `Jar41sip` from `jar41sip`. Throws
    /// `FirmwareFormatError`.
    public init(parsing bytes: [UInt8]) throws(FirmwareFormatError) {
        guard bytes.count <= Self.byteLimit else {
            throw FirmwareFormatError(offset: Self.byteLimit, reason: .tooLong)
        }
        let header = try SignedHeader(parsing: bytes)
        var list = ListParser(bytes)
        try list.parse(from: header.byteCount)
        self.init(
            checkedName: header.name,
            releaseVersion: list.releaseVersion,
            hardwareComponent: list.hardwareComponent,
            files: list.files
        )
    }
}

/// The text list after the header.
private struct ListParser {
    let bytes: [UInt8]
    var releaseVersion: String?
    var hardwareComponent: UInt32?
    var files: [String] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func parse(from start: Int) throws(FirmwareFormatError) {
        var lineStart = start
        while lineStart < bytes.count {
            let lineEnd = bytes[lineStart...].firstIndex(of: 0x0A) ?? bytes.count
            try parseLine(lineStart, lineEnd)
            lineStart = lineEnd + 1
        }
        guard !files.isEmpty else {
            throw FirmwareFormatError(offset: bytes.count, reason: .noFiles)
        }
    }

    private mutating func parseLine(_ start: Int, _ lineEnd: Int) throws(FirmwareFormatError) {
        var end = lineEnd
        if end > start, end < bytes.count, bytes[end - 1] == 0x0D { end -= 1 }
        for offset in start..<end where !(0x20...0x7E).contains(bytes[offset]) {
            throw FirmwareFormatError(offset: offset, reason: .badCharacter(bytes[offset]))
        }
        while end > start, bytes[end - 1] == 0x20 { end -= 1 }
        let line = String(decoding: bytes[start..<end], as: UTF8.self)
        if line.hasPrefix("#") {
            try parseComment(line.dropFirst(), at: start)
        } else if !line.isEmpty {
            try addFile(line, at: start)
        }
    }

    private mutating func addFile(_ line: String, at start: Int) throws(FirmwareFormatError) {
        guard LoadsManifest.isComponent(line) else {
            throw FirmwareFormatError(offset: start, reason: .badFileLine)
        }
        guard files.count < LoadsManifest.fileLimit else {
            throw FirmwareFormatError(offset: start, reason: .tooManyFiles)
        }
        guard !files.contains(line) else {
            throw FirmwareFormatError(offset: start, reason: .duplicateFile)
        }
        files.append(line)
    }

    /// Two comments mean something; all others are for people.
    private mutating func parseComment(
        _ comment: Substring,
        at start: Int
    ) throws(FirmwareFormatError) {
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
            else { throw FirmwareFormatError(offset: start, reason: .badHardwareLine) }
            hardwareComponent = component
        }
    }
}
