// Tells the kinds of `.loads` files apart and reads the lists that are not those of third generation
// phones. Total: any bytes give a manifest or one error that says where and why. The kind of a list
// follows from the names in it, because its header is the same for all but the 7800 series.

extension FirmwareManifest {
    /// Reads a manifest of any kind.
    ///
    /// Throws `FirmwareFormatError`.
    public init(parsing bytes: [UInt8]) throws(FirmwareFormatError) {
        guard bytes.count <= LoadsManifest.byteLimit else {
            throw FirmwareFormatError(offset: LoadsManifest.byteLimit, reason: .tooLong)
        }
        if ImageHeader.begins(bytes) {
            let header = try ImageHeader(parsing: bytes, fileByteCount: bytes.count)
            let payload = Array(bytes[header.byteCount...])
            guard MessageDigest.digest(.sha256, of: payload) == header.payloadDigest else {
                throw FirmwareFormatError(offset: 0x14, reason: .badDigest)
            }
            var list = PlatformListParser(bytes, name: header.name)
            self = try list.parse(from: header.byteCount)
            return
        }
        let header = try SignedHeader(parsing: bytes)
        var list = PlainListParser(bytes)
        try list.parse(from: header.byteCount)
        let style = try list.style()
        if style == .thirdGeneration {
            self.init(try LoadsManifest(parsing: bytes), list.files, header)
            return
        }
        self.init(
            style: style,
            name: header.name,
            releaseVersion: list.releaseVersion,
            settings: list.settings,
            files: list.files,
            bodyOffset: header.byteCount
        )
    }

    /// The same manifest under the name that all kinds have in common.
    private init(_ manifest: LoadsManifest, _ files: [Entry], _ header: SignedHeader) {
        var settings: [Setting] = []
        if let component = manifest.hardwareComponent {
            settings.append(
                Setting(name: "HARDWARE_COMP_1", value: "\(component)", platform: nil)
            )
        }
        self.init(
            style: .thirdGeneration,
            name: manifest.name,
            releaseVersion: manifest.releaseVersion,
            settings: settings,
            files: files,
            bodyOffset: header.byteCount
        )
    }
}

/// One line of a list: its text without the blanks at its end, and where it begins.
struct ListLine {
    let text: String
    let offset: Int

    /// The lines of a list from `start` on; refuses what is not printable ASCII.
    static func lines(
        of bytes: [UInt8],
        from start: Int
    ) throws(FirmwareFormatError) -> [ListLine] {
        var lines: [ListLine] = []
        var lineStart = start
        while lineStart < bytes.count {
            let lineEnd = bytes[lineStart...].firstIndex(of: 0x0A) ?? bytes.count
            var end = lineEnd
            if end > lineStart, end < bytes.count, bytes[end - 1] == 0x0D { end -= 1 }
            for offset in lineStart..<end {
                let byte = bytes[offset]
                guard (0x20...0x7E).contains(byte) || byte == 0x09 else {
                    throw FirmwareFormatError(offset: offset, reason: .badCharacter(byte))
                }
            }
            while end > lineStart, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
            let text = String(decoding: bytes[lineStart..<end], as: UTF8.self)
            lines.append(ListLine(text: text, offset: lineStart))
            lineStart = lineEnd + 1
        }
        return lines
    }

    /// The line's words, which blanks divide.
    var words: [Substring] { text.split { $0 == " " || $0 == "\t" } }
}

/// Reads the lists behind a signed header.
private struct PlainListParser {
    let bytes: [UInt8]
    var releaseVersion: String?
    var settings: [FirmwareManifest.Setting] = []
    var files: [FirmwareManifest.Entry] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func parse(from start: Int) throws(FirmwareFormatError) {
        for line in try ListLine.lines(of: bytes, from: start) where !line.text.isEmpty {
            if line.text.hasPrefix("#") {
                try parseComment(line)
            } else if let place = line.text.firstIndex(of: "=") {
                try addSetting(
                    line.text[..<place],
                    line.text[line.text.index(after: place)...],
                    line
                )
            } else {
                try addFile(line.words, isOptional: false, at: line.offset)
            }
        }
        guard !files.isEmpty else {
            throw FirmwareFormatError(offset: bytes.count, reason: .noFiles)
        }
    }

