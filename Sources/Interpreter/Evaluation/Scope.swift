// Variables. `let` gives a value to the nearest variable of that name, so that a loop can count;
// where there is none it makes one, which lives to the end of the block it stands in.

/// The variables that can be seen at a place, innermost block last.
struct Scope {
    private var frames: [[String: Value]] = [[:]]

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
    ///
    /// Answers the frames to give back to `leaveProcedure`.
    mutating func enterProcedure() -> [[String: Value]] {
        let hidden = Array(frames.dropFirst())
        frames = [frames[0], [:]]
        return hidden
    }

    /// Makes the frames that `enterProcedure` hid visible again.
    mutating func leaveProcedure(_ hidden: [[String: Value]]) { frames = [frames[0]] + hidden }

    /// How many blocks are open.
    var depth: Int { frames.count }

    /// Closes blocks until `depth` are open, as after an error.
    mutating func close(to depth: Int) { frames.removeLast(max(0, frames.count - depth)) }

    /// All names, sorted.
    var names: [String] { Array(Set(frames.flatMap(\.keys))).sorted() }
}
