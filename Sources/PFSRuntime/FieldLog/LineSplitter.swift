// Bytes in pieces of any size as lines of bounded length: what lets a file of any size be read in a fixed
// amount of memory.

/// Cuts bytes into lines.
struct LineSplitter: Sendable {
    /// The longest line that is kept (own choice: real lines have less than 300 bytes).
    static let byteLimit = 4_096

    private var line: [UInt8] = []
    /// Whether the present line is longer than the limit; the rest of it is passed over.
    private var isEndless = false

    /// A line, or one that was cut.
    enum Piece {
        case line([UInt8])
        case endless
    }

    /// Takes a piece of the file; `body` gets each line that ends in it.
    mutating func feed(_ bytes: [UInt8], _ body: (Piece) -> Void) {
        var start = 0
        while start < bytes.count {
            guard let end = bytes[start...].firstIndex(of: 0x0A) else {
                keep(bytes[start...])
                return
            }
            keep(bytes[start..<end])
            finish(body)
            start = end + 1
        }
    }

    /// Hands out what stands behind the last line end, if anything does.
    mutating func finish(_ body: (Piece) -> Void) {
        if isEndless { body(.endless) } else { body(.line(line)) }
        line.removeAll(keepingCapacity: true)
        isEndless = false
    }

    /// Whether something stands behind the last line end.
    var hasRest: Bool { isEndless || !line.isEmpty }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        guard !isEndless else { return }
        guard line.count + bytes.count <= Self.byteLimit else {
            isEndless = true
            line.removeAll(keepingCapacity: true)
            return
        }
        line.append(contentsOf: bytes)
    }
}