    private mutating func parseComment(_ line: ListLine) throws(FirmwareFormatError) {
        let release = "# RELEASE load version "
        if line.text.hasPrefix(release) {
            let version = line.text.dropFirst(release.count)
            if LoadsManifest.isName(version) { releaseVersion = String(version) }
        } else if line.text.hasPrefix("#? ") {
            let words = line.words.dropFirst()
            guard let name = words.first else { return }
            try addSetting(name, words.dropFirst().joined(separator: " "), line)
        } else if line.text.hasPrefix("#+ ") {
            try addFile(Array(line.words.dropFirst()), isOptional: true, at: line.offset)
        }
    }

    private mutating func addSetting(
        _ name: some StringProtocol,
        _ value: some StringProtocol,
        _ line: ListLine
    ) throws(FirmwareFormatError) {
        guard LoadsManifest.isName(name), settings.count < LoadsManifest.fileLimit else {
            throw FirmwareFormatError(offset: line.offset, reason: .badSetting)
        }
        settings.append(.init(name: String(name), value: String(value), platform: nil))
    }

    private mutating func addFile(
        _ words: [Substring],
        isOptional: Bool,
        at offset: Int
    ) throws(FirmwareFormatError) {
        guard let name = words.first, LoadsManifest.isName(name), Self.isFirmware(name),
            words.count == 1 || words.count == 3
        else { throw FirmwareFormatError(offset: offset, reason: .badFileLine) }
        guard files.count < LoadsManifest.fileLimit else {
            throw FirmwareFormatError(offset: offset, reason: .tooManyFiles)
        }
        guard !files.contains(where: { $0.name == name }) else {
            throw FirmwareFormatError(offset: offset, reason: .duplicateFile)
        }
        var size: Int?
        var md5: [UInt8]?
        if words.count == 3 {
            size = try ListNumber.size(words[1], at: offset)
            md5 = try ListNumber.digest(words[2], byteCount: 16, at: offset)
        }
        files.append(
            FirmwareManifest.Entry(
                name: String(name),
                sizeBytes: size,
                md5: md5,
                isOptional: isOptional,
                offset: offset
            )
        )
    }

    private static func isFirmware(_ name: Substring) -> Bool {
        let letters = name.lowercased()
        return [".sbn", ".sb2", ".sgn"].contains { letters.hasSuffix($0) && letters != $0 }
    }

    /// The kind of list, by the files in it.
    func style() throws(FirmwareFormatError) -> FirmwareManifest.Style {
        let kind = Self.kind(of: files[0], hasSettings: !settings.isEmpty)
        for file in files.dropFirst()
        where Self.kind(of: file, hasSettings: !settings.isEmpty) != kind {
            throw FirmwareFormatError(offset: file.offset, reason: .mixedList)
        }
        return kind
    }

    private static func kind(
        of file: FirmwareManifest.Entry,
        hasSettings: Bool
    ) -> FirmwareManifest.Style {
        if file.sizeBytes != nil { return .wireless }
        if file.name.hasSuffix(".zz.sgn") { return .series6900 }
        if file.name.hasSuffix(".sgn") { return .numberedParts }
        if file.name.hasSuffix(".sb2") || hasSettings { return .secondGeneration }
        return .thirdGeneration
    }
}

/// Numbers in lists.
enum ListNumber {
    /// A size in bytes, 1 to `FirmwareFile.sizeLimit`.
    static func size(
        _ text: Substring,
        at offset: Int
    ) throws(FirmwareFormatError) -> Int {
        var cursor = TextCursor(text)
        guard let size = cursor.number(digits: 10), cursor.isAtEnd,
            (1...FirmwareFile.sizeLimit).contains(size)
        else { throw FirmwareFormatError(offset: offset, reason: .badSize) }
        return size
    }

    /// A digest in hexadecimal digits of either case.
    static func digest(
        _ text: Substring,
        byteCount: Int,
        at offset: Int
    ) throws(FirmwareFormatError) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == 2 * byteCount, text.utf8.count == digits.count else {
            throw FirmwareFormatError(offset: offset, reason: .badDigest)
        }
        return (0..<byteCount).map { UInt8(digits[2 * $0] << 4 | digits[2 * $0 + 1]) }
    }
}
