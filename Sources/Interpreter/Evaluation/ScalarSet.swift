// Sets of Unicode scalars: what one element of a regular expression matches.

/// A set of scalars.
struct ScalarSet {
    private enum Kind {
        case ranges([ClosedRange<Unicode.Scalar>])
        case digit, word, space, lineEnd
    }

    private var kind: Kind
    /// Sets that it holds besides.
    var parts: [ScalarSet] = []
    /// Whether it holds what it would not hold otherwise.
    var isInverted = false
    private var ignoresCase = false

    private init(_ kind: Kind, isInverted: Bool = false) {
        self.kind = kind
        self.isInverted = isInverted
    }

    /// An empty set.
    init(ignoresCase: Bool) {
        self.init(.ranges([]))
        self.ignoresCase = ignoresCase
    }

    /// One scalar, with its other case too if asked for.
    init(_ scalar: Unicode.Scalar, ignoresCase: Bool = false) {
        self.init(.ranges([scalar...scalar]))
        self.ignoresCase = ignoresCase
    }

    static let notLineEnd = ScalarSet(.lineEnd, isInverted: true)

    /// The set that a letter behind a backslash names.
    static func named(_ letter: Unicode.Scalar) -> ScalarSet? {
        switch letter {
        case "d", "D": ScalarSet(.digit, isInverted: letter == "D")
        case "w", "W": ScalarSet(.word, isInverted: letter == "W")
        case "s", "S": ScalarSet(.space, isInverted: letter == "S")
        default: nil
        }
    }

    mutating func insert(_ range: ClosedRange<Unicode.Scalar>) {
        guard case .ranges(let ranges) = kind else { return }
        kind = .ranges(ranges + [range])
    }

    /// The scalar, if it is one alone and its case counts.
    var single: Unicode.Scalar? {
        guard case .ranges(let ranges) = kind, ranges.count == 1, parts.isEmpty, !isInverted,
            ranges[0].lowerBound == ranges[0].upperBound
        else { return nil }
        return ranges[0].lowerBound
    }

    /// The scalar, if nothing else matches.
    var only: Unicode.Scalar? { ignoresCase ? nil : single }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        var isIn = holds(scalar)
        if !isIn, ignoresCase { isIn = Self.otherCases(scalar).contains(where: holds) }
        return isIn != isInverted
    }

    private func holds(_ scalar: Unicode.Scalar) -> Bool {
        let isIn =
            switch kind {
            case .ranges(let ranges): ranges.contains { $0.contains(scalar) }
            case .digit: ("0"..."9").contains(scalar)
            case .word: Self.isOfWord(scalar)
            case .space: scalar.properties.isWhitespace
            case .lineEnd: scalar == "\n" || scalar == "\r"
            }
        return isIn || parts.contains { $0.contains(scalar) }
    }

    /// Whether words are made of it: letters and digits of any script, and `_`.
    static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return Lexer.isLetter(scalar) || ("0"..."9").contains(scalar) || scalar == "_"
        }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    private static func otherCases(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        let mappings = [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping]
        return mappings.compactMap {
            $0.unicodeScalars.count == 1 ? $0.unicodeScalars.first : nil
        }
    }
}
