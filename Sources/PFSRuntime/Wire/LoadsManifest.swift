// The `.loads` manifest of a third generation phone: a signed header and a text list of the files
// to ask for. This file has the value and the emitter; LoadsManifestParser.swift reads bytes.

/// What a `.loads` file says.
public struct LoadsManifest: Hashable, Sendable {
    /// The file's own name, as its header repeats it: `SCCP41.9-4-2SR1-1S.loads`.
    public let name: String
    /// The version of the components in the comment of the list; nil when no comment names one.
    public let releaseVersion: String?
    /// The number of the `#HARDWARE_COMP_1` line, whose meaning is not public; nil without one.
    public let hardwareComponent: UInt32?
    /// The files to ask for, in order, without the blanks that end some lines.
    public let files: [String]

    /// The largest manifest that is read, in bytes; real ones have 642 to 679.
    public static let byteLimit = 65_536
    /// The most characters in a file's name; a model's limit.
    public static let nameLimit = 128
    /// The most files in a list; real ones have 5.
    public static let fileLimit = 64

    /// Makes a manifest that can be emitted.
    ///
    /// Throws what the parser would say of the emitted bytes: a bad name, a bad version, no files,
    /// too many files, a file twice. The offset of such an error is 0.
    public init(
        name: String,
        releaseVersion: String?,
        hardwareComponent: UInt32? = nil,
        files: [String]
    ) throws(FirmwareFormatError) {
        guard Self.isName(name) else { throw FirmwareFormatError(offset: 0, reason: .badName) }
        if let releaseVersion, !Self.isName(releaseVersion) {
            throw FirmwareFormatError(offset: 0, reason: .badName)
        }
        guard !files.isEmpty else { throw FirmwareFormatError(offset: 0, reason: .noFiles) }
        guard files.count <= Self.fileLimit else {
            throw FirmwareFormatError(offset: 0, reason: .tooManyFiles)
        }
        for (index, file) in files.enumerated() {
            guard Self.isComponent(file) else {
                throw FirmwareFormatError(offset: 0, reason: .badFileLine)
            }
            guard !files[..<index].contains(file) else {
                throw FirmwareFormatError(offset: 0, reason: .duplicateFile)
            }
        }
        self.init(
            checkedName: name,
            releaseVersion: releaseVersion,
            hardwareComponent: hardwareComponent,
            files: files
        )
    }

    init(
        checkedName: String,
        releaseVersion: String?,
        hardwareComponent: UInt32?,
        files: [String]
    ) {
        name = checkedName
        self.releaseVersion = releaseVersion
        self.hardwareComponent = hardwareComponent
        self.files = files
    }

    /// Letters, digits, `.`, `-` and `_`, one to `nameLimit` of them.
    static func isName(_ text: some StringProtocol) -> Bool {
        (1...nameLimit).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || byte == 0x2E || byte == 0x2D || byte == 0x5F
            }
    }

    /// A name that ends in `.sbn`, as all files of these lists do.
    static func isComponent(_ text: some StringProtocol) -> Bool {
        isName(text) && text.utf8.count > 4 && text.hasSuffix(".sbn")
    }
}

extension LoadsManifest {
    /// The bytes of a well-formed manifest whose signature is 256 times `signatureByte`.
    ///
    /// The header is the one that all public samples have; the list ends its lines in CRLF, with
    /// the blank that real lists have after the dsp and cvm names.
    public func bytes(signatureByte: UInt8) -> [UInt8] {
        let signature = [UInt8](repeating: signatureByte, count: 256)
        return SignedHeader.bytes(name: name, signature: signature) + Array(list.utf8)
    }

    /// The length in bytes of the manifest that lists `files`: what `bytes` would make.
    static func byteCount(
        name: String,
        releaseVersion: String,
        hardwareComponent: UInt32?,
        files: [String]
    ) -> Int {
        let manifest = LoadsManifest(
            checkedName: name,
            releaseVersion: releaseVersion,
            hardwareComponent: hardwareComponent,
            files: files
        )
        return SignedHeader.byteCount(name: name) + manifest.list.utf8.count
    }

    /// The text after the header, lines ending in CRLF.
    public var list: String {
        var lines = [
            "#", "# This file contains a list of archive image files that will be requested by the",
        ]
        if let releaseVersion { lines.append("# RELEASE load version \(releaseVersion)") }
        lines.append("#")
        if let hardwareComponent { lines.append("#HARDWARE_COMP_1 \(hardwareComponent)") }
        lines.append("")
        for file in files {
            let endsInBlank = file.hasPrefix("dsp") || file.hasPrefix("cvm")
            lines.append(endsInBlank ? file + " " : file)
        }
        return lines.map { $0 + "\r\n" }.joined()
    }
}
