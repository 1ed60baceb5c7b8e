// What a raw word is worth where a value of a type is expected: used by the parser for words
// without variables and by the evaluator for all.

/// Reading of raw words by their expected type.
enum WordReading {
    /// Reads `text` as a value of `type`.
    static func value(
        _ text: String,
        _ type: ValueType,
        phrase: String,
        at range: SourceRange
    ) throws(Diagnostic) -> Value {
        if type == .bool {
            if text == "on" || text == "off" { return .bool(text == "on") }
            throw Diagnostic("expected \(phrase), not `\(text)`", at: range)
        }
        if type == .string { return .string(text) }
        let value: Value
        do throws(Quantity.Fault) {
            value = try Quantity.parse(text)
        } catch {
            let startsNumber = text.first?.isASCIIDigit == true || text.first == "-"
            guard startsNumber else {
                throw Diagnostic("expected \(phrase), not `\(text)`", at: range)
            }
            throw Diagnostic(
                error.message,
                at: range,
                hints: error.hints + ["expected \(phrase)"]
            )
        }
        return try convert(value, type, phrase: phrase, at: range)
    }

    /// Takes a value that a variable held where `type` is expected.
    static func convert(
        _ value: Value,
        _ type: ValueType,
        phrase: String,
        at range: SourceRange
    ) throws(Diagnostic) -> Value {
        if value.type == type { return value }
        throw Diagnostic(
            "expected \(phrase), not \(value.type.phrase) (\(value.literal))",
            at: range
        )
    }

    /// Finds the choice that `text` names.
    static func choice(
        _ text: String,
        _ choices: [Choice],
        phrase: String,
        abbreviates: Bool,
        at range: SourceRange
    ) throws(Diagnostic) -> String {
        if choices.contains(where: { $0.name == text }) { return text }
        let prefixed = choices.shown.filter { $0.name.hasPrefix(text) }
        if abbreviates, prefixed.count == 1 { return prefixed[0].name }
        let names = choices.shown.map(\.name)
        let near = Spelling.hints(for: text, among: names)
        throw Diagnostic(
            "expected \(phrase), not `\(text)`",
            at: range,
            hints: near.isEmpty ? ["one of " + names.joined(separator: ", ")] : near
        )
    }
}
