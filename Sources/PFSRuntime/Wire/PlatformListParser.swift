// Reads the list in the `.loads` file of the 7800 series: sections, settings, and files with sizes.
// Total, as all parsers of this folder are.

/// The list behind an `ImageHeader`.
struct PlatformListParser {
    private let bytes: [UInt8]
    private let name: String
    private var section = Section.none
    private var releaseVersion: String?
    private var settings: [FirmwareManifest.Setting] = []
    private var files: [FirmwareManifest.Entry] = []

    /// Where a line stands.
    private enum Section: Equatable {
        case none
        case identity
        case platform(Int)

        var platform: Int? {
            guard case .platform(let number) = self else { return nil }
            return number
        }
    }

    /// The most settings that are kept; the one public list has some forty.
    private static let settingLimit = 1_024

    init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    /// Reads the list that begins at `start`.
    mutating func parse(from start: Int) throws(FirmwareFormatError) -> FirmwareManifest {
        for line in try ListLine.lines(of: bytes, from: start) where !line.text.isEmpty {
            if line.text.hasPrefix("#") { continue }
            if line.text.hasPrefix("[") {
                section = try section(line)
            } else {
                try parseSetting(line)
            }
        }
        guard !files.isEmpty else {
            throw FirmwareFormatError(offset: bytes.count, reason: .noFiles)
        }
        return FirmwareManifest(
            style: .fifthGeneration,
            name: name,
            releaseVersion: releaseVersion,
            settings: settings,
            files: files,
            bodyOffset: start
        )
    }

    private func section(_ line: ListLine) throws(FirmwareFormatError) -> Section {
        if line.text == "[CISCO-ID]" { return .identity }
        var cursor = TextCursor(line.text)
        guard cursor.skip("[PLATFORM_"), let number = cursor.number(digits: 3), cursor.skip("]"),
            cursor.isAtEnd
        else { throw FirmwareFormatError(offset: line.offset, reason: .badSection) }
        return .platform(number)
    }

    private mutating func parseSetting(_ line: ListLine) throws(FirmwareFormatError) {
        guard section != .none else {
            throw FirmwareFormatError(offset: line.offset, reason: .badSection)
        }
        guard let equals = line.text.firstIndex(of: "="),
            let key = ListLine(text: String(line.text[..<equals]), offset: 0).words.first,
            LoadsManifest.isName(key)
        else { throw FirmwareFormatError(offset: line.offset, reason: .badSetting) }
        let value = ListLine(
            text: String(line.text[line.text.index(after: equals)...]),
            offset: line.offset
        )
        if section.platform != nil, let file = value.words.first,
            file.lowercased().hasSuffix(".sbn")
        {
            return try addFile(value.words, at: line.offset)
        }
        guard settings.count < Self.settingLimit else {
            throw FirmwareFormatError(offset: line.offset, reason: .badSetting)
        }
        let text = value.words.joined(separator: " ")
        if section == .identity, key == "version", LoadsManifest.isName(text) {
            releaseVersion = text
        }
        settings.append(.init(name: String(key), value: text, platform: section.platform))
    }

    private mutating func addFile(
        _ words: [Substring],
        at offset: Int
    ) throws(FirmwareFormatError) {
        guard let file = words.first, LoadsManifest.isName(file), words.count == 2,
            words[1].hasPrefix("size=")
        else { throw FirmwareFormatError(offset: offset, reason: .badFileLine) }
        guard files.count < LoadsManifest.fileLimit else {
            throw FirmwareFormatError(offset: offset, reason: .tooManyFiles)
        }
        let platform = section.platform
        guard !files.contains(where: { $0.name == file && $0.platform == platform }) else {
            throw FirmwareFormatError(offset: offset, reason: .duplicateFile)
        }
        files.append(
            FirmwareManifest.Entry(
                name: String(file),
                sizeBytes: try ListNumber.size(words[1].dropFirst("size=".count), at: offset),
                platform: platform,
                offset: offset
            )
        )
    }
}
