// The `.loads` manifest of a third generation phone: a signed header and a text list of the files
// to ask for. This file has the value and the emitter; LoadsManifestParser.swift reads bytes. The
// signature is made of one repeated byte: only the format is real, nobody can check or forge
// anything with it.

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
    ) throws(LoadsError) {
        guard Self.isName(name) else { throw LoadsError(offset: 0, reason: .badName) }
        if let releaseVersion, !Self.isName(releaseVersion) {
            throw LoadsError(offset: 0, reason: .badName)
        }
        guard !files.isEmpty else { throw LoadsError(offset: 0, reason: .noFiles) }
        guard files.count <= Self.fileLimit else {
            throw LoadsError(offset: 0, reason: .tooManyFiles)
        }
        for (index, file) in files.enumerated() {
            guard Self.isComponent(file) else { throw LoadsError(offset: 0, reason: .badFileLine) }
            guard !files[..<index].contains(file) else {
                throw LoadsError(offset: 0, reason: .duplicateFile)
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

/// The records of the signed header.
///
/// Numbers from public readers of the format, checked against every
/// public sample.
enum LoadsRecord: UInt8 {
    case version = 1
    case headerLength = 2
    case signerInfo = 3
    case signerName = 4
    case serial = 5
    case issuerName = 6
    case signatureInfo = 7
    case hashAlgorithm = 8
    case signatureAlgorithmInfo = 9
    case signatureAlgorithm = 10
    case signatureModulus = 11
    case signature = 12
    /// One byte without a length, repeated up to a multiple of four.
    case padding = 13
    case fileName = 14
    case timestamp = 15
}

extension LoadsManifest {
    /// The bytes of a well-formed manifest whose signature is 256 times `signatureByte`.
    ///
    /// The header is the one that all public samples have; the list ends its lines in CRLF, with
    /// the blank that real lists have after the dsp and cvm names.
    public func bytes(signatureByte: UInt8) -> [UInt8] {
        var bytes: [UInt8] = []
        Self.append(.version, [1, 1], to: &bytes)
        let length = Self.headerByteCount(name)
        Self.append(.headerLength, [UInt8(length >> 8), UInt8(length & 255)], to: &bytes)
        Self.append(.signerInfo, containing: 91, to: &bytes)
        Self.append(.signerName, Self.text("CN=someSigner;OU=someOrgUnit;O=someOrg"), to: &bytes)
        Self.append(
            .serial,
            [0x12, 0x34, 0x56, 0x78, 0x90, 0xAB, 0xCD, 0xEF],
            to: &bytes
        )
        Self.append(.issuerName, Self.text("CN=someCA;OU=someOrgUnit;O=someOrg"), to: &bytes)
        Self.append(.signatureInfo, containing: 15, to: &bytes)
        Self.append(.hashAlgorithm, [1], to: &bytes)
        Self.append(.signatureAlgorithmInfo, containing: 8, to: &bytes)
        Self.append(.signatureAlgorithm, [0], to: &bytes)
        Self.append(.signatureModulus, [2], to: &bytes)
        Self.append(.signature, Array(repeating: signatureByte, count: 256), to: &bytes)
        Self.append(.fileName, Self.text(name), to: &bytes)
        while bytes.count < length { bytes.append(LoadsRecord.padding.rawValue) }
        bytes.append(contentsOf: list.utf8)
        return bytes
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
        return headerByteCount(name) + manifest.list.utf8.count
    }

    /// 384 bytes and the name with its NUL, rounded up to a multiple of four: so in all samples.
    private static func headerByteCount(_ name: String) -> Int {
        (384 + name.utf8.count + 1 + 3) / 4 * 4
    }

    /// The text after the header.
    private var list: String {
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

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

    private static func append(
        _ record: LoadsRecord,
        _ value: [UInt8],
        to bytes: inout [UInt8]
    ) {
        append(record, containing: value.count, to: &bytes)
        bytes.append(contentsOf: value)
    }

    /// A container's tag and length; what it contains follows as records of its own.
    private static func append(
        _ record: LoadsRecord,
        containing count: Int,
        to bytes: inout [UInt8]
    ) {
        bytes.append(contentsOf: [record.rawValue, UInt8(count >> 8), UInt8(count & 255)])
    }
}
