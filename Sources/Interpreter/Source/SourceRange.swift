// Places in a source text. Offsets are byte offsets of 32 bits, because every tree node carries a
// range and a script is far smaller than 2 GiB; line and column are worked out only when shown.

/// A run of bytes in a source text, from `start` up to, not including, `end`.
public struct SourceRange: Sendable, Hashable {
    /// The offset of the first byte.
    public var start: Int32

    /// The offset just behind the last byte; never less than `start`.
    public var end: Int32

    /// Makes the range from `start` up to `end`, both byte offsets.
    public init(_ start: Int, _ end: Int) {
        self.start = Int32(clamping: start)
        self.end = Int32(clamping: Swift.max(start, end))
    }

    /// The smallest range that covers this one and `other`.
    public func joined(with other: SourceRange) -> SourceRange {
        SourceRange(Int(min(start, other.start)), Int(max(end, other.end)))
    }
}

/// A value together with the place where it was written.
public struct Located<Node> {
    /// What was written.
    public var node: Node

    /// Where it was written.
    public var range: SourceRange

    /// Puts `node` at `range`.
    public init(_ node: Node, at range: SourceRange) {
        self.node = node
        self.range = range
    }
}

extension Located: Sendable where Node: Sendable {}
extension Located: Equatable where Node: Equatable {}
