// The text of a regular expression as a tree. What is known here is what can be matched in time that
// grows with the text only: no references back and no looking around.

/// What a regular expression is made of.
indirect enum PatternNode {
    /// One scalar out of a set.
    case scalar(ScalarSet)

    /// A place, such as the beginning of the text.
    case place(PatternPlace)

    /// One behind the other.
    case sequence([PatternNode])

    /// One of them.
    case choice([PatternNode])

    /// So many times; without `most` any number.
    case repeated(PatternNode, least: Int, most: Int?)
}

/// A place between two scalars.
enum PatternPlace {
    case start, end, wordEdge, insideOrOutsideWord
}

/// Why a text is no regular expression.
struct PatternFault: Error {
    let message: String
}

/// Reads one regular expression.
struct PatternReader {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    private var ignoresCase = false

    /// Repetitions that are counted, an own choice: `{n}` writes its part out n times.
    static let mostRepetitions = 1_000

    private init(_ text: String) { scalars = Array(text.unicodeScalars) }

    static func read(_ text: String) throws(PatternFault) -> PatternNode {
        var reader = PatternReader(text)
        let node = try reader.choice()
        if reader.position < reader.scalars.count {
            throw PatternFault(message: "`)` closes nothing")
        }
        return node
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ text: String) -> Bool {
        guard scalars[position...].starts(with: text.unicodeScalars) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    // MARK: Structure

    private mutating func choice() throws(PatternFault) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        if depth > Limits.nesting {
            throw PatternFault(message: "groups nested more than \(Limits.nesting) deep")
        }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternFault) -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            if let part = try part() { parts.append(part) }
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    /// One element with its repetition; nil for a switch such as `(?i)`.
    private mutating func part() throws(PatternFault) -> PatternNode? {
        guard let element = try element() else { return nil }
        guard let (least, most) = try repetition() else { return element }
        _ = take("?")
        if try repetition() != nil {
            throw PatternFault(message: "a repetition of a repetition")
        }
        return .repeated(element, least: least, most: most)
    }

    private mutating func repetition() throws(PatternFault) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = position
        guard take("{"), let least = number() else {
            position = start
            return nil
        }
        var most: Int? = least
        if take(",") { most = number() }
        guard take("}") else {
            position = start
            return nil
        }
        if max(least, most ?? 0) > Self.mostRepetitions {
            throw PatternFault(message: "counts go up to \(Self.mostRepetitions)")
        }
        if let most, most < least { throw PatternFault(message: "`{\(least),\(most)}` is empty") }
        return (least, most)
    }

    private mutating func number() -> Int? {
        let start = position
        while let scalar = next, ("0"..."9").contains(scalar) { position += 1 }
        // More digits than any count has are still a count, and one that is too large.
        return Int(String(String.UnicodeScalarView(scalars[start..<min(position, start + 9)])))
    }

    // MARK: Elements

    private mutating func element() throws(PatternFault) -> PatternNode? {
        guard let scalar = next else { return nil }
        position += 1
        switch scalar {
        case "(": return try group()
        case "[": return .scalar(try brackets())
        case ".": return .scalar(.notLineEnd)
        case "^": return .place(.start)
        case "$": return .place(.end)
        case "\\": return try escape()
        case "*", "+", "?": throw PatternFault(message: "`\(scalar)` repeats nothing")
        default: return .scalar(ScalarSet(scalar, ignoresCase: ignoresCase))
        }
    }

    private mutating func group() throws(PatternFault) -> PatternNode? {
        let outer = ignoresCase
        if take("?") {
            if take("i)") {
                ignoresCase = true
                return nil
            }
            if take("i:") {
                ignoresCase = true
            } else if !take(":") {
                throw PatternFault(message: "of groups with `(?` there are `(?:` and `(?i` only")
            }
        }
        let inner = try choice()
        guard take(")") else { throw PatternFault(message: "a group is not closed by `)`") }
        ignoresCase = outer
        return inner
    }

    private mutating func escape() throws(PatternFault) -> PatternNode {
        if take("b") { return .place(.wordEdge) }
        if take("B") { return .place(.insideOrOutsideWord) }
        if take("A") { return .place(.start) }
        if take("z") || take("Z") { return .place(.end) }
        return .scalar(try escapedSet())
    }

    private mutating func escapedSet() throws(PatternFault) -> ScalarSet {
        guard let scalar = next else { throw PatternFault(message: "`\\` at its end") }
        position += 1
        if let named = ScalarSet.named(scalar) { return named }
        switch scalar {
        case "n": return ScalarSet("\n")
        case "t": return ScalarSet("\t")
        case "r": return ScalarSet("\r")
        case "u" where next == "{": return ScalarSet(try hexadecimal(), ignoresCase: ignoresCase)
        case _ where scalar.properties.isAlphabetic || ("0"..."9").contains(scalar):
            throw PatternFault(message: "there is no `\\\(scalar)`")
        default: return ScalarSet(scalar)
        }
    }

    private mutating func hexadecimal() throws(PatternFault) -> Unicode.Scalar {
        position += 1
        let start = position
        while let scalar = next, scalar != "}" { position += 1 }
        let digits = String(String.UnicodeScalarView(scalars[start..<position]))
        guard take("}"), let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value)
        else { throw PatternFault(message: "no such character") }
        return scalar
    }

    // MARK: Sets

    private mutating func brackets() throws(PatternFault) -> ScalarSet {
        var set = ScalarSet(ignoresCase: ignoresCase)
        set.isInverted = take("^")
        var isFirst = true
        while isFirst || next != "]" {
            isFirst = false
            guard let low = try bracketItem(into: &set) else { continue }
            let hasEnd = position + 1 < scalars.count && scalars[position + 1] != "]"
            guard next == "-", hasEnd else {
                set.insert(low...low)
                continue
            }
            position += 1
            guard let high = try bracketItem(into: &set), low <= high else {
                throw PatternFault(message: "a range in brackets that is none")
            }
            set.insert(low...high)
        }
        position += 1
        return set
    }

    /// One scalar inside brackets; nil for a set that has been put in whole.
    private mutating func bracketItem(
        into set: inout ScalarSet
    ) throws(PatternFault) -> Unicode.Scalar? {
        guard let scalar = next else { throw PatternFault(message: "`[` is not closed by `]`") }
        position += 1
        if scalar == "[", next == ":" { throw PatternFault(message: "there is no `[:`") }
        guard scalar == "\\" else { return scalar }
        let escaped = try escapedSet()
        if let single = escaped.single { return single }
        set.parts.append(escaped)
        return nil
    }
}
