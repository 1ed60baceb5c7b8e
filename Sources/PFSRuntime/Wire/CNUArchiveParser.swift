// Reads the table of a CNU archive. Total and bounded: any bytes give a table or one error that says
// where and why, and no number of the file makes it allocate more than the table's own bytes.

extension CNUArchive {
    /// Reads an archive's table.
    ///
    /// `prefix` is the beginning of the file, `start` where in it the archive begins, and
    /// `fileByteCount` the size of the whole file; the prefix must hold the archive's table and
    /// names, as its first `tableByteLimit` bytes do. Throws `FirmwareFormatError`, with offsets from
    /// the beginning of the file.
    public init(
        parsing prefix: [UInt8],
        from start: Int,
        fileByteCount: Int
    ) throws(FirmwareFormatError) {
        var parser = CNUParser(bytes: prefix, start: start, end: fileByteCount)
        self = try parser.parse()
    }
}

private struct CNUParser {
    let bytes: [UInt8]
    /// Where the archive begins.
    let start: Int
    /// Where the whole file ends, of which `bytes` may be only the beginning.
    let end: Int

    mutating func parse() throws(FirmwareFormatError) -> CNUArchive {
        guard start <= bytes.count, bytes.count <= end else { throw error(0, .truncated) }
        try requireMark(at: 0)
        let table = CNUArchive.tableOffset
        guard bytes.count - start >= table else { throw error(end - start, .truncated) }
        try requireMark(at: CNUArchive.secondMarkOffset)
        let count = number(at: 0x30)
        let contents = Int(number(at: 0x34))
        guard count <= CNUArchive.fileLimit else { throw error(0x30, .tooManyEntries(count)) }
        let names = table + 20 * Int(count)
        guard contents >= names, contents <= end - start else { throw error(0x34, .badContents) }
        guard contents <= bytes.count - start else { throw error(0x34, .truncated) }
        var entries: [CNUArchive.Entry] = []
        var place = UInt64(contents)
        for index in 0..<Int(count) {
            let row = table + 20 * index
            let entry = try entry(at: row, names: names..<contents)
            entries.append(entry)
            place += UInt64(entry.sizeBytes)
            guard place <= UInt64(end - start) else { throw error(row + 8, .badContents) }
        }
        return CNUArchive(
            entries: entries,
            contentsOffset: contents,
            trailingCount: end - start - Int(place)
        )
    }

    private func requireMark(at offset: Int) throws(FirmwareFormatError) {
        for (index, byte) in CNUArchive.mark.enumerated() {
            let place = start + offset + index
            guard place < bytes.count else { throw error(offset + index, .truncated) }
            guard bytes[place] == byte else { throw error(offset + index, .notAnArchive) }
        }
    }

    private func entry(
        at row: Int,
        names: Range<Int>
    ) throws(FirmwareFormatError) -> CNUArchive.Entry {
        let kind = number(at: row)
        let nameOffset = number(at: row + 16)
        var path: String?
        switch kind {
        case 6:
            guard nameOffset == 0 else { throw error(row + 16, .badEntryName) }
        case 7: path = try name(Int(nameOffset), names, at: row + 16)
        default: throw error(row, .unknownEntryKind(kind))
        }
        return CNUArchive.Entry(
            path: path,
            flag: number(at: row + 4),
            sizeBytes: number(at: row + 8),
            time: number(at: row + 12)
        )
    }

    private func name(
        _ offset: Int,
        _ names: Range<Int>,
        at field: Int
    ) throws(FirmwareFormatError) -> String {
        guard names.contains(offset) else { throw error(field, .badEntryName) }
        let limit = min(names.upperBound, offset + CNUArchive.pathLimit + 1)
        let range = start + offset..<start + limit
        guard let terminator = bytes[range].firstIndex(of: 0), terminator > range.lowerBound,
            bytes[range.lowerBound..<terminator].allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw error(offset, .badEntryName) }
        return String(decoding: bytes[range.lowerBound..<terminator], as: UTF8.self)
    }

    /// Four bytes of the table, the highest first; the caller has seen that they are there.
    private func number(at offset: Int) -> UInt32 {
        bytes[start + offset..<start + offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func error(
        _ offset: Int,
        _ reason: FirmwareFormatError.Reason
    ) -> FirmwareFormatError {
        FirmwareFormatError(offset: start + offset, reason: reason)
    }
}
