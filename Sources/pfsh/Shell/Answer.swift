// What `--json` answers: one object in one line for each text that is run, which for a program at the
// other end of a pipe is each command it writes.

import Interpreter

/// What the commands of one text said, kept until the text is done.
struct Answer {
    private var values: [JSONText] = []
    private var lines: [JSONText] = []
    private var warnings: [JSONText] = []
    private var errors: [JSONText] = []

    /// Keeps a command's output; a command without any says nothing.
    mutating func emit(_ output: Output) {
        if output != .none { values.append(JSONText(output)) }
    }

    /// Keeps lines that were printed while time passed.
    mutating func print(_ lines: [String]) { self.lines += lines.map { .string($0) } }

    /// Keeps an error or a warning.
    mutating func report(_ diagnostic: Diagnostic) {
        switch diagnostic.severity {
        case .error: errors.append(diagnostic.json)
        case .warning: warnings.append(diagnostic.json)
        }
    }

    /// The object: `ok`; `value`, or `values` where several commands said something; `error`, and
    /// `errors` where there are several; `lines` and `warnings` where there are any; `now`, the clock in
    /// seconds since the world began.
    func text(status: Int32, nowNanoseconds: Int64) -> String {
        var members = [JSONText.Member("ok", .bool(status == 0 && errors.isEmpty))]
        if values.count > 1 {
            members.append(.init("values", .array(values)))
        } else {
            members.append(.init("value", values.first ?? .null))
        }
        if let error = errors.first { members.append(.init("error", error)) }
        if errors.count > 1 { members.append(.init("errors", .array(errors))) }
        if !lines.isEmpty { members.append(.init("lines", .array(lines))) }
        if !warnings.isEmpty { members.append(.init("warnings", .array(warnings))) }
        if status != 0 { members.append(.init("status", .integer(Int64(status)))) }
        members.append(.init("now", JSONText(.duration(nanoseconds: nowNanoseconds))))
        return JSONText.object(members).text
    }
}
