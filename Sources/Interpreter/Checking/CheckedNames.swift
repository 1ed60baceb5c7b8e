// The variables that a place of a script sees, and what waits to be checked until all that it will
// see is known. A block in time runs later, so it sees what its block defines below it as well; the
// body of a procedure sees its parameters and the outermost variables.

/// A text that is being checked.
struct CheckedText {
    let source: SourceText
    /// Whether its name is a path to which relative paths in it belong.
    let isFile: Bool
    /// From where it was sourced, innermost first.
    let callers: [Diagnostic.Note]
}

/// Variables by the blocks that they live in, outermost first; only looked up.
struct CheckedNames {
    private(set) var frames: [Set<String>] = [[]]

    func sees(_ name: String) -> Bool { frames.contains { $0.contains(name) } }

    /// All that can be seen, sorted.
    var all: [String] { frames.reduce(into: Set()) { $0.formUnion($1) }.sorted() }

    /// Whether this place is outside of all blocks.
    var isOutermost: Bool { frames.count == 1 }

    /// `let`: the nearest variable of that name, or a new one of the innermost block.
    mutating func set(_ name: String) {
        if !sees(name) { define(name) }
    }

    mutating func define(_ name: String) { frames[frames.count - 1].insert(name) }

    mutating func open() { frames.append([]) }

    mutating func close() { frames.removeLast() }

    /// What the body of a procedure sees.
    func insideProcedure(_ parameters: [String]) -> CheckedNames {
        var names = CheckedNames()
        names.frames = [frames[0], Set(parameters)]
        return names
    }
}

/// A block that runs later, with the text it stands in.
struct DeferredBlock {
    let block: Block
    let text: CheckedText
}

/// A definition of a procedure, with the text it stands in.
struct CheckedProcedure {
    let syntax: Procedure
    let text: CheckedText
}

/// A variable's first value, for the warning that it is never read.
struct CheckedAssignment {
    let name: Located<String>
    let text: CheckedText
}
