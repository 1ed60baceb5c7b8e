// Variables. `let` gives a value to the nearest variable of that name, so that a loop can count;
// where there is none it makes one, which lives to the end of the block it stands in.

/// The variables that can be seen at a place, innermost block last.
struct Scope {
    private var frames: [[String: Value]] = [[:]]
    /// The frames behind the first that calls of procedures hide, outermost call first.
    private var hidden: [[[String: Value]]] = []

    func value(of name: String) -> Value? {
        for frame in frames.reversed() {
            if let value = frame[name] { return value }
        }
        return nil
    }

    mutating func set(_ name: String, to value: Value) {
        for index in frames.indices.reversed() where frames[index][name] != nil {
            frames[index][name] = value
            return
        }
        define(name, as: value)
    }

    /// Makes a variable of the innermost block, whatever there is outside of it.
    mutating func define(_ name: String, as value: Value) {
        frames[frames.count - 1][name] = value
    }

    mutating func open() { frames.append([:]) }

    mutating func close() { frames.removeLast() }

    /// Leaves only the outermost variables and a new frame, as the body of a procedure sees them.
    mutating func enterProcedure() {
        hidden.append(Array(frames.dropFirst()))
        frames = [frames[0], [:]]
    }

    /// Makes the frames of the caller visible again.
    mutating func leaveProcedure() { frames = [frames[0]] + hidden.removeLast() }

    /// A block that is open: in which call, and how deep.
    struct Place {
        fileprivate let calls: Int
        fileprivate let depth: Int
    }

    /// The innermost block.
    var place: Place { Place(calls: hidden.count, depth: frames.count) }

    /// The variables as they are now in a block that is still open, whatever was called since.
    func seen(from place: Place) -> Scope {
        var scope = self
        if place.calls < hidden.count {
            scope.frames = [frames[0]] + hidden[place.calls]
            scope.hidden.removeSubrange(place.calls...)
        }
        if scope.frames.count > place.depth {
            scope.frames.removeSubrange(place.depth...)
        }
        return scope
    }

    /// Takes over the variables as they became, in what `seen(from: place)` gave.
    mutating func adopt(_ scope: Scope, at place: Place) {
        frames[0] = scope.frames[0]
        for depth in 1..<max(1, place.depth) {
            if place.calls < hidden.count {
                hidden[place.calls][depth - 1] = scope.frames[depth]
            } else {
                frames[depth] = scope.frames[depth]
            }
        }
    }

    /// How many blocks are open.
    var depth: Int { frames.count }

    /// Closes blocks until `depth` are open, as after an error.
    mutating func close(to depth: Int) { frames.removeLast(max(0, frames.count - depth)) }

    /// All names, sorted.
    var names: [String] { Array(Set(frames.flatMap(\.keys))).sorted() }
}
