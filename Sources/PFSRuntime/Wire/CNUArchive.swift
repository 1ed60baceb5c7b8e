// The archive inside most 79xx component files, CNU: a table of files, their names, their contents
// one after the other. This file has the value and the emitter; CNUArchiveParser.swift reads bytes.

/// A CNU archive's table.
public struct CNUArchive: Hashable, Sendable {
    /// A file of the archive.
    public struct Entry: Hashable, Sendable {
        /// The path that it is unpacked to; nil for an image without a name, as a kernel is.
        public let path: String?
        /// The second number of its row, 2 in most files; the meaning of others is not public.
        public let flag: UInt32
        /// Its size in bytes.
        public let sizeBytes: UInt32
        /// Its time, in seconds since 1970.
        public let time: UInt32

        /// A row of the table.
        public init(path: String?, flag: UInt32 = 2, sizeBytes: UInt32, time: UInt32) {
            self.path = path
            self.flag = flag
            self.sizeBytes = sizeBytes
            self.time = time
        }
    }

    /// The files in the order of the table.
    public let entries: [Entry]
    /// Where the contents begin, in bytes from the start of the archive.
    public let contentsOffset: Int
    /// Bytes after the last file; one in some public files, else none.
    public let trailingCount: Int

    /// The most files that are read (own choice; public archives have some hundred).
    public static let fileLimit = 8_192
    /// The most bytes of a file's path (own choice).
    public static let pathLimit = 1_024
    /// How many of an archive's first bytes hold its table and names, at most.
    public static let tableByteLimit = tableOffset + fileLimit * (20 + pathLimit + 1)

    /// The mark that stands at the beginning and again behind the two numbers.
    static let mark = Array("CNU_File_Archive_3.0".utf8)
    /// Where the second mark stands.
    static let secondMarkOffset = 0x38
    /// Where the table begins.
    static let tableOffset = 0x248

    /// Whether bytes begin as an archive does.
    public static func begins(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: mark) }

    /// Whether these bytes, all that there are, are the beginning of an archive's mark.
    public static func isCutOff(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.count < mark.count && mark.starts(with: bytes)
    }
}

// MARK: Making

extension CNUArchive {
    /// A file that goes into an archive.
    public struct NewFile: Sendable {
        /// The path; nil for an image without a name.
        public let path: String?
        /// Its time, in seconds since 1970.
        public let time: UInt32
        /// Its contents.
        public let contents: [UInt8]

        /// A file of this path, time and contents.
        public init(path: String?, time: UInt32, contents: [UInt8]) {
            self.path = path
            self.time = time
            self.contents = contents
        }
    }

    /// The bytes of an archive; names stand directly behind the table.
    ///
    /// At most `fileLimit` files of less than 4 GiB, with paths of at most `pathLimit` bytes.
    public static func bytes(_ files: [NewFile]) -> [UInt8] {
        precondition(files.count <= fileLimit, "too many files for an archive")
        var names: [UInt8] = []
        var table: [UInt8] = []
        let namesOffset = tableOffset + 20 * files.count
        for file in files {
            append(file.path == nil ? 6 : 7, to: &table)
            append(2, to: &table)
            append(UInt32(clamping: file.contents.count), to: &table)
            append(file.time, to: &table)
            guard let path = file.path else {
                append(0, to: &table)
                continue
            }
            append(UInt32(clamping: namesOffset + names.count), to: &table)
            names += Array(path.utf8) + [0]
        }
        var bytes = mark + [UInt8](repeating: 0, count: 28)
        append(UInt32(files.count), to: &bytes)
        append(UInt32(clamping: namesOffset + names.count), to: &bytes)
        bytes += mark
        bytes += [UInt8](repeating: 0, count: tableOffset - bytes.count)
        bytes += table + names
        for file in files { bytes += file.contents }
        return bytes
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
