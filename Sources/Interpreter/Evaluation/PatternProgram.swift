// Matching of regular expressions in time that grows with the text and never explodes: all ways
// through the expression are followed side by side, one scalar of the text at a time (Thompson,
// 1968), so that no way is ever gone twice from the same place.

/// A regular expression as a program.
struct PatternProgram {
    private enum Step {
        /// Goes on behind a scalar of the set.
        case scalar(ScalarSet)
        /// Goes on at this place only.
        case place(PatternPlace)
        case jump(Int)
        /// Goes on at both.
        case split(Int, Int)
        case match
    }

    private var steps: [Step] = []
    /// Nodes that were written out, repetitions of nothing included.
    private var written = 0
    /// The scalar that every match begins with, if there is one.
    private var first: Unicode.Scalar?

    init(_ node: PatternNode) throws(PatternFault) {
        try write(node)
        steps.append(.match)
        if case .scalar(let set) = steps[0] { first = set.only }
    }

    // MARK: Writing

    private mutating func write(_ node: PatternNode) throws(PatternFault) {
        written += 1
        if written > Limits.patternSteps || steps.count > Limits.patternSteps {
            throw PatternFault(message: "it has more than \(Limits.patternSteps) parts")
        }
        switch node {
        case .scalar(let set): steps.append(.scalar(set))
        case .place(let place): steps.append(.place(place))
        case .sequence(let nodes): for node in nodes { try write(node) }
        case .choice(let branches): try write(choice: branches)
        case .repeated(let inner, let least, let most):
            for _ in 0..<least { try write(inner) }
            guard let most else { return try write(anyNumberOf: inner) }
            var exits: [Int] = []
            for _ in least..<most {
                exits.append(steps.count)
                steps.append(.match)
                try write(inner)
            }
            for exit in exits { steps[exit] = .split(exit + 1, steps.count) }
        }
    }

    private mutating func write(choice branches: [PatternNode]) throws(PatternFault) {
        var ends: [Int] = []
        for (index, branch) in branches.enumerated() {
            let split = steps.count
            let isLast = index == branches.count - 1
            if !isLast { steps.append(.match) }
            try write(branch)
            guard !isLast else { continue }
            ends.append(steps.count)
            steps.append(.match)
            steps[split] = .split(split + 1, steps.count)
        }
        for end in ends { steps[end] = .jump(steps.count) }
    }

    private mutating func write(anyNumberOf node: PatternNode) throws(PatternFault) {
        let split = steps.count
        steps.append(.match)
        try write(node)
        steps.append(.jump(split))
        steps[split] = .split(split + 1, steps.count)
    }

    // MARK: Matching

    /// Whether any part of `text` matches.
    func matches(_ text: String) -> Bool {
        var present = Ways(steps.count)
        var following = Ways(steps.count)
        var iterator = text.unicodeScalars.makeIterator()
        var before: Unicode.Scalar?
        var here = iterator.next()
        while true {
            let mayBegin = first == nil || first == here
            if mayBegin, follow(from: 0, before, here, &present) { return true }
            guard let scalar = here else { return false }
            let next = iterator.next()
            for place in present.list {
                guard case .scalar(let set) = steps[place], set.contains(scalar) else { continue }
                if follow(from: place + 1, scalar, next, &following) { return true }
            }
            swap(&present, &following)
            following.empty()
            before = scalar
            here = next
        }
    }

    /// The places of the program that are reached at one place of the text, each once.
    private struct Ways {
        private(set) var list: [Int] = []
        private var isIn: [Bool]
        private var all: [Int] = []

        init(_ count: Int) { isIn = [Bool](repeating: false, count: count) }

        /// Notes a place; false if it is known.
        mutating func enter(_ place: Int) -> Bool {
            guard !isIn[place] else { return false }
            isIn[place] = true
            all.append(place)
            return true
        }

        mutating func wait(at place: Int) { list.append(place) }

        mutating func empty() {
            for place in all { isIn[place] = false }
            all.removeAll(keepingCapacity: true)
            list.removeAll(keepingCapacity: true)
        }
    }

    /// Goes as far as it can without a scalar; gives whether it came to a match.
    private func follow(
        from start: Int,
        _ before: Unicode.Scalar?,
        _ here: Unicode.Scalar?,
        _ ways: inout Ways
    ) -> Bool {
        var open = [start]
        while let place = open.popLast() {
            guard ways.enter(place) else { continue }
            switch steps[place] {
            case .match: return true
            case .scalar: ways.wait(at: place)
            case .jump(let target): open.append(target)
            case .split(let one, let other): open += [other, one]
            case .place(let wanted):
                if Self.isAt(wanted, before, here) { open.append(place + 1) }
            }
        }
        return false
    }

    private static func isAt(
        _ place: PatternPlace,
        _ before: Unicode.Scalar?,
        _ here: Unicode.Scalar?
    ) -> Bool {
        let isEdge =
            (before.map(ScalarSet.isOfWord) ?? false) != (here.map(ScalarSet.isOfWord) ?? false)
        return switch place {
        case .start: before == nil
        case .end: here == nil
        case .wordEdge: isEdge
        case .insideOrOutsideWord: !isEdge
        }
    }
}
