// Text as TFTP's netascii: a line ends with CR LF, a lone CR is CR NUL (RFC 1350, RFC 764). Both ways
// work on pieces of any length, so that a file is never in memory as a whole.

/// Turns the lines of a file, which end with LF, into netascii.
public struct NetasciiEncoder: BitwiseCopyable, Sendable {
    /// The second byte of a pair whose first byte was the last of a piece.
    private var pending: UInt8?

    /// The beginning of a text.
    public init() {}

    /// Appends what `bytes` become to `output`, at most up to `limit` bytes in all; answers how many
    /// bytes of the input were used.
    ///
    /// A pair of bytes may be cut by the limit; its second byte comes with the next call, even one
    /// without input.
    public mutating func encode(
        _ bytes: some Sequence<UInt8>,
        into output: inout [UInt8],
        limit: Int
    ) -> Int {
        if let byte = pending, output.count < limit {
            output.append(byte)
            pending = nil
        }
        var used = 0
        for byte in bytes {
            guard output.count < limit, pending == nil else { break }
            used += 1
            switch byte {
            case 10: push(13, 10, into: &output, limit: limit)
            case 13: push(13, 0, into: &output, limit: limit)
            default: output.append(byte)
            }
        }
        return used
    }

    /// Whether every byte that was used has been put out.
    public var isFlushed: Bool { pending == nil }

    private mutating func push(
        _ first: UInt8,
        _ second: UInt8,
        into output: inout [UInt8],
        limit: Int
    ) {
        output.append(first)
        if output.count < limit { output.append(second) } else { pending = second }
    }
}

/// Turns netascii into lines that end with LF.
public struct NetasciiDecoder: BitwiseCopyable, Sendable {
    private var followsReturn = false

    /// The beginning of a text.
    public init() {}

    /// Appends what `bytes` become to `output`.
    ///
    /// A CR before any other byte than LF and NUL stays, as some peers send files so.
    public mutating func decode(_ bytes: some Sequence<UInt8>, into output: inout [UInt8]) {
        for byte in bytes {
            if followsReturn {
                followsReturn = false
                switch byte {
                case 10:
                    output.append(10)
                    continue
                case 0:
                    output.append(13)
                    continue
                default: output.append(13)
                }
            }
            if byte == 13 { followsReturn = true } else { output.append(byte) }
        }
    }

    /// Appends a CR that stood at the very end.
    public mutating func finish(into output: inout [UInt8]) {
        if followsReturn { output.append(13) }
        followsReturn = false
    }
}
