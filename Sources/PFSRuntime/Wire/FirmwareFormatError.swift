// Why bytes are not the firmware file that they should be. Each refusal names the byte at which it
// was found, so that the file can be looked at beside it.

/// Why a firmware file or its list was refused, and where.
public struct FirmwareFormatError: Error, Hashable, CustomStringConvertible {
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
        /// The file's own name is not a plain file name that ends in NUL.
        case badName
        /// The list holds a byte that is neither printable ASCII nor the end of a line.
        case badCharacter(UInt8)
        /// A line that is no comment, no blank line and no name of a file.
        case badFileLine
        /// The `#HARDWARE_COMP_1` line has no number below 2³², or stands twice.
        case badHardwareLine
        /// A line of the form `NAME = VALUE` that is not one of the format.
        case badSetting
        /// A file stands in the list twice.
        case duplicateFile
        /// More than `LoadsManifest.fileLimit` files.
        case tooManyFiles
        /// No files at all.
        case noFiles
        /// The files in the list belong to phones of different kinds.
        case mixedList
        /// A size that is no number of bytes from 1 to 2³² - 1.
        case badSize
        /// A digest that is not as many hexadecimal digits as it needs.
        case badDigest
        /// A line before the first section, or a section of a name that the format does not have.
        case badSection
        /// The lengths in the header do not add up to the size of the file.
        case lengthMismatch(stated: UInt64, found: UInt64)
        /// A field that is zero in every sample is not.
        case notZero
        /// The archive's mark does not stand where it should.
        case notAnArchive
        /// The archive has more files than `CNUArchive.fileLimit`.
        case tooManyEntries(UInt32)
        /// A file of the archive is of a kind that is not known.
        case unknownEntryKind(UInt32)
        /// A name in the archive lies outside its names, has no end, or is no text.
        case badEntryName
        /// The contents of the archive lie inside its table or past its end.
        case badContents
    }

    /// One line for a diagnostic.
    public var description: String { "byte \(offset): \(reason.text)" }
}

extension FirmwareFormatError.Reason {
    /// What the reason says to a reader.
    fileprivate var text: String {
        switch self {
        case .tooLong: "a manifest has at most \(LoadsManifest.byteLimit) bytes"
        case .truncated: "the file ends in the middle"
        case .notAManifest: "not a signed firmware file"
        case .unexpectedRecord(let tag): "a record of type \(tag) is not expected"
        case .encrypted: "the file is encrypted"
        case .duplicateRecord(let tag): "a second record of type \(tag)"
        case .badLength(let tag): "a record of type \(tag) has another length"
        case .crossesEnd(let tag): "a record of type \(tag) reaches past its container"
        case .missingRecord(let tag): "the header has no record of type \(tag)"
        case .badName: "the name is not a plain file name"
        case .badCharacter(let byte): "a byte \(byte) is not text"
        case .badFileLine: "the line is not the name of a firmware file"
        case .badHardwareLine: "HARDWARE_COMP_1 takes one number, once"
        case .badSetting: "the line is not a setting of this format"
        case .duplicateFile: "the file stands in the list twice"
        case .tooManyFiles: "a list has at most \(LoadsManifest.fileLimit) files"
        case .noFiles: "the list is empty"
        case .mixedList: "the list has files of phones of different kinds"
        case .badSize: "a size is 1 to \(FirmwareFile.sizeLimit) bytes"
        case .badDigest: "the digest is no run of hexadecimal digits of its length"
        case .badSection: "the line stands in no section that is known"
        case .lengthMismatch(let stated, let found):
            "the header speaks of \(stated) bytes, the file has \(found)"
        case .notZero: "a field that is zero in every known file is not"
        case .notAnArchive: "not a CNU archive"
        case .tooManyEntries(let count):
            "\(count) files, more than the \(CNUArchive.fileLimit) that are read"
        case .unknownEntryKind(let kind): "a file of kind \(kind) is not known"
        case .badEntryName: "the name lies outside the archive's names or is no text"
        case .badContents: "the contents reach past the archive or into its table"
        }
    }
}
